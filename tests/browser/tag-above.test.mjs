// The tag above what a site already has: every call that the page makes keeps its meaning, and
// nothing of Mixpanel is fetched before a yes. The snippets are the published ones, the loaders of
// others the published ones or what they do, read in their source.
// Not here: mistakes in the attributes (bad-input), a tag that stands below (tag-late), policies (csp).
// What was broken to see these fail stands in breaks.mjs.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { PAGES, TOKEN, asServed, noPageError, nothingSent, nothingWritten, open, sdkScript, sdkSnippet } from './harness/index.mjs';
import { createHash } from 'node:crypto';

let harness;
before(async () => {
  harness = await open();
});
after(() => harness.close());

const OTHER = 'fedcba9876543210fedcba9876543210';
const page = (given) => ({ form: 'tag', cmp: 'klaro', connect: { cmp: 'klaro' }, ...given });
// The tag has no token of its own where the page's init() says it.
const init = (given) => page({ token: null, ...given });
const config = '{ ...S.config, api_host: S.config.api_host }';
const on = { mode: 'on', consent: 'granted' };

async function before_yes(v) {
  await v.settle(500);
  nothingSent(v);
  nothingWritten(v);
  assert.deepEqual(v.code(), [], 'no library before a yes');
}
async function after_yes(v) {
  await v.answer('yes', { by: 'api' });
  await v.until(on);
  await v.settle();
}

const CALLS = `
  mixpanel.track('First', { n: 1 });
  mixpanel.identify('user-7');
  mixpanel.people.set({ plan: 'gold' });
  mixpanel.get_group('company', 'acme').set('size', 'large');
  mixpanel.push(['track', 'Pushed']);
  mixpanel.push([['get_group', 'company', 'acme'], ['set_once', 'seen', 1]]);
  mixpanel.push(function () { window.__pushed = typeof this.get_distinct_id; });
  mixpanel.register({ team: 'red' });
  mixpanel.track('Last', {}, function () { window.__calledBack = true; });
`;

describe('the tag above', { concurrency: PAGES }, () => {
  for (const [age, version] of [['of today', '2.83.0'], ['of 2021', '2.41.0']]) {
    test(`the snippet ${age}, unedited: every call keeps its meaning`, async () => {
      const snippet = await sdkSnippet(version);
      await harness.during(
        init({
          site: `<script>${snippet}</script><script>
            mixpanel.init(${JSON.stringify(TOKEN)}, { ...S.config, loaded(given) {
              window.__loaded = (window.__loaded ?? 0) + 1;
              window.__id = given.get_distinct_id();
              window.__same = window.mixpanel.get_distinct_id();
              mixpanel.track('From loaded');
            } });
            ${CALLS}
            mixpanel.init(${JSON.stringify(OTHER)}, { ...S.config }, 'second');
            mixpanel.second.track('Of the second');
          </script>`,
          config: { batch_requests: false },
        }),
        async (v) => {
          await before_yes(v);
          await after_yes(v);
          // As they left, one by one: they may overtake each other on the way.
          const events = v.log.filter(({ kind, body }) => kind === 'request' && body).map(({ body }) => new URLSearchParams(body).get('data'))
            .flatMap((data) => JSON.parse(Buffer.from(data, 'base64').toString())).filter(({ event }) => event).map(({ event, properties }) => ({ name: event, properties }));
          const of = (token) => events.filter((event) => event.properties.token === token).map(({ name }) => name);
          assert.deepEqual(of(TOKEN).filter((name) => name !== '$identify'), ['First', 'Pushed', 'Last', 'From loaded'], 'in order, and loaded after what waited');
          assert.deepEqual(of(OTHER), ['Of the second']);
          assert.equal(events.find(({ name }) => name === 'First').properties.team, undefined);
          assert.equal(events.find(({ name }) => name === 'Last').properties.team, 'red');
          assert.equal(events.find(({ name }) => name === 'Last').properties.distinct_id, 'user-7');
          const updates = JSON.stringify(v.sent().flatMap((request) => request.updates));
          for (const part of ['"plan":"gold"', '"size":"large"', '"seen":1', '"acme"']) assert.ok(updates.includes(part), `${part} of ${updates}`);
          const seen = await v.page.evaluate(() => [window.__pushed, window.__calledBack, window.__loaded, window.__id, window.__same]);
          assert.deepEqual(seen, ['function', true, 1, 'user-7', 'user-7']);
          assert.equal(v.code().length, 1, 'one library for both');
          noPageError(v);
        },
      );
    });
  }

  test('a call between the yes and the library: held, and none of the page\'s fails', () =>
    harness.during(page({ cdnDelay: 1_500, before: [['track', 'Early']] }), async (v) => {
      await v.answer('yes', { by: 'api' });
      await v.page.waitForFunction(() => document.querySelector('script[src*="mxpnl"]'));
      await v.page.evaluate(() => {
        mixpanel.track('Meanwhile');
        mixpanel.people.set({ plan: 'gold' });
      });
      nothingSent(v);
      await v.until(on);
      await v.settle();
      assert.deepEqual(v.names(), ['Early', 'Meanwhile']);
      noPageError(v);
    }));

  test('attributes of others on the tag: passed over, and one that nobody knows is said', () =>
    harness.during(page({ attributes: { cfasync: 'false', cookieconsent: 'ignore', nscript: 'beforeInteractive', 'no-optimize': '1', 'cmp-vendor': 's1', src: '', colour: 'red' }, before: [['track', 'Early']] }), async (v) => {
      await after_yes(v);
      assert.deepEqual(v.names(), ['Early']);
      const said = v.console.filter(({ text }) => text.includes('option-unknown')).map(({ text }) => text);
      assert.deepEqual(said.map((text) => /data-(\w+)/.exec(text)[1]), ['src', 'colour']);
      noPageError(v);
    }));

  test('calls of a page that asks first whether Mixpanel is there, and has it later: nothing throws, and they wait for its init()', () =>
    harness.during(init({ site: `<script>
      if (window.mixpanel) {
        mixpanel.track('Guarded', { n: 1 });
        mixpanel.identify('user-7');
        mixpanel.people.set({ plan: 'gold' });
        mixpanel.get_group('company', 'acme').set('size', 'large');
        if (mixpanel.has_opted_in_tracking && mixpanel.has_opted_in_tracking()) window.__in = true;
      }
      addEventListener('load', () => setTimeout(() => mixpanel.init(${JSON.stringify(TOKEN)}, S.config), 300));
    </script>` }), async (v) => {
      await before_yes(v);
      await after_yes(v);
      assert.deepEqual(v.names(), ['Guarded', '$identify']);
      for (const wanted of ['engage', 'groups']) assert.ok(v.sent().some(({ route }) => route === wanted), wanted);
      assert.equal(await v.page.evaluate(() => window.__in), undefined);
      noPageError(v);
    }));

  test('a dialog of the site\'s own, which asks and answers by Mixpanel\'s methods: shown until it is answered, and followed', async () => {
    const snippet = await sdkSnippet('2.83.0');
    const site = `<script>${snippet}</script><script>
      mixpanel.init(${JSON.stringify(TOKEN)}, { ...S.config, opt_out_tracking_by_default: true });
      window.__shown = !mixpanel.has_opted_in_tracking() && !mixpanel.has_opted_out_tracking();
      mixpanel.track('Landed');
    </script>`;
    await harness.during(init({ cmp: undefined, connect: { cmp: 'manual' }, site }), async (v) => {
      const shown = () => v.page.evaluate(() => window.__shown);
      const now = () => v.page.evaluate(() => [mixpanel.has_opted_in_tracking(), mixpanel.has_opted_out_tracking()]);
      assert.equal(await shown(), true);
      await before_yes(v);
      assert.deepEqual(await now(), [false, false]);
      await v.call('opt_in_tracking');
      await v.until(on);
      await v.settle();
      assert.deepEqual(v.names(), ['Landed']);
      assert.deepEqual(await now(), [true, false]);
      await v.reload();
      assert.equal(await shown(), false, 'not asked again');
      await v.until(on);
      await v.call('opt_out_tracking');
      await v.until({ consent: 'denied' });
      assert.deepEqual(await now(), [false, true]);
      await v.reload();
      assert.equal(await shown(), false, 'nor after a no');
      await v.until({ consent: 'denied' });
      noPageError(v);
    });
  });

  test('no init() and no data-token: the page\'s calls do not throw, and it is said', () =>
    harness.during(init({ init: 'const { setTimeout: later } = window; window.setTimeout = (f, ms, ...rest) => later(f, ms / 10, ...rest);', site: '<script>mixpanel.track(\'Lost\');</script>', open: false }), async (v) => {
      v.page = await v.tab();
      await v.page.waitForFunction(() => window.__ready);
      await v.page.waitForTimeout(1_300);
      const said = v.console.filter(({ text }) => text.includes('no-init'));
      assert.equal(said.length, 1);
      assert.match(said[0].text, /data-token.*: 1\./);
      assert.deepEqual(v.code(), []);
      noPageError(v);
    }));

  // A dialog as most sites have it: whatever stands behind the answer must run.
  const DIALOG = `<dialog open id="ask"><button id="yes">Yes</button><button id="no">No</button></dialog><script>
    for (const [id, act] of [['yes', 'grant'], ['no', 'deny']])
      document.getElementById(id).onclick = () => { window.mixpanelConsent[act](); document.getElementById('ask').remove(); };
  </script>`;
  const dialog = (given) => init({ cmp: undefined, connect: { cmp: 'manual' }, ...given });

  for (const [answer, expected] of [['yes', on], ['no', { mode: 'off', consent: 'denied' }]])
    test(`the site's own dialog is answered with ${answer} before init(): the answer counts`, () =>
      harness.during(dialog({ site: `${DIALOG}<script>
        mixpanelConsent.subscribe((state) => (window.__heard ??= []).push(state.consent));
        mixpanelConsent.ready.then(({ consent }) => { window.__decided = consent; });
        window.__init = () => { mixpanel.init(${JSON.stringify(TOKEN)}, S.config); mixpanel.track('Held'); };
      </script>` }), async (v) => {
        await v.page.evaluate((id) => document.getElementById(id).click(), answer);
        assert.ok(await v.page.evaluate(() => !document.getElementById('ask')), 'the dialog is gone');
        await v.settle(400);
        nothingSent(v);
        assert.equal(await v.page.evaluate(() => window.mixpanelConsent.state.consent), 'unset');
        await v.page.evaluate(() => window.__init());
        await v.until(expected);
        await v.settle();
        assert.deepEqual(v.names(), answer === 'yes' ? ['Held'] : []);
        assert.equal(await v.page.evaluate(() => window.__decided), expected.consent);
        assert.deepEqual(await v.page.evaluate(() => [window.__heard[0], window.__heard.at(-1)]), ['unset', expected.consent]);
        noPageError(v);
      }));

  test('the token is empty, as a template without its value leaves it, and nobody calls init(): the dialog works, and it is said', () =>
    harness.during(dialog({ token: '', site: DIALOG }), async (v) => {
      await v.page.evaluate(() => document.getElementById('yes').click());
      assert.ok(await v.page.evaluate(() => !document.getElementById('ask')), 'the dialog is gone');
      await v.until({ mode: 'off', code: 'token-missing' });
      assert.equal(v.console.filter(({ type, text }) => type === 'error' && text.includes('token-missing')).length, 1);
      await v.settle(400);
      nothingSent(v);
      nothingWritten(v);
      noPageError(v);
    }));

  for (const [what, name] of [['an init()', ''], ['a named instance', 'second']]) test(`the token is empty, and ${what} comes late: it counts`, () =>
    harness.during(init({ token: '', site: `<script>
      mixpanelConsent.subscribe(({ code }) => (window.__codes ??= []).push(code));
      addEventListener('load', () => setTimeout(() => { mixpanel.init(${JSON.stringify(TOKEN)}, S.config${name && `, '${name}'`}); mixpanel${name && `.${name}`}.track('Held'); }, 200));
    </script>` }), async (v) => {
      await v.until({ code: 'cmp-asking' });
      assert.deepEqual(await v.page.evaluate(() => [window.__codes[0], window.__codes[1], window.__codes.at(-1)]), ['starting', 'token-missing', 'cmp-asking']);
      await before_yes(v);
      await after_yes(v);
      assert.deepEqual(v.names(), ['Held']);
      noPageError(v);
    }));

  for (const when of ['before', 'after']) {
    test(`data-token, and an init() of the page's own that comes after the document, ${when} the yes: its configuration ${when === 'before' ? 'counts' : 'is too late, and that is said'}`, () =>
      harness.during(page({ attributes: when === 'after' ? { config: { api_host: 'http://api.mixpanel.test', batch_requests: false } } : {}, site: `<script>
        window.__init = () => mixpanel.init(${JSON.stringify(TOKEN)}, { ...S.config, persistence: 'localStorage', persistence_name: 'mine', loaded: () => { window.__loaded = true; } });
        mixpanel.track('At once');
        ${when === 'before' ? 'addEventListener(\'load\', () => setTimeout(__init, 300));' : ''}
      </script>` }), async (v) => {
        if (when === 'before') await before_yes(v);
        await after_yes(v);
        if (when === 'before') {
          assert.deepEqual(v.names(), ['At once'], 'to the page\'s own api_host');
          assert.ok('mp_mine' in (await v.stored()).local, JSON.stringify((await v.stored()).local));
          assert.equal(await v.page.evaluate(() => window.__loaded), true);
          await v.answer('no', { by: 'api' });
          await v.until({ consent: 'denied' });
          // As another tab may write it a moment later: swept by the page's own name for it.
          await v.page.evaluate(() => localStorage.setItem('mp_mine', '{}'));
          await v.page.waitForFunction(() => !('mp_mine' in localStorage), undefined, { timeout: 6_000 });
        } else {
          await v.page.evaluate(() => window.__init());
          await v.settle(300);
          assert.ok(v.console.some(({ text }) => /init-ignored.*data-config/.test(text)), JSON.stringify(v.console));
        }
        noPageError(v);
      }));
  }

  test('a page without snippet and without init(): data-token alone, and calls at once', () =>
    harness.during(page({ site: `<script>${CALLS}</script>` }), async (v) => {
      await before_yes(v);
      assert.equal(await v.page.evaluate(() => window.mixpanelConsent.state.held > 4), true);
      noPageError(v);
    }));

  test('the same, and a yes: they leave', () =>
    harness.during({ ...page({ site: `<script>${CALLS}</script>` }), attributes: { config: { api_host: 'http://api.mixpanel.test', batch_requests: false } } }, async (v) => {
      await after_yes(v);
      const asked = v.asked.filter(({ url }) => url.startsWith('http://api.mixpanel.test')).map(({ url }) => new URL(url).pathname);
      assert.ok(asked.filter((path) => path === '/track/').length >= 3, asked.join());
      assert.ok(asked.includes('/engage/') && asked.includes('/groups/'), asked.join());
      noPageError(v);
    }));

  test('a snippet that a tag manager brings later, after the page\'s own init: it leaves the gate alone', async () => {
    const snippet = await sdkSnippet('2.83.0');
    await harness.during(
      init({ site: `<script>mixpanel.init(${JSON.stringify(TOKEN)}, ${config}); mixpanel.track('Early');
        setTimeout(() => { const s = document.createElement('script'); s.text = ${JSON.stringify(snippet)} + ';mixpanel.init(' + ${JSON.stringify(JSON.stringify(TOKEN))} + '); mixpanel.track("From the manager"); window.__brought = true;'; document.body.append(s); }, 50);</script>` }),
      async (v) => {
        await v.page.waitForFunction(() => window.__brought);
        await before_yes(v);
        await after_yes(v);
        assert.deepEqual(v.names(), ['Early', 'From the manager']);
        noPageError(v);
      },
    );
  });

  test('the wrapper of Mixpanel\'s own GTM template', () =>
    harness.during(
      init({ site: `<script src="/node_modules/mixpanel-browser/dist/mixpanel-js-wrapper.min.js"></script><script>
        mixpanel.init(${JSON.stringify(TOKEN)}, ${config});
        _mixpanel('track', 'Wrapped'); _mixpanel('identify', 'user-7'); _mixpanel('people.set', { plan: 'gold' }); _mixpanel('group.set', ['company', 'acme'], { size: 'large' });</script>` }),
      async (v) => {
        await before_yes(v);
        await after_yes(v);
        assert.ok(v.names().includes('Wrapped'));
        const updates = JSON.stringify(v.sent().flatMap((request) => request.updates));
        for (const part of ['"plan":"gold"', '"size":"large"']) assert.ok(updates.includes(part), `${part} of ${updates}`);
        noPageError(v);
      },
    ));

  // nuxt/scripts 1.3.9: a stub unless there is one, an init(), and a script of its own at once, from
  // whose `load` on its proxy hands calls to window.mixpanel.
  test('as nuxt/scripts loads it: nothing is fetched, and what it does after `load` is held', () =>
    harness.during(
      init({ site: `<script>{
        const mp = (window.mixpanel = window.mixpanel || []);
        if (!mp.__SV) window.__stubbed = true;
        mp.init(${JSON.stringify(TOKEN)}, ${config});
        const script = document.createElement('script');
        script.setAttribute('src', 'https://cdn.mxpnl.com/libs/mixpanel-2-latest.min.js');
        script.addEventListener('load', () => { window.mixpanel.track('After load'); window.mixpanel.opt_in_tracking?.(); window.__brought = true; });
        document.head.append(script);
      }</script>` }),
      async (v) => {
        await v.page.waitForFunction(() => window.__brought);
        await before_yes(v);
        assert.equal(await v.page.evaluate(() => window.__stubbed), undefined);
        await after_yes(v);
        assert.deepEqual(v.names(), ['After load'], 'and no $opt_in');
        noPageError(v);
      },
    ));

  test('a loader that brings the library from an address of its own: not before a yes, and then from there', () =>
    harness.during(
      init({
        answerWith: [[/\/lib\/mixpanel\.min\.js/, { contentType: 'text/javascript', path: new URL('../../node_modules/mixpanel-browser/dist/mixpanel.min.js', import.meta.url).pathname }]],
        site: `<script>{
          const mp = (window.mixpanel = window.mixpanel || []);
          mp.init(${JSON.stringify(TOKEN)}, ${config});
          mp.track('Landed');
          const script = document.createElement('script');
          script.setAttribute('src', '/lib/mixpanel.min.js');
          script.addEventListener('load', () => { window.__brought = true; });
          document.head.append(script);
        }</script>`,
      }),
      async (v) => {
        await v.page.waitForFunction(() => window.__brought);
        await before_yes(v);
        assert.ok(!v.asked.some(({ url }) => url.includes('/lib/')), 'not before a yes');
        await after_yes(v);
        assert.ok(v.asked.some(({ url }) => url.includes('/lib/mixpanel.min.js')), 'from where the page wanted it');
        assert.ok(!v.asked.some(({ url }) => url.includes('mxpnl.com')), 'and from nowhere else');
        assert.deepEqual(v.names(), ['Landed']);
        noPageError(v);
      },
    ));

  test('@c15t/scripts, the published code: nothing is fetched, and its opt-in opens nothing', () =>
    harness.during(
      init({ site: `<script type="module">
        import { mixpanelAnalytics } from '/bundle/@c15t/scripts/mixpanel-analytics';
        const made = mixpanelAnalytics({ token: ${JSON.stringify(TOKEN)}, initOptions: { ...S.config } });
        const info = { id: made.id, elementId: made.id, hasConsent: true, consents: { measurement: true } };
        made.onBeforeLoad?.(info);
        window.mixpanel.track('Early');
        const element = document.createElement('script');
        element.src = made.src;
        element.onload = () => { made.onLoad?.({ ...info, element }); window.__brought = true; };
        document.head.append(element);
      </script>` }),
      async (v) => {
        await v.page.waitForFunction(() => window.__brought);
        await before_yes(v);
        await after_yes(v);
        assert.deepEqual(v.names(), ['Early']);
        noPageError(v);
      },
    ));

  for (const [what, given, where] of [
    ['data-sdk', { attributes: { sdk: '/node_modules/mixpanel-browser/dist/mixpanel.min.js' } }, '/node_modules/mixpanel-browser/dist/mixpanel.min.js'],
    ['MIXPANEL_CUSTOM_LIB_URL', { lib: '/node_modules/mixpanel-2.45.0/dist/mixpanel.min.js' }, '/node_modules/mixpanel-2.45.0/dist/mixpanel.min.js'],
  ]) {
    test(`${what}: the library comes from there, after a yes`, () =>
      harness.during(page({ ...given, before: [['track', 'Early']] }), async (v) => {
        const asked = () => v.asked.filter(({ url }) => url.endsWith(where)).length;
        await before_yes(v);
        assert.equal(asked(), 0);
        await after_yes(v);
        assert.equal(asked(), 1);
        assert.deepEqual(v.names(), ['Early']);
      }));
  }

  test('data-integrity that is right, and one that is wrong', async () => {
    const sum = (text) => `sha384-${createHash('sha384').update(text).digest('base64')}`;
    const sdk = '/node_modules/mixpanel-browser/dist/mixpanel.min.js';
    const text = asServed(await sdkScript('2.83.0'));
    await harness.during(page({ attributes: { sdk, integrity: sum(text) }, before: [['track', 'Early']] }), async (v) => {
      await after_yes(v);
      assert.deepEqual(v.names(), ['Early']);
    });
    await harness.during(page({ attributes: { sdk, integrity: sum(`${text} `) }, before: [['track', 'Early']] }), async (v) => {
      await v.answer('yes', { by: 'api' });
      await v.until({ consent: 'granted', code: 'sdk-failed' });
      assert.equal((await v.state()).held, 1, 'and what was consented to is kept');
      nothingSent(v);
      assert.equal(v.console.filter(({ text: line }) => line.includes('data-integrity')).length, 1);
      noPageError(v);
    });
  });
});
