// A program that writes to a ledger, for the tests that need a second one or one that dies.
//   node writer.mjs <kind> <url> <person> <count> <tag>   records, one after another
// It says `ready`, begins when it is told `go`, and says each thing that is begun and recorded.

import { once } from 'node:events';
import { consentLedger } from '../../dist/server.js';
import { no, yes } from './answers.mjs';
import { openStore } from './stores.mjs';

const [kind, url, person, count, tag] = process.argv.slice(2);
const { store } = await openStore(kind, url);
const say = (line) => process.stdout.write(`${line}\n`);
const ledger = consentLedger({ store, timeout: 30_000 });
await ledger.allowed(person);
say('ready');
await once(process.stdin, 'data');
for (let n = 0; n < Number(count); n++) {
  say(`begun ${tag}${n}`);
  await ledger.record(person, { ...(n % 2 ? no : yes)(Date.now()), cmp: `${tag}${n}` });
  say(`done ${tag}${n}`);
}
process.exit(0);
