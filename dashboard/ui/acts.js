// What came of a bulk act, the way back from it, and the list of recent acts.

const STAYS = 8000, UNDO_STAYS = 10000, BEAT_OF_NOTICE = 250; // milliseconds
const BACK = 'M12 5a8 8 0 1 1-7.7 5.9l1.9.5A6 6 0 1 0 12 7H9.8l2 2-1.4 1.4L6 6l4.4-4.4L11.8 3l-2 2Z';
class Notice {
  constructor(undo) {
    Object.assign(this, {revision: null, left: Infinity});
    this.words = h('div', {role: 'status', ariaLabel: 'Result'});
    this.back = button('quiet', () => { this.hide(); undo(this.revision); }, 'Undo', {hidden: true});
    this.root = h('div', {className: 'notice', hidden: true}, this.words, this.back);
    this.timer = setInterval(() => this.age(), BEAT_OF_NOTICE);
  }
  show({text, kind, undo}) {
    Object.assign(this, {revision: undo ?? null, left: kind === 'busy' ? Infinity : undo ? UNDO_STAYS : STAYS});
    this.words.replaceChildren(h('p', {}, text));
    this.root.dataset.kind = kind;
    [this.root.hidden, this.back.hidden] = [false, !undo];
  }
  // It waits for whoever is at it, and for a page that nobody sees.
  age() {
    if (this.root.hidden || this.root.matches(':hover, :focus-within') || document.visibilityState !== 'visible') return;
    this.left -= BEAT_OF_NOTICE;
    if (this.left <= 0) this.hide();
  }
  hide() { this.root.hidden = true; }
  // The key for it: only while it is offered.
  undo() { if (!this.root.hidden && !this.back.hidden) this.back.click(); }
  close() { clearInterval(this.timer); }
}
class RecentActs {
  constructor(send) {
    this.send = send;
    this.list = h('div', {className: 'acts'});
    this.box = h('div', {className: 'menu log', role: 'dialog', ariaLabel: 'Recent acts', popover: 'auto', ontoggle: event => this.turned(event)}, h('h3', {}, 'Recent acts'), this.list);
    const labels = {ariaLabel: 'Recent acts', ariaHasPopup: 'dialog', ariaExpanded: 'false', title: 'Recent acts'};
    this.opener = button('icon', null, icon(BACK), {...labels, popoverTargetElement: this.box});
  }
  turned({newState}) {
    this.opener.ariaExpanded = String(newState === 'open');
    if (newState !== 'open') return;
    const {left, bottom} = this.opener.getBoundingClientRect();
    Object.assign(this.box.style, {left: `${Math.max(8, Math.min(left, innerWidth - 348))}px`, top: `${bottom + 4}px`});
    this.send('acts');
  }
  show(acts) {
    this.list.replaceChildren(...(acts.length ? acts.map(act => this.line(act)) : [h('p', {}, 'No bulk acts yet')]));
    this.list.querySelector('button')?.focus();
  }
  line({revision, at, by, text, undone, can_undo: possible}) {
    const back = button('quiet', () => { this.box.hidePopover(); this.opener.focus(); this.send('undo', {revision}); }, 'Undo', {ariaLabel: `Undo: ${text}`});
    const who = [by, when(at), undone && `undone by ${undone}`].filter(Boolean).join(', ');
    return h('div', {className: 'act'}, h('div', {}, h('strong', {dir: 'auto'}, text), h('span', {dir: 'auto'}, who)), possible && back);
  }
}
