// The right pane: one conversation in time order, and the composer below it.

const DAY = 86400000, GROUP = 300000, EDGE = 24, PATIENCE = 600000;
const KINDS = {client: 'Client', lead: 'Lead', resource: 'Resource', unknown: 'Unknown number'};
const STATES = {queued: 'Queued', sending: 'Sending', sent: 'Sent', delivered: 'Delivered', failed: 'Failed', unknown: 'Could not confirm'};
const TYPES = {image: 'Picture', video: 'Video', audio: 'Sound', text: 'Text file'};
const ICONS = {
  queued: 'M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18Zm-1 4v6l4.5 2.7 1-1.6-3.5-2.1V7Z',
  sent: 'm9.5 16.2-4-4L4 13.7l5.5 5.5L20.5 8.2 19 6.7Z',
  delivered: 'm6.6 16.2-4-4-1.4 1.5 5.4 5.5L17 8.8l-1.4-1.5Zm6.2 1.5 1.3 1.5L23 8.8l-1.4-1.5Z',
  failed: 'M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18Zm-1 4v7h2V7Zm0 8.5v2h2v-2Z',
  back: 'm14.5 5 1.4 1.4L10.3 12l5.6 5.6-1.4 1.4-7-7Z',
  down: 'm5 9.5 1.4-1.4 5.6 5.6 5.6-5.6L19 9.5l-7 7Z',
  clip: 'M16.5 6.5v10a4.5 4.5 0 0 1-9 0v-11a3 3 0 0 1 6 0v10a1.5 1.5 0 0 1-3 0V7H9v8.5a3 3 0 0 0 6 0v-10a4.5 4.5 0 0 0-9 0v11a6 6 0 0 0 12 0v-10Z',
  lock: 'M12 2a5 5 0 0 1 5 5v2h1.5v11h-13V9H7V7a5 5 0 0 1 5-5Zm0 2a3 3 0 0 0-3 3v2h6V7a3 3 0 0 0-3-3Z',
  talk: 'M4 4h16v12H9l-5 4Zm2 2v9.8L8.3 14H18V6Z',
};
const lives = new WeakMap();
const OUTSIDE = {target: '_blank', rel: 'noopener noreferrer'};
const [clock, thisYear, anyYear] = [
  {hour: 'numeric', minute: '2-digit'}, {weekday: 'long', day: 'numeric', month: 'long'}, {weekday: 'long', day: 'numeric', month: 'long', year: 'numeric'},
].map(parts => new Intl.DateTimeFormat(undefined, parts).format);
function h(tag, properties, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children.filter(Boolean));
  return node;
}
const span = (className, ...children) => h('span', {className}, ...children);
const button = (className, onclick, ...children) => h('button', {type: 'button', className, onclick}, ...children);
function icon(name) {
  const [svg, path] = ['svg', 'path'].map(tag => document.createElementNS('http://www.w3.org/2000/svg', tag));
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.ariaHidden = 'true';
  path.setAttribute('d', ICONS[name]);
  svg.append(path);
  return svg;
}
const dayOf = at => new Date(at).setHours(0, 0, 0, 0);
function dayWords(day) {
  const ago = Math.round((dayOf(Date.now()) - day) / DAY);
  if (ago === 0 || ago === 1) return ago ? 'Yesterday' : 'Today';
  return (new Date(day).getFullYear() === new Date().getFullYear() ? thisYear : anyYear)(day);
}
const sizeWords = bytes => (bytes < 1048576 ? `${Math.ceil(bytes / 1024)} kB` : `${(bytes / 1048576).toFixed(1)} MB`);
// Text nodes and links only, so that the body's textContent stays the message, letter by letter.
function withLinks(text) {
  return text.split(/(https?:\/\/(?:\([^\s<>"()]*\)|[^\s<>"()])*(?:\([^\s<>"()]*\)|[^\s<>"().,;:!?\]}'’”…]))/i).map((part, i) => {
    if (i % 2 === 0 || !URL.canParse(part)) return document.createTextNode(part);
    return h('a', {href: part, ...OUTSIDE}, part);
  });
}
function chip({type = '', name, size, url}) {
  const [family, kind] = type.split('/');
  const words = [TYPES[family] ?? 'File', kind?.toUpperCase(), size && sizeWords(size)].filter(Boolean).join(', ');
  const inner = [icon('clip'), span('', words), name && h('span', {className: 'file', dir: 'auto'}, name)];
  const safe = url && URL.canParse(url, document.baseURI) && /^https?:$/.test(new URL(url, document.baseURI).protocol);
  return safe ? h('a', {className: 'chip', href: url, ...OUTSIDE}, ...inner) : span('chip', ...inner);
}
function stateLine({status, reason}) {
  const drawn = {sending: 'queued', unknown: 'failed'}[status] ?? status;
  return span(`state ${status}`, ICONS[drawn] && icon(drawn), STATES[status] ?? status, status === 'failed' && reason && `: ${reason}`);
}
const oursOf = ({automatic, by}) => (automatic ? 'Automatic' : by ?? 'Us');
const authorOf = (message, thread) => (message.direction === 'inbound' ? thread.name : oursOf(message));
function drawMessage(node, message, author, first) {
  const {id, body, attachments = [], at, direction, status} = message;
  Object.assign(node.dataset, {message: id, direction, status, first});
  const parts = [body && h('div', {className: 'body', dir: 'auto'}, ...withLinks(body)), ...attachments.map(chip)].filter(Boolean);
  if (!body.trim() && !attachments.length) parts.push(span('chip', 'Empty text'));
  const time = h('time', {dateTime: new Date(at).toISOString()}, clock(at).replace(/\u202f/g, ' '));
  node.replaceChildren(
    h('span', {className: first ? 'who' : 'who hidden', dir: 'auto'}, author),
    h('div', {className: 'bubble'}, ...parts),
    h('div', {className: 'meta'}, time, direction === 'outbound' && stateLine(message)));
}
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
  constructor(send, follow) {
    Object.assign(this, {send, follow, memory: new Memory(), sentKeys: new Map(), errors: new Map(), limit: 1600, thread: null});
    const events = {oninput: () => this.typed(), onkeydown: event => this.key(event)};
    this.input = h('textarea', {ariaLabel: 'Message', placeholder: 'Write a message', rows: 1, dir: 'auto', ...events});
    this.button = Object.assign(button('send', () => this.submit(), 'Send'), {ariaLabel: 'Send'});
    this.count = h('span', {className: 'count', ariaLive: 'polite'});
    [this.error, this.lock] = [h('p', {className: 'error', role: 'alert'}), h('p', {className: 'locked'})];
    this.box = h('div', {className: 'box'}, this.input, h('div', {className: 'tools'}, span('hint', 'Ctrl + Enter sends'), this.count, this.button));
    this.root = h('div', {className: 'composer'}, this.error, this.box, this.lock);
  }
  show(thread, moved) {
    this.thread = thread;
    this.lock.replaceChildren(icon('lock'), thread.locked ?? '');
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
class Conversation {
  constructor(model) {
    Object.assign(this, {model, thread: null, opening: 0});
    this.composer = new Composer((op, data) => this.send(op, data), () => { this.stuck = true; });
    this.build();
    this.forget();
    this.clock = setInterval(() => this.thread && this.layOut(), 30000);
    this.stop = new AbortController();
    window.addEventListener('focus', () => this.look(), {signal: this.stop.signal});
    document.addEventListener('visibilitychange', () => this.look(), {signal: this.stop.signal});
    this.sizes = new ResizeObserver(() => this.refit());
    this.sizes.observe(this.log);
  }
  send(op, more) { this.model.send_msg({op, ...more}); }
  build() {
    this.back = Object.assign(button('back', () => this.send('close'), icon('back')), {ariaLabel: 'Back to threads'});
    this.title = h('h2', {dir: 'auto', tabIndex: -1});
    this.facts = h('div', {className: 'facts'});
    this.earlier = h('p', {className: 'earlier'}, 'Earlier texts are on their way');
    this.log = h('div', {className: 'log', role: 'log', ariaLive: 'polite', ariaRelevant: 'additions', tabIndex: 0, onscroll: () => this.scrolled()});
    this.below = button('below', () => this.toBottom(), icon('down'), 'New texts below');
    const [header, middle] = [h('header', {}, this.back, this.title, this.facts), h('div', {className: 'middle'}, this.log, this.below)];
    this.nothing = h('div', {className: 'nothing'}, icon('talk'), h('h2', {}, 'Choose a conversation'), h('p', {}, 'Pick one to read and answer it.'));
    this.whom = new Whom((op, more) => this.send(op, more), () => this.isNarrow());
    this.open = h('div', {className: 'open', hidden: true}, header, this.whom.root, middle, this.composer.root);
    this.root = h('div', {className: 'conversation'}, this.nothing, this.open);
  }
  // What the server says of an earlier choice is no longer wanted, however late it comes.
  expect(detail) {
    detail.opening = this.opening += 1;
    if (this.thread?.id === detail.id) return;
    this.forget();
    this.thread = {...detail, locked: null};
    this.whom.apply({overview: null}, this.thread);
    this.drawThread({opened: true});
  }
  isNarrow() { return getComputedStyle(this.back).display !== 'none'; }
  apply(patch) {
    this.whom.hear(patch);
    if (patch.begun?.thread) this.begun = patch.begun.thread;
    if (patch.limit) this.composer.limit = patch.limit;
    if (patch.storage !== undefined) this.composer.remember(patch.storage);
    if (patch.opening < this.opening) {
      if (patch.sent) this.composer.answered(patch.sent);
      return;
    }
    this.opening = patch.opening ?? this.opening;
    const known = new Set(this.order);
    if (patch.reset) this.forget();
    for (const key of ['thread', 'order', 'older']) if (key in patch) this[key] = patch[key];
    this.waiting &&= !('order' in patch || 'older' in patch);
    if (patch.sent) this.composer.answered(patch.sent);
    if (patch.thread !== undefined || patch.reset) this.drawThread(patch);
    this.whom.apply(patch, this.thread);
    if (this.thread) this.drawLog(patch);
    if (this.thread && this.begun === this.thread.id) [this.begun = null].forEach(() => this.composer.input.focus());
    // A text that came on the heels of the click is under the person's eyes like one that comes later.
    if (patch.opened) this.came = new Set(this.order);
    else if (!patch.reset) this.notice(known);
    this.look();
  }
  forget() {
    Object.assign(this, {order: [], messages: new Map(), nodes: new Map(), came: new Set(), older: false, stuck: true, waiting: false});
    this.below.hidden = true;
    this.log.replaceChildren();
  }
  drawThread({opened}) {
    this.nothing.hidden = Boolean(this.thread);
    this.open.hidden = !this.thread;
    if (!this.thread) return;
    const moved = this.composer.thread?.id !== this.thread.id;
    this.drawHeader(this.thread);
    this.composer.show(this.thread, moved);
    if (moved && opened && this.isNarrow()) requestAnimationFrame(() => this.title.focus());
  }
  drawHeader({id, name, number, kind, removed, removed_by: by, removed_at: at}) {
    const gone = ['Removed', by && ` by ${by}`, at && `, ${dayWords(dayOf(at))} ${clock(at)}`].filter(Boolean).join('');
    const restore = removed && button('restore', () => this.send('act', {act: 'restore', threads: [id]}), 'Bring back');
    const facts = [number !== name && span('', number), KINDS[kind] && span('label', KINDS[kind]), removed && span('label gone', gone), restore];
    this.title.textContent = name;
    this.log.ariaLabel = `Conversation with ${name}`;
    this.facts.replaceChildren(...facts.filter(Boolean));
  }
  drawLog({messages = [], reset}) {
    for (const message of messages) this.messages.set(message.id, message);
    const mark = this.landmark();
    this.log.ariaLive = reset ? 'off' : 'polite';
    this.layOut();
    if (this.stuck) this.toBottom();
    else if (mark?.node.isConnected) this.log.scrollTop = mark.node.offsetTop - mark.top;
    requestAnimationFrame(() => { this.log.ariaLive = 'polite'; });
  }
  layOut() {
    const shown = this.order.map(id => this.messages.get(id)).filter(Boolean);
    const nodes = shown.flatMap((message, i) => [this.day(message, shown[i - 1]), this.article(message, shown[i - 1])]);
    this.arrange([this.older && this.earlier, ...nodes].filter(Boolean));
  }
  arrange(nodes) {
    const keep = new Set(nodes);
    for (const node of [...this.log.children]) if (!keep.has(node)) node.remove();
    nodes.forEach((node, i) => node !== this.log.children[i] && this.log.insertBefore(node, this.log.children[i] ?? null));
  }
  day({id, at}, before) {
    if (before && dayOf(before.at) === dayOf(at)) return null;
    const node = this.node(`day ${id}`, () => h('div', {className: 'day', role: 'separator'}, span('')));
    node.firstChild.textContent = dayWords(dayOf(at));
    return node;
  }
  article(message, before) {
    const author = authorOf(message, this.thread);
    const first = !before || !this.isJoined(before, message);
    const node = this.node(message.id, () => h('article'));
    if (node.drawn !== message || node.author !== author || node.first !== first) drawMessage(node, message, author, first);
    return Object.assign(node, {drawn: message, author, first});
  }
  isJoined(before, message) {
    const same = before.direction === message.direction && authorOf(before, this.thread) === authorOf(message, this.thread);
    return same && message.at - before.at < GROUP && dayOf(before.at) === dayOf(message.at);
  }
  node(key, make) { return this.nodes.get(key) ?? this.nodes.set(key, make()).get(key); }
  landmark() {
    const node = [...this.log.querySelectorAll('article')].find(({offsetTop, offsetHeight}) => offsetTop + offsetHeight > this.log.scrollTop);
    return node && {node, top: node.offsetTop - this.log.scrollTop};
  }
  // What came in front of the first known message is older, not new.
  notice(known) {
    const later = this.order.slice(Math.max(0, this.order.findIndex(id => known.has(id))));
    const fresh = later.filter(id => !known.has(id) && this.messages.has(id));
    for (const id of fresh) this.came.add(id);
    if (fresh.length && !this.stuck) this.below.hidden = false;
  }
  look() {
    if (document.visibilityState !== 'visible' || !document.hasFocus() || !this.thread || !this.atBottom()) return;
    const messages = [...this.came].filter(id => this.messages.get(id)?.unread && this.messages.get(id).direction === 'inbound');
    this.came.clear();
    if (messages.length) this.send('seen', {thread: this.thread.id, messages});
  }
  atBottom() {
    const {scrollHeight, scrollTop, clientHeight} = this.log;
    return clientHeight > 0 && scrollHeight - scrollTop - clientHeight < EDGE;
  }
  toBottom() { this.log.scrollTop = this.log.scrollHeight; this.scrolled(); }
  scrolled() {
    if (this.log.clientHeight === this.height) this.stuck = this.atBottom();
    this.below.hidden ||= this.stuck;
    this.look();
    if (!this.older || this.waiting || this.log.scrollTop > 300) return;
    this.waiting = true;
    this.send('older');
  }
  // A scroll that only comes from a new height says nothing about what the reader wants.
  refit() { this.height = this.log.clientHeight; if (this.stuck) this.toBottom(); }
  close() { this.stop.abort(); this.sizes.disconnect(); clearInterval(this.clock); }
}
// One living instance per view; it goes when the view goes.
export function render({model, view, el}) {
  const part = new Conversation(model);
  const hear = patch => part.apply(patch);
  const end = () => { model.off('msg:custom', hear); part.close(); };
  lives.get(view ?? el)?.();
  lives.set(view ?? el, end);
  model.on('msg:custom', hear);
  model.on('lifecycle:remove', end);
  setTimeout(() => {
    const {host} = part.root.getRootNode();
    host?.addEventListener('mc-expect', event => part.expect(event.detail));
    host?.addEventListener('mc-key', event => event.detail === 'r' && part.thread && part.composer.input.focus());
    model.send_msg({op: 'ready'});
  });
  return part.root;
}
