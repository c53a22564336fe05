// Runs the tests and ends with `N passed, N failed`. Sets up and builds what the kinds asked for
// need. Each kind's own runner does the work (cargo, tsc, node); this only starts them, counts, and
// keeps their output for when something failed.
//
// The kinds run side by side, as many programs at a time as the machine carries (pool.mjs); what each
// prints is told when it has ended. Whatever measures time runs when all others have ended, and so
// does, once more, what failed in a page.
//
//   node tools/test.mjs              every kind
//   node tools/test.mjs core wasm    these, with their output; of one, as it comes
//   node tools/test.mjs engines --all   every promise and fault in Firefox and WebKit: most of an hour
//
// A kind that ran no test has failed: nothing proves nothing.

import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { Failure, at, files, main, root, run, started, targetDir } from './lib.mjs';
import { PLACES, pool, turns } from './pool.mjs';
import { engines as installEngines, findFirefox, findWebKit, packages, php, rust, shell, stores } from './setup.mjs';
import { checkReadme, printSizes } from './sizes.mjs';
import { checkLicences } from './supply.mjs';
import { testTypes } from './test-types.mjs';
import { testWasm } from './test-wasm.mjs';

// A program that takes longer hangs; so does a file of tests, of which the longest takes some five
// minutes by itself. Its runner ends it and says what had passed before.
const LONGEST_MS = 35 * 60_000;
const LONGEST_FILE_MS = 20 * 60_000;

const KINDS = [
  { name: 'lint', needs: ['build', 'lints'], run: lint },
  { name: 'core', needs: [], run: (out) => cargoTests(out, 'core') },
  { name: 'cmp', needs: [], run: (out) => cargoTests(out, 'cmp') },
  { name: 'wasm', needs: ['build', 'browser'], run: wasm },
  { name: 'server', needs: ['build', 'browser', 'stores'], run: (out) => nodeTests(out, 'tests/server', { atOnce: 1 }) },
  { name: 'types', needs: ['build'], run: (out) => testTypes(out, start) },
  // Some pack, and some install what was packed: one after the other.
  { name: 'package', needs: ['build', 'browser'], run: (out) => nodeTests(out, 'tests/package', { atOnce: 1 }) },
  { name: 'cli', needs: ['build', 'browser'], run: (out) => nodeTests(out, 'tests/cli', { again: true }) },
  { name: 'docs', needs: ['build', 'browser', 'php'], run: (out) => nodeTests(out, 'docs', { again: true }) },
  { name: 'browser', needs: ['build', 'browser'], run: (out) => nodeTests(out, 'tests/browser', { again: true }) },
  { name: 'engines', needs: ['build', 'engines'], run: (out, flags) => engines(out, flags) },
  // Every minor version of the SDK goes through the walk: most of an hour, and a package each.
  { name: 'versions', needs: ['build', 'browser'], run: (out) => versions(out), apart: true },
  // Fetches whole frameworks, so it is run when it is asked for, and not with all the others.
  { name: 'recipes', needs: ['build', 'browser'], run: (out) => nodeTests(out, 'tests/recipes', { atOnce: 1 }), apart: true },
];
const FLAGS = ['--all'];

/** What measures how long something takes, or how much memory: nothing runs beside it. */
const QUIET = /^tests\/(browser\/time|wasm\/(boundary|memory))\.test\.mjs$/;

/** Seconds that the longest take by themselves on two processors, roughly: they begin first. */
const LONG = {
  engines: 300, 'docs/site': 250, 'tests/cli/verify': 200, 'docs/managers': 120, 'tests/browser/walk': 110, 'promise-05': 100, 'promise-08': 100,
  'promise-02': 90, 'promise-06': 80, 'promise-10': 80, features: 80, 'tests/cli/visits': 80, 'promise-07': 70, 'promise-01': 60, 'promise-03': 60, 'promise-04': 60,
  // One after the other, so each is as long as those behind it.
  'tests/package': 200, 'tests/server': 120, cargo: 180,
};
const secondsOf = (name) => Object.entries(LONG).find(([part]) => name.includes(part))?.[1] ?? 10;

const machine = pool();
// What is compiled once and thrown away needs no notes for the next time and none for a debugger.
if (process.env.CI) {
  process.env.CARGO_INCREMENTAL ??= '0';
  process.env.CARGO_PROFILE_DEV_DEBUG ??= '0';
}
/** The crate itself, and none of what it needs: its walks over every state take a third of the time. */
const QUICKER = ['--config', 'profile.dev.package.mixpanel-consent-bridge.opt-level=1'];
/** cargo locks its folder. */
const cargoTurn = turns();

/** Runs a program when there is a place for it, handing its output on; resolves to its exit code and what it printed. */
function start(out, command, args, env = {}) {
  const cargo = command === 'cargo';
  const name = cargo ? command : args.at(-1) ?? '';
  // A compiler takes what there is.
  const placed = () => machine.run(() => begin(out, command, args, env), { takes: cargo ? 2 : 1, first: secondsOf(env.ENGINE ? 'engines' : name) });
  return cargo ? cargoTurn(placed) : placed();
}

function begin(out, command, args, env) {
  return new Promise((done) => {
    out(`$ ${[command, ...args].join(' ')}\n`);
    const child = spawn(command, args, { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    const late = setTimeout(() => {
      out(`\nstopped: still running after ${LONGEST_MS / 60_000} minutes\n`);
      child.kill('SIGKILL');
    }, LONGEST_MS);
    const take = (chunk) => { text += chunk; out(chunk); };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', (error) => { take(`${command} could not be started: ${error.message}\n`); clearTimeout(late); done({ code: 1, text }); });
    child.on('close', (code) => { clearTimeout(late); done({ code: code ?? 1, text }); });
  });
}

// ---- the kinds ------------------------------------------------------------------------

async function lint(out) {
  const checks = [
    ['cargo', 'fmt', '--all', '--check'],
    ['cargo', 'clippy', '--quiet', '--all-targets', '--', '-D', 'warnings'],
    // What a crate in a page may depend on, and our own three modules.
    ...[[], ['--no-default-features', '--features', 'page'], ['--no-default-features', '--features', 'texts'], ['--no-default-features', '--features', 'server'], ['--features', 'web']]
      .map((features) => ['cargo', 'clippy', '--quiet', '--lib', '--target', 'wasm32-unknown-unknown', ...features, '--', '-D', 'warnings']),
    ['cargo', 'doc', '--quiet', '--no-deps', '--lib', '--config', 'build.rustdocflags=["-Dwarnings"]'],
    // src/page/contract.ts is what the core says. Compiled as the kind `core` has it, so that it is compiled once.
    ['cargo', 'test', ...QUICKER, '--locked', '--quiet', '--test', 'contract'],
    [process.execPath, at('node_modules', 'typescript', 'bin', 'tsc'), '--noEmit', '--project', at('tsconfig.json')],
    [process.execPath, at('node_modules', 'typescript', 'bin', 'tsc'), '--noEmit', '--project', at('tsconfig.page.json')],
    [process.execPath, at('tools', 'strict.mjs')],
    // The command knows Node's types, which what pages load must not.
    [process.execPath, at('node_modules', 'typescript', 'bin', 'tsc'), '--noEmit', '--project', at('src', 'cli', 'tsconfig.json')],
  ];
  const tally = { passed: 0, failed: 0 };
  const count = (good) => { tally[good ? 'passed' : 'failed'] += 1; };
  for (const [command, ...args] of checks) count((await start(out, command, args)).code === 0);

  const check = async (title, work) => {
    out(`$ ${title}\n`);
    try {
      const wrong = await work();
      if (wrong.length) out(`${wrong.join('\n')}\n`);
      count(wrong.length === 0);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      out(`${error.message}\n`);
      count(false);
    }
  };
  await check('the weights have not grown', async () => { await printSizes({ print: out, relaxed: process.env.PLAIN === '1' }); return []; });
  await check('the weights in docs/weight.md are those of this build', async () => {
    const wrong = process.env.PLAIN === '1' ? [] : await checkReadme();
    return wrong.length ? [...wrong, 'Run `npm run sizes -- --write`.'] : [];
  });
  // What the documents repeat of the source; written by `node docs/tables.mjs --write`.
  if (existsSync(at('docs', 'tables.mjs'))) count((await start(out, process.execPath, [at('docs', 'tables.mjs')])).code === 0);
  // A break that finds nothing to break would prove nothing.
  count((await start(out, process.execPath, [at('tests', 'browser', 'breaks.mjs'), '--check'])).code === 0);
  await check('one version everywhere', () => {
    const { version } = JSON.parse(readFileSync(at('package.json'), 'utf8'));
    const lock = JSON.parse(readFileSync(at('package-lock.json'), 'utf8'));
    const crate = /^version = "(.*)"$/m.exec(readFileSync(at('Cargo.toml'), 'utf8'))?.[1];
    return [['Cargo.toml', crate], ['package-lock.json', lock.version], ['package-lock.json', lock.packages[''].version]]
      .filter(([, found]) => found !== version)
      .map(([file, found]) => `${file} says ${found}, package.json ${version}: make them equal, then run \`npm install --package-lock-only\`.`);
  });
  // JSON.parse takes the last of two silently.
  await check('no JSON file says anything twice', async () => {
    const { transform } = await import('esbuild');
    const wrong = [];
    for (const path of ['package.json', 'package-lock.json', 'tsconfig.json', ...files('tests')].filter((name) => name.endsWith('.json'))) {
      const { warnings } = await transform(`(${readFileSync(at(path), 'utf8')})`, { loader: 'js', logLevel: 'silent' });
      for (const { text, location } of warnings) wrong.push(`${path}:${location.line}: ${text}`);
    }
    return wrong;
  });
  await check('licences and sources of all crates and packages', checkLicences);
  await check('the lock file names no registry', () => {
    const text = readFileSync(at('package-lock.json'), 'utf8');
    return text.includes('"resolved"') ? ['package-lock.json has addresses: run `rm package-lock.json && npm install` with the .npmrc of this repository.'] : [];
  });
  return tally;
}

/**
 * The crate's tests, natively: `cmp` is what is named so, `core` all the rest. Every test
 * of the crate belongs to one of the two.
 */
async function cargoTests(out, kind) {
  const targets = JSON.parse(await run('cargo', ['metadata', '--no-deps', '--format-version', '1', '--locked'], {
    fix: 'Run `cargo metadata` to see the error; a changed Cargo.toml needs `cargo update --workspace`.',
  }));
  const names = targets.packages
    .find(({ name }) => name === 'mixpanel-consent-bridge').targets
    .filter(({ kind: kinds }) => kinds.includes('test'))
    .map(({ name }) => name)
    // Those of a browser are run by the kind `wasm`.
    .filter((name) => !name.startsWith('wasm'));
  const mine = names.filter((name) => name.startsWith('cmp') === (kind === 'cmp'));
  const tally = { passed: 0, failed: 0, skipped: 0 };
  const runs = [
    ['--lib', '--', ...(kind === 'cmp' ? ['cmp::'] : ['--skip', 'cmp::'])],
    ...(mine.length ? [mine.flatMap((name) => ['--test', name])] : []),
    ...(kind === 'core' ? [['--doc']] : []),
  ];
  for (const args of runs) {
    const { code, text } = await start(out, 'cargo', ['test', ...QUICKER, '--locked', '--no-fail-fast', ...args]);
    let failed = 0;
    for (const [, passed, wrong, ignored] of text.matchAll(/^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored/gm)) {
      tally.passed += Number(passed);
      tally.skipped += Number(ignored);
      failed += Number(wrong);
    }
    // What does not compile has no result line.
    tally.failed += code !== 0 && failed === 0 ? 1 : failed;
  }
  return tally;
}

/** Runs one file's tests, or those of it whose name has this pattern. */
const oneFile = (out, path, { pattern, env } = {}) => start(out, process.execPath, [
  '--test', '--test-reporter=spec', `--test-timeout=${LONGEST_FILE_MS}`, ...(pattern ? [`--test-name-pattern=${pattern}`] : []), path,
], env);
const literal = (name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const passedIn = (text) => new Set([...text.matchAll(/^\s*✔ (.*) \([\d.]+ms\)$/gm)].map(([, name]) => name));
/** The tests that failed, as the runner lists them at its end. */
const failedIn = (text) => {
  const list = text.lastIndexOf('failing tests:');
  return list < 0 ? [] : [...text.slice(list).matchAll(/^test at \S+?:\d+:\d+\n\S+ (.*) \([\d.]+ms\)/gm)].map(([, name]) => name);
};

const figure = (text, word) => Number([...text.matchAll(new RegExp(`^\\S+ ${word} (\\d+)$`, 'gm'))].at(-1)?.[1] ?? 0);

/**
 * The test files of a folder, each a program of its own.
 * @param atOnce how many run at a time, if that is not for the machine to say
 * @param again whole pages, beside others on a machine that may be busy, some with an eye on what
 *   happens within a moment: what failed is run once more when all have ended. A broken promise fails
 *   twice; what passes the second time is counted, and named.
 */
async function nodeTests(out, folder, { atOnce = PLACES, again = false } = {}) {
  const waiting = files(folder).filter((path) => /\.test\.m?js$/.test(path)).sort((a, b) => secondsOf(b) - secondsOf(a));
  const tally = { passed: 0, failed: 0, skipped: 0, quiet: [], again: [], broken: [] };
  const run = async (path) => {
    let text = '';
    let from = 0;
    const { code, text: told } = await oneFile((chunk) => { from ||= Date.now(); text += chunk; }, path);
    // Whole files, one after the other, whichever ran beside which.
    out(`${text}${path}: ${seconds(Date.now() - from)}\n`);
    const failed = figure(told, 'fail') + figure(told, 'cancelled');
    const count = code !== 0 && failed === 0 ? 1 : failed;
    tally.passed += figure(told, 'pass');
    tally.failed += count;
    tally.skipped += figure(told, 'skipped') + figure(told, 'todo');
    const failing = failedIn(told);
    if (again && failing.length === count) for (const name of failing) tally.again.push({ path, name, where: path });
    else if (count) tally.broken.push(...(failing.length ? failing.map((name) => `${name} (${path})`) : [`${path}: its process failed`]));
  };
  tally.quiet = waiting.filter((path) => QUIET.test(path)).map((path) => () => run(path));
  const beside = waiting.filter((path) => !QUIET.test(path));
  await Promise.all(Array.from({ length: atOnce }, async () => {
    for (let path = beside.shift(); path; path = beside.shift()) await run(path);
  }));
  return tally;
}

/** What waited for the others to end, and what failed beside them in a page. */
async function afterwards(out, kind, tally) {
  for (const run of tally.quiet ?? []) await run();
  const again = tally.again ?? [];
  for (const { path, name, env, where } of again) {
    // More than a few is no accident.
    const { code, text } = again.length > 12 ? {} : await oneFile(out, path, { pattern: literal(name), env });
    if (code !== 0 || !passedIn(text).has(name)) {
      tally.broken.push(`${name} (${where})`);
      continue;
    }
    tally.failed -= 1;
    tally.passed += 1;
    console.log(`${kind}: passed only when run alone: ${name} (${where})`);
  }
}

/**
 * The promises in Firefox and WebKit: those of tests/engines/chosen.mjs, or all of them, a file at
 * a time. A chosen test counts only if it was seen to pass; what did not is run once more when all
 * kinds have ended.
 * A browser that is missing has failed where CI is set, and is told anywhere; so is each test that
 * an engine cannot run.
 */
async function engines(out, flags) {
  const all = flags.includes('--all');
  const { CHOSEN, FILES } = await import('../tests/engines/chosen.mjs');
  const tally = { passed: 0, failed: 0, skipped: 0, again: [], broken: [] };
  /** What an engine cannot run, which is told; not what was not asked for. */
  const leftOut = (text, engine) => {
    const left = [...text.matchAll(/^\s*﹣ (.*) \([\d.]+ms\) # (?!test name does not match)(.*)$/gm)];
    for (const [, name, why] of left) console.log(`engines: not in ${engine}: ${name}: ${why}`);
    return new Set(left.map(([, name]) => name).filter((name) => CHOSEN.includes(name) && !passedIn(text).has(name)));
  };
  // Side by side: most of the time each waits for what must not happen.
  await Promise.all([['firefox', findFirefox()], ['webkit', findWebKit()]].map(async ([engine, there]) => {
    if (!there) {
      console.log(`engines: ${engine} is missing${process.env.CI ? '' : ', nothing was tested in it'}; \`node tools/setup.mjs\` says how to install it`);
      if (process.env.CI) tally.failed += 1;
      else tally.missing = true;
      return;
    }
    const env = { ENGINE: engine };
    const again = (path, names) => {
      tally.failed += names.length;
      for (const name of names) tally.again.push({ path, name, env, where: engine });
    };
    if (!all) {
      const path = 'tests/engines/promises.test.mjs';
      const { text } = await oneFile(out, path, { pattern: `^(?:${CHOSEN.map(literal).join('|')})$`, env });
      const seen = passedIn(text);
      const left = leftOut(text, engine);
      const unseen = CHOSEN.filter((name) => !seen.has(name) && !left.has(name));
      tally.skipped += left.size;
      tally.passed += CHOSEN.length - unseen.length - left.size;
      again(path, unseen);
      return;
    }
    for (const path of files('tests/browser').filter((name) => FILES.test(name.split('/').at(-1)))) {
      const from = Date.now();
      const { code, text } = await oneFile(out, path, { env });
      const failing = failedIn(text);
      console.log(`engines: ${engine}, ${path}: ${figure(text, 'pass')} passed at once, ${failing.length} to be run alone, in ${seconds(Date.now() - from)}`);
      leftOut(text, engine);
      tally.passed += figure(text, 'pass');
      tally.skipped += figure(text, 'skipped');
      // A process that broke off names no test.
      if (code !== 0 && failing.length === 0) {
        tally.failed += 1;
        tally.broken.push(`${path} in ${engine}: its process failed`);
      }
      again(path, failing);
    }
  }));
  return tally;
}

/** The walk with every minor version of the SDK, as tests/versions pins them. */
async function versions(out) {
  const folder = at('tests', 'versions');
  const { dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder, fix: 'Run `npm ci` in tests/versions to see the error.' });
  const tally = { passed: 0, failed: 0, skipped: 0 };
  // A process each, so that what failed is named with its version, and a browser is not kept for an hour.
  for (const sdk of Object.keys(dependencies).map((name) => name.slice('mixpanel-'.length))) {
    const { code, text } = await start(out, process.execPath, ['--test', '--test-reporter=spec', 'tests/browser/walk.test.mjs'], { SDKS: sdk });
    const figure = (word) => Number([...text.matchAll(new RegExp(`^\\S+ ${word} (\\d+)$`, 'gm'))].at(-1)?.[1] ?? 0);
    const failed = figure('fail') + figure('cancelled');
    tally.passed += figure('pass');
    tally.failed += code !== 0 && failed === 0 ? 1 : failed;
    console.log(`versions: ${sdk}: ${figure('pass')} passed, ${failed} failed`);
  }
  return tally;
}

/** The crate's own wasm tests in a browser, and whatever tests/wasm has for node's runner. */
async function wasm(out) {
  const tally = await testWasm(out, start);
  const more = await nodeTests(out, 'tests/wasm');
  for (const word of ['passed', 'failed', 'skipped']) more[word] += tally[word] ?? 0;
  return more;
}

// ---- all of them ----------------------------------------------------------------------

const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

async function prepare(kinds) {
  const needs = new Set(kinds.flatMap((kind) => kind.needs));
  await packages();
  await rust({ components: needs.has('lints') ? ['clippy', 'rustfmt'] : [] });
  if (needs.has('browser')) await shell();
  if (needs.has('engines')) {
    // Whether their absence is a failure is the kind's to say; the others run all the same.
    await installEngines().catch((error) => {
      if (!(error instanceof Failure)) throw error;
      console.log(error.message);
    });
  }
  if (needs.has('stores')) await stores();
  if (needs.has('php')) await php();
}

if (started(import.meta)) {
  await main(async () => {
    const flags = process.argv.slice(2).filter((word) => FLAGS.includes(word));
    const asked = process.argv.slice(2).filter((word) => !FLAGS.includes(word));
    const unknown = asked.find((name) => !KINDS.some((kind) => kind.name === name));
    if (unknown) throw new Failure(`\`${unknown}\` is not a kind of test: use one of ${KINDS.map(({ name }) => name).join(', ')}.`);
    const kinds = asked.length ? KINDS.filter(({ name }) => asked.includes(name)) : KINDS.filter(({ apart }) => !apart);
    const from = Date.now();
    const since = (start) => seconds(Date.now() - start).padStart(9);
    await prepare(kinds);
    console.log(`${'set up'.padEnd(10)}${since(from)}`);
    // What needs no build begins beside it.
    const built = kinds.some(({ needs }) => needs.includes('build'))
      ? build().then(() => console.log(`${'build'.padEnd(10)}${since(from)}`))
      : undefined;

    const logs = join(targetDir, 'test-output');
    mkdirSync(logs, { recursive: true });
    const total = { passed: 0, failed: 0 };
    const one = asked.length === 1;
    const tell = ({ name, log, text, tally, took }) => {
      if (tally.passed + tally.failed === 0 && !tally.missing) {
        text.push(`The kind ${name} ran no test: add some, or look why they were not found.\n`);
        tally.failed = 1;
      }
      total.passed += tally.passed;
      total.failed += tally.failed;
      const kept = text.join('');
      writeFileSync(log, kept);
      if (!one && asked.length) console.log(kept.trimEnd());
      else if (!one && tally.failed) {
        console.log(kept.trimEnd().split('\n').slice(-150).map((line) => line.slice(0, 400)).join('\n'));
        console.log(`All of it: ${log}`);
      }
      const skipped = tally.skipped ? `, ${tally.skipped} skipped` : '';
      console.log(`${name.padEnd(10)}${took}  ${tally.passed} passed, ${tally.failed} failed${skipped}`);
    };
    const attempt = async (text, work) => {
      try {
        return await work();
      } catch (error) {
        text.push(error instanceof Failure ? `${error.output ?? ''}${error.message}\n` : `${error.stack}\n`);
        return { passed: 0, failed: 1 };
      }
    };
    const ran = await Promise.all(kinds.map(async ({ name, needs, run: runKind }) => {
      if (needs.includes('build')) await built;
      const start = Date.now();
      const text = [];
      const out = (chunk) => { text.push(chunk); if (one) process.stdout.write(chunk); };
      const tally = await attempt(text, () => runKind(out, flags));
      const kind = { name, log: join(logs, `${name}.txt`), text, out, tally, took: since(start) };
      kind.waits = Boolean(tally.quiet?.length || tally.again?.length);
      if (!kind.waits) tell(kind);
      return kind;
    }));
    for (const kind of ran.filter(({ waits }) => waits)) {
      const failed = await attempt(kind.text, () => afterwards(kind.out, kind.name, kind.tally));
      kind.tally.failed += failed?.failed ?? 0;
      tell(kind);
    }
    // Nobody should have to look through the output for them.
    for (const { name, tally } of ran) {
      for (const broken of tally.broken ?? []) console.log(`${name}: failed: ${broken}`);
    }
    console.log(`\n${total.passed} passed, ${total.failed} failed`);
    process.exit(total.failed ? 1 : 0);
  });
}
