// Klaro 0.7 (KIProtect), the published build with its styles inside, set up with one service a purpose.
// Facts: the annotated configuration in the package (dist/config.js), 0.7.22.
//
// Once answered, its settings have switches and "save" only, no "accept all": `again` flips the switch.

import { dropCookie, script, wait } from './kit.js';

const FLIP_AND_SAVE = ['.klaro .cookie-modal label[for="purpose-item-analytics"]', '.klaro .cookie-modal .cm-btn-success'];

export default {
  id: 'klaro',
  cmp: 'klaro',
  label: 'Klaro',
  kind: 'real',
  source: 'npm klaro 0.7.22, dist/klaro.js',
  category: 'analytics',
  modes: ['ask', 'implied-open'],
  options: [],
  reloads: false,
  keys: ['klaro'],
  root: '.klaro .cookie-notice:not(.cookie-notice-hidden), .klaro .cookie-modal .cm-modal',
  buttons: {
    accept: '.klaro .cookie-notice .cm-btn-success',
    reject: '.klaro .cookie-notice .cn-decline',
    settings: '.klaro .cookie-notice .cn-learn-more',
  },
  again: { accept: FLIP_AND_SAVE, reject: FLIP_AND_SAVE },

  async load({ base = '', mode = 'ask', late = 0 } = {}) {
    const open = mode === 'implied-open';
    window.klaroConfig = {
      version: 1,
      lang: 'en',
      acceptAll: true,
      groupByPurpose: true,
      storageMethod: 'cookie',
      cookieName: 'klaro',
      translations: {
        en: {
          privacyPolicyUrl: '#',
          consentNotice: { description: 'May this page use Mixpanel analytics?', learnMore: 'Let me choose' },
          purposes: { necessary: 'Necessary', analytics: 'Analytics', marketing: 'Marketing' },
        },
      },
      services: [
        { name: 'session', title: 'Session', purposes: ['necessary'], required: true },
        { name: 'mixpanel', title: 'Mixpanel', purposes: ['analytics'], default: open, optOut: open },
        { name: 'adverts', title: 'Adverts (not on this page)', purposes: ['marketing'], default: false },
      ],
    };
    await wait(late);
    await script(`${base}/node_modules/klaro/dist/klaro.js`, { charset: 'utf-8' });
  },

  open() {
    window.klaro.show(undefined, true);
  },

  api: {
    acceptAll: () => answer(() => true),
    rejectAll: () => answer(() => false),
    only: (category) => answer((service) => service.purposes.includes(category)),
    reset: () => dropCookie('klaro'),
  },
};

function answer(allowed) {
  const manager = window.klaro.getManager();
  for (const service of window.klaroConfig.services) {
    manager.updateConsent(service.name, service.required === true || allowed(service));
  }
  manager.saveAndApplyConsents();
}
