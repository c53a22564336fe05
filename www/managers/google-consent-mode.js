// Google Consent Mode v2: the two commands a consent manager pushes to `dataLayer`, from a small dialog of our own.
// Facts: Google's guide "Set up consent mode on websites". A set of signals, not a consent manager: what a visitor
// chose is kept by whoever asks; here the dialog keeps it in localStorage `demo-consent-mode`.

import { dialog, wait } from './kit.js';

const KEPT = 'demo-consent-mode';
const NAMES = { analytics: ['analytics_storage'], marketing: ['ad_storage', 'ad_user_data', 'ad_personalization'] };
let ask;

// Google's own function pushes its `arguments` object, not an array, and readers have to cope with that.
function gtag() {
  window.dataLayer = window.dataLayer ?? [];
  window.dataLayer.push(arguments);
}

const signals = (allowed) => Object.fromEntries(
  Object.entries(NAMES).flatMap(([category, names]) => names.map((name) => [name, allowed.includes(category) ? 'granted' : 'denied'])),
);

export default {
  id: 'google-consent-mode',
  cmp: 'google-consent-mode',
  label: 'Google Consent Mode (our dialog)',
  kind: 'real',
  source: 'the documented gtag commands, pushed by a dialog of this page; no Google code',
  category: 'analytics_storage',
  modes: ['ask', 'implied-open'],
  options: ['reload'],
  reloads: false,
  keys: ['demo-consent-mode'],
  root: '#gcm-dialog',
  buttons: { accept: '#gcm-accept', reject: '#gcm-reject', settings: '#gcm-settings' },
  again: { accept: ['#gcm-accept'], reject: ['#gcm-reject'] },

  async load({ mode = 'ask', late = 0, reload = false } = {}) {
    gtag('consent', 'default', { ...signals(mode === 'implied-open' ? ['analytics'] : []), wait_for_update: 500 });
    await wait(late);
    const answered = (allowed) => {
      const before = localStorage.getItem(KEPT) !== null;
      answer(allowed);
      if (reload && before) location.reload();
    };
    ask = dialog({
      ids: { root: 'gcm-dialog', accept: 'gcm-accept', reject: 'gcm-reject', settings: 'gcm-settings' },
      title: 'Your choice',
      source: 'A dialog of this page that speaks Google Consent Mode.',
      text: 'May this page use Mixpanel analytics?',
      choices: [['analytics', 'Analytics'], ['marketing', 'Marketing']],
      onAccept: () => answered(['analytics', 'marketing']),
      onReject: () => answered([]),
      onSave: answered,
    });
    const kept = localStorage.getItem(KEPT);
    if (kept !== null) gtag('consent', 'update', signals(kept.split(',')));
    else if (mode === 'ask') ask.show();
  },

  open() {
    ask.show((localStorage.getItem(KEPT) ?? '').split(','));
  },

  api: {
    acceptAll: () => answer(['analytics', 'marketing']),
    rejectAll: () => answer([]),
    only: (category) => answer([category]),
    reset: () => localStorage.removeItem(KEPT),
  },
};

function answer(allowed) {
  localStorage.setItem(KEPT, allowed.join(','));
  ask.close();
  gtag('consent', 'update', signals(allowed));
}
