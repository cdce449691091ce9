// What became of a text of ours, in words, with what can be done about it; and whom a text of theirs alerted.

const AGAIN = 4000; // milliseconds until a button that was pressed can be pressed again, where nothing came of it
const NAMES = {queued: 'Queued', sending: 'Sending', sent: 'Sent', delivered: 'Delivered', failed: 'Failed', unknown: 'Could not confirm'};
const TWICE = 'If it did arrive, trying again sends it twice.';
const HOPELESS = 'Trying again cannot help.';
const monthDay = timeWords({day: 'numeric', month: 'short'});
const moment = at => (daysAgo(at) ? `${monthDay(at)}, ${clock(at)}` : clock(at));
const isTroubled = ({status}) => status === 'failed' || status === 'unknown';
// Asks the conversation around it, wherever the button stands.
function ask(className, words, detail, more) {
  const node = button(className, null, words, more);
  node.onclick = () => {
    node.dispatchEvent(new CustomEvent('mc-ask', {bubbles: true, detail: {...detail, from: node}}));
    if (!detail.once) return;
    node.disabled = true;
    setTimeout(() => { node.disabled = false; }, AGAIN);
  };
  return node;
}
function stateWords({status, reason}) {
  const name = NAMES[status] ?? status;
  return reason ? `${name}: ${reason}` : name;
}
function outcomeWords({handled, retried_at: at, retried_by: by}) {
  if (at) return `Sent again${by ? ` by ${by}` : ''}, ${moment(at)}`;
  return handled && 'Dismissed';
}
// Below the state of a text that failed: what was done about it, or what can be. One that somebody tried again may
// turn out to have gone.
function troubleLine(message) {
  const done = outcomeWords(message), {id} = message;
  if (!isTroubled(message)) return message.retried_at ? h('div', {className: 'dealt'}, `${done}, before it was known that this one went`) : null;
  if (done) return h('div', {className: 'dealt'}, done);
  const key = `again-${id}-${Math.random().toString(36).slice(2)}`;
  const retry = ask('again', 'Try again', {op: 'retry', message: id, key, once: true});
  const leave = ask('leave', 'Dismiss', {op: 'let_be', message: id, once: true}, {title: 'Take it out of the Failed view'});
  if (message.final) return h('div', {className: 'dealt'}, h('span', {}, HOPELESS), leave);
  return h('div', {className: 'dealt'}, message.status === 'unknown' && h('span', {}, TWICE), retry, leave);
}
function whyButton({id}) { return ask('why', '?', {op: 'why', message: id}, {ariaLabel: 'Who was alerted?', title: 'Who was alerted?', ariaHasPopup: 'dialog'}); }
class Why {
  constructor(send) {
    this.send = send;
    this.words = h('div', {});
    this.root = h('div', {className: 'why-box', role: 'dialog', ariaLabel: 'Who was alerted?', popover: 'auto', tabIndex: -1}, h('h3', {}, 'Who was alerted?'), this.words);
  }
  hear({detail: {from, once, ...said}}) {
    if (said.op === 'why') this.from = from;
    if (once) letGo(from, from.closest('.log'));
    const {op, ...more} = said;
    this.send(op, more);
  }
  show({sentence, alerts}) {
    const lines = alerts.map(({owner, cleared_at: at, how}) => h('p', {}, h('strong', {}, owner), at ? ` was alerted, and ${how}, ${moment(at)}.` : ' was alerted, and has not looked yet.'));
    this.words.replaceChildren(...(lines.length ? lines : [h('p', {}, h('strong', {}, 'Nobody was alerted.'))]), h('p', {}, sentence));
    if (!this.from?.isConnected) return;
    this.root.showPopover();
    const {left, top, bottom} = this.from.getBoundingClientRect(), {offsetWidth: width, offsetHeight: height} = this.root;
    const below = bottom + height + 12 < innerHeight;
    Object.assign(this.root.style, {left: `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`, top: `${below ? bottom + 4 : top - height - 4}px`});
    this.root.focus();
  }
}
