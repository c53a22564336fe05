// Takes what the browser's bridge posts to `receiptEndpoint`, and records it. It checks where
// it comes from, how long it is and what shape it has; whose it is the site says.
//
// A receipt is posted by a page, so it is worth what the page's visitor says of themselves: it
// is recorded for the person whom the site knows by its own session, at this server's time.

import type { Receipt, ReceiptEndpointOptions, TakenReceipt } from './types.js';
import { BridgeError } from '../page/gate/error.js';
import { recordLine } from './core.js';
import { entryOf } from './ledger.js';
import { recordCookie } from './record.js';

const OPTIONS = ['ledger', 'identify', 'origins', 'token', 'name', 'key', 'limit', 'version', 'secure', 'onRefused'];
/** A receipt is below 300 bytes; four times that. */
const LIMIT = 1200;

export function receiptEndpoint(given: ReceiptEndpointOptions) {
  const o: any = { limit: LIMIT, secure: true, ...given };
  for (const key of Object.keys(given ?? {}))
    if (!OPTIONS.includes(key)) throw new BridgeError('option-unknown', `There is no option \`${key}\` of receiptEndpoint(). The options are ${OPTIONS.join(', ')}.`);
  if (typeof o.ledger?.record != 'function') throw new BridgeError('option-invalid', 'Option `ledger` is missing: make one with consentLedger().');
  if (typeof o.identify != 'function') throw new BridgeError('option-invalid', 'Option `identify` is a function: of a request it says whose receipt this is, as an id or as `{ id, device }`.');
  if (!Array.isArray(o.origins) || !o.origins.length || o.origins.some((origin: unknown) => typeof origin != 'string' || !URL.canParse(origin) || new URL(origin).origin !== origin))
    throw new BridgeError('option-invalid', 'Option `origins` is a list of the origins of your pages, like `https://shop.example`, without a path.');
  if ((o.key === undefined) !== (o.token === undefined)) throw new BridgeError('option-invalid', 'Options `token` and `key` belong together: with them the record\'s cookie is signed.');
  const allowed = new Set<string>(o.origins);

  /** The mechanism, for frameworks that have read the body already. Never rejects. */
  async function take(request: TakenReceipt) {
    const find = (name: string): string | undefined => {
      const { headers } = request as any;
      if (typeof headers?.get == 'function') return headers.get(name) ?? undefined;
      const value = headers?.[name] ?? Object.entries(headers ?? {}).find(([key]) => key.toLowerCase() === name)?.[1];
      return Array.isArray(value) ? value.join(', ') : value;
    };
    const origin = find('origin');
    const cors: Record<string, string> = origin && allowed.has(origin) ? { 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true', vary: 'origin' } : { vary: 'origin' };
    const answer = (status: number, code?: string, reason?: string, more: Record<string, string> = {}) => {
      if (code) o.onRefused?.({ status, code, reason });
      return {
        status,
        headers: { ...cors, 'cache-control': 'no-store', ...(code ? { 'content-type': 'application/json' } : {}), ...more },
        body: code ? JSON.stringify({ code, reason }) : '',
      };
    };
    const method = String(request.method ?? 'POST').toUpperCase();
    if (origin === undefined || !allowed.has(origin))
      return answer(403, 'origin-refused', origin === undefined ? 'The request says no origin; a page\'s says one.' : 'The request comes from an origin that the option `origins` does not name.');
    if (method === 'OPTIONS') return answer(204, undefined, undefined, { 'access-control-allow-methods': 'POST', 'access-control-allow-headers': 'content-type', 'access-control-max-age': '86400' });
    if (method !== 'POST') return answer(405, 'method-refused', 'Receipts are posted.', { allow: 'POST' });
    const type = find('content-type') ?? '';
    if (!/^application\/json\s*(;|$)/i.test(type)) return answer(415, 'type-refused', 'A receipt is JSON.');
    if (Number(find('content-length') ?? 0) > o.limit) return answer(413, 'receipt-too-long', `A receipt is at most ${o.limit} bytes long.`);
    let receipt: any;
    try {
      const body: any = typeof request.body == 'function' ? await (request.body as any)(o.limit) : request.body;
      const text = body instanceof Uint8Array ? new TextDecoder('utf-8', { fatal: true }).decode(body) : body;
      if (typeof text == 'string' && new TextEncoder().encode(text).length > o.limit) throw new RangeError();
      receipt = typeof text == 'string' ? JSON.parse(text) : text;
      // What a parser has made of it was read by then; that it was no longer is still asked.
      if (typeof text != 'string' && JSON.stringify(text).length > o.limit) throw new RangeError();
    } catch (error) {
      return error instanceof RangeError ? answer(413, 'receipt-too-long', `A receipt is at most ${o.limit} bytes long.`) : answer(400, 'receipt-unreadable', 'The body is no JSON in UTF-8.');
    }
    let entry: ReturnType<typeof entryOf>;
    try {
      // What a state may say a receipt does not: it always has an event.
      if (!receipt || typeof receipt != 'object' || 'features' in receipt) throw new BridgeError('entry-invalid', 'This is no receipt.');
      entry = entryOf(receipt);
    } catch (error: any) {
      return answer(400, 'receipt-invalid', error.message);
    }
    let person: any;
    try {
      person = await o.identify(request.request ?? request);
    } catch (error: any) {
      return answer(503, 'person-unknown', 'Who this is could not be found out just now.');
    }
    if (person === null || person === undefined || person === '') return answer(401, 'person-unknown', 'Nobody knows whose receipt this is.');
    const { id, device } = typeof person == 'object' ? person : { id: person, device: undefined };
    try {
      const { event, at, cmp, consent } = entry;
      await o.ledger.record(id, { event, at, cmp: cmp ?? '', consent } as Receipt, {
        claimed: true,
        ...(device === undefined || device === null ? {} : { device }),
        ...(o.version ? { version: o.version } : {}),
      });
    } catch (error: any) {
      const theirs = error instanceof BridgeError && error.code === 'id-invalid';
      return answer(theirs ? 500 : 503, error instanceof BridgeError ? error.code : 'ledger-unreachable', theirs ? 'The option `identify` gave no id.' : 'The receipt could not be kept; post it again.');
    }
    if (!o.key) return answer(204);
    const line = recordLine(entry);
    const cookie = line && recordCookie({ token: o.token, name: o.name, value: line, key: o.key, secure: o.secure });
    return answer(204, undefined, undefined, cookie ? { 'set-cookie': cookie } : {});
  }

  /** For fetch handlers: Next.js routes, Hono, Deno, Workers. */
  async function handle(request: Request): Promise<Response> {
    const { status, headers, body } = await take({ method: request.method, headers: request.headers, request, body: (limit: number) => bounded(request.body as any, limit) });
    return new Response(body || null, { status, headers });
  }

  /** For Node's `http` and what is made of it: Express, Connect, Koa's `ctx.req` and `ctx.res`. */
  async function node(request: any, response: any): Promise<void> {
    // A body that a parser has taken is not there to be read again. And one that is too long is
    // left where it is: to be answered, the connection has to stay.
    const stream = () => request.iterator?.({ destroyOnReturn: false }) ?? request;
    const { status, headers, body } = await take({ method: request.method, headers: request.headers, request, body: request.body ?? ((limit: number) => bounded(stream(), limit)) });
    response.writeHead(status, status < 300 ? headers : { ...headers, connection: 'close' });
    response.end(body);
  }

  return Object.freeze({ take, fetch: handle, node });
}

/** The bytes of a stream, and no more of them than are wanted. */
async function bounded(stream: AsyncIterable<Uint8Array> | null, limit: number): Promise<Uint8Array> {
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
