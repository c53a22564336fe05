// What is Mixpanel's: of requests, whatever host they go to, and of names on the device. Not a
// list of what the bridge removes (src/page/sdk/sweep.js): what is forgotten there is to be seen here.
//
// Sources: the requests and the storage of mixpanel-browser 2.41 to 2.83 as they were seen; its
// source, src/mixpanel-core.js (routes), src/gdpr-utils.js, src/request-queue.js, src/storage.

const HOSTS = /(^|\.)(mixpanel\.com|mxpnl\.com)$/;
const ROUTES = { track: 'events', engage: 'profile', groups: 'group', record: 'recording', flags: 'flags', settings: 'settings', decide: 'settings', import: 'events' };

const NAMES = [
  /^mp_.+_mixpanel$/, // who the visitor is, and super properties
  /^mp_(optout|super_properties)$/,
  /^__mp_opt_in_out_/,
  /^__mpq_/, // what waits to be sent, and its locks
  /^__mprec_/,
  /^__mplss_|^__mptest/, // each start tries the storage with it
  /^mp_(gen_new_)?tab_id_/,
  /^mixpanel(Browser|Flags)Db$/,
];
const BRIDGE = /^mixpanel-consent-bridge([:.]|$)/;

const json = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
const list = (value) => (value === undefined || value === null ? [] : Array.isArray(value) ? value : [value]);
const param = (text, name) => new URLSearchParams(text).get(name);

/** What a body or a query carries: JSON, or base64 of it (towards a host that is not Mixpanel's). */
const unpack = (text) => (text ? json(text) ?? json(Buffer.from(text, 'base64').toString('utf8')) : undefined);

/** `0123456789abcdef…` as people can compare it: its first and last four. */
export const short = (text) => (typeof text != 'string' || text.length <= 12 ? String(text ?? '') : `${text.slice(0, 4)}…${text.slice(-4)}`);
/** An id that begins with its kind keeps that. */
export const shortId = (id) => (typeof id == 'string' && id.startsWith('$device:') ? `$device:${short(id.slice(8))}` : short(id));
/** Tokens of 32 hexadecimal digits within a text, shortened. */
export const shortened = (text, tokens = []) =>
  [...tokens, ...(text.match(/\b[0-9a-f]{32}\b/g) ?? []), ...(text.match(/[0-9a-f]{32}/g) ?? [])].reduce((all, token) => (token.length > 12 ? all.replaceAll(token, short(token)) : all), text);

/**
 * What a request is to Mixpanel, or undefined if nothing tells that it is Mixpanel's.
 * @param {{ method: string, url: string, body?: string, authorization?: string, type?: string }} request
 * @param {{ tokens: Set<string>, libraries?: string[] }} known the projects' tokens as far as they are known
 * @returns {undefined | { kind: string, host: string, path: string, proxied: boolean, token?: string, version?: string, distinctId?: string, events: string[] }}
 */
export function request({ method, url, body = '', authorization = '', type = '' }, { tokens, libraries = [] }) {
  if (!URL.canParse(url)) return undefined;
  const { hostname, host, pathname, search, searchParams: query, protocol } = new URL(url);
  if (!/^(https?|wss?):$/.test(protocol)) return undefined;
  // The question before a request to another origin, which the request itself follows.
  if (method == 'OPTIONS') return undefined;
  const own = HOSTS.test(hostname);
  const found = { kind: 'other', host, path: pathname, proxied: !own, events: [] };
  const route = pathname.split('/').filter(Boolean).find((part) => Object.hasOwn(ROUTES, part));
  if (route) found.kind = ROUTES[route];
  if (/\.m?js$/.test(pathname) || type == 'script') found.kind = 'library';

  const data = param(body, 'data') ?? query.get('data');
  const items = list(unpack(data ?? (/^\s*[[{]/.test(body) ? body : undefined))).filter((item) => item && typeof item == 'object');
  const events = items.filter((item) => typeof item.event == 'string' && typeof item.properties?.token == 'string');
  const updates = items.filter((item) => typeof item.$token == 'string');
  const context = json(query.get('context') ?? '');
  // A project's token is the user name of the basic authorization.
  const user = /^basic /i.test(authorization) ? Buffer.from(authorization.slice(6), 'base64').toString('utf8').split(':')[0] : undefined;
  const recording = query.has('replay_id') && query.has('distinct_id');
  const flags = context?.distinct_id !== undefined && query.has('token');

  found.token = events[0]?.properties.token ?? updates[0]?.$token ?? query.get('token') ?? user;
  found.version = events[0]?.properties.$lib_version ?? query.get('$lib_version') ?? query.get('mp_lib_version') ?? undefined;
  found.distinctId = events[0]?.properties.distinct_id ?? updates[0]?.$distinct_id ?? query.get('distinct_id') ?? context?.distinct_id ?? undefined;
  found.events = events.map(({ event }) => event);
  const shaped = events.length > 0 || updates.length > 0 || recording || flags;
  if (shaped && !['recording', 'flags'].includes(found.kind)) found.kind = updates.length ? (updates[0].$group_key ? 'group' : 'profile') : recording ? 'recording' : flags ? 'flags' : 'events';
  const named = [...tokens].some((token) => token.length > 12 && `${search}\n${body}\n${data ? Buffer.from(data, 'base64').toString('latin1') : ''}\n${user ?? ''}`.includes(token));
  const library = found.kind == 'library' && libraries.some((one) => one && url.startsWith(one));
  return own || shaped || named || library ? found : undefined;
}

/** Whose a stored name is: `mixpanel`, `bridge` or undefined. */
export function owner(name, tokens = new Set()) {
  if (BRIDGE.test(name)) return 'bridge';
  const named = [...tokens].some((token) => token.length > 12 && name.includes(token));
  return named || NAMES.some((pattern) => pattern.test(name)) ? 'mixpanel' : undefined;
}

/** The flag by which Mixpanel's SDK remembers a refusal: the one name of its own that a no may leave. */
export const refusal = (name, value) => /^__mp_opt_in_out_/.test(name) && value === '0';
