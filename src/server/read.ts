// What a request's visitor has answered: its headers, found in whatever a server calls a
// request, and handed to the core. It looks at three headers and judges nothing.

import type { Explained, ReadOptions, RequestLike, RequestState } from '../api/server.js';
import { BROWSER_DNT, BROWSER_GPC } from '../page/contract.js';
import { type Api, ask, fresh, rule } from './core.js';
import { fail, isObject, kindOf } from './errors.js';
import { OPTIONS, check, signature } from './options.js';

/** Readers kept, one for each set of options; a program has a few, and one that makes them up
 * as it goes starts anew. */
const KEPT = 256;

/** A header that is longer is not read, so no more of it is handed on (src/request/cookies.rs). */
const LONGEST = 65_536;

const readers = new Map<string, number>();
fresh.push(() => readers.clear());

type Options = Readonly<Record<string, unknown>>;

/** The text of a header. An object is none, and may have no text at all. */
const text = (value: unknown): string => (typeof value == 'string' ? value : typeof value == 'number' || typeof value == 'bigint' || typeof value == 'boolean' ? String(value) : '');

/** A header of a fetch `Request` or `Headers`, an `IncomingMessage`, or a plain object. */
export function header(headers: object, name: string): string {
  const own = headers as Readonly<Record<string, unknown>> & { get?: unknown };
  if (typeof own.get == 'function') return text((own.get as (name: string) => unknown).call(own, name));
  let value: unknown;
  if (Object.hasOwn(own, name)) value = own[name];
  else
    // Makes no list of names: two of the three headers are rarely there, and are looked for each time.
    for (const key in own)
      if (key.length == name.length && key.toLowerCase() == name && Object.hasOwn(own, key)) value = own[key];
  // Node hands on several of one name as a list; of cookies it is one header in pieces.
  return Array.isArray(value) ? value.map(piece).join(name === 'cookie' ? '; ' : ', ') : text(value);
}

const invalid = (what: string): never =>
  fail('request-invalid', `readConsent() was given ${what}: give it a fetch Request, a Node IncomingMessage, Headers, or an object of headers.`);

export function headersOf(request: unknown): object {
  const its = (request as { headers?: unknown } | null | undefined)?.headers;
  const headers = its && typeof its == 'object' ? its : request;
  return isObject(headers) ? headers : invalid(kindOf(headers));
}

/**
 * What has no cookie may be a visitor's first request, or no request at all: a framework's context, say, would
 * be read as a visitor who never answers. The values of headers are texts and lists of them.
 */
function checked(headers: object): void {
  if (typeof (headers as { get?: unknown }).get == 'function') return;
  for (const name in headers) {
    const value = Object.hasOwn(headers, name) ? (headers as Readonly<Record<string, unknown>>)[name] : undefined;
    if (name.toLowerCase() != 'cookie' && (typeof value == 'function' || isObject(value))) invalid(`an object whose \`${name}\` is ${kindOf(value)} and no header`);
  }
}

/** The pieces of a header that come as a list: texts, or objects with a `value`, as CloudFront has them. */
const piece = (one: unknown): string => text(isObject(one) ? one['value'] : one);

/** Whether a signal is sent. One that a proxy has doubled arrives as a list, and is sent all the same. */
function signals(value: string): boolean {
  if (value === '' || value === '0') return false;
  return value.split(',').some((one) => one.trim() === '1');
}

/** What is asked of the core: the cookies, and the signals as bits. */
function carried(request: unknown): [cookies: string, browser: number] {
  const headers = headersOf(request);
  let cookies = header(headers, 'cookie');
  if (!cookies) {
    checked(headers);
    // The events of AWS Lambda have the cookies apart from the headers.
    const apart = (request as { cookies?: unknown }).cookies;
    if (Array.isArray(apart)) cookies = apart.map(text).join('; ');
  }
  return [
    cookies.slice(0, LONGEST + 1),
    (signals(header(headers, 'sec-gpc')) ? BROWSER_GPC : 0) | (signals(header(headers, 'dnt')) ? BROWSER_DNT : 0),
  ];
}

/** The options of the last call and their reader: most programs always give the same. */
let last: Given | undefined;
let lastReader = -1;
fresh.push(() => { lastReader = -1; });

/** Every option, by its name in the code: a loop over names takes as long as all else here. */
type Given = Record<keyof ReadOptions, unknown>;
const given = (o: ReadOptions): Given => ({
  cmp: o.cmp,
  category: o.category,
  implied: o.implied,
  denied: o.denied,
  gpc: o.gpc,
  dnt: o.dnt,
  token: o.token,
  name: o.name,
  recordKey: o.recordKey,
  recordMaxAge: o.recordMaxAge,
});

/** Whether this is what it was. What can be changed from outside is not compared. */
const is = (value: unknown, before: unknown): boolean => value === before && typeof value != 'object';

/** Whether these are the last call's. */
function same(o: ReadOptions): boolean {
  if (!last) return false;
  for (const key in o) if (!(OPTIONS as readonly string[]).includes(key)) return false;
  return is(o.cmp, last.cmp) && is(o.category, last.category) && is(o.implied, last.implied) && is(o.denied, last.denied)
    && is(o.gpc, last.gpc) && is(o.dnt, last.dnt) && is(o.token, last.token) && is(o.name, last.name)
    && is(o.recordKey, last.recordKey) && is(o.recordMaxAge, last.recordMaxAge);
}

function reader(api: Api, options: ReadOptions): number {
  if (!isObject(options)) return fail('option-invalid', 'The options of readConsent() are an object.');
  if (lastReader >= 0 && same(options)) return lastReader;
  lastReader = made(api, options as Options);
  last = given(options);
  return lastReader;
}

function made(api: Api, options: Options): number {
  const key = signature(options);
  const known = key === null ? undefined : readers.get(key);
  if (known !== undefined) return known;
  const checked = check(options);
  if (readers.size >= KEPT) {
    api.forget();
    readers.clear();
  }
  const number = api.reader(checked);
  readers.set(key!, number);
  return number;
}

export function readConsent(request: RequestLike, options: ReadOptions = {}): RequestState {
  const [cookies, browser] = carried(request);
  const now = Date.now();
  let answered = -1;
  const state = rule((api) => {
    const packed = api.read(reader(api, options), cookies, browser, now);
    answered = api.answeredAt();
    return packed;
  }, now);
  return answered < 0 ? state : Object.freeze({ ...state, answered, signed: options.recordKey !== undefined });
}

export function explainConsent(request: RequestLike, options: ReadOptions = {}): Explained {
  const state = readConsent(request, options);
  const [cookies, browser] = carried(request);
  let sources: Explained['sources'] = [];
  try {
    sources = ask((api) => api.explain(reader(api, options), cookies, browser)) as Explained['sources'];
  } catch {
    // The state's code says it.
  }
  return { ...state, gpc: (browser & BROWSER_GPC) > 0, dnt: (browser & BROWSER_DNT) > 0, sources, toString: print };
}

function print(this: Explained) {
  const lines = [
    `Mixpanel is ${this.mode}: ${this.reason} (${this.code})`,
    `consent ${this.consent}, decided by ${this.cmp ?? 'nobody'}`,
    `Global Privacy Control ${this.gpc ? 'on' : 'off'}, Do Not Track ${this.dnt ? 'on' : 'off'}`,
  ];
  for (const source of this.sources)
    lines.push(
      `${source.cmp} (${source.record ? "the bridge's record" : 'its own cookies'}): ${JSON.stringify(source.consent)}`,
      `  categories ${JSON.stringify(source.categories)}${source.others ? `, others ${source.others}` : ''}`,
      `  read from ${JSON.stringify(source.raw)}`,
    );
  return lines.join('\n');
}
