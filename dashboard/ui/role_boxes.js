// What a role may do, as boxes: a tab for each part of the product, in it a group for each column.

let tabPanels = 0;
const isOn = (rights, key) => rights.includes(key);
class RoleBoxes {
  // `tick(key, on)` is told of each click.
  constructor(tick) {
    Object.assign(this, {tick, boxes: new Map(), grid: [], tab: null});
    this.tabs = h('div', {className: 'tabs', role: 'tablist', ariaLabel: 'Rights', onkeydown: event => this.key(event)});
    this.panels = h('div');
    this.root = h('section', {className: 'rights', ariaLabel: 'Rights'}, this.tabs, this.panels);
  }
  // Once, when the server has said which rights there are.
  build(grid) {
    this.grid = grid;
    this.parts = [...new Set(grid.map(right => right.tab))].map(name => this.part(name));
    this.tabs.replaceChildren(...this.parts.map(part => part.button));
    this.panels.replaceChildren(...this.parts.map(part => part.panel));
    this.turn(this.parts.find(part => part.name === this.tab?.name) ?? this.parts[0]);
  }
  part(name) {
    const id = `rights-${tabPanels += 1}`, mark = span('mark'), part = {name, mark};
    part.button = button('', () => this.turn(part), [name, mark], {role: 'tab', id: `${id}-tab`});
    const columns = [...new Set(this.grid.filter(right => right.tab === name).map(right => right.column))];
    part.panel = h('div', {role: 'tabpanel', id, className: 'columns'}, ...columns.map(column => this.column(name, column)));
    part.panel.setAttribute('aria-labelledby', part.button.id);
    part.button.setAttribute('aria-controls', id);
    return part;
  }
  column(tab, column) {
    const rights = this.grid.filter(right => right.tab === tab && right.column === column);
    return h('fieldset', {className: 'column'}, h('legend', {}, column), ...rights.map(right => this.box(right, rights.some(({key}) => key === right.within))));
  }
  box({key, label, sentence}, indented) {
    const input = h('input', {type: 'checkbox', onchange: () => this.tick(key, input.checked)});
    const [name, words, why] = [['name', label], ['sentence', sentence], ['why', '']].map(([kind, text]) => h('span', {className: kind, id: `right-${key}-${kind}`}, text));
    input.dataset.right = key;
    input.setAttribute('aria-labelledby', name.id);
    input.setAttribute('aria-describedby', `${words.id} ${why.id}`);
    const root = h('label', {className: indented ? 'box within' : 'box'}, input, name, words, why);
    this.boxes.set(key, {root, input, why});
    return root;
  }
  turn(to, focus) {
    this.tab = to;
    for (const part of this.parts) {
      part.button.ariaSelected = String(part === to);
      part.button.tabIndex = part === to ? 0 : -1;
      part.panel.hidden = part !== to;
    }
    if (focus) to.button.focus();
  }
  key(event) {
    const at = this.parts.indexOf(this.tab), last = this.parts.length - 1;
    const to = {ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at ? at - 1 : last, Home: 0, End: last}[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.turn(this.parts[to], true);
  }
  // What is ticked; what is saved; the rights that an add-on voids, with its name.
  draw(ticked, saved, off) {
    for (const right of this.grid) {
      const {root, input, why} = this.boxes.get(right.key);
      const lacks = right.within && !isOn(ticked, right.within) ? this.grid.find(other => other.key === right.within).label : null;
      if (lacks) letGo(input, this.tab.button);
      [input.checked, input.disabled] = [isOn(ticked, right.key), Boolean(lacks)];
      const isNew = isOn(ticked, right.key) !== isOn(saved, right.key);
      root.dataset.state = lacks ? 'off' : isNew ? 'new' : '';
      why.textContent = [
        isNew && 'Not saved yet.', lacks && `Counts only with “${lacks}”.`, off[right.key] && `Counts for nothing while ${off[right.key]} is switched off.`,
      ].filter(Boolean).join(' ');
    }
    for (const {name, mark, button: tab} of this.parts) {
      const count = this.changed(ticked, saved).filter(right => right.tab === name).length;
      mark.textContent = count ? `${count} unsaved` : '';
      tab.classList.toggle('unsaved-tab', count > 0);
    }
  }
  changed(ticked, saved) { return this.grid.filter(({key}) => isOn(ticked, key) !== isOn(saved, key)); }
  // What makes one set of rights of another, in words.
  difference(from, to) {
    const [on, off] = [[to, from], [from, to]].map(([has, lacks]) => this.grid.filter(({key}) => isOn(has, key) && !isOn(lacks, key)).map(({label}) => `“${label}”`));
    return [on.length && `ticked ${on.join(', ')}`, off.length && `unticked ${off.join(', ')}`].filter(Boolean).join('; ');
  }
}
