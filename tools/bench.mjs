// Speed of what dist/ holds, beside what others publish and beside what people write by hand: in the
// browser that the tests use, and on a server. Printed, and written into docs/weight.md between
// <!-- bench --> and <!-- /bench -->; never asserted, for a shared machine's times are no test. Run
// it when nothing else runs.
//
//   node tools/bench.mjs             npm run bench: all of it, some five minutes
//   node tools/bench.mjs --quick     three visits of each, and nothing is written
//   node tools/bench.mjs --server    the server's part alone, and the ledgers against real databases
//
// What is measured is in tools/bench: the subjects (a page of each), the visits, the tables.

import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { benchLedger } from './bench-ledger.mjs';
import { packages } from './bench/pages.mjs';
import { measureBrowser } from './bench/measure.mjs';
import { browserTables, serverTable } from './bench/report.mjs';
import { build } from './build.mjs';
import { benchServers } from './bench-servers.mjs';
import { coldStart, measureServer } from './bench-server.mjs';
import { Failure, at, main, started } from './lib.mjs';

const ROUNDS = 7;

/** Writes between the markers of the page that has the weights. */
function keep(text) {
  const path = at('docs', 'weight.md');
  const [before, rest] = readFileSync(path, 'utf8').split('<!-- bench -->');
  const after = rest?.split('<!-- /bench -->')[1];
  if (after === undefined) throw new Failure('docs/weight.md has no <!-- bench --> and <!-- /bench -->: put them where the measurements are to stand.');
  writeFileSync(path, `${before}<!-- bench -->\n${text}\n<!-- /bench -->${after}`);
  console.log('\ndocs/weight.md has these measurements');
}

if (started(import.meta)) {
  await main(async () => {
    const [option] = process.argv.slice(2);
    await build();
    const told = (what) => console.log(`measuring: ${what} …`);
    const load = loadavg()[0];
    if (load > 1) console.log(`The machine has other things to do (load ${load.toFixed(1)}): times will be longer than they are, and ratios less certain.`);
    told('the server’s part');
    const server = serverTable({ cases: await measureServer(), cold: await coldStart() });
    if (option === '--server') {
      console.log(server);
      await benchLedger();
      await benchServers();
      // Drivers keep their connections a little longer.
      process.exit(0);
    }
    await packages();
    const rounds = option === '--quick' ? 3 : ROUNDS;
    const measured = await measureBrowser({ rounds, told });
    const date = new Date().toISOString().slice(0, 10);
    const about = `${date}, ${cpus().length} processors (${cpus()[0].model.trim()}), load ${load.toFixed(1)} at the start`;
    const text = `${browserTables(measured, { rounds, about })}\n\n${server}`;
    console.log(`\n${text}`);
    if (option !== '--quick') keep(text);
  });
}
