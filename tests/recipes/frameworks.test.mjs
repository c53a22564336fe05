// The projects of examples/ as their frameworks build and serve them, with the packed package:
// installed, built, started, and walked through in Chromium. Each has a dialog of its own, so
// that what is tested is the framework. A long run, which fetches the frameworks; not part of
// `npm test`.
//
//   npm run test:recipes                      all of them
//   RECIPES=next,astro npm run test:recipes   these
//
// Not here: pages without a build (docs/recipes.test.mjs).

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createServer as createSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createCollector } from '../../tools/collector.mjs';
import { at } from '../../tools/lib.mjs';
import { exec, pack } from '../package/project.mjs';
import { openBrowser } from '../package/site.mjs';

// `env`: how each takes the token and the host; `routed`: whether it changes pages without loading them.
const FRAMEWORKS = [
  { name: 'next', prefix: 'NEXT_PUBLIC_', routed: true },
  { name: 'sveltekit', prefix: 'PUBLIC_', routed: true },
  { name: 'astro', prefix: 'PUBLIC_', routed: false, start: (port) => ['--', '--port', port, '--host', '127.0.0.1'] },
  { name: 'nuxt', prefix: 'NUXT_PUBLIC_', routed: true },
];
const asked = (process.env.RECIPES ?? '').split(/[\s,]+/).filter(Boolean);
const TOKEN = '0123456789abcdef0123456789abcdef';

const freePort = () => new Promise((done) => {
  const probe = createSocket().listen(0, '127.0.0.1', () => {
    const { port } = probe.address();
    probe.close(() => done(String(port)));
  });
});

let packed;
let browser;
let collector;
let api;
let apiHost;
before(async () => {
  [packed, browser] = await Promise.all([pack(), openBrowser()]);
  collector = createCollector({});
  api = createServer((request, response) => collector.handle(request, response));
  await new Promise((done) => api.listen(0, '127.0.0.1', done));
  apiHost = `http://127.0.0.1:${api.address().port}`;
});
after(async () => {
  await browser?.close();
  await packed?.remove();
  collector?.close();
  api?.close();
  api?.closeAllConnections();
});

const names = () => collector.log.flatMap(({ route, items }) => (route.startsWith('/track') ? items : [])).map(({ event }) => event);

async function until(condition, told) {
  for (const end = Date.now() + 20_000; !condition(); await new Promise((again) => setTimeout(again, 50))) {
    assert.ok(Date.now() < end, `${told}: ${names()}`);
  }
}

async function walk(origin, { routed }) {
  collector.clear();
  const context = await browser.newContext();
  const told = [];
  try {
    const page = await context.newPage();
    page.on('pageerror', (error) => told.push(String(error)));
    page.on('console', (message) => /error|warning/.test(message.type()) && !/preload|DevTools/.test(message.text()) && told.push(`${message.text()} ${message.location().url}`));
    const code = [];
    page.on('request', (request) => request.resourceType() === 'script' && code.push(request.url()));
    const shows = (text) => page.waitForFunction((wanted) => document.querySelector('#answer')?.textContent === wanted, text, { timeout: 30_000 });
    // Until the framework has taken the page over, a click does nothing.
    const press = async (id, text) => {
      for (let n = 0; ; n += 1) {
        await page.click(`#${id}`);
        try {
          await page.waitForFunction((wanted) => document.querySelector('#answer')?.textContent === wanted, text, { timeout: 3_000 });
          return;
        } catch (error) {
          if (n > 6) throw error;
        }
      }
    };

    // Rendered by the server, or built: the text is there before any script.
    assert.match(await (await fetch(origin)).text(), /<output id="answer"[^>]*>unset(<!-- -->)? (<!-- -->)?off</);
    await page.goto(origin, { waitUntil: 'networkidle' });
    await shows('unset off');
    await page.click('#buy');
    await page.waitForTimeout(1_500);
    assert.equal(collector.log.length, 0, 'nothing before an answer');
    const before = code.length;

    await press('no', 'denied off');
    await page.click('#buy');
    await page.waitForTimeout(1_500);
    assert.equal(collector.log.length, 0, 'nothing after a no');

    await press('yes', 'granted on');
    await page.click('#buy');
    await until(() => names().includes('Bought'), 'the event leaves');
    assert.ok(code.length > before, 'the SDK is fetched after the yes, and not before');
    assert.equal(names().filter((name) => name === 'Bought').length, 1, 'those of before the yes do not');
    await until(() => names().includes('$mp_web_page_view'), 'the page view leaves');
    const views = () => names().filter((name) => name === '$mp_web_page_view').length;
    const seen = views();
    await page.click('#about');
    await page.waitForFunction(() => document.querySelector('h1').textContent === 'About');
    await shows('granted on');
    await until(() => views() > seen, routed ? 'a page that the router changes is seen' : 'the next page is seen');
    assert.equal(page.url(), `${origin}/about${page.url().endsWith('/about/') ? '/' : ''}`);

    await press('no', 'denied off');
    await page.waitForTimeout(1_000);
    const last = collector.log.length;
    await page.click('#buy');
    await page.reload({ waitUntil: 'networkidle' });
    await shows('denied off');
    await page.waitForTimeout(1_500);
    assert.equal(collector.log.length, last, 'nothing after the withdrawal');
    assert.deepEqual((await context.cookies()).filter(({ name }) => name.startsWith('mp_')), []);
    assert.deepEqual(told, [], 'no error, no hydration mismatch');
  } finally {
    await context.close();
  }
}

describe('frameworks', () => {
  for (const framework of FRAMEWORKS.filter(({ name }) => asked.length === 0 || asked.includes(name))) {
    const { name, prefix, start = () => [] } = framework;
    test(name, { timeout: 20 * 60_000 }, async () => {
      const folder = await mkdtemp(join(tmpdir(), `recipe-${name}-`));
      let child;
      try {
        await cp(at('examples', name), folder, { recursive: true });
        const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
        manifest.dependencies['mixpanel-consent-bridge'] = `file:${packed.tarball}`;
        await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
        const port = await freePort();
        const env = {
          ...process.env, CI: '1', PORT: port, HOST: '127.0.0.1', HOSTNAME: '127.0.0.1',
          NEXT_TELEMETRY_DISABLED: '1', NUXT_TELEMETRY_DISABLED: '1', ASTRO_TELEMETRY_DISABLED: '1',
          [`${prefix}MIXPANEL_TOKEN`]: TOKEN, [`${prefix}MIXPANEL_API_HOST`]: apiHost,
        };
        const step = async (...args) => {
          const from = Date.now();
          try {
            await exec('npm', args, { cwd: folder, env, maxBuffer: 1 << 28 });
          } catch ({ stdout, stderr }) {
            throw new Error(`npm ${args.join(' ')}:\n${`${stdout}\n${stderr}`.split('\n').slice(-60).join('\n')}`);
          }
          console.log(`${name}: npm ${args[0]} ${args[1] ?? ''} ${((Date.now() - from) / 1000).toFixed(0)} s`);
        };
        await step('install', '--no-audit', '--no-fund', '--loglevel=error');
        await step('run', 'build');
        child = spawn('npm', ['start', ...start(port)], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
        let said = '';
        child.stdout.on('data', (text) => { said += text; });
        child.stderr.on('data', (text) => { said += text; });
        const origin = `http://127.0.0.1:${port}`;
        for (const end = Date.now() + 60_000; !(await fetch(origin).then(({ ok }) => ok, () => false)); await new Promise((again) => setTimeout(again, 200))) {
          assert.ok(Date.now() < end, `${name} does not answer:\n${said.slice(-2000)}`);
        }
        await walk(origin, framework);
      } finally {
        // npm and what it started.
        if (child?.pid) {
          try {
            process.kill(-child.pid, 'SIGKILL');
          } catch {
            // It has ended by itself.
          }
        }
        await rm(folder, { recursive: true, force: true });
      }
    });
  }
});
