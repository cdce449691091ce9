// One row of the list: who, when and what, whether it is unread, and who removed it.

const ROW = 68; // pixels; --row in the CSS
const KINDS = {lead: 'Lead', resource: 'Resource', unknown: 'Unknown'};
const number = new Intl.NumberFormat('en-US').format;
const plural = (n, word) => `${number(n)} ${word}${n === 1 ? '' : 's'}`;
const [weekday, monthDay, fullDate] = [
  {weekday: 'short'}, {day: 'numeric', month: 'short'}, {day: 'numeric', month: 'short', year: 'numeric'},
].map(timeWords);
function when(at) {
  const days = daysAgo(at);
  if (days <= 0) return clock(at);
  if (days < 7) return days === 1 ? 'Yesterday' : weekday(at);
  return (isThisYear(at) ? monthDay : fullDate)(at);
}
class Row {
  constructor(id, pane) {
    this.id = id;
    this.box = h('input', {type: 'checkbox', onchange: () => pane.tick(id, this.box.checked)});
    this.open = button('open', () => pane.open(id), []);
    this.node = h('div', {className: 'row', role: 'listitem'}, h('label', {className: 'tick'}, this.box), this.open);
    this.node.dataset.thread = id;
  }
  fill(row, here = '') {
    Object.assign(this, {row, here, day: dayOf(Date.now())});
    const {name, kind, text, attachments, at, unread} = row;
    const snippet = text || (attachments ? plural(attachments, 'attachment') : 'No text');
    const words = [name, KINDS[kind], this.removal(), this.row.failed > 0 && 'a text failed', row.stopped && 'opted out', snippet.slice(0, 160), when(at), unread > 0 && 'unread', here];
    this.node.dataset.unread = String(unread > 0);
    this.box.ariaLabel = `Select ${name}`;
    this.open.ariaLabel = words.filter(Boolean).join(', ');
    this.open.replaceChildren(span('dot'), this.topLine(row), this.lowLine(row, snippet));
  }
  removal() {
    const {removed, removed_by: by, removed_at: at} = this.row;
    return removed && ['Removed', by && ` by ${by}`, at && `, ${when(at)}`].filter(Boolean).join('');
  }
  topLine({name, number: address, kind, at, stopped}) {
    const label = KINDS[kind] && span('label', KINDS[kind]);
    const time = h('time', {dateTime: new Date(at).toISOString()}, when(at));
    return span('line', h('span', {className: 'name', dir: 'auto'}, name), label, stopped && caution(), address !== name && span('number', address), time);
  }
  // Who removed it and when come before what it says, and a long name gives way to the time.
  lowLine({unread, failed, attachments, removed, removed_by: by, removed_at: at}, snippet) {
    const gone = removed ? [span('label gone', 'Removed'), by && h('span', {className: 'by', dir: 'auto'}, `by ${by}`), at && span('then', `${by ? ', ' : ''}${when(at)} ·`)] : [];
    const pill = unread > 1 && span('pill', unread > 99 ? '99+' : String(unread));
    const marks = [this.here && h('span', {className: 'present', dir: 'auto'}, this.here), ...gone, failed > 0 && span('label bad', 'Failed'), attachments > 0 && icon(CLIP)];
    return span('line low', ...marks, h('span', {className: 'snippet', dir: 'auto'}, snippet), pill);
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
