// A FAKE of InMobi Choice (before: Quantcast Choice). Facts: IAB TCF "CMP API v2" and the consent manager list (number 10); sites' code.

import { fake } from './engine.js';
import { tcString, tcf } from './tcf.js';

const api = tcf(10, { getNonIABVendorConsents: () => ({ nonIabVendorConsents: {} }) });

export default fake({
  id: 'inmobi',
  product: 'InMobi Choice',
  source: 'the IAB’s TCF and sites’ code',
  traps: 'It speaks TCF only: what tells it from others is its number, or its container.',
  names: { analytics: 'purposes 1, 7–10', marketing: 'purposes 1–4' },
  modes: ['ask', 'implied-open'],
  keys: ['euconsent-v2'],
  stub: () => api.stub(),
  script() {
    const container = document.createElement('div');
    container.id = 'qc-cmp2-container';
    document.body.append(container);
    api.script();
  },
  keep: (cmp) => (cmp.answered ? [['cookie', 'euconsent-v2', tcString(10, cmp)]] : []),
  tell: (why, cmp) => api.tell(why, cmp),
});
