// The core as JavaScript (tools/build-core.mjs, withoutWasm), beyond what decisions.test.mjs asks of it:
// it works where there is no WebAssembly at all, and its memory may grow under the glue's hands.
//
// Tried by breaking: the glue left as it was where the memory has grown.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openInNode } from './harness.mjs';

test('texts larger than its memory cross as they are, as often as they come', async () => {
  const seen = [];
  for (const noWasm of [false, true]) {
    const { page } = await openInNode({ noWasm });
    seen.push(await page.evaluate(() => {
      lay({ 'global:CookieConsent.validConsent()': true });
      const { bridge } = connect('react-cookie-consent klaro');
      const program = JSON.parse(core.program(bridge));
      const heads = [];
      for (const length of [10, 1_000, 100_000, 2_000_000, 8_000_000, 10]) {
        // Klaro's cookie names its services: one long name, and letters of two bytes and four.
        const number = program.find(([, probes]) => probes.some((probe) => probe[1] === 'klaro'))[0];
        const index = program.find(([at]) => at === number)[1].findIndex((probe) => probe[0] === 'c' && probe[1] === 'klaro');
        const name = 'é🍪'.repeat(length / 10) + 'x'.repeat(length);
        const text = core.explain(bridge, `@${number};1;${index};{1;"${name}\0t`);
        heads.push([text.includes(name), text.length]);
      }
      return { heads, wasm: typeof WebAssembly };
    }));
  }
  assert.deepEqual(seen[1].heads, seen[0].heads);
  assert.ok(seen[1].heads.every(([whole]) => whole), JSON.stringify(seen));
  assert.equal(seen[1].wasm, 'undefined');
});
