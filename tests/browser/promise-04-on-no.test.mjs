// Promise 4. On no: held calls are dropped, and nothing of a denied time is ever sent later, by this
// page, by a later one, or after a yes.
// What was broken to see these fail stands in breaks.mjs.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { EVERYTHING, MANAGERS, PAGES, TOKEN, noPageError, nothingSent, open, optOutFlag, sentTimes, swept, using } from './harness/index.mjs';

let harness;
before(async () => {
  harness = await open();
});
after(() => harness.close());

const CALLS = [['track', 'Held'], ['people.set', { plan: 'held' }], ['register', { team: 'held' }], ['identify', 'held']];

async function deny(v) {
  await v.answer('no', { by: 'api' });
  await v.settle(700);
  await v.ready(v.page);
  await v.until({ consent: 'denied', mode: 'off' });
}

describe('on no', { concurrency: PAGES }, () => {
  // Each manager in one start; the walk goes through each in both.
  MANAGERS.forEach(({ id }, index) => {
    for (const start of [index % 2 ? 'deferred' : 'opted-out']) {
      const given = using(id);
      test(`${id}, ${start}: what was held and what comes after is gone, also after a later yes`, () =>
        harness.during({ ...given, connect: { ...given.connect, start }, config: EVERYTHING }, async (v) => {
          for (const [method, ...args] of CALLS) await v.call(method, ...args);
          assert.equal((await v.state()).held, CALLS.length);
          await deny(v);
          assert.equal((await v.state()).held, 0);
          await v.call('track', 'Denied');
          await v.page.click('#buy');
          await v.settle(900);
          nothingSent(v);
          await swept(v);
          if (start === 'deferred') assert.deepEqual(v.code(), [], 'the SDK is never fetched');

          const later = v.mark();
          await v.answer('yes', { by: 'api' });
          await v.until({ consent: 'granted', mode: 'on' });
          await v.call('track', 'Wanted');
          await v.settle();
          sentTimes(v, { Held: 0, Denied: 0, Wanted: 1 }, later);
          assert.doesNotMatch(JSON.stringify(v.sent(later)), /"held"/);
          // The clicks of the denied time are not among what autocapture sends.
          sentTimes(v, { $mp_click: 0 }, later);
          noPageError(v);
        }));
    }
  });

  for (const sdk of ['2.45.0', '2.65.0', '2.83.0']) {
    // The middle version meets each form in some promise, and not in each.
    for (const form of sdk === '2.65.0' ? ['object', 'tag'] : ['loader', 'object', 'stub', 'stub-init', 'initialised', 'tag']) {
      test(`${sdk} as ${form}: the same`, () =>
        harness.during({ form, sdk, cmp: 'klaro', connect: { cmp: 'klaro' }, calls: [['track', 'Held']] }, async (v) => {
          await deny(v);
          await v.call('track', 'Denied');
          await v.settle(900);
          const later = v.mark();
          nothingSent(v);
          await swept(v);
          await v.answer('yes', { by: 'api' });
          await v.until({ consent: 'granted', mode: 'on' });
          await v.call('track', 'Wanted');
          await v.settle();
          assert.deepEqual(v.names(later), ['Wanted']);
          noPageError(v);
        }));
    }
  }

  test('pages after a no: nothing, and a yes on one of them sends nothing of the others', () =>
    harness.during({ ...using('vanilla-cookieconsent'), calls: [['track', 'Page']] }, async (v) => {
      await deny(v);
      for (const path of ['two', 'three']) {
        await v.goto(path);
        await v.until({ mode: 'off', consent: 'denied' });
        await v.settle(400);
      }
      nothingSent(v);
      assert.deepEqual(v.code(), []);
      await v.answer('yes', { by: 'api' });
      await v.until({ mode: 'on' });
      await v.settle();
      sentTimes(v, { Page: 0 });
    }));

  test('a queue that stands on the device beside a no of an earlier visit is not sent by a yes', () => {
    const item = { id: 'a', flushAfter: 1, payload: { event: 'Leftover', properties: { token: TOKEN, distinct_id: 'old', time: 1_700_000_000 } } };
    const local = { [optOutFlag(TOKEN)]: '0', [`__mpq_${TOKEN}_ev`]: JSON.stringify([item]) };
    return harness.during({ ...using('klaro'), seed: { local } }, async (v) => {
      await v.answer('yes');
      await v.until({ mode: 'on' });
      await v.call('track', 'Wanted');
      await v.settle(1_500);
      assert.deepEqual(v.names(), ['Wanted']);
    });
  });

  test('denied: cookieless, where the site\'s counsel allows it: events leave, nothing is stored, no id lasts', () =>
    harness.during({ ...using('klaro'), connect: { cmp: 'klaro', denied: 'cookieless' }, config: EVERYTHING, calls: [['track', 'Held']] }, async (v) => {
      await v.answer('no');
      await v.until({ mode: 'cookieless', consent: 'denied' });
      await v.call('track', 'Denied');
      await v.settle(1_000);
      sentTimes(v, { Held: 0, Denied: 1 });
      assert.ok(v.sent().every(({ route }) => route === 'track'), 'neither flags nor recordings');
      await swept(v);
      const [first] = v.events();
      const since = v.mark();
      await v.reload();
      await v.until({ mode: 'cookieless' });
      await v.call('track', 'Denied');
      await v.settle(1_000);
      assert.notEqual(v.events(since)[0].distinctId, first.distinctId);
      await swept(v);
    }));
});
