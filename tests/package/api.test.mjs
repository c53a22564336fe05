// What users of the package and of the crate can name, as it was last agreed to: a change of it is seen
// in the change that makes it. The types, which ship as they are written, without their comments; the crate's public items
// with their signatures, as rustdoc knows them.
//
//   API_WRITE=1 node --test tests/package/api.test.mjs     writes what is there; CHANGELOG.md says why

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { at, files, run, targetDir } from '../../tools/lib.mjs';

function same(name, text) {
  const path = at('tests', 'package', `${name}.api.txt`);
  if (process.env.API_WRITE) return writeFileSync(path, text);
  assert.ok(existsSync(path), `${path} is missing: run API_WRITE=1 node --test tests/package/api.test.mjs`);
  assert.equal(text, readFileSync(path, 'utf8'), 'The public API has changed. If that is meant, say so in CHANGELOG.md, and run API_WRITE=1 node --test tests/package/api.test.mjs');
}

test('the public types', () => {
  const text = files('src/api').filter((path) => path.endsWith('.d.ts')).map((path) => {
    const bare = readFileSync(at(path), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '').replace(/[ \t]+$/gm, '').replace(/\n{2,}/g, '\n').trim();
    return `==== ${path}\n${bare}\n`;
  }).join('\n');
  same('types', text);
});

// ---- the crate -------------------------------------------------------------------------------------

const list = (all) => all.map(type).join(', ');
/** A type as rustdoc has it, in Rust's own words. */
function type(one) {
  if (one === null) return '()';
  const [[kind, of]] = Object.entries(one);
  switch (kind) {
    case 'primitive': case 'generic': return of;
    case 'resolved_path': {
      const given = of.args?.angle_bracketed?.args?.map((arg) => (arg.type ? type(arg.type) : arg.lifetime ?? '_')) ?? [];
      return `${of.path}${given.length ? `<${given.join(', ')}>` : ''}`;
    }
    case 'borrowed_ref': return `&${of.lifetime ? `${of.lifetime} ` : ''}${of.is_mutable ? 'mut ' : ''}${type(of.type)}`;
    case 'slice': return `[${type(of)}]`;
    case 'array': return `[${type(of.type)}; ${of.len}]`;
    case 'tuple': return `(${list(of)})`;
    case 'impl_trait': return `impl ${of.map(({ trait_bound: bound, outlives }) => bound?.trait.path ?? outlives).join(' + ')}`;
    case 'qualified_path': return `<${type(of.self_type)} as ${of.trait?.path}>::${of.name}`;
    case 'dyn_trait': return `dyn ${of.traits.map(({ trait }) => trait.path).join(' + ')}`;
    case 'function_pointer': return `fn(${of.sig.inputs.map(([, input]) => type(input)).join(', ')}) -> ${type(of.sig.output)}`;
    default: return kind;
  }
}

function publicItems({ index, root }) {
  const lines = new Set();
  const walk = (id, path, seen) => {
    const item = index[id];
    if (!item || seen.has(id)) return;
    const [[kind, of]] = Object.entries(item.inner);
    const here = item.name && kind !== 'impl' ? `${path}::${item.name}` : path;
    const deeper = new Set(seen).add(id);
    const all = (ids, at_ = here) => ids?.forEach((inner) => walk(inner, at_, deeper));
    if (kind === 'use') {
      if (item.visibility !== 'public') return;
      if (of.is_glob) all(index[of.id]?.inner.module?.items, path);
      else if (index[of.id]) walk(of.id, path, deeper);
      else lines.add(`${path}::${of.name} use ${of.source}`);
      return;
    }
    if (!['public', 'default'].includes(item.visibility)) return;
    if (kind === 'function') lines.add(`${here}(${of.sig.inputs.map(([name, input]) => `${name}: ${type(input)}`).join(', ')}) -> ${type(of.sig.output)}`);
    else if (kind === 'struct_field') lines.add(`${here}: ${type(of)}`);
    else if (kind === 'constant' || kind === 'assoc_const') lines.add(`${here}: ${type(of.type)}`);
    else if (kind === 'impl') {
      if (of.trait && !of.is_synthetic && !of.blanket_impl && /^(Default|Display|From|FromStr|Iterator|Error|Serialize|Deserialize|Drop)$/.test(of.trait.path.split('::').at(-1))) lines.add(`${path} is ${type({ resolved_path: of.trait })}`);
      if (!of.trait && !of.blanket_impl) all(of.items);
      return;
    } else lines.add(`${here} ${kind}`);
    if (kind === 'module') all(of.items);
    if (kind === 'struct') { all(of.kind.plain?.fields); all(of.impls); }
    if (kind === 'enum') { all(of.variants); all(of.impls); }
    if (kind === 'variant') all(of.kind.struct?.fields ?? (Array.isArray(of.kind.tuple) ? of.kind.tuple.filter(Boolean) : []));
    if (kind === 'trait') all(of.items);
  };
  for (const id of index[root].inner.module.items) walk(id, 'crate', new Set());
  return [...lines].sort();
}

test('the crate', async () => {
  // rustdoc's JSON is unstable; the compiler is the one of the build. rustdoc alone is told so, since some crates are compiled
  // again where their compiler is told: what they are for others stays as it is.
  const folder = mkdtempSync(join(tmpdir(), 'rustdoc-'));
  const rustdoc = join(folder, process.platform === 'win32' ? 'rustdoc.cmd' : 'rustdoc');
  writeFileSync(rustdoc, process.platform === 'win32' ? '@set RUSTC_BOOTSTRAP=1\r\n@rustdoc %*\r\n' : '#!/bin/sh\nRUSTC_BOOTSTRAP=1 exec rustdoc "$@"\n', { mode: 0o755 });
  try {
    await run('cargo', ['rustdoc', '--quiet', '--locked', '--lib', '--', '-Z', 'unstable-options', '--output-format', 'json'], { env: { RUSTDOC: rustdoc } });
  } finally {
    rmSync(folder, { recursive: true });
  }
  const told = JSON.parse(readFileSync(join(targetDir, 'doc', 'mixpanel_consent_bridge.json'), 'utf8'));
  const lines = publicItems(told);
  assert.ok(lines.length > 100, `${lines.length} items`);
  same('crate', `${lines.join('\n')}\n`);
});
