// The bell: a person's alerts as a count and a list, and how a new one is told: by a sound, by the desktop.

const BELL = 'M12 2a1.5 1.5 0 0 1 1.5 1.5v.7A6 6 0 0 1 18 10v4.5l1.7 2.6A1 1 0 0 1 18.9 18.6H5.1a1 1 0 0 1-.8-1.5L6 14.5V10a6 6 0 0 1 4.5-5.8v-.7A1.5 1.5 0 0 1 12 2Zm-2.4 18h4.8a2.4 2.4 0 0 1-4.8 0Z';
const SOON = 400, LATER = 300; // milliseconds until a new alert is told, and what a window waits for one that fits better
const CLAIM = 30000; // milliseconds for which a window holds what it tells; windows that are later read what was told
const APART = 3; // alerts at once that are notifications of their own; more are one
const NOTES = [[0, 784], [0.14, 1047]]; // seconds and hertz: G5, C6
const SAY = {
  empty: 'Nobody you wrote to has answered since you last looked. When a client or lead does, it stands here.',
  silent: 'Your browser keeps a page silent until it is clicked once: click anywhere, and the next answer is heard.',
  noSound: 'This browser can play no sound here.',
  noDesktop: 'This browser shows no desktop notifications here: they need the inbox’s own page, over https or on this computer.',
  denied: 'This browser blocks notifications from this page. Allow them in its settings for this site (beside the address), then try again.',
  unasked: 'This browser has not been asked yet: press “Test notification” to allow them here.',
  asking: 'Your browser asks whether this page may show notifications: allow it there.',
  tested: 'Sent. If none came up, look at your computer’s own settings for notifications.',
  heard: 'Played. If you heard nothing, look at the volume and whether this tab is muted.',
};
const dayAndMonth = timeWords({day: 'numeric', month: 'short'});
class Bell {
  constructor(send, open) {
    Object.assign(this, {send, open, rows: [], nodes: new Map(), chosen: {}});
    this.news = new News(() => this.chosen, alert => this.go(alert), words => this.say(words));
    this.build();
    this.apply({alerts: null});
  }
  build() {
    this.count = h('span', {className: 'bell-count', hidden: true});
    this.list = h('div', {className: 'alerts', role: 'list', ariaLabel: 'Alerts'});
    this.empty = h('p', {className: 'bell-empty'}, SAY.empty);
    this.more = h('p', {className: 'bell-more'});
    this.clear = button('quiet', () => this.clearAll(), 'Clear all');
    this.note = h('p', {className: 'bell-note', role: 'status'});
    const choices = h('div', {className: 'bell-choices', role: 'group', ariaLabel: 'How to be told'}, ...this.sound(), ...this.desktop(), this.note);
    const head = h('div', {className: 'bell-head'}, h('h2', {}, 'Alerts'), this.clear);
    this.box = h('div', {className: 'bell-box', role: 'dialog', ariaLabel: 'Alerts', popover: 'auto', ontoggle: event => this.turned(event)}, head, this.list, this.empty, this.more, choices);
    this.opener = button('bell', null, [icon(BELL), this.count], {ariaHasPopup: 'dialog', ariaExpanded: 'false', popoverTargetElement: this.box});
  }
  sound() {
    this.soundBox = h('input', {type: 'checkbox', onchange: () => this.chooseSound()});
    return [h('label', {}, this.soundBox, 'Play a sound'), button('quiet', () => this.testSound(), 'Test sound')];
  }
  desktop() {
    this.desktopBox = h('input', {type: 'checkbox', onchange: () => this.chooseDesktop()});
    return [h('label', {}, this.desktopBox, 'Show a desktop notification'), button('quiet', () => this.testDesktop(), 'Test notification')];
  }
  apply(patch) {
    if (patch.storage !== undefined) this.news.begin(patch.storage);
    if (patch.preferences) this.show(patch.preferences);
    if (patch.alerts === undefined) return;
    this.opener.hidden = !patch.alerts;
    this.draw(patch.alerts ?? {count: 0, rows: []});
    if (patch.alerts) this.news.hear(this.rows);
  }
  show({sound, desktop}) {
    this.chosen = {sound, desktop};
    [this.soundBox.checked, this.desktopBox.checked] = [sound, desktop];
    if (desktop && this.news.permission() !== 'granted') this.say(this.news.refusal());
    this.news.sound.wait(sound);
  }
  draw({count, rows}) {
    this.rows = rows;
    const words = count.toLocaleString('en-US');
    this.opener.ariaLabel = this.opener.title = count ? `Alerts, ${words} new` : 'Alerts';
    this.count.textContent = count > 99 ? '99+' : words;
    if (!count && this.clear.matches(':focus')) this.soundBox.focus();
    this.count.hidden = this.list.hidden = this.clear.hidden = !count;
    this.empty.hidden = Boolean(count);
    this.more.textContent = count > rows.length ? `and ${(count - rows.length).toLocaleString('en-US')} older` : '';
    this.arrange(rows);
  }
  // Nodes stay what they are, so that the focus stays where it is; a line that goes hands it to the next.
  arrange(rows) {
    const lines = rows.map(row => this.line(row));
    const held = [...this.list.children].findIndex(node => node.matches(':focus-within'));
    place(this.list, lines);
    this.nodes = new Map(rows.map((row, i) => [row.id, lines[i]]));
    if (held >= 0 && !this.list.matches(':focus-within')) (lines[Math.min(held, lines.length - 1)]?.querySelector('button') ?? this.soundBox).focus();
  }
  line(alert) {
    const node = this.nodes.get(alert.id) ?? h('div', {className: 'alert', role: 'listitem'});
    const words = JSON.stringify(alert);
    if (node.words === words) return node;
    const top = h('span', {className: 'alert-top'}, h('strong', {dir: 'auto'}, alert.name), h('time', {dateTime: new Date(alert.at).toISOString()}, daysAgo(alert.at) ? dayAndMonth(alert.at) : clock(alert.at)));
    const open = button('alert-open', () => this.go(alert), [top, h('span', {className: 'alert-text', dir: 'auto'}, alert.text)]);
    const drop = button('alert-drop', () => this.send('dismiss', {upto: alert.id, only: alert.id}), '×', {ariaLabel: `Dismiss the alert of ${alert.name}`, title: 'Dismiss'});
    node.replaceChildren(open, drop);
    return Object.assign(node, {words});
  }
  go(alert) {
    this.box.hidePopover();
    this.open({id: alert.thread, name: alert.name, number: alert.number, kind: alert.kind, removed: alert.removed});
  }
  clearAll() { this.send('dismiss', {upto: this.rows[0].id, only: null}); }
  turned({newState}) {
    this.opener.ariaExpanded = String(newState === 'open');
    if (newState !== 'open') return this.comeBack();
    const {right, bottom} = this.opener.getBoundingClientRect();
    const width = this.box.offsetWidth;
    Object.assign(this.box.style, {left: `${Math.max(8, Math.min(right - width, innerWidth - width - 8))}px`, top: `${bottom + 4}px`});
    (this.list.querySelector('button') ?? this.soundBox).focus();
  }
  // Where the focus was in the box, or went nowhere: whoever clicked elsewhere keeps it there.
  comeBack() {
    const held = this.box.getRootNode().activeElement;
    if (this.box.contains(held) || document.activeElement === document.body) this.opener.focus();
  }
  say(words) { this.note.textContent = words; }
  sayAsking() { this.say(this.news.permission() === 'default' ? SAY.asking : ''); }
  async testSound() { this.say(await this.news.sound.play() ? SAY.heard : this.news.sound.refusal()); }
  chooseSound() {
    this.news.sound.wake();
    this.say('');
    this.send('prefer', {key: 'sound', on: this.soundBox.checked});
  }
  async chooseDesktop() {
    if (this.desktopBox.checked) this.sayAsking();
    const on = this.desktopBox.checked && await this.news.ask();
    this.say(this.desktopBox.checked && !on ? this.news.refusal() : '');
    if (this.desktopBox.checked !== on) this.desktopBox.checked = on;
    if (on !== this.chosen.desktop) this.send('prefer', {key: 'desktop', on});
  }
  async testDesktop() {
    this.sayAsking();
    const allowed = await this.news.ask();
    if (allowed) this.news.notify('Message Center', 'This is how an answer will look.', 'test', () => {});
    this.say(allowed ? SAY.tested : this.news.refusal());
  }
  close() { this.news.close(); }
}
