// How long the text is, for people and for the phone company, and why.

const REST = 1000; // milliseconds without a key until a screen reader is told
const visible = one => (/^[\p{Z}\p{C}\p{M}]+$/u.test(one) ? Array.from(one, code => `U+${code.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}`).join(' ') : one);
const some = these => these.slice(0, 3).map(visible).join(' ') + (these.length > 3 ? ` and ${these.length - 3} more` : '');
class Counter {
  constructor() {
    Object.assign(this, {limit: 1600, timer: 0, told: ''});
    this.words = h('span', {className: 'count'});
    this.speaker = h('span', {className: 'hidden', ariaLive: 'polite'});
    this.root = h('span', {className: 'counter'}, this.words, this.speaker);
  }
  // Whether it is not too long.
  draw(text) {
    const {length} = Array.from(text), over = length - this.limit;
    const [long, why] = over > 0 ? [`${over} over the limit of ${this.limit}`, ''] : this.describe(text, length);
    this.words.replaceChildren(...(why ? [span('', long), span('cause', why)] : [long]));
    this.words.classList.toggle('over', over > 0);
    this.tell(over > 0 ? long : why && `${long.replace(/^.*· /, '')}${why}`);
    return over <= 0;
  }
  describe(text, length) {
    if (!text) return ['', ''];
    const {encoding, count, causes, doubles} = segments(text);
    const characters = length >= this.limit * 0.8 ? `${length} of ${this.limit} characters` : `${length} character${length === 1 ? '' : 's'}`;
    const cause = causes.length ? ` because of ${some(causes)}` : doubles.length ? `, ${some(doubles)} count${doubles.length === 1 ? 's' : ''} two` : '';
    return [`${characters} · ${count} segment${count === 1 ? '' : 's'}`, ` · ${encoding}${cause}`];
  }
  // Not at every key: when something else than the number of characters has changed, and the hands rest.
  tell(words) {
    clearTimeout(this.timer);
    if (words !== this.told) this.timer = setTimeout(() => { this.told = this.speaker.textContent = words; }, REST);
  }
}
