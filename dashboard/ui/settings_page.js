// What pages under Settings share: the strip that says how the connection is, what is asked of the server and comes of
// it, what has been changed and not saved, words above a form, and the question before what cannot be taken back.

const number = new Intl.NumberFormat('en-US').format;
const counted = (count, one, many) => `${number(count)} ${count === 1 ? one : many}`;
const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(8)), byte => byte.toString(16).padStart(2, '0')).join('');
// A name in a sentence, whose letters may run the other way: it does not turn round what stands after it.
const named = name => h('bdi', {}, name);
const moment = at => new Intl.DateTimeFormat(undefined, {dateStyle: 'medium', timeStyle: 'short'}).format(at);
// A kind of it says what its `state` is, builds `root`, draws itself, and begins anew with a new session of the server.
class SettingsFrame {
  constructor(model, state) {
    Object.assign(this, {model, state, asked: new Map()});
    this.dot = span('dot');
    this.dot.ariaHidden = 'true';
    this.status = h('span', {className: 'status', role: 'status', ariaLabel: 'Connection'});
    this.trouble = h('p', {className: 'trouble', role: 'alert', hidden: true});
  }
  live() {
    this.connection = new Connection(this.model, words => Object.assign(this.status, {textContent: words}) && (this.dot.dataset.state = words));
    this.connection.served = true;
  }
  frame(...children) { return h('div', {className: 'page'}, h('div', {className: 'strip'}, this.dot, this.status), this.trouble, ...children); }
  send(op, more) { this.model.send_msg({op, ...more}); }
  hear(patch) {
    for (const key of Object.keys(patch)) if (key in this.state) this.state[key] = patch[key];
    if (patch.trouble !== undefined) Object.assign(this.trouble, {textContent: patch.trouble ?? '', hidden: !patch.trouble});
    this.connection.hear(patch);
  }
  // Ask for an act; `settled` is told what came of it: {error, seen, ...}, error null where it was done.
  ask(op, more, settled) {
    const key = newKey();
    this.asked.set(key, {op, settled, ...more});
    this.send(op, {key, ...more});
  }
  answered({key, ...answer}) {
    const asked = this.asked.get(key);
    this.asked.delete(key);
    asked?.settled(answer);
  }
  isAsking(op) { return [...this.asked.values()].some(asked => asked.op === op); }
  close() { this.connection.close(); }
}
// What has been changed and not saved, by id; it outlives a reload, where the browser lets it.
class Unsaved {
  constructor(name) {
    this.name = name;
    this.kept = new Map(this.read());
  }
  read() { try { return Object.entries(JSON.parse(sessionStorage.getItem(keptAs(this.name)) ?? '{}')); } catch { return []; } }
  has(id) { return this.kept.has(String(id)); }
  get(id) { return this.kept.get(String(id)); }
  set(id, edit) { this.kept.set(String(id), edit); this.write(); }
  drop(id) { this.kept.delete(String(id)); this.write(); }
  write() { try { sessionStorage.setItem(keptAs(this.name), JSON.stringify(Object.fromEntries(this.kept))); } catch { return; } }
}
// Words above a form, with what can be answered to them.
class Words {
  constructor(focus) {
    this.focus = focus;
    this.root = h('div', {className: 'alert', role: 'alert', hidden: true});
  }
  get kind() { return this.root.hidden ? null : this.root.dataset.kind; }
  say(words, kind = 'error', answers = []) {
    this.root.dataset.kind = kind;
    this.root.replaceChildren(h('p', {}, ...[words].flat()), ...answers.map(([label, act]) => button('', act, label)));
    this.root.hidden = false;
    this.root.scrollIntoView({block: 'nearest'});
  }
  quiet() {
    letGo(this.root, this.focus());
    this.root.hidden = true;
    this.root.replaceChildren();
  }
}
// The question before what many would notice, or nobody can take back.
class Question {
  constructor() {
    this.heading = h('h2', {id: 'question'});
    this.words = h('p');
    this.no = button('', () => this.root.close(), 'Cancel');
    this.yes = button('remove', () => { this.root.close(); this.act(); }, '');
    this.root = h('dialog', {}, this.heading, this.words, h('div', {className: 'acts'}, this.no, this.yes));
    this.root.setAttribute('aria-labelledby', 'question');
  }
  ask(heading, words, yes, act) {
    this.heading.textContent = heading;
    this.words.replaceChildren(...[words].flat());
    this.yes.textContent = yes;
    this.act = act;
    this.root.showModal();
    this.no.focus();
  }
}
// A dialog that asks for a name; it stays until that can be had.
class NameDialog {
  constructor() {
    this.heading = h('h2', {id: 'naming'});
    this.input = h('input', {type: 'text', dir: 'auto', autocomplete: 'off', oninput: () => this.complain('')});
    this.wrong = h('p', {className: 'wrong', role: 'alert'});
    this.yes = h('button', {type: 'submit', className: 'save'});
    const label = h('label', {}, span('name', 'Name'), this.input);
    const acts = h('div', {className: 'acts'}, button('', () => this.root.close(), 'Cancel'), this.yes);
    const form = h('form', {onsubmit: event => { event.preventDefault(); this.submit(this.input.value); }}, this.heading, label, this.wrong, acts);
    this.root = h('dialog', {}, form);
    this.root.setAttribute('aria-labelledby', 'naming');
  }
  ask(heading, yes, name, submit) {
    this.heading.textContent = heading;
    this.yes.textContent = yes;
    this.submit = submit;
    this.input.value = name;
    this.complain('');
    this.root.showModal();
    this.input.select();
  }
  complain(words) {
    this.wrong.textContent = words;
    this.input.ariaInvalid = words ? 'true' : null;
    if (words) this.input.focus();
  }
}
