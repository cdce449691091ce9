// Type-ahead: what is typed is asked of the server, and one of the people it finds is chosen.

const ASKED_AFTER = 120; // milliseconds without a key
const PAGE_OF_PEOPLE = 20;
const SORTS_OF_PEOPLE = {client: 'Client', lead: 'Lead', resource: 'Resource'};
let lookups = 0;

class Lookup {
  // `ask(query, limit)` asks the server, which answers by `show`; `choose(row)` takes one, `submit(typed)` what is none.
  constructor({label, hint, ask, choose, submit}) {
    Object.assign(this, {ask, choose, submit, rows: [], at: -1, limit: PAGE_OF_PEOPLE, id: `people-${lookups += 1}`});
    this.list = h('div', {className: 'people', role: 'listbox', id: this.id, ariaLabel: label, hidden: true});
    this.input = h('input', {type: 'text', role: 'combobox', ariaLabel: label, placeholder: hint, autocomplete: 'off', spellcheck: false, ariaExpanded: 'false', ariaAutoComplete: 'list'});
    this.input.setAttribute('aria-controls', this.id);
    this.input.addEventListener('input', () => this.typed());
    this.input.addEventListener('keydown', event => this.key(event));
    this.said = h('p', {className: 'said', role: 'status'});
    this.error = h('p', {className: 'wrong', role: 'alert'});
    this.root = h('div', {className: 'lookup'}, this.input, this.error, this.said, this.list);
  }
  get query() { return this.input.value.trim(); }
  begin() {
    this.input.value = '';
    this.empty();
    this.input.focus();
  }
  empty() {
    Object.assign(this, {rows: [], at: -1, limit: PAGE_OF_PEOPLE, waits: false, hasty: false});
    this.complain('');
    this.draw(false);
  }
  typed() {
    clearTimeout(this.timer);
    this.complain('');
    Object.assign(this, {at: -1, limit: PAGE_OF_PEOPLE, waits: Boolean(this.query), hasty: false});
    this.mark();
    if (!this.query) this.empty();
    else this.timer = setTimeout(() => this.ask(this.query, this.limit), ASKED_AFTER);
  }
  // An answer to what is not written there any more says nothing.
  show({query, rows, more, number = null}) {
    if (query !== this.query || !query) return;
    const known = number && rows.some(({to}) => to === number.to);
    this.rows = [...rows, ...(number && !known ? [{...number, name: `Text ${number.number}`, kind: null, number: number.to.startsWith('+') ? 'new number' : 'short code'}] : [])];
    this.at = this.rows.length === 1 ? 0 : -1;
    this.draw(more);
    this.waits = false;
    if (this.hasty) this.take();
    const found = rows.length === 1 ? '1 found' : `${rows.length}${more ? ' and more' : ''} found`;
    this.said.textContent = rows.length || number ? found : 'Nobody by that name or number';
  }
  draw(more) {
    const nodes = this.rows.map((row, i) => this.option(row, i));
    if (more) nodes.push(h('button', {type: 'button', className: 'more', onclick: () => this.further()}, 'Show more'));
    this.list.replaceChildren(...nodes);
    this.list.hidden = !nodes.length;
    this.input.ariaExpanded = String(nodes.length > 0);
    if (!this.query) this.said.textContent = '';
    this.mark();
  }
  option(row, i) {
    const words = [h('span', {className: 'name', dir: 'auto'}, row.name), SORTS_OF_PEOPLE[row.kind] && h('span', {className: 'label'}, SORTS_OF_PEOPLE[row.kind]), row.number && h('span', {className: 'number'}, row.number), row.stopped && caution(row.stopped)];
    const node = h('div', {role: 'option', id: `${this.id}-${i}`}, ...words);
    node.addEventListener('mousedown', event => event.preventDefault());
    node.addEventListener('click', () => this.choose(row));
    return node;
  }
  mark() {
    [...this.list.querySelectorAll('[role="option"]')].forEach((node, i) => { node.ariaSelected = String(i === this.at); });
    const here = this.at >= 0 ? this.list.children[this.at] : null;
    if (here) this.input.setAttribute('aria-activedescendant', here.id);
    else this.input.removeAttribute('aria-activedescendant');
    here?.scrollIntoView({block: 'nearest'});
  }
  further() {
    this.limit += PAGE_OF_PEOPLE;
    this.ask(this.query, this.limit);
    this.input.focus();
  }
  key(event) {
    const step = {ArrowDown: 1, ArrowUp: -1}[event.key], {length} = this.rows;
    if (step && length) {
      event.preventDefault();
      this.at = this.at < 0 && step < 0 ? length - 1 : (this.at + step + length) % length;
      this.mark();
    }
    if (event.key !== 'Enter' || event.isComposing) return;
    event.preventDefault();
    // Who is quicker than the answer means what it will say, not what stood there for fewer letters.
    if (this.waits) this.hasty = true;
    else if (this.query) this.take();
  }
  take() {
    this.hasty = false;
    if (this.at >= 0) this.choose(this.rows[this.at]);
    else if (!this.rows.length) this.submit(this.query);
    else [this.at = 0].forEach(() => this.mark());
  }
  complain(words) {
    this.error.textContent = words;
    this.input.ariaInvalid = words ? 'true' : null;
  }
}
