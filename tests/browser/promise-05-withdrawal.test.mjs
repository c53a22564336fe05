// Promise 5. On withdrawal: done inside the consent manager's own event (several reload at once); no
// request follows from any tab; cookies (every parent domain), localStorage, sessionStorage and
// IndexedDB of Mixpanel are gone, but its `0` flag. Pages where the SDK never loads clean up too.
// Not here: agreement of tabs in other directions (promise 10).
// What was broken to see these fail stands in breaks.mjs.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  EVERYTHING, MANAGERS, PAGES, SLOW_PACKING, TOKEN, identityCookie, noDelete, noPageError, nothingSent, open, pause, swept, using,
} from './harness/index.mjs';

let harness;
before(async () => {
  harness = await open();
});
after(() => harness.close());

const RECORDING = { record_sessions_percent: 100, record_min_ms: 0 };

async function consented(v) {
  await v.answer('yes', { by: 'api' });
  await v.until({ consent: 'granted', mode: 'on' });
  await v.call('identify', 'user-7');
  await v.call('people.set', { plan: 'gold' });
  await v.page.click('#buy');
  await v.settle(700);
}

async function afterNo(v, since, options) {
  await v.settle(1_000);
  await v.ready(v.page);
  await v.until({ consent: 'denied', mode: 'off' });
  nothingSent(v, since);
  await swept(v, options);
}

describe('on withdrawal', { concurrency: PAGES }, () => {
  // Where a manager can be told to reload, or does by itself, it reloads.
  for (const { id, options, reloads } of MANAGERS.filter((one) => one.reloads || one.options.includes('reload'))) {
    for (const start of ['deferred', 'opted-out']) {
      const given = using(id, options.includes('reload') ? { options: { reload: true } } : {});
      test(`${id}, ${start}, reloads the page${reloads ? ' by itself' : ''}: nothing follows, nothing stays`, () =>
        harness.during({ ...given, connect: { ...given.connect, start }, config: { ...EVERYTHING, ...RECORDING } }, async (v) => {
          await consented(v);
          // So that what is queued would leave by beacon with the page.
          await v.call('set_config', { batch_flush_interval_ms: 60_000 });
          const loads = v.log.filter(({ kind }) => kind === 'pageshow').length;
          // By hand: what reloads, reloads when its own panel is used.
          await v.answer('no', { by: 'click' });
          await afterNo(v, v.answeredAt);
          assert.ok(v.log.filter(({ kind }) => kind === 'pageshow').length > loads, 'the page was reloaded');
          noDelete(v);
          noPageError(v);
        }));
    }
  }

  // Their events come in the task of the call itself or in the next, so that the end of that is
  // the end of the event. What is left to do later would be left undone by a reload.
  // Not cookieconsent: it has no event, only a cookie that is watched (and its reload is above).
  for (const id of ['fake-cookiebot', 'fake-onetrust', 'vanilla-cookieconsent', 'klaro', 'orejime', 'iab-tcf', 'google-consent-mode']) {
    test(`${id}: by the end of the manager's own event the id, the queues and the tab's keys are gone`, () =>
      harness.during({ ...using(id), config: { ...EVERYTHING, batch_flush_interval_ms: 60_000 } }, async (v) => {
        await v.answer('yes', { by: 'api' });
        await v.until({ mode: 'on' });
        await v.call('track', 'Queued');
        await v.settle(600);
        const left = await v.page.evaluate(async (slow) => {
          window.__manager.api.rejectAll();
          // Managers that announce by a micro- or a next task are given that and no more.
          if (slow) await new Promise((resolve) => setTimeout(resolve, 0));
          const mine = (name) => /^(mp_|__mpq_|__mp_opt_in_out_)/.test(name.trim());
          return {
            mode: window.__bridge.state.mode,
            cookies: document.cookie.split(';').filter(mine),
            local: Object.entries(localStorage).filter(([name, value]) => mine(name) && value !== '0').map(String),
            session: Object.keys(sessionStorage).filter(mine),
          };
        }, id !== 'fake-cookiebot');
        assert.deepEqual(left, { mode: 'off', cookies: [], local: [], session: [] });
      }));
  }

  for (const sdk of ['2.45.0', '2.65.0', '2.83.0']) {
    // The middle version meets each form in some promise, and not in each.
    for (const form of sdk === '2.65.0' ? ['loader', 'initialised'] : ['loader', 'object', 'stub', 'tag', 'initialised']) {
      test(`${sdk} as ${form}: what was tracked a moment before does not follow, by timer or by beacon`, () =>
        harness.during(
          { form, sdk, cmp: 'klaro', connect: { cmp: 'klaro' }, config: { ...EVERYTHING, batch_flush_interval_ms: 4_000 } },
          async (v) => {
            await consented(v);
            // Right after the SDK has sent, so that its next time is as far away as can be; what it
            // had begun to send before the no would be rightly sent.
            await v.call('track', 'Sent');
            for (const end = Date.now() + 15_000; !v.names().includes('Sent') && Date.now() < end;) await pause(20);
            await v.settle(300);
            const since = v.mark();
            // By the page itself, so that a slow machine cannot come between.
            await v.page.evaluate(async () => {
              const mixpanel = window.__mp ?? window.mixpanel;
              mixpanel.track('Queued');
              mixpanel.people.set({ plan: 'queued' });
              await new Promise((go) => setTimeout(go, 100));
              window.__manager.api.rejectAll();
              mixpanel.track('Unwanted');
            });
            await v.settle(4_600, 9_000);
            nothingSent(v, since);
            await swept(v);
            await v.leave();
            await v.settle(400);
            nothingSent(v, since);
            noDelete(v);
          },
        ));
    }
  }

  for (const [sdk, form] of [['2.65.0', 'loader'], ['2.83.0', 'loader'], ['2.83.0', 'object'], ['2.83.0', 'initialised']]) {
    test(`${sdk} as ${form}, recording: what was recorded neither leaves nor stays`, () =>
      harness.during({ form, sdk, cmp: 'klaro', connect: { cmp: 'klaro' }, config: { ...RECORDING, ...EVERYTHING } }, async (v) => {
        await consented(v);
        // Something in the buffer at the moment itself: the recorder writes it a quarter of a second late.
        // In the task of the no, or what the SDK makes of the input may leave before it, and rightly.
        const since = v.mark();
        await v.page.evaluate(() => {
          const field = document.querySelector('#field');
          field.value = 'recorded';
          for (const type of ['input', 'change']) field.dispatchEvent(new Event(type, { bubbles: true }));
          document.querySelector('h1').textContent = 'Changed';
          window.__manager.api.rejectAll();
        });
        await v.page.fill('#field', 'unwanted');
        await v.settle(11_500, 13_000);
        nothingSent(v, since);
        await swept(v);
        await v.reload();
        await v.settle(1_500);
        nothingSent(v, since);
        await swept(v);
      }));
  }

  for (const sdk of ['2.55.1', '2.65.0', '2.83.0'])
    for (const what of ['a no', 'disconnect()'])
      test(`${sdk}: a recording that is being packed at ${what} does not leave when it is packed; one of a second yes does`, () =>
        harness.during({
          sdk, cmp: undefined, init: SLOW_PACKING, config: { ...RECORDING, batch_flush_interval_ms: 60_000 },
          connect: { cmp: { cookie: 'shop', granted: 'yes', denied: 'no' } },
        }, async (v) => {
          const say = (word) => v.page.evaluate((word) => { document.cookie = `shop=${word}; path=/`; }, word);
          await say('yes');
          await v.until({ mode: 'on' });
          // Its events come in a moment after they happened.
          await v.settle(900);
          await v.call('stop_session_recording');
          await v.page.waitForFunction(() => window.__packing);
          const since = v.mark();
          if (what === 'a no') await say('no');
          else await v.page.evaluate(() => window.__bridge.disconnect());
          await v.until({ mode: 'off' });
          await v.page.evaluate(() => window.__pack());
          await v.settle(700);
          nothingSent(v, since);
          noPageError(v);
          if (what !== 'a no') return;
          await say('yes');
          await v.until({ mode: 'on' });
          await v.settle(900);
          await v.call('stop_session_recording');
          await v.settle(900);
          assert.ok(v.sent(since).some(({ route }) => route === 'record'), 'a recording of the second yes');
          noPageError(v);
        }));

  // On a busy machine the SDK's timer, which is due, comes before any that the click begins.
  test('a no that is stored in the click itself shuts in that click', () =>
    harness.during({ cmp: undefined, connect: { cmp: { cookie: 'shop', granted: 'yes', denied: 'no' } }, config: { autocapture: true } }, async (v) => {
      await v.page.evaluate(() => { document.cookie = 'shop=yes; path=/'; });
      await v.until({ mode: 'on' });
      await v.settle(600);
      const since = v.mark();
      assert.equal(await v.page.evaluate(() => {
        window.__bridge.mixpanel.track('Due');
        const button = document.querySelector('#buy');
        button.addEventListener('click', () => { document.cookie = 'shop=no; path=/'; });
        button.click();
        return window.__bridge.state.consent;
      }), 'denied');
      await v.settle(700);
      nothingSent(v, since);
      await swept(v);
    }));

  test('two tabs: neither sends what it had queued, and the other does not bring the cookie back', () =>
    harness.during({ ...using('klaro'), config: { ...EVERYTHING, batch_flush_interval_ms: 3_000 } }, async (v) => {
      await v.answer('yes', { by: 'api' });
      await v.until({ mode: 'on' });
      const second = await v.tab('second');
      await v.ready(second);
      await v.until({ mode: 'on' }, second);
      await v.settle(3_500);
      await v.callIn(second, 'track', 'Queued');
      await v.call('track', 'Queued');
      const since = v.mark();
      await v.answer('no', { by: 'api' });
      await v.until({ mode: 'off' }, second);
      await v.callIn(second, 'register', { team: 'blue' });
      await v.callIn(second, 'identify', 'user-9');
      await v.callIn(second, 'track', 'Unwanted');
      await second.click('#buy');
      await v.settle(4_000);
      nothingSent(v, since);
      await swept(v);
      await swept(v, { page: second });
      await second.close();
      await v.settle(400);
      nothingSent(v, since);
    }));

  for (const [what, config, seed] of [
    ['host-only cookies', { cross_subdomain_cookie: false }],
    ['a cookie of a domain that the site names', () => ({ cookie_domain: harness.server.domain })],
    ['localStorage', { persistence: 'localStorage' }],
    ['a name of its own', { persistence_name: 'shopper' }],
    ['a flag with a prefix of its own', { opt_out_tracking_cookie_prefix: 'shop_' }],
    ['a flag in a cookie', { opt_out_tracking_persistence_type: 'cookie' }],
  ]) {
    test(`ids kept in ${what}: gone as well`, () =>
      harness.during({ ...using('klaro'), config: typeof config === 'function' ? config() : { ...config } }, async (v) => {
        await consented(v);
        const before = await v.stored();
        const id = (name) => /^mp_/.test(name);
        assert.ok(before.cookies.some(({ name }) => id(name)) || Object.keys(before.local).some(id), 'there is an id to remove');
        const since = v.mark();
        await v.answer('no', { by: 'api' });
        await v.settle(1_200);
        nothingSent(v, since);
        const { cookies, local, session } = await v.stored();
        const mine = (name) => /^(mp_|__mp)/.test(name) || /[0-9a-f]{32}$/.test(name);
        const left = [
          ...cookies.filter(({ name, value }) => mine(name) && value !== '0').map(({ name, domain }) => `cookie ${name} ${domain}`),
          ...Object.entries(local).filter(([name, value]) => mine(name) && value !== '0' && !/^mixpanel-consent/.test(name)).map(([name]) => name),
          ...Object.keys(session).filter(mine),
        ];
        assert.deepEqual(left, []);
      }));
  }

  test('cookies of every parent domain and of the host alone', () =>
    harness.during(
      {
        ...using('klaro'),
        seed: {
          cookies: [
            { name: identityCookie(TOKEN), value: encodeURIComponent('{"distinct_id":"host"}') },
            { name: identityCookie(TOKEN), value: encodeURIComponent('{"distinct_id":"parent"}'), url: undefined, domain: `.${harness.server.domain}`, path: '/' },
            { name: identityCookie(TOKEN), value: encodeURIComponent('{"distinct_id":"self"}'), url: undefined, domain: `.www.${harness.server.domain}`, path: '/' },
          ],
        },
      },
      async (v) => {
        assert.equal((await v.context.cookies()).length, 3);
        await v.answer('no', { by: 'api' });
        await v.until({ consent: 'denied' });
        await v.settle(800);
        await swept(v);
      },
    ));

  test('a request that was on its way at the no, and is answered after the last of the late sweeps: what the SDK notes of it goes', () =>
    harness.during(using('klaro'), async (v) => {
      const QUEUE = `__mpq_${TOKEN}_ev`;
      let answer;
      const asked = new Promise((resolve) => {
        void v.context.route(/api-\d+\.mixpanel\.test.*track/, (route) => {
          answer = () => route.fulfill({ headers: { 'access-control-allow-origin': '*' }, contentType: 'application/json', body: '{"status":1,"error":null}' });
          resolve();
        });
      });
      await v.answer('yes', { by: 'api' });
      await v.until({ mode: 'on' });
      await v.call('track', 'Sent');
      await asked;
      await v.answer('no', { by: 'api' });
      await v.until({ consent: 'denied', mode: 'off' });
      // The last is 3.3 s after the no, by the page's own clock.
      await v.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 3_800)));
      const since = v.mark();
      await answer();
      const noted = () => v.sets('mixpanel', since).some(({ name }) => name === QUEUE);
      for (const end = Date.now() + 8_000; !noted() && Date.now() < end;) await pause(20);
      assert.ok(noted(), 'the SDK notes the answer, else nothing is tested');
      await v.page.waitForFunction((name) => localStorage.getItem(name) === null, QUEUE, { timeout: 8_000 });
      await swept(v);
      noPageError(v);
    }));

  for (const [what, given] of [
    ['deferred, so that the SDK is never fetched', {}],
    ['the SDK does not load', { connect: { cmp: 'klaro', start: 'opted-out' }, module: '/sdk/none/module.js' }],
    ['the page has no SDK at all', { form: 'none' }],
  ]) {
    test(`a page where ${what}: an earlier visit's things go as well`, async () => {
      const earlier = await harness.visit({ form: 'bare-module', config: { ...EVERYTHING, ...RECORDING } });
      try {
        await earlier.page.click('#buy');
        await earlier.settle(800);
        assert.ok((await earlier.stored()).mixpanel.length > 5);
        const v = await harness.visit({ ...using('klaro'), ...given, after: earlier });
        await v.answer('no', { by: 'api' });
        await v.until({ consent: 'denied', mode: 'off' });
        await v.settle(1_000);
        nothingSent(v);
        await swept(v);
      } finally {
        await earlier.close();
      }
    });
  }

  test('a second bridge\'s instance that was allowed is not touched', () =>
    harness.during(
      {
        ...using('klaro'),
        lines: `
          const { connect } = await import('mixpanel-consent-bridge');
          window.__other = connect({
            token: 'ffffffffffffffffffffffffffffffff', name: 'other', cmp: 'manual',
            mixpanel: () => import('/sdk/' + S.sdk + '/module.js'),
            config: { ...S.config },
          });`,
      },
      async (v) => {
        await consented(v);
        await v.page.evaluate(() => {
          window.__other.grant();
          window.__other.mixpanel.track('Other');
        });
        await v.settle(900);
        assert.ok(v.names().includes('Other'));
        await v.answer('no', { by: 'api' });
        await v.settle(1_000);
        const since = v.mark();
        await v.page.evaluate(() => window.__other.mixpanel.track('Other again'));
        await v.settle(900);
        assert.deepEqual(v.names(since), ['Other again']);
        const { cookies } = await v.stored();
        assert.deepEqual(cookies.filter(({ name }) => name.startsWith('mp_')).map(({ name }) => name), ['mp_ffffffffffffffffffffffffffffffff_mixpanel']);
      },
    ));
});

