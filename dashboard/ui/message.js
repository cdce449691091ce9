// One message of a conversation: its words, its files, who sent it and what became of it.

const TYPES = {image: 'Picture', video: 'Video', audio: 'Sound', text: 'Text file'};
const SIGNS = {
  queued: 'M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18Zm-1 4v6l4.5 2.7 1-1.6-3.5-2.1V7Z',
  sent: 'm9.5 16.2-4-4L4 13.7l5.5 5.5L20.5 8.2 19 6.7Z',
  delivered: 'm6.6 16.2-4-4-1.4 1.5 5.4 5.5L17 8.8l-1.4-1.5Zm6.2 1.5 1.3 1.5L23 8.8l-1.4-1.5Z',
  failed: 'M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18Zm-1 4v7h2V7Zm0 8.5v2h2v-2Z',
};
const OUTSIDE = {target: '_blank', rel: 'noopener noreferrer'};
const sizeWords = bytes => (bytes < 1048576 ? `${Math.ceil(bytes / 1024)} kB` : `${(bytes / 1048576).toFixed(1)} MB`);
// Text nodes and links only, so that the body's textContent stays the message, letter by letter.
function withLinks(text) {
  return text.split(/(https?:\/\/(?:\([^\s<>"()]*\)|[^\s<>"()])*(?:\([^\s<>"()]*\)|[^\s<>"().,;:!?\]}'’”…]))/i).map((part, i) => {
    if (i % 2 === 0 || !URL.canParse(part)) return document.createTextNode(part);
    return h('a', {href: part, ...OUTSIDE}, part);
  });
}
function chip({type = '', name, size, url}) {
  const [family, kind] = type.split('/');
  const words = [TYPES[family] ?? 'File', kind?.toUpperCase(), size && sizeWords(size)].filter(Boolean).join(', ');
  const inner = [icon(CLIP), span('', words), name && h('span', {className: 'file', dir: 'auto'}, name)];
  const safe = url && URL.canParse(url, document.baseURI) && /^https?:$/.test(new URL(url, document.baseURI).protocol);
  return safe ? h('a', {className: 'chip', href: url, ...OUTSIDE}, ...inner) : span('chip', ...inner);
}
function stateLine(message) {
  const drawn = {sending: 'queued', unknown: 'failed'}[message.status] ?? message.status;
  return span(`state ${message.status}`, SIGNS[drawn] && icon(SIGNS[drawn]), stateWords(message));
}
function markOf({mark}) {
  const node = mark && span('mark', mark === OPTED_OUT && icon(STOP_SIGN), mark);
  if (node) node.dataset.mark = mark;
  return node;
}
const oursOf = ({automatic, by}) => (automatic ? 'Automatic' : by ?? 'Us');
const authorOf = (message, thread) => (message.direction === 'inbound' ? thread.name : oursOf(message));
function bubbleOf({body, attachments = []}, pictures) {
  const parts = [body && h('div', {className: 'body', dir: 'auto'}, ...withLinks(body)), ...drawFiles(attachments, pictures)].filter(Boolean);
  if (!body.trim() && !attachments.length) parts.push(span('chip', 'Empty text'));
  return h('div', {className: 'bubble'}, ...parts);
}
// What has not changed stays where it is: words that somebody selects, a picture that they press. A button of what failed
// may be spent.
function drawMessage(node, message, author, first, pictures) {
  const {id, body, attachments = [], at, direction, status} = message, said = JSON.stringify([body, attachments]);
  Object.assign(node.dataset, {message: id, direction, status, first});
  if (node.said !== said || attachments.some(({state}) => state === 'failed')) Object.assign(node, {said, bubble: bubbleOf(message, pictures)});
  const time = h('time', {dateTime: new Date(at).toISOString()}, clock(at));
  const ours = direction === 'outbound';
  const who = h('span', {className: first ? 'who' : 'who hidden', dir: 'auto'}, author);
  const meta = h('div', {className: 'meta'}, time, markOf(message), ours ? stateLine(message) : whyButton(message));
  const same = part => [...node.children].find(old => old.isEqualNode(part)) ?? part;
  const parts = [same(who), node.bubble, same(meta), ours && troubleLine(message)].filter(Boolean);
  for (const old of node.children) if (!parts.includes(old)) letGo(old, node.parentElement);
  place(node, parts);
}
