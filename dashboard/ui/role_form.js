// One role: what it is called, what it may do, who has it, and whether all that is saved.

const alike = (one, other) => one.length === other.length && one.every(key => other.includes(key));
class RoleForm {
  constructor(page) {
    Object.assign(this, {page, id: null, base: null, limit: 60});
    this.boxes = new RoleBoxes((key, on) => this.tick(key, on));
    this.question = new Question();
    this.people = new RolePeople(this);
    this.past = new PastOf();
    this.heading = h('h2', {tabIndex: -1, dir: 'auto'});
    this.by = h('p', {className: 'by'});
    this.words = new Words(() => this.heading);
    this.state = h('p', {className: 'state', role: 'status', ariaLabel: 'Saved or not'});
    this.save = button('save', () => this.submit(), 'Save');
    this.revert = button('', () => this.discard(), 'Discard');
    this.build();
  }
  build() {
    const back = button('back', () => this.page.leave(), 'All roles');
    this.acts = h('div', {className: 'acts'}, button('', () => this.rename(), 'Rename'), button('', () => this.copy(), 'Copy'), button('remove', () => this.remove(), 'Delete'));
    const top = h('div', {className: 'top'}, h('div', {}, this.heading, this.by), this.acts);
    this.body = h('div', {className: 'body'}, back, top, this.words.root, this.boxes.root, this.people.root, this.past.root, this.question.root);
    this.bar = h('div', {className: 'bar'}, this.state, this.revert, this.save);
    this.parts = [this.acts, this.boxes.root, this.people.root, this.past.root, this.bar];
    this.nothing = h('p', {className: 'nothing'}, 'Choose a role, or make a new one.');
    this.editor = h('div', {className: 'role', hidden: true}, h('div', {className: 'scroll'}, this.body), this.bar);
    this.root = h('section', {className: 'form', ariaLabel: 'Role'}, this.nothing, this.editor);
  }
  show(id, base, focus) {
    Object.assign(this, {id, base, lost: false, wanted: focus && !base});
    this.words.quiet();
    this.people.begin();
    [this.nothing.hidden, this.editor.hidden] = [true, !base];
    if (base) this.draw();
    if (base && focus) this.heading.focus();
  }
  hide() {
    [this.nothing.hidden, this.editor.hidden] = [false, true];
    this.id = null;
  }
  get edit() { return this.page.edits.get(this.id); }
  get ticked() { return this.edit?.rights ?? this.base.rights; }
  seen() { return this.edit?.seen ?? this.base.revision; }
  // What the server has of it now; somebody else may have changed it, or deleted it. Undefined: it has not said yet.
  follow(known) {
    if (this.id === null || known === undefined) return;
    if (known === null) return this.gone();
    this.base = known;
    this.askNoMore();
    this.editor.hidden = false;
    if (this.wanted) this.heading.focus();
    this.wanted = false;
    const {edit} = this;
    if (edit && known.revision > edit.seen && !this.page.isAsking('save')) this.meet(edit, known);
    this.draw();
  }
  // Theirs may be mine as well, or leave the boxes alone.
  meet(edit, known) {
    if (alike(edit.rights, known.rights)) {
      this.page.edits.drop(this.id);
      this.words.quiet();
    } else if (alike(edit.base, known.rights)) this.keep(edit.rights);
    else {
      this.words.say([named(known.by ?? 'Somebody'), ` has changed this role while you did: ${this.boxes.difference(edit.base, known.rights)}.`], 'warning', [
        ['Take theirs', () => this.discard()], ['Keep mine', () => { this.keep(edit.rights); this.words.quiet(); this.draw(); this.save.focus(); }],
      ]);
    }
  }
  gone() {
    if (!this.base || this.lost || this.page.isAsking('delete')) return;
    this.lost = true;
    this.page.edits.drop(this.id);
    // What is asked about a role that is gone needs no answer, and would cover this one.
    this.question.root.close();
    this.words.say('Somebody has deleted this role.', 'warning', [['All roles', () => this.page.leave()]]);
    letGo(this.editor, this.words.root.querySelector('button'));
    for (const part of this.parts) part.hidden = true;
  }
  // The rights that are wanted, over those that are saved; while others are being saved, that is not known yet.
  keep(rights) {
    if (alike(rights, this.base.rights) && !this.page.isAsking('save')) this.page.edits.drop(this.id);
    else this.page.edits.set(this.id, {rights, base: this.base.rights, seen: this.base.revision});
  }
  tick(key, on) {
    const {edit, ticked} = this, rights = on ? [...ticked, key] : ticked.filter(other => other !== key);
    // Over what was seen first: what somebody else has done meanwhile is not mine to take back.
    if (edit && edit.seen < this.base.revision) this.page.edits.set(this.id, {...edit, rights});
    else this.keep(rights);
    if (this.words.kind === 'error') this.words.quiet();
    this.draw();
    this.page.drawList();
  }
  discard() {
    this.page.edits.drop(this.id);
    letGo(this.bar, this.boxes.tab.button);
    this.words.quiet();
    this.draw();
    this.page.drawList();
  }
  submit() {
    const {editing, mine} = this.page.state;
    const losing = mine === this.id && isOn(this.base.rights, editing) && !isOn(this.ticked, editing);
    if (!losing) return this.store();
    return this.question.ask('Take “Edit Roles” from your own role?', 'This page closes for you as soon as it is saved, and only somebody else can give that right back.', 'Save all the same', () => this.store());
  }
  store() {
    const id = this.id, rights = this.ticked, edit = this.edit;
    letGo(this.bar, this.heading);
    this.page.ask('save', {role: id, rights, seen: this.seen()}, ({error, seen}) => {
      // What was ticked while it was being saved is not saved yet.
      const now = this.page.edits.get(id);
      if (!error && now && (now === edit || alike(now.rights, rights))) this.page.edits.drop(id);
      else if (!error && now) this.page.edits.set(id, {...now, base: rights, seen});
      if (!error) this.page.saved(id, rights, seen);
      if (this.id !== id) return;
      this.base = this.page.rows.get(id);
      this.told = error ? '' : 'Saved: it holds for everybody with this role now.';
      if (error && (seen === null || seen === undefined)) this.words.say(error);
      this.draw();
    });
    this.draw();
  }
  rename() {
    const {id, name} = this.base;
    this.page.name('Rename this role', 'Rename', name, 'rename', {role: id, seen: this.base.revision});
  }
  copy() {
    const {id, name} = this.base;
    this.page.name('A role that may do the same', 'Copy', `${name} copy`.slice(0, this.limit), 'copy', {role: id});
  }
  remove() {
    const {id, name, people, revision} = this.base;
    if (people) return this.words.say(`${counted(people, 'person has', 'people have')} this role: take it from them, or give them another, before you delete it.`);
    this.deletion = () => this.page.ask('delete', {role: id, seen: revision}, ({error, seen}) => {
      if (!error) this.page.edits.drop(id);
      if (this.id !== id) return;
      if (error) this.words.say(seen ? `${error} Look at it, then delete it again.` : error);
      else this.page.leave();
    });
    return this.question.ask('Delete this role?', ['“', named(name), '” goes for everybody. Nobody has it.'], 'Delete', this.deletion);
  }
  // While it is asked whether to delete a role that nobody has, somebody may get it.
  askNoMore() {
    const {root, act} = this.question;
    if (!root.open || act !== this.deletion || !this.base.people) return;
    root.close();
    this.remove();
  }
  draw() {
    const {base, ticked, page} = this;
    for (const part of this.parts) part.hidden = false;
    this.heading.textContent = base.name;
    this.by.textContent = base.at ? `Last changed ${moment(base.at)}${base.by ? ` by ${base.by}` : ''}` : '';
    this.boxes.draw(ticked, base.rights, page.state.off);
    const told = page.state.asked === this.id;
    if (told) this.people.draw(base, page.state.holders, page.state.me);
    this.past.show(told ? page.state.history : []);
    this.drawBar(this.boxes.changed(ticked, base.rights).length, page.isAsking('save'));
  }
  drawBar(count, saving) {
    if (count) this.told = '';
    this.state.textContent = saving ? 'Saving…' : count ? `${counted(count, 'box', 'boxes')} changed and not saved` : this.told || 'Everything is saved';
    this.bar.dataset.state = saving ? 'saving' : count ? 'unsaved' : 'saved';
    for (const act of [this.save, this.revert]) {
      const idle = !count || saving;
      if (idle) letGo(act, this.heading);
      act.disabled = idle;
    }
  }
}
