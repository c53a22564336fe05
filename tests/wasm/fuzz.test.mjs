// A hostile page, at random, before the shipped probes and the shipped wasm, in Node: getters and
// proxies that throw, functions where objects were expected, promises, things without end. Nothing
// throws and nothing hangs; and what is of another kind than an answer is no yes. A short run is
// part of the suite; `npm run fuzz` goes on for as long as it is told (FUZZ_SECONDS, FUZZ_SEED).
// Texts that are stored: tests/cmp/fuzz.rs.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openInNode } from './harness.mjs';

const SECONDS = Number(process.env.FUZZ_SECONDS ?? 0);
const SEED = Number(process.env.FUZZ_SEED ?? 20261123);

let node;
before(async () => { node = await openInNode(); });
after(() => node.close());

/** Runs where the probes run; answers with what went wrong. */
function hostile([seed, runs, until]) {
  let state = seed | 1;
  const roll = (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
  const threw = () => { throw new Error('thrown by the page'); };
  const trap = (name) => new Proxy(function () {}, { [name]: threw });
  const revoked = () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  };
  // Nothing here is a `true`, a word or a number that could be somebody's yes.
  const wrong = [
    () => undefined, () => null, () => false, () => NaN, () => -1, () => 1e300, () => '', () => 'x'.repeat(1 << 20), () => '\u0000\u0001"\\', () => Symbol('x'), () => 10n ** 30n,
    () => [], () => ({}), () => threw, () => () => undefined, () => () => 'no', () => async () => ({}), () => { const never = Promise.reject(new Error('later')); never.catch(() => {}); return never; },
    () => trap('get'), () => trap('apply'), () => trap('ownKeys'), () => trap('has'), revoked,
    () => Object.defineProperty({}, 'consent', { enumerable: true, get: threw }),
    () => { const round = { length: 3 }; round.round = round; return round; },
    () => ({ length: 1e9 }), () => ({ length: -1 }), () => ({ get length() { return threw(); } }), () => Array.from({ length: 2000 }, () => ({})),
    () => { let deep = {}; for (let i = 0; i < 300; i++) deep = { deep }; return deep; },
    () => Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`k${i}`, {}])),
    () => new Date(0), () => /x/g, () => new Map([['analytics', 1]]), () => Object.create(null), () => JSON.parse('{"__proto__":{"analytics":1},"constructor":{"prototype":{}}}'),
    () => ({ toString: threw, valueOf: threw, toJSON: threw, [Symbol.toPrimitive]: threw, [Symbol.iterator]: threw }),
  ];
  const any = () => wrong[roll(wrong.length)]();
  const { bridge, said } = connect('auto');
  const program = JSON.parse(core.program(bridge));
  const bad = [];
  let done = 0;
  for (; (done < runs || Date.now() < until) && bad.length < 5; done++) {
    globalThis.__page = {};
    const heard = {};
    const [, places] = program[roll(program.length)];
    const laid = [];
    for (const [verb, place] of places) {
      if (roll(4) === 0) continue;
      if (verb === 'h') heard[place] = any();
      if (verb !== 'g' && verb !== 'e') continue;
      // As far down its path as the dice say, and then something of another kind.
      const segments = place.split('.').filter((one) => one !== '@parsed');
      const depth = roll(segments.length);
      let owner = globalThis.__page;
      segments.slice(0, depth + 1).forEach((segment, index) => {
        const name = segment.split('(')[0];
        const called = segment.includes('(');
        const value = index === depth ? any() : {};
        laid.push(`${place}: ${name}`);
        try {
          if (index === depth) {
            if (roll(8) === 0) Object.defineProperty(owner, name, { configurable: true, enumerable: true, get: threw });
            else owner[name] = called && roll(2) ? () => value : value;
          } else if (typeof owner[name] !== 'object' || owner[name] === null) {
            owner[name] = called ? () => value : value;
            owner = value;
          } else owner = owner[name];
        } catch {
          // Laid over by something worse.
        }
      });
    }
    const began = Date.now();
    try {
      const text = look(program, heard);
      const lines = core.explain(bridge, text).split('\n').slice(1);
      // The first letter is tracking's, from the default category.
      for (const line of lines) if (/^\S+\t\w+\tg/.test(line)) bad.push(`a yes: ${line.slice(0, 120)} from ${laid.slice(0, 6)}`);
      core.looked(bridge, text, 0, 1);
      if (text.length > 5e6) bad.push(`${text.length} letters from ${laid.slice(0, 6)}`);
    } catch (error) {
      bad.push(`threw ${String(error).slice(0, 200)} from ${laid.slice(0, 6)}`);
    }
    if (Date.now() - began > 3000) bad.push(`took ${Date.now() - began} ms: ${laid.slice(0, 6)}`);
  }
  return { done, bad, said: said.length };
}

test('whatever stands where a consent manager should: nothing throws, nothing hangs, nothing is a yes', async () => {
  const { done, bad } = await node.page.evaluate(hostile, [SEED, 2000, Date.now() + SECONDS * 1000]);
  assert.deepEqual(bad, [], `of ${done} runs of FUZZ_SEED=${SEED}`);
  assert.ok(done >= 2000);
  console.log(`${done} runs of seed ${SEED}`);
});
