// Promise 10. All tabs agree, after the back/forward cache as well. A tab's consent manager does
// not hear of another tab; the bridge does.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { EVERYTHING, MANAGERS, noPageError, nothingSent, open, pause, sentTimes, swept, using } from './harness/index.mjs';

let harness;
before(async () => {
  harness = await open({ bfcache: true });
});
after(() => harness.close());

const on = { mode: 'on' };
const off = { mode: 'off', consent: 'denied' };

describe('all tabs agree', { concurrency: 5 }, () => {
  for (const { id } of MANAGERS) {
    const start = MANAGERS.findIndex((one) => one.id === id) % 2 ? 'opted-out' : 'deferred';
    const given = using(id);
    test(`${id}, ${start}: a yes and a no in one tab hold in the other`, () =>
      harness.during({ ...given, connect: { ...given.connect, start }, config: EVERYTHING }, async (v) => {
        const second = await v.tab('second');
        await v.ready(second);
        await v.callIn(second, 'track', 'Held in the second');
        await v.settle(500);
        nothingSent(v);

        await v.answer('yes', { by: 'api' });
        await v.until(on);
        await v.until(on, second);
        await v.settle();
        sentTimes(v, { 'Held in the second': 1 });
        assert.equal(new Set(v.events().map(({ deviceId }) => deviceId)).size, 1, 'one device in both tabs');

        const since = v.mark();
        await v.answer('no', { by: 'api' });
        await v.until(off, second);
        await v.settle(700);
        await v.ready(v.page);
        await v.until(off);
        await v.callIn(second, 'track', 'Unwanted');
        await v.call('track', 'Unwanted');
        await v.settle(900);
        nothingSent(v, since);
        await swept(v);
        noPageError(v);
      }));
  }

  for (const record of ['cookie', 'none']) {
    test(`with record: '${record}' they agree as well`, () =>
      harness.during({ ...using('klaro'), connect: { cmp: 'klaro', record } }, async (v) => {
        const second = await v.tab('second');
        await v.ready(second);
        await v.answer('yes', { by: 'api' });
        await v.until(on);
        await v.until(on, second);
        await v.answer('no', { by: 'api' });
        await v.until(off);
        await v.until(off, second);
        const since = v.mark();
        await v.callIn(second, 'track', 'Unwanted');
        await v.settle(800);
        nothingSent(v, since);
      }));
  }

  test('without BroadcastChannel they agree as well', () =>
    harness.during({ ...using('klaro'), init: 'delete window.BroadcastChannel;' }, async (v) => {
      const second = await v.tab('second');
      await v.ready(second);
      await v.answer('yes', { by: 'api' });
      await v.until(on);
      await v.until(on, second);
      await v.answer('no', { by: 'api' });
      await v.until(off, second);
    }));

  test('the last answer wins, whichever tab it was given in', () =>
    harness.during(using('klaro'), async (v) => {
      const second = await v.tab('second');
      await v.ready(second);
      await v.answer('yes', { by: 'api' });
      await v.until(on, second);
      await v.answer('no', { by: 'api', page: second });
      await v.until(off);
      await v.answer('yes', { by: 'api', page: second });
      await v.until(on);
      await v.until(on, second);
      const since = v.mark();
      await v.call('track', 'First');
      await v.callIn(second, 'track', 'Second');
      await v.settle();
      sentTimes(v, { First: 1, Second: 1 }, since);
    }));

  for (const start of ['deferred', 'opted-out']) {
    for (const [before, between] of [['yes', 'no'], ['no', 'yes'], [undefined, 'no'], [undefined, 'yes']]) {
      test(`${start}: ${before ?? 'nothing'} said, the next page, ${between} there, and back: the page comes from the back/forward cache and agrees`, () =>
        harness.during({ ...using('klaro'), connect: { cmp: 'klaro', start }, config: { batch_flush_interval_ms: 300 } }, async (v) => {
          const expected = { yes: { mode: 'on', consent: 'granted' }, no: off };
          if (before) {
            await v.answer(before, { by: 'api' });
            await v.until(expected[before]);
          }
          await v.settle(900);
          await v.page.evaluate(() => {
            window.__kept = true;
          });
          const away = v.url('next');
          await v.page.evaluate((url) => {
            setTimeout(() => {
              location.href = url;
            }, 0);
          }, away);
          await v.page.waitForURL('**/next');
          await v.ready(v.page);
          await v.answer(between, { by: 'api' });
          await v.until(expected[between]);
          await v.settle(900);
          const since = v.mark();
          await v.page.evaluate(() => {
            setTimeout(() => history.back(), 0);
          });
          await v.page.waitForURL('**/home');
          await pause(300);
          assert.ok(await v.page.evaluate(() => window.__kept), 'the page came from the cache, else nothing is tested');
          assert.ok(v.log.some(({ kind, persisted }) => kind === 'pageshow' && persisted));
          await v.until({ mode: expected[between].mode });
          await v.call('track', 'Back');
          await v.settle(900);
          sentTimes(v, { Back: between === 'yes' ? 1 : 0 }, since);
          if (between === 'no') {
            nothingSent(v, since);
            await swept(v);
          }
          noPageError(v);
        }));
    }
  }
});
