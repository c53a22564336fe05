// The latch: a line above the tag that holds Mixpanel shut where the tag does not arrive, and hands
// everything over where it does, under policies too.
// What was broken to see these fail stands in breaks.mjs.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { PAGES, TOKEN, noPageError, nothingSent, nothingWritten, open, sdkSnippet } from './harness/index.mjs';

let harness;
before(async () => {
  harness = await open();
});
after(() => harness.close());

const { script, hash } = JSON.parse(readFileSync(new URL(`${process.env.BRIDGE_DIST ? `file://${process.env.BRIDGE_DIST}` : '../../dist'}/latch.json`, import.meta.url), 'utf8'));
// In capitals, because the harness gives every `<script` the page's nonce, and this one has a hash.
const LATCH = `<SCRIPT>${script}</SCRIPT>`;
const NONCE = 'bGF0Y2g';
const noncedLatch = `<script>${script}</script>`;
const calls = `
  mixpanel.init(${JSON.stringify(TOKEN)}, S.config);
  mixpanel.init(${JSON.stringify('b'.repeat(32))}, S.config, 'second');
  mixpanel.track('First');
  mixpanel.register({ plan: 'gold' });
  mixpanel.push(['track', 'Pushed']);
  mixpanel.second.track('Of the second');
  mixpanel.people.set({ team: 'red' });
  mixpanel.get_group('company', 'one').set('size', 7);
  mixpanel.track('Last');
  window.__kept = mixpanel;
`;
const site = async () => `<script>${await sdkSnippet('2.83.0')}</script><script>${calls}</script>`;
// Unbatched: within a batch the SDK's own queue may order events otherwise.
const tag = { form: 'tag', cmp: undefined, connect: { cmp: 'manual' }, token: undefined, config: { batch_requests: false } };

test('it is short, and its hash is that of its text', async () => {
  assert.ok(Buffer.byteLength(script) <= 600, `${Buffer.byteLength(script)} bytes`);
  const { createHash } = await import('node:crypto');
  assert.equal(hash, `sha256-${createHash('sha256').update(script).digest('base64')}`);
  assert.equal(readFileSync(new URL(`${process.env.BRIDGE_DIST ? `file://${process.env.BRIDGE_DIST}` : '../../dist'}/latch.js`, import.meta.url), 'utf8'), script);
});

describe('the latch', { concurrency: PAGES }, () => {
  for (const [what, given] of [
    ['is not there', { tag: 'bridg' }],
    ['is blocked', { block: [/bridge\.js/] }],
    ['is refused by its integrity', { attributes: {}, above: `${LATCH}<script src="/dist/bridge.js" integrity="sha384-AAAA" crossorigin></script>`, tag: 'nowhere' }],
  ])
    test(`the tag ${what}: no library, nothing sent or written, the page's calls do nothing, said once`, async () => {
      await harness.during({ ...tag, above: LATCH, ...given, site: await site() }, async (v) => {
        await v.settle(1_000);
        nothingSent(v);
        nothingWritten(v);
        assert.deepEqual(v.code(), [], 'no library is fetched');
        assert.equal(v.console.filter(({ text }) => text.includes('did not arrive')).length, 1, JSON.stringify(v.console));
        assert.equal(await v.page.evaluate(() => window.mixpanel.track('Later')), undefined);
        noPageError(v);
      });
    });

  for (const [what, headers] of [
    ['no policy', undefined],
    ['its hash in the policy, and Trusted Types', (nonce) => `script-src '${hash}' 'nonce-${nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; require-trusted-types-for 'script'; trusted-types mixpanel-consent-bridge`],
  ])
    test(`the tag arrives, ${what}: everything is taken over, in order, and nothing is said of having come late`, async () => {
      const policy = headers ? { nonce: NONCE, headers: { 'content-security-policy': headers(NONCE) } } : {};
      await harness.during({ ...tag, ...policy, above: LATCH, site: await site() }, async (v) => {
        await v.settle(400);
        nothingSent(v);
        await v.page.evaluate(() => {
          window.__kept.track('By a kept reference');
          window.mixpanelConsent.grant();
        });
        await v.until({ mode: 'on', consent: 'granted' });
        await v.settle();
        // One dialog, so the second instance is under the same yes; it sends by itself.
        assert.deepEqual(v.names().filter((name) => name !== 'Of the second'), ['First', 'Pushed', 'Last', 'By a kept reference']);
        assert.ok(v.names().includes('Of the second'), v.names().join());
        assert.ok(!v.console.some(({ text }) => /did not arrive|bridge-late/.test(text)), JSON.stringify(v.console));
        noPageError(v);
      });
    });

  test('it stands under a nonce alone', async () => {
    await harness.during({ ...tag, nonce: NONCE, headers: { 'content-security-policy': `script-src 'nonce-${NONCE}'` }, tag: 'bridg', above: noncedLatch, site: await site() }, async (v) => {
      await v.settle(600);
      nothingSent(v);
      assert.deepEqual(v.code(), []);
      assert.equal(v.console.filter(({ text }) => text.includes('did not arrive')).length, 1);
    });
  });
});
