// The promises of tests/browser in another engine, with the tag above and below what pages have,
// the policies and frames: the same text, in one process, so that one browser serves them all. Which of them is chosen by name (chosen.mjs), or all with
// `npm run test:engines -- --all`.
//
//   ENGINE=firefox node --test --test-name-pattern='klaro, deferred' tests/engines/promises.test.mjs

import { readdirSync } from 'node:fs';

const folder = new URL('../browser/', import.meta.url);
for (const name of readdirSync(folder).filter((name) => /^(promise-\d+.*|tag-.*|csp|frames)\.test\.mjs$/.test(name)).sort()) await import(new URL(name, folder));
