// A FAKE of Tealium consent manager. Facts: docs.tealium.com and public sites’ cookies.

import { fake } from './engine.js';

export default fake({
  id: 'tealium',
  product: 'Tealium consent manager',
  source: 'docs.tealium.com and public sites’ cookies',
  traps: 'Without a list of categories the answer is for all of them, and the order of the fields varies.',
  names: { analytics: 'c1', marketing: 'c4' },
  keys: ['CONSENTMGR'],
  script(cmp) {
    window.utag = { gdpr: { getConsentState: () => (cmp.kind === 'accept' ? 1 : 0), showConsentPreferences: () => cmp.show() } };
  },
  keep(cmp) {
    if (!cmp.answered) return [];
    const list = cmp.kind === 'accept' ? '' : Object.entries(cmp.map((on) => +on)).map(([name, on]) => `${name}:${on}%7C`).join('');
    return [['cookie', 'CONSENTMGR', `${list}ts:1767225600000%7Cconsent:${cmp.kind !== 'reject'}`]];
  },
});
