// The receipt endpoint, and the examples for each framework as they run: a receipt as the
// browser posts it, an order of its visitor, and what reaches Mixpanel.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request as ask } from 'node:http';
import { after, before, describe, it } from 'node:test';
import Mixpanel from 'mixpanel';
import { consentLedger, guard, memory, readConsent, receiptEndpoint, verifyRecord } from '../../dist/server.js';
import { createCollector } from '../../tools/collector.mjs';
import { no, yes } from './answers.mjs';

const ORIGIN = 'https://shop.example';
const TOKEN = '0123456789abcdef0123456789abcdef';
const KEY = 'a key that is long enough';
const personOf = (cookies) => /(?:^|; )session=([\w-]+)/.exec(cookies ?? '')?.[1] ?? null;

const collector = createCollector();
let mixpanelServer;
before(async () => {
  mixpanelServer = createServer((request, response) => void collector.handle(request, response)).listen(0, '127.0.0.1');
  await once(mixpanelServer, 'listening');
});
after(() => { mixpanelServer.closeAllConnections(); mixpanelServer.close(); });

/** One request, by Node's own client: fetch adds what a page's does not have. */
const send = (port, path, { method = 'POST', headers = {}, body = '' } = {}) => new Promise((done, fail) => {
  const request = ask({ port, host: '127.0.0.1', path, method, headers: { ...headers } }, async (response) => {
    let text = '';
    for await (const part of response) text += part;
    done({ status: response.statusCode, headers: response.headers, text, json: () => JSON.parse(text) });
  });
  request.on('error', fail);
  request.end(body);
});
const posted = (receipt, more = {}) => ({ headers: { origin: ORIGIN, 'content-type': 'application/json', cookie: 'session=ann', ...more }, body: typeof receipt === 'string' ? receipt : JSON.stringify(receipt) });

for (const name of ['express', 'fastify', 'hono', 'next']) {
  describe(`with ${name}`, () => {
    let server;
    let port;
    let ledger;
    let mixpanel;
    let down = null;
    const blocked = [];
    before(async () => {
      const store = memory();
      const broken = Object.fromEntries(Object.entries(store).map(([name, work]) => [name, typeof work === 'function' ? (...given) => (down ?? work)(...given) : work]));
      ledger = consentLedger({ store: broken, timeout: 1000 });
      mixpanel = guard(Mixpanel.init(TOKEN, { host: `127.0.0.1:${mixpanelServer.address().port}`, protocol: 'http', keepAlive: false }), { ledger, onBlocked: ({ code }) => blocked.push(code) });
      const { listen } = await import(`./examples/${name}.mjs`);
      server = await listen({ ledger, mixpanel, origins: [ORIGIN], personOf, token: TOKEN, key: KEY, options: { cmp: 'klaro', token: TOKEN, recordKey: KEY } }, 0);
      ({ port } = server.address());
    });
    after(() => { server.closeAllConnections?.(); server.close(); });

    const order = async () => {
      const { status, json } = await send(port, '/orders', { headers: { cookie: 'session=ann' } });
      assert.deepEqual([status, json()], [200, { ordered: true }]);
      await settled();
    };
    /** Until what was called has left, or was blocked. */
    const settled = async () => {
      await new Promise((done) => setTimeout(done, 40));
      await mixpanel.flush();
    };

    it('a yes, an order, a withdrawal, an order: the first leaves, the second does not', async () => {
      collector.clear();
      blocked.length = 0;
      await order();
      assert.deepEqual(blocked.splice(0), ['nothing-recorded']);
      assert.equal((await send(port, '/consent', posted(yes(Date.now())))).status, 204);
      await order();
      assert.deepEqual(blocked, []);
      assert.equal((await send(port, '/consent', posted(no(Date.now())))).status, 204);
      await order();
      assert.deepEqual(blocked, ['denied']);
      assert.deepEqual(collector.log.flatMap(({ items }) => items.map(({ event, properties }) => [event, properties.distinct_id])), [['Order paid', 'ann']]);
      assert.deepEqual((await ledger.history('ann')).map(({ event, cmp }) => [event, cmp]), [['given', 'klaro'], ['withdrawn', 'klaro']]);
    });

    for (const [what, how] of [['throws', async () => { throw new Error('down'); }], ['hangs', () => new Promise(() => {})]]) {
      it(`with a store that ${what} the shop sells, the event is not sent, and onBlocked says so`, async () => {
        collector.clear();
        blocked.length = 0;
        down = how;
        try {
          const from = Date.now();
          const { status, json } = await send(port, '/orders', { headers: { cookie: 'session=ann; klaro=%7B%22mixpanel%22%3Atrue%7D' } });
          assert.deepEqual([status, json()], [200, { ordered: true }]);
          assert.ok(Date.now() - from < 900, 'and nobody waits for the store');
          assert.equal((await send(port, '/consent', posted(yes(Date.now())))).status, 503, 'a receipt is to be posted again');
          for (let n = 0; n < 400 && !blocked.length; n++) await new Promise((done) => setTimeout(done, 20));
          assert.deepEqual([blocked, collector.log.length], [['ledger-unreachable'], 0]);
        } finally {
          down = null;
        }
      });
    }

    it('the record comes back signed, and the server knows it again', async () => {
      const { status, headers } = await send(port, '/consent', posted(yes(Date.now())));
      assert.equal(status, 204);
      const [cookie] = headers['set-cookie'];
      const value = cookie.split(';')[0].split('=')[1];
      assert.ok(verifyRecord(value, { token: TOKEN, key: KEY }));
      const { consent } = readConsent({ cookie: cookie.split(';')[0] }, { cmp: 'manual', token: TOKEN, recordKey: KEY });
      assert.equal(consent, 'granted');
      assert.equal(readConsent({ cookie: cookie.split(';')[0].slice(0, -1) + (value.endsWith('A') ? 'B' : 'A') }, { cmp: 'manual', token: TOKEN, recordKey: KEY }).code, 'record-unsigned');
    });

    it('what comes from elsewhere, is too long, is no receipt or of nobody is refused, and nothing is recorded', async () => {
      const before = (await ledger.history('ann')).length;
      const good = yes(Date.now());
      const long = JSON.stringify({ ...good, padding: 'x'.repeat(3000) });
      for (const [given, status] of [
        [posted(good, { origin: 'https://evil.example' }), 403],
        [posted(good, { origin: 'https://shop.example.evil.example' }), 403],
        [posted(good, { origin: 'null' }), 403],
        [{ ...posted(good), headers: { 'content-type': 'application/json', cookie: 'session=ann' } }, 403],
        [posted(long), 413],
        [posted(long, { 'transfer-encoding': 'chunked' }), 413],
        [posted('{"event":'), 400],
        [posted('null'), 400],
        [posted('[]'), 400],
        [posted('"given"'), 400],
        [posted({ ...good, event: 'opened' }), 400],
        [posted({ ...good, consent: { tracking: 'granted' } }), 400],
        [posted({ ...good, consent: 'granted' }), 400],
        [posted({ ...good, at: 'now' }), 400],
        [posted({ ...good, cmp: '<script>' }), 400],
        [posted({ features: good.consent, at: good.at }), 400],
        [posted(good, { cookie: 'other=1' }), 401],
      ]) {
        const answer = await send(port, '/consent', given);
        assert.equal(answer.status, status, `${given.body.slice(0, 60)} ${answer.text}`);
        if (answer.text) assert.match(answer.json().code, /^[a-z-]+$/);
      }
      assert.equal((await ledger.history('ann')).length, before);
    });

    it('a page of another origin of the site\'s may ask before it posts', async () => {
      const { status, headers } = await send(port, '/consent', { method: 'OPTIONS', headers: { origin: ORIGIN, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' } });
      assert.deepEqual([status, headers['access-control-allow-origin'], headers['access-control-allow-credentials'], headers['access-control-allow-headers']], [204, ORIGIN, 'true', 'content-type']);
      const evil = await send(port, '/consent', { method: 'OPTIONS', headers: { origin: 'https://evil.example' } });
      assert.deepEqual([evil.status, evil.headers['access-control-allow-origin']], [403, undefined]);
    });
  });
}

describe('a worker on a queue', () => {
  it('sends what was allowed, drops what was not, and puts back what nobody knows', async () => {
    const { run, work } = await import('./examples/worker.mjs');
    const store = memory();
    let down = false;
    const ledger = consentLedger({ store: { ...store, read: (...given) => (down ? Promise.reject(new Error('down')) : store.read(...given)) } });
    const mixpanel = guard(Mixpanel.init(TOKEN, { host: `127.0.0.1:${mixpanelServer.address().port}`, protocol: 'http', keepAlive: false }), { ledger });
    await ledger.record('ann', yes(1000));
    await ledger.record('bob', no(1000));
    collector.clear();
    const job = (id) => ({ id, invoice: 7, paidAt: Date.now() });
    assert.deepEqual([await work({ mixpanel }, job('ann')), await work({ mixpanel }, job('bob'))], ['sent', 'not sent']);
    down = true;
    assert.equal(await work({ mixpanel }, job('ann')), 'again');
    const jobs = [job('ann'), job('bob')];
    const queue = { async take() { return jobs.shift(); }, async putBack(one) { down = false; jobs.push(one); } };
    await run({ mixpanel }, queue);
    assert.deepEqual(collector.log.flatMap(({ items }) => items.map(({ properties }) => properties.distinct_id)), ['ann', 'ann']);
  });
});

describe('the endpoint by itself', () => {
  const good = { ledger: consentLedger({ store: memory() }), origins: [ORIGIN], identify: () => 'ann' };
  const take = (endpoint, body = yes(Date.now()), headers = {}) => endpoint.take({ method: 'POST', headers: { origin: ORIGIN, 'content-type': 'application/json', ...headers }, body });

  it('a receipt is recorded at the time of this server, with its own beside it', async () => {
    const ledger = consentLedger({ store: memory() });
    const from = Date.now();
    await take(receiptEndpoint({ ...good, ledger, identify: () => ({ id: 'ann', device: '$device:1' }), version: '3' }), yes(5000));
    const [entry] = await ledger.history('ann');
    assert.ok(entry.at >= from && entry.at <= Date.now());
    assert.deepEqual([entry.said, entry.device, entry.version], [5000, '$device:1', '3']);
  });

  it('a ledger that cannot be reached, and an identify that throws, are told: post it again', async () => {
    const never = () => new Promise(() => {});
    const ledger = consentLedger({ store: { read: never, append: never, link: never, forget: never }, timeout: 20 });
    assert.deepEqual([(await take(receiptEndpoint({ ...good, ledger }))).status, (await take(receiptEndpoint({ ...good, identify() { throw new Error('x'); } }))).status], [503, 503]);
  });

  it('an identify that gives no id is a mistake of the site\'s, and is told as one', async () => {
    const refused = [];
    const { status, body } = await take(receiptEndpoint({ ...good, identify: () => ({ id: {} }), onRefused: (one) => refused.push(one.code) }));
    assert.deepEqual([status, JSON.parse(body).code, refused], [500, 'id-invalid', ['id-invalid']]);
  });

  it('a body without an end is answered, and not read on', async () => {
    let pulled = 0;
    const body = new ReadableStream({ pull(controller) { pulled += 1; controller.enqueue(new Uint8Array(500).fill(32)); } });
    const { status } = await receiptEndpoint(good).fetch(new Request('https://shop.example/consent', { method: 'POST', duplex: 'half', body, headers: { origin: ORIGIN, 'content-type': 'application/json' } }));
    assert.equal(status, 413);
    assert.ok(pulled < 8, `${pulled} pieces`);
  });

  it('other methods, other types, and bytes that are no text are refused', async () => {
    const endpoint = receiptEndpoint(good);
    assert.equal((await endpoint.take({ method: 'GET', headers: { origin: ORIGIN } })).status, 405);
    assert.equal((await take(endpoint, '{}', { 'content-type': 'text/plain' })).status, 415);
    assert.equal((await take(endpoint, new Uint8Array([0xff, 0xfe]))).status, 400);
  });

  it('onRefused that throws or rejects changes nothing', async () => {
    const { error } = console;
    console.error = () => {};
    try {
      for (const onRefused of [() => { throw new Error('mine'); }, async () => { throw new Error('mine'); }]) {
        assert.equal((await receiptEndpoint({ ...good, onRefused }).take({ method: 'POST', headers: {} })).status, 403);
      }
    } finally {
      console.error = error;
    }
  });

  it('a body that a parser has eaten is taken if it is there, and named if it is not', async () => {
    const { default: express } = await import('express');
    const app = express();
    const endpoint = receiptEndpoint(good);
    app.post('/json', express.json(), endpoint.node);
    app.post('/text', express.text({ type: '*/*' }), endpoint.node);
    app.post('/raw', express.raw({ type: '*/*' }), endpoint.node);
    app.post('/other', express.urlencoded(), (request, response, next) => { request.body = {}; next(); }, endpoint.node);
    app.post('/eaten', (request, response, next) => { request.resume().on('end', next); }, endpoint.node);
    app.post('/eaten-to-nothing', (request, response, next) => { request.body = {}; request.resume().on('end', next); }, endpoint.node);
    const server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const at = async (path) => {
      const { status, text } = await send(server.address().port, path, posted(yes(Date.now())));
      return [status, text && JSON.parse(text).code];
    };
    for (const path of ['/json', '/text', '/raw', '/other']) assert.deepEqual(await at(path), [204, ''], path);
    assert.deepEqual(await at('/eaten'), [500, 'body-taken']);
    assert.deepEqual(await at('/eaten-to-nothing'), [500, 'body-taken']);
    server.closeAllConnections();
    server.close();
    const request = new Request('https://shop.example/consent', { method: 'POST', body: JSON.stringify(yes(1)), headers: { origin: ORIGIN, 'content-type': 'application/json' } });
    await request.json();
    const answer = await endpoint.fetch(request);
    assert.deepEqual([answer.status, (await answer.json()).code], [500, 'body-taken']);
  });

  it('options that are none are refused', () => {
    for (const options of [{}, { ...good, token: TOKEN, key: '' }, { ...good, token: TOKEN, key: [] }, { ...good, origins: [] }, { ...good, origins: ['shop.example'] }, { ...good, origins: ['https://shop.example/'] }, { ...good, origins: '*' }, { ...good, identify: 'ann' }, { ...good, key: KEY }, { ...good, origin: [ORIGIN] }, ...[NaN, 0, -1, 1.5, '1200', null].map((limit) => ({ ...good, limit })), { ...good, version: 'a\nb' }, { ...good, version: 2 }, { ...good, onRefused: 'log' }, { ...good, secure: 'no' }]) assert.throws(() => receiptEndpoint(options), { name: 'BridgeError' });
  });
});
