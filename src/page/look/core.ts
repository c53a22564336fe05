// The core's chunk: the wasm module, inlined so that every bundler carries it without a
// setting, its glue, and what can only run once the core is there. Fetched by the gate with
// a dynamic import, off the page's critical path.

import { Native } from '../native.js';
import { compile } from 'wasm:bridge';
import { initSync, tell } from '../../../pkg/bridge.js';
import { open } from './host.js';
import { watch } from './listen.js';
import { above, cookies, find, look } from './probe.js';
import { record } from './record.js';
import { known, names, queued, refused, sweep } from '../sdk/sweep.js';
import { explain, receipt, receipts } from './explain.js';
import { release } from '../gate/hold.js';
import {
  BROWSER_DNT, BROWSER_GPC, BROWSER_TIMED_OUT, BROWSER_UNSEEN,
  COMMAND_LATE, COMMAND_LOAD, COMMAND_NAMES, COMMAND_SETTLE, COMMAND_SWEEP_EVERYTHING, COMMAND_SWEEP_LEFTOVERS,
  COMMAND_SWEEP_RECORDINGS, COMMAND_SWEEP_TAB,
  FEATURE_NAMES, FLOW_DROP, HAPPENING_FOUND, HAPPENING_LATE, HAPPENING_LEAVING, HAPPENING_LOAD_FAILED, HAPPENING_QUEUED,
  HAPPENING_SETTLED, NOTHING, POLICY_DIGITS, RECORD_COOKIE_SEPARATOR, RECORD_KEY, RECORD_KEY_SEPARATOR, RECORD_YES, SEPARATOR,
  SITE_ANSWER_FORGET, SITE_ANSWER_LOOKED, SWEEP_EVERYTHING, SWEEP_LEFTOVERS, SWEEP_RECORDINGS, SWEEP_TAB,
  type CommandLetter, type SiteAnswerNumber,
} from '../contract.ts';

/** How often to look while no consent manager is there, and afterwards: some tell of a
 * change by nothing but a stored value. Milliseconds. */
const LOOK = 60;
const WATCH = 1000;
/**
 * How long the SDK's own asynchronous writers need after a lock: its queues write behind a
 * promise, and its recorder collects events for 250 ms before it stores them.
 */
const SETTLE = 300;
/** Its slowest writer waits two seconds for a lock between tabs. */
const LATER = [500, 3000];

/** How long a start waits for the databases of an earlier visit. */
const SWEPT_MS = 1000;

/** Codes that a developer must hear of once, without looking for them; `sdk-failed` is said where it is known why. */
const TROUBLE = /^(cmp-(missing|unreadable|disagree)|category-unknown|sdk-lock)/;

const BEFORE_US =
  'Mixpanel was on the page before the bridge; explain() says what it had done. Put the tag above its snippet, without async or defer, or call connect() before init().';

const says = (value: unknown) => value === true || value == 1 || value == 'yes';

let ready: Promise<unknown> | undefined;

/** Starts the core for one bridge. */
export async function start(host: any, fetchDrive: () => Promise<any> = () => import('../sdk/drive.ts' as string)) {
  ready ||= Native.resolve(compile()).then((module) => initSync({ module }));
  const heard: any = {};
  // With what a site brings itself; nobody else loads that.
  const own = host.adapters[0]
    && (await import('../../entry/adapter.ts' as string)).own(host.adapters, heard, (probe: any) => find(probe, cookies(), heard), host.report);
  // In a frame a page above may have the consent manager.
  if (window != parent)
    await import('./frames.js' as string).then(({ offer }) => offer(above), (error) => host.report('frames-unavailable', '', error));
  const of = (host.of = names(host));
  const warned: any = {};
  const deadline = Date.now() + (host.cmpTimeout ??= 10000);
  const say = host.say;
  let core: any;
  let swept: Promise<void> | undefined;
  let page: any;
  /** 0 in local storage, 1 in a cookie, 2 nowhere. */
  const place = +host.policy[6];
  const key = [RECORD_KEY, host.token, host.name].filter(Boolean).join(place == 1 ? RECORD_COOKIE_SEPARATOR : RECORD_KEY_SEPARATOR);

  const { kept, keep } = record(place, key);
  let driven: Promise<any> | undefined;
  /** The chunk that drives an SDK: for who has said yes, and for who has one on the page already. */
  const drive = () =>
    (driven ||= fetchDrive().then(
      (module) => Object.assign(steps, module.drive(host, of)),
      (error) => {
        driven = undefined;
        throw error;
      },
    ));
  const steps: any = {
    [COMMAND_LOAD]() {
      // One that stalls is said to have failed; when it comes after all, it goes on.
      const late = setTimeout(missing, host.cmpTimeout, `not there after ${host.cmpTimeout} ms`);
      // What an earlier visit left must be gone before the SDK can send it. A database that is not
      // opened in time is one that another page keeps from opening, from the SDK as well.
      Native.all([drive(), Native.race([swept, new Native((resolve) => setTimeout(resolve, SWEPT_MS))])])
        .then(() => host.find())
        .finally(() => clearTimeout(late))
        .then((code) => host.alone(() => core.happened(code)), missing);
    },
    [COMMAND_SWEEP_TAB]: () => clean(SWEEP_TAB),
    [COMMAND_SWEEP_RECORDINGS]: () => clean(SWEEP_RECORDINGS),
    [COMMAND_SWEEP_LEFTOVERS]: () => clean(SWEEP_LEFTOVERS),
    [COMMAND_SWEEP_EVERYTHING]: () => clean(SWEEP_EVERYTHING),
    [COMMAND_SETTLE]: () => after(SETTLE, HAPPENING_SETTLED),
    [COMMAND_LATE]: () => LATER.forEach((ms) => after(ms, HAPPENING_LATE)),
  };
  const clean = (much: number) => {
    swept = sweep(of, much);
  };
  const after = (ms: number, code: number) => void setTimeout(() => page && core.happened(code), ms);
  const missing = (error: unknown) => {
    host.failed(error);
    core.happened(HAPPENING_LOAD_FAILED);
  };
  const late = host.live || host.stub || host.late;
  if (late) host.came ||= performance.now();
  // Who said yes on another page will say so here: it comes while the core is compiled.
  if (RECORD_YES.test(kept())) drive().catch(() => {});
  await Native.all([ready, late && drive()]);
  if (late) host.report('bridge-late', BEFORE_US);

  Object.assign(host, {
    failed: (error: unknown) =>
      host.report('sdk-failed', 'The Mixpanel SDK did not load or start; held calls are kept. Is it blocked, or is the option `mixpanel` missing?', error),
    run(command: CommandLetter, features: string) {
      host.trace('command', COMMAND_NAMES[command], '');
      return steps[command](features) ?? NOTHING;
    },
    say(consent: string, mode: string, cmp: string, code: string, reason: string) {
      host.found = cmp;
      say(consent, mode, cmp || null, code, reason);
      if (TROUBLE.test(code) && !warned[code]) {
        warned[code] = 1;
        host.report(code, reason);
      }
    },
    tell: (text: string) => page?.tell(text),
    read: (cmp: string, answer: string) => host.trace('read', cmp, answer),
    /** Once the SDK is open; `pageview` calls it again when it has come later. */
    optedIn() {
      host.optInDue = host.optInEvent;
      if (host.target) host.optInNow();
    },
    optInNow() {
      if (host.optInDue) host.target.track('$opt_in', {}, { send_immediately: true });
      host.optInDue = false;
    },
    record(line: string) {
      forget(line);
      const made = receipt(line);
      host.trace('receipt', made);
      try {
        host.onReceipt?.(made);
      } catch (error) {
        host.report('receipt-threw', 'onReceipt', error);
      }
      if (host.receiptEndpoint)
        // A page may have put a fetch of its own there, which throws, or answers with nothing.
        (async () => fetch(host.receiptEndpoint, {
          method: 'POST',
          keepalive: true,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(made),
        }))().catch((error) => host.report('receipt-not-posted', host.receiptEndpoint, error));
    },
  });
  const forget = (line?: string) =>
    keep(line || '') || (warned[place] ||= (host.report('record-refused', 'The browser did not keep the consent record.'), 1));
  release(host);
  // The page's first view, wherever the page has moved when the answer comes.
  host.landing ||= { path: 'track_pageview', args: [], at: Date.now(), url: location.href, title: document.title };
  const { gate } = host;
  host.gate = (flow: string) => {
    // It goes with the calls of before a no.
    if (flow[0] == FLOW_DROP) host.landing = 0;
    gate(flow);
  };

  // What each part is: src/core/protocol.rs, SETUP.
  const digits = host.policy.slice(0, POLICY_DIGITS) + [host.manual, refused(of), known(of)].map(Number).join('');
  const { category } = host;
  const categories = FEATURE_NAMES.map((f) => [].concat(category[f] ?? category.tracking ?? []).join('\t')).join('\n');
  core = open(tell, host, [digits, kept(), categories, host.ids, own].join(SEPARATOR));
  const { program } = core;
  const browser = () =>
    (says((navigator as any).globalPrivacyControl) ? BROWSER_GPC : 0) |
    (says(navigator.doNotTrack) || says((window as any).doNotTrack) ? BROWSER_DNT : 0) |
    (Date.now() >= deadline ? BROWSER_TIMED_OUT : 0) |
    ((document as any).prerendering ? BROWSER_UNSEEN : 0);
  page = watch(program, key, of.flag, heard, {
    look: () => core.looked(look(program, heard), browser(), Date.now()),
    leaving() {
      // A consent manager that tells nobody may have been answered and have the page reload.
      page?.look();
      core.happened(HAPPENING_LEAVING);
    },
    shown() {
      host.shown = Date.now();
    },
    restored() {
      core.kept(kept());
      if (refused(of)) core.peer('');
    },
    peer: (text: string) => text && core.peer(text),
    kept: () => core.kept(kept()),
    refused: () => core.peer(''),
  });
  if (host.live) core.happened(HAPPENING_FOUND);
  page.look();
  const again = () => {
    if (!page) return;
    page.look();
    if (queued(of)) core.happened(HAPPENING_QUEUED);
    setTimeout(again, host.found || Date.now() > deadline ? WATCH : LOOK);
  };
  again();

  const answer = (given: SiteAnswerNumber) => {
    if (given == SITE_ANSWER_FORGET) forget();
    core.answer(given);
    page?.look();
    core.answer(SITE_ANSWER_LOOKED);
  };
  return {
    answer,
    receipts: () => receipts(kept()),
    explain: (state: any) => explain(host, state, browser(), core.explain, program, heard),
    disconnect() {
      page.stop();
      page = 0;
    },
  };
}
