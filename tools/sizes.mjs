// What the package weighs on the wire, against what it may weigh. It reads what the build
// left in dist/ and pkg/ and builds nothing itself.
//
// Options: --write   put the table into docs/weight.md, between <!-- sizes --> and <!-- /sizes -->
//          --check   fail when docs/weight.md's figures are off by more than 3 %
//          --adapters  what each consent manager costs

import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { bundle } from './bundle.mjs';
import { Failure, at, main, started, adapters } from './lib.mjs';

// Brotli-11 bytes of what a page loads. The gate is all that a page waits for; `named` is what one
// page view costs that has no SDK and names its consent manager (of the dearest part there is), `total`
// the same with `auto`, where what is on the page is noticed first. `budget` is what was promised, `aim` where it is going, `reached` what the
// build keeps to: where that is over the budget it says so at each build, and it fails when it grows.
// Lower `reached` when something got lighter.
const BUDGET = {
  gate: { reached: 3072, budget: 3072, aim: 2048 },
  named: { reached: 22528, budget: 22528, aim: 20480 },
  total: { reached: 23600, budget: 27648, aim: 25600 },
  // Promised to nobody: it comes with 84 KB of SDK. It is not to become where weight is hidden.
  // Over it for SDKs that visitors still get: those before 2.61 write an error for each stop of a recording
  // that is none, and those from 2.61 to 2.69 write tab ids and a database at a start that may store nothing.
  // And for what leaves after the check: a recording that is being packed at a no has no address to go to.
  // And for other projects on the page, whose instance the SDK gives to who asks for one without a name.
  // And a kilobyte of what removes what the SDK leaves, which was fetched beside it before.
  // And for what is given in the SDK's place: a gate, of another project or its own, which would be called without an end.
  drive: { reached: 3860, budget: 3584, aim: 2048 },
  // What the tag weighed in one file before it was in parts.
  tagged: { reached: 28330, budget: 33100, aim: 27648 },
};

// A figure in docs/weight.md may lag behind this much before it is wrong.
const TOLERANCE = 0.03;

const brotli = (bytes) => brotliCompressSync(bytes, {
  params: {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_LGWIN]: 24,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  },
}).length;

const weigh = (bytes) => ({ raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli: brotli(bytes) });

/** Every figure, in the order of the table. What has not been built is left out. */
export async function sizes() {
  const file = (path) => (existsSync(at(path)) ? weigh(readFileSync(at(path))) : null);
  const gate = file('dist/index.js');
  const core = file('dist/core.js');
  const drive = file('dist/drive.js');
  const sweep = file('dist/sweep.js');
  const table = file('dist/cmp.js');
  const tag = file('dist/bridge.js');
  const parts = existsSync(at('dist')) ? readdirSync(at('dist')).filter((name) => /^cmp-\d+\.js$/.test(name)).map((name) => file(`dist/${name}`)) : [];
  const part = parts.reduce((dearest, one) => (one.brotli > dearest.brotli ? one : dearest), parts[0]);
  const together = (id, what, ...files) => ({
    id, what, ...Object.fromEntries(['raw', 'gzip', 'brotli'].map((kind) => [kind, files.reduce((sum, one) => sum + one?.[kind], 0)])),
  });
  const rows = [
    { id: 'gate', what: 'gate, `dist/index.js`: what a page waits for', ...gate },
    { id: 'core', what: 'core, `dist/core.js`: loaded after it, the wasm in it as text', ...core },
    { id: 'part', what: 'adapters, the heaviest part, `dist/cmp-….js`: beside the core, where a consent manager is named', ...part },
    together('parts', `(adapters, all ${parts.length} parts together: no page loads them all)`, ...parts),
    { id: 'table', what: 'table, `dist/cmp.js`: with `auto`, what the consent managers are noticed by', ...table },
    together('named', 'gate, core and a part: a page view before an answer until the page is idle, with a consent manager named', gate, core, part),
    together('total', 'gate, core, table and a part: the same with `auto`, where one part’s consent managers are on the page', gate, core, table, part),
    { id: 'drive', what: 'driver, `dist/drive.js`: comes while the visitor is asked, when the page is idle, or with the SDK; it removes what that leaves', ...drive },
    { id: 'sweep', what: 'the same by itself, `dist/sweep.js`: after a no where there is no driver', ...sweep },
    together('whole', 'gate, core, table, a part and the driver: a page view with Mixpanel on, beside the SDK', gate, core, table, part, drive),
    { id: 'tag', what: 'script tag, `dist/bridge.js`: what a page waits for that has it', ...tag },
    together('tag-named', 'script tag, core and a part: a page view before an answer, with a consent manager named', tag, core, part),
    together('tagged', 'script tag, core, table and a part: the same with `auto`', tag, core, table, part),
    { id: 'tag-all', what: 'script tag in one file, `dist/bridge.all.js`', ...file('dist/bridge.all.js') },
    { id: 'tag-no-wasm', what: 'script tag in one file, without WebAssembly, `dist/bridge.no-wasm.js`', ...file('dist/bridge.no-wasm.js') },
    { id: 'adapter', what: 'adapters of one’s own, `dist/adapter.js`: loaded only where there is one', ...file('dist/adapter.js') },
    { id: 'rules', what: 'rules of one’s own in words, `dist/rules.js`: loaded only where an adapter has some', ...file('dist/rules.js') },
    { id: 'frames', what: 'consent managers of a page above, `dist/frames.js`: loaded only in frames', ...file('dist/frames.js') },
    { id: 'texts', what: 'what decodes IAB strings and packed answers, `dist/texts.js`: loaded only where one is stored', ...file('dist/texts.js') },
    { id: 'inspector', what: 'inspector, `dist/inspector.js`: loaded only with `debug`', ...file('dist/inspector.js') },
    { id: 'words', what: 'what is rarely said, `dist/words.js`: loaded for a mistake in the options, say', ...file('dist/words.js') },
    { id: 'cookie', what: 'what keeps the record in a cookie, `dist/cookie.js`: loaded with `record: \'cookie\'`', ...file('dist/cookie.js') },
    { id: 'post', what: 'what posts receipts, `dist/post.js`: loaded with `receiptEndpoint`', ...file('dist/post.js') },
    { id: 'instances', what: 'what the instances of a project share, `dist/instances.js`: loaded with a dialog of the site’s own', ...file('dist/instances.js') },
    { id: 'explain', what: 'what `explain()` says, `dist/explain.js`: loaded when it is asked', ...file('dist/explain.js') },
    { id: 'no-wasm', what: 'the core as JavaScript, `dist/core.no-wasm.js`: in place of the core, where WebAssembly is refused', ...file('dist/core.no-wasm.js') },
    { id: 'wasm', what: '(the wasm alone, as a file)', ...file('pkg/bridge_bg.wasm') },
  ];
  if (core) {
    const glue = Buffer.from(await bundle(at('src/page/look/core.ts'), { format: 'esm', core: 'apart', wasm: false }));
    rows.push({ id: 'glue', what: '(the core without its wasm)', ...weigh(glue) });
  }
  return rows.filter(({ raw }) => raw > 0);
}

/** Prints the table and the budget. Throws when it grew over what was reached, unless relaxed. */
export async function printSizes({ relaxed = false, title = 'weights', print = (text) => process.stdout.write(text) } = {}) {
  const rows = await sizes();
  const wide = Math.max(...rows.map(({ what }) => what.length));
  const line = (what, ...cells) => print(`  ${what.padEnd(wide)}${cells.map((cell) => String(cell).padStart(10)).join('')}\n`);
  print(`\n${title}, in bytes\n`);
  line('', 'raw', 'gzip 9', 'brotli 11');
  for (const { what, raw, gzip, brotli: small } of rows) line(what.replaceAll('`', ''), raw, gzip, small);
  const broken = [];
  for (const [id, { reached, budget, aim }] of Object.entries(BUDGET)) {
    const row = rows.find((row) => row.id === id);
    if (!row) continue;
    const over = row.brotli - budget;
    const verdict = over > 0 ? `${over} OVER the budget` : row.brotli > aim ? 'within the budget, above the aim' : 'within the aim';
    print(`  ${id}: ${row.brotli}, budget ${budget}, aim ${aim}: ${verdict}\n`);
    if (row.brotli > reached) broken.push(`${id} weighs ${row.brotli} bytes, and had come down to ${reached}`);
  }
  if (broken.length && !relaxed) {
    throw new Failure(`The build got heavier: ${broken.join('; ')}. Make it lighter, or run \`npm run build -- --relaxed\` while working on it.`);
  }
}

const OPEN = '<!-- sizes -->';
const CLOSE = '<!-- /sizes -->';

function table(rows) {
  const format = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;
  return [
    '| File | raw | gzip | brotli |',
    '|---|---:|---:|---:|',
    ...rows.map(({ what, raw, gzip, brotli: small }) => `| ${what} | ${format(raw)} | ${format(gzip)} | ${format(small)} |`),
  ].join('\n');
}

function readme() {
  const path = at('docs', 'weight.md');
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const from = text.indexOf(OPEN);
  const to = text.indexOf(CLOSE);
  if (from < 0 || to < from) throw new Failure(`docs/weight.md has no place for the weights: add the lines \`${OPEN}\` and \`${CLOSE}\`, then run \`npm run sizes -- --write\`.`);
  return { path, before: text.slice(0, from + OPEN.length), inside: text.slice(from + OPEN.length, to), after: text.slice(to) };
}

/** The figures of docs/weight.md that are not true any more, as sentences. */
export async function checkReadme() {
  const { inside } = readme();
  const wrong = [];
  for (const { what, raw, gzip, brotli: small } of await sizes()) {
    const row = inside.split('\n').find((line) => line.includes(what));
    if (!row) { wrong.push(`no row for ${what}`); continue; }
    const figures = [...row.slice(row.indexOf(what) + what.length).matchAll(/([\d.]+) KB/g)].map(([, figure]) => Number(figure) * 1024);
    [['raw', raw], ['gzip', gzip], ['brotli', small]].forEach(([kind, bytes], index) => {
      // Small figures are rounded to a tenth of a KB, which is more than 3 % of them.
      const slack = Math.max(bytes * TOLERANCE, 52);
      if (!(Math.abs(figures[index] - bytes) <= slack)) wrong.push(`${what}: ${kind} is ${(bytes / 1024).toFixed(1)} KB`);
    });
  }
  return wrong;
}

/**
 * What each adapter costs: what the text of all would weigh less without its own. What several share is
 * nobody's, so they cost more together than the sum; and the one reader that is code
 * (google-consent-mode) is counted without it.
 */
async function printAdapters() {
  const registry = await adapters();
  const texts = registry.map(({ text }) => text);
  const weight = (kept) => brotli(Buffer.from(`export default${JSON.stringify(kept.join('\u0001'))}`));
  const all = weight(texts);
  const rows = registry.map(({ id }, index) => ({ id, raw: texts[index].length, cost: all - weight(texts.filter((_, other) => other !== index)) }));
  process.stdout.write('\neach consent manager, in bytes\n                                raw brotli 11\n');
  for (const { id: name, raw, cost } of rows.sort((a, b) => b.cost - a.cost)) process.stdout.write(`  ${name.padEnd(26)}${String(raw).padStart(7)}${String(cost).padStart(10)}\n`);
  process.stdout.write(`  ${'all together'.padEnd(26)}${String(texts.join().length).padStart(7)}${String(all).padStart(10)}\n`);
}

if (started(import.meta)) {
  await main(async () => {
    if (process.argv.includes('--adapters')) return printAdapters();
    if (process.argv.includes('--write')) {
      const { path, before, after } = readme();
      writeFileSync(path, `${before}\n${table(await sizes())}\n${after}`);
      console.log('docs/weight.md has the weights of this build');
    }
    if (process.argv.includes('--check')) {
      const wrong = await checkReadme();
      if (wrong.length) throw new Failure(`docs/weight.md's weights are out of date (${wrong.join('; ')}): run \`npm run sizes -- --write\`.`);
    }
    await printSizes({ relaxed: true });
  });
}
