// What is attached to a text that is still being written: the paper clip and its menu, uploads, and the tray above the words.

const PIECE = 196608; // bytes of one piece where there is no door; divisible by three, so that base64 has no padding within
const ACCEPTED = 'image/jpeg,image/png,image/gif,image/webp';
const LOST = 'did not arrive: the connection was lost.';
const randomKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('');

class Attachments {
  constructor(composer, pictures, send) {
    Object.assign(this, {composer, pictures, send, trays: new Map(), lost: new Map(), thread: null, limits: {}, line: Promise.resolve(), answers: new Map(), closed: false});
    this.gallery = new Gallery(this);
    this.input = h('input', {type: 'file', accept: ACCEPTED, multiple: true, hidden: true, onchange: () => this.chosen()});
    this.list = h('ul', {className: 'tray', role: 'list', ariaLabel: 'Attached pictures'});
    this.problem = h('p', {className: 'error', role: 'alert'});
    this.root = h('div', {}, this.problem, this.list, this.input);
    this.menu = new ClipMenu([['Upload From Your Computer', () => this.input.click()], ['Select Current Attachments', () => this.gallery.open(this.thread)]]);
    composer.input.addEventListener('paste', event => this.pasted(event));
  }
  show(thread) {
    if (this.thread !== thread) {
      this.thread = thread;
      this.gallery.root.close();
      this.items();
      this.problem.textContent = (this.lost.get(thread) ?? []).map(name => `“${name}” ${LOST} Attach it again.`).join(' ');
      this.lost.delete(thread);
    }
    this.draw();
  }
  items(thread = this.thread) {
    if (!this.trays.has(thread)) this.trays.set(thread, this.kept(thread));
    return this.trays.get(thread);
  }
  kept(thread) {
    const [whole, begun] = ['files', 'uploading'].map(kind => JSON.parse(this.composer.memory.read(kind, thread) ?? '[]'));
    this.composer.memory.drop('uploading', thread);
    this.lost.set(thread, begun);
    return whole.map(item => ({...item, thread}));
  }
  ids() { return this.items().filter(item => item.id).map(item => item.id); }
  isBusy() { return this.items().some(item => !item.id); }
  chosen() {
    this.add([...this.input.files]);
    this.input.value = '';
    this.composer.input.focus();
  }
  pasted(event) {
    const {files, types} = event.clipboardData;
    if (!files.length || types.includes('text/plain')) return;
    event.preventDefault();
    this.add([...files]);
  }
  // Refused here is what the server would refuse, before it travels.
  add(files) {
    const {limit, most, too_large: tooLarge, too_many: tooMany} = this.limits;
    const problems = [];
    for (const file of files) {
      if (file.size > limit) problems.push(`“${file.name}” ${tooLarge}`);
      else if (this.items().length >= most) { problems.push(tooMany); break; }
      else this.begin(file);
    }
    this.problem.textContent = problems.join(' ');
    this.draw();
  }
  begin(file) {
    const item = {key: randomKey(), name: file.name, size: file.size, done: 0, file, thread: this.thread, url: URL.createObjectURL(file)};
    this.items().push(item);
    this.composer.drafts.begins(this.thread);
    this.keep();
    this.line = this.line.then(() => this.upload(item));
  }
  attach(picture) {
    if (this.items().length >= this.limits.most) this.problem.textContent = this.limits.too_many;
    else if (!this.ids().includes(picture.id)) {
      this.problem.textContent = '';
      this.items().push({thread: this.thread, id: picture.id, key: randomKey(), name: picture.name, size: picture.size});
      this.composer.drafts.begins(this.thread);
    }
    this.keep(this.thread);
    this.draw();
  }
  async upload(item) {
    if (!this.items(item.thread).includes(item)) return; // removed while it waited
    try {
      const made = this.pictures.doors ? await this.post(item) : await this.pieces(item);
      if (!this.items(item.thread).includes(item)) return; // removed on its way
      if (made.error) this.refuse(item, made.error);
      else Object.assign(item, {id: made.id, file: null, done: item.size});
    } catch { item.error = LOST; }
    this.keep(item.thread);
    this.draw();
  }
  refuse(item, words) {
    this.take(item);
    if (item.thread === this.thread) this.problem.textContent = words;
  }
  async post(item) {
    const door = new URL('upload', document.baseURI);
    const {token} = await (await fetch(door)).json();
    door.search = new URLSearchParams({thread: item.thread, name: item.name});
    return new Promise((resolve, reject) => {
      const request = item.request = new XMLHttpRequest();
      request.upload.onprogress = ({loaded}) => { item.done = Math.min(loaded, item.size); this.progress(item); };
      request.onload = () => (request.status === 200 ? resolve(JSON.parse(request.responseText)) : resolve({error: request.responseText.trim()}));
      request.onerror = request.onabort = reject;
      request.open('POST', door);
      request.setRequestHeader('X-XSRFToken', token);
      request.setRequestHeader('Content-Type', 'application/octet-stream');
      request.send(item.file);
    });
  }
  // One piece at a time: the next goes when the last has been taken.
  async pieces(item) {
    for (let at = 0; ; at += PIECE) {
      const last = at + PIECE >= item.size;
      const data = await base64Of(item.file.slice(at, at + PIECE));
      const answer = new Promise(resolve => this.answers.set(item.key, resolve));
      this.send('piece', {key: item.key, thread: item.thread, name: item.name, at, data, last});
      const said = await answer;
      if (said.error || said.id) return said;
      item.done = said.taken;
      this.progress(item);
    }
  }
  answered(said) { this.answers.get(said.key)?.(said); }
  remove(item) {
    this.problem.textContent = '';
    this.take(item);
    this.draw();
    this.composer.input.focus();
  }
  take(item) {
    item.request?.abort();
    this.answers.get(item.key)?.({error: LOST});
    if (item.url) URL.revokeObjectURL(item.url);
    this.trays.set(item.thread, this.items(item.thread).filter(other => other !== item));
    if (!this.items(item.thread).length && !this.composer.drafts.text(item.thread)) this.composer.memory.drop('seen', item.thread);
    this.keep(item.thread);
  }
  // What is still on its way when the view is built anew did not arrive, and that is said then.
  keep(thread = this.thread) {
    if (this.closed) return;
    const begun = this.items(thread).filter(item => !item.id && !item.error).map(({name}) => name);
    if (begun.length) this.composer.memory.write('uploading', thread, JSON.stringify(begun));
    else this.composer.memory.drop('uploading', thread);
    const whole = this.items(thread).filter(item => item.id).map(({id, key, name, size}) => ({id, key, name, size}));
    if (whole.length) this.composer.memory.write('files', thread, JSON.stringify(whole));
    else this.composer.memory.drop('files', thread);
  }
  sent(thread, ids = []) {
    for (const item of this.items(thread).filter(({id}) => ids.includes(id))) this.take(item);
    if (thread === this.thread) this.problem.textContent = '';
    this.draw();
  }
  close() {
    this.closed = true;
    for (const item of [...this.trays.values()].flat()) item.request?.abort();
  }
  draw() {
    if (this.thread === null || this.closed) return;
    const held = this.list.querySelector(':focus'), key = held?.closest('li').dataset.key;
    this.list.replaceChildren(...this.items().map(item => item.node = this.row(item)));
    this.list.hidden = !this.items().length;
    this.composer.draw();
    if (held) this.focusAgain(held.className, this.list.querySelector(`[data-key="${key}"]`));
  }
  focusAgain(name, row) { (row?.querySelector(`.${name}`) ?? row?.querySelector('.shut') ?? this.composer.input).focus({preventScroll: true}); }
  row(item) {
    const image = h('img', {alt: ''});
    if (item.url) image.src = item.url;
    else if (item.id) this.pictures.fill(image, item.id, 'thumb');
    const busy = !item.id && !item.error;
    item.bar = busy && h('progress', {max: 100, value: 0, ariaLabel: `Uploading ${item.name}`});
    const again = item.error && button('retry', () => { item.error = null; this.draw(); this.line = this.line.then(() => this.upload(item)); }, 'Retry');
    const words = item.error ? span('reason', item.error) : span('', sizeWords(item.size));
    const facts = h('div', {className: 'facts'}, h('span', {className: 'name', dir: 'auto'}, item.name || 'Picture'), item.bar || words, again);
    const row = h('li', {}, image, facts, press('shut', `Remove ${item.name || 'picture'}`, () => this.remove(item), icon(CROSS)));
    row.dataset.key = item.key;
    return row;
  }
  progress(item) { if (item.bar) item.bar.value = Math.round(100 * item.done / Math.max(1, item.size)); }
}

function base64Of(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(',') + 1));
    reader.onerror = reject;
    reader.readAsDataURL(blob);
  });
}

// The paper clip: a menu of two, with the keys that a menu has.
class ClipMenu {
  constructor(entries) {
    this.clip = press('clip', 'Attach image', () => (this.items.hidden ? this.open() : this.close()), icon(CLIP));
    Object.assign(this.clip, {ariaHasPopup: 'menu', ariaExpanded: 'false'});
    const items = entries.map(([words, act]) => h('button', {type: 'button', role: 'menuitem', tabIndex: -1, onclick: () => { this.close(); act(); }}, words));
    this.items = h('div', {className: 'menu', role: 'menu', ariaLabel: 'Attach image', hidden: true}, ...items);
    this.root = h('div', {className: 'clipper', onkeydown: event => this.key(event), onfocusout: event => this.left(event)}, this.clip, this.items);
  }
  open() { this.turn(true); this.items.firstChild.focus(); }
  close() { if (!this.items.hidden) { this.clip.focus(); this.turn(false); } }
  turn(on) { this.items.hidden = !on; this.clip.ariaExpanded = String(on); }
  left({relatedTarget}) { if (!this.root.contains(relatedTarget)) this.turn(false); }
  key(event) {
    const all = [...this.items.children], step = {ArrowDown: 1, ArrowUp: -1}[event.key];
    if (event.key === 'Escape' && !this.items.hidden) this.close();
    else if (step && this.items.hidden) this.open();
    else if (step) all.at((all.indexOf(event.target) + step) % all.length).focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
