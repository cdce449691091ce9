// The caution mark of whoever has opted out: a stop sign, known by its shape as well as by its colour.

const STOP_SIGN = 'M8.3 3h7.4L21 8.3v7.4L15.7 21H8.3L3 15.7V8.3Zm-1.3 8v2h10v-2Z';
const OPTED_OUT = 'Opted out';
const dateWords = timeWords({day: 'numeric', month: 'long', year: 'numeric'});
// `since` in milliseconds, where it is known.
function caution(since) {
  const title = since ? `${OPTED_OUT} since ${dateWords(since)}` : OPTED_OUT;
  return h('span', {className: 'caution', role: 'img', ariaLabel: OPTED_OUT, title}, icon(STOP_SIGN));
}
