// Whom the conversation is with: the account's overview, its form in the same place, and whose an unknown number is.

const ARROW = 'm9.4 5-1.4 1.4 5.6 5.6L8 17.6 9.4 19l7-7Z';
const jobDay = new Intl.DateTimeFormat(undefined, {weekday: 'short', day: 'numeric', month: 'short'});
const jobYear = new Intl.DateTimeFormat(undefined, {day: 'numeric', month: 'short', year: 'numeric'});
const jobHour = new Intl.DateTimeFormat(undefined, {hour: 'numeric', minute: '2-digit'});
const dollars = new Intl.NumberFormat('en-US', {style: 'currency', currency: 'USD'});
const money = cents => (cents < 0 ? `${dollars.format(-cents / 100)} credit` : dollars.format(cents / 100));
function jobText({at, words}) {
  const near = Math.abs(at - Date.now()) < 200 * 86400000;
  const day = near ? `${jobDay.format(at)}, ${jobHour.format(at).replace(/\u202f/g, ' ')}` : jobYear.format(at);
  return words ? `${day}: ${words}` : day;
}
const plain = words => h('span', {dir: 'auto'}, words);
const DRAWN = {
  kind: value => plain(value === 'lead' ? 'Lead' : 'Client'),
  phones: value => h('span', {className: 'stack'}, ...value.map(({number, stopped}) => (stopped === null ? plain(number) : span('phone', plain(number), caution(stopped), span('since', `since ${dateWords(stopped)}`))))),
  email: value => h('a', {href: `mailto:${encodeURIComponent(value).replace('%40', '@')}`}, value),
  balance: value => h('span', {className: value > 0 ? 'money owed' : 'money'}, money(value)),
  next_job: value => plain(jobText(value)),
  last_job: value => plain(jobText(value)),
  tags: value => h('span', {className: 'tag-row'}, ...value.map(tag => h('span', {className: 'tag', dir: 'auto'}, tag))),
};
const isEmpty = value => value === null || value === '' || (Array.isArray(value) && !value.length);

class Whom {
  constructor(send, isNarrow) {
    Object.assign(this, {send, isNarrow, thread: null, card: null, may: [], kept: true, wide: null, form: null, lookup: null});
    this.arrow = h('span', {className: 'arrow'}, icon(ARROW));
    this.gist = h('span', {className: 'gist', dir: 'auto'});
    this.toggle = h('button', {type: 'button', className: 'toggle', onclick: () => this.turn()}, this.arrow, h('span', {}, 'Account overview'));
    this.region = h('section', {className: 'lines', role: 'region', ariaLabel: 'Account overview'});
    this.region.id = 'account-overview';
    this.toggle.setAttribute('aria-controls', this.region.id);
    this.bar = h('div', {className: 'about'});
    this.aside = h('div', {className: 'aside'});
    this.place = h('div', {className: 'place'});
    this.root = h('div', {className: 'whom'}, this.bar, this.aside, this.region, this.place);
  }
  // Another thread: nothing of the one before may be saved to it.
  forget() {
    Object.assign(this, {card: null, form: null, lookup: null, wide: null});
    this.place.replaceChildren();
  }
  hear({saved, accounts}) {
    if (saved) hearSaved(saved);
    if (accounts) this.lookup?.show(accounts);
  }
  apply(patch, thread) {
    if (this.thread?.id !== thread?.id) this.forget();
    if (patch.forms) this.forms = patch.forms;
    if (patch.may) this.may = patch.may;
    if ('overview' in patch) this.card = patch.overview;
    if (this.form) this.narrow(this.form);
    if ('overview_open' in patch) this.kept = patch.overview_open;
    const allowed = Boolean(patch.may), moved = this.thread?.id !== thread?.id, other = this.thread?.kind !== thread?.kind;
    this.thread = thread;
    if (other && this.lookup) this.stopLooking();
    if (moved || other || allowed || 'overview' in patch || 'overview_open' in patch || patch.reset) this.draw();
    if (this.card && !this.form && unsaved.has(`${this.card.kind}:${this.card.id}`)) this.edit(false);
  }
  narrow(form) {
    const {kind, id} = form.card, isHere = this.card?.kind === kind && this.card.id === id;
    if (isHere || id === null) form.keepTo(isHere ? this.card.lines : this.forms[kind]);
  }
  get isOpen() { return this.isNarrow() ? this.wide ?? false : this.kept; }
  // On a narrow screen it opens for this thread only: what is kept is how a wide one has it.
  turn() {
    const open = !this.isOpen;
    if (this.isNarrow()) this.wide = open;
    else this.kept = open;
    if (!this.isNarrow()) this.send('prefer', {key: 'overview', on: open});
    this.draw();
  }
  draw() {
    const known = this.card?.kind === 'account' && this.thread, open = known && this.isOpen && !this.form;
    this.root.hidden = !this.thread || (!this.card && this.thread.kind !== 'unknown');
    this.fill(this.bar, this.form || this.lookup ? [] : this.barOf(known));
    this.bar.hidden = !this.bar.children.length;
    this.fill(this.aside, known && !this.form ? this.candidates() : []);
    this.toggle.ariaExpanded = String(Boolean(open));
    this.region.hidden = !open;
    this.root.dataset.open = String(Boolean(open));
    if (open) this.region.replaceChildren(this.lines());
    this.gist.textContent = known && !open ? this.gistOf() : '';
  }
  // Whoever stood on a button stands on the one in its place afterwards.
  fill(box, nodes) {
    const at = [...box.querySelectorAll('button')].findIndex(node => node.matches(':focus'));
    box.replaceChildren(...nodes);
    if (at >= 0) box.querySelectorAll('button')[at]?.focus();
  }
  barOf(known) {
    if (known) return [this.toggle, this.gist, ...(this.isOpen ? this.acts() : [])];
    if (this.card?.kind === 'resource') return !this.may.includes('resources') ? [] : [this.small('Edit', () => this.edit(), {ariaLabel: `Edit ${this.thread.name}`})];
    if (this.thread?.kind !== 'unknown') return [];
    const unknown = h('span', {className: 'who-is'}, 'Nobody is recorded with this number.');
    return !this.may.includes('accounts') ? [unknown] : [unknown, this.small('Make a lead', () => this.lead()), this.small('Link to an account', () => this.look())];
  }
  small(words, onclick, more) { return h('button', {type: 'button', className: 'small', onclick, ...more}, words); }
  line(key) { return this.card.lines.find(line => line.key === key); }
  gistOf() {
    const [balance, next] = [this.line('balance')?.value, this.line('next_job')?.value];
    return [balance && money(balance), next && `Next ${jobText(next)}`].filter(Boolean).join(' · ');
  }
  lines() {
    const pairs = this.card.lines.map(({key, label, value}) => {
      const node = isEmpty(value) ? h('span', {className: 'lacking'}, 'None') : (DRAWN[key] ?? plain)(value);
      return h('div', {className: `line ${key}`}, h('dt', {}, label), h('dd', {}, node));
    });
    return h('dl', {}, ...pairs);
  }
  acts() {
    if (!this.may.includes('accounts')) return [];
    const off = this.small('Unlink', () => this.send('unlink', {thread: this.thread.id}), {ariaLabel: `Unlink ${this.thread.number} from this account`, title: `Take ${this.thread.number} off this account`});
    return [off, this.small('Edit', () => this.edit(), {ariaLabel: 'Edit account'})];
  }
  // Until a person has chosen it is asked for; afterwards it can be looked up and changed.
  candidates() {
    const {candidates, chosen, id} = this.card;
    if (!candidates.length || (chosen && !this.isOpen) || !this.may.includes('accounts')) return [];
    const words = chosen ? `This number is on ${candidates.length} accounts. Chosen:` : `This number is on ${candidates.length} accounts. Whose is it?`;
    const choices = candidates.map(({id: other, name, kind}) => this.small(
      name, () => this.send('choose', {thread: this.thread.id, account: other}),
      {dir: 'auto', ariaPressed: String(chosen && other === id), title: kind === 'lead' ? 'Lead' : 'Client'}));
    return [h('div', {className: chosen ? 'several chosen' : 'several', role: 'group', ariaLabel: 'Whose number this is'}, h('span', {}, words), ...choices)];
  }
  edit(begin = true) { this.open(this.card, `Edit ${this.card.kind}`, null, begin); }
  lead() {
    const lines = this.forms.account.filter(({key}) => key !== 'kind').map(line => (line.key === 'phones' ? {...line, label: 'Other phones'} : line));
    this.open({kind: 'account', id: null, revision: 0, lines}, `Make a lead of ${this.thread.number}`, this.thread.id);
  }
  open(card, title, thread, begin = true) {
    this.form = new RecordForm({card, title, thread, send: this.send, left: (saved, form) => form === this.form && this.left()});
    this.place.replaceChildren(this.form.root);
    this.draw();
    if (begin) this.form.begin();
  }
  left() {
    this.form = null;
    this.place.replaceChildren();
    this.draw();
    [...this.bar.querySelectorAll('button')].at(-1)?.focus();
  }
  look() {
    const choose = ({id}) => { this.send('link', {thread: this.thread.id, account: id}); this.stopLooking(); };
    const ask = (query, limit) => this.send('accounts', {query, limit});
    const submit = () => this.lookup.complain('Choose one of the accounts: write a part of a name or number.');
    this.lookup = new Lookup({label: 'Link to an account', hint: 'Name or number of the account', ask, choose, submit});
    const cancel = this.small('Cancel', () => this.stopLooking());
    const box = h('div', {className: 'linking'}, h('h3', {}, `Link ${this.thread.number} to an account`), this.lookup.root, cancel);
    box.addEventListener('keydown', event => { if (event.key === 'Escape') { event.preventDefault(); event.stopPropagation(); this.stopLooking(); } });
    this.place.replaceChildren(box);
    this.draw();
    this.lookup.begin();
  }
  stopLooking() {
    this.lookup = null;
    this.place.replaceChildren();
    this.draw();
    this.bar.querySelector('button')?.focus();
  }
}
