// What a request to Mixpanel's API carries, as plain values. Not a copy of the API: it answers
// what the browser SDK needs to go on and refuses nothing.
// Source: the requests of mixpanel-browser 2.45.0 to 2.83.0 as they arrive.

import { gunzipSync } from 'node:zlib';

const json = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

// `data=` is JSON towards Mixpanel's own hosts, base64 of it towards any other.
const payload = (text) => json(text) ?? json(Buffer.from(text, 'base64').toString('utf8'));
const list = (value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]);

/** One request as `{ route, token, events, updates, query, recording }`. */
export function decode({ method, url, headers, body }) {
  const parsed = new URL(url, 'http://api.test');
  const route = parsed.pathname.split('/').filter(Boolean)[0] ?? '';
  const query = Object.fromEntries(parsed.searchParams);
  // A page that goes away cannot tell how it sent; of all that the SDK sends only what goes by
  // beacon is a bare string.
  const beacon = method === 'POST' && /^text\/plain/.test(headers['content-type'] ?? '');
  const out = { method, route, query, events: [], updates: [], transport: beacon ? 'beacon' : undefined };
  let bytes = body;
  if (bytes.length > 1 && bytes[0] === 0x1f && bytes[1] === 0x8b) {
    try {
      bytes = gunzipSync(bytes);
    } catch {
      out.unreadable = true;
    }
  }
  const text = bytes.toString('utf8');
  if (route === 'record') {
    const recorded = list(json(text));
    out.recording = {
      id: query.replay_id,
      distinctId: query.distinct_id,
      deviceId: query.$device_id,
      bytes: bytes.length,
      events: recorded.length,
      // When the oldest thing in it was seen, in milliseconds.
      from: Math.min(...recorded.map((event) => event.timestamp ?? Infinity)),
    };
    return out;
  }
  if (route === 'flags') {
    out.context = json(query.context ?? json(text)?.context ?? text) ?? json(text)?.context;
    return out;
  }
  const form = /urlencoded/.test(headers['content-type'] ?? '') || /^data=/.test(text);
  const data = form ? new URLSearchParams(text).get('data') : (query.data ?? text);
  const items = data ? list(payload(data)) : [];
  if (data && items.length === 0) out.unreadable = true;
  if (route === 'track') {
    out.events = items.map((item) => ({
      name: item.event,
      distinctId: item.properties?.distinct_id,
      deviceId: item.properties?.$device_id,
      time: item.properties?.time,
      url: item.properties?.$current_url,
      properties: item.properties ?? {},
    }));
  } else if (route === 'engage' || route === 'groups') {
    out.updates = items;
  }
  return out;
}

/** What to answer so that the SDK goes on. */
export function reply({ route, query }) {
  if (route === 'flags') return { type: 'application/json', text: '{"flags":{}}' };
  if (route === 'settings') return { type: 'application/json', text: '{}' };
  if (route === 'record') return { type: 'application/json', text: '{"code":200,"status":"OK"}' };
  return query.verbose
    ? { type: 'application/json', text: '{"status":1,"error":null}' }
    : { type: 'text/plain', text: '1' };
}
