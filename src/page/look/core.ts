// The core's chunk: the wasm module, inlined so that every bundler carries it without a
// setting, its glue, and what can only run once the core is there. Fetched by the gate with
// a dynamic import, off the page's critical path.

import { compile } from 'wasm:bridge';
import { initSync, tell } from '../../../pkg/bridge.js';
import {
  ADAPTER_SEPARATOR, BROWSER_DNT, BROWSER_GPC, BROWSER_TELLS_COOKIES, BROWSER_TIMED_OUT, BROWSER_UNSEEN, COMMAND_CLEAR_FLAG, COMMAND_LATE, COMMAND_LOAD, COMMAND_LOCK, COMMAND_PREPARE, COMMAND_SETTLE,
  COMMAND_STOP_REPLAY, COMMAND_STOP_SENDERS, COMMAND_SWEEP_EVERYTHING, COMMAND_SWEEP_LEFTOVERS, COMMAND_SWEEP_RECORDINGS,
  FEATURE_NAMES, FLOW_DROP, FLOW_HOLD, FLOW_PASS,
  HAPPENING_FOUND, HAPPENING_LATE, HAPPENING_LEAVING, HAPPENING_LOAD_FAILED, HAPPENING_QUEUED, HAPPENING_SETTLED, NOTHING, PACE_WATCH,
  POLICY_DIGITS, RECORD_SEPARATOR, RECORD_YES, SEPARATOR, SITE_ANSWER_FORGET,
  SITE_ANSWER_LOOKED, SWEEP_EVERYTHING, SWEEP_LEFTOVERS, SWEEP_RECORDINGS,
  type CommandLetter, type HappeningNumber, type SiteAnswerNumber, type SweepNumber,
} from '../contract.ts';
import { release } from '../gate/release.js';
import { Native } from '../native.js';
import type { Instances } from '../own/instances.ts';
import type { Explanation, Gate, State, Sweeper } from '../rooms.js';
import { cameLate, driven, landed, optedIn, shown } from '../sdk/present.js';
import { device } from '../sdk/device.js';
import { named, open } from './host.js';
import { AT_ONCE, attach, watch } from './listen.js';
import { check } from './options.js';
import { type Found, type Heard, type Program, above, cookies, find, isRare, look, rare } from './probe.js';
import { receipt, receipts } from './receipt.js';
import { record, recordKey } from './record.js';

/**
 * How long the SDK's own asynchronous writers need after a lock: its queues write behind a
 * promise, and its recorder collects events for 250 ms before it stores them.
 */
const SETTLE = 300;
/** Its slowest writer waits two seconds for a lock between tabs. */
const LATER = [500, 3000];
/** Its last request may be answered a minute and a half after it left, and what that carried is then
 * queued: looked for so often, a hundred times. */
const NOTED_MS = 1000;
/** When a consent manager that is not there is missing, if the site does not say. Milliseconds. */
const TIMEOUT = 10000;

/** Codes that a developer must hear of once, without looking for them; `sdk-failed` is said where it is known why. */
const TROUBLE = /^(cmp-(missing|unreadable|disagree)|category-unknown|sdk-lock)/;

/** Stands behind the reason until what {@link explain} says is there. */
const UNTOLD = ' For more: await explain().';
const LOADING = 'The Mixpanel SDK is loading; calls are held.';
const says = (value: unknown) => value === true || value == 1 || value == 'yes';

let ready: Promise<unknown> | undefined;

/** Gets something once; what failed is tried again. */
const once = <T>(get: () => Promise<T>) => {
  let got: Promise<T> | undefined;
  return () =>
    (got ||= get().catch((error) => {
      got = undefined;
      throw error;
    }));
};

/** Compiles the core, once for all bridges of the page. */
export const compiled = () => (ready ||= Native.resolve(compile()).then((module) => initSync({ module })));

/** Starts the core for one bridge. */
export async function start(gate: Gate): Promise<void> {
  compiled();
  const { site, calls, sdk, note, report, under, adapters: { fetchPart, makeNoticing } } = gate;
  const texts = gate.adapters.texts.join(ADAPTER_SEPARATOR);
  const choices = check(site, (id) => !!named([id], texts)[0]);
  if (typeof choices == 'string') throw (await import('./words.ts')).mistake(site, choices);
  const { ids, adapters, manual, category, policy } = choices;
  // Somewhat beyond this a timer fires at once.
  const cmpTimeout = Math.min(2e9, site.cmpTimeout ?? TIMEOUT);
  const heard: Heard = {};
  // With what a site brings itself; nobody else loads that.
  const own = adapters[0]
    && await import('../own/own.ts').then(({ own }) => own(adapters, heard, (probe) => find(probe, cookies(), heard), report));
  // In a frame a page above may have the consent manager.
  if (window != parent)
    await import('./frames.ts').then(({ offer }) => offer(above), (error) => report('frames-unavailable', '', error));
  if (site.debug)
    import('../inspect/inspect.ts').then(({ inspect }) => inspect(), (error) => report('inspector-unavailable', '', error));
  const notice = makeNoticing && makeNoticing(cookies, (place, jar) => find(place, jar, heard));
  if (notice) for (const listen of notice.heardEarly) attach(listen, () => {}, heard);
  const had = new Set<string>();
  /** Of our adapters in these parts those that the site wants. Who is named may be noticed as well. */
  const ours = (parts: string[]) => named(ids, parts.join(ADAPTER_SEPARATOR)).filter((one) => !had.has(one) && had.add(one));
  const fetched = (parts: number[]) => Native.all(parts.map(fetchPart));
  const first = fetched(notice ? notice.noticed() : []);
  const entries = device(gate);
  const warned: Record<string, unknown> = {};
  const deadline = Date.now() + cmpTimeout;
  /** What an earlier visit left is gone then; nothing where it is gone by now. */
  let swept: Promise<void> | undefined;
  /** Whether what is looked at is what was done in this tab, a moment ago. */
  let here: boolean;
  let stalled: ReturnType<typeof setTimeout>;
  let page: ReturnType<typeof watch> | undefined;
  /** Tells the state: what was decided, as far as it passes by now. */
  let tellNow = () => {};
  /** Whether the site's own dialog was told to ask. */
  let asked = false;
  const ask = () => {
    try {
      site.ask?.();
    } catch (error) {
      report('ask-threw', 'ask', error);
    }
  };
  /** 0 in local storage, 1 in a cookie, 2 nowhere. */
  const place = +policy[POLICY_DIGITS]!;
  const ownKey = recordKey(place, site);
  const key = under ? recordKey(place, under) : ownKey;

  const { kept, keep } = place == 1 ? (await import('../own/cookie.ts')).cookieRecord(key) : record(place, key);
  /** What removes what an SDK has left, by itself: where none is driven. */
  const sweeping = once(async () => (await import('../sdk/sweep.ts')).sweeper(gate, entries));
  /** The chunk that drives an SDK: for who has said yes, and for who has one on the page already. */
  const drive = once(async () => {
    const module = await import('../sdk/drive.ts');
    if (!sdk.driver) driven(sdk, module.drive(gate, entries, failed));
  });
  const clean = (much: SweepNumber) => {
    // The driver can do it, so a withdrawal is done before the consent manager's event is over.
    const sweep = (made: Sweeper) => made.sweepUp(much);
    swept = sdk.driver ? sweep(sdk.driver) : sweeping().then(sweep, (error) => report('sweep-unavailable', '', error));
  };
  const after = (ms: number, code: HappeningNumber) => void setTimeout(() => page && core.happened(code), ms);
  const missing = (error: unknown) => {
    clearTimeout(stalled);
    failed(error);
    core.happened(HAPPENING_LOAD_FAILED);
  };
  const failed = (error: unknown) =>
    report('sdk-failed', `The Mixpanel SDK did not start; calls are held. Is it blocked${site.mixpanel ? '' : ', or is the option `mixpanel` missing'}?`, error);
  /** The commands that need no SDK, or come before it. */
  const steps: { [letter in CommandLetter]?: () => HappeningNumber | void } = {
    [COMMAND_LOAD]() {
      // One that stalls is said to have failed; when it comes after all, it goes on.
      const seek = () => sdk.driver!.seek(swept, here);
      // The consent manager's event is not over yet.
      const found = sdk.driver && seek();
      if (typeof found == 'number') return found;
      stalled = setTimeout(missing, cmpTimeout, `not there after ${cmpTimeout} ms`);
      (found || drive().then(seek)).then((code) => {
        clearTimeout(stalled);
        if (page) core.happened(code);
      }, missing);
      return;
    },
    [COMMAND_SWEEP_RECORDINGS]: () => clean(SWEEP_RECORDINGS),
    [COMMAND_SWEEP_LEFTOVERS]: () => clean(SWEEP_LEFTOVERS),
    [COMMAND_SWEEP_EVERYTHING]: () => clean(SWEEP_EVERYTHING),
    [COMMAND_CLEAR_FLAG]: entries.clearFlag,
    [COMMAND_SETTLE]: () => after(SETTLE, HAPPENING_SETTLED),
    [COMMAND_LATE]() {
      LATER.forEach((ms) => after(ms, HAPPENING_LATE));
      clearInterval(noting);
      if (sdk.instance) setTimeout(clearInterval, NOTED_MS * 100, (noting = setInterval(queued, NOTED_MS)));
    },
    // Not at the cost of what the page loads for itself.
    [COMMAND_PREPARE]: () => void (window.requestIdleCallback || setTimeout)(() => page && drive().catch(() => {})),
  };
  const queued = () => {
    if (page && entries.hasQueue()) core.happened(HAPPENING_QUEUED);
  };
  let noting: ReturnType<typeof setInterval>;
  /** What was told last, as a line of a record, for where the browser keeps nothing. */
  let told = under?.standing.replace(/^(g|d).*/, '1.$1$1$1$1.w.0.') || '';
  let shared: Instances | undefined;
  const withShared = (own: string) => [own, shared ? shared.kept() : ''].join(SEPARATOR);
  const heardKept = () => core.kept(withShared(kept()));
  function answer(act: SiteAnswerNumber) {
    if (!page) return;
    if (act == SITE_ANSWER_FORGET) forget();
    core.answer(act);
    page.look(AT_ONCE);
    core.answer(SITE_ANSWER_LOOKED);
  }
  const forget = (line = '') =>
    keep((told = line)) || keep(line) || (warned[place] ||= (report('record-refused', 'The record was not kept.'), 1));

  // Who said yes on another page will say so here: it comes while the core is compiled.
  if (RECORD_YES.test(kept() || told)) drive().catch(() => {});
  const late = cameLate(sdk);
  const { receiptEndpoint } = site;
  const [arrived, spoken, further, posting] = await Native.all([
    first,
    late || site.debug ? import('./words.ts') : undefined,
    manual || under ? import('../own/instances.ts') : undefined,
    receiptEndpoint ? import('../own/post.ts') : undefined,
    ready,
    late && drive(),
  ]);
  const post = posting && posting.poster(receiptEndpoint!, report);
  if (further) shared = further.instances(gate, place, ownKey, key, manual && answer, open, tell);
  const reads = spoken && spoken.reader(note);
  if (late) spoken!.late(gate);
  // The page's first view, wherever the page has moved when the answer comes.
  landed(sdk, sdk.landing || { path: 'track_pageview', args: [], at: Date.now(), url: location.href, title: document.title });

  // What each part is: src/core/protocol.rs, SETUP.
  const digits = policy.slice(0, POLICY_DIGITS) + [manual, entries.isRefused(), entries.isKnown()].map(Number).join('');
  const explainer = once(() => import('./explain.ts'));
  let explaining: Awaited<ReturnType<typeof explainer>> | undefined;
  const details = async () => (explaining = await explainer());
  /** What is known, with everything that was read where the chunk is there that can say it. */
  const explained = (state: State): Explanation | (Explanation & PromiseLike<Explanation>) => {
    if (explaining) return explaining.explain(gate, state, browser(), (seen) => look(program, heard, seen), core.explain, kept());
    const whole = details().then(() => explained(state));
    // Who waits for it hears that it did not come.
    whole.catch(() => {});
    return { ...state, toString: () => state.reason + UNTOLD, then: (told, failed) => whole.then(told, failed) };
  };
  const categories = FEATURE_NAMES.map((f) => ([] as unknown[]).concat(category[f] ?? category.tracking ?? []).join('\t')).join('\n');
  const core = open(tell, {
    gate(flow) {
      // A step before this one may have run code of the page's that called disconnect(). `run` and `say` ask the same.
      if (!page) return;
      // The landing's page view is dropped with the calls that were made before a no.
      if (flow[0] == FLOW_DROP) landed(sdk, undefined);
      release(gate, flow);
      tellNow();
    },
    run(command, features) {
      note('command', spoken && spoken.COMMANDS[command], '');
      return (page && (steps[command] ? steps[command]() : sdk.driver!.carryOut(command, features))) ?? NOTHING;
    },
    say(consent, mode, cmp, code, reason) {
      tellNow = () => {
        const told = mode == 'off' || calls.flow[0] == FLOW_PASS;
        const why = told || /^sdk/.test(code);
        if (page) gate.tellState(consent, told ? mode : 'off', cmp || null, why ? code : 'sdk-loading', why ? reason : LOADING);
      };
      // Who is asked already is not asked again by each word of another tab, nor who answers as soon as the state is told.
      const before = asked;
      asked = code == 'manual-unset';
      tellNow();
      if (asked && !before && !under) ask();
      const warn = (more: string | undefined) => {
        if (TROUBLE.test(code) && !warned[code] && more != null) {
          warned[code] = 1;
          report(code, reason + more);
        }
      };
      if (/missing|unknown/.test(code)) details().then((chunk) => warn(chunk.advice(explained({ code, cmp } as State), site.cmp)), () => warn(''));
      else warn('');
    },
    tell: (text) => under || page?.tell(text),
    optedIn() {
      if (site.optInEvent) optedIn(sdk);
    },
    record(line, forAll) {
      if (shared) shared.recorded(line, forAll);
      // A further instance keeps no record: its owner hears the same answer, and keeps it.
      if (under) return void (told = line);
      forget(line);
      const made = receipt(line);
      note('receipt', made);
      try {
        site.onReceipt?.(made);
      } catch (error) {
        report('receipt-threw', 'onReceipt', error);
      }
      post?.(made);
    },
  }, [digits, categories, withShared(kept() || told)].join(SEPARATOR));
  /** The chunk that decodes texts that few pages have. Where it does not come, the running manager tells. */
  const decoding = once(() => import('./texts.ts').then(({ decoder }) => decoder()).then((decode) => { rare.decode = decode; }, (error) => {
    report('texts-unavailable', '', error);
    rare.decode = () => { throw error; };
  }));
  const program: Program[number][] = [];
  const learn = async (told: Program) => {
    program.splice(0, Infinity, ...told);
    // Before the first look, so that it says what it says once.
    if (!rare.decode && program.some(([, probes]) => probes.some((probe) => isRare(probe[2]) && (find(probe, cookies(), heard), rare.wanted)))) await decoding();
    page?.look();
  };
  await learn(core.add([...ours([texts, ...arrived]), ...(own || [])]));
  /** How many adapters are on their way. */
  let coming = 0;
  const stop = () => {
    page?.stop();
    page = undefined;
    if (sdk.instance) for (const step of [COMMAND_LOCK, COMMAND_STOP_REPLAY, COMMAND_STOP_SENDERS] as const) sdk.driver!.carryOut(step, '');
  };
  const gather = async (parts: number[]) => {
    coming++;
    try {
      const texts = await fetched(parts);
      coming--;
      await learn(core.add(ours(texts)));
    } catch (error) {
      // Nobody waits for it any more after disconnect().
      if (!page) return;
      stop();
      release(gate, FLOW_HOLD.repeat(FEATURE_NAMES.length));
      gate.unavailable(error as Error);
    }
  };
  const browser = () =>
    (says(navigator.globalPrivacyControl) ? BROWSER_GPC : 0) |
    (says(navigator.doNotTrack) || says(window.doNotTrack) ? BROWSER_DNT : 0) |
    (Date.now() >= deadline && !coming ? BROWSER_TIMED_OUT : 0) |
    (document.prerendering === true ? BROWSER_UNSEEN : 0) |
    ('cookieStore' in window ? BROWSER_TELLS_COOKIES : 0);
  /** What the browser said and what was found at the last look at everything, and of which adapters. */
  let last: string;
  let there: Found = [];
  // disconnect() was called meanwhile.
  if (calls.closed) return;
  page = watch(program, key, entries.flagKey(), heard, {
    look(kind) {
      const bits = browser();
      if (kind > 0 && bits + look(there, heard) == last) return PACE_WATCH;
      const parts = notice ? notice.noticed() : [];
      if (parts.length) gather(parts);
      const found = look(program, heard, undefined, (there = []));
      if (rare.wanted && !rare.decode) decoding().then(() => page?.look());
      last = bits + found;
      queued();
      // A record that is a cookie has no event of its own.
      if (manual && place == 1) heardKept();
      if (reads) reads(core.explain(found));
      here = kind < 0;
      const pace = core.looked(found, bits, Date.now());
      here = false;
      return pace;
    },
    leaving() {
      // A consent manager that tells nobody may have been answered and have the page reload.
      page?.look();
      core.happened(HAPPENING_LEAVING);
    },
    shown: () => shown(sdk),
    restored() {
      heardKept();
      if (entries.isRefused()) core.peer('');
    },
    peer(text) {
      // The one that it was begun on tells the other tabs, and is heard here too.
      if (text && !(under && told.includes(RECORD_SEPARATOR + text + RECORD_SEPARATOR))) core.peer(text);
    },
    kept: () => heardKept(),
    refused: () => core.peer(''),
  }, ownKey);
  // One that ran before the bridge.
  if (sdk.instance) core.happened(HAPPENING_FOUND);
  // Before the first state is told: the page may answer to that at once.
  const early = gate.begun({
    answer,
    receipts: () => receipts(kept()),
    explain: explained,
    disconnect: stop,
  });
  if (early === undefined) page.look();
  else answer(early);
}
