// A page that is open for a day looks 86,400 times. What the wasm allocates for a look must
// be free again after it: its memory can grow, and never shrinks. A bridge stays for as long as its
// page, so a page makes no more of them than it has.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open } from './harness.mjs';

let browser;
before(async () => { browser = await open(); });
after(() => browser.close());

const PAGE = {
  'global:OneTrust.IsAlertBoxClosed()': true,
  'global:OneTrust.GetDomainData().ConsentModel.Name': 'opt-in',
  'global:OnetrustActiveGroups': ',C0001,C0002,',
  'cookie:OptanonConsent': 'groups=C0001:1,C0002:1&interactionCount=1',
};

test('looking for a day takes no more memory than looking for a minute', async () => {
  const grown = await browser.page.evaluate((held) => {
    lay(held);
    const { bridge, said } = connect('auto');
    const found = look(JSON.parse(core.program(bridge)), {});
    // The list of groups has the number that the adapter gives to it.
    const [, number] = /(\d+);",C0001/.exec(found);
    const list = (length) => `@0;2;0;t${number};"${',C0001'.repeat(length)}\0`;
    const rounds = (count) => {
      for (let i = 0; i < count; i += 1) {
        core.looked(bridge, found, 0);
        // Of other lengths in between, so that holes would stay where they are not joined.
        core.looked(bridge, list((i * 7) % 97), i & 7);
        if (i % 50 === 0) core.explain(bridge, found);
        core.happened(bridge, i % 3);
      }
    };
    rounds(60);
    // The build has renamed what the wasm exports.
    const memory = Object.values(wasm).find((given) => given instanceof WebAssembly.Memory);
    const { byteLength } = memory.buffer;
    rounds(43_200);
    return { bytes: memory.buffer.byteLength - byteLength, kept: memory.buffer.byteLength, said: said.length };
  }, PAGE);
  assert.ok(grown.said > 1, 'the bridge has decided');
  assert.equal(grown.bytes, 0);
  assert.ok(grown.kept <= 128 * 1024, `a page keeps ${grown.kept} bytes for the module`);
});

test('many changes of mind in a page with several instances take no more memory than a few', async () => {
  const grown = await browser.page.evaluate(() => {
    localStorage.clear();
    const key = (name) => ['mixpanel-consent-bridge', 'token', name].filter(Boolean).join(':');
    const gate = (under) => ({ site: { token: 'token' }, calls: { closed: false }, under });
    const first = instances(gate(), 0, key(), key(), () => {});
    const second = instances(gate({ token: 'token' }), 0, key('second'), key(), false);
    const line = (letter, at) => `1.${letter.repeat(4)}.${letter === 'g' ? 'g' : 'w'}.${at}.manual`;
    /** What stands under each name. */
    const seen = new Set();
    const rounds = (from, count) => {
      for (let at = from; at < from + count; at += 2) {
        localStorage.setItem(key(), line('g', at));
        localStorage.setItem(key('second'), line('g', at));
        localStorage.setItem(key('third'), line('g', at));
        first.recorded(line('g', at), '');
        localStorage.setItem(key(), line('d', at + 1));
        first.recorded(line('d', at + 1), '1');
        second.kept();
        for (const name of ['second', 'third']) seen.add(`${name} ${localStorage.getItem(key(name)).split('.')[1]}`);
      }
    };
    const memory = Object.values(wasm).find((given) => given instanceof WebAssembly.Memory);
    rounds(1000, 20);
    const { byteLength } = memory.buffer;
    rounds(2000, 4_000);
    return { bytes: memory.buffer.byteLength - byteLength, seen: [...seen] };
  });
  // Each of them was asked about, and has heard the no.
  assert.deepEqual(grown.seen, ['second dddd', 'third dddd']);
  assert.equal(grown.bytes, 0);
});
