// The navigation of the page around us: what may be opened appears, what may not any more is gone.

const BESIDE = 48; // pixels that stay left of the entry of this page
const ROOM = 128; // pixels that the button to log out takes on the right

function showNavigation(entries) {
  const list = document.querySelector('nav[aria-label="Main"] > ul');
  if (!list) return;
  const shown = [...list.querySelectorAll('a')].map(link => link.textContent);
  if (shown.join('\n') !== entries.map(entry => entry.name).join('\n')) fillNavigation(list, entries);
  const here = list.querySelector('[aria-current]'), bar = list.closest('.bar');
  // On a narrow screen it may be out of sight.
  if (here && bar && here.offsetLeft + here.offsetWidth + ROOM > bar.clientWidth) bar.scrollLeft = here.offsetLeft - BESIDE;
}

function fillNavigation(list, entries) {
  const groups = Map.groupBy ? Map.groupBy(entries, entry => entry.group) : grouped(entries);
  list.replaceChildren(...[...groups].map(([name, inside]) => navigationGroup(name, inside)));
}

function grouped(entries) {
  const groups = new Map();
  for (const entry of entries) groups.set(entry.group, [...groups.get(entry.group) ?? [], entry]);
  return groups;
}

function navigationGroup(name, entries) {
  const items = entries.map(({name: words, address}) => h('li', {}, navigationEntry(words, address)));
  return h('li', {className: name.toLowerCase()}, h('span', {}, name), h('ul', {}, ...items));
}

function navigationEntry(words, address) {
  const link = h('a', {href: address}, words);
  if (link.pathname === location.pathname) link.ariaCurrent = 'page';
  return link;
}
