// What must compile of the ledger, the guard, erasure and receipts, as a user writes it.

import { BlockedError, consentLedger, erase, gate, guard, readConsent, receiptEndpoint, retrieve } from 'mixpanel-consent-bridge/server';
import type { Blocked, EraseJob, HistoryExport, Ledger, RequestState } from 'mixpanel-consent-bridge/server';

declare const request: { headers: { get(name: string): string | null } };
declare const receipt: import('mixpanel-consent-bridge').Receipt;

// case: a ledger with nothing, with a Map, and with what a Keyv has
const ledger: Ledger = consentLedger();
consentLedger({ store: new Map() });
declare const keyv: { get(key: string): Promise<unknown>; set(key: string, value: unknown, ttl?: number): Promise<boolean>; delete(key: string): Promise<boolean> };
consentLedger({ store: keyv, version: '2', maxAge: 1, retention: 2, implied: 'ask', denied: 'cookieless', prefix: 'x', timeout: 10, now: () => 1 });

// case: a state of a request and a receipt can be recorded
export const recorded: Promise<{ recorded: boolean; state: RequestState }> = ledger.record('user-42', readConsent(request), { device: '$device:1' });
void ledger.record(42, receipt, { claimed: true, version: '3' });

// case: consent is asked of one id or several, at a time or several, as a number or a Date
export const allowed: Promise<RequestState>[] = [ledger.allowed('a'), ledger.allowed(['a', 7], new Date()), ledger.allowed('a', [1, new Date()])];

// case: the export is plain data
export const told: Promise<HistoryExport> = ledger.export('a');

// case: a guarded client has the client's own type
declare const client: { track(event: string, properties: object, callback?: (error?: Error) => void): void };
export const same: typeof client = guard(client, { ledger, onBlocked: ({ code, ids }: Blocked) => { code.length + ids.length; }, late: 'send', nobody: 'pass', identify: () => ['a', 1], strip: ['x'] });

// case: anything that can be asked like a ledger will do
guard(client, { ledger: { allowed: async () => readConsent(request) } });

// case: the gate hands back what it was given
export const sent: Promise<{ send: { event: string }[]; blocked: Blocked[] }> = gate({ ledger }).filter([{ event: 'A' }]);

// case: a callback can tell what was blocked
export const why = (error: unknown): string | null => (error instanceof BlockedError ? error.code : null);

// case: erasing by ids, and by person
export const jobs: Promise<EraseJob>[] = [
  erase({ projectToken: 't', oauthToken: 'o', distinctIds: ['a', 1], region: 'eu', onProgress: ({ state }) => state.length }),
  retrieve({ projectToken: 't', oauthToken: 'o', ledger, person: 'a', compliance: 'CCPA', disclosure: 'Data', store: keyv }),
  erase({ projectToken: 't', distinctIds: ['a'], dryRun: true }),
];

// case: the receipt endpoint's three forms
const endpoint = receiptEndpoint({ ledger, origins: ['https://shop.example'], identify: async () => ({ id: 1, device: '$device:1' }), token: 't', key: ['k'] });
export const POST: (request: Request) => Promise<Response> = endpoint.fetch;
void endpoint.node({}, {});
export const taken: Promise<{ status: number; headers: Record<string, string>; body: string }> = endpoint.take({ headers: {}, body: '' });
