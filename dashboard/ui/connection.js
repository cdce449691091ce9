// Whether the server hears this page, and how far behind it is.

const BEAT = 5000;
const PATIENCE = 4000;
const PANEL_GIVES_UP = 35000;
const FLICKER = 300;

const jittered = delay => delay * (0.5 + Math.random());

// BokehJS keeps the half of a message in which a connection broke, and takes the next greeting for the rest of it. What
// a page says while there is no connection it drops, but for the moment in which there is half of one: then it throws,
// in the middle of what somebody does.
function mendBokeh(event) {
  const connection = event?.connection?.deref?.();
  if (connection?._receiver) connection._receiver = new connection._receiver.constructor();
  if (!connection?.send || Object.hasOwn(connection, 'send')) return;
  connection.send = message => connection.socket?.readyState !== WebSocket.CONNECTING && Object.getPrototypeOf(connection).send.call(connection, message);
}

class Connection {
  constructor(model, show) {
    this.model = model;
    this.show = show;
    this.served = false;
    this.fresh = false;
    this.lost = false;
    this.deaf = false;
    this.heardAt = Date.now();
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
    doc.on_event('connection_lost', (_, event) => { mendBokeh(event); if (this.alive) this.setLost(true); });
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
    this.heardAt = Date.now();
    // What may be shown instead, a sentence or the login page, the server knows.
    if (patch.closed && this.served) location.reload();
    if (patch.navigation && this.served) showNavigation(patch.navigation);
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
    this.show(words, this.heardAt);
    clearTimeout(this.timers.rescue);
    if (words === 'Reconnecting') this.timers.rescue = setTimeout(() => this.rescue(2000), PANEL_GIVES_UP);
  }

  rescue(delay) {
    if (!this.served || !this.alive) return;
    this.timers.rescue = setTimeout(async () => {
      const answers = await this.answers();
      if (!this.alive || this.words !== 'Reconnecting') return;
      if (answers) this.reload();
      else this.rescue(Math.min(delay * 2, 20000));
    }, jittered(delay));
  }

  // Whoever writes while the page loads itself again goes on there, as after any lost connection.
  reload() {
    window.dispatchEvent(new Event('mc-reload'));
    location.reload();
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
