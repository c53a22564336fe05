// Each part of Mixpanel with a category of its own: events, session recording, profiles and
// feature flags open and close one by one while the page runs, with the real SDK, by what a real
// consent manager (Klaro) is told.
// What was broken to see these fail stands in breaks.mjs.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { PAGES, SLOW_PACKING, noPageError, nothingSent, nothingStored, nothingWritten, open, pause, sentTimes, swept } from './harness/index.mjs';

let harness;
before(async () => {
  harness = await open();
});
after(() => harness.close());

const SERVICES = ['mixpanel', 'recording', 'people', 'experiments'];
const KLARO = `<script>window.klaroConfig = { version: 1, lang: 'en', storageMethod: 'cookie', services: ${JSON.stringify(SERVICES.map((name) => ({ name, title: name, purposes: [name] })))} };</script>
  <script src="/node_modules/klaro/dist/klaro.js" charset="utf-8"></script>`;
const CATEGORY = { tracking: 'mixpanel', replay: 'recording', profile: 'people', flags: 'experiments' };
const GIVEN = {
  head: KLARO,
  config: { flags: true, record_sessions_percent: 100, record_min_ms: 0 },
};

/** The visitor allows these services and no others. */
const allow = async (v, ...names) => {
  const since = v.mark();
  await v.page.evaluate(([all, allowed]) => {
    const manager = window.klaro.getManager();
    for (const name of all) manager.updateConsent(name, allowed.includes(name));
    manager.saveAndApplyConsents();
  }, [SERVICES, names]);
  return since;
};
const gate = (v) => v.page.evaluate(async () => Object.values((await window.__bridge.explain()).gate).map((flow) => flow[0]).join(''));
const routes = (v, since) => v.sent(since).map(({ route }) => route);
const until = async (what, holds) => {
  for (const end = Date.now() + 16_000; !(await holds());) {
    assert.ok(Date.now() < end, what);
    await pause(100);
  }
};
const touch = async (v, name) => {
  await v.call('track', name);
  await v.call('people.set', { seen: name });
  await v.page.click('#buy');
};
const profiles = (v, since) => v.sent(since).flatMap(({ updates }) => updates).map((update) => update.$set?.seen).filter(Boolean);

describe('parts that open and close one by one', { concurrency: PAGES }, () => {
  test('recording alone is taken back while a part of it is being packed: that does not leave, and events do', () =>
    harness.during({ ...GIVEN, init: SLOW_PACKING, connect: { cmp: 'klaro', category: CATEGORY } }, async (v) => {
      await allow(v, 'mixpanel', 'recording');
      await v.until({ consent: 'granted', mode: 'on' });
      // Its events come in a moment after they happened.
      await v.settle(900);
      await v.call('stop_session_recording');
      await v.page.waitForFunction(() => window.__packing);
      let since = await allow(v, 'mixpanel');
      await v.page.evaluate(() => window.__bridge.mixpanel.track('Meanwhile'));
      await v.settle(200);
      await v.page.evaluate(() => window.__pack());
      await until('Meanwhile', () => v.names(since).includes('Meanwhile'));
      await v.settle();
      assert.ok(!routes(v, since).includes('record'));
      since = await allow(v, 'mixpanel', 'recording');
      await v.settle(900);
      await v.call('stop_session_recording');
      await until('a recording of the second yes', () => routes(v, since).includes('record'));
      assert.deepEqual(v.errors, []);
    }));

  for (const [sdk, start, form] of [['2.83.0', 'deferred', 'loader'], ['2.83.0', 'opted-out', 'object'], ['2.65.0', 'deferred', 'object']])
    test(`${sdk} as ${form}, ${start}`, () =>
      harness.during({ ...GIVEN, sdk, form, connect: { cmp: 'klaro', category: CATEGORY, start }, calls: [['track', 'Early'], ['people.set', { seen: 'Early' }]] }, async (v) => {
        await v.until({ code: 'cmp-asking' });
        nothingSent(v);

        // Events alone.
        let since = await allow(v, 'mixpanel');
        await v.until({ consent: 'granted', mode: 'on' });
        assert.equal(await gate(v), 'pddd');
        await touch(v, 'Alone');
        await until('the event leaves', () => v.names(since).includes('Alone'));
        await v.settle(500);
        sentTimes(v, { Early: 1, Alone: 1 });
        assert.deepEqual(routes(v).filter((route) => /^(engage|flags|record)$/.test(route)), []);

        // And profiles: from now on, and not what was asked for before.
        since = await allow(v, 'mixpanel', 'people');
        await until('the gate opens', async () => (await gate(v)) === 'pdpd');
        await v.call('identify', 'user-7');
        await touch(v, 'Profile');
        await until('the profile leaves', () => profiles(v, since).includes('Profile'));
        assert.deepEqual(profiles(v), ['Profile']);
        assert.deepEqual(routes(v).filter((route) => /^(flags|record)$/.test(route)), []);

        // And flags: they are fetched now, and once.
        since = await allow(v, 'mixpanel', 'people', 'experiments');
        await until('flags are fetched', () => routes(v, since).includes('flags'));
        assert.equal(await gate(v), 'pdpp');

        // And recording, of what happens from now on.
        const began = Date.now();
        since = await allow(v, ...SERVICES);
        await until('the gate opens', async () => (await gate(v)) === 'pppp');
        await v.page.click('#buy');
        await until('a recording leaves', () => routes(v, since).includes('record'));
        for (const { recording } of v.sent(since).filter(({ route }) => route === 'record')) assert.ok(recording.from >= began - 50, 'nothing of before');

        // Recording and profiles end; events go on. What was recorded since the last upload stays here, and goes.
        await v.page.click('#buy');
        since = await allow(v, 'mixpanel', 'experiments');
        await until('the gate closes', async () => (await gate(v)) === 'pddp');
        await touch(v, 'Less');
        await until('the event leaves', () => v.names(since).includes('Less'));
        assert.deepEqual(profiles(v, since), []);
        // Flags end. The page's own fallback is the answer.
        await allow(v, 'mixpanel');
        await until('the gate closes', async () => (await gate(v)) === 'pddd');
        const fallback = await v.page.evaluate(() => window.__bridge.mixpanel.flags.get_variant_value_sync('shop', 'as usual'));
        assert.equal(fallback, 'as usual');
        // As long as its recorder waits between two uploads.
        await v.page.click('#buy');
        await pause(10_500);
        await v.settle(300);
        assert.deepEqual(routes(v, since).filter((route) => /^(engage|flags|record)$/.test(route)), []);
        assert.deepEqual((await v.stored()).mixpanel.filter((name) => /idb-record mixpanelBrowserDb/.test(name)), [], 'no recording is left');
        assert.equal((await v.state()).consent, 'granted');

        // Events end, and with them everything, whatever else was allowed.
        since = await allow(v, 'people', 'recording', 'experiments');
        await v.until({ consent: 'denied', mode: 'off' });
        since = v.mark();
        await touch(v, 'Unwanted');
        await v.settle(700);
        nothingSent(v, since);
        await swept(v);
        assert.equal((await v.page.evaluate(() => window.__bridge.receipts()[0].event)), 'withdrawn');
        noPageError(v);
      }));

  test('what is allowed without events opens nothing, and writes nothing of Mixpanel', () =>
    harness.during({ ...GIVEN, form: 'object', connect: { cmp: 'klaro', category: CATEGORY }, calls: [['people.set', { seen: 'Early' }]] }, async (v) => {
      await allow(v, 'people', 'recording', 'experiments');
      await v.until({ consent: 'denied', mode: 'off' });
      await touch(v, 'Unwanted');
      await v.settle(900);
      nothingSent(v);
      assert.deepEqual(v.sets('mixpanel').filter(({ name }) => !name.startsWith('__mp_opt_in_out_')), []);
    }));

  test('a part that names no category goes with analytics', () =>
    harness.during({ ...GIVEN, connect: { cmp: 'klaro', category: { profile: 'people' } } }, async (v) => {
      await v.until({ code: 'cmp-asking' });
      nothingWritten(v);
      await nothingStored(v);
      const since = await allow(v, 'mixpanel');
      await v.until({ consent: 'granted', mode: 'on' });
      assert.equal(await gate(v), 'ppdp');
      await until('flags are fetched', () => routes(v, since).includes('flags'));
    }));
});
