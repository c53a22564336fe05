// Takes what the browser's bridge posts to `receiptEndpoint`, and records it. It checks where
// it comes from, how long it is and what shape it has; whose it is the site says.
//
// A receipt is posted by a page, so it is worth what the page's visitor says of themselves: it
// is recorded for the person whom the site knows by its own session, at this server's time.

import type { NodeRequest, NodeResponse, Receipt, ReceiptEndpointOptions, TakenReceipt, Whose } from '../api/server.js';
import { recordLine } from './core.js';
import { BridgeError, fail, harmless, isObject, kindOf, told } from './errors.js';
import { type Answered, answered } from './ledger/entry.js';
import { known, versionOf } from './options.js';
import { header } from './read.js';
import { recordCookie } from './record.js';

const OPTIONS = ['ledger', 'identify', 'origins', 'token', 'name', 'key', 'limit', 'version', 'secure', 'onRefused'];
/** A receipt is below 300 bytes; four times that. */
const LIMIT = 1200;

interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
}
type Bytes = AsyncIterable<Uint8Array>;

/** The body was there once, and something has read it. */
class Eaten extends Error {}

export function receiptEndpoint(given: ReceiptEndpointOptions) {
  known(given, OPTIONS, ' of receiptEndpoint()');
  const { ledger, identify, origins, token, name, key, limit = LIMIT, version, secure = true, onRefused } = given;
  if (typeof ledger?.record != 'function') fail('option-invalid', 'Option `ledger` is missing: make one with consentLedger().');
  if (typeof identify != 'function') fail('option-invalid', 'Option `identify` is a function: of a request it says whose receipt this is, as an id or as `{ id, device }`.');
  if (!Array.isArray(origins) || !origins.length || origins.some((origin: unknown) => typeof origin != 'string' || !URL.canParse(origin) || new URL(origin).origin !== origin))
    fail('option-invalid', 'Option `origins` is a list of the origins of your pages, like `https://shop.example`, without a path.');
  if ((key === undefined) !== (token === undefined)) fail('option-invalid', 'Options `token` and `key` belong together: with them the record\'s cookie is signed.');
  if (limit !== Infinity && !(Number.isInteger(limit) && limit > 0)) fail('option-invalid', 'Option `limit` is a whole number of bytes, 1 or more.');
  if (onRefused !== undefined && typeof onRefused != 'function') fail('option-invalid', 'Option `onRefused` is a function.');
  if (typeof secure != 'boolean') fail('option-invalid', 'Option `secure` is true or false.');
  versionOf(version);
  const signing = token === undefined || key === undefined ? null : { token, key, secure, ...(name === undefined ? {} : { name }) };
  // A mistake in them is said now, and not with the first receipt.
  if (signing) recordCookie({ ...signing, value: '' });
  const allowed = new Set<string>(origins);

  function requested(method: string, request: unknown): void {
    if (!isObject(request)) fail('request-invalid', `${method}() takes a request; it was given ${kindOf(request)}.`);
  }

  /** The mechanism, for frameworks that have read the body already. It rejects for what is no request, and for nothing that a visitor sends. */
  async function take(request: TakenReceipt): Promise<Answer> {
    requested('take', request);
    const find = (one: string): string | undefined => header(request.headers ?? {}, one) || undefined;
    const origin = find('origin');
    const cors: Record<string, string> = origin && allowed.has(origin) ? { 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true', vary: 'origin' } : { vary: 'origin' };
    const done = (status: number, more: Record<string, string> = {}): Answer => ({ status, headers: { ...cors, 'cache-control': 'no-store', ...more }, body: '' });
    const refuse = (status: number, code: string, reason: string, more: Record<string, string> = {}): Answer => {
      harmless('onRefused', onRefused, { status, code, reason });
      return { ...done(status, { 'content-type': 'application/json', ...more }), body: JSON.stringify({ code, reason }) };
    };
    const method = typeof request.method == 'string' ? request.method.toUpperCase() : (request.method ?? 'POST');
    if (origin === undefined || !allowed.has(origin))
      return refuse(403, 'origin-refused', origin === undefined ? 'The request says no origin; a page\'s says one.' : 'The request comes from an origin that the option `origins` does not name.');
    if (method === 'OPTIONS') return done(204, { 'access-control-allow-methods': 'POST', 'access-control-allow-headers': 'content-type', 'access-control-max-age': '86400' });
    if (method !== 'POST') return refuse(405, 'method-refused', 'Receipts are posted.', { allow: 'POST' });
    if (!/^application\/json\s*(;|$)/i.test(find('content-type') ?? '')) return refuse(415, 'type-refused', 'A receipt is JSON.');
    const long = () => refuse(413, 'receipt-too-long', `A receipt is at most ${limit} bytes long.`);
    if (Number(find('content-length') ?? 0) > limit) return long();
    let said: Answered;
    try {
      const made = await bodyOf(request.body, limit);
      // What a state may say a receipt does not: it always has an event.
      if (!isObject(made) || 'features' in made) return refuse(400, 'receipt-invalid', 'This is no receipt: it has an event, a time and the answers.');
      said = answered(made);
    } catch (error) {
      if (error instanceof RangeError) return long();
      if (error instanceof Eaten) return refuse(500, 'body-taken', error.message);
      return error instanceof BridgeError ? refuse(400, 'receipt-invalid', error.message) : refuse(400, 'receipt-unreadable', 'The body is no JSON in UTF-8.');
    }
    let whose: Whose;
    try {
      whose = await (identify as (request: unknown) => Whose | Promise<Whose>)(request.request ?? request);
    } catch (error) {
      return refuse(503, 'person-unknown', `Who this is could not be found out just now (${told(error)}).`);
    }
    if (whose === null || whose === undefined || whose === '') return refuse(401, 'person-unknown', 'Nobody knows whose receipt this is.');
    const { id, device } = typeof whose == 'object' ? whose : { id: whose, device: null };
    const receipt = { event: said.event!, at: said.at, cmp: said.cmp ?? '', consent: said.consent } satisfies Receipt;
    try {
      const { state } = await ledger.record(id, receipt, {
        claimed: true,
        ...(device === undefined || device === null ? {} : { device }),
        ...(version ? { version } : {}),
      });
      if (!signing) return done(204);
      // The signature proves a time, so the time is this server's.
      const line = recordLine({ ...receipt, at: state?.at ?? Date.now() });
      const cookie = line && recordCookie({ ...signing, value: line });
      return done(204, cookie ? { 'set-cookie': cookie } : {});
    } catch (error) {
      const theirs = error instanceof BridgeError && error.code === 'id-invalid';
      return refuse(theirs ? 500 : 503, error instanceof BridgeError ? error.code : 'ledger-unreachable', theirs ? 'The option `identify` gave no id.' : 'The receipt could not be kept; post it again.');
    }
  }

  /** For fetch handlers: Next.js routes, Hono, Deno, Workers. */
  async function handle(request: Request): Promise<Response> {
    requested('fetch', request);
    const body = async (most: number) => {
      if (request.bodyUsed) throw new Eaten('Something before this handler has read the body of the request (`request.json()`, say): hand it a `request.clone()` made before, or give what was read to take().');
      return bounded(request.body as Bytes | null, most);
    };
    const { status, headers, body: text } = await take({ method: request.method, headers: request.headers, request, body });
    return new Response(text || null, { status, headers });
  }

  /** For Node's `http` and what is made of it: Express, Connect, Koa's `ctx.req` and `ctx.res`. */
  async function node(request: NodeRequest, response: NodeResponse): Promise<void> {
    requested('node', request);
    if (typeof response?.writeHead != 'function' || typeof response.end != 'function') fail('request-invalid', 'node() takes a request and its response, as the `http` of Node and Express hand them on; it was given no response.');
    const stream = request as NodeRequest & { readableDidRead?: boolean; readableEnded?: boolean; iterator?: (options: { destroyOnReturn: boolean }) => Bytes };
    const read = stream.readableDidRead === true || stream.readableEnded === true;
    // Parsers leave an empty object of a body that they did not take.
    const parsed = request.body !== undefined && request.body !== null && (!isObject(request.body) || Object.keys(request.body).length > 0);
    const body = async (most: number) => {
      if (read) throw new Eaten('A parser before this handler has read the body of the request and left nothing of it in `request.body`: put the handler before the parser, or give what was read to take().');
      // One that is too long is left where it is: to be answered, the connection has to stay.
      return bounded(stream.iterator?.({ destroyOnReturn: false }) ?? (stream as unknown as Bytes), most);
    };
    const { status, headers, body: text } = await take({ ...(request.method === undefined ? {} : { method: request.method }), headers: (request.headers ?? {}) as TakenReceipt['headers'], request, body: parsed ? request.body : body });
    response.writeHead(status, status < 300 ? headers : { ...headers, connection: 'close' });
    response.end(text);
  }

  return Object.freeze({ take, fetch: handle, node });
}

/** What a body says: text, bytes, what a parser has made of them, or a function that reads them. */
async function bodyOf(given: unknown, limit: number): Promise<unknown> {
  const body: unknown = typeof given == 'function' ? await (given as (limit: number) => unknown)(limit) : given;
  const text = body instanceof Uint8Array ? new TextDecoder('utf-8', { fatal: true }).decode(body) : body;
  // What a parser has made of it was read by then; that it was no longer is still asked.
  const written = typeof text == 'string' ? text : (JSON.stringify(text) ?? '');
  if (new TextEncoder().encode(written).length > limit) throw new RangeError();
  return typeof text == 'string' ? JSON.parse(text) : text;
}

/** The bytes of a stream, and no more of them than are wanted. */
async function bounded(stream: Bytes | null, limit: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of stream ?? []) {
    length += part.length;
    if (length > limit) throw new RangeError();
    parts.push(part);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
