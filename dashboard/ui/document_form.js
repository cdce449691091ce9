// One text document being read or written: its fields, and what a customer gets.

const TOKEN = /\{([a-z][a-z0-9_]*)\}/g; // as in core/documents.py
const number = new Intl.NumberFormat('en-US').format;
// What has been written and not saved, by document; it outlives a reload, where the browser lets it.
class Edits {
  constructor() { this.kept = new Map(this.read()); }
  read() { try { return Object.entries(JSON.parse(sessionStorage.getItem(keptAs('documents')) ?? '{}')); } catch { return []; } }
  has(id) { return this.kept.has(String(id)); }
  get(id) { return this.kept.get(String(id)); }
  set(id, edit) { this.kept.set(String(id), edit); this.write(); }
  drop(id) { this.kept.delete(String(id)); this.write(); }
  write() { try { sessionStorage.setItem(keptAs('documents'), JSON.stringify(Object.fromEntries(this.kept))); } catch { return; } }
}
class DocumentForm {
  constructor(page) {
    Object.assign(this, {page, id: null, base: null});
    const oninput = () => this.typed(), onkeydown = event => this.key(event);
    this.title = h('input', {type: 'text', dir: 'auto', autocomplete: 'off', oninput, onkeydown});
    this.body = h('textarea', {rows: 6, dir: 'auto', oninput, onkeydown});
    this.heading = h('h2', {tabIndex: -1});
    this.by = h('p', {className: 'by'});
    this.alert = h('div', {className: 'alert', role: 'alert', hidden: true});
    this.chips = h('div', {className: 'fields', role: 'group', ariaLabel: 'Insert a field'});
    this.preview = h('div', {className: 'bubble', dir: 'auto'});
    this.used = h('p', {className: 'used', ariaLive: 'polite'});
    this.count = h('p', {className: 'size'});
    this.build();
  }
  build() {
    this.save = button('save', () => this.submit(), 'Save');
    this.revert = button('', () => this.undo(), 'Discard changes');
    this.remove = button('remove', () => this.sure.showModal(), 'Delete');
    const back = button('back', () => this.page.leave(), 'All documents');
    const title = h('label', {}, span('name', 'Title'), this.title), body = h('label', {}, span('name', 'Text'), this.body);
    const preview = h('section', {className: 'preview', ariaLabel: 'Preview'}, h('h3', {}, 'What a customer gets'), this.preview, this.count, this.used);
    this.past = new PastOf();
    const acts = h('div', {className: 'acts'}, this.save, this.revert, this.remove);
    this.nothing = h('p', {className: 'nothing'}, 'Choose a text document, or write a new one.');
    this.editor = h('div', {className: 'editor', hidden: true}, back, this.heading, this.by, this.alert, title, body, this.chips, acts, preview, this.past.root, this.buildSure());
    this.root = h('section', {className: 'form', ariaLabel: 'Text document'}, this.nothing, this.editor);
  }
  buildSure() {
    const yes = button('remove', () => { this.sure.close(); this.page.ask('delete', {document: this.id, seen: this.seen()}); }, 'Delete');
    this.question = h('p');
    this.sure = h('dialog', {ariaLabel: 'Delete this text document?'}, h('h2', {}, 'Delete this text document?'), this.question, h('div', {className: 'acts'}, button('', () => this.sure.close(), 'Keep it'), yes));
    return this.sure;
  }
  drawFields() {
    this.chips.replaceChildren(span('name', 'Fields'), ...this.page.fields.map(({key, label, sentence}) => button('field', () => this.insert(`{${key}}`), label, {title: `${sentence}: {${key}}`})));
    this.draw();
  }
  show(id, base) {
    Object.assign(this, {id, base});
    const edit = this.page.edits.get(id) ?? base;
    [this.title.value, this.body.value] = [edit?.title ?? '', edit?.body ?? ''];
    [this.nothing.hidden, this.editor.hidden] = [true, false];
    this.quiet();
    this.draw();
  }
  hide() {
    [this.nothing.hidden, this.editor.hidden] = [false, true];
    this.id = null;
  }
  isOpen() { return !this.editor.hidden; }
  isChanged() { return this.title.value !== (this.base?.title ?? '') || this.body.value !== (this.base?.body ?? ''); }
  seen() { return this.page.edits.get(this.id)?.seen ?? this.base?.revision ?? 0; }
  // What the server has of it now; somebody else may have saved it, or deleted it.
  follow(known) {
    if (!this.isOpen() || this.id === null || known === undefined) return;
    const edit = this.page.edits.get(this.id);
    if (known === null) return this.gone();
    const isNew = known.revision > (this.base?.revision ?? 0);
    if (isNew) this.base = known;
    else if (edit) return;
    if (!edit && isNew) [this.title.value, this.body.value] = [known.title, known.body];
    else if (edit && known.revision > edit.seen && isNew && !this.page.isSaving(this.id)) this.overtaken(known);
    if (isNew) this.draw();
  }
  overtaken(known) {
    this.warn(`${known.by ?? 'Somebody'} has changed this text document while you wrote. Theirs is: “${known.title}”, ${known.body}`, [
      ['Take theirs', () => this.undo()], ['Keep mine', () => { this.keep(known.revision); this.quiet(); this.save.focus(); }],
    ]);
  }
  gone() {
    if (this.base === null && !this.page.edits.has(this.id)) return;
    this.page.edits.set(this.id, {title: this.title.value, body: this.body.value, seen: 0});
    this.warn('Somebody has deleted this text document. What stands here is still yours:', [
      ['Save as a new one', () => this.saveAsNew()], ['Let it go', () => { this.page.edits.drop(this.id); this.page.leave(); }],
    ]);
  }
  saveAsNew() {
    const {title, body} = this.page.edits.get(this.id);
    this.page.edits.drop(this.id);
    this.page.edits.set(null, {title, body, seen: 0});
    this.page.open(null, true);
    this.submit();
  }
  typed() {
    if (this.isChanged()) this.keep(this.seen());
    else this.page.edits.drop(this.id);
    if (this.alert.dataset.kind === 'error') this.quiet();
    this.draw();
    this.page.drawList();
  }
  keep(seen) { this.page.edits.set(this.id, {title: this.title.value, body: this.body.value, seen}); }
  key(event) {
    if (event.key !== 'Enter' || event.isComposing || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    this.submit();
  }
  undo() {
    this.page.edits.drop(this.id);
    this.show(this.id, this.base);
    this.page.drawList();
    this.title.focus();
  }
  submit() {
    if (this.save.disabled) return;
    this.keep(this.seen());
    this.quiet();
    this.page.ask('save', {document: this.id, title: this.title.value, body: this.body.value, seen: this.seen()});
  }
  saved({document, seen}) {
    if (this.id === null) {
      this.id = document;
      this.page.current = {id: document};
    }
    this.base = {...this.base, id: document, title: this.title.value, body: this.body.value, revision: seen};
    this.say('Saved', 'done');
    this.draw();
  }
  refused(words, seen, op) {
    const known = this.page.known();
    if (seen === null || seen === undefined) this.say(words, 'error');
    else if (op === 'delete') this.say(`${words} Look at it, then delete it again.`, 'error');
    else if (known?.revision > this.seen()) this.overtaken(known);
  }
  say(words, kind) { this.warn(words, [], kind); }
  warn(words, answers, kind = 'warning') {
    const buttons = answers.map(([label, act]) => button('', act, label));
    this.alert.dataset.kind = kind;
    this.alert.replaceChildren(h('p', {dir: 'auto'}, words), ...buttons);
    this.alert.hidden = false;
  }
  quiet() {
    letGo(this.alert, this.title);
    this.alert.hidden = true;
    this.alert.replaceChildren();
  }
  insert(token) {
    this.body.focus();
    if (document.execCommand('insertText', false, token)) return;
    this.body.setRangeText(token, this.body.selectionStart, this.body.selectionEnd, 'end');
    this.typed();
  }
  draw() {
    const {title, body} = {title: this.title.value.trim(), body: this.body.value.trim()};
    const {base, id} = this, changed = this.isChanged();
    this.heading.textContent = id === null ? 'New text document' : base?.title ?? title;
    const at = base?.at && new Intl.DateTimeFormat(undefined, {dateStyle: 'medium', timeStyle: 'short'}).format(base.at);
    this.by.textContent = id !== null && at ? `Last changed ${at}${base.by ? ` by ${base.by}` : ''}` : '';
    this.drawPreview(this.body.value);
    this.question.textContent = `“${base?.title ?? title}” goes for everybody. Texts that were sent with it stay.`;
    const long = Array.from(body).length - this.page.limits.body, wide = Array.from(title).length - this.page.limits.title;
    this.count.classList.toggle('over', long > 0 || wide > 0);
    this.count.textContent = wide > 0 ? `The title is ${wide} over its limit of ${this.page.limits.title}` : long > 0 ? `${long} over the limit of ${number(this.page.limits.body)}` : this.size();
    this.save.disabled = !title || !body || long > 0 || wide > 0 || this.unknown.length > 0 || !changed;
    [this.revert.hidden, this.remove.hidden] = [!changed, id === null];
  }
  size() {
    const {encoding, count, causes} = segments(this.preview.textContent);
    const why = causes.length ? ` because of ${causes.slice(0, 3).join(' ')}` : '';
    return this.preview.textContent ? `${count} segment${count === 1 ? '' : 's'} with these values · ${encoding}${why}` : '';
  }
  drawPreview(text) {
    const known = new Map(this.page.fields.map(field => [field.key, field])), used = new Set(), unknown = new Set();
    const parts = [];
    let at = 0;
    for (const {0: token, 1: key, index} of text.matchAll(TOKEN)) {
      (known.has(key) ? used : unknown).add(key);
      parts.push(text.slice(at, index), known.has(key) ? h('mark', {}, known.get(key).sample) : h('mark', {className: 'unknown'}, token));
      at = index + token.length;
    }
    this.preview.replaceChildren(...parts, text.slice(at));
    this.unknown = [...unknown];
    const fields = [...used].map(key => known.get(key).label);
    this.used.replaceChildren(fields.length ? `Fields: ${fields.join(', ')}` : text ? 'No fields: everybody gets the same.' : '', ...(unknown.size ? [h('strong', {}, ` There is no field ${this.unknown.map(key => `{${key}}`).join(', ')}: correct it, or take its braces away.`)] : []));
  }
}
