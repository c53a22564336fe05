// The ledger: what a person's history allowed at a time, kept in each store as a site has it,
// written by several programs at once, and by programs that die.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { consentLedger } from '../../dist/server.js';
import { expired, no, refused, state, yes } from './answers.mjs';
import { KINDS, SHARED, program, startStore } from './stores.mjs';

const DAY = 86_400_000;
const NOW = Date.parse('2026-11-01T12:00:00Z');
const stores = new Map();

before(async () => {
  for (const kind of KINDS) stores.set(kind, await startStore(kind));
});
after(async () => {
  for (const store of stores.values()) await store.stop();
});

const mode = async (ledger, id, at) => (await ledger.allowed(id, at)).mode;
const code = async (ledger, id, at) => (await ledger.allowed(id, at)).code;
/** A ledger whose clock is told. */
const timed = (options = {}) => {
  const clock = { now: NOW };
  return [consentLedger({ now: () => clock.now, ...options }), clock];
};

for (const kind of KINDS) {
  describe(`in ${kind}`, () => {
    const open = async (options) => consentLedger({ store: await stores.get(kind).open(), ...options });

    it('a person of whom nothing is known is not sent', async () => {
      assert.deepEqual(await (await open()).allowed('nobody').then(({ mode: is, code: why }) => [is, why]), ['off', 'nothing-recorded']);
    });

    it('a yes opens from its time on, a withdrawal closes from its own, and both stay to be asked', async () => {
      const ledger = await open();
      await ledger.record('ann', yes(NOW - 2000));
      await ledger.record('ann', no(NOW - 1000));
      assert.deepEqual([await mode(ledger, 'ann', NOW - 2001), await mode(ledger, 'ann', NOW - 2000), await mode(ledger, 'ann', NOW - 1001), await mode(ledger, 'ann', NOW - 1000)], ['off', 'on', 'on', 'off']);
      assert.deepEqual((await ledger.history('ann')).map(({ event, at }) => [event, at]), [['given', NOW - 2000], ['withdrawn', NOW - 1000]]);
    });

    it('another ledger on the same store knows it', async () => {
      const store = stores.get(kind);
      if (kind === 'memory') return;
      await consentLedger({ store: await store.open() }).record('bob', yes(NOW));
      assert.equal(await mode(consentLedger({ store: await store.open() }), 'bob'), 'on');
    });

    it('a device that becomes a person brings what was said on it', async () => {
      const ledger = await open();
      await ledger.record('$device:1', yes(NOW));
      assert.equal(await mode(ledger, 'cem'), 'off');
      await ledger.merge('$device:1', 'cem');
      assert.equal(await mode(ledger, 'cem'), 'on');
      await ledger.record('cem', no(NOW + 1));
      assert.equal(await mode(ledger, '$device:1'), 'off');
      assert.deepEqual((await ledger.ids('$device:1')).sort(), ['$device:1', 'cem']);
    });

    it('a person who is forgotten is unknown', async () => {
      const ledger = await open();
      await ledger.record('dee', yes(NOW));
      await ledger.record('dee', yes(NOW + 5));
      assert.equal(await ledger.forget('dee'), 2);
      assert.equal(await code(ledger, 'dee'), 'nothing-recorded');
      await ledger.record('dee', yes(NOW + 9));
      assert.equal(await mode(ledger, 'dee'), 'on');
    });

    it('ids of every kind have histories of their own', async () => {
      const ledger = await open();
      const ids = ['x', 'x:0', 'x:0:y', '%', '_', 'ä', 'a b', "'; DROP TABLE keyv; --", 'l'.repeat(512), `${'l'.repeat(511)}m`, '__proto__', '!', '\u0000', 42];
      for (const [n, id] of ids.entries()) await ledger.record(id, yes(NOW + n));
      for (const [n, id] of ids.entries()) assert.deepEqual((await ledger.history(id)).map(({ at }) => at), [NOW + n], String(id).slice(0, 30));
    });
  });
}

for (const kind of SHARED) {
  describe(`several programs, in ${kind}`, () => {
    it('two that write for one person at once lose nothing', async () => {
      const { url } = stores.get(kind);
      const person = 'two-writers';
      const writers = ['a', 'b'].map((tag) => program('writer.mjs', ['many', kind, url, person, '40', tag]));
      await Promise.all(writers.map((writer) => writer.line((line) => line === 'ready')));
      for (const { child } of writers) child.stdin.write('go\n');
      assert.deepEqual(await Promise.all(writers.map((writer) => writer.end())), [0, 0]);
      const ledger = consentLedger({ store: await stores.get(kind).open() });
      const found = (await ledger.history(person)).map(({ cmp }) => cmp).sort();
      const wanted = ['a', 'b'].flatMap((tag) => Array.from({ length: 40 }, (_, n) => `${tag}${n}`)).sort();
      assert.deepEqual(found, wanted);
      assert.ok((await ledger.history(person)).every((entry) => !entry.unfinished));
    });

    it('one that is killed while it writes leaves all that it had said was recorded', async () => {
      const { url } = stores.get(kind);
      const person = 'killed';
      const writer = program('writer.mjs', ['many', kind, url, person, '10000', 'k']);
      await writer.line((line) => line === 'ready');
      writer.child.stdin.write('go\n');
      await writer.line((line) => line === 'done k12');
      writer.child.kill('SIGKILL');
      await writer.end();
      const said = (word) => writer.lines().filter((line) => line.startsWith(word)).map((line) => line.split(' ')[1]);
      const ledger = consentLedger({ store: await stores.get(kind).open() });
      const found = (await ledger.history(person)).filter((entry) => !entry.unfinished).map(({ cmp }) => cmp);
      for (const one of said('done')) assert.ok(found.includes(one), `${one} was recorded, and is not there`);
      for (const one of found) assert.ok(said('begun').includes(one));
      await ledger.record(person, no(Date.now() + 1));
      assert.equal(await mode(ledger, person, Date.now() + 10), 'off');
      await ledger.record(person, yes(Date.now() + 2));
    });
  });
}

describe('a program that is killed between two writes', () => {
  for (const kind of SHARED) {
    it(`in ${kind}: a withdrawal that can be seen and was not written to its end closes`, async () => {
      const store = stores.get(kind);
      const ledger = consentLedger({ store: await store.open() });
      await ledger.record('died', yes(NOW));
      const dying = program('writer.mjs', ['die', kind, store.url, 'died', '2']);
      await dying.end();
      assert.deepEqual([dying.child.signalCode, dying.lines()], ['SIGKILL', []]);
      assert.equal(await mode(ledger, 'died', Date.now() + 1000), 'off');
      assert.deepEqual((await ledger.history('died')).map(({ event, unfinished }) => [event, unfinished]), [['given', undefined], ['withdrawn', true]]);
      await ledger.record('died', yes(Date.now()));
      assert.equal(await mode(ledger, 'died', Date.now() + 1000), 'on');
    });
  }

  // The same after every single write, of a program that stops there for ever.
  const map = new Map();
  const open = () => consentLedger({ store: map });
  async function die(person, act, step) {
    let writes = 0;
    const plain = { get: (key) => map.get(key)?.value, set: (key, value) => { map.set(key, { value, expires: Infinity }); return true; }, delete: (key) => map.delete(key) };
    const stops = (work) => (...args) => (writes++ >= step ? new Promise(() => {}) : work(...args));
    const ledger = consentLedger({ store: { get: plain.get, set: stops(plain.set), delete: stops(plain.delete) }, timeout: 20, retention: 30 * DAY });
    const work = {
      withdraw: () => ledger.record(person, no(Date.now())),
      give: () => ledger.record(person, yes(Date.now())),
      merge: () => ledger.merge(`$device:of-${person}`, person),
      forget: () => ledger.forget(person),
    };
    return work[act]().then(() => true, () => false);
  }

  for (const step of [0, 1, 2, 3]) {
    it(`a withdrawal, after ${step} writes: the yes stands while nothing can be seen of it, and is closed from the first trace on`, async () => {
      const person = `w${step}`;
      const ledger = open();
      await ledger.record(person, yes(NOW));
      const survived = await die(person, 'withdraw', step);
      assert.equal(survived, false);
      const later = open();
      const at = Date.now() + 1000;
      // 0: nothing written; 1: a mark that only writers look at; 2: it can be read.
      assert.equal(await mode(later, person, at), step < 2 ? 'on' : 'off');
      // What comes afterwards is recorded, and counts.
      await later.record(person, no(Date.now()));
      assert.equal(await mode(later, person, Date.now() + 1000), 'off');
      // Of one millisecond the strictest would count.
      await new Promise((done) => setTimeout(done, 3));
      await later.record(person, yes(Date.now()));
      assert.equal(await mode(later, person, Date.now() + 1000), 'on');
    });

    it(`a yes, after ${step} writes: it opens nothing until it is written to the end`, async () => {
      const person = `g${step}`;
      await open().record(person, no(NOW));
      assert.equal(await die(person, 'give', step), false);
      const later = open();
      assert.equal(await mode(later, person, Date.now() + 1000), step < 3 ? 'off' : 'on');
      await later.record(person, yes(Date.now()));
      assert.equal(await mode(later, person, Date.now() + 1000), 'on');
    });
  }

  for (const step of [0, 1, 2, 3, 4, 5]) {
    it(`a merge, after ${step} writes: the person is never less closed than before, and the next merge ends it`, async () => {
      const person = `m${step}`;
      const ledger = open();
      await ledger.record(`$device:of-${person}`, yes(NOW));
      await ledger.record(person, no(NOW + 1));
      await die(person, 'merge', step);
      const later = open();
      assert.equal(await mode(later, person, Date.now()), 'off');
      await later.merge(`$device:of-${person}`, person);
      assert.equal(await mode(later, `$device:of-${person}`, Date.now()), 'off');
      assert.deepEqual((await later.ids(person)).sort(), [`$device:of-${person}`, person].sort());
    });
  }

  for (const step of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]) {
    it(`forgetting, after ${step} writes: no earlier yes comes to light`, async () => {
      const person = `f${step}`;
      const ledger = open();
      await ledger.record(person, yes(NOW));
      await ledger.record(person, yes(NOW + 1));
      await ledger.record(person, no(NOW + 2));
      await die(person, 'forget', step);
      const later = open();
      assert.equal(await mode(later, person, Date.now()), 'off');
      await later.forget(person);
      assert.equal(await code(later, person), 'nothing-recorded');
      await later.record(person, yes(Date.now()));
      assert.equal(await mode(later, person, Date.now() + 1000), 'on');
    });
  }
});

describe('a store that goes away', () => {
  for (const kind of ['redis', 'postgres']) {
    it(`${kind} is killed: nothing is allowed while it is away, and all that was recorded is there when it is back`, async () => {
      const store = stores.get(kind);
      const ledger = consentLedger({ store: await store.open(), timeout: 1500 });
      await ledger.record('away', yes(NOW));
      assert.equal(await mode(ledger, 'away'), 'on');
      await store.kill();
      const from = Date.now();
      const shut = await ledger.allowed('away');
      assert.deepEqual([shut.mode, shut.code], ['off', 'ledger-unreachable']);
      assert.ok(Date.now() - from < 5000, 'it answers in bounded time');
      await assert.rejects(ledger.record('away', no(NOW + 1)), { code: 'ledger-unreachable' });
      await store.again();
      const back = consentLedger({ store: await store.open() });
      assert.equal(await mode(back, 'away', NOW), 'on');
    });
  }

  it('a store that answers "nothing" to everything is not believed', async () => {
    const ledger = consentLedger({ store: { get: async () => undefined, set: async () => true, delete: async () => true } });
    assert.equal(await code(ledger, 'x'), 'ledger-unreachable');
    await assert.rejects(ledger.record('x', yes(NOW)), { code: 'ledger-unreachable' });
  });

  it('a store that never answers is waited for as long as was said', async () => {
    const never = () => new Promise(() => {});
    const ledger = consentLedger({ store: { get: never, set: never, delete: never }, timeout: 50 });
    assert.equal(await code(ledger, 'x'), 'ledger-unreachable');
  });

  it('a store that forgets to write is noticed', async () => {
    const map = new Map();
    const store = { get: (key) => map.get(key), set: (key, value) => { if (!key.endsWith(':e')) map.set(key, value); return true; }, delete: () => true };
    await assert.rejects(consentLedger({ store }).record('x', yes(NOW)), { code: 'ledger-unreachable' });
  });
});

describe('a Keyv', () => {
  it('whose namespace is called like the ledger keeps as well as any other', async () => {
    const { default: Keyv } = await import('keyv');
    for (const namespace of ['mixpanel-consent', 'mixpanel-consent/', 'x', undefined]) {
      const map = new Map();
      // As those of Redis and PostgreSQL: what is asked together goes another way through Keyv.
      const store = { opts: {}, get: async (key) => map.get(key), getMany: async (keys) => keys.map((key) => map.get(key)), set: async (key, value) => { map.set(key, value); }, delete: async (key) => map.delete(key), clear: async () => map.clear() };
      const ledger = consentLedger({ store: new Keyv({ store, ...(namespace ? { namespace } : {}) }) });
      await ledger.record('a', yes(NOW));
      assert.equal(await mode(ledger, 'a'), 'on', namespace);
    }
  });
});

describe('what is news', () => {
  it('the same state with every request is kept once', async () => {
    const [ledger, clock] = timed();
    for (let n = 0; n < 5; n++) {
      clock.now = NOW + n * 1000;
      const { recorded } = await ledger.record('a', state('granted', clock.now), { device: '$device:1' });
      assert.equal(recorded, n === 0);
    }
    assert.equal((await ledger.history('a')).length, 1);
  });

  it('a yes that another device had stored does not undo a withdrawal; a change on the device does', async () => {
    const [ledger, clock] = timed();
    await ledger.record('a', state('granted', NOW), { device: '$device:laptop' });
    await ledger.record('a', state('granted', NOW), { device: '$device:phone' });
    clock.now += 1000;
    await ledger.record('a', state('denied', clock.now), { device: '$device:phone' });
    clock.now += 1000;
    assert.equal((await ledger.record('a', state('granted', clock.now), { device: '$device:laptop' })).recorded, false);
    assert.equal((await ledger.record('a', state('granted', clock.now), { device: '$device:unheard-of' })).recorded, false);
    assert.equal(await mode(ledger, 'a'), 'off');
    assert.equal((await ledger.record('a', state('granted', clock.now), { device: '$device:phone' })).recorded, true);
    assert.equal(await mode(ledger, 'a'), 'on');
  });

  it('a default replaces no choice, and no answer is none', async () => {
    const [ledger] = timed();
    await ledger.record('a', state('denied', NOW - 10));
    for (const answer of ['implied-granted', 'implied-denied', 'unset']) assert.equal((await ledger.record('a', state(answer, NOW))).recorded, false, answer);
    assert.equal(await mode(ledger, 'a'), 'off');
  });

  it('a default by itself is kept as one', async () => {
    const [ledger] = timed();
    await ledger.record('a', state('implied-granted', NOW));
    const { mode: is, code: why } = await ledger.allowed('a');
    assert.deepEqual([is, why], ['on', 'implied-granted']);
    const [strict] = timed({ implied: 'ask' });
    await strict.record('a', state('implied-granted', NOW));
    assert.equal(await mode(strict, 'a'), 'off');
  });

  it('words of the history: given, refused, withdrawn', async () => {
    const [ledger, clock] = timed();
    for (const answer of ['denied', 'granted', 'denied']) {
      clock.now += 10;
      await ledger.record('a', state(answer, clock.now));
    }
    assert.deepEqual((await ledger.history('a')).map(({ event }) => event), ['refused', 'given', 'withdrawn']);
  });

  it('a receipt that is posted again is kept once', async () => {
    const [ledger] = timed();
    assert.equal((await ledger.record('a', yes(NOW), { claimed: true })).recorded, true);
    assert.equal((await ledger.record('a', yes(NOW), { claimed: true })).recorded, false);
  });
});

describe('whose clock', () => {
  it('a browser whose clock is an hour behind or ahead withdraws at once all the same', async () => {
    for (const skew of [-3600_000, 3600_000]) {
      const [ledger, clock] = timed();
      await ledger.record('a', state('granted', clock.now), { device: '$device:1' });
      clock.now += 1000;
      await ledger.record('a', no(clock.now + skew), { device: '$device:1', claimed: true });
      assert.equal(await mode(ledger, 'a'), 'off', `skew ${skew}`);
    }
  });

  it('receipts that overtake each other count in the order of the device', async () => {
    const [ledger, clock] = timed();
    await ledger.record('a', no(5000), { device: '$device:1', claimed: true });
    clock.now += 5;
    await ledger.record('a', yes(4000), { device: '$device:1', claimed: true });
    assert.equal(await mode(ledger, 'a'), 'off');
    clock.now += 5;
    await ledger.record('a', yes(6000), { device: '$device:1', claimed: true });
    assert.equal(await mode(ledger, 'a'), 'on');
  });

  for (const [name, device, ahead] of [['of two devices, one is five minutes ahead', undefined, 300_000], ['that was a day ahead is set right in between', '$device:1', DAY], ['said the year 2100 once', '$device:1', 2e12]]) {
    it(`a clock ${name}: the withdrawal that was recorded last counts`, async () => {
      const [ledger, clock] = timed();
      const said = (what) => ledger.record('a', what, { claimed: true, ...(device ? { device } : {}) });
      await said(yes(clock.now + ahead));
      assert.equal(await mode(ledger, 'a'), 'on');
      clock.now += 30_000;
      assert.equal((await said(no(clock.now))).state.mode, 'off');
      clock.now += 1000;
      assert.equal(await mode(ledger, 'a'), 'off');
      // And the visitor's next yes counts again, at once.
      await said(yes(clock.now));
      assert.equal(await mode(ledger, 'a'), 'on');
    });
  }

  it('a yes that closes one feature closes it, whatever the clock says', async () => {
    const [ledger, clock] = timed();
    await ledger.record('a', yes(clock.now - 1000), { claimed: true });
    clock.now += 10;
    const less = yes(clock.now - 60_000);
    await ledger.record('a', { ...less, consent: { ...less.consent, replay: 'denied' } }, { claimed: true });
    const { modes } = await ledger.allowed('a');
    assert.deepEqual([modes.tracking, modes.replay], ['on', 'off']);
  });

  it('an answer of tomorrow counts from today', async () => {
    const [ledger] = timed();
    await ledger.record('a', yes(NOW - 5));
    await ledger.record('a', no(NOW + DAY));
    assert.equal(await mode(ledger, 'a'), 'off');
  });
});

describe('devices of several persons', () => {
  it('what one says there does not open for another, and does close', async () => {
    const [ledger, clock] = timed();
    await ledger.merge('$device:shared', 'ann');
    await ledger.record('ann', no(NOW - 100));
    await ledger.merge('$device:shared', 'bob');
    await ledger.record('$device:shared', yes(NOW - 50));
    assert.equal(await mode(ledger, 'ann'), 'off');
    assert.equal(await mode(ledger, '$device:shared'), 'off');
    await ledger.record('bob', yes(NOW - 40));
    assert.equal(await mode(ledger, 'bob'), 'on');
    assert.equal(await mode(ledger, ['bob', '$device:shared']), 'off', 'ann may have been it');
    clock.now += 10;
    await ledger.record('$device:shared', no(clock.now));
    assert.equal(await mode(ledger, 'bob'), 'off');
  });
});

describe('ids that are named together', () => {
  it('a device that said yes speaks for the one person named with it, and for no two', async () => {
    const [ledger] = timed();
    await ledger.record('$device:1', yes(NOW));
    assert.equal(await mode(ledger, ['new', '$device:1']), 'on');
    assert.equal(await mode(ledger, ['new', 'other', '$device:1']), 'off');
    await ledger.record('new', no(NOW));
    assert.equal(await mode(ledger, ['new', '$device:1']), 'off', 'of one moment the strictest');
  });
});

describe('terms', () => {
  it('a yes to another version of the policy no longer opens', async () => {
    const store = new Map();
    const first = consentLedger({ store, version: '1' });
    await first.record('a', yes(NOW));
    const second = consentLedger({ store, version: '2' });
    assert.deepEqual([await mode(first, 'a'), await mode(second, 'a')], ['on', 'off']);
    assert.equal((await second.record('a', state('granted', NOW + 1))).recorded, false, 'a stored yes says nothing of the new version');
    await second.record('a', yes(NOW + 2));
    assert.equal(await mode(second, 'a'), 'on');
  });

  it('a yes ends with maxAge, a no does not', async () => {
    const ledger = consentLedger({ maxAge: DAY, denied: 'off' });
    await ledger.record('a', yes(NOW));
    await ledger.record('b', refused(NOW));
    assert.deepEqual([await mode(ledger, 'a', NOW + DAY - 1), await mode(ledger, 'a', NOW + DAY), await code(ledger, 'b', NOW + 9 * DAY)], ['on', 'off', 'denied']);
  });

  it('an expiry closes', async () => {
    const ledger = consentLedger();
    await ledger.record('a', yes(NOW));
    await ledger.record('a', expired(NOW + 1));
    assert.equal(await mode(ledger, 'a', NOW + 2), 'off');
  });

  it('of several times the strictest', async () => {
    const ledger = consentLedger();
    await ledger.record('a', yes(NOW));
    await ledger.record('a', no(NOW + 10));
    assert.deepEqual([await mode(ledger, 'a', [NOW, NOW + 5]), await mode(ledger, 'a', [NOW, NOW + 10])], ['on', 'off']);
  });
});

describe('retention', () => {
  it('what is older is not there', async () => {
    const [ledger, clock] = timed({ retention: DAY });
    await ledger.record('a', yes(NOW));
    clock.now = NOW + DAY + 1;
    assert.equal(await code(ledger, 'a'), 'nothing-recorded');
    assert.deepEqual(await ledger.history('a'), []);
  });

  it('the store is told when it may forget, and what came first lives as long as what came last', async () => {
    const kept = new Map();
    const store = { get: (key) => kept.get(key)?.[0], set: (key, value, ttl) => { kept.set(key, [value, ttl]); return true; }, delete: (key) => kept.delete(key) };
    const ledger = consentLedger({ store, retention: DAY });
    await ledger.record('a', no(NOW));
    for (const key of kept.keys()) if (key.includes('a:0')) kept.get(key)[1] = 1;
    await ledger.record('a', yes(NOW + 1));
    const lives = [...kept].filter(([key]) => /a:\d:[ye]$/.test(key)).map(([, [, ttl]]) => ttl);
    assert.deepEqual(lives, Array(4).fill(2 * DAY));
  });
});

describe('what cannot be read', () => {
  it('an entry that is damaged closes', async () => {
    const store = new Map();
    const ledger = consentLedger({ store });
    await ledger.record('a', yes(NOW));
    for (const text of ['', '{', 'null', '7', '{"at":"x"}', '[]', '{"at":1,"event":"given","consent":{}}']) {
      for (const [key, value] of store) if (key.endsWith(':0:e')) store.set(key, { ...value, value: text });
      assert.equal(await mode(ledger, 'a'), 'off', text);
    }
  });

  it('ids, times and answers that are none are refused, in words', async () => {
    const ledger = consentLedger();
    for (const id of [{}, null, undefined, '', 'x'.repeat(513), NaN, [], [null], true, Symbol('x')]) await assert.rejects(ledger.allowed(id), { code: 'id-invalid' });
    for (const at of ['now', NaN, -1, {}, new Date('x')]) await assert.rejects(ledger.allowed('a', at), { code: 'time-invalid' });
    for (const what of [null, 7, {}, { ...yes(NOW), event: 'maybe' }, { ...yes(NOW), consent: { tracking: 'granted' } }, { ...yes(NOW), cmp: 'a b' }]) await assert.rejects(ledger.record('a', what), { code: 'entry-invalid' });
    await assert.rejects(ledger.record('a', { ...yes(NOW), at: 'x' }), { code: 'time-invalid' });
  });

  it('an option that is none is refused', () => {
    for (const options of [{ stor: new Map() }, { retention: -1 }, { store: {} }, { implied: 'no' }, { denied: 'on' }, { maxAge: '1d' }]) assert.throws(() => consentLedger(options), { name: 'BridgeError' });
  });
});

describe('the export', () => {
  it('has all that is known of one person, and nothing of another', async () => {
    const [ledger] = timed({ version: '7' });
    await ledger.record('$device:1', yes(NOW - 10));
    await ledger.merge('$device:1', 'ann');
    await ledger.record('ann', no(NOW - 5));
    await ledger.record('bob', yes(NOW));
    const told = JSON.parse(JSON.stringify(await ledger.export('ann')));
    assert.deepEqual(told.ids.sort(), ['$device:1', 'ann']);
    assert.deepEqual(told.entries.map(({ at, event, device, version, cmp }) => [at, event, device, version, cmp]), [[NOW - 10, 'given', '$device:1', '7', 'klaro'], [NOW - 5, 'withdrawn', 'ann', '7', 'klaro']]);
    assert.deepEqual([told.made, told.now.mode, told.now.code], [NOW, 'off', 'denied']);
  });
});
