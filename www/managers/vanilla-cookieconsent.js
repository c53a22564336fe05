// vanilla-cookieconsent 3 (orestbida), the published UMD build, set up with three categories.
// Facts: the package's own documentation, https://cookieconsent.orestbida.com, read for 3.1.0.

import { dropCookie, script, style, wait } from './kit.js';

const SECTIONS = [
  { title: 'Strictly necessary', description: 'Always on.', linkedCategory: 'necessary' },
  { title: 'Analytics', description: 'Mixpanel.', linkedCategory: 'analytics' },
  { title: 'Marketing', description: 'Nothing on this page uses it.', linkedCategory: 'marketing' },
];

export default {
  id: 'vanilla-cookieconsent',
  cmp: 'vanilla-cookieconsent',
  label: 'vanilla-cookieconsent 3',
  kind: 'real',
  source: 'npm vanilla-cookieconsent 3.1.0, dist/cookieconsent.umd.js',
  category: 'analytics',
  modes: ['ask', 'implied-open'],
  options: ['reload'],
  reloads: false,
  keys: ['cc_cookie'],
  root: '#cc-main .cm, #cc-main .pm',
  buttons: {
    accept: '#cc-main .cm [data-role="all"]',
    reject: '#cc-main .cm [data-role="necessary"]',
    settings: '#cc-main .cm [data-role="show"]',
  },
  again: {
    accept: ['#cc-main .pm [data-role="all"]'],
    reject: ['#cc-main .pm [data-role="necessary"]'],
  },

  async load({ base = '', mode = 'ask', late = 0, reload = false } = {}) {
    await wait(late);
    const root = `${base}/node_modules/vanilla-cookieconsent/dist`;
    await style(`${root}/cookieconsent.css`);
    await script(`${root}/cookieconsent.umd.js`);
    await window.CookieConsent.run({
      // Otherwise it stays silent under WebDriver, and so in every browser test.
      hideFromBots: false,
      mode: mode === 'implied-open' ? 'opt-out' : 'opt-in',
      categories: {
        necessary: { enabled: true, readOnly: true },
        analytics: {
          enabled: mode === 'implied-open',
          ...(reload ? { autoClear: { cookies: [{ name: 'none-of-ours' }], reloadPage: true } } : {}),
        },
        marketing: {},
      },
      guiOptions: { consentModal: { layout: 'box', position: 'bottom right' } },
      language: {
        default: 'en',
        translations: {
          en: {
            consentModal: {
              title: 'Your choice',
              description: 'May this page use Mixpanel analytics?',
              acceptAllBtn: 'Accept all',
              acceptNecessaryBtn: 'Reject all',
              showPreferencesBtn: 'Manage preferences',
            },
            preferencesModal: {
              title: 'Preferences',
              acceptAllBtn: 'Accept all',
              acceptNecessaryBtn: 'Reject all',
              savePreferencesBtn: 'Save preferences',
              closeIconLabel: 'Close',
              sections: SECTIONS,
            },
          },
        },
      },
    });
  },

  open() {
    window.CookieConsent.showPreferences();
  },

  api: {
    acceptAll: () => window.CookieConsent.acceptCategory('all'),
    rejectAll: () => window.CookieConsent.acceptCategory([]),
    only: (category) => window.CookieConsent.acceptCategory([category]),
    reset: () => dropCookie('cc_cookie'),
  },
};
