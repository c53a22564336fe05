// Promise 6. On a second yes: a new device id, no late `$delete`, no profile lost.
// What was broken to see these fail stands in breaks.mjs.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { EVERYTHING, PAGES, noDelete, noPageError, nothingSent, open, sentTimes, using } from './harness/index.mjs';

let harness;
before(async () => {
  harness = await open();
});
after(() => harness.close());

const VERSIONS = ['2.45.0', '2.65.0', '2.83.0'];
const answer = async (v, what) => {
  await v.answer(what, { by: 'api' });
  await v.until(what === 'yes' ? { consent: 'granted', mode: 'on' } : { consent: 'denied', mode: 'off' });
};

describe('on a second yes', { concurrency: PAGES }, () => {
  for (const sdk of VERSIONS) {
    for (const { form, start } of [
      { form: 'loader', start: 'deferred' }, { form: 'object', start: 'opted-out' }, { form: 'stub', start: 'deferred' },
      { form: 'tag', start: 'deferred' }, { form: 'initialised', start: 'deferred' },
    ]) {
      // The middle version meets each form in some promise, and not in each.
      if (sdk === '2.65.0' && !['loader', 'tag'].includes(form)) continue;
      for (const batched of [true, false]) {
        if (!batched && form !== 'loader') continue;
        test(`${sdk} as ${form}, ${start}${batched ? '' : ', unbatched'}, on the same page: another device, no $delete, nothing of before`, () =>
          harness.during(
            { form, sdk, cmp: 'klaro', connect: { cmp: 'klaro', start }, config: { ...EVERYTHING, ...(batched ? {} : { batch_requests: false }) } },
            async (v) => {
              await answer(v, 'yes');
              await v.call('identify', 'user-7');
              await v.call('register', { team: 'red' });
              await v.call('people.set', { plan: 'gold' });
              await v.call('track', 'One');
              await v.settle();
              const one = v.events().find(({ name }) => name === 'One');
              await v.call('track', 'Last moment');
              await answer(v, 'no');
              await v.settle(1_000);
              const since = v.mark();
              await answer(v, 'yes');
              await v.call('track', 'Two');
              await v.settle(1_000);
              sentTimes(v, { Two: 1, 'Last moment': 0, One: 0 }, since);
              const two = v.events(since).find(({ name }) => name === 'Two');
              assert.notEqual(two.distinctId, 'user-7');
              assert.notEqual(two.distinctId, one.distinctId);
              assert.notEqual(two.deviceId, one.deviceId);
              assert.equal(two.properties.$user_id, undefined);
              assert.equal(two.properties.team, undefined);
              noDelete(v);

              // The site names the person again, and everything goes on.
              await v.call('identify', 'user-7');
              await v.call('people.set', { plan: 'silver' });
              await v.settle();
              const updates = v.sent(since).flatMap((request) => request.updates);
              assert.ok(updates.some((update) => update.$set?.plan === 'silver' && update.$distinct_id === 'user-7'), JSON.stringify(updates));
              noDelete(v);
              noPageError(v);
              // And stays the same from here on.
              const reloaded = v.mark();
              await v.reload();
              await v.until({ mode: 'on' });
              await v.call('track', 'Three');
              await v.settle();
              const three = v.events(reloaded).find(({ name }) => name === 'Three');
              assert.equal(three.distinctId, 'user-7');
              assert.equal(three.deviceId, two.deviceId);
            },
          ));
      }
    }

    test(`${sdk}: the site itself had opted its visitor out before the bridge came: no $delete and no old id after the yes`, () =>
      harness.during({ ...using('klaro'), form: 'initialised', sdk, before: [['identify', 'user-7'], ['people.set', { plan: 'gold' }], ['opt_out_tracking']] }, async (v) => {
        await v.settle(800);
        await answer(v, 'yes');
        await v.call('track', 'Two');
        await v.settle(1_000);
        sentTimes(v, { Two: 1 });
        noDelete(v);
      }));
  }

  test('back and forth ten times: one event for each yes, each of another device, none for a no', () =>
    harness.during(using('klaro'), async (v) => {
      for (let n = 0; n < 5; n += 1) {
        await answer(v, 'yes');
        await v.call('track', `Yes ${n}`);
        await v.settle(300);
        await answer(v, 'no');
        await v.call('track', `No ${n}`);
      }
      await v.settle(1_000);
      assert.deepEqual(v.names().sort(), [0, 1, 2, 3, 4].map((n) => `Yes ${n}`));
      assert.equal(new Set(v.events().map(({ deviceId, distinctId }) => deviceId ?? distinctId)).size, 5);
      noDelete(v);
    }));

  // CookieFirst reloads in the task of its event. What stands of the no until the SDK is there, the next page would find beside the yes.
  test('the page reloads in the event of the yes, before the SDK is there: the yes holds', () =>
    harness.during({ ...using('fake-cookiefirst'), slow: [/\/sdk\//, 1_500] }, async (v) => {
      await answer(v, 'yes');
      await v.answer('no', { by: 'api' });
      await v.until({ consent: 'denied', mode: 'off' });
      await v.settle(500);
      await v.answer('yes', { by: 'api' });
      await v.until({ consent: 'granted', mode: 'on' });
      await v.call('track', 'Again');
      await v.settle(500);
      sentTimes(v, { Again: 1 });
      noDelete(v);
      noPageError(v);
    }));

  test('as fast as a machine can: the last answer is the one that holds', () =>
    harness.during({ ...using('klaro'), config: EVERYTHING }, async (v) => {
      await answer(v, 'yes');
      await v.settle(500);
      await v.page.evaluate(() => {
        for (let n = 0; n < 20; n += 1) {
          window.__manager.api.rejectAll();
          window.__mp.track('Between');
          window.__manager.api.acceptAll();
        }
        window.__manager.api.rejectAll();
      });
      const since = v.mark();
      await v.until({ consent: 'denied', mode: 'off' });
      await v.call('track', 'Unwanted');
      await v.settle(4_000, 8_000);
      sentTimes(v, { Between: 0, Unwanted: 0 });
      nothingSent(v, since);
      await answer(v, 'yes');
      await v.call('track', 'Wanted');
      await v.settle();
      sentTimes(v, { Wanted: 1, Unwanted: 0, Between: 0 });
      noDelete(v);
      noPageError(v);
    }));
});
