// vanilla-cookieconsent 2.9 (orestbida), the published build, set up with three categories.
// Facts: the package's own documentation, https://github.com/orestbida/cookieconsent/tree/v2.9.2.
//
// Its instance is a variable of the site's own, and it tells the site's callbacks alone.

import { dropCookie, script, style, wait } from './kit.js';

let cc;

const toggle = (value, title, readonly) => ({ title, description: '', toggle: { value, enabled: readonly, readonly } });

export default {
  id: 'vanilla-cookieconsent-v2',
  cmp: 'vanilla-cookieconsent-v2',
  label: 'vanilla-cookieconsent 2.9',
  kind: 'real',
  source: 'npm vanilla-cookieconsent 2.9.2, dist/cookieconsent.js',
  category: 'analytics',
  modes: ['ask'],
  options: ['reload'],
  reloads: false,
  keys: ['cc_cookie'],
  root: '#cm, #s-cnt',
  buttons: { accept: '#c-p-bn', reject: '#c-s-bn' },
  again: { accept: ['#s-all-bn'], reject: ['#s-rall-bn'] },

  async load({ base = '', late = 0, reload = false } = {}) {
    await wait(late);
    const root = `${base}/node_modules/vanilla-cookieconsent-2/dist`;
    await style(`${root}/cookieconsent.css`);
    await script(`${root}/cookieconsent.js`);
    cc = window.initCookieConsent();
    cc.run({
      current_lang: 'en',
      autorun: true,
      hide_from_bots: false,
      onChange: () => reload && location.reload(),
      languages: {
        en: {
          consent_modal: {
            title: 'Your choice',
            description: 'May this page use Mixpanel analytics?',
            primary_btn: { text: 'Accept all', role: 'accept_all' },
            secondary_btn: { text: 'Reject all', role: 'accept_necessary' },
          },
          settings_modal: {
            title: 'Preferences',
            save_settings_btn: 'Save preferences',
            accept_all_btn: 'Accept all',
            reject_all_btn: 'Reject all',
            close_btn_label: 'Close',
            blocks: [toggle('necessary', 'Strictly necessary', true), toggle('analytics', 'Analytics', false), toggle('marketing', 'Marketing', false)],
          },
        },
      },
    });
  },

  open() {
    cc.showSettings();
  },

  api: {
    acceptAll: () => cc.accept('all'),
    rejectAll: () => cc.accept([]),
    only: (category) => cc.accept([category]),
    reset: () => dropCookie('cc_cookie'),
  },
};
