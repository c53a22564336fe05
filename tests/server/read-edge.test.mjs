// The package in Cloudflare's runtime, which compiles no bytes: the file that the exports map
// names for it, with the module beside it as the runtime's bundlers bring it.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { at } from '../../tools/lib.mjs';

const { default: program } = createRequire(import.meta.url)('workerd');
const YES = 'OptanonAlertBoxClosed=2026-11-23T10:00:00.000Z; OptanonConsent=interactionCount=1&groups=C0001%3A1%2CC0002%3A1';

const WORKER = `import { allowedAt, readConsent, signRecord } from './server.edge.js';
export default {
  fetch(request) {
    let refused = '';
    try { new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])); } catch (error) { refused = String(error); }
    const key = 'a secret of the site';
    return Response.json({ state: readConsent(request, { cmp: 'onetrust' }), later: allowedAt([], 5).code, signed: signRecord('1.gggg.g.1.klaro', { token: 'T', key }), refused });
  },
};`;
const CONFIG = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .main)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const main :Workerd.Worker = (
  modules = [
    (name = "worker.js", esModule = embed "worker.js"),
    (name = "server.edge.js", esModule = embed "server.edge.js"),
    (name = "server.wasm?module", wasm = embed "server.wasm"),
  ],
  compatibilityDate = "2026-01-01",
);`;

let folder;
let worker;
let address;
before(async () => {
  const { workerd, 'edge-light': vercel } = JSON.parse(await readFile(at('package.json'), 'utf8')).exports['./server'];
  assert.equal(workerd, './dist/server.edge.js');
  assert.equal(vercel, workerd);
  folder = await mkdtemp(join(tmpdir(), 'edge-'));
  for (const file of ['server.edge.js', 'server.wasm']) await cp(at('dist', file), join(folder, file));
  await writeFile(join(folder, 'worker.js'), WORKER);
  await writeFile(join(folder, 'config.capnp'), CONFIG);
  worker = spawn(program, ['serve', 'config.capnp', '--control-fd=3'], { cwd: folder, stdio: ['ignore', 'inherit', 'inherit', 'pipe'] });
  address = await new Promise((done, fail) => {
    let text = '';
    worker.on('error', fail).on('exit', (code) => fail(new Error(`workerd ended with ${code}`)));
    worker.stdio[3].on('data', (chunk) => {
      text += chunk;
      const port = /"event":\s*"listen"[^\n]*"port":\s*(\d+)/.exec(text)?.[1];
      if (port) done(`http://127.0.0.1:${port}/`);
    });
  });
});
after(async () => {
  worker?.removeAllListeners('exit');
  worker?.kill('SIGKILL');
  if (folder) await rm(folder, { recursive: true, force: true });
});

test('requests are read where no bytes are compiled', async () => {
  const told = await (await fetch(address, { headers: { cookie: YES } })).json();
  assert.match(told.refused, /disallowed/, 'this runtime compiles none');
  assert.equal(told.state.mode, 'on');
  assert.equal(told.state.cmp, 'onetrust');
  assert.equal(told.later, 'nothing-recorded');
  assert.match(told.signed, /^1\.gggg\.g\.1\.klaro\.[\w-]{43}$/);
  assert.equal((await (await fetch(address)).json()).state.code, 'request-silent');
});
