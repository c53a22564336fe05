// What a page loads of the bridge: the adapters of the consent managers that it names, beside the
// core and not after it; all of them with `auto`, none for a dialog of the site's own; and nothing
// passes where they do not come.
// What was broken to see these fail stands in breaks.mjs.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { PAGES, noPageError, nothingSent, open } from './harness/index.mjs';

let harness;
before(async () => {
  harness = await open();
});
after(() => harness.close());

/** The file of an id's part, as the gate finds it. */
const part = (id) => `cmp-${[...id].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 17}`;
const loaded = (v) => v.asked.map(({ url }) => /\/dist\/(cmp[^/]*)\.js/.exec(url)?.[1]).filter(Boolean).sort();

describe('the chunks of a page', { concurrency: PAGES }, () => {
  for (const [what, cmp, wanted] of [
    ['one that is named', 'onetrust', [part('onetrust')]],
    ['two that are named', ['onetrust', 'didomi'], [part('onetrust'), part('didomi')].sort()],
    ['one beside a dialog of the site\'s own', ['manual', 'klaro'], [part('klaro')]],
    ['auto', undefined, ['cmp']],
    ['a dialog of the site\'s own', 'manual', []],
    ['an adapter of the site\'s own', { cookie: 'shop', granted: 'yes', denied: 'no' }, []],
  ])
    test(`${what}: ${wanted.join(', ') || 'none'}`, () =>
      harness.during({ cmp: undefined, connect: { ...(cmp && { cmp }), cmpTimeout: 300 } }, async (v) => {
        await v.settle(600);
        assert.deepEqual(loaded(v), wanted);
        assert.notEqual((await v.state()).code, 'starting');
        noPageError(v);
      }));

  test('they are asked for before the core has come', () =>
    harness.during({ cmp: undefined, connect: { cmp: 'onetrust' }, slow: [/\/dist\/core\.js/, 800] }, async (v) => {
      await v.page.waitForFunction(() => performance.getEntriesByType('resource').some(({ name }) => /cmp-\d+\.js/.test(name)));
      assert.equal((await v.state()).code, 'starting');
    }));

  for (const [what, given] of [
    ['404', { answerWith: [['**/dist/cmp-*.js', { status: 404, body: 'not here' }]] }],
    ['blocked', { block: ['**/dist/cmp-*.js'] }],
  ])
    test(`they do not come (${what}): shut, and the file is named`, () =>
      harness.during({ cmp: undefined, connect: { cmp: 'onetrust' }, calls: [['track', 'Held']], ...given }, async (v) => {
        await v.until({ code: 'core-unavailable' });
        assert.match((await v.state()).reason, new RegExp(`${part('onetrust')}\\.js`));
        nothingSent(v);
        noPageError(v);
      }));
});
