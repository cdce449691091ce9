// Settings > User Role & Rights: the list of roles, and one of them being looked at or changed.

class Roles extends SettingsFrame {
  constructor(model) {
    super(model, {order: [], asked: null, role: null, holders: [], history: [], me: null, mine: null, off: {}, editing: null});
    Object.assign(this, {rows: new Map(), edits: new Unsaved('roles'), current: null});
    this.naming = new NameDialog();
    this.form = new RoleForm(this);
    this.root = this.frame(h('div', {className: 'panes'}, this.buildList(), this.form.root), this.naming.root);
    this.root.dataset.open = 'false';
    this.live();
  }
  buildList() {
    this.add = button('add', () => this.name('New role', 'Add', '', 'add', {}), 'New role');
    this.count = h('p', {className: 'total', ariaLive: 'polite'});
    this.list = h('ul', {className: 'list', ariaLabel: 'Roles'});
    const about = h('p', {className: 'about'}, 'A role says what the people who have it may do.');
    return h('section', {className: 'side', ariaLabel: 'All roles'}, h('h1', {}, 'User Role & Rights'), about, h('div', {className: 'head'}, this.count, this.add), this.list);
  }
  apply(patch) {
    this.hear(patch);
    if (patch.grid) this.form.boxes.build(patch.grid);
    if (patch.limit) this.form.limit = this.naming.input.maxLength = patch.limit;
    for (const row of patch.rows ?? []) this.rows.set(row.id, row);
    this.loaded ||= 'order' in patch;
    if (patch.grid) this.begin();
    if (patch.people) this.form.people.lookup.show(patch.people);
    if (patch.saved) this.answered(patch.saved);
    this.drawList();
    this.form.follow(this.known());
  }
  // A new session of the server does not know yet what this page looks at.
  begin() {
    const before = take('role');
    if (before && this.rows.has(before.id)) this.open(before.id, before.focus);
    else if (this.current !== null) this.send('open', {role: this.current});
  }
  // What the server says of the open role: undefined while it has not said anything of it.
  known() {
    if (this.state.asked !== this.current) return this.current === null ? undefined : this.rows.get(this.current);
    return this.current === null ? undefined : this.state.role;
  }
  // A save that the server has confirmed; its snapshot says the same a moment later.
  saved(id, rights, revision) {
    const known = this.rows.get(id);
    if (known.revision < revision) this.rows.set(id, {...known, rights, revision});
    if (this.state.role?.id === id && this.state.role.revision < revision) this.state.role = {...this.state.role, rights, revision};
  }
  drawList() {
    const {order} = this.state, held = this.list.querySelector(':focus')?.dataset.role;
    this.list.replaceChildren(...order.map(id => this.line(this.rows.get(id))));
    if (held) this.list.querySelector(`[data-role="${held}"]`)?.focus({preventScroll: true});
    this.count.textContent = this.loaded ? counted(order.length, 'role', 'roles') : '';
  }
  line({id, name, people, rights}) {
    const {grid} = this.form.boxes, all = grid.length, some = grid.filter(({key}) => rights.includes(key)).length;
    const facts = `${people ? counted(people, 'person', 'people') : 'Nobody'} · ${some === all ? 'every right' : some ? `${some} of ${all} rights` : 'no rights yet'}`;
    const unsaved = this.edits.has(id) && span('unsaved', 'Unsaved');
    const open = button('open', () => this.open(id, true), [h('strong', {dir: 'auto'}, name), unsaved, span('text', facts)].filter(Boolean));
    open.dataset.role = id;
    open.ariaCurrent = this.current === id ? 'true' : null;
    return h('li', {}, open);
  }
  open(id, focus) {
    this.current = id;
    this.root.dataset.open = 'true';
    this.form.told = '';
    this.send('open', {role: id});
    this.form.show(id, this.rows.get(id) ?? null, focus);
    this.drawList();
  }
  leave() {
    this.current = null;
    this.root.dataset.open = 'false';
    this.send('open', {role: null});
    this.form.hide();
    this.drawList();
    (this.list.querySelector('button') ?? this.add).focus();
  }
  close(held) {
    super.close();
    leave('role', {id: this.current, focus: this.form.root.contains(held)});
  }
  // Ask for the name of a role until it can have it, then show that role.
  name(heading, yes, name, op, more) {
    this.naming.ask(heading, yes, name, typed => this.isAsking(op) || this.ask(op, {...more, name: typed}, ({error, role}) => {
      if (error) return this.naming.complain(error);
      this.naming.root.close();
      return role !== this.current && this.open(role, true);
    }));
  }
}
export function render(context) { return bringToLife(context, new Roles(context.model)); }
