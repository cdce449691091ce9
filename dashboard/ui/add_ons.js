// Settings > Add-ons: what is switched on and off for everybody.

class AddOns extends SettingsFrame {
  constructor(model) {
    super(model, {switches: []});
    this.lines = new Map();
    this.question = new Question();
    this.list = h('div', {className: 'switches'});
    this.words = new Words(() => this.list.querySelector('button') ?? this.root);
    this.root = this.frame(h('div', {className: 'middle'}, h('h1', {}, 'Add-ons'), this.words.root, this.list), this.question.root);
    this.live();
  }
  apply(patch) {
    this.hear(patch);
    if (patch.saved) this.answered(patch.saved);
    for (const entry of this.state.switches) this.draw(entry);
  }
  line({key, name, sentence}) {
    const toggle = button('switch', () => this.toggle(key), [span('knob')], {role: 'switch', id: `switch-${key}`});
    const parts = {toggle, state: span('on-off'), by: h('p', {className: 'by'}), off: h('p', {className: 'meanwhile'})};
    const title = h('h2', {id: `name-${key}`}, name), words = h('p', {className: 'sentence', id: `words-${key}`}, sentence);
    toggle.setAttribute('aria-labelledby', title.id);
    toggle.setAttribute('aria-describedby', words.id);
    parts.state.ariaHidden = 'true';
    this.list.append(h('section', {className: 'add-on'}, h('div', {className: 'about'}, title, words, parts.off, parts.by), h('div', {className: 'turn'}, parts.state, toggle)));
    this.lines.set(key, parts);
    return parts;
  }
  draw(entry) {
    const {toggle, state, by, off} = this.lines.get(entry.key) ?? this.line(entry);
    const has = counted(entry.people, 'person has', 'people have');
    toggle.ariaChecked = String(entry.on);
    toggle.disabled = this.asked.size > 0;
    state.textContent = entry.on ? 'On' : 'Off';
    off.textContent = entry.on ? `${has} a right to it.` : `${counted(entry.people, 'person', 'people')} would have it again. Texts that come in meanwhile are kept.`;
    by.textContent = entry.at ? `Switched ${entry.on ? 'on' : 'off'} ${moment(entry.at)}${entry.by ? ` by ${entry.by}` : ''}` : '';
  }
  toggle(key) {
    const entry = this.state.switches.find(one => one.key === key), on = !entry.on;
    const act = () => {
      this.ask('switch', {add_on: key, on}, ({error}) => this.settle(key, error));
      this.draw(entry);
    };
    if (on) return act();
    return this.question.ask(`Switch ${entry.name} off?`, `${counted(entry.people, 'person has', 'people have')} a right to it now. ${entry.off}`, 'Switch off', act);
  }
  settle(key, error) {
    if (error) this.words.say(error);
    else this.words.quiet();
    const {toggle} = this.lines.get(key);
    toggle.disabled = false;
    toggle.focus();
  }
}
export function render(context) { return bringToLife(context, new AddOns(context.model)); }
