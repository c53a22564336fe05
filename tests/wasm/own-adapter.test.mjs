// Adapters of a site's own through the exported suite, in Node, with the shipped core: a good
// one passes, and for each thing that a reader owes there is one that does not owe it, and
// fails. What they do in a page is in tests/browser/own-adapter.test.mjs.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { adapters, at } from '../../tools/lib.mjs';

const { checkAdapter, fixturesIn } = await import('../../dist/testing.js');
const { compile } = await import('../../dist/rules.js');

/** A consent manager that there is not. */
const ACME = {
  id: 'acme',
  probes: { state: ['global', 'Acme.state()'], kept: ['cookie', 'acme', 'json'] },
  listens: [['window', 'acme-changed'], ['call', 'Acme.on', ['change', {}], { off: 'Acme.off', offArgs: ['change', {}] }]],
  read({ state, kept }) {
    if (state === undefined) {
      if (!kept || kept instanceof Error) return kept && { live: false, trouble: 'unreadable' };
      return typeof kept.when == 'number' && kept.allowed ? { live: false, categories: kept.allowed } : { live: false, trouble: 'unreadable' };
    }
    if (state instanceof Error || !state || typeof state.answered != 'boolean') return { trouble: 'unreadable' };
    if (!state.ready) return { trouble: 'not-ready' };
    if (state.open) return { trouble: 'asking' };
    if (state.old) return { trouble: 'expired' };
    return { answered: state.answered || state.law === 'opt-out', implied: !state.answered, categories: state.allowed };
  },
};

const on = (state, more = {}) => ({ 'global:Acme.state()': { ready: true, answered: true, law: 'opt-in', ...state }, ...more });
const fixture = (snapshot, answers, more = {}) => ({
  version: '1', captured: '2026-11-23', by: 'Acme.show()', snapshot, expect: answers && { live: true, answers, ...more },
});
const kept = (analytics) => ({ 'cookie:acme': encodeURIComponent(JSON.stringify({ when: 5, allowed: { analytics, ads: analytics } })) });
const FIXTURES = {
  'not-answered': fixture(on({ answered: false, allowed: { analytics: false, ads: false } }), { analytics: 'unset', ads: 'unset' }),
  'accept-all': fixture(on({ allowed: { analytics: true, ads: true } }), { analytics: 'granted', other: null }),
  'reject-all': fixture(on({ allowed: { analytics: false, ads: false } }), { analytics: 'denied' }),
  'statistics-only': fixture(on({ allowed: { analytics: true, ads: false } }), { analytics: 'granted', ads: 'denied' }),
  'all-but-statistics': fixture(on({ allowed: { analytics: false, ads: true } }), { analytics: 'denied', ads: 'granted' }),
  'implied-open': fixture(on({ answered: false, law: 'opt-out', allowed: { analytics: true } }), { analytics: 'implied-granted' }),
  'implied-closed': fixture(on({ answered: false, law: 'opt-out', allowed: { analytics: false } }), { analytics: 'implied-denied' }),
  expired: fixture(on({ old: true, allowed: { analytics: true } }), { analytics: 'unset' }, { note: 'expired' }),
  'changed-mind': fixture(on({ allowed: { analytics: false } }), { analytics: 'denied' }),
  'stored-accept': fixture(kept(true), { analytics: 'granted' }, { live: false }),
  'stored-reject': fixture(kept(false), { analytics: 'denied' }, { live: false }),
  'stored-default': 'Nothing is stored before the visitor has answered.',
  early: fixture(on({ ready: false, allowed: { analytics: true } }), { analytics: 'unset' }, { note: 'not-ready' }),
  open: fixture(on({ open: true, allowed: { analytics: true } }), { analytics: 'unset' }, { note: 'asking' }),
  'not-ready': fixture(on({ ready: false }), { analytics: 'unset' }, { note: 'not-ready' }),
  'throws': fixture({ 'global:Acme.state()': { $thrown: true } }, { analytics: 'unset' }, { note: 'unreadable' }),
};

const fails = (adapter, fixtures, expected, options) =>
  assert.rejects(checkAdapter(adapter, fixtures, options), (error) => {
    assert.match(error.message, expected);
    return true;
  });
const readAs = (read) => ({ ...ACME, read });

describe('the exported suite', () => {
  test('a good adapter passes, and the table has a line for each situation', async () => {
    const { checks, table } = await checkAdapter(ACME, FIXTURES);
    assert.ok(checks > 500, String(checks));
    assert.equal(table.split('\n').length, 13);
    assert.match(table, /^there before its state +u$/m);
    assert.match(table, /^accept all +G$/m);
    assert.match(table, /^regional default open +g$/m);
  });

  test('a situation without a fixture needs a reason, and a reason is a sentence', async () => {
    const { expired, ...rest } = FIXTURES;
    await fails(ACME, rest, /expired: no fixture, and no reason/);
    await fails(ACME, { ...rest, expired: 'no' }, /expired: `no` is no reason/);
    await checkAdapter(ACME, { ...rest, expired: 'The product never takes an answer back by itself.' });
    for (const situation of ['stored-default', 'early']) {
      const { [situation]: without, ...others } = FIXTURES;
      await fails(ACME, others, new RegExp(`${situation}: no fixture, and no reason`));
    }
    await fails(ACME, { ...FIXTURES, sometimes: 'The product never takes an answer back by itself.' }, /sometimes: a reason for a situation that there is not/);
  });

  for (const [what, read, expected] of [
    ['takes a default for a choice', (found) => ({ ...ACME.read(found), implied: false }), /implied-open: analytics is `G`/],
    ['takes what is there before its state for an answer', ({ state, kept: k }) => ACME.read({ state: state instanceof Error || !state ? state : { ...state, ready: true }, kept: k }), /early: analytics is `G`/],
    ['takes what its open dialog hands out for an answer', ({ state, kept: k }) => ACME.read({ state: state instanceof Error || !state ? state : { ...state, open: false }, kept: k }), /open: no trouble, and it should be asking/],
    ['does not see what is stored', ({ state }) => (state === undefined ? null : ACME.read({ state })), /stored-accept: not seen/],
    ['says stored for live', (found) => { const said = ACME.read(found); return said && { ...said, live: false }; }, /accept-all: stored, and it should be live/],
    ['opens for what it does not know', ({ state }) => (state === undefined ? null : { others: state.answered !== false }), /a yes/],
    ['trusts a cookie that is not whole', ({ state, kept: k }) => (state === undefined && k instanceof Error ? { live: false, others: true } : ACME.read({ state, kept: k })), /cut to .*a yes/],
    ['throws', () => { throw new Error('oh'); }, /accept-all: analytics is `u`.*oh/],
    ['gives nonsense', () => ({ granted: true }), /read\(\) gave `granted`/],
    ['gives a text for an answer', () => ({ categories: { analytics: 'yes' } }), /read\(\) gave the answer `yes`/],
    ['remembers', (() => { let n = 0; return (found) => (n++ % 2 ? ACME.read(found) : null); })(), /two looks|not seen/],
    ['believes any key', ({ state, kept: k }) => {
      const said = ACME.read({ state, kept: k });
      for (const inner of Object.values(said?.categories ?? {})) if (inner?.analytics) return { ...said, categories: { analytics: true } };
      return said;
    }, /keys like __proto__ change `analytics` from denied to granted/],
  ]) test(`a reader that ${what} fails`, () => fails(readAs(read), FIXTURES, expected));

  test('a fixture that no place looks at, or that says nothing of itself, fails', async () => {
    await fails(ACME, { ...FIXTURES, odd: fixture({ 'cookie:other': 'x' }, null) }, /odd: no place of the adapter is `cookie:other`/);
    const { by, ...silent } = FIXTURES['accept-all'];
    await fails(ACME, { ...FIXTURES, 'accept-all': silent }, /accept-all: says its `version`/);
  });

  test('a situation may be excused, with a sentence', async () => {
    const fixtures = { ...FIXTURES, 'reject-all': FIXTURES['accept-all'] };
    await fails(ACME, fixtures, /reject-all: analytics is `G`/);
    await checkAdapter(ACME, fixtures, { except: { 'reject-all': 'This is only a test of the exception itself.' } });
    await fails(ACME, fixtures, /reject-all: analytics is `G`/, { except: { 'reject-all': 'so' } });
  });

  for (const [what, adapter, expected] of [
    ['no object', 7, /is an object/],
    ['a misspelt part', { ...ACME, listen: [] }, /no `listen`; it may have/],
    ['no id', { ...ACME, id: undefined }, /`id`/],
    ['an id that no record could hold', { ...ACME, id: 'Acme CMP' }, /`id`/],
    ['no places', { ...ACME, probes: {} }, /`probes`/],
    ['an event whose fields have no name', { ...ACME, listens: [['window', 'a', { keep: ['detail'] }]] }, /both, or neither/],
    ['an event whose fields are no list', { ...ACME, listens: [['document', 'a', { heard: 'a', keep: 'detail' }]] }, /both, or neither/],
    ['a call with the fields where arguments are', { ...ACME, listens: [['call', 'a.on', { heard: 'a', keep: [] }]] }, /What is listened to is/],
    ['fields of a call that is only followed', { ...ACME, listens: [['after', 'a.set', { heard: 'a', keep: [] }]] }, /What is listened to is/],
    ['a verb that there is not', { ...ACME, probes: { a: ['session', 'x'] } }, /place `a` begins with one of global/],
    ['a form that there is not', { ...ACME, probes: { a: ['cookie', 'x', 'yaml'] } }, /place `a` ends with/],
    ['a rank that there is not', { ...ACME, rank: 'first' }, /`rank`/],
    ['both read and rules', { ...ACME, rules: [{ from: 'stored', if: 'state is there', then: 'granted' }] }, /either `read`/],
    ['rules in the core\'s own notation', { ...ACME, read: undefined, rules: '+ a=true !b=true > all G' }, /`rules` is a list of rules in words/],
    ['no rules', { ...ACME, read: undefined, rules: [] }, /`rules` is a list of rules in words/],
    ['neither', { ...ACME, read: undefined }, /either `read`/],
    ['a listener that there is not', { ...ACME, listens: [['body', 'x']] }, /listened to/],
    ['data with two places', { path: 'a', cookie: 'b', granted: 1, denied: 0 }, /One of `path`, `cookie` and `local`/],
    ['data with one value for both', { cookie: 'b', granted: '1', denied: ['0', '1'] }, /stands in two/],
    ['data without a no', { cookie: 'b', granted: '1' }, /`granted` and `denied`/],
    ['control characters', { ...ACME, read: undefined, rules: [{ from: 'stored', if: "state is '\u0001'", then: 'granted' }] }, /`if` is a text/],
  ]) test(`${what}: said in a sentence`, () => fails(adapter, FIXTURES, expected));

  test('an adapter of data alone: a cookie, a path, a field of JSON', async () => {
    const none = 'One answer for everything: the dialog has no categories and no defaults.';
    const rest = Object.fromEntries(['statistics-only', 'all-but-statistics', 'implied-open', 'implied-closed', 'expired', 'stored-default', 'early'].map((name) => [name, none]));
    const all = (snapshot, answer, live) => ({ ...fixture(snapshot, { all: answer }), expect: { live, answers: { all: answer } } });
    for (const [adapter, key, yes, no, open, live] of [
      [{ cookie: 'choice', event: 'choice-made', granted: ['yes', 'oui'], denied: 'no' }, 'cookie:choice', 'oui', 'no', '', false],
      [{ path: 'shop.consent', target: 'document', event: 'c', granted: true, denied: false, unset: 'later' }, 'global:shop.consent', true, false, 'later', true],
      [{ local: 'choice', field: 'stats.on', granted: 1, denied: 0 }, 'local:choice', '{"stats":{"on":1}}', '{"stats":{"on":0}}', '{"stats":{}}', false],
      // Types as they come, and lists of what was accepted.
      [{ cookie: 'choice', granted: true, denied: false }, 'cookie:choice', 'true', 'false', '', false],
      [{ local: 'choice', field: 'analytics', granted: 'true', denied: 'false' }, 'local:choice', '{"analytics":true}', '{"analytics":false}', '{}', false],
      [{ local: 'choice', field: 'accepted', granted: ['stats', 'analytics'], denied: 'none' }, 'local:choice', '{"accepted":["necessary","stats"]}', '{"accepted":["necessary"]}', '{}', false],
      [{ cookie: 'choice', granted: 'analytics', denied: 'none' }, 'cookie:choice', '%5B%22necessary%22%2C%22analytics%22%5D', '%5B%22necessary%22%5D', '', false],
    ]) {
      const { checks } = await checkAdapter({ id: 'own', ...adapter }, {
        ...rest,
        'not-answered': all({ [key]: open }, 'unset', live),
        'accept-all': all({ [key]: yes }, 'granted', live),
        'reject-all': all({ [key]: no }, 'denied', live),
        'changed-mind': all({ [key]: no }, 'denied', live),
        'stored-accept': live ? none : all({ [key]: yes }, 'granted', false),
        'stored-reject': live ? none : all({ [key]: no }, 'denied', false),
        nonsense: { ...all({ [key]: live ? 'perhaps' : '"perhaps' }, 'unset', live), expect: { live: true, note: 'unreadable', answers: { all: 'unset' } } },
      });
      assert.ok(checks > 50, String(checks));
    }
  });

  // The same files, given from outside, in the words in which they are written.
  test('built-in adapters as if they were a site\'s own', async () => {
    const listed = await adapters();
    const told = { w: 'window', d: 'document', t: 'after' };
    const why = {
      cookieyes: { 'implied-closed': 'a law that closes some categories leaves this one open' },
      klaro: { 'implied-open': 'services that open stand beside one that does not' },
    };
    for (const id of ['cookieyes', 'klaro', 'cookiebot', 'didomi', 'iab-tcf']) {
      const { category, rank, listens, words } = listed.find((one) => one.id === id);
      const adapter = {
        id, category, rank,
        probes: Object.fromEntries(words.places),
        listens: listens.map(([verb, place, args, heard, keep, off, offArgs]) => (
          verb === 'c' ? ['call', place, args, { ...(heard && { heard, keep }), off, offArgs }] : [told[verb], place, ...(heard ? [{ heard, keep }] : [])])),
        rules: words.rules,
      };
      await checkAdapter(adapter, await fixturesIn(at('tests', 'fixtures', id)), { except: why[id] });
    }
  });
});

describe('rules in words', () => {
  test('every built-in adapter is compiled to what the build made of it', async () => {
    let rules = 0;
    for (const { id, words, rules: made } of await adapters()) {
      if (!words.rules) continue;
      assert.equal(compile(Object.fromEntries(words.places), words.rules), made.trim(), id);
      rules += words.rules.length;
    }
    assert.ok(rules > 250, String(rules));
  });

  test('every word and every mistake is taken as the build takes it', async () => {
    const { places, cases } = JSON.parse(readFileSync(at('tests', 'cmp', 'words.json'), 'utf8'));
    for (const { rule, compact, says } of cases) {
      const told = JSON.stringify(rule);
      if (says === undefined) assert.equal(compile(Object.fromEntries(places), [rule]), compact, told);
      else assert.throws(() => compile(Object.fromEntries(places), [rule]), (error) => error.message.startsWith('Rule 1: ') && error.message.includes(says), `${told}: ${says}`);
    }
    assert.ok(cases.length > 120, String(cases.length));
  });

  // A preview page must never count as an answer.
  const none = 'One answer for everything: the dialog has no categories, defaults or storage.';
  const rest = Object.fromEntries(['not-answered', 'statistics-only', 'all-but-statistics', 'implied-open', 'implied-closed', 'expired', 'changed-mind', 'reject-all', 'stored-accept', 'stored-reject', 'stored-default', 'early'].map((name) => [name, none]));
  const shop = (...rules) => ({ id: 'shop', category: 'all', probes: { yes: ['global', 'shop.yes'], preview: { global: 'shop.preview' } }, rules });
  const page = (preview) => ({ 'global:shop.yes': true, 'global:shop.preview': preview });
  const SHOP = { ...rest, 'accept-all': fixture(page(false), { all: 'granted' }), preview: fixture(page(true), null) };

  test('a site\'s own rules decide as its fixtures say', async () => {
    const { checks, table } = await checkAdapter(shop({ from: 'running', if: ['yes is true', 'preview is false'], then: 'granted' }), SHOP);
    assert.ok(checks > 50, String(checks));
    assert.match(table, /^accept all +G$/m);
    // Neither may what is odd at the place open.
    await fails(shop({ from: 'running', if: ['yes is true', 'preview is not true'], then: 'granted' }), SHOP, /preview is null: a yes/);
    await fails(shop({ from: 'running', if: 'yes is true', then: 'granted' }), SHOP, /preview: read, though it should not be seen/);
  });

  // Whatever is misspelt, under a negation or not, and with or without a fixture that would show it.
  const { preview, ...few } = SHOP;
  for (const [what, rule, told] of [
    ['a value', { if: ['yes is true', 'preview is not ture'] }, /Rule 1: `is not ture` is nothing that can be said; there is: is there/],
    ['a place', { if: ['yes is true', 'previw is not true'] }, /Rule 1: there is no place `previw`; the places are yes, preview/],
    ['a negation', { if: ['yes is true', 'preview isnt true'] }, /`isnt true` is nothing/],
    ['the sign of a negation', { if: ['yes is true', '!preview is true'] }, /there is no place `!preview`/],
    ['the core\'s own notation', { if: ['a=true', '!b=true'] }, /there is no place `a=true`/],
    ['a part', { if: 'yes is true', unless: 'preview is true' }, /a rule has no `unless`; it may have from, if, then, answers, others/],
    ['the meaning', { if: 'yes is true', then: 'grant' }, /`then` cannot be `grant`; it may be/],
    ['where it is said', { from: 'live', if: 'yes is true' }, /`from` is running/],
  ])
    test(`${what} misspelt is no adapter, and what there is is said`, async () => {
      const adapter = shop({ from: 'running', then: 'granted', ...rule });
      await fails(adapter, SHOP, told);
      await fails(adapter, few, told);
    });

  test('each condition of each built-in adapter misspelt is no adapter', async () => {
    let misspelt = 0;
    for (const { id, words } of await adapters())
      for (const [at1, rule] of (words.rules ?? []).entries())
        for (const [index, condition] of rule.if.entries())
          for (const [at2, token] of condition.split(' ').entries()) {
            // Steps, fields and what is between quotes are the product's words.
            const [head] = token.split(/[.?]/);
            if (!/^[a-z]{2,}\d*$/i.test(head)) continue;
            const bad = condition.split(' ').map((old, i) => (i === at2 ? `${head.slice(0, -1)}${head.endsWith('q') ? 'z' : 'q'}${token.slice(head.length)}` : old)).join(' ');
            const rules = words.rules.map((one, other) => (other === at1 ? { ...one, if: one.if.map((old, i) => (i === index ? bad : old)) } : one));
            assert.throws(() => compile(Object.fromEntries(words.places), rules), `${id}: ${bad}`);
            misspelt++;
          }
    assert.ok(misspelt > 1000, String(misspelt));
  });

  for (const [what, probes, told] of [
    ['a split in two ways', { yes: { global: 'a', pairs: ',:', list: ',' } }, /one of pairs, list/],
    ['a place with an unknown part', { yes: { global: 'a', pair: ',:' } }, /the place `yes` has no `pair`; it may have global/],
    ['a place with two verbs', { yes: { global: 'a', cookie: 'b' } }, /the place `yes` says one of global/],
    ['a first of places that there are not', { yes: { global: 'a' }, all: { firstOf: ['yes', 'no'] } }, /there is no place `no`/],
    ['a part of what there is not', { yes: { global: 'a' }, inner: { part: 'yess.a' } }, /there is no place `yess`/],
    ['a name that is a word of conditions', { yes: { global: 'a' }, any: { global: 'b' } }, /`any` cannot be the name of a place/],
  ])
    test(`${what}: said in a sentence`, () => fails({ ...shop({ from: 'running', if: 'yes is true', then: 'granted' }), probes }, SHOP, told));

  for (const rules of ['', 0, null, false, {}, [], 'yes is true > granted'])
    test(`rules that are ${JSON.stringify(rules)} are none, and it is said`, () => fails({ ...shop(), rules }, SHOP, /`rules` is a list of rules in words/));

  const heard = (listened, looked) => ({ ...shop({ from: 'running', if: ['yes is true', 'told is not there'], then: 'granted' }), probes: { yes: { global: 'shop.yes' }, told: { heard: looked } }, listens: [['window', 'shop-answered', { heard: listened, keep: ['detail'] }]] });
  test('what is kept under a name that no place looks at, or the other way round, is a misspelt name', async () => {
    await fails(heard('shop', 'shpo'), SHOP, /Nothing is kept as `shpo`: one of `listens` says so by `heard`, and here there is shop/);
    await fails({ ...heard('shop', 'shop'), listens: [] }, SHOP, /Nothing is kept as `shop`/);
    await fails({ ...heard('shop', 'shop'), probes: { yes: { global: 'shop.yes' }, told: { global: 'shop.told' } } }, SHOP, /What is kept as `shop` is looked at by no place/);
  });

  test('places as objects are for rules: a read has no use for parts of texts', () =>
    fails({ id: 'shop', probes: { yes: { global: 'a' } }, read: () => true }, SHOP, /The place `yes` begins with one of global/));
});
