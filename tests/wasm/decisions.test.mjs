// The same vectors natively, in wasm in a browser, and in wasm in Node: whatever a page holds,
// the same decision, the same commands, the same record. `examples/vectors.rs` says what the
// native core makes of every fixture under several options and signals; here the pages are
// laid out, the shipped probes look at them, and the shipped wasm is asked the same.
//
// Tried by breaking: two options of `policy` in src/wasm/page.rs in each other's place, a digit
// of a number lost in `write` of src/page/look/probe.js.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import { promisify } from 'node:util';
import { at, root } from '../../tools/lib.mjs';
import { open, openInNode } from './harness.mjs';

let vectors;
const pages = {};
before(async () => {
  const { stdout } = await promisify(execFile)('cargo', ['run', '--quiet', '--locked', '--example', 'vectors'], { cwd: root, maxBuffer: 2 ** 28 });
  vectors = JSON.parse(stdout);
  for (const { of, looks } of vectors)
    for (const name of looks)
      pages[`${of}/${name}`] ??= JSON.parse(readFileSync(at('tests', 'fixtures', of, `${name}.json`), 'utf8')).snapshot;
});

/** Runs beside the core: answers with the vectors of which it makes something else. */
function compare([given, snapshots]) {
  const ask = (ids, policy, categories, trace) => core.connect(
    new Proxy({
      gate: (flow) => { trace.push(`gate ${flow}`); },
      run: (command, features) => { trace.push(`run ${contract.COMMAND_NAMES[command]} ${features}`); return contract.NOTHING; },
      say: (consent, mode, cmp, code) => { trace.push(`say ${consent} ${mode} ${cmp} ${code}`); },
      tell: (text) => { trace.push(`tell ${text}`); },
      record: (line) => { trace.push(`receipt ${line.replace(/\.\d+\./, '.T.')}`); },
      optedIn: () => { trace.push('optedIn'); },
    }, {
      get: (known, key) => known[key] ?? (() => { trace.push(`${String(key)}?`); }),
    }),
    [`${policy}000`, categories, ''].join('\0'),
    known(ids),
  );

  const programs = new Map();
  const program = (ids) => {
    if (!programs.has(ids)) programs.set(ids, JSON.parse(core.program(ask(ids, '000000', '\n\n\n', []))));
    return programs.get(ids);
  };
  const found = new Map();
  for (const [name, snapshot] of Object.entries(snapshots)) {
    lay(snapshot);
    for (const ids of [name.split('/')[0], 'auto']) found.set(`${ids} ${name}`, look(program(ids), __heard));
  }

  const wrong = [];
  for (const { of, ids, policy, categories, browser, looks, expect } of given) {
    const trace = [];
    const bridge = ask(ids, policy, categories, trace);
    // With `debug` what was read is noted before each look.
    const reads = reader((kind, cmp, answer) => { trace.push(`${kind} ${cmp} ${answer}`); });
    for (const name of looks) {
      const text = found.get(`${ids} ${of}/${name}`);
      reads(core.explain(bridge, text));
      core.looked(bridge, text, browser);
    }
    if (trace.join('\n') !== expect.join('\n')) wrong.push({ of, ids, policy, categories, browser, looks, expect, trace });
  }
  return { asked: given.length, wrong: wrong.length, first: wrong.slice(0, 3) };
}

// As JavaScript it takes many times as long, and is the same module translated: every fifth vector, of every adapter.
for (const [where, start, each] of [['a browser', open, 1], ['Node', openInNode, 1], ['Node, as JavaScript,', () => openInNode({ noWasm: true }), 5]]) {
  test(`in ${where} wasm decides as the native core does`, async (t) => {
    const there = await start();
    t.after(() => there.close());
    const given = vectors.filter((_, index) => index % each === 0);
    assert.equal(new Set(given.map(({ of }) => of)).size, new Set(vectors.map(({ of }) => of)).size);
    const { asked, wrong, first } = await there.page.evaluate(compare, [given, pages]);
    assert.ok(asked > 10_000 / each, `only ${asked} vectors`);
    assert.equal(wrong, 0, `${wrong} of ${asked} differ, the first:\n${JSON.stringify(first, null, 2)}`);
  });
}

test('the vectors tell decisions apart', () => {
  const said = (mode, consent) => vectors.some(({ expect }) => expect.some((line) => line.startsWith(`say ${consent} ${mode} `)));
  for (const consent of ['unset', 'granted', 'denied', 'implied-granted', 'implied-denied'])
    for (const mode of ['off', 'cookieless', 'on']) {
      const possible = { on: /granted/, cookieless: /^(?!granted)/, off: /^(?!granted)/ }[mode].test(consent);
      assert.equal(said(mode, consent), possible, `${consent} ${mode}`);
    }
  assert.ok(new Set(vectors.map(({ expect }) => expect.join())).size > 1000);
});
