// Consent managers as they are, where a page is needed to see it: what they show in their first
// moments, and what they left on an earlier page. What each stored text means is asked natively
// (tests/cmp/seen.rs) and of the server part (tests/server/read-seen.test.mjs) as well.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { PAGES, noPageError, nothingSent, nothingWritten, open, sentTimes } from './harness/index.mjs';

let harness;
before(async () => {
  harness = await open();
});
after(() => harness.close());

/** What real visitors had stored (tests/seen, ids made up), and as which answers it may be read. */
const SEEN = new URL('../seen/', import.meta.url);
const seen = readdirSync(SEEN).sort().flatMap((file) => JSON.parse(readFileSync(new URL(file, SEEN), 'utf8')).map((row) => ({ cmp: file.slice(0, -5), ...row })));

const script = (code) => `<script>${code}</script>`;
const early = { calls: [['track', 'Early']] };

// Usercentrics 3 packs its state; ids made up.
const PACKED = {
  yes: 'N4IgbgpgTgzglgewHYgFwEYA0ICucBq08yaIAzAHQAsADBTSNgMbIAuUCANp9AJIAmpGsJGix4iZKnSpjEJwCGSAOY4FyiKQgpsMCK1ZwVaUKwCeAB02oQAcQAiABQBKcuIJsKv3n97mRYRBQbAA5qSgB2dBAAX2wcC34FVgh+AEFWNHQIqjIAJhCyEIA2dHQaPPjE5NSAITNSZABVapSAZWgwOCYIGDkmKAga9MyMHPyQvLyyAE4QgFYI7EGARzxBjwAzBU49XVZknD6bNIAZU4B9NIBha4BRRwAVO/s5cytSO4ANR1Pea94jzkAAsFDBgUIZFDoTDoXI9FAuj0BMcANoAXRiQA',
  no: 'N4IgbgpgTgzglgewHYgFwEYA0ICucBq08yaIAzAHQAsADBTSNgMbIAuUCANp9AJIAmpGsJGix4iZKnSpjEJwCGSAOY4FyiKQgpsMCK1ZwVaUKwCeAB02oQAcQAiABQBKcuIJsKv3n97mRYRBQbAA5qSgB2dBAAX2wcC34FVgh+AEFWNHQIqjIAJhCyEIA2dHQaPPjE5NSAITNSZABVapSAZWgwOCYIGDkmKAga9MyMHPyQvLyyAE4QgFYI7EGARzxBjwAzBU49XVZknD6bNIAZU4B9ewBRADlea/s5cytSa4ANR1PeAGFeABU5AALBQwIFCGSQqHQqFyPRQLo9ATHADaAF0YkA==',
};

describe('consent managers as they are', { concurrency: PAGES }, () => {
  test('OneTrust, a second page with nothing answered, its script late: nothing is sent, with groups on too', () =>
    harness.during({
      head: script(`document.cookie = 'OptanonConsent=isGpcEnabled=0&version=202409.1.0&interactionCount=1&isAnonUser=1&landingPath=https%3A%2F%2Fshop.example%2F&groups=C0001%3A1%2CC0002%3A1; path=/';
        setTimeout(() => { window.OnetrustActiveGroups = ',C0001,'; window.OneTrust = { IsAlertBoxClosed: () => false, GetDomainData: () => ({ ConsentModel: { Name: 'opt-in' } }) }; dispatchEvent(new Event('OneTrustGroupsUpdated')); }, 900);`),
      connect: { cmp: 'onetrust' }, ...early,
    }, async (v) => {
      await v.until({ consent: 'unset', mode: 'off' });
      await v.settle(1500);
      nothingSent(v);
      nothingWritten(v);
      noPageError(v);
    }));

  test('Ketch, a default that was recorded like an answer: `implied: \'ask\'` opens nothing, and no receipt is made', () =>
    harness.during({
      head: script(`const record = btoa(JSON.stringify({ analytics: { status: 'granted', canonicalPurposes: ['analytics'] } }));
        document.cookie = '_ketch_consent_v1_=' + encodeURIComponent(record) + ';path=/';
        document.cookie = '_swb_consent_=' + encodeURIComponent(btoa(JSON.stringify({ context: { source: 'legalBasisDefault' }, purposes: { analytics: { allowed: 'true', legalBasisCode: 'consent_optout' } } }))) + ';path=/';
        window.ketch = (command, name, f) => command === 'on' && name === 'consent' && setTimeout(() => f({ purposes: { analytics: true } }), 50);`),
      connect: { cmp: 'ketch', implied: 'ask' }, ...early,
    }, async (v) => {
      await v.until({ code: 'implied-ask', mode: 'off' });
      await v.settle(500);
      nothingSent(v);
      assert.deepEqual(await v.page.evaluate(() => window.__bridge.receipts()), []);
      noPageError(v);
    }));

  test('Shopify allows for a moment, before it knows the region: nothing leaves in between', () =>
    harness.during({
      head: script(`let allowed = true; window.Shopify = { customerPrivacy: { analyticsProcessingAllowed: () => allowed, currentVisitorConsent: () => ({ analytics: '', marketing: '', preferences: '', sale_of_data: '' }), shouldShowBanner: () => !allowed, getRegion: () => (allowed ? '' : 'DE') } };
        setTimeout(() => { allowed = false; document.dispatchEvent(new Event('shopifyCustomerPrivacyApiLoaded')); }, 900);`),
      connect: { cmp: 'shopify' }, ...early,
    }, async (v) => {
      await v.until({ code: 'cmp-asking', mode: 'off' });
      await v.settle(500);
      nothingSent(v);
      nothingWritten(v);
      noPageError(v);
    }));

  test('Usercentrics 3, its packed state before its script: the yes, the no, and no file for who has none', async () => {
    for (const [state, consent, mode] of [['yes', 'granted', 'on'], ['no', 'denied', 'off']])
      await harness.during({ head: script(`localStorage.setItem('ucString', '${PACKED[state]}');`), connect: { cmp: 'usercentrics' }, ...early }, async (v) => {
        await v.until({ consent, mode, cmp: 'usercentrics' });
        await v.settle(400);
        if (mode === 'on') sentTimes(v, { Early: 1 });
        else nothingSent(v);
        noPageError(v);
      });
    await harness.during({ connect: { cmp: 'usercentrics' }, ...early }, async (v) => {
      await v.until({ code: 'cmp-looking' });
      assert.equal(v.asked.filter(({ url }) => url.endsWith('/texts.js')).length, 0);
    });
  });

  test('a GPP string that is stored while the page is open closes what a default opened; what decodes it comes then', () =>
    harness.during({
      head: script(`window.dataLayer = []; function gtag() { dataLayer.push(arguments); } gtag('consent', 'default', { analytics_storage: 'granted' });`),
      connect: { cmp: ['google-consent-mode', 'iab-gpp'] }, ...early,
    }, async (v) => {
      await v.until({ consent: 'implied-granted', mode: 'on' });
      const decoders = () => v.asked.filter(({ url }) => url.endsWith('/texts.js')).length;
      assert.equal(decoders(), 0);
      await v.page.evaluate(() => { document.cookie = 'OTGPPConsent=DBABLA~BVQVAAAAAgA.QA; path=/'; });
      await v.until({ consent: 'implied-denied', mode: 'off', code: 'opted-out-of-sale' });
      assert.equal(decoders(), 1);
      noPageError(v);
    }));

  test('a stored TC string, and what decodes it does not come: shut, and said once', () =>
    harness.during({
      head: script(`document.cookie = 'euconsent-v2=CQuZP8AQuZP8AEsABBENABEgAIGAAAAAAAAAAAAAAAAA.YAAAAAAAAAAA; path=/';`),
      connect: { cmp: 'iab-tcf' }, block: ['**/dist/texts.js'], ...early,
    }, async (v) => {
      await v.until({ consent: 'unset', mode: 'off', code: 'cmp-unreadable' });
      await v.settle(400);
      assert.equal(v.console.filter(({ text }) => text.includes('texts-unavailable')).length, 1);
      nothingSent(v);
      noPageError(v);
    }));

  test('InMobi asks again and hands out the old yes: what lies stored opens nothing any more', () =>
    harness.during({
      head: script(`document.cookie = 'IABGPP_HDR_GppString=DBABLA~BVQqAAAAAABY.QA; path=/';
        const box = document.createElement('div'); box.id = 'qc-cmp2-container'; document.documentElement.append(box);
        window.__tcfapi = (command, version, f) => { if (command === 'addEventListener') f({ cmpId: 10, listenerId: 1, gdprApplies: true, eventStatus: 'cmpuishown', purpose: { consents: { 1: true, 7: true, 8: true, 9: true, 10: true } } }, true); else f?.({ cmpId: 10 }, true); };`),
      connect: {}, ...early,
    }, async (v) => {
      await v.until({ consent: 'unset', mode: 'off', code: 'cmp-asking' });
      await v.settle(500);
      nothingSent(v);
      noPageError(v);
    }));
});

test('what real visitors had stored, each on a page of its own reading: the answer that was given, and no other', async () => {
  const context = await harness.browser.newContext();
  const page = await context.newPage();
  await page.goto(`${harness.server.origin}/plain`);
  const wrong = await page.evaluate(async (rows) => {
    const { connect } = await import('/dist/index.js');
    const wrong = [];
    for (const [index, { cmp, what, category, cookie = '', local = {}, gpc, reads }] of rows.entries()) {
      Object.defineProperty(navigator, 'globalPrivacyControl', { configurable: true, value: Boolean(gpc) });
      const names = new Set();
      for (const pair of cookie.split(';').map((one) => one.trim()).filter(Boolean)) {
        const name = pair.slice(0, pair.indexOf('='));
        // Of two of one name the first counts, here and on a server.
        if (!names.has(name)) document.cookie = `${pair}; path=/`;
        names.add(name);
      }
      for (const [key, value] of Object.entries(local)) localStorage.setItem(key, typeof value == 'string' ? value : JSON.stringify(value));
      const bridge = connect({ token: `${index}`.padStart(32, '0'), cmp, ...(category && { category }), cmpTimeout: 0, record: 'none', mixpanel: () => new Promise(() => {}) });
      await new Promise((read) => bridge.subscribe(({ code }) => code != 'starting' && read()));
      const { consent, code } = bridge.state;
      if (!reads.includes(consent)) wrong.push(`${cmp}: ${what}: ${consent} (${code}), not ${reads.join(' or ')}`);
      bridge.disconnect();
      for (const name of names) document.cookie = `${name}=; path=/; max-age=0`;
      localStorage.clear();
      if (document.cookie) wrong.push(`${cmp}: ${what} left ${document.cookie}`);
    }
    return wrong;
  }, seen);
  await context.close();
  assert.ok(seen.length > 200, `${seen.length}`);
  assert.deepEqual(wrong, []);
});
