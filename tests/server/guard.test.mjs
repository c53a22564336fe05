// The guard around the real Mixpanel Node SDK, and the gate by itself: what reaches a collector
// of this machine, byte by byte, and what does not.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, beforeEach, describe, it } from 'node:test';
import Mixpanel from 'mixpanel';
import { BlockedError, consentLedger, gate, guard, memory } from '../../dist/server.js';
import { no, yes } from './answers.mjs';

const DAY = 86_400_000;
const TOKEN = '0123456789abcdef0123456789abcdef';
const requests = [];
let server;
let answer = '1';

before(async () => {
  server = createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    const body = Buffer.concat(parts).toString();
    const url = new URL(request.url, 'http://x');
    const data = body ? new URLSearchParams(body).get('data') : url.searchParams.get('data');
    requests.push({
      raw: `${request.method} ${request.url}\n${request.rawHeaders.filter((_, n, all) => !/^host$/i.test(all[n - (n % 2)])).join('\n')}\n\n${body}`,
      path: url.pathname, ip: url.searchParams.get('ip'), data: JSON.parse(Buffer.from(data, 'base64').toString()),
    });
    response.end(answer);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
after(() => { server.closeAllConnections(); server.close(); });
beforeEach(() => { requests.length = 0; answer = '1'; });

const client = (config = {}) => Mixpanel.init(TOKEN, { host: `127.0.0.1:${server.address().port}`, protocol: 'http', key: 'legacy', logger: quiet, keepAlive: false, ...config });
const quiet = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };
/** A call of the SDK's, to its callback. */
const called = (call) => new Promise((done) => call((...args) => done(args)));

async function people(entries, options) {
  const ledger = consentLedger({ store: memory(), ...options });
  for (const [id, ...said] of entries) for (const one of said) await ledger.record(id, one);
  return ledger;
}
const settled = async () => {
  for (let n = 0; n < 20; n++) await new Promise((done) => setImmediate(done));
};

describe('a person who said yes', () => {
  // Every way of the SDK to send something, with what it is called with.
  const at = Date.now() - 60_000;
  const acts = [
    ['track', (mp, done) => mp.track('Paid', { distinct_id: 'ann', price: 1.5, nothing: null, list: ['ä', { b: 1 }], time: at }, done)],
    ['track with a Date', (mp, done) => mp.track('Paid', { distinct_id: 'ann', time: new Date(at) }, done)],
    ['track of a device', (mp, done) => mp.track('Seen', { $device_id: 'd1', $user_id: 'ann', time: at }, done)],
    ['track_batch', (mp, done) => mp.track_batch([{ event: 'A', properties: { distinct_id: 'ann', time: at } }, { event: 'B', properties: { distinct_id: 'ann' } }], done)],
    ['track_batch of more than one request', (mp, done) => mp.track_batch(Array.from({ length: 120 }, (_, n) => ({ event: `E${n}`, properties: { distinct_id: 'ann', n } })), { max_concurrent_requests: 1 }, done)],
    ['import', (mp, done) => mp.import('Old', new Date(at), { distinct_id: 'ann' }, done)],
    ['import in seconds', (mp, done) => mp.import('Old', Math.floor(at / 1000), { distinct_id: 'ann' }, done)],
    ['import_batch', (mp, done) => mp.import_batch([{ event: 'A', properties: { distinct_id: 'ann', time: new Date(at) } }], done)],
    ['alias', (mp, done) => mp.alias('ann', 'ann', done)],
    ['people.set', (mp, done) => mp.people.set('ann', { plan: 'x', ip: '1.2.3.4' }, { $time: at }, done)],
    ['people.set_once', (mp, done) => mp.people.set_once('ann', 'first', 'x', {}, done)],
    ['people.increment', (mp, done) => mp.people.increment('ann', 'n', 2, {}, done)],
    ['people.append', (mp, done) => mp.people.append('ann', 'list', 2, {}, done)],
    ['people.union', (mp, done) => mp.people.union('ann', { list: [2] }, {}, done)],
    ['people.remove', (mp, done) => mp.people.remove('ann', { list: 2 }, {}, done)],
    ['people.unset', (mp, done) => mp.people.unset('ann', 'list', {}, done)],
    ['people.track_charge', (mp, done) => mp.people.track_charge('ann', 5, {}, {}, done)],
    ['people.clear_charges', (mp, done) => mp.people.clear_charges('ann', {}, done)],
    ['people.delete_user', (mp, done) => mp.people.delete_user('ann', {}, done)],
    ['verbose and with the address', (mp, done) => mp.track('Paid', { distinct_id: 'ann' }, done), { geolocate: true, test: true }],
    ['under a path', (mp, done) => mp.track('Paid', { distinct_id: 'ann' }, done), { path: '/proxy' }],
  ];

  for (const [name, act, config] of acts) {
    it(`${name}: the same requests and the same callback with the guard as without`, async () => {
      const bare = await called((done) => act(client(config), done));
      const expected = requests.splice(0).map(({ raw }) => raw);
      assert.ok(expected.length > 0);
      const ledger = await people([['ann', yes(at - 1000)], ['$device:d1', yes(at - 1000)]]);
      const blocked = [];
      const guarded = await called((done) => act(guard(client(config), { ledger, onBlocked: (one) => blocked.push(one) }), done));
      assert.deepEqual(blocked, []);
      const port = `127.0.0.1:${server.address().port}`;
      const plain = (raw) => raw.replaceAll(port, '');
      assert.deepEqual(requests.map(({ raw }) => plain(raw)), expected.map(plain));
      assert.deepEqual(guarded, bare);
    });
  }

  it('an error of the API reaches the callback as before', async () => {
    const ledger = await people([['ann', yes(1000)]]);
    answer = '0';
    const [bare] = await called((done) => client().track('A', { distinct_id: 'ann' }, done));
    const [error] = await called((done) => guard(client(), { ledger }).track('A', { distinct_id: 'ann' }, done));
    assert.equal(error.message, bare.message);
  });

  it('what its caller changes after the call is not what is sent', async () => {
    const mp = guard(client(), { ledger: await people([['ann', yes(1000)]]) });
    const properties = { distinct_id: 'ann', step: 1 };
    const done = called((back) => mp.track('A', properties, back));
    properties.step = 2;
    properties.distinct_id = 'somebody else';
    await done;
    assert.deepEqual([requests[0].data.properties.step, requests[0].data.properties.distinct_id], [1, 'ann']);
  });

  it('what the SDK throws for a mistake is told to the callback, or to the log', async () => {
    const told = [];
    const ledger = await people([['ann', yes(1000)]]);
    const mp = guard(client({ key: undefined, logger: { ...quiet, error: (text) => told.push(text) } }), { ledger });
    const [error] = await called((done) => mp.import('A', 5000, { distinct_id: 'ann' }, done));
    assert.match(error.message, /requires authentication/);
    mp.import('A', 5000, { distinct_id: 'ann' });
    await settled();
    assert.match(told[0], /requires authentication/);
  });
});

describe('a person who did not say yes', () => {
  const acts = [
    ['track', (mp, done) => mp.track('Paid', { distinct_id: 'bob' }, done)],
    ['track_batch', (mp, done) => mp.track_batch([{ event: 'A', properties: { distinct_id: 'bob' } }], done)],
    ['import', (mp, done) => mp.import('Old', new Date(Date.now() - DAY), { distinct_id: 'bob' }, done)],
    ['import_batch', (mp, done) => mp.import_batch([{ event: 'A', properties: { distinct_id: 'bob', time: Date.now() - DAY } }], done)],
    ['alias', (mp, done) => mp.alias('bob', 'ann', done)],
    ['alias of somebody who did', (mp, done) => mp.alias('ann', 'bob', done)],
    ['people.set', (mp, done) => mp.people.set('bob', { plan: 'x' }, {}, done)],
    ['people.increment', (mp, done) => mp.people.increment('bob', 'n', 2, {}, done)],
    ['people.unset', (mp, done) => mp.people.unset('bob', 'n', {}, done)],
    ['groups.set, which names no person', (mp, done) => mp.groups.set('company', 'Acme', { a: 1 }, {}, done), 'person-missing'],
    ['a second id in the event', (mp, done) => mp.track('Paid', { distinct_id: 'ann', $user_id: 'bob' }, done)],
  ];
  for (const [said, entries, code] of [['unknown', [], 'nothing-recorded'], ['refused', [no(1000)], 'denied']]) {
    for (const [name, act, other] of acts) {
      it(`${said}: ${name} is not sent, and the callback and onBlocked say why`, async () => {
        const blocked = [];
        const mp = guard(client(), { ledger: await people([['bob', ...entries], ['ann', yes(1000)]]), onBlocked: (one) => blocked.push(one) });
        const [error] = await called((done) => act(mp, done));
        const first = Array.isArray(error) ? error[0] : error;
        assert.ok(first instanceof BlockedError);
        assert.deepEqual([first.blocked, first.code], [true, other ?? code]);
        assert.deepEqual([blocked.length, blocked[0].code], [1, other ?? code]);
        assert.ok(blocked[0].reason.length > 10);
        assert.deepEqual(requests, []);
      });
    }
  }

  it('a call without a callback and without onBlocked is not sent, and nothing is thrown', async () => {
    const mp = guard(client(), { ledger: await people([]) });
    mp.track('A', { distinct_id: 'bob' });
    mp.people.set('bob', 'a', 1);
    await settled();
    assert.deepEqual(requests, []);
  });

  it('deleting the profile passes; a deletion with something else in it does not', async () => {
    const mp = guard(client(), { ledger: await people([['bob', no(1000)]]) });
    await called((done) => mp.people.delete_user('bob', { $ignore_alias: true }, done));
    await called((done) => mp.groups.delete_group('company', 'Acme', {}, done));
    assert.deepEqual(requests.map(({ path, data }) => [path, data.$delete]), [['/engage', ''], ['/groups', '']]);
    const [error] = await called((done) => mp.send_request({ method: 'GET', endpoint: '/engage', data: { $delete: '', $set: { a: 1 }, $token: TOKEN, $distinct_id: 'bob' } }, done));
    assert.equal(error.code, 'denied');
    assert.equal(requests.length, 2);
  });
});

describe('batches', () => {
  it('each thing is judged by itself, and what is left goes in its order', async () => {
    const blocked = [];
    const mp = guard(client(), { ledger: await people([['ann', yes(1000)], ['bob', no(1000)]]), onBlocked: ({ event }) => blocked.push(event) });
    const [error] = await called((done) => mp.track_batch(['ann', 'bob', 'ann', 'cem'].map((distinct_id, n) => ({ event: `E${n}`, properties: { distinct_id } })), done));
    assert.equal(error, null, 'the SDK\'s own answer for what was sent');
    assert.deepEqual(requests.map(({ data }) => data.map(({ event }) => event)), [['E0', 'E2']]);
    assert.deepEqual(blocked, ['E1', 'E3']);
  });

  it('of several requests each is answered, also those of which nothing is left', async () => {
    const mp = guard(client(), { ledger: await people([['ann', yes(1000)]]) });
    const list = Array.from({ length: 150 }, (_, n) => ({ event: `E${n}`, properties: { distinct_id: n >= 50 && n < 100 ? 'bob' : 'ann' } }));
    const [errors] = await called((done) => mp.track_batch(list, { max_concurrent_requests: 1 }, done));
    assert.deepEqual(requests.map(({ data }) => data.length), [50, 50]);
    assert.equal(errors, null, 'of the SDK\'s own making: it answers with the last round\'s errors');
  });
});

describe('the time of the event', () => {
  const now = Date.now();
  const history = [yes(now - 10 * DAY), no(now - 6 * DAY), yes(now - 2 * DAY)];
  const send = async (options, times) => {
    const mp = guard(client(), { ledger: await people([['ann', ...history]]), ...options });
    await called((done) => mp.import_batch(times.map((time) => ({ event: 'E', properties: { distinct_id: 'ann', time } })), done));
    return requests.flatMap(({ data }) => data.map(({ properties }) => properties.time));
  };

  it('an import asks what was allowed then: in seconds, in milliseconds, as a Date', async () => {
    const [early, allowed, refusedThen, again] = [now - 12 * DAY, now - 8 * DAY, now - 4 * DAY, now - DAY];
    assert.deepEqual(await send({}, [early, allowed, refusedThen, again]), [allowed, again]);
    requests.length = 0;
    const seconds = [early, allowed, refusedThen, again].map((ms) => Math.floor(ms / 1000));
    assert.deepEqual(await send({}, seconds), [seconds[1], seconds[3]]);
    requests.length = 0;
    assert.deepEqual(await send({}, [new Date(early), new Date(allowed), new Date(refusedThen)]), [allowed]);
  });

  it('after a withdrawal nothing earlier is sent either, unless the site wants it so', async () => {
    const ledger = await people([['ann', yes(now - 10 * DAY), no(now - DAY)]]);
    const event = { event: 'E', properties: { distinct_id: 'ann', time: now - 5 * DAY } };
    assert.equal((await gate({ ledger }).check(event)).blocked.code, 'denied');
    assert.equal((await gate({ ledger, late: 'send' }).check(event)).send, event);
    const later = { event: 'E', properties: { distinct_id: 'ann', time: now } };
    assert.equal((await gate({ ledger, late: 'send' }).check(later)).send, null);
  });

  it('a time that is none is not sent', async () => {
    const ledger = await people([['ann', yes(1000)]]);
    for (const time of ['soon', {}, [], -5, true]) {
      const { send, blocked } = await gate({ ledger }).check({ event: 'E', properties: { distinct_id: 'ann', time } });
      assert.deepEqual([send, blocked.code], [null, 'time-unreadable'], JSON.stringify(time));
    }
  });
});

describe('cookieless, where the site allows it after a no', () => {
  const said = {
    distinct_id: 'bob', $user_id: 'bob', user_id: 'bob', userId: 'bob', $device_id: 'd', ip: '1.2.3.4', $email: 'b@shop.test', email: 'b@shop.test', name: 'Bob', $username: 'bob',
    phone: '1', $avatar: 'u', $city: 'C', mp_name_tag: 'Bob', user: { email: 'b@shop.test' }, customer: 'bob', price: 5, currency: 'EUR', list: ['bob'],
  };

  it('the event leaves with its name, its time and what the site keeps; the profile does not leave', async () => {
    const ledger = await people([['bob', no(1000)]], { denied: 'cookieless' });
    const mp = guard(client({ geolocate: true }), { ledger, keep: ['price', 'currency'] });
    await called((done) => mp.track('Paid', { ...said }, done));
    assert.deepEqual(requests[0].data, { event: 'Paid', properties: { distinct_id: '', price: 5, currency: 'EUR', token: TOKEN } });
    assert.equal(requests[0].ip, '0', 'and nothing is made of the address');
    assert.ok(!requests[0].raw.includes('bob'));
    const time = Date.now();
    await called((done) => mp.track_batch([{ event: 'Paid', properties: { ...said, time }, extra: 'bob' }], done));
    assert.deepEqual(requests[1].data, [{ event: 'Paid', properties: { time, token: TOKEN, price: 5, currency: 'EUR', distinct_id: '' } }]);
    const [error] = await called((done) => mp.people.set('bob', 'a', 1, {}, done));
    const [alias] = await called((done) => mp.alias('bob', 'b2', done));
    assert.deepEqual([error.code, alias.blocked, requests.length], ['denied', true, 2]);
  });

  it('nothing is kept unless it is named, and nobody can name who it is', async () => {
    const ledger = await people([['bob', no(1000)]], { denied: 'cookieless' });
    assert.deepEqual((await gate({ ledger }).check({ event: 'x', properties: said })).send, { event: 'x', properties: { distinct_id: '' } });
    for (const keep of [['distinct_id'], ['$device_id'], ['user_id'], ['ip'], ['$distinct_ids'], 'price', [1], ['']]) assert.throws(() => gate({ ledger, keep }), { code: 'option-invalid' });
  });
});

describe('the order of calls', () => {
  /** A ledger that answers each person after a time of their own. */
  const slow = (times, modes = {}) => ({
    async allowed(ids) {
      await new Promise((done) => setTimeout(done, times[ids[0]] ?? 0));
      const mode = modes[ids[0]] ?? 'on';
      return { mode, code: 'x', reason: 'x', modes: { tracking: mode, profile: mode, replay: mode, flags: mode } };
    },
  });
  const verbs = () => requests.map(({ data }) => [data.event ?? Object.keys(data).find((key) => /^\$(set|delete|add)/.test(key)), data.properties?.distinct_id ?? data.$distinct_id].join(' '));
  const until = async (count) => { for (let n = 0; n < 400 && requests.length < count; n++) await new Promise((done) => setTimeout(done, 5)); };

  it('of one person is that in which they were made, deletions too, and of several people nobody waits for another', async () => {
    const mp = guard(client(), { ledger: slow({ ann: 60, bob: 0 }) });
    mp.people.set('ann', { plan: 'pro' });
    mp.people.delete_user('ann');
    mp.track('later', { distinct_id: 'ann' });
    mp.people.set('bob', { plan: 'free' });
    mp.people.delete_user('bob');
    await until(5);
    assert.deepEqual(verbs().filter((one) => one.endsWith('bob')), ['$set bob', '$delete bob']);
    assert.deepEqual(verbs().filter((one) => one.endsWith('ann')), ['$set ann', '$delete ann', 'later ann']);
    assert.ok(verbs().indexOf('$delete bob') < verbs().indexOf('$set ann'), verbs().join());
  });

  it('a call that names two people waits for both, and one of nobody for none', async () => {
    const mp = guard(client(), { ledger: slow({ ann: 40, bob: 10 }), nobody: 'pass' });
    mp.track('1', { distinct_id: 'ann' });
    mp.track('2', { distinct_id: 'bob' });
    mp.track('3', { distinct_id: 'bob', $user_id: 'ann' });
    mp.track('job', {});
    await until(4);
    assert.deepEqual(requests.map(({ data }) => data.event), ['job', '2', '1', '3']);
  });

  it('deletions of a group come behind what was said of it', async () => {
    const mp = guard(client(), { ledger: slow({ ann: 30 }), identify: async () => 'ann' });
    mp.groups.set('company', 'Acme', { a: 1 });
    mp.groups.delete_group('company', 'Acme');
    await until(2);
    assert.deepEqual(requests.map(({ data }) => '$set' in data), [true, false]);
  });

  it('the configuration is that of the moment of the call', async () => {
    const mp = guard(client({ test: true }), { ledger: slow({ ann: 30 }) });
    mp.track('A', { distinct_id: 'ann' });
    mp.set_config({ test: false, host: 'nobody.invalid' });
    assert.equal(await mp.flush(), 0);
    assert.equal(requests.length, 1);
    assert.match(requests[0].raw, /test=1/);
    assert.equal(mp.config.host, 'nobody.invalid', 'and afterwards it is what the site has set');
  });

  it('flush() waits for all that was called, and for no longer than it is told', async () => {
    const mp = guard(client(), { ledger: slow({ ann: 30, cem: 5000 }) });
    let answered = 0;
    for (let n = 0; n < 20; n++) mp.track(`E${n}`, { distinct_id: 'ann' }, () => { answered += 1; });
    mp.track_batch(Array.from({ length: 120 }, (_, n) => ({ event: `B${n}`, properties: { distinct_id: 'ann' } })), { max_concurrent_requests: 1 });
    assert.equal(await mp.flush(), 0);
    assert.deepEqual([answered, requests.length], [20, 23]);
    mp.track('never', { distinct_id: 'cem' });
    assert.equal(await mp.flush(20), 1);
    for (const time of [NaN, -1, '20', null]) await assert.rejects(mp.flush(time), { code: 'option-invalid' });
  });

  it('a bounded number waits; what comes beyond is not sent, and onBlocked says so', async () => {
    const blocked = [];
    const mp = guard(client(), { ledger: slow({ ann: 30 }), holdLimit: 5, onBlocked: ({ code, event }) => blocked.push(`${code} ${event}`) });
    const errors = [];
    for (let n = 0; n < 8; n++) mp.track(`E${n}`, { distinct_id: 'ann' }, (error) => errors.push(error?.code ?? null));
    assert.deepEqual(blocked, ['guard-full E5', 'guard-full E6', 'guard-full E7']);
    await mp.flush();
    assert.deepEqual([requests.length, errors.filter((code) => code === 'guard-full').length], [5, 3]);
    mp.track('again', { distinct_id: 'ann' });
    await mp.flush();
    assert.equal(requests.length, 6);
    for (const holdLimit of [0, -1, 1.5, '5']) assert.throws(() => guard(client(), { ledger: slow({}), holdLimit }), { code: 'option-invalid' });
  });
});

describe('what a site gives may fail', () => {
  it('onBlocked and identify that throw or reject end no program, and what identify could not say is not sent', async () => {
    const { error } = console;
    const said = [];
    const rejected = [];
    const note = (reason) => rejected.push(reason);
    console.error = (...words) => said.push(words);
    process.on('unhandledRejection', note);
    try {
      const ledger = await people([['ann', yes(1000)]]);
      for (const fails of [() => { throw new Error('mine'); }, async () => { throw new Error('mine'); }]) {
        const mp = guard(client(), { ledger, onBlocked: fails });
        const [given] = await called((done) => mp.track('A', { distinct_id: 'x' }, done));
        assert.equal(given.code, 'nothing-recorded');
        const { blocked } = await gate({ ledger, identify: fails }).check({ event: 'A', properties: { distinct_id: 'ann' } });
        assert.equal(blocked.code, 'identify-failed');
      }
      await new Promise((done) => setTimeout(done, 10));
      assert.deepEqual([rejected.length, said.length], [0, 2]);
    } finally {
      console.error = error;
      process.off('unhandledRejection', note);
    }
  });

  it('user_id is asked about like any other id', async () => {
    const ledger = await people([['ann', yes(1000)], ['bob', no(1000)]]);
    const { check } = gate({ ledger });
    assert.equal((await check({ event: 'A', properties: { distinct_id: 'ann', user_id: 'bob' } })).blocked.code, 'denied');
    assert.equal((await check({ event: 'A', properties: { user_id: 'ann' } })).blocked, null);
  });
});

describe('the ledger', () => {
  it('that cannot be reached: nothing is sent, and the code says it', async () => {
    const never = () => new Promise(() => {});
    for (const ledger of [
      consentLedger({ store: { read: never, append: never, link: never, forget: never }, timeout: 30 }),
      consentLedger({ store: { ...memory(), read() { throw new Error('no'); } } }),
      { allowed: async () => { throw new Error('no'); } },
      { allowed: () => { throw new Error('no'); } },
      { allowed: async () => undefined },
      { allowed: async () => ({ modes: { tracking: 'yes' } }) },
    ]) {
      const mp = guard(client(), { ledger });
      const [error] = await called((done) => mp.track('A', { distinct_id: 'ann' }, done));
      assert.equal(error.code, 'ledger-unreachable');
    }
    assert.deepEqual(requests, []);
  });

  it('onBlocked that throws changes nothing', async () => {
    const { error } = console;
    console.error = () => {};
    try {
      const mp = guard(client(), { ledger: await people([]), onBlocked() { throw new Error('mine'); } });
      const [given] = await called((done) => mp.track('A', { distinct_id: 'x' }, done));
      assert.equal(given.code, 'nothing-recorded');
    } finally {
      console.error = error;
    }
  });
});

describe('the gate by itself', () => {
  it('takes what the HTTP API takes, and says what of it may be sent', async () => {
    const { filter } = gate({ ledger: await people([['ann', yes(1000)]]) });
    const events = [{ event: 'A', properties: { distinct_id: 'ann', time: 1700000000 } }, { event: 'B', properties: { distinct_id: 'bob' } }];
    const { send, blocked } = await filter([...events, { $distinct_id: 'ann', $set: { a: 1 } }]);
    assert.deepEqual(send, [events[0], { $distinct_id: 'ann', $set: { a: 1 } }]);
    assert.deepEqual(blocked.map(({ event, code, ids }) => [event, code, ids]), [['B', 'nothing-recorded', ['bob']]]);
  });

  it('what is odd is not sent, and has a code', async () => {
    const { filter } = gate({ ledger: await people([['ann', yes(1000)]]) });
    const circular = {}; circular.self = circular;
    const throwing = { event: 'A', get properties() { throw new Error('mine'); } };
    const items = [null, 7, 'x', [], {}, { event: 'A' }, { event: 'A', properties: 7 }, { event: 'A', properties: { distinct_id: {} } }, { event: 'A', properties: { distinct_id: ['ann'] } }, { event: 'A', properties: { distinct_id: 'x'.repeat(100_000) } }, { event: 'A', properties: { distinct_id: true } }, throwing, circular];
    const { send, blocked } = await filter(items);
    assert.deepEqual(send, []);
    assert.equal(blocked.length, items.length);
    for (const { code } of blocked) assert.match(code, /^(item-unreadable|person-missing|id-invalid)$/);
  });

  it('of anything at all, only what is of people who said yes is let through', async () => {
    let seed = 42;
    const random = (most) => { seed = (seed * 48271) % 2147483647; return Math.floor((seed / 2147483647) * most); };
    const ids = ['ann', 'bob', '', null, 7, -1, NaN, {}, [], ['ann'], true, '__proto__', 'x'.repeat(600), '$device:d', 'd', undefined, { toString: () => 'ann' }, '\u0000', '\ud800'];
    const times = [undefined, null, 1700000000, 1700000000000, new Date(), new Date(NaN), '2026-01-01', 'x', -1, {}, Infinity, 5, 1e300, []];
    const keys = ['distinct_id', '$user_id', '$device_id', '$distinct_id', 'alias', '$identified_id', 'time', 'a'];
    const value = () => (random(3) ? ids[random(ids.length)] : times[random(times.length)]);
    const some = () => Object.fromEntries(Array.from({ length: random(4) }, () => [keys[random(keys.length)], value()]));
    const item = () => [() => ({ event: ['A', '$create_alias', '$merge', {}, null][random(5)], properties: random(9) ? some() : value() }), () => ({ ...some(), $set: {} }), value][random(3)]();
    const { filter } = gate({ ledger: await people([['ann', yes(1000)], ['$device:d', yes(1000)]]) });
    const items = Array.from({ length: 3000 }, item);
    const { send, blocked } = await filter(items);
    assert.equal(send.length + blocked.length, items.length);
    assert.ok(send.length > 20, `${send.length} of ${items.length}`);
    const open = new Set(['ann', '$device:d', '', null, undefined]);
    for (const one of send) {
      const { distinct_id: a, $user_id: b, $distinct_id: c, alias, $identified_id: d, $device_id: device } = 'event' in one ? one.properties : { $distinct_id: one.$distinct_id };
      const others = new Set([a, b, c, alias, d].filter((id) => !open.has(id)).map(String));
      // A device that said yes speaks for the one person who is named with it.
      const spoken = ['d', '$device:d'].includes(device) || [a, b, c, alias, d].includes('$device:d');
      assert.ok(others.size <= (spoken && ![a, b, c, alias, d].includes('ann') ? 1 : 0), JSON.stringify(one));
    }
    for (const { code, reason } of blocked) assert.ok(/^[a-z-]+$/.test(code) && reason, code);
  });

  it('asked for a person, it says which of these it was: nobody is named, an id cannot be read, the ledger did not answer', async () => {
    const told = [];
    const asked = (allowed) => gate({ ledger: { allowed }, onBlocked: (blocked) => told.push(blocked) });
    const refusing = async () => { throw new Error('connection refused'); };
    for (const [name, ids, allowed, code, reason] of [
      ['nobody', [], refusing, 'person-missing', /whose it is/], ['what is left out', [undefined, null, ''], refusing, 'person-missing', /whose it is/],
      ['an id that is none', ['ann', {}], refusing, 'id-invalid', /An id is a text/], ['a ledger that rejects', ['ann'], refusing, 'ledger-unreachable', /connection refused/],
      ['a ledger that throws', ['ann'], () => { throw new Error('no pool'); }, 'ledger-unreachable', /no pool/], ['a ledger that answers nothing', ['ann'], async () => undefined, 'ledger-unreachable', /no answer/],
    ]) {
      const { person, check } = asked(allowed);
      const blocked = await person(ids, 'flags');
      assert.deepEqual([blocked.code, told.at(-1)], [code, blocked], name);
      assert.match(blocked.reason, reason, name);
      // An event of theirs says the same.
      const [distinct_id, user_id] = ids;
      assert.equal((await check({ event: 'A', properties: { distinct_id, user_id } })).blocked.code, code, name);
    }
  });

  it('what names no person passes where the site says so, and `identify` can name one', async () => {
    const ledger = await people([['ann', yes(1000)]]);
    const group = { $group_key: 'company', $group_id: 'Acme', $set: {} };
    assert.equal((await gate({ ledger, nobody: 'pass' }).check(group)).send, group);
    const named = gate({ ledger, identify: (item) => item.$group_id === 'Acme' ? 'ann' : 'bob' });
    assert.equal((await named.check(group)).send, group);
    assert.equal((await named.check({ ...group, $group_id: 'Other' })).blocked.code, 'nothing-recorded');
  });

  it('a wrong option, and a client that is none or has a guard, is refused at once', async () => {
    const ledger = consentLedger({ store: memory() });
    for (const options of [{}, { ledger, late: 'x' }, { ledger, nobody: true }, { ledger, onBlock() {} }]) assert.throws(() => gate(options), { name: 'BridgeError' });
    assert.throws(() => guard({}, { ledger }), { code: 'client-invalid' });
    const mp = guard(client(), { ledger });
    assert.throws(() => guard(mp, { ledger }), { code: 'client-guarded' });
  });
});

describe('feature flags', () => {
  it('remote ones are not asked for a person who did not say yes: the fallback is the answer', async () => {
    const blocked = [];
    const mp = guard(client({ remote_flags_config: { api_host: '127.0.0.1' } }), { ledger: await people([['ann', yes(1000)]]), onBlocked: ({ code }) => blocked.push(code) });
    assert.equal(await mp.remote_flags.getVariantValue('f', 'fallback', { distinct_id: 'bob' }), 'fallback');
    assert.deepEqual(blocked, ['nothing-recorded']);
    // For somebody who did, the SDK's own request is made, and refused by nobody's port 443.
    assert.equal(await mp.remote_flags.getVariantValue('f', 'fallback', { distinct_id: 'ann' }), 'fallback');
    assert.deepEqual(blocked, ['nothing-recorded']);
  });
});
