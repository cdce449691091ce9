// The right pane: one conversation in time order, and the composer below it.

const DAY = 86400000;
const GROUP = 300000;
const EDGE = 24;
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
const format = (...options) => new Intl.DateTimeFormat(undefined, ...options);
const clock = format({hour: 'numeric', minute: '2-digit'});
const thisYear = format({weekday: 'long', day: 'numeric', month: 'long'});
const anyYear = format({weekday: 'long', day: 'numeric', month: 'long', year: 'numeric'});

function h(tag, attrs = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(attrs)) {
    if (typeof value === 'function') node.addEventListener(key, value);
    else node.setAttribute(key, value);
  }
  node.append(...children.filter(child => child));
  return node;
}
function icon(name) {
  const make = tag => document.createElementNS('http://www.w3.org/2000/svg', tag);
  const [svg, path] = [make('svg'), make('path')];
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  path.setAttribute('d', ICONS[name]);
  svg.append(path);
  return svg;
}
const timeOf = at => clock.format(at).replace(/\u202f/g, ' ');
const dayOf = at => new Date(at).setHours(0, 0, 0, 0);
function dayWords(day) {
  const ago = Math.round((dayOf(Date.now()) - day) / DAY);
  if (ago === 0 || ago === 1) return ago ? 'Yesterday' : 'Today';
  return (new Date(day).getFullYear() === new Date().getFullYear() ? thisYear : anyYear).format(day);
}
function sizeWords(bytes) {
  if (!bytes) return '';
  return bytes < 1048576 ? `${Math.max(1, Math.round(bytes / 1024))} kB` : `${(bytes / 1048576).toFixed(1)} MB`;
}

// Text nodes and links only, so that the body's textContent stays the message, letter by letter.
function withLinks(text) {
  return text.split(/(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]}'’”…])/i).map((part, i) => {
    if (i % 2 === 0 || !URL.canParse(part)) return document.createTextNode(part);
    return h('a', {href: part, target: '_blank', rel: 'noopener noreferrer'}, part);
  });
}
function chip({type = '', name, size, url}) {
  const label = TYPES[type.split('/')[0]] ?? (type === 'application/pdf' ? 'PDF' : 'File');
  const words = [label, type.split('/')[1]?.toUpperCase(), sizeWords(size)].filter(Boolean).join(', ');
  const inner = [icon('clip'), h('span', {}, words), name && h('span', {class: 'file', dir: 'auto'}, name)];
  const safe = url && /^https?:$/.test(new URL(url, document.baseURI).protocol);
  return safe ? h('a', {class: 'chip', href: url, target: '_blank', rel: 'noopener noreferrer'}, ...inner) : h('span', {class: 'chip'}, ...inner);
}
function statusLine({status, reason}) {
  const drawn = {sending: 'queued', unknown: 'failed'}[status] ?? status;
  const words = (STATES[status] ?? status) + (status === 'failed' && reason ? `: ${reason}` : '');
  return h('span', {class: 'state', 'data-state': status}, ICONS[drawn] && icon(drawn), words);
}
const authorOf = (message, thread) => {
  if (message.direction === 'inbound') return thread.name;
  return message.automatic ? 'Automatic' : message.by ?? 'Us';
};
function drawMessage(node, message, thread, first) {
  const {body, attachments = [], at, direction} = message;
  Object.assign(node.dataset, {message: message.id, direction, status: message.status, first});
  const empty = !body && !attachments.length;
  node.replaceChildren(...[
    h('span', {class: first ? 'who' : 'who hidden', dir: 'auto'}, authorOf(message, thread)),
    h('div', {class: 'bubble'}, ...[
      body && h('div', {class: 'body', dir: 'auto'}, ...withLinks(body)),
      ...attachments.map(chip), empty && h('span', {class: 'chip'}, 'Empty text')]),
    h('div', {class: 'meta'}, h('time', {datetime: new Date(at).toISOString()}, timeOf(at)), direction === 'outbound' && statusLine(message)),
  ]);
}

/** Drafts and unconfirmed sends: they outlive a rebuilt view and a reload. */
class Memory {
  constructor() { this.prefix = ''; }
  name(kind, thread) { return `${this.prefix}${kind}:${thread}`; }
  read(kind, thread) { return sessionStorage.getItem(this.name(kind, thread)); }
  write(kind, thread, text) {
    if (text) sessionStorage.setItem(this.name(kind, thread), text);
    else sessionStorage.removeItem(this.name(kind, thread));
  }
  pending(thread) { return JSON.parse(this.read('pending', thread) ?? 'null'); }
}

/** The text box and what happens to a text until the server has taken it. */
class Composer {
  constructor(send, follow) {
    Object.assign(this, {send, follow, memory: new Memory(), sentKeys: new Map(), errors: new Map(), limit: 1600, thread: null});
    this.error = h('p', {class: 'error', role: 'alert'});
    this.input = h('textarea', {'aria-label': 'Message', placeholder: 'Write a message', rows: 1, dir: 'auto', input: () => this.typed(), keydown: e => this.key(e)});
    this.count = h('span', {class: 'count', 'aria-live': 'polite'});
    this.button = h('button', {type: 'button', class: 'send', click: () => this.submit()}, 'Send');
    this.reason = h('span');
    this.lock = h('p', {class: 'locked'}, icon('lock'), this.reason);
    this.box = h('div', {class: 'box'}, this.input, h('div', {class: 'tools'}, h('span', {class: 'hint'}, 'Ctrl + Enter sends'), this.count, this.button));
    this.root = h('div', {class: 'composer'}, this.error, this.box, this.lock);
  }
  show(thread, moved) {
    this.thread = thread;
    this.reason.textContent = thread.locked ?? '';
    this.lock.hidden = !thread.locked;
    this.box.hidden = Boolean(thread.locked);
    if (moved) this.restore();
    this.draw();
  }
  restore() {
    this.input.value = this.memory.read('draft', this.thread.id) ?? '';
    this.input.setSelectionRange(this.input.value.length, this.input.value.length);
    const pending = this.memory.pending(this.thread.id);
    if (pending && !this.sentKeys.has(pending.key)) this.deliver(pending);
  }
  typed() {
    this.memory.write('draft', this.thread.id, this.input.value);
    this.errors.delete(this.thread.id);
    this.draw();
  }
  draw() {
    const length = Array.from(this.input.value).length;
    const over = length - this.limit;
    const busy = Boolean(this.memory.pending(this.thread.id));
    this.error.textContent = this.errors.get(this.thread.id) ?? '';
    this.count.textContent = over > 0 ? `${over} over the limit of ${this.limit}` : length >= this.limit * 0.8 ? `${length} of ${this.limit}` : '';
    this.count.classList.toggle('over', over > 0);
    this.input.readOnly = busy;
    this.button.textContent = busy ? 'Sending…' : 'Send';
    this.button.disabled = busy || over > 0 || !this.input.value.trim();
    this.grow();
  }
  grow() {
    this.input.style.height = 'auto';
    this.input.style.height = `${this.input.scrollHeight + 2}px`;
  }
  key(event) {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    this.submit();
  }
  submit() {
    if (this.button.disabled) return;
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    const pending = {key: Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join(''), body: this.input.value};
    this.memory.write('pending', this.thread.id, JSON.stringify(pending));
    this.errors.delete(this.thread.id);
    this.input.focus();
    this.follow();
    this.deliver(pending);
    this.draw();
  }
  deliver({key, body}) {
    this.sentKeys.set(key, this.thread.id);
    this.send('send', {key, thread: this.thread.id, body});
  }
  answered({key, error}) {
    const thread = this.sentKeys.get(key);
    const pending = thread !== undefined && this.memory.pending(thread);
    if (pending?.key !== key) return;
    this.memory.write('pending', thread, null);
    if (error) this.errors.set(thread, error);
    else this.memory.write('draft', thread, null);
    if (this.thread?.id !== thread) return;
    if (!error) this.input.value = '';
    this.draw();
  }
}

class Conversation {
  constructor(model) {
    Object.assign(this, {model, thread: null, order: [], messages: new Map(), nodes: new Map(), older: false, came: new Set(), stuck: true});
    this.clock = setInterval(() => this.turnDay(), 30000);
    this.earlier = h('p', {class: 'earlier'}, 'Earlier texts are on their way');
    this.stop = new AbortController();
    this.composer = new Composer((op, data) => this.send(op, data), () => { this.stuck = true; });
    this.build();
    const look = () => this.look();
    for (const [place, name] of [[window, 'focus'], [document, 'visibilitychange']]) place.addEventListener(name, look, {signal: this.stop.signal});
    this.sizes = new ResizeObserver(() => { if (this.stuck) this.toBottom(); this.composer.thread && this.composer.grow(); });
    this.sizes.observe(this.log);
  }
  send(op, more = {}) { this.model.send_msg({op, ...more}); }
  build() {
    this.back = h('button', {type: 'button', class: 'back', 'aria-label': 'Back to threads', click: () => this.send('close')}, icon('back'));
    this.title = h('h2', {dir: 'auto', tabindex: -1});
    this.facts = h('div', {class: 'facts'});
    this.log = h('div', {class: 'log', role: 'log', 'aria-live': 'polite', 'aria-relevant': 'additions', tabindex: 0, scroll: () => this.scrolled()});
    this.below = h('button', {type: 'button', class: 'below', hidden: '', click: () => this.toBottom()}, icon('down'), 'New texts below');
    this.nothing = h('div', {class: 'nothing'}, icon('talk'), h('h2', {}, 'Choose a conversation'), h('p', {}, 'Pick one on the left to read and answer it.'));
    this.open = h('div', {class: 'open', hidden: ''}, h('header', {}, this.back, this.title, this.facts), h('div', {class: 'middle'}, this.log, this.below), this.composer.root);
    this.root = h('div', {class: 'conversation'}, this.nothing, this.open);
  }

  apply(patch) {
    const known = new Set(this.order);
    if (patch.storage !== undefined) this.composer.memory.prefix = patch.storage;
    if (patch.limit) this.composer.limit = patch.limit;
    if (patch.reset) this.forget();
    for (const key of ['thread', 'order', 'older']) if (key in patch) this[key] = patch[key];
    if ('order' in patch || 'older' in patch) this.waiting = false;
    if (patch.sent) this.composer.answered(patch.sent);
    if (patch.thread !== undefined || patch.reset) this.drawThread(patch);
    this.drawLog(patch, known);
    if (!patch.reset) this.notice(known);
    this.look();
  }
  forget() {
    for (const bag of [this.messages, this.nodes, this.came]) bag.clear();
    Object.assign(this, {order: [], older: false, stuck: true, waiting: false});
    this.below.hidden = true;
    this.log.replaceChildren();
  }
  drawThread({reset, opened}) {
    this.nothing.hidden = Boolean(this.thread);
    this.open.hidden = !this.thread;
    if (!this.thread) return;
    const {name, number, kind, removed} = this.thread;
    const moved = reset || this.composer.thread?.id !== this.thread.id;
    this.title.textContent = name;
    this.facts.replaceChildren(...[number !== name && h('span', {}, number), KINDS[kind] && h('span', {class: 'label'}, KINDS[kind]), removed && h('span', {class: 'label gone'}, 'Removed')].filter(Boolean));
    this.log.setAttribute('aria-label', `Conversation with ${name}`);
    this.composer.show(this.thread, moved);
    if (moved && opened && getComputedStyle(this.back).display !== 'none') requestAnimationFrame(() => this.title.focus());
  }
  drawLog({messages = [], order, thread, older, reset}) {
    for (const message of messages) this.messages.set(message.id, message);
    if (!messages.length && !order && !thread && older === undefined) return;
    const mark = this.landmark();
    this.log.setAttribute('aria-live', reset ? 'off' : 'polite');
    this.layOut();
    if (this.stuck) this.toBottom();
    else if (mark?.node.isConnected) this.log.scrollTop = mark.node.offsetTop - mark.top;
    requestAnimationFrame(() => this.log.setAttribute('aria-live', 'polite'));
  }
  layOut() {
    let before = null;
    const nodes = this.order.map(id => this.messages.get(id)).filter(Boolean).flatMap(message => {
      const pair = [this.day(message, before), this.article(message, before)];
      before = message;
      return pair;
    });
    this.arrange([this.older && this.earlier, ...nodes].filter(Boolean));
  }
  arrange(nodes) {
    const keep = new Set(nodes);
    for (const node of [...this.log.children]) if (!keep.has(node)) node.remove();
    let cursor = this.log.firstElementChild;
    for (const node of nodes) {
      if (node === cursor) cursor = cursor.nextElementSibling;
      else this.log.insertBefore(node, cursor);
    }
  }
  day({id, at}, before) {
    if (before && dayOf(before.at) === dayOf(at)) return null;
    const node = this.node(`day ${id}`, () => h('div', {class: 'day', role: 'separator'}, h('span')));
    node.firstChild.textContent = dayWords(dayOf(at));
    return node;
  }
  article(message, before) {
    const author = authorOf(message, this.thread);
    const joined = before && before.direction === message.direction && authorOf(before, this.thread) === author && message.at - before.at < GROUP && dayOf(before.at) === dayOf(message.at);
    const node = this.node(message.id, () => h('article'));
    if (node.drawn !== message || node.author !== author || node.joined !== joined) drawMessage(node, message, this.thread, !joined);
    return Object.assign(node, {drawn: message, author, joined});
  }
  node(key, make) {
    if (!this.nodes.has(key)) this.nodes.set(key, make());
    return this.nodes.get(key);
  }
  landmark() {
    const {scrollTop} = this.log;
    const node = [...this.log.querySelectorAll('article')].find(article => article.offsetTop + article.offsetHeight > scrollTop);
    return node && {node, top: node.offsetTop - scrollTop};
  }

  // What came in front of the first known message is older, not new.
  notice(known) {
    const start = Math.max(0, this.order.findIndex(id => known.has(id)));
    const fresh = this.order.slice(start).filter(id => !known.has(id) && this.messages.has(id));
    for (const id of fresh) if (this.messages.get(id).direction === 'inbound') this.came.add(id);
    if (fresh.length && !this.stuck) this.below.hidden = false;
  }
  look() {
    if (document.visibilityState !== 'visible' || !document.hasFocus() || !this.thread || !this.atBottom()) return;
    const messages = [...this.came].filter(id => this.messages.get(id)?.unread);
    this.came.clear();
    if (messages.length) this.send('seen', {thread: this.thread.id, messages});
  }
  atBottom() {
    const {scrollHeight, scrollTop, clientHeight} = this.log;
    return clientHeight > 0 && scrollHeight - scrollTop - clientHeight < EDGE;
  }
  toBottom() {
    this.log.scrollTop = this.log.scrollHeight;
    this.scrolled();
  }
  scrolled() {
    this.stuck = this.atBottom();
    if (this.stuck) { this.below.hidden = true; this.look(); }
    if (!this.older || this.waiting || this.log.scrollTop > 300) return;
    this.waiting = true;
    this.send('older');
  }
  turnDay() {
    if (this.today !== dayOf(Date.now()) && this.thread) this.layOut();
    this.today = dayOf(Date.now());
  }
  close() {
    this.stop.abort();
    this.sizes.disconnect();
    clearInterval(this.clock);
  }
}

// One living instance per view; it goes when the view goes.
function live(owner, model, part) {
  const hear = patch => part.apply(patch);
  const end = () => { model.off('msg:custom', hear); part.close(); };
  lives.get(owner)?.();
  lives.set(owner, end);
  model.on('msg:custom', hear);
  model.on('lifecycle:remove', end);
  setTimeout(() => model.send_msg({op: 'ready'}));
  return part.root;
}
export function render({model, view, el}) {
  return live(view ?? el ?? model, model, new Conversation(model));
}
