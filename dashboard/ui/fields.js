// Fields in braces that nobody has filled: marked in the text, named below it, and a reason not to send.

const TOKEN = /\{([a-z][a-z0-9_]*)\}/g; // as in core/documents.py
class Unfilled {
  constructor(input) {
    Object.assign(this, {input, fields: {}, drawn: ''});
    this.marks = h('div', {className: 'marks', ariaHidden: 'true'});
    this.chips = span('chips');
    this.words = h('span', {id: 'unfilled'}, 'Fill in or remove:');
    this.root = h('div', {className: 'unfilled', role: 'group', ariaLabel: 'Fields without a value', hidden: true}, this.words, this.chips);
    input.addEventListener('scroll', () => { this.marks.scrollTop = input.scrollTop; });
  }
  found(text) { return [...text.matchAll(TOKEN)].filter(([, key]) => key in this.fields); }
  // Whether there are none.
  draw() {
    const text = this.input.value, found = this.found(text);
    this.mark(text, found);
    const keys = [...new Set(found.map(([, key]) => key))];
    if (keys.join() !== this.drawn) {
      letGo(this.root, this.input);
      this.chips.replaceChildren(...keys.map(key => button('unfilled-field', () => this.select(key), this.fields[key], {title: `{${key}}`})));
    }
    this.drawn = keys.join();
    this.root.hidden = !keys.length;
    this.input.ariaInvalid = keys.length ? 'true' : null;
    return !keys.length;
  }
  mark(text, found) {
    const parts = [];
    let at = 0;
    for (const {0: token, index} of found) {
      parts.push(text.slice(at, index), h('mark', {}, token));
      at = index + token.length;
    }
    this.marks.replaceChildren(...(found.length ? [...parts, `${text.slice(at)}\n`] : []));
    this.marks.scrollTop = this.input.scrollTop;
  }
  select(key) {
    const token = this.found(this.input.value).find(([, its]) => its === key);
    this.input.focus();
    this.input.setSelectionRange(token.index, token.index + token[0].length);
  }
  selectFirst() {
    const [token] = this.found(this.input.value);
    if (token) this.select(token[1]);
  }
}
