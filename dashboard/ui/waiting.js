// A page that may not be opened waits: when what its person may do changes, it asks again.

const EVERY = 1000; // milliseconds
const offered = () => fetch('navigation', {cache: 'no-store'}).then(reply => reply.text());

offered().then(first => setInterval(async () => {
  if (document.visibilityState === 'visible' && await offered().catch(() => first) !== first) location.reload();
}, EVERY));
