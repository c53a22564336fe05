// The playground's service worker, where the site is on a web server that plays nothing: plays
// Mixpanel's servers (../demo/played.js), and tells the page what arrived.

importScripts('../demo/played.js');

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  const [, route] = /\/mixpanel(\/.*)$/.exec(url.pathname) ?? [];
  if (!route || url.origin !== self.location.origin) return;
  event.respondWith(self.readRequest(event.request, route).then(async (entry) => {
    for (const client of await self.clients.matchAll({ includeUncontrolled: true })) client.postMessage({ played: entry });
    return self.answerTo(route, url);
  }));
});
