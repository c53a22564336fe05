// A ledger's store in SQL: the tables, their migrations, and every statement, in one place and for
// every engine. What differs between engines is a dialect of a few words.
//
// Each act is a generator that yields statements and is sent their results. So the same text serves
// a driver that answers at once (SQLite's, which must not let anybody in between BEGIN and COMMIT)
// and one that answers later (PostgreSQL's).
//
// An id has one row. The row of a person has what their answers come to, so a check is one statement
// by a primary key; the row of any other id of theirs says where that is. A write names the `rev`
// that it has read, and does nothing if there is another by now.

import type { LedgerStore, StoreAppend, StoreChange, StoreWant, StoredEntry, StoredId, StoredPerson } from '../../api/server.js';
import { BridgeError } from '../errors.js';

export type Value = string | number | null;
export interface Statement {
  readonly text: string;
  readonly values: readonly Value[];
  /** It answers with rows; else with how many it has changed. */
  readonly reads: boolean;
  /** There is one row at most. */
  readonly one?: true;
}
export interface Result {
  readonly rows: readonly Record<string, unknown>[];
  readonly changes: number;
}
/** Statements, one after another, and what they come to. */
export type Act<T> = Generator<Statement, T, Result>;

/** What differs between engines. */
export interface Dialect {
  /** What stands for the value of this number, from 1 on. */
  readonly value: (number: number) => string;
  readonly begin: string;
  /** Waits until no other program migrates; within a transaction. */
  readonly alone?: string;
  /** Behind an INSERT: if the key is there, do nothing. */
  readonly unlessThere: string;
  readonly key: string;
  readonly text: string;
  readonly number: string;
}

/** For how long a forgotten id says that it was forgotten, in milliseconds. */
const FORGOTTEN = 3600_000;
/** Rows in one INSERT, of five values each: SQLite took 999 values in its time. */
const AT_ONCE = 100;

/** What changed the tables, version by version. A released one is never edited: another follows. */
const migrations = (p: string, { key, text, number }: Dialect): readonly (readonly string[])[] => [
  [
    `CREATE TABLE ${p}ids (
      id ${key} PRIMARY KEY,
      rev ${key} NOT NULL,
      owner ${text},
      ids ${text},
      present ${text},
      last_entry ${text},
      entries ${number} NOT NULL DEFAULT 0,
      touched ${number} NOT NULL
    )`,
    `CREATE INDEX ${p.slice(p.lastIndexOf('.') + 1)}ids_touched ON ${p}ids (touched)`,
    `CREATE TABLE ${p}entries (
      person ${key} NOT NULL,
      seq ${number} NOT NULL,
      valid_from ${number} NOT NULL,
      line ${text} NOT NULL,
      entry ${text} NOT NULL,
      PRIMARY KEY (person, seq)
    )`,
    `CREATE INDEX ${p.slice(p.lastIndexOf('.') + 1)}entries_time ON ${p}entries (person, valid_from, seq)`,
    `CREATE TABLE ${p}jobs (id ${text} PRIMARY KEY, job ${text} NOT NULL)`,
  ],
];

/** Whom a row leads to: itself, a person, or a list of several, which no key looks like. */
function ownersOf(id: string, row: Record<string, unknown>): string[] {
  const { owner } = row;
  if (typeof owner != 'string') return typeof row['present'] == 'string' ? [id] : [];
  if (!owner.startsWith('[')) return [owner];
  const many: unknown = JSON.parse(owner);
  return Array.isArray(many) ? many.map(String) : [];
}

export function statements(prefix: string, dialect: Dialect) {
  const number = (values: Value[]) => (value: Value) => dialect.value(values.push(value));
  const make = (reads: boolean, build: (v: (value: Value) => string) => string): Statement => {
    const values: Value[] = [];
    return { text: build(number(values)), values, reads };
  };
  const select = (build: (v: (value: Value) => string) => string) => make(true, build);
  const write = (build: (v: (value: Value) => string) => string) => make(false, build);
  const plain = (text: string) => ({ text, values: [], reads: false });
  const list = (values: readonly Value[], v: (value: Value) => string) => values.map(v).join(', ');
  const [IDS, ENTRIES, JOBS, SCHEMA] = [`${prefix}ids`, `${prefix}entries`, `${prefix}jobs`, `${prefix}schema`];

  /** Does it whole or not at all: what answers `false` changes nothing. */
  function* transaction<T>(act: Act<T>): Act<T> {
    yield plain(dialect.begin);
    try {
      const done = yield* act;
      yield plain(done === false ? 'ROLLBACK' : 'COMMIT');
      return done;
    } catch (error) {
      // The rollback fails where the connection has broken, and then the server has rolled back by itself.
      try {
        yield plain('ROLLBACK');
      } catch {
        // The error that led here is the one to report.
      }
      throw error;
    }
  }

  function* migrate(): Act<void> {
    const all = migrations(prefix, dialect);
    const version = function* (): Act<number> {
      return Number((yield select(() => `SELECT MAX(version) AS version FROM ${SCHEMA}`)).rows[0]?.['version'] ?? 0);
    };
    let there = -1;
    try {
      there = yield* version();
    } catch {
      // There is no such table; or no such server, which the next statement says.
    }
    if (there > all.length) throw new BridgeError('ledger-unreachable', `The tables ${prefix}… were made by a newer version of this package (${there}; this one knows ${all.length}): update it here as well.`);
    if (there === all.length) return;
    yield* transaction((function* (): Act<void> {
      if (dialect.alone) yield plain(dialect.alone);
      yield plain(`CREATE TABLE IF NOT EXISTS ${SCHEMA} (version ${dialect.number} NOT NULL)`);
      for (let next = yield* version(); next < all.length; next++) {
        for (const text of all[next]!) yield plain(text);
        yield write((v) => `INSERT INTO ${SCHEMA} (version) VALUES (${v(next + 1)})`);
      }
    })());
  }

  const COLUMNS = 'a.rev, a.owner, a.present, p.rev AS owner_rev, p.present AS owner_present';
  const FROM = `FROM ${IDS} a LEFT JOIN ${IDS} p ON p.id = a.owner`;
  /** The statement of every check: always the same text, so that a driver can reuse what it has prepared. */
  const CHECK = `SELECT ${COLUMNS} ${FROM} WHERE a.id = ${dialect.value(1)}`;

  function* read(ids: readonly string[], want: StoreWant = {}): Act<StoredId[]> {
    const whole = want.whole || want.history;
    const ask = (some: readonly string[]) => {
      if (some.length === 1 && !whole && want.at === undefined) return { text: CHECK, values: some, reads: true, one: true as const };
      return select((v) => {
        const then = want.at === undefined ? '' : `, (SELECT e.line FROM ${ENTRIES} e WHERE e.person = COALESCE(a.owner, a.id) AND e.valid_from <= ${v(Math.floor(want.at))} ORDER BY e.valid_from DESC, e.seq DESC LIMIT 1) AS line`;
        return `SELECT a.id, ${COLUMNS}${whole ? ', a.ids, a.last_entry, p.ids AS owner_ids, p.last_entry AS owner_last' : ''}${then} ${FROM} WHERE a.id IN (${list(some, v)})`;
      });
    };
    /** The person of a row: its own, or its owner's. */
    const personOf = (id: string, row: Record<string, unknown>): StoredPerson | null => {
      const [own, theirs] = [row['present'], row['owner_present']];
      const other = typeof theirs == 'string';
      if (!other && typeof own != 'string') return null;
      const [present, rev, ids, last] = other ? [theirs, row['owner_rev'], row['owner_ids'], row['owner_last']] : [own, row['rev'], row['ids'], row['last_entry']];
      return {
        person: other ? String(row['owner']) : id, rev: String(rev), present: String(present),
        ...(whole ? { ids: String(ids), last: String(last ?? '') } : {}),
        ...(want.at === undefined ? {} : { then: String(row['line'] ?? '') }),
      };
    };
    const found = (yield ask(ids)).rows;
    // By far most are checks of one person.
    if (ids.length === 1 && !want.history) {
      const [[row], id] = [found, ids[0]!];
      if (!row) return [{ rev: '', owners: [], persons: [] }];
      const its = ownersOf(id, row);
      const person = personOf(id, row);
      if (its.length < 2) return [{ rev: String(row['rev']), owners: its, persons: person ? [person] : [] }];
    }
    const idIn = (row: Record<string, unknown>) => String(row['id'] ?? ids[0]);
    const rows = new Map(found.map((row) => [idIn(row), row]));
    const people = new Map<string, StoredPerson>();
    const know = (row: Record<string, unknown>) => {
      const person = personOf(String(row['id'] ?? ids[0]), row);
      if (person) people.set(person.person, person);
    };
    for (const row of found) know(row);
    // A device of several people: each of them is looked for.
    const more = [...new Set(found.map((row) => ownersOf(idIn(row), row)).filter((its) => its.length > 1).flat())].filter((id) => !people.has(id));
    for (const one of more) for (const row of (yield ask([one])).rows) know({ ...row, id: one });
    if (want.history && people.size) {
      const entries = new Map<string, StoredEntry[]>([...people.keys()].map((person) => [person, []]));
      const all = yield select((v) => `SELECT person, valid_from, line, entry FROM ${ENTRIES} WHERE person IN (${list([...people.keys()], v)}) ORDER BY person, seq`);
      for (const row of all.rows) entries.get(String(row['person']))?.push({ at: Number(row['valid_from']), after: String(row['line']), entry: String(row['entry']) });
      for (const [person, its] of entries) people.set(person, { ...people.get(person)!, entries: its });
    }
    return ids.map((id) => {
      const row = rows.get(id);
      if (!row) return { rev: '', owners: [], persons: [] };
      const its = ownersOf(id, row);
      return { rev: String(row['rev']), owners: its, persons: its.flatMap((owner) => people.get(owner) ?? []) };
    });
  }

  function* append({ person, expect, rev, ids, present, last, entry, most, oldest }: StoreAppend): Act<boolean> {
    const added = entry ? 1 : 0;
    const now = Date.now();
    const { changes } = yield expect === ''
      ? write((v) => `INSERT INTO ${IDS} (id, rev, ids, present, last_entry, entries, touched) VALUES (${list([person, rev, ids, present, last, added, now], v)}) ${dialect.unlessThere}`)
      : write((v) => `UPDATE ${IDS} SET rev = ${v(rev)}, owner = NULL, ids = ${v(ids)}, present = ${v(present)}, last_entry = ${v(last)}, entries = entries + ${v(added)}, touched = ${v(now)} WHERE id = ${v(person)} AND rev = ${v(expect)}`);
    if (changes !== 1) return false;
    if (!entry) return true;
    yield write((v) => `INSERT INTO ${ENTRIES} (person, seq, valid_from, line, entry) SELECT id, entries, ${list([Math.floor(entry.at), entry.after, entry.entry], v)} FROM ${IDS} WHERE id = ${v(person)}`);
    yield write((v) => `DELETE FROM ${ENTRIES} WHERE person = ${v(person)} AND (seq <= (SELECT entries FROM ${IDS} WHERE id = ${v(person)}) - ${v(most)} OR valid_from < ${v(Math.floor(oldest))} AND seq < (SELECT entries FROM ${IDS} WHERE id = ${v(person)}))`);
    return true;
  }

  function* change({ expect, rev, persons, links, forgotten }: StoreChange): Act<boolean> {
    const now = Date.now();
    // Rows are written in the same order everywhere, so that two transactions cannot wait for each other.
    for (const [id, known] of [...expect].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const { changes } = yield known === ''
        ? write((v) => `INSERT INTO ${IDS} (id, rev, touched) VALUES (${list([id, rev, now], v)}) ${dialect.unlessThere}`)
        : write((v) => `UPDATE ${IDS} SET rev = ${v(rev)} WHERE id = ${v(id)} AND rev = ${v(known)}`);
      if (changes !== 1) return false;
    }
    const emptied = [...forgotten, ...links.map(([id]) => id), ...persons.map(({ person }) => person)];
    for (let n = 0; n < emptied.length; n += AT_ONCE) {
      const some = emptied.slice(n, n + AT_ONCE);
      yield write((v) => `DELETE FROM ${ENTRIES} WHERE person IN (${list(some, v)})`);
      yield write((v) => `UPDATE ${IDS} SET owner = NULL, ids = NULL, present = NULL, last_entry = NULL, entries = 0, touched = ${v(now)} WHERE id IN (${list(some, v)})`);
    }
    for (const [id, its] of links) yield write((v) => `UPDATE ${IDS} SET owner = ${v(its.length === 1 ? its[0]! : JSON.stringify(its))} WHERE id = ${v(id)}`);
    for (const { person, ids, present, last, entries } of persons) {
      yield write((v) => `UPDATE ${IDS} SET ids = ${v(ids)}, present = ${v(present)}, last_entry = ${v(last)}, entries = ${v(entries.length)} WHERE id = ${v(person)}`);
      for (let n = 0; n < entries.length; n += AT_ONCE)
        yield write((v) => `INSERT INTO ${ENTRIES} (person, seq, valid_from, line, entry) VALUES ${entries.slice(n, n + AT_ONCE).map(({ at, after, entry }, i) => `(${list([person, n + i + 1, at, after, entry], v)})`).join(', ')}`);
    }
    return true;
  }

  function* expire(before: number): Act<void> {
    if (before > 0) {
      const old = (v: (value: Value) => string) => `touched < ${v(Math.floor(before))}`;
      yield write((v) => `DELETE FROM ${ENTRIES} WHERE person IN (SELECT id FROM ${IDS} WHERE ids IS NOT NULL AND ${old(v)})`);
      yield write((v) => `DELETE FROM ${IDS} WHERE ids IS NOT NULL AND ${old(v)}`);
      yield write((v) => `DELETE FROM ${IDS} WHERE owner IS NOT NULL AND ${old(v)} AND owner NOT IN (SELECT id FROM ${IDS} WHERE ids IS NOT NULL)`);
    }
    yield write((v) => `DELETE FROM ${IDS} WHERE owner IS NULL AND ids IS NULL AND touched < ${v(Date.now() - FORGOTTEN)}`);
  }

  function* job(key: string): Act<string | null> {
    const [row] = (yield select((v) => `SELECT job FROM ${JOBS} WHERE id = ${v(key)}`)).rows;
    return row ? String(row['job']) : null;
  }

  function* swap(key: string, before: string | null, after: string): Act<boolean> {
    const { changes } = yield before === null
      ? write((v) => `INSERT INTO ${JOBS} (id, job) VALUES (${list([key, after], v)}) ${dialect.unlessThere}`)
      : write((v) => `UPDATE ${JOBS} SET job = ${v(after)} WHERE id = ${v(key)} AND job = ${v(before)}`);
    return changes === 1;
  }

  function* set(key: string, text: string): Act<void> {
    if ((yield write((v) => `UPDATE ${JOBS} SET job = ${v(text)} WHERE id = ${v(key)}`)).changes) return;
    yield write((v) => `INSERT INTO ${JOBS} (id, job) VALUES (${list([key, text], v)}) ${dialect.unlessThere}`);
  }

  return { migrate, read, append: (one: StoreAppend) => transaction(append(one)), change: (one: StoreChange) => transaction(change(one)), expire, job, swap, set };
}

/** The store of a driver that carries acts out. `run`: on a connection of its own. */
export function sqlStore(prefix: string, dialect: Dialect, run: <T>(act: () => Act<T>) => Promise<T>): LedgerStore {
  const all = statements(prefix, dialect);
  let ready: Promise<void> | undefined;
  // Made anew at the next call if it failed.
  const prepared = () => (ready ??= run(all.migrate).catch((error: unknown) => {
    ready = undefined;
    throw error;
  }));
  let there = false;
  const act = async <T>(one: () => Act<T>): Promise<T> => {
    if (!there) {
      await prepared();
      there = true;
    }
    return run(one);
  };
  return Object.freeze({
    read: (ids, want) => act(() => all.read(ids, want)),
    append: (one) => act(() => all.append(one)),
    link: (one) => act(() => all.change(one)),
    forget: (one) => act(() => all.change(one)),
    expire: (before) => act(() => all.expire(before)),
    jobs: Object.freeze({
      get: (key: string) => act(() => all.job(key)),
      set: (key: string, text: string) => act(() => all.set(key, text)),
      swap: (key: string, before: string | null, after: string) => act(() => all.swap(key, before, after)),
    }),
  } satisfies LedgerStore);
}
