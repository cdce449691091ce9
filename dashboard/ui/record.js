// The form of an account or a resource: a field for each line, errors where they are, and what others wrote meanwhile.

const CHOICES = {account: {client: 'Client', lead: 'Lead'}, resource: {office: 'Office', crew: 'Crew', vendor: 'Vendor'}};
const JOBS = ['next_job', 'last_job'];
const SEVERAL = {phones: 'one on each line', tags: 'separated by semicolons'};
const TALL = {phones: 2, address: 2, notes: 3};
// What is being written outlives a view that is rebuilt after a lost connection, and a page that loads itself again.
const unsaved = new Map();
function keepForms() { if (unsaved.size) leave('forms', [...unsaved]); }
function recallForms() { for (const [key, kept] of take('forms') ?? []) unsaved.set(key, kept); }
// The server's answer finds its form also when somebody has gone on to another thread meanwhile.
const sent = new Map();
function hearSaved(saved) {
  sent.get(saved.form)?.hear(saved);
  sent.delete(saved.form);
}
let forms = 0;

const atOf = written => (/^\d/.test(written) ? new Date(written.split(' ')[0]) : null);
const wordsOf = written => (/^\d/.test(written) ? written.split(' ').slice(1).join(' ') : written);
function localOf(date) {
  const shifted = new Date(date.getTime() - date.getTimezoneOffset() * 60000);
  return shifted.toISOString().slice(0, 16);
}
const jobWords = written => (written ? [new Intl.DateTimeFormat(undefined, {dateStyle: 'medium', timeStyle: 'short'}).format(atOf(written)), wordsOf(written)].filter(Boolean).join(', ') : '');

class Field {
  constructor({key, label, field = ''}, kind, id) {
    Object.assign(this, {key, label, was: field, id: `${id}-${key}`});
    this.wrong = h('p', {className: 'wrong', id: `${this.id}-wrong`});
    this.input = this.make(kind);
    this.input.setAttribute('aria-describedby', this.wrong.id);
    const name = h('span', {className: 'name'}, label, SEVERAL[key] && h('small', {}, SEVERAL[key]));
    const inner = h('span', {className: 'inputs'}, this.date, this.input);
    this.root = h('div', {className: `field ${key}`}, h('label', {htmlFor: this.id}, name), inner, this.wrong);
    this.set(field);
  }
  make(kind) {
    const named = {id: this.id, name: this.key, autocomplete: 'off'};
    if (this.key === 'kind') return h('select', named, ...Object.entries(CHOICES[kind]).map(([value, words]) => new Option(words, value)));
    if (JOBS.includes(this.key)) this.date = h('input', {type: 'datetime-local', ariaLabel: `${this.label}, when`, step: 60});
    if (this.date) return h('input', {type: 'text', ...named, placeholder: 'What'});
    if (TALL[this.key]) return h('textarea', {rows: TALL[this.key], dir: 'auto', ...named});
    const keyboard = {balance: 'decimal', email: 'email'}[this.key] ?? 'text';
    return h('input', {type: 'text', inputMode: keyboard, dir: 'auto', ...named});
  }
  set(written) {
    if (!this.date && (written || this.key !== 'kind')) this.input.value = written;
    if (this.date) [this.date.value, this.input.value] = [atOf(written) ? localOf(atOf(written)) : '', wordsOf(written)];
  }
  get() {
    if (!this.date) return this.input.value;
    const before = atOf(this.was), kept = before && localOf(before) === this.date.value;
    const at = this.date.value && (kept ? this.was.split(' ')[0] : new Date(this.date.value).toISOString());
    return [at, this.input.value.trim()].filter(Boolean).join(' ');
  }
  // The words of an error; or what somebody else has written here meanwhile, which is none.
  say(words, kind = 'wrong') {
    this.wrong.textContent = words;
    this.wrong.className = kind;
    this.input.ariaInvalid = words && kind === 'wrong' ? 'true' : null;
  }
}

class RecordForm {
  // `card` is what the server said of an account or a resource, or its empty lines; `left(saved)` is called at the end.
  constructor({card, title, thread = null, send, left}) {
    Object.assign(this, {card, thread, send, left, id: `form-${forms += 1}`, seen: card.revision ?? 0});
    this.key = `${card.kind}:${card.id ?? `new ${thread ?? ''}`}`;
    this.fields = card.lines.map(line => new Field(line, card.kind, this.id));
    this.error = h('p', {className: 'wrong whole', role: 'alert'});
    this.button = h('button', {type: 'submit', className: 'save'}, 'Save');
    const cancel = h('button', {type: 'button', className: 'cancel', onclick: () => this.leave(false)}, 'Cancel');
    const rows = h('div', {className: 'fields'}, ...this.fields.map(({root}) => root));
    this.root = h('form', {className: 'record', ariaLabel: title, noValidate: true}, h('h3', {}, title), rows, this.error, h('div', {className: 'buttons'}, this.button, cancel));
    this.root.addEventListener('submit', event => { event.preventDefault(); this.save(); });
    this.root.addEventListener('input', () => this.keep());
    this.root.addEventListener('keydown', event => this.pressed(event));
    this.recall();
  }
  begin() { this.fields[0].input.focus(); }
  // A line that may not be seen any more is not in the form either, nor in what is kept of it.
  keepTo(lines) {
    const gone = this.fields.filter(({key}) => !lines.some(line => line.key === key));
    if (!gone.length) return;
    this.fields = this.fields.filter(field => !gone.includes(field));
    for (const {root} of gone) {
      letGo(root, this.fields[0].input);
      root.remove();
    }
    if (unsaved.has(this.key)) this.keep();
  }
  // Only what was changed: whatever others write meanwhile in the other lines stands there next time.
  keep() { unsaved.set(this.key, {seen: this.seen, written: this.written()}); }
  recall() {
    const kept = unsaved.get(this.key);
    if (!kept) return;
    this.seen = kept.seen;
    for (const field of this.fields) if (kept.written[field.key] !== undefined) field.set(kept.written[field.key]);
  }
  isTouched(field) { return field.get() !== field.was || this.card.id === null; }
  written() { return Object.fromEntries(this.fields.filter(field => this.isTouched(field)).map(field => [field.key, field.get()])); }
  pressed(event) {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) this.save();
    else if (event.key === 'Escape') this.leave(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
  save() {
    const fields = this.written();
    if (!Object.keys(fields).length) { this.leave(false); return; }
    const homeless = this.fields.filter(field => field.date && field.input.value.trim() && !field.date.value);
    if (homeless.length) { this.complain('', Object.fromEntries(homeless.map(({key}) => [key, 'Give the day of this job too.']))); return; }
    this.busy(true);
    sent.set(this.id, this);
    this.send('save', {form: this.id, kind: this.card.kind, id: this.card.id, seen: this.seen, fields, thread: this.thread});
  }
  busy(on) { Object.assign(this.button, {textContent: on ? 'Saving…' : 'Save', ariaBusy: String(on), disabled: on}); }
  hear({error, fields, seen}) {
    this.busy(false);
    if (error === null) this.leave(true);
    else this.complain(error, fields, seen);
  }
  complain(words, fields, seen = null) {
    this.error.textContent = words;
    const there = this.fields.filter(({key}) => key in fields), both = seen === null ? there : there.filter(field => this.isTouched(field));
    if (seen === null) for (const field of this.fields) field.say(fields[field.key] ?? '');
    else for (const field of there) this.meet(field, fields[field.key], both.includes(field));
    if (seen !== null) { this.seen = seen; this.keep(); }
    (both[0]?.input ?? this.button).focus();
  }
  // What somebody else has written takes the place of what nobody changed here, and stands below what was.
  meet(field, theirs, isBoth) {
    field.was = theirs;
    if (isBoth) field.say(`Now: ${(field.date ? jobWords(theirs) : theirs) || 'nothing'}`, 'theirs');
    else field.set(theirs);
  }
  leave(saved) {
    unsaved.delete(this.key);
    this.left(saved, this);
  }
}
