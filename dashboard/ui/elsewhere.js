// A draft has one place: what the same person wrote in another window, and what is written here has taken its place, is
// offered beside it until they have said what is to become of it.

const SAID = {there: 'You wrote this in another window:', here: 'You wrote this here before:'};

class Elsewhere {
  // `use` puts the text into the box, and returns what stood there.
  constructor(memory, use) {
    Object.assign(this, {memory, use, thread: null});
    this.words = h('p', {role: 'status'});
    this.text = h('p', {className: 'theirs-text', dir: 'auto'});
    this.put = button('', () => this.swap(), 'Use it instead');
    this.drop = button('', () => this.go(), 'Discard it');
    this.root = h('div', {className: 'moved elsewhere', role: 'group', ariaLabel: 'Written in another window', hidden: true}, this.words, this.text, h('div', {className: 'answers'}, this.drop, this.put));
  }
  read(thread) { return JSON.parse(this.memory.read('elsewhere', thread)); }
  keep(thread, text, from) { this.memory.write('elsewhere', thread, JSON.stringify({text, from})); }
  offer(thread, text) {
    const before = this.read(thread)?.text ?? '';
    this.keep(thread, text.startsWith(before) ? text : before.startsWith(text) ? before : `${before}\n\n${text}`, 'there');
  }
  swap() {
    const {thread} = this, mine = this.use(this.read(thread).text);
    if (mine.trim()) this.keep(thread, mine, 'here');
    else this.memory.drop('elsewhere', thread);
    this.draw(thread);
  }
  go() {
    this.memory.drop('elsewhere', this.thread);
    this.draw(this.thread);
    this.leave();
  }
  draw(thread, busy = false) {
    const offer = this.read(thread);
    this.thread = thread;
    if (!offer) letGo(this.root, {focus: () => this.leave()});
    this.root.hidden = !offer;
    this.put.disabled = busy;
    const words = offer ? SAID[offer.from] : '';
    if (this.words.textContent !== words) this.words.textContent = words;
    this.text.textContent = offer?.text ?? '';
  }
}
