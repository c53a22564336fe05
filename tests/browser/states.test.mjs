// The table of docs/states.md, after a no: each row is read, and what it says of the calls, of what
// leaves and of the device is true in the page in which the no was said, not only on the next.
// What was broken to see these fail stands in breaks.mjs.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { join } from 'node:path';
import { EVERYTHING, PAGES, noPageError, nothingSent, open, optOutFlag, using } from './harness/index.mjs';
import { ROOT } from './harness/server.mjs';

let harness;
before(async () => {
  harness = await open();
});
after(() => harness.close());

/** The rows of the table, each with the consent that stands above it. */
const ROWS = (() => {
  const lines = /## What happens when\n\n\|.*\n\|.*\n((?:\|.*\n)+)/.exec(readFileSync(join(ROOT, 'docs/states.md'), 'utf8'))[1].trim().split('\n');
  let last = '';
  return lines.map((line) => {
    const [consent, how, calls, leaves, device] = line.split('|').slice(1, -1).map((cell) => cell.trim());
    last = consent.replaceAll('`', '') || last;
    return { consent: last, how, calls, leaves, device };
  });
})();

const OPTIONS = { defaults: {}, "`start: 'opted-out'`": { start: 'opted-out' }, "`denied: 'cookieless'`": { denied: 'cookieless' } };
const afterNo = ROWS.filter(({ consent }) => consent === 'denied');

describe('the table of docs/states.md, in the page of the no', { concurrency: PAGES }, () => {
  test('it has the rows that are tested here', () => {
    assert.deepEqual(afterNo.map(({ how }) => how), Object.keys(OPTIONS));
    assert.equal(ROWS.filter(({ consent }) => consent === 'implied-denied').length, 1);
  });

  /** Says what the row says of a page in which the no was just said. */
  async function check(v, { calls, leaves, device }, since, withdrawn) {
    const passes = /later events pass/.test(calls);
    assert.match(calls, /^the held calls are dropped|^as `denied`|^the same$/);
    await v.settle(1_200);
    if (!passes) nothingSent(v, since);
    await v.call('track', 'After the no');
    await v.call('people.set', { plan: 'gold' });
    await v.call('identify', 'user-7');
    await v.page.click('#buy');
    await v.settle(900);
    if (passes) {
      assert.match(leaves, /^each event/);
      assert.ok(v.names(since).includes('After the no'), v.names(since).join());
      assert.deepEqual([...new Set(v.sent(since).map(({ route }) => route))], ['track'], 'events, and nothing else');
      assert.ok(!v.names(since).includes('Held'));
      assert.ok(v.events(since).every(({ properties }) => properties.distinct_id !== 'user-7'));
    } else {
      nothingSent(v, since);
      assert.ok(!v.names().includes('Held'));
    }
    const { mixpanel, bridge, local } = await v.stored();
    const left = mixpanel.filter((name) => !name.startsWith('idb ') && name !== `local ${optOutFlag(v.situation.token)}`);
    assert.deepEqual(left, [], 'all of Mixpanel\'s is removed');
    const refusal = /refusal \(`/.test(device) && withdrawn;
    assert.equal(local[optOutFlag(v.situation.token)], refusal ? '0' : undefined, device);
    assert.equal(bridge.length, /no record/.test(device) ? 0 : 1, device);
    noPageError(v);
  }

  for (const row of afterNo)
    for (const withdrawn of [false, true])
      for (const form of ['object', 'tag']) {
        // The tag has one start.
        if (form === 'tag' && row.how.includes('start')) continue;
        test(`denied, ${row.how}, ${form}: ${withdrawn ? 'taken back' : 'a first no'}`, () =>
          harness.during({ form, cmp: undefined, connect: { cmp: 'manual', ...OPTIONS[row.how] }, config: EVERYTHING, calls: [['track', 'Held']].slice(+withdrawn) }, async (v) => {
            await v.until({ code: 'manual-unset' });
            if (withdrawn) {
              await v.page.evaluate(() => window.__bridge.grant());
              await v.until({ mode: 'on' });
              await v.call('track', 'Under the yes');
              await v.settle(700);
            }
            const since = v.mark();
            await v.page.evaluate(() => window.__bridge.deny());
            await v.until({ consent: 'denied', mode: row.how.includes('cookieless') ? 'cookieless' : 'off' });
            const filled = row.device === 'the same' ? afterNo[0].device : row.device;
            await check(v, { ...row, device: filled }, since, withdrawn && !row.how.includes('cookieless'));
          }));
      }

  const [implied] = ROWS.filter(({ consent }) => consent === 'implied-denied');
  test('implied-denied, from a page that was open by a default', () => {
    const given = using('google-consent-mode', { options: { mode: 'implied-open' } });
    return harness.during({ ...given, config: EVERYTHING }, async (v) => {
      await v.until({ consent: 'implied-granted', mode: 'on' });
      await v.settle(700);
      const since = v.mark();
      await v.answer('no', { by: 'api' });
      await v.until({ mode: 'off' });
      assert.equal((await v.state()).consent, 'implied-denied');
      await check(v, implied, since, true);
    });
  });
});
