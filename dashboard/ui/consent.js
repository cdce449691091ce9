// Consent: why nothing can be sent, what a person notes by hand, and whether somebody meant to opt out.

const MORE = 'M12 7a2 2 0 1 0 0-4 2 2 0 0 0 0 4Zm0 7a2 2 0 1 0 0-4 2 2 0 0 0 0 4Zm0 7a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z';
// Words as they come, and times in the zone of whoever looks.
const lockWords = parts => (parts ?? []).map(part => (typeof part === 'number' ? `${dateWords(part)} at ${clock(part)}` : part)).join('');

class Consent {
  // `leave` takes the focus from what goes away.
  constructor(send, leave) {
    Object.assign(this, {send, leave, thread: null});
    this.buildDoubt();
    this.buildMenu();
    this.buildQuestion();
  }
  buildDoubt() {
    this.quoted = h('span', {className: 'quoted', dir: 'auto'});
    const yes = button('', () => this.send('opt_out', {thread: this.thread.id}), 'Yes, opt out');
    const no = button('', () => this.send('keep_texting', {thread: this.thread.id, message: this.thread.doubt.message}), 'No, keep texting');
    const words = h('p', {}, 'Did they mean to opt out? ', this.quoted);
    this.doubt = h('div', {className: 'doubt', role: 'group', ariaLabel: 'Did they mean to opt out?', hidden: true}, words, h('div', {className: 'answers'}, yes, no));
  }
  buildMenu() {
    this.out = button('', () => this.ask(), 'They asked not to be texted', {role: 'menuitem'});
    this.back = button('', () => { this.menu.hidePopover(); this.send('opt_in', {thread: this.thread.id}); }, 'They may be texted again', {role: 'menuitem'});
    this.menu = h('div', {className: 'menu more-menu', role: 'menu', ariaLabel: 'More', popover: 'auto', ontoggle: event => this.turned(event)}, this.out, this.back);
    this.opener = button('more', null, icon(MORE), {ariaLabel: 'More', title: 'More', ariaHasPopup: 'menu', ariaExpanded: 'false', popoverTargetElement: this.menu});
  }
  buildQuestion() {
    this.whom = h('h2', {dir: 'auto'});
    this.what = h('p', {});
    const cancel = button('', () => this.question.close(), 'Cancel');
    const sure = button('sure', () => { this.question.close(); this.send('opt_out', {thread: this.thread.id}); }, 'Opt out');
    this.question = h('dialog', {className: 'question', ariaLabel: 'They asked not to be texted'}, this.whom, this.what, h('div', {className: 'answers'}, cancel, sure));
  }
  show(thread) {
    const {doubt, stopped, ours, locked} = thread;
    if (thread.id !== this.thread?.id) this.question.close();
    this.thread = thread;
    if (!doubt) letGo(this.doubt, this.leave);
    this.doubt.hidden = !doubt;
    this.quoted.textContent = doubt ? `“${doubt.text}”` : '';
    // Nothing is noted of what no text can go to, nor taken back that they said themselves.
    const can = stopped ? ours : !locked;
    if (!can) { letGo(this.opener, this.leave); this.menu.hidePopover(); }
    [this.opener.hidden, this.out.hidden, this.back.hidden] = [!can, Boolean(stopped), !stopped];
  }
  ask() {
    this.menu.hidePopover();
    this.whom.textContent = `Opt ${this.thread.name} out?`;
    this.what.textContent = `Nothing can be sent to ${this.thread.number} until they write START, or somebody here takes this back.`;
    this.question.showModal();
  }
  turned({newState}) {
    this.opener.ariaExpanded = String(newState === 'open');
    if (newState !== 'open') return;
    const {right, bottom} = this.opener.getBoundingClientRect(), {offsetWidth: width} = this.menu;
    Object.assign(this.menu.style, {left: `${Math.max(8, Math.min(right - width, innerWidth - width - 8))}px`, top: `${bottom + 4}px`});
    (this.out.hidden ? this.back : this.out).focus();
  }
}
