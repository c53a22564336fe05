// The pages' code for the ledger, the guard, receipts and erasure, run as it stands: with a
// PostgreSQL of this machine for the one that it names, and a Mixpanel that is played.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { createCollector } from '../../tools/collector.mjs';
import { at, files } from '../../tools/lib.mjs';
import { startGdpr } from './gdpr.mjs';
import { startStore } from './stores.mjs';

const blocks = files('docs/server').flatMap((path) => [...readFileSync(at(path), 'utf8').matchAll(/```js\n([\s\S]*?)```/g)].map(([, code]) => code));
const block = (words) => blocks.find((code) => code.includes(words)) ?? assert.fail(`docs/server has no code with \`${words}\``);
// In the repository, where the package and its neighbours are found by their names.
const folder = join(at('target'), 'readme');
const collector = createCollector();
let database;
let mixpanel;
let gdpr;

before(async () => {
  mkdirSync(folder, { recursive: true });
  database = await startStore('postgres');
  gdpr = await startGdpr({ oauthToken: 'secret', projectToken: 'YOUR_PROJECT_TOKEN', phases: ['SUCCESS'] });
  mixpanel = createServer((request, response) => void collector.handle(request, response)).listen(0, '127.0.0.1');
  await once(mixpanel, 'listening');
});
after(async () => {
  await Promise.all(connections.map((one) => one.end()));
  await database.stop();
  await gdpr.stop();
  mixpanel.closeAllConnections();
  mixpanel.close();
  rmSync(folder, { recursive: true, force: true });
});

// A connection keeps the program alive.
const connections = [];
const opened = (store) => { connections.push(store); return store; };

let count = 0;
/** Runs code with these names around it, and resolves to what `ask` of it is afterwards. */
async function run(code, around, ask) {
  const imports = [...code.matchAll(/^import .*$/gm)].map(([line]) => line).join('\n');
  const body = code.replace(/^import .*$/gm, '').replace(/^export const/gm, 'const');
  const path = join(folder, `block-${count += 1}.mjs`);
  writeFileSync(path, `${imports}\nexport default async ({ ${Object.keys(around).join(', ')} }) => {\n${body}\nreturn ${ask};\n};\n`);
  return (await import(pathToFileURL(path))).default(around);
}

describe('the programs of docs/start/server.md', () => {
  const page = readFileSync(at('docs/start/server.md'), 'utf8');
  const played = (code) => code.replace("init('YOUR_PROJECT_TOKEN')", `init('YOUR_PROJECT_TOKEN', { host: '127.0.0.1:${mixpanel.address().port}', protocol: 'http', keepAlive: false })`);
  const [first, recording] = [...page.matchAll(/```js\n(import express[\s\S]*?)```/g)].map(([, code]) => code);
  const worker = /```js\n(import Mixpanel[\s\S]*?)```/.exec(page)[1];
  const commands = [...page.matchAll(/^curl -X POST http:\/\/localhost:3000(\S+)(?: -H 'Cookie: ([^']*)')?\n# (.*)$/gm)].map(([, where, cookie, shown]) => ({ where, cookie, shown }));

  /** Starts a program of the page, and resolves to what asks it as a command of the page does. */
  async function started(name, code) {
    writeFileSync(join(folder, name), played(code));
    const free = createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    const port = String(free.address().port);
    await new Promise((done) => free.close(done));
    const program = spawn(process.execPath, [name], { cwd: folder, env: { ...process.env, PORT: port }, stdio: ['ignore', 'inherit', 'inherit'] });
    const ask = async ({ where, cookie }) => {
      // It takes a moment to listen.
      for (const late = Date.now() + 10_000; ; await new Promise((again) => setTimeout(again, 50))) {
        const answer = await fetch(`http://127.0.0.1:${port}${where}`, { method: 'POST', headers: cookie ? { cookie } : {} }).catch((error) => { if (Date.now() > late) throw error; });
        if (answer) return answer.json();
      }
    };
    return { program, ask };
  }

  it('the first is started as it stands, and answers its two commands with what the page shows', async () => {
    assert.equal(commands.length, 2);
    const arrived = new Promise((done) => collector.on('request', done));
    const { program, ask } = await started('server.mjs', first);
    try {
      for (const command of commands) assert.deepEqual(await ask(command), JSON.parse(command.shown), command.cookie);
      assert.equal((await arrived).items[0].event, 'Invoice paid');
    } finally {
      program.kill();
    }
  });

  it('the one with requests writes down what the worker of its queue asks for', async () => {
    const { program, ask } = await started('recording.mjs', recording);
    try {
      assert.deepEqual(await ask(commands[1]), { paid: true });
      const arrived = new Promise((done) => collector.on('request', done));
      writeFileSync(join(folder, 'worker.mjs'), played(worker));
      const working = spawn(process.execPath, ['worker.mjs'], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
      let said = '';
      working.stdout.on('data', (text) => { said += text; });
      assert.deepEqual(await once(working, 'close'), [0, null]);
      assert.equal(said.trim(), /^node worker\.mjs\n# (.*)$/m.exec(page)[1]);
      assert.equal((await arrived).items[0].properties.distinct_id, 'user-42');
    } finally {
      program.kill();
    }
  });
});

describe('the code of docs/server', () => {
  it('keeps what a request came to, lets the guarded SDK send it, and erases it', async () => {
    const request = { headers: { cookie: 'cc_cookie=' + encodeURIComponent(JSON.stringify({ categories: ['necessary', 'analytics'], consentTimestamp: '2026-11-01T00:00:00.000Z', consentId: 'x', services: { necessary: [], analytics: [] }, languageCode: 'en', lastConsentTimestamp: '2026-11-01T00:00:00.000Z', expirationTime: Date.now() + 1e9, revision: 0, data: null })) } };
    const invoice = { paidAt: new Date(Date.now() + 1000) };
    const kept = await run(block('const ledger = consentLedger(').replace('new pg.Pool({ connectionString: process.env.DATABASE_URL })', `opened(new pg.Pool({ connectionString: '${database.url}' }))`), { opened, request, invoice }, '{ ledger, mode, code }');
    assert.deepEqual([kept.mode, kept.code], ['on', 'granted']);
    const { ledger } = kept;

    const local = block('guard(Mixpanel.init').replace("init('YOUR_PROJECT_TOKEN')", `init('YOUR_PROJECT_TOKEN', { host: '127.0.0.1:${mixpanel.address().port}', protocol: 'http', keepAlive: false })`);
    const arrived = new Promise((done) => collector.on('request', done));
    await run(local, { ledger }, 'mp');
    assert.equal((await arrived).items[0].event, 'Invoice paid');

    process.env.MIXPANEL_OAUTH = 'secret';
    const { job } = await run(block('await erase(').replace("region: 'eu'", `host: '${gdpr.host}'`), { ledger, store: new Map(), console: { log() {} } }, '{ job }');
    assert.deepEqual([job.state, [...job.ids].sort()], ['done', ['$device:4f1c', 'user-42']]);
    assert.equal((await ledger.allowed('user-42')).mode, 'off');
  });

  it('takes a receipt', async () => {
    const recorded = [];
    const ledger = { record: async (...given) => recorded.push(given) };
    process.env.RECORD_KEY = 'a key that is long enough';
    const answer = await run(block('receiptEndpoint({'), {
      ledger, userOf: () => 'user-42', deviceOf: () => '$device:4f1c', app: { all() {} }, method: 'POST',
      headers: { origin: 'https://shop.example', 'content-type': 'application/json' },
      body: JSON.stringify({ event: 'given', at: 1, cmp: 'klaro', consent: { tracking: 'granted', replay: 'granted', profile: 'granted', flags: 'granted' } }),
    }, 'answer');
    assert.equal(answer.status, 204);
    assert.match(answer.headers['set-cookie'], /^mixpanel-consent-bridge/);
    assert.deepEqual([recorded[0][0], recorded[0][1].event, recorded[0][2].device], ['user-42', 'given', '$device:4f1c']);
  });
});
