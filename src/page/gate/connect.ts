// connect(): the synchronous gate. It checks the options, shuts what is on the page, holds
// calls, and fetches the core; from then on the core says what happens. It decides nothing.

import { SITE_ANSWER_DENY, SITE_ANSWER_FORGET, SITE_ANSWER_GRANT, type SiteAnswerNumber } from '../contract.ts';
import { Native } from '../native.js';
import type { Calls, Core, Gate, HeldCall, Options, PublicBridge, Start, State } from '../rooms.js';
import { present, shut } from '../sdk/present.js';
import { BridgeError } from './error.js';
import { hold } from './hold.js';
import { check } from './options.js';

/** What cannot be said by the core, because it is not there. */
const STARTING = 'The core is loading; calls are held.';

const DECIDES =
  'The consent manager decides; grant(), opt_in_tracking() and the like are for `cmp: "manual"`.';

/**
 * @param fetchCore gets what starts the core
 * @param late whether the page had Mixpanel before
 */
export function connect(
  given: Options,
  fetchCore: () => Promise<{ start: Start }> = () => import('../look/core.ts'),
  late?: boolean,
): PublicBridge {
  const site = check(given);
  const listeners = new Set<(state: State) => void>();
  const server = typeof window == 'undefined';
  const held: HeldCall[] = [];
  const calls: Calls = { flow: server ? 'dddd' : 'hhhh', held, dropped: 0, releasing: false };
  const sdk = present(site, late);
  let core: Core | undefined;
  let settle: (state: State) => void;
  let state: State;
  /** What the present state is told from another by. */
  let told: string | undefined;

  const note: Gate['note'] = (kind, what, more) => {
    if (site.debug && !server)
      window.dispatchEvent(
        new CustomEvent('mixpanel-consent-bridge', {
          detail: { kind, what, more, at: Date.now(), token: site.token, name: site.name },
        }),
      );
  };
  const report: Gate['report'] = (code, what, error) => {
    note('report', code, { what, error });
    if (!server) console.warn(`mixpanel-consent-bridge: ${code}`, what ?? '', error ?? '');
  };
  const tellState: Gate['tellState'] = (consent, mode, cmp, code, reason) => {
    if (told == (told = consent + mode + cmp + code)) return;
    state = Object.freeze({ consent, mode, cmp, code, reason, held: held.length, at: Date.now() }) as State;
    note('decision', state);
    if (consent != 'unset') settle(state);
    [...listeners].forEach(tell);
  };
  const fatal = (code: string, reason: string) => tellState('unset', 'off', null, code, reason);

  const tell = (listener: (state: State) => void) => {
    try {
      listener(bridge.state);
    } catch (error) {
      report('subscriber-threw', listener, error);
    }
  };
  const withCore = async (f: (core: Core) => void) => {
    // A stub's waiting opt_in_tracking() is told before connect() has come that far.
    await 0;
    await started;
    core && f(core);
  };
  const answer = (act: SiteAnswerNumber) => {
    if (!site.manual) throw new BridgeError('cmp-decides', DECIDES);
    withCore((core) => core.answer(act));
  };

  const gated = hold(site, calls, sdk, note, report, (act) => (site.manual ? answer(act) : report('cmp-decides', DECIDES)));
  const bridge: PublicBridge = {
    mixpanel: gated as unknown as PublicBridge['mixpanel'],
    get state() {
      if (state.held != held.length) state = Object.freeze({ ...state, held: held.length });
      return state;
    },
    ready: new Native((resolve) => (settle = resolve)),
    subscribe(listener) {
      listeners.add(listener);
      tell(listener);
      return () => void listeners.delete(listener);
    },
    grant: () => answer(SITE_ANSWER_GRANT),
    deny: () => answer(SITE_ANSWER_DENY),
    reset: () => answer(SITE_ANSWER_FORGET),
    explain: () => core?.explain(bridge.state) || { ...bridge.state, toString: () => state.reason },
    receipts: () => core?.receipts() || [],
    disconnect: () => void withCore((running) => (running.disconnect(), (core = undefined))),
  };

  fatal('starting', STARTING);
  try {
    if (!server) shut(site, sdk);
  } catch (error) {
    // The page's own SDK, or what it takes for one, threw. Nothing of it is started.
    report('sdk-threw', 'at the start', error);
  }
  const started = server
    ? (fatal('no-window', 'No window: a server; nothing is sent or kept.'), Promise.resolve())
    : fetchCore()
        .then((module) => module.start({ site, calls, sdk, gated, note, report, tellState }))
        .then(
          (handle) => (core = handle),
          (error) => {
            fatal(
              'core-unavailable',
              `The core could not be loaded (${error}); nothing is sent. Is core.js served? Does the Content-Security-Policy allow 'wasm-unsafe-eval'? Else: no-wasm.`,
            );
            report('core-unavailable', state.reason);
          },
        );
  return bridge;
}
