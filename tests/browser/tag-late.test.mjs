// The tag that comes too late: below the snippet, below a library that is there, below instances
// that run. It takes them all over in the task in which it comes, sweeps if there is no consent,
// says in explain() what had happened, and tells the owner where the tag belongs.
// What was broken to see these fail stands in breaks.mjs.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { EVERYTHING, PAGES, TOKEN, noPageError, nothingSent, open, sdkSnippet } from './harness/index.mjs';

let harness;
before(async () => {
  harness = await open();
});
after(() => harness.close());

const OTHER = 'fedcba9876543210fedcba9876543210';
const on = { mode: 'on', consent: 'granted' };
const LIBRARY = '/node_modules/mixpanel-browser/dist/mixpanel.min.js';
const late = (above, given) => ({ form: 'tag', cmp: 'klaro', connect: { cmp: 'klaro' }, token: '', above, site: '', config: EVERYTHING, ...given });
const reported = (v) => v.console.filter(({ text }) => text.includes('bridge-late')).length;

async function told(v, started) {
  const early = await v.page.evaluate(async () => (await window.mixpanelConsent.explain()).early);
  assert.equal(early.started, started);
  assert.match(await v.explain(), /^early: \{"started"/m);
  const lines = v.console.filter(({ text }) => text.includes('bridge-late'));
  assert.match(lines[0].text, /above its snippet/);
  return early;
}

describe('the tag too late', { concurrency: PAGES }, () => {
  test('below the snippet and its init(), the library on its way: nothing starts when it comes', async () => {
    const snippet = await sdkSnippet('2.83.0');
    await harness.during(
      late(
        `<script>${snippet}</script><script>
          mixpanel.init(${JSON.stringify(TOKEN)}, S.config); mixpanel.init(${JSON.stringify(OTHER)}, S.config, 'second');
          mixpanel.track('First'); mixpanel.people.set({ plan: 'gold' }); mixpanel.opt_in_tracking(); mixpanel.second.track('Of the second');
          mixpanel.get_group('company', 'acme').set('size', 'large'); window.__kept = mixpanel;</script>`,
        { site: '<script>mixpanel.track("Second"); __kept.track("Kept"); mixpanel.identify("user-7");</script>', config: { track_pageview: true }, cdnDelay: 300 },
      ),
      async (v) => {
        await v.page.waitForFunction(() => performance.getEntriesByType('resource').some(({ name }) => /mxpnl/.test(name)));
        await v.settle();
        nothingSent(v);
        assert.deepEqual((await v.stored()).mixpanel, []);
        assert.equal(v.code().length, 1, 'the snippet\'s own');
        await told(v, false);
        await v.answer('yes', { by: 'api' });
        await v.until(on);
        await v.settle();
        const names = v.names();
        for (const name of ['First', 'Second', 'Kept', 'Of the second', '$mp_web_page_view']) assert.ok(names.includes(name), `${name} of ${names}`);
        assert.ok(!names.includes('$opt_in'), 'the page\'s own opt_in_tracking() opens nothing');
        const updates = JSON.stringify(v.sent().flatMap((request) => request.updates));
        for (const part of ['"plan":"gold"', '"size":"large"']) assert.ok(updates.includes(part), `${part} of ${updates}`);
        noPageError(v);
      },
    );
  });

  const running = `<script>
    window.mixpanel = Object.assign([], { __SV: 1.2, _i: [[${JSON.stringify(TOKEN)}, S.config, 'mixpanel'], [${JSON.stringify(OTHER)}, S.config, 'second']], second: [] });
    localStorage.setItem('__mp_opt_in_out_${TOKEN}', '1');
  </script><script src="${LIBRARY}"></script><script>window.__kept = [mixpanel, mixpanel.second]; mixpanel.track('Before the tag', {}, { send_immediately: true }); mixpanel.track('Queued');</script>`;

  test('below instances that run, a named one too: locked in the same task, swept, and said', () =>
    harness.during(
      late(running, {
        config: { ...EVERYTHING, batch_flush_interval_ms: 2_000 },
        site: `<script>
          window.__task = __kept.map((one) => one.get_config('disable_persistence') && one.get_config('window')?.doNotTrack);
          mixpanel.track('After the tag'); mixpanel.second.track('After the tag'); __kept.forEach((one) => { one.track('Kept'); one.people.set({ plan: 'gold' }); });
        </script>`,
      }),
      async (v) => {
        assert.deepEqual(await v.page.evaluate(() => window.__task), ['1', '1'], 'in the same task');
        await v.page.click('#buy');
        await v.settle(1_500);
        assert.deepEqual(v.names(), ['Before the tag'], 'what had left had left');
        const early = await told(v, true);
        assert.ok(early.requests.some((url) => url.endsWith('/track/')), JSON.stringify(early));
        assert.equal(reported(v), 2, 'once for each instance');
        const { mixpanel } = await v.stored();
        assert.deepEqual(mixpanel.filter((name) => !/^idb /.test(name)), []);
        await v.answer('yes', { by: 'api' });
        await v.until(on);
        await v.settle(2_500);
        const tokens = new Set(v.events().filter(({ name }) => name === 'After the tag').map(({ properties }) => properties.token));
        assert.deepEqual([...tokens].sort(), [TOKEN, OTHER].sort(), 'and both go on after a yes');
        assert.ok(!v.names().includes('Kept') && !v.names().includes('Queued'), 'what was told to the SDK itself is gone');
        noPageError(v);
      },
    ));

  test('below a library that is there and not started: the page\'s init() comes to the gate, and no second library', () =>
    harness.during(
      late(`<script>window.mixpanel = Object.assign([], { __SV: 1.2, _i: [] });</script><script src="${LIBRARY}"></script>`, {
        site: `<script>mixpanel.init(${JSON.stringify(TOKEN)}, S.config); mixpanel.track('First'); mixpanel.init(${JSON.stringify(OTHER)}, S.config, 'second'); mixpanel.second.track('Of the second');</script>`,
      }),
      async (v) => {
        await v.settle();
        nothingSent(v);
        assert.deepEqual((await v.stored()).mixpanel, []);
        await v.answer('yes', { by: 'api' });
        await v.until(on);
        await v.settle();
        assert.ok(v.names().includes('First') && v.names().includes('Of the second'), v.names().join());
        assert.deepEqual(v.code(), []);
        noPageError(v);
      },
    ));

  test('where the page has declared `var mixpanel`', () =>
    harness.during(
      late('<script>var mixpanel;</script>', { cdnDelay: 1_000, site: `<script>mixpanel.init(${JSON.stringify(TOKEN)}, S.config); mixpanel.track('First');</script>` }),
      async (v) => {
        await v.settle();
        nothingSent(v);
        await v.answer('yes', { by: 'api' });
        await v.page.waitForFunction(() => document.querySelector('script[src*="mxpnl"]'));
        await v.page.evaluate(() => {
          mixpanel.track('Meanwhile');
          mixpanel.identify('user-7');
          mixpanel.people.set({ plan: 'gold' });
          mixpanel.push(['track', 'Pushed']);
        });
        nothingSent(v);
        await v.until(on);
        await v.call('track', 'Later');
        await v.settle();
        for (const name of ['First', 'Meanwhile', 'Pushed', 'Later']) assert.ok(v.names().includes(name), `${name}: ${v.names()}`);
        assert.ok(v.sent().some(({ route }) => route === 'engage'));
        noPageError(v);
      },
    ));

  test('where `window.mixpanel` cannot be written to: the running instance is shut, and it is said', () =>
    harness.during(
      late(`${running}<script>Object.defineProperty(window, 'mixpanel', { value: mixpanel, writable: false, configurable: false });</script>`, {
        config: { ...EVERYTHING, batch_flush_interval_ms: 2_000 },
        site: '<script>window.__task = mixpanel.get_config(\'window\')?.doNotTrack; mixpanel.track(\'After the tag\');</script>',
      }),
      async (v) => {
        assert.equal(await v.page.evaluate(() => window.__task), '1', 'in the same task');
        await v.settle(1_200);
        assert.deepEqual(v.names(), ['Before the tag']);
        assert.deepEqual((await v.stored()).mixpanel.filter((name) => !/^idb /.test(name)), []);
        assert.ok(v.console.some(({ text }) => /bridge-late.*cannot be written to/.test(text)), JSON.stringify(v.console));
        await v.answer('yes', { by: 'api' });
        await v.until(on);
        await v.call('track', 'Later');
        await v.settle(2_500);
        assert.ok(v.names().includes('Later'), v.names().join());
        noPageError(v);
      },
    ));

  test('an instance of the page\'s own bundle that is put there after the tag: taken over as well', () =>
    harness.during(
      late('', { site: `<script type="module">
        const sdk = (await import('/sdk/2.83.0/module.js')).default;
        sdk.init(${JSON.stringify(TOKEN)}, S.config);
        window.mixpanel = sdk;
        window.__task = sdk.get_config('window')?.doNotTrack;
        sdk.track('Unwanted');
        mixpanel.track('Held');
        window.__put = true;
      </script>` }),
      async (v) => {
        await v.page.waitForFunction(() => window.__put);
        assert.equal(await v.page.evaluate(() => window.__task), '1');
        await v.settle();
        assert.deepEqual(v.names(), []);
        await v.answer('yes', { by: 'api' });
        await v.until(on);
        await v.settle();
        assert.ok(v.names().includes('Held') && !v.names().includes('Unwanted'), v.names().join());
        noPageError(v);
      },
    ));
});
