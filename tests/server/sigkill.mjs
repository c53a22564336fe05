// Kills writers and servers with SIGKILL in the middle, hundreds of times, under four writers, and
// counts what was acknowledged and is not there. `npm run test:sigkill` runs it at length, on each
// store with the settings that the documents name; ledger-crash.test.mjs runs a little of it.
//
//   node tests/server/sigkill.mjs [kills on each store, 300 if nothing is said] [stores]

import { spawn } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { consentLedger } from '../../dist/server.js';
import { no } from './answers.mjs';
import { SHARED, startStore } from './stores.mjs';

const WRITERS = 4;
const OWN = 5;
const TOGETHER = 5;
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** Lines that a writer has said whole; what was cut off by its death was not said. */
function writer(kind, url, tag, heard) {
  const child = spawn(process.execPath, [fileURLToPath(new URL('crasher.mjs', import.meta.url)), kind, url, tag, String(OWN), String(TOGETHER)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let rest = '';
  child.stdout.on('data', (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    heard.push(...lines);
  });
  return { child, ended: new Promise((done) => { child.on('close', (code, signal) => done(signal === 'SIGKILL' ? null : code)); }) };
}

/** What is not as it was acknowledged: nothing, where everything holds. */
export async function trial(kind, { kills, random = Math.random }) {
  const server = await startStore(kind);
  const heard = [];
  const writers = [];
  let generation = 0;
  const wrong = [];
  const begin = (n) => {
    writers[n] = writer(kind, server.url, `w${n}-${(generation += 1)}`, heard);
    writers[n].ended.then((code) => code !== null && wrong.push(`${kind}: a writer ended by itself with code ${code}, and nobody had killed it`));
  };
  let [ofWriters, ofServers] = [0, 0];
  try {
    for (let n = 0; n < WRITERS; n++) begin(n);
    while (!heard.some((line) => line.startsWith('done'))) await pause(20);
    for (let n = 0; n < kills; n++) {
      await pause(20 + random() * 150);
      // SQLite has no server: it is what its writers are.
      if (server.kill && random() < 0.4) {
        await server.kill();
        await server.again();
        ofServers += 1;
      } else {
        const one = Math.floor(random() * WRITERS);
        writers[one].child.kill('SIGKILL');
        await writers[one].ended;
        begin(one);
        ofWriters += 1;
      }
    }
    // On a busy machine much is killed before it has said anything.
    for (const end = Date.now() + 30_000; heard.filter((line) => line.startsWith('done')).length < 25 && Date.now() < end;) await pause(50);
    for (const { child } of writers) child.kill('SIGKILL');
    await Promise.all(writers.map(({ ended }) => ended));
    if (server.kill) {
      await server.kill();
      await server.again();
    }

    const ledger = consentLedger({ store: await server.open(), timeout: 10_000 });
    const said = heard.map((line) => { const [how, person, tag, answer] = line.split(' '); return { how, person, tag, answer }; });
    const people = [...new Set(said.map(({ person }) => person))];
    let acknowledged = 0;
    for (const person of people) {
      const mine = said.filter((one) => one.person === person);
      const kept = new Set((await ledger.history(person)).map(({ cmp }) => cmp));
      for (const { how, tag } of mine) {
        if (how === 'done') acknowledged += 1;
        if (how === 'done' && !kept.has(tag)) wrong.push(`${kind}: ${person}'s answer ${tag} was acknowledged and is lost`);
      }
      if (person.startsWith('shared')) continue;
      // One writer at a time: what was acknowledged last holds, or what was begun since and may have arrived.
      const end = mine.findLastIndex(({ how }) => how === 'done');
      const after = mine.slice(end + 1).filter(({ how, tag }) => how === 'begun' && !mine.some((one) => one.how === 'done' && one.tag === tag));
      const may = new Set([mine[end], ...after].filter(Boolean).map(({ answer }) => (answer === 'yes' ? 'on' : 'off')));
      const { mode, code } = await ledger.allowed(person);
      if (end >= 0 && !may.has(mode)) wrong.push(`${kind}: ${person} is ${mode} (${code}), and was told ${[...may]}`);
    }
    // A withdrawal each, and the server is killed as soon as it is acknowledged.
    for (const person of people.slice(0, Math.min(5, kills / 2))) {
      await ledger.record(person, no(Date.now() + 1));
      if (server.kill) {
        await server.kill();
        await server.again();
        ofServers += 1;
      }
      const { mode } = await consentLedger({ store: await server.open(), timeout: 10_000 }).allowed(person);
      if (mode !== 'off') wrong.push(`${kind}: ${person} withdrew, and is ${mode}`);
    }
    return { wrong, acknowledged, ofWriters, ofServers };
  } finally {
    for (const { child } of writers) child.kill('SIGKILL');
    await server.stop();
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const kills = Number(process.argv[2] ?? 300);
  let failed = false;
  for (const kind of process.argv.length > 3 ? process.argv.slice(3) : SHARED) {
    const { wrong, acknowledged, ofWriters, ofServers } = await trial(kind, { kills });
    console.log(`${kind}: ${ofWriters} writers and ${ofServers} servers killed under ${WRITERS} writers; ${acknowledged} answers acknowledged, ${wrong.length} of them lost or not honoured`);
    for (const line of wrong.slice(0, 20)) console.log(`  ${line}`);
    failed ||= wrong.length > 0;
  }
  process.exit(failed ? 1 : 0);
}
