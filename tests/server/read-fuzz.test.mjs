// A little of read-fuzz.mjs with each run, always the same; `npm run fuzz` takes longer.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzz } from './read-fuzz.mjs';

for (const seed of [1, 2, 3]) {
  test(`changed cookies are read as in a page, seed ${seed}`, async () => {
    const { count, modes } = await fuzz({ seed, until: (done) => done >= 4000 });
    assert.ok(count >= 4000);
    // Neither everything shut nor everything open: something is told apart.
    for (const mode of ['on', 'off', 'cookieless']) assert.ok(modes[mode] > 10, JSON.stringify(modes));
  });
}
