// Adapters of the site's own, in a page with the real SDK: one made of data alone, one with a
// `read`, in the tag; one that throws, that gives nonsense, that is none; beside a built-in one.
// What a reader owes is checked by the exported suite (tests/wasm/own-adapter.test.mjs).

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { ENGINE, PAGES, noPageError, nothingSent, nothingStored, nothingWritten, open, sentTimes, swept } from './harness/index.mjs';

let harness;
before(async () => {
  harness = await open();
});
after(() => harness.close());

const script = (code) => `<script>${code}</script>`;
const early = { calls: [['track', 'Early']] };
const asked = (v) => v.asked.filter(({ url }) => url.endsWith('/dist/adapter.js')).length;

const DATA = { id: 'shop', event: 'shop-consent', target: 'document', cookie: 'shop_consent', granted: 'yes', denied: 'no' };
const say = (v, word) => v.page.evaluate((given) => {
  document.cookie = `shop_consent=${given}; path=/; max-age=9999`;
  document.dispatchEvent(new CustomEvent('shop-consent'));
}, word);

// A consent manager of the site's own, and the adapter for it.
const ACME = `
  const heard = new Set();
  const state = JSON.parse(localStorage.acme ?? '{"answered":false,"allowed":{}}');
  window.Acme = {
    state: () => state,
    on: (f) => heard.add(f), off: (f) => heard.delete(f), heard,
    say(allowed) { Object.assign(state, { answered: true, allowed }); localStorage.acme = JSON.stringify(state); heard.forEach((f) => f()); },
  };`;
const ADAPTER = (read) => `
  window.__own = {
    id: 'acme', category: 'stats',
    probes: { state: ['global', 'Acme.state()'], kept: ['local', 'acme', 'json'] },
    listens: [['call', 'Acme.on', [{}], { off: 'Acme.off', offArgs: [{}] }]],
    read: ${read},
  };`;
const READ = `({ state, kept }) => state ? { answered: state.answered, categories: state.allowed } : kept && { live: false, categories: kept.allowed }`;

describe('an adapter of the site\'s own', { concurrency: PAGES }, () => {
  test('of data alone: yes, reload, withdrawal, yes again', () =>
    harness.during({ connect: { cmp: DATA }, ...early }, async (v) => {
      await v.until({ code: 'cmp-looking' });
      await v.settle(400);
      nothingSent(v);
      nothingWritten(v);
      await say(v, 'yes');
      await v.until({ consent: 'granted', mode: 'on', cmp: 'shop' });
      await v.settle(500);
      sentTimes(v, { Early: 1 });
      let since = v.mark();
      await v.reload();
      await v.until({ consent: 'granted', mode: 'on' });
      await v.settle(500);
      sentTimes(v, { Early: 1 }, since);
      const [source] = await v.page.evaluate(async () => (await window.__bridge.explain()).sources.map(({ cmp, live, categories, others }) => ({ cmp, live, categories, others })));
      assert.deepEqual(source, { cmp: 'shop', live: false, categories: {}, others: 'granted' });
      await say(v, 'no');
      since = v.mark();
      await v.until({ consent: 'denied', mode: 'off' });
      await v.call('track', 'Unwanted');
      await v.settle(700);
      nothingSent(v, since);
      await swept(v);
      await say(v, 'yes');
      await v.until({ consent: 'granted', mode: 'on' });
      await say(v, 'perhaps');
      await v.until({ consent: 'unset', mode: 'off', code: 'cmp-unreadable' });
      assert.equal((await v.page.evaluate(() => window.__bridge.receipts().map(({ event, cmp }) => `${event} ${cmp}`))).at(-1), 'given shop');
      noPageError(v);
    }));

  test('with a read: what it calls back for, each feature by its category, and what is stored before it comes', () =>
    harness.during({ head: script(ACME + ADAPTER(READ)), connect: { category: { tracking: 'stats', profile: ['stats', 'people'] } }, ...early }, async (v) => {
      await v.until({ code: 'cmp-asking', cmp: 'acme' });
      assert.equal(await v.page.evaluate(() => Acme.heard.size), 1);
      await v.page.evaluate(() => Acme.say({ stats: true, people: false }));
      await v.until({ consent: 'granted', mode: 'on' });
      assert.deepEqual(await v.page.evaluate(async () => { const { tracking, profile } = (await window.__bridge.explain()).gate; return [tracking, profile]; }), ['pass', 'drop']);
      await v.page.evaluate(() => Acme.say({ stats: false, people: false }));
      await v.until({ consent: 'denied', mode: 'off' });
      await v.page.evaluate(() => Acme.say({ stats: true, people: true }));
      await v.until({ consent: 'granted', mode: 'on' });
      // The next page's own script is late; what it kept is there.
      await v.page.evaluate(() => window.__bridge.disconnect());
      await v.page.waitForFunction(() => Acme.heard.size === 0);
      noPageError(v);
    }));

  test('what an event alone tells, while its dialog is open and after, by the fields that are kept', () =>
    harness.during({
      head: script(`window.__own = {
        id: 'acme', category: 'stats', probes: { told: ['heard', 'told'] },
        listens: [['window', 'acme', { heard: 'told', keep: ['detail.open', 'detail.allowed.stats'] }]],
        read: ({ told }) => told['detail.open'] ? { trouble: 'asking' } : { categories: { stats: told['detail.allowed.stats'] } },
      };
      window.tell = (open, stats) => dispatchEvent(new CustomEvent('acme', { detail: { open, allowed: { stats, ads: 'not kept' } } }));`),
      connect: {}, ...early,
    }, async (v) => {
      await v.until({ code: 'cmp-looking' });
      await v.page.evaluate(() => tell(true, true));
      await v.until({ consent: 'unset', code: 'cmp-asking', cmp: 'acme' });
      await v.page.evaluate(() => tell(false, true));
      await v.until({ consent: 'granted', mode: 'on' });
      assert.ok(!(await v.explain()).includes('not kept'));
      await v.page.evaluate(() => tell(false, false));
      await v.until({ consent: 'denied', mode: 'off' });
      noPageError(v);
    }));

  test('the stored answer is read before the script is there, and the live one wins', () =>
    harness.during({
      head: script(ADAPTER(READ)), connect: {}, seed: { local: { acme: '{"answered":true,"allowed":{"stats":true}}' } }, ...early,
    }, async (v) => {
      await v.until({ consent: 'granted', mode: 'on', cmp: 'acme' });
      await v.page.evaluate((acme) => { localStorage.acme = '{"answered":true,"allowed":{"stats":false}}'; (0, eval)(acme); }, ACME);
      await v.until({ consent: 'denied', mode: 'off' });
    }));

  for (const [what, read, told] of [
    ['throws', `() => { throw new TypeError('no such field'); }`, 'no such field'],
    ['gives a text', `() => 'granted'`, 'neither an object'],
    ['gives a promise', `async () => true`, 'read() gave'],
    ['gives a word that is no answer', `() => ({ categories: { stats: 'yes' } })`, 'the answer `yes`'],
    ['has a getter that throws', `() => ({ get categories() { throw new Error('inside'); } })`, 'inside'],
  ])
    test(`a read that ${what}: shut, and told once`, () =>
      harness.during({ head: script(ACME + ADAPTER(read)), connect: {}, ...early }, async (v) => {
        await v.until({ consent: 'unset', mode: 'off', code: 'cmp-unreadable' });
        await v.page.evaluate(() => Acme.say({ stats: true }));
        await v.settle(1_400);
        nothingSent(v);
        nothingWritten(v);
        const lines = v.console.filter(({ text }) => text.includes('adapter-threw'));
        assert.equal(lines.length, 1, JSON.stringify(v.console));
        assert.ok(lines[0].text.includes(told), lines[0].text);
        noPageError(v);
      }));

  test('what is no adapter: shut, and a sentence says what would be one', () =>
    harness.during({ head: script('window.__own = { event: "x", cooky: "y", granted: 1, denied: 0 };'), connect: {}, ...early }, async (v) => {
      await v.until({ code: 'cmp-unreadable', mode: 'off' });
      assert.ok(v.console.some(({ text }) => text.includes('adapter-invalid') && text.includes('`cooky`') && text.includes('cookie')), JSON.stringify(v.console));
      await nothingStored(v);
      noPageError(v);
    }));

  const RULES = (preview) => `
    window.__own = {
      id: 'acme', category: 'stats',
      probes: { state: { global: 'Acme.state()' }, preview: { global: 'Acme.preview' }, kept: ['local', 'acme', 'json'] },
      listens: [['call', 'Acme.on', [{}], { off: 'Acme.off', offArgs: [{}] }]],
      rules: [
        { from: 'running', if: 'state.answered is true or ${preview}', answers: { by: 'visitor', each: 'state.allowed', name: 'key', value: 'itself' } },
        { from: 'running', if: 'state.answered is false', then: 'unset' },
        { from: 'running', if: 'state is there', then: 'unreadable' },
        { from: 'stored', if: 'kept.answered is true', answers: { by: 'visitor', each: 'kept.allowed', name: 'key', value: 'itself' }, others: 'unset' },
      ],
    };`;
  const rules = (v) => v.asked.filter(({ url }) => url.endsWith('/dist/rules.js')).length;

  test('with rules in words: a yes, a no, and what is stored', () =>
    harness.during({ head: script(ACME + RULES('preview is true')), connect: {}, ...early }, async (v) => {
      await v.until({ code: 'cmp-asking', cmp: 'acme' });
      nothingSent(v);
      nothingWritten(v);
      await v.page.evaluate(() => Acme.say({ stats: true, people: false }));
      await v.until({ consent: 'granted', mode: 'on', cmp: 'acme' });
      await v.settle(500);
      sentTimes(v, { Early: 1 });
      await v.page.evaluate(() => Acme.say({ stats: false }));
      await v.until({ consent: 'denied', mode: 'off' });
      assert.equal(rules(v), 1);
      noPageError(v);
    }));

  // Under a negation what the core does not know would hold.
  test('with a rule that is misspelt under a negation: shut, and what there is is said', () =>
    harness.during({ head: script(ACME + RULES('preview is not ture')), connect: {}, ...early }, async (v) => {
      await v.until({ code: 'cmp-unreadable', mode: 'off' });
      await v.page.evaluate(() => Acme.say({ stats: true }));
      await v.settle(1_200);
      nothingSent(v);
      nothingWritten(v);
      assert.ok(v.console.some(({ text }) => text.includes('adapter-invalid') && text.includes('Rule 1: `is not ture`') && text.includes('is [not] true')), JSON.stringify(v.console));
      noPageError(v);
    }));

  // The IAB's strings, decoded by a chunk that comes when one is there; of the fixtures of TCF, and a national GPP section.
  const stored = (name) => JSON.parse(readFileSync(new URL(`../fixtures/iab-tcf/${name}.json`, import.meta.url), 'utf8')).snapshot['cookie:euconsent-v2'];
  const [TC_YES, TC_NO] = [stored('stored-accept'), stored('stored-reject')];
  const [OPTED_OUT, NOT_OPTED_OUT] = ['DBABLA~BVQVAAAAAgA.QA', 'DBABLA~BVQqAAAAAABY.QA'];
  const texts = (v) => v.asked.filter(({ url }) => url.endsWith('/dist/texts.js')).length;
  const keep = (v, tc, gpp) => v.page.evaluate(([cookie, local]) => {
    document.cookie = `acme_tc=${cookie}; path=/; max-age=9999`;
    localStorage.setItem('acme_gpp', local);
  }, [tc, gpp]);
  for (const [what, probes, says] of [
    ['a read', `{ tc: ['cookie', 'acme_tc', 'tc'], gpp: ['local', 'acme_gpp', 'gpp'] }`, `read: ({ tc, gpp }) => {
      if (tc instanceof Error || gpp instanceof Error) throw tc;
      window.__found = { tc, gpp };
      return gpp?.optedOut ? { live: false, categories: { 8: false } } : tc && { live: false, categories: tc.purposes, others: false };
    }`],
    ['rules in words', `{ tc: { cookie: 'acme_tc', form: 'tc' }, gpp: { local: 'acme_gpp', form: 'gpp' } }`, `rules: [
      { from: 'stored', if: 'gpp.optedOut is true', then: 'denied' },
      { from: 'stored', if: 'tc.purposes is a map', answers: { by: 'visitor', each: 'tc.purposes', name: 'key', value: 'itself' }, others: 'denied' },
      { from: 'stored', if: 'tc is there', then: 'unreadable' },
    ]`],
  ]) {
    const head = script(`window.__own = { id: 'acme', category: '8', probes: ${probes}, ${says} };`);
    test(`a TC and a GPP string by ${what}: a yes, an opt-out, a no; cut off, it is shut`, () =>
      harness.during({ head, connect: {}, ...early }, async (v) => {
        await v.until({ code: 'cmp-looking' });
        assert.equal(texts(v), 0, 'what decodes them is not fetched before there is one');
        nothingSent(v);
        await keep(v, TC_YES, NOT_OPTED_OUT);
        await v.until({ consent: 'granted', mode: 'on', cmp: 'acme' });
        await v.settle(500);
        sentTimes(v, { Early: 1 });
        assert.equal(texts(v), 1);
        if (what === 'a read') {
          const { tc, gpp } = await v.page.evaluate(() => window.__found);
          assert.deepEqual([typeof tc.cmpId, tc.purposes[8], gpp.optedOut], ['number', true, false]);
        }
        await keep(v, TC_YES, OPTED_OUT);
        await v.until({ consent: 'denied', mode: 'off' });
        await keep(v, TC_YES, NOT_OPTED_OUT);
        await v.until({ consent: 'granted', mode: 'on' });
        await keep(v, TC_NO, NOT_OPTED_OUT);
        await v.until({ consent: 'denied', mode: 'off' });
        await keep(v, TC_YES.slice(0, 12), NOT_OPTED_OUT);
        await v.until({ mode: 'off', code: 'cmp-unreadable' });
        noPageError(v);
      }));

    test(`a TC string by ${what}, and what decodes it does not come: shut, and said once`, () =>
      harness.during({ head, connect: {}, block: ['**/dist/texts.js'], ...early }, async (v) => {
        await v.until({ code: 'cmp-looking' });
        await keep(v, TC_YES, NOT_OPTED_OUT);
        await v.until({ mode: 'off', consent: 'unset', code: 'cmp-unreadable' });
        await v.settle(400);
        assert.equal(v.console.filter(({ text }) => text.includes('texts-unavailable')).length, 1, JSON.stringify(v.console));
        nothingSent(v);
        nothingWritten(v);
        noPageError(v);
      }));
  }

  test('beside a built-in one, the stricter holds, and it is said', () =>
    harness.during({ cmp: 'klaro', head: script(`${ACME}${ADAPTER(READ)}window.__own = ['klaro', window.__own];`), connect: { category: undefined }, ...early }, async (v) => {
      await v.answer('yes', { by: 'api' });
      await v.page.evaluate(() => Acme.say({ stats: true }));
      await v.until({ consent: 'granted', mode: 'on' });
      await v.page.evaluate(() => Acme.say({ stats: false }));
      await v.until({ consent: 'denied', mode: 'off', code: 'cmp-disagree', cmp: 'acme' });
    }));

  test('in the tag, as JSON', () =>
    harness.during({ form: 'tag', connect: { cmp: DATA }, ...early }, async (v) => {
      await v.until({ code: 'cmp-looking' });
      nothingSent(v);
      await say(v, 'yes');
      await v.until({ consent: 'granted', mode: 'on', cmp: 'shop' });
      await v.settle(500);
      sentTimes(v, { Early: 1 });
    }));

  test('only a site that brings one loads what it takes; where that does not come, it is shut', async () => {
    await harness.during({ cmp: 'klaro', connect: { cmp: 'klaro' } }, async (v) => {
      await v.until({ code: 'cmp-asking' });
      assert.equal(asked(v), 0);
    });
    await harness.during({ head: script(ACME + RULES('preview is true')), connect: {}, block: ['**/dist/rules.js'], ...early }, async (v) => {
      await v.page.evaluate(() => Acme.say({ stats: true }));
      await v.until({ code: 'core-unavailable', mode: 'off' });
      nothingSent(v);
    });
    await harness.during({ connect: { cmp: DATA }, block: ['**/dist/adapter.js'], ...early }, async (v) => {
      await say(v, 'yes');
      await v.until({ code: 'core-unavailable', mode: 'off' });
      // DIFFERENCE: Firefox and WebKit themselves ask again where a connection breaks.
      assert.ok(asked(v) === 1 || (ENGINE !== 'chromium' && asked(v) > 1), String(asked(v)));
      nothingSent(v);
    });
  });
});
