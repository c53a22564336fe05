// The types of `mixpanel-consent-bridge/testing`, written by hand. For Node.

import type { LedgerStore } from './server.js';
import type { Adapter, Category, Consent, SimpleAdapter } from 'mixpanel-consent-bridge';

/** What a page held in a situation, and what it must mean. Captured, not invented. */
export interface Fixture {
  product?: string;
  /** The product's version, or `'documented'`. */
  version: string;
  /** The day, as `2026-11-23`. */
  captured: string;
  /** The line that produced it, or the source that documents it. */
  by: string;
  /**
   * What the places held: `global:<path>`, `cookie:<name>`, `local:<key>`, `heard:<name>`,
   * `queue:<path>`. Stored texts are as stored, encoded; `{ "$function": true }` and
   * `{ "$thrown": true }` stand for what JSON has not.
   */
  snapshot: Readonly<Record<string, unknown>>;
  /** `null`: the adapter says that its consent manager is not there. */
  expect: null | {
    live: boolean;
    note?: 'not-ready' | 'asking' | 'unreadable' | 'expired';
    /** By category; `null`: there is no such category. */
    answers: Readonly<Record<string, Consent | null>>;
  };
}

/** The situations that every adapter has a fixture for, or a sentence why the product cannot have it. */
export type Situation =
  | 'not-answered'
  | 'accept-all'
  | 'reject-all'
  | 'statistics-only'
  | 'all-but-statistics'
  | 'implied-open'
  | 'implied-closed'
  | 'expired'
  | 'changed-mind'
  | 'stored-accept'
  | 'stored-reject'
  | 'stored-default'
  | 'early';

/** Beside the situations, a fixture for each oddity of the product, under a name of your own. */
export type Fixtures = Readonly<Record<Situation, Fixture | string>> & Readonly<Record<string, Fixture | string>>;

/**
 * Runs the suite of the built-in adapters over one of your own: its fixtures through the shipped
 * core, and then odd values, texts cut anywhere, other products' texts and keys that pollute.
 *
 * ```ts
 * import { checkAdapter, fixturesIn } from 'mixpanel-consent-bridge/testing';
 * const { table } = await checkAdapter(acme, await fixturesIn(new URL('./fixtures/acme', import.meta.url)));
 * console.log(table);
 * ```
 *
 * @throws Error with a line for everything that is wrong
 */
export function checkAdapter(
  adapter: Adapter | SimpleAdapter,
  fixtures: Fixtures,
  options?: {
    /** What stands for analytics in the fixtures, where it is not the adapter's default. */
    category?: Category;
    /** Situations that are right to look otherwise, with a sentence that says why. */
    except?: Readonly<Record<string, string>>;
  },
): Promise<{
  /** How many things were looked at. */
  readonly checks: number;
  /** Each situation and its answer, as text. */
  readonly table: string;
}>;

/** The fixtures of a folder: a JSON file for each situation, and `none.json` with the reasons. */
export function fixturesIn(folder: string | URL): Promise<Fixtures>;

/**
 * Runs what is asked of a ledger's store on one of your own. It leaves what it writes, under ids
 * that begin with `check-`. Nothing is thrown: `failed` says what was not so.
 *
 * ```ts
 * const { failed } = await checkLedgerStore(myStore);
 * assert.deepEqual(failed, []);
 * ```
 */
export function checkLedgerStore(store: LedgerStore): Promise<{
  passed: string[];
  failed: { name: string; why: string }[];
}>;
