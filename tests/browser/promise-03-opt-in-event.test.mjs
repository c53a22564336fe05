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
  const once = (given, each) =>
    harness.during(given, async (v) => {
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

  // Each manager with, in one start or the other; without, where nobody is asked what manager it is, three.
  MANAGERS.forEach(({ id }, index) => {
    const start = index % 2 ? 'deferred' : 'opted-out';
    // A consent mode update is no proof of an act, so no opt-in is told of.
    const each = id === 'google-consent-mode' ? 0 : 1;
    const given = using(id);
    test(`${id}, ${start}, optInEvent true: ${each} for each yes, none for pages and tabs`, () =>
      once({ ...given, connect: { ...given.connect, start, optInEvent: true } }, each));
    if (index % 4 === 0) {
      test(`${id}, ${start}, optInEvent false: none`, () => once({ ...given, connect: { ...given.connect, start, optInEvent: false } }, 0));
    }
  });

  test('tag, optInEvent true: 1 for each yes, none for pages and tabs', () =>
    once({ form: 'tag', ...using('klaro'), connect: { cmp: 'klaro', optInEvent: true } }, 1));

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
