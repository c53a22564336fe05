// Breaks the bridge, one promise at a time, and says whether that promise's tests notice.
// Not part of `npm test`: it tests the tests. Each break is one edit of the TypeScript and
// JavaScript sources (the decision itself, in Rust, is walked exhaustively by its own tests),
// bundled into a folder of its own; nothing in the tree is touched. Needs a build.
//
//   node tests/browser/breaks.mjs            all of them, some minutes
//   node tests/browser/breaks.mjs 5 tabs     those with these words in their names
//   node tests/browser/breaks.mjs --check    only whether each still finds what it is to break

import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

// [promise and what is broken, test file, pattern of tests that must then fail, edits]
const BREAKS = [
  ['1 the SDK is fetched at once', 'promise-01-before-an-answer', 'klaro, deferred: nothing is asked', [
    ['src/page/look/core.ts', '  if (sdk.instance) core.happened(HAPPENING_FOUND);', "  if (typeof site.mixpanel == 'function') site.mixpanel();\n  if (sdk.instance) core.happened(HAPPENING_FOUND);"],
  ]],
  ['1 something is written and removed before an answer', 'promise-01-before-an-answer', 'klaro, deferred: nothing is asked', [
    ['src/page/look/core.ts', '  if (sdk.instance) core.happened(HAPPENING_FOUND);', "  localStorage.setItem(key, ''), localStorage.removeItem(key);\n  if (sdk.instance) core.happened(HAPPENING_FOUND);"],
  ]],
  ['1 the lock does not lock', 'promise-01-before-an-answer', '2.83.0 as object, opted out', [
    ['src/page/sdk/present.ts', "doNotTrack: '1'", "doNotTrack: '0'"],
    ['src/page/sdk/present.ts', 'disable_persistence: true,', 'disable_persistence: false,'],
  ]],
  ['2 held calls carry the time of their release', 'promise-02-on-yes', '2.83.0 as loader, deferred: what was held', [
    ['src/page/sdk/replay.ts', 'time: call.at / 1000,', ''],
  ]],
  ['2 held calls carry the page of their release', 'promise-02-on-yes', '2.83.0 as loader, deferred: what was held', [
    ['src/page/sdk/replay.ts', ', $current_url: call.url', ''],
  ]],
  ['2 held calls leave in another order', 'promise-02-on-yes', '2.83.0, unbatched, deferred', [
    ['src/page/gate/hold.ts', 'held.push({ path', 'held.unshift({ path'],
  ]],
  ['2 the first page view is lost', 'promise-02-on-yes', '2.83.0 as object, opted-out', [
    ['src/page/sdk/replay.ts', ' invoke(first, true);', ';'],
  ]],
  ['2 replay is not started', 'promise-02-on-yes', '2.83.0, opted-out, object: replay|2.83.0, object, opted-out: replay', [
    ['src/page/sdk/mixpanel.ts', 'const ask = (method: MethodName, arg?: unknown) => ', "const ask = (method: MethodName, arg?: unknown) => method != 'start_session_recording' && "],
  ]],
  ['2 a recorder that comes late is told to stop once', 'promise-02-on-yes', 'initialised, deferred: replay', [
    ['src/page/sdk/mixpanel.ts', "[COMMAND_STOP_REPLAY]: () => ask('stop_session_recording'),", "[COMMAND_STOP_REPLAY]: () => { if (!gate.stopped) ask('stop_session_recording'); gate.stopped = 1; },"],
  ]],
  ['2 autocapture that does not name page views has none', 'page-views', 'autocapture":{"click"', [
    ['src/page/sdk/replay.ts', "const { pageview = 'full-url',", 'const { pageview,'],
  ]],
  ['2 page views that are off with autocapture are on by the other option', 'page-views', 'autocapture":{"pageview":false', [
    ['src/page/sdk/replay.ts', '(autocapture || {', "({ ...autocapture, ...(track_pageview && { pageview: 'full-url' }) } || {"],
  ]],
  ['2 where the page went while locked is no view', 'page-views', 'full-url|query-string', [
    ['src/page/sdk/replay.ts', 'if (missed && (!first ||', 'if (missed && !first && (!first ||'],
  ]],
  ['2 any move is a view', 'page-views', 'part: as|landing.q=2: as|"track_pageview":true', [
    ['src/page/sdk/replay.ts', 'counts(first) != counts(now)', 'moved'],
  ]],
  ['2 the first view is wanted, and the SDK tracks its own', 'page-views', '"track_pageview":true', [
    ['src/page/sdk/arrive.ts', 'config.track_pageview = false;', ';'],
  ]],
  ['2 views of addresses that the site has shut out', 'page-views', 'url_regexes', [
    ['src/page/sdk/replay.ts', 'return pageview && (', 'return pageview; return ('],
  ]],
  ['2 the campaign is kept with page views alone', 'page-views', 'without page views', [
    ['src/page/sdk/replay.ts', 'if (moved && !stop_utm_persistence)', 'if (moved && track_pageview && !stop_utm_persistence)'],
  ]],
  ['2 who was cookieless is not forgotten', 'promise-02-on-yes', 'from cookieless', [
    ['src/page/sdk/mixpanel.ts', "[COMMAND_RESET]: () => ask('reset'),", '[COMMAND_RESET]: () => {},'],
  ]],
  ['4 the page view of before a no is kept', 'page-views', 'before a no', [
    ['src/page/look/core.ts', 'if (flow[0] == FLOW_DROP) landed(sdk, undefined);', ''],
  ]],
  ['2 a reactive object leaves as it is later', 'promise-02-on-yes', 'cannot be cloned', [
    ['src/page/gate/hold.ts', '(value as Node[]).length || (value as Node).nodeType ? value : JSON.parse(JSON.stringify(value))', 'value'],
  ]],
  ['2 an element is copied', 'promise-02-on-yes', 'cannot be cloned', [
    ['src/page/gate/hold.ts', '(value as Node[]).length || (value as Node).nodeType ? value : JSON', 'JSON'],
  ]],
  ['14 a second connect() is a second bridge', 'gate', 'a second connect', [
    ['src/page/gate/connect.ts', 'all.get(key)', 'undefined as ReturnType<Bridges["get"]>'],
  ]],
  ['14 disconnect() leaves the gate as it is', 'gate', 'nothing passes any more', [
    ['src/page/gate/connect.ts', '      calls.closed = true;\n      close();', ''],
    ['src/page/look/core.ts', 'if (sdk.instance) for (const step', 'if (0) for (const step'],
  ]],
  ['14 deny() takes effect later', 'gate', 'the next line does not leave', [
    ['src/page/gate/connect.ts', 'if (core) core.answer(act);', 'if (core) setTimeout(() => core!.answer(act));'],
  ]],
  ['14 deny() before the core is there waits for it', 'gate', 'with a yes on record', [
    ['src/page/look/core.ts', 'const early = gate.early();', 'const early = undefined; setTimeout(() => answer(gate.early()!), 50);'],
  ]],
  ['14 mode says what is to pass', 'gate', 'mode says what passes', [
    ['src/page/look/core.ts', "mode == 'off' || calls.flow[0]", "mode || calls.flow[0]"],
  ]],
  ['14 loaded gets the bare SDK', 'gate', 'loaded gets the gated', [
    ['src/page/sdk/arrive.ts', 'sdk.config.loaded?.(gate.gated as unknown as Instance);', 'sdk.config.loaded?.(sdk.instance!);'],
  ]],
  ['14 a further instance has a consent of its own', 'gate', 'loaded gets the gated', [
    ['src/page/gate/connect.ts', '      others.push(bridge);', ''],
  ]],
  ['14 a signal of ours travels in batch_autostart', 'gate', 'batch_autostart', [
    ['src/page/sdk/arrive.ts', 'const locked = opening == OPENING_LOCKED;', 'const locked = config.batch_autostart === false;'],
  ]],
  ['14 a group is another one each time', 'gate', 'before and after', [
    ['src/page/gate/hold.ts', '(groups[String(group)] ||= ', '(groups[Math.random()] ||= '],
  ]],
  ['14 who has answered is asked again', 'gate', 'called once', [
    ['src/page/look/core.ts', "if (code == 'manual-unset' && !asked) ask();", 'if (!asked) ask();'],
  ]],
  ['15 a mistake is thrown into the page', 'bad-input', 'each mistake', [
    ['src/page/gate/connect.ts', '  if (error) refuse(error);', '  if (error) throw error;'],
  ]],
  ['15 a mistake is found and Mixpanel is not shut', 'bad-input', 'each mistake', [
    ['src/page/gate/connect.ts', "if (failure.name == 'BridgeError') return refuse(failure);", "if (failure.name == 'BridgeError') return;"],
  ]],
  ['3 $opt_in with each page', 'promise-03-opt-in-event', 'vanilla-cookieconsent, opted-out, optInEvent true', [
    ['src/page/sdk/replay.ts', 'if (sdk.optInDue) sdk', 'if (gate.site.optInEvent) sdk'],
  ]],
  ['7 an opt-out by the SDK\'s own means is cleared at the start', 'promise-07-leftovers', '2.83.0 as loader, deferred: an opt-out', [
    ['src/page/look/core.ts', 'entries.isRefused(), entries.isKnown()]', 'false, entries.isKnown()]'],
  ]],
  ['4 held calls are kept through a no', 'promise-04-on-no', 'klaro, deferred', [
    ['src/page/gate/release.ts', 'if (letter == FLOW_HOLD) i++;', 'if (letter != FLOW_PASS) i++;'],
  ]],
  ['4 calls of a denied time are held', 'promise-04-on-no', 'klaro, deferred', [
    ['src/page/gate/hold.ts', 'if (flow == FLOW_DROP) return', "if (flow == 'x') return"],
  ]],
  ['5 the tab\'s keys are forgotten', 'promise-05-withdrawal', 'fake-cookiebot: by the end', [
    ['src/page/sdk/sweep.ts', '/^mp_(gen_new_)?tab_id_/', '/^mp_nothing/'],
  ]],
  ['5 parent domains are forgotten', 'promise-05-withdrawal', 'cookies of every parent domain', [
    ['src/page/sdk/sweep.ts', '...labels.map((_, i) => labels.slice(i).join(\'.\'))', ''],
  ]],
  ['5 recordings are forgotten', 'promise-05-withdrawal', '2.83.0 as object, recording', [
    ['src/page/sdk/sweep.ts', 'store.delete(key)', 'void key'],
  ]],
  ['5 the sweep comes a moment too late', 'promise-05-withdrawal', 'fake-cookiebot: by the end', [
    ['src/page/look/core.ts', 'swept = entries.sweepUp(much);', 'swept = new Promise((resolve) => setTimeout(resolve, 3000)).then(() => entries.sweepUp(much));'],
  ]],
  ['5 the senders are not stopped', 'promise-05-withdrawal', '2.83.0 as loader: what was tracked a moment before', [
    ['src/page/sdk/mixpanel.ts', 'const ask = (method: MethodName, arg?: unknown) => ', "const ask = (method: MethodName, arg?: unknown) => !/^(stop_batch|opt_out)/.test(method) && "],
    ['src/page/sdk/sweep.ts', "key.startsWith('__mpq_' + token)", 'false'],
  ]],
  ['5 what the SDK notes later than the last sweep stays', 'promise-05-withdrawal', 'on its way at the no', [
    ['src/page/look/core.ts', 'if (entries.hasQueue()) core.happened(HAPPENING_QUEUED);', ''],
  ]],
  ['6 the person is not forgotten', 'promise-06-second-yes', '2.83.0 as loader, deferred, on the same', [
    ['src/page/sdk/mixpanel.ts', 'const ask = (method: MethodName, arg?: unknown) => ', "const ask = (method: MethodName, arg?: unknown) => method != 'reset' && "],
  ]],
  ['6 the profile is deleted', 'promise-06-second-yes', '2.83.0 as loader, deferred, on the same', [
    ['src/page/sdk/mixpanel.ts', 'const ask = (method: MethodName, arg?: unknown) => ', "const ask = (method: MethodName, arg?: unknown) => (method == 'reset' && sdk.instance!.people!.delete_user!(), 0) || "],
  ]],
  // Three things stand between a leftover and the network; each alone is enough.
  ['7 leftovers are neither swept nor locked', 'promise-07-leftovers', '2.83.0 as object, opted-out', [
    ['src/page/sdk/arrive.ts', 'if (locked) Object.assign(config, sdk.lockConfig);', 'delete config.batch_autostart;'],
    ['src/page/sdk/arrive.ts', 'sdk.instance!.track!(undefined, undefined, undefined, () => (locked = true));', 'locked = true;'],
    ['src/page/look/core.ts', 'swept = entries.sweepUp(much);', 'swept = Promise.resolve();'],
  ]],
  ['8 a consent manager that is not there counts as a yes', 'promise-08-fails-closed', 'deferred, cmp auto: absent|deferred: blocked', [
    ['src/page/look/core.ts', '      tellNow();\n      // Who is asked', "tellNow();\n      if (code == 'cmp-missing') site.mixpanel().then(({ default: library }) => { library.init(site.token, sdk.config); sdk.instance = library; drive().then(() => release(gate, 'pppp')); });"],
  ]],
  ['8 a core that does not come opens the gate', 'promise-08-fails-closed', 'loader: core.js is blocked', [
    ['src/page/gate/connect.ts', "report('core-unavailable', state.reason);", "site.mixpanel().then(({ default: library }) => { library.init(site.token, sdk.config); for (const call of calls.held) library.track(...call.args); });"],
  ]],
  ['9 GPC is not read', 'promise-09-defaults', 'GPC closes what only', [
    ['src/page/look/core.ts', '(says(navigator.globalPrivacyControl) ? BROWSER_GPC : 0)', '0'],
  ]],
  ['9 DNT is not read', 'promise-09-defaults', 'DNT, ', [
    ['src/page/look/core.ts', '(says(navigator.doNotTrack) || says(window.doNotTrack) ? BROWSER_DNT : 0)', '0'],
  ]],
  ['10 other tabs are not heard', 'promise-10-tabs', 'klaro, opted-out|with record|last answer', [
    ['src/page/look/core.ts', 'peer: (text) => text && core.peer(text),', 'peer: () => {},'],
    ['src/page/look/core.ts', 'kept: () => core.kept(kept()),\n    refused: () => core.peer(\'\'),', 'kept: () => {},\n    refused: () => {},'],
    ['src/page/look/listen.ts', "cookieStore, 'change', told", "cookieStore, 'nothing', told"],
  ]],
  ['10 four tabs: other tabs are not told', 'many-tabs', 'twenty random answers', [
    ['src/page/look/core.ts', 'peer: (text) => text && core.peer(text),', 'peer: () => {},'],
    ['src/page/look/core.ts', 'kept: () => core.kept(kept()),\n    refused: () => core.peer(\'\'),', 'kept: () => {},\n    refused: () => {},'],
    ['src/page/look/listen.ts', "cookieStore, 'change', told", "cookieStore, 'nothing', told"],
  ]],
  ['14 rows of other projects are removed', 'databases', 'rows of another project stay', [
    ['src/page/sdk/sweep.ts', '} else alone = false;', '} else store.delete(key);'],
  ]],
  ['14 an element is taken for the address of the library', 'hostile-html', 'MIXPANEL_CUSTOM_LIB_URL', [
    ['src/page/tag/library.ts', "typeof window.MIXPANEL_CUSTOM_LIB_URL == 'string' &&", ''],
  ]],
  ['10 coming back from the cache is not noticed', 'promise-10-tabs', 'back from the back/forward cache', [
    ['src/page/look/listen.ts', '(event as PageTransitionEvent).persisted', 'false'],
    ['src/page/look/listen.ts', "'visibilitychange'", "'nothing'"],
    ['src/page/look/listen.ts', "cookieStore, 'change', told", "cookieStore, 'nothing', told"],
    ['src/page/look/listen.ts', "on(window, 'storage'", "on(window, 'nothing'"],
    ['src/page/look/core.ts', 'const WATCH = 1000;', 'const WATCH = 100000;'],
  ]],
  ['11 a record is kept before an answer', 'promise-11-the-bridge-itself', 'klaro', [
    ['src/page/look/core.ts', '  if (sdk.instance) core.happened(HAPPENING_FOUND);', "  localStorage.setItem(key, '1.uuuu.e.1.klaro');\n  if (sdk.instance) core.happened(HAPPENING_FOUND);"],
  ]],
  ['11 a subscriber that throws is let through', 'promise-11-the-bridge-itself', 'a subscriber', [
    ['src/page/gate/connect.ts', "report('subscriber-threw', listener, error);", 'throw error;'],
  ]],
  ['bad input: options are not checked', 'bad-input', 'options: each', [
    ['src/page/look/options.ts', "if (kind === undefined)", 'if (kind === null)'],
  ]],
  ['bad input: attributes that are not JSON are ignored', 'bad-input', 'tag: data-config is not JSON', [
    ['src/page/tag/attributes.ts', "throw new BridgeError('attribute-invalid', `Attribute", "void new BridgeError('attribute-invalid', `Attribute"],
  ]],
  ['tag: the page finds the library\'s stub while it is on its way', 'tag-above', 'a call between', [
    ['src/page/tag/library.ts', 'element && running() == element ? stub : facade', 'element && stub.init.length == 0 ? stub : facade'],
  ]],
  ['tag: loaded comes before what waited', 'tag-above', 'of today', [
    ['src/page/tag/tag.ts', 'queueMicrotask(() => {', '(() => {'],
    ['src/page/tag/tag.ts', '        }\n      });\n  return config;', '        }\n      })();\n  return config;'],
  ]],
  ['tag: a call before the bridge finds nothing', 'tag-above', 'data-token alone', [
    ['src/page/tag/tag.ts', 'return later(key);', 'return undefined;'],
  ]],
  ['tag: a call before init() throws', 'tag-above', 'asks first', [
    ['src/page/tag/tag.ts', "if (typeof key == 'string' && /^[a-z]/.test(key) && !/^(then", "if (options?.token && !/^(then"],
  ]],
  ['tag: an init() after the attributes is not heard', 'tag-above', 'comes after the document, before', [
    ['src/page/tag/tag.ts', 'if (gate && more[key]) configure', 'if (0) configure'],
  ]],
  ['tag: a name that came with a late init() is not swept', 'tag-above', 'comes after the document, before', [
    ['src/page/look/core.ts', 'const entries = device(gate);', 'const entries = device({ ...gate, sdk: { ...sdk } });'],
    ['src/page/sdk/present.ts', 'void Object.assign(sdk.config, more)', 'void (sdk.config = { ...sdk.config, ...more })'],
  ]],
  ['tag: a dialog of the site\'s own is shown again on each page', 'tag-above', 'a dialog of the', [
    ['src/page/tag/tag.ts', "bridge.state.code == 'starting' && !saidNo() ? turn.test(kept()) : now()", 'now()'],
  ]],
  ['tag: a dialog of the site\'s own is never shown', 'tag-above', 'a dialog of the', [
    ['src/page/gate/hold.ts', 'has_opted_out_tracking: () => calls.flow[0] == FLOW_DROP,', 'has_opted_out_tracking: () => calls.flow[0] != FLOW_PASS,'],
  ]],
  ['tag: a misspelt attribute is taken for another\'s', 'bad-input', 'misspelt', [
    ['src/page/tag/attributes.ts', '  if (meant)\n', '  if (0)\n'],
  ]],
  ['tag: another\'s attribute shuts', 'tag-above', 'attributes of others', [
    ['src/page/tag/attributes.ts', 'if (OURS.includes(key)) return true;', 'return true;'],
  ]],
  ['tag: starts without having seen its attributes', 'bad-input', 'as a module', [
    ['src/page/tag/attributes.ts', '  if (!script)\n', '  if (!script) return {};\n  if (0)\n'],
  ]],
  ['tag: beside `var mixpanel`, a call while the library is on its way throws', 'tag-late', 'declared `var', [
    ['src/page/tag/library.ts', 'if (!owned) made = forwarding', 'if (0) made = forwarding'],
  ]],
  ['tag: scripts of others bring the library', 'tag-above', 'nuxt|c15t', [
    ['src/page/tag/tag.ts', '[keepOut, () => take(before, true)]', '[() => take(before, true)]'],
  ]],
  ['tag: a loader with an address of its own brings the library', 'tag-above', 'from an address of its own', [
    ['src/page/tag/library.ts', 'VENDORS.test(url) || COPIES.test(url)', 'VENDORS.test(url)'],
  ]],
  ['tag: a latch is taken for a page that came late', 'latch', 'the tag arrives', [
    ['src/page/tag/tag.ts', 'begin(entry, !found.__latch)', 'begin(entry, true)'],
  ]],
  ['tag: the latch lets the snippet fetch the library', 'latch', 'the tag is', [
    ['src/page/tag/latch.ts', '    __SV: 1.2,\n', ''],
  ]],
  ['tag: a stub that writes its own instances is not heard', 'tag-above', 'c15t', [
    ['src/page/tag/tag.ts', "if (key == '_i') for (const entry of (value as unknown[][] | undefined) || []) begin(entry);", "if (key == '_i') own[key] = value;"],
  ]],
  ['tag: chained groups are lost', 'tag-above', 'of 2021', [
    ['src/page/gate/hold.ts', "push(item[1] as Item, answer(owner, first[0] as string, first.slice(1)) as Part);", 'void first;'],
  ]],
  ['tag: integrity is not handed on', 'tag-above', 'integrity', [
    ['src/page/tag/library.ts', 'element.integrity = integrity;', ''],
  ]],
  ['tag: what runs already is not taken over', 'tag-late', 'instances that run', [
    ['src/page/tag/tag.ts', '    if (live?.__loaded === true)', '    if (!key && live?.__loaded === true)'],
  ]],
  ['tag: a stub that waits is not taken over', 'tag-late', 'on its way', [
    ['src/page/tag/tag.ts', '[keepOut, () => take(before, true)]', '[keepOut]'],
  ]],
  ['tag: that it came late is not said', 'tag-late', 'on its way', [
    ['src/page/look/core.ts', "if (late) report('bridge-late', BEFORE_US);", ''],
  ]],
  ['csp: Trusted Types are not asked', 'csp', 'tag: a nonce and Trusted', [
    ['src/page/tag/library.ts', 'return policy!.createScriptURL(url) as string;', 'return url;'],
  ]],
  ['csp: the nonce is not handed on', 'csp', 'a nonce alone', [
    ['src/page/tag/library.ts', "element.nonce = script?.nonce || '';", ''],
  ]],
  ['csp: what the page carries is not used', 'csp', 'in its place', [
    ['src/page/tag/tag.ts', 'if (!options.noWasm) throw error;', 'throw error;'],
  ]],
  ['faults: a polluted prototype sets options', 'faults', 'polluted', [
    ['src/page/look/options.ts', 'const o = { __proto__: null, ...given }', 'const o = { ...given }'],
  ]],
  ['faults: the page\'s own promise is used', 'faults', 'cannot be constructed', [
    ['src/page/gate/connect.ts', 'ready: new Native(', 'ready: new Promise('],
  ]],
  ['faults: a fetch of the page\'s is not caught', 'faults', 'fetch ', [
    ['src/page/look/core.ts', '(async () => fetch(', '(() => fetch('],
  ]],
  ['faults: only what a consent manager tells is heard', 'faults', 'still heard', [
    ['src/page/look/core.ts', 'const WATCH = 1000;', 'const WATCH = 100000;'],
    ['src/page/look/listen.ts', "cookieStore, 'change', told", "cookieStore, 'nothing', told"],
    ['src/page/look/listen.ts', "'click', soon", "'nothing', soon"],
  ]],
  ['faults: each event is followed, however many they are', 'faults', 'ten thousand', [
    ['src/page/look/listen.ts', 'if (++count < MOST) look();', 'if (live) look();'],
  ]],
  ['faults: what is said amid a storm is not heard', 'faults', 'ten thousand', [
    ['src/page/look/listen.ts', 'else waiting ||= setTimeout(', 'else waiting ||= ((f) => f)('],
  ]],
  ['faults: what is read may call back without end', 'faults', 'calls back while', [
    ['src/page/look/listen.ts', 'if (!live || depth++) return;', 'if (!live) return;'],
  ]],
  ['faults: what explain() hands out is the manager\'s own', 'faults', 'freezes everything', [
    ['src/page/look/explain.ts', '= copy(value);', '= value;'],
  ]],
  ['faults: a failure is said twice', 'faults', 'CDN is down', [
    ['src/page/look/core.ts', 'sdk-lock)/', 'sdk-)/'],
  ]],
  ['places: a sandbox leaves a promise that nobody catches', 'places', 'in a sandbox', [
    ['src/page/sdk/sweep.ts', "if (origin == 'null') return;", ''],
  ]],
  ['places: cookies are expired on the present host alone', 'places', 'parent domain', [
    ['src/page/sdk/sweep.ts', "...labels.map((_, i) => labels.slice(i).join('.'))", ''],
  ]],
  ['places: nothing is swept a moment later', 'places', 'another tab', [
    ['src/page/look/core.ts', 'const LATER = [500, 3000];', 'const LATER: number[] = [];'],
    ['src/page/look/core.ts', 'const SETTLE = 300;', 'const SETTLE = 1;'],
  ]],
  ['frames: any window is heard', 'frames', 'only the window', [
    ['src/page/look/frames.ts', 'if (source != at) return;', ''],
  ]],
  ['frames: an answer that says that it failed counts', 'frames', 'only the window', [
    ['src/page/look/frames.ts', 'answer.success ? call.last : null', 'call.last'],
  ]],
  ['frames: odd messages throw', 'frames', 'only the window', [
    ['src/page/look/frames.ts', '// Another\'s message.', 'throw data;'],
  ]],
  ['frames: answers to others count', 'frames', 'only the window', [
    ['src/page/look/frames.ts', 'const call = calls.get(answer.callId!);', 'const [call] = calls.values();'],
  ]],
  ['frames: callbacks are not taken back', 'frames', 'only the window', [
    ['src/page/look/listen.ts', 'else if (off) {', 'else if (false) {'],
  ]],
  ['frames: only the next page above is asked', 'frames', 'two frames above', [
    ['src/page/look/frames.ts', 'return located(locator, at);', 'return;'],
  ]],
  ['frames: it is not said who answered', 'frames', 'two frames above', [
    ['src/page/look/frames.ts', 'api.above = origin;', ''],
  ]],
  ['frames: it is asked once whether anybody is there', 'frames', 'nobody is behind', [
    ['src/page/look/frames.ts', 'setTimeout(knock, wait', 'void (wait'],
  ]],
  ['frames: nobody is asked whether they are there', 'frames', 'nobody is behind', [
    ['src/page/look/frames.ts', "let alive = name == '__uspapi';", 'let alive = true;'],
  ]],
  ['frames: what tells no changes is asked once', 'frames', 'USP above', [
    ['src/page/look/frames.ts', 'setTimeout(poll, POLL, id);', ''],
  ]],
  ['frames: the page\'s own API is not preferred', 'frames', 'own that comes later', [
    ['src/page/look/frames.ts', "if (typeof own == 'function') api.prefer(own as Api);\n      else if (!there) return;", 'if (!there) return;'],
  ]],
  ['frames: a proxy in the page is asked once', 'frames', 'a proxy in the page', [
    ['src/page/look/frames.ts', '    if (own) {\n      askOwn(call);\n      return;', '    if (own) {\n      return;'],
  ]],
  ['frames: what does not come is not said', 'frames', 'does not come', [
    ['src/page/look/core.ts', "(error) => report('frames-unavailable', '', error)", '() => {}'],
  ]],
  ['frames: pages that are none load it as well', 'frames', 'is no frame', [
    ['src/page/look/core.ts', 'if (window != parent)', 'if (window)'],
  ]],
  ['time: a prerendered page is taken for one that is seen', 'time', 'prepared with a yes on record:', [
    ['src/page/look/core.ts', '(document.prerendering ? BROWSER_UNSEEN : 0)', '0'],
  ]],
  ['time: a prerendered page does not hear what is said meanwhile', 'time', 'that is withdrawn', [
    ['src/page/look/listen.ts', 'tell.shown();\n      back();', 'tell.shown();\n      look();'],
    ['src/page/look/core.ts', 'peer: (text) => text && core.peer(text),', 'peer: () => {},'],
    ['src/page/look/core.ts', 'kept: () => core.kept(kept()),\n    refused: () => core.peer(\'\'),', 'kept: () => {},\n    refused: () => {},'],
  ]],
  ['time: a prerendered page\'s calls are of the time before it was shown', 'time', 'prepared with a yes on record:', [
    ['src/page/sdk/replay.ts', 'if (call.at < sdk.shownAt!) call.at = sdk.shownAt!;', ''],
  ]],
  ['time: tabs start in one moment', 'time', 'while another tab starts', [
    ['src/page/sdk/arrive.ts', 'await navigator.locks.request(device.identityKey(), { signal: AbortSignal.timeout(ALONE_MS) }, go);', 'go();'],
  ]],
  ['driver: it is loaded before a yes', 'faults', 'loads nothing that drives', [
    ['src/page/look/core.ts', 'if (RECORD_YES.test(kept())) drive()', 'drive()'],
  ]],
  ['driver: nobody hears that it did not come', 'faults', 'drive.js', [
    ['src/page/look/core.ts', 'failed(error);\n    core.happened(HAPPENING_LOAD_FAILED);', ''],
  ]],
  ['time: a lock is waited for without end', 'time', 'holds on for ever', [
    ['src/page/sdk/arrive.ts', 'AbortSignal.timeout(ALONE_MS)', 'new AbortController().signal'],
  ]],
  ['time: without locks nothing starts', 'time', 'locks that are refused|no locks', [
    ['src/page/sdk/arrive.ts', 'does not get on.\n        go();', 'does not get on.'],
  ]],
  ['time: a tab that wakes does not hear', 'time', 'a frozen tab', [
    ['src/page/look/core.ts', 'peer: (text) => text && core.peer(text),', 'peer: () => {},'],
    ['src/page/look/core.ts', 'kept: () => core.kept(kept()),\n    refused: () => core.peer(\'\'),', 'kept: () => {},\n    refused: () => {},'],
  ]],
  ['time: an answer that ends is not noticed', 'time', 'an answer ends', [
    ['src/page/look/core.ts', 'const WATCH = 1000;', 'const WATCH = 100000;'],
  ]],
  ['places: who the visitor is stays where the SDK never came', 'places', 'never loads', [
    ['src/page/sdk/sweep.ts', "if (much == SWEEP_EVERYTHING) remove(identityKey(), sdk.config.cookie_domain);", ''],
  ]],
  ['frames: cookies that the SDK has set for other sites stay', 'frames', 'cookies for other sites: one', [
    ['src/page/sdk/sweep.ts', "['', '; SameSite=None; Secure']", "['']"],
  ]],
  ['frames: a refused record is said with each answer', 'frames', 'no cookies at all', [
    ['src/page/look/core.ts', 'warned[place] ||=', 'warned[0] ='],
  ]],
  ['walk: withdrawal removes nothing', 'walk', 'klaro, deferred', [
    ['src/page/look/core.ts', 'swept = entries.sweepUp(much);', 'swept = Promise.resolve();'],
  ]],
  ['features: recordings stay when recording alone is taken back', 'features', '2.83.0 as loader', [
    ['src/page/look/core.ts', '[COMMAND_SWEEP_RECORDINGS]: () => clean(SWEEP_RECORDINGS),', '[COMMAND_SWEEP_RECORDINGS]: () => {},'],
  ]],
  ['features: flags that open later are not fetched', 'features', '2.83.0 as loader', [
    ['src/page/sdk/mixpanel.ts', "attempt('load_flags', () => (flags?.load_flags || flags?.fetchFlags)?.call(flags));", ''],
  ]],
  ['fakes: what callbacks say is lost', 'fakes', 'hubspot|ketch|inmobi', [
    ['src/page/look/listen.ts', 'heard[name] = fields(payload, paths!, f.above)', 'heard[name] = {}'],
  ]],
  ['fakes: no callback is given', 'fakes', 'commanders-act|sourcepoint|osano', [
    ['src/page/look/listen.ts', 'const returned = f.apply(owner, args(given!, callback));', 'const returned = 0;'],
  ]],
  ['own adapter: a read that throws is believed to be a yes', 'own-adapter', 'a read that', [
    ['src/page/own/own.ts', '          throw error;', "          return { live: true, rest: 'G', G: [], g: [], u: [], d: [], D: [] };"],
  ]],
  ['own adapter: callbacks are not taken back', 'own-adapter', 'with a read', [
    ['src/page/look/listen.ts', 'else if (off) {', 'else if (false) {'],
  ]],
  ['verify: cookies are not looked at', '../cli/verify', 'opted out by default', [
    ['src/cli/visit.ts', '...cookies.map(', '...([]).map('],
  ]],
  ['verify: what is written and removed again is not seen', '../cli/verify', 'opted out by default', [
    ['src/cli/hooks.ts', "wrap(Storage.prototype, 'setItem'", "wrap(Storage.prototype, 'setNothing'"],
  ]],
  ['verify: requests are known by Mixpanel\'s hosts alone', '../cli/verify', 'Klaro every promise', [
    ['src/cli/mixpanel.ts', 'if (!(own || shaped || ours || library))', 'if (!own)'],
  ]],
  ['verify: the library of a site\'s own copy is not Mixpanel\'s', '../cli/verify', 'opted out by default', [
    ['src/cli/watch.ts', 'this.custom ? [this.custom] : []', '[]'],
  ]],
  ['verify: what could not be run has passed', '../cli/verify', 'no button', [
    ['src/cli/verify.ts', "Object.assign(result, { verdict: 'not shown', code", "Object.assign(result, { verdict: 'kept', code"],
  ]],
  ['verify: any button will do', '../cli/verify', 'no button', [
    ['src/cli/answer.ts', "if (open ? mode == 'on' :", "if (open ? true :"],
  ]],
  ['verify: a yes that sends nothing is kept', '../cli/verify', 'nothing is sent', [
    ['src/cli/verify.ts', "some ? 'kept' : 'not shown'", "'kept'"],
  ]],
  ['verify: what a default allows is kept', '../cli/verify', 'nobody is asked', [
    ['src/cli/verify.ts', "? 'default' : 'kept'", "? 'kept' : 'kept'"],
  ]],
  ['verify: a refusal that nobody gave may be there', '../cli/verify', 'opted out by default', [
    ['src/cli/verify.ts', "const refused = ['no', 'withdraw', 'tabs', 'cut'].includes(result.id);", 'const refused = true;'],
  ]],
  ['verify: the page after a no is not visited', '../cli/verify', 'opted out by default', [
    ['src/cli/visits.ts', '    await v.goto();\n    return at;', '    return at;'],
  ]],
  ['verify: Global Privacy Control is not sent', '../cli/verify', 'opted out by default', [
    ['src/cli/watch.ts', "extraHTTPHeaders: { 'Sec-GPC': '1' }", 'extraHTTPHeaders: {}'],
  ]],
  ['verify: tokens are told', '../cli/verify', 'opted out by default', [
    ['src/cli/report/say.ts', 'return JSON.parse(shortened(', 'return JSON.parse(String('],
  ]],
  ['verify: the category is not handed to the core', '../cli/verify', 'category that is asked', [
    ['src/cli/judge.ts', "chosen[feature] ?? chosen.tracking ?? []", '[]'],
  ]],
  ['verify: a second tab does nothing', '../cli/visits', 'second tab', [
    ['src/cli/page.ts', "call(one, 'register', { consent_visit: true });", ''],
  ]],
  ['verify: what goes to Mixpanel reaches it', '../cli/visits', 'reaches no project', [
    ['src/cli/watch.ts', 'if (!settings.letThrough) await own.intercept();', ''],
  ]],
  ['verify: what is sent at the last moment reaches Mixpanel', '../cli/visits', 'reaches no project', [
    ['src/cli/hooks.ts', 'if (held) return true;', ''],
  ]],
  ['verify: silence of a page without Mixpanel is a promise kept', '../cli/visits', 'without Mixpanel', [
    ['src/cli/index.ts', "if (results.some(({ met }) => met)) return;", 'return;'],
  ]],
  ['verify: a button that is drawn before it works is pressed once', '../cli/verify', 'buttons of vanilla', [
    ['src/cli/answer.ts', 'const still = last &&', 'const still = false &&'],
  ]],
];

const check = process.argv[2] === '--check';
const words = check ? [] : process.argv.slice(2);
const chosen = BREAKS.filter(([name]) => words.length === 0 || words.some((word) => name.includes(word)));
const unnoticed = [];

for (const [name, file, pattern, edits] of chosen) {
  if (check) {
    for (const [path, from] of edits) {
      if (readFileSync(join(ROOT, path), 'utf8').includes(from)) continue;
      console.log(`\`${path}\` has no \`${from}\` any more: write the break “${name}” anew`);
      process.exitCode = 1;
    }
    continue;
  }
  const copy = mkdtempSync(join(tmpdir(), 'broken-'));
  try {
    for (const part of ['src', 'pkg', 'tools', 'package.json']) cpSync(join(ROOT, part), join(copy, part), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    for (const [path, from, to] of edits) {
      const text = readFileSync(join(copy, path), 'utf8');
      if (!text.includes(from)) throw new Error(`\`${path}\` has no \`${from}\` any more: write the break anew`);
      writeFileSync(join(copy, path), text.replaceAll(from, to));
    }
    const { bundle } = await import(pathToFileURL(join(copy, 'tools/bundle.mjs')).href);
    const dist = join(copy, 'dist');
    cpSync(join(ROOT, 'dist'), dist, { recursive: true });
    for (const [entry, out, options] of [
      ['src/api/entries/index.ts', 'index.js', { format: 'esm', core: 'apart' }],
      ['src/page/look/core.ts', 'core.js', { format: 'esm', core: 'apart' }],
      ['src/page/sdk/drive.ts', 'drive.js', { format: 'esm' }],
      ['src/page/own/own.ts', 'adapter.js', { format: 'esm', core: 'apart' }],
      ['src/page/own/rules.ts', 'rules.js', { format: 'esm' }],
      ['src/page/look/frames.ts', 'frames.js', { format: 'esm' }],
      ['src/page/tag/tag.ts', 'bridge.js', { format: 'iife', core: 'apart' }],
      ['src/cli/index.ts', 'cli.js', { format: 'esm', node: true }],
    ]) {
      writeFileSync(join(dist, out), await bundle(join(copy, entry), options));
    }
    const { latch } = await import(pathToFileURL(join(copy, 'tools/latch.mjs')).href);
    const { script, hash } = await latch();
    writeFileSync(join(dist, 'latch.js'), script);
    writeFileSync(join(dist, 'latch.json'), JSON.stringify({ script, hash }));
    const { stdout } = spawnSync(
      process.execPath,
      ['--test', '--test-reporter=tap', `--test-name-pattern=${pattern}`, join(ROOT, `tests/browser/${file}.test.mjs`)],
      { env: { ...process.env, BRIDGE_DIST: dist }, encoding: 'utf8', maxBuffer: 1 << 28 },
    );
    // Only leaves: a suite fails with what is in it.
    const failed = (stdout.match(/^ {4,}not ok .*/gm) ?? []).filter((line) => !line.includes('# SKIP')).length;
    const ran = failed + (stdout.match(/^ {4,}ok .*/gm) ?? []).filter((line) => !line.includes('# SKIP')).length;
    console.log(`${failed > 0 ? 'noticed  ' : 'UNNOTICED'} ${name}: ${failed} of ${ran} fail in ${file}`);
    if (failed === 0) unnoticed.push(name);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}
if (unnoticed.length > 0) process.exitCode = 1;
