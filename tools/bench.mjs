// Speed of what dist/ holds, in the browser that the tests use: how long the page waits for
// the gate, how soon the core is there, and what the bridge itself adds between a consent
// manager's event and Mixpanel's last call. Printed, never asserted: a shared machine's
// times are no test. Weights are printed as well, from sizes.mjs, and the server part's speed,
// from bench-server.mjs.
//
// The consent manager is OneTrust's public surface in ten lines (developer.onetrust.com,
// "JavaScript events guide"), Mixpanel an object that notes when it was called: neither
// product runs, so that what is measured is the bridge alone.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { benchLedger } from './bench-ledger.mjs';
import { build } from './build.mjs';
import { benchServers } from './bench-servers.mjs';
import { benchServer } from './bench-server.mjs';
import { at, main, started } from './lib.mjs';
import { chromium } from './setup.mjs';
import { printSizes } from './sizes.mjs';

const ROUNDS = 11;

/**
 * @param {string} options of connect(), as JavaScript
 * @param {number} idle milliseconds after which it is called: at once, a page and its process are
 *   still starting, and any module takes several times as long as it does a moment later
 */
const page = (options, idle) => `<!doctype html><meta charset="utf-8"><title>bench</title><script type="module">
  import { connect } from '/index.js';
  const times = {};
  window.OnetrustActiveGroups = ',C0001,';
  let closed = false;
  window.OneTrust = { IsAlertBoxClosed: () => closed, GetDomainData: () => ({ ConsentModel: { Name: 'opt-in' } }) };
  const nothing = () => {};
  const people = new Proxy({}, { get: () => nothing });
  const sdk = {
    people,
    init() { sdk.__loaded = true; times.init = performance.now(); },
    track(name, properties, options, callback) {
      // The bridge asks by such a call whether its lock holds.
      if (typeof callback === 'function') return callback(0);
      if (name === 'Bench') times.track = performance.now();
    },
    get_config: () => undefined,
    config: {},
  };
  for (const name of ['set_config', 'opt_in_tracking', 'opt_out_tracking', 'start_batch_senders', 'stop_batch_senders',
    'reset', 'clear_opt_in_out_tracking', 'track_pageview', 'start_session_recording', 'stop_session_recording']) sdk[name] = nothing;

  await new Promise((done) => setTimeout(done, ${idle}));
  const from = performance.now();
  const bridge = connect({ token: 'T', cmp: 'onetrust', mixpanel: sdk, ${options} });
  times.gate = performance.now() - from;
  bridge.mixpanel.track('Bench');
  const stop = bridge.subscribe(({ code }) => {
    if (code === 'starting' || times.core !== undefined) return;
    times.core = performance.now() - from;
    // Not in the same task: the consent manager's event comes when it comes.
    setTimeout(() => {
      closed = true;
      window.OnetrustActiveGroups = ',C0001,C0002,';
      const event = performance.now();
      window.dispatchEvent(new CustomEvent('OneTrustGroupsUpdated', { detail: ['C0001', 'C0002'] }));
      setTimeout(async () => {
        times.event = times.track - event;
        // A visitor of many minds: what code that has run before takes.
        const again = [];
        for (let round = 0; round < ${options ? 12 : 0}; round += 1) {
          window.OnetrustActiveGroups = round % 2 ? ',C0001,C0002,' : ',C0001,';
          const event = performance.now();
          window.dispatchEvent(new CustomEvent('OneTrustGroupsUpdated', { detail: ['C0001', 'C0002'] }));
          again.push(performance.now() - event);
          await new Promise((done) => setTimeout(done, 400));
        }
        times.again = again.sort((a, b) => a - b)[6];
        stop?.();
        window.times = times;
      }, 200);
    }, ${options ? 400 : 20});
  });
</script>`;

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

async function measure(options, idle = 0) {
  const server = createServer(async (request, response) => {
    const headers = {
      'cache-control': 'max-age=600',
      // With these the clock has steps of 5 microseconds instead of 100.
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
    };
    if (request.url === '/') return response.writeHead(200, { ...headers, 'content-type': 'text/html; charset=utf-8' }).end(page(options, idle));
    const name = /^\/(index|core|drive)\.js$/.exec(request.url)?.[0];
    if (!name) return response.writeHead(404).end();
    response.writeHead(200, { ...headers, 'content-type': 'text/javascript; charset=utf-8' }).end(await readFile(at(`dist${name}`)));
  });
  await new Promise((done) => { server.listen(0, '127.0.0.1', done); });
  const { chromium: engine } = await import('playwright-core');
  const browser = await engine.launch({
    executablePath: await chromium(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  try {
    const context = await browser.newContext();
    const rounds = [];
    // The first one fills the cache and is not counted.
    for (let round = 0; round <= ROUNDS; round += 1) {
      const tab = await context.newPage();
      await tab.goto(`http://127.0.0.1:${server.address().port}/`);
      await tab.waitForFunction(() => window.times, null, { timeout: 15_000 });
      if (round) rounds.push(await tab.evaluate(() => window.times));
      // Each round is a visitor who has not answered.
      await tab.evaluate(() => localStorage.clear());
      await tab.close();
    }
    return Object.fromEntries(['gate', 'core', 'event', 'again'].map((key) => [key, median(rounds.map((times) => times[key]))]));
  } finally {
    await browser.close();
    server.closeAllConnections();
    server.close();
  }
}

if (started(import.meta)) {
  await main(async () => {
    await build();
    await printSizes({ relaxed: true });
    const times = await measure('');
    const calm = await measure('', 700);
    const there = await measure("start: 'opted-out'", 700);
    const ms = (value) => `${value.toFixed(2)} ms`.padStart(10);
    console.log(`\ntimes, median of ${ROUNDS} pages in Chromium, everything in the cache`);
    console.log(`  connect() returns                                     ${ms(calm.gate)}`);
    console.log(`  connect() to the first state of the core              ${ms(calm.core)}   20 allowed, 5 aimed at`);
    console.log(`  the same while the page is still starting             ${ms(times.core)}`);
    console.log(`  consent event to the last of Mixpanel's calls         ${ms(there.again)}   0.5 allowed, 0.1 aimed at: the SDK is there`);
    console.log(`  the first such event, to the held call                ${ms(there.event)}`);
    console.log(`  the same where the SDK starts then                    ${ms(calm.event)}   with drive.js, what an earlier visit left, and the other tabs waited for`);
    await benchServer();
    await benchLedger();
    await benchServers();
    // Drivers keep their connections a little longer.
    process.exit(0);
  });
}
