// The fixtures of tests/fixtures once more, in a browser: the page is laid out, the shipped
// probes look at it, and the shipped wasm reads what they found. tests/cmp holds the same
// files against the same readers natively; where the two disagree, the boundary is wrong.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { at } from '../../tools/lib.mjs';
import { open } from './harness.mjs';

const folders = readdirSync(at('tests', 'fixtures'), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name).sort();
const fixtures = (id) => readdirSync(at('tests', 'fixtures', id))
  .filter((name) => name.endsWith('.json') && name !== 'none.json')
  .map((name) => ({ situation: name.slice(0, -5), ...JSON.parse(readFileSync(at('tests', 'fixtures', id, name), 'utf8')) }));

let browser;
before(async () => { browser = await open(); });
after(() => browser.close());

test('there is a folder of fixtures for each adapter', async () => {
  const program = await browser.page.evaluate(() => JSON.parse(core.program(connect('auto').bridge)));
  assert.equal(folders.length, program.length);
});

describe('what the page held means what the visitor did, in wasm', () => {
  for (const id of folders) {
    test(id, async () => {
      const given = fixtures(id);
      assert.ok(given.length > 0);
      const wrong = [];
      for (const { situation, snapshot, expect } of given) {
        const { refused, text } = await browser.page.evaluate(([adapter, held]) => {
          const kept = lay(held);
          const { bridge } = connect(adapter);
          const program = JSON.parse(core.program(bridge));
          return { refused: kept, text: core.explain(bridge, look(program, __heard)) };
        }, [id, snapshot]);
        assert.deepEqual(refused, [], `${situation}: the browser refused what the fixture holds`);
        const [, line] = text.split('\n');
        if (!line || !expect) {
          if (Boolean(line) !== Boolean(expect)) wrong.push(`${situation}: ${line ? 'read, though it is not there' : 'not seen'}`);
          continue;
        }
        const [source, live, , ...pairs] = line.split('\t');
        assert.equal(source, id);
        if ((live === 'running') !== expect.live) wrong.push(`${situation}: ${live}`);
        const named = new Map();
        for (let i = 0; i < pairs.length; i += 2) if (!named.has(pairs[i])) named.set(pairs[i], pairs[i + 1]);
        for (const [category, answer] of Object.entries(expect.answers)) {
          const said = named.get(category) ?? named.get('') ?? null;
          if (said !== answer) wrong.push(`${situation}: ${category} is ${said}, not ${answer}`);
        }
      }
      assert.deepEqual(wrong, []);
    });
  }
});
