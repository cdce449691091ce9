// The caution mark of whoever has opted out: a stop sign, known by its shape as well as by its colour.

const STOP_SIGN = 'M8.3 3h7.4L21 8.3v7.4L15.7 21H8.3L3 15.7V8.3Zm-1.3 8v2h10v-2Z';
const OPTED_OUT = 'Opted out';
const caution = () => h('span', {className: 'caution', role: 'img', ariaLabel: OPTED_OUT, title: OPTED_OUT}, icon(STOP_SIGN));
