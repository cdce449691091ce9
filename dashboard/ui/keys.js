// The keyboard: what each key does, the sheet that says so, and the switch that turns single keys off.

const KEYS = [
  ['J', 'Next thread', 'list', 'j'], ['K', 'Previous thread', 'list', 'k'], ['Enter', 'Open the thread'],
  ['X', 'Tick the thread', 'list', 'x'], ['U', 'Mark as unopened', 'list', 'u'], ['E', 'Remove', 'list', 'e'],
  ['Z', 'Undo what was just done', 'list', 'z'], ['/', 'Search', 'list', '/'], ['R', 'Write a reply', 'talk', 'r'],
  ['Ctrl + Enter', 'Send'], ['Escape', 'Close, clear, or go back to the list'], ['?', 'This sheet'],
];
const KEPT = 'message-center-keys';
class Keys {
  constructor(tell) {
    this.tell = tell;
    this.on = this.read() !== 'off';
    this.opener = h('button', {type: 'button', class: 'opener', 'aria-label': 'Keyboard shortcuts', title: 'Keyboard shortcuts'}, '?');
    this.opener.addEventListener('click', () => this.sheet.showModal());
    this.sheet = this.build();
  }
  build() {
    const lines = KEYS.flatMap(([key, words]) => [h('dt', {}, h('kbd', {}, key)), h('dd', {}, words)]);
    const box = h('input', {type: 'checkbox', ...(this.on ? {checked: ''} : {})});
    box.addEventListener('change', () => this.keep(box.checked));
    const close = h('button', {type: 'button'}, 'Close');
    close.addEventListener('click', () => this.sheet.close());
    const label = h('label', {}, box, 'Single keys act (J, K, X, U, E, Z, /, R, ?)');
    return h('dialog', {class: 'sheet', 'aria-label': 'Keyboard shortcuts'}, h('h2', {}, 'Keyboard shortcuts'), h('dl', {}, ...lines), label, close);
  }
  // Some browsers and notebooks keep nothing: then it holds until the page is left.
  read() { try { return localStorage.getItem(KEPT); } catch { return null; } }
  keep(on) {
    this.on = on;
    try { localStorage.setItem(KEPT, on ? 'on' : 'off'); } catch { return; }
  }
  // Whether the key was one of ours. Never while somebody writes, chooses in a menu, or reads the sheet.
  press(event) {
    const {key, ctrlKey, metaKey, altKey, isComposing} = event;
    if (!this.on || ctrlKey || metaKey || altKey || isComposing || this.isTaken(event.composedPath()[0])) return false;
    if (key === '?') this.sheet.showModal();
    const [,, part, name] = KEYS.find(([, , , its]) => its === key.toLowerCase()) ?? [];
    if (part) this.tell(part, name);
    if (part || key === '?') event.preventDefault();
    return Boolean(part) || key === '?';
  }
  isTaken(target) {
    return this.sheet.open || target.matches?.('textarea, select, input:not([type="checkbox"]), [contenteditable], [role="menuitem"]');
  }
}
