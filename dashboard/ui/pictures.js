// Files on messages: thumbnails in a box of one size, placeholders with words, downloads; and one picture at a time, large.

const ALT = ({name}) => (name ? `Picture ${name}` : 'Picture');
const LEFT = 'm14.5 5 1.4 1.4L10.3 12l5.6 5.6-1.4 1.4-7-7Z';
const RIGHT = 'm9.5 5-1.4 1.4 5.6 5.6-5.6 5.6 1.4 1.4 7-7Z';
const CROSS = 'm6.4 5 5.6 5.6L17.6 5 19 6.4 13.4 12l5.6 5.6-1.4 1.4-5.6-5.6L6.4 19 5 17.6l5.6-5.6L5 6.4Z';
const FRAME = 'M4 4h16v16H4Zm2 2v9.6l3.5-3.5 3 3 4-4L18 12.6V6ZM8.5 7.5a1.75 1.75 0 1 1 0 3.5 1.75 1.75 0 0 1 0-3.5Z';
const press = (className, words, onclick, content) => button(className, onclick, content, {ariaLabel: words, title: words});

// Pictures side by side, and below them what is none.
function drawFiles(files, pictures) {
  const [shown, others] = [files.filter(({state}) => state !== 'file'), files.filter(({state}) => state === 'file')];
  const drawn = list => list.map(file => pictures.draw(file));
  return [shown.length && h('div', {className: 'pictures'}, ...drawn(shown)), ...drawn(others)].filter(Boolean);
}
// Where the bytes of pictures come from: the server's door, or, where there is none, the object itself.
class Pictures {
  constructor(send) {
    Object.assign(this, {send, doors: false, known: new Map(), asked: new Map(), nodes: new Map()});
    this.zoom = new Zoom(this);
  }
  address(id, size) { return new URL(`media/${id}${size ? `?size=${size}` : ''}`, document.baseURI).href; }
  // Fills an image; in a notebook once its bytes have come.
  fill(image, id, size) {
    const key = `${id} ${size}`;
    if (this.doors) image.src = this.address(id, size);
    else if (this.known.has(key)) image.src = this.known.get(key);
    else {
      if (!this.asked.has(key)) this.send('picture', {id, size});
      this.asked.set(key, [...this.asked.get(key) ?? [], image]);
    }
  }
  came({id, size, type, data}) {
    const key = `${id} ${size}`;
    if (data) this.known.set(key, `data:${type};base64,${data}`);
    for (const image of this.asked.get(key) ?? []) {
      if (data) image.src = this.known.get(key);
      else image.dispatchEvent(new Event('error'));
    }
    this.asked.delete(key);
  }
  // The same node while nothing changes, so that what is on screen does not flicker when a state line does.
  draw(file) {
    const facts = JSON.stringify(file);
    const known = this.nodes.get(file.id);
    if (known?.facts === facts && file.state !== 'failed') return known.node; // its button may be spent
    const node = this.make(file);
    this.nodes.set(file.id, {facts, node});
    return node;
  }
  make(file) {
    if (file.state === 'ready') return this.thumbnail(file);
    if (file.state === 'file') return this.download(file);
    const failed = file.state === 'failed';
    const what = file.type.startsWith('image/') ? 'picture' : 'file';
    const box = h('div', {className: `picture ${file.state}`}, icon(FRAME));
    box.append(span('', !failed ? `A ${what} is on its way` : file.away ? `This ${what} is not here` : 'This picture cannot be shown'));
    if (!failed) return box;
    if (file.reason) box.append(span('reason', `The file ${file.reason}`));
    const retry = button('retry', () => this.lookAgain(retry, file.id), 'Retry');
    box.append(h('div', {className: 'ways'}, retry, this.doors && !file.away && h('a', {className: 'retry', href: this.address(file.id), download: ''}, 'Download')));
    return box;
  }
  lookAgain(retry, attachment) {
    retry.disabled = true;
    setTimeout(() => { retry.disabled = false; }, AGAIN);
    this.send('look_again', {attachment});
  }
  thumbnail(file) {
    const image = h('img', {alt: ALT(file), decoding: 'async', draggable: false});
    const box = h('button', {type: 'button', className: 'picture', onclick: () => this.zoom.open(file.id, box)}, image);
    const again = button('retry', () => { lost.replaceWith(box); this.fill(image, file.id, 'thumb'); }, 'Retry');
    const lost = h('div', {className: 'picture failed'}, icon(FRAME), span('', 'This picture did not arrive'), again);
    image.onerror = () => box.isConnected && box.replaceWith(lost);
    this.fill(image, file.id, 'thumb');
    return box;
  }
  download(file) {
    const url = this.doors ? this.address(file.id) : null;
    const node = chip({...file, type: file.type.replace(/^image/, 'file'), url});
    if (url) Object.assign(node, {download: file.name, target: ''});
    if (!file.reason) return node;
    return h('div', {className: 'explained'}, node, span('reason', `Not shown: it ${file.reason}`));
  }
  forget() { this.nodes.clear(); this.zoom.close(); }
}

// One picture of the thread, as large as the window; the others are a key away.
class Zoom {
  constructor(pictures) {
    Object.assign(this, {pictures, all: () => [], id: null});
    this.image = h('img', {onclick: () => this.magnify(), draggable: false});
    this.caption = h('p', {className: 'caption', dir: 'auto'});
    [this.before, this.after] = [press('turn', 'Previous picture', () => this.turn(-1), icon(LEFT)), press('turn', 'Next picture', () => this.turn(1), icon(RIGHT))];
    this.stage = h('div', {className: 'stage', onclick: event => event.target === this.stage && this.close()}, this.image);
    this.shut = press('shut', 'Close', () => this.close(), icon(CROSS));
    const bar = h('div', {className: 'bar'}, this.caption, this.shut);
    this.root = h('dialog', {className: 'zoom', onkeydown: event => this.key(event)}, bar, this.stage, this.before, this.after);
  }
  open(id) {
    this.id = id;
    if (!this.root.open) this.root.showModal();
    this.draw();
  }
  close() { if (this.root.open) this.root.close(); }
  key(event) {
    const step = {ArrowLeft: -1, ArrowRight: 1}[event.key];
    if (!step || this.root.classList.contains('large')) return;
    event.preventDefault();
    this.turn(step);
  }
  turn(step) {
    const all = this.all();
    const next = all[all.findIndex(({file}) => file.id === this.id) + step];
    if (next) this.open(next.file.id);
  }
  magnify() { this.root.classList.toggle('large'); }
  draw() {
    this.root.ariaLabel = '';
    const file = this.name();
    if (!file) { this.close(); return; }
    this.root.classList.remove('large');
    const image = h('img', {alt: ALT(file), width: file.width, height: file.height, onclick: () => this.magnify(), draggable: false});
    image.onerror = () => { this.caption.textContent = `${ALT(file)} could not be loaded: close it, and open it again.`; };
    this.image.replaceWith(image);
    this.image = image;
    this.pictures.fill(image, file.id, 'shown');
  }
  // Which of how many it is: others come while it is looked at.
  name() {
    const all = this.all(), at = all.findIndex(({file}) => file.id === this.id), {file, words} = all[at] ?? {};
    const place = `${at + 1} of ${all.length}`, label = `Picture ${place}`;
    if (!file || label === this.root.ariaLabel) return file;
    this.root.ariaLabel = label;
    this.caption.textContent = [place, words, file.name].filter(Boolean).join(' · ');
    this.reach(at === 0, at === all.length - 1);
    return file;
  }
  follow() { if (this.root.open) this.name(); }
  // Whoever came to the last picture by "Next" goes back by "Previous": a button that is disabled keeps no focus.
  reach(first, last) {
    for (const [turn, isEnd] of [[this.before, first], [this.after, last]]) turn.disabled &&= isEnd;
    if (first) letGo(this.before, last ? this.shut : this.after);
    if (last) letGo(this.after, first ? this.shut : this.before);
    [this.before.disabled, this.after.disabled] = [first, last];
  }
}
