// The composer: a draft for each thread, and a text that goes once however often it is asked for.

const PATIENCE = 600000; // milliseconds that an unconfirmed text is still sent by itself
const TYPING = 2000; // milliseconds between two words to the others that somebody types
const LOCK = 'M12 2a5 5 0 0 1 5 5v2h1.5v11h-13V9H7V7a5 5 0 0 1 5-5Zm0 2a3 3 0 0 0-3 3v2h6V7a3 3 0 0 0-3-3Z';
class Composer {
  // `talk` is the conversation: its newest message, a message by its id, and what is to happen around a send.
  constructor(send, talk) {
    Object.assign(this, {send, talk, leave: {focus: talk.leave}, memory: new Memory(), sentKeys: new Map(), errors: new Map(), thread: null, touched: null, typedAt: 0});
    this.drafts = new Drafts(this.memory, send, talk.newest);
    this.build();
    this.stop = new AbortController();
    for (const name of ['pagehide', 'blur']) window.addEventListener(name, () => this.drafts.flush(), {signal: this.stop.signal});
    window.addEventListener('blur', () => { this.touched = null; }, {signal: this.stop.signal});
    window.addEventListener('focus', () => this.thread && this.send('mine'), {signal: this.stop.signal});
  }
  build() {
    const events = {oninput: event => this.typed(event), onkeydown: event => this.key(event), onblur: () => this.drafts.flush()};
    this.input = h('textarea', {ariaLabel: 'Message', placeholder: 'Write a message, or / for a text document', rows: 1, dir: 'auto', ...events});
    this.button = button('send', () => this.submit(), 'Send', {ariaLabel: 'Send'});
    this.counter = new Counter();
    this.unfilled = new Unfilled(this.input);
    this.moved = new Moved(this.talk.find, () => this.sendAnyway(), () => this.keepEditing());
    this.elsewhere = new Elsewhere(this.memory, text => this.exchange(text));
    this.elsewhere.leave = () => this.input.focus();
    this.picker = new Picker((op, data) => this.send(op, {...data, thread: this.thread.id}), (text, range) => this.insert(text, range), () => this.input.focus());
    [this.error, this.lock] = [h('p', {className: 'error', role: 'alert'}), h('p', {className: 'locked'})];
    this.input.setAttribute('aria-describedby', 'unfilled');
    const tools = h('div', {className: 'tools'}, this.picker.opener, span('hint', 'Ctrl + Enter sends'), this.counter.root, this.button);
    this.box = h('div', {className: 'box'}, h('div', {className: 'paper'}, this.unfilled.marks, this.input), this.unfilled.root, tools);
    this.root = h('div', {className: 'composer'}, this.moved.root, this.elsewhere.root, this.error, this.box, this.picker.box, this.lock);
  }
  begin({limit, fields, storage}) {
    if (limit) this.counter.limit = limit;
    if (fields) this.unfilled.fields = fields;
    if (storage !== undefined) this.remember(storage);
  }
  hear({sent, draft, kept, documents, filled, messages}) {
    if (sent) this.answered(sent);
    if (draft) this.follow(draft);
    if (kept) this.noteKept(kept);
    if (documents) this.picker.hear(documents);
    if (filled && filled.thread === this.thread?.id) this.put(filled);
    if (messages && this.thread) this.moved.draw(this.thread.id);
  }
  attach(files) {
    this.files = files;
    this.box.prepend(files.root);
    this.box.lastChild.prepend(files.menu.root);
  }
  show(thread, moved) {
    this.thread = thread;
    this.lock.replaceChildren(icon(LOCK), lockWords(thread.locked));
    if (thread.locked) letGo(this.box, this.leave);
    [this.lock.hidden, this.box.hidden] = [!thread.locked, Boolean(thread.locked)];
    if (moved) {
      this.drafts.flush();
      this.input.value = this.drafts.text(thread.id);
      this.typedAt = 0;
      this.touched = null;
      this.goOn();
    }
    this.files.show(thread.id);
  }
  get name() { return `${this.memory.prefix}${this.thread.id}`; }
  goOn() {
    const writing = take('writing');
    if (writing?.name === this.name) goOn(this.input, writing.range);
  }
  // After a reconnect nobody knows whether a text arrived: asked again with the same key, it goes once. One that has
  // waited long is not sent unasked any more: it stays as a draft, with words.
  remember(prefix) {
    this.memory.prefix = prefix;
    this.drafts.saveAll();
    for (const thread of this.memory.threads('pending')) {
      const pending = this.memory.pending(thread);
      if (Date.now() - pending.at < PATIENCE) this.deliver(pending);
      else this.giveUp(thread);
    }
  }
  giveUp(thread) {
    this.memory.drop('pending', thread);
    this.errors.set(thread, 'The connection was lost while this was being sent, so it may not have gone. If it does not stand above, send it again.');
    this.drafts.again(thread);
  }
  typed(event) {
    this.drafts.typed(this.thread.id, this.input.value);
    this.errors.delete(this.thread.id);
    this.touched = this.thread.id;
    this.sayTyping(this.input.value !== '');
    this.draw();
    if (event?.data === '/' && !event.isComposing) this.openPicker();
  }
  sayTyping(on) {
    if (on ? Date.now() - this.typedAt < TYPING : !this.typedAt) return;
    this.typedAt = on ? Date.now() : 0;
    this.send('typing', {on});
  }
  // A slash that begins a word; one within "and/or" or "12/3" is a slash.
  openPicker() {
    const at = this.input.selectionStart;
    if (/(^|\s)\/$/.test(this.input.value.slice(0, at))) this.picker.open([at - 1, at]);
  }
  put({text}) {
    if (this.memory.pending(this.thread.id)) return;
    const from = this.picker.place ?? [this.input.selectionStart, this.input.selectionEnd];
    this.insert(text, from);
    this.unfilled.selectFirst();
  }
  // As if it were typed, so that the browser's own undo takes it back.
  insert(text, [start, end]) {
    this.input.focus();
    this.input.setSelectionRange(start, end);
    if (document.execCommand(text ? 'insertText' : 'delete', false, text)) return;
    this.input.setRangeText(text, start, end, 'end');
    this.typed();
  }
  // Another text in the place of what stands there; which is returned.
  exchange(text) {
    const mine = this.input.value;
    this.insert(text, [0, mine.length]);
    return mine;
  }
  // What the server has of this person's draft, written elsewhere or before. Under the hands of somebody who writes
  // nothing changes: what they write is saved again, and the other text is offered.
  follow(draft) {
    const {thread, body} = draft, mine = this.thread?.id === thread ? this.input.value : '';
    if (mine && this.touched === thread && body && body !== mine && !this.memory.pending(thread)) return this.drafts.again(thread);
    const changes = this.drafts.heard(draft) && draft.thread === this.thread?.id && this.input.value !== draft.body;
    if (!changes) return;
    this.input.value = draft.body;
    return this.draw();
  }
  lost(thread, text) {
    if (!this.drafts.unseen(thread, text)) return;
    this.elsewhere.offer(thread, text);
    if (this.thread?.id === thread) this.draw();
  }
  noteKept({n, thread, error, replaced}) {
    this.lost(thread, replaced);
    if (!error) return this.drafts.kept({n, thread});
    this.errors.set(thread, error);
    if (this.thread?.id === thread) this.draw();
  }
  draw() {
    const {id} = this.thread, busy = Boolean(this.memory.pending(id));
    const fits = this.counter.draw(this.input.value), whole = this.unfilled.draw();
    this.error.textContent = this.errors.get(id) ?? '';
    this.moved.draw(id);
    this.elsewhere.draw(id, busy);
    this.input.readOnly = this.picker.opener.disabled = busy;
    Object.assign(this.button, {textContent: busy ? 'Sending…' : 'Send', ariaBusy: String(busy), title: whole ? '' : 'Fill in the marked fields, or remove them'});
    this.button.disabled = busy || this.files.isBusy() || !fits || !whole || this.moved.has(id) || !(this.input.value.trim() || this.files.ids().length);
    if (!CSS.supports('field-sizing', 'content')) this.grow();
  }
  grow() { this.input.style.height = 'auto'; this.input.style.height = `${this.input.scrollHeight}px`; }
  key({key, ctrlKey, metaKey, isComposing}) { if (key === 'Enter' && (ctrlKey || metaKey) && !isComposing) this.submit(); }
  submit() {
    if (this.button.disabled) return;
    const {id} = this.thread;
    const pending = {key: randomKey(), body: this.input.value, attachments: this.files.ids(), thread: id, seen: this.drafts.seen(id), at: Date.now()};
    this.memory.write('pending', id, JSON.stringify(pending));
    this.drafts.hold(id);
    this.drafts.note(id, pending.body);
    this.errors.delete(id);
    this.sayTyping(false);
    this.input.focus();
    this.talk.sending();
    this.deliver(pending);
    this.draw();
  }
  deliver({key, thread, body, attachments, seen}) {
    this.sentKeys.set(key, thread);
    this.send('send', {key, thread, body, attachments, seen});
  }
  answered({key, error, moved, replaced}) {
    const thread = this.sentKeys.get(key);
    const pending = thread !== undefined && this.memory.pending(thread);
    if (pending?.key !== key) return;
    this.memory.drop('pending', thread);
    this.lost(thread, replaced);
    if (error) this.keep(thread, error, moved);
    else {
      this.drafts.drop(thread);
      this.files.sent(thread, pending.attachments);
    }
    if (this.thread?.id !== thread) return;
    if (!error) this.input.value = '';
    this.draw();
  }
  // Not sent: it stays a draft. Where the thread has moved, what came is shown, and has then been seen.
  keep(thread, error, moved) {
    if (moved) {
      this.drafts.hasSeen(thread, moved.seen);
      this.moved.stop(thread, error, moved.news);
      this.talk.latest();
    } else this.errors.set(thread, error);
    this.drafts.again(thread);
  }
  sendAnyway() {
    this.moved.go(this.thread.id);
    this.draw();
    this.submit();
  }
  keepEditing() {
    this.moved.go(this.thread.id);
    this.draw();
    this.input.focus();
  }
  close(held) {
    this.drafts.flush();
    this.stop.abort();
    if (held === this.input) leave('writing', {name: this.name, range: rangeOf(this.input)});
  }
}
