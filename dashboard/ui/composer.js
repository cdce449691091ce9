// The composer: a draft for each thread, and a text that goes once however often it is asked for.

const PATIENCE = 600000; // milliseconds that an unconfirmed text is still sent by itself
const LOCK = 'M12 2a5 5 0 0 1 5 5v2h1.5v11h-13V9H7V7a5 5 0 0 1 5-5Zm0 2a3 3 0 0 0-3 3v2h6V7a3 3 0 0 0-3-3Z';
// Drafts and unconfirmed sends outlive a rebuilt view and a reload, where the browser lets them.
function openStorage() {
  const kept = new Map();
  const fallback = {
    getItem: key => kept.get(key) ?? null, setItem: (key, text) => kept.set(key, text), removeItem: key => kept.delete(key),
    key: i => [...kept.keys()][i], get length() { return kept.size; },
  };
  try { return window.sessionStorage; } catch { return fallback; }
}
class Memory {
  constructor() { Object.assign(this, {store: openStorage(), prefix: ''}); }
  read(kind, thread) { return this.store.getItem(`${this.prefix}${kind}:${thread}`); }
  write(kind, thread, text) { this.store.setItem(`${this.prefix}${kind}:${thread}`, text); }
  drop(kind, thread) { this.store.removeItem(`${this.prefix}${kind}:${thread}`); }
  pending(thread) { return JSON.parse(this.read('pending', thread)); }
  threads(kind) {
    const start = `${this.prefix}${kind}:`;
    const keys = Array.from({length: this.store.length}, (_, i) => this.store.key(i));
    return keys.filter(key => key.startsWith(start)).map(key => Number(key.slice(start.length)));
  }
}
class Composer {
  constructor(send, follow, leave) {
    Object.assign(this, {send, follow, leave: {focus: leave}, memory: new Memory(), sentKeys: new Map(), errors: new Map(), limit: 1600, thread: null});
    const events = {oninput: () => this.typed(), onkeydown: event => this.key(event)};
    this.input = h('textarea', {ariaLabel: 'Message', placeholder: 'Write a message', rows: 1, dir: 'auto', ...events});
    this.button = button('send', () => this.submit(), 'Send', {ariaLabel: 'Send'});
    this.count = h('span', {className: 'count', ariaLive: 'polite'});
    [this.error, this.lock] = [h('p', {className: 'error', role: 'alert'}), h('p', {className: 'locked'})];
    this.box = h('div', {className: 'box'}, this.input, h('div', {className: 'tools'}, span('hint', 'Ctrl + Enter sends'), this.count, this.button));
    this.root = h('div', {className: 'composer'}, this.error, this.box, this.lock);
  }
  show(thread, moved) {
    this.thread = thread;
    this.lock.replaceChildren(icon(LOCK), thread.locked ?? '');
    if (thread.locked) letGo(this.box, this.leave);
    [this.lock.hidden, this.box.hidden] = [!thread.locked, Boolean(thread.locked)];
    if (moved) this.input.value = this.memory.read('draft', thread.id) ?? '';
    this.draw();
  }
  // After a reconnect nobody knows whether a text arrived: asked again with the same key, it goes once. One that has
  // waited long is not sent unasked any more: it stays as a draft, with words.
  remember(prefix) {
    this.memory.prefix = prefix;
    for (const thread of this.memory.threads('pending')) {
      const pending = this.memory.pending(thread);
      if (Date.now() - pending.at < PATIENCE) this.deliver(pending);
      else this.giveUp(thread);
    }
  }
  giveUp(thread) {
    this.memory.drop('pending', thread);
    this.errors.set(thread, 'The connection was lost while this was being sent, so it may not have gone. If it does not stand above, send it again.');
  }
  typed() {
    this.memory.write('draft', this.thread.id, this.input.value);
    this.errors.delete(this.thread.id);
    this.draw();
  }
  draw() {
    const {length} = Array.from(this.input.value), busy = Boolean(this.memory.pending(this.thread.id));
    this.error.textContent = this.errors.get(this.thread.id) ?? '';
    this.count.textContent = this.countWords(length);
    this.count.classList.toggle('over', length > this.limit);
    this.input.readOnly = busy;
    Object.assign(this.button, {textContent: busy ? 'Sending…' : 'Send', ariaBusy: String(busy)});
    this.button.disabled = busy || length > this.limit || !this.input.value.trim();
    if (!CSS.supports('field-sizing', 'content')) this.grow();
  }
  countWords(length) {
    if (length > this.limit) return `${length - this.limit} over the limit of ${this.limit}`;
    return length >= this.limit * 0.8 ? `${length} of ${this.limit}` : '';
  }
  grow() { this.input.style.height = 'auto'; this.input.style.height = `${this.input.scrollHeight}px`; }
  key({key, ctrlKey, metaKey, isComposing}) { if (key === 'Enter' && (ctrlKey || metaKey) && !isComposing) this.submit(); }
  submit() {
    if (this.button.disabled) return;
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    const pending = {key: Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join(''), body: this.input.value, thread: this.thread.id, at: Date.now()};
    this.memory.write('pending', this.thread.id, JSON.stringify(pending));
    this.errors.delete(this.thread.id);
    this.input.focus();
    this.follow();
    this.deliver(pending);
    this.draw();
  }
  deliver({key, thread, body}) {
    this.sentKeys.set(key, thread);
    this.send('send', {key, thread, body});
  }
  answered({key, error}) {
    const thread = this.sentKeys.get(key);
    const pending = thread !== undefined && this.memory.pending(thread);
    if (pending?.key !== key) return;
    this.memory.drop('pending', thread);
    if (error) this.errors.set(thread, error);
    else this.memory.drop('draft', thread);
    if (this.thread?.id !== thread) return;
    if (!error) this.input.value = '';
    this.draw();
  }
}
