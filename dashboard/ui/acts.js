// Bulk acts: the menu of them, what came of one and the way back from it, and the list of recent ones.

const STAYS = 8000, UNDO_STAYS = 10000, BEAT_OF_NOTICE = 250, REFRESH = 300; // milliseconds
const DOTS = 'M5 10.5a1.5 1.5 0 1 1 0 3 1.5 1.5 0 0 1 0-3Zm7 0a1.5 1.5 0 1 1 0 3 1.5 1.5 0 0 1 0-3Zm7 0a1.5 1.5 0 1 1 0 3 1.5 1.5 0 0 1 0-3Z';
const HISTORY = 'M13 3a9 9 0 1 1-6.7 15l1.4-1.4A7 7 0 1 0 6.1 11H8.6L5 14.6 1.4 11h2.7A9 9 0 0 1 13 3Zm-1 4h2v4.6l3.6 2.1-1 1.7L12 12.7Z';
class BulkMenu {
  constructor(entries, act) {
    Object.assign(this, {entries, act});
    const events = {onbeforetoggle: () => this.fill(), ontoggle: event => this.turned(event), onkeydown: event => this.key(event)};
    this.menu = h('div', {className: 'menu', role: 'menu', ariaLabel: 'Bulk actions', popover: 'auto', ...events});
    const labels = {ariaLabel: 'Bulk actions', ariaHasPopup: 'menu', ariaExpanded: 'false', title: 'Bulk actions'};
    this.opener = button('icon bulk', null, icon(DOTS), {...labels, popoverTargetElement: this.menu});
  }
  keys() { return this.entries().map(({key}) => key).join(); }
  fill() {
    this.shown = this.keys();
    this.menu.replaceChildren(...this.entries().map(({key, label}) => this.item(key, label)));
  }
  // While it is open somebody may get or lose a right.
  refresh() {
    if (!this.menu.matches(':popover-open') || this.shown === this.keys()) return;
    this.fill();
    this.menu.firstElementChild?.focus();
  }
  item(key, label) { return button('', () => { this.close(); this.act(key); }, label, {role: 'menuitem', tabIndex: -1, ariaLabel: label}); }
  close() { this.menu.hidePopover(); this.opener.focus(); }
  turned({newState}) {
    const {left, bottom} = this.opener.getBoundingClientRect();
    this.opener.ariaExpanded = String(newState === 'open');
    Object.assign(this.menu.style, {left: `${left}px`, top: `${bottom + 4}px`});
    if (newState === 'open') this.menu.firstElementChild?.focus();
  }
  key(event) {
    const items = [...this.menu.children];
    const at = items.indexOf(event.target);
    const to = {ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1}[event.key];
    if (event.key === 'Tab' || event.key === 'Escape') this.close();
    if (to === undefined) return;
    items.at(to % items.length).focus();
    event.preventDefault();
  }
}
class Notice {
  constructor(undo, goHome) {
    Object.assign(this, {revision: null, left: Infinity, offer: null, goHome: {focus: goHome}});
    this.words = h('div', {role: 'status', ariaLabel: 'Result'});
    this.back = button('quiet', () => { this.hide(); undo(this.revision); }, 'Undo', {hidden: true, title: 'Undo (Z)', ariaKeyShortcuts: 'Z'});
    this.root = h('div', {className: 'notice', hidden: true}, this.words, this.back);
    this.timer = setInterval(() => this.age(), BEAT_OF_NOTICE);
    this.sizes = new ResizeObserver(() => this.tellHeight());
    this.sizes.observe(this.root);
  }
  // Where an act did nothing, as the second press of its key, what was done before it can still be undone.
  show({text, kind, undo}) {
    if (undo) this.offer = {text, undo};
    else if (kind !== 'busy' && kind !== 'nothing') this.offer = null;
    if (kind === 'nothing' && this.offer) [text, undo] = [`${text} Undo is of the act before: ${this.offer.text}`, this.offer.undo];
    Object.assign(this, {revision: undo ?? null, left: kind === 'busy' ? Infinity : undo ? UNDO_STAYS : STAYS});
    this.words.replaceChildren(h('p', {}, text));
    this.root.dataset.kind = kind;
    if (!undo) letGo(this.back, this.goHome);
    [this.root.hidden, this.back.hidden] = [false, !undo];
  }
  // It waits for whoever is at it, and for a page that nobody sees.
  age() {
    if (this.root.hidden || this.root.matches(':hover, :focus-within') || document.visibilityState !== 'visible') return;
    this.left -= BEAT_OF_NOTICE;
    if (this.left <= 0) this.hide();
  }
  hide() {
    this.wait();
    this.offer = null;
  }
  // An act is under way: Undo would be of the one before it, and comes back if nothing is done.
  wait() {
    letGo(this.back, this.goHome);
    this.root.hidden = true;
  }
  // The key for it: only while it is offered.
  undo() { if (!this.root.hidden && !this.back.hidden) this.back.click(); }
  // Where one pane is shown at a time, the frame makes room for it below the conversation.
  tellHeight() {
    this.root.dispatchEvent(new CustomEvent('mc-notice', {detail: this.root.offsetHeight, bubbles: true, composed: true}));
  }
  close() { clearInterval(this.timer); this.sizes.disconnect(); }
}
class RecentActs {
  constructor(send) {
    this.send = send;
    this.list = h('div', {className: 'acts'});
    const labels = {ariaLabel: 'Recent acts', title: 'Recent acts'};
    const box = {className: 'menu log', role: 'dialog', ariaLabel: 'Recent acts', popover: 'auto', tabIndex: -1};
    const events = {onbeforetoggle: event => this.turns(event), ontoggle: event => this.turned(event)};
    this.box = h('div', {...box, ...events}, h('h2', {}, 'Recent acts'), this.list);
    this.opener = button('icon', null, icon(HISTORY), {...labels, ariaHasPopup: 'dialog', ariaExpanded: 'false', popoverTargetElement: this.box});
  }
  turns({newState}) { if (newState !== 'open') letGo(this.box, this.opener); }
  turned({newState}) {
    this.opener.ariaExpanded = String(newState === 'open');
    if (newState !== 'open') return;
    const {left, bottom} = this.opener.getBoundingClientRect();
    Object.assign(this.box.style, {left: `${Math.max(8, Math.min(left, innerWidth - 348))}px`, top: `${bottom + 4}px`});
    this.box.focus(); // not the first Undo: a second press of Enter would undo
    this.send('acts');
  }
  // While it is open it shows what others do, too.
  refresh() {
    if (this.box.matches(':popover-open')) this.timer ||= setTimeout(() => { this.timer = 0; this.send('acts'); }, REFRESH);
  }
  show(acts) {
    const held = this.list.querySelector(':focus')?.dataset.revision;
    letGo(this.list, this.box);
    this.list.replaceChildren(...(acts.length ? acts.map(act => this.line(act)) : [h('p', {}, 'What is done to ticked threads shows here, and can be undone.')]));
    if (held) this.list.querySelector(`[data-revision="${held}"]`)?.focus();
  }
  line({revision, at, by, text, undone, can_undo: possible}) {
    const back = button('quiet', () => { this.box.hidePopover(); this.send('undo', {revision}); }, 'Undo', {ariaLabel: `Undo: ${text}`});
    back.dataset.revision = revision;
    const who = [by, when(at), undone && `undone by ${undone}`].filter(Boolean).join(', ');
    return h('div', {className: 'act'}, h('div', {}, h('strong', {dir: 'auto'}, text), h('span', {dir: 'auto'}, who)), possible && back);
  }
  close() { clearTimeout(this.timer); }
}
