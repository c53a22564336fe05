// cookieconsent 3.1 (Insites, later Osano open source), the published build. One answer for everything.
// Facts: the package's source, 3.1.1. It is no longer developed and still among the most common ones.

import { dropCookie, script, style, wait } from './kit.js';

let popup;

export default {
  id: 'cookieconsent',
  cmp: 'cookieconsent',
  label: 'cookieconsent 3.1 (Insites)',
  kind: 'real',
  source: 'npm cookieconsent 3.1.1, build/cookieconsent.min.js',
  category: null,
  modes: ['ask', 'implied-open'],
  options: ['reload'],
  reloads: false,
  keys: ['cookieconsent_status'],
  root: '.cc-window:not(.cc-invisible)',
  buttons: { accept: '.cc-window .cc-allow', reject: '.cc-window .cc-deny' },
  again: { accept: ['.cc-window .cc-allow'], reject: ['.cc-window .cc-deny'] },

  async load({ base = '', mode = 'ask', late = 0, reload = false } = {}) {
    await wait(late);
    const root = `${base}/node_modules/cookieconsent/build`;
    await style(`${root}/cookieconsent.min.css`);
    await script(`${root}/cookieconsent.min.js`);
    await new Promise((resolve, reject) => {
      window.cookieconsent.initialise({
        type: mode === 'implied-open' ? 'opt-out' : 'opt-in',
        position: 'bottom',
        revokable: true,
        palette: { popup: { background: '#20232a', text: '#ffffff' }, button: { background: '#ffffff', text: '#20232a' } },
        content: { message: 'May this page use Mixpanel analytics?', allow: 'Allow', deny: 'Decline', href: '#' },
        onStatusChange(_status, chosenBefore) {
          if (reload && chosenBefore) location.reload();
        },
      }, (made) => { popup = made; resolve(); }, reject);
    });
  },

  open() {
    popup.open();
  },

  api: {
    acceptAll: () => set('allow'),
    rejectAll: () => set('deny'),
    only: (category) => set(category === 'analytics' ? 'allow' : 'deny'),
    reset: () => dropCookie('cookieconsent_status'),
  },
};

function set(status) {
  popup.setStatus(status);
  popup.close();
}
