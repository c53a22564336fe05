// What must compile of the ledger, the guard, erasure and receipts, as a user writes it.

import { BlockedError, BridgeError, consentLedger, erase, gate, guard, memory, postgres, readConsent, receiptEndpoint, redis, retrieve, signRecord, sqlite, verifyRecord } from 'mixpanel-consent-bridge/server';
import type { Blocked, EraseJob, HistoryExport, JobStore, Ledger, LedgerStore, PostgresPool, RedisClient, RequestState, SqliteDatabase } from 'mixpanel-consent-bridge/server';

declare const request: { headers: { get(name: string): string | null } };
declare const receipt: import('mixpanel-consent-bridge').Receipt;

// case: a ledger with nothing, and with each store
const ledger: Ledger = consentLedger();
declare const pool: PostgresPool;
declare const client: RedisClient;
declare const database: SqliteDatabase;
declare const own: LedgerStore;
for (const store of [memory(), sqlite('consent.db'), sqlite(database), postgres(pool, { prefix: 'app.consent_' }), redis(client, { prefix: '{consent}:', onWarning: (sentence) => sentence.length }), own]) consentLedger({ store });
consentLedger({ store: memory(), version: '2', maxAge: 1, retention: 2, implied: 'ask', denied: 'cookieless', timeout: Infinity, staleness: 5, onChange: async (ids) => ids.length, now: () => 1 });

// case: what drivers have is what stores take
declare const pgPool: { query(text: string, values?: unknown[]): Promise<{ rows: unknown[]; rowCount: number | null }>; connect(): Promise<{ query(text: string, values?: unknown[]): Promise<{ rows: unknown[]; rowCount: number | null }>; release(error?: Error | boolean): void }>; end(): Promise<void> };
postgres(pgPool);

// case: the codes that a program may act on
export function retry(error: unknown): boolean {
  if (!(error instanceof BridgeError)) return false;
  return error.code === 'ledger-unreachable' || error.code === 'ledger-stale' || error.code === 'erase-limited';
}

// case: a record is signed for a project
export const signed: string | null = signRecord('line', { token: 't', key: 'k' });
export const good: boolean = verifyRecord('line', { token: 't', name: 'eu', key: ['k', 'l'] });

// case: a state of a request and a receipt can be recorded
export const recorded: Promise<{ recorded: boolean; state: RequestState }> = ledger.record('user-42', readConsent(request), { device: '$device:1' });
void ledger.record(42, receipt, { claimed: true, version: '3' });

// case: consent is asked of one id or several, at a time or several, as a number or a Date
export const allowed: Promise<RequestState>[] = [ledger.allowed('a'), ledger.allowed(['a', 7], new Date()), ledger.allowed('a', [1, new Date()])];

// case: the export is plain data
export const told: Promise<HistoryExport> = ledger.export('a');

// case: a guarded client has the client's own type
declare const sdk: { track(event: string, properties: object, callback?: (error?: Error) => void): void };
export const same: typeof sdk = guard(sdk, { ledger, onBlocked: ({ code, ids }: Blocked) => { code.length + ids.length; }, late: 'send', nobody: 'pass', identify: async (item) => [String(item), 1], keep: ['x'], holdLimit: 5 });
export const left: Promise<number> = guard(sdk, { ledger }).flush(10_000);

// case: anything that can be asked like a ledger will do
guard(sdk, { ledger: { allowed: async () => readConsent(request) } });

// case: the gate hands back what it was given
export const sent: Promise<{ send: { event: string }[]; blocked: Blocked[] }> = gate({ ledger }).filter([{ event: 'A' }]);

// case: a callback can tell what was blocked
export const why = (error: unknown): string | null => (error instanceof BlockedError ? error.code : null);

// case: erasing by ids, and by person
export const jobs: Promise<EraseJob>[] = [
  erase({ projectToken: 't', oauthToken: 'o', distinctIds: ['a', 1], region: 'eu', onProgress: ({ state }) => state.length }),
  retrieve({ projectToken: 't', oauthToken: 'o', ledger, person: 'a', compliance: 'CCPA', disclosure: 'Data', store: memory() }),
  erase({ projectToken: 't', oauthToken: 'o', distinctIds: ['a'], store: new Map<string, string>() satisfies JobStore }),
  erase({ projectToken: 't', distinctIds: ['a'], dryRun: true }),
];

// case: the receipt endpoint's three forms
const endpoint = receiptEndpoint({ ledger, origins: ['https://shop.example'], identify: async () => ({ id: 1, device: '$device:1' }), token: 't', key: ['k'] });
export const POST: (request: Request) => Promise<Response> = endpoint.fetch;
void endpoint.node({}, { writeHead: () => 1, end: () => 1 });
export const taken: Promise<{ status: number; headers: Record<string, string>; body: string }> = endpoint.take({ headers: {}, body: '' });
