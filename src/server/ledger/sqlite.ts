// A ledger's store in SQLite, through a driver that answers at once. An act runs to its end before
// anything else does, so that nothing of this program comes between BEGIN and COMMIT.
//
// Where another program is writing, SQLite says that it is busy. A driver would wait for it with the
// whole program; here it is tried again a little later, and the ledger's `timeout` bounds it.

import type { LedgerStore, SqliteDatabase } from '../../api/server.js';
import { fail, told } from '../errors.js';
import { pause } from '../time.js';
import { type Act, type Dialect, type Result, type Statement, sqlStore } from './sql.js';

const SQLITE: Dialect = { value: () => '?', begin: 'BEGIN IMMEDIATE', unlessThere: 'ON CONFLICT DO NOTHING', key: 'TEXT', text: 'TEXT', number: 'INTEGER' };

/** How long a busy file is tried at most, in milliseconds: longer than the ledger waits by default. */
const BUSY = 60_000;

type Prepared = { run(...values: unknown[]): unknown; get(...values: unknown[]): unknown; all(...values: unknown[]): unknown };
type Open = { prepare(sql: string): Prepared; exec(sql: string): unknown };
type Driver = new (file: string) => Open & { close(): unknown };

/** Opens a file with the first of the drivers that is installed. */
async function opened(file: string): Promise<Open> {
  const tried: string[] = [];
  for (const [name, exported] of [['better-sqlite3', 'default'], ['libsql', 'default'], ['node:sqlite', 'DatabaseSync'], ['bun:sqlite', 'Database']] as const) {
    let driver: Record<string, unknown>;
    try {
      // By a name that no bundler follows: what is not installed is not looked for at build time.
      driver = await (import(/* webpackIgnore: true */ /* @vite-ignore */ name) as Promise<Record<string, unknown>>);
      // A driver that was built for another version of Node loads its machine code with the first database.
      new (driver[exported] as Driver)(':memory:').close();
    } catch (error) {
      tried.push(`${name} (${told(error).replace(/\s+/g, ' ')})`);
      continue;
    }
    const database = new (driver[exported] as Driver)(file);
    database.exec('PRAGMA busy_timeout = 0');
    await busy(() => database.exec('PRAGMA journal_mode = WAL'));
    // With NORMAL, a power cut takes the last transactions of a WAL along.
    database.exec('PRAGMA synchronous = FULL');
    return database;
  }
  return fail('ledger-unreachable', `No driver of SQLite can be loaded: install better-sqlite3, or hand sqlite() a database that is open. Tried ${tried.join('; ')}.`);
}

const isBusy = (error: unknown) => /SQLITE_BUSY|SQLITE_LOCKED|database (?:table )?is locked/.test(`${(error as { code?: unknown } | null)?.code} ${told(error)}`);

async function busy<T>(work: () => T): Promise<T> {
  const from = performance.now();
  for (let tries = 0; ; tries++) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error) || performance.now() - from > BUSY) throw error;
      await pause(Math.random() * Math.min(2 ** tries, 50));
    }
  }
}

export function sqlite(given: string | SqliteDatabase): LedgerStore {
  if (typeof given != 'string' ? typeof given?.prepare != 'function' || typeof given.exec != 'function' : !given)
    fail('option-invalid', 'sqlite() takes the name of a file, or a database of better-sqlite3, libsql, node:sqlite or bun:sqlite.');
  let there: Open | undefined;
  let opening: Promise<Open> | undefined;
  const open = () => (opening ??= (typeof given == 'string' ? opened(given) : Promise.resolve(given as unknown as Open)).catch((error: unknown) => {
    opening = undefined;
    throw error;
  }));
  const prepared = new Map<string, Prepared>();

  function carryOut(database: Open, { text, values, reads, one }: Statement): Result {
    if (!values.length && !reads) {
      database.exec(text);
      return { rows: [], changes: 0 };
    }
    let statement = prepared.get(text);
    if (!statement) prepared.set(text, (statement = database.prepare(text)));
    if (one) {
      const row = statement.get(...values);
      return { rows: row ? [row as Record<string, unknown>] : [], changes: 0 };
    }
    if (reads) return { rows: statement.all(...values) as Record<string, unknown>[], changes: 0 };
    return { rows: [], changes: Number((statement.run(...values) as { changes?: unknown } | undefined)?.changes ?? 0) };
  }

  function toTheEnd<T>(database: Open, act: Act<T>): T {
    let step = act.next();
    while (!step.done) {
      let result: Result;
      try {
        result = carryOut(database, step.value);
      } catch (error) {
        step = act.throw(error);
        continue;
      }
      step = act.next(result);
    }
    return step.value;
  }

  return sqlStore('consent_', SQLITE, async (act) => {
    const database = (there ??= await open());
    return busy(() => toTheEnd(database, act()));
  });
}
