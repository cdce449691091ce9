// The right pane: one conversation in time order, and the composer below it.

const GROUP = 300000; // milliseconds within which texts of one author stand together
const EDGE = 24; // pixels from the bottom that still count as being there
const SORTS = {client: 'Client', lead: 'Lead', resource: 'Resource', unknown: 'Unknown number'};
const BACK = 'm14.5 5 1.4 1.4L10.3 12l5.6 5.6-1.4 1.4-7-7Z';
const DOWN = 'm5 9.5 1.4-1.4 5.6 5.6 5.6-5.6L19 9.5l-7 7Z';
const TALK = 'M4 4h16v12H9l-5 4Zm2 2v9.8L8.3 14H18V6Z';
const [thisYear, anyYear] = [{}, {year: 'numeric'}].map(more => timeWords({weekday: 'long', day: 'numeric', month: 'long', ...more}));
function dayWords(day) {
  const ago = daysAgo(day);
  if (ago === 0 || ago === 1) return ago ? 'Yesterday' : 'Today';
  return (isThisYear(day) ? thisYear : anyYear)(day);
}
class Conversation {
  constructor(model) {
    Object.assign(this, {model, thread: null, opening: 0, loaded: false});
    this.composer = new Composer((op, data) => this.send(op, data), {
      newest: () => (this.loaded ? Math.max(0, ...this.order) : null),
      find: id => this.messages.has(id) && {author: authorOf(this.messages.get(id), this.thread), body: this.messages.get(id).body},
      sending: () => { this.stuck = true; },
      latest: () => this.toBottom(),
      leave: () => this.title.focus(),
    });
    recallForms();
    this.pictures = new Pictures((op, data) => this.send(op, data));
    this.pictures.zoom.all = () => this.allPictures();
    this.files = new Attachments(this.composer, this.pictures, (op, data) => this.send(op, data));
    this.composer.attach(this.files);
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
    this.back = button('back', () => this.send('close'), icon(BACK), {ariaLabel: 'Back to threads'});
    this.title = h('h2', {dir: 'auto', tabIndex: -1});
    this.facts = h('div', {className: 'facts'});
    this.present = h('p', {className: 'present', dir: 'auto'});
    this.restore = button('restore', () => this.bringBack(), 'Bring back');
    this.earlier = h('p', {className: 'earlier'}, 'Earlier texts are on their way');
    this.log = h('div', {className: 'log', role: 'log', ariaLive: 'polite', ariaRelevant: 'additions', tabIndex: 0, onscroll: () => this.scrolled()});
    this.below = button('below', () => this.toBottom(), [icon(DOWN), 'New texts below']);
    this.past = new ThreadHistory((op, more) => this.send(op, more));
    this.consent = new Consent((op, more) => this.send(op, more), this.title);
    const [header, middle] = [h('header', {}, this.back, this.title, this.restore, this.past.opener, this.consent.opener, this.facts, this.present), h('div', {className: 'middle'}, this.log, this.below)];
    this.nothing = h('div', {className: 'nothing'}, icon(TALK), h('h2', {}, 'Choose a conversation'), h('p', {}, 'Pick one to read and answer it.'));
    this.whom = new Whom((op, more) => this.send(op, more), () => this.isNarrow());
    this.open = h('div', {className: 'open', hidden: true}, header, this.whom.root, middle, this.consent.doubt, this.composer.root);
    this.why = new Why((op, more) => this.send(op, more));
    this.log.addEventListener('mc-ask', event => this.why.hear(event));
    this.root = h('div', {className: 'conversation'}, this.nothing, this.open, this.why.root, this.past.box, this.consent.menu, this.consent.question, this.pictures.zoom.root, this.files.gallery.root);
    new Drop(this.open, this.files, () => !this.thread.locked);
  }
  // What the server says of an earlier choice is no longer wanted, however late it comes.
  expect(detail) {
    // Later than any before, of this view and of one before a reconnect.
    detail.opening = this.opening = Math.max(this.opening + 1, Date.now());
    if (this.thread?.id === detail.id) return;
    this.forget();
    this.loaded = false;
    this.present.textContent = '';
    this.thread = {...detail, locked: null};
    this.whom.apply({overview: null}, this.thread);
    this.drawThread({opened: true});
  }
  isNarrow() { return getComputedStyle(this.back).display !== 'none'; }
  apply(patch) {
    this.whom.hear(patch);
    if (patch.begun?.thread) this.begun = patch.begun.thread;
    if (patch.may) this.root.dataset.may = patch.may.join(' ');
    if (patch.why) this.why.show(patch.why);
    this.composer.begin(patch);
    this.hearOfFiles(patch);
    this.past.hear(patch);
    if (patch.opening < this.opening) return this.composer.hear(patch);
    this.opening = patch.opening ?? this.opening;
    const known = new Set(this.order);
    if (patch.reset) this.forget();
    for (const key of ['thread', 'order', 'older']) if (key in patch) this[key] = patch[key];
    if ('order' in patch || 'older' in patch) this.waiting = 0;
    this.loaded ||= 'order' in patch;
    if (patch.present) this.present.textContent = hereWords(patch.present);
    if (patch.thread !== undefined || patch.reset) this.drawThread(patch);
    this.whom.apply(patch, this.thread);
    if (this.thread) this.drawLog(patch);
    if (patch.trouble === null && this.waiting) this.askAgain();
    this.composer.hear(patch);
    if (this.thread && this.begun === this.thread.id) [this.begun = null].forEach(() => this.composer.input.focus());
    // A text that came on the heels of the click is under the person's eyes like one that comes later.
    if (patch.opened) this.came = new Set(this.order);
    else if (!patch.reset) this.notice(known);
    this.look();
    return undefined;
  }
  hearOfFiles({pictures, picture, gallery, upload}) {
    if (pictures) [this.pictures.doors, this.files.limits] = [pictures.doors, pictures];
    if (picture) this.pictures.came(picture);
    if (gallery) this.files.gallery.came(gallery);
    if (upload) this.files.answered(upload);
  }
  allPictures() {
    const shown = this.order.map(id => this.messages.get(id)).filter(Boolean);
    const words = message => `${authorOf(message, this.thread)}, ${dayWords(dayOf(message.at))} ${clock(message.at)}`;
    return shown.flatMap(message => message.attachments.filter(({state}) => state === 'ready').map(file => ({file, words: words(message)})));
  }
  // An act as those of the list, which offers its Undo.
  bringBack() {
    const detail = {act: 'restore', threads: [this.thread.id]};
    this.root.dispatchEvent(new CustomEvent('mc-act', {detail, bubbles: true, composed: true}));
  }
  forget() {
    this.pictures.forget();
    Object.assign(this, {order: [], messages: new Map(), nodes: new Map(), came: new Set(), older: false, stuck: true, waiting: 0});
    this.below.hidden = true;
    this.log.replaceChildren();
  }
  drawThread({opened}) {
    this.past.begin(this.thread?.id ?? null);
    this.nothing.hidden = Boolean(this.thread);
    this.open.hidden = !this.thread;
    if (!this.thread) return;
    const moved = this.composer.thread?.id !== this.thread.id;
    this.drawHeader(this.thread);
    this.composer.show(this.thread, moved);
    this.consent.show(this.thread);
    this.root.dataset.stopped = String(Boolean(this.thread.stopped));
    if (moved && opened && this.isNarrow()) requestAnimationFrame(() => this.title.focus());
  }
  drawHeader({name, number, kind, stopped, removed, removed_by: by, removed_at: at}) {
    const day = at && daysAgo(at) > 0 && `${dayWords(dayOf(at))} `;
    const gone = ['Removed', ...(by ? [' by ', h('bdi', {}, by)] : []), at && `, ${day || ''}${clock(at)}`];
    const facts = [number !== name && span('', number), stopped && span('label stopped', icon(STOP_SIGN), OPTED_OUT), SORTS[kind] && span('label', SORTS[kind]), removed && span('label gone', ...gone)];
    this.title.textContent = name;
    this.log.ariaLabel = `Conversation with ${name}`;
    this.facts.replaceChildren(...facts.filter(Boolean));
    if (!removed) letGo(this.restore, this.title);
    this.restore.hidden = !removed;
  }
  drawLog({messages = [], reset}) {
    for (const message of messages) this.messages.set(message.id, message);
    const mark = this.landmark();
    this.log.ariaLive = reset ? 'off' : 'polite';
    this.layOut();
    this.pictures.zoom.follow();
    if (this.stuck) this.toBottom();
    else if (mark?.node.isConnected) this.log.scrollTop = mark.node.offsetTop - mark.top;
    requestAnimationFrame(() => { this.log.ariaLive = 'polite'; });
  }
  layOut() {
    const shown = this.order.map(id => this.messages.get(id)).filter(Boolean);
    const nodes = shown.flatMap((message, i) => [this.day(message, shown[i - 1]), this.article(message, shown[i - 1])]);
    place(this.log, [this.older && this.earlier, ...nodes].filter(Boolean));
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
    if (node.drawn === message && node.author === author && node.first === first) return node;
    drawMessage(node, message, author, first, this.pictures);
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
    // Also one that a colleague has read meanwhile: it may stand in this person's bell.
    const messages = [...this.came].filter(id => this.messages.get(id)?.direction === 'inbound');
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
    if (this.stuck) letGo(this.below, this.log);
    this.below.hidden ||= this.stuck;
    this.look();
    this.askOlder();
  }
  // What was asked while the database was away nobody has answered.
  askAgain() {
    this.waiting = 0;
    this.askOlder();
  }
  askOlder() {
    if (!this.older || Date.now() < this.waiting || this.log.scrollTop > 300) return;
    this.waiting = Date.now() + ANSWERED;
    this.send('older');
  }
  // A scroll that only comes from a new height says nothing about what the reader wants.
  refit() { this.height = this.log.clientHeight; if (this.stuck) this.toBottom(); }
  key(key) {
    if (!this.thread) return;
    if (key === 'r') (this.composer.box.hidden ? this.title : this.composer.input).focus();
    if (key === 'head') this.title.focus({preventScroll: true});
  }
  close(held) { keepForms(); this.composer.close(held); this.files.close(); this.stop.abort(); this.sizes.disconnect(); clearInterval(this.clock); }
}
export function render(context) {
  const part = new Conversation(context.model);
  return bringToLife(context, part, host => {
    host?.addEventListener('mc-expect', event => part.expect(event.detail));
    host?.addEventListener('mc-key', event => part.key(event.detail));
  });
}
