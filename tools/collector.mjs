// Plays Mixpanel's API on this machine: takes what the browser SDK sends, answers so that
// the SDK goes on, keeps a readable log. It refuses nothing and checks no token, so it says
// nothing about what Mixpanel's servers would do.
// Source: the requests of mixpanel-browser 2.45.0 to 2.83.0 as they arrive, 2026-11.

import { gunzipSync } from 'node:zlib';

// Entries kept; a recording tab left open for a day must not fill the memory.
const KEPT = 2000;
// A recording's chunk is well below; anything larger is cut off unread.
const LARGEST_BYTES = 32 * 1024 * 1024;

// How far back a page that connects for the first time can see.
const REPLAYED_MS = 10_000;

// What names a person or a device, in a payload or in an address.
const IDS = new Set(['distinct_id', '$distinct_id', '$device_id', '$user_id', 'device_id', 'user_id', 'alias', '$anon_distinct_id']);

/**
 * A collector for one server. `handle(request, response)` takes any request below the
 * `api_host` it is mounted at (`base` is cut off the path) and those of its own
 * /collector/…; it resolves to false for what is neither.
 */
export function createCollector({ base = '' } = {}) {
  const log = [];
  const listeners = { request: new Set(), clear: new Set() };
  const streams = new Set();
  let count = 0;

  const emit = (kind, value) => { for (const listener of listeners[kind]) listener(value); };

  /** `on('request', fn)` and `on('clear', fn)`; returns what takes it off again. */
  function on(kind, listener) {
    listeners[kind].add(listener);
    return () => listeners[kind].delete(listener);
  }

  function clear() {
    log.length = 0;
    for (const stream of streams) stream.write('event: clear\ndata: {}\n\n');
    emit('clear');
  }

  const message = (entry) => `id: ${entry.id}\ndata: ${JSON.stringify(entry)}\n\n`;

  function record(entry) {
    entry.id = count += 1;
    log.push(entry);
    if (log.length > KEPT) log.splice(0, log.length - KEPT);
    for (const stream of streams) stream.write(message(entry));
    emit('request', entry);
  }

  async function handle(request, response) {
    const url = new URL(request.url, 'http://collector.invalid');
    if (url.pathname.startsWith('/collector/')) return own(url.pathname, request, response);
    if (base && url.pathname !== base && !url.pathname.startsWith(`${base}/`)) return false;
    const headers = cors(request);
    if (request.method === 'OPTIONS') {
      response.writeHead(204, headers).end();
      return true;
    }
    const at = Date.now();
    let bytes;
    try {
      bytes = await body(request);
    } catch (error) {
      // The page went away while it was sending: nothing arrived that could be read.
      response.destroy(error);
      return true;
    }
    const route = url.pathname.slice(base.length) || '/';
    const decoded = decode({ route, query: url.searchParams, headers: request.headers, bytes });
    record({
      at,
      host: request.headers.host,
      route,
      method: request.method,
      transport: transport(request, route),
      query: Object.fromEntries(url.searchParams),
      bytes: bytes.length,
      ...decoded,
      ids: named(decoded.body) || [...url.searchParams.keys()].some((key) => IDS.has(key)),
    });
    const { type, text } = reply(route, url.searchParams);
    response.writeHead(200, { ...headers, 'content-type': type }).end(text);
    return true;
  }

  function own(path, request, response) {
    const headers = cors(request);
    if (request.method === 'OPTIONS') {
      response.writeHead(204, headers).end();
    } else if (path === '/collector/events' && request.method === 'GET') {
      response.writeHead(200, { ...headers, 'content-type': 'text/event-stream' });
      // A page that was away gets what it missed. A new one gets the last seconds: what the
      // page before it sent while it unloaded.
      const seen = Number(request.headers['last-event-id']) || 0;
      const since = seen ? 0 : Date.now() - REPLAYED_MS;
      response.write(': Mixpanel requests as they arrive\n\n');
      for (const entry of log) if (entry.id > seen && entry.at >= since) response.write(message(entry));
      streams.add(response);
      response.on('close', () => streams.delete(response));
    } else if (path === '/collector/log' && request.method === 'GET') {
      response.writeHead(200, { ...headers, 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(log));
    } else if (path === '/collector/clear' && request.method === 'POST') {
      clear();
      response.writeHead(204, headers).end();
    } else {
      response.writeHead(404, { ...headers, 'content-type': 'text/plain; charset=utf-8' }).end('The collector has GET /collector/events, GET /collector/log and POST /collector/clear.\n');
    }
    return true;
  }

  /** Ends the open streams, so that the server can close. */
  function close() {
    for (const stream of streams) stream.end();
    streams.clear();
  }

  return { handle, log, clear, on, close };
}

// The SDK sends with credentials, so the origin has to be named; `*` would not do.
const cors = (request) => ({
  'access-control-allow-origin': request.headers.origin ?? '*',
  'access-control-allow-credentials': 'true',
  'access-control-allow-headers': request.headers['access-control-request-headers'] ?? 'content-type, authorization',
  'access-control-allow-methods': 'GET, POST, OPTIONS',
  'cache-control': 'no-store',
  vary: 'origin',
});

async function body(request) {
  const chunks = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > LARGEST_BYTES) throw new Error('too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

// No header says "beacon"; but a beacon alone asks for no answer it could read.
function transport(request, route) {
  if (request.headers['sec-fetch-mode'] === 'no-cors') return 'beacon';
  if (request.headers['sec-fetch-mode'] === undefined) return 'unknown';
  return /^\/(record|flags|settings)/.test(route) ? 'fetch' : 'xhr';
}

const json = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const list = (value) => (value === undefined || value === null ? [] : Array.isArray(value) ? value : [value]);

/** `body` as the API would understand it, `items` as a list of single things. */
export function decode({ route, query, headers, bytes }) {
  let plain = bytes;
  // A recording is compressed by the page itself and says so by its first bytes.
  if (bytes.length > 2 && bytes[0] === 0x1f && bytes[1] === 0x8b) {
    try {
      plain = gunzipSync(bytes);
    } catch {
      return { body: null, items: [], unreadable: true };
    }
  }
  const text = plain.toString('utf8');
  if (/^\/record/.test(route)) {
    const events = list(json(text));
    const times = events.map((event) => event?.timestamp).filter(Number.isFinite);
    const body = {
      replay_id: query.get('replay_id'), distinct_id: query.get('distinct_id'), $device_id: query.get('$device_id'),
      seq: query.get('seq'), events: events.length, from: times.length ? Math.min(...times) : null, unpacked_bytes: plain.length,
    };
    return { body, items: [], ...(events.length ? {} : { unreadable: true }) };
  }
  const form = /urlencoded/.test(headers['content-type'] ?? '') || text.startsWith('data=');
  const fields = new URLSearchParams(form ? text : '');
  const data = fields.get('data') ?? query.get('data') ?? (form ? null : text || null);
  if (/^\/(flags|settings)/.test(route)) {
    const body = json(query.get('context') ?? '') ?? json(data ?? '') ?? null;
    return { body, items: list(body) };
  }
  if (data === null) return { body: null, items: [] };
  // Mixpanel's own hosts get JSON; any other api_host gets base64 of it.
  const body = json(data) ?? json(Buffer.from(data, 'base64').toString('utf8'));
  return body === undefined ? { body: null, items: [], unreadable: true } : { body, items: list(body) };
}

/** Whether anything inside names a person or a device. */
function named(value) {
  if (Array.isArray(value)) return value.some(named);
  if (value === null || typeof value !== 'object') return false;
  return Object.entries(value).some(([key, inner]) => (IDS.has(key) && inner !== null && inner !== undefined && inner !== '') || named(inner));
}

function reply(route, query) {
  if (/^\/flags/.test(route)) return { type: 'application/json', text: '{"flags":{}}' };
  if (/^\/settings/.test(route)) return { type: 'application/json', text: '{}' };
  if (/^\/record/.test(route)) return { type: 'application/json', text: '{"code":200,"status":"OK"}' };
  // The Node SDK says `verbose=0`.
  return Number(query.get('verbose'))
    ? { type: 'application/json', text: '{"status":1,"error":null}' }
    : { type: 'text/plain; charset=utf-8', text: '1' };
}
