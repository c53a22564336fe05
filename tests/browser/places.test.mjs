// Where a page stands, and when: hosts whose cookies lie elsewhere, a frame to which storage is
// refused, another tab that writes a moment after a withdrawal, a clock that jumps.
// Not here: tabs that have a bridge, the back/forward cache (promise 10).
// What was broken to see these fail stands in breaks.mjs.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ENGINE, PAGES, TOKEN, closed, identityCookie, noPageError, nothingSent, open, sentTimes, swept, using } from './harness/index.mjs';

let harness;
before(async () => {
  harness = await open({
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

  const sandbox = { form: 'tag', connect: { cmp: 'manual' }, headers: { 'content-security-policy': 'sandbox allow-scripts' }, before: [['track', 'Held']] };
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

  test('another tab, which has no bridge, writes a moment after the withdrawal: that goes as well', () =>
    harness.during({ ...using('manual') }, async (v) => {
      await v.page.evaluate(() => window.__bridge.grant());
      await v.until(on);
      await v.settle();
      const other = await v.context.newPage();
      await other.goto(`${harness.server.origin}/plain`);
      await v.page.evaluate(() => window.__bridge.deny());
      await v.until(off);
      // Counted there and then: they go within a moment.
      const written = await other.evaluate(([token, identity]) => {
        document.cookie = `${identity}=%7B%7D; path=/; domain=.shop.test`;
        document.cookie = `${identity}=%7B%7D; path=/`;
        localStorage.setItem(`__mpq_${token}_ev`, '[{"id":1}]');
        sessionStorage.setItem('here', '1');
        return document.cookie.split(`${identity}=`).length - 1;
      }, [TOKEN, identityCookie(TOKEN)]);
      assert.equal(written, 2);
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
