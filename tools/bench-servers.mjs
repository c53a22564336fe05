// Checks of the ledger a second from four programs at once on one store: what docs/server/many-servers.md
// works out for many. Printed, never asserted. Each program is this file again, as `child`.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { at, started } from './lib.mjs';

const PROGRAMS = 4;
const AT_ONCE = 16;
const LONG_MS = 3000;
const PEOPLE = 1000;

const yes = { event: 'given', at: 1000, cmp: 'klaro', consent: { tracking: 'granted', replay: 'granted', profile: 'granted', flags: 'granted' } };

async function child(kind, url, staleness) {
  const { consentLedger } = await import(at('dist', 'server.js'));
  const { openStore } = await import(at('tests', 'server', 'stores.mjs'));
  const { store } = await openStore(kind, url);
  const ledger = consentLedger({ store, staleness: Number(staleness) });
  const check = (n) => ledger.allowed(`user-${n % PEOPLE}`);
  for (let n = 0; n < 200; n++) await check(n);
  process.stdout.write('ready\n');
  await once(process.stdin, 'data');
  const from = performance.now();
  const times = [];
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (performance.now() - from < LONG_MS) {
      const begun = performance.now();
      await check(times.length);
      times.push(performance.now() - begun);
    }
  }));
  times.sort((a, b) => a - b);
  process.stdout.write(`${JSON.stringify({ rate: times.length / (LONG_MS / 1000), median: times[times.length >> 1], late: times[Math.floor(times.length * 0.99)] })}\n`);
  process.exit(0);
}

/** Programs that check at once, `count` of them. */
async function together(kind, url, count, staleness = 0) {
  const children = Array.from({ length: count }, () => spawn(process.execPath, [fileURLToPath(import.meta.url), 'child', kind, url, String(staleness)], { stdio: ['pipe', 'pipe', 'inherit'] }));
  const said = children.map(() => '');
  const ready = children.map((one, n) => new Promise((done) => { one.stdout.on('data', (chunk) => { said[n] += chunk; if (said[n].includes('\n')) done(); }); }));
  await Promise.all(ready);
  const ended = children.map((one) => once(one, 'close'));
  for (const one of children) one.stdin.write('go\n');
  await Promise.all(ended);
  return said.map((text) => JSON.parse(text.trim().split('\n').at(-1)));
}

export async function benchServers() {
  const { consentLedger } = await import(at('dist', 'server.js'));
  const { startStore } = await import(at('tests', 'server', 'stores.mjs'));
  console.log(`\nchecks a second on one store, ${AT_ONCE} at once in each program: of one program, of ${PROGRAMS} together; milliseconds a check then, median and 99 of 100; with staleness: 1000`);
  for (const kind of ['redis', 'postgres']) {
    const server = await startStore(kind);
    try {
      const ledger = consentLedger({ store: await server.open() });
      for (let n = 0; n < PEOPLE; n++) await ledger.record(`user-${n}`, yes);
      const sum = (all) => Math.round(all.reduce((total, { rate }) => total + rate, 0)).toLocaleString('en').padStart(9);
      const [one, four, cached] = [await together(kind, server.url, 1), await together(kind, server.url, PROGRAMS), await together(kind, server.url, PROGRAMS, 1000)];
      console.log(`  ${kind.padEnd(10)}${sum(one)}${sum(four)}${four[0].median.toFixed(2).padStart(9)}${four[0].late.toFixed(2).padStart(9)}${sum(cached)}`);
    } finally {
      await server.stop();
    }
  }
}

if (started(import.meta)) {
  if (process.argv[2] === 'child') await child(...process.argv.slice(3));
  else await benchServers();
}
