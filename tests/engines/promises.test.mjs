// The promises of tests/browser, the tag, the policies, the faults, the frames and time in another engine: the
// same text, in one process, so that one browser serves those that are chosen by name (chosen.mjs).
// All of them are run a file at a time: `npm run test:engines -- --all`.
//
//   ENGINE=firefox node --test --test-name-pattern='klaro, deferred' tests/engines/promises.test.mjs

import { readdirSync } from 'node:fs';
import { FILES } from './chosen.mjs';

const folder = new URL('../browser/', import.meta.url);
for (const name of readdirSync(folder).filter((name) => FILES.test(name)).sort()) await import(new URL(name, folder));
