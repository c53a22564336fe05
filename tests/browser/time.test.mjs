// What happens to a page while nobody looks: it is prepared before it is opened (prerendering), it
// is frozen, an answer ends, another tab starts the SDK in the same moment.
// Not here: the back/forward cache and answers of other tabs (promise 10), clocks and hosts (places).
// What was broken to see these fail stands in breaks.mjs.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import puppeteer from 'puppeteer-core';
import { CHROMIUM_ARGS } from '../../tools/setup.mjs';
import { ENGINE, PAGES, QUICK, TOKEN, chromiumPath, identityCookie, noPageError, nothingSent, open, pause, sentTimes, swept, using } from './harness/index.mjs';

let harness;
before(async () => {
  harness = await open({ whole: true });
});
after(() => harness.close());

const on = { mode: 'on', consent: 'granted' };
const off = { mode: 'off', consent: 'denied' };

// Most of it is waiting, so all of it waits at once.
describe('time', { concurrency: true }, () => {
  // Playwright's way of watching pages switches prerendering off and lets none freeze; puppeteer's does
  // neither. It loses its page when one that was prepared takes its place, so those tell by themselves.
  describe('pages that nobody looks at', { concurrency: PAGES, skip: ENGINE !== 'chromium' && 'no other engine prepares pages, and no driver there can freeze one' }, () => {
    let browser;
    let count = 0;
    before(async () => {
      browser = await puppeteer.launch({
        executablePath: chromiumPath(),
        args: [
          ...CHROMIUM_ARGS,
          '--host-resolver-rules=MAP *.test 127.0.0.1,MAP * ~NOTFOUND,EXCLUDE 127.0.0.1',
          `--unsafely-treat-insecure-origin-as-secure=${harness.server.origin}`,
        ],
      });
    });
    after(() => browser.close());

    const TELL = `<script>
      window.__prepared = document.prerendering;
      if (window.__prepared) {
        setInterval(() => {
          if (!window.__bridge) return;
          const { consent, mode, code } = window.__bridge.state;
          localStorage.setItem('told', JSON.stringify({
            consent, mode, code, seen: !document.prerendering, since: performance.getEntriesByType('navigation')[0].activationStart,
            manager: window.__cmpReady && window.klaro.getManager().getConsent('mixpanel'), receipts: window.__bridge.receipts().length,
          }));
        }, 30);
        document.addEventListener('prerenderingchange', () => localStorage.removeItem('told'));
      }
    </script>`;

    const fits = (found, wanted) => found && Object.entries(wanted).every(([key, value]) => found[key] === value);

    /** A visitor with a page in front, on which the bridge has spoken, and `yes` was answered if it is given. */
    async function visitor({ yes, config, form = 'loader', ...connect }, use) {
      const { server } = harness;
      const id = 900 + (count += 1);
      const host = `api-${id}.mixpanel.test`;
      server.situations.set(id, {
        ...using('klaro'), connect: { cmp: 'klaro', ...connect }, token: TOKEN, sdk: '2.83.0', form,
        config: { api_host: `http://${host}:${server.port}`, track_pageview: true, ...QUICK, ...config },
        [form === 'tag' ? 'before' : 'early']: [['track', 'Held']],
        // From here: there is no CDN.
        attributes: { sdk: '/node_modules/mixpanel-browser/dist/mixpanel.min.js' },
        head: TELL,
      });
      const context = await browser.createBrowserContext();
      const until = async (page, wanted) => {
        let found;
        for (const end = Date.now() + 15_000; ; await pause(40)) {
          found = await page.evaluate(() => window.__ready && window.__cmpReady && { ...window.__bridge.state });
          if (fits(found, wanted)) return;
          assert.ok(Date.now() < end, `waited 15 s for ${JSON.stringify(wanted)}, and it is ${JSON.stringify(found)}`);
        }
      };
      const say = (page, accept) => page.evaluate((all) => void (all ? window.__manager.api.acceptAll() : window.__manager.api.rejectAll()), accept);
      const tab = async (path) => {
        const page = await context.newPage();
        await page.goto(`${server.origin}/v${id}/${path}`);
        await until(page, {});
        return page;
      };
      const events = () => server.requests.filter((entry) => entry.host === host).flatMap((entry) => entry.events);
      try {
        // Without a bridge, to look from.
        const aside = await context.newPage();
        await aside.goto(`${server.origin}/plain`);
        const front = await tab('home');
        if (yes !== undefined) {
          await say(front, yes);
          await until(front, yes ? on : off);
        }
        await use({
          front, aside, until, say, tab, events,
          names: (path) => events().filter(({ url }) => url?.endsWith(path)).map(({ name }) => name).sort(),
          /** Until these have come from a page, and nothing for a while. */
          async came(path, wanted) {
            const seen = () => this.names(path);
            for (const end = Date.now() + 15_000; seen().length < wanted.length && Date.now() < end; ) await pause(40);
            await this.idle();
            assert.deepEqual(seen(), wanted);
          },
          /** Until nothing has come for a while. */
          idle: async (ms = 900) => {
            for (let seen = -1; seen !== server.requests.length; await pause(ms)) seen = server.requests.length;
          },
          async prepare() {
            await front.evaluate((next) => {
              const rules = document.createElement('script');
              rules.type = 'speculationrules';
              rules.textContent = JSON.stringify({ prerender: [{ source: 'list', urls: [next], eagerness: 'immediate' }] });
              document.head.append(rules);
            }, `${server.origin}/v${id}/next`);
          },
          /** Opens the page that was prepared; answers with the time before. */
          async show() {
            const at = Date.now();
            await front.evaluate((next) => void setTimeout(() => { location.href = next; }), `${server.origin}/v${id}/next`);
            return at;
          },
          /** Waits for what the page that was prepared tells. */
          async told(wanted) {
            let found;
            for (const end = Date.now() + 15_000; ; await pause(40)) {
              found = JSON.parse(await aside.evaluate(() => localStorage.getItem('told')));
              if (fits(found, wanted)) return found;
              assert.ok(Date.now() < end, `waited 15 s for ${JSON.stringify(wanted)}, and it is ${JSON.stringify(found)}`);
            }
          },
        });
      } finally {
        await context.close();
      }
    }

    const prepared = { seen: false, code: 'prerendered', mode: 'off' };

    for (const given of [{ start: 'deferred' }, { start: 'opted-out' }, { form: 'tag' }]) {
      test(`${given.start ?? given.form}, prepared with a yes on record: nothing leaves until it is shown; then all does, of that time`, () =>
        visitor({ yes: true, ...given }, async (v) => {
          await v.prepare();
          await v.told({ ...prepared, manager: true });
          await v.idle();
          assert.deepEqual(v.names('/next'), []);
          const at = await v.show();
          const { since } = await v.told({ ...on, seen: true });
          assert.ok(since > 0, 'it was prerendered, else nothing is tested');
          await v.came('/next', ['$mp_web_page_view', 'Held']);
          for (const { name, time } of v.events().filter(({ url }) => url.endsWith('/next')))
            assert.ok(time * (time < 1e12 ? 1000 : 1) >= at, `${name} at ${time}, shown at ${at}`);
        }));

      test(`${given.start ?? given.form}, prepared with a yes on record that is withdrawn before it is shown: nothing leaves, though its consent manager has not heard`, () =>
        visitor({ yes: true, ...given }, async (v) => {
          await v.prepare();
          await v.told({ ...prepared, manager: true });
          await v.say(v.front, false);
          await v.until(v.front, off);
          await v.idle();
          await v.show();
          await v.told({ ...off, seen: true, manager: true });
          await v.idle();
          assert.deepEqual(v.names('/next'), []);
          const left = await v.aside.evaluate((name) => [document.cookie.includes(name), Object.keys(localStorage).filter((key) => /^__mpq/.test(key))], identityCookie(TOKEN));
          assert.deepEqual(left, [false, []]);
        }));
    }

    test('prepared without an answer, and a yes on the page in front: on when it is shown, and one record of the answer', () =>
      visitor({}, async (v) => {
        await v.prepare();
        await v.told({ ...prepared, manager: false });
        await v.say(v.front, true);
        await v.until(v.front, on);
        await v.idle();
        assert.deepEqual(v.names('/next'), []);
        await v.show();
        await v.told({ ...on, seen: true, receipts: 1 });
        await v.came('/next', ['$mp_web_page_view', 'Held']);
      }));

    test('a frozen tab, and a withdrawal in another: nothing of what it had queued leaves when it wakes', () =>
      visitor({ yes: true, config: { batch_flush_interval_ms: 1_200 } }, async (v) => {
        const second = await v.tab('second');
        await v.until(second, on);
        await v.idle(1_400);
        const session = await second.createCDPSession();
        await second.evaluate(() => {
          window.__ticks = 0;
          setInterval(() => { window.__ticks += 1; }, 10);
          // Not before: the SDK sends what it has when a page is hidden.
          document.addEventListener('freeze', () => window.__bridge.mixpanel.track('Queued in the second'));
        });
        await session.send('Page.setWebLifecycleState', { state: 'frozen' });
        const ticks = async () => (await session.send('Runtime.evaluate', { expression: 'window.__ticks' })).result.value;
        const before = await ticks();
        // Its time to send comes before it can have heard of the withdrawal.
        await v.idle(1_400);
        const sent = v.events().length;
        await v.say(v.front, false);
        await v.until(v.front, off);
        await v.idle(1_400);
        assert.equal(await ticks(), before, 'it was frozen, else nothing is tested');
        await session.send('Page.setWebLifecycleState', { state: 'active' });
        await v.until(second, off);
        await second.evaluate(() => window.__bridge.mixpanel.track('Unwanted'));
        await v.idle(1_400);
        assert.deepEqual(v.events().slice(sent).map(({ name }) => name), []);
        const left = await v.aside.evaluate((name) => [document.cookie.includes(name), Object.keys(localStorage).filter((key) => /^__mpq/.test(key))], identityCookie(TOKEN));
        assert.deepEqual(left, [false, []]);
      }));
  });

  describe('one start at a time', { concurrency: PAGES }, () => {
    // Held by a page without a bridge, in place of a tab that is just starting, or frozen while it does.
    async function held(v) {
      const page = await v.context.newPage();
      await page.goto(`${harness.server.origin}/plain`);
      await page.evaluate((name) => new Promise((got) => navigator.locks.request(name, () => new Promise((free) => { window.__free = free; got(); }))), identityCookie(TOKEN));
      return page;
    }

    test('while another tab starts, this one waits, and a no that comes meanwhile holds', { skip: ENGINE !== 'chromium' && 'its page is no secure context there' }, () =>
      harness.during({ ...using('klaro'), calls: [['track', 'Held']] }, async (v) => {
        // As long as the test likes; the present wait is the next test's.
        await v.page.evaluate(() => { AbortSignal.timeout = () => new AbortController().signal; });
        const other = await held(v);
        await v.answer('yes', { by: 'api' });
        await v.page.waitForFunction(async (name) => (await navigator.locks.query()).pending.some((lock) => lock.name === name), identityCookie(TOKEN));
        await v.settle(600);
        nothingSent(v);
        assert.equal(v.code().length, 1, 'the SDK is there');
        assert.equal((await v.state()).held, 1);
        await v.answer('no', { by: 'api' });
        await v.until(off);
        await other.evaluate(() => window.__free());
        await v.page.waitForFunction(async () => !(await navigator.locks.query()).pending.length);
        await v.settle(900);
        nothingSent(v);
        assert.deepEqual(v.sets('mixpanel'), []);
        // It is free for the next.
        await v.answer('yes', { by: 'api' });
        await v.until(on);
        await v.call('track', 'Sent');
        await v.settle();
        sentTimes(v, { Held: 0, Sent: 1 });
        noPageError(v);
      }));

    for (const [what, before, connect] of [
      ['a tab that holds on for ever', held],
      ['a lock that is given back after cmpTimeout', (v) => v.page.evaluate(() => {
        const { request } = LockManager.prototype;
        LockManager.prototype.request = async function (...given) {
          await Reflect.apply(request, this, given);
          await new Promise((done) => setTimeout(done, 900));
        };
      }), { cmpTimeout: 600 }],
      ['locks that are refused', (v) => v.page.evaluate(() => { LockManager.prototype.request = () => Promise.reject(new Error('mine')); })],
      ['no locks at all', (v) => v.page.evaluate(() => { delete Navigator.prototype.locks; })],
    ]) {
      test(`${what}: it starts all the same, and once`, { skip: ENGINE !== 'chromium' && 'its page is no secure context there' }, () =>
        harness.during({ ...using('klaro'), connect: { cmp: 'klaro', ...connect }, config: { track_pageview: true }, calls: [['track', 'Held']] }, async (v) => {
          await before(v);
          await v.answer('yes', { by: 'api' });
          await v.until(on);
          await v.settle(900);
          assert.deepEqual(v.names().sort(), ['$mp_web_page_view', 'Held']);
          assert.equal(await v.page.evaluate(async () => (await window.__bridge.explain()).sdk), 'on');
          noPageError(v);
        }));
    }

    // What starts an SDK has come, and has seen that no earlier visit left a database.
    const prepared = (page) => page.waitForFunction(() => performance.getEntriesByType('resource').some(({ name }) => name.includes('/dist/drive')));
    const atHand = { ...using('klaro'), form: 'object', calls: [['track', 'Held']] };

    for (const form of ['object', 'getter']) test(`the SDK is at hand (${form}): a yes has started it before the consent manager has done with it, whoever holds the lock`, { skip: ENGINE !== 'chromium' && 'its page is no secure context there' }, () =>
      harness.during({ ...atHand, form }, async (v) => {
        await held(v);
        await prepared(v.page);
        await v.settle(200);
        const told = await v.page.evaluate(() => {
          window.__manager.api.acceptAll();
          return { ...window.__bridge.state };
        });
        assert.deepEqual([told.consent, told.mode], ['granted', 'on']);
        await v.settle(900);
        assert.deepEqual(v.names(), ['Held']);
        assert.equal(await v.page.evaluate(async (name) => (await navigator.locks.query()).pending.filter((lock) => lock.name === name).length, identityCookie(TOKEN)), 0, 'nothing waits for ever');
        noPageError(v);
      }));

    // As zone.js does it, which Angular brings: what a native promise's then() gives is another's.
    const ZONE = `(() => {
      const { then } = Promise.prototype;
      class Zoned {
        constructor(native) { this.native = native; }
        then(...given) { return new Zoned(then.apply(this.native, given)); }
        catch(failed) { return this.then(undefined, failed); }
        finally(f) { return this.then((value) => (f(), value), (error) => { f(); throw error; }); }
      }
      Promise.prototype.then = function (...given) { return new Zoned(this).then(...given); };
    })()`;
    for (const form of ['loader', 'object']) test(`promises are another's, and what starts the SDK has come (${form}): a yes is followed, and a no`, () =>
      harness.during({ ...atHand, form, init: ZONE }, async (v) => {
        await prepared(v.page);
        await v.settle(200);
        await v.answer('yes', { by: 'api' });
        await v.until(on);
        await v.settle(900);
        assert.deepEqual(v.names(), ['Held']);
        await v.answer('no', { by: 'api' });
        await v.until(off);
        await v.settle(900);
        await swept(v);
        noPageError(v);
      }));

    test('the SDK is at hand: a yes that was said in another tab waits for the tab that starts', { skip: ENGINE !== 'chromium' && 'its page is no secure context there' }, () =>
      harness.during(atHand, async (v) => {
        const second = await v.tab('second');
        await v.ready(second);
        for (const page of [v.page, second]) await page.evaluate(() => { AbortSignal.timeout = () => new AbortController().signal; });
        for (const page of [v.page, second]) await prepared(page);
        const other = await held(v);
        await v.settle(200);
        await v.answer('yes', { by: 'api' });
        await v.until({ code: 'sdk-loading' }, second);
        await v.settle(600);
        assert.equal((await v.state(second)).mode, 'off');
        await other.evaluate(() => window.__free());
        for (const page of [v.page, second]) await v.until(on, page);
        await v.settle(900);
        // Each tab has made the call.
        assert.deepEqual(v.names(), ['Held', 'Held']);
        assert.equal(new Set(v.events().map(({ deviceId }) => deviceId)).size, 1);
        noPageError(v);
      }));

    for (const form of ['loader', 'object']) test(`three tabs hear of a first yes in one moment: one device (${form})`, () =>
      harness.during({ ...using('klaro'), form, config: { track_pageview: true, batch_flush_interval_ms: 1_200 } }, async (v) => {
        const url = (path) => v.url(path).replace('shop.test', ENGINE === 'webkit' ? 'shop.localhost' : 'shop.test');
        const pages = [v.page, await v.tab('second'), await v.tab('third')];
        for (const page of pages) {
          // WebKit takes no other name for a secure context without https.
          if (ENGINE === 'webkit') await page.goto(url('home'));
          await v.ready(page);
          assert.equal(await page.evaluate(() => typeof navigator.locks), 'object');
        }
        await v.settle(400);
        await v.answer('yes', { by: 'api' });
        for (const page of pages) {
          await v.until({ mode: 'on' }, page);
          await v.callIn(page, 'track', 'Afterwards');
        }
        await v.settle(1_700);
        // By their own ids: what one tab is slow to send another sends as well (promise 10).
        assert.equal(new Set(v.events().filter(({ name }) => name === 'Afterwards').map(({ properties }) => properties.$insert_id)).size, 3);
        assert.equal(new Set(v.events().map(({ deviceId }) => deviceId)).size, 1);
        noPageError(v);
      }));
  });

  describe('an answer that ends', () => {
    test('an answer ends while the page is open, and nothing tells of it: shut within the next look, swept, and open again with the next answer', () =>
      harness.during(
        {
          // One that tells nobody: its cookie is all there is.
          connect: { cmp: 'react-cookie-consent' },
          init: "delete window.cookieStore; if (!sessionStorage.getItem('seen')) { sessionStorage.setItem('seen', '1'); document.cookie = 'CookieConsent=true; path=/'; }",
          calls: [['track', 'Held']],
        },
        async (v) => {
          await v.until(on);
          await v.call('track', 'Sent');
          await v.settle();
          sentTimes(v, { Held: 1, Sent: 1 });
          await v.page.evaluate(() => { document.cookie = 'CookieConsent=true; path=/; max-age=1'; });
          await v.page.waitForFunction(() => !document.cookie.includes('CookieConsent'));
          await v.until({ mode: 'off', consent: 'unset' });
          const since = v.mark();
          await v.call('track', 'Waits');
          await v.settle(1_200);
          nothingSent(v, since);
          await swept(v);
          assert.ok(!(`__mp_opt_in_out_${TOKEN}` in (await v.stored()).local), 'nobody has refused');
          await v.page.evaluate(() => { document.cookie = 'CookieConsent=true; path=/'; });
          await v.until(on);
          await v.settle();
          sentTimes(v, { Waits: 1 });
          noPageError(v);
        },
      ));
  });
});
