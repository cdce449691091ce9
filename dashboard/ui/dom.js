// What all our scripts share: nodes, icons, times in words, and one living instance per view.

const DAY = 86400000; // milliseconds
const ANSWERED = 5000; // milliseconds after which what a page asks by itself, and was not answered, is asked again
const CLIP = 'M16.5 6.5v10a4.5 4.5 0 0 1-9 0v-11a3 3 0 0 1 6 0v10a1.5 1.5 0 0 1-3 0V7H9v8.5a3 3 0 0 0 6 0v-10a4.5 4.5 0 0 0-9 0v11a6 6 0 0 0 12 0v-10Z';
const WRITTEN = 'textarea, select, input:not([type="checkbox"], [type="radio"], [type="file"])';
const lives = new WeakMap();
const timeWords = parts => new Intl.DateTimeFormat(undefined, parts).format;
const hour = timeWords({hour: 'numeric', minute: '2-digit'});
const clock = at => hour(at).replace(/\u202f/g, ' ');
const dayOf = at => new Date(at).setHours(0, 0, 0, 0);
const daysAgo = at => Math.round((dayOf(Date.now()) - dayOf(at)) / DAY);
const isThisYear = at => new Date(at).getFullYear() === new Date().getFullYear();
// What is kept in this tab is its person's: the next one begins with nothing of it.
const keptAs = name => `${name}:${document.querySelector('.who')?.dataset.person ?? ''}`;
function h(tag, properties, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children.filter(Boolean));
  return node;
}
const span = (className, ...children) => h('span', {className}, ...children);
const button = (className, onclick, content, more) => h('button', {type: 'button', className, onclick, ...more}, ...[content].flat());
function icon(shape) {
  const [svg, path] = ['svg', 'path'].map(tag => document.createElementNS('http://www.w3.org/2000/svg', tag));
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.ariaHidden = 'true';
  path.setAttribute('d', shape);
  svg.append(path);
  return svg;
}
// Before a control goes away or is disabled: it must not take the focus with it.
function letGo(node, to) { if (node.matches(':focus, :focus-within')) to.focus({preventScroll: true}); }
// What stands in a box, in this order. What is there already is not touched: a press that has begun on it would be lost.
function place(box, nodes) {
  const wanted = new Set(nodes);
  for (const node of [...box.children]) if (!wanted.has(node)) node.remove();
  nodes.forEach((node, i) => node !== box.children[i] && box.insertBefore(node, box.children[i] ?? null));
}
// What has the focus within, also in the moment in which all of it goes: that takes the focus with it, but what is left
// counts as left from the next turn of the page on only.
function watchFocus(root) {
  let held = null;
  root.addEventListener('focusin', ({target}) => { held = target; });
  root.addEventListener('focusout', ({target}) => setTimeout(() => { if (held === target && target.getRootNode().activeElement !== target) held = null; }));
  return () => held;
}
// A view is built anew after a lost connection: whoever wrote in a field goes on in the one in its place, unless they
// have gone elsewhere meanwhile. Whether they do.
const rangeOf = field => [field.selectionStart, field.selectionEnd];
function goOn(field, range, text = field.value) {
  if (document.activeElement !== document.body) return false;
  field.value = text;
  field.focus();
  field.setSelectionRange(...range);
  return true;
}
// What one view leaves for the one in its place, also over a reload, where the browser lets it; taken, it is gone.
const left = new Map();
function leave(name, said) {
  left.set(name, said);
  try { sessionStorage.setItem(keptAs(name), JSON.stringify(said)); } catch { return; }
}
function take(name) {
  let said = left.get(name) ?? null;
  left.delete(name);
  try {
    said ??= JSON.parse(sessionStorage.getItem(keptAs(name)));
    sessionStorage.removeItem(keptAs(name));
  } catch { return said; }
  return said;
}
// It ends when its view goes, when the same view is rendered again, or when the page loads itself again; it is told then
// what had the focus.
function bringToLife({model, view, el}, part, begin) {
  const hear = patch => part.apply(patch);
  const held = watchFocus(part.root);
  const end = () => {
    model.off('msg:custom', hear);
    window.removeEventListener('mc-reload', end);
    if (held()?.matches(WRITTEN)) window.dispatchEvent(new Event('mc-torn'));
    part.close(held());
  };
  lives.get(view ?? el)?.();
  lives.set(view ?? el, end);
  window.addEventListener('mc-reload', end);
  model.on('msg:custom', hear);
  model.on('lifecycle:remove', end);
  setTimeout(() => model.send_msg({op: 'ready', ...begin?.(part.root.getRootNode().host)}));
  return part.root;
}
