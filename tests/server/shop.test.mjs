// A visitor in a small shop, with a real consent manager, both real SDKs and each store: says
// yes, and the server's event goes; withdraws, and the next one does not; asks for erasure, and
// the job ends with a receipt.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { chromium } from 'playwright-core';
import { createCollector } from '../../tools/collector.mjs';
import { root } from '../../tools/lib.mjs';
import { CHROMIUM_ARGS, findShell } from '../../tools/setup.mjs';
import { startGdpr } from './gdpr.mjs';
import { startShop } from './shop/server.mjs';
import { KINDS, startStore } from './stores.mjs';

const TOKEN = '0123456789abcdef0123456789abcdef';
const OAUTH = 'oauth-token-of-the-shop';
let browser;
before(async () => {
  browser = await chromium.launch({ executablePath: findShell(), args: CHROMIUM_ARGS });
});
after(() => browser.close());

describe('in the shop', () => {
  for (const kind of KINDS) {
    it(`a visitor says yes, withdraws, and is erased, with ${kind}`, async (t) => {
      const store = await startStore(kind);
      t.after(() => store.stop());
      const gdpr = await startGdpr({ oauthToken: OAUTH, projectToken: TOKEN });
      t.after(() => gdpr.stop());
      const collector = createCollector({ base: '/mixpanel' });
      const shop = await startShop({ store: await store.open(), collector, gdpr: gdpr.host, oauthToken: OAUTH, root, key: 'a key that is long enough' });
      t.after(() => shop.stop());
      const context = await browser.newContext();
      t.after(() => context.close());
      const page = await context.newPage();
      const errors = [];
      page.on('pageerror', (error) => errors.push(String(error)));
      const names = (path) => collector.log.filter(({ route }) => route.startsWith(path)).flatMap(({ items }) => items.map(({ event }) => event));
      const order = async () => {
        await page.click('#order');
        await page.waitForFunction(() => document.querySelector('#said').textContent);
        return JSON.parse(await page.textContent('#said'));
      };
      const recorded = async (event) => {
        const session = (await context.cookies()).find(({ name }) => name === 'session').value;
        const end = Date.now() + 20_000;
        for (;;) {
          if ((await shop.ledger.history(session)).at(-1)?.event === event) return session;
          if (Date.now() > end) throw new Error(`the ledger never had \`${event}\`: ${JSON.stringify(await shop.ledger.history(session))}`);
          await new Promise((done) => setTimeout(done, 30));
        }
      };

      await page.goto(shop.origin);
      await page.waitForSelector('#cc-main .cm [data-role="all"]');
      assert.deepEqual(await order(), { sent: false, why: 'nothing-recorded' });
      assert.deepEqual(collector.log, [], 'nothing was sent before an answer, by the page or by the server');

      await page.click('#cc-main .cm [data-role="all"]');
      await page.waitForFunction(() => window.bridge.state.mode === 'on' && window.bridge.explain().sdk === 'on');
      const person = await recorded('given');
      assert.deepEqual(await order(), { sent: true });
      assert.deepEqual(names('/server'), ['Order paid']);
      const own = collector.log.find(({ route }) => route.startsWith('/server')).items[0].properties;
      assert.deepEqual([own.distinct_id, own.total], [person, 42]);
      const ids = await shop.ledger.ids(person);
      assert.equal(ids.length, 2, `the browser's device is known: ${ids}`);

      await page.click('#privacy');
      await page.waitForSelector('#cc-main .pm [data-role="necessary"]', { state: 'visible' });
      await page.click('#cc-main .pm [data-role="necessary"]');
      await page.waitForFunction(() => window.bridge.state.mode === 'off');
      await recorded('withdrawn');
      const before = names('/').length;
      assert.deepEqual(await order(), { sent: false, why: 'denied' });
      assert.deepEqual(names('/server'), ['Order paid']);
      assert.equal(names('/').length, before, 'and the page sent nothing either');
      assert.deepEqual(shop.blocked.map(({ code, event }) => [code, event]), [['nothing-recorded', 'Order paid'], ['denied', 'Order paid']]);

      await page.click('#erase');
      await page.waitForFunction(() => document.querySelector('#said').textContent, null, { timeout: 30_000 });
      const receipt = JSON.parse(await page.textContent('#said'));
      assert.deepEqual([receipt.state, receipt.batches[0].status, [...receipt.ids].sort()], ['done', 'SUCCESS', [...ids].sort()]);
      assert.deepEqual(gdpr.requests.find(({ method }) => method === 'POST').body.distinct_ids.sort(), [...ids].sort());
      assert.ok(!JSON.stringify(receipt).includes(OAUTH));
      assert.deepEqual((await shop.ledger.history(person)).map(({ event, cmp }) => [event, cmp]), [['given', 'vanilla-cookieconsent'], ['withdrawn', 'vanilla-cookieconsent'], ['withdrawn', 'erasure']]);
      const signed = (await context.cookies()).find(({ name }) => name.startsWith('mixpanel-consent-bridge'));
      assert.match(signed?.value ?? '', /^1\.d{4}\.w\.\d+\.vanilla-cookieconsent\.[\w-]{43}$/, 'the record came back signed');
      assert.deepEqual(errors, []);
    });
  }
});
