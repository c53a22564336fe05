// The boundary itself: what a page may hold that no consent manager should, and what must
// come through unchanged. Nothing of it may trap: a trap would leave the bridge deaf.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open } from './harness.mjs';

let browser;
before(async () => { browser = await open(); });
after(() => browser.close());

const ASKED = {
  'global:OneTrust.IsAlertBoxClosed()': false,
  'global:OneTrust.GetDomainData().ConsentModel.Name': 'opt-in',
  'global:OnetrustActiveGroups': ',C0001,',
};

/** The answers that one adapter reads from a page, as name and answer. */
const read = (id, snapshot) => browser.page.evaluate(([adapter, held]) => {
  lay(held);
  const { bridge } = connect(adapter);
  const [, line] = core.explain(bridge, look(JSON.parse(core.program(bridge)), __heard)).split('\n');
  if (!line) return null;
  const [, live, , ...pairs] = line.split('\t');
  return { live, named: Object.fromEntries(pairs.flatMap((name, i) => (i % 2 ? [] : [[name, pairs[i + 1]]]))) };
}, [id, snapshot]);

test('texts of any script cross as they are', async () => {
  const names = ['Statistik & Ärger', '分析', '🍪 analytics', 'a\\b"c', 'ﷺ', '#1;', '@0;'];
  // Klaro's own cookie is a map from any names to yes and no.
  const { named } = await read('klaro', { 'cookie:klaro': encodeURIComponent(JSON.stringify(Object.fromEntries(names.map((name, i) => [name, i % 2 === 0])))) });
  // A service that the cookie does not name has not been asked about.
  assert.deepEqual(named, { '': 'unset', ...Object.fromEntries(names.map((name, i) => [name, i % 2 === 0 ? 'granted' : 'denied'])) });
});

test('a getter that throws is told apart from nothing there', async () => {
  const page = await read('onetrust', { ...ASKED, 'global:OneTrust.IsAlertBoxClosed()': { $thrown: true } });
  assert.ok(page, 'the consent manager is there');
  assert.ok(Object.values(page.named).every((answer) => answer === 'unset'), JSON.stringify(page));
});

test('a page cannot make the bridge copy without end', async () => {
  const { length, ms } = await browser.page.evaluate(() => {
    lay({});
    const round = { wide: Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`k${i}`, i])), long: 'x'.repeat(1e6) };
    round.round = round;
    let deep = {};
    for (let i = 0; i < 1000; i += 1) deep = { deep };
    const endless = new Proxy({}, { ownKeys: () => Array.from({ length: 1e5 }, (_, i) => `e${i}`), getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }), get: (_, key) => key });
    Object.assign(globalThis.__page, { round, deep, endless });
    const from = performance.now();
    const text = look([[0, [['g', 'round'], ['g', 'deep'], ['g', 'endless']]]], {});
    return { length: text.length, ms: performance.now() - from };
  });
  assert.ok(length < 200_000, `${length} characters`);
  assert.ok(ms < 5_000, `${ms} ms`);
});

test('no text, however broken, traps the core or opens anything', async () => {
  const { failures, granted, alive } = await browser.page.evaluate((asked) => {
    lay(asked);
    const { bridge, said } = connect('auto');
    const program = JSON.parse(core.program(bridge));
    const whole = look(program, {});
    let seed = 7;
    const random = (below) => { seed = (seed * 1103515245 + 12345) % 2147483648; return seed % below; };
    const marks = '@;0123456789"\0tf#nFx[{-';
    let failed = 0;
    for (let round = 0; round < 5000; round += 1) {
      const letters = [...whole];
      for (let hit = random(4); hit >= 0; hit -= 1) {
        const place = random(letters.length + 1);
        if (random(3) === 0) letters.splice(place, random(8));
        else letters.splice(place, random(2), marks[random(marks.length)]);
      }
      try {
        core.looked(bridge, letters.join(''), random(8));
        core.explain(bridge, letters.join(''));
      } catch {
        failed += 1;
      }
    }
    core.looked(bridge, whole, 0);
    return {
      failures: failed,
      // The category is not among this page's groups: whatever breaks, no yes can come of it.
      granted: said.filter(([consent]) => consent === 'granted').length,
      alive: core.explain(bridge, whole).includes('onetrust'),
    };
  }, ASKED);
  assert.equal(failures, 0);
  assert.equal(granted, 0);
  assert.ok(alive, 'the core still answers');
});

test('numbers of bridges that do not exist are answered, not trapped', async () => {
  const answered = await browser.page.evaluate(() => {
    for (let what = 0; what < 256; what += 1) core.tell(99999, what, 'nonsense', 1, 0);
    return 'still here';
  });
  assert.equal(answered, 'still here');
});
