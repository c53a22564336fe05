// The stores that a ledger is kept in, as a site has them: Redis and PostgreSQL servers of the
// machine, each started here on a port and in a folder of its own, SQLite as a file, and memory.
// Not a test.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { memory, postgres as postgresStore, redis as redisStore, sqlite as sqliteStore } from '../../dist/server.js';

export const KINDS = ['memory', 'sqlite', 'redis', 'ioredis', 'postgres'];
/** Those that several programs share. */
export const SHARED = ['sqlite', 'redis', 'postgres'];

// Each driver is loaded by who uses it, as a site has it. `close` ends its connections.
const MAKE = {
  memory: async () => ({ store: memory(), close() {} }),
  async sqlite(path) {
    return { store: sqliteStore(path), close() {} };
  },
  async redis(url) {
    const { createClient } = await import('@redis/client');
    const client = createClient({ url });
    // Without a listener an error would end the program.
    client.on('error', () => {});
    await client.connect();
    return { store: redisStore(client, { onWarning() {} }), close: () => client.destroy(), client };
  },
  async ioredis(url) {
    const { Redis } = await import('ioredis');
    const client = new Redis(url);
    client.on('error', () => {});
    return { store: redisStore(client, { onWarning() {} }), close: () => client.disconnect(), client };
  },
  async postgres(connectionString) {
    const { default: pg } = await import('pg');
    const pool = new pg.Pool({ connectionString, max: 4 });
    return { store: postgresStore(pool), close: () => pool.end(), client: pool };
  },
};

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function until(what, ready, process) {
  const end = Date.now() + 60_000;
  while (Date.now() < end) {
    if (process.exitCode !== null) throw new Error(`${what} ended with code ${process.exitCode} at its start:\n${process.told()}`);
    if (await ready()) return;
    await pause(30);
  }
  throw new Error(`${what} did not answer within a minute:\n${process.told()}`);
}

function start(command, args, options) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true, ...options });
  started.add(child);
  child.on('exit', () => started.delete(child));
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => { text = (text + chunk).slice(-4000); });
  child.on('error', (error) => { text += error.message; });
  child.told = () => text;
  return child;
}

async function ended(child, signal) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  // A server's own children die with it: PostgreSQL's would hold its memory.
  process.kill(signal === 'SIGKILL' ? -child.pid : child.pid, signal);
  await exit;
}
// What a test leaves behind would stay, since it leads a group of its own.
const started = new Set();
process.once('SIGTERM', () => process.exit(143));
process.on('exit', () => { for (const child of started) try { process.kill(-child.pid, 'SIGKILL'); } catch { /* it has ended */ } });

const missing = (what) => new Error(`${what} is not on this machine: \`npm test\` installs it on Debian as root; else install redis-server and postgresql by your system's means.`);

/** `REDIS_SERVER=valkey-server npm run test:server` asks the same of Valkey. */
const REDIS = process.env.REDIS_SERVER ?? 'redis-server';

async function redis(folder, more = []) {
  if (spawnSync(REDIS, ['--version']).status !== 0) throw missing(REDIS);
  const port = await freePort();
  const launch = () => start(REDIS, ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'yes', '--appendfsync', 'always', ...more]);
  let child = launch();
  const alive = () => new Promise((done) => {
    const asked = spawnSync('redis-cli', ['-p', String(port), 'ping'], { encoding: 'utf8' });
    done(asked.stdout?.trim() === 'PONG');
  });
  await until(REDIS, alive, child);
  return {
    url: `redis://127.0.0.1:${port}`,
    stop: () => ended(child, 'SIGTERM'),
    async kill() { await ended(child, 'SIGKILL'); },
    async again() { child = launch(); await until(REDIS, alive, child); },
  };
}

function postgresFolder() {
  const installed = existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql').sort((a, b) => b - a).map((version) => `/usr/lib/postgresql/${version}/bin`) : [];
  const folder = [...installed, '/usr/local/bin', '/usr/bin', '/opt/homebrew/bin'].find((path) => existsSync(join(path, 'initdb')));
  if (!folder) throw missing('PostgreSQL');
  return folder;
}

async function postgres(folder) {
  const bin = postgresFolder();
  const port = await freePort();
  // PostgreSQL does not run as root.
  const user = process.getuid?.() === 0 ? { uid: Number(spawnSync('id', ['-u', 'postgres'], { encoding: 'utf8' }).stdout), gid: Number(spawnSync('id', ['-g', 'postgres'], { encoding: 'utf8' }).stdout) } : {};
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  const made = spawnSync(join(bin, 'initdb'), ['-D', data, '-U', 'shop', '--auth=trust', '--no-sync', '--encoding=UTF8', '--locale=C'], { ...user, encoding: 'utf8', cwd: folder });
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr ?? made.error}`);
  const launch = () => start(join(bin, 'postgres'), ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', folder, '-c', 'max_connections=40'], { ...user, cwd: folder });
  let child = launch();
  const alive = () => spawnSync(join(bin, 'pg_isready'), ['-h', '127.0.0.1', '-p', String(port), '-U', 'shop']).status === 0;
  await until('postgres', alive, child);
  return {
    url: `postgresql://shop@127.0.0.1:${port}/postgres`,
    // SIGINT is its quick way to end in order.
    stop: () => ended(child, 'SIGINT'),
    /** The same server as a standby of one that it cannot reach: it answers reads with what it has. */
    async standby() {
      await ended(child, 'SIGINT');
      writeFileSync(join(data, 'standby.signal'), '');
      child = launch();
      await until('postgres', alive, child);
    },
    async kill() { await ended(child, 'SIGKILL'); },
    async again() {
      for (const end = Date.now() + 30_000; ; await pause(100)) {
        child = launch();
        try {
          return await until('postgres', alive, child);
        } catch (error) {
          // Its processes notice a little later that their parent was killed.
          if (!/shared memory block/.test(error.message) || Date.now() > end) throw error;
        }
      }
    },
  };
}

/** A store and its driver, as another program opens it by `kind` and `url`. */
export const openStore = (kind, url) => MAKE[kind](url);

const oneOf = (driver) => { let made; return async () => (await (made ??= driver())).store; };

/** Starts a server if there is one; `open()` gives a store on it, `stop()` ends it and removes what it wrote. */
export async function startStore(kind, settings) {
  const folder = mkdtempSync(join(tmpdir(), `mcb-${kind}-`));
  const server = kind.endsWith('redis') ? await redis(folder, settings) : kind === 'postgres' ? await postgres(folder) : { url: join(folder, 'consent.sqlite'), stop: async () => {} };
  const opened = [];
  const driver = async () => {
    const made = await openStore(kind, server.url);
    opened.push(made);
    return made;
  };
  return {
    kind,
    ...server,
    driver,
    open: async () => (await driver()).store,
    /** The same at each call; and one of another program, likewise. */
    one: oneOf(driver),
    other: oneOf(driver),
    async stop() {
      for (const { close } of opened) await Promise.race([Promise.resolve().then(close).catch(() => {}), pause(2000)]);
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A program of its own (writer.mjs) at work on a store. */
export function program(script, args) {
  const child = spawn(process.execPath, [fileURLToPath(new URL(script, import.meta.url)), ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  let text = '';
  let wake = () => {};
  child.stdout.on('data', (chunk) => { text += chunk; wake(); });
  child.on('exit', () => wake());
  return {
    child,
    lines: () => text.split('\n').slice(0, -1),
    async line(test, most = 60_000) {
      const end = Date.now() + most;
      for (;;) {
        const found = text.split('\n').slice(0, -1).find(test);
        if (found !== undefined) return found;
        if (child.exitCode !== null || Date.now() > end) throw new Error(`the program did not say it; it said:\n${text}`);
        await Promise.race([new Promise((done) => { wake = done; }), pause(1000)]);
      }
    },
    async end() {
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      return child.exitCode;
    },
  };
}
