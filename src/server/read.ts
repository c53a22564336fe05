// What a request's visitor has answered: its headers, found in whatever a server calls a
// request, and handed to the core. It looks at three headers and judges nothing.

import type { Explained, ReadOptions, RequestLike, RequestState } from './types.js';
import { BridgeError } from '../page/gate/error.js';
import { ask, fresh, rule } from './core.js';
import { OPTIONS, check, signature } from './options.js';

/** Readers kept, one for each set of options; a program has a few, and one that makes them up
 * as it goes starts anew. */
const KEPT = 256;

/** A header that is longer is not read, so no more of it is handed on (src/request/cookies.rs). */
const LONGEST = 65_536;

const readers = new Map<string, number>();
fresh.push(() => readers.clear());

/** A header of a fetch `Request` or `Headers`, an `IncomingMessage`, or a plain object. */
function header(headers: any, name: string): string {
  if (typeof headers.get == 'function') return String(headers.get(name) ?? '');
  let value: unknown;
  if (Object.hasOwn(headers, name)) value = headers[name];
  else
    for (const key of Object.keys(headers))
      if (key.length == name.length && key.toLowerCase() == name) value = headers[key];
  // Node hands on several of one name as a list; of cookies it is one header in pieces.
  return value == null ? '' : Array.isArray(value) ? value.join('; ') : String(value);
}

function headersOf(request: any) {
  const headers = request?.headers && typeof request.headers == 'object' ? request.headers : request;
  if (!headers || typeof headers != 'object')
    throw new BridgeError(
      'request-invalid',
      `readConsent() was given ${headers === null ? 'null' : `a ${typeof headers}`}: give it a fetch Request, a Node IncomingMessage, Headers, or an object of headers.`,
    );
  return headers;
}

/** What is asked of the core: the cookies, and the signals as bits. */
function carried(request: any): [cookies: string, around: number] {
  const headers = headersOf(request);
  return [
    header(headers, 'cookie').slice(0, LONGEST + 1),
    (header(headers, 'sec-gpc').trim() == '1' ? 1 : 0) | (header(headers, 'dnt').trim() == '1' ? 2 : 0),
  ];
}

/** The options of the last call and their reader: most programs always give the same. */
let last: any[] = [];
let lastReader = -1;
fresh.push(() => { lastReader = -1; });

/** Whether these are the last call's. What can be changed from outside is not compared. */
function same(o: any): boolean {
  for (let i = 0; i < OPTIONS.length; i += 1) {
    const value = o[OPTIONS[i]!];
    if (value !== last[i] || typeof value == 'object') return false;
  }
  for (const key in o) if (!OPTIONS.includes(key)) return false;
  return true;
}

function reader(api: any, options: any): number {
  if (lastReader >= 0 && same(options)) return lastReader;
  lastReader = made(api, options);
  last = OPTIONS.map((key) => options[key]);
  return lastReader;
}

function made(api: any, options: any): number {
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
  const [cookies, around] = carried(request);
  return rule((api) => api.read(reader(api, options), cookies, around), Date.now());
}

export function explainConsent(request: RequestLike, options: ReadOptions = {}): Explained {
  const state = readConsent(request, options);
  const [cookies, around] = carried(request);
  let sources: any[] = [];
  try {
    sources = ask((api) => api.explain(reader(api, options), cookies, around));
  } catch {
    // The state's code says it.
  }
  return { ...state, gpc: (around & 1) > 0, dnt: (around & 2) > 0, sources, toString: print };
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
