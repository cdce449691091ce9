// The left pane: tabs, filter, search, bulk actions and the windowed list of threads.

const ROW = 68;
const MARGIN = 15;
const DAY = 86400000;
const NOTICE = 8000;
const ACTS = {mark_read: 'Mark as read', mark_unopened: 'Mark as unopened', remove: 'Remove'};
const KINDS = {lead: 'Lead', resource: 'Resource', unknown: 'Unknown'};
const ICONS = {
  more: 'M5 10.5a1.5 1.5 0 1 1 0 3 1.5 1.5 0 0 1 0-3Zm7 0a1.5 1.5 0 1 1 0 3 1.5 1.5 0 0 1 0-3Zm7 0a1.5 1.5 0 1 1 0 3 1.5 1.5 0 0 1 0-3Z',
  clear: 'M6.4 5 12 10.6 17.6 5 19 6.4 13.4 12l5.6 5.6-1.4 1.4-5.6-5.6L6.4 19 5 17.6l5.6-5.6L5 6.4Z',
  search: 'M10.5 4a6.5 6.5 0 0 1 5.2 10.4l4.5 4.4-1.4 1.4-4.5-4.5A6.5 6.5 0 1 1 10.5 4Zm0 2a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9Z',
  clip: 'M16.5 6.5v10a4.5 4.5 0 0 1-9 0v-11a3 3 0 0 1 6 0v10a1.5 1.5 0 0 1-3 0V7H9v8.5a3 3 0 0 0 6 0v-10a4.5 4.5 0 0 0-9 0v11a6 6 0 0 0 12 0v-10Z',
};
const lives = new WeakMap();
const clock = new Intl.DateTimeFormat(undefined, {hour: 'numeric', minute: '2-digit'});
const weekday = new Intl.DateTimeFormat(undefined, {weekday: 'short'});
const monthDay = new Intl.DateTimeFormat(undefined, {day: 'numeric', month: 'short'});
const fullDate = new Intl.DateTimeFormat(undefined, {day: 'numeric', month: 'short', year: 'numeric'});
const number = new Intl.NumberFormat('en-US');

function h(tag, attrs = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(attrs)) {
    if (typeof value === 'function') node.addEventListener(key, value);
    else if (value !== null) node.setAttribute(key, value);
  }
  node.append(...children.filter(child => child));
  return node;
}

function button(style, click, content, attrs = {}) {
  return h('button', {type: 'button', class: style, ...(click && {click}), ...attrs}, content);
}

function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  path.setAttribute('d', ICONS[name]);
  svg.append(path);
  return svg;
}

const dayOf = at => new Date(at).setHours(0, 0, 0, 0);
const daysAgo = at => Math.round((dayOf(Date.now()) - dayOf(at)) / DAY);

function when(at) {
  const days = daysAgo(at);
  if (days <= 0) return clock.format(at).replace(/\u202f/g, ' ');
  if (days === 1) return 'Yesterday';
  if (days < 7) return weekday.format(at);
  return (new Date(at).getFullYear() === new Date().getFullYear() ? monthDay : fullDate).format(at);
}

function snippetOf({text, attachments}) {
  if (text) return text;
  if (!attachments) return 'No text';
  return attachments === 1 ? 'Attachment' : `${attachments} attachments`;
}

function nameOfButton(row, snippet, time) {
  const parts = [row.name, KINDS[row.kind], row.removed && 'removed', snippet.slice(0, 160), time, row.unread && 'unread'];
  return parts.filter(Boolean).join(', ');
}

const plural = (n, word) => `${number.format(n)} ${word}${n === 1 ? '' : 's'}`;

class Row {
  constructor(id, pane) {
    this.id = id;
    this.box = h('input', {type: 'checkbox', change: () => pane.tick(id, this.box.checked)});
    this.open = h('button', {class: 'open', type: 'button', click: () => pane.open(id), keydown: e => pane.walk(e, this)});
    this.node = h('div', {class: 'row', role: 'listitem', 'data-thread': id}, h('label', {class: 'tick'}, this.box), this.open);
  }

  fill(row) {
    this.row = row;
    const time = when(row.at);
    const snippet = snippetOf(row);
    this.node.dataset.unread = String(row.unread > 0);
    this.box.setAttribute('aria-label', `Select ${row.name}`);
    this.open.setAttribute('aria-label', nameOfButton(row, snippet, time));
    this.open.replaceChildren(h('span', {class: 'dot'}), this.topLine(row, time), this.lowLine(row, snippet));
  }

  topLine({name, number: address, kind, removed, at}, time) {
    return h('span', {class: 'line'},
      h('span', {class: 'name', dir: 'auto'}, name),
      KINDS[kind] && h('span', {class: 'label'}, KINDS[kind]),
      removed && h('span', {class: 'label gone'}, 'Removed'),
      address !== name && h('span', {class: 'number'}, address),
      h('time', {datetime: new Date(at).toISOString()}, time));
  }

  lowLine({unread, attachments}, snippet) {
    return h('span', {class: 'line low'},
      attachments > 0 && icon('clip'),
      h('span', {class: 'snippet', dir: 'auto'}, snippet),
      unread > 1 && h('span', {class: 'pill'}, unread > 99 ? '99+' : String(unread)));
  }

  place(index, total) {
    this.index = index;
    this.node.style.transform = `translateY(${index * ROW}px)`;
    this.node.setAttribute('aria-setsize', total);
    this.node.setAttribute('aria-posinset', index + 1);
  }

  mark(selected, ticked) {
    this.box.checked = ticked;
    if (selected) this.node.setAttribute('aria-current', 'true');
    else this.node.removeAttribute('aria-current');
  }
}

// The held node is never taken out of the page: it would lose its focus.
function arrange(parent, nodes, held) {
  let cursor = parent.firstElementChild;
  for (const node of nodes) {
    if (node === held) {
      while (cursor !== held) [cursor] = [cursor.nextElementSibling, parent.append(cursor)];
    }
    if (node === cursor) cursor = cursor.nextElementSibling;
    else parent.insertBefore(node, cursor);
  }
}

class ThreadList {
  constructor(model) {
    this.model = model;
    this.state = {
      view: {tab: 'received', filter: 'all', query: '', unread: false}, filters: [], badge: 0, total: 0, above: 0,
      order: [], thread: null, others: null, sentence: '', acts: Object.keys(ACTS), ticks: new Set(),
    };
    this.rows = new Map();
    this.shown = new Map();
    this.timers = {day: setInterval(() => this.turnDay(), 30000)};
    this.today = dayOf(Date.now());
    this.build();
  }

  send(op, more = {}) { this.model.send_msg({op, ...more}); }

  build() {
    this.list = h('div', {class: 'list', role: 'list', 'aria-label': 'Threads'});
    this.empty = h('div', {class: 'empty'});
    this.scroller = h('div', {class: 'scroller', tabindex: -1, scroll: () => this.wantWindow()}, this.list, this.empty);
    this.panel = h('div', {class: 'panel', id: 'panel', role: 'tabpanel'}, this.scroller);
    this.spoken = h('div', {class: 'hidden', 'aria-live': 'polite'});
    this.notice = h('div', {class: 'notice', role: 'status', 'aria-label': 'Result'});
    const head = h('div', {class: 'head'}, this.buildTabs(), this.buildSearch(), this.buildTools());
    this.root = h('div', {class: 'threads'}, head, this.panel, this.notice, this.spoken);
    this.root.style.setProperty('--row', `${ROW}px`);
    this.sizes = new ResizeObserver(() => this.wantWindow());
    this.sizes.observe(this.scroller);
  }

  buildTabs() {
    const tab = (key, words) => h('button', {
      type: 'button', role: 'tab', id: key, class: 'tab', 'aria-controls': 'panel',
      click: () => this.chooseTab(key), keydown: e => this.turnTab(e, key),
    }, words);
    this.tabs = {received: tab('received', 'Received'), sent: tab('sent', 'Sent')};
    this.badge = button('badge', () => this.send('unread'));
    const list = h('div', {class: 'tablist', role: 'tablist', 'aria-label': 'Messages'}, ...Object.values(this.tabs));
    return h('div', {class: 'tabs'}, list, this.badge);
  }

  buildSearch() {
    this.input = h('input', {
      type: 'search', 'aria-label': 'Search name or number', placeholder: 'Search name or number', autocomplete: 'off',
      spellcheck: 'false', enterkeyhint: 'search', input: () => this.typed(), keydown: e => this.searchKey(e),
    });
    const clear = button('icon clear', () => this.clearSearch(), icon('clear'), {'aria-label': 'Clear search'});
    this.filter = h('select', {'aria-label': 'Filter', change: () => this.send('filter', {filter: this.filter.value})});
    return h('div', {class: 'find'}, h('div', {class: 'search', role: 'search'}, icon('search'), this.input, clear), this.filter);
  }

  buildTools() {
    const menu = {class: 'menu', role: 'menu', 'aria-label': 'Bulk actions', popover: 'auto', toggle: e => this.menuTurned(e), keydown: e => this.menuKey(e)};
    this.menu = h('div', menu);
    this.bulk = button('icon bulk', null, icon('more'), {'aria-label': 'Bulk actions', 'aria-haspopup': 'menu', 'aria-expanded': 'false'});
    this.bulk.popoverTargetElement = this.menu;
    this.chosen = h('span', {class: 'chosen'});
    this.count = h('span', {class: 'count'});
    this.scope = h('span', {class: 'scope', dir: 'auto'});
    this.all = button('quiet', () => this.chooseTab('received'), 'Show all');
    this.other = button('quiet', () => this.chooseTab(this.state.others.tab));
    return h('div', {class: 'tools'}, this.bulk, this.menu, this.chosen, this.count, this.all, this.other, this.scope);
  }

  apply(patch) {
    const eye = patch.reset || this.scroller.scrollTop === 0 ? [] : this.eye();
    const before = this.state.thread;
    for (const key of Object.keys(patch)) if (key in this.state) this.state[key] = patch[key];
    if (patch.ticks) this.state.ticks = new Set(patch.ticks);
    for (const row of patch.rows ?? []) this.rows.set(row.id, row);
    this.loaded ||= 'order' in patch;
    this.drawHead(patch);
    this.drawList();
    this.settle(eye, patch.reset);
    if (patch.notice) this.say(patch.notice);
    if (patch.thread === null && before !== null) setTimeout(() => this.comeBack(before), 80);
  }

  drawHead({view, filters, acts}) {
    if (filters) this.filter.replaceChildren(...filters.map(({key, label}) => h('option', {value: key}, label)));
    if (view || filters) this.filter.value = this.state.view.filter;
    if (view) this.followQuery(view.query);
    if (acts || !this.menu.childElementCount) this.menu.replaceChildren(...this.state.acts.map(act => this.menuItem(act)));
    this.drawTabs();
    this.drawBadge();
    this.drawBulk();
    this.drawCount();
  }

  drawTabs() {
    const {tab: chosen} = this.state.view;
    for (const [key, tab] of Object.entries(this.tabs)) {
      tab.setAttribute('aria-selected', String(key === chosen));
      tab.tabIndex = key === chosen ? 0 : -1;
    }
    this.panel.setAttribute('aria-labelledby', chosen);
  }

  drawBadge() {
    const {view, badge} = this.state;
    const n = number.format(badge);
    this.tabs.received.setAttribute('aria-label', badge ? `Received, ${n} unread` : 'Received');
    if (!badge && this.badge.matches(':focus')) this.tabs[view.tab].focus();
    this.badge.hidden = !badge;
    this.badge.textContent = badge > 999 ? '999+' : n;
    this.badge.setAttribute('aria-label', `Show ${n} unread`);
  }

  drawBulk() {
    const n = this.state.ticks.size;
    if (!n && this.bulk.matches(':focus')) this.scroller.focus();
    this.bulk.disabled = n === 0;
    this.chosen.textContent = n ? `${number.format(n)} selected` : '';
  }

  drawCount() {
    const {view, total, others, sentence} = this.state;
    this.count.textContent = this.loaded ? plural(total, view.unread ? 'unread thread' : 'thread') : '';
    this.all.hidden = !view.unread;
    this.other.hidden = !others?.count;
    if (others) this.other.textContent = `${number.format(others.count)} more in ${others.tab === 'sent' ? 'Sent' : 'Received'}`;
    this.scope.textContent = view.query || view.filter !== 'all' ? sentence : '';
  }

  drawList() {
    const {order, above, total} = this.state;
    const held = this.held();
    const wanted = new Set(order);
    this.list.style.height = `${total * ROW}px`;
    order.forEach((id, i) => this.rows.has(id) && this.drawRow(id, above + i, total));
    for (const row of this.shown.values()) if (!wanted.has(row.id)) this.drop(row);
    arrange(this.list, order.filter(id => this.shown.has(id)).map(id => this.shown.get(id).node), this.held()?.row.node);
    if (held && !wanted.has(held.row.id)) this.focusNear(held);
    this.list.hidden = this.loaded && total === 0;
    this.empty.replaceChildren(...(this.list.hidden ? this.emptyWords() : []));
  }

  drawRow(id, index, total) {
    if (!this.shown.has(id)) this.shown.set(id, new Row(id, this));
    const row = this.shown.get(id);
    if (row.row !== this.rows.get(id)) row.fill(this.rows.get(id));
    row.place(index, total);
    row.mark(id === this.state.thread, this.state.ticks.has(id));
  }

  drop(row) {
    row.node.remove();
    this.shown.delete(row.id);
  }

  emptyWords() {
    const {unread, query, filter, tab} = this.state.view;
    const say = (title, words) => [h('h3', {dir: 'auto'}, title), h('p', {}, words)];
    if (unread) return say('Everything is read', 'New texts show here as they come.');
    if (!query && filter === 'all') return say('No texts yet', tab === 'sent' ? 'What anybody here sends shows here.' : 'The first text to come in shows here.');
    const where = this.filter.selectedOptions[0]?.textContent ?? 'this filter';
    const words = query ? say(`Nothing matches “${query}”`, filter === 'all' ? '' : `Only ${where} were looked through.`) : say(`Nothing matches ${where}`, '');
    return [...words, button('button', () => this.clearView(), 'Clear search and filter')];
  }

  chooseTab(tab) {
    this.state.view = {...this.state.view, tab};
    this.drawTabs();
    this.send('tab', {tab});
  }

  turnTab(event, key) {
    const other = key === 'received' ? 'sent' : 'received';
    const to = {ArrowLeft: other, ArrowRight: other, Home: 'received', End: 'sent'}[event.key];
    if (!to) return;
    event.preventDefault();
    this.tabs[to].focus();
    if (to !== key) this.chooseTab(to);
  }

  typed() {
    this.typedAt = Date.now();
    clearTimeout(this.timers.search);
    this.timers.search = setTimeout(() => this.search(), 150);
  }

  search() {
    clearTimeout(this.timers.search);
    this.send('search', {query: this.input.value});
  }

  searchKey(event) {
    if (event.key === 'Enter') this.search();
    if (event.key === 'Escape' && this.input.value) { event.preventDefault(); this.clearSearch(); }
  }

  clearSearch() {
    this.input.value = '';
    this.input.focus();
    this.search();
  }

  // What the server repeats is older than what is being typed.
  followQuery(query) {
    const typing = this.input.matches(':focus') && Date.now() - this.typedAt < 2000;
    if (!typing && this.input.value.trim() !== query.trim()) this.input.value = query;
  }

  clearView() {
    this.input.value = '';
    this.input.focus();
    this.send('filter', {filter: 'all'});
    this.search();
  }

  menuItem(act) {
    return h('button', {type: 'button', role: 'menuitem', tabindex: -1, 'aria-label': ACTS[act], click: () => this.act(act)}, ACTS[act]);
  }

  act(act) {
    this.menu.hidePopover();
    this.bulk.focus();
    this.send('act', {act});
  }

  menuTurned({newState}) {
    const {left, bottom} = this.bulk.getBoundingClientRect();
    this.bulk.setAttribute('aria-expanded', String(newState === 'open'));
    Object.assign(this.menu.style, {left: `${left}px`, top: `${bottom + 4}px`});
    if (newState === 'open') this.menu.firstElementChild?.focus();
  }

  menuKey(event) {
    const items = [...this.menu.children];
    const at = items.indexOf(event.target);
    const to = {ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1}[event.key];
    if (event.key === 'Tab' || event.key === 'Escape') { this.menu.hidePopover(); this.bulk.focus(); }
    if (to !== undefined) items[to % items.length].focus();
    if (to !== undefined || event.key === 'Escape') event.preventDefault();
  }

  tick(id, on) {
    this.state.ticks[on ? 'add' : 'delete'](id);
    this.drawBulk();
    this.send('tick', {thread: id, on});
  }

  open(id) {
    this.state.thread = id;
    for (const row of this.shown.values()) row.mark(row.id === id, row.box.checked);
    this.send('open', {thread: id});
  }

  walk(event, row) {
    const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
    if (!step) return;
    event.preventDefault();
    [...this.shown.values()].find(other => other.index === row.index + step)?.open.focus();
  }

  held() {
    const active = this.root.getRootNode().activeElement;
    const row = active && [...this.shown.values()].find(({node}) => node.contains(active));
    return row && {row, part: active === row.box ? 'box' : 'open'};
  }

  focusNear({row, part}) {
    const far = other => Math.abs(other.index - row.index);
    const near = [...this.shown.values()].reduce((best, other) => (!best || far(other) < far(best) ? other : best), null);
    (near?.[part] ?? this.scroller).focus({preventScroll: true});
  }

  comeBack(id) {
    if (document.activeElement === document.body) this.shown.get(id)?.open.focus({preventScroll: true});
  }

  firstInView() { return Math.floor(this.scroller.scrollTop / ROW); }

  lastInView() { return Math.ceil((this.scroller.scrollTop + this.scroller.clientHeight) / ROW); }

  eye() {
    const seen = ({index}) => index >= this.firstInView() && index < this.lastInView();
    return [...this.shown.values()].filter(seen).map(({id, index}) => ({id, index}));
  }

  // The middle move of all rows in view: a row that jumps to the top must not take the reader with it.
  settle(eye, reset) {
    const moves = eye.filter(({id}) => this.shown.has(id)).map(({id, index}) => this.shown.get(id).index - index).sort((a, b) => a - b);
    const move = moves[moves.length >> 1];
    if (move) this.scroller.scrollTop += move * ROW;
    if (reset) {
      this.scroller.scrollTop = 0;
      this.asked = null;
      this.spoken.textContent = this.count.textContent;
    }
    this.wantWindow();
  }

  isNearEnd() {
    const {above, order, total} = this.state;
    const end = above + order.length;
    return (above > 0 && this.firstInView() - above < MARGIN) || (end < total && end - this.lastInView() < MARGIN);
  }

  wantWindow() {
    if (this.timers.window || !this.scroller.clientHeight || !this.isNearEnd() || this.firstInView() === this.asked) return;
    this.timers.window = setTimeout(() => {
      this.timers.window = 0;
      this.asked = this.firstInView();
      this.send('window', {index: this.asked});
    }, 80);
  }

  say({text, kind}) {
    clearTimeout(this.timers.notice);
    this.notice.textContent = text;
    this.notice.dataset.kind = kind;
    this.timers.notice = setTimeout(() => { this.notice.textContent = ''; }, NOTICE);
  }

  turnDay() {
    if (this.today === dayOf(Date.now())) return;
    this.today = dayOf(Date.now());
    for (const row of this.shown.values()) row.fill(row.row);
  }

  close() {
    this.sizes.disconnect();
    Object.values(this.timers).forEach(clearTimeout);
  }
}

// One living instance per view; it goes when the view goes.
function live(owner, model, part) {
  const hear = patch => part.apply(patch);
  const end = () => { model.off('msg:custom', hear); part.close(); };
  lives.get(owner)?.();
  lives.set(owner, end);
  model.on('msg:custom', hear);
  model.on('lifecycle:remove', end);
  setTimeout(() => model.send_msg({op: 'ready'}));
  return part.root;
}

export function render({model, view, el}) {
  return live(view ?? el ?? model, model, new ThreadList(model));
}
