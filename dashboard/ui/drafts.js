// Drafts: kept in the browser at once, on the server soon, so that a person goes on wherever they open the thread.

const SOON = 500; // milliseconds after the last key
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
// What is written is "unsaved" until the server says that it has it. `seen` is the newest message that stood there when
// the writing began.
class Drafts {
  constructor(memory, send, newest) { Object.assign(this, {memory, send, newest, n: 0, timer: 0, waiting: null, known: new Map()}); }
  text(thread) { return this.memory.read('draft', thread) ?? ''; }
  // None while the thread's messages are still on their way: nothing can have been overlooked then.
  seen(thread) {
    const seen = this.memory.read('seen', thread) ?? this.newest();
    return seen === null ? null : Number(seen);
  }
  begins(thread) { if (this.memory.read('seen', thread) === null && this.newest() !== null) this.hasSeen(thread, this.newest()); }
  hasSeen(thread, message) { this.memory.write('seen', thread, message); }
  typed(thread, text) {
    if (!text) this.memory.drop('seen', thread);
    else this.begins(thread);
    this.memory.write('draft', thread, text);
    this.again(thread);
  }
  // What stood here, or was offered here, somebody has seen: whatever takes its place, it is not lost without a word.
  note(thread, text) { this.known.set(thread, (this.known.get(thread) ?? new Set()).add(text)); }
  // What was written in another window, and was never seen in this one, where it is said that it was replaced.
  unseen(thread, text) {
    if (!text || this.known.get(thread)?.has(text) || this.memory.read('had', thread) === text) return false;
    this.note(thread, text);
    return true;
  }
  again(thread) {
    this.memory.write('unsaved', thread, this.n += 1);
    if (this.waiting !== thread) this.flush();
    this.waiting = thread;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), SOON);
  }
  flush() {
    clearTimeout(this.timer);
    if (this.waiting !== null) this.save(this.waiting);
    this.waiting = null;
  }
  save(thread) {
    const seen = this.memory.read('seen', thread);
    this.said = {n: Number(this.memory.read('unsaved', thread)), body: this.text(thread)};
    this.note(thread, this.said.body);
    this.send('draft', {...this.said, thread, seen: seen && Number(seen)});
  }
  // After a lost connection nobody knows what arrived. What is being sent is no draft: the server may have it already.
  saveAll() {
    const threads = this.memory.threads('unsaved');
    for (const thread of threads) this.n = Math.max(this.n, Number(this.memory.read('unsaved', thread)));
    threads.filter(thread => !this.memory.pending(thread)).forEach(thread => this.save(thread));
  }
  kept({n, thread}) {
    if (this.said?.n === n) this.memory.write('had', thread, this.said.body);
    if (Number(this.memory.read('unsaved', thread)) === n) this.memory.drop('unsaved', thread);
  }
  // What the server has, unless there are newer words here; whether the box is to change.
  heard({thread, body, seen}) {
    if (this.memory.read('unsaved', thread) !== null || this.memory.pending(thread)) return false;
    this.note(thread, body);
    this.memory.write('had', thread, body);
    if (body) this.memory.write('draft', thread, body);
    else this.memory.drop('draft', thread);
    if (body && seen !== null) this.hasSeen(thread, seen);
    else this.memory.drop('seen', thread);
    return true;
  }
  // The text is on its way: the server takes the draft away with it.
  hold(thread) {
    if (this.waiting !== thread) return;
    clearTimeout(this.timer);
    this.waiting = null;
  }
  drop(thread) { for (const kind of ['draft', 'seen', 'unsaved', 'had']) this.memory.drop(kind, thread); }
}
