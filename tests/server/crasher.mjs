// A program that writes to a ledger until it is killed, for sigkill.mjs: `node crasher.mjs <kind>
// <url> <tag> <own people> <shared people>`. Of each answer it says that it has begun, and how it
// ended: `begun <person> <tag> <yes|no>`, then `done …` or `failed …`.

import { consentLedger } from '../../dist/server.js';
import { no, yes } from './answers.mjs';
import { openStore } from './stores.mjs';

const [kind, url, tag, own, shared] = process.argv.slice(2);
const say = (line) => process.stdout.write(`${line}\n`);
let store;
while (!store) {
  try {
    ({ store } = await openStore(kind, url));
  } catch {
    await new Promise((done) => setTimeout(done, 50));
  }
}
const ledger = consentLedger({ store, timeout: 3000 });
const last = {};
for (let n = 0; ; n++) {
  const people = n % 3 ? own : shared;
  const person = `${n % 3 ? tag.replace(/-.*/, '') : 'shared'}-${Math.floor(Math.random() * Number(people))}`;
  const answer = (last[person] = last[person] === 'no' ? 'yes' : 'no');
  const line = `${person} ${tag}-${n} ${answer}`;
  say(`begun ${line}`);
  try {
    await ledger.record(person, { ...(answer === 'yes' ? yes : no)(Date.now()), cmp: `${tag}-${n}` });
    say(`done ${line}`);
  } catch {
    say(`failed ${line}`);
    await new Promise((done) => setTimeout(done, 20));
  }
  // Of one millisecond the strictest counts.
  await new Promise((done) => setTimeout(done, 1));
}
