// A new conversation: whom with is looked up or typed as a number; who is not recorded yet is added here.

const PENCIL = 'M4 17.2V20h2.8L17.6 9.2l-2.8-2.8Zm15.7-10.1a1 1 0 0 0 0-1.4l-1.4-1.4a1 1 0 0 0-1.4 0l-1.1 1.1 2.8 2.8Z';
const NEW_PEOPLE = [['account', 'client', 'Add a client'], ['account', 'lead', 'Add a lead'], ['resource', 'crew', 'Add a resource']];

class NewConversation {
  constructor(send) {
    Object.assign(this, {send, form: null});
    this.opener = h('button', {type: 'button', className: 'icon begin', onclick: () => this.show(), ariaLabel: 'New conversation', title: 'New conversation'}, icon(PENCIL));
    const ask = (query, limit) => send('people', {query, limit});
    this.lookup = new Lookup({label: 'To', hint: 'Name or number', ask, choose: ({to}) => this.converse(to), submit: typed => this.converse(typed)});
    this.adders = h('div', {className: 'adders'}, ...NEW_PEOPLE.map(([kind, first, words]) => h('button', {type: 'button', className: 'small', onclick: () => this.add(kind, first, words)}, words)));
    this.place = h('div', {className: 'place'});
    this.whole = h('div', {className: 'to'}, this.lookup.root, h('div', {className: 'buttons'}, this.adders, h('button', {type: 'button', className: 'cancel', onclick: () => this.dialog.close()}, 'Cancel')));
    this.dialog = h('dialog', {className: 'conversing', ariaLabel: 'New conversation'}, h('h2', {}, 'New conversation'), this.whole, this.place);
    this.dialog.addEventListener('close', () => this.ended());
    this.dialog.addEventListener('cancel', event => { if (this.form) { event.preventDefault(); this.form.leave(false); } });
  }
  show() {
    this.dialog.showModal();
    this.lookup.begin();
  }
  hear({people, begun, saved, forms, may}) {
    if (may) this.offer(may);
    if (forms) this.forms = forms;
    if (forms && this.form) this.form.keepTo(forms[this.form.card.kind]);
    if (people) this.lookup.show(people);
    if (saved) hearSaved(saved);
    if (begun?.error) this.lookup.complain(begun.error);
    if (begun?.thread && this.dialog.open) { this.went = true; this.dialog.close(); }
  }
  offer(may) {
    if (!may.includes('send')) { letGo(this.opener, document.body); this.dialog.close(); }
    this.opener.hidden = !may.includes('send');
    [...this.adders.children].forEach((adder, i) => { adder.hidden = !may.includes(`${NEW_PEOPLE[i][0]}s`); });
  }
  converse(to) { this.send('converse', {to}); }
  add(kind, first, title) {
    const lines = this.forms[kind].map(line => (line.key === 'kind' ? {...line, field: first} : line));
    this.form = new RecordForm({card: {kind, id: null, revision: 0, lines}, title, send: this.send, left: (saved, form) => this.added(saved, form.written())});
    const typed = this.lookup.query, key = /^[\d\s()+.-]+$/.test(typed) ? 'phones' : 'name';
    if (typed) this.form.fields.find(field => field.key === key)?.set(typed);
    this.place.replaceChildren(this.form.root);
    this.whole.hidden = true;
    this.form.begin();
  }
  // Who was just added is whom one wants to write to.
  added(saved, {name, phones}) {
    this.form = null;
    this.place.replaceChildren();
    this.whole.hidden = false;
    this.lookup.begin();
    if (!saved) return;
    const [first] = (phones ?? '').split('\n').filter(line => line.trim());
    if (first) this.converse(first);
    else this.lookup.said.textContent = `${name} is recorded.`;
  }
  ended() {
    this.lookup.empty();
    if (!this.went) this.opener.focus();
    this.went = false;
  }
}
