// The picker of text documents: searched and chosen by keyboard, a page at a time from the server.

const TEXT = 'M4 4h16v12H9l-5 4Zm2 2v9.8L8.3 14H18V6Zm2 2h8v1.6H8Zm0 2.9h5.5v1.6H8Z';
const WAIT = 120; // milliseconds after the last key
const NEAR = 120; // pixels from the end at which more is asked for
class Picker {
  constructor(send, insert, back) {
    Object.assign(this, {send, insert, back, n: 0, items: [], at: 0, following: null, timer: 0, place: null, chosen: false});
    const words = {ariaLabel: 'Search text documents', placeholder: 'Search text documents', autocomplete: 'off', spellcheck: false, role: 'combobox', ariaExpanded: 'true', ariaAutoComplete: 'list'};
    this.input = h('input', {type: 'search', ...words, oninput: () => this.typed(), onkeydown: event => this.key(event)});
    this.input.setAttribute('aria-controls', 'text-documents');
    this.list = h('div', {id: 'text-documents', role: 'listbox', ariaLabel: 'Text documents', tabIndex: -1, onscroll: () => this.scrolled()});
    this.empty = h('p', {className: 'none', role: 'status'});
    this.box = h('div', {className: 'picker', popover: 'auto', role: 'dialog', ariaLabel: 'Text documents', ontoggle: event => this.turned(event)}, this.input, this.list, this.empty);
    this.opener = button('tool', () => this.open(null), icon(TEXT), {ariaLabel: 'Insert text document', title: 'Insert text document ( / )', ariaHasPopup: 'dialog', ariaExpanded: 'false'});
  }
  // `place` is where the choice goes: the range of a slash that was typed, or null for the cursor.
  open(place, beside = this.opener) {
    Object.assign(this, {place, chosen: false, items: [], following: null});
    this.input.value = '';
    this.list.replaceChildren();
    this.empty.textContent = '';
    this.box.showPopover();
    this.stand(beside);
    this.input.focus();
    this.ask();
  }
  stand(beside) {
    const {left, top, width} = beside.closest('.box').getBoundingClientRect();
    const wide = Math.min(Math.max(width, 280), 520, innerWidth - 16);
    Object.assign(this.box.style, {left: `${Math.max(8, Math.min(left, innerWidth - wide - 8))}px`, bottom: `${innerHeight - top + 6}px`, width: `${wide}px`, maxHeight: `${Math.max(160, Math.min(420, top - 16))}px`});
  }
  turned({newState}) {
    this.opener.ariaExpanded = String(newState === 'open');
    if (newState !== 'open' && !this.chosen) this.back();
  }
  close() { this.box.hidePopover(); }
  typed() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), WAIT);
  }
  ask(after = null) {
    this.asking = after;
    this.send('documents', {n: this.n += 1, query: this.input.value, after});
  }
  // An answer to an earlier question is no longer wanted.
  hear({n, items, following}) {
    if (n !== this.n) return;
    const more = this.asking !== null;
    Object.assign(this, {items: more ? [...this.items, ...items] : items, following});
    const options = items.map(item => this.option(item));
    if (more) this.list.append(...options);
    else this.list.replaceChildren(...options);
    if (!more) this.list.scrollTop = 0;
    this.empty.textContent = this.items.length ? '' : this.input.value.trim() ? `Nothing matches “${this.input.value.trim()}”` : 'No text documents yet: Settings > Documents adds them.';
    this.point(more ? this.at : 0);
  }
  option({id, title, text}) {
    const node = h('div', {id: `document-${id}`, role: 'option', ariaSelected: 'false', onclick: () => this.choose(id), onmousemove: () => this.point(this.items.findIndex(item => item.id === id), false)}, h('strong', {dir: 'auto'}, title), h('span', {dir: 'auto'}, text));
    return node;
  }
  point(at, show = true) {
    this.at = Math.max(0, Math.min(at, this.items.length - 1));
    [...this.list.children].forEach((node, i) => { node.ariaSelected = String(i === this.at); });
    const node = this.list.children[this.at];
    if (node) this.input.setAttribute('aria-activedescendant', node.id);
    else this.input.removeAttribute('aria-activedescendant');
    if (show) node?.scrollIntoView({block: 'nearest'});
  }
  key(event) {
    const {key, isComposing} = event;
    const to = {ArrowDown: this.at + 1, ArrowUp: this.at - 1, PageDown: this.at + 5, PageUp: this.at - 5}[key];
    if (isComposing) return;
    if (to !== undefined) this.point(to);
    else if (key === 'Enter') this.choose(this.items[this.at]?.id);
    else if (key === 'Tab' || key === 'Escape') this.close();
    else if (!this.input.value && this.place && (key === ' ' || key === 'Backspace')) this.giveUp(key);
    else return;
    event.preventDefault();
    if (this.at >= this.items.length - 3) this.more();
  }
  // The slash was meant as one, or was a slip.
  giveUp(key) {
    const [start, end] = this.place;
    this.chosen = true;
    this.close();
    if (key === ' ') this.insert(' ', [end, end]);
    else this.insert('', [start, end]);
  }
  scrolled() {
    const {scrollHeight, scrollTop, clientHeight} = this.list;
    if (scrollHeight - scrollTop - clientHeight < NEAR) this.more();
  }
  more() {
    if (!this.following) return;
    const {following} = this;
    this.following = null;
    this.ask(following);
  }
  choose(id) {
    if (id === undefined) return;
    this.chosen = true;
    this.close();
    this.send('fill', {document: id});
  }
}
