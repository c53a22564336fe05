// Faults on purpose: what arrives broken, what a consent manager does that none should, and what
// a page has done to the language. In each: shut where it cannot work, one clear report, the page
// unharmed, and nothing lost that was consented to.
// Not here: storage that is refused and a core or an SDK that does not come (promise 8, bad-input),
// policies (csp).
// What was broken to see these fail stands in breaks.mjs.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { ENGINE, EVERYTHING, PAGES, ROOT, TOKEN, closed, noPageError, nothingSent, nothingWritten, open, pause, sentTimes, swept, using } from './harness/index.mjs';

let harness;
before(async () => {
  harness = await open();
});
after(() => harness.close());

const CALLS = [['track', 'Held'], ['identify', 'user-7']];
const on = { mode: 'on', consent: 'granted' };
const off = { mode: 'off', consent: 'denied' };
const reports = (v, code) => v.console.filter(({ type, text }) => type === 'warning' && text.includes(code)).length;

/** Shut before a yes, open after it, shut and swept after a no. */
async function works(v, { record = true } = {}) {
  await v.settle(400);
  nothingSent(v);
  nothingWritten(v);
  await v.answer('yes', { by: 'api' });
  await v.until(on);
  await v.call('track', 'Sent');
  await v.settle();
  sentTimes(v, { Held: 1, Sent: 1 });
  const since = v.mark();
  await v.answer('no', { by: 'api' });
  await v.until(off);
  await v.call('track', 'Unwanted');
  await v.settle(900);
  nothingSent(v, since);
  await swept(v, { record });
}

describe('faults on purpose', { concurrency: PAGES }, () => {
  // ---- what arrives --------------------------------------------------------------------------

  const half = async (file, at) => {
    const text = await readFile(join(ROOT, 'dist', file), 'utf8');
    return text.slice(0, at(text));
  };
  for (const [what, answer] of [
    ['core.js cut off', async () => ({ contentType: 'text/javascript', body: await half('core.js', (text) => text.length / 2) })],
    ['the module inside core.js cut off', async () => {
      const text = await readFile(join(ROOT, 'dist', 'core.js'), 'utf8');
      const long = /"([^"\\]{20000,})"/.exec(text)[1];
      return { contentType: 'text/javascript', body: text.replace(long, () => long.slice(0, long.length / 2)) };
    }],
    ['core.js of a wrong type', async () => ({ contentType: 'application/octet-stream', body: await half('core.js', (text) => text.length) })],
    ['core.js empty', async () => ({ contentType: 'text/javascript', body: '' })],
  ]) {
    test(`${what}: shut, said once, calls kept`, async () => {
      const body = await answer();
      await harness.during({ ...using('klaro'), answerWith: [['**/dist/core.js', body]], config: EVERYTHING, calls: CALLS }, async (v) => {
        await v.until({ code: 'core-unavailable' });
        await v.answer('yes', { by: 'api' });
        await v.settle(700);
        nothingSent(v);
        const state = await closed(v, 'core-unavailable');
        assert.equal(state.held, CALLS.length);
        assert.equal(reports(v, 'core-unavailable'), 1);
        assert.deepEqual(v.code(), []);
        noPageError(v);
      });
    });
  }

  for (const [what, given] of [
    ['answers HTML', { answerWith: [[/cdn\.mxpnl\.com/, { contentType: 'text/html', body: '<!doctype html><title>Sign in</title>' }]] }],
    ['answers 500', { answerWith: [[/cdn\.mxpnl\.com/, { status: 500, contentType: 'text/javascript', body: '' }]] }],
    ['answers with another script', { answerWith: [[/cdn\.mxpnl\.com/, { contentType: 'text/javascript', body: 'window.__other = 1;' }]] }],
    ['is down', { block: [/cdn\.mxpnl\.com/] }],
  ]) {
    test(`tag: the SDK's CDN ${what}: said once, calls kept`, () =>
      harness.during({ form: 'tag', cmp: 'klaro', connect: { cmp: 'klaro' }, ...given, before: CALLS }, async (v) => {
        await v.answer('yes', { by: 'api' });
        await v.until({ consent: 'granted', code: 'sdk-failed' });
        await v.call('track', 'Later');
        await v.settle(600);
        assert.equal((await v.state()).held, 3);
        assert.equal(reports(v, 'sdk-failed'), 1);
        nothingSent(v);
        // An answer that is no script is the browser's to complain of.
        assert.deepEqual(v.errors.filter((error) => error && !/Unexpected token '<'|^Script error\.$/.test(error)), []);
      }));
  }

  for (const [what, body] of [
    ['is not there', { status: 404, body: 'not here' }],
    ['is something else', { contentType: 'text/javascript', body: 'export const nothing = 1;' }],
  ])
    test(`drive.js ${what}: said once, calls kept`, () =>
      harness.during({ ...using('klaro'), answerWith: [['**/dist/drive.js', body]], config: EVERYTHING, calls: CALLS }, async (v) => {
        await v.answer('yes', { by: 'api' });
        await v.until({ consent: 'granted', code: 'sdk-failed' });
        await v.settle(400);
        assert.equal((await v.state()).held, CALLS.length);
        assert.equal(reports(v, 'sdk-failed'), 1);
        nothingSent(v);
        assert.deepEqual(v.code(), []);
        noPageError(v);
        await v.answer('no', { by: 'api' });
        await v.until(off);
        await swept(v, { record: true });
      }));

  test('who has refused loads nothing that drives an SDK, until a yes', () =>
    harness.during({ ...using('klaro'), config: EVERYTHING, calls: CALLS }, async (v) => {
      const driver = (visit) => visit.asked.filter(({ url }) => url.endsWith('/dist/drive.js')).length;
      await v.until({ code: 'cmp-asking' });
      await v.answer('no', { by: 'api' });
      await v.until(off);
      // It may have come while the visitor was asked.
      const before = driver(v);
      await v.reload();
      await v.until(off);
      await v.settle(300);
      assert.equal(driver(v), before);
      await v.answer('yes', { by: 'api' });
      await v.until(on);
      assert.equal(driver(v), before + 1);
    }));

  // ---- consent managers ----------------------------------------------------------------------

  test('a consent manager that fires ten thousand events: it is looked at a few times, the page goes on, and what is said amid them holds', () =>
    harness.during(
      {
        ...using('klaro'),
        // Those whose events it fires are listened to though they are not there.
        connect: { cmp: ['auto', 'onetrust', 'cookieyes'] },
        // Every look of any bridge comes by here. It is not one of the clock's that hears.
        init: "window.__looks = 0; const later = setTimeout; window.setTimeout = (f, ms, ...rest) => (ms >= 60 && /dist/.test(new Error().stack) ? 0 : later(f, ms, ...rest)); Object.defineProperty(window, 'OnetrustActiveGroups', { get() { window.__looks += 1; } });",
        calls: [['track', 'Held']],
      },
      async (v) => {
        await v.page.waitForFunction(() => window.__cmpReady);
        const storm = (method) =>
          v.page.evaluate((name) => {
            const median = (list) => list.sort((a, b) => a - b)[list.length >> 1];
            const fire = (names) => {
              const from = performance.now();
              for (let i = 0; i < 1_000; i += 1) for (const one of names) (i % 2 ? document : window).dispatchEvent(new Event(one));
              return performance.now() - from;
            };
            const [told, one] = [[], []];
            // What one look costs here and now: each of these is one.
            for (let round = 0; round < 9; round += 1) {
              const from = performance.now();
              for (let i = 0; i < 25; i += 1) document.dispatchEvent(new Event('visibilitychange'));
              one.push((performance.now() - from) / 25);
            }
            const before = window.__looks;
            for (let round = 0; round < 5; round += 1) {
              told.push(fire(['cookieyes_consent_update', 'OneTrustGroupsUpdated']));
              if (round === 2) window.__manager.api[name]();
            }
            const looks = window.__looks - before;
            return { looks, told: median(told), one: median(one) };
          }, method);
        const check = ({ looks, told, one }) => {
          assert.ok(looks < 100, `${looks} looks`);
          assert.ok(told < 400 * one, `2,000 events took ${told} ms, and one look takes ${one} ms`);
        };
        const yes = await storm('acceptAll');
        await v.until(on);
        check(yes);
        await v.settle();
        sentTimes(v, { Held: 1 });
        const since = v.mark();
        const no = await storm('rejectAll');
        await v.until(off);
        check(no);
        await v.call('track', 'Unwanted');
        await v.settle(900);
        nothingSent(v, since);
        await swept(v);
        assert.equal(v.console.filter(({ text }) => text.includes('mixpanel-consent-bridge')).length, 0);
        noPageError(v);
      },
    ));

  test('a consent manager that calls back while it is read, and answers while it is answered', () =>
    harness.during(
      {
        ...using('fake-onetrust'),
        calls: [['track', 'Held']],
        init: `window.__depth = 0; window.__deepest = 0;
          const noisy = () => { if (__depth > 30) return; __depth += 1; __deepest = Math.max(__deepest, __depth); window.dispatchEvent(new CustomEvent('OneTrustGroupsUpdated', { detail: [] })); window.__quiet || (window.__tracked = (window.__tracked ?? 0) + 1) > 300 || window.__mp?.track('Amid'); __depth -= 1; };
          window.__noisy = () => { const groups = window.OnetrustActiveGroups; Object.defineProperty(window, 'OnetrustActiveGroups', { configurable: true, get() { noisy(); return this.__groups ?? groups; }, set(value) { this.__groups = value; } }); };`,
      },
      async (v) => {
        await v.page.evaluate(() => window.__noisy());
        await v.settle(300);
        nothingSent(v);
        await v.answer('yes', { by: 'api' });
        await v.until(on);
        await v.settle();
        const deepest = await v.page.evaluate(() => window.__deepest);
        assert.ok(deepest > 0 && deepest < 10, `it called back, and came ${deepest} deep`);
        sentTimes(v, { Held: 1 });
        // What was tracked is on its way; from here on it calls back, and tracks no more.
        await v.page.evaluate(() => { window.__quiet = true; });
        await v.settle();
        await v.answer('no', { by: 'api' });
        await v.until(off);
        const since = v.mark();
        await v.call('track', 'Unwanted');
        await v.settle(900);
        nothingSent(v, since);
        noPageError(v);
      },
    ));

  for (const [id, what, script] of [
    ['klaro', 'drops its watchers', 'window.klaro.getManager().watchers.clear()'],
    ['google-consent-mode', 'puts another push into the dataLayer', 'window.dataLayer.push = (...given) => Array.prototype.push.apply(window.dataLayer, given)'],
    ['orejime', 'forgets who listens', 'window.orejime.manager.off?.(), window.orejime.manager.listeners && (window.orejime.manager.listeners = {})'],
  ]) {
    test(`${id} ${what}: a withdrawal is still heard`, { skip: ENGINE === 'webkit' && 'DIFFERENCE: it does not tell of cookies, so what the page silences is seen at the next click, key or return to the page' }, () =>
      harness.during({ ...using(id), calls: [['track', 'Held']] }, async (v) => {
        await v.answer('yes', { by: 'api' });
        await v.until({ mode: 'on' });
        await v.settle(300);
        await v.page.evaluate(script);
        await v.answer('no', { by: 'api' });
        await v.until(off);
        await v.settle(900);
        const since = v.mark();
        await v.call('track', 'Unwanted');
        await v.settle(600);
        nothingSent(v, since);
        await swept(v);
        noPageError(v);
      }));
  }

  test('a stub was listened to, and the library that takes its place comes late: a refusal is heard', () =>
    harness.during({ ...using('iab-gpp', { when: 'beside', options: { late: 700 } }), connect: {}, calls: [['track', 'Held']] }, async (v) => {
      // It is asked as long as it is a stub.
      await v.page.waitForFunction(() => window.__gpp?.('events')?.length > 0);
      await v.answer('no', { by: 'api' });
      await v.until({ mode: 'off', consent: 'implied-denied' });
      const since = v.mark();
      await v.call('track', 'Unwanted');
      await v.settle(600);
      nothingSent(v, since);
      noPageError(v);
    }));

  // ---- the language --------------------------------------------------------------------------

  const POLLUTED = `
    for (const [owner, names] of [[Object.prototype, ['last', 'pending', 'token', 'cmp', 'consent', 'granted', 'record', 'config', 'window', 'debug', 'people', 'early', 'target', 'live', 'stub', 'site', 'code']], [Array.prototype, ['last', 'remove', 'granted']]])
      for (const name of names) {
        const value = name === 'debug' || name === 'granted' ? true : name === 'record' ? 'cookie' : name === 'config' ? { debug: true } : name === 'pending' ? 'drop' : function polluted() {};
        Object.defineProperty(owner, name, { configurable: true, enumerable: true, writable: true, value });
      }`;
  for (const form of ['loader', 'tag']) {
    test(`${form}: Object.prototype and Array.prototype are polluted: no option is set by it, and all works`, { skip: ENGINE === 'webkit' && 'DIFFERENCE: its driver runs scripts of its own in the page, and they do not survive this' }, () =>
      harness.during(
        // The site's own dialog: a consent manager's scripts may not be up to it.
        { ...using('manual'), form, init: POLLUTED, calls: [['track', 'Held']] },
        async (v) => {
          await works(v);
          assert.equal((await v.page.evaluate((token) => Object.keys(localStorage).filter((key) => key.endsWith(token)).length > 0, TOKEN)), true);
          assert.deepEqual(v.errors.filter((error) => /dist\/|bridge/.test(error)), []);
        },
      ));
  }

  // Names that the language itself reads of any object. With the last three no version of the SDK starts.
  for (const form of ['loader', 'tag'])
    for (const [name, value, sentence] of [
      ['default', 'function () {}', null],
      ['get', 'function () {}', /descriptor/],
      ['set', 'function () {}', /descriptor/],
      ['get', "'x'", /Getter must be a function/],
    ])
      test(`${form}: Object.prototype.${name} is ${value}: ${sentence ? 'it stays shut and says why' : 'all works'}, and no call of the page's throws`, { skip: ENGINE !== 'chromium' && 'DIFFERENCE: its driver runs scripts of its own in the page, and they do not survive this' }, () =>
        harness.during(
          // Below what the test itself has in the page.
          { ...using('manual'), form, head: `<script>Object.prototype.${name} = ${value};</script>`, calls: [['track', 'Held']] },
          async (v) => {
            if (!sentence) return works(v);
            await v.page.evaluate(() => { window.__bridge.grant(); window.__bridge.mixpanel.people.set('a', 1); window.__bridge.mixpanel.track('Later'); });
            for (const end = Date.now() + 5_000; !v.console.some(({ text }) => sentence.test(text)) && Date.now() < end;) await pause(50);
            assert.ok(v.console.some(({ text }) => sentence.test(text) && /mixpanel-consent-bridge: (sdk-failed|attribute-invalid)|\(mixpanel-consent-bridge: attribute-invalid\)/.test(text)), v.console.map(({ text }) => text).join(' | '));
            nothingSent(v);
            assert.equal((await v.state()).mode, 'off');
            assert.equal(await v.thrown(), undefined);
            noPageError(v);
          },
        ));

  for (const [what, init] of [
    ['JSON.parse and JSON.stringify wrapped, as by a debugger', 'const { parse, stringify } = JSON; JSON.parse = function (...given) { return parse.apply(JSON, given); }; JSON.stringify = function (...given) { return stringify.apply(JSON, given); };'],
    ['fetch answers nothing', 'window.fetch = () => {};'],
    ['fetch throws', "window.fetch = () => { throw new Error('mine'); };"],
    ['Promise is another one, whose then is synchronous', `{
      const Native = Promise;
      window.Promise = class Sync extends Native { static get [Symbol.species]() { return Native; } };
    }`],
    ['Promise cannot be constructed', `{
      // For whom it is the bridge's; the browser's driver makes some too.
      const Native = Promise;
      const mine = () => { if (/dist\\/(index|core|bridge)/.test(new Error().stack)) { window.__refused = true; throw new Error('mine'); } };
      window.Promise = class extends Native { constructor(f) { mine(); super(f); } static get [Symbol.species]() { return Native; } };
      window.Promise.resolve = (value) => (mine(), Native.resolve(value));
    }`],
    ['structuredClone throws', "window.structuredClone = () => { throw new Error('mine'); };"],
    ['setTimeout passes no arguments on', 'const real = setTimeout; window.setTimeout = (f, ms) => real(() => f(), ms);'],
  ]) {
    test(`${what}: all works`, () =>
      harness.during({ ...using('klaro'), form: 'object', sdk: '2.65.0', init, connect: { cmp: 'klaro', receiptEndpoint: '/receipts' }, calls: [['track', 'Held']] }, async (v) => {
        await works(v);
        assert.deepEqual(v.errors, []);
      }));
  }

  test('JSON.parse throws: shut, said once', () =>
    harness.during({ ...using('klaro'), init: "addEventListener('load', () => {}); window.__break = () => { JSON.parse = () => { throw new Error('mine'); }; };", head: '<script>__break()</script>', calls: CALLS }, async (v) => {
      await v.page.evaluate(() => window.__manager.api.acceptAll()).catch(() => {});
      await v.settle(700);
      nothingSent(v);
      await closed(v, 'core-unavailable');
      assert.equal(reports(v, 'core-unavailable'), 1);
      noPageError(v);
    }));

  test('the page freezes everything that it is given: all works', () =>
    harness.during(
      {
        ...using('klaro'),
        calls: [['track', 'Held']],
        lines: `const deep = (value, seen = new Set()) => {
            if (Object(value) !== value || seen.has(value) || value instanceof Promise) return value;
            seen.add(value);
            for (const key of Reflect.ownKeys(value)) try { deep(value[key], seen); } catch {}
            try { return Object.freeze(value); } catch { return value; }
          };
          deep(window.__bridge); window.__frozen = Object.isFrozen(window.__bridge) && Object.isFrozen(window.__bridge.mixpanel.people);
          window.__bridge.subscribe((state) => deep(state)); window.__explained = async () => { deep(await window.__bridge.explain()); deep(window.__bridge.receipts()); };`,
      },
      async (v) => {
        assert.equal(await v.page.evaluate(() => window.__frozen), true);
        await v.until({ code: 'cmp-asking' });
        // What the consent manager was found to hold is its own, and not to be frozen with ours.
        await v.page.evaluate(() => window.__explained());
        await works(v);
        noPageError(v);
      },
    ));

  for (const [what, code] of [
    ['has log() alone', 'console = { log() {} }'],
    ['throws', "console.warn = () => { throw new Error('mine'); }"],
    ['is gone', "Object.defineProperty(window, 'console', { value: undefined })"],
  ])
    test(`the page's console ${what}: what is to be reported takes nothing down`, () =>
      harness.during({ form: 'object', cmp: undefined, connect: { cmp: 'manual' } }, async (v) => {
        await v.page.evaluate(() => window.__bridge.grant());
        await v.until({ mode: 'on' });
        await v.page.evaluate((code) => {
          new Function(code)();
          // That is to be reported.
          Storage.prototype.setItem = () => { throw new Error('mine'); };
          window.__bridge.mixpanel.init('a token');
          window.__bridge.deny();
          window.__bridge.mixpanel.track('After');
        }, code);
        await v.until(off);
        await v.settle(700);
        assert.deepEqual(v.names(), []);
        noPageError(v);
      }));

  test('a page that lets no cookie be written, and the flag of a no in one: grant() does not throw, and a no shuts', () =>
    harness.during({
      form: 'object', cmp: undefined, connect: { cmp: 'manual' }, seed: { cookies: [{ name: `__mp_opt_in_out_${TOKEN}`, value: '0' }] },
      init: "const { get } = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie'); Object.defineProperty(Document.prototype, 'cookie', { configurable: true, get, set() { throw new Error('mine'); } });",
    }, async (v) => {
      await v.until({ code: 'manual-unset' });
      const states = await v.page.evaluate(() => {
        window.__bridge.grant();
        const { consent } = window.__bridge.state;
        window.__bridge.deny();
        window.__bridge.mixpanel.track('After');
        return [consent, window.__bridge.state.consent];
      });
      assert.deepEqual(states, ['granted', 'denied']);
      await v.settle(700);
      assert.deepEqual(v.names(), []);
      assert.ok(v.errors.every((error) => error.includes('mine')), v.errors.join());
    }));

  // What a no does to the SDK is several steps, and each may meet what the page has made of it.
  for (const [what, code] of [
    ['its configuration is frozen', 'Object.freeze(sdk.config)'],
    ['its persistence is frozen', 'Object.freeze(sdk.persistence)'],
    ['set_config() throws', "sdk.set_config = () => { throw new Error('mine'); }"],
    ['opt_out_tracking() throws', "sdk.opt_out_tracking = () => { throw new Error('mine'); }"],
    ['its address throws', "Object.defineProperty(sdk.config, 'api_host', { get() { throw new Error('mine'); } })"],
  ])
    test(`at a no ${what}: the rest is done, and nothing throws into the page`, () =>
      harness.during({ form: 'object', cmp: undefined, connect: { cmp: 'manual' }, config: { autocapture: true, track_pageview: 'full-url' }, lines: "window.__sdk = (await import('/sdk/' + S.sdk + '/module.js')).default;" }, async (v) => {
        await v.page.evaluate(() => window.__bridge.grant());
        await v.until({ mode: 'on' });
        await v.settle();
        await v.page.evaluate((code) => {
          new Function('sdk', code)(window.__sdk);
          window.__bridge.deny();
          window.__bridge.mixpanel.track('After');
        }, code);
        const since = v.mark();
        await v.page.click('#buy');
        await v.page.evaluate(() => history.pushState({}, '', '?more'));
        await v.settle(900);
        await v.until(off);
        nothingSent(v, since);
        noPageError(v);
      }));

  // A tag that throws leaves the snippet below it alone: it may not find Mixpanel's place empty.
  for (const [what, init, works] of [
    ['window.Document is another, as MooTools has it', 'window.Document = function () {};', true],
    ['Array.prototype.flat and Promise.prototype.finally are gone', 'delete Array.prototype.flat; delete Promise.prototype.finally;', true],
    ['what every script has is frozen', '[Object, Array, Function, Error, Promise, Map, RegExp].forEach((one) => { Object.freeze(one); Object.freeze(one.prototype); });', true],
    ['Proxy is gone', 'delete window.Proxy;', false],
    ['Symbol.for throws', "Symbol.for = () => { throw new Error('mine'); };", false],
    ['document.currentScript has no getter', 'delete Document.prototype.currentScript;', false],
  ])
    test(`tag: ${what}: nothing before a yes, and ${works ? 'all works' : 'it stays shut, and the page runs'}`, () =>
      harness.during(
        { form: 'tag', cmp: undefined, connect: { cmp: 'manual' }, init, before: [['track', 'Early'], ['people.set', { plan: 'gold' }], ['identify', 'user-7']] },
        async (v) => {
          await v.settle(700);
          nothingSent(v);
          nothingWritten(v);
          // The tag's own failure may be seen; the page's own lines do not fail.
          assert.deepEqual(v.errors.filter((error) => !/dist\/bridge/.test(error)), []);
          assert.equal(await v.page.evaluate(() => window.mixpanel.has_opted_out_tracking?.() ?? true), !works);
          if (works) {
            await v.page.evaluate(() => window.mixpanelConsent.grant());
            await v.until({ mode: 'on' });
            await v.settle();
            assert.ok(v.names().includes('Early'), v.names().join());
          }
        },
      ));

  test('module: Array.prototype.flat and Promise.prototype.finally are gone: connect() does not throw, and a yes opens', () =>
    harness.during({ form: 'loader', cmp: undefined, connect: { cmp: ['manual'] }, init: 'delete Array.prototype.flat; delete Promise.prototype.finally;', calls: [['track', 'Early']] }, async (v) => {
      assert.equal(await v.thrown(), undefined);
      await v.page.evaluate(() => window.__bridge.grant());
      await v.until({ mode: 'on' });
      await v.settle();
      assert.ok(v.names().includes('Early'), v.names().join());
    }));

  // docs/limits.md names these. Gone for as long as connect() runs: the test itself cannot do without them.
  for (const [owner, name] of [['window', 'Map'], ['window', 'Set'], ['window', 'Proxy'], ['Symbol', 'for'], ['Array.prototype', 'includes']])
    test(`module: ${owner}.${name} is gone: connect() throws, and Mixpanel does not start`, () =>
      harness.during({ form: 'none', bridge: false, cmp: undefined, connect: { cmp: 'manual' } }, async (v) => {
        const thrown = await v.page.evaluate(async ([owner, name]) => {
          const holder = new Function(`return ${owner}`)();
          const kept = holder[name];
          const load = () => import('mixpanel-consent-bridge');
          const { connect } = owner === 'Symbol' ? {} : await load();
          delete holder[name];
          try {
            (connect ?? (await load()).connect)({ token: window.S.token, cmp: 'manual', config: window.S.config, mixpanel: () => import('/sdk/2.83.0/module.js') });
          } catch (error) {
            return error.name;
          } finally {
            Object.defineProperty(holder, name, { value: kept, configurable: true, writable: true });
          }
        }, [owner, name]);
        assert.match(String(thrown), /^(Type|Reference)Error$/);
        await v.settle(400);
        nothingSent(v);
        nothingWritten(v);
        assert.deepEqual(v.code(), []);
      }));

  test('tag: the page freezes what it finds at window.mixpanel: all works', () =>
    harness.during({ form: 'tag', cmp: 'klaro', connect: { cmp: 'klaro' }, before: [['track', 'Held']] }, async (v) => {
      await v.page.evaluate(() => {
        Object.freeze(window.mixpanel);
        Object.freeze(window.mixpanel.people);
        Object.freeze(window.mixpanelConsent);
      });
      await works(v);
      noPageError(v);
    }));
});
