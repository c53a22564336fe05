// What is changed in wasm-bindgen's glue fails loudly when it no longer fits: a page would
// otherwise load what was to be taken out, or ask for a file that is not there.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Failure, at } from '../../tools/lib.mjs';
import { fit, forServers, renamed, trimmed, withoutFetch } from '../../tools/glue.mjs';

const page = readFileSync(at('pkg', 'bridge.js'), 'utf8');
const server = readFileSync(at('pkg', 'server', 'server.js'), 'utf8');
const refuses = (work, where) => assert.throws(work, (error) => error instanceof Failure && error.message.includes(where) && error.message.includes('tools/glue.mjs'));

test('a place that is there is changed, one that is not is a failure that names what to adapt', () => {
  assert.equal(fit('a b', /b/, 'c', 'x() in tools/glue.mjs'), 'a c');
  refuses(() => fit('a b', /d/, 'c', 'x() in tools/glue.mjs'), 'x()');
  // A pattern that remembers where it was does not pass by that.
  const global = /b/g;
  global.lastIndex = 3;
  assert.equal(fit('a b', global, 'c', 'x() in tools/glue.mjs'), 'a c');
});

test('the glue of today can be changed', () => {
  assert.ok(!withoutFetch(page).includes('import.meta.url'));
  assert.ok(forServers(server).includes('len < 64'));
});

test('a glue without one of the places is refused', () => {
  refuses(() => withoutFetch(page.replaceAll('import.meta.url', 'here')), 'withoutFetch()');
  refuses(() => forServers(server.replace('if (wasm !== undefined) return wasm;', '')), 'forServers()');
  refuses(() => forServers(server.replace('offset < len;', 'offset != len;')), 'forServers()');
  // It was trimmed when it was built.
  refuses(() => trimmed(page), 'trimmed()');
  for (const name of ['passStringToWasm0', 'decodeText', 'initSync', '__wbg_finalize_init'])
    refuses(() => trimmed(page.replaceAll(name, `${name}2`)), 'trimmed()');
  refuses(() => renamed(page, { imports: [['./nowhere.js', 'call', 'a']], exports: [] }), 'renamed()');
  refuses(() => renamed(page, { imports: [['./bridge_bg.js', 'nothing', 'a']], exports: [] }), 'renamed()');
});
