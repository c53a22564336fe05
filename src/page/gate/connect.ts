// connect(): the synchronous gate. It checks the options, shuts what is on the page, holds
// calls, and fetches the core; from then on the core says what happens. It decides nothing.

import { Native } from '../native.js';
import { SITE_ANSWER_DENY, SITE_ANSWER_FORGET, SITE_ANSWER_GRANT, type SiteAnswerNumber } from '../contract.ts';
import { BridgeError } from './error.js';
import { hold } from './hold.js';
import { check } from './options.js';
import { LOCK, lock, running, shut, unwrap } from '../sdk/present.js';

/** What cannot be said by the core, because it is not there. */
const STARTING = 'The core is loading; calls are held.';

const DECIDES =
  'The consent manager decides; grant(), opt_in_tracking() and their like are for `cmp: "manual"`.';

export function connect(given: any, fetchCore: () => Promise<any> = () => import('../look/core.ts' as string), late?: boolean) {
  const host: any = check(given);
  const listeners = new Set<(state: any) => void>();
  const server = typeof window == 'undefined';
  const fatal = (code: string, reason: string) => host.say('unset', 'off', null, code, reason);
  let core: any;
  let settle: (state: any) => void;
  let state: any;

  Object.assign(host, {
    LOCK,
    running,
    unwrap,
    late,
    flow: server ? 'dddd' : 'hhhh',
    dropped: 0,
    lock: () => lock(host),
    trace(kind: string, what: any, more?: any) {
      if (host.debug && !server)
        window.dispatchEvent(
          new CustomEvent('mixpanel-consent-bridge', {
            detail: { kind, what, more, at: Date.now(), token: host.token, name: host.name },
          }),
        );
    },
    report(code: string, what: any, error?: any) {
      host.trace('report', code, { what, error });
      if (!server) console.warn(`mixpanel-consent-bridge: ${code}`, what ?? '', error ?? '');
    },
    say(consent: string, mode: string, cmp: string | null, code: string, reason: string) {
      if (state && state.consent + state.mode + state.cmp + state.code == consent + mode + cmp + code) return;
      state = Object.freeze({ consent, mode, cmp, code, reason, held: host.held.length, at: Date.now() });
      host.trace('decision', state);
      if (consent != 'unset') settle(state);
      for (const listener of [...listeners]) tell(listener);
    },
    /** The page's own opt_in_tracking() and its kin: the site's banner, or nobody. */
    own(given: SiteAnswerNumber) {
      if (host.manual) answer(given);
      else host.report('cmp-decides', DECIDES);
    },
  });

  const tell = (listener: (state: any) => void) => {
    try {
      listener(bridge.state);
    } catch (error) {
      host.report('subscriber-threw', listener, error);
    }
  };
  const withCore = async (f: () => void) => {
    // A stub's waiting opt_in_tracking() is told before connect() has come that far.
    await 0;
    await started;
    if (core) f();
  };
  const answer = (given: SiteAnswerNumber) => {
    if (!host.manual) throw new BridgeError('cmp-decides', DECIDES);
    withCore(() => core.answer(given));
  };

  const bridge = {
    get mixpanel() {
      return host.gated;
    },
    get state() {
      if (state.held != host.held.length) state = Object.freeze({ ...state, held: host.held.length });
      return state;
    },
    ready: new Native((resolve) => (settle = resolve)),
    subscribe(listener: (state: any) => void) {
      listeners.add(listener);
      tell(listener);
      return () => void listeners.delete(listener);
    },
    grant: () => answer(SITE_ANSWER_GRANT),
    deny: () => answer(SITE_ANSWER_DENY),
    reset: () => answer(SITE_ANSWER_FORGET),
    explain: () => core?.explain(bridge.state) || { ...bridge.state, toString: () => state.reason },
    receipts: () => core?.receipts() || [],
    disconnect: () => withCore(() => (core.disconnect(), (core = 0))),
  };

  hold(host);
  fatal('starting', STARTING);
  try {
    if (!server) shut(host);
  } catch (error) {
    // The page's own SDK, or what it takes for one, threw. Nothing of it is started.
    host.report('sdk-threw', 'at the start', error);
  }
  const started = server
    ? (fatal('no-window', 'No window: a server; nothing is sent or kept.'), Promise.resolve())
    : fetchCore()
        .then((module) => module.start(host))
        .then(
          (handle) => (core = handle),
          (error) => {
            fatal(
              'core-unavailable',
              `The core could not be loaded (${error}); nothing is sent. Is core.js served, and does the Content-Security-Policy allow 'wasm-unsafe-eval'? Else: no-wasm.`,
            );
            host.report('core-unavailable', state.reason);
          },
        );
  return bridge;
}
