// What the documents say that the source says already: state codes and consent managers in
// README.md, a page for each of these in docs/managers, an adapter in CONTRIBUTING.md, the ids in
// the gate and in the types. Written from there, and checked, so that they cannot say something else. Not a place for prose, nor for figures (tools/sizes.mjs).
//
//   node docs/tables.mjs           checks; says what is out of date, and fails
//   node docs/tables.mjs --write   writes the tables between their markers

import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { adapters as compiled } from '../tools/lib.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const read = (path) => readFileSync(join(root, path), 'utf8');
const sources = (folder) => readdirSync(join(root, folder), { withFileTypes: true }).filter((entry) => entry.isFile()).map(({ name }) => read(`${folder}/${name}`));
const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** What the gate says by itself, because no core is there to say it. */
const GATE = {
  starting: 'The core is loading; calls are held.',
  'no-window': 'No window: a server; nothing is sent or kept.',
  'core-unavailable': 'The core could not be loaded or started; nothing is sent. `core.js` is not served, or the Content-Security-Policy forbids WebAssembly.',
};

function codes() {
  const core = [...read('src/core/code.rs').matchAll(/^ {4}\w+ = "([a-z-]+)", "((?:[^"\\]|\\.)*)";$/gm)].map(([, code, reason]) => [code, reason]);
  const said = sources('src/page/gate').flatMap((text) => [...text.matchAll(/\bfatal\(\s*'([a-z-]+)'/g)].map(([, code]) => code));
  const unknown = [...new Set(said)].filter((code) => !GATE[code]);
  if (core.length < 10 || unknown.length) throw new Error(`The codes cannot be read from the source: ${unknown.join(', ') || 'src/core/code.rs has another shape'}.`);
  return ['| `state.code` | what it means (`state.reason`) |', '|---|---|', ...[...Object.entries(GATE), ...core].map(([code, reason]) => `| \`${code}\` | ${cell(reason)} |`)];
}

/** What the file of each adapter says of it, in the order in which they are asked. */
const adapters = await compiled();

const inWords = (category) => category.split('|').map((names) => names.split('+').map((name) => `\`${name}\``).join(' and ')).join(', else ');

function managers() {
  const rows = adapters.map(({ id, facts, category }) => (
    `| [\`${id}\`](docs/managers/${id}.md) | ${cell(facts.product)} | ${cell(facts.detected)} | ${inWords(category)} | ${cell(facts.confidence)} |`));
  return ['| `cmp` | product | detected by | default `category` | how sure |', '|---|---|---|---|---|', ...rows];
}

// ---- a page for each ------------------------------------------------------------------

const SITUATIONS = {
  'not-answered': 'not asked yet', 'accept-all': 'accept all', 'reject-all': 'reject all', 'statistics-only': 'analytics only',
  'all-but-statistics': 'everything but analytics', 'implied-open': 'regional default open', 'implied-closed': 'regional default closed',
  expired: 'expired, asked again', 'changed-mind': 'changed mind', 'stored-accept': 'a yes of an earlier page, before the script', 'stored-reject': 'a no of an earlier page, before the script',
};
const RANKS = {
  vendor: 'It asked the visitor, and is believed before all that only hands on.',
  standard: 'It is an interface that many products install: the product itself is believed before it.',
  bus: 'It hands on what another asked: products and TCF are believed before it.',
  limit: 'It opens nothing. What it refuses closes what a default had opened.',
};
const KNOWN = { detected: 'found by', explicit: 'the visitor’s own answer', implied: 'a default', expired: 'expired', stored: 'what is stored' };
const HOW = {
  run: (version) => `run here (${version})`,
  captured: (date) => `captured ${date}`,
  documented: (link) => `[documented](${link})`,
  reported: (who) => `read elsewhere (${who})`,
};
const FORMS = { r: 'as it stands', t: 'percent-decoded', j: 'JSON', b: 'base64 of JSON' };
const code = (text) => `\`${text}\``;

const placeInWords = ([verb, where, more]) => ({
  g: () => `the global ${code(where.replace('@parsed.', ''))}${where.startsWith('@parsed') ? ', once the document is parsed' : ''}`,
  e: () => `the entries of ${code(where)} that begin with ${code(more)}`,
  c: () => `the cookie ${code(where)}, ${FORMS[more]}`,
  p: () => `the cookie whose name begins with ${code(where)}, ${FORMS[more]}`,
  l: () => `the key ${code(where)} of local storage, ${FORMS[more]}`,
  a: () => `the keys of local storage that begin with ${code(where)}, ${FORMS[more]}`,
  h: () => `what it was last called back with (below), kept as ${code(where)}`,
})[verb]();

const listenInWords = ([verb, where, args, name]) => ({
  w: () => `the event ${code(where)} on the window`,
  d: () => `the event ${code(where)} on the document`,
  t: () => `each call of ${code(where)}`,
  c: () => `callbacks of ${code(`${where.replace('@parsed.', '')}(${JSON.stringify(args).slice(1, -1).replaceAll('{}', 'callback').replace(/\{"m":"(\w+)"\}/g, '{ $1: callback }')})`)}${name ? `, kept as ${code(name)}` : ''}`,
})[verb]();

function page({ id, file, facts, evidence, rank, category, probes, listens }) {
  const folder = `tests/fixtures/${id}`;
  const none = existsSync(join(root, folder, 'none.json')) ? JSON.parse(read(`${folder}/none.json`)) : {};
  const fixture = (name) => JSON.parse(read(`${folder}/${name}.json`));
  const shown = (name) => {
    if (none[name]) return `cannot be: ${none[name]}`;
    const { version, captured } = fixture(name);
    return version === 'documented' ? `written from the documentation, ${captured}` : `captured from ${version}, ${captured}`;
  };
  const odd = readdirSync(join(root, folder)).map((name) => name.slice(0, -5)).filter((name) => name !== 'none' && !SITUATIONS[name]);
  const first = category.split('|')[0].split('+');
  const example = first.length > 1 ? `[${first.map((name) => `'${name}'`).join(', ')}]` : `'${first[0]}'`;
  return [
    `# ${facts.product}`, '',
    '<!-- Written by `node docs/tables.mjs --write` from the adapter and its fixtures; not by hand. -->', '',
    `${facts.vendor}. Documentation: <${facts.docs}>. ${RANKS[rank]}`, '',
    '```js',
    `connect({ token: 'YOUR_PROJECT_TOKEN', mixpanel: () => import('mixpanel-browser'), cmp: '${id}', category: ${example} });`,
    '```', '',
    `In the tag: \`data-cmp="${id}" data-category="${first.join(',')}"\`. ${rank === 'limit' ? 'Name the consent manager as well: this one alone opens nothing.' : /no default/.test(facts.categories) ? 'The first may be left out; the second is only an example, `category` must say what stands for analytics here.' : `Both may be left out: it is found by itself, and this is the default \`category\`${category.includes('|') ? ` (${inWords(category)}, whichever it has)` : ''}.`}`, '',
    '| | |', '|---|---|',
    ...[['detected', 'found by'], ['versions', 'versions'], ['categories', 'categories'], ['explicit', 'what is the visitor’s own answer'], ['implied', 'what is a default'], ['expired', 'what is expired'], ['limits', 'known limits'], ['confidence', 'how sure we are']]
      .map(([word, label]) => `| ${label} | ${cell(facts[word])} |`), '',
    '## How this is known', '',
    '| | |', '|---|---|',
    ...Object.entries(KNOWN).filter(([fact]) => evidence[fact]).map(([fact, label]) => `| ${label} | ${evidence[fact].map(({ how, what }) => cell(HOW[how](what))).join('; ')} |`), '',
    '## Where it is looked for', '',
    ...probes.map((place) => `- ${placeInWords(place)}`), '',
    ...(listens.length ? ['It is read again after', '', ...listens.map((listen) => `- ${listenInWords(listen)}`), '', 'and whenever cookies or storage change.'] : ['It tells nobody of a change that the bridge could hear: it is read again whenever cookies or storage change, after a click, and each second.']), '',
    '## What it was tested with', '',
    '| situation | fixture |', '|---|---|',
    ...Object.entries(SITUATIONS).map(([name, label]) => `| ${label} | ${cell(shown(name))} |`),
    ...(odd.length ? ['', `And the oddities ${odd.map(code).join(', ')}. The files are in [${folder}](../../${folder}), the adapter is [${file}](../../${file}).`] : ['', `The files are in [${folder}](../../${folder}), the adapter is [${file}](../../${file}).`]), '',
  ].join('\n');
}

/** Writes the pages, or tells which are not as the source has them. */
function pages(write) {
  const folder = 'docs/managers';
  const wanted = new Map(adapters.map((one) => [`${one.id}.md`, page(one)]));
  if (write) mkdirSync(join(root, folder), { recursive: true });
  const there = existsSync(join(root, folder)) ? readdirSync(join(root, folder)) : [];
  const off = [...there.filter((name) => !wanted.has(name)), ...[...wanted].filter(([name, text]) => !there.includes(name) || read(`${folder}/${name}`) !== text).map(([name]) => name)];
  if (!write) return off.map((name) => `${folder}/${name} is not what the source says: run \`node docs/tables.mjs --write\``);
  for (const name of off) {
    if (wanted.has(name)) writeFileSync(join(root, folder, name), wanted.get(name));
    else rmSync(join(root, folder, name));
  }
  return [];
}

function fail(what) {
  throw new Error(`The tables cannot be made: ${what}.`);
}

/** Words of the source that the prose of README.md has to name. */
function named() {
  const entry = ['src/page/gate', 'src/page/look', 'src/page/sdk', 'src/page/tag', 'src/entry', 'src/server', 'src/js'].flatMap(sources).join('\n');
  const all = (pattern) => [...new Set([...entry.matchAll(pattern)].map(([, word]) => word))];
  const kinds = /KINDS[^=]*= \{([\s\S]*?)\n\};/.exec(read('src/page/gate/options.ts'))?.[1] ?? fail('src/page/gate/options.ts has no KINDS');
  return [
    ...[...kinds.matchAll(/^ {2}([a-zA-Z]+):/gm)].map(([, option]) => option),
    ...all(/\breport\(\s*['"]([a-z-]+)['"]/g),
    ...all(/BridgeError\(\s*'([a-z-]+)'/g),
  ];
}

const adapter = () => ['```toml', read('src/cmp/adapters/cookieyes.toml').trim(), '```'];

const wrong = [];
const write = process.argv.includes('--write');
const ids = () => [`export const IDS =`, `  '${adapters.map(({ id }) => id).join(' ')}';`];
const types = () => ['export type CmpId =', ...['auto', 'manual', ...adapters.map(({ id }) => id)].map((id, index, all) => `  | '${id}'${index === all.length - 1 ? ';' : ''}`)];
const PARTS = { 'README.md': { codes, managers }, 'CONTRIBUTING.md': { adapter }, 'src/page/gate/ids.ts': { ids }, 'src/api/words.d.ts': { ids: types } };
for (const [path, parts] of Object.entries(PARTS)) {
  let text = read(path);
  for (const [name, make] of Object.entries(parts)) {
    const [open, close] = path.endsWith('.md') ? [`<!-- ${name} -->`, `<!-- /${name} -->`] : [`// ---- ${name}, by docs/tables.mjs`, `// ---- /${name}`];
    const between = new RegExp(`(${open})[\\s\\S]*?(${close})`);
    if (!between.test(text)) fail(`${path} has no place between ${open} and ${close}`);
    const made = make().join('\n');
    const next = text.replace(between, () => `${open}\n${made}\n${close}`);
    if (next !== text && !write) wrong.push(`${path} says of ${name} what the source does not: run \`node docs/tables.mjs --write\``);
    text = next;
  }
  if (write) writeFileSync(join(root, path), text);
}
wrong.push(...pages(write));
const readme = read('README.md');
for (const word of named()) if (!readme.includes(`\`${word}\``)) wrong.push(`README.md does not name \`${word}\``);
for (const line of wrong) console.error(line);
process.exitCode = wrong.length ? 1 : 0;
