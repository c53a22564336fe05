// Several programs at once, and programs and servers that die: what was acknowledged is there, and
// what is away allows nothing. At length: `npm run test:sigkill`.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { consentLedger } from '../../dist/server.js';
import { no, yes } from './answers.mjs';
import { trial } from './sigkill.mjs';
import { SHARED, program, startStore } from './stores.mjs';

for (const kind of SHARED) {
  describe(`in ${kind}`, () => {
    let store;
    before(async () => { store = await startStore(kind); });
    after(() => store.stop());
    const mode = async (ledger, id, at) => (await ledger.allowed(id, at)).mode;

    it('two programs that write for one person at once lose nothing', async () => {
      const writers = ['a', 'b'].map((tag) => program('writer.mjs', [kind, store.url, 'two-writers', '40', tag]));
      await Promise.all(writers.map((writer) => writer.line((line) => line === 'ready')));
      for (const { child } of writers) child.stdin.write('go\n');
      assert.deepEqual(await Promise.all(writers.map((writer) => writer.end())), [0, 0]);
      const found = (await consentLedger({ store: await store.open() }).history('two-writers')).map(({ cmp }) => cmp).sort();
      assert.deepEqual(found, ['a', 'b'].flatMap((tag) => Array.from({ length: 40 }, (_, n) => `${tag}${n}`)).sort());
    });

    it('several programs that first ask a new store make its tables once', async () => {
      const fresh = await startStore(kind);
      try {
        const opened = await Promise.all(Array.from({ length: 4 }, () => fresh.open()));
        await Promise.all(opened.map((one, n) => consentLedger({ store: one }).record(`p${n}`, yes(1000))));
        for (let n = 0; n < 4; n++) assert.equal(await mode(consentLedger({ store: opened[0] }), `p${n}`), 'on');
      } finally {
        await fresh.stop();
      }
    });

    it('writers and servers that are killed in the middle: nothing that was acknowledged is lost, no withdrawal is not honoured', async () => {
      const { wrong, acknowledged } = await trial(kind, { kills: 6 });
      assert.deepEqual(wrong, []);
      assert.ok(acknowledged > 20, `${acknowledged} answers were acknowledged`);
    });

    if (kind !== 'sqlite')
      it('a server that is killed: nothing is allowed while it is away, and what was recorded is there when it is back', async () => {
        const ledger = consentLedger({ store: await store.open(), timeout: 1000 });
        await ledger.record('away', yes(1000));
        assert.equal(await mode(ledger, 'away'), 'on');
        await store.kill();
        const from = Date.now();
        const shut = await ledger.allowed('away');
        assert.deepEqual([shut.mode, shut.code], ['off', 'ledger-unreachable']);
        assert.ok(Date.now() - from < 4000, 'it answers in bounded time');
        await assert.rejects(ledger.record('away', no(2000)), { code: 'ledger-unreachable' });
        await store.again();
        const back = consentLedger({ store: await store.open() });
        assert.equal(await mode(back, 'away', 1500), 'on');
      });
  });
}
