// Uses that must compile. Nothing here runs: the compiler is the test, and each `case` is
// counted as one (tools/test-types.mjs). What the calls do is tested in tests/browser.

import { BridgeError, connect } from 'mixpanel-consent-bridge';
import type { Adapter, Bridge, Consent, Explanation, Mode, Options, Receipt, State } from 'mixpanel-consent-bridge';
import { checkAdapter, fixturesIn } from 'mixpanel-consent-bridge/testing';
import { useMixpanelConsent as useInReact } from 'mixpanel-consent-bridge/react';
import { useMixpanelConsent as useInVue } from 'mixpanel-consent-bridge/vue';
import mixpanel from 'mixpanel-browser';
import type { Mixpanel } from 'mixpanel-browser';

const token = 'YOUR_PROJECT_TOKEN';

// case: the token is enough
const bridge: Bridge = connect({ token });

// case: the example of the README
connect({
  token,
  mixpanel: () => import('mixpanel-browser'),
  config: { api_host: 'https://api-eu.mixpanel.com', track_pageview: true },
}).mixpanel.track('Page Loaded');

// case: the SDK as an object, a module, and a function returning either or a promise
connect({ token, mixpanel });
connect({ token, mixpanel: await import('mixpanel-browser') });
connect({ token, mixpanel: () => mixpanel });
connect({ token, mixpanel: async () => mixpanel });

// case: every option at once
connect({
  token,
  mixpanel,
  config: { autocapture: true, record_sessions_percent: 10 },
  name: 'second',
  cmp: ['onetrust', 'iab-tcf'],
  category: { tracking: 'C0002', replay: ['C0002', 'C0003'], profile: 'C0003', flags: 'C0003' },
  start: 'opted-out',
  pending: 'cookieless',
  denied: 'cookieless',
  implied: 'ask',
  gpc: 'strict',
  dnt: 'ignore',
  optInEvent: true,
  holdLimit: 10,
  cmpTimeout: 2_000,
  record: 'cookie',
  onReceipt: (receipt) => void receipt.at.toFixed(),
  receiptEndpoint: '/receipts',
  debug: true,
});

// case: each choice of each option
for (const start of ['deferred', 'opted-out'] as const) connect({ token, start });
for (const pending of ['hold', 'drop', 'cookieless'] as const) connect({ token, pending });
for (const denied of ['off', 'cookieless'] as const) connect({ token, denied });
for (const implied of ['accept', 'ask'] as const) connect({ token, implied });
for (const signal of ['respect', 'strict', 'ignore'] as const) connect({ token, gpc: signal, dnt: signal });
for (const record of ['local', 'cookie', 'none'] as const) connect({ token, record });

// case: a list of consent managers and of categories may be readonly
const cmp = ['klaro', 'onetrust'] as const;
const category = ['analytics', 'statistics'] as const;
connect({ token, cmp, category });

// case: the gated SDK is Mixpanel by type, so a site's own helpers take it
const asMixpanel: Mixpanel = bridge.mixpanel;
asMixpanel.people.set({ plan: 'gold' });
bridge.mixpanel.track('Bought', { price: 3 }, { send_immediately: true });
bridge.mixpanel.identify('user-7');
bridge.mixpanel.people.increment('visits', 1);
bridge.mixpanel.get_group('company', 'acme').set('plan', 'gold');

// case: the state, its fields and their types
const state: State = bridge.state;
const consent: Consent = state.consent;
const mode: Mode = state.mode;
const manager: string | null = state.cmp;
const [code, reason, held, at]: [string, string, number, number] = [state.code, state.reason, state.held, state.at];
export const fields = { consent, mode, manager, code, reason, held, at };

// case: consent and mode can be matched exhaustively
export function words(given: State): string {
  switch (given.consent) {
    case 'unset': return 'nobody answered';
    case 'granted': return 'yes';
    case 'denied': return 'no';
    case 'implied-granted': return 'a default says yes';
    case 'implied-denied': return 'a default says no';
    default: return given.consent satisfies never;
  }
}
export function doing(given: State): string {
  switch (given.mode) {
    case 'off': return 'nothing';
    case 'cookieless': return 'events';
    case 'on': return 'everything';
    default: return given.mode satisfies never;
  }
}

// case: ready is a promise of the state
export const first: Promise<State> = bridge.ready;

// case: subscribe hands over the state and returns how to stop
const stop: () => void = bridge.subscribe((now) => void now.consent.length);
stop();

// case: subscribe has Svelte's store contract
interface Readable<T> { subscribe(run: (value: T) => void): () => void }
export const store: Readable<State> = bridge;

// case: subscribe and state have the shape of React's useSyncExternalStore
declare function useSyncExternalStore<T>(subscribe: (changed: () => void) => () => void, snapshot: () => T): T;
export const used: State = useSyncExternalStore((changed) => bridge.subscribe(changed), () => bridge.state);

// case: the site's own banner
const own = connect({ token, cmp: 'manual' });
own.grant();
own.deny();
own.reset();

// case: explain and receipts can be read and printed
const why: Explanation = await bridge.explain();
export const printed: string = String(why);
const receipts: readonly Receipt[] = bridge.receipts();
export const newest: Receipt | undefined = receipts[0];

// case: disconnect returns nothing
export const nothing: void = bridge.disconnect();

// case: a programmer's mistake is told by its code
const mistake: BridgeError | null = connect({ token }).error;
if (mistake?.code === 'token-missing') console.error(mistake.message);

// case: the site's own dialog is asked for
connect({ token, cmp: 'manual', ask: () => {} });

// case: options can be built up under their own type
const options: Options = { token };
options.pending = 'drop';
connect(options);

// case: an adapter made of data alone
connect({ token, cmp: { event: 'changed', cookie: 'choice', granted: ['yes', 'oui'], denied: 'no' } });
connect({ token, cmp: ['klaro', { local: 'choice', field: 'stats.on', granted: 1, denied: 0 }] });
connect({ token, cmp: { path: 'shop.consent', target: 'document', granted: true, denied: false } });

// case: an adapter with a read
const acme: Adapter<{ state: { answered: boolean }; kept: unknown }> = {
  id: 'acme',
  rank: 'vendor',
  category: 'statistics|analytics+ads',
  probes: { state: ['global', 'Acme.state()'], kept: ['cookie', 'acme', 'json'], told: ['heard', 'acme'] },
  listens: [['window', 'acme'], ['call', 'Acme.on', ['change', {}], { heard: 'acme', keep: ['a.b'], off: 'Acme.off', offArgs: ['change', {}] }]],
  read: ({ state, kept }) => (state ? { answered: state.answered, implied: false, categories: { statistics: true, ads: 'implied-denied' } } : kept ? false : null),
};
connect({ token, cmp: acme });
connect({ token, cmp: ['onetrust', acme] as const });

// case: an adapter with rules
connect({ token, cmp: { id: 'acme', probes: { kept: ['cookie', 'acme'] }, rules: [{ from: 'stored', if: "kept is 'yes'", then: 'granted' }] } });
connect({
  token,
  cmp: {
    id: 'acme',
    probes: {
      state: { global: 'Acme.state()' },
      cookie: { cookie: 'acme', form: 'raw', pairs: '&=' },
      kept: { firstOf: ['state', 'cookie'] },
      groups: { part: 'cookie?groups', pairs: ',:' },
    },
    rules: [
      { from: 'running', if: ['state is there', 'state.answered is not a boolean'], then: 'unreadable' },
      {
        from: 'running',
        if: 'state.answered is true',
        answers: [
          { by: 'visitor', each: 'state.services', name: ['.name', '.purposes'], value: 'state.allowed[.id]', only: '.required is not true' },
          { by: 'default', of: 'state', category: 'needed', value: true, fallback: true },
          { by: 'visitor', each: 'groups', name: 'key', yes: '1', no: '0' },
          { by: 'nobody', of: 'state', category: 'x', whether: "any .list.* is 'x'" },
        ],
        others: 'unset',
      },
    ],
  },
});

// case: an adapter that keeps fields of an event, and says that its dialog is open
connect({
  token: 'a',
  cmp: {
    id: 'acme',
    probes: { told: ['heard', 'told'] },
    listens: [['window', 'acme', { heard: 'told', keep: ['detail.open'] }]],
    read: ({ told }) => (told ? { trouble: 'asking' } : null),
  },
});

// case: the suite for an adapter of one's own
export const checked: Promise<{ checks: number; table: string }> = fixturesIn('fixtures/acme')
  .then((fixtures) => checkAdapter(acme, fixtures, { category: ['a', 'b'], except: { expired: 'a sentence' } }));

// case: the bindings give the state, Vue's as a ref
export const shown: State = useInReact(bridge);
export const shownInVue: Mode = useInVue(bridge).value.mode;
