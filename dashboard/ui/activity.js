// Settings > Activity: who did what, the newest first. At the top what is new appears; further down it is counted.

const WAIT = 150; // milliseconds after the last key of a search
const NEAR = 300; // pixels from the end at which more is asked for
const TOP = 24; // pixels from the top that still count as being there
const LENS = 'M10.5 4a6.5 6.5 0 0 1 5.2 10.4l4.5 4.4-1.4 1.4-4.5-4.5A6.5 6.5 0 1 1 10.5 4Zm0 2a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9Z';
const UP = 'M12 5.5 19 12.4l-1.4 1.4L13 9.2V19h-2V9.2l-4.6 4.6L5 12.4Z';
const [dayWords, dayWordsYear] = [{}, {year: 'numeric'}].map(more => timeWords({weekday: 'long', day: 'numeric', month: 'long', ...more}));
const ADDRESS = {person: 'person', group: 'kind', query: 'q', from: 'from', to: 'to'};
const dayName = at => ['Today', 'Yesterday'][daysAgo(at)] ?? (isThisYear(at) ? dayWords : dayWordsYear)(at);
// The moment at which a day of the form begins for whoever reads; null for none.
function startOf(day, later = 0) {
  const [year, month, date] = day.split('-').map(Number);
  return date ? new Date(year, month - 1, date + later).getTime() : null;
}
class Activity {
  constructor(model) {
    Object.assign(this, {model, rows: new Map(), nodes: new Map(), labels: new Map(), order: [], more: false, news: '', held: false, loaded: false, timers: {}});
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
    this.empty = h('p', {className: 'none', role: 'status'});
    this.days = h('div', {});
    this.end = h('p', {className: 'end'});
    this.fresh = button('fresh', () => this.toTop(), '', {hidden: true});
    this.list = h('div', {className: 'list', role: 'region', ariaLabel: 'What was done', tabIndex: 0, onscroll: () => this.scrolled()}, this.days, this.empty, this.end);
    const strip = h('div', {className: 'strip'}, this.dot, this.status);
    const body = h('div', {className: 'body'}, this.fresh, this.list);
    this.root = h('div', {className: 'page'}, strip, this.trouble, h('div', {className: 'head'}, this.buildTitle(), this.buildForm()), body);
  }
  buildTitle() {
    this.clear = button('clear', () => this.clearAll(), 'Clear', {title: 'Look for everything again'});
    return h('div', {className: 'title'}, h('h1', {}, 'Activity'), this.clear);
  }
  buildForm() {
    const changed = () => this.seek(), typed = () => { clearTimeout(this.timers.typed); this.timers.typed = setTimeout(changed, WAIT); };
    const words = {ariaLabel: 'Search activity', placeholder: 'Name, number, document or role', autocomplete: 'off', spellcheck: false};
    this.fields = {
      query: h('input', {type: 'search', ...words, oninput: typed}),
      person: h('select', {onchange: changed}, h('option', {value: ''}, 'Everybody')),
      group: h('select', {onchange: changed}, h('option', {value: ''}, 'Everything')),
      from: h('input', {type: 'date', onchange: changed}),
      to: h('input', {type: 'date', onchange: changed}),
    };
    const label = (name, words) => h('label', {className: name}, span('name', words), this.fields[name]);
    const search = h('div', {className: 'search'}, icon(LENS), this.fields.query);
    return h('form', {className: 'form', role: 'search', onsubmit: event => event.preventDefault()},
      search, label('person', 'Who'), label('group', 'What'), label('from', 'From'), label('to', 'To'));
  }
  showConnection(words) {
    this.status.textContent = words;
    this.dot.dataset.state = words;
  }
  apply(patch) {
    if (patch.trouble !== undefined) this.say(patch.trouble);
    if (patch.saved?.error) this.say(patch.saved.error);
    if (patch.groups) this.begin(patch);
    else if (patch.people) this.fill(this.fields.person, patch.people.map(({id, name}) => [id, name]));
    for (const key of ['order', 'more', 'news', 'held']) if (key in patch) this[key] = patch[key];
    for (const row of patch.rows ?? []) this.rows.set(row.id, row);
    this.loaded ||= 'order' in patch;
    this.connection.hear(patch);
    this.draw(patch);
  }
  say(words) { Object.assign(this.trouble, {textContent: words ?? '', hidden: !words}); }
  // A new session of the server does not know yet what this page looks for.
  begin({groups, people}) {
    this.labels = new Map(groups.map(({key, label}) => [key, label]));
    const asked = this.loaded ? this.values() : this.inAddress();
    this.fill(this.fields.group, groups.map(({key, label}) => [key, label]));
    this.fill(this.fields.person, people.map(({id, name}) => [id, name]));
    for (const [key, field] of Object.entries(this.fields)) field.value = asked[key] ?? '';
    for (const key of ['person', 'group']) if (this.fields[key].selectedIndex < 0) this.fields[key].value = '';
    this.rows.clear();
    if (this.isNarrowed()) this.seek();
  }
  fill(select, entries) {
    const {value} = select;
    select.replaceChildren(select.firstChild, ...entries.map(([key, words]) => h('option', {value: key}, words)));
    select.value = value;
    if (select.selectedIndex < 0) select.value = '';
  }
  values() { return Object.fromEntries(Object.entries(this.fields).map(([key, {value}]) => [key, value])); }
  inAddress() {
    const params = new URLSearchParams(location.search);
    return Object.fromEntries(Object.entries(ADDRESS).map(([key, name]) => [key, params.get(name) ?? '']));
  }
  isNarrowed() { return Object.values(this.values()).some(Boolean); }
  seek() {
    clearTimeout(this.timers.typed);
    const {query, person, group, from, to} = this.values();
    this.list.scrollTop = 0;
    this.wanted = null;
    this.send('seek', {query, group, person: person === '' ? null : Number(person), since: startOf(from), until: startOf(to, 1)});
    const named = Object.entries(ADDRESS).map(([key, name]) => [name, this.values()[key]]).filter(([, value]) => value);
    const search = new URLSearchParams(named).toString();
    history.replaceState(history.state, '', location.pathname + (search && `?${search}`));
    this.draw({});
  }
  clearAll() {
    for (const field of Object.values(this.fields)) field.value = '';
    this.fields.query.focus();
    this.seek();
  }
  scrolled() {
    const {scrollTop, scrollHeight, clientHeight} = this.list;
    if (scrollTop > TOP && !this.held && this.order.length) [this.held] = [true, this.send('hold', {upto: this.order[0]})];
    if (scrollTop <= TOP && this.held) this.follow();
    if (!this.more || scrollHeight - scrollTop - clientHeight > NEAR || this.wanted === this.order.length) return;
    this.wanted = this.order.length;
    this.send('more');
  }
  follow() {
    this.held = false;
    this.wanted = null;
    this.send('follow');
  }
  toTop() {
    this.list.focus({preventScroll: true});
    this.list.scrollTop = 0;
    this.follow();
  }
  draw(patch) {
    this.clear.style.visibility = this.isNarrowed() ? 'visible' : 'hidden';
    if (patch.order || patch.rows) this.arrange();
    this.fresh.replaceChildren(icon(UP), `${this.news} new`);
    if (!this.news) letGo(this.fresh, this.list);
    this.fresh.hidden = !this.news;
    const {from, to} = this.values();
    const nothing = from && to && from > to ? '“From” is a later day than “To”: nothing lies between them.'
      : this.isNarrowed() ? 'Nothing matches. Look for less, or for other days.' : 'Nothing has been done here yet.';
    this.empty.textContent = this.loaded && !this.order.length ? nothing : '';
    this.end.textContent = this.loaded && this.order.length ? (this.more ? 'Earlier ones are on their way' : 'That is all of it.') : '';
  }
  // Lines stay what they are, so that what one reads does not move, and the focus stays where it is.
  arrange() {
    const held = this.days.getRootNode().activeElement;
    const lines = this.order.map(id => this.line(this.rows.get(id)));
    this.nodes = new Map(this.order.map((id, i) => [id, lines[i]]));
    for (const id of [...this.rows.keys()]) if (!this.nodes.has(id)) this.rows.delete(id);
    const sections = Map.groupBy ? Map.groupBy(lines, ({day}) => day) : lines.reduce((all, line) => all.set(line.day, [...all.get(line.day) ?? [], line]), new Map());
    this.days.replaceChildren(...[...sections].map(([day, inside]) => this.section(day, inside)));
    if (held?.isConnected && this.days.contains(held)) held.focus({preventScroll: true});
  }
  section(day, lines) {
    const words = dayName(day);
    return h('section', {}, h('h2', {}, words), h('ul', {className: 'entries', ariaLabel: `Activity, ${words}`}, ...lines));
  }
  line(row) {
    const known = this.nodes.get(row.id);
    if (known?.row === row) return known;
    const node = entryNode(row, {when: clock, linked: true, more: [span('sort', this.labels.get(row.group))]});
    return Object.assign(node, {row, day: dayOf(row.at)});
  }
  close() {
    clearTimeout(this.timers.typed);
    this.connection.close();
  }
}
export function render(context) { return bringToLife(context, new Activity(context.model)); }
