// What the documents say that the source says already: state codes and consent managers in
// README.md, an adapter in CONTRIBUTING.md. Written from there, and checked, so that they
// cannot say something else. Not a place for prose, nor for figures (tools/sizes.mjs).
//
//   node docs/tables.mjs           checks; says what is out of date, and fails
//   node docs/tables.mjs --write   writes the tables between their markers

import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const read = (path) => readFileSync(join(root, path), 'utf8');
const sources = (folder) => readdirSync(join(root, folder), { withFileTypes: true }).filter((entry) => entry.isFile()).map(({ name }) => read(`${folder}/${name}`));
const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** What the gate says by itself, because no core is there to say it. */
const GATE = {
  starting: 'The core is being loaded; calls are held.',
  'no-window': 'There is no window: this is a server, where nothing is sent or kept.',
  'core-unavailable': 'The core could not be loaded or started; nothing is sent. `core.js` is not served, or the Content-Security-Policy forbids WebAssembly.',
};

function codes() {
  const core = [...read('src/core/code.rs').matchAll(/^ {4}\w+ = "([a-z-]+)", "((?:[^"\\]|\\.)*)";$/gm)].map(([, code, reason]) => [code, reason]);
  const said = sources('src/entry').flatMap((text) => [...text.matchAll(/\bfatal\(\s*'([a-z-]+)'/g)].map(([, code]) => code));
  const unknown = [...new Set(said)].filter((code) => !GATE[code]);
  if (core.length < 10 || unknown.length) throw new Error(`The codes cannot be read from the source: ${unknown.join(', ') || 'src/core/code.rs has another shape'}.`);
  return ['| `state.code` | what it means (`state.reason`) |', '|---|---|', ...[...Object.entries(GATE), ...core].map(([code, reason]) => `| \`${code}\` | ${cell(reason)} |`)];
}

function managers() {
  const order = [...read('src/cmp/registry.rs').matchAll(/&(\w+)::ADAPTER/g)].map(([, file]) => file);
  const rows = order.map((file) => {
    const text = read(`src/cmp/${file}.rs`);
    const head = (word) => new RegExp(`^//! ${word}: (.*)$`, 'm').exec(text)?.[1] ?? fail(`src/cmp/${file}.rs says no \`${word}\``);
    const id = /^\s+id: "([^"]+)"/m.exec(text)?.[1] ?? fail(`src/cmp/${file}.rs has no id`);
    const wanted = /\bcategory: "([^"]+)"/.exec(text)?.[1] ?? fail(`src/cmp/${file}.rs has no category`);
    const category = wanted.split('|').map((names) => names.split('+').map((name) => `\`${name}\``).join(' and '));
    return `| \`${id}\` | ${cell(head('Product'))} | ${cell(head('Detected by'))} | ${category.join(', else ')} | ${cell(head('Confidence'))} |`;
  });
  if (rows.length < 10) fail('src/cmp/registry.rs has another shape');
  return ['| `cmp` | product | detected by | default `category` | how sure |', '|---|---|---|---|---|', ...rows];
}

function fail(what) {
  throw new Error(`The tables cannot be made: ${what}.`);
}

/** Words of the source that the prose of README.md has to name. */
function named() {
  const entry = [...sources('src/entry'), ...sources('src/entry/server'), ...sources('src/js')].join('\n');
  const all = (pattern) => [...new Set([...entry.matchAll(pattern)].map(([, word]) => word))];
  const kinds = /KINDS[^=]*= \{([\s\S]*?)\n\};/.exec(read('src/entry/options.ts'))?.[1] ?? fail('src/entry/options.ts has no KINDS');
  return [
    ...[...kinds.matchAll(/^ {2}([a-zA-Z]+):/gm)].map(([, option]) => option),
    ...all(/\breport\(\s*['"]([a-z-]+)['"]/g),
    ...all(/BridgeError\(\s*'([a-z-]+)'/g),
  ];
}

const adapter = () => ['```rust', read('src/cmp/cookieyes.rs').trim(), '```'];

const wrong = [];
const write = process.argv.includes('--write');
for (const [path, parts] of Object.entries({ 'README.md': { codes, managers }, 'CONTRIBUTING.md': { adapter } })) {
  let text = read(path);
  for (const [name, make] of Object.entries(parts)) {
    const between = new RegExp(`(<!-- ${name} -->)[\\s\\S]*?(<!-- /${name} -->)`);
    if (!between.test(text)) fail(`${path} has no place between <!-- ${name} --> and <!-- /${name} -->`);
    const made = make().join('\n');
    const next = text.replace(between, (_, open, close) => `${open}\n${made}\n${close}`);
    if (next !== text && !write) wrong.push(`${path} says of ${name} what the source does not: run \`node docs/tables.mjs --write\``);
    text = next;
  }
  if (write) writeFileSync(join(root, path), text);
}
const readme = read('README.md');
for (const word of named()) if (!readme.includes(`\`${word}\``)) wrong.push(`README.md does not name \`${word}\``);
for (const line of wrong) console.error(line);
process.exitCode = wrong.length ? 1 : 0;
