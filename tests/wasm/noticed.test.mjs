// With `auto` an adapter is loaded when its consent manager is noticed, so whatever an adapter reads
// anything of must be noticed: each fixture whole, and with places left out in every combination (of
// many places: up to two, or all but two), since a page may hold any of them. The shipped probes and
// the shipped core look.
//
// Tried by breaking: with the first sign of each adapter left out (tools/parts.mjs, signsOf), all of them fail.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import { at } from '../../tools/lib.mjs';
import { noticing, partOf } from '../../tools/parts.mjs';
import { openInNode } from './harness.mjs';

const folders = readdirSync(at('tests', 'fixtures'), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name).sort();
const snapshots = (id) => readdirSync(at('tests', 'fixtures', id))
  .filter((name) => name.endsWith('.json') && name !== 'none.json')
  .map((name) => [name, JSON.parse(readFileSync(at('tests', 'fixtures', id, name), 'utf8')).snapshot]);

/** The snapshot with places left out. */
function* parts(snapshot) {
  const keys = Object.keys(snapshot);
  for (let left = 1; left < 2 ** keys.length; left += 1) {
    const kept = keys.filter((_, i) => left & 2 ** i);
    if (keys.length <= 6 || kept.length <= 2 || kept.length >= keys.length - 2) yield Object.fromEntries(kept.map((key) => [key, snapshot[key]]));
  }
}

const adapters = new Map(JSON.parse(readFileSync(at('pkg', 'adapters.json'), 'utf8')).map((adapter) => [adapter.id, adapter]));

/** What is heard, is heard of a function of the page's, which a fixture need not name. */
const withSpeaker = (id, page) => {
  const [, , , places] = adapters.get(id).text.split('\u0002');
  const [, listens] = JSON.parse(`[${places}]`);
  const speakers = listens.filter(([verb, , , name]) => verb === 'c' && `heard:${name}` in page).map(([, path]) => [`global:${path}`, { $function: true }]);
  return { ...Object.fromEntries(speakers), ...page };
};

let there;
before(async () => { there = await openInNode(); });

/** Runs beside the core: of these pages, those that the adapter reads something of, and whether its part is asked for. */
const read = ([id, part, pages]) => {
  const { bridge } = connect(id);
  const program = JSON.parse(core.program(bridge));
  const seen = [];
  for (const page of pages) {
    lay(page);
    const [, line] = core.explain(bridge, look(program, __heard)).split('\n');
    if (!line) continue;
    seen.push({ page, noticed: noticing(cookies, (place, jar) => find(place, jar, __heard)).noticed().includes(part) });
  }
  return seen;
};

describe('whatever an adapter reads anything of is noticed', { concurrency: 1 }, () => {
  for (const id of folders)
    test(id, async () => {
      let some = 0;
      for (const [name, snapshot] of snapshots(id)) {
        const seen = await there.page.evaluate(read, [id, partOf(id), [snapshot, ...parts(snapshot)].map((page) => withSpeaker(id, page))]);
        some += seen.length;
        assert.deepEqual(seen.filter(({ noticed }) => !noticed).map(({ page }) => page), [], name);
      }
      assert.ok(some > 0, 'no fixture is read at all');
    });
});

test('nothing is noticed on a page without a consent manager', async () => {
  assert.deepEqual(await there.page.evaluate((bare) => {
    lay(bare);
    return noticing(cookies, (place, jar) => find(place, jar, __heard)).noticed();
  }, { 'global:dataLayer': [{ event: 'gtm.js' }], 'global:navigator.doNotTrack': '1', 'cookie:_ga': 'GA1.1.1.1', 'local:theme': 'dark' }), []);
});

test('a payload that an adapter needs is listened to from the start', () => {
  const heard = noticing().events.map(([, event, , name]) => [event, name]);
  assert.deepEqual(heard, [['UC_CONSENT', 'usercentrics'], ['shopifyCustomerPrivacyApiLoaded', 'shopify']]);
});
