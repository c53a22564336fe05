// Speed of what a server asks before it sends: checks of the ledger a second on each store, beside a
// bare query of the same engine and beside themselves with a long history; the guarded Node SDK beside
// the bare one; and what waiting calls take. Printed, never asserted; what is told is ratios of one
// run. The stores are the tests' (tests/server/stores.mjs): real servers of this machine, so no
// network is in the figures.

import { at } from './lib.mjs';
import { stores } from './setup.mjs';

/** How long one turn lasts, and how many turns each side has. The two sides of a ratio take short turns one
 * after the other, and the ratio is the median over pairs of turns: what else the machine does then slows
 * both sides of most pairs alike. */
const TURN_MS = 40;
const TURNS = 41;
/** Asked at once, as a busy server does. */
const AT_ONCE = 16;
const ENTRIES = 10_000;

const all = (answer) => ({ tracking: answer, replay: answer, profile: answer, flags: answer });
const yes = (when) => ({ event: 'given', at: when, cmp: 'klaro', consent: all('granted') });
const no = (when) => ({ event: 'withdrawn', at: when, cmp: 'klaro', consent: all('denied') });

/** Rounds a second of `work`, `width` of them under way at once, for so long. */
async function rate(work, width = 1, ms = TURN_MS * TURNS) {
  const from = performance.now();
  let count = 0;
  await Promise.all(Array.from({ length: width }, async () => {
    while (performance.now() - from < ms) {
      await work(count);
      count += 1;
    }
  }));
  return count / ((performance.now() - from) / 1000);
}

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
/** How many times as often as `beside` the first is done, and how often each. */
async function compare(work, beside, width) {
  for (let n = 0; n < 200; n++) {
    await work(n);
    await beside(n);
  }
  const turns = [];
  for (let n = 0; n < TURNS; n++) {
    // Whoever comes second finds warmer caches: the sides take turns in that as well.
    const [first, second] = n % 2 ? [beside, work] : [work, beside];
    const [one, other] = [await rate(first, width, TURN_MS), await rate(second, width, TURN_MS)];
    turns.push(n % 2 ? [other, one] : [one, other]);
  }
  return [median(turns.map(([a, b]) => a / b)), median(turns.map(([a]) => a)), median(turns.map(([, b]) => b))];
}

const figure = (value) => Math.round(value).toLocaleString('en').padStart(11);
const ratio = (value) => value.toFixed(2).padStart(11);

/** As little as this engine can be asked: one row by its key. */
const BARE = {
  memory: async () => null,
  async sqlite({ url }) {
    const { default: Database } = await import('libsql');
    const database = new Database(url);
    const one = database.prepare('SELECT present FROM consent_ids WHERE id = ?');
    return async (n) => one.get(`user-${n % 100}`);
  },
  redis: async (_, { client }) => (n) => client.sendCommand(['HGET', `mixpanel-consent:user-${n % 100}`, 'present']),
  ioredis: async (_, { client }) => (n) => client.call('HGET', `mixpanel-consent:user-${n % 100}`, 'present'),
  postgres: async (_, { client }) => (n) => client.query('SELECT present FROM consent_ids WHERE id = $1', [`user-${n % 100}`]),
};

export async function benchLedger() {
  await stores();
  const { consentLedger, guard, memory } = await import(at('dist', 'server.js'));
  const { KINDS, startStore } = await import(at('tests', 'server', 'stores.mjs'));
  const { default: Mixpanel } = await import('mixpanel');

  console.log(`\nthe ledger: checks a second, one after another; beside a bare query of the engine (at least 0.5); ${AT_ONCE} at once, likewise;`);
  console.log(`a person of many changes of mind (in memory ${ENTRIES.toLocaleString('en')}) beside one of a single answer (time, at most 1.2), now and in the past; entries a second`);
  console.log(`${''.padEnd(14)}${['checks', 'of bare', 'at once', 'of bare', 'long', 'long, then', 'entries'].map((word) => word.padStart(11)).join('')}`);
  for (const kind of KINDS) {
    const server = await startStore(kind);
    try {
      const driver = await server.driver();
      const clock = { now: Date.now() - 1e8 };
      const ledger = consentLedger({ store: driver.store, now: () => clock.now, timeout: 60_000 });
      for (let n = 0; n < 100; n++) await ledger.record(`user-${n}`, yes(clock.now));
      await ledger.record('short', yes(clock.now));
      // A store with a disk takes long for ten thousand, and keeps no more than the newest thousand of a person.
      const changes = kind === 'memory' ? ENTRIES : 1100;
      for (let n = 0; n < changes; n++) {
        clock.now += 1;
        await ledger.record('long', (n % 2 ? yes : no)(clock.now));
      }
      const check = (n) => ledger.allowed(`user-${n % 100}`);
      const bare = await BARE[kind](server, driver);
      const [one, single] = bare ? await compare(check, bare, 1) : [NaN, await rate(check)];
      const [wide, many] = bare ? await compare(check, bare, AT_ONCE) : [NaN, await rate(check, AT_ONCE)];
      const [long] = await compare(() => ledger.allowed('short'), () => ledger.allowed('long'), 1);
      const past = clock.now - 400;
      const [then] = await compare(() => ledger.allowed('short', past), () => ledger.allowed('long', past), 1);
      const added = await rate((n) => ledger.record(`new-${n}-${Math.random()}`, yes(clock.now)));
      console.log(`  ${kind.padEnd(12)}${figure(single)}${bare ? ratio(one) : '–'.padStart(11)}${figure(many)}${bare ? ratio(wide) : '–'.padStart(11)}${ratio(long)}${ratio(then)}${figure(added)}`);
    } finally {
      await server.stop();
    }
  }

  // The SDK up to where it would open a connection: what the guard adds, and no network.
  const client = () => {
    const made = Mixpanel.init('0123456789abcdef0123456789abcdef');
    made.send_request = ({ data }, callback) => { JSON.stringify(data); callback(); };
    return made;
  };
  const ledger = consentLedger({ store: memory() });
  await ledger.record('ann', yes(1000));
  const track = (mp) => () => new Promise((done) => { mp.track('Invoice paid', { distinct_id: 'ann', price: 9.9, plan: 'pro', country: 'DE', items: 3 }, done); });
  const [times, guarded, bare] = await compare(track(guard(client(), { ledger })), track(client()), 1);
  console.log(`\ntrack() up to the socket, a second: bare${figure(bare)}, guarded with the ledger in memory${figure(guarded)} (${(1 / times).toFixed(1)} times as long, ${(1e6 / guarded - 1e6 / bare).toFixed(0)} µs more a call)`);

  const slow = { allowed: () => new Promise((done) => { setTimeout(() => done({ modes: { tracking: 'on', profile: 'on', replay: 'on', flags: 'on' } }), 500); }) };
  const mp = guard(client(), { ledger: slow });
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  for (let n = 0; n < 5000; n++) mp.track('Invoice paid', { distinct_id: `user-${n % 100}`, price: 9.9, plan: 'pro', country: 'DE', items: n, a: 1, b: 2, c: 'three', d: 4, e: 5 });
  const waiting = process.memoryUsage().heapUsed - before;
  await mp.flush();
  console.log(`5,000 calls of ten properties that wait for a store of 500 ms: ${(waiting / 1e6).toFixed(1)} MB`);
}
