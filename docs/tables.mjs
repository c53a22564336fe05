// What the documents say that the source says already: the state codes, what to do about each of
// them (docs/remedies.mjs), the consent managers and a page for each in docs/managers, an adapter in
// CONTRIBUTING.md, the ids in the gate and in the types. Written from there, and checked, so that they cannot say something else. Not a place for prose, nor for figures (tools/sizes.mjs).
//
//   node docs/tables.mjs           checks; says what is out of date, and fails
//   node docs/tables.mjs --write   writes the tables between their markers

import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { latch } from '../tools/latch.mjs';
import { adapters as compiled } from '../tools/lib.mjs';
import { ALSO } from './also.mjs';
import { CONSOLE, SERVER, STATES, SYMPTOMS } from './remedies.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const read = (path) => readFileSync(join(root, path), 'utf8');
const sources = (folder) => readdirSync(join(root, folder), { withFileTypes: true }).filter((entry) => entry.isFile()).map(({ name }) => read(`${folder}/${name}`));
const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** Each code with its reason: what the gate and the core say in a page, and what is said on a server alone. */
function reasons() {
  const source = read('src/core/code.rs');
  const lists = source.slice(source.lastIndexOf('\ncodes! {')).split('@server:');
  const [inPage = [], onServer = []] = lists.map((text) => [...text.matchAll(/^ {4}\w+ = "([a-z-]+)", "((?:[^"\\]|\\.)*)";$/gm)].map(([, code, reason]) => [code, reason]));
  const said = sources('src/page/gate').flatMap((text) => [...text.matchAll(/\bfatal\(\s*'([a-z-]+)'/g)].map(([, code]) => code));
  const unknown = [...new Set(said)].filter((code) => !inPage.some(([one]) => one === code));
  if (inPage.length < 10 || onServer.length < 3 || unknown.length) throw new Error(`The codes cannot be read from the source: ${unknown.join(', ') || 'src/core/code.rs has another shape'}.`);
  return { inPage, onServer };
}

function codes() {
  const { inPage, onServer } = reasons();
  return ['| `state.code` | what it means (`state.reason`) |', '|---|---|', ...[...inPage, ...onServer].map(([code, reason]) => `| [\`${code}\`](./troubleshooting.md#${code}) | ${cell(reason)} |`)];
}

/** docs/troubleshooting.md: for each code what is seen, why, and what to do. */
function troubleshooting() {
  const { inPage, onServer } = reasons();
  for (const [list, words, where] of [[inPage, STATES, 'STATES'], [onServer, SERVER, 'SERVER']]) {
    const missing = list.filter(([code]) => !words[code]).map(([code]) => code);
    if (missing.length) fail(`docs/remedies.mjs has nothing for ${missing.join(', ')} in ${where}`);
    // A remedy may be written while the code that it is for is on its way.
    for (const code of Object.keys(words)) if (!list.some(([one]) => one === code) && !COMING.includes(code)) fail(`docs/remedies.mjs has \`${code}\` in ${where}, which the source does not say`);
  }
  const entry = ([code, cause, [seen, remedy]]) => [`### \`${code}\` {#${code}}`, '', `**You see.** ${seen}`, '', `**Why.** ${cause}`, '', `**What to do.** ${remedy}`, ''];
  return [
    '# Troubleshooting', '',
    '<!-- Written by `node docs/tables.mjs --write` from the source and docs/remedies.mjs; not by hand. -->', '',
    'With the script tag, type `String(await mixpanelConsent.explain())` in the console.',
    'With a bundler, print `String(await bridge.explain())` in your code. In the console, where the `bridge` of your module is not known, type this:', '',
    '```js',
    "for (const { bridge } of window[Symbol.for('mixpanel-consent-bridge')].values()) console.log(String(await bridge.explain()))",
    '```', '',
    'The text says why Mixpanel is on or off. Its first line ends with a code, which is one of those on this page.',
    'The [inspector](/inspector) shows the same in a panel on the page.', '',
    '## By what you see', '',
    '| You see | Look at |', '|---|---|',
    ...SYMPTOMS.map(([seen, list]) => `| ${seen} | ${list.map((code) => `[\`${code}\`](#${code})`).join(', ')} |`), '',
    '## States', '',
    'These are values of `state.code`.', '',
    ...inPage.filter(([code]) => STATES[code]).flatMap(([code, reason]) => entry([code, reason, STATES[code]])),
    '## In the console', '',
    'These are written to the console, once each or when they happen.', '',
    ...Object.entries(CONSOLE).flatMap(([code, [seen, cause, remedy]]) => entry([code, cause, [seen, remedy]])),
    '## On a server', '',
    ...onServer.flatMap(([code, reason]) => entry([code, reason, SERVER[code]])),
  ].join('\n');
}

// Codes that the code does not have yet, and the documents may.
const COMING = [];

/** What the file of each adapter says of it, in the order in which they are asked. */
const adapters = await compiled();

const inWords = (category) => category.split('|').map((names) => names.split('+').map((name) => `\`${name}\``).join(' and ')).join(', else ');

/** How a fact is known, the strongest way alone; its page has them all. */
const STRENGTH = [['run', 'run'], ['captured', 'captured'], ['documented', 'documented'], ['reported', 'read elsewhere']];
const strongest = (ways = []) => STRENGTH.find(([how]) => ways.some((one) => one.how === how))?.[1] ?? '–';

function managers() {
  const rows = adapters.map(({ id, facts, category, evidence }) => (
    `| [\`${id}\`](./${id}.md) | ${cell(facts.product)} | ${/no default/.test(facts.categories) ? 'you name it' : inWords(category)} | ${['detected', 'explicit', 'implied', 'stored'].map((fact) => strongest(evidence[fact])).join(' | ')} |`));
  return ['| `cmp` | Product | Default `category` | How it is found | An answer | A default | What is stored |', '|---|---|---|---|---|---|---|', ...rows];
}

// ---- a page for each ------------------------------------------------------------------

const SITUATIONS = {
  'not-answered': 'not asked yet', 'accept-all': 'accept all', 'reject-all': 'reject all', 'statistics-only': 'analytics only',
  'all-but-statistics': 'everything but analytics', 'implied-open': 'regional default open', 'implied-closed': 'regional default closed',
  expired: 'expired, asked again', 'changed-mind': 'changed mind', 'stored-accept': 'a yes of an earlier page, before the script', 'stored-reject': 'a no of an earlier page, before the script',
  'stored-default': 'what is stored for somebody who has done nothing', early: 'there before its state',
};
const RANKS = {
  vendor: 'This product asks the visitor itself. If an interface on the page, such as TCF or consent mode, says something else, the bridge believes this product.',
  standard: 'This is an interface that many products offer. If such a product is on the page and has an adapter of its own, the bridge believes that product.',
  bus: 'This only passes on what a consent manager has asked. If a product that asks the visitor, or TCF, is on the page as well, the bridge believes that.',
  limit: 'This can only close: a refusal closes what a default has opened, and nothing else opens by it.',
};

/**
 * How a fixture came about, as it says itself. Only a fixture with the word `how` was made by running something;
 * every other was written by hand, and its `by` says from what.
 */
function told({ version, captured, how, by }) {
  if (how) return how === 'run' ? `run here (${version}), ${captured}` : `${how}, ${captured}`;
  if (by.startsWith('captured: ')) return `values seen in public, ${captured}: ${by.slice('captured: '.length)}`;
  return `written by hand, ${captured}: ${by.replace(/^documented: /, '').replace(/^(?:high|medium|low) \((.*)\)$/, '$1')}`;
}

const KNOWN = { detected: 'found by', explicit: 'the visitor’s own answer', implied: 'a default', expired: 'expired', stored: 'what is stored', looks: 'what tells of changes' };
const HOW = {
  run: (version) => `run here (${version})`,
  captured: (date) => `captured ${date}`,
  documented: (link) => `[documented](${link})`,
  reported: (who) => `read elsewhere (${who})`,
};
const FORMS = { r: 'as plain text', t: 'percent-decoded', j: 'JSON', b: 'base64 of JSON', z: 'JSON packed by LZ-string' };
const code = (text) => `\`${text}\``;

const placeInWords = ([verb, where, more]) => ({
  g: () => `the global ${code(where.replace('@parsed.', ''))}${where.startsWith('@parsed') ? ', once the document is parsed' : ''}`,
  q: () => `what the commands in ${code(where)} say that begin with ${code(more)}`,
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

/** A list that is written in a line with `; ` between, each as a sentence; what is in brackets or in code is left whole. */
const clauses = (text) => text.split(/;\s+(?![^(]*\))/)
  .map((one) => `${one[0].toUpperCase()}${one.slice(1)}${/[.!?]$/.test(one) ? '' : '.'}`)
  // What goes on from the one before stays with it.
  .reduce((all, one) => (/^(Then|There|Where that|Where it|It is taken) /.test(one) && all.length ? [...all.slice(0, -1), `${all.at(-1)} ${one}`] : [...all, one]), []);

/** When an adapter is looked at by the clock besides, by its `looks`. */
const LOOKS = {
  never: 'After the visitor has answered, the bridge does not read it at intervals.',
  cookies: 'Its answer is a cookie. A browser that reports changed cookies (`cookieStore`, on https) is enough to notice a change; in other browsers the bridge reads it again each second.',
  always: 'It may not report every change, so the bridge reads it again each second while the page is visible.',
};

function page({ id, file, facts, evidence, rank, looks, category, probes, listens }) {
  const folder = `tests/fixtures/${id}`;
  const none = existsSync(join(root, folder, 'none.json')) ? JSON.parse(read(`${folder}/none.json`)) : {};
  const fixture = (name) => JSON.parse(read(`${folder}/${name}.json`));
  const shown = (name) => {
    if (none[name]) return `cannot be: ${none[name]}`;
    return told(fixture(name));
  };
  const odd = readdirSync(join(root, folder)).map((name) => name.slice(0, -5)).filter((name) => name !== 'none' && !SITUATIONS[name]);
  // A category is written only where the product has one name for analytics: where it has several, or none, the first
  // would be one that most sites do not have, and naming it would shut them.
  const unnamed = /no default/.test(facts.categories);
  const limit = rank === 'limit';
  const only = category.split('|').length === 1 && !unnamed && !limit ? category.split('+') : [];
  const written = only.length === 0 ? null : only.length === 1 ? `'${only[0]}'` : `[${only.map((name) => `'${name}'`).join(', ')}]`;
  const isSeen = ['explicit', 'stored'].some((fact) => (evidence[fact] ?? []).some(({ how }) => how === 'run' || how === 'captured'));
  const inTag = `data-cmp="${limit ? 'auto' : id}"${only.length ? ` data-category="${only.join(',')}"` : ''}`;
  return [
    `# ${facts.product}`, '',
    '<!-- Written by `node docs/tables.mjs --write` from the adapter and its fixtures; not by hand. -->', '',
    `Maker: ${facts.vendor}. Documentation: <${facts.docs}>. ${RANKS[rank]}`, '',
    ...(isSeen ? [] : ['**It was not run here, and no answer that it stored was seen.** What follows is known from documentation, or from what others read. Run `npx mixpanel-consent-bridge detect` on your site, before an answer, after a yes and after a no, before you rely on it.', '']),
    '```ts',
    "import { connect } from 'mixpanel-consent-bridge';", '',
    'export const bridge = connect({',
    "  token: 'YOUR_PROJECT_TOKEN',",
    "  mixpanel: () => import('mixpanel-browser'),",
    `  cmp: '${limit ? 'auto' : id}',`,
    ...(written ? [`  category: ${written},`] : unnamed ? ["  category: 'YOUR_CATEGORY',"] : []),
    '});',
    '```', '',
    'With the script tag:', '',
    '```html',
    `<script src="/bridge.js" ${inTag}${unnamed ? ' data-category="YOUR_CATEGORY"' : ''}></script>`,
    '```', '',
    limit ? `This one opens nothing by itself, so the bridge reads it in addition to your consent manager. If you name your consent manager, name both, in a list: \`cmp: ['onetrust', '${id}']\`.`
      : unnamed ? 'Replace `YOUR_CATEGORY` by the name that your site has for analytics: with this product each site chooses its own.'
        : written ? 'You may leave out `cmp` and `category`: the bridge finds this consent manager by itself, and this is its default category. If your site has renamed the category, write your own name.'
          : `You need no \`category\` if your site has one of these, which are tried in this order: ${inWords(category)}. If it has another name for analytics, write that.`, '',
    '## How the bridge reads it', '', '| About | Facts |', '|---|---|',
    ...[['detected', 'found by'], ['versions', 'versions'], ['categories', 'categories'], ['explicit', 'what is the visitor’s own answer'], ['implied', 'what is a default'], ['expired', 'what is expired'], ['confidence', 'how sure we are']]
      .map(([word, label]) => `| ${label} | ${cell(word === 'detected' ? facts[word].replace(/ before it\b/g, ' until that has loaded') : facts[word])} |`), '',
    ...(/^(none|–|-)?$/.test(facts.limits) ? [] : ['## Known limits', '', ...clauses(facts.limits).map((text) => `- ${text}`), '']),
    '## How this is known', '',
    '| Fact | How it is known |', '|---|---|',
    ...Object.entries(KNOWN).filter(([fact]) => evidence[fact]).map(([fact, label]) => `| ${label} | ${evidence[fact].map(({ how, what }) => cell(HOW[how](what))).join('; ')} |`), '',
    '## Where it is looked for', '',
    ...probes.map((place) => `- ${placeInWords(place)}`), '',
    ...(listens.length ? ['The bridge reads it again after', '', ...listens.map((listen) => `- ${listenInWords(listen)}`), '', 'and whenever cookies or storage change, and after a click.'] : ['It tells nobody of a change that the bridge could hear: it is read again whenever cookies or storage change, and after a click.']), LOOKS[looks], '',
    '## What it was tested with', '',
    '| situation | fixture |', '|---|---|',
    ...Object.entries(SITUATIONS).map(([name, label]) => `| ${label} | ${cell(shown(name))} |`),
    ...(odd.length ? ['', `Further cases: ${odd.map(code).join(', ')}. The files are in [${folder}](../../${folder}), the adapter is [${file}](../../${file}).`] : ['', `The files are in [${folder}](../../${folder}), the adapter is [${file}](../../${file}).`]), '',
  ].join('\n');
}

/** A page for a product that another adapter serves, or none. */
function elsewhere({ id, product, cmp, text }) {
  const data = typeof cmp !== 'string';
  const inCode = data ? `{ ${Object.entries(cmp).map(([key, value]) => `${key}: '${value}'`).join(', ')} }` : `'${cmp}'`;
  return [
    `# ${product}`, '',
    '<!-- Written by `node docs/tables.mjs --write` from docs/also.mjs; not by hand. -->', '',
    text, '',
    '```ts',
    "import { connect } from 'mixpanel-consent-bridge';", '',
    'export const bridge = connect({',
    "  token: 'YOUR_PROJECT_TOKEN',",
    "  mixpanel: () => import('mixpanel-browser'),",
    `  cmp: ${inCode},`,
    '});',
    '```', '',
    'With the script tag:', '',
    '```html',
    `<script src="/bridge.js" data-cmp=${data ? `'${JSON.stringify(cmp)}'` : `"${cmp}"`}></script>`,
    '```', '',
    `It has no adapter \`${id}\`, and needs none.`, '',
  ].join('\n');
}

/** Writes the pages, or tells which are not as the source has them. */
function pages(write) {
  const folder = 'docs/managers';
  const wanted = new Map([...adapters.map((one) => [`${one.id}.md`, page(one)]), ...ALSO.map((one) => [`${one.id}.md`, elsewhere(one)])]);
  if (write) mkdirSync(join(root, folder), { recursive: true });
  const there = existsSync(join(root, folder)) ? readdirSync(join(root, folder)).filter((name) => name !== 'index.md') : [];
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

/** Words of the source that the documents have to name. */
function named() {
  const entry = ['src/page/gate', 'src/page/look', 'src/page/sdk', 'src/page/tag', 'src/server', 'src/wasm'].flatMap(sources).join('\n');
  const all = (pattern) => [...new Set([...entry.matchAll(pattern)].map(([, word]) => word))];
  const kinds = /KINDS[^=]*= \{([\s\S]*?)\n\};/.exec(read('src/page/look/options.ts'))?.[1] ?? fail('src/page/look/options.ts has no KINDS');
  return [
    ...[...kinds.matchAll(/^ {2}([a-zA-Z]+):/gm)].map(([, option]) => option),
    ...all(/\breport\(\s*['"]([a-z-]+)['"]/g),
    ...all(/BridgeError\(\s*'([a-z-]+)'/g),
  ];
}

const adapter = () => ['```toml', read('src/cmp/adapters/cookieyes.toml').trim(), '```'];

/** The latch as the build makes it, with the hash by which a policy allows it. */
const { script, hash } = await latch();
const line = () => ['```html', `<script>${script}</script>`, '<!-- the tag, and Mixpanel\'s snippet, below it -->', '```', '', `Its hash is \`'${hash}'\`.`];

const wrong = [];
const write = process.argv.includes('--write');
const ids = () => [`export const IDS =`, `  '${adapters.map(({ id }) => id).join(' ')}';`];
const types = () => ['export type CmpId =', ...['auto', 'manual', ...adapters.map(({ id }) => id)].map((id, index, all) => `  | '${id}'${index === all.length - 1 ? ';' : ''}`)];
const PARTS = { 'docs/states.md': { codes }, 'docs/start/script-tag.md': { latch: line }, 'docs/managers/index.md': { managers }, 'CONTRIBUTING.md': { adapter }, 'src/page/gate/ids.ts': { ids }, 'src/api/words.d.ts': { ids: types } };
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
if (write) writeFileSync(join(root, 'docs/troubleshooting.md'), troubleshooting());
else if (!existsSync(join(root, 'docs/troubleshooting.md')) || read('docs/troubleshooting.md') !== troubleshooting()) wrong.push('docs/troubleshooting.md is not what the source and docs/remedies.mjs say: run `node docs/tables.mjs --write`');
const prose = readdirSync(join(root, 'docs'), { recursive: true }).map(String).filter((name) => name.endsWith('.md') && !/^(api|managers)\b/.test(name)).map((name) => read(`docs/${name}`)).join('\n');
for (const word of named()) if (!prose.includes(`\`${word}\``)) wrong.push(`no page of docs names \`${word}\``);
for (const line of wrong) console.error(line);
process.exitCode = wrong.length ? 1 : 0;
