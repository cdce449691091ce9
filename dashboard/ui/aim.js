// What somebody aims at with a mouse at rest. A text that comes pushes rows down: a press that was already on its way is
// of the row that was under the mouse, and not of the one that has come there. Whoever moves the mouse has seen it.

const REACTION = 400; // milliseconds until somebody can have seen that rows have moved
class Aim {
  // `rowAt` gives the row under a point of the window; `act` does to a row what was pressed.
  constructor(root, rowAt, act) {
    Object.assign(this, {rowAt, act, at: null, under: null, meant: null, until: 0, on: null});
    root.addEventListener('pointermove', event => this.moved(event));
    root.addEventListener('pointerleave', () => this.moved({}));
    root.addEventListener('pointerdown', event => { this.on = event.target; }, {capture: true});
    root.addEventListener('click', event => this.pressed(event), {capture: true});
  }
  moved({pointerType, clientX, clientY}) {
    this.at = pointerType === 'mouse' ? {x: clientX, y: clientY} : null;
    this.meant = null;
  }
  // Before rows are drawn, and when they have been. That another view has other rows nobody wonders.
  hold(isTurn) { this.under = isTurn ? null : this.at && this.rowAt(this.at); }
  check() {
    if (!this.under || this.rowAt(this.at) === this.under) return;
    if (!this.isFresh()) this.meant = this.under;
    this.until = performance.now() + REACTION;
  }
  isFresh() { return this.meant && performance.now() < this.until; }
  pressed(event) {
    const meant = this.isFresh() && event.pointerType === 'mouse' && event.detail ? this.meant : null;
    this.meant = null;
    if (!meant) return;
    event.preventDefault();
    event.stopPropagation();
    this.act(meant, this.on ?? event.target);
  }
}
