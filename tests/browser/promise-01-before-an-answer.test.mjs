// Promise 1. Before an answer: no request, no Mixpanel code fetched (when a loader is given), no
// storage write, not even write-then-delete. With `start: 'opted-out'` the SDK is there and locked,
// and the one write is its own storage probe.
// Not here: what earlier visits left (promise 7), and what a default opens (promise 9).
// What was broken to see these fail stands in breaks.mjs.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  EVERYTHING, MANAGERS, PAGES, closed, noPageError, nothingSent, nothingStored, nothingWritten, nothingSet, open,
  using,
} from './harness/index.mjs';

const CALLS = [['track', 'Early', { n: 1 }], ['identify', 'user-7'], ['people.set', { plan: 'gold' }], ['register', { team: 'red' }]];
const VERSIONS = ['2.45.0', '2.65.0', '2.83.0'];
// The middle version meets each form in some promise, and not in each.
const MIDDLE = ['stub', 'stub-init'];
const CONFIG = { ...EVERYTHING, record_sessions_percent: 100, record_min_ms: 0 };

let harness;
before(async () => {
  harness = await open();
});
after(() => harness.close());

/** A visitor who reads on and answers nothing: moves, clicks, types, goes on, leaves. */
async function readOn(v) {
  await v.page.click('#buy');
  await v.page.fill('#field', 'text');
  await v.page.evaluate(() => history.pushState({}, '', location.pathname + '?page=2'));
  await v.call('track', 'Later');
  await v.settle(900);
}

describe('before an answer', { concurrency: PAGES }, () => {
  for (const { id } of MANAGERS) {
    test(`${id}, deferred: nothing is asked for, fetched or written`, () =>
      harness.during({ ...using(id), config: CONFIG, calls: CALLS }, async (v) => {
        await readOn(v);
        nothingSent(v);
        assert.deepEqual(v.code(), [], 'the SDK is not fetched');
        nothingWritten(v);
        await nothingStored(v);
        const state = await closed(v);
        assert.equal(state.consent, 'unset');
        assert.equal(state.held, CALLS.length + 1);
        noPageError(v);
        await v.leave();
        await v.settle(400);
        nothingSent(v);
        await nothingStored(v);
      }));
  }

  test('no consent manager at all, found automatically or not: the same', () =>
    harness.during({ config: CONFIG, calls: CALLS }, async (v) => {
      await readOn(v);
      nothingSent(v);
      nothingWritten(v);
      assert.deepEqual(v.code(), []);
      await v.until({ code: 'cmp-looking' });
      await closed(v, 'cmp-looking');
    }));

  for (const sdk of VERSIONS) {
    for (const row of [
      { form: 'object' }, { form: 'stub' }, { form: 'stub-init' }, { form: 'tag' }, { form: 'loader', name: 'second' },
    ].filter(({ form }) => sdk !== '2.65.0' || MIDDLE.includes(form))) {
      test(`${sdk} as ${row.form}${row.name ? ' with a name' : ''}, deferred: nothing leaves and nothing is kept`, () =>
        harness.during({ ...using('klaro'), ...row, sdk, config: CONFIG, calls: CALLS }, async (v) => {
          await readOn(v);
          nothingSent(v);
          nothingWritten(v);
          if (row.form === 'tag' || row.form === 'loader') assert.deepEqual(v.code(), []);
          await nothingStored(v);
          await closed(v);
          noPageError(v);
          await v.leave();
          await v.settle(400);
          nothingSent(v);
        }));
    }

    test(`${sdk} initialised by the site before the bridge: locked from then on, nothing leaves and nothing stays`, () =>
      harness.during({ ...using('klaro'), form: 'initialised', sdk, config: { track_pageview: true }, calls: CALLS }, async (v) => {
        // What the site's own `init` wrote and queued came before the bridge; that it goes is the bridge's.
        await readOn(v);
        await v.settle(3_500);
        nothingSent(v);
        const { mixpanel } = await v.stored();
        assert.deepEqual(mixpanel.filter((name) => !/^idb |__mp_opt_in_out_/.test(name)), []);
        await closed(v);
        noPageError(v);
      }));

    for (const form of sdk === '2.65.0' ? ['object'] : ['loader', 'object', 'stub']) {
      test(`${sdk} as ${form}, opted out: the SDK is there, locked, and sets nothing`, () =>
        harness.during(
          { ...using('klaro'), form, sdk, config: CONFIG, calls: CALLS, connect: { cmp: 'klaro', start: 'opted-out' } },
          async (v) => {
            await readOn(v);
            nothingSent(v);
            assert.ok(v.code().length > 0, 'the SDK is loaded');
            nothingSet(v);
            await nothingStored(v);
            await closed(v);
            noPageError(v);
            await v.leave();
            await v.settle(400);
            nothingSent(v);
          },
        ));
    }
  }

  for (const start of ['deferred', 'opted-out']) {
    test(`${start}, calls dropped and not held: nothing is kept for later`, () =>
      harness.during({ ...using('klaro'), config: CONFIG, calls: CALLS, connect: { cmp: 'klaro', start, pending: 'drop' } }, async (v) => {
        await readOn(v);
        nothingSent(v);
        assert.equal((await v.state()).held, 0);
        await v.answer('yes');
        await v.until({ mode: 'on' });
        await v.settle();
        assert.ok(!v.names().includes('Early') && !v.names().includes('Later'), v.names().join());
      }));

    // From 2.61 to 2.69 the SDK alone writes tab ids and makes a database, whatever it is told.
    for (const sdk of ['2.65.0', '2.83.0']) test(`${sdk}, ${start}, cookieless while pending: events leave, and nothing is stored`, () =>
      harness.during({ ...using('klaro'), sdk, config: CONFIG, calls: [['track', 'Early']], connect: { cmp: 'klaro', start, pending: 'cookieless' } }, async (v) => {
        await v.until({ mode: 'cookieless' });
        await readOn(v);
        assert.ok(v.names().includes('Early') && v.names().includes('Later'), v.names().join());
        assert.ok(v.sent().every(({ route }) => route === 'track'), 'neither flags nor recordings');
        nothingSet(v);
        await nothingStored(v);
        const [first] = v.events();
        const last = v.mark();
        await v.reload();
        await v.settle();
        assert.notEqual(v.events(last)[0].deviceId ?? v.events(last)[0].distinctId, first.deviceId ?? first.distinctId, 'an id lives for one page');
        await nothingStored(v);
      }));
  }

  test('record in a cookie: none before an answer', () =>
    harness.during({ ...using('klaro'), connect: { cmp: 'klaro', record: 'cookie' }, calls: CALLS }, async (v) => {
      await readOn(v);
      nothingWritten(v);
    }));
});
