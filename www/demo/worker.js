// Plays Mixpanel's servers for the comparison, as a service worker: answers what the SDK of its two
// pages sends to mixpanel/…, and tells the pages what it was. It says nothing of what Mixpanel's
// servers do. Facts: the requests of mixpanel-browser 2.83.0 as they arrive.

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

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
  const names = /^\/(track|engage|groups)/.test(route) ? namesIn(await bodyOf(request), url) : [];
  await tell({ page, what: names.length ? names.join(', ') : route.split('/')[1], at: Date.now() });
  const json = /^\/(flags|settings)/.test(route);
  return new Response(json ? '{"flags":{}}' : '1', { headers: { 'content-type': json ? 'application/json' : 'text/plain' } });
}

async function bodyOf(request) {
  try {
    if (request.headers.get('content-encoding') !== 'gzip') return await request.text();
    return await new Response((await request.blob()).stream().pipeThrough(new DecompressionStream('gzip'))).text();
  } catch {
    return '';
  }
}

/** The names of the events in a body, which is JSON, or a form with JSON or base64 of it. */
function namesIn(body, url) {
  const data = (/^[[{]/.test(body) ? body : new URLSearchParams(body).get('data')) ?? url.searchParams.get('data') ?? '';
  try {
    const items = JSON.parse(/^[[{]/.test(data) ? data : atob(data));
    return [items].flat().map((item) => item.event ?? Object.keys(item).find((key) => /^\$(set|add|append|union|unset|remove|delete)/.test(key)) ?? 'profile');
  } catch {
    return [];
  }
}

async function tell(message) {
  for (const client of await self.clients.matchAll({ includeUncontrolled: true })) client.postMessage(message);
}
