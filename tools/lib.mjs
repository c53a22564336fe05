// What the tools share: where the repository is, how a command is run, how a failure is
// told. Node's own modules only, because setup.mjs runs before anything is installed.
// It is not a place for steps of the build or of the tests.

import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
export const targetDir = process.env.CARGO_TARGET_DIR
  ? resolve(root, process.env.CARGO_TARGET_DIR)
  : join(root, 'target');
export const cargoHome = process.env.CARGO_HOME ?? join(homedir(), '.cargo');
export const exe = process.platform === 'win32' ? '.exe' : '';
export const at = (...parts) => join(root, ...parts);

// rustup puts cargo there and asks for a new shell; a script started from the old one
// finds it all the same.
const cargoBin = join(cargoHome, 'bin');
if (existsSync(cargoBin) && !(process.env.PATH ?? '').split(process.platform === 'win32' ? ';' : ':').includes(cargoBin)) {
  process.env.PATH = `${process.env.PATH}${process.platform === 'win32' ? ';' : ':'}${cargoBin}`;
}

/** A failure that is told to a person in one sentence, without a stack. */
export class Failure extends Error {}

const tail = (text, lines) => text.trimEnd().split('\n').slice(-lines).join('\n');

/**
 * Runs a command and resolves to what it printed. With `show` it prints as it goes;
 * otherwise its output is shown only when it fails.
 */
export function run(command, args, { show = false, env = {}, cwd = root, fix, lines = 40 } = {}) {
  return new Promise((done, fail) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32' && command === 'npm',
    });
    let out = '';
    let all = '';
    child.stdout.on('data', (chunk) => { out += chunk; all += chunk; if (show) process.stdout.write(chunk); });
    child.stderr.on('data', (chunk) => { all += chunk; if (show) process.stderr.write(chunk); });
    const told = `\`${[command, ...args].join(' ')}\``;
    child.on('error', (error) => fail(new Failure(`${told} could not be started (${error.code ?? error.message}).${fix ? ` ${fix}` : ''}`)));
    child.on('close', (code, signal) => {
      if (code === 0) return done(out);
      // What cargo writes for programs is no reading.
      all = all.replace(/^\{"reason".*\n/gm, '');
      if (!show) process.stderr.write(`${tail(all, lines)}\n`);
      const failure = new Failure(`${told} ended with ${signal ?? `code ${code}`}.${fix ? ` ${fix}` : ''}`);
      failure.output = all;
      fail(failure);
    });
  });
}

/** The first line a command prints, or null when it is not there or fails. */
export function ask(command, args) {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return status === 0 ? stdout.trim() : null;
}

/** Every file under the given paths, as sorted paths relative to the repository. */
export function files(...paths) {
  const found = [];
  const walk = (path) => {
    if (!existsSync(path)) return;
    if (statSync(path).isDirectory()) {
      for (const name of readdirSync(path)) walk(join(path, name));
    } else {
      found.push(relative(root, path).split(sep).join('/'));
    }
  };
  for (const path of paths) walk(resolve(root, path));
  return found.sort();
}

/** One hash over the contents of files and over values that change the result as well. */
export function digest(paths, ...values) {
  const hash = createHash('sha256');
  for (const value of values) hash.update(`${JSON.stringify(value)}\n`);
  for (const path of paths) hash.update(`${path}\n`).update(readFileSync(at(path))).update('\n');
  return hash.digest('hex');
}

/**
 * Runs `work` while holding a lock, so that two builds started at once do not write
 * over each other. A lock whose owner is gone is taken over.
 */
export async function locked(name, work) {
  mkdirSync(targetDir, { recursive: true });
  const path = join(targetDir, `.${name}.lock`);
  let told = false;
  for (;;) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (!alive(path)) { rmSync(path, { force: true }); continue; }
    if (!told) { console.log(`waiting for another ${name} to end`); told = true; }
    await new Promise((again) => setTimeout(again, 200));
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

function alive(path) {
  try {
    const owner = Number(readFileSync(path, 'utf8'));
    // Between creating a lock and writing into it there is an instant without an owner.
    if (!owner) return Date.now() - statSync(path).mtimeMs < 2000;
    process.kill(owner, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Runs a tool's main function: a Failure is one sentence and exit code 1. */
export async function main(work) {
  try {
    await work();
  } catch (error) {
    console.error(error instanceof Failure ? `\n${error.message}` : error);
    process.exit(1);
  }
}

/** Whether the module is the program that was started, rather than imported. */
export const started = (meta) => process.argv[1] && resolve(process.argv[1]) === fileURLToPath(meta.url);

/** Everything that is known of the built-in adapters, in their order (examples/registry.rs). */
export async function adapters() {
  const text = await run('cargo', ['run', '--quiet', '--locked', '--example', 'registry'], {
    fix: 'The adapters are compiled when the crate is built: mend the files in src/cmp/adapters that are named above.',
  });
  return JSON.parse(text);
}

/** Whether what was made of this state is there. */
export function fresh(stamp, state, outputs) {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === state && outputs.every((path) => existsSync(path));
}
