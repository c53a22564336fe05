// Where a page stands, and when: hosts whose cookies lie elsewhere, a frame to which storage is
// refused or full, another tab that writes a moment after a withdrawal, a clock that jumps. And what its
// document is: replaced under a running bridge, without an address, behind a service worker.
// Not here: tabs that have a bridge, the back/forward cache (promise 10).
// What was broken to see these fail stands in breaks.mjs.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ENGINE, PAGES, TOKEN, closed, identityCookie, noPageError, nothingSent, open, sdkSnippet, sentTimes, swept, using } from './harness/index.mjs';

let harness;
before(async () => {
  harness = await open({
    whole: true,
    // Names below public suffixes of one label and of two, one that is a suffix by agreement, and a short one.
    args: ['--host-resolver-rules=MAP *.test 127.0.0.1,MAP *.shop.co.uk 127.0.0.1,MAP shop.github.io 127.0.0.1,MAP sub.abc.io 127.0.0.1,MAP * ~NOTFOUND,EXCLUDE 127.0.0.1'],
  });
});
after(() => harness.close());

const on = { mode: 'on', consent: 'granted' };
const off = { mode: 'off', consent: 'denied' };
const identities = async (v) => (await v.context.cookies()).filter(({ name }) => name === identityCookie(TOKEN));

const skip = (secure) => ({ skip: secure && ENGINE !== 'chromium' && 'DIFFERENCE: a page without https may not set such a cookie, and only Chromium can be told that a site without it is secure' });

describe('places and times', { concurrency: PAGES }, () => {
  // It has an event of the window, and keeps no cookie.
  test('document.open() after a yes: a no that the consent manager tells the window is heard', () =>
    harness.during({ ...using('fake-usercentrics'), config: { batch_flush_interval_ms: 300 } }, async (v) => {
      await v.answer('yes', { by: 'api' });
      await v.until(on);
      await v.settle(600);
      await v.page.evaluate(() => { document.open(); document.write('<!doctype html><title>New</title><body>'); document.close(); });
      await v.answer('no', { by: 'api' });
      await v.until(off);
      const since = v.mark();
      await v.call('track', 'Unwanted');
      await v.settle(700);
      nothingSent(v, since);
      await swept(v);
    }));

  for (const [host, config, domain] of [
    ['a.b.shop.test', {}, '.shop.test'],
    ['a.b.shop.test', { cross_subdomain_cookie: false }, 'a.b.shop.test'],
    ['a.b.shop.test', { cookie_domain: '.b.shop.test' }, '.b.shop.test'],
    ['www.shop.co.uk', {}, '.shop.co.uk'],
    ['sub.abc.io', {}, '.sub.abc.io'],
    ['www.shop.test', { secure_cookie: true }, '.shop.test'],
    ['www.shop.test', { secure_cookie: true, cookie_domain: 'www.shop.test' }, '.www.shop.test'],
    ['www.shop.test', { secure_cookie: true, cross_subdomain_cookie: false }, 'www.shop.test'],
    // The SDK guesses a domain that no cookie may have.
    ['shop.github.io', {}, undefined],
  ]) {
    const given = Object.keys(config).length ? ` with ${JSON.stringify(config).slice(1, -1)}` : '';
    test(`${host}${given}: the identity is on ${domain ?? 'no domain'}, and gone after a no`, skip(config.secure_cookie), () =>
      harness.during({ ...using('manual'), config, form: 'tag', before: [['track', 'Held']], open: false }, async (v) => {
        v.page = await v.tab(v.url().replace('www.shop.test', host));
        await v.ready(v.page);
        assert.deepEqual(await identities(v), []);
        await v.page.evaluate(() => window.__bridge.grant());
        await v.until(on);
        await v.settle();
        assert.deepEqual((await identities(v)).map((cookie) => [cookie.domain, !!cookie.secure]), domain ? [[domain, !!config.secure_cookie]] : []);
        await v.page.evaluate(() => window.__bridge.deny());
        await v.until(off);
        await v.settle(900);
        assert.deepEqual(await identities(v), []);
        noPageError(v);
      }));
  }

  for (const secure of [false, true]) {
    test(`an identity that an earlier visit left on the parent domain${secure ? ', with secure_cookie,' : ''} goes after a no on a page where the SDK never loads`, skip(secure), () =>
      harness.during({ ...using('manual'), form: 'tag', before: [['track', 'Held']], open: false }, async (v) => {
        await v.context.addCookies([{ name: identityCookie(TOKEN), value: '%7B%7D', domain: '.shop.test', path: '/', secure }]);
        v.page = await v.tab('home', {});
        await v.ready(v.page);
        assert.equal((await identities(v)).length, 1);
        await v.page.evaluate(() => window.__bridge.deny());
        await v.until(off);
        await v.settle(600);
        assert.deepEqual(await identities(v), []);
        assert.deepEqual(v.code(), []);
        noPageError(v);
      }));
  }

  const sandbox = { form: 'tag', tag: 'bridge.all', connect: { cmp: 'manual' }, headers: { 'content-security-policy': 'sandbox allow-scripts' }, before: [['track', 'Held']] };
  test('in a sandbox, where every storage is refused: shut before an answer; the SDK does not start there, which is said', () =>
    harness.during(sandbox, async (v) => {
      const refused = await v.page.evaluate(() => ['localStorage', 'sessionStorage'].map((area) => { try { return !!window[area]; } catch { return 'refused'; } }));
      assert.deepEqual(refused, ['refused', 'refused']);
      await v.settle(400);
      nothingSent(v);
      await closed(v, 'manual-unset');
      await v.page.evaluate(() => window.__bridge.grant());
      // By itself it does not either: its cookie throws.
      await v.until({ consent: 'granted', code: 'sdk-failed' });
      assert.equal((await v.state()).held, 1);
      await v.page.evaluate(() => window.__bridge.deny());
      await v.until(off);
      await v.settle(900);
      nothingSent(v);
      for (const code of ['record-refused', 'sdk-failed']) assert.ok(v.console.some(({ text }) => text.includes(code)), code);
      noPageError(v);
    }));

  // The record of a yes is there; that of a no is longer.
  const SECOND = `
    const { connect } = await import('mixpanel-consent-bridge');
    const sdk = (await import('/sdk/' + S.sdk + '/module.js')).default;
    window.__second = connect({ token: S.token, name: 'second', cmp: 'manual', start: S.connect.start, mixpanel: sdk, config: S.config });`;
  for (const [form, start] of [['object', 'deferred'], ['object', 'opted-out'], ['tag', 'deferred']])
    test(`${form}, ${start}: local storage is full: a no stands on the next page, for the other instances of the project as well`, () =>
      harness.during({ form, cmp: undefined, connect: { cmp: 'manual', start }, lines: form === 'object' ? SECOND : undefined }, async (v) => {
        const bridges = form === 'object' ? ['__bridge', '__second'] : ['__bridge'];
        const modes = () => v.page.evaluate((names) => names.map((name) => [window[name].state.mode, window[name].state.consent].join(' ')), bridges);
        const until = (wanted) => v.page.waitForFunction(([names, mode]) => names.every((name) => window[name]?.state.mode === mode && window[name].state.consent !== 'unset'), [bridges, wanted]);
        await v.page.evaluate((names) => names.forEach((name) => window[name].grant()), bridges);
        await until('on');
        await v.settle();
        const third = `mixpanel-consent-bridge:${TOKEN}:third`;
        assert.ok(await v.page.evaluate((third) => {
          // One that is on another page of the site.
          localStorage.setItem(third, '1.gggg.g.1764000000000.manual');
          let keys = 0;
          const fits = (text) => {
            try {
              localStorage.setItem(`fill${keys}`, text);
              return ++keys;
            } catch {
              return 0;
            }
          };
          for (let size = 2 ** 20; size; size >>= 1) while (fits('x'.repeat(size)));
          while (fits(''));
          return keys;
        }, third) > 10);
        await v.page.evaluate(() => window.__bridge.deny());
        await until('off');
        const since = v.mark();
        await v.reload();
        await until('off');
        await v.call('track', 'Unwanted');
        await v.settle(700);
        assert.deepEqual(await modes(), bridges.map(() => 'off denied'));
        assert.match(await v.page.evaluate((third) => localStorage.getItem(third), third), /^1\.dddd\.w/);
        nothingSent(v, since);
        noPageError(v);
      }));

  test('another tab, which has no bridge, writes a moment after the withdrawal: that goes as well', () =>
    harness.during({ ...using('manual') }, async (v) => {
      await v.page.evaluate(() => window.__bridge.grant());
      await v.until(on);
      await v.settle();
      const other = await v.context.newPage();
      await other.goto(`${harness.server.origin}/plain`);
      // By the tab itself, so that a busy machine cannot make more of the moment: the bridge looks for 3.3 s. And each
      // is looked for as it is written: what the sweep has taken between two of them was there to take.
      await other.evaluate(([token, identity]) => {
        window.__written = new Promise((done) => addEventListener('storage', () => setTimeout(() => {
          const written = [];
          for (const where of ['path=/; domain=.shop.test', 'path=/'])
            for (let tries = 0; tries < 20 && !written.includes(where); tries += 1) {
              const before = document.cookie.split(`${identity}=`).length;
              document.cookie = `${identity}=%7B%7D; ${where}`;
              if (document.cookie.split(`${identity}=`).length > before || before > 2) written.push(where);
            }
          localStorage.setItem(`__mpq_${token}_ev`, '[{"id":1}]');
          if (localStorage.getItem(`__mpq_${token}_ev`)) written.push('queue');
          done(written);
        }, 300), { once: true }));
      }, [TOKEN, identityCookie(TOKEN)]);
      await v.page.evaluate(() => window.__bridge.deny());
      await v.until(off);
      assert.equal((await other.evaluate(() => window.__written)).length, 3);
      await v.page.waitForFunction(([token, identity]) => !document.cookie.includes(identity) && !localStorage.getItem(`__mpq_${token}_ev`), [TOKEN, identityCookie(TOKEN)], { timeout: 8_000 });
      await v.settle(300);
      await swept(v);
      noPageError(v);
    }));

  for (const [what, jump] of [['a year ahead', 31_536_000_000], ['a day back', -86_400_000]]) {
    test(`the clock jumps ${what} while the page is open: nothing opens by it, and answers are followed`, () =>
      harness.during({ ...using('klaro'), calls: [['track', 'Held']] }, async (v) => {
        await v.page.waitForFunction(() => window.__cmpReady);
        await v.page.evaluate((ms) => {
          const real = Date.now;
          Date.now = () => real() + ms;
        }, jump);
        await v.settle(1_300);
        nothingSent(v);
        await closed(v);
        await v.answer('yes', { by: 'api' });
        await v.until(on);
        await v.settle();
        sentTimes(v, { Held: 1 });
        await v.answer('no', { by: 'api' });
        await v.until(off);
        const since = v.mark();
        await v.call('track', 'Unwanted');
        await v.settle(900);
        nothingSent(v, since);
        await swept(v);
        noPageError(v);
      }));
  }
});

// ---- documents -----------------------------------------------------------------------------

const SNIPPET = await sdkSnippet('2.83.0');
/** What a site has of Mixpanel, by the module and by the tag, in whichever part of its page. */
const PARTS = {
  module: (config, base = '') => `<script type="module">
    const { connect } = await import('${base}/dist/index.js');
    window.__bridge = connect({ token: '${TOKEN}', mixpanel: () => import('${base}/sdk/2.83.0/module.js'), cmp: 'manual', config: ${config} });
    (window.__mp = __bridge.mixpanel).track('Seen'); (window.__bridges ??= new Set()).add(__bridge); window.__ready = true;</script>`,
  tag: (config, base = '') => `<script src="${base}/dist/bridge.js" data-cmp="manual"></script><script>${SNIPPET}</script><script>
    mixpanel.init('${TOKEN}', ${config}); mixpanel.track('Seen');
    window.__bridge = mixpanelConsent; window.__mp = mixpanel; (window.__bridges ??= new Set()).add(__bridge); window.__ready = true;</script>`,
};
const page = (part, { head = '', body = '' } = {}) =>
  `<!doctype html><html><head><title>Shop</title>${head}<script>window.S = {};</script></head><body><a id="two" href="two">Two</a>${body}${part}</body></html>`;

/** A site whose pages are these. The module's has no route of the browser driver's, which holds up what a popup asks for. */
const site = (form, pages, use, given) =>
  harness.during({ form: form === 'tag' ? 'tag' : 'loader', cmp: undefined, path: 'one', ...given, pages: (name, { config }) => pages(JSON.stringify(config), name) }, use);

/** Shut, open and shut again, in the document whose bridge and SDK `where` gives. */
async function followed(v, seen, where = v.page) {
  const act = (text) => where.evaluate(text);
  const mode = async (wanted) => {
    for (const end = Date.now() + 10_000; (await act('__bridge.state.mode')) !== wanted && Date.now() < end;) await v.settle(50, 100);
    assert.equal(await act('__bridge.state.mode'), wanted);
  };
  await v.settle(500);
  nothingSent(v);
  await act('__bridge.grant()');
  await mode('on');
  await act("__mp.track('Sent')");
  await v.settle();
  sentTimes(v, { Seen: seen, Sent: 1 });
  const since = v.mark();
  await act('__bridge.deny()');
  await mode('off');
  await act("__mp.track('Unwanted')");
  await v.settle(900);
  nothingSent(v, since);
  await swept(v);
  noPageError(v);
}

describe('documents', { concurrency: PAGES }, () => {
  for (const [form, part] of Object.entries(PARTS)) {
    for (const [what, file] of [['Turbo', '@hotwired/turbo/dist/turbo.es2017-umd.js'], ['htmx', 'htmx.org/dist/htmx.min.js']])
      test(`${form}: ${what} replaces the body, whose scripts run again: one bridge, nothing lost or doubled`, () =>
        site(form, (config) => page(part(config), { head: `<script src="/node_modules/${file}"></script>` }).replace('<body>', '<body hx-boost="true" hx-boost:inherited="true">'), async (v) => {
          await v.page.evaluate(() => { window.__kept = true; });
          await v.page.click('#two');
          await v.page.waitForURL('**/two');
          await v.settle(400);
          assert.equal(await v.page.evaluate(() => window.__kept), true, 'the page itself stays');
          await followed(v, 2);
          assert.equal(await v.page.evaluate(() => window.__bridges.size), 1);
        }));

    for (const [what, seen] of [['by another', 1], ['by itself again', 2]])
      test(`${form}: document.open() and write() replace the page ${what}: the bridge that is there serves`, () =>
        site(form, (config) => page(part(config)), async (v) => {
          await v.settle(400);
          await v.page.evaluate((text) => { document.open(); document.write(text); document.close(); }, page(seen === 2 ? part(JSON.stringify(v.situation.config)) : ''));
          await followed(v, seen);
          assert.equal(await v.page.evaluate(() => window.__bridges.size), 1);
        }));

    test(`${form}: replaced by document.write() after a yes, a no of another tab is heard`, () =>
      site(form, (config) => page(part(config)), async (v) => {
        await v.page.evaluate(() => window.__bridge.grant());
        await v.until(on);
        await v.page.evaluate(() => { document.open(); document.write('<!doctype html><title>New</title>'); document.close(); });
        const second = await v.tab('one');
        await v.ready(second);
        await second.evaluate(() => window.__bridge.deny());
        await v.until(off);
        const since = v.mark();
        await v.page.evaluate(() => window.__mp.track('Unwanted'));
        await v.settle(900);
        nothingSent(v, since);
        await swept(v);
      }));

    // In the last the document has no address of its own: `about:srcdoc`.
    for (const [what, fill] of [['written into it', (text) => `{ const { contentDocument: made } = document.getElementById('f'); made.write(${text}); made.close(); }`], ['as its srcdoc', (text) => `document.getElementById('f').srcdoc = ${text};`]])
      test(`${form}: in a frame without an address, ${what}`, { skip: ENGINE !== 'chromium' && 'DIFFERENCE: only Playwright reaches into a frame' }, () =>
        site(form, (config) => page('', { body: `<iframe id="f"></iframe><script>${fill(JSON.stringify(page(part(config))).replaceAll('<', '\\u003c'))} window.__ready = true;</script>` }), async (v) => {
          const frame = v.page.frames()[1];
          await frame.waitForFunction(() => window.__ready);
          await followed(v, 1, frame);
        }));

    for (const [base, where] of [['/else/where/', 'of the same site'], ['http://elsewhere.test/x/', 'of another']])
      test(`${form}: below a <base> ${where}`, () =>
        site(form, (config) => page(part(config, `http://www.shop.test:${harness.server.port}`), { head: `<base href="${base}">` }), (v) => followed(v, 1)));
  }

  test('module: in a window without an address that its page has opened', { skip: ENGINE !== 'chromium' && 'DIFFERENCE: only Playwright reaches into it' }, () =>
    site('module', (config) => page(PARTS.module(config)), async (v) => {
      await v.page.evaluate(() => { window.__opened = window.open('', 'opened', 'width=300,height=300'); });
      await v.page.evaluate((text) => { window.__opened.document.write(text); window.__opened.document.close(); }, page(PARTS.module(JSON.stringify(v.situation.config))));
      await v.page.waitForFunction(() => window.__opened.__ready);
      await followed(v, 2, { evaluate: (text) => v.page.evaluate(`{ const { __bridge, __mp } = window.__opened; ${text}; }`) });
    }));

  const WORKER = `
    addEventListener('install', () => skipWaiting());
    addEventListener('activate', (event) => event.waitUntil(clients.claim()));
    addEventListener('fetch', (event) => {
      if (new URL(event.request.url).origin !== location.origin || event.request.method !== 'GET') return;
      ANSWER
    });`;
  const worked = { skip: ENGINE !== 'chromium' && 'DIFFERENCE: a service worker needs https, and only Chromium can be told that a site without it is secure' };
  const REGISTER = "<script>window.__served = navigator.serviceWorker.register('sw.js', { scope: '/' }).then(() => navigator.serviceWorker.ready);</script>";
  const behind = (answer, use) =>
    site('module', (config, name) => (name === 'sw.js' ? { type: 'text/javascript', body: WORKER.replace('ANSWER', answer) } : page(PARTS.module(config), { head: REGISTER })), async (v) => {
      await v.page.evaluate(() => window.__served);
      await v.page.waitForFunction(() => navigator.serviceWorker.controller);
      await v.reload();
      await use(v);
    }, { serviceWorkers: 'allow' });
  test('behind a service worker that answers from its cache first', worked, () =>
    behind("event.respondWith(caches.open('all').then(async (cache) => (await cache.match(event.request)) ?? fetch(event.request).then((got) => (cache.put(event.request, got.clone()), got))));", async (v) => {
      await v.reload();
      await followed(v, 1);
    }));
  test('behind a service worker that has only its offline page for core.js: shut, and said', worked, () =>
    behind("if (/core\\.js/.test(event.request.url)) event.respondWith(new Response('<!doctype html>Offline', { headers: { 'content-type': 'text/html' } }));", async (v) => {
      await v.until({ code: 'core-unavailable' });
      await v.page.evaluate(() => window.__bridge.grant());
      await v.settle();
      nothingSent(v);
      await closed(v, 'core-unavailable');
      noPageError(v);
    }));
});
