// What is wrong with more than one thread: a line for each matter, the gravest first; in a narrow frame one line that opens.

const LONG = 10000; // milliseconds without a connection after which more is said than that it is made again
class Banners {
  // `leave` gives the focus to what stands below, when what is wrong is over.
  constructor(leave) {
    this.below = {focus: leave};
    [this.away, this.trouble] = [0, 1].map(() => h('p', {className: 'trouble', role: 'alert', hidden: true}));
    this.unsent = new Unsent(() => this.draw());
    this.more = button('more', () => this.turn(), '', {hidden: true});
    this.root = h('div', {className: 'banners', role: 'group', ariaLabel: 'What is wrong'}, this.away, this.trouble, this.unsent.root, this.more);
    this.sizes = new ResizeObserver(() => this.draw());
    this.sizes.observe(this.root);
    this.turn(false);
  }
  apply({trouble, unsent}) {
    if (unsent) this.unsent.apply(unsent);
    if (trouble !== undefined) this.showTrouble(trouble);
  }
  showTrouble(words) { this.show(this.trouble, words); }
  // Since when nothing was heard; null for a page that is connected.
  showAway(since) {
    clearTimeout(this.timer);
    if (since === null) this.show(this.away, null);
    else this.timer = setTimeout(() => this.sayAway(since), LONG);
  }
  // Overnight the hour alone would be of another day.
  sayAway(since) {
    const words = `No connection since ${sinceWords(since)}. What stands here may be out of date; what you write and send is kept until it is back.`;
    if (this.away.textContent !== words) this.show(this.away, words);
    this.timer = setTimeout(() => this.sayAway(since), 60000);
  }
  show(line, words) {
    line.textContent = words ?? '';
    line.hidden = !words;
    this.draw();
  }
  turn(open = this.root.dataset.open !== 'true') {
    this.root.dataset.open = String(open);
    this.draw();
  }
  // What is folded away is out of sight only: it stays there to be read out.
  draw() {
    const matters = [this.away, this.trouble, this.unsent.why, this.unsent.rest].filter(node => node.textContent && !node.closest('p').matches('[hidden], .gone'));
    const line = matters[0]?.closest('p'), rest = matters.slice(1);
    if (!line) letGo(this.root, this.below);
    this.root.hidden = !line;
    if (!line) this.root.dataset.open = 'false';
    const open = this.root.dataset.open === 'true', isCut = Boolean(line) && line.scrollWidth > line.clientWidth;
    const isWhole = !(open || rest.length || isCut);
    if (isWhole) letGo(this.more, this.below);
    this.more.hidden = isWhole;
    this.more.textContent = open ? 'Less' : rest.length ? `and ${rest.length} more` : 'More';
    Object.assign(this.more, {ariaExpanded: String(open), ariaLabel: open ? 'Less: fold what is wrong' : `${this.more.textContent}: show all that is wrong`});
  }
  close() {
    clearTimeout(this.timer);
    this.unsent.close();
    this.sizes.disconnect();
  }
}
