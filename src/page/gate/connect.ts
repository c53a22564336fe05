// connect(): the synchronous gate. It checks the options, shuts what is on the page, holds
// calls, and fetches the core; from then on the core says what happens. It decides nothing.

import { SITE_ANSWER_DENY, SITE_ANSWER_FORGET, SITE_ANSWER_GRANT, type SiteAnswerNumber } from '../contract.ts';
import { Native } from '../native.js';
import type { Calls, Core, Gate, HeldCall, Options, PublicBridge, Site, Start, State, Under } from '../rooms.js';
import { present, shut } from '../sdk/present.js';
import { fetchAdapters } from './adapters.js';
import { BridgeError } from './error.js';
import { hold } from './hold.js';

/** What every feature's calls are to do, before the core has said it. */
const ALL_DROP = 'dddd';
const ALL_HOLD = 'hhhh';

/** What cannot be said by the core, because it is not there. */
const STARTING = 'The core is loading; calls are held.';

const DECIDES =
  'The consent manager decides; this is for `cmp: "manual"`.';

/** The bridges of the page, by token and name: of each copy of this code that the page has. No element has a symbol for its name. */
const ALL = Symbol.for('mixpanel-consent-bridge');
/** Its words are public ones (`Listed` in src/api/inspector.d.ts): another version of this code reads them, and so do the inspector and `verify`. */
type Bridges = Map<string, { bridge: PublicBridge; options: Site; held: readonly HeldCall[] }>;

/**
 * @param fetchCore gets what starts the core
 * @param late whether the page had Mixpanel before
 * @param mistake what is wrong already
 * @param under what it is a further instance of
 */
export const connect = (
  given: Options,
  fetchCore: () => Promise<{ start: Start }> = () => import('../look/core.ts'),
  late?: boolean,
  mistake?: BridgeError,
  under?: Under,
): PublicBridge => {
  let error: BridgeError | null = null;
  let key = '';
  let site = {} as Site;
  try {
    if (mistake) throw mistake;
    // Own properties alone: a polluted prototype sets no option.
    site = Object.freeze({ __proto__: null, ...given }) as unknown as Site;
    if (!site.token) throw new BridgeError('token-missing', 'Option `token` is missing: see Mixpanel, Settings, Project.');
    key = `${site.token}\0${site.name}`;
  } catch (wrong) {
    error = (wrong as BridgeError).code ? (wrong as BridgeError) : new BridgeError('option-invalid', `Options \`token\` and \`name\` are texts: ${wrong}.`);
    site = {} as Site;
  }
  const { token, name } = site;
  const manual = ([] as unknown[]).concat(site.cmp).includes('manual');
  const server = typeof window == 'undefined';
  const listeners = new Set<(state: State) => void>();
  const held: HeldCall[] = [];
  const calls: Calls = { flow: server || error ? ALL_DROP : ALL_HOLD, held, dropped: 0, releasing: false, closed: false };
  const sdk = present(site, late);
  /** Further instances, begun on the gated SDK: what the site's own dialog says, it says for them. */
  const others: PublicBridge[] = [];
  let core: Core | undefined;
  /** What the site's own dialog said before the core was there. */
  let early = under?.early;
  let settle: (state: State) => void;
  let state: State;
  /** What the present state is told from another by. */
  let told: string | undefined;

  const note: Gate['note'] = (kind, what, more) => {
    if (site.debug && !server)
      window.dispatchEvent(
        new CustomEvent('mixpanel-consent-bridge', {
          detail: { kind, what, more, at: Date.now(), token, name },
        }),
      );
  };
  const report: Gate['report'] = (code, what, error) => {
    note('report', code, { what, error });
    try {
      if (!server) console.warn(`mixpanel-consent-bridge: ${code}`, what ?? '', error ?? '');
    } catch {
      // The page has made something else of its console.
    }
  };
  const tellState: Gate['tellState'] = (consent, mode, cmp, code, reason) => {
    if (told == (told = consent + mode + cmp + code)) return;
    state = Object.freeze({ consent, mode, cmp, code, reason, held: held.length, at: Date.now() }) as State;
    note('decision', state);
    if (consent != 'unset') settle(state);
    [...listeners].forEach(tell);
  };
  const fatal = (code: string, reason: string) => tellState('unset', 'off', null, code, reason);
  /** Nothing waits any more, and this bridge is not the one that serves. */
  const close = () => {
    all.delete(key);
    calls.flow = ALL_DROP;
    held.length = 0;
  };
  /** The programmer's mistake: said once, and Mixpanel stays shut. */
  const refuse = (wrong: BridgeError) => {
    console.error((error = wrong));
    close();
    fatal(wrong.code, wrong.message);
  };

  const all: Bridges = server || error ? new Map() : ((window as unknown as Record<symbol, Bridges>)[ALL] ||= new Map());
  const there = all.get(key);
  if (there) {
    // Hot reloading, a page whose scripts run again, another copy of the package.
    if ((Object.keys(site) as (keyof Site)[]).some((option) => Object(site[option]) !== site[option] && site[option] !== there.options[option]))
      report('already-connected');
    return there.bridge;
  }

  const tell = (listener: (state: State) => void) => {
    try {
      listener(bridge.state);
    } catch (error) {
      report('subscriber-threw', listener, error);
    }
  };
  const answer = (act: SiteAnswerNumber) => {
    if (core) core.answer(act);
    else if (calls.flow != ALL_DROP || early !== undefined) {
      early = act;
      calls.flow = act == SITE_ANSWER_DENY ? ALL_DROP : ALL_HOLD;
    }
    // In the order of the numbers of a SiteAnswer.
    for (const { deny, grant, reset } of others) [deny, grant, reset][act]!();
  };
  /** For the bridge's own methods, which a mistake does not take down. */
  const act = (act: SiteAnswerNumber) => () => {
    if (manual) answer(act);
    else if (!error) throw new BridgeError('cmp-decides', DECIDES);
  };

  const gated = hold(
    site, calls, sdk, note, report,
    (act) => (manual ? answer(act) : report('cmp-decides', DECIDES)),
    (token, config, name) => {
      const bridge = connect({ ...given, token, config, name } as unknown as Options, fetchCore, late, undefined, { ...(under || site), early: core ? undefined : early, standing: state.consent });
      others.push(bridge);
      if (calls.closed) bridge.disconnect();
      return bridge.mixpanel;
    },
  );
  const bridge: PublicBridge = {
    mixpanel: gated as unknown as PublicBridge['mixpanel'],
    get state() {
      if (state.held != held.length) state = Object.freeze({ ...state, held: held.length });
      return state;
    },
    get error() {
      return error as PublicBridge['error'];
    },
    ready: new Native((resolve) => (settle = resolve)),
    subscribe(listener) {
      listeners.add(listener);
      tell(listener);
      return () => void listeners.delete(listener);
    },
    grant: act(SITE_ANSWER_GRANT),
    deny: act(SITE_ANSWER_DENY),
    reset: act(SITE_ANSWER_FORGET),
    explain: () => core?.explain(bridge.state) || { ...bridge.state, toString: () => state.reason },
    receipts: () => core?.receipts() || [],
    disconnect() {
      calls.closed = true;
      close();
      fatal('disconnected', 'disconnect() was called.');
      core?.disconnect();
      for (const { disconnect } of others) disconnect();
    },
  };

  if (error) {
    refuse(error);
    return bridge;
  }
  fatal('starting', STARTING);
  all.set(key, { bridge, held, options: site });
  if (server) {
    fatal('no-window', 'No window: nothing is sent or kept.');
    return bridge;
  }
  try {
    shut(site, sdk);
  } catch (error) {
    // The page's own SDK, or what it takes for one, threw. Nothing of it is started.
    report('sdk-threw', '', error);
  }
  /** There is no core, or not all of it; or there is, and it found a mistake. */
  const unavailable: Gate['unavailable'] = (failure) => {
    if (failure.name == 'BridgeError') return refuse(failure as BridgeError);
    fatal(
      'core-unavailable',
      `No core: ${failure}. Is it served, 'wasm-unsafe-eval' allowed? Else: no-wasm.`,
    );
    report('core-unavailable', state.reason);
  };
  Native.all([fetchCore(), fetchAdapters(site.cmp)])
    .then(([{ start }, adapters]) => start({ site, calls, sdk, gated, adapters, note, report, tellState, unavailable, begun: (started) => ((core = started), early), under }))
    .catch(unavailable);
  return bridge;
};
