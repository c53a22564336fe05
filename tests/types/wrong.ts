// Uses that must not compile. `@ts-expect-error` fails the case when the compiler accepts
// the line after it, so that a type grown too loose is noticed.

import { BridgeError, connect } from 'mixpanel-consent-bridge';
import { useMixpanelConsent as useInReact } from 'mixpanel-consent-bridge/react';
import { useMixpanelConsent as useInVue } from 'mixpanel-consent-bridge/vue';

const token = 'YOUR_PROJECT_TOKEN';
const bridge = connect({ token });

// case: no options
// @ts-expect-error
connect();

// case: no token
// @ts-expect-error
connect({ cmp: 'onetrust' });

// case: a token that is no text
// @ts-expect-error
connect({ token: 7 });

// case: a misspelt option
// @ts-expect-error
connect({ token, catagory: 'C0002' });

// case: a consent manager that there is no adapter for
// @ts-expect-error
connect({ token, cmp: 'one-trust' });

// case: one wrong id in a list
// @ts-expect-error
connect({ token, cmp: ['onetrust', 'nobody'] });

// case: a choice that an option does not have
// @ts-expect-error
connect({ token, pending: 'track' });

// case: consent cannot be assumed: a denied visitor is never tracked in full
// @ts-expect-error
connect({ token, denied: 'on' });

// case: a signal of the browser cannot open anything
// @ts-expect-error
connect({ token, gpc: 'grant' });

// case: a category for a feature that does not exist
// @ts-expect-error
connect({ token, category: { heatmaps: 'C0002' } });

// case: a time as text
// @ts-expect-error
connect({ token, cmpTimeout: '10s' });

// case: a configuration key that Mixpanel does not have, of a type that it does not take
// @ts-expect-error
connect({ token, config: { api_host: 7 } });

// case: the SDK's name instead of the SDK
// @ts-expect-error
connect({ token, mixpanel: 'mixpanel-browser' });

// case: the state cannot be written
// @ts-expect-error
bridge.state.consent = 'granted';

// case: the state cannot be replaced
// @ts-expect-error
bridge.state = { ...bridge.state, mode: 'on' };

// case: the gated SDK cannot be replaced
// @ts-expect-error
bridge.mixpanel = {};

// case: track keeps Mixpanel's types
// @ts-expect-error
bridge.mixpanel.track(7);

// case: a method that Mixpanel does not have
// @ts-expect-error
bridge.mixpanel.trackEvent('Bought');

// case: grant takes no argument: who decides is not a parameter
// @ts-expect-error
bridge.grant('marketing');

// case: a consent that does not exist cannot be compared with
// @ts-expect-error
if (bridge.state.consent === 'accepted') bridge.disconnect();

// case: ready gives a state, not a boolean
// @ts-expect-error
bridge.ready.then((yes: boolean) => yes);

// case: a subscriber gets one state
// @ts-expect-error
bridge.subscribe((state: string) => state);

// case: a receipt is not to be changed
// @ts-expect-error
connect({ token, onReceipt: (receipt) => { receipt.event = 'given'; } });

// case: receipts are a list that nobody adds to
// @ts-expect-error
bridge.receipts().push({});

// case: an error code that does not exist
// @ts-expect-error
export const never = (error: BridgeError) => error.code === 'no-such-code';

// case: what is inside the package cannot be imported
// @ts-expect-error
import('mixpanel-consent-bridge/dist/core.js');

// case: an adapter of data with two places
// @ts-expect-error
connect({ token, cmp: { cookie: 'a', local: 'b', granted: 1, denied: 0 } });

// case: an adapter of data without a no
// @ts-expect-error
connect({ token, cmp: { cookie: 'a', granted: 1 } });

// case: a place with a verb that there is not
// @ts-expect-error
connect({ token, cmp: { id: 'acme', probes: { a: ['session', 'x'] }, read: () => true } });

// case: a read that answers with a word that is no answer
// @ts-expect-error
connect({ token, cmp: { id: 'acme', probes: { a: ['cookie', 'x'] }, read: () => ({ categories: { a: 'yes' } }) } });

// case: a read that answers later
// @ts-expect-error
connect({ token, cmp: { id: 'acme', probes: { a: ['cookie', 'x'] }, read: async () => true } });

// case: rules in the core's own notation
// @ts-expect-error
connect({ token, cmp: { id: 'acme', probes: { a: ['cookie', 'x'] }, rules: '+ a=true > all G' } });

// case: a rule without a meaning
// @ts-expect-error
connect({ token, cmp: { id: 'acme', probes: { a: ['cookie', 'x'] }, rules: [{ from: 'stored', if: "a is 'yes'" }] } });

// case: a rule that means what there is not
// @ts-expect-error
connect({ token, cmp: { id: 'acme', probes: { a: ['cookie', 'x'] }, rules: [{ from: 'stored', if: "a is 'yes'", then: 'allowed' }] } });

// case: a condition that says nothing
// @ts-expect-error
connect({ token, cmp: { id: 'acme', probes: { a: ['cookie', 'x'] }, rules: [{ from: 'stored', if: 'a', then: 'granted' }] } });

// case: an answer by nobody's act that there is
// @ts-expect-error
connect({ token, cmp: { id: 'acme', probes: { a: ['cookie', 'x'] }, rules: [{ from: 'stored', if: 'a is there', answers: { by: 'user', of: 'a', category: 'x', yes: 'yes' } }] } });

// case: an answer with both an entry's value and a condition
// @ts-expect-error
connect({ token, cmp: { id: 'acme', probes: { a: ['cookie', 'x'] }, rules: [{ from: 'stored', if: 'a is there', answers: { by: 'visitor', of: 'a', category: 'x', value: true, whether: 'a is there' } }] } });

// case: an adapter with both rules and a read
// @ts-expect-error
connect({ token, cmp: { id: 'acme', probes: { a: ['cookie', 'x'] }, read: () => true, rules: [{ from: 'stored', if: 'a is there', then: 'granted' }] } });

// case: a binding without a bridge
// @ts-expect-error
useInReact();

// case: the state in Vue is not for writing
// @ts-expect-error
useInVue(bridge).value = bridge.state;
