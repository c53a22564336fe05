// A program that writes to a ledger, for the tests that need a second one or one that dies.
//   node writer.mjs many <kind> <url> <person> <count> <tag>   records, one after another
//   node writer.mjs die <kind> <url> <person> <step>  is killed while it writes a withdrawal
// It says `ready`, begins when it is told `go`, and says each thing that is recorded.

import { once } from 'node:events';
import { consentLedger } from '../../dist/server.js';
import { keyv } from './stores.mjs';
import { no, yes } from './answers.mjs';

const [mode, kind, url, person, ...rest] = process.argv.slice(2);
const store = await keyv(kind, url);
const say = (line) => process.stdout.write(`${line}\n`);

if (mode === 'many') {
  const [count, tag] = rest;
  const ledger = consentLedger({ store });
  await ledger.allowed(person);
  say('ready');
  await once(process.stdin, 'data');
  for (let n = 0; n < Number(count); n++) {
    say(`begun ${tag}${n}`);
    await ledger.record(person, { ...(n % 2 ? no : yes)(Date.now()), cmp: `${tag}${n}` });
    say(`done ${tag}${n}`);
  }
  process.exit(0);
}

if (mode === 'die') {
  const [step] = rest;
  let writes = 0;
  const dying = {
    get: (key) => store.get(key),
    getMany: (keys) => store.getMany(keys),
    async set(key, value, ttl) {
      if (writes++ >= Number(step)) process.kill(process.pid, 'SIGKILL');
      return store.set(key, value, ttl);
    },
    async delete(key) {
      if (writes++ >= Number(step)) process.kill(process.pid, 'SIGKILL');
      return store.delete(key);
    },
  };
  const ledger = consentLedger({ store: dying, retention: 30 * 86_400_000 });
  await ledger.record(person, no(Date.now()));
  say('survived');
  process.exit(0);
}
