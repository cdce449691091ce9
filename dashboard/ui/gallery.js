// The pictures that an account has already: choosing one attaches it, and uploads nothing.

class Gallery {
  constructor(attachments) {
    Object.assign(this, {attachments, ticked: new Map(), thread: null, last: null});
    this.grid = h('ul', {className: 'grid', role: 'list', onkeydown: event => this.key(event)});
    this.nothing = h('p', {className: 'empty'});
    this.more = button('retry', () => this.ask(this.last), 'Show more');
    this.done = button('send', () => this.attach(), '');
    const bar = h('div', {className: 'bar'}, h('h2', {}, 'Current Attachments'), press('shut', 'Close', () => this.root.close(), icon(CROSS)));
    this.root = h('dialog', {className: 'gallery', ariaLabel: 'Current Attachments'}, bar, this.nothing, this.grid, h('div', {className: 'foot'}, this.more, this.done));
  }
  open(thread) {
    Object.assign(this, {thread, last: null});
    this.ticked.clear();
    this.grid.replaceChildren();
    this.say('The pictures are on their way.');
    this.more.hidden = true;
    this.tell();
    this.root.showModal();
    this.ask(null);
  }
  ask(before) { this.attachments.send('gallery', {thread: this.thread, before}); }
  came({thread, before, pictures, more}) {
    if (thread !== this.thread || before !== this.last || !this.root.open) return;
    const first = this.grid.children.length;
    this.grid.append(...pictures.map(picture => this.item(picture)));
    this.last = pictures.at(-1)?.id ?? this.last;
    this.more.hidden = !more;
    this.say(this.grid.children.length ? '' : 'No picture yet: those that are sent or received here will be.');
    this.grid.children[first]?.querySelector('button').focus();
  }
  say(words) { this.nothing.textContent = words; this.nothing.hidden = !words; }
  item(picture) {
    const image = h('img', {alt: ALT(picture), loading: 'lazy', width: picture.width, height: picture.height});
    this.attachments.pictures.fill(image, picture.id, 'thumb');
    const tick = h('input', {type: 'checkbox', ariaLabel: `Select ${picture.name || 'picture'}`, onchange: () => this.tick(picture, tick.checked)});
    const choose = h('button', {type: 'button', className: 'choice', title: picture.name, onclick: () => this.choose(picture)}, image);
    return h('li', {}, choose, tick);
  }
  tick(picture, on) {
    if (on) this.ticked.set(picture.id, picture);
    else this.ticked.delete(picture.id);
    this.tell();
  }
  tell() {
    this.done.hidden = !this.ticked.size;
    this.done.textContent = this.ticked.size === 1 ? 'Attach 1 picture' : `Attach ${this.ticked.size} pictures`;
  }
  choose(picture) {
    this.ticked.set(picture.id, picture);
    this.attach();
  }
  attach() {
    this.root.close();
    for (const picture of this.ticked.values()) this.attachments.attach(picture);
    this.attachments.composer.input.focus();
  }
  key(event) {
    const step = {ArrowRight: 1, ArrowLeft: -1}[event.key];
    if (!step) return;
    const all = [...this.grid.querySelectorAll('.choice')], at = all.indexOf(event.target.closest('li').querySelector('.choice'));
    event.preventDefault();
    all[Math.max(0, Math.min(all.length - 1, at + step))].focus();
  }
}

// Pictures that are dropped anywhere on the conversation.
class Drop {
  constructor(root, attachments, allowed) {
    Object.assign(this, {attachments, allowed});
    this.veil = h('div', {className: 'veil', hidden: true}, h('p', {}, 'Drop pictures to attach them'));
    root.append(this.veil);
    for (const name of ['dragenter', 'dragover']) root.addEventListener(name, event => this.over(event));
    root.addEventListener('dragleave', event => root.contains(event.relatedTarget) || (this.veil.hidden = true));
    root.addEventListener('drop', event => this.dropped(event));
  }
  over(event) {
    if (!event.dataTransfer.types.includes('Files')) return;
    event.preventDefault(); // or the browser leaves the page for the file
    this.veil.hidden = !this.allowed();
    event.dataTransfer.dropEffect = this.allowed() ? 'copy' : 'none';
  }
  dropped(event) {
    this.veil.hidden = true;
    const files = [...event.dataTransfer.files];
    if (!files.length) return;
    event.preventDefault();
    if (this.allowed()) this.attachments.add(files);
  }
}
