// The keyboard: what each key does, the sheet that says so, and the switch that turns single keys off.

const KEYS = {
  'In the list': [
    ['J', 'Next thread', 'list', 'j'], ['K', 'Previous thread', 'list', 'k'], ['Enter', 'Open the thread'],
    ['X', 'Tick the thread', 'list', 'x'], ['U', 'Mark as unopened', 'list', 'u'], ['E', 'Remove, or bring back', 'list', 'e'],
  ],
  'In a thread': [['R', 'Write a reply', 'talk', 'r'], ['Ctrl + Enter', 'Send']],
  Everywhere: [
    ['Z', 'Undo what was just done', 'list', 'z'], ['/', 'Search, and ↓ from there to the threads', 'list', '/'],
    ['Escape', 'Close, clear, or go back to the list'], ['?', 'Show this sheet'],
  ],
};
const ACTING = Object.fromEntries(Object.values(KEYS).flat().filter(([, , , key]) => key).map(([, , part, key]) => [key, part]));
const REPEATED = new Set(['j', 'k']); // the others act once, however long they are held down
const TAKEN = 'textarea, select, input:not([type="checkbox"]), [contenteditable], [popover], dialog';
const KEPT = 'message-center-keys';
class Keys {
  constructor(tell) {
    this.tell = tell;
    this.on = this.read() !== 'off';
    this.opener = button('opener', () => this.show(), '?', {ariaLabel: 'Keyboard shortcuts', title: 'Keyboard shortcuts'});
    this.sheet = this.build();
  }
  build() {
    const groups = Object.entries(KEYS).map(([name, keys]) => this.group(name, keys));
    this.box = h('input', {type: 'checkbox', checked: this.on, onchange: () => this.keep(this.box.checked)});
    this.shut = button('', () => this.sheet.close(), 'Close');
    const choice = h('label', {}, this.box, 'Single keys act (J, K, X, U, E, R, Z, /, ?)');
    const words = h('p', {}, 'U and E are for the ticked threads, else for the one with the focus, else for the open one.');
    return h('dialog', {className: 'sheet', ariaLabel: 'Keyboard shortcuts'}, h('h2', {}, 'Keyboard shortcuts'), h('div', {className: 'groups'}, ...groups), words, h('footer', {}, choice, this.shut));
  }
  group(name, keys) {
    const lines = keys.flatMap(([key, words]) => [h('dt', {}, h('kbd', {}, key)), h('dd', {}, words)]);
    return h('section', {}, h('h3', {}, name), h('dl', {}, ...lines));
  }
  show() {
    this.box.checked = this.on;
    this.sheet.showModal();
    this.shut.focus();
  }
  // Some browsers and notebooks keep nothing: then it holds until the page is left.
  read() { try { return localStorage.getItem(KEPT); } catch { return null; } }
  keep(on) {
    this.on = on;
    try { localStorage.setItem(KEPT, on ? 'on' : 'off'); } catch { return; }
  }
  // Whether the key was one of ours. Never while somebody writes, chooses in a menu, or reads the sheet.
  press(event) {
    const key = event.key.toLowerCase(), part = ACTING[key];
    if (!this.on || !(part || key === '?') || this.isTaken(event)) return false;
    event.preventDefault();
    if (event.repeat && !REPEATED.has(key)) return true;
    if (part) this.tell(part, key);
    else this.show();
    return true;
  }
  isTaken(event) {
    const {ctrlKey, metaKey, altKey, isComposing} = event;
    return ctrlKey || metaKey || altKey || isComposing || this.sheet.open || event.composedPath().some(node => node.matches?.(TAKEN));
  }
}
