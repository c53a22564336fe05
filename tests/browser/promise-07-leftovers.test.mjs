// Promise 7. A stale `1` flag, a leftover queue or a leftover recording of an earlier visit never
// sends before the consent manager has spoken now. The earlier visit is a real one, that ended as a
// crash does; that these leftovers do send without the bridge is shown in baseline.test.mjs.
// What was broken to see these fail stands in breaks.mjs.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  EVERYTHING, PAGES, TOKEN, ageQueues, ageRecordings, closed, crash, noPageError, nothingSent, open, optOutFlag, sentTimes,
  swept, using,
} from './harness/index.mjs';

let harness;
before(async () => {
  harness = await open();
});
after(() => harness.close());

const VERSIONS = ['2.45.0', '2.65.0', '2.83.0'];
// The middle version meets each form in some promise, and not in each.
const MIDDLE = ['object', 'stub'];
const ROWS = VERSIONS.flatMap((sdk) => [
  { sdk, form: 'loader', start: 'deferred' },
  { sdk, form: 'object', start: 'opted-out' },
  { sdk, form: 'stub-init', start: 'deferred' },
  { sdk, form: 'stub', start: 'opted-out' },
  { sdk, form: 'tag', start: 'deferred' },
].filter(({ form }) => sdk !== '2.65.0' || MIDDLE.includes(form)));
const RECORDING = { record_sessions_percent: 100, record_min_ms: 0 };

/** An earlier visit that ended in the middle, and then `use` of the present one. */
async function afterwards(earlierConfig, leftovers, given, use) {
  const earlier = await harness.visit({ form: 'bare-module', sdk: given.sdk, config: earlierConfig });
  try {
    await leftovers(earlier);
    const v = await harness.visit({ cmp: 'klaro', connect: { cmp: 'klaro', start: given.start }, ...given, after: earlier });
    await use(v);
  } finally {
    await earlier.close();
  }
}

async function queue(earlier) {
  await earlier.call('track', 'Leftover');
  await earlier.call('people.set', { plan: 'leftover' });
  await earlier.call('identify', 'user-6');
  await earlier.settle(400);
  await crash(earlier);
  await ageQueues(earlier);
}

async function recordingLeft(earlier) {
  await earlier.page.click('#buy');
  await earlier.settle(1_000);
  await crash(earlier);
  await ageRecordings(earlier);
}

async function silentUntilAsked(v) {
  await v.page.click('#buy');
  await v.call('track', 'Held');
  await v.settle(1_200);
  nothingSent(v);
  await closed(v);
}

describe('leftovers of an earlier visit', { concurrency: PAGES }, () => {
  for (const row of ROWS) {
    const name = `${row.sdk} as ${row.form}, ${row.start}`;
    test(`${name}: a stored opt-in does not open anything`, () =>
      harness.during(
        { ...row, cmp: 'klaro', connect: { cmp: 'klaro', start: row.start }, config: { ...EVERYTHING, ...RECORDING }, seed: { local: { [optOutFlag(TOKEN)]: '1' } } },
        async (v) => {
          await silentUntilAsked(v);
          await v.answer('no');
          await v.until({ consent: 'denied' });
          await v.settle(900);
          nothingSent(v);
          await swept(v);
          noPageError(v);
        },
      ));

    test(`${name}: a queue stays shut until the visitor has answered, and goes with a no`, () =>
      afterwards({ batch_flush_interval_ms: 60_000 }, queue, { ...row, config: EVERYTHING }, async (v) => {
        await silentUntilAsked(v);
        await v.answer('no');
        await v.until({ consent: 'denied' });
        await v.settle(900);
        nothingSent(v);
        await swept(v);
      }));
  }

  for (const [sdk, form, start] of [['2.83.0', 'loader', 'deferred'], ['2.83.0', 'object', 'opted-out'], ['2.65.0', 'object', 'opted-out']]) {
    test(`${sdk} as ${form}, ${start}: a recording of a closed tab stays shut, and goes with a no`, () =>
      afterwards(
        RECORDING,
        recordingLeft,
        { sdk, form, start, config: { ...RECORDING } },
        async (v) => {
          await silentUntilAsked(v);
          await v.answer('no');
          await v.until({ consent: 'denied' });
          await v.settle(1_500);
          nothingSent(v);
          await swept(v);
        },
      ));
  }

  for (const form of ['loader', 'object'])
    test(`2.83.0 as ${form}, deferred: a recording of a closed tab does not leave with a yes`, () =>
      afterwards(
        RECORDING,
        recordingLeft,
        { sdk: '2.83.0', form, start: 'deferred', config: { ...RECORDING, record_sessions_percent: 0 } },
        async (v) => {
          await silentUntilAsked(v);
          await v.answer('yes', { by: 'api' });
          await v.until({ mode: 'on' });
          await v.settle(1_500);
          sentTimes(v, { Held: 1 });
          assert.deepEqual(v.sent().filter(({ route }) => route === 'record'), []);
        },
      ));

  for (const start of ['deferred', 'opted-out']) {
    test(`${start}: the earlier visit had opted in on its own, the visitor says yes now: the present page is sent once`, () =>
      afterwards({ batch_flush_interval_ms: 60_000 }, queue, { sdk: '2.83.0', form: 'loader', start, calls: [['track', 'Present']] }, async (v) => {
        await silentUntilAsked(v);
        await v.answer('yes');
        await v.until({ mode: 'on' });
        await v.settle(1_200);
        sentTimes(v, { Present: 1, Held: 1 });
        assert.ok(v.names().filter((one) => one === 'Leftover').length <= 1);
      }));

    test(`${start}: a stored opt-in and a consent manager that never comes: shut for good`, () =>
      harness.during({ connect: { start, cmpTimeout: 400 }, config: EVERYTHING, seed: { local: { [optOutFlag(TOKEN)]: '1' } } }, async (v) => {
        await v.call('track', 'Held');
        await v.settle(1_500);
        nothingSent(v);
        await closed(v, 'cmp-missing');
      }));
  }

  for (const [form, start] of [['loader', 'deferred'], ['object', 'opted-out'], ['tag', 'deferred']]) {
    test(`2.83.0 as ${form}, ${start}: an opt-out by the SDK's own means outlives a yes to the manager, until that is given again`, () =>
      harness.during({ form: 'bare-snippet', sdk: '2.83.0', cmp: 'klaro', calls: [['track', 'Earlier']] }, async (earlier) => {
        await earlier.answer('yes', { by: 'api' });
        await earlier.call('opt_out_tracking');
        await earlier.settle();
        assert.equal((await earlier.stored()).local[optOutFlag(TOKEN)], '0');
        const v = await harness.visit({ sdk: '2.83.0', form, cmp: 'klaro', connect: { cmp: 'klaro', start }, config: EVERYTHING, calls: [['track', 'Held']], after: earlier });
        await v.until({ consent: 'denied', code: 'opted-out' });
        await v.settle(900);
        nothingSent(v);
        await swept(v, { record: false });
        // Nor has the bridge recorded a yes.
        await v.reload();
        await v.until({ consent: 'denied', code: 'opted-out' });
        await v.answer('no', { by: 'api' });
        await v.until({ code: 'denied' });
        await v.answer('yes', { by: 'api' });
        await v.until({ mode: 'on' });
        await v.call('track', 'Sent');
        await v.settle();
        sentTimes(v, { Held: 0, Sent: 1 });
        await v.reload();
        await v.until({ mode: 'on' });
        noPageError(v);
      }));
  }
});
