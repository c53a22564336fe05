// A program that erases, for the tests that kill it: node eraser.mjs <host> <database> <how many>

import { erase } from '../../dist/server.js';
import { openStore } from './stores.mjs';

const [host, path, count] = process.argv.slice(2);
const job = await erase({
  projectToken: 'project-token-1911', oauthToken: process.env.OAUTH, host, store: (await openStore('sqlite', path)).store, batch: 2, pollEvery: 20,
  distinctIds: Array.from({ length: Number(count) }, (_, n) => `user-${n}`),
  sleep: () => new Promise((done) => setTimeout(done, 5)),
  onProgress: ({ batches }) => process.stdout.write(`${batches.map(({ status }) => status).join()}\n`),
});
process.stdout.write(`${job.state}\n`);
process.exit(0);
