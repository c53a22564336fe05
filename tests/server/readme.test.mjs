// The programs of docs/server and docs/start/server.md, each started as it stands in a folder of its
// own: with a PostgreSQL and a Redis of this machine, and a Mixpanel that is played.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createCollector } from '../../tools/collector.mjs';
import { at, files } from '../../tools/lib.mjs';
import { startGdpr } from './gdpr.mjs';
import { startStore } from './stores.mjs';

const pageOf = (name) => readFileSync(at('docs', `${name}.md`), 'utf8');
const codesOf = (page, kind = 'js') => [...page.matchAll(new RegExp(`^\`\`\`${kind}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, code]) => code);
// In the repository, where the package and its neighbours are found by their names.
const folder = join(at('target'), 'readme');
const collector = createCollector();
let database;
let keys;
let mixpanel;
let gdpr;

before(async () => {
  mkdirSync(folder, { recursive: true });
  [database, keys] = await Promise.all([startStore('postgres'), startStore('redis')]);
  gdpr = await startGdpr({ oauthToken: 'secret', projectToken: 'YOUR_PROJECT_TOKEN', phases: ['SUCCESS'] });
  mixpanel = createServer((request, response) => void collector.handle(request, response)).listen(0, '127.0.0.1');
  await once(mixpanel, 'listening');
});
after(async () => {
  for (const program of running) program.kill();
  await Promise.all([database.stop(), keys.stop()]);
  await gdpr.stop();
  mixpanel.closeAllConnections();
  mixpanel.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What stands for the network: Mixpanel's hosts are this machine, and the client of Redis is the part of `redis` that is installed. */
const played = (code) => code
  .replace("init('YOUR_PROJECT_TOKEN')", `init('YOUR_PROJECT_TOKEN', { host: '127.0.0.1:${mixpanel.address().port}', protocol: 'http', keepAlive: false })`)
  .replace("region: 'eu'", `host: '${gdpr.host}'`)
  .replace("from 'redis'", "from '@redis/client'");

/** The next request that reaches Mixpanel. A program may have answered before its request has left. */
function nextRequest() {
  return new Promise((done, fail) => {
    const late = setTimeout(() => { off(); fail(new Error('nothing reached Mixpanel within 20 s')); }, 20_000);
    const off = collector.on('request', (request) => { clearTimeout(late); off(); done(request); });
  });
}

const running = new Set();
/** Starts a program of a page in the folder. */
function start(name, code, env = {}) {
  writeFileSync(join(folder, name), played(code));
  const program = spawn(process.execPath, [name], { cwd: folder, env: { ...process.env, DATABASE_URL: database.url, REDIS_URL: keys.url, MIXPANEL_OAUTH: 'secret', ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  running.add(program);
  program.once('close', () => running.delete(program));
  return program;
}

/** What a program prints, to its end. */
async function printed(name, code) {
  const program = start(name, code);
  let said = '';
  program.stdout.on('data', (text) => { said += text; });
  const late = setTimeout(() => program.kill(), 20_000);
  assert.deepEqual(await once(program, 'close'), [0, null], `${name}: ${said}`);
  clearTimeout(late);
  return said.trim();
}

/** Starts a program with a port of its own, does this with its address when it listens, and ends it. */
async function served(name, code, work) {
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const port = String(free.address().port);
  await new Promise((done) => free.close(done));
  const program = start(name, code, { PORT: port });
  const address = `http://127.0.0.1:${port}`;
  try {
    // It takes a moment to listen.
    for (const late = Date.now() + 10_000; ; await new Promise((again) => setTimeout(again, 50))) {
      const there = await fetch(`${address}/is-it-there`).catch((error) => { if (Date.now() > late) throw error; });
      if (there) break;
    }
    return await work(address);
  } finally {
    program.kill();
  }
}

/** The commands of a page that ask a program, each with what it shows. */
const commandsOf = (page) => codesOf(page, 'sh').flatMap((code) => [...code.matchAll(/^(curl .*)\n# (.*)$/gm)].map(([, line, shown]) => ({ line, shown })));
/** What a command prints, asked of this address. As much of curl as the pages use. */
async function asked(line, address) {
  const args = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain).slice(1);
  const request = { method: undefined, headers: {} };
  let url;
  let form = '';
  for (let n = 0; n < args.length; n++) {
    const next = () => args[n += 1];
    if (args[n] === '-X') request.method = next();
    else if (args[n] === '-H') request.headers[/^[^:]*/.exec(args[n + 1])[0]] = next().replace(/^[^:]*: */, '');
    else if (args[n] === '-d') request.body = next();
    else if (args[n] === '-w') form = next();
    else if (args[n] === '-o') assert.equal(next(), '/dev/null');
    else if (args[n] !== '-s') url = args[n];
  }
  const answer = await fetch(url.replace('http://localhost:3000', address), { ...request, method: request.method ?? (request.body ? 'POST' : 'GET') });
  return form ? form.replace('%{http_code}', answer.status) : answer.text();
}

const emptied = () => { for (const end of ['', '-wal', '-shm']) rmSync(join(folder, `consent.db${end}`), { force: true }); };
const shown = (page, command) => new RegExp(`^${command}\\n# (.*)$`, 'm').exec(page)[1];

describe('the programs of docs/start/server.md', () => {
  const page = pageOf('start/server');
  const [first, recording, worker] = codesOf(page);
  const commands = commandsOf(page);

  it('the first is started as it stands, and answers its two commands with what the page shows', async () => {
    assert.equal(commands.length, 2);
    await served('server.mjs', first, async (address) => {
      const arrived = nextRequest();
      for (const { line, shown: answer } of commands) assert.equal(await asked(line, address), answer, line);
      // The program is ended after this, and with it a request that it has not sent yet.
      assert.equal((await arrived).items[0].event, 'Invoice paid');
    });
  });

  it('the one with requests writes down what the worker of its queue asks for', async () => {
    emptied();
    await served('recording.mjs', recording, async (address) => {
      assert.equal(await asked(commands[1].line, address), '{"paid":true}');
      const arrived = nextRequest();
      assert.equal(await printed('worker.mjs', worker), shown(page, 'node worker.mjs'));
      assert.equal((await arrived).items[0].properties.distinct_id, 'user-42');
    });
  });
});

describe('each page of docs/server begins with a complete program', () => {
  it('reading a request: the program answers its two commands with what the page shows', async () => {
    const page = pageOf('server/index');
    const commands = commandsOf(page);
    assert.equal(commands.length, 2);
    await served('read.mjs', codesOf(page)[0], async (address) => {
      for (const { line, shown: answer } of commands) assert.equal(await asked(line, address), answer, line);
    });
  });

  it('receipts: what the page posts is recorded, the guard then sends the event, and erasure deletes it', async () => {
    emptied();
    const [receipts, guard, erasure] = ['receipts', 'guard', 'erasure'].map((name) => pageOf(`server/${name}`));
    assert.equal(await printed('worker.mjs', codesOf(guard)[0]), shown(guard, 'node worker.mjs'));
    assert.match(await printed('events.mjs', codesOf(guard)[1]), /^0 may be sent \[[^]*nothing-recorded/);

    const [{ line, shown: status }] = commandsOf(receipts);
    await served('receipts.mjs', codesOf(receipts)[0], async (address) => {
      assert.equal(await asked(line, address), status);
      assert.equal(await asked(line.replace('shop.example', 'other.example'), address), '403');
    });
    const arrived = nextRequest();
    assert.equal(await printed('worker.mjs', codesOf(guard)[0]), '');
    assert.equal((await arrived).items[0].properties.distinct_id, 'user-42');
    assert.equal(await printed('events.mjs', codesOf(guard)[1]), '1 may be sent []');

    assert.match(await printed('erase.mjs', codesOf(erasure)[0]), /^deletion \S+: done; 1 ids/);
    assert.deepEqual(gdpr.requests.find(({ method }) => method === 'POST').body.distinct_ids, ['user-42']);
    assert.equal(await printed('worker.mjs', codesOf(guard)[0]), 'Invoice paid not sent: denied');
  });

  it('the ledger: in PostgreSQL it prints what the page says, and the suite for stores has nothing against the memory', async () => {
    const [ledger, suite] = codesOf(pageOf('server/ledger'));
    assert.equal(await printed('ledger.mjs', ledger), /it prints `([^`]+)`/.exec(pageOf('server/ledger'))[1]);
    assert.equal(await printed('suite.mjs', suite), '[]');
  });

  it('many servers: with a message, what one program records another hears, whatever it has in memory', { timeout: 60_000 }, async () => {
    const [alone, telling] = codesOf(pageOf('server/many-servers'));
    const yes = "{ event: 'given', at: Date.now(), cmp: 'klaro', consent: { tracking: 'granted', replay: 'granted', profile: 'granted', flags: 'granted' } }";
    assert.equal(await printed('alone.mjs', `${alone}\nawait ledger.record('user-41', ${yes});\nconsole.log((await ledger.allowed('user-41')).mode);\nawait client.close();\n`), 'on');
    // The first has asked before the second records, and is asked again until it has heard.
    const first = start('first.mjs', `${telling}\nconsole.log((await ledger.allowed('user-42')).code);\nwhile ((await ledger.allowed('user-42')).mode !== 'on') await new Promise((again) => setTimeout(again, 20));\nconsole.log('heard');\nawait client.close();\nawait subscriber.close();\n`);
    const said = first.stdout[Symbol.asyncIterator]();
    assert.equal(String((await said.next()).value), 'nothing-recorded\n');
    await printed('second.mjs', `${telling}\nawait ledger.record('user-42', ${yes});\nawait client.close();\nawait subscriber.close();\n`);
    assert.equal(String((await said.next()).value), 'heard\n');
  });

  it('a signed record: the function sets the cookie of a record, and none of what is no record', async () => {
    const code = codesOf(pageOf('server/index'))[1];
    const call = "\nprocess.env.RECORD_KEY = 'a key that is long enough';\nconst response = { setHeader: (name, value) => console.log(name, value) };\n";
    assert.match(await printed('record.mjs', `${code}${call}setRecord(response, '1.gggg.g.1764000000000.klaro');\nsetRecord(response, 'no record');\n`), /^Set-Cookie mixpanel-consent-bridge\.\S+=1\.gggg\.g\.1764000000000\.klaro\.[\w-]{43}; [^\n]*$/);
  });

  it('and no code of these pages is without a test', () => {
    const counts = Object.fromEntries(files('docs/server').map((path) => [path.replace(/^.*\/|\.md$/g, ''), codesOf(readFileSync(at(path), 'utf8')).length]));
    assert.deepEqual(counts, { erasure: 1, guard: 2, index: 2, ledger: 2, 'many-servers': 2, receipts: 1 });
  });
});
