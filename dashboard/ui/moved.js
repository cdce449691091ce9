// A send that was stopped because the thread has moved: what came in between, and the question.

const MOST = 3; // texts that are shown; all of them stand above
class Moved {
  constructor(find, anyway, back) {
    Object.assign(this, {find, stops: new Map(), thread: null});
    this.words = h('p', {role: 'alert'});
    this.news = h('ul');
    this.back = button('', back, 'Keep editing');
    this.anyway = button('anyway', anyway, 'Send anyway');
    const answers = h('div', {className: 'answers'}, this.back, this.anyway);
    this.root = h('div', {className: 'moved', role: 'group', ariaLabel: 'The thread has moved', hidden: true}, this.words, this.news, answers);
  }
  stop(thread, words, news) { this.stops.set(thread, {words, news}); }
  go(thread) { this.stops.delete(thread); }
  has(thread) { return this.stops.has(thread); }
  draw(thread) {
    const stop = this.stops.get(thread), appears = stop && this.root.hidden;
    this.root.hidden = !stop;
    if (!stop) return;
    if (this.words.textContent !== stop.words) this.words.textContent = stop.words;
    const found = stop.news.map(id => this.find(id)).filter(Boolean).slice(-MOST);
    this.news.replaceChildren(...found.map(({author, body}) => h('li', {}, h('strong', {dir: 'auto'}, author), h('span', {dir: 'auto'}, body || 'Attachment'))));
    if (appears) this.back.focus();
  }
}
