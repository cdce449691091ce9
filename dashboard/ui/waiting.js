// A page that may not be opened waits: when what its person may do is not what it offers, it asks again.

const EVERY = 500; // milliseconds
// Against what stands here, and not against a first answer: what changed before that would be waited for in vain.
const links = [...document.querySelectorAll('nav[aria-label="Main"] a')].map(link => link.getAttribute('href')).sort().join();
// Whoever is logged out by now is led to the login page.
const offered = () => fetch('/navigation', {cache: 'no-store'}).then(reply => reply.status === 403 ? location.reload() : reply.json());
const isNew = answer => answer?.pages.map(page => page === '/' ? './' : page.slice(1)).sort().join() !== links;

setInterval(async () => {
  if (document.visibilityState === 'visible' && await offered().then(isNew, () => false)) location.reload();
}, EVERY);
