// Entries of the audit trail, drawn: who did what, to whom, when, and what stands below it.

const [entryDay, entryYear] = [{}, {year: 'numeric'}].map(more => timeWords({day: 'numeric', month: 'short', ...more}));
const entryMoment = timeWords({dateStyle: 'full', timeStyle: 'medium'});
// When it was, as short as it stays clear.
const entryTime = at => (daysAgo(at) === 0 ? clock(at) : `${(isThisYear(at) ? entryDay : entryYear)(at)}, ${clock(at)}`);
// Whom it was about is a link where there is one thread of theirs, and the page has the inbox beside it.
function entryPart([kind, words], thread, linked) {
  if (kind === 'whom' && thread && linked) return h('a', {href: `./?thread=${thread}`, dir: 'auto'}, words);
  return kind ? h(kind === 'what' ? 'span' : 'strong', {dir: 'auto'}, words) : words;
}
function entryNode({parts, at, notes, thread}, {when = entryTime, linked = false, more = []} = {}) {
  const did = h('p', {className: 'entry-did'}, ...parts.map(part => entryPart(part, thread, linked)));
  const time = h('time', {dateTime: new Date(at).toISOString(), title: entryMoment(at)}, when(at));
  const below = notes.map(note => h('p', {className: 'entry-note', dir: 'auto'}, note));
  return h('li', {className: 'entry'}, time, h('div', {className: 'entry-words'}, did, ...below), ...more);
}
// The whole of a short history, such as that of a text document or of a role; hidden while there is none.
class PastOf {
  constructor(words = 'History') {
    this.list = h('ol', {className: 'entries', ariaLabel: words});
    this.root = h('section', {className: 'past', ariaLabel: words, hidden: true}, h('h3', {}, words), this.list);
  }
  show(rows) {
    this.root.hidden = !rows.length;
    this.list.replaceChildren(...rows.map(row => entryNode(row)));
  }
}
