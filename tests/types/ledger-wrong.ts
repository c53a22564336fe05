// Uses of the ledger, the guard, erasure and receipts that must not compile.

import { consentLedger, erase, gate, guard, readConsent, receiptEndpoint, signRecord } from 'mixpanel-consent-bridge/server';

const ledger = consentLedger();
declare const request: { headers: { get(name: string): string | null } };

// case: a ledger's option that is misspelt
// @ts-expect-error
consentLedger({ stor: new Map() });

// case: a store that cannot append
// @ts-expect-error
consentLedger({ store: { get: () => 1, set: () => true, delete: () => true } });

// case: a Map as a ledger's store
// @ts-expect-error
consentLedger({ store: new Map() });

// case: a code that there is not
declare const error: import('mixpanel-consent-bridge/server').BridgeError;
// @ts-expect-error
if (error.code === 'ledger-unreachabel') throw error;

// case: a record that is signed for no project
// @ts-expect-error
signRecord('line', 'a key that is long enough');

// case: properties to take out, where those to keep are named
// @ts-expect-error
gate({ ledger, strip: ['email'] });

// case: a retention in words
// @ts-expect-error
consentLedger({ retention: '30d' });

// case: consent cannot be assumed in a ledger
// @ts-expect-error
consentLedger({ denied: 'on' });

// case: a plain yes is no entry: it has no time and no source
// @ts-expect-error
ledger.record('a', true);

// case: an object for an id
// @ts-expect-error
ledger.allowed({ id: 'a' });

// case: a time as text
// @ts-expect-error
ledger.allowed('a', '2026-11-01');

// case: a history cannot be changed
// @ts-expect-error
(await ledger.history('a'))[0].at = 1;

// case: the answer of a ledger is a promise, and no state
// @ts-expect-error
ledger.allowed('a').mode;

// case: a guard without a ledger
// @ts-expect-error
guard({}, {});

// case: a guard of what is no client
// @ts-expect-error
guard('token', { ledger });

// case: a guard cannot be told to let people pass
// @ts-expect-error
guard({}, { ledger, nobody: 'everybody' });

// case: a synchronous state is no ledger
// @ts-expect-error
gate({ ledger: readConsent(request) });

// case: erasing without a project
// @ts-expect-error
erase({ oauthToken: 'o', distinctIds: ['a'] });

// case: a region that Mixpanel does not have
// @ts-expect-error
erase({ projectToken: 't', oauthToken: 'o', distinctIds: ['a'], region: 'us-east' });

// case: one id instead of a list
// @ts-expect-error
erase({ projectToken: 't', oauthToken: 'o', distinctIds: 'a' });

// case: a receipt endpoint that takes receipts from anywhere
// @ts-expect-error
receiptEndpoint({ ledger, identify: () => 'a' });

// case: a receipt endpoint that does not know whose receipts it takes
// @ts-expect-error
receiptEndpoint({ ledger, origins: ['https://shop.example'] });
