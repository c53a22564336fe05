// Mixpanel's servers as a service worker plays them, for pages on a web server that has nothing else:
// what a request says, and what is answered. Shared by the comparison and the playground. On the
// development server the playground has a collector instead (tools/collector.mjs), which reads more.
// It says nothing of what Mixpanel's servers do. Facts: the requests of mixpanel-browser 2.83.0.

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

const parsed = (text) => { try { return JSON.parse(text); } catch { return undefined; } };

/** What a request for Mixpanel carries: `{ route, method, items, bytes }`. */
self.readRequest = async (request, route) => {
  const url = new URL(request.url);
  const blob = await request.blob();
  let text = '';
  try {
    const head = new Uint8Array(await blob.slice(0, 2).arrayBuffer());
    text = head[0] === 0x1f && head[1] === 0x8b ? await new Response(blob.stream().pipeThrough(new DecompressionStream('gzip'))).text() : await blob.text();
  } catch { /* What cannot be read is shown as bytes. */ }
  let items = [];
  if (/^\/(track|engage|groups)/.test(route)) {
    const data = (/^[[{]/.test(text) ? text : new URLSearchParams(text).get('data')) ?? url.searchParams.get('data') ?? '';
    let plain = data;
    try { if (!/^[[{]/.test(data)) plain = atob(data); } catch { /* As above. */ }
    items = [parsed(plain) ?? []].flat();
  } else if (/^\/(flags|settings)/.test(route)) {
    items = [parsed(url.searchParams.get('context') ?? '') ?? []].flat();
  }
  return { route, method: request.method, items, bytes: blob.size, at: Date.now() };
};

self.answerTo = (route, url) => {
  const json = (text) => new Response(text, { headers: { 'content-type': 'application/json' } });
  if (/^\/flags/.test(route)) return json('{"flags":{}}');
  if (/^\/settings/.test(route)) return json('{}');
  if (/^\/record/.test(route)) return json('{"code":200,"status":"OK"}');
  return Number(url.searchParams.get('verbose')) ? json('{"status":1,"error":null}') : new Response('1');
};
