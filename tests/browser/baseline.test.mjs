// Mixpanel alone, told about consent as its documentation says: what it does then. Two uses.
// It proves that the harness sees what the promise tests say does not happen, and it is the
// comparison that the README makes. Not a judgement of Mixpanel: opting out by default does
// what it says, and says less than sites take it to say.
// Each assertion is true of the SDK as published; when one fails with a later SDK, the README
// and the driver have to be looked at again.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { EVERYTHING, PAGES, TOKEN, ageQueues, ageRecordings, crash, identityCookie, open, optOutFlag, pause } from './harness/index.mjs';

const VERSIONS = ['2.45.0', '2.65.0', '2.83.0'];
const BY_DEFAULT = { opt_out_tracking_by_default: true };
const COOKIE = `cookie ${identityCookie(TOKEN)}`;
const FLAG = `local ${optOutFlag(TOKEN)}`;

let harness;
before(async () => {
  harness = await open();
});
after(() => harness.close());

describe('Mixpanel by itself', { concurrency: PAGES }, () => {
  for (const sdk of VERSIONS) {
    for (const form of ['bare-module', 'bare-snippet']) {
      test(`${sdk} ${form}: opted out by default, and the id cookie and a flag are there before an answer`, () =>
        harness.during({ form, sdk, config: BY_DEFAULT, before: [['track', 'Early']] }, async (v) => {
          await v.settle();
          const { mixpanel, cookies } = await v.stored();
          assert.ok(mixpanel.includes(COOKIE), mixpanel.join());
          assert.ok(mixpanel.includes(FLAG), mixpanel.join());
          assert.equal(cookies[0].domain, `.${harness.server.domain}`);
          assert.match(decodeURIComponent(cookies[0].value), /"distinct_id"/);
          assert.deepEqual(v.sent(), []);
        }));
    }
  }

  for (const sdk of VERSIONS) {
    test(`${sdk}: a probe key is written and removed in the same task, and the hooks see it`, () =>
      harness.during({ form: 'bare-module', sdk, config: { ...BY_DEFAULT, opt_out_persistence_by_default: true } }, async (v) => {
        await v.settle();
        const kinds = (pattern) => v.writes('mixpanel').filter(({ name }) => pattern.test(name)).map(({ kind }) => kind);
        assert.deepEqual(kinds(/^__mplss_/).slice(0, 2), ['local-set', 'local-remove']);
        assert.ok(kinds(/^mp_.*_mixpanel$/).includes('cookie-set'), 'the id cookie is written');
        const { mixpanel } = await v.stored();
        assert.ok(!mixpanel.includes(COOKIE), 'and is gone when one looks afterwards');
        assert.ok(!mixpanel.some((name) => /__mplss_/.test(name)));
      }));
  }

  for (const sdk of ['2.65.0', '2.83.0']) {
    test(`${sdk}: flags are fetched, with the visitor's ids, while opted out by default`, () =>
      harness.during({ form: 'bare-module', sdk, config: { ...BY_DEFAULT, ...EVERYTHING } }, async (v) => {
        await v.settle();
        assert.deepEqual(v.sent().map(({ route }) => route), ['flags']);
        assert.match(JSON.stringify(v.sent()[0].context), /distinct_id/);
      }));
  }

  for (const sdk of VERSIONS) {
    test(`${sdk}: a queue left by an earlier visit leaves at an opted-out start`, async () => {
      const earlier = await harness.visit({ form: 'bare-module', sdk, config: { batch_flush_interval_ms: 60_000 } });
      try {
        await earlier.call('people.set', { plan: 'gold' });
        await earlier.call('identify', 'user-7');
        await earlier.settle(300);
        await crash(earlier);
        await ageQueues(earlier);
        const v = await harness.visit({ form: 'bare-module', sdk, config: BY_DEFAULT, after: earlier });
        await v.settle();
        assert.ok(v.sent().some(({ route }) => route === 'engage'), JSON.stringify(v.sent()));
      } finally {
        await earlier.close();
      }
    });

    test(`${sdk}: a stored opt-in of an earlier visit beats opting out by default`, () =>
      harness.during(
        { form: 'bare-module', sdk, config: BY_DEFAULT, before: [['track', 'Early']], seed: { local: { [optOutFlag(TOKEN)]: '1' } } },
        async (v) => {
          await v.settle();
          assert.deepEqual(v.names(), ['Early']);
        },
      ));

    test(`${sdk}: set_config brings the cookie back after opting out`, () =>
      harness.during({ form: 'bare-module', sdk, config: BY_DEFAULT }, async (v) => {
        await v.call('opt_out_tracking');
        await v.settle(300);
        assert.ok(!(await v.stored()).mixpanel.includes(COOKIE));
        await v.call('set_config', { debug: false });
        await v.settle(300);
        assert.ok((await v.stored()).mixpanel.includes(COOKIE));
      }));
  }

  test('2.83.0: withdrawal by opt_out_tracking leaves tab ids and databases, and the old id comes back with a late $delete', () =>
    harness.during({ form: 'bare-module', config: EVERYTHING }, async (v) => {
      await v.call('identify', 'user-7');
      await v.call('people.set', { plan: 'gold' });
      await v.settle();
      await v.call('opt_out_tracking');
      const gone = v.mark();
      await v.settle();
      const { mixpanel } = await v.stored();
      assert.ok(mixpanel.some((name) => name.startsWith('session mp_tab_id_')), mixpanel.join());
      assert.ok(mixpanel.includes('idb mixpanelFlagsDb'), mixpanel.join());
      assert.deepEqual(v.sent(gone), []);

      await v.call('opt_in_tracking');
      await v.call('track', 'Again');
      await v.settle();
      assert.equal(v.events(gone).find(({ name }) => name === 'Again').distinctId, 'user-7');
      assert.ok(v.sent(gone).some(({ updates }) => updates.some((update) => '$delete' in update)), 'the late $delete');
    }));

  test('2.83.0: after opting out by default, opting in never sends the first page view', () =>
    harness.during({ form: 'bare-module', config: { ...BY_DEFAULT, track_pageview: true } }, async (v) => {
      await v.settle(300);
      await v.call('opt_in_tracking');
      await v.settle();
      assert.deepEqual(v.names(), ['$opt_in']);
    }));

  test('2.83.0: $opt_in is sent on every page of a visitor who said yes once, if the page opts in where the manager says so', () =>
    harness.during({ form: 'bare-module', config: BY_DEFAULT, before: [['opt_in_tracking']] }, async (v) => {
      await v.reload();
      await v.settle();
      assert.deepEqual(v.names(), ['$opt_in', '$opt_in']);
    }));

  test('2.83.0: a second tab still sends what it had queued when the first opts out', () =>
    harness.during({ form: 'bare-module', config: { batch_flush_interval_ms: 1_500 } }, async (v) => {
      const second = await v.tab('second');
      await v.ready(second);
      await v.callIn(second, 'track', 'Queued');
      await pause(100);
      await v.call('opt_out_tracking');
      const since = v.mark();
      await v.settle(2_500);
      assert.deepEqual(v.names(since), ['Queued']);
    }));

  test('2.83.0: a recording left by a closed tab leaves with the next start, under that start\'s id', async () => {
    const earlier = await harness.visit({ form: 'bare-module', config: { record_sessions_percent: 100, record_min_ms: 0 } });
    try {
      await earlier.page.click('#buy');
      await earlier.settle(1_000);
      assert.deepEqual(earlier.sent().filter(({ route }) => route === 'record'), []);
      await crash(earlier);
      await ageRecordings(earlier);
      await earlier.page.close();
      const v = await harness.visit({ form: 'bare-module', after: earlier, newTab: true });
      await v.settle(1_500);
      assert.deepEqual(v.sent().map(({ route }) => route).filter((route) => route === 'record'), ['record']);
    } finally {
      await earlier.close();
    }
  });

  test('2.83.0, everything on and nothing refused: the routes that the harness decodes', () =>
    harness.during(
      { form: 'bare-module', config: { ...EVERYTHING, record_sessions_percent: 100, record_min_ms: 0 }, path: 'home?utm_source=letter', referer: 'http://search.test/' },
      async (v) => {
        await v.page.click('#buy');
        await v.call('track', 'Bought', { price: 3 });
        await v.call('identify', 'user-7');
        await v.call('people.set', { plan: 'gold' });
        await v.settle(11_000, 13_000);
        const routes = new Set(v.sent().map(({ route }) => route));
        assert.deepEqual([...routes].sort(), ['engage', 'flags', 'record', 'track']);
        const bought = v.events().find(({ name }) => name === 'Bought');
        assert.equal(bought.properties.price, 3);
        assert.match(bought.url, /utm_source=letter/);
        assert.equal(bought.properties.utm_source, 'letter');
        assert.equal(bought.properties.$referrer, 'http://search.test/');
        assert.ok(Math.abs(bought.time * 1000 - Date.now()) < 60_000);
        assert.ok(v.names().includes('$mp_web_page_view'));
        assert.ok(v.names().includes('$mp_click'));
        const record = v.sent().find(({ route }) => route === 'record');
        assert.ok(record.recording.events > 0);
        assert.equal(record.transport, 'fetch');
        assert.equal(v.sent().find(({ route }) => route === 'track').transport, 'xhr');
      },
    ));

  test('2.83.0 as it comes, batches of 5 s: what is queued leaves by beacon with the page', () =>
    harness.during({ form: 'bare-module', config: { batch_flush_interval_ms: undefined } }, async (v) => {
      await v.call('track', 'Queued');
      await v.settle(400);
      assert.deepEqual(v.names(), []);
      await v.leave();
      await v.settle();
      assert.deepEqual(v.names(), ['Queued']);
      assert.equal(v.sent()[0].transport, 'beacon');
    }));
});
