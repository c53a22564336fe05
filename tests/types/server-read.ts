// Uses of readConsent() and its kin that must compile, and some that must not.

import type { IncomingMessage } from './node.js';
import { allowedAt, BridgeError, explainConsent, readConsent, recordCookie, signRecord, verifyRecord } from 'mixpanel-consent-bridge/server';
import type { Entry, Mode, ReadOptions, Receipt, RequestState } from 'mixpanel-consent-bridge/server';

declare const incoming: IncomingMessage;

// case: a request of any kind is read at once
export const states: readonly RequestState[] = [
  readConsent(new Request('https://shop.example/')),
  readConsent(new Headers()),
  readConsent(incoming, { cmp: 'onetrust', category: 'C0002' }),
  readConsent({ cookie: 'a=b', 'Sec-GPC': ['1'] }),
  readConsent({ headers: { cookie: undefined } }),
];

// case: the words of the browser
export const asked: ReadOptions = {
  cmp: ['klaro', 'manual'], category: { tracking: ['a', 'b'], profile: 'c' }, implied: 'ask', denied: 'cookieless', gpc: 'strict', dnt: 'ignore', token: 'T', name: 'eu', recordKey: ['a secret', 'an older one'],
};

// case: what each part may do
export const profile: Mode = readConsent({}).modes.profile;

// case: why
export const text: string = String(explainConsent({}, asked)) + explainConsent({}).sources.map(({ record, raw }) => `${record} ${raw['OptanonConsent']}`).join();

// case: a history of receipts, with versions
declare const receipts: readonly Receipt[];
export const then: RequestState = allowedAt(receipts.map((receipt): Entry => ({ ...receipt, version: '2' })), Date.now(), { version: '2', maxAge: 1000, implied: 'ask' });

// case: the record is signed
export const signed: string | null = signRecord('1.gggg.g.1.usercentrics', { token: 't', key: 'a secret of the site' });
export const good: boolean = verifyRecord('1.gggg.g.1.usercentrics', { token: 't', key: ['a secret of the site'] });
export const cookie: string | null = recordCookie({ token: 'T', value: '', key: 'a secret of the site', secure: false });

// case: a mistake is told by its code
try {
  readConsent({});
} catch (error) {
  if (error instanceof BridgeError && error.code === 'request-invalid') console.error(error.message);
}

// case: no request
// @ts-expect-error
readConsent();

// case: a text is no request
// @ts-expect-error
readConsent('cookie: a=b');

// case: nothing is held on a server
// @ts-expect-error
readConsent({}, { pending: 'hold' });

// case: a consent manager that does not exist
// @ts-expect-error
readConsent({}, { cmp: 'onetrusty' });

// case: the state is not for writing
// @ts-expect-error
readConsent({}).modes.tracking = 'on';

// case: a history of anything
// @ts-expect-error
allowedAt([{ at: 1 }], 2);

// case: a record without a key
// @ts-expect-error
signRecord('1.gggg.g.1.usercentrics');
