// Texts that have not gone: which phone company takes none, how many wait and since when; on every screen.

const SLOW = 60000; // milliseconds for which a text may wait without a word
const SETTLED = 4000; // milliseconds that this page must have known of it: the clocks of two machines differ
const sinceWords = at => (daysAgo(at) ? `${new Date(at).toLocaleDateString(undefined, {day: 'numeric', month: 'short'})}, ${clock(at)}` : clock(at));
class Unsent {
  constructor(drawn) {
    this.drawn = drawn;
    this.why = h('span', {role: 'status', ariaLabel: 'Texts that wait'});
    this.rest = h('span', {});
    this.root = h('p', {className: 'unsent', hidden: true}, this.why, this.rest);
    this.timer = 0;
  }
  apply(said) {
    if (said.since !== this.said?.since) this.known = Date.now();
    this.said = said;
    this.draw();
  }
  draw() {
    clearTimeout(this.timer);
    const {out, slow, wait, since, after} = this.said, left = this.left();
    this.root.hidden = !out && left !== 0;
    this.why.textContent = this.root.hidden ? '' : out ?? slow;
    this.rest.textContent = wait ? ` ${wait} since ${sinceWords(since)}${after}` : '';
    if (!out && left) this.timer = setTimeout(() => this.draw(), left);
    this.drawn();
  }
  // Milliseconds until what waits has waited for long; null where nothing does.
  left() {
    const {since} = this.said, now = Date.now();
    return since === null ? null : Math.max(0, since + SLOW - now, this.known + SETTLED - now);
  }
  close() { clearTimeout(this.timer); }
}
