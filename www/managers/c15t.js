// c15t 2, the published package in offline mode. It has no interface of its own; the dialog is drawn here from its store.
// Facts: the documentation inside the package (docs/frameworks/javascript), 2.2.1.
//
// The package's module imports other packages by name, which a browser does not resolve: the server bundles it at
// /bundle/c15t.js. By default it reloads the page when a consent is taken back.

import { dialog, dropCookie, wait } from './kit.js';

let store;
let ask;

const state = () => store.getState();

export default {
  id: 'c15t',
  cmp: 'c15t',
  label: 'c15t 2 (offline mode)',
  kind: 'real',
  source: 'npm c15t 2.2.1, bundled by the server; the dialog is ours, c15t has none',
  category: 'measurement',
  modes: ['ask', 'implied-open'],
  options: ['reload'],
  reloads: true,
  keys: ['c15t'],
  root: '#c15t-dialog',
  buttons: { accept: '#c15t-accept', reject: '#c15t-reject', settings: '#c15t-settings' },
  again: { accept: ['#c15t-accept'], reject: ['#c15t-reject'] },

  async load({ base = '', mode = 'ask', late = 0, reload = true } = {}) {
    await wait(late);
    const { getOrCreateConsentRuntime, policyPackPresets } = await import(`${base}/bundle/c15t.js`);
    ({ consentStore: store } = getOrCreateConsentRuntime({
      mode: 'offline',
      consentCategories: ['necessary', 'measurement', 'marketing'],
      // Offline it knows no place by itself, and asks everybody unless it is given the rules of a place.
      ...(mode === 'implied-open'
        ? { offlinePolicy: { policyPacks: [policyPackPresets.californiaOptOut()] }, overrides: { country: 'US', region: 'CA' } }
        : { overrides: { country: 'DE' } }),
      reloadOnConsentRevoked: reload,
    }));
    ask = dialog({
      ids: { root: 'c15t-dialog', accept: 'c15t-accept', reject: 'c15t-reject', settings: 'c15t-settings' },
      title: 'Your choice',
      source: 'c15t decides; the dialog is this page’s, c15t brings none.',
      text: 'May this page use Mixpanel analytics?',
      choices: [['measurement', 'Analytics'], ['marketing', 'Marketing']],
      onAccept: () => state().saveConsents('all'),
      onReject: () => state().saveConsents('necessary'),
      onSave: (chosen) => save(chosen),
    });
    const follow = () => {
      if (state().activeUI === 'none') ask.close();
      else if (ask.root.hidden) ask.show(Object.keys(state().consents).filter((id) => state().consents[id]));
    };
    store.subscribe(follow);
    follow();
  },

  open() {
    state().setActiveUI('dialog');
  },

  api: {
    acceptAll: () => state().saveConsents('all'),
    rejectAll: () => state().saveConsents('necessary'),
    only: (category) => save([category === 'analytics' ? 'measurement' : category]),
    reset() {
      dropCookie('c15t');
      localStorage.removeItem('c15t');
    },
  },
};

function save(chosen) {
  for (const id of ['measurement', 'marketing']) state().setSelectedConsent(id, chosen.includes(id));
  return state().saveConsents('custom');
}
