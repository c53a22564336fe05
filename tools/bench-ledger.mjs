// Speed of what a server asks before it sends: checks of the ledger a second on each store, and
// the guarded Node SDK beside the bare one. Printed, never asserted. The stores are the tests'
// (tests/server/stores.mjs): real servers of this machine, so no network is in the figures.

import { at } from './lib.mjs';
import { stores } from './setup.mjs';

const LONG_MS = 1500;
/** Asked at once, as a busy server does. */
const AT_ONCE = 16;

const yes = (when) => ({ event: 'given', at: when, cmp: 'klaro', consent: { tracking: 'granted', replay: 'granted', profile: 'granted', flags: 'granted' } });

/** Rounds a second of `work`, `width` of them under way at once. */
async function rate(work, width = 1) {
  for (let n = 0; n < 50; n++) await work(n);
  const from = performance.now();
  let count = 0;
  await Promise.all(Array.from({ length: width }, async () => {
    while (performance.now() - from < LONG_MS) {
      await work(count);
      count += 1;
    }
  }));
  return count / ((performance.now() - from) / 1000);
}

const figure = (value) => Math.round(value).toLocaleString('en').padStart(11);

export async function benchLedger() {
  await stores();
  const { consentLedger, guard } = await import(at('dist', 'server.js'));
  const { KINDS, startStore } = await import(at('tests', 'server', 'stores.mjs'));
  const { default: Mixpanel } = await import('mixpanel');

  console.log(`\nthe ledger, a second (a history of two answers; ${AT_ONCE} at once in the second column)`);
  console.log(`${''.padEnd(34)}${'checks'.padStart(11)}${'at once'.padStart(11)}${'entries'.padStart(11)}`);
  for (const kind of ['Map', ...KINDS]) {
    const store = kind === 'Map' ? { open: async () => new Map(), stop: async () => {} } : await startStore(kind);
    try {
      const ledger = consentLedger({ store: await store.open() });
      const now = Date.now();
      for (let n = 0; n < 100; n++) {
        await ledger.record(`user-${n}`, yes(now - 2000));
        await ledger.record(`user-${n}`, yes(now - 1000));
      }
      const check = (n) => ledger.allowed(`user-${n % 100}`);
      const [one, many] = [await rate(check), await rate(check, AT_ONCE)];
      const added = await rate((n) => ledger.record(`new-${kind}-${n}-${Math.random()}`, yes(now)));
      console.log(`  ${({ Map: 'a Map (the default)', memory: 'Keyv in memory', sqlite: 'SQLite', redis: 'Redis', postgres: 'PostgreSQL' })[kind].padEnd(32)}${figure(one)}${figure(many)}${figure(added)}`);
    } finally {
      await store.stop();
    }
  }

  // The SDK up to where it would open a connection: what the guard adds, and no network.
  const client = () => {
    const made = Mixpanel.init('0123456789abcdef0123456789abcdef');
    made.send_request = ({ data }, callback) => { JSON.stringify(data); callback(); };
    return made;
  };
  const ledger = consentLedger();
  await ledger.record('user-42', yes(Date.now()));
  const act = (mp) => () => new Promise((done) => { mp.track('Paid', { distinct_id: 'user-42', total: 42, currency: 'EUR' }, done); });
  console.log('\ntrack() of the Node SDK until its request would be made, a second');
  const [bare, guarded] = [await rate(act(client())), await rate(act(guard(client(), { ledger })))];
  console.log(`  bare${figure(bare).padStart(39)}\n  guarded, the ledger in a Map${figure(guarded).padStart(15)}   ${(1e6 / guarded - 1e6 / bare).toFixed(0)} µs more a call`);
}
