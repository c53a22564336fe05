// A page that has nothing to do does nothing, and still hears everything: no timer runs where a
// consent manager or the browser tells of changes; where nobody does, a withdrawal is seen within a
// second (promise 5). The first yes waits for no file. No exception is thrown where all is well.
// Not here: how long any of it takes; that is measured by `npm run bench`.
// What was broken to see these fail stands in breaks.mjs.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ENGINE, PAGES, noPageError, open, pause, sentTimes, swept, using } from './harness/index.mjs';

let harness;
before(async () => {
  harness = await open();
});
after(() => harness.close());

// Counts the timers that the bridge's own files start. Frames of a stack have their file's address.
const COUNT = `{
  window.__timers = [];
  const start = window.setTimeout;
  window.setTimeout = (f, ms, ...more) => {
    if (/\\/dist\\/\\w+\\.js/.test(new Error().stack)) window.__timers.push(ms);
    return start(f, ms, ...more);
  };
}`;
const timers = (v) => v.page.evaluate(() => window.__timers.splice(0));
/** The timers of so many seconds, from when what an answer sets going is over. */
async function startedWithin(v, ms) {
  await pause(4_500);
  await timers(v);
  await pause(ms);
  return timers(v);
}
const withoutCookieStore = 'delete window.cookieStore; delete Window.prototype.cookieStore;';
const yes = (v) => v.until({ consent: 'granted', mode: 'on' });

/** A consent manager of the site's own that tells nobody. */
const SILENT = `<script>
  window.Silent = { id: 1, answer: undefined };
  window.__own = { id: 'silent', category: 'stats', probes: { answer: ['global', 'Silent.answer'], there: ['global', 'Silent.id'] },
    read: ({ answer, there }) => there && { answered: answer !== undefined, categories: { stats: !!answer } } };
</script>`;

describe('a page at rest', { concurrency: PAGES }, () => {
  for (const id of ['klaro', 'vanilla-cookieconsent', 'orejime']) {
    test(`${id} tells of its changes: after an answer no timer runs, and a withdrawal is heard`, () =>
      harness.during({ ...using(id), init: COUNT }, async (v) => {
        await v.answer('yes', { by: 'api' });
        await yes(v);
        assert.deepEqual(await startedWithin(v, 2_500), []);
        await v.answer('no', { by: 'api' });
        await v.until({ consent: 'denied', mode: 'off' }, v.page, 1_500);
        await v.settle(400);
        await swept(v);
        noPageError(v);
      }));
  }

  test('with auto, too', () =>
    harness.during({ ...using('klaro'), connect: {}, init: COUNT }, async (v) => {
      await v.answer('yes', { by: 'api' });
      await yes(v);
      assert.deepEqual(await startedWithin(v, 2_500), []);
    }));

  for (const id of ['klaro', 'vanilla-cookieconsent', 'orejime']) {
    test(`${id} asks: no timer runs before the answer, and it is heard at once`, () =>
      harness.during({ ...using(id), init: COUNT }, async (v) => {
        await v.until({ code: 'cmp-asking' });
        // The page has loaded, and what drives the SDK has come.
        await pause(1_500);
        await timers(v);
        await pause(2_500);
        assert.deepEqual(await timers(v), []);
        await v.answer('yes', { by: 'api' });
        await yes(v);
        noPageError(v);
      }));
  }

  test('an answer that is stored after its click, and told by nobody: seen within a second', () =>
    harness.during({ ...using('vanilla-cookieconsent'), init: `${withoutCookieStore} { const tell = window.dispatchEvent; window.dispatchEvent = (event) => /^cc:/.test(event.type) || tell.call(window, event); }` }, async (v) => {
      await v.until({ code: 'cmp-asking' });
      await v.page.evaluate(() => addEventListener('click', () => setTimeout(() => window.CookieConsent.acceptCategory('all'), 400), { once: true }));
      await v.page.click('h1');
      await yes(v);
      noPageError(v);
    }));

  test('with a dialog of the site\'s own no timer runs before the answer either', () =>
    harness.during({ connect: { cmp: 'manual' }, init: COUNT }, async (v) => {
      await v.until({ code: 'manual-unset' });
      await pause(300);
      await timers(v);
      await pause(2_500);
      assert.deepEqual(await timers(v), []);
      await v.page.evaluate(() => window.__bridge.grant());
      await yes(v);
    }));

  for (const deaf of [false, true]) {
    test(`an answer that is a cookie and no more: ${deaf ? 'looked for where the browser does not tell' : 'told by the browser, without a timer'}`, { skip: !deaf && ENGINE !== 'chromium' && 'not every engine tells of cookies' }, () =>
      harness.during({ ...using('cookieconsent'), init: COUNT + (deaf ? withoutCookieStore : '') }, async (v) => {
        await v.answer('yes', { by: 'api' });
        await yes(v);
        const started = await startedWithin(v, 3_500);
        if (deaf) assert.ok(started.length >= 3 && started.length <= 7, `one look each second, not ${started}`);
        else assert.deepEqual(started, []);
        // By nothing that the page does otherwise: no click, no event, no reload.
        await v.page.evaluate(() => { document.cookie = 'cookieconsent_status=deny; path=/; max-age=9999'; });
        await v.until({ consent: 'denied', mode: 'off' }, v.page, 1_500);
        await v.settle(400);
        await swept(v);
      }));
  }

  test('one that tells nobody anything is looked at each second, not in a hidden page, and again when it is seen', () =>
    harness.during({ head: SILENT, init: COUNT + `
      let hidden = false;
      Object.defineProperty(document, 'hidden', { get: () => hidden });
      window.__hide = (now) => { hidden = now; document.dispatchEvent(new Event('visibilitychange')); };` }, async (v) => {
      await v.until({ code: 'cmp-asking', cmp: 'silent' });
      await v.page.evaluate(() => { Silent.answer = true; });
      await v.until({ consent: 'granted', mode: 'on' }, v.page, 2_500);
      await v.page.evaluate(() => { Silent.answer = false; });
      await v.until({ consent: 'denied', mode: 'off' }, v.page, 1_500);
      await v.page.evaluate(() => { window.__hide(true); Silent.answer = true; });
      assert.deepEqual(await startedWithin(v, 1_500), [], 'nothing is started in a hidden page');
      assert.equal((await v.state()).mode, 'off');
      await v.page.evaluate(() => window.__hide(false));
      await yes(v);
      noPageError(v);
    }));

  test('while none comes it is looked less and less often', () =>
    harness.during({ init: COUNT }, async (v) => {
      await v.until({ code: 'cmp-looking' });
      await pause(4_000);
      const all = (await timers(v)).filter((ms) => ms >= 60);
      assert.ok(all.length > 10 && all.length < 40, `${all.length} looks in four seconds`);
      assert.ok(all.at(-1) > 300, `the last after ${all.at(-1)} ms`);
    }));
});

const drivers = (v) => v.asked.filter(({ url }) => url.endsWith('/dist/drive.js')).length;

describe('what drives the SDK', { concurrency: PAGES }, () => {
  test('is there before the first yes, once somebody is asked', () =>
    harness.during({ ...using('klaro'), calls: [['track', 'Early']] }, async (v) => {
      await v.until({ code: 'cmp-asking' });
      for (const end = Date.now() + 5_000; !drivers(v) && Date.now() < end;) await pause(20);
      assert.equal(drivers(v), 1);
      assert.deepEqual(v.code(), [], 'of the SDK nothing is fetched');
      await v.answer('yes', { by: 'api' });
      await yes(v);
      await v.settle(300);
      sentTimes(v, { Early: 1 });
      assert.equal(drivers(v), 1);
    }));

  test('is not there where nobody is asked, nor for a visitor who has refused', () =>
    harness.during({}, async (nobody) => {
      await nobody.until({ code: 'cmp-looking' });
      await harness.during(using('klaro'), async (v) => {
        await v.answer('no', { by: 'api' });
        await v.until({ consent: 'denied' });
        const before = drivers(v);
        await v.reload();
        await v.until({ consent: 'denied' });
        // Asked again, by a manager that has forgotten.
        await v.page.evaluate(() => window.__manager.api.reset());
        await v.reload();
        await v.until({ code: 'cmp-asking' });
        await pause(1_500);
        assert.equal(drivers(v), before);
      });
      assert.equal(drivers(nobody), 0);
    }));

  test('that does not arrive before the answer is fetched again after it', { skip: ENGINE !== 'chromium' && 'no other driver here refuses one request of a page' }, () =>
    harness.during({ ...using('klaro'), calls: [['track', 'Early']] }, async (v) => {
      let refused = 0;
      const page = await v.context.newPage();
      await page.route('**/dist/drive.js', (route) => (refused++ ? route.continue() : route.abort()));
      await v.tab('other', {}, page);
      await v.ready(page);
      for (const end = Date.now() + 5_000; !refused && Date.now() < end;) await pause(20);
      await v.until({ code: 'cmp-asking' }, page);
      await v.answer('yes', { by: 'api', page });
      await page.waitForFunction(() => ['on', 'off'].includes(window.__bridge.state.mode) && window.__bridge.state.consent === 'granted');
      assert.ok(refused >= 1);
    }));
});

describe('a healthy page', { concurrency: PAGES, skip: ENGINE !== 'chromium' && 'no other driver tells of exceptions that are caught' }, () => {
  for (const [id, start] of [['klaro', 'deferred'], ['klaro', 'opted-out'], ['vanilla-cookieconsent', 'deferred'], ['iab-tcf', 'deferred']]) {
    test(`${id}, ${start}: from asking over yes, a page view and a withdrawal no exception is thrown by the bridge`, () =>
      harness.during({ ...using(id), connect: { ...using(id).connect, start } }, async (v) => {
        const page = await v.context.newPage();
        const cdp = await v.context.newCDPSession(page);
        const thrown = [];
        // Frames tell their scripts by number.
        const ours = new Set();
        let paused = 0;
        cdp.on('Debugger.scriptParsed', ({ scriptId, url }) => { if (new URL(url, 'http://none').pathname.startsWith('/dist/')) ours.add(scriptId); });
        cdp.on('Debugger.paused', ({ data, callFrames }) => {
          paused += 1;
          // In the SDK and in the consent manager there are some.
          if (ours.has(callFrames[0].location.scriptId)) {
            thrown.push(`${String(data?.description).split('\n')[0]} in ${callFrames.map(({ functionName }) => functionName).slice(0, 6).join(' < ')}`);
          }
          cdp.send('Debugger.resume').catch(() => {});
        });
        await cdp.send('Debugger.enable');
        await cdp.send('Debugger.setPauseOnExceptions', { state: 'all' });
        // Not by explain(), which copies what the page holds and may not be able to.
        const until = (consent) => page.waitForFunction((wanted) => window.__bridge?.state.consent === wanted && (wanted !== 'granted' || window.__bridge.state.mode === 'on'), consent);
        await v.tab('watched', {}, page);
        await v.ready(page);
        await until('unset');
        // That one is told of is seen by one that is thrown on purpose.
        await page.evaluate(() => { try { throw new Error('on purpose'); } catch { /* seen */ } });
        assert.ok(paused >= 1 && ours.size >= 2, 'exceptions are told, and whose they are');
        await v.answer('yes', { by: 'api', page });
        await until('granted');
        await page.evaluate(() => { window.__bridge.mixpanel.track('Seen', { n: 1 }); });
        await pause(400);
        await v.reload(page);
        await until('granted');
        await v.answer('no', { by: 'api', page });
        await until('denied');
        await pause(900);
        await v.reload(page);
        await until('denied');
        assert.deepEqual(thrown, []);
      }));
  }
});
