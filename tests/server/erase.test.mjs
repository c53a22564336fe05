// Erasure and retrieval, against a server of this machine that plays the documented API.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { inspect } from 'node:util';
import { consentLedger, erase, memory, retrieve } from '../../dist/server.js';
import { yes } from './answers.mjs';
import { startGdpr } from './gdpr.mjs';
import { program } from './stores.mjs';

const oauthToken = 'oauth+SECRET/vZcErNw8JCq42BZUJyWoZmDWCKBxXc';
const projectToken = 'project-token-1911';
const running = [];
const start = async (options) => {
  const server = await startGdpr({ oauthToken, projectToken, ...options });
  running.push(server);
  return server;
};
afterEach(async () => { for (const server of running.splice(0)) await server.stop(); });

/** A clock that only waiting moves, and what was waited for. */
function clock() {
  const time = { now: Date.parse('2026-11-01T00:00:00Z'), waits: [] };
  return { time, now: () => time.now, sleep: async (ms, signal) => { signal?.throwIfAborted(); time.waits.push(ms); time.now += ms; } };
}
const people = (count) => Array.from({ length: count }, (_, n) => `user-${n}`);
const run = (server, more = {}) => {
  const { time, ...its } = clock();
  const job = erase({ projectToken, oauthToken, host: server.host, distinctIds: ['user-42'], ...its, ...more });
  return Object.assign(job, { time });
};
const posts = (server) => server.requests.filter(({ method }) => method === 'POST');

describe('a deletion', () => {
  for (const shape of ['list', 'object', 'number']) {
    it(`is submitted, watched to its end, and leaves a receipt (answers as ${shape})`, async () => {
      const server = await start({ shape });
      const seen = [];
      const job = await run(server, { onProgress: ({ state, batches }) => seen.push(`${state} ${batches[0].status}`) });
      assert.deepEqual(posts(server).map(({ path, body, token }) => [path, body, token]), [['/api/app/data-deletions/v3.0/', { distinct_ids: ['user-42'], compliance_type: 'GDPR' }, projectToken]]);
      assert.deepEqual([job.state, job.batches[0].status, job.batches[0].tracking, job.ids, job.project], ['done', 'SUCCESS', ['1583792934719392965'], ['user-42'], '…1911']);
      assert.deepEqual(seen, ['waiting PENDING', 'waiting STAGING', 'waiting STARTED', 'waiting SUCCESS', 'done SUCCESS']);
      assert.ok(job.finished > job.started);
      assert.match(String(job), /SUCCESS: 1 ids, tasks 1583792934719392965/);
    });
  }

  it('of many is asked in batches of 1,999, each id once', async () => {
    const server = await start({ phases: ['SUCCESS'] });
    const job = await run(server, { distinctIds: [...people(4500), 'user-0', 'user-1'] });
    assert.deepEqual(posts(server).map(({ body }) => body.distinct_ids.length), [1999, 1999, 502]);
    assert.equal(new Set(posts(server).flatMap(({ body }) => body.distinct_ids)).size, 4500);
    assert.deepEqual([job.state, job.batches.length, job.ids.length], ['done', 3, 4500]);
  });

  it('keeps to one request a second', async () => {
    const server = await start();
    const job = run(server, { distinctIds: people(7), batch: 2, pollEvery: 1 });
    await job;
    assert.ok(server.requests.length > 12);
    assert.ok(job.time.now - Date.parse('2026-11-01T00:00:00Z') >= (server.requests.length - 1) * 1000);
  });

  it('asks for every id that the ledger knows, and records a withdrawal first', async () => {
    const server = await start({ phases: ['SUCCESS'] });
    const ledger = consentLedger({ store: memory() });
    await ledger.record('ann', yes(1000));
    for (const device of ['$device:phone', '$device:laptop']) await ledger.merge(device, 'ann');
    await run(server, { distinctIds: undefined, ledger, person: 'ann' });
    assert.deepEqual(posts(server)[0].body.distinct_ids.sort(), ['$device:laptop', '$device:phone', 'ann']);
    assert.equal((await ledger.allowed('ann')).mode, 'off');
    assert.deepEqual((await ledger.history('ann')).map(({ event, cmp }) => [event, cmp]), [['given', 'klaro'], ['withdrawn', 'erasure']]);
  });

  it('goes to the region that was said', async () => {
    for (const [region, host] of [[undefined, 'https://mixpanel.com'], ['eu', 'https://eu.mixpanel.com'], ['in', 'https://in.mixpanel.com']]) {
      const job = await erase({ projectToken, distinctIds: ['a'], dryRun: true, ...(region ? { region } : {}) });
      assert.equal(job.plan[0].url.startsWith(`${host}/api/app/data-deletions/v3.0/?token=`), true);
    }
  });

  it('follows to the address without a slash, with the body and the token, and to no other host', async () => {
    const server = await start({ slash: true, phases: ['SUCCESS'] });
    assert.equal((await run(server)).state, 'done');
    const elsewhere = await start();
    const away = await start({ trouble: () => [307, { location: `${elsewhere.host}/api/app/data-deletions/v3.0/` }] });
    await assert.rejects(run(away), { code: 'erase-refused' });
    assert.deepEqual(elsewhere.requests, []);
  });
});

describe('the OAuth token', () => {
  const bare = { projectToken, oauthToken, distinctIds: ['a'], sleep: async () => {} };

  it('goes to no other origin, and never from https to http, whatever the redirection', async () => {
    for (const [to, hops] of [[(url) => url.replace('https:', 'http:'), 1], [(url) => url.replace('https://mixpanel.com', 'https://mixpanel.com:8443'), 1], [() => '//evil.example/', 1], [(url) => url.replace('mixpanel.com', 'mixpanel.com.evil.example'), 1], [() => 'http://mixpanel.com/', 1], [() => 'https://', 1], [(url) => `${url}&again`, 4]]) {
      const asked = [];
      const job = erase({ ...bare, fetch: async (url, { headers }) => { asked.push([url, headers.authorization]); return new Response('', { status: 308, headers: { location: to(url) } }); } });
      await assert.rejects(job, { code: 'erase-refused' });
      assert.equal(asked.length, hops);
      for (const [url] of asked) assert.ok(url.startsWith('https://mixpanel.com/'), url);
    }
  });

  it('that is no header value, and a host without https, are said at once', async () => {
    let asked = 0;
    const fetch = async () => { asked += 1; return new Response('{}'); };
    for (const token of ['with\nend', 'a b', 'tökén', '\u2028', ' x']) await assert.rejects(erase({ ...bare, fetch, oauthToken: token }), { code: 'option-invalid' });
    for (const host of ['http://mixpanel.example', 'http://10.0.0.1', 'ftp://mixpanel.com', 'mixpanel.com', 'http://127.0.0.1.evil.example']) await assert.rejects(erase({ ...bare, fetch, host }), { code: 'option-invalid' });
    assert.equal(asked, 0);
  });
});

describe('the same job twice at once', () => {
  it('is one in one program: asked once, and both have the receipt', async () => {
    const server = await start();
    const seen = [];
    const [one, two] = await Promise.all([run(server), run(server, { onProgress: ({ state }) => seen.push(state) })]);
    assert.deepEqual([one.state, two.state, posts(server).length, one.id === two.id], ['done', 'done', 1, true]);
    assert.ok(seen.includes('done'));
    await run(server, { distinctIds: ['somebody else'] });
    assert.equal(posts(server).length, 2);
  });

  it('and in two: one asks, the other waits for what it comes to', async () => {
    const server = await start();
    const store = memory();
    const jobs = { ...store.jobs };
    // Another program has it, and is alive.
    const first = run(server, { store });
    await first;
    const [key] = [`mixpanel-consent/erase/${(await first).id}`];
    const kept = JSON.parse(await jobs.get(key));
    const at = clock();
    await jobs.set(key, JSON.stringify({ ...kept, state: 'waiting', lease: { by: '1@another-machine', until: at.time.now + 90_000 } }));
    let looks = 0;
    const sleep = async (ms) => { at.time.now += ms; looks += 1; if (looks === 1) await jobs.set(key, JSON.stringify({ ...kept, state: 'done' })); };
    const followed = await run(server, { store, now: at.now, sleep });
    assert.deepEqual([followed.state, posts(server).length, looks], ['done', 1, 1]);
    // One that says nothing any more is taken over.
    await jobs.set(key, JSON.stringify({ ...kept, state: 'waiting', batches: kept.batches.map((batch) => ({ ...batch, status: 'PENDING' })), lease: { by: '1@another-machine', until: at.time.now + 90_000 } }));
    const over = await run(server, { store, now: at.now, sleep: async (ms) => { at.time.now += ms; } });
    assert.deepEqual([over.state, posts(server).length], ['done', 1]);
  });
});

describe('limits and failures', () => {
  it('429 with Retry-After is waited for as long as it says, in seconds or as a date', async () => {
    const server = await start({ phases: ['SUCCESS'], trouble: (_, n) => (n === 1 ? [429, { 'retry-after': '120' }] : n === 2 ? [429, { 'retry-after': new Date(Date.parse('2026-11-01T01:00:00Z')).toUTCString() }] : null) });
    const job = run(server);
    assert.equal((await job).state, 'done');
    assert.deepEqual([job.time.waits[0], job.time.waits[1]], [120_000, 3600_000 - 120_000]);
  });

  it('429 without it, 5xx and a broken connection are waited for longer each time, never in step', async () => {
    const server = await start({ phases: ['SUCCESS'], trouble: (_, n) => (n <= 2 ? [429, {}] : n === 3 ? [503, {}] : n === 4 ? 'cut' : null) });
    const job = run(server);
    assert.equal((await job).state, 'done');
    const waits = job.time.waits.slice(0, 4);
    for (const [n, most] of [2000, 4000, 8000, 16_000].entries()) assert.ok(waits[n] >= most / 2 && waits[n] <= most, `${waits}`);
    const other = run(await start({ phases: ['SUCCESS'], trouble: (_, n) => (n <= 2 ? [429, {}] : null) }));
    await other;
    assert.notEqual(other.time.waits[0], waits[0]);
  });

  it('gives up when it was said to, and the job goes on from there', async () => {
    let down = true;
    const server = await start({ phases: ['SUCCESS'], trouble: ({ method }) => (down && method === 'GET' ? [429, {}] : null) });
    const store = new Map();
    const at = { ...clock() };
    const options = { store, giveUpAfter: 60_000, now: at.now, sleep: at.sleep };
    await assert.rejects(run(server, options), { code: 'erase-limited' });
    down = false;
    const job = await run(server, options);
    assert.deepEqual([job.state, posts(server).length], ['done', 1]);
  });

  it('what trying again does not mend is said at once', async () => {
    for (const [trouble, code] of [[[401, {}], 'erase-unauthorized'], [[403, {}], 'erase-unauthorized'], [[400, {}], 'erase-refused'], [[200, {}, 'no JSON'], 'erase-unreadable'], [[200, {}, { status: 'ok', results: [] }], 'erase-refused'], [[200, {}, { status: 'error', error: 'x', results: { task_id: '1' } }], 'erase-refused']]) {
      const server = await start({ trouble: () => trouble });
      await assert.rejects(run(server), { code }, code);
      assert.equal(server.requests.length, 1);
    }
  });

  it('a task that fails, is revoked or never appears fails the job, and the receipt says which ids', async () => {
    for (const [phases, status] of [[['PENDING', 'FAILURE'], 'FAILURE'], [['REVOKED'], 'REVOKED'], [['NOT_FOUND'], 'LOST'], [['UNKNOWN'], 'LOST']]) {
      const job = await run(await start({ phases }));
      assert.deepEqual([job.state, job.batches[0].status], ['failed', status]);
    }
    assert.equal((await run(await start({ phases: ['NOT_FOUND', 'NOT_FOUND', 'UNKNOWN', 'PENDING', 'SUCCESS'] }))).state, 'done');
  });

  it('waits of more than a timer can be set for do not end at once', async () => {
    const server = await start({ phases: ['PENDING', 'SUCCESS'] });
    const stop = new AbortController();
    const job = erase({ projectToken, oauthToken, host: server.host, distinctIds: ['long'], pollEvery: 2 ** 33, signal: stop.signal });
    job.catch(() => {});
    while (server.requests.length < 2) await new Promise((done) => setTimeout(done, 20));
    await new Promise((done) => setTimeout(done, 1200));
    assert.equal(server.requests.length, 2, 'it looked once, and waits');
    stop.abort(new Error('enough'));
    await assert.rejects(job, /enough/);
  });

  it('can be stopped', async () => {
    const stop = new AbortController();
    await assert.rejects(run(await start({ phases: ['PENDING'] }), { signal: stop.signal, onProgress: () => stop.abort(new Error('enough')) }), /enough/);
  });
});

describe('a program that ends in between', () => {
  it('is killed, started again, and submits nothing twice that was known to have arrived', async () => {
    const server = await start({ phases: ['PENDING', 'PENDING', 'STARTED', 'SUCCESS'] });
    const folder = mkdtempSync(join(tmpdir(), 'mcb-erase-'));
    process.env.OAUTH = oauthToken;
    try {
      const path = join(folder, 'jobs.sqlite');
      const first = program('eraser.mjs', [server.host, path, '10']);
      await first.line((line) => line.startsWith('PENDING,PENDING,PENDING'));
      first.child.kill('SIGKILL');
      await first.end();
      const before = posts(server).length;
      assert.ok(before >= 3);
      const second = program('eraser.mjs', [server.host, path, '10']);
      await second.line((line) => line === 'done');
      await second.end();
      const asked = posts(server).map(({ body }) => body.distinct_ids.join());
      // The one that was on its way when it was killed may be asked twice, and no other.
      assert.equal(new Set(asked).size, 5);
      assert.ok(asked.length <= 6, asked.join(' | '));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('between asking and knowing: it is asked again, and the receipt says so', async () => {
    const server = await start({ phases: ['SUCCESS'] });
    const store = new Map();
    await assert.rejects(run(server, { store, fetch: async (...given) => { await fetch(...given); throw new Error('killed'); }, giveUpAfter: 1 }), { code: 'erase-unreachable' });
    const job = await run(server, { store });
    assert.deepEqual([job.state, job.batches[0].asked, posts(server).length], ['done', 2, 2]);
  });

  it('without waiting: it comes back, and the next call looks again', async () => {
    const server = await start();
    const store = new Map();
    const states = [];
    for (let n = 0; n < 4; n++) states.push((await run(server, { store, wait: false })).state);
    assert.deepEqual([states, posts(server).length], [['waiting', 'waiting', 'waiting', 'done'], 1]);
    assert.equal((await run(server, { store, wait: false })).state, 'waiting', 'a finished one is begun anew');
  });

  it('a job that cannot be read is said to be so', async () => {
    const store = new Map();
    await run(await start({ phases: ['SUCCESS'] }), { store, id: 'mine' });
    for (const key of store.keys()) store.set(key, '{');
    await assert.rejects(run(await start(), { store, id: 'mine' }), { code: 'job-unreadable' });
  });
});

describe('a retrieval', () => {
  for (const shape of ['list', 'object', 'number']) {
    it(`says where the data is, and keeps that out of prints and stores (${shape})`, async () => {
      const server = await start({ shape });
      const store = new Map();
      const { time, ...its } = clock();
      const job = await retrieve({ projectToken, oauthToken, host: server.host, distinctIds: people(2001), compliance: 'CCPA', disclosure: 'Data', store, ...its });
      assert.deepEqual(posts(server).map(({ path, body }) => [path, body.distinct_ids.length, body.compliance_type, body.disclosure_type]), [['/api/app/data-retrievals/v3.0/', 2000, 'CCPA', 'Data'], ['/api/app/data-retrievals/v3.0/', 1, 'CCPA', 'Data']]);
      assert.equal(job.state, 'done');
      assert.deepEqual(job.links, [...server.tasks.keys()].map((id) => `https://storage.invalid/secret-link/${id}`));
      assert.ok(!`${job}${JSON.stringify(job)}${inspect(job)}${[...store.values()]}`.includes('secret-link'));
    });
  }
});

describe('a dry run', () => {
  it('asks nothing, needs no secret, and says what would be asked', async () => {
    const server = await start();
    const store = new Map();
    const job = await erase({ projectToken, host: server.host, distinctIds: people(5), batch: 2, dryRun: true, store });
    assert.deepEqual([server.requests.length, store.size, job.state], [0, 0, 'planned']);
    assert.deepEqual(job.plan.map(({ method, body }) => [method, body]), [2, 2, 1].map((count, n) => ['POST', { distinct_ids: people(5).slice(n * 2, n * 2 + count), compliance_type: 'GDPR' }]));
    assert.match(String(job), /would ask: POST http.*data-deletions\/v3\.0\/\?token=…1911 for 2 ids \("user-0", "user-1"\), GDPR/);
  });
});

describe('secrets', () => {
  it('are in no receipt, store, progress, print or error, whatever the other side answers', async () => {
    const told = [];
    const store = new Map();
    const secrets = [oauthToken, encodeURIComponent(oauthToken), projectToken];
    const log = Object.fromEntries(['log', 'info', 'warn', 'error', 'debug'].map((name) => [name, console[name]]));
    for (const name of Object.keys(log)) console[name] = (...given) => told.push(given.map((one) => inspect(one)).join(' '));
    try {
      const onProgress = (job) => told.push(inspect(job, { depth: 9 }), JSON.stringify(job), String(job));
      told.push(inspect(await run(await start({ phases: ['PENDING', 'SUCCESS'] }), { store, onProgress }), { depth: 9 }));
      for (const status of [200, 400, 401, 403, 404, 429, 500]) {
        const echo = (request) => [status, {}, { error: `${request.authorization} ${encodeURIComponent(request.authorization)} at ?token=${request.token}` }];
        await run(await start({ trouble: echo }), { store, giveUpAfter: 1 }).catch((error) => told.push(inspect(error, { depth: 9, showHidden: true }), error.stack));
      }
      await run({ host: 'http://127.0.0.1:1' }, { giveUpAfter: 1 }).catch((error) => told.push(inspect(error, { depth: 9 })));
      await run(await start(), { fetch: async () => { throw new Error(`failed with ${oauthToken}`); }, giveUpAfter: 1 }).catch((error) => told.push(inspect(error, { depth: 9 })));
      told.push(String(await erase({ projectToken, oauthToken, distinctIds: ['a'], dryRun: true })), JSON.stringify(await erase({ projectToken, oauthToken, distinctIds: ['a'], dryRun: true })));
    } finally {
      Object.assign(console, log);
    }
    told.push(...[...store].flat());
    assert.ok(told.length > 20);
    for (const text of told) for (const secret of secrets) assert.ok(!text.includes(secret), text.slice(0, 500));
  });
});

describe('mistakes', () => {
  it('are said before anything is asked', async () => {
    const good = { projectToken, oauthToken, distinctIds: ['a'] };
    for (const [options, code] of [
      [{ ...good, projectToken: '' }, 'token-missing'], [{ ...good, oauthToken: undefined }, 'token-missing'], [{ ...good, region: 'us-east' }, 'option-invalid'], [{ ...good, region: '__proto__' }, 'option-invalid'],
      [{ ...good, batch: 2000 }, 'option-invalid'], [{ ...good, batch: 0 }, 'option-invalid'], [{ ...good, distinctIds: [] }, 'option-invalid'], [{ ...good, distinctIds: 'a' }, 'option-invalid'],
      [{ ...good, distinctIds: [{}] }, 'id-invalid'], [{ ...good, person: 'a' }, 'option-invalid'], [{ ...good, compliance: 'HIPAA' }, 'option-invalid'], [{ ...good, distinctids: [] }, 'option-unknown'],
      // What is no number would be a poll without a pause, and what is no boolean would be believed.
      ...[NaN, -1, 0, '60000', null].map((pollEvery) => [{ ...good, pollEvery }, 'option-invalid']), ...[NaN, -1, '1'].map((giveUpAfter) => [{ ...good, giveUpAfter }, 'option-invalid']),
      ...['withdraw', 'wait', 'dryRun'].map((key) => [{ ...good, [key]: 'false' }, 'option-invalid']), ...['onProgress', 'sleep', 'fetch', 'now'].map((key) => [{ ...good, [key]: 'x' }, 'option-invalid']),
      [{ ...good, disclosure: 'data' }, 'option-invalid'], [{ ...good, signal: {} }, 'option-invalid'], [{ ...good, id: '' }, 'option-invalid'], [{ ...good, host: 5 }, 'option-invalid'], [{ ...good, ledger: {}, person: 'a' }, 'option-invalid'],
    ]) await assert.rejects(erase(options), { code }, JSON.stringify(options));
  });
});
