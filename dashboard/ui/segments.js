// The segments of a text, as core/segments.py counts them; a test compares the two.

const BASIC = new Set('@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà');
const EXTENSION = new Set('\f^{}\\[~]|€');
const ALONE = {'GSM-7': 160, 'UCS-2': 70}, TOGETHER = {'GSM-7': 153, 'UCS-2': 67};
const clusters = new Intl.Segmenter('en', {granularity: 'grapheme'});
function charactersOf(text) {
  return Array.from(clusters.segment(text), ({segment}) => segment).flatMap(one => (one === '\r\n' ? ['\r', '\n'] : [one]));
}
function segments(text) {
  const characters = charactersOf(text);
  const causes = [...new Set(characters.filter(one => !BASIC.has(one) && !EXTENSION.has(one)))];
  const encoding = causes.length ? 'UCS-2' : 'GSM-7';
  const sizes = characters.map(one => (causes.length ? one.length : 1 + EXTENSION.has(one)));
  const doubles = causes.length ? [] : [...new Set(characters.filter(one => EXTENSION.has(one)))];
  const units = sizes.reduce((sum, size) => sum + size, 0);
  return {encoding, units, count: countOf(sizes, units, encoding), causes, doubles};
}
function countOf(sizes, units, encoding) {
  if (units <= ALONE[encoding]) return 1;
  const full = TOGETHER[encoding];
  let room = 0, count = 0;
  for (let size of sizes) {
    if (size > room) [count, room] = [count + 1, full];
    for (; size > room; room = full) [count, size] = [count + 1, size - room];
    room -= size;
  }
  return count;
}
