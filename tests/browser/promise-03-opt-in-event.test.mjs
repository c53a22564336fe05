// Promise 3. `$opt_in` never repeats per page: none at all unless `optInEvent` asks for it, and then
// one for each real yes of the visitor.
// What was broken to see these fail stands in breaks.mjs.

import { after, before, describe, test } from 'node:test';
import { MANAGERS, PAGES, open, sentTimes, using } from './harness/index.mjs';

let harness;
before(async () => {
  harness = await open();
});
after(() => harness.close());

const yes = async (v, page) => {
  await v.answer('yes', { by: 'api', page });
  await v.until({ consent: 'granted', mode: 'on' }, page);
  await v.settle(500);
};
const no = async (v) => {
  await v.answer('no', { by: 'api' });
  await v.settle(700);
  await v.ready(v.page);
  await v.until({ consent: 'denied', mode: 'off' });
};

describe('$opt_in', { concurrency: PAGES }, () => {
  for (const start of ['deferred', 'opted-out']) {
    for (const { id } of MANAGERS) {
      for (const optInEvent of [false, true]) {
        // Each manager in one start with and in the other without; all four would be no news.
        if (optInEvent !== ((MANAGERS.findIndex((one) => one.id === id) + (start === 'deferred' ? 0 : 1)) % 2 === 0)) continue;
        // A consent mode update is no proof of an act, so no opt-in is told of.
        const each = optInEvent && id !== 'google-consent-mode' ? 1 : 0;
        test(`${id}, ${start}, optInEvent ${optInEvent}: ${each} for each yes, none for pages and tabs`, () => {
          const given = using(id);
          return harness.during({ ...given, connect: { ...given.connect, start, optInEvent } }, async (v) => {
            await yes(v);
            sentTimes(v, { $opt_in: each });
            await v.reload();
            await v.until({ mode: 'on' });
            const second = await v.tab('second');
            await v.ready(second);
            await v.until({ mode: 'on' }, second);
            await second.close();
            await v.goto('third');
            await v.until({ mode: 'on' });
            await v.settle(500);
            sentTimes(v, { $opt_in: each });
            // The same answer once more is no news.
            await v.answer('yes', { by: 'api' });
            await v.settle(500);
            sentTimes(v, { $opt_in: each });
            await no(v);
            await yes(v);
            sentTimes(v, { $opt_in: 2 * each });
          });
        });
      }
    }
  }

  test('the page\'s own opt_in_tracking() sends none and overrules nobody', () =>
    harness.during({ ...using('klaro'), calls: [['opt_in_tracking'], ['track', 'Early']] }, async (v) => {
      await v.settle(600);
      sentTimes(v, { $opt_in: 0, Early: 0 });
      await yes(v);
      await v.call('opt_in_tracking');
      await v.settle(500);
      sentTimes(v, { $opt_in: 0, Early: 1 });
    }));
});
