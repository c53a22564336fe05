// The comparison's service worker: plays Mixpanel's servers for its two pages (played.js), and tells
// them what was asked for.

importScripts('played.js');

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  const sent = /\/demo\/mixpanel\/(with|without)(\/.*)$/.exec(url.pathname);
  if (sent) {
    event.respondWith(answer(event.request, url, sent[1], sent[2]));
  } else if (/\/bundle\/mixpanel-browser\.js$/.test(url.pathname)) {
    const page = /(with|without)\.(?:html|js)/.exec(event.request.referrer)?.[1];
    if (page) event.waitUntil(tell({ page, what: 'Mixpanel’s library', at: Date.now() }));
  }
});

async function answer(request, url, page, route) {
  const { items, at } = await self.readRequest(request, route);
  const names = items.map((item) => item.event ?? Object.keys(item).find((key) => /^\$(set|add|append|union|unset|remove|delete)/.test(key)) ?? 'update');
  await tell({ page, what: names.length ? names.join(', ') : route.split('/')[1], at });
  return self.answerTo(route, url);
}

async function tell(message) {
  for (const client of await self.clients.matchAll({ includeUncontrolled: true })) client.postMessage(message);
}
