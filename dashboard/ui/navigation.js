// The navigation of the page around us: what may be opened appears, what may not any more is gone.

function showNavigation(entries) {
  const list = document.querySelector('nav[aria-label="Main"] > ul');
  if (!list) return;
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
