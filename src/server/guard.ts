// The guard around the Mixpanel Node SDK. Everything that the SDK sends of persons (track,
// batches, import, people, groups, alias, what flags tell of themselves) goes through one
// function, `send_request`, that it looks up on its client at each call; there the gate is put.
// Fetching remote flags does not, and has a function of its own.
//
// Source: mixpanel 0.24.0, lib/mixpanel-node.js, lib/flags/flags.js.

import type { GuardOptions } from './types.js';
import { BridgeError } from '../page/gate/error.js';
import { gate } from './gate.js';

const GUARDED = Symbol.for('mixpanel-consent-bridge.guarded');

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

export function guard<Client extends object>(given: Client, options: GuardOptions): Client {
  const client: any = given;
  if (typeof client?.send_request != 'function')
    throw new BridgeError('client-invalid', 'guard() takes what Mixpanel.init() of the package `mixpanel` returns; this has no `send_request`.');
  if (client[GUARDED]) throw new BridgeError('client-guarded', 'This client has a guard already: make another with Mixpanel.init() for other options.');
  const { filter, person } = gate(options);
  const send = client.send_request;

  const report = (what: string, error: unknown) => {
    const logger = client.config?.logger ?? console;
    logger.error?.(`mixpanel-consent-bridge: ${what}: ${error instanceof Error ? error.message : error}`);
  };

  client.send_request = function (request: any, callback?: unknown) {
    const done = typeof callback == 'function' ? (error?: unknown) => callback(error) : null;
    // As it is now: the SDK writes it at once, and its caller may change it afterwards.
    const data = JSON.parse(JSON.stringify(request.data));
    const many = Array.isArray(data);
    void filter(many ? data : [data])
      .then(({ send: rest, blocked }) => {
        // A batch of which something is left has the SDK's own answer: with an error its caller
        // would send again what has arrived.
        if (!rest.length && (blocked.length || !many)) return done?.(new BlockedError(blocked[0]!.code, blocked[0]!.reason));
        try {
          send.call(client, { ...request, data: many ? rest : rest[0] }, callback);
        } catch (error) {
          // What it would have thrown at its caller, who has gone on.
          if (done) done(error);
          else report('the SDK threw', error);
        }
      })
      .catch((error: unknown) => report('a callback threw', error));
  };

  const remote = client.remote_flags;
  if (typeof remote?.callFlagsEndpoint == 'function') {
    const fetchFlags = remote.callFlagsEndpoint;
    remote.callFlagsEndpoint = async function (params: any, ...more: unknown[]) {
      let context: any = {};
      try {
        context = JSON.parse(params?.context ?? '{}');
      } catch {
        // Of nobody, then.
      }
      const device = context?.device_id ?? context?.$device_id;
      const blocked = await person([context?.distinct_id, context?.user_id, device && `$device:${String(device).replace(/^\$device:/, '')}`], 'flags');
      // The SDK answers its caller with the fallback.
      if (blocked) throw new BlockedError(blocked.code, blocked.reason);
      return fetchFlags.call(remote, params, ...more);
    };
  }
  Object.defineProperty(client, GUARDED, { value: true });
  return client;
}
