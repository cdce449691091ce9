// The frame: two panes, the truth about the connection (connection.js), the address bar and announcements.

// The view in location.search, with only what differs from the plain inbox.
function searchOf({tab, filter, q, thread, unread}) {
  const params = new URLSearchParams();
  if (tab && tab !== 'received') params.set('tab', tab);
  if (filter && filter !== 'all') params.set('filter', filter);
  if (q) params.set('q', q);
  if (thread !== null && thread !== undefined && thread !== '') params.set('thread', thread);
  if (unread) params.set('unread', '1');
  const search = params.toString();
  return search && `?${search}`;
}

// The address as the server said it last, also to the frame before this one: somebody may have gone back or forward
// since, without a connection.
let written = null;
function writeAddress(address, push) {
  const search = written = searchOf(address);
  if (search === searchOf(readAddress())) return;
  const url = location.pathname + search + location.hash;
  history[push ? 'pushState' : 'replaceState'](history.state, '', url);
}

function readAddress() {
  const params = new URLSearchParams(location.search);
  const keys = ['tab', 'filter', 'q', 'thread', 'unread'].filter(key => params.has(key));
  return Object.fromEntries(keys.map(key => [key, params.get(key)]));
}

function whereItIs() {
  const search = readAddress();
  return {search, moved: written !== null && written !== searchOf(search)};
}

// A field in which somebody wrote went with its view. Until something has the focus again, or is clicked, what they type
// on is no key of ours.
let torn = take('torn');
window.addEventListener('mc-torn', () => leave('torn', torn = true));
class Frame {
  constructor(model) {
    this.model = model;
    written ??= take('written');
    this.build();
    this.connection = new Connection(model, words => this.showConnection(words));
    this.stop = new AbortController();
    window.addEventListener('popstate', () => this.followAddress(), {signal: this.stop.signal});
    // The last word of a page that closes: whoever looks here is gone at once, and not when its silence is noticed.
    window.addEventListener('pagehide', () => this.model.send_msg({op: 'away'}), {signal: this.stop.signal});
    document.addEventListener('keydown', event => this.pressed(event), {signal: this.stop.signal, capture: true});
    for (const name of ['focusin', 'pointerdown']) document.addEventListener(name, () => this.isHere(), {signal: this.stop.signal, capture: true});
  }

  isHere() {
    if (torn) take('torn');
    torn = null;
  }

  build() {
    this.dot = h('span', {className: 'dot', ariaHidden: 'true'});
    this.status = h('span', {className: 'status', role: 'status', ariaLabel: 'Connection'});
    this.user = h('span', {className: 'user', dir: 'auto'});
    this.speaker = h('div', {className: 'hidden', ariaLive: 'polite'});
    this.panes = h('div', {className: 'panes'}, this.pane('thread_list', 'list'), this.pane('conversation', 'talk'));
    this.keys = new Keys((name, key) => this.tell(name, 'mc-key', key));
    this.bell = new Bell((op, more) => this.model.send_msg({op, ...more}), detail => this.openThread(detail));
    const strip = h('div', {className: 'strip'}, this.dot, this.status, this.user, this.bell.opener, this.bell.box, this.keys.opener);
    this.banners = new Banners(() => this.tell('list', 'mc-key', 'row'));
    const inner = h('div', {className: 'inner'}, strip, this.banners.root, this.panes, this.speaker, this.keys.sheet);
    this.root = h('div', {className: 'frame'}, inner);
    this.root.dataset.open = 'false';
    this.root.addEventListener('mc-open', event => this.expect(event.detail));
    this.root.addEventListener('mc-head', () => this.tell('talk', 'mc-key', 'head'));
    this.root.addEventListener('mc-act', event => this.tell('list', 'mc-act', event.detail));
    this.root.addEventListener('mc-notice', event => this.panes.style.setProperty('--mc-notice', `${event.detail}px`));
    this.matchJupyter();
  }

  pane(child, name) {
    return h('div', {className: `pane ${name}`}, this.model.get_child(child));
  }

  tell(pane, name, detail) {
    this.panes.querySelector(`.${pane}`).firstElementChild.dispatchEvent(new CustomEvent(name, {detail}));
  }

  // The conversation turns to the clicked row at once: nothing that is typed from now on can reach another thread.
  expect(detail) {
    this.root.dataset.open = 'true';
    this.tell('talk', 'mc-expect', detail);
  }

  openThread(detail) {
    this.expect(detail);
    this.model.send_msg({op: 'open', thread: detail.id, opening: detail.opening});
  }

  // JupyterLab says its theme on <body>, not through color-scheme.
  matchJupyter() {
    const light = document.body.dataset.jpThemeLight;
    if (light !== undefined) this.root.style.colorScheme = light === 'false' ? 'dark' : 'light';
  }

  showConnection(words, heardAt) {
    this.status.textContent = words;
    this.dot.dataset.state = words;
    this.banners.showAway(words === 'Reconnecting' ? heardAt : null);
  }

  apply(patch) {
    if (patch.user !== undefined) this.showUser(patch.user);
    if (patch.thread !== undefined) this.root.dataset.open = String(patch.thread !== null);
    if (patch.address !== undefined) this.connection.served = patch.address !== null;
    if (patch.address) writeAddress(patch.address, patch.push);
    if (patch.title && this.connection.served) document.title = patch.title;
    this.banners.apply(patch);
    if (patch.closed !== undefined) this.showClosed(patch.closed);
    if (patch.announce) this.announce(patch.announce);
    this.bell.apply(patch);
    this.connection.hear(patch);
  }

  // In a notebook; a page asks the server what may be shown instead.
  showClosed(words) {
    if (words) this.panes.remove();
    else this.banners.root.after(this.panes);
    this.banners.unsent.root.classList.toggle('gone', Boolean(words));
    this.banners.showTrouble(words);
  }

  showUser(user) {
    this.user.textContent = user?.name ?? '';
    this.user.title = user?.role ?? '';
  }

  announce(words) {
    const line = h('p', {}, words);
    this.speaker.append(line);
    setTimeout(() => line.remove(), 10000);
  }

  // In a notebook only what is pressed inside is ours: JupyterLab has keys of its own.
  pressed(event) {
    if (event.composedPath().some(node => node.matches?.('dialog[open]:not(.sheet), [role="menu"]'))) return; // these have keys of their own
    const inside = event.composedPath().includes(this.root);
    const nowhere = this.connection.served && !torn && event.composedPath()[0] === document.body;
    if (!inside && !nowhere) return;
    if (event.key === 'Escape' && !event.defaultPrevented && this.leave(event)) return;
    if (this.keys.press(event) || (inside && !this.connection.served && /^[a-z?/]$/i.test(event.key))) event.stopPropagation();
  }

  // Escape leads out: of the reply box or an empty search to the list, and, where one pane is shown at a time, of the thread.
  leave(event) {
    // A form or a dialog is left first; it sees to that itself.
    if (event.composedPath().some(node => node.matches?.('form, dialog, .linking'))) return false;
    const [at] = event.composedPath(), single = getComputedStyle(this.panes).getPropertyValue('--mc-back').trim() !== 'none';
    const isDone = at.matches?.('textarea') || (at.matches?.('[type="search"]') && !at.value);
    const over = event.composedPath().some(node => node.popover);
    if (event.isComposing || this.keys.sheet.open || over) return false;
    if (single && this.root.dataset.open === 'true') this.model.send_msg({op: 'close'});
    else if (isDone) this.keys.tell('list', 'row');
    else return false;
    return true;
  }

  // Back, or forward: whatever was just being typed into the search is over.
  followAddress() {
    if (!this.connection.served) return;
    this.tell('list', 'mc-address');
    this.model.send_msg({op: 'address', search: readAddress()});
  }

  close() {
    if (written !== null) leave('written', written);
    this.stop.abort();
    this.bell.close();
    this.banners.close();
    this.connection.close();
  }
}

export function render(context) {
  return bringToLife(context, new Frame(context.model), whereItIs);
}
