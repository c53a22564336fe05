// Every function of the server part, each of its arguments and options in turn, given what it is not:
// it takes it, or says what is wrong with a code. No error of the language's or of the module's comes out.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as server from '../../dist/server.js';
import { yes } from './answers.mjs';

const { BridgeError, allowedAt, consentLedger, erase, explainConsent, gate, guard, memory, postgres, readConsent, receiptEndpoint, recordCookie, recordName, redis, retrieve, signRecord, sqlite, verifyRecord } = server;

const WRONG = {
  undefined, null: null, 'a number': 5, 'NaN': NaN, 'a bigint': 5n, 'a text': 'consent.db', 'an empty text': '', true: true, 'a symbol': Symbol('x'),
  'a function': () => {}, 'an empty list': [], 'a list': ['a'], 'an object': {}, 'an object without a prototype': Object.create(null), 'a Date': new Date(0),
};
const KEY = 'k'.repeat(32);
const TOKEN = 'YOUR_PROJECT_TOKEN';
const event = { event: 'Paid', properties: { distinct_id: 'u' } };
const receipt = { event: 'given', at: 1, cmp: 'klaro', consent: { tracking: 'granted', replay: 'granted', profile: 'granted', flags: 'granted' } };
const ledger = () => consentLedger({ store: memory() });
const client = () => ({ send_request() {} });
const pool = { async query() {}, async connect() {} };
const redisClient = { async sendCommand() {} };
const signing = { token: TOKEN, key: KEY };
const job = { projectToken: TOKEN, oauthToken: 'x', distinctIds: ['a'], dryRun: true };
const endpoint = { ledger: { async record() {} }, identify: () => 'a', origins: ['https://shop.example'] };
const headers = { origin: 'https://shop.example', 'content-type': 'application/json' };
const response = { writeHead() {}, end() {} };

/** Each option of a function in turn. */
const each = (names, call) => names.split(' ').map((name) => [name, (wrong) => call({ [name]: wrong })]);
const TERMS = 'implied denied version maxAge';

/** What is called, by what is wrong in it. */
const CALLS = {
  readConsent: [
    ['request', (wrong) => readConsent(wrong)], ['headers', (wrong) => readConsent({ headers: wrong })], ['a header', (wrong) => readConsent({ headers: { cookie: wrong, dnt: [wrong] } })], ['what get() answers', (wrong) => readConsent({ headers: { get: () => wrong } })],
    ['options', (wrong) => readConsent({}, wrong)], ...each('cmp category implied denied gpc dnt token name recordKey recordMaxAge', (options) => readConsent({}, options)),
  ],
  explainConsent: [['request', (wrong) => explainConsent(wrong)], ['options', (wrong) => explainConsent({}, wrong)], ...each('cmp category', (options) => explainConsent({}, options))],
  allowedAt: [['entries', (wrong) => allowedAt(wrong, 5)], ['an entry', (wrong) => allowedAt([wrong], 5)], ['at', (wrong) => allowedAt([], wrong)], ['terms', (wrong) => allowedAt([], 5, wrong)], ...each(TERMS, (terms) => allowedAt([], 5, terms))],
  signRecord: [['value', (wrong) => signRecord(wrong, signing)], ['signing', (wrong) => signRecord('', wrong)], ...each('token name key', (more) => signRecord('', { ...signing, ...more }))],
  verifyRecord: [['value', (wrong) => verifyRecord(wrong, signing)], ['signing', (wrong) => verifyRecord('', wrong)], ...each('token name key', (more) => verifyRecord('', { ...signing, ...more }))],
  recordName: [['token', (wrong) => recordName(wrong)], ['name', (wrong) => recordName(TOKEN, wrong)]],
  recordCookie: [['options', (wrong) => recordCookie(wrong)], ...each('token name key value secure', (more) => recordCookie({ ...signing, value: '', ...more }))],
  consentLedger: [
    ['options', (wrong) => consentLedger(wrong)], ...each(`${TERMS} retention timeout staleness onChange now`, (options) => consentLedger({ store: memory(), ...options })),
    // Without one it is kept in memory, which is said once.
    ['store', (wrong) => consentLedger({ store: wrong ?? memory() })],
    ['the time', (wrong) => consentLedger({ store: memory(), now: () => wrong }).allowed('a')],
    ['record(id)', (wrong) => ledger().record(wrong, receipt)], ['record(what)', (wrong) => ledger().record('a', wrong)], ['record(options)', (wrong) => ledger().record('a', receipt, wrong)],
    ...each('event at cmp consent', (part) => ledger().record('a', { ...receipt, ...part })), ...each('features at cmp answered signed', (part) => ledger().record('a', { ...readConsent({}), ...part })),
    ...each('device version claimed', (options) => ledger().record('a', receipt, options)),
    ['allowed(id)', (wrong) => ledger().allowed(wrong)], ['allowed(at)', (wrong) => ledger().allowed('a', wrong)], ['allowed([at])', (wrong) => ledger().allowed('a', [wrong])],
    ['merge(device)', (wrong) => ledger().merge(wrong, 'a')], ['merge(user)', (wrong) => ledger().merge('a', wrong)],
    ...['ids', 'history', 'export', 'forget', 'heard'].map((name) => [`${name}(id)`, (wrong) => ledger()[name](wrong)]),
  ],
  memory: [['what it does not take', (wrong) => memory(wrong)]],
  sqlite: [['file', (wrong) => sqlite(wrong)]],
  postgres: [['pool', (wrong) => postgres(wrong)], ['options', (wrong) => postgres(pool, wrong)], ...each('prefix', (options) => postgres(pool, options))],
  redis: [['client', (wrong) => redis(wrong)], ['options', (wrong) => redis(redisClient, wrong)], ...each('prefix onWarning', (options) => redis(redisClient, options))],
  gate: [
    ['options', (wrong) => gate(wrong)], ...each('ledger onBlocked late nobody identify keep now', (options) => gate({ ledger: ledger(), ...options })),
    ['filter(items)', (wrong) => gate({ ledger: ledger() }).filter(wrong)], ['filter([item])', (wrong) => gate({ ledger: ledger() }).filter([wrong])], ['check(item)', (wrong) => gate({ ledger: ledger() }).check(wrong)],
    ['person(ids)', (wrong) => gate({ ledger: ledger() }).person(wrong, 'flags')], ['person([id])', (wrong) => gate({ ledger: ledger() }).person([wrong], 'flags')], ['person(feature)', (wrong) => gate({ ledger: ledger() }).person(['a'], wrong)],
    ['what a ledger answers', (wrong) => gate({ ledger: { allowed: () => wrong } }).filter([event])], ['what a ledger answers person()', (wrong) => gate({ ledger: { allowed: () => wrong } }).person(['a'], 'flags')],
    ['whom identify() names', (wrong) => gate({ ledger: ledger(), identify: () => wrong }).filter([event])],
  ],
  guard: [
    ['client', (wrong) => guard(wrong, { ledger: ledger() })], ['options', (wrong) => guard(client(), wrong)],
    ...each('ledger onBlocked late nobody identify keep now holdLimit', (options) => guard(client(), { ledger: ledger(), ...options })), ['flush(timeout)', (wrong) => guard(client(), { ledger: ledger() }).flush(wrong)],
  ],
  erase: [
    ['options', (wrong) => erase(wrong)], ...each('projectToken oauthToken distinctIds ledger person withdraw region host compliance disclosure batch store id onProgress pollEvery giveUpAfter wait signal sleep fetch now', (options) => erase({ ...job, ...options })),
    ['ledger with a person', (wrong) => erase({ ...job, ledger: wrong, person: 'a' })], ['person with a ledger', (wrong) => erase({ ...job, ledger: ledger(), person: wrong })],
  ],
  retrieve: [['options', (wrong) => retrieve(wrong)], ...each('disclosure store', (options) => retrieve({ ...job, ...options }))],
  receiptEndpoint: [
    ['options', (wrong) => receiptEndpoint(wrong)], ...each('ledger identify origins limit version secure onRefused', (options) => receiptEndpoint({ ...endpoint, ...options })),
    ...each('token name key', (options) => receiptEndpoint({ ...endpoint, ...signing, ...options })),
    ['take(request)', (wrong) => receiptEndpoint(endpoint).take(wrong)], ...each('headers method body', (part) => receiptEndpoint(endpoint).take({ headers, ...part })),
    ['fetch(request)', (wrong) => receiptEndpoint(endpoint).fetch(wrong)], ['node(request)', (wrong) => receiptEndpoint(endpoint).node(wrong, response)], ['node(response)', (wrong) => receiptEndpoint(endpoint).node({ headers: {} }, wrong)],
    ['whom identify() names', (wrong) => receiptEndpoint({ ...endpoint, identify: () => wrong }).take({ headers, body: JSON.stringify(receipt) })],
  ],
};

describe('given what it is not, each function says so with a code', () => {
  it('and each function is here', () => {
    const functions = Object.keys(server).filter((name) => !/Error$/.test(name));
    assert.deepEqual(Object.keys(CALLS).sort(), functions.sort());
  });

  for (const [name, calls] of Object.entries(CALLS))
    it(`${name}()`, async () => {
      const raw = [];
      for (const [what, call] of calls)
        for (const [shown, wrong] of Object.entries(WRONG))
          try {
            await call(wrong);
          } catch (error) {
            if (!(error instanceof BridgeError) || !error.message.includes(error.code)) raw.push(`${what}: ${shown}: ${error}`);
          }
      assert.deepEqual(raw, []);
      // What failed in between has left the core as it was.
      assert.match(recordName(TOKEN), /^mixpanel-consent-bridge\./);
    });
});

describe('a store that is none is named, and what was meant', () => {
  for (const [store, meant] of [
    ['consent.db', /it is a text\. Did you mean `sqlite\('consent\.db'\)`\?/], ['', /sqlite\('consent\.db'\)/], [pool, /Did you mean `postgres\(pool\)`/], [redisClient, /Did you mean `redis\(client\)`/],
    [{ prepare() {}, exec() {} }, /Did you mean `sqlite\(database\)`/], [new Map(), /a Map can set and get/], [5, /it is a number\. Use memory\(\)/], [[], /it is a list/], [{}, /it has no read, no append, no link, no forget\. Use/],
  ])
    it(String(meant), () => assert.throws(() => consentLedger({ store }), { code: 'option-invalid', message: meant }));

  it('the password of an address is not shown', () => {
    assert.throws(() => consentLedger({ store: 'postgres://ledger:hunter2@db.internal/consent' }), (error) => error.code === 'option-invalid' && !error.message.includes('hunter2') && error.message.includes('pool'));
  });
});

describe('what is near enough to be taken for something else', () => {
  it('the name of an instance that is no text is refused, and was no place in the module\'s memory', () => {
    for (const name of [5, null, {}]) for (const call of [() => recordName(TOKEN, name), () => recordCookie({ ...signing, name, value: '' }), () => receiptEndpoint({ ...endpoint, ...signing, name })]) assert.throws(call, { code: 'option-invalid', message: /`name`/ });
  });
  it('a record that is no text is none', () => {
    for (const value of [undefined, null, 5]) assert.deepEqual([signRecord(value, signing), verifyRecord(value, signing), recordCookie({ ...signing, value })], [null, false, null]);
  });
  it('an option that is an object is refused, whatever its text, and the core goes on', () => {
    for (const options of [{ cmp: Object.create(null) }, { category: [Object.create(null)] }, { category: { tracking: {} } }, { gpc: Object.create(null) }, { token: {} }]) assert.throws(() => readConsent({}, options), { code: 'option-invalid' });
  });
  it('a history that is no list may have been one with a no', () => {
    for (const entries of [null, undefined, 'granted', { 0: yes(1) }]) assert.deepEqual([allowedAt(entries, 5).mode, allowedAt(entries, 5).code], ['off', 'history-unreadable']);
  });
  it('a function is no client of Redis, and no word stands for true', async () => {
    assert.throws(() => redis(() => {}), { code: 'option-invalid' });
    await assert.rejects(ledger().record('a', receipt, { claimed: 'false' }), { code: 'option-invalid', message: /`claimed`/ });
    assert.throws(() => recordCookie({ ...signing, value: '', secure: 'false' }), { code: 'option-invalid', message: /`secure`/ });
    for (const stores of [() => postgres(pool, { prefx: 'a_' }), () => redis(redisClient, { prefx: 'a:' }), () => recordCookie({ ...signing, value: '', scure: false })]) assert.throws(stores, { code: 'option-unknown' });
  });
  it('a feature that there is none of is a mistake, and no answer of the person\'s', async () => {
    await assert.rejects(gate({ ledger: { allowed: async () => ({ modes: { flags: 'on' }, code: 'granted', reason: '' }) } }).person(['a'], 'flag'), { code: 'option-invalid', message: /tracking, replay, profile, flags/ });
  });
});
