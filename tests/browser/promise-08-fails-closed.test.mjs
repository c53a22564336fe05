// Promise 8. Fails closed: consent manager absent, blocked, late, throwing, reporting nonsense;
// storage refused; WebAssembly refused or not arriving. `state.code` and `explain()` say which.
// Not here: mistakes of the site's programmer (bad-input).
// What was broken to see these fail stands in breaks.mjs.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  EVERYTHING, PAGES, closed, noPageError, nothingSent, nothingWritten, open, pause, sentTimes, using,
} from './harness/index.mjs';

let harness;
before(async () => {
  harness = await open();
});
after(() => harness.close());

const CALLS = [['track', 'Held'], ['identify', 'user-7']];

async function shut(v, code) {
  await v.page.click('#buy');
  await v.call('track', 'Held too');
  await v.settle(900);
  nothingSent(v);
  const state = await closed(v, code);
  const told = await v.explain();
  assert.ok(told.length > 20, told);
  noPageError(v);
  return { state, told };
}

// Nonsense that a page may really have: [what, what stands in the page, id, code].
const NONSENSE = [
  ['a global of another shape', 'window.OneTrust = 42; window.OnetrustActiveGroups = { length: 3 };', 'onetrust'],
  ['a getter that throws', "Object.defineProperty(window, 'OnetrustActiveGroups', { get() { throw new Error('mine'); } }); window.OneTrust = { IsAlertBoxClosed() { return true; }, OnConsentChanged() {}, GetDomainData() { return {}; } };", 'onetrust'],
  ['a global whose every property throws', "window.Cookiebot = new Proxy({}, { get() { throw new Error('mine'); }, has() { throw new Error('mine'); } });", 'cookiebot'],
  ['a method that throws', "window.klaro = { getManager() { throw new Error('mine'); } };", 'klaro'],
  ['a method that answers itself for ever', "const loop = () => loop; window.klaro = { getManager: () => { const m = {}; m.consents = m; m.savedConsents = m; m.confirmed = 'yes'; m.watch = loop; return m; } };", 'klaro'],
  ['words for booleans', "window.Cookiebot = { hasResponse: 'true', consent: { statistics: 'true', method: 'explicit', stamp: 'x' } };", 'cookiebot'],
  ['a cookie that is not what it says', "document.cookie = 'klaro=%7B%22mixpanel%22%3Atru; path=/';", 'klaro'],
  ['a cookie that cannot be decoded', "document.cookie = 'cc_cookie=%E0%A4%A; path=/';", 'vanilla-cookieconsent'],
  ['a very long cookie', "document.cookie = 'eu-consent=' + '%7B'.repeat(1200) + '; path=/';", 'orejime'],
  ['a TCF stub whose manager never comes', 'window.__tcfapi = (...args) => { (window.__tcfapi.a ??= []).push(args); };', 'iab-tcf'],
  ['a TCF function that calls back with nothing', 'window.__tcfapi = (command, version, callback) => callback(null, false);', 'iab-tcf'],
  ['a TCF function that throws', "window.__tcfapi = () => { throw new Error('mine'); };", 'iab-tcf'],
  ['a dataLayer full of other things', "window.dataLayer = [null, 1, 'consent', ['consent'], ['consent', 'update'], ['consent', 'update', 7], { 0: 'consent', 1: 'update', length: 2 }, ['consent', 'update', { analytics_storage: true }]];", 'google-consent-mode'],
  ['a dataLayer that is not a list', 'window.dataLayer = { push: 1 };', 'google-consent-mode'],
  ['an emitter that throws on subscribing', "window.orejime = { manager: { on() { throw new Error('mine'); }, isDirty() { return true; }, getConsent() { throw new Error('mine'); } } };", 'orejime'],
  ['a store that is not one', "window.c15tStore = { getState: () => ({ consents: null, hasConsented: true }), subscribe: 3 };", 'c15t'],
  ['a tarteaucitron with nonsense inside', "window.tarteaucitron = { state: { mixpanel: 'true' }, user: null, job: 1 };", 'tarteaucitron'],
];

describe('fails closed', { concurrency: PAGES }, () => {
  for (const start of ['deferred', 'opted-out']) {
    for (const cmp of ['auto', 'klaro', 'iab-tcf', ['onetrust', 'cookiebot']]) {
      test(`${start}, cmp ${cmp}: absent: still shut after the time given, and said`, () =>
        // Long enough for a slow machine to see it looking.
        harness.during({ connect: { start, cmp, cmpTimeout: 1_500 }, config: EVERYTHING, calls: CALLS }, async (v) => {
          await v.until({ code: 'cmp-missing' });
          assert.ok((await v.states()).some(({ code }) => code === 'cmp-looking'), 'and looked for before that');
          const { told } = await shut(v, 'cmp-missing');
          // Who was looked for, and what to do: in the console once, and by explain().
          const advice = cmp === 'auto' ? /None of those that the bridge knows is on this page/ : new RegExp(`There is no \`${[cmp].flat().join('` and no `')}\` on this page: .*name that in \`cmp\`, or leave`);
          assert.match(told.split('\n')[0], advice);
          assert.equal(v.console.filter(({ text }) => text.includes('cmp-missing') && advice.test(text)).length, 1, JSON.stringify(v.console));
          if (start === 'deferred') nothingWritten(v);
        }));
    }

    test(`${start}: blocked, as by a content blocker: the same`, () =>
      harness.during(
        { cmp: { id: 'klaro', when: 'beside' }, connect: { start, cmpTimeout: 500 }, block: ['**/klaro/dist/klaro.js'], calls: CALLS },
        async (v) => {
          await v.until({ code: 'cmp-missing' });
          await shut(v, 'cmp-missing');
        },
      ));

    for (const id of start === 'deferred' ? ['klaro', 'iab-tcf', 'orejime', 'google-consent-mode'] : ['vanilla-cookieconsent', 'fake-onetrust', 'c15t']) {
      test(`${start}, ${id}: late, after it was reported missing: shut until it speaks, then heard`, () =>
        harness.during(
          { cmp: { id, when: 'beside', options: { late: 1_500 } }, connect: { start, cmpTimeout: 400 }, calls: [['track', 'Held']] },
          async (v) => {
            await pause(900);
            nothingSent(v);
            await closed(v);
            await v.page.waitForFunction(() => window.__cmpReady);
            await v.settle(700);
            nothingSent(v);
            await closed(v);
            await v.answer('yes', { by: 'api' });
            await v.until({ consent: 'granted', mode: 'on' });
            await v.settle();
            sentTimes(v, { Held: 1 });
          },
        ));
    }

    test(`${start}: the manager's script put on the page twice: one answer, one event`, () =>
      harness.during(
        { ...using('fake-onetrust', { when: 'before' }), connect: { cmp: 'onetrust', start }, calls: [['track', 'Held']], lines: "await window.__manager.load({ base: '' });" },
        async (v) => {
          await v.settle(500);
          nothingSent(v);
          await v.answer('yes', { by: 'api' });
          await v.until({ mode: 'on' });
          await v.settle();
          sentTimes(v, { Held: 1 });
          const since = v.mark();
          await v.answer('no', { by: 'api' });
          await v.until({ mode: 'off', consent: 'denied' });
          await v.call('track', 'Unwanted');
          await v.settle(900);
          nothingSent(v, since);
        },
      ));
  }

  test('tag, cmp auto: absent: still shut after the time given, and said', () =>
    harness.during({ form: 'tag', connect: { cmpTimeout: 500 }, config: EVERYTHING, before: CALLS }, async (v) => {
      await v.until({ code: 'cmp-missing' });
      await shut(v, 'cmp-missing');
      nothingWritten(v);
      assert.deepEqual(v.code(), []);
    }));

  NONSENSE.forEach(([what, script, id], index) => {
    // Looked for among all of them; by its name, where the same is read, some.
    for (const cmp of index % 4 ? ['auto'] : ['auto', id]) {
      test(`${id} as ${cmp}: ${what}`, () =>
        harness.during({ head: `<script>${script}</script>`, connect: { cmp, cmpTimeout: 500 }, config: EVERYTHING, calls: CALLS }, async (v) => {
          await v.settle(700);
          const { state } = await shut(v);
          assert.notEqual(state.consent, 'granted');
          assert.match(state.code, /^cmp-(unreadable|missing|looking|not-ready|asking)$/, JSON.stringify(state));
        }));
    }
  });

  // ---- storage -------------------------------------------------------------------------------

  const STORAGE = [
    ['localStorage throws', "Object.defineProperty(window, 'localStorage', { configurable: true, get() { throw new DOMException('no', 'SecurityError'); } });"],
    ['both storages throw', "for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name, { configurable: true, get() { throw new DOMException('no', 'SecurityError'); } });"],
    ['every method of Storage throws', "for (const name of ['getItem', 'setItem', 'removeItem', 'key', 'clear']) Storage.prototype[name] = function () { throw new DOMException('no', 'QuotaExceededError'); };"],
    ['storage is full', "Storage.prototype.setItem = function () { throw new DOMException('no', 'QuotaExceededError'); };"],
    ['localStorage is null', "Object.defineProperty(window, 'localStorage', { configurable: true, get: () => null });"],
    ['indexedDB is missing', "Object.defineProperty(window, 'indexedDB', { configurable: true, get: () => undefined });"],
    ['indexedDB.databases rejects', "IDBFactory.prototype.databases = () => Promise.reject(new Error('no'));"],
    ['indexedDB.databases is missing, as in older browsers', 'delete IDBFactory.prototype.databases;'],
    ['cookies throw', "Object.defineProperty(Document.prototype, 'cookie', { configurable: true, get() { throw new DOMException('no', 'SecurityError'); }, set() { throw new DOMException('no', 'SecurityError'); } });"],
    ['BroadcastChannel throws', "window.BroadcastChannel = class { constructor() { throw new Error('no'); } };"],
  ];
  for (const [what, init] of STORAGE) {
    for (const start of ['deferred', 'opted-out']) {
      test(`${start}, ${what}: shut before an answer, and the answer is followed`, () =>
        harness.during({ ...using('manual'), connect: { cmp: 'manual', start }, init, calls: [['track', 'Held']], config: { batch_requests: false } }, async (v) => {
          await v.settle(600);
          nothingSent(v);
          await closed(v);
          await v.page.evaluate(() => window.__bridge.grant());
          await v.until({ consent: 'granted' });
          await v.settle(900);
          await v.page.evaluate(() => window.__bridge.deny());
          await v.until({ consent: 'denied', mode: 'off' });
          const since = v.mark();
          await v.call('track', 'Unwanted');
          await v.settle(1_200);
          nothingSent(v, since);
          // The SDK itself may complain of such a page; the bridge may not.
          assert.deepEqual(v.errors.filter((error) => /dist\/|bridge|core\.js|index\.js/.test(error)), []);
        }));
    }
  }

  // ---- the core ------------------------------------------------------------------------------

  const CORE = [
    ['core.js is not there', { answerWith: [['**/dist/core.js', { status: 404, body: 'not here' }]] }],
    ['core.js is blocked', { block: ['**/dist/core.js'] }],
    ['core.js is something else', { answerWith: [['**/dist/core.js', { contentType: 'text/javascript', body: 'export const nothing = 1;' }]] }],
    ['core.js throws', { answerWith: [['**/dist/core.js', { contentType: 'text/javascript', body: "throw new Error('broken');" }]] }],
    ['core.js is an HTML page', { answerWith: [['**/dist/core.js', { contentType: 'text/html', body: '<!doctype html>' }]] }],
    ['WebAssembly is refused by the content security policy', { headers: { 'content-security-policy': "script-src 'self' 'unsafe-inline'" } }],
    ['there is no WebAssembly', { init: 'delete window.WebAssembly;' }],
    ['WebAssembly.compile rejects', { init: "WebAssembly.compile = () => Promise.reject(new Error('no')); WebAssembly.Module = class { constructor() { throw new Error('no'); } }; WebAssembly.instantiate = WebAssembly.compile; " }],
  ];
  CORE.forEach(([what, given], index) => {
    // However it does not come, it is the same to the gate: what each form makes of that is shown by some.
    for (const form of index % 3 ? ['loader'] : ['loader', 'object', 'initialised']) {
      test(`${form}: ${what}: shut, a code and a sentence, whatever the visitor says`, () =>
        harness.during({ ...using('klaro'), form, ...given, config: EVERYTHING, calls: CALLS }, async (v) => {
          await v.until({ code: 'core-unavailable' });
          const since = form === 'initialised' ? v.mark() : undefined;
          await v.answer('yes', { by: 'api' });
          await v.page.click('#buy');
          await v.call('track', 'Held too');
          await v.settle(900);
          nothingSent(v, since);
          const state = await closed(v, 'core-unavailable');
          assert.match(state.reason, /core/i);
          assert.match(await v.explain(), /core/i);
          noPageError(v);
          if (form === 'loader') assert.deepEqual(v.code(), []);
        }));
    }
  });

  test('core.js never arrives: shut, and the page runs on', () =>
    harness.during({ ...using('klaro'), stall: ['**/dist/core.js'], config: EVERYTHING, calls: CALLS }, async (v) => {
      await v.answer('yes', { by: 'api' });
      await v.settle(1_500);
      nothingSent(v);
      const state = await closed(v);
      assert.equal(state.code, 'starting');
      assert.equal(state.held, CALLS.length);
      noPageError(v);
    }));

  test('core.js arrives late, after the answer: then all is as if it had been there', () =>
    harness.during({ ...using('klaro'), held: '**/dist/core.js', config: EVERYTHING, calls: [['track', 'Held']] }, async (v) => {
      await v.answer('yes', { by: 'api' });
      v.letCome();
      await v.until({ mode: 'on', consent: 'granted' });
      await v.settle();
      sentTimes(v, { Held: 1, $mp_web_page_view: 1 });
    }));

  // ---- the SDK -------------------------------------------------------------------------------

  for (const start of ['deferred', 'opted-out']) {
    test(`${start}: the SDK does not load: said, and the calls are kept`, () =>
      harness.during({ ...using('klaro'), connect: { cmp: 'klaro', start }, module: '/sdk/none/module.js', calls: [['track', 'Held']] }, async (v) => {
        await v.settle(400);
        await v.answer('yes', { by: 'api' });
        await v.until({ consent: 'granted', code: 'sdk-failed' });
        const state = await v.state();
        assert.equal(state.mode, 'off', 'what passes');
        assert.equal(state.held, 1);
        assert.match(state.reason, /SDK/);
        nothingSent(v);
        noPageError(v);
      }));
  }
});
