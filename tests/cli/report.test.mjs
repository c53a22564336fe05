// What is made of results: the exit code, the forms of the report, the baseline, the evidence folder,
// the page of findings. The results are those of one visit of a real site, made at the beginning.

import assert from 'node:assert/strict';
import { copyFile, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import Ajv from 'ajv/dist/2020.js';
import { chromium } from 'playwright-core';
import { findShell } from '../../tools/setup.mjs';
import { DIST } from '../browser/harness/server.mjs';
import { cli, startSite } from './site.mjs';
import { source } from './source.mjs';

const { CHECKS, SEVERITIES } = await source('checks.ts');
const { applyBaseline } = await source('findings.ts');

let folder;
let site;
let run;
const file = (name) => join(folder, name);
const read = (name) => readFile(file(name), 'utf8');
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'report-'));
  site = await startSite();
  const page = await site.naive('site', { event: 'Bought <b>\u001b[2J\u202e&' });
  run = await cli('verify', page, '--wait', '1', '--only', 'before,reload,no', '--yes', '#cc-main [data-role="all"]', '--json',
    '--html', file('r.html'), '--junit', file('r.xml'), '--sarif', file('r.sarif'), '--evidence', file('evidence'), '--write-baseline', file('known.json'), '--until', new Date(Date.now() + 86_400_000).toISOString().slice(0, 10));
});
after(async () => {
  await site.close();
  await rm(folder, { recursive: true });
});

test('the JSON is what its schema says, and the schema is published', async () => {
  assert.equal(run.code, 1, run.err);
  const schema = JSON.parse(await readFile(join(DIST, 'verify.schema.json'), 'utf8'));
  const valid = new Ajv({ allErrors: true, strict: false }).compile(schema);
  assert.ok(valid(run.json), JSON.stringify(valid.errors?.slice(0, 5)));
  assert.ok(!valid({ ...run.json, exitCode: 3 }));
  const { exports } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
  assert.equal(exports['./verify.schema.json'], './dist/verify.schema.json');
});

test('JUnit and SARIF say the same, and nothing of the page is markup in them', async () => {
  const xml = await read('r.xml');
  assert.ok(!/[\0-\x08\x0b-\x1f\x7f-\x9f\u202e]|<b>/.test(xml));
  assert.match(xml, /<testsuite [^>]*tests="3" failures="3" errors="0">/);
  assert.equal(xml.match(/<testcase /g).length, 3);
  assert.match(xml, /<failure type="[a-z-]+" message="[^"]+">/);
  assert.equal(await wellFormed(xml), true);
  const { version, runs: [{ tool: { driver }, results }] } = JSON.parse(await read('r.sarif'));
  assert.equal(version, '2.1.0');
  assert.equal(results.length, run.json.results.reduce((sum, { findings }) => sum + findings.length, 0));
  for (const { ruleId, ruleIndex, level, locations: [{ physicalLocation: { artifactLocation, region } }], partialFingerprints } of results) {
    assert.equal(driver.rules[ruleIndex].id, ruleId);
    assert.ok(['error', 'warning', 'note'].includes(level) && region.startLine >= 1 && URL.canParse(artifactLocation.uri) && partialFingerprints['finding/v1'].length === 64);
  }
  const stored = results.find(({ ruleId }) => ruleId === 'id-stored');
  const { by } = run.json.results.flatMap(({ findings }) => findings).find(({ id }) => id === 'id-stored');
  assert.deepEqual(stored.locations[0].physicalLocation.region, { startLine: by.line, startColumn: by.column });
});

test('each form says for a broken promise which it is, and which line of the site breaks it', async () => {
  const { promise, findings } = run.json.results.find(({ verdict }) => verdict === 'broken');
  const { by, means, remedy } = findings.find(({ id }) => id === 'id-stored');
  const line = `${by.file}:${by.line} (inline script)`;
  const xml = (await read('r.xml')).replaceAll('&quot;', '"').replaceAll('&amp;', '&').replaceAll('&gt;', '>').replaceAll('&lt;', '<');
  for (const text of [`Promised: ${promise}`, `line: ${line}`, means, remedy]) assert.ok(xml.includes(text), text);
  const { runs: [{ results }] } = JSON.parse(await read('r.sarif'));
  const { message, locations } = results.find(({ ruleId }) => ruleId === 'id-stored');
  assert.ok(message.text.includes(`Promised: ${promise}`) && message.text.includes(means), message.text);
  assert.equal(locations[0].physicalLocation.region.startLine, by.line);
  const told = (await readFile(join(file('evidence'), 'report.txt'), 'utf8')).replace(/\s+/g, ' ');
  for (const text of [`Promised: ${promise}`, `line: ${line}`, means, `do: ${remedy}`]) assert.ok(told.includes(text), text);
  const one = await browser();
  try {
    const page = await one.newPage();
    await page.setContent(await read('r.html'));
    const article = page.locator('article', { hasText: 'id-stored' }).first();
    const shown = await article.innerText();
    for (const text of [`Breaks the promise`, promise, line]) assert.ok(shown.includes(text), `${text}\n${shown}`);
  } finally {
    await one.close();
  }
});

const browser = () => chromium.launch({ executablePath: findShell(), chromiumSandbox: false });
async function wellFormed(xml) {
  const one = await browser();
  try {
    const page = await one.newPage();
    return await page.evaluate((text) => !new DOMParser().parseFromString(text, 'text/xml').querySelector('parsererror'), xml);
  } finally {
    await one.close();
  }
}

test('the HTML: nothing for axe at 390 and 1280 px, light and dark; nothing wider than the phone; pictures of each visit', async () => {
  const html = await read('r.html');
  assert.ok(!/<script|<link|src="(?!data:)|url\(|<b>\u001b/.test(html), 'nothing to fetch or run');
  const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  const one = await browser();
  try {
    for (const [width, colorScheme] of [[390, 'light'], [390, 'dark'], [1280, 'dark'], [1280, 'light']]) {
      const page = await one.newPage({ viewport: { width, height: 844 }, colorScheme });
      await page.setContent(html);
      await page.evaluate(() => document.querySelectorAll('details').forEach((details) => { details.open = true; }));
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => axe.run());
      assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes[0].html.slice(0, 120)]), [], `${width} ${colorScheme}`);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `wider than ${width} px`);
      assert.equal(await page.evaluate(() => [...document.images].filter(({ naturalWidth }) => naturalWidth > 0).length >= 3), true);
      if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${width}-${colorScheme}.png`, fullPage: true });
      await page.close();
    }
  } finally {
    await one.close();
  }
});

test('an evidence folder is confirmed, and whatever is done to it is seen', async () => {
  const good = await cli('verify', '--check', file('evidence'));
  assert.equal(good.code, 0, good.out);
  const [, told] = /SHA-256 ([0-9a-f]{64})/.exec(run.err);
  assert.ok(good.out.includes(told), 'the manifest’s own sum is the one that was printed');
  const names = await readdir(file('evidence'));
  for (const name of ['report.json', 'report.html', 'report.txt', 'report.junit.xml', 'report.sarif.json', 'events.ndjson', 'manifest.json']) assert.ok(names.includes(name), name);
  assert.ok(names.some((name) => name.endsWith('.jpg')));
  const tamper = async (name, change, expected) => {
    await mkdir(file(name));
    for (const one of names) await copyFile(join(file('evidence'), one), join(file(name), one));
    await change(file(name));
    const { code, out } = await cli('verify', '--check', file(name));
    assert.equal(code, 1, name);
    assert.match(out, expected);
  };
  await tamper('changed', async (at) => writeFile(join(at, 'events.ndjson'), ''), /events\.ndjson: changed/);
  await tamper('missing', async (at) => rm(join(at, 'report.txt')), /report\.txt: missing/);
  await tamper('added', async (at) => writeFile(join(at, 'more.txt'), 'x'), /more\.txt: not in the manifest/);
  await tamper('linked', async (at) => { await rm(join(at, 'report.txt')); await symlink('/etc/hostname', join(at, 'report.txt')); }, /report\.txt: no plain file/);
  await tamper('outside', async (at) => {
    const manifest = JSON.parse(await readFile(join(at, 'manifest.json'), 'utf8'));
    manifest.files['../../../etc/passwd'] = { bytes: 1, sha256: '0' };
    await writeFile(join(at, 'manifest.json'), JSON.stringify(manifest));
  }, /passwd: no name of an evidence file/);
  assert.match((await cli('verify', '--check', file('nowhere'))).err, /is no manifest of an evidence folder/);
});

test('a baseline: what is known does not count until its day, what is new does', async () => {
  const ignores = JSON.parse(await read('known.json')).ignores;
  const known = structuredClone(run.json.results);
  assert.deepEqual(applyBaseline(known, ignores), { expired: [], unused: [] });
  assert.deepEqual(known.map(({ verdict }) => verdict), ['known', 'known', 'known']);
  assert.ok(known.every(({ findings }) => findings.every(({ ignored }) => ignored.until && ignored.reason)));
  const some = structuredClone(run.json.results);
  const { unused } = applyBaseline(some, [...ignores.filter(({ id }) => id !== 'id-stored'), { id: 'replay-sent', reason: 'x', until: '2099-01-01' }]);
  assert.equal(some[0].verdict, 'broken', 'the id is new');
  assert.deepEqual(unused, ['replay-sent, until 2099-01-01']);
  const old = structuredClone(run.json.results);
  const { expired } = applyBaseline(old, ignores.map((one) => ({ ...one, until: '2020-01-01' })));
  assert.equal(old[0].verdict, 'broken');
  assert.equal(expired.length, ignores.length);
});

test('a baseline that is none says what is wrong with it', async () => {
  const day = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  for (const [content, expected] of [
    ['{', /cannot be read/],
    ['[]', /is none/],
    [{ schema: 1, ignores: [{ id: 'id-stord', reason: 'x', until: day }] }, /has `id-stord` for an id in entry 1/],
    [{ schema: 1, ignores: [{ id: 'id-stored', until: day }] }, /gives no reason in entry 1/],
    [{ schema: 1, ignores: [{ id: 'id-stored', reason: 'x' }] }, /says no day/],
    [{ schema: 1, ignores: [{ id: 'id-stored', reason: 'x', until: '2999-01-01' }] }, /longer than 400 days/],
    [{ schema: 1, ignores: [{ id: 'id-stored', reason: 'x', until: day, wher: 'y' }] }, /has `wher` in entry 1/],
  ]) {
    await writeFile(file('wrong.json'), typeof content === 'string' ? content : JSON.stringify(content));
    const { code, err } = await cli('verify', 'shop.example', '--baseline', file('wrong.json'));
    assert.equal(code, 2);
    assert.match(err, expected);
  }
});

test('docs/findings.md has a chapter for each finding, as the command explains it', async () => {
  const page = new URL('../../docs/findings.md', import.meta.url);
  const chapter = ([id, { severity, title, means, remedy, after: later }]) =>
    `## ${id}\n\n**${title}** (${severity})\n\n${means}\n\nWhat to do: ${remedy}${later ? `\n\nAfter a withdrawal: ${later}` : ''}\n`;
  const entries = Object.entries(CHECKS).sort(([, a], [, b]) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
  const wanted = `# What \`verify\` finds

[\`verify\`](verify.md) gives each finding an id, which stays the same from version to version.
The reports and the baseline use these ids.
For each finding this page says what it means and what to do; \`mixpanel-consent-bridge verify --explain ID\` prints the same.

<!-- Written from src/cli/checks.ts by \`README_WRITE=1 node --test tests/cli/report.test.mjs\`; not by hand. -->

${entries.map(chapter).join('\n')}`;
  if (process.env.README_WRITE) await writeFile(page, wanted);
  assert.ok((await readFile(page, 'utf8')) === wanted, 'run README_WRITE=1 node --test tests/cli/report.test.mjs');
});
