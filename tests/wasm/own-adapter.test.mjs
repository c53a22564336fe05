// Adapters of a site's own through the exported suite, in Node, with the shipped core: a good
// one passes, and for each thing that a reader owes there is one that does not owe it, and
// fails. What they do in a page is in tests/browser/own-adapter.test.mjs.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { adapters, at } from '../../tools/lib.mjs';

const { checkAdapter, fixturesIn } = await import('../../dist/testing.js');

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
    assert.equal(table.split('\n').length, 11);
    assert.match(table, /^accept all +G$/m);
    assert.match(table, /^regional default open +g$/m);
  });

  test('a situation without a fixture needs a reason, and a reason is a sentence', async () => {
    const { expired, ...rest } = FIXTURES;
    await fails(ACME, rest, /expired: no fixture, and no reason/);
    await fails(ACME, { ...rest, expired: 'no' }, /expired: `no` is no reason/);
    await checkAdapter(ACME, { ...rest, expired: 'The product never takes an answer back by itself.' });
    await fails(ACME, { ...FIXTURES, sometimes: 'The product never takes an answer back by itself.' }, /sometimes: a reason for a situation that there is not/);
  });

  for (const [what, read, expected] of [
    ['takes a default for a choice', (found) => ({ ...ACME.read(found), implied: false }), /implied-open: analytics is `G`/],
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
    ['a verb that there is not', { ...ACME, probes: { a: ['session', 'x'] } }, /place `a` begins with one of global/],
    ['a form that there is not', { ...ACME, probes: { a: ['cookie', 'x', 'yaml'] } }, /place `a` ends with/],
    ['a rank that there is not', { ...ACME, rank: 'first' }, /`rank`/],
    ['both read and rules', { ...ACME, rules: '+ a > all G' }, /either `read`/],
    ['neither', { ...ACME, read: undefined }, /either `read`/],
    ['a listener that there is not', { ...ACME, listens: [['body', 'x']] }, /listened to/],
    ['data with two places', { path: 'a', cookie: 'b', granted: 1, denied: 0 }, /One of `path`, `cookie` and `local`/],
    ['data with one value for both', { cookie: 'b', granted: '1', denied: ['0', '1'] }, /stands in two/],
    ['data without a no', { cookie: 'b', granted: '1' }, /`granted` and `denied`/],
    ['control characters', { ...ACME, read: undefined, rules: '+ a > all G\u0001' }, /`rules`/],
  ]) test(`${what}: said in a sentence`, () => fails(adapter, FIXTURES, expected));

  test('an adapter of data alone: a cookie, a path, a field of JSON', async () => {
    const none = 'One answer for everything: the dialog has no categories and no defaults.';
    const rest = Object.fromEntries(['statistics-only', 'all-but-statistics', 'implied-open', 'implied-closed', 'expired'].map((name) => [name, none]));
    const all = (snapshot, answer, live) => ({ ...fixture(snapshot, { all: answer }), expect: { live, answers: { all: answer } } });
    for (const [adapter, key, yes, no, open, live] of [
      [{ cookie: 'choice', event: 'choice-made', granted: ['yes', 'oui'], denied: 'no' }, 'cookie:choice', 'oui', 'no', '', false],
      [{ path: 'shop.consent', target: 'document', event: 'c', granted: true, denied: false, unset: 'later' }, 'global:shop.consent', true, false, 'later', true],
      [{ local: 'choice', field: 'stats.on', granted: 1, denied: 0 }, 'local:choice', '{"stats":{"on":1}}', '{"stats":{"on":0}}', '{"stats":{}}', false],
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

  // The same files, given from outside: rules as text take the path that built-in ones take.
  test('built-in adapters as if they were a site\'s own', async () => {
    const listed = await adapters();
    const verbs = { g: 'global', e: 'entries', c: 'cookie', p: 'cookie-beginning', l: 'local', a: 'local-beginning', h: 'heard' };
    const forms = { r: 'raw', t: 'text', j: 'json', b: 'base64' };
    const told = { w: 'window', d: 'document', t: 'after' };
    const why = {
      cookieyes: { 'implied-closed': 'a law that closes some categories leaves this one open' },
      klaro: { 'implied-open': 'services that open stand beside one that does not' },
    };
    for (const id of ['cookieyes', 'klaro', 'cookiebot', 'didomi', 'iab-tcf']) {
      const { category, rank, probes, listens, rules } = listed.find((one) => one.id === id);
      const adapter = {
        id, category, rank,
        probes: Object.fromEntries(probes.map(([verb, place, more], index) => [
          `p${index}`, [verbs[verb], place, ...(/[cpla]/.test(verb) ? [forms[more]] : more ? [more] : [])],
        ])),
        listens: listens.map(([verb, place, args, heard, keep, off, offArgs]) => (
          verb === 'c' ? ['call', place, args, { heard, keep, off, offArgs }] : [told[verb], place])),
        rules,
      };
      await checkAdapter(adapter, await fixturesIn(at('tests', 'fixtures', id)), { except: why[id] });
    }
  });
});
