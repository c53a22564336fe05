// A page in a frame: the consent manager of a page above it, asked through the IAB's locator
// frames; and the storage that a frame of another site has, or has not.
// Not here: what the adapters read (tests/cmp); a sandboxed page that is no frame (places).
// What was broken to see these fail stands in breaks.mjs.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ENGINE, PAGES, TOKEN, closed, identityCookie, noPageError, nothingSent, open, optOutFlag, pause, sentTimes, using } from './harness/index.mjs';
import { framed, left, written } from './harness/framed.mjs';

let harness;
before(async () => {
  harness = await open({ whole: true });
});
after(() => harness.close());

const on = { mode: 'on', consent: 'granted' };
const off = { mode: 'off', consent: 'denied' };

/** The consent manager comes to the page above when the frame is there already. */
const load = (v, id, options = {}) =>
  v.top.evaluate(async ([id, options]) => {
    const { default: manager } = await import(`/managers/${id}.js`);
    window.__manager = manager;
    await manager.load({ base: '', ...options });
  }, [id, options]);
const act = (v, what) => v.top.evaluate((what) => void window.__manager.api[what](), what);

/** A page above by hand: `answer(message, reply)` gets what it is asked, and says when. */
const speaking = (name, answer) => `<script>
  window.asked = [];
  window.addEventListener('message', (event) => {
    const call = event.data && event.data.${name}Call;
    if (!call) return;
    asked.push(call);
    const reply = (returnValue, success = true) =>
      event.source.postMessage({ ${name}Return: { returnValue, success, callId: call.callId } }, '*');
    (${answer})(call, reply, event.source);
  });
</script>`;
const locator = (name) => `<iframe name="${name}Locator" style="display:none"></iframe>`;
const YES = `{ eventStatus: 'useractioncomplete', gdprApplies: true, listenerId: 7, purpose: { consents: { 1: true, 8: true, 9: true } } }`;

const tcf = { connect: { cmp: 'iab-tcf' }, calls: [['track', 'Held']] };

describe('a consent manager above the frame', { concurrency: PAGES }, () => {
  test('TCF two frames above, on another site, later than the bridge: yes, withdrawal, yes, no', () =>
    framed(harness, tcf, { depth: 2 }, async (v) => {
      await v.until({ mode: 'off', code: 'cmp-looking' });
      await v.until({ mode: 'off', code: 'cmp-looking' });
      await load(v, 'iab-tcf');
      await v.until({ code: 'cmp-asking' });
      nothingSent(v);
      assert.deepEqual(await written(v), []);
      await act(v, 'acceptAll');
      await v.until(on);
      await v.settle();
      sentTimes(v, { Held: 1 });
      assert.match(await v.explain(), /iab-tcf \(running\)[^]*"above":"http:\/\/www\.portal\.test:\d+"/);
      await act(v, 'rejectAll');
      await v.until(off);
      const withdrawn = v.mark();
      await v.call('track', 'Unwanted');
      await act(v, 'acceptAll');
      await v.until(on);
      await v.call('track', 'Again');
      await v.settle();
      sentTimes(v, { Unwanted: 0, Again: 1 }, withdrawn);
      await act(v, 'rejectAll');
      await v.until(off);
      const end = v.mark();
      await v.call('track', 'Unwanted');
      await v.settle(900);
      nothingSent(v, end);
      noPageError(v);
    }));

  test('GPP above closes what TCF above opened by default; opened again when it is taken back', () =>
    framed(harness, { ...tcf, connect: { cmp: ['iab-tcf', 'iab-gpp'] } }, {
      above: speaking('__gpp', '(call, reply) => window.__gpp(call.command, reply, call.parameter, call.version)'),
    }, async (v) => {
      await load(v, 'iab-tcf', { mode: 'implied-open' });
      await v.until({ mode: 'on', consent: 'implied-granted' });
      await load(v, 'iab-gpp');
      await v.top.evaluate(() => document.body.insertAdjacentHTML('beforeend', '<iframe name="__gppLocator"></iframe>'));
      await act(v, 'rejectAll');
      await v.until({ mode: 'off', consent: 'implied-denied', code: 'opted-out-of-sale' });
      await act(v, 'acceptAll');
      await v.until({ mode: 'on', consent: 'implied-granted' });
      noPageError(v);
    }));

  test('USP above, which tells no changes, is asked again and again', () =>
    framed(harness, { ...tcf, connect: { cmp: ['iab-tcf', 'iab-usp'] } }, {
      above: `<script>string = '1YNN';</script>` + locator('__uspapi') + speaking('__uspapi', '(call, reply) => reply({ version: 1, uspString: string })')
        + locator('__tcfapi') + speaking('__tcfapi', "(call, reply) => reply(call.command == 'ping' ? {} : { gdprApplies: false, eventStatus: 'tcloaded' })"),
    }, async (v) => {
      await v.until({ mode: 'on', consent: 'implied-granted' });
      await v.top.evaluate(() => void (window.string = '1YYN'));
      await v.until({ mode: 'off', code: 'opted-out-of-sale' });
      noPageError(v);
    }));

  test('a locator that nobody is behind, then somebody: shut until it is answered, and asked for once', () =>
    framed(harness, { ...tcf, connect: { cmp: 'iab-tcf', cmpTimeout: 300 } }, { above: locator('__tcfapi') }, async (v) => {
      await v.until({ code: 'cmp-not-ready' });
      await v.settle(900);
      nothingSent(v);
      await closed(v, 'cmp-not-ready');
      await v.top.evaluate((html) => {
        // Written as HTML it would not run.
        const script = document.createElement('script');
        script.text = html.replace(/<\/?script>/g, '');
        document.head.append(script);
      }, speaking('__tcfapi', `(call, reply) => reply(call.command == 'ping' ? {} : ${YES})`));
      await v.until(on);
      assert.equal(await v.top.evaluate(() => asked.filter(({ command }) => command === 'addEventListener').length), 1);
      noPageError(v);
    }));

  test('only the window that was asked is heard, and nothing that it says does harm', () =>
    framed(harness, tcf, {
      // What is next to the frame is told how to answer, and does: its word is worth nothing.
      above: `<iframe name="forger" srcdoc="<script>
          onmessage = ({ data }) => parent.frames[0].postMessage(data, '*');
        </script>"></iframe>`.replace(/\n\s*/g, '') + locator('__tcfapi') + speaking('__tcfapi', `(call, reply, frame) => {
          if (call.command == 'ping') { reply({}); return; }
          const { callId } = call;
          for (const odd of ['x', '{', '', 'null', '[]', '"__tcfapiReturn"', '{"__tcfapiReturn":null}', null, 0, true, [], {}, new Date(0), new Map(),
            { __tcfapiReturn: 'yes' }, { __tcfapiReturn: [] }, { __tcfapiReturn: {} }, { __tcfapiReturn: { callId: {} } },
            { __tcfapiReturn: { callId, success: true } }, { __tcfapiReturn: { callId, success: true, returnValue: 'yes' } }, { __tcfapiReturn: { callId, success: true, returnValue: { purpose: 7, gdprApplies: 'no' } } },
            { __tcfapiReturn: { callId, success: false, returnValue: ${YES} } }, { __tcfapiReturn: { callId: 'another', returnValue: ${YES}, success: true } }]) frame.postMessage(odd, '*');
          frames.forger.postMessage({ __tcfapiReturn: { returnValue: ${YES}, success: true, callId } }, '*');
          window.sayYes = () => frame.postMessage(JSON.stringify({ __tcfapiReturn: { returnValue: ${YES}, success: true, callId } }), '*');
          window.all = true;
        }`),
    }, async (v) => {
      await v.top.waitForFunction(() => window.all);
      await v.settle(600);
      nothingSent(v);
      await closed(v, 'cmp-not-ready');
      await v.top.evaluate(() => window.sayYes());
      await v.until(on);
      noPageError(v);
      // What is not listened to any more is said to be.
      await v.page.evaluate(() => window.__bridge.disconnect());
      await v.top.waitForFunction(() => asked.some(({ command, parameter }) => command === 'removeEventListener' && parameter === 7));
    }));

  test('an API of the page\'s own that comes later counts alone', () =>
    framed(harness, tcf, { above: locator('__tcfapi') + speaking('__tcfapi', `(call, reply) => reply(call.command == 'ping' ? {} : ${YES})`) }, async (v) => {
      await v.until(on);
      // By now the page rests: nothing but the script's arrival tells of it.
      await pause(2_000);
      await v.page.evaluate(() => {
        const came = (command, version, callback) =>
          command === 'addEventListener' && callback({ eventStatus: 'useractioncomplete', gdprApplies: true, listenerId: 1, purpose: { consents: {} } }, true);
        const script = document.createElement('script');
        script.src = 'data:text/javascript,' + encodeURIComponent(`window.__tcfapi = ${came}`);
        document.body.append(script);
      });
      await v.until(off);
      assert.doesNotMatch(await v.explain(), /"above"/);
      noPageError(v);
    }));

  test('a proxy in the page that hands on one answer only is asked again when the page above has said something', () =>
    framed(harness, {
      ...tcf,
      head: `<script>window.__tcfapi = (command, version, callback, parameter) => {
        const callId = 'proxy' + Math.random();
        const once = ({ data }) => {
          if (data.__tcfapiReturn?.callId !== callId) return;
          removeEventListener('message', once);
          callback(data.__tcfapiReturn.returnValue, data.__tcfapiReturn.success);
        };
        addEventListener('message', once);
        parent.postMessage({ __tcfapiCall: { command, version, parameter, callId } }, '*');
      };</script>`,
    }, {}, async (v) => {
      await load(v, 'iab-tcf');
      await v.until({ code: 'cmp-asking' });
      await act(v, 'acceptAll');
      await v.until(on);
      await act(v, 'rejectAll');
      await v.until(off);
      noPageError(v);
    }));

  test('what asks above does not come: shut, and said', () =>
    framed(harness, { ...tcf, connect: { cmp: 'iab-tcf', cmpTimeout: 500 }, block: ['**/dist/frames.js'] }, { above: locator('__tcfapi') + speaking('__tcfapi', `(call, reply) => reply(${YES})`) }, async (v) => {
      await v.until({ code: 'cmp-missing' });
      await v.settle(600);
      nothingSent(v);
      assert.equal(v.console.filter(({ text }) => text.includes('frames-unavailable')).length, 1);
      noPageError(v);
    }));

  test('a page that is no frame does not load what asks above', () =>
    harness.during(tcf, async (v) => {
      await v.until({ code: 'cmp-looking' });
      assert.equal(v.asked.filter(({ url }) => url.endsWith('/frames.js')).length, 0);
      assert.equal(v.asked.filter(({ url }) => url.endsWith('/core.js')).length, 1);
    }));
});

const manual = { connect: { cmp: 'manual' }, calls: [['track', 'Held']] };
const answer = (v, what) => v.page.evaluate((what) => void window.__bridge[what](), what);

/** What may stay after a no: the refusal, the record, and databases without a record. */
const STAYS = [optOutFlag(TOKEN), `mixpanel-consent-bridge:${TOKEN}`];
const places = ({ databases, ...others }) => Object.values(others).filter((names) => names !== 'refused').flat();
const untouched = async (v) => {
  assert.deepEqual([...places(await left(v)), ...(await written(v))], []);
};

/** Nothing before a yes, what was held after it, nothing after a no; answers with what was there after the yes. */
async function walk(v) {
  await v.until({ code: 'manual-unset' });
  await v.settle(300);
  nothingSent(v);
  await untouched(v);
  await answer(v, 'grant');
  await v.until(on);
  await v.settle();
  sentTimes(v, { Held: 1 });
  const yes = await left(v);
  await answer(v, 'deny');
  await v.until(off);
  const end = v.mark();
  await v.call('track', 'Unwanted');
  await v.settle(900);
  nothingSent(v, end);
  assert.deepEqual(places(await left(v)).filter((name) => !STAYS.includes(name)), []);
  noPageError(v);
  return yes;
}

describe('a frame of another site', { concurrency: PAGES }, () => {
  test('with as much storage as the browser gives it: nothing before a yes, which is followed, and nothing left after a no', () =>
    framed(harness, manual, {}, async (v) => {
      const { cookies, local } = await walk(v);
      const refused = v.console.filter(({ text }) => text.includes('record-refused')).length;
      // DIFFERENCE: Chromium's private windows, which these contexts are, refuse storage; Firefox gives the frame one of its own, WebKit one without cookies.
      if (ENGINE === 'chromium') assert.deepEqual({ local, cookies, refused }, { local: 'refused', cookies: [], refused: 1 });
      else assert.deepEqual({ kept: local.includes(STAYS[1]), cookies, refused }, { kept: true, cookies: ENGINE === 'firefox' ? [identityCookie(TOKEN)] : [], refused: 0 });
    }));

  const consenting = locator('__tcfapi') + speaking('__tcfapi', `(call, reply) => reply(call.command == 'ping' ? {} : ${YES})`);
  test('in a sandbox with its own origin it works as without', () =>
    framed(harness, tcf, { sandbox: 'allow-scripts allow-same-origin', above: consenting }, async (v) => {
      await v.until(on);
      await v.settle(400);
      sentTimes(v, { Held: 1 });
      noPageError(v);
    }));

  const boxed = { form: 'tag', connect: { cmp: 'iab-tcf', cmpTimeout: 500 }, before: [['track', 'Held']] };
  test('in a sandbox without an origin no other file can be had: shut, and said', () =>
    framed(harness, boxed, { sandbox: 'allow-scripts', above: consenting }, async (v) => {
      await v.until({ code: 'core-unavailable' });
      await v.settle(400);
      nothingSent(v);
      assert.deepEqual(await written(v), []);
      assert.equal(v.console.filter(({ text }) => text.includes('core-unavailable') && text.includes('bridge.all.js')).length, 1);
      noPageError(v);
    }));

  test('there the tag in one file hears the page above', () =>
    framed(harness, { ...boxed, tag: 'bridge.all' }, { sandbox: 'allow-scripts', above: consenting }, async (v) => {
      await v.until({ consent: 'granted', cmp: 'iab-tcf' });
      assert.ok(!v.console.some(({ text }) => text.includes('frames-unavailable')));
      noPageError(v);
    }));
});

// Settings that other browsers do not have, or have by default (above).
if (ENGINE === 'chromium') {
  /** A visit with a profile of its own: a context is a private window. */
  const profiled = async (profile, use) => {
    const own = await open({ prefs: { profile } });
    try {
      await use(own);
    } finally {
      await own.close();
    }
  };

  describe('Chromium\'s settings', { concurrency: 3 }, () => {
    test('no cookies for other sites: the frame has storage of its own, which the site\'s pages do not share', () =>
      profiled({ block_third_party_cookies: true, cookie_controls_mode: 1 }, (own) =>
        framed(own, manual, {}, async (v) => {
          const site = await v.context.newPage();
          await site.goto(`${own.server.origin}/plain`);
          const queue = `__mpq_${TOKEN}_ev`;
          await site.evaluate((name) => localStorage.setItem(name, '[]'), queue);
          const { cookies, local } = await walk(v);
          assert.deepEqual({ cookies, kept: local.includes(STAYS[1]) }, { cookies: [], kept: true });
          assert.deepEqual(await site.evaluate(() => Object.keys(localStorage)), [queue]);
        })));

    test('cookies for other sites: one that the SDK has set for them (cross_site_cookie) goes with a no', () =>
      profiled({ block_third_party_cookies: false, cookie_controls_mode: 0 }, (own) =>
        framed(own, { ...manual, config: { cross_site_cookie: true, secure_cookie: true } }, {}, async (v) => {
          const { cookies } = await walk(v);
          assert.ok(cookies.includes(identityCookie(TOKEN)));
          assert.deepEqual((await v.context.cookies()).map(({ name }) => name), []);
        })));

    test('no cookies at all, so no storage in any page: followed without, and said once', () =>
      profiled({ default_content_setting_values: { cookies: 2 } }, (own) =>
        own.during({ ...using('iab-tcf'), calls: [['track', 'Held']] }, async (v) => {
          assert.equal(await v.page.evaluate(() => { try { return !!localStorage; } catch { return 'refused'; } }), 'refused');
          await v.until({ code: 'cmp-asking' });
          await v.settle(300);
          nothingSent(v);
          await v.answer('yes', { by: 'api' });
          await v.until(on);
          await v.settle();
          sentTimes(v, { Held: 1 });
          await v.answer('no', { by: 'api' });
          await v.until(off);
          const end = v.mark();
          await v.call('track', 'Unwanted');
          await v.settle(900);
          nothingSent(v, end);
          assert.deepEqual(v.console.map(({ text }) => text.replace(/.*: ([a-z-]+) .*/, '$1')), ['record-refused']);
          noPageError(v);
        })));
  });
}
