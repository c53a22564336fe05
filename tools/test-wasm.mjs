// The crate's #[wasm_bindgen_test]s in Chromium: cargo compiles them, wasm-bindgen's own
// runner serves them as a page, and the browser that the other tests use opens it. The
// runner could start a browser itself, but only through a chromedriver of the very version.
// Tests are the integration tests named wasm*, and the library's own.

import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { at, exe, files, root, run, targetDir } from './lib.mjs';
import { CHROMIUM_ARGS, shell } from './setup.mjs';
import { readFileSync } from 'node:fs';

const LONGEST_MS = 120_000;

export async function testWasm(out) {
  const tests = files('tests').filter((path) => /^tests\/(wasm\w*\.rs|wasm\w*\/main\.rs)$/.test(path));
  const inLibrary = files('src').some((path) => path.endsWith('.rs') && readFileSync(at(path), 'utf8').includes('#[wasm_bindgen_test'));
  const tally = { passed: 0, failed: 0, skipped: 0 };
  if (tests.length === 0 && !inLibrary) return tally;

  const names = tests.map((path) => /^tests\/(wasm\w*)/.exec(path)[1]);
  const args = [
    'test', '--locked', '--target', 'wasm32-unknown-unknown', '--no-run', '--message-format', 'json-render-diagnostics',
    ...(inLibrary ? ['--lib'] : []), ...names.flatMap((name) => ['--test', name]),
  ];
  out(`$ cargo ${args.join(' ')}\n`);
  const messages = await run('cargo', args, { lines: 200, fix: 'Run it with `--no-run` left as it is to see the errors.' });
  const modules = messages.split('\n').filter(Boolean).map((line) => JSON.parse(line))
    .filter(({ reason, executable, profile }) => reason === 'compiler-artifact' && executable && profile.test)
    .map(({ executable }) => executable);

  const { chromium: engine } = await import('playwright-core');
  const browser = await engine.launch({
    executablePath: await shell(),
    args: CHROMIUM_ARGS,
  });
  try {
    for (const module of modules) {
      const text = await inBrowser(browser, module);
      out(`${text}\n`);
      const result = /^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored/m.exec(text);
      if (!result) { tally.failed += 1; continue; }
      tally.passed += Number(result[1]);
      tally.failed += Number(result[2]);
      tally.skipped += Number(result[3]);
    }
  } finally {
    await browser.close();
  }
  return tally;
}

/** What the page of one test module says when it is done. */
async function inBrowser(browser, module) {
  const port = await freePort();
  const runner = spawn(join(targetDir, 'debug', `test-runner${exe}`), [module], {
    cwd: root,
    env: { ...process.env, NO_HEADLESS: '1', WASM_BINDGEN_USE_BROWSER: '1', WASM_BINDGEN_TEST_ADDRESS: `127.0.0.1:${port}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  runner.stdout.on('data', (chunk) => { said += chunk; });
  runner.stderr.on('data', (chunk) => { said += chunk; });
  const ended = new Promise((done) => runner.on('close', done));
  const page = await browser.newPage();
  try {
    const until = Date.now() + LONGEST_MS;
    for (;;) {
      try {
        await page.goto(`http://127.0.0.1:${port}/`);
        break;
      } catch (error) {
        if (runner.exitCode !== null || Date.now() > until) return `${said}\nthe test page did not open: ${error.message}`;
        await new Promise((again) => setTimeout(again, 100));
      }
    }
    const output = page.locator('#output');
    for (;;) {
      const text = await output.innerText({ timeout: 10_000 });
      if (/^test result: /m.test(text) || Date.now() > until) return text;
      await new Promise((again) => setTimeout(again, 100));
    }
  } finally {
    await page.close();
    runner.kill();
    await ended;
  }
}

function freePort() {
  return new Promise((done, fail) => {
    const server = createServer();
    server.on('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}
