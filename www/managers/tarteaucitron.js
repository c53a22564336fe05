// tarteaucitron.js 1.34, served from its own folder: its script fetches its neighbours (styles, language, services).
// Facts: the package's README and source, 1.34.0.
//
// Its built-in service `mixpanel` would put Mixpanel's snippet on the page by itself after a yes. The bridge loads
// Mixpanel here, so the service stays for its question and its script is replaced by nothing; a site does the same.

import { dropCookie, script, wait } from './kit.js';

export default {
  id: 'tarteaucitron',
  cmp: 'tarteaucitron',
  label: 'tarteaucitron',
  kind: 'real',
  source: 'npm tarteaucitronjs 1.34.0, tarteaucitron.js',
  category: 'mixpanel',
  modes: ['ask', 'implied-open'],
  options: [],
  // After a withdrawal it reloads the page as soon as its panel is closed.
  reloads: true,
  keys: ['tarteaucitron'],
  root: '#tarteaucitronAlertBig, #tarteaucitron',
  buttons: {
    accept: '#tarteaucitronPersonalize2',
    reject: '#tarteaucitronAllDenied2',
    settings: '#tarteaucitronCloseAlert',
  },
  again: {
    accept: ['#tarteaucitronAllAllowed', '#tarteaucitronClosePanel'],
    reject: ['#tarteaucitronAllDenied', '#tarteaucitronClosePanel'],
  },

  async load({ base = '', mode = 'ask', late = 0 } = {}) {
    await wait(late);
    window.tarteaucitronForceLanguage = 'en';
    await script(`${base}/node_modules/tarteaucitronjs/tarteaucitron.js`);
    const { tarteaucitron } = window;
    if (mode === 'implied-open') tarteaucitron.user.bypass = true;
    const drawn = new Promise((resolve) => {
      window.addEventListener('tac.root_available', resolve, { once: true });
    });
    // Its buttons are drawn half a second before they do anything; `events.load` is when they do.
    const answerable = new Promise((resolve) => { tarteaucitron.events.load = resolve; });
    tarteaucitron.init({
      privacyUrl: '',
      hashtag: '#tarteaucitron',
      cookieName: 'tarteaucitron',
      orientation: 'bottom',
      showIcon: false,
      highPrivacy: true,
      DenyAllCta: true,
      AcceptAllCta: true,
      googleConsentMode: false,
      bingConsentMode: false,
      pianoConsentMode: false,
      mandatory: true,
      removeCredit: true,
    });
    await drawn;
    tarteaucitron.services.mixpanel.js = () => {};
    tarteaucitron.services.adverts = {
      key: 'adverts', type: 'ads', name: 'Adverts (not on this page)', needConsent: true, cookies: [], js() {},
    };
    tarteaucitron.job = tarteaucitron.job ?? [];
    tarteaucitron.job.push('mixpanel');
    tarteaucitron.job.push('adverts');
    await answerable;
  },

  open() {
    window.tarteaucitron.userInterface.openPanel();
  },

  api: {
    acceptAll: () => window.tarteaucitron.userInterface.respondAll(true),
    rejectAll: () => window.tarteaucitron.userInterface.respondAll(false),
    only(category) {
      const { userInterface } = window.tarteaucitron;
      const answer = (key, allowed) => userInterface.respond(document.getElementById(`${key}${allowed ? 'Allowed' : 'Denied'}`), allowed);
      answer('mixpanel', category === 'analytics');
      answer('adverts', category === 'marketing');
    },
    reset: () => dropCookie('tarteaucitron'),
  },
};
