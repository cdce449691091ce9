// The left pane: tabs, filter, search, bulk actions and the windowed list of threads.

const ROW = 68, MARGIN = 15, DAY = 86400000; // ROW is --row in the CSS
const KINDS = {lead: 'Lead', resource: 'Resource', unknown: 'Unknown'};
const TABS = {received: 'Received', sent: 'Sent'};
const DOTS = 'M5 10.5a1.5 1.5 0 1 1 0 3 1.5 1.5 0 0 1 0-3Zm7 0a1.5 1.5 0 1 1 0 3 1.5 1.5 0 0 1 0-3Zm7 0a1.5 1.5 0 1 1 0 3 1.5 1.5 0 0 1 0-3Z';
const CROSS = 'M6.4 5 12 10.6 17.6 5 19 6.4 13.4 12l5.6 5.6-1.4 1.4-5.6-5.6L6.4 19 5 17.6l5.6-5.6L5 6.4Z';
const LENS = 'M10.5 4a6.5 6.5 0 0 1 5.2 10.4l4.5 4.4-1.4 1.4-4.5-4.5A6.5 6.5 0 1 1 10.5 4Zm0 2a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9Z';
const CLIP = 'M16.5 6.5v10a4.5 4.5 0 0 1-9 0v-11a3 3 0 0 1 6 0v10a1.5 1.5 0 0 1-3 0V7H9v8.5a3 3 0 0 0 6 0v-10a4.5 4.5 0 0 0-9 0v11a6 6 0 0 0 12 0v-10Z';
const lives = new WeakMap();
const number = new Intl.NumberFormat('en-US').format;
const [clock, weekday, monthDay, fullDate] = [
  {hour: 'numeric', minute: '2-digit'}, {weekday: 'short'}, {day: 'numeric', month: 'short'}, {day: 'numeric', month: 'short', year: 'numeric'},
].map(parts => new Intl.DateTimeFormat(undefined, parts).format);
const dayOf = at => new Date(at).setHours(0, 0, 0, 0);
const plural = (n, word) => `${number(n)} ${word}${n === 1 ? '' : 's'}`;
function when(at) {
  const days = Math.round((dayOf(Date.now()) - dayOf(at)) / DAY);
  if (days <= 0) return clock(at).replace(/\u202f/g, ' ');
  if (days < 7) return days === 1 ? 'Yesterday' : weekday(at);
  return (new Date(at).getFullYear() === new Date().getFullYear() ? monthDay : fullDate)(at);
}
const removal = ({removed, removed_by: by, removed_at: at}) => removed && ['Removed', by && ` by ${by}`, at && `, ${when(at)}`].filter(Boolean).join('');
function h(tag, properties, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children.filter(Boolean));
  return node;
}
const span = (className, ...children) => h('span', {className}, ...children);
const button = (className, onclick, content, more) => h('button', {type: 'button', className, onclick, ...more}, content);
function icon(shape) {
  const [svg, path] = ['svg', 'path'].map(tag => document.createElementNS('http://www.w3.org/2000/svg', tag));
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.ariaHidden = 'true';
  path.setAttribute('d', shape);
  svg.append(path);
  return svg;
}
class Row {
  constructor(id, pane) {
    this.id = id;
    this.box = h('input', {type: 'checkbox', onchange: () => pane.tick(id, this.box.checked)});
    this.open = button('open', () => pane.open(id));
    this.node = h('div', {className: 'row', role: 'listitem'}, h('label', {className: 'tick'}, this.box), this.open);
    this.node.dataset.thread = id;
  }
  fill(row) {
    Object.assign(this, {row, day: dayOf(Date.now())});
    const {name, kind, at, unread, text, attachments} = row;
    const snippet = text || (attachments ? plural(attachments, 'attachment') : 'No text');
    const gone = removal(row);
    const words = [name, KINDS[kind], gone, snippet.slice(0, 160), when(at), unread > 0 && 'unread'];
    this.node.dataset.unread = String(unread > 0);
    this.box.ariaLabel = `Select ${name}`;
    this.open.ariaLabel = words.filter(Boolean).join(', ');
    const pill = unread > 1 && span('pill', unread > 99 ? '99+' : String(unread));
    const low = span('line low', gone && span('gone-by', `${gone} ·`), attachments > 0 && icon(CLIP), h('span', {className: 'snippet', dir: 'auto'}, snippet), pill);
    this.open.replaceChildren(span('dot'), this.topLine(row), low);
  }
  topLine({name, number: address, kind, removed, at}) {
    const labels = [KINDS[kind] && span('label', KINDS[kind]), removed && span('label gone', 'Removed')];
    const time = h('time', {dateTime: new Date(at).toISOString()}, when(at));
    return span('line', h('span', {className: 'name', dir: 'auto'}, name), ...labels, address !== name && span('number', address), time);
  }
  reach(on) { this.box.tabIndex = this.open.tabIndex = on ? 0 : -1; }
  place(index, total, selected, ticked) {
    this.index = index;
    this.box.checked = ticked;
    this.node.style.transform = `translateY(${index * ROW}px)`;
    Object.assign(this.node, {ariaSetSize: total, ariaPosInSet: index + 1, ariaCurrent: selected ? 'true' : null});
  }
}
// The held node is never taken out of the page: it would lose its focus.
function arrange(parent, nodes, held) {
  let cursor = parent.firstElementChild;
  for (const node of nodes) {
    while (node === held && cursor !== held) [cursor] = [cursor.nextElementSibling, parent.append(cursor)];
    if (node === cursor) cursor = cursor.nextElementSibling;
    else parent.insertBefore(node, cursor);
  }
}
class ThreadList {
  constructor(model) {
    const view = {tab: 'received', filter: 'all', query: '', unread: false};
    this.state = {view, badge: 0, total: 0, above: 0, order: [], thread: null, revision: 0, others: null, sentence: ''};
    Object.assign(this, {model, ticks: new Set(), everything: false, actions: [], rows: new Map(), shown: new Map()});
    this.timers = {day: setInterval(() => this.drawList(), 30000)};
    this.build();
  }
  send(op, more) { this.model.send_msg({op, ...more}); }
  build() {
    this.list = h('div', {className: 'list', role: 'list', ariaLabel: 'Threads', onkeydown: event => this.walk(event)});
    this.list.addEventListener('focusin', () => this.walked());
    this.empty = h('div', {className: 'empty'});
    this.scroller = h('div', {className: 'scroller', role: 'tabpanel', tabIndex: -1, onscroll: () => this.wantWindow()}, this.list, this.empty);
    this.notice = new Notice(revision => this.send('undo', {revision}));
    this.root = h('div', {className: 'threads'}, this.buildHead(), this.scroller, this.notice.root, this.conversing.dialog);
    this.sizes = new ResizeObserver(() => this.wantWindow());
    this.sizes.observe(this.scroller);
  }
  buildHead() { return h('div', {className: 'head'}, this.buildTabs(), this.buildSearch(), this.buildTools()); }
  buildTabs() {
    const onkeydown = event => this.turnTab(event);
    const tab = key => button(`tab ${key}`, () => this.chooseTab(key), TABS[key], {role: 'tab', onkeydown});
    this.tabs = {received: tab('received'), sent: tab('sent')};
    this.badge = button('badge', () => this.send('unread'));
    this.conversing = new NewConversation((op, more) => this.send(op, more));
    const labels = {className: 'tablist', role: 'tablist', ariaLabel: 'Messages'};
    return h('div', {className: 'tabs'}, h('div', labels, this.tabs.received, this.tabs.sent), this.badge, this.conversing.opener);
  }
  buildSearch() {
    const words = {ariaLabel: 'Search name or number', placeholder: 'Search name or number', autocomplete: 'off', spellcheck: false};
    this.input = h('input', {type: 'search', ...words, oninput: () => this.typed(), onkeydown: event => this.searchKey(event)});
    const clear = button('icon clear', () => this.clearSearch(), icon(CROSS), {ariaLabel: 'Clear search'});
    this.filter = h('select', {ariaLabel: 'Filter', onchange: () => this.send('filter', {filter: this.filter.value})});
    return h('div', {className: 'find'}, h('div', {className: 'search', role: 'search'}, icon(LENS), this.input, clear), this.filter);
  }
  buildTools() {
    const events = {onbeforetoggle: () => this.fillMenu(), ontoggle: event => this.menuTurned(event), onkeydown: event => this.menuKey(event)};
    this.menu = h('div', {className: 'menu', role: 'menu', ariaLabel: 'Bulk actions', popover: 'auto', ...events});
    const labels = {ariaLabel: 'Bulk actions', ariaHasPopup: 'menu', ariaExpanded: 'false'};
    this.bulk = button('icon bulk', null, icon(DOTS), {...labels, popoverTargetElement: this.menu});
    [this.chosen, this.count, this.scope] = ['chosen', 'count', 'scope'].map(name => span(name));
    this.all = button('quiet', () => this.chooseTab('received'), 'Show all');
    this.other = button('quiet', () => this.chooseTab(this.state.others.tab));
    this.whole = h('input', {type: 'checkbox', onchange: () => this.tickAll(this.whole.checked)});
    this.log = new RecentActs((op, more) => this.send(op, more));
    const whole = h('label', {className: 'tick whole'}, this.whole);
    return h('div', {className: 'tools'}, whole, this.bulk, this.menu, this.log.opener, this.log.box, this.chosen, this.count, this.all, this.other, this.scope);
  }
  apply(patch) {
    const eye = patch.reset || this.scroller.scrollTop === 0 ? [] : this.eye();
    const before = this.state.thread;
    for (const key of Object.keys(patch)) if (key in this.state) this.state[key] = patch[key];
    if (patch.ticks) [this.ticks, this.everything] = [new Set(patch.ticks), patch.all ?? this.everything];
    if (patch.actions) this.actions = patch.actions;
    for (const row of patch.rows ?? []) this.rows.set(row.id, row);
    if (patch.order) this.rows = new Map(patch.order.map(id => [id, this.rows.get(id)]));
    this.loaded ||= 'order' in patch;
    this.count.ariaLive = patch.reset ? 'polite' : 'off';
    this.drawHead(patch);
    this.drawList();
    this.settle(eye, patch.reset);
    this.conversing.hear(patch);
    if (patch.notice) this.notice.show(patch.notice);
    if (patch.acts) this.log.show(patch.acts);
    if (patch.thread === null && before !== null) setTimeout(() => this.comeBack(before), 80);
  }
  drawHead({view, filters}) {
    if (filters) this.filter.replaceChildren(...filters.map(({key, label}) => new Option(label, key)));
    if (view || filters) this.filter.value = this.state.view.filter;
    if (view) this.followQuery(view.query);
    this.drawTabs();
    this.drawBulk();
    this.drawCount();
  }
  drawTabs() {
    const {view, badge} = this.state;
    const marked = key => ({ariaSelected: String(key === view.tab), tabIndex: key === view.tab ? 0 : -1});
    for (const [key, tab] of Object.entries(this.tabs)) Object.assign(tab, marked(key));
    this.scroller.ariaLabel = TABS[view.tab];
    this.tabs.received.ariaLabel = badge ? `Received, ${number(badge)} unread` : 'Received';
    if (!badge && this.badge.matches(':focus')) this.tabs[view.tab].focus();
    Object.assign(this.badge, {hidden: !badge, textContent: badge > 999 ? '999+' : badge, ariaLabel: `Show ${number(badge)} unread`});
  }
  drawBulk() {
    const {total} = this.state, size = this.everything ? Math.max(0, total - this.ticks.size) : this.ticks.size;
    Object.assign(this.whole, {checked: this.everything && size > 0, indeterminate: size > 0 && size < total, disabled: !total, ariaLabel: `Select all ${number(total)} that match`});
    if (!size && this.bulk.matches(':focus')) this.scroller.focus();
    this.bulk.disabled = !size;
    this.chosen.textContent = size ? `${number(size)} selected` : '';
  }
  drawCount() {
    const {view, total, others, sentence} = this.state;
    this.count.textContent = this.loaded ? plural(total, view.unread ? 'unread thread' : 'thread') : '';
    this.all.hidden = !view.unread;
    Object.assign(this.other, {hidden: !others?.count, textContent: others ? `${number(others.count)} more in ${TABS[others.tab]}` : ''});
    this.scope.textContent = view.query || view.filter !== 'all' ? sentence : '';
  }
  drawList() {
    const {order, above, total} = this.state;
    const held = this.held(), wanted = new Set(order);
    this.list.style.height = `${total * ROW}px`;
    order.forEach((id, i) => this.rows.has(id) && this.drawRow(id, above + i));
    for (const [id, {node}] of this.shown) if (!wanted.has(id) && this.shown.delete(id)) node.remove();
    arrange(this.list, order.filter(id => this.shown.has(id)).map(id => this.shown.get(id).node), this.held()?.node);
    if (held && !wanted.has(held.id)) this.focusNear(held);
    this.reachOne();
    this.empty.replaceChildren(...(this.loaded && total === 0 ? this.emptyWords() : []));
  }
  // Tab stops at one row of the list, not at each of a hundred; the arrows move from row to row.
  reachOne() {
    const {first} = this.inView();
    const stop = [this.stop, this.state.thread].find(id => this.shown.has(id));
    for (const [id, row] of this.shown) row.reach(stop === undefined ? row.index === first : id === stop);
  }
  walk(event) {
    const by = {ArrowDown: 1, ArrowUp: -1}[event.key], here = by && this.held();
    const next = here && [...this.shown.values()].find(({index}) => index === here.index + by);
    if (!next) return;
    event.preventDefault();
    (event.target === here.box ? next.box : next.open).focus({preventScroll: true});
    next.node.scrollIntoView({block: 'nearest'});
  }
  walked() {
    const here = this.held();
    if (!here || here.id === this.stop) return;
    this.stop = here.id;
    this.reachOne();
  }
  drawRow(id, index) {
    if (!this.shown.has(id)) this.shown.set(id, new Row(id, this));
    const row = this.shown.get(id);
    if (row.row !== this.rows.get(id) || row.day !== dayOf(Date.now())) row.fill(this.rows.get(id));
    row.place(index, this.state.total, id === this.state.thread, this.isTicked(id));
  }
  emptyWords() {
    const {unread, query, filter, tab} = this.state.view;
    const say = (title, words) => [h('h3', {dir: 'auto'}, title), h('p', {}, words)];
    if (unread) return say('Everything is read', 'New texts show here as they come.');
    if (!query && filter === 'all') return say('No texts yet', `The first one to be ${tab} shows here.`);
    const where = this.filter.selectedOptions[0]?.textContent ?? 'this filter';
    const words = query ? say(`Nothing matches “${query}”`, filter !== 'all' && `Only ${where} were looked through.`) : say(`Nothing matches ${where}`);
    return [...words, button('button', () => this.clearView(), 'Clear search and filter')];
  }
  chooseTab(tab) {
    this.state.view = {...this.state.view, tab};
    this.drawTabs();
    this.send('tab', {tab});
  }
  turnTab({key}) {
    if (key !== 'ArrowLeft' && key !== 'ArrowRight') return;
    const other = this.state.view.tab === 'sent' ? 'received' : 'sent';
    this.tabs[other].focus();
    this.chooseTab(other);
  }
  typed() {
    this.typedAt = Date.now();
    clearTimeout(this.timers.search);
    this.timers.search = setTimeout(() => this.search(), 150);
  }
  search() { clearTimeout(this.timers.search); this.send('search', {query: this.input.value}); }
  searchKey(event) {
    if (event.key === 'Enter') this.search();
    if (event.key === 'Escape' && this.input.value) this.clearSearch();
  }
  clearSearch() { this.input.value = ''; this.input.focus(); this.search(); }
  clearView() { this.send('filter', {filter: 'all'}); this.clearSearch(); }
  // What the server repeats is older than what is being typed.
  followQuery(query) {
    const typing = this.input.matches(':focus') && Date.now() - this.typedAt < 2000;
    if (!typing && this.input.value.trim() !== query.trim()) this.input.value = query;
  }
  isTicked(id) { return this.ticks.has(id) !== this.everything; }
  // What is removed can be brought back, what is not can be removed; a search shows both.
  fillMenu() {
    const only = this.state.view.filter === 'removed';
    const back = only || (Boolean(this.state.view.query) && (this.everything || [...this.ticks].some(id => this.rows.get(id)?.removed)));
    const fit = this.actions.filter(({removed}) => removed === null || (removed ? back : !only));
    this.menu.replaceChildren(...fit.map(({key, label}) => this.menuItem(key, label)));
  }
  menuItem(key, label) { return button('', () => this.act(key), label, {role: 'menuitem', tabIndex: -1, ariaLabel: label}); }
  act(act) { this.closeMenu(); this.send('act', {act, seen: this.state.revision}); }
  closeMenu() { this.menu.hidePopover(); this.bulk.focus(); }
  menuTurned({newState}) {
    const {left, bottom} = this.bulk.getBoundingClientRect();
    this.bulk.ariaExpanded = String(newState === 'open');
    Object.assign(this.menu.style, {left: `${left}px`, top: `${bottom + 4}px`});
    if (newState === 'open') this.menu.firstElementChild?.focus();
  }
  menuKey(event) {
    const items = [...this.menu.children];
    const at = items.indexOf(event.target);
    const to = {ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1}[event.key];
    if (event.key === 'Tab' || event.key === 'Escape') this.closeMenu();
    if (to === undefined) return;
    items.at(to % items.length).focus();
    event.preventDefault();
  }
  tick(id, on) {
    this.ticks[on !== this.everything ? 'add' : 'delete'](id);
    this.drawBulk();
    this.send('tick', {thread: id, on});
  }
  tickAll(on) {
    [this.everything, this.ticks] = [on, new Set()];
    this.drawBulk();
    this.drawList();
    this.send('tick_all', {on});
  }
  // One key, from anywhere in the inbox: acts are for the ticked rows, else for the row with the focus, else for the open one.
  key(key) {
    const here = this.held(), step = {j: 1, k: -1}[key];
    if (step) this.step(step, here);
    if (key === '/') this.input.focus();
    if (key === 'row') (this.shown.get(this.stop) ?? this.shown.get(this.state.thread) ?? this.firstInView())?.open.focus();
    if (key === 'z') this.notice.undo();
    if (key === 'x' && here) [here.box.checked = !here.box.checked].forEach(on => this.tick(here.id, on));
    if (key === 'u') this.actOn('mark_unopened', here);
    if (key === 'e') this.actOn('remove', here);
  }
  step(by, here) {
    const from = here ?? this.shown.get(this.stop) ?? this.shown.get(this.state.thread);
    const next = from ? [...this.shown.values()].find(({index}) => index === from.index + by) : this.firstInView();
    if (!next) return;
    next.open.focus({preventScroll: true});
    next.node.scrollIntoView({block: 'nearest'});
  }
  firstInView() { return [...this.shown.values()].find(({index}) => index >= this.inView().first); }
  actOn(act, here) {
    const id = here?.id ?? this.state.thread, ticked = !this.bulk.disabled;
    if (!ticked && !id) return;
    this.send('act', {act, seen: this.state.revision, ...(ticked ? {} : {threads: [id]})});
  }
  open(id) {
    this.state.thread = id;
    this.drawList();
    const {name, number, kind, removed, removed_by, removed_at} = this.shown.get(id).row;
    const detail = {id, name, number, kind, removed, removed_by, removed_at};
    this.root.dispatchEvent(new CustomEvent('mc-open', {detail, bubbles: true, composed: true}));
    this.send('open', {thread: id, opening: detail.opening});
  }
  held() {
    const active = this.root.getRootNode().activeElement;
    return active && [...this.shown.values()].find(({node}) => node.contains(active));
  }
  focusNear(lost) {
    const near = [...this.shown.values()].find(({index}) => index >= lost.index);
    (near?.open ?? this.scroller).focus({preventScroll: true});
  }
  comeBack(id) { if (document.activeElement === document.body) this.shown.get(id)?.open.focus({preventScroll: true}); }
  inView() {
    const {scrollTop, clientHeight} = this.scroller;
    return {first: Math.floor(scrollTop / ROW), last: Math.ceil((scrollTop + clientHeight) / ROW)};
  }
  eye() {
    const {first, last} = this.inView();
    const seen = [...this.shown.values()].filter(({index}) => index >= first && index < last);
    return seen.map(({id, index}) => ({id, index})).sort((a, b) => a.index - b.index);
  }
  // The eye follows the first row in view, but not one that jumps up alone: that would take the reader to the top.
  settle(eye, reset) {
    const moves = eye.filter(({id}) => this.shown.has(id)).map(({id, index}) => this.shown.get(id).index - index);
    const move = moves.find((by, i) => by >= 0 || moves.includes(by, i + 1));
    if (move) this.scroller.scrollTop += move * ROW;
    if (reset) [this.scroller.scrollTop, this.asked, this.stop] = [0, 0, null];
    this.wantWindow();
  }
  wantWindow() {
    const {above, order, total} = this.state;
    const {first, last} = this.inView(), end = above + order.length;
    const near = (above > 0 && first - above < MARGIN) || (end < total && end - last < MARGIN);
    if (near && first !== this.asked && this.scroller.clientHeight) this.timers.window ||= setTimeout(() => this.ask(), 80);
  }
  ask() {
    this.timers.window = 0;
    this.asked = this.inView().first;
    this.send('window', {index: this.asked});
  }
  close() { this.notice.close(); this.sizes.disconnect(); Object.values(this.timers).forEach(clearTimeout); }
}
// One living instance per view; it goes when the view goes.
export function render({model, view, el}) {
  const part = new ThreadList(model);
  const hear = patch => part.apply(patch);
  const end = () => { model.off('msg:custom', hear); part.close(); };
  lives.get(view ?? el)?.();
  lives.set(view ?? el, end);
  model.on('msg:custom', hear);
  model.on('lifecycle:remove', end);
  setTimeout(() => {
    part.root.getRootNode().host?.addEventListener('mc-key', event => part.key(event.detail));
    model.send_msg({op: 'ready'});
  });
  return part.root;
}
