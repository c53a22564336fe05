// A ledger's store in PostgreSQL, through the site's own pool.

import type { LedgerStore, PostgresPool } from '../../api/server.js';
import { BridgeError, fail } from '../errors.js';
import { known } from '../options.js';
import { type Act, type Dialect, type Result, sqlStore } from './sql.js';

/** Of this package alone: whoever migrates holds it until the transaction ends. */
const LOCK = 7_346_028_119;

const POSTGRES: Dialect = {
  value: (number) => `$${number}`, begin: 'BEGIN', alone: `SELECT pg_advisory_xact_lock(${LOCK})`, unlessThere: 'ON CONFLICT DO NOTHING',
  key: 'varchar(100)', text: 'text', number: 'bigint',
};

type Asked = { query(text: string, values?: unknown[]): Promise<{ rows: unknown[]; rowCount: number | null }> };

export function postgres(pool: PostgresPool, options: { prefix?: string } = {}): LedgerStore {
  known(options, ['prefix'], ' of postgres()');
  const { prefix = 'consent_' } = options;
  if (typeof pool?.query != 'function' || typeof pool.connect != 'function')
    fail('option-invalid', 'postgres() takes a Pool of the package `pg`: postgres(new Pool({ connectionString })).');
  // It goes into statements as it is.
  if (typeof prefix != 'string' || !/^([a-z_][a-z0-9_]*\.)?[a-z_][a-z0-9_]*$/.test(prefix)) fail('option-invalid', 'Option `prefix` is of small letters, digits and `_`; a schema and a dot may stand before it.');
  // A pool without a listener ends the program when an idle connection breaks.
  const events = pool as { listenerCount?: (name: string) => number; on?: (name: string, listener: () => void) => unknown };
  if (events.listenerCount?.('error') === 0) events.on?.('error', () => {});

  const toTheEnd = async <T>(on: Asked, act: Act<T>, step = act.next()): Promise<T> => {
    while (!step.done) {
      const { text, values } = step.value;
      let result: Result;
      try {
        const { rows, rowCount } = await on.query(text, [...values]);
        result = { rows: rows as Result['rows'], changes: rowCount ?? 0 };
      } catch (error) {
        step = act.throw(error);
        continue;
      }
      step = act.next(result);
    }
    return step.value;
  };

  let primary = false;
  return sqlStore(prefix, POSTGRES, async (act) => {
    if (!primary) {
      const { rows } = await pool.query('SELECT pg_is_in_recovery() AS replica');
      if ((rows[0] as { replica?: unknown } | undefined)?.replica) throw new BridgeError('ledger-unreachable', 'This PostgreSQL is a replica, which may answer with what was true a moment ago: give postgres() a pool of the primary.');
      primary = true;
    }
    const made = act();
    const first = made.next();
    // What is no transaction is one statement after another, on whichever connection is free.
    if (first.done || first.value.text !== POSTGRES.begin) return toTheEnd(pool, made, first);
    const client = await pool.connect();
    // While it is out, its pool does not listen to it, and a connection that breaks would end the program.
    const its = client as { on?: (name: string, listener: () => void) => unknown; off?: (name: string, listener: () => void) => unknown };
    const hear = () => {};
    its.on?.('error', hear);
    let broken: unknown;
    try {
      return await toTheEnd(client, made, first);
    } catch (error) {
      // The state of this connection is unknown, so its pool is told to throw it away.
      broken = error;
      throw error;
    } finally {
      client.release(broken !== undefined);
      // One that is thrown away may break a moment later.
      if (broken === undefined) its.off?.('error', hear);
    }
  });
}
