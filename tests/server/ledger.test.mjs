// The ledger on each store as a site has it: what a person's history allowed at a time, whose clock
// counts, devices, links, forgetting, and bounds. The same laws on every engine; several programs
// and servers that die are in ledger-crash.test.mjs.

import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { after, before, describe, it } from 'node:test';
import { consentLedger, gate, memory, receiptEndpoint, signRecord, readConsent, recordName } from '../../dist/server.js';
import { checkLedgerStore } from '../../dist/testing.js';
import { expired, no, refused, state, yes } from './answers.mjs';
import { KINDS, startStore } from './stores.mjs';

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

for (const kind of KINDS) {
  describe(`in ${kind}`, () => {
    let count = 0;
    /** A ledger whose clock is told, and ids that no other test has. */
    const open = async (options = {}) => {
      const clock = { now: NOW };
      const tag = `-${kind}-${(count += 1)}`;
      const ledger = consentLedger({ store: await stores.get(kind).one(), now: () => clock.now, ...options });
      return { ledger, clock, id: (name) => `${name}${tag}` };
    };
    /** Another program on the same store. */
    const another = async (options = {}) => consentLedger({ store: kind === 'memory' ? assert.fail('memory is of one program') : await stores.get(kind).other(), now: () => NOW + 1000, ...options });

    it('does what is asked of a store', async () => {
      const { passed, failed } = await checkLedgerStore(await stores.get(kind).one());
      assert.deepEqual(failed, []);
      assert.ok(passed.length >= 12, `${passed.length}`);
    });

    it('a person of whom nothing is known is not sent', async () => {
      const { ledger, id } = await open();
      const { mode: is, code: why } = await ledger.allowed(id('nobody'));
      assert.deepEqual([is, why], ['off', 'nothing-recorded']);
      assert.deepEqual([await ledger.history(id('nobody')), await ledger.ids(id('nobody')), await ledger.forget(id('nobody'))], [[], [id('nobody')], 0]);
    });

    it('a yes opens from its time on, a withdrawal closes from its own, and both stay to be asked', async () => {
      const { ledger, id } = await open();
      const ann = id('ann');
      await ledger.record(ann, yes(NOW - 2000));
      await ledger.record(ann, no(NOW - 1000));
      assert.deepEqual([await mode(ledger, ann, NOW - 2001), await mode(ledger, ann, NOW - 2000), await mode(ledger, ann, NOW - 1001), await mode(ledger, ann, NOW - 1000)], ['off', 'on', 'on', 'off']);
      assert.deepEqual((await ledger.history(ann)).map(({ event, at }) => [event, at]), [['given', NOW - 2000], ['withdrawn', NOW - 1000]]);
      assert.deepEqual([await mode(ledger, ann, [NOW - 1500, NOW - 1200]), await mode(ledger, ann, [NOW - 1500, NOW])], ['on', 'off'], 'of several times the strictest');
    });

    if (kind !== 'memory')
      it('another program on the same store knows it', async () => {
        const { ledger, id } = await open();
        await ledger.record(id('bob'), yes(NOW));
        assert.equal(await mode(await another(), id('bob')), 'on');
      });

    it('ids of every kind have histories of their own', async () => {
      const { ledger, id } = await open();
      const ids = ['x', 'x:0', 'x:0:y', '%', '_', 'ä', 'a b', "'; DROP TABLE consent_ids; --", 'l'.repeat(480), `${'l'.repeat(479)}m`, '__proto__', '!', '\u0000', '\u0000\u0000', '\ud800', '\ufffd', 'job/x', '$device:x'].map((one) => one + id(''));
      for (const [n, one] of ids.entries()) await ledger.record(one, yes(NOW - 1000 + n));
      for (const [n, one] of ids.entries()) assert.deepEqual((await ledger.history(one)).map(({ at }) => at), [NOW - 1000 + n], JSON.stringify(one).slice(0, 30));
      for (const one of ids) assert.deepEqual(await ledger.ids(one), [one]);
      const number = 4200 + count;
      await ledger.record(number, yes(NOW));
      assert.equal(await mode(ledger, String(number)), 'on');
    });

    describe('whose clock', () => {
      for (const [name, device, ahead] of [['of two devices, one is five minutes ahead', undefined, 300_000], ['that was a day ahead is set right in between', '$device:1', DAY], ['said the year 2100 once', '$device:1', 2e12]]) {
        it(`a clock ${name}: the withdrawal that was acknowledged last counts`, async () => {
          const { ledger, clock, id } = await open();
          const endpoint = receiptEndpoint({ ledger, origins: ['https://shop.example'], identify: () => (device ? { id: id('u'), device } : id('u')) });
          const post = async (receipt) => (await endpoint.take({ method: 'POST', headers: { origin: 'https://shop.example', 'content-type': 'application/json' }, body: JSON.stringify(receipt) })).status;
          const sent = async () => (await gate({ ledger, now: () => clock.now }).filter([{ event: 'x', properties: { distinct_id: id('u') } }])).send.length;
          assert.equal(await post(yes(clock.now + ahead)), 204);
          assert.equal(await sent(), 1);
          clock.now += 30_000;
          assert.equal(await post(no(clock.now)), 204);
          clock.now += 1000;
          assert.deepEqual([await mode(ledger, id('u')), await sent()], ['off', 0]);
          assert.equal(await post(yes(clock.now)), 204);
          assert.equal(await sent(), 1, 'the next yes counts at once');
        });
      }

      it('receipts that overtake each other: the older yes undoes no newer no', async () => {
        const { ledger, clock, id } = await open();
        const device = '$device:1';
        await ledger.record(id('a'), no(5000), { device, claimed: true });
        clock.now += 5;
        const { recorded, entry } = await ledger.record(id('a'), yes(4000), { device, claimed: true });
        assert.deepEqual([recorded, entry.late, await mode(ledger, id('a'))], [true, true, 'off']);
        clock.now += 5;
        await ledger.record(id('a'), yes(6000), { device, claimed: true });
        assert.equal(await mode(ledger, id('a')), 'on');
      });

      it('a browser whose clock is an hour behind or ahead withdraws at once all the same', async () => {
        for (const skew of [-3600_000, 3600_000]) {
          const { ledger, clock, id } = await open();
          await ledger.record(id('a'), state('granted', clock.now), { device: '$device:1' });
          clock.now += 1000;
          await ledger.record(id('a'), no(clock.now + skew), { device: '$device:1', claimed: true });
          assert.equal(await mode(ledger, id('a')), 'off', `skew ${skew}`);
        }
      });

      it('of two servers, one with its clock ahead, the no that was heard last counts', async () => {
        const { ledger, clock, id } = await open();
        await ledger.record(id('a'), yes(clock.now));
        clock.now -= 2000;
        const { state: then } = await ledger.record(id('a'), no(clock.now));
        assert.deepEqual([then.mode, await mode(ledger, id('a'))], ['off', 'off']);
      });
    });

    describe('what a request carried', () => {
      it('the same state with every request is kept once, and read once', async () => {
        const { ledger, clock, id } = await open();
        for (let n = 0; n < 5; n++) {
          clock.now = NOW + n * 1000;
          assert.equal((await ledger.record(id('a'), state('granted', clock.now))).recorded, n === 0);
        }
        assert.equal((await ledger.history(id('a'))).length, 1);
      });

      for (const devices of [[undefined, undefined], ['$device:phone', '$device:laptop']]) {
        it(`two devices${devices[0] ? '' : ' that nobody names'}: a phone withdraws, a laptop loads a page a hundred times, and it stays off`, async () => {
          const { ledger, clock, id } = await open();
          const [phone, laptop] = devices.map((device) => (answer) => {
            clock.now += 60_000;
            return ledger.record(id('u'), state(answer, clock.now), device ? { device } : {});
          });
          await phone('granted');
          await phone('denied');
          assert.equal(await mode(ledger, id('u')), 'off');
          for (let n = 0; n < 100; n++) assert.equal((await (n % 2 ? laptop('granted') : phone('denied'))).recorded, false);
          assert.equal(await mode(ledger, id('u')), 'off');
          assert.equal((await ledger.history(id('u'))).length, 2);
        });
      }

      it('a change on the device that had said no opens, and what was on its way before does not', async () => {
        const { ledger, clock, id } = await open();
        const on = (device, answer) => ledger.record(id('a'), state(answer, clock.now), { device });
        await on('$device:phone', 'granted');
        clock.now += 60_000;
        await on('$device:phone', 'denied');
        clock.now += 1000;
        assert.equal((await on('$device:phone', 'granted')).recorded, false);
        clock.now += 60_000;
        assert.equal((await on('$device:other', 'granted')).recorded, false);
        assert.equal((await on('$device:phone', 'granted')).recorded, true);
        assert.equal(await mode(ledger, id('a')), 'on');
      });

      it('a signed record of after the withdrawal opens, one of before and one without a signature do not', async () => {
        const [token, key] = ['YOUR_PROJECT_TOKEN', 'a key that is long enough'];
        const at = Date.now() - 60_000;
        const { ledger, clock, id } = await open();
        clock.now = Date.now();
        const request = (when, signed) => {
          const line = `1.gggg.g.${when}.usercentrics`;
          return readConsent({ cookie: `${recordName(token)}=${signed ? signRecord(line, { token, key }) : line}` }, { token, cmp: 'usercentrics', ...(signed ? { recordKey: key } : {}) });
        };
        await ledger.record(id('a'), no(at));
        assert.equal((await ledger.record(id('a'), request(at - 1, true))).recorded, false);
        assert.equal((await ledger.record(id('a'), request(at + 1, false))).recorded, false);
        assert.equal(await mode(ledger, id('a')), 'off');
        assert.equal((await ledger.record(id('a'), request(at + 1, true))).recorded, true);
        assert.equal(await mode(ledger, id('a')), 'on');
      });

      it('a default replaces no choice, is kept as one, and an answer that is none is none', async () => {
        const { ledger, id } = await open();
        await ledger.record(id('a'), state('denied', NOW - 10));
        for (const answer of ['implied-granted', 'implied-denied', 'unset']) assert.equal((await ledger.record(id('a'), state(answer, NOW))).recorded, false, answer);
        await ledger.record(id('b'), state('implied-granted', NOW));
        assert.deepEqual([await mode(ledger, id('a')), await mode(ledger, id('b')), await code(ledger, id('b'))], ['off', 'on', 'implied-granted']);
      });

      it('words of the history: refused, given, withdrawn', async () => {
        const { ledger, clock, id } = await open();
        for (const answer of ['denied', 'granted', 'denied']) {
          clock.now += 10_000;
          await ledger.record(id('a'), state(answer, clock.now), { device: '$device:1' });
        }
        assert.deepEqual((await ledger.history(id('a'))).map(({ event }) => event), ['refused', 'given', 'withdrawn']);
      });
    });

    describe('links', () => {
      it('a device that becomes a person brings what was said on it, and hears what the person says', async () => {
        const { ledger, clock, id } = await open();
        const device = `$device:${id('1')}`;
        await ledger.record(device, yes(NOW));
        assert.equal(await mode(ledger, id('cem')), 'off');
        await ledger.merge(device, id('cem'));
        assert.equal(await mode(ledger, id('cem')), 'on');
        clock.now += 5;
        await ledger.record(id('cem'), no(clock.now));
        assert.equal(await mode(ledger, device), 'off');
        assert.deepEqual((await ledger.ids(device)).sort(), [device, id('cem')].sort());
        assert.equal(await mode(ledger, device, NOW + 2), 'on', 'and what was allowed then stays to be asked');
        await ledger.merge(device, id('cem'));
        assert.equal((await ledger.history(device)).length, 2);
      });

      for (const [name, pairs] of [
        ['a chain', (ids) => ids.slice(1).map((one, n) => [ids[n], one])],
        ['a chain from its end', (ids) => ids.slice(1).map((one, n) => [ids[n], one]).reverse()],
        ['a star', (ids) => ids.slice(0, -1).map((one) => [one, ids.at(-1)])],
        ['a ring', (ids) => ids.map((one, n) => [one, ids[(n + 1) % ids.length]])],
      ]) {
        it(`${name} of ten: each says the same for all, and ids() has them all`, async () => {
          const { ledger, clock, id } = await open();
          const ids = Array.from({ length: 10 }, (_, n) => id(n < 8 ? `$device:${n}` : `user-${n}`));
          await ledger.record(ids[0], yes(NOW));
          for (const [device, user] of pairs(ids)) await ledger.merge(device, user);
          for (const one of ids) assert.deepEqual([await mode(ledger, one), (await ledger.ids(one)).sort()], ['on', [...ids].sort()], one);
          clock.now += 5;
          await ledger.record(ids[4], no(clock.now));
          for (const one of ids) assert.equal(await mode(ledger, one), 'off', one);
          assert.equal(await ledger.forget(ids[7]), 2);
          for (const one of ids) assert.equal(await code(ledger, one), 'nothing-recorded', one);
        });
      }

      it('a no that a server with a slow clock heard last is no older than the yes of a device that is joined later', async () => {
        const { ledger, clock, id } = await open();
        const device = `$device:${id('slow')}`;
        await ledger.record(device, yes(clock.now));
        clock.now += 1000;
        await ledger.record(id('slow'), yes(clock.now));
        clock.now -= 3000;
        await ledger.record(id('slow'), no(clock.now));
        await ledger.merge(device, id('slow'));
        assert.deepEqual([await mode(ledger, id('slow')), await mode(ledger, device)], ['off', 'off']);
        clock.now += 60_000;
        await ledger.record(device, yes(clock.now));
        assert.equal(await mode(ledger, id('slow')), 'on', 'and a later yes opens');
      });

      it('a device of several people closes for each and opens for none', async () => {
        const { ledger, clock, id } = await open();
        const [shared, ann, bob] = [`$device:${id('shared')}`, id('ann'), id('bob')];
        await ledger.record(shared, yes(NOW - 500));
        await ledger.merge(shared, ann);
        assert.equal(await mode(ledger, ann), 'on');
        await ledger.merge(shared, bob);
        assert.deepEqual([await mode(ledger, ann), await mode(ledger, bob)], ['off', 'off'], 'whose yes it was is not known any more');
        await ledger.record(ann, no(NOW - 100));
        await ledger.record(shared, yes(NOW - 50));
        assert.deepEqual([await mode(ledger, ann), await mode(ledger, shared)], ['off', 'off']);
        await ledger.record(bob, yes(NOW - 40));
        assert.deepEqual([await mode(ledger, bob), await mode(ledger, [bob, shared]), await mode(ledger, [id('new'), shared])], ['on', 'off', 'off'], 'ann may have been it');
        clock.now += 10;
        await ledger.record(shared, no(clock.now));
        assert.equal(await mode(ledger, bob), 'off');
        assert.deepEqual((await ledger.history(shared)).map(({ event }) => event), ['given', 'given', 'withdrawn'], 'what was said there, and not what ann and bob said elsewhere');
        await ledger.forget(ann);
        assert.deepEqual([await code(ledger, ann), await code(ledger, bob)], ['nothing-recorded', 'denied']);
      });

      it('a device that said yes speaks for the one person named with it, and for no two', async () => {
        const { ledger, id } = await open();
        const device = `$device:${id('1')}`;
        await ledger.record(device, yes(NOW));
        assert.deepEqual([await mode(ledger, [id('new'), device]), await mode(ledger, [id('new'), id('other'), device])], ['on', 'off']);
        await ledger.record(id('new'), no(NOW));
        assert.equal(await mode(ledger, [id('new'), device]), 'off');
      });

      it('merges and answers at once lose none of them', async () => {
        const { ledger, id } = await open();
        const devices = Array.from({ length: 6 }, (_, n) => `$device:${id(n)}`);
        await Promise.all(devices.flatMap((device, n) => [ledger.record(device, { ...yes(NOW - 100 + n), cmp: `c${n}` }), ledger.merge(device, id('ann')), ledger.record(id('ann'), { ...yes(NOW - 50 + n), cmp: `d${n}` })]));
        assert.deepEqual((await ledger.ids(id('ann'))).sort(), [...devices, id('ann')].sort());
        assert.deepEqual((await ledger.history(devices[3])).map(({ cmp }) => cmp).sort(), ['c0', 'c1', 'c2', 'c3', 'c4', 'c5', 'd0', 'd1', 'd2', 'd3', 'd4', 'd5']);
      });
    });

    describe('bounds', () => {
      it('receipts that say the same are one; a visitor who changes their mind for ever has a thousand kept, and the last counts', async () => {
        const { ledger, clock, id } = await open({ timeout: 60_000 });
        for (let n = 0; n < 50; n++) await ledger.record(id('a'), yes(NOW - 1000 + n), { claimed: true });
        assert.equal((await ledger.history(id('a'))).length, 1);
        if (kind !== 'memory' && kind !== 'sqlite') return;
        for (let n = 0; n < 1100; n++) {
          clock.now += 1;
          await ledger.record(id('a'), { ...(n % 2 ? yes : no)(clock.now) });
        }
        assert.deepEqual([(await ledger.history(id('a'))).length, await mode(ledger, id('a')), await mode(ledger, id('a'), clock.now - 1)], [1000, 'on', 'off']);
      });

      it('retention: what is older is not there, and the history is compacted', async () => {
        const { ledger, clock, id } = await open({ retention: DAY });
        await ledger.record(id('a'), no(NOW));
        clock.now = NOW + DAY / 2;
        await ledger.record(id('a'), yes(clock.now));
        clock.now = NOW + DAY + 1;
        assert.deepEqual([await mode(ledger, id('a')), (await ledger.history(id('a'))).length], ['on', 1]);
        await ledger.record(id('a'), no(clock.now));
        const [row] = await (await stores.get(kind).one()).read([id('a')], { history: true });
        assert.equal(row.persons[0].entries.length, 2);
        clock.now += DAY + 1;
        assert.equal(await code(ledger, id('a')), 'nothing-recorded');
        assert.deepEqual(await ledger.history(id('a')), []);
      });
    });

    it('a retention longer than any date keeps for ever', async () => {
      for (const retention of [Infinity, Number.MAX_VALUE, 8.64e15, 8.63e15]) {
        const { ledger, clock, id } = await open({ retention, maxAge: retention });
        await ledger.record(id('a'), yes(NOW - 9));
        await ledger.merge(id('$device:a'), id('a'));
        clock.now += 10 * 366 * DAY;
        assert.deepEqual([await mode(ledger, id('a')), (await ledger.history(id('$device:a'))).length], ['on', 1]);
      }
    });

    describe('forgetting', () => {
      it('a person who is forgotten is unknown, and begins anew', async () => {
        const { ledger, id } = await open();
        await ledger.record(id('dee'), yes(NOW - 9));
        await ledger.record(id('dee'), { ...yes(NOW - 5), cmp: 'other' });
        assert.equal(await ledger.forget(id('dee')), 2);
        assert.equal(await code(ledger, id('dee')), 'nothing-recorded');
        await ledger.record(id('dee'), yes(NOW));
        assert.deepEqual([await mode(ledger, id('dee')), (await ledger.history(id('dee'))).length], ['on', 1]);
      });

      it('wins against a record that is under way, in this program', async () => {
        const { ledger, id } = await open();
        for (const before of [0, 2]) {
          for (let n = 0; n < before; n++) await ledger.record(id(`f${before}`), { ...yes(NOW - 100 + n), cmp: `c${n}` });
          const under = [ledger.record(id(`f${before}`), no(NOW - 50)), ledger.record(id(`f${before}`), yes(NOW - 40))];
          await ledger.forget(id(`f${before}`));
          await Promise.all(under);
          assert.deepEqual([await ledger.history(id(`f${before}`)), await code(ledger, id(`f${before}`))], [[], 'nothing-recorded']);
        }
      });

      if (kind !== 'memory')
        it('and in another one', async () => {
          for (const before of [0, 1]) {
            const { id } = await open();
            const store = await stores.get(kind).one();
            const other = await another();
            let forgotten = null;
            // Between what this program reads and what it writes, another forgets the person.
            const slow = { ...store, async append(change) { forgotten ??= await other.forget(id('g')); return store.append(change); } };
            const ledger = consentLedger({ store: slow, now: () => NOW });
            if (before) await other.record(id('g'), yes(NOW - 1000));
            const { recorded } = await ledger.record(id('g'), no(NOW));
            assert.deepEqual([forgotten, recorded, await other.history(id('g'))], [before, false, []]);
            await ledger.record(id('g'), yes(NOW + 1));
            assert.equal((await other.history(id('g'))).length, 1);
          }
        });
    });

    it('the export has all that is known of one person, and nothing of another', async () => {
      const { ledger, id } = await open({ version: '7' });
      const device = `$device:${id('1')}`;
      await ledger.record(device, yes(NOW - 10));
      await ledger.merge(device, id('ann'));
      await ledger.record(id('ann'), no(NOW - 5));
      await ledger.record(id('bob'), yes(NOW));
      const told = JSON.parse(JSON.stringify(await ledger.export(id('ann'))));
      assert.deepEqual(told.ids.sort(), [device, id('ann')].sort());
      assert.deepEqual(told.entries.map(({ at, event, device: by, version, cmp }) => [at, event, by, version, cmp]), [[NOW - 10, 'given', device, '7', 'klaro'], [NOW - 5, 'withdrawn', id('ann'), '7', 'klaro']]);
      assert.deepEqual([told.made, told.now.mode, told.now.code], [NOW, 'off', 'denied']);
    });
  });
}

const fresh = (options = {}) => {
  const clock = { now: NOW };
  return [consentLedger({ store: memory(), now: () => clock.now, ...options }), clock];
};

describe('terms', () => {
  it('a yes to another version of the policy no longer opens', async () => {
    const store = memory();
    const first = consentLedger({ store, version: '1' });
    await first.record('a', yes(NOW));
    const second = consentLedger({ store, version: '2' });
    assert.deepEqual([await mode(first, 'a'), await mode(second, 'a')], ['on', 'off']);
    assert.equal((await second.record('a', state('granted', NOW + 1))).recorded, false, 'a stored yes says nothing of the new version');
    await second.record('a', yes(NOW + 2));
    assert.equal(await mode(second, 'a'), 'on');
  });

  it('a yes ends with maxAge, a no does not, and a yes that is given again counts anew', async () => {
    const [ledger, clock] = fresh({ maxAge: DAY });
    await ledger.record('a', yes(NOW));
    await ledger.record('b', refused(NOW));
    assert.deepEqual([await mode(ledger, 'a', NOW + DAY - 1), await mode(ledger, 'a', NOW + DAY), await code(ledger, 'b', NOW + 9 * DAY)], ['on', 'off', 'denied']);
    clock.now = NOW + DAY;
    await ledger.record('a', yes(clock.now));
    assert.equal(await mode(ledger, 'a'), 'on');
  });

  it('an expiry closes', async () => {
    const [ledger, clock] = fresh();
    await ledger.record('a', yes(NOW));
    clock.now += 5;
    await ledger.record('a', expired(NOW + 1));
    assert.equal(await mode(ledger, 'a'), 'off');
  });

  it('an answer of tomorrow counts from today', async () => {
    const [ledger] = fresh();
    await ledger.record('a', yes(NOW - 5));
    await ledger.record('a', no(NOW + DAY));
    assert.equal(await mode(ledger, 'a'), 'off');
  });
});

describe('a store that fails', () => {
  const never = () => new Promise(() => {});
  const failing = (how) => ({ read: how, append: how, link: how, forget: how });

  it('that hangs, throws or answers something else: shut, in bounded time, and a receipt is refused', async () => {
    for (const how of [never, () => { throw new Error('no'); }, async () => { throw new Error('no'); }, async () => undefined, async () => 'x', async () => [null], async () => [{}], async () => [{ rev: '1', owners: ['a'], persons: [{ person: 'a', rev: 1, present: null }] }]]) {
      const ledger = consentLedger({ store: failing(how), timeout: 40 });
      const from = Date.now();
      assert.equal(await code(ledger, 'a'), 'ledger-unreachable');
      await assert.rejects(ledger.record('a', no(NOW)), { code: 'ledger-unreachable' });
      await assert.rejects(ledger.merge('$device:1', 'a'), { code: 'ledger-unreachable' });
      await assert.rejects(ledger.forget('a'), { code: 'ledger-unreachable' });
      assert.ok(Date.now() - from < 2000);
    }
  });

  it('what a request carried does not fail with it: the next request says it again', async () => {
    const ledger = consentLedger({ store: failing(never), timeout: 30 });
    const { recorded, entry, state: then } = await ledger.record('a', state('granted', NOW));
    assert.deepEqual([recorded, entry, then.mode, then.code], [false, null, 'off', 'ledger-unreachable']);
  });

  it('that does not say whether it has written has kept nothing', async () => {
    for (const said of [undefined, null, 'OK', 1, {}]) {
      const store = memory();
      const ledger = consentLedger({ store: { ...store, append: async () => said, link: async () => said, forget: async () => said }, timeout: 60 });
      await assert.rejects(ledger.record('a', yes(NOW)), { code: 'ledger-unreachable', message: /did not say whether it has written/ });
      await assert.rejects(ledger.merge('$device:1', 'a'), { code: 'ledger-unreachable' });
      await assert.rejects(ledger.forget('a'), { code: 'ledger-unreachable' });
    }
  });

  it('whose writes are always refused is given up', async () => {
    const store = memory();
    const ledger = consentLedger({ store: { ...store, append: async () => false }, timeout: 60 });
    await assert.rejects(ledger.record('a', yes(NOW)), { code: 'ledger-unreachable' });
  });

  it('that answers what was true before this program wrote last is not believed', async () => {
    const store = memory();
    let old = null;
    const ledger = consentLedger({ store: { ...store, read: async (...asked) => old ?? store.read(...asked) } });
    await ledger.record('a', yes(NOW));
    const before = await store.read(['a']);
    await ledger.record('a', no(NOW + 1));
    old = before;
    assert.equal(await code(ledger, 'a'), 'ledger-stale');
    old = null;
    assert.equal(await code(ledger, 'a'), 'denied');
  });

  it('that has damaged rows is shut for these', async () => {
    const store = memory();
    for (const present of ['', 'null', '{}', '1 gggg', '\u0000', '1 gggg g 1 - - -']) {
      const ledger = consentLedger({ store: { ...store, read: async (ids, want) => (await store.read(ids, want)).map((row) => ({ ...row, persons: row.persons.map((person) => ({ ...person, present, ids: 'null', last: 'null' })) })) } });
      await consentLedger({ store }).record('a', yes(NOW));
      assert.equal(await mode(ledger, 'a'), 'off', present);
      assert.deepEqual(await ledger.ids('a'), ['a']);
    }
  });

  it('a timeout of more than a timer can be set for, or of none at all, waits', async () => {
    const store = memory();
    const slow = { ...store, async read(...asked) { await new Promise((done) => setTimeout(done, 20)); return store.read(...asked); } };
    for (const timeout of [Infinity, 2 ** 31, 2 ** 40]) assert.equal(await code(consentLedger({ store: slow, timeout }), 'u'), 'nothing-recorded');
  });
});

describe('a check from memory', () => {
  it('with staleness asks again when its time is over, when this program has written, and when it hears of it', async () => {
    const store = memory();
    let reads = 0;
    const counted = { ...store, read: (...asked) => { reads += 1; return store.read(...asked); } };
    const heard = [];
    const here = consentLedger({ store: counted, staleness: 80 });
    const there = consentLedger({ store, onChange: (ids) => heard.push(...ids) });
    await there.record('a', yes(Date.now() - 5));
    for (let n = 0; n < 5; n++) assert.equal(await mode(here, 'a'), 'on');
    assert.equal(reads, 1);
    await there.record('a', no(Date.now() - 1));
    assert.equal(await mode(here, 'a'), 'on', 'not heard of yet');
    assert.deepEqual(heard, ['a', 'a']);
    here.heard(heard);
    assert.equal(await mode(here, 'a'), 'off');
    await here.record('a', yes(Date.now()));
    assert.equal(await mode(here, 'a'), 'on');
    await there.record('a', no(Date.now()));
    await new Promise((done) => setTimeout(done, 100));
    assert.equal(await mode(here, 'a'), 'off');
  });

  it('onChange may throw or reject', async () => {
    const { error } = console;
    const said = [];
    console.error = (...words) => said.push(words);
    try {
      for (const onChange of [() => { throw new Error('mine'); }, async () => { throw new Error('mine'); }]) {
        const ledger = consentLedger({ store: memory(), onChange });
        assert.equal((await ledger.record('a', yes(NOW))).recorded, true);
      }
      await new Promise((done) => setImmediate(done));
      assert.equal(said.length, 2);
    } finally {
      console.error = error;
    }
  });
});

describe('what cannot be read', () => {
  it('ids, times and answers that are none are refused, in words', async () => {
    const [ledger] = fresh();
    for (const id of [{}, null, undefined, '', 'x'.repeat(513), 'x'.repeat(10_000), NaN, [], [null], true, Symbol('x')]) await assert.rejects(ledger.allowed(id), { code: 'id-invalid' });
    for (const at of ['now', NaN, -1, {}, new Date('x')]) await assert.rejects(ledger.allowed('a', at), { code: 'time-invalid' });
    for (const what of [null, 7, {}, [], { ...yes(NOW), event: 'maybe' }, { ...yes(NOW), consent: { tracking: 'granted' } }, { ...yes(NOW), cmp: 'a b' }]) await assert.rejects(ledger.record('a', what), { code: 'entry-invalid' });
    await assert.rejects(ledger.record('a', { ...yes(NOW), at: 'x' }), { code: 'time-invalid' });
    await assert.rejects(ledger.record('a', yes(NOW), { version: 'a\nb' }), { code: 'option-invalid' });
    for (const options of [null, '$device:1']) await assert.rejects(ledger.record('a', yes(NOW), options), { code: 'option-invalid' });
    await assert.rejects(ledger.record('a', yes(NOW), { devise: '$device:1' }), { code: 'option-unknown' });
  });

  it('a clock that tells no time allows nothing', async () => {
    let time = NOW;
    const ledger = consentLedger({ store: memory(), now: () => time, maxAge: DAY });
    await ledger.record('a', yes(NOW - 9));
    assert.equal(await mode(ledger, 'a'), 'on');
    for (time of [NaN, 'now', -1, undefined]) {
      await assert.rejects(ledger.allowed('a'), { code: 'time-invalid' });
      assert.equal((await gate({ ledger }).check({ event: 'x', properties: { distinct_id: 'a' } })).send, null);
    }
  });

  it('an option that is none is refused, and a Keyv or a Map is told what to use', () => {
    const keyv = { get() {}, set() {}, delete() {} };
    for (const options of [{ stor: 1 }, { retention: -1 }, { store: {} }, { implied: 'no' }, { denied: 'on' }, { maxAge: '1d' }, { maxAge: NaN }, { timeout: NaN }, { staleness: -1 }, { staleness: NaN }, { version: '' }, { onChange: 1 }, null, 'memory']) assert.throws(() => consentLedger(options), { name: 'BridgeError' });
    for (const store of [keyv, new Map()]) assert.throws(() => consentLedger({ store }), { code: 'option-invalid', message: /postgres\(pool\)/ });
  });
});

describe('the default', () => {
  it('says once that it forgets, and one that was asked for by name says nothing', async () => {
    const { spawnSync } = await import('node:child_process');
    const run = (code) => spawnSync(process.execPath, ['--input-type=module', '-e', `import { consentLedger, memory } from '${new URL('../../dist/server.js', import.meta.url)}'; ${code}`], { encoding: 'utf8' });
    assert.match(run('consentLedger(); consentLedger();').stderr, /^mixpanel-consent-bridge: this ledger is kept in memory[^\n]*\n$/);
    assert.equal(run('consentLedger({ store: memory() });').stderr, '');
  });
});

describe('PostgreSQL', () => {
  it('a standby is refused, which may lag behind a withdrawal', async () => {
    const server = await startStore('postgres');
    try {
      const before = consentLedger({ store: await server.open() });
      await before.record('a', yes(NOW));
      assert.equal(await mode(before, 'a'), 'on');
      await server.standby();
      const state = await consentLedger({ store: await server.open() }).allowed('a');
      assert.equal(state.code, 'ledger-unreachable');
      assert.match(state.reason, /replica/);
    } finally {
      await server.stop();
    }
  });
});

describe('Redis', () => {
  it('with a policy that may drop people says so when it is first used, and a replica is refused', async () => {
    const { redis } = await import('../../dist/server.js');
    const server = await startStore('redis', ['--maxmemory-policy', 'allkeys-lru']);
    try {
      const { client } = await server.driver();
      const said = [];
      const ledger = consentLedger({ store: redis(client, { onWarning: (sentence) => said.push(sentence) }) });
      await ledger.record('a', yes(NOW));
      await ledger.allowed('a');
      assert.equal(said.length, 1);
      assert.match(said[0], /allkeys-lru.*noeviction/);
      await client.sendCommand(['REPLICAOF', '127.0.0.1', '1']);
      const other = consentLedger({ store: redis(client, { onWarning() {} }) });
      assert.match((await other.allowed('a')).reason, /replica/);
    } finally {
      await server.stop();
    }
  });

  it('under memory pressure drops people whole: nobody who withdrew is on', async () => {
    const { redis } = await import('../../dist/server.js');
    for (const [policy, options] of [['allkeys-lru', {}], ['volatile-lru', { retention: 365 * DAY }]]) {
      const server = await startStore('redis', ['--maxmemory', '2mb', '--maxmemory-policy', policy, '--appendonly', 'no']);
      try {
        const { client } = await server.driver();
        const ledger = consentLedger({ store: redis(client, { onWarning() {} }), ...options });
        const people = Array.from({ length: 1500 }, (_, n) => `p${n}`);
        let refusedWrites = 0;
        for (let n = 0; n < people.length; n += 100)
          await Promise.all(people.slice(n, n + 100).map(async (person) => {
            try {
              await ledger.record(person, yes(Date.now() - 5000));
              await ledger.record(person, no(Date.now()));
            } catch {
              refusedWrites += 1;
            }
          }));
        const codes = await Promise.all(people.map(async (person) => (await ledger.allowed(person)).code));
        const tally = codes.reduce((sum, one) => ({ ...sum, [one]: (sum[one] ?? 0) + 1 }), {});
        assert.ok(tally['nothing-recorded'] > 100, `people were dropped: ${JSON.stringify(tally)}, ${refusedWrites} refused`);
        assert.equal(tally.granted ?? 0, refusedWrites ? tally.granted ?? 0 : 0);
        assert.deepEqual(Object.keys(tally).filter((one) => !['denied', 'nothing-recorded', ...(refusedWrites ? ['granted'] : [])].includes(one)), []);
      } finally {
        await server.stop();
      }
    }
  });
});

describe('in sqlite, opened by the name of a file', () => {
  it('the next driver serves where the first is installed and was built for another version of Node', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'drivers-'));
    try {
      const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));
      cpSync(new URL('../../dist/server.js', import.meta.url), join(folder, 'server.mjs'));
      mkdirSync(join(folder, 'node_modules', 'better-sqlite3'), { recursive: true });
      // Imported without complaint, as the real one is: its machine code comes with the first database.
      writeFileSync(join(folder, 'node_modules', 'better-sqlite3', 'index.js'), 'module.exports = class Database { constructor() { throw new Error("compiled against a different Node.js version"); } };');
      for (const name of ['libsql', '@libsql', '@neon-rs', 'detect-libc']) symlinkSync(join(modules, name), join(folder, 'node_modules', name));
      const { consentLedger: open, sqlite } = await import(pathToFileURL(join(folder, 'server.mjs')));
      const ledger = open({ store: sqlite(join(folder, 'consent.db')) });
      await ledger.record('ann', yes(NOW));
      assert.equal(await mode(ledger, 'ann'), 'on');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
