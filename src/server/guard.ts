// The guard around the Mixpanel Node SDK. Everything that the SDK sends of persons (track,
// batches, import, people, groups, alias, what flags tell of themselves) goes through one
// function, `send_request`, that it looks up on its client at each call; there the gate is put.
// Fetching remote flags does not, and has a function of its own.
//
// The ledger is asked at once for each call, and a call leaves when those before it that name one of
// its ids have left: each person's calls keep their order, and people do not wait for each other.
//
// Source: mixpanel 0.24.0, lib/mixpanel-node.js, lib/flags/flags.js.

import type { Blocked, Guarded, GuardOptions } from '../api/server.js';
import { fail, harmless, isObject, told } from './errors.js';
import { gate, namesIn } from './gate.js';
import { pause } from './time.js';

const GUARDED = Symbol.for('mixpanel-consent-bridge.guarded');

/** Things that wait for the ledger at most. One with ten properties takes about 6 KB (npm run bench). */
const HOLD = 10_000;

/** What of the SDK's client is used. */
interface Client {
  config?: Record<string, unknown> & { logger?: { error?: (text: string) => void } };
  send_request(request: Request, callback?: unknown): void;
  remote_flags?: { callFlagsEndpoint?: (params: unknown, ...more: unknown[]) => Promise<unknown> };
  flush?: unknown;
}
interface Request {
  readonly data: unknown;
}

/** What a callback is given for what was not sent. */
export class BlockedError extends Error {
  readonly blocked = true;
  constructor(
    readonly code: string,
    reason: string,
  ) {
    super(`Not sent: ${reason} (mixpanel-consent-bridge: ${code})`);
    this.name = 'BlockedError';
  }
}

/** Whose turn a thing has to wait for: its people's, or its group's. */
function turnsOf(item: unknown): string[] {
  const names = namesIn(item).filter((id) => id !== undefined && id !== null && id !== '').map(String);
  if (names.length) return names;
  return isObject(item) && '$group_id' in item ? [JSON.stringify([item['$group_key'], item['$group_id']])] : [''];
}

export function guard<C extends object>(given: C, options: GuardOptions): Guarded<C> {
  const client = given as C & Client;
  if (typeof client?.send_request != 'function')
    fail('client-invalid', 'guard() takes what Mixpanel.init() of the package `mixpanel` returns; this has no `send_request`.');
  if (GUARDED in client) fail('client-guarded', 'This client has a guard already: make another with Mixpanel.init() for other options.');
  const { holdLimit = HOLD, ...its } = options ?? {};
  if (!(Number.isInteger(holdLimit) && holdLimit > 0)) fail('option-invalid', 'Option `holdLimit` is a whole number of calls, 1 or more.');
  const { filter, person } = gate(its);
  const send = client.send_request;

  const report = (what: string, error: unknown) => {
    const logger = client.config?.logger ?? console;
    logger.error?.(`mixpanel-consent-bridge: ${what}: ${told(error)}`);
  };

  /** The last call of each person that has not left yet. */
  const last = new Map<string, Promise<unknown>>();
  /** Calls that have not left, or have no answer yet. */
  const open = new Set<Promise<void>>();
  let waiting = 0;

  let seen: Record<string, unknown> = {};
  /** The configuration as it is now; the same object for as long as nothing in it changes. */
  function configured(): Record<string, unknown> {
    const now = client.config ?? {};
    const names = Object.keys(now);
    if (names.length !== Object.keys(seen).length || names.some((name) => now[name] !== seen[name])) seen = { ...now };
    return seen;
  }

  client.send_request = function (request, callback) {
    const done = typeof callback == 'function' ? (callback as (...given: unknown[]) => void) : null;
    // A copy: the SDK alone would write the data at once, and here the caller may change it, or the
    // configuration, before it leaves.
    const data: unknown = JSON.parse(JSON.stringify(request.data));
    const config = configured();
    const many = Array.isArray(data);
    const items: unknown[] = many ? data : [data];
    const refuse = (blocked: readonly Blocked[]) => done?.(new BlockedError(blocked[0]!.code, blocked[0]!.reason));

    if (waiting + items.length > holdLimit) {
      const reason = `${waiting} calls are waiting for the ledger already, and the option \`holdLimit\` is ${holdLimit}.`;
      const blocked = items.map((item): Blocked => ({ code: 'guard-full', reason, event: isObject(item) && typeof item['event'] == 'string' ? item['event'] : null, ids: [], at: null }));
      for (const one of blocked) harmless('onBlocked', its.onBlocked, one);
      // A callback is never called before the call has returned.
      queueMicrotask(() => {
        try {
          refuse(blocked);
        } catch (error) {
          report('a callback threw', error);
        }
      });
      return;
    }
    waiting += items.length;

    let answered: () => void = () => {};
    const answer = new Promise<void>((settle) => { answered = settle; });
    const dispatch = (rest: readonly unknown[], blocked: readonly Blocked[]): void => {
      // If a part of a batch is sent, its caller gets the SDK's own answer. An error would make the
      // caller send the whole batch again, and what has arrived would be there twice.
      if (!rest.length && (blocked.length || !many)) {
        answered();
        return refuse(blocked);
      }
      const live = client.config;
      // An event that is sent without its person must not get a place from an IP address.
      const alone = rest.some((item) => !items.includes(item));
      (client as Client).config = { ...config, ...(alone ? { geolocate: false } : {}) };
      try {
        send.call(client, { ...request, data: many ? rest : rest[0] }, (...results: unknown[]) => {
          try {
            done?.(...results);
          } finally {
            answered();
          }
        });
      } catch (error) {
        answered();
        // The call has returned already, so its callback gets what the SDK throws, or the log does.
        if (done) done(error);
        else report('the SDK threw', error);
      } finally {
        if (live) client.config = live;
      }
    };

    const turns = [...new Set(items.flatMap(turnsOf))];
    const before = turns.flatMap((turn) => last.get(turn) ?? []);
    const left = Promise.all([filter(items), ...before])
      .then(([{ send: rest, blocked }]) => dispatch(rest, blocked))
      .catch((error: unknown) => {
        answered();
        report('a callback threw', error);
      })
      .finally(() => {
        waiting -= items.length;
        for (const turn of turns) if (last.get(turn) === left) last.delete(turn);
      });
    for (const turn of turns) last.set(turn, left);
    const whole = left.then(() => answer).finally(() => open.delete(whole));
    open.add(whole);
  };

  const remote = client.remote_flags;
  const fetchFlags = remote?.callFlagsEndpoint;
  if (remote && typeof fetchFlags == 'function') {
    remote.callFlagsEndpoint = async function (params, ...more) {
      let context: Record<string, unknown> = {};
      try {
        const made: unknown = JSON.parse(String((params as { context?: unknown } | null)?.context ?? '{}'));
        if (isObject(made)) context = made;
      } catch {
        // A context that cannot be read names nobody, and the gate blocks what names nobody.
      }
      const device = context['device_id'] ?? context['$device_id'];
      const blocked = await person([context['distinct_id'], context['user_id'], device && `$device:${String(device).replace(/^\$device:/, '')}`], 'flags');
      // The SDK answers its caller with the fallback.
      if (blocked) throw new BlockedError(blocked.code, blocked.reason);
      return fetchFlags.call(remote, params, ...more);
    };
  }

  async function flush(timeout = Infinity): Promise<number> {
    if (!(typeof timeout == 'number' && timeout >= 0)) fail('option-invalid', 'flush() takes milliseconds, 0 or more, or nothing: then it waits for all.');
    const stop = new AbortController();
    const end = timeout === Infinity ? [] : [pause(timeout, stop.signal).then(() => true, () => true)];
    try {
      // A batch sends its next request when the one before has its answer.
      while (open.size) if (await Promise.race([Promise.all(open).then(() => false), ...end])) break;
    } finally {
      stop.abort();
    }
    return open.size;
  }

  Object.defineProperties(client, { [GUARDED]: { value: true }, flush: { value: flush, configurable: true } });
  return client as unknown as Guarded<C>;
}
