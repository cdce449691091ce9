// The frame: two panes, the truth about the connection, the address bar and announcements.

const BEAT = 5000;
const PATIENCE = 4000;
const PANEL_GIVES_UP = 35000;
const FLICKER = 300;

const jittered = delay => delay * (0.5 + Math.random());

// BokehJS keeps the half of a message in which a connection broke, and takes the next greeting for the rest of it.
function clearHalfMessage(event) {
  const connection = event?.connection?.deref?.();
  if (connection?._receiver) connection._receiver = new connection._receiver.constructor();
}

// Whether the server hears us and how far behind this page is.
class Connection {
  constructor(model, show) {
    this.model = model;
    this.show = show;
    this.served = false;
    this.fresh = false;
    this.lost = false;
    this.deaf = false;
    this.shown = null;
    this.target = null;
    this.n = 0;
    this.words = '';
    this.timers = {};
    this.alive = true;
    this.listen();
    this.settle();
  }

  listen() {
    this.stop = new AbortController();
    const {signal} = this.stop;
    const ping = () => this.ping();
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && ping(), {signal});
    window.addEventListener('online', ping, {signal});
    window.addEventListener('offline', ping, {signal});
    this.timers.beat = setInterval(ping, BEAT);
    this.listenToBokeh();
  }

  // Bokeh documents have no way to take a listener back, hence the `alive` test.
  listenToBokeh() {
    const doc = this.model.document ?? this.model.model?.document ?? window.Bokeh?.documents?.[0];
    if (!doc?.on_event) return;
    doc.on_event('connection_lost', (_, event) => { clearHalfMessage(event); if (this.alive) this.setLost(true); });
    doc.on_event('client_reconnected', () => this.alive && this.setLost(false));
  }

  setLost(lost) {
    this.lost = lost;
    if (!lost) this.ping();
    this.settle();
  }

  ping() {
    if (!this.alive || this.lost) return;
    this.n += 1;
    clearTimeout(this.timers.patience);
    this.timers.patience = setTimeout(() => { this.deaf = true; this.settle(); }, PATIENCE);
    this.model.send_msg({op: 'ping', n: this.n});
  }

  hear(patch) {
    this.fresh = true;
    if (patch.revision !== undefined) this.reach(patch.revision);
    if (patch.pong) this.pong(patch.pong);
    this.settle();
  }

  reach(revision) {
    this.shown = Math.max(this.shown ?? revision, revision);
    if (this.target !== null && this.shown >= this.target) this.target = null;
  }

  pong({n, revision}) {
    if (n === this.n) {
      clearTimeout(this.timers.patience);
      this.deaf = false;
      this.lost = false;
    }
    if (this.shown !== null && revision > this.shown) this.target = revision;
  }

  truth() {
    if (this.lost || this.deaf) return 'Reconnecting';
    return !this.fresh || this.target !== null ? 'Catching up' : 'Live';
  }

  // "Catching up" waits a moment: a page that is behind for some milliseconds need not say so.
  settle() {
    const words = this.truth();
    clearTimeout(this.timers.flicker);
    if (words === this.words) return;
    if (words !== 'Catching up' || !this.words) this.say(words);
    else this.timers.flicker = setTimeout(() => this.say(words), FLICKER);
  }

  say(words) {
    this.words = words;
    this.show(words);
    clearTimeout(this.timers.rescue);
    if (words === 'Reconnecting') this.timers.rescue = setTimeout(() => this.rescue(2000), PANEL_GIVES_UP);
  }

  rescue(delay) {
    if (!this.served || !this.alive) return;
    this.timers.rescue = setTimeout(async () => {
      const answers = await this.answers();
      if (!this.alive || this.words !== 'Reconnecting') return;
      if (answers) location.reload();
      else this.rescue(Math.min(delay * 2, 20000));
    }, jittered(delay));
  }

  // A connection that a router has forgotten answers nothing, and the browser would ask it again and again.
  async answers() {
    try {
      const reply = await fetch(new URL('healthz', document.baseURI), {cache: 'no-store', signal: AbortSignal.timeout(PATIENCE)});
      return reply.status === 200;
    } catch {
      return false;
    }
  }

  close() {
    this.alive = false;
    this.stop.abort();
    clearInterval(this.timers.beat);
    Object.values(this.timers).forEach(clearTimeout);
  }
}

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

function writeAddress(address, push) {
  const search = searchOf(address);
  if (search === searchOf(readAddress())) return;
  const url = location.pathname + search + location.hash;
  history[push ? 'pushState' : 'replaceState'](history.state, '', url);
}

function readAddress() {
  const params = new URLSearchParams(location.search);
  const keys = ['tab', 'filter', 'q', 'thread', 'unread'].filter(key => params.has(key));
  return Object.fromEntries(keys.map(key => [key, params.get(key)]));
}

class Frame {
  constructor(model) {
    this.model = model;
    this.build();
    this.connection = new Connection(model, words => this.showConnection(words));
    this.stop = new AbortController();
    window.addEventListener('popstate', () => this.followAddress(), {signal: this.stop.signal});
    document.addEventListener('keydown', event => this.pressed(event), {signal: this.stop.signal, capture: true});
  }

  build() {
    this.dot = h('span', {className: 'dot', ariaHidden: 'true'});
    this.status = h('span', {className: 'status', role: 'status', ariaLabel: 'Connection'});
    this.user = h('span', {className: 'user', dir: 'auto'});
    this.speaker = h('div', {className: 'hidden', ariaLive: 'polite'});
    this.panes = h('div', {className: 'panes'}, this.pane('thread_list', 'list'), this.pane('conversation', 'talk'));
    this.trouble = h('p', {className: 'trouble', role: 'alert', hidden: true});
    this.keys = new Keys((name, key) => this.tell(name, 'mc-key', key));
    const strip = h('div', {className: 'strip'}, this.dot, this.status, this.user, this.keys.opener);
    const inner = h('div', {className: 'inner'}, strip, this.trouble, this.panes, this.speaker, this.keys.sheet);
    this.root = h('div', {className: 'frame'}, inner);
    this.root.dataset.open = 'false';
    this.root.addEventListener('mc-open', event => this.expect(event.detail));
    this.root.addEventListener('mc-head', () => this.tell('talk', 'mc-key', 'head'));
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

  // JupyterLab says its theme on <body>, not through color-scheme.
  matchJupyter() {
    const light = document.body.dataset.jpThemeLight;
    if (light !== undefined) this.root.style.colorScheme = light === 'false' ? 'dark' : 'light';
  }

  showConnection(words) {
    this.status.textContent = words;
    this.dot.dataset.state = words;
  }

  apply(patch) {
    if (patch.user !== undefined) this.showUser(patch.user);
    if (patch.thread !== undefined) this.root.dataset.open = String(patch.thread !== null);
    if (patch.address !== undefined) this.connection.served = patch.address !== null;
    if (patch.address) writeAddress(patch.address, patch.push);
    if (patch.title && this.connection.served) document.title = patch.title;
    if (patch.trouble !== undefined) this.showTrouble(patch.trouble);
    if (patch.announce) this.announce(patch.announce);
    this.connection.hear(patch);
  }

  showTrouble(words) {
    this.trouble.textContent = words ?? '';
    this.trouble.hidden = !words;
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
    const inside = event.composedPath().includes(this.root);
    const nowhere = this.connection.served && event.composedPath()[0] === document.body;
    if (!inside && !nowhere) return;
    if (event.key === 'Escape' && !event.defaultPrevented && this.leave(event)) return;
    if (this.keys.press(event) || (inside && !this.connection.served && /^[a-z?/]$/i.test(event.key))) event.stopPropagation();
  }

  // Escape leads out: of the reply box or an empty search to the list, and, where one pane is shown at a time, of the thread.
  leave(event) {
    const [at] = event.composedPath(), single = getComputedStyle(this.panes).getPropertyValue('--mc-back').trim() !== 'none';
    const isDone = at.matches?.('textarea') || (at.matches?.('[type="search"]') && !at.value);
    if (event.isComposing || this.keys.sheet.open) return false;
    if (single && this.root.dataset.open === 'true') this.model.send_msg({op: 'close'});
    else if (isDone) this.keys.tell('list', 'row');
    else return false;
    return true;
  }

  followAddress() {
    if (this.connection.served) this.model.send_msg({op: 'address', search: readAddress()});
  }

  close() {
    this.stop.abort();
    this.connection.close();
  }
}

export function render(context) {
  return bringToLife(context, new Frame(context.model), () => ({search: readAddress()}));
}
