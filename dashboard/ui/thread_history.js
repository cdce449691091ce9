// The History of the open thread: a box with what was done with it, the newest first, kept up to date while it is open.

const PAST = 'M12 4a8 8 0 1 1-7.7 10.2l1.9-.6A6 6 0 1 0 7.3 8.3L9 10H4V5l1.9 1.9A8 8 0 0 1 12 4Zm-1 3.5h2v4.3l3 1.8-1 1.7-4-2.4Z';
const SETTLES = 150; // milliseconds after a change of the thread until it is asked for anew
class ThreadHistory {
  constructor(send) {
    Object.assign(this, {send, thread: null, rows: []});
    this.list = h('ol', {className: 'entries', ariaLabel: 'What was done here'});
    this.none = h('p', {className: 'history-none', role: 'status'});
    this.earlier = button('history-more', () => this.ask(this.rows.at(-1).id), 'Earlier', {hidden: true});
    this.past = h('div', {className: 'history-past', tabIndex: 0, role: 'region', ariaLabel: 'What was done here'}, this.none, this.list, this.earlier);
    this.box = h('div', {className: 'history-box', role: 'dialog', ariaLabel: 'History', popover: 'auto', ontoggle: event => this.turned(event)}, h('h3', {}, 'History'), this.past);
    this.opener = button('history', null, [icon(PAST), span('', 'History')], {title: 'Who did what with this thread', ariaHasPopup: 'dialog', ariaExpanded: 'false', popoverTargetElement: this.box});
  }
  get isOpen() { return this.box.matches(':popover-open'); }
  // The thread in the pane is another, or none: its history is not shown for that of this one.
  begin(thread) {
    if (thread === this.thread) return;
    this.thread = thread;
    if (this.isOpen) this.box.hidePopover();
  }
  ask(before = null) { if (this.thread !== null) this.send('history', {thread: this.thread, before}); }
  hear({history: told, touched}) {
    if (told && told.thread === this.thread && this.isOpen) this.show(told);
    if (touched === undefined || !this.isOpen) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.isOpen && this.ask(), SETTLES);
  }
  show({before, rows, more}) {
    if (before !== null && before !== this.rows.at(-1)?.id) return;
    const joins = before === null && this.rows.some(({id}) => id === rows.at(-1)?.id);
    const older = joins ? this.rows.filter(({id}) => id < rows.at(-1).id) : [];
    this.rows = before === null ? [...rows, ...older] : [...this.rows, ...rows];
    if (!older.length) {
      if (!more) letGo(this.earlier, this.past);
      this.earlier.hidden = !more;
    }
    this.none.textContent = this.rows.length ? '' : 'Nothing is known of what was done here.';
    this.none.hidden = Boolean(this.rows.length);
    this.list.replaceChildren(...this.rows.map(row => entryNode(row)));
  }
  turned({newState}) {
    this.opener.ariaExpanded = String(newState === 'open');
    if (newState !== 'open') return this.comeBack();
    this.rows = [];
    this.list.replaceChildren();
    [this.earlier.hidden, this.none.hidden, this.none.textContent] = [true, false, 'One moment…'];
    this.ask();
    const {right, bottom} = this.opener.getBoundingClientRect(), {offsetWidth: width} = this.box;
    Object.assign(this.box.style, {left: `${Math.max(8, Math.min(right - width, innerWidth - width - 8))}px`, top: `${bottom + 4}px`});
    this.past.focus();
  }
  // Where the focus was in the box, or went nowhere: whoever clicked elsewhere keeps it there.
  comeBack() {
    const held = this.box.getRootNode().activeElement;
    if (this.box.contains(held) || document.activeElement === document.body) this.opener.focus();
  }
}
