// The left pane: tabs, filter, search, bulk actions and the windowed list of threads.

const MARGIN = 15; // rows
const PATIENT = 20; // looks, 50 ms apart, whether the focus has been lost
const TABS = {received: 'Received', sent: 'Sent'};
const CROSS = 'M6.4 5 12 10.6 17.6 5 19 6.4 13.4 12l5.6 5.6-1.4 1.4-5.6-5.6L6.4 19 5 17.6l5.6-5.6L5 6.4Z';
const LENS = 'M10.5 4a6.5 6.5 0 0 1 5.2 10.4l4.5 4.4-1.4 1.4-4.5-4.5A6.5 6.5 0 1 1 10.5 4Zm0 2a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9Z';
class ThreadList {
  constructor(model) {
    const view = {tab: 'received', filter: 'all', query: '', unread: false};
    this.state = {view, badge: 0, total: 0, above: 0, order: [], thread: null, revision: 0, others: null, sentence: '', present: {}, failing: null};
    Object.assign(this, {model, actions: [], rows: new Map(), shown: new Map()});
    this.ticks = new Ticks((op, more) => this.send(op, more));
    this.timers = {day: setInterval(() => this.drawList(), 30000)};
    this.build();
    this.drawHead({}); // until the first patch comes: no badge, nothing to press
  }
  send(op, more) { this.model.send_msg({op, ...more}); }
  turnTo(op, more) {
    this.ticks.ask(op, more);
    this.drawBusy();
  }
  get isBusy() { return !this.loaded || this.ticks.isWaiting || Boolean(this.timers.search); }
  drawBusy() { this.list.ariaBusy = String(this.isBusy); }
  build() {
    this.list = h('div', {className: 'list', role: 'list', ariaLabel: 'Threads', onkeydown: event => this.walk(event)});
    this.list.addEventListener('focusin', () => this.walked());
    this.empty = h('div', {className: 'empty'});
    this.scroller = h('div', {className: 'scroller', role: 'tabpanel', tabIndex: -1, onscroll: () => this.wantWindow()}, this.list, this.empty);
    this.aim = new Aim(this.scroller, point => this.rowUnder(point), (row, target) => this.press(row, target));
    this.notice = new Notice(revision => this.send('undo', {revision}), () => this.goHome());
    this.root = h('div', {className: 'threads'}, this.buildHead(), this.scroller, this.notice.root, this.conversing.dialog);
    this.sizes = new ResizeObserver(() => this.wantWindow());
    this.sizes.observe(this.scroller);
  }
  buildHead() { return h('div', {className: 'head'}, this.buildTabs(), this.buildSearch(), this.buildTools()); }
  buildTabs() {
    const onkeydown = event => this.turnTab(event);
    const tab = key => button(`tab ${key}`, () => this.chooseTab(key), TABS[key], {role: 'tab', onkeydown});
    this.tabs = {received: tab('received'), sent: tab('sent')};
    this.badge = button('badge', () => this.turnTo('unread'));
    this.conversing = new NewConversation((op, more) => this.send(op, more));
    const labels = {className: 'tablist', role: 'tablist', ariaLabel: 'Messages'};
    return h('div', {className: 'tabs'}, h('div', labels, this.tabs.received, this.tabs.sent), this.badge, this.conversing.opener);
  }
  buildSearch() {
    const words = {ariaLabel: 'Search name or number', placeholder: 'Search name or number', autocomplete: 'off', spellcheck: false};
    this.input = h('input', {type: 'search', ...words, oninput: () => this.typed(), onkeydown: event => this.searchKey(event)});
    const clear = button('icon clear', () => this.clearSearch(), icon(CROSS), {ariaLabel: 'Clear search'});
    this.filter = h('select', {ariaLabel: 'Filter', onchange: () => this.turnTo('filter', {filter: this.filter.value})});
    return h('div', {className: 'find'}, h('div', {className: 'search', role: 'search'}, icon(LENS), this.input, clear), this.filter);
  }
  buildTools() {
    this.bulk = new BulkMenu(() => this.fitting(), key => this.act(key));
    [this.chosen, this.count, this.scope] = ['chosen', 'count', 'scope'].map(name => span(name));
    this.all = button('quiet', () => this.chooseTab('received'), 'Show all');
    this.other = button('quiet', () => this.chooseTab(this.state.others.tab), []);
    this.failing = button('quiet failing', () => this.turnTo('filter', {filter: 'failed'}), [], {title: 'Show them'});
    this.whole = h('input', {type: 'checkbox', onchange: () => this.tickAll(this.whole.checked)});
    this.log = new RecentActs((op, more) => this.send(op, more));
    const whole = h('label', {className: 'tick whole'}, this.whole);
    const menus = [this.bulk.opener, this.bulk.menu, this.log.opener, this.log.box];
    return h('div', {className: 'tools'}, whole, ...menus, this.chosen, this.count, this.all, this.other, this.scope, this.failing);
  }
  apply(patch) {
    const eye = patch.reset || this.scroller.scrollTop === 0 ? [] : this.eye();
    const before = this.state.thread;
    this.aim.hold(patch.reset || 'turn' in patch);
    this.ticks.hear(patch, this.loaded);
    for (const key of Object.keys(patch)) if (key in this.state) this.state[key] = patch[key];
    if (patch.actions) this.actions = patch.actions;
    for (const row of patch.rows ?? []) this.rows.set(row.id, row);
    if (patch.order) this.rows = new Map(patch.order.map(id => [id, this.rows.get(id)]));
    this.loaded ||= 'order' in patch;
    this.count.ariaLive = 'turn' in patch || patch.reset ? 'polite' : 'off';
    if (patch.trouble === null) this.asked = null; // what was asked while the database was away nobody has answered
    this.drawHead(patch);
    this.drawList();
    this.settle(eye, patch.reset);
    this.aim.check();
    this.conversing.hear(patch);
    if (patch.notice) this.notice.show(patch.notice);
    if (patch.acts) this.log.show(patch.acts);
    else if (patch.revision) this.log.refresh();
    if (patch.thread === null && before !== null) this.comeBack(PATIENT);
    if (patch.view) this.goOn();
    this.hasty &&= this.input.matches(':focus');
    if (this.hasty) this.goDown();
  }
  // What was typed without a connection is searched for now.
  goOn() {
    const {query, range} = take('seeking') ?? {};
    if (range && goOn(this.input, range, query) && query.trim() !== this.state.view.query.trim()) this.typed();
  }
  drawHead({view, filters}) {
    if (filters) this.filter.replaceChildren(...filters.map(({key, label}) => new Option(label, key)));
    if (view || filters) this.filter.value = this.state.view.filter;
    if (view) this.followQuery(view.query);
    this.drawTabs();
    this.drawBusy();
    this.drawBulk();
    this.drawCount();
  }
  drawTabs() {
    const {view, badge} = this.state;
    const marked = key => ({ariaSelected: String(key === view.tab), tabIndex: key === view.tab ? 0 : -1});
    for (const [key, tab] of Object.entries(this.tabs)) Object.assign(tab, marked(key));
    this.scroller.ariaLabel = TABS[view.tab];
    this.tabs.received.ariaLabel = badge ? `Received, ${number(badge)} unread` : 'Received';
    if (!badge) letGo(this.badge, this.tabs[view.tab]);
    Object.assign(this.badge, {hidden: !badge, textContent: badge > 999 ? '999+' : badge, ariaLabel: `Show ${number(badge)} unread`});
  }
  drawBulk() {
    const {total} = this.state, size = this.ticks.count(total);
    const words = `Select all ${number(total)} that match`;
    if (!total) letGo(this.whole, this.scroller);
    Object.assign(this.whole, {checked: size > 0 && size === total, indeterminate: size > 0 && size < total, disabled: !total, ariaLabel: words, title: words});
    if (!size) letGo(this.bulk.opener, this.scroller);
    this.bulk.opener.disabled = !size;
    this.bulk.refresh();
    this.chosen.textContent = size ? `${size > 1 && size === total ? 'All ' : ''}${number(size)} selected` : '';
  }
  drawCount() {
    const {view, total, others, sentence} = this.state;
    this.count.textContent = this.loaded ? plural(total, view.unread ? 'unread thread' : 'thread') : '';
    if (!view.unread) letGo(this.all, this.tabs[view.tab]);
    this.all.hidden = !view.unread;
    if (!others?.count) letGo(this.other, this.tabs[view.tab]);
    Object.assign(this.other, {hidden: !others?.count, textContent: others ? `${number(others.count)} more in ${TABS[others.tab]}` : ''});
    const isShown = this.state.failing && view.filter !== 'failed';
    if (!isShown) letGo(this.failing, this.filter);
    Object.assign(this.failing, {hidden: !isShown, textContent: this.state.failing ?? ''});
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
    this.drawEmpty();
  }
  // Tab stops at one row of the list, not at each of a hundred; the arrows move from row to row.
  reachOne() {
    const stop = this.stopRow();
    for (const row of this.shown.values()) row.reach(row === stop);
  }
  stopRow() { return this.remembered() ?? this.rowAt(this.inView().first); }
  remembered() { return this.shown.get([this.stop, this.state.thread].find(id => this.shown.has(id))); }
  rowAt(index) { return [...this.shown.values()].find(row => row.index === index); }
  rowUnder({y}) { return this.rowAt(Math.floor((y - this.list.getBoundingClientRect().top) / ROW)); }
  // One that has gone out of the list meanwhile is not pressed any more.
  press(row, target) {
    if (this.shown.get(row.id) !== row) return;
    const isTick = Boolean(target.closest('.tick'));
    (isTick ? row.box : row.open).focus({preventScroll: true});
    if (isTick) this.turn(row);
    else this.open(row.id);
  }
  walk(event) {
    const by = {ArrowDown: 1, ArrowUp: -1}[event.key], here = this.held();
    if (event.key === 'Enter' && event.target === here?.box) this.open(here.id);
    const next = here && by && this.rowAt(here.index + by);
    if (!next) return;
    event.preventDefault();
    this.goTo(next, event.target === here.box ? next.box : next.open);
  }
  goTo({node}, control) {
    control.focus({preventScroll: true});
    node.scrollIntoView({block: 'nearest'});
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
    const here = hereWords(this.state.present[id]);
    if (row.row !== this.rows.get(id) || row.here !== here || row.day !== dayOf(Date.now())) row.fill(this.rows.get(id), here);
    row.place(index, this.state.total, id === this.state.thread, this.ticks.has(id));
  }
  // Drawn anew only when it says something else: there is a button in it.
  drawEmpty() {
    const words = this.loaded && this.state.total === 0 ? this.emptyWords() : [];
    const said = words.map(node => node.textContent).join();
    if (said === this.empty.textContent && words.length === this.empty.children.length) return;
    letGo(this.empty, this.scroller);
    this.empty.replaceChildren(...words);
  }
  emptyWords() {
    const {unread, query, filter, tab} = this.state.view;
    const say = (title, words) => [h('h2', {dir: 'auto'}, title), words && h('p', {}, words)].filter(Boolean);
    if (unread) return say('Everything is read', 'New texts show here as they come.');
    if (!query && filter === 'all') return say('No texts yet', `The first one to be ${tab} shows here.`);
    const clear = button('button', () => this.clearView(), query ? 'Clear search and filter' : 'Show all threads');
    const where = filter === 'removed' ? 'removed threads' : this.filter.selectedOptions[0]?.textContent ?? 'this filter';
    if (query) return [...say(`Nothing matches “${query}”`, filter !== 'all' && `Only ${where} were looked through.`), clear];
    if (filter === 'removed') return [...say('No removed threads', 'What is removed is kept here, and can be brought back.'), clear];
    return [...say(`Nothing matches ${where}`), clear];
  }
  chooseTab(tab) {
    this.state.view = {...this.state.view, tab};
    this.drawTabs();
    this.turnTo('tab', {tab});
  }
  turnTab({key}) {
    if (key !== 'ArrowLeft' && key !== 'ArrowRight') return;
    const other = this.state.view.tab === 'sent' ? 'received' : 'sent';
    this.tabs[other].focus();
    this.chooseTab(other);
  }
  typed() {
    this.typedAt = Date.now();
    this.hasty = false;
    clearTimeout(this.timers.search);
    this.timers.search = setTimeout(() => this.search(), 150);
    this.drawBusy();
  }
  // The view is chosen by the address: what was being typed is over, and what the server does not know yet it is not
  // told any more.
  follow() {
    clearTimeout(this.timers.search);
    this.timers.search = this.typedAt = 0;
    this.ticks.expect();
    this.drawBusy();
    this.followQuery(this.state.view.query);
  }
  search() {
    clearTimeout(this.timers.search);
    this.timers.search = 0;
    this.turnTo('search', {query: this.input.value});
  }
  searchKey(event) {
    if (event.key === 'Enter') this.search();
    if (event.key === 'Escape' && this.input.value) this.clearSearch();
    if (event.key !== 'ArrowDown' || event.isComposing) return;
    event.preventDefault();
    if (this.timers.search) this.search();
    this.goDown();
  }
  // To the first row of what is searched for, as soon as it is there: another one may stand there until then.
  goDown() {
    this.hasty = this.isBusy;
    const first = !this.hasty && this.rowAt(this.inView().first);
    if (first) this.goTo(first, first.open);
  }
  clearSearch() { this.input.value = ''; this.input.focus(); this.search(); }
  clearView() { this.turnTo('filter', {filter: 'all'}); this.clearSearch(); }
  // What the server repeats is older than what is being typed.
  followQuery(query) {
    const typing = this.timers.search || (this.input.matches(':focus') && Date.now() - this.typedAt < 2000);
    if (!typing && this.input.value.trim() !== query.trim()) this.input.value = query;
  }
  // What is removed can be brought back, what is not can be removed; a search shows both.
  fitting() {
    const only = this.state.view.filter === 'removed';
    const back = only || (Boolean(this.state.view.query) && this.ticks.some(id => this.rows.get(id)?.removed));
    return this.actions.filter(({removed}) => removed === null || (removed ? back : !only));
  }
  // Undo is from now on of this act: the one before it is not offered any more.
  act(act, threads) {
    const said = {act, seen: this.state.revision};
    this.notice.wait();
    if (threads) this.send('act', {...said, threads});
    else this.turnTo('act', said); // on what is ticked, which goes with it
  }
  tick(id, on) {
    this.ticks.tick(id, on);
    this.drawBulk();
    this.drawList();
  }
  tickAll(on) {
    this.ticks.tickAll(on);
    this.drawBulk();
    this.drawList();
  }
  // One key, from anywhere in the inbox: acts are for the ticked rows, else for the row with the focus, else for the open one.
  key(key) {
    const here = this.held(), step = {j: 1, k: -1}[key];
    if (this.root.querySelector(':popover-open')) return;
    if (step) this.step(step, here);
    if (key === '/') this.goToSearch();
    if (key === 'row') this.goHome();
    if (key === 'z') this.notice.undo();
    if (key === 'x') this.turn(here ?? this.shown.get(this.state.thread));
    if (key === 'u') this.actOn('mark_unopened', here);
    if (key === 'e') this.actOn(this.isGone(here) ? 'restore' : 'remove', here);
  }
  // Where the conversation covers the list there is no row to go to: the next thread is opened instead.
  step(by, here) {
    const from = here ?? this.remembered();
    const next = from ? this.rowAt(from.index + by) : this.stopRow();
    if (!next) return;
    if (this.isCovered()) this.open(next.id);
    this.goTo(next, next.open);
  }
  isCovered() { return !this.scroller.checkVisibility({visibilityProperty: true}); }
  goToSearch() {
    if (!this.isCovered()) return this.input.focus();
    this.send('close');
    this.wanted = this.input;
  }
  goHome() {
    if (this.isCovered()) this.root.dispatchEvent(new CustomEvent('mc-head', {bubbles: true, composed: true}));
    else (this.stopRow()?.open ?? this.scroller).focus({preventScroll: true});
  }
  turn(row) {
    if (!row) return;
    row.box.checked = !row.box.checked;
    this.tick(row.id, row.box.checked);
  }
  isGone(here) {
    if (this.state.view.filter === 'removed') return true;
    return this.bulk.opener.disabled && Boolean(this.rows.get(here?.id ?? this.state.thread)?.removed);
  }
  actOn(act, here) {
    const id = here?.id ?? this.state.thread, ticked = !this.bulk.opener.disabled;
    if (!ticked && !id) return;
    this.act(act, ticked ? null : [id]);
  }
  open(id) {
    this.state.thread = this.stop = id;
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
  focusNear({index}) { (this.rowAt(index) ?? this.rowAt(index - 1) ?? {open: this.scroller}).open.focus({preventScroll: true}); }
  // The conversation is closed: what had the focus in it goes a moment later, and the list is there again. A focus in
  // the list was never in danger.
  comeBack(looks) {
    const isHere = !this.wanted && this.root.getRootNode().activeElement;
    if (this.state.thread !== null || !looks || isHere) return;
    const isLost = this.wanted || document.activeElement === document.body;
    if (!isLost || this.isCovered()) return void setTimeout(() => this.comeBack(looks - 1), 50);
    if (this.wanted) this.wanted.focus();
    else this.goHome();
    this.wanted = null;
  }
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
    clearTimeout(this.timers.asked);
    this.timers.asked = setTimeout(() => { this.asked = null; }, ANSWERED);
    this.send('window', {index: this.asked});
  }
  close(held) {
    if (held === this.input) leave('seeking', {query: this.input.value, range: rangeOf(this.input)});
    for (const part of [this.notice, this.log]) part.close();
    this.sizes.disconnect();
    Object.values(this.timers).forEach(clearTimeout);
  }
}
export function render(context) {
  const part = new ThreadList(context.model);
  return bringToLife(context, part, host => {
    host?.addEventListener('mc-key', event => part.key(event.detail));
    host?.addEventListener('mc-act', ({detail}) => part.act(detail.act, detail.threads));
    host?.addEventListener('mc-address', () => part.follow());
  });
}
