// What is ticked, and in which turn of the view. A turn is another view that is asked for, or an act on what is ticked;
// the screen numbers them. What is ticked goes with the view in which it was seen.

class Ticks {
  constructor(send) {
    Object.assign(this, {send, threads: new Set(), everything: false, turn: 0, cleared: 0, asked: 0});
  }
  // Another turn begins. Until its answer comes the rows and ticks are those before it.
  ask(op, more) {
    this.expect();
    this.send(op, more);
  }
  // Somebody else on this page has asked for one.
  expect() { this.asked += 1; }
  get isWaiting() { return this.asked > 0; }
  hear({turn, ticks, all, cleared, notice}, isBegun) {
    if (turn !== undefined || notice?.kind === 'error') this.answered(turn, isBegun);
    if (ticks) Object.assign(this, {threads: new Set(ticks), everything: all, cleared});
  }
  // Answers come in order; what was turned elsewhere counts as one, and so does what could not be done. A screen that is
  // shown from the beginning has none under way.
  answered(turn, isBegun) {
    const answers = turn === undefined ? 1 : turn - this.turn;
    this.asked = isBegun && answers > 0 ? Math.max(0, this.asked - answers) : 0;
    this.turn = turn ?? this.turn;
  }
  // The rows of a view that has been left may stand here for a moment: what is ticked then is not for the next one.
  get isLeft() { return this.turn < this.cleared; }
  tick(thread, on) {
    if (this.isLeft) return;
    this.threads[on !== this.everything ? 'add' : 'delete'](thread);
    this.send('tick', {thread, on, turn: this.turn});
  }
  tickAll(on) {
    if (this.isLeft) return;
    Object.assign(this, {everything: on, threads: new Set()});
    this.send('tick_all', {on, turn: this.turn});
  }
  has(thread) { return this.threads.has(thread) !== this.everything; }
  count(total) { return this.everything ? Math.max(0, total - this.threads.size) : this.threads.size; }
  some(test) { return this.everything || [...this.threads].some(test); }
}
