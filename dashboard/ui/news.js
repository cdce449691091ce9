// What is new is told once: by one window of all that a person has open, and never for what was there before.

class Sound {
  constructor() {
    this.stop = new AbortController();
    this.context = null;
  }
  // Browsers let a page sound only after it was clicked or typed into; so the first of those is used.
  wait(on) {
    if (!on || this.waiting) return;
    this.waiting = true;
    for (const event of ['pointerdown', 'keydown']) document.addEventListener(event, () => this.wake(), {signal: this.stop.signal, capture: true});
  }
  wake() {
    if (!this.context && window.AudioContext) this.context = new AudioContext();
    if (this.ready) this.stop.abort();
    else return this.context?.resume();
  }
  get ready() { return this.context?.state === 'running'; }
  refusal() { return window.AudioContext ? SAY.silent : SAY.noSound; }
  // Whether it was to be heard.
  async play() {
    await Promise.race([this.wake(), new Promise(done => setTimeout(done, LATER))]);
    if (!this.ready) return false;
    for (const [at, pitch] of NOTES) this.note(this.context.currentTime + at, pitch);
    return true;
  }
  note(at, pitch) {
    const [tone, volume] = [this.context.createOscillator(), this.context.createGain()];
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0, at);
    volume.gain.linearRampToValueAtTime(0.2, at + 0.015);
    volume.gain.exponentialRampToValueAtTime(0.001, at + 0.45);
    tone.connect(volume).connect(this.context.destination);
    tone.start(at);
    tone.stop(at + 0.5);
  }
  close() { this.stop.abort(); this.context?.close(); }
}
class News {
  constructor(chosen, open, say) {
    Object.assign(this, {chosen, open, say, prefix: null, standing: new Set(), fresh: new Map(), sound: new Sound(), timer: 0});
  }
  begin(prefix) { this.prefix = prefix; }
  // What a page shows first is not new; after a reconnect of the same page, what came meanwhile is.
  hear(rows) {
    this.standing = new Set(rows.map(({id}) => id));
    const newest = Math.max(0, ...this.standing), known = this.heard();
    this.keep('sessionStorage', 'heard', `${performance.timeOrigin} ${Math.max(newest, known ?? 0)}`);
    const fresh = known === null ? [] : rows.filter(({id}) => id > known);
    if (!fresh.length) return;
    for (const alert of fresh) this.fresh.set(alert.id, alert);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tell(), this.patience());
  }
  heard() {
    const [page, id] = (this.read('sessionStorage', 'heard') ?? '').split(' ');
    return page === String(performance.timeOrigin) ? Number(id) : null;
  }
  // The window that the person is at comes first, then one that they see, then one that can sound.
  patience() {
    const unfit = [!document.hasFocus(), document.visibilityState !== 'visible', this.chosen().sound && !this.sound.ready];
    return SOON + LATER * unfit.filter(Boolean).length;
  }
  // An alert that is gone by now was under its owner's eyes. The oldest is claimed first: what is told is told up to it.
  async tell() {
    const {sound, desktop} = this.chosen(), fresh = [...this.fresh.values()].sort((a, b) => a.id - b.id);
    this.fresh.clear();
    if (!sound && !desktop) return;
    const mine = [];
    for (const alert of fresh) if (this.standing.has(alert.id) && await this.claim(alert.id)) mine.push(alert);
    if (!mine.length) return;
    if (sound && !await this.sound.play()) this.say(this.sound.refusal());
    if (desktop) this.announce(mine);
  }
  announce(alerts) {
    if (alerts.length > APART) this.notify('Message Center', `${alerts.length} texts answer what you wrote.`, 'many', () => {});
    else for (const alert of alerts) this.notify(alert.name, alert.text, alert.id, () => this.open(alert));
  }
  notify(title, body, tag, clicked) {
    if (this.permission() !== 'granted') return;
    const shown = new Notification(title, {body, tag: `${this.prefix}${tag}`});
    shown.onclick = () => { window.focus(); shown.close(); clicked(); };
  }
  permission() { return 'Notification' in window && window.isSecureContext ? Notification.permission : 'none'; }
  refusal() { return {none: SAY.noDesktop, denied: SAY.denied, default: SAY.unasked}[this.permission()] ?? ''; }
  async ask() {
    if (this.permission() === 'default') await Notification.requestPermission();
    return this.permission() === 'granted';
  }
  // A lock is given to one window only; what was told is kept for those that come late, or where there are no locks.
  async claim(id) {
    if (Number(this.read('localStorage', 'told')) >= id) return false;
    const given = !navigator.locks || await new Promise(resolve => {
      navigator.locks.request(`${this.prefix}alert:${id}`, {ifAvailable: true}, lock => {
        resolve(Boolean(lock));
        return lock && new Promise(done => setTimeout(done, CLAIM));
      });
    });
    if (given) this.keep('localStorage', 'told', String(id));
    return given;
  }
  // Some browsers and notebooks keep nothing: then each window tells for itself.
  read(where, key) { try { return window[where].getItem(`${this.prefix}${key}`); } catch { return this[key] ?? null; } }
  keep(where, key, value) { try { window[where].setItem(`${this.prefix}${key}`, value); } catch { this[key] = value; } }
  close() { this.sound.close(); clearTimeout(this.timer); }
}
