// What is Mixpanel's: of requests, whatever host they go to, and of names on the device. Not a
// list of what the bridge removes (src/page/sdk/sweep.ts): what is forgotten there is to be seen here.
// It runs in Node and, within hooks.ts, in a page.
//
// Sources: the requests and the storage of mixpanel-browser 2.41 to 2.83 as they were seen; its
// source, src/mixpanel-core.js (routes), src/gdpr-utils.js, src/request-queue.js, src/storage.

const HOSTS = /(^|\.)(mixpanel\.com|mxpnl\.com)$/;

export type Kind = 'events' | 'profile' | 'group' | 'recording' | 'flags' | 'settings' | 'library' | 'other';
const ROUTES: Record<string, Kind> = { track: 'events', engage: 'profile', groups: 'group', record: 'recording', flags: 'flags', settings: 'settings', decide: 'settings', import: 'events' };

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

type Fields = Record<string, unknown>;
const isFields = (value: unknown): value is Fields => typeof value == 'object' && value !== null;
const fields = (value: unknown): Fields => (isFields(value) ? value : {});
const word = (value: unknown): string | undefined => (typeof value == 'string' && value ? value : undefined);

const json = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
/** Base64 as bytes, a letter each; empty where it is none. */
const bytes = (text: string): string => {
  try {
    return atob(text);
  } catch {
    return '';
  }
};
const utf8 = (text: string): string => new TextDecoder().decode(Uint8Array.from(bytes(text), (char) => char.charCodeAt(0)));
const param = (text: string, name: string): string | null => new URLSearchParams(text).get(name);

/** What a body or a query carries: JSON, or base64 of it (towards a host that is not Mixpanel's). */
const unpack = (text: string | undefined): unknown => (text ? json(text) ?? json(utf8(text)) : undefined);

/** `0123456789abcdef…` as people can compare it: its first and last four. */
export const short = (text: string): string => (text.length <= 12 ? text : `${text.slice(0, 4)}…${text.slice(-4)}`);
/** An id that begins with its kind keeps that. */
export const shortId = (id: string): string => (id.startsWith('$device:') ? `$device:${short(id.slice(8))}` : short(id));
/** Tokens of 32 hexadecimal digits within a text, and those that are known, shortened. */
export const shortened = (text: string, tokens: Iterable<string> = []): string =>
  [...tokens, ...(text.match(/[0-9a-f]{32}/g) ?? [])].reduce((all, token) => (token.length > 12 ? all.replaceAll(token, short(token)) : all), text);

export interface Asked {
  method: string;
  url: string;
  body?: string | undefined;
  authorization?: string | undefined;
  /** What the browser calls it: `script`, `xhr`. */
  type?: string | undefined;
}

export interface Recognised {
  kind: Kind;
  host: string;
  path: string;
  /** Goes to a host that is not Mixpanel's. */
  proxied: boolean;
  token?: string | undefined;
  version?: string | undefined;
  distinctId?: string | undefined;
  events: string[];
  /** What is done to a profile: `$set`, `$delete`. */
  profile: string[];
}

const named = (text: string, tokens: Iterable<string>): boolean => [...tokens].some((token) => token.length > 12 && text.includes(token));

/**
 * What a request is to Mixpanel, or undefined if nothing tells that it is Mixpanel's.
 * @param known the projects' tokens as far as they are known, and where a page says that its library is
 */
export function request({ method, url, body = '', authorization = '', type = '' }: Asked, known: { tokens: Iterable<string>; libraries?: string[] }): Recognised | undefined {
  let address: URL;
  try {
    address = new URL(url);
  } catch {
    return undefined;
  }
  const { hostname, host, pathname, search, searchParams: query, protocol } = address;
  if (!/^(https?|wss?):$/.test(protocol)) return undefined;
  // The question before a request to another origin, which the request itself follows.
  if (method == 'OPTIONS') return undefined;
  const own = HOSTS.test(hostname);
  const route = pathname.split('/').find((part) => Object.hasOwn(ROUTES, part));
  let kind: Kind = (route && ROUTES[route]) || 'other';
  if (/\.m?js$/.test(pathname) || type == 'script') kind = 'library';

  const data = param(body, 'data') ?? query.get('data') ?? undefined;
  const unpacked = unpack(data ?? (/^\s*[[{]/.test(body) ? body : undefined));
  const items = (Array.isArray(unpacked) ? unpacked : [unpacked]).filter(isFields);
  const events = items.filter((item) => word(item.event) !== undefined && word(fields(item.properties).token) !== undefined);
  const updates = items.filter((item) => word(item.$token) !== undefined);
  const context = fields(json(query.get('context') ?? ''));
  // A project's token is the user name of the basic authorization.
  const user = /^basic /i.test(authorization) ? bytes(authorization.slice(6)).split(':')[0] : undefined;
  const recording = query.has('replay_id') && query.has('distinct_id');
  const flags = context.distinct_id !== undefined && query.has('token');
  const shaped = events.length > 0 || updates.length > 0 || recording || flags;
  if (shaped && kind != 'recording' && kind != 'flags')
    kind = updates.length ? (updates[0]?.$group_key ? 'group' : 'profile') : recording ? 'recording' : flags ? 'flags' : 'events';
  const first = fields(events[0]?.properties);
  const ours = named(`${search}\n${body}\n${data ? bytes(data) : ''}\n${user ?? ''}`, known.tokens);
  const library = kind == 'library' && (known.libraries ?? []).some((one) => one && url.startsWith(one));
  if (!(own || shaped || ours || library)) return undefined;
  return {
    kind, host, path: pathname, proxied: !own,
    token: word(first.token) ?? word(updates[0]?.$token) ?? query.get('token') ?? user,
    version: word(first.$lib_version) ?? query.get('$lib_version') ?? query.get('mp_lib_version') ?? undefined,
    distinctId: word(first.distinct_id) ?? word(updates[0]?.$distinct_id) ?? query.get('distinct_id') ?? word(context.distinct_id),
    events: events.map(({ event }) => String(event)),
    profile: [...new Set(updates.flatMap((update) => Object.keys(update).filter((key) => /^\$(set|set_once|add|append|union|remove|unset|delete)$/.test(key))))],
  };
}

/** What Mixpanel's API says to a request, so that the SDK goes on as with Mixpanel itself. */
export function reply({ url, kind }: { url: string; kind: Kind }): { type: string; body: string } {
  if (kind == 'flags') return { type: 'application/json', body: '{"flags":{}}' };
  if (kind == 'settings') return { type: 'application/json', body: '{}' };
  if (kind == 'recording') return { type: 'application/json', body: '{"code":200,"status":"OK"}' };
  const verbose = new URL(url).searchParams.get('verbose') == '1';
  return verbose ? { type: 'application/json', body: '{"error":null,"status":1}' } : { type: 'text/plain', body: '1' };
}

/** Whose a stored name is. */
export function owner(name: string, tokens: Iterable<string> = []): 'mixpanel' | 'bridge' | undefined {
  if (BRIDGE.test(name)) return 'bridge';
  return named(name, tokens) || NAMES.some((pattern) => pattern.test(name)) ? 'mixpanel' : undefined;
}

/** The flag by which Mixpanel's SDK remembers a refusal: the one name of its own that a no may leave. */
export const refusal = (name: string, value: string): boolean => /^__mp_opt_in_out_/.test(name) && value === '0';
