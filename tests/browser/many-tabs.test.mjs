// Four tabs of one site, each with three Mixpanel projects: two with a bridge and a dialog of their
// own, and one that the site uses without a bridge. Twenty answers in random order, each in a random
// tab, some followed by a reload as consent managers do. After each answer all tabs agree, the
// refused project sends nothing and keeps nothing, and the project without a bridge is unharmed.
// The order is printed and can be given again: SEED=… node --test tests/browser/many-tabs.test.mjs
// What was broken to see this fail stands in breaks.mjs.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { TOKEN, noPageError, open, pause } from './harness/index.mjs';

let harness;
before(async () => {
  harness = await open();
});
after(() => harness.close());

const SECOND = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';
const BARE = 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb';
const TABS = 4;
const ANSWERS = 20;

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
const random = (seed) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
};

// The second bridge and the bare project, on the page of the first.
const LINES = `
  const { connect } = await import('mixpanel-consent-bridge');
  const sdk = (await import('/sdk/' + S.sdk + '/module.js')).default;
  window.__second = connect({ token: '${SECOND}', name: 'second', cmp: 'manual', mixpanel: sdk, config: S.config });
  sdk.init('${BARE}', { ...S.config, record_sessions_percent: 100, record_min_ms: 0, flags: true }, 'bare');
  window.__bare = sdk.bare;
`;

describe('many tabs', () => {
  test('twenty random answers in four tabs with three projects', async () => {
    const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
    console.log(`SEED=${seed}`);
    const next = random(seed);
    const pick = (list) => list[Math.floor(next() * list.length)];
    await harness.during({
      form: 'object', cmp: undefined, connect: { cmp: 'manual' }, lines: LINES,
      config: { track_pageview: true, flags: true, record_sessions_percent: 100, record_min_ms: 0 },
    }, async (v) => {
      const tabs = [v.page];
      while (tabs.length < TABS) {
        const tab = await v.tab(`tab${tabs.length}`);
        await v.ready(tab);
        tabs.push(tab);
      }
      const projects = [
        { token: TOKEN, bridge: '__bridge', answer: undefined },
        { token: SECOND, bridge: '__second', answer: undefined },
      ];
      const bareId = await v.page.evaluate(() => window.__bare.get_distinct_id());
      const agree = async ({ bridge, answer }, tab) =>
        tab.waitForFunction(
          ([name, mode]) => window[name]?.state.mode === mode && (mode === 'off' || window[name].explain().sdk === 'on'),
          [bridge, answer ? 'on' : 'off'],
          { timeout: 10_000 },
        ).catch(async () => assert.fail(`a tab has not followed ${answer ? 'a yes' : 'a no'} for ${bridge}: ${JSON.stringify(await tab.evaluate((name) => window[name]?.state, bridge))}`));

      for (let step = 0; step < ANSWERS; step += 1) {
        const tab = pick(tabs);
        const project = pick(projects);
        project.answer = next() < 0.5;
        await tab.evaluate(([name, yes]) => void (yes ? window[name].grant() : window[name].deny()), [project.bridge, project.answer]);
        const reload = next() < 0.2;
        if (reload) {
          await agree(project, tab);
          await tab.reload();
          await v.ready(tab);
        }
        for (const one of projects.filter(({ answer }) => answer !== undefined)) for (const each of tabs) await agree(one, each);
        // What was on its way when the no came has arrived by then.
        await pause(400);
        const since = v.mark();
        const name = `Step ${step}`;
        for (const each of tabs)
          await each.evaluate(([event, bare]) => {
            window.__bridge.mixpanel.track(event);
            window.__second.mixpanel.track(event);
            window.__bare.track(bare);
          }, [name, `Bare ${step}`]);
        await v.settle(500);
        const sent = v.events(since);
        for (const { token, answer } of projects) {
          const mine = sent.filter((event) => event.properties.token === token && event.name === name);
          if (!answer) assert.deepEqual(sent.filter((event) => event.properties.token === token).map((event) => event.name), [], `step ${step}: ${token} is ${answer === false ? 'refused' : 'unanswered'}`);
          else assert.ok(mine.length >= TABS, `step ${step}: ${mine.length} of ${TABS} tabs sent for ${token}`);
        }
        const bare = sent.filter((event) => event.properties.token === BARE && event.name === `Bare ${step}`);
        assert.ok(bare.length >= TABS, `step ${step}: the project without a bridge sent ${bare.length} of ${TABS}`);
        assert.ok(bare.every((event) => event.properties.distinct_id === bareId), 'and is the same visitor');
        const { mixpanel } = await v.stored();
        for (const { token, answer } of projects)
          if (answer === false)
            assert.deepEqual(mixpanel.filter((entry) => entry.includes(token) && !entry.includes('__mp_opt_in_out_')), [], `step ${step}: of ${token} nothing stays`);
        assert.ok(mixpanel.some((entry) => entry.includes(BARE)), 'the project without a bridge keeps its identity');
      }
      noPageError(v);
    });
  });
});
