// Settings > Documents: the list, and one text document being read or written, with what it will look like.

const NEAR = 200; // pixels from the end of the list at which more is asked for
const WAIT = 120; // milliseconds after the last key of a search
const LENS = 'M10.5 4a6.5 6.5 0 0 1 5.2 10.4l4.5 4.4-1.4 1.4-4.5-4.5A6.5 6.5 0 1 1 10.5 4Zm0 2a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9Z';
const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(8)), byte => byte.toString(16).padStart(2, '0')).join('');
class Documents {
  constructor(model) {
    this.state = {query: '', total: 0, order: [], asked: null, document: null};
    Object.assign(this, {model, rows: new Map(), fields: [], limits: {title: 80, body: 1600}, current: null, edits: new Edits(), asked: new Map(), n: 0});
    this.build();
    this.connection = new Connection(model, words => this.showConnection(words));
    this.connection.served = true;
  }
  send(op, more) { this.model.send_msg({op, ...more}); }
  build() {
    this.dot = span('dot');
    this.dot.ariaHidden = 'true';
    this.status = h('span', {className: 'status', role: 'status', ariaLabel: 'Connection'});
    this.trouble = h('p', {className: 'trouble', role: 'alert', hidden: true});
    this.form = new DocumentForm(this);
    const strip = h('div', {className: 'strip'}, this.dot, this.status);
    this.root = h('div', {className: 'page'}, strip, this.trouble, h('div', {className: 'panes'}, this.buildList(), this.form.root));
    this.root.dataset.open = 'false';
  }
  buildList() {
    const words = {ariaLabel: 'Search text documents', placeholder: 'Search title or text', autocomplete: 'off', spellcheck: false};
    this.input = h('input', {type: 'search', ...words, oninput: () => this.typed()});
    this.add = button('add', () => this.open(null, true), 'New text document');
    this.count = h('p', {className: 'total', ariaLive: 'polite'});
    this.list = h('ul', {className: 'list', ariaLabel: 'Text documents', onscroll: () => this.scrolled()});
    this.empty = h('p', {className: 'none'});
    const search = h('div', {className: 'search', role: 'search'}, icon(LENS), this.input);
    return h('section', {className: 'side', ariaLabel: 'All text documents'}, h('h1', {}, 'Documents'), h('div', {className: 'head'}, search, this.add), this.count, this.list, this.empty);
  }
  showConnection(words) {
    this.status.textContent = words;
    this.dot.dataset.state = words;
  }
  apply(patch) {
    for (const key of Object.keys(patch)) if (key in this.state) this.state[key] = patch[key];
    if (patch.fields) this.fields = patch.fields;
    if (patch.limits) this.limits = patch.limits;
    for (const row of patch.rows ?? []) this.rows.set(row.id, row);
    if (patch.trouble !== undefined) Object.assign(this.trouble, {textContent: patch.trouble ?? '', hidden: !patch.trouble});
    this.loaded ||= 'order' in patch;
    this.connection.hear(patch);
    this.drawList();
    if (patch.fields) this.begin();
    if (patch.saved) this.answered(patch.saved);
    this.form.follow(this.known());
    if (patch.history) this.past = patch.history;
    this.form.past.show(this.current && this.current.id === this.state.asked ? this.past ?? [] : []);
  }
  // A new session of the server does not know yet what this page looks at.
  begin() {
    this.form.drawFields();
    const before = take('document');
    if (before) this.comeBack(before);
    if (this.input.value) this.search();
    if (this.current) this.send('open', {document: this.current.id});
  }
  comeBack({query, current, base, field, range}) {
    this.input.value = query;
    if (current) this.show(current.id, base);
    const fields = {search: this.input, title: this.form.title, body: this.form.body};
    if (field) goOn(fields[field], range);
  }
  // What the server says of the open document: undefined while it has not said anything of it.
  known() {
    const id = this.current?.id ?? null;
    if (id === null || this.state.asked !== id) return this.rows.get(id);
    return this.state.document;
  }
  typed() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.search(), WAIT);
  }
  search() { this.send('search', {query: this.input.value}); }
  scrolled() {
    const {scrollHeight, scrollTop, clientHeight} = this.list;
    if (this.state.order.length >= this.state.total || scrollHeight - scrollTop - clientHeight > NEAR || this.wanted === this.state.order.length) return;
    this.wanted = this.state.order.length;
    this.send('more');
  }
  drawList() {
    const {order, total, query} = this.state;
    const held = this.list.querySelector(':focus')?.dataset.document;
    this.list.replaceChildren(...order.map(id => this.line(this.rows.get(id))));
    if (held) this.list.querySelector(`[data-document="${held}"]`)?.focus({preventScroll: true});
    this.count.textContent = this.loaded ? `${number(total)} text document${total === 1 ? '' : 's'}${query ? ` with “${query}”` : ''}` : '';
    this.empty.textContent = this.loaded && !total ? (query ? 'Nothing matches.' : 'A text that is sent again and again is written here once.') : '';
  }
  line({id, title, body}) {
    const unsaved = this.edits.has(id) && span('unsaved', 'Unsaved');
    const open = button('open', () => this.open(id, true), [h('strong', {dir: 'auto'}, title), unsaved, h('span', {className: 'text', dir: 'auto'}, body)].filter(Boolean));
    open.dataset.document = id;
    open.ariaCurrent = this.current?.id === id ? 'true' : null;
    return h('li', {}, open);
  }
  open(id, focus) {
    this.send('open', {document: id});
    this.show(id, this.rows.get(id) ?? null);
    if (focus) this.form.title.focus();
  }
  show(id, base) {
    this.current = {id};
    this.root.dataset.open = 'true';
    this.form.show(id, base);
    this.drawList();
  }
  leave() {
    this.current = null;
    this.root.dataset.open = 'false';
    this.send('open', {document: null});
    this.form.hide();
    this.drawList();
    (this.list.querySelector('button') ?? this.add).focus();
  }
  close(held) {
    this.connection.close();
    const {current, form: {base, title, body}, input} = this;
    const field = held === input ? 'search' : held === title ? 'title' : held === body ? 'body' : null;
    leave('document', {query: input.value, current, base, field, range: field && rangeOf(held)});
  }
  ask(op, more) {
    const key = newKey();
    this.asked.set(key, {op, id: this.current.id, edit: this.edits.get(this.current.id)});
    this.send(op, {key, ...more});
  }
  isSaving(id) { return [...this.asked.values()].some(asked => asked.id === id && asked.op === 'save'); }
  answered({key, error, seen, document}) {
    const asked = this.asked.get(key);
    if (!asked) return error && this.form.say(error);
    this.asked.delete(key);
    const here = this.current?.id === asked.id;
    if (error) return here && this.form.refused(error, seen, asked.op);
    // What was typed while it was being saved is not saved yet.
    if (this.edits.get(asked.id) === asked.edit) this.edits.drop(asked.id);
    if (asked.op === 'delete') return here && this.leave();
    if (here) this.form.saved({document, seen});
    return this.drawList();
  }
}
export function render(context) { return bringToLife(context, new Documents(context.model)); }
