// The walk: yes, reload, withdraw, yes again, no; for every consent manager, in both starts, and
// then for every form of the SDK and its oldest, middle and newest version. At each step: what
// left the page and what is stored on the device. Everything that Mixpanel can start by itself
// is on, and recording in some.
// Not here: several tabs, regional defaults, failures; the promises have their own files.
// What was broken to see these fail stands in breaks.mjs.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  EVERYTHING, MANAGERS, MORE, PAGES, identityCookie, noDelete, noPageError, nothingSent, nothingStored, nothingWritten,
  nothingSet, open, optOutFlag, pause, sentTimes, swept, using,
} from './harness/index.mjs';

let harness;
before(async () => {
  harness = await open();
});
after(() => harness.close());

const START = ['deferred', 'opted-out'];
/** Every minor version, by `npm run test:versions`; else the ends and what is particular between them. */
const SDKS = process.env.SDKS?.split(' ') ?? ['2.45.0', '2.55.1', '2.65.0', '2.83.0'];
const NEWEST = '2.83.0';

async function walk(given) {
  const { sdk = '2.83.0' } = given;
  const newest = sdk === NEWEST;
  const minor = Number(sdk.split('.')[1]);
  // Methods and options that came later.
  const views = minor < 47 ? 0 : 1;
  const hasFlags = minor >= 64;
  await harness.during({ ...given, config: { ...EVERYTHING, ...given.config }, calls: [['track', 'Early']] }, async (v) => {
    const by = given.by ?? 'click';
    const restless = async () => {
      await v.call('track', 'Unwanted');
      await v.call('identify', 'user-8');
      await v.call('people.set', { plan: 'none' });
      await v.call('register', { team: 'blue' });
      await v.page.click('#buy');
      await v.page.evaluate(() => history.pushState({}, '', location.pathname + '?more'));
      await v.settle(700);
    };
    const denied = async (since) => {
      // A manager that reloads the page does so by now.
      await v.settle(500);
      await v.ready(v.page);
      await v.until({ consent: 'denied', mode: 'off' });
      await restless();
      // What a site starts before it connects asks for flags before the bridge can shut it.
      if (given.form === 'initialised') assert.deepEqual(v.sent(since).map(({ route }) => route).filter((route) => route !== 'flags'), []);
      else nothingSent(v, since);
      await swept(v);
    };

    // Nobody has answered.
    await v.settle();
    // An SDK that the site starts before the bridge asks for flags before it, too.
    if (given.form !== 'initialised') nothingSent(v);
    else assert.deepEqual(v.names(), []);
    if (given.connect?.start === 'opted-out') nothingSet(v);
    else if (given.form !== 'initialised') nothingWritten(v);
    if (given.form !== 'initialised') await nothingStored(v);
    assert.equal((await v.state()).consent, 'unset');

    // Yes: on this page, without a reload.
    await v.answer('yes', { by });
    await v.until({ consent: 'granted', mode: 'on' });
    await v.call('track', 'Welcome');
    if (given.record) await v.page.click('#buy');
    await v.settle(given.record ? 11_000 : 800, 14_000);
    sentTimes(v, { Early: 1, Welcome: 1, $opt_in: 0, Unwanted: 0, $mp_web_page_view: views });
    // Flags came in 2.64; a minified build before 2.78 has no name by which a locked start can ask for them.
    const nameless = minor < 78 && given.connect?.start === 'opted-out' && given.form?.startsWith('stub');
    const flags = () => v.sent().some(({ route }) => route === 'flags');
    if (hasFlags && !nameless) {
      for (const end = Date.now() + 8_000; !flags() && Date.now() < end;) await pause(50);
      assert.ok(flags(), 'flags are fetched');
    }
    if (given.record) assert.ok(v.sent().some(({ route }) => route === 'record'), 'a recording starts');
    const first = v.events()[0];
    const stored = await v.stored();
    assert.ok(stored.mixpanel.includes(`cookie ${identityCookie(v.situation.token)}`), stored.mixpanel.join());
    if (given.cmp !== 'google-consent-mode' && given.cmp?.id !== 'google-consent-mode') assert.equal(stored.bridge.length, 1, stored.bridge.join());

    // Reload: the same visitor, at once.
    let since = v.mark();
    await v.reload();
    await v.until({ consent: 'granted', mode: 'on' });
    await v.call('identify', 'user-7');
    await v.call('people.set', { plan: 'gold' });
    await v.settle();
    sentTimes(v, { Early: 1, Welcome: 0, $opt_in: 0, $mp_web_page_view: views }, since);
    if (newest) assert.equal(v.events(since)[0].deviceId, first.deviceId, 'the same device');
    const profile = () => v.sent(since).some(({ route }) => route === 'engage');
    for (const end = Date.now() + 8_000; !profile() && Date.now() < end;) await pause(50);
    assert.ok(profile(), 'the profile update');

    // Withdraw.
    await v.answer('no', { by });
    since = v.answeredAt;
    await denied(since);

    // A page after the withdrawal.
    await v.reload();
    await denied(since);

    // Yes again: another device, nothing of the time between.
    since = v.mark();
    await v.answer('yes', { by });
    await v.until({ consent: 'granted', mode: 'on' });
    await v.call('track', 'Again');
    await v.settle(800);
    sentTimes(v, { Unwanted: 0, Welcome: 0, Early: 0, Again: 1 }, since);
    const again = v.events(since).find(({ name }) => name === 'Again');
    assert.notEqual(again.deviceId ?? again.distinctId, first.deviceId ?? first.distinctId, 'a new device id');
    assert.ok(!['user-7', 'user-8'].includes(again.distinctId), again.distinctId);
    assert.equal(again.properties.team, undefined, 'nothing registered before or between');
    assert.notEqual((await v.stored()).local[optOutFlag(v.situation.token)], '0');

    // And no.
    await v.answer('no', { by });
    since = v.answeredAt;
    await denied(since);
    await v.leave();
    await v.settle(400);
    nothingSent(v, since);
    noDelete(v);
    noPageError(v);
    // Nor does the SDK complain of what is done with it.
    assert.deepEqual(v.console.filter(({ type, text }) => type === 'error' && /^Mixpanel/.test(text)).map(({ text }) => text.slice(0, 200)), []);
  });
}

describe('the walk', { concurrency: PAGES }, () => {
  if (!process.env.SDKS) MANAGERS.forEach(({ id }, index) => {
    for (const start of START) {
      // By its own interface and found by itself, or through its API and named; before the bridge or after it.
      const clicked = (index + START.indexOf(start)) % 2 === 0;
      const given = using(id, { when: id !== 'manual' && index % 2 === 0 ? 'before' : 'after' });
      // A site's own dialog is never found, it has to be named.
      if (clicked && id !== 'manual') delete given.connect.cmp;
      given.connect.start = start;
      const record = id === 'vanilla-cookieconsent' || id === 'c15t';
      test(`${id}, ${start}${record ? ', recording' : ''}, ${clicked ? 'clicked and found' : 'by API and named'}`, () =>
        walk({ ...given, by: clicked ? 'click' : 'api', record, config: record ? { record_sessions_percent: 100, record_min_ms: 0 } : {} }));
    }
  });

  // One start each: what the others show of both is not theirs to show again.
  if (!process.env.SDKS) MORE.forEach(({ id }, index) => {
    const given = using(id, { when: 'after' });
    delete given.connect.cmp;
    given.connect.start = START[index % 2];
    test(`${id}, ${given.connect.start}, by API and found`, () => walk({ ...given, by: 'api' }));
  });

  for (const sdk of SDKS) {
    for (const start of START) {
      for (const row of [
        { form: 'object' }, { form: 'stub' }, { form: 'stub-init' }, { form: 'initialised' }, { form: 'tag' }, { form: 'object', name: 'second' },
      ]) {
        // The tag and an SDK that runs already have one start only; and what is between the
        // oldest and the newest is not tried in every form.
        if (start === 'opted-out' && (row.form === 'initialised' || row.form === 'tag')) continue;
        if (sdk !== NEWEST && (row.name || row.form === 'stub')) continue;
        if (sdk === '2.55.1' && !process.env.SDKS && row.form !== 'object' && row.form !== 'tag') continue;
        test(`${sdk} as ${row.form}${row.name ? ' with a name' : ''}, ${start}`, () =>
          walk({ ...row, sdk, by: 'api', cmp: 'klaro', connect: { cmp: 'klaro', start } }));
      }
    }
  }
});
