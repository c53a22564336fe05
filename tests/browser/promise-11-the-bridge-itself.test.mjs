// Promise 11. The bridge itself writes only its consent record, only after an explicit answer, and
// never throws into the page.
// That it never throws is asserted in every file; here are the pages that make it hard.
// What was broken to see these fail stands in breaks.mjs.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { EVERYTHING, MANAGERS, PAGES, TOKEN, noPageError, open, using } from './harness/index.mjs';

let harness;
before(async () => {
  harness = await open();
});
after(() => harness.close());

const RECORD = `mixpanel-consent-bridge:${TOKEN}`;
// What consent managers write, in the set-up of www/managers; anything else is somebody's secret.
const THEIRS = /^(klaro|cc_cookie|c15t.*|privacy-consent-storage|eu-consent|euconsent-v2|cookieconsent_status|tarteaucitron.*|Optanon\w+|CookieConsent|demo-consent-mode)$/;

describe('the bridge itself', { concurrency: PAGES }, () => {
  for (const { id, form } of [...MANAGERS, { id: 'klaro', form: 'tag' }]) {
    const start = form || MANAGERS.findIndex((one) => one.id === id) % 2 ? 'deferred' : 'opted-out';
    const given = { ...using(id), ...(form && { form }) };
    test(`${id}${form ? ' and the tag' : ''}, ${start}: nothing before an answer, the record after it, and nobody else's name at any time`, () =>
      harness.during({ ...given, connect: { ...given.connect, start }, config: EVERYTHING }, async (v) => {
        await v.settle();
        assert.deepEqual(v.writes('bridge'), []);
        for (const what of ['yes', 'no', 'yes']) {
          await v.answer(what, { by: 'api' });
          await v.settle(700);
          await v.ready(v.page);
          await v.until({ consent: what === 'yes' ? 'granted' : 'denied' });
          const { bridge, local } = await v.stored();
          // What is no proof of an act is not kept as one.
          if (id === 'google-consent-mode') continue;
          assert.deepEqual(bridge, [`local ${RECORD}`]);
          assert.doesNotMatch(local[RECORD], /user|\$device|[0-9a-f]{8}-[0-9a-f]{4}/, 'no identifier in the record');
        }
        assert.ok(v.writes('bridge').every(({ kind, name }) => /^local-/.test(kind) && name === RECORD));
        const strange = v.writes('other').filter(({ name }) => !THEIRS.test(name));
        assert.deepEqual(strange.map(({ kind, name }) => `${kind} ${name}`), []);
        noPageError(v);
      }));
  }

  test('record: cookie keeps it in a cookie of the same name, and nowhere else', () =>
    harness.during({ ...using('klaro'), connect: { cmp: 'klaro', record: 'cookie' } }, async (v) => {
      await v.answer('yes');
      await v.until({ mode: 'on' });
      await v.settle();
      const { bridge, cookies } = await v.stored();
      assert.equal(bridge.length, 1, bridge.join());
      assert.match(bridge[0], /^cookie mixpanel-consent-bridge/);
      const cookie = cookies.find(({ name }) => name.startsWith('mixpanel-consent-bridge'));
      assert.ok(cookie.expires * 1000 > Date.now() + 30 * 86_400_000, 'kept longer than a month');
      await v.reload();
      await v.until({ mode: 'on' });
    }));

  test('record: none keeps nothing', () =>
    harness.during({ ...using('klaro'), connect: { cmp: 'klaro', record: 'none' } }, async (v) => {
      for (const what of ['yes', 'no']) {
        await v.answer(what, { by: 'api' });
        await v.settle(700);
        assert.deepEqual(v.writes('bridge'), []);
      }
    }));

  test('with a name it has a record of its own', () =>
    harness.during({ ...using('klaro'), name: 'second' }, async (v) => {
      await v.answer('yes');
      await v.until({ mode: 'on' });
      await v.settle();
      assert.deepEqual((await v.stored()).bridge, [`local ${RECORD}:second`]);
    }));

  test('a subscriber and a receipt handler of the page that throw: told, and nothing else happens', () =>
    harness.during(
      {
        ...using('klaro'),
        connect: { cmp: 'klaro' },
        lines: "window.__bridge.subscribe(() => { throw new Error('mine'); });",
        calls: [['track', 'Early']],
      },
      async (v) => {
        await v.answer('yes');
        await v.until({ mode: 'on' });
        await v.settle();
        assert.deepEqual(v.names(), ['Early']);
        noPageError(v);
      },
    ));

  test('calls with what no SDK takes: no error in the page while they are held, dropped or released', () =>
    harness.during(using('klaro'), async (v) => {
      const odd = () =>
        v.page.evaluate(() => {
          const circle = {};
          circle.self = circle;
          const throws = { get price() { throw new Error('mine'); } };
          const { __mp: mp } = window;
          mp.track();
          mp.track(null, circle);
          mp.track('Odd', throws);
          mp.track('Odd', { f() {}, symbol: Symbol('x'), node: document.body });
          mp.people.set(undefined);
          mp.identify();
          mp.register(null);
          mp.get_group('company', 1).set({ plan: 'gold' });
          mp.track_links('#link', 'Followed');
          mp.nothing?.();
        });
      await odd();
      await v.answer('yes');
      await v.until({ mode: 'on' });
      await v.settle();
      noPageError(v);
      await v.answer('no', { by: 'api' });
      await v.until({ mode: 'off' });
      await odd();
      await v.settle(400);
      noPageError(v);
    }));

  test('after disconnect() it listens to nothing, and is shut', () =>
    harness.during(using('klaro'), async (v) => {
      await v.answer('yes');
      await v.until({ mode: 'on' });
      await v.page.evaluate(() => window.__bridge.disconnect());
      await v.settle(400);
      const since = v.mark();
      await v.answer('no', { by: 'api' });
      await v.settle(1_500);
      const { mode, code } = await v.state();
      assert.deepEqual([mode, code], ['off', 'disconnected']);
      await v.call('track', 'After it');
      await v.settle(600);
      assert.ok(!v.names().includes('After it'));
      assert.deepEqual(v.writes('bridge', since), []);
      noPageError(v);
    }));
});
