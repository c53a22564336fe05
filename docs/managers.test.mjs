// What a page of docs/managers tells to copy, copied: its category against the accept-all fixture of
// the product, and its lines in a page with the playground's consent manager of that name, where
// "accept all" is pressed. With the builder's tag for the same product. Two of these products only
// limit, so nothing opens by them alone; consent mode never says a plain yes.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { managers } from '../www/managers/index.js';
import { builderOutput } from '../www/builder/code.js';
import { at, files } from '../tools/lib.mjs';
import { module, openPages } from './page.mjs';

const AT_ONCE = 6;
const LIMITS = ['iab-gpp', 'iab-usp'];
const IMPLIED = [...LIMITS, 'google-consent-mode'];
const pages = files('docs/managers').filter((path) => /\/(?!index)[\w-]+\.md$/.test(path)).map((path) => {
  const text = readFileSync(at(path), 'utf8');
  const [ts] = /```ts\n([\s\S]*?)```/.exec(text)?.slice(1) ?? [];
  const [tag] = /```html\n([\s\S]*?)```/.exec(text)?.slice(1) ?? [];
  return { path, id: path.slice('docs/managers/'.length, -3), ts, tag };
});

/** The product as the playground has it: the published code, or a stand-in. */
const managerOf = (id) => managers.find(({ cmp, id: own }) => own === id || own === `fake-${id}` || cmp === id || Array.isArray(cmp) && cmp.includes(id));

let opened;
before(async () => { opened = await openPages(); });
after(() => opened?.close());

async function accepts(html, id, code) {
  const one = managerOf(id);
  const file = existsSync(at('www', 'managers', `${one.id}.js`)) ? `/managers/${one.id}.js` : `/fakes/${one.id.replace(/^fake-/, '')}.js`;
  const v = await opened.open(`${html}<script type="module">
    import manager from '${file}';
    await manager.load({ base: '', mode: '${LIMITS.includes(id) ? 'implied-open' : 'ask'}' });
    window.manager = manager;
  </script>`);
  try {
    await v.page.waitForFunction(() => window.manager);
    await v.page.evaluate(() => (window.bridge ?? window).mixpanel.track('Held'));
    if (!LIMITS.includes(id)) await v.page.evaluate(() => void window.manager.api.acceptAll());
    await v.page.waitForFunction(() => (window.bridge ?? window.mixpanelConsent)?.state.mode === 'on', undefined, { timeout: 10_000 })
      .catch(async () => assert.fail(`${JSON.stringify(await v.state())}\n${code}`));
    await v.until(() => v.sent.some(({ event }) => event === 'Held'));
    assert.equal((await v.state()).consent, IMPLIED.includes(id) ? 'implied-granted' : 'granted');
  } finally {
    await v.close();
  }
}

test('a page of a product of which no answer was seen says so above its code', () => {
  let unseen = 0;
  for (const { path } of pages) {
    const text = readFileSync(at(path), 'utf8');
    const known = [...text.matchAll(/^\| (?:the visitor’s own answer|what is stored) \| (.*) \|$/gm)].map(([, how]) => how).join();
    // What another adapter serves has no facts of its own.
    if (!known) continue;
    const seen = /run here|captured \d/.test(known);
    unseen += seen ? 0 : 1;
    assert.equal(text.split('```')[0].includes('It was not run here'), !seen, `${path}: ${known}`);
  }
  assert.ok(unseen > 5, String(unseen));
});

test('a page says "run here" of the fixtures that the running product produced, and of no other', () => {
  const ours = { run: 0, hand: 0 };
  for (const { path, id } of pages) {
    const rows = [...readFileSync(at(path), 'utf8').matchAll(/^\| [^|]* \| (run here \([^)]*\), |values seen in public, |written by hand, |its documented commands, )/gm)].map(([, how]) => how);
    if (!existsSync(at('tests', 'fixtures', id))) continue;
    const fixtures = files(`tests/fixtures/${id}`).map((file) => JSON.parse(readFileSync(at(file), 'utf8')));
    const ran = fixtures.filter(({ how }) => how === 'run');
    for (const { version, by } of ran) assert.ok(version !== 'documented' && by, `${id}: ${by}`);
    assert.ok(rows.filter((how) => how.startsWith('run')).length <= ran.length, `${path}: ${rows}`);
    if (ran.length === 0) assert.ok(!rows.some((how) => how.startsWith('run')) && rows.length > 0, path);
    ours[ran.length ? 'run' : 'hand'] += 1;
  }
  assert.ok(ours.run > 10 && ours.hand > 30, JSON.stringify(ours));
});

describe('the code of each manager’s page', { concurrency: AT_ONCE }, () => {
  for (const { path, id, ts, tag } of pages) {
    test(`${id}: its category is the accept-all fixture's yes`, () => {
      assert.ok(ts && tag, `${path} has no code`);
      const fixture = at('tests', 'fixtures', id, 'accept-all.json');
      if (!existsSync(fixture)) return;
      const { expect } = JSON.parse(readFileSync(fixture, 'utf8'));
      const named = [...(/category: (.*),$/m.exec(ts)?.[1] ?? '').matchAll(/'([^']*)'/g)].map(([, name]) => name);
      for (const name of named) if (name !== 'YOUR_CATEGORY') assert.ok(['granted', 'implied-granted'].includes(expect.answers[name]), `\`${name}\` is ${expect.answers[name]}, of ${JSON.stringify(expect.answers)}`);
      assert.equal(/data-category="([^"]*)"/.exec(tag)?.[1] ?? '', named.join(','));
    });

    const one = managerOf(id);
    // A product without a name for analytics: the one that its playground set-up has.
    const filled = (code) => code.replaceAll('YOUR_CATEGORY', one?.category ?? '');
    // No published code and no stand-in yet: the fixture above is all there is.
    if (!one) continue;
    test(`${id}: connect(), and accept all`, () => accepts(module(filled(ts).replace('export const bridge', 'const bridge')), id, ts));
    test(`${id}: the builder's tag, and accept all`, () => {
      const category = /category: '([^']*)'/.exec(ts)?.[1];
      const [{ text }] = builderOutput({ framework: 'tag-alone', cmp: LIMITS.includes(id) ? 'auto' : id, category: category === 'YOUR_CATEGORY' ? one.category : '', pageviews: false }).files;
      return accepts(text, id, text);
    });
  }
});
