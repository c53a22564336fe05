// What a page loads of the bridge: the adapters of the consent managers that it names, beside the
// core and not after it; with `auto` those of the managers that are there, when they are noticed; none
// for a dialog of the site's own; and nothing passes where they do not come.
// What was broken to see these fail stands in breaks.mjs.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ENGINE, PAGES, noPageError, nothingSent, open } from './harness/index.mjs';

let harness;
before(async () => {
  harness = await open();
});
after(() => harness.close());

import { partOf } from '../../tools/parts.mjs';

/** The file of an id's part. */
const part = (id) => `cmp-${partOf(id)}`;
/** A visitor's stored answers, of managers that are not on the page. */
const STORED = {
  yes: "document.cookie = 'cookie_notice_accepted=true; path=/'",
  no: "localStorage.setItem('klaro', JSON.stringify({ mixpanel: false }))",
};
const loaded = (v) => v.asked.map(({ url }) => /\/dist\/(cmp[^/]*)\.js/.exec(url)?.[1]).filter(Boolean).sort();

describe('what few pages need', { concurrency: PAGES }, () => {
  const asked = (v) => v.asked.map(({ url }) => /\/dist\/(explain|instances|cookie|post)\.js/.exec(url)?.[1]).filter(Boolean).sort();
  for (const [what, connect, wanted] of [
    ['a consent manager alone', { cmp: 'onetrust' }, []],
    ['a record in a cookie', { cmp: 'onetrust', record: 'cookie' }, ['cookie']],
    ['receipts that are posted', { cmp: 'onetrust', receiptEndpoint: '/receipts' }, ['post']],
    ['a dialog of the site\'s own', { cmp: 'manual' }, ['instances']],
    ['a consent manager that does not come, which is said', { cmp: 'onetrust', cmpTimeout: 100 }, ['explain']],
  ])
    test(`${what}: ${wanted.join(', ') || 'none'}`, () =>
      harness.during({ cmp: undefined, connect }, async (v) => {
        if (connect.cmpTimeout) await v.until({ code: 'cmp-missing' });
        else await v.page.waitForFunction(() => window.__bridge?.state.code !== 'starting');
        await v.settle(300);
        assert.deepEqual(asked(v), wanted);
        noPageError(v);
      }));

  for (const [file, connect] of [['cookie', { record: 'cookie' }], ['post', { receiptEndpoint: '/receipts' }], ['instances', { cmp: 'manual' }]])
    test(`${file}.js does not come: shut, and the file is named`, () =>
      harness.during({ cmp: undefined, connect: { cmp: 'onetrust', ...connect }, calls: [['track', 'Held']], block: [`**/dist/${file}.js`] }, async (v) => {
        await v.until({ code: 'core-unavailable' });
        assert.match((await v.state()).reason, new RegExp(`${file}\\.js`));
        nothingSent(v);
        noPageError(v);
      }));

  const asking = () => {
    const { __bridge: bridge } = window;
    const first = bridge.explain();
    const at = [first.code, String(first), first.sources];
    return Promise.resolve(first).then((whole) => [...at, whole.sources?.length, whole.sdk, String(bridge.explain()) === String(whole)], (error) => [...at, String(error)]);
  };
  test('explain() says the state at once, and awaited what was read; then it says all at once', () =>
    harness.during({ cmp: undefined, connect: {}, init: STORED.yes }, async (v) => {
      await v.page.waitForFunction(() => window.__bridge?.state.code === 'granted');
      assert.deepEqual(asked(v), []);
      const [code, text, none, sources, sdk, same] = await v.page.evaluate(asking);
      assert.deepEqual([code, none, sources, typeof sdk, same], ['granted', undefined, 1, 'string', true]);
      assert.match(text, /^The visitor said yes\. .*await explain\(\)/);
      noPageError(v);
    }));

  test('where explain.js does not come, who awaits it hears so, and nobody else', () =>
    harness.during({ cmp: undefined, connect: {}, init: STORED.no, block: ['**/dist/explain.js'] }, async (v) => {
      await v.page.waitForFunction(() => window.__bridge?.state.consent === 'denied');
      const [code, text, none, error] = await v.page.evaluate(asking);
      assert.deepEqual([code, none], ['denied', undefined]);
      assert.match(text, /^The visitor said no\./);
      assert.match(error, /explain\.js/);
      assert.equal((await v.state()).code, 'denied');
      noPageError(v);
    }));
});

describe('the chunks of a page', { concurrency: PAGES }, () => {
  for (const [what, cmp, wanted] of [
    ['one that is named', 'onetrust', [part('onetrust')]],
    ['two that are named', ['onetrust', 'didomi'], [part('onetrust'), part('didomi')].sort()],
    ['one beside a dialog of the site\'s own', ['manual', 'klaro'], [part('klaro')]],
    ['auto', undefined, ['cmp']],
    ['auto and one that is named', ['auto', 'onetrust'], ['cmp', part('onetrust')]],
    ['a dialog of the site\'s own', 'manual', []],
    ['an adapter of the site\'s own', { cookie: 'shop', granted: 'yes', denied: 'no' }, []],
  ])
    test(`${what}: ${wanted.join(', ') || 'none'}`, () =>
      harness.during({ cmp: undefined, connect: { ...(cmp && { cmp }), cmpTimeout: 300 } }, async (v) => {
        await v.page.waitForFunction(() => window.__bridge?.state.code !== 'starting');
        await v.settle(600);
        assert.deepEqual(loaded(v), wanted);
        noPageError(v);
      }));

  test('they are asked for before the core has come', { skip: ENGINE === 'webkit' && 'its page has not loaded before what its scripts import' }, () =>
    harness.during({ cmp: undefined, connect: { cmp: 'onetrust' }, held: /\/dist\/core\.js/ }, async (v) => {
      await v.page.waitForFunction(() => performance.getEntriesByType('resource').some(({ name }) => /cmp-\d+\.js/.test(name)));
      assert.equal((await v.state()).code, 'starting');
      v.letCome();
    }));

  for (const [what, given] of [
    ['404', { answerWith: [['**/dist/cmp-*.js', { status: 404, body: 'not here' }]] }],
    ['blocked', { block: ['**/dist/cmp-*.js'] }],
  ])
    test(`they do not come (${what}): shut, and the file is named`, () =>
      harness.during({ cmp: undefined, connect: { cmp: 'onetrust' }, calls: [['track', 'Held']], ...given }, async (v) => {
        await v.until({ code: 'core-unavailable' });
        assert.match((await v.state()).reason, new RegExp(`${part('onetrust')}\\.js`));
        nothingSent(v);
        noPageError(v);
      }));
});

describe('with auto, what is on the page', { concurrency: PAGES }, () => {
  const auto = { cmp: undefined, connect: { cmp: 'auto', cmpTimeout: 3000 }, calls: [['track', 'Held']] };
  const on = { mode: 'on', consent: 'granted' };
  const off = { mode: 'off', consent: 'denied' };

  test('a stored yes of a manager that is gone: its part alone, before anything is decided', () =>
    harness.during({ ...auto, init: STORED.yes }, async (v) => {
      await v.until({ consent: 'granted', cmp: 'cookie-notice' });
      assert.deepEqual(loaded(v), ['cmp', part('cookie-notice')]);
      assert.deepEqual([...new Set((await v.page.evaluate(() => window.__states)).map(({ code }) => code))].filter((code) => !/^(starting|granted|sdk-loading)$/.test(code)), []);
      noPageError(v);
    }));

  test('two stored answers: both parts, and the strictest holds', () =>
    harness.during({ ...auto, connect: { ...auto.connect, category: 'mixpanel' }, init: `${STORED.no}; ${STORED.yes}` }, async (v) => {
      await v.until({ code: 'cmp-disagree' });
      assert.deepEqual(loaded(v), ['cmp', part('klaro'), part('cookie-notice')].sort());
      nothingSent(v);
    }));

  test('a manager that arrives after seconds is noticed and followed', () =>
    harness.during({ ...auto, connect: { cmp: 'auto', cmpTimeout: 500 } }, async (v) => {
      await v.until({ code: 'cmp-missing' });
      assert.deepEqual(loaded(v), ['cmp']);
      await v.page.evaluate(() => { window.Cookiebot = { consent: { method: null, statistics: false }, hasResponse: false }; });
      await v.until({ code: 'cmp-asking' });
      assert.deepEqual(loaded(v), ['cmp', part('cookiebot')]);
      nothingSent(v);
      const say = (statistics) => v.page.evaluate((given) => {
        window.Cookiebot = { consent: { method: 'explicit', statistics: given }, hasResponse: true };
        window.dispatchEvent(new Event(given ? 'CookiebotOnAccept' : 'CookiebotOnDecline'));
      }, statistics);
      await say(true);
      await v.until(on);
      await say(false);
      await v.until(off);
      noPageError(v);
    }));

  test('a second manager that refuses, after a yes: what was open shuts', () =>
    harness.during({ ...auto, init: STORED.yes }, async (v) => {
      await v.until(on);
      await v.settle();
      assert.deepEqual(loaded(v), ['cmp', part('cookie-notice')]);
      const since = v.mark();
      await v.page.evaluate(() => { document.cookie = 'hu-consent=' + encodeURIComponent(JSON.stringify({ consent: true, consentLevel: 1, categories: { 1: true, 2: false, 3: false, 4: false } })) + '; path=/'; });
      await v.until({ mode: 'off' });
      assert.ok(loaded(v).includes(part('cookie-compliance')));
      await v.call('track', 'Unwanted');
      await v.settle(900);
      nothingSent(v, since);
    }));

  test('an event whose payload its adapter needs, before that has come', () =>
    harness.during({ ...auto, init: 'window.__ucCmp = { isInitialized: () => true }', held: /cmp-\d+\.js/ }, async (v) => {
      await v.page.waitForFunction(() => performance.getEntriesByType('resource').some(({ name }) => /cmp\.js/.test(name)));
      await v.settle(300);
      await v.page.evaluate(() => window.dispatchEvent(new CustomEvent('UC_CONSENT', { detail: {
        consent: { type: 'EXPLICIT' }, services: { a: { name: 'Mixpanel', consent: { given: true } } }, categories: { analytics: { state: 'ALL_ACCEPTED' } },
      } })));
      v.letCome();
      await v.until({ consent: 'granted', cmp: 'usercentrics' });
    }));

  for (const [what, given] of [
    ['404', { answerWith: [['**/dist/cmp-*.js', { status: 404, body: 'not here' }]] }],
    ['blocked', { block: ['**/dist/cmp-*.js'] }],
  ]) {
    test(`the part of what is there does not come (${what}): shut, and the file is named`, () =>
      harness.during({ ...auto, init: STORED.yes, ...given }, async (v) => {
        await v.until({ code: 'core-unavailable' });
        assert.match((await v.state()).reason, new RegExp(`${part('cookie-notice')}\\.js`));
        nothingSent(v);
        noPageError(v);
      }));

    test(`nor does that of one that arrives later (${what}): the same`, () =>
      harness.during({ ...auto, ...given }, async (v) => {
        await v.until({ code: 'cmp-looking' });
        await v.page.evaluate(STORED.yes);
        await v.until({ code: 'core-unavailable' });
        assert.match((await v.state()).reason, new RegExp(`${part('cookie-notice')}\\.js`));
        await v.call('track', 'Held too');
        await v.settle(600);
        nothingSent(v);
        noPageError(v);
      }));
  }

  test('nor does that of a second manager, after a yes: what was open shuts', () =>
    harness.during({ ...auto, init: STORED.yes, block: [`**/dist/${part('cookie-compliance')}.js`] }, async (v) => {
      await v.until(on);
      await v.settle();
      const since = v.mark();
      await v.page.evaluate(() => { document.cookie = 'hu-consent=%7B%7D; path=/'; });
      await v.until({ code: 'core-unavailable', mode: 'off' });
      await v.call('track', 'Unwanted');
      await v.settle(900);
      nothingSent(v, since);
      noPageError(v);
    }));
});
