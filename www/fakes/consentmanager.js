// A FAKE of consentmanager.net. Facts: help.consentmanager.net (JavaScript API); duckduckgo/autoconsent, aGTM and Shopware adapters.

import { emitter, fake } from './engine.js';

const { on, off, emit } = emitter();

export default fake({
  id: 'consentmanager',
  product: 'consentmanager',
  source: 'help.consentmanager.net and other programs’ adapters',
  traps: '`__cmp` was the name of the TCF’s first version too; listeners are given as one array; purposes have ids of the site.',
  names: { analytics: 'c54', marketing: 'c52', functional: 'c51' },
  modes: ['ask', 'implied-open'],
  keys: ['__cmpconsent1234', '__cmpcc'],
  script(cmp) {
    window.cmpmngr = {};
    window.__cmp = (command, parameter) => {
      if (command === 'getCMPData')
        return {
          purposeConsents: cmp.map((yes) => yes), vendorConsents: {}, consentExists: cmp.answered, userChoiceExists: cmp.answered, gdprApplies: cmp.mode === 'ask',
          purposesList: [{ id: 'c51', name: 'Function' }, { id: 'c52', name: 'Marketing' }, { id: 'c54', name: 'Measurement' }],
        };
      if (command === 'consentStatus') return { userChoiceExists: cmp.answered };
      if (command === 'addEventListener') return on(parameter[0], parameter[1]);
      if (command === 'removeEventListener') return off(parameter[0], parameter[1]);
      if (command === 'showScreen') return cmp.show();
      return undefined;
    };
  },
  keep: (cmp) => (cmp.answered ? [['cookie', '__cmpconsent1234', btoa(`sealed ${cmp.at}`)], ['cookie', '__cmpcc', '1']] : []),
  tell(why, cmp) {
    if (why === 'load') return emit('settings', 'settings');
    emit({ accept: 'consentapproved', reject: 'consentrejected' }[cmp.kind] ?? 'consentcustom', 'consent');
    return emit('consent', 'consent');
  },
});
