// A page that is open for a day looks 86,400 times. What the wasm allocates for a look must
// be free again after it: its memory can grow, and never shrinks.

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
    const list = (length) => `@0;3;0;t2;"${',C0001'.repeat(length)}\0`;
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
