// react-cookie-consent 10, the published component in a React of its own.
// Facts: the package's README and source, 10.0.2.
//
// It has no global, no event and no way to ask again but its cookie: `open` removes that and renders it anew, as sites do.

import { dropCookie, wait } from './kit.js';

let parts;
let root;
let settings = {};

export default {
  id: 'react-cookie-consent',
  cmp: 'react-cookie-consent',
  label: 'react-cookie-consent 10',
  kind: 'real',
  source: 'npm react-cookie-consent 10.0.2 with react 19.2.0, bundled by the server',
  category: null,
  modes: ['ask'],
  options: ['reload'],
  reloads: false,
  keys: ['CookieConsent'],
  root: '.CookieConsent',
  buttons: { accept: '#rcc-confirm-button', reject: '#rcc-decline-button' },
  again: { accept: ['#rcc-confirm-button'], reject: ['#rcc-decline-button'] },

  async load({ base = '', late = 0, reload = false } = {}) {
    settings = { reload };
    await wait(late);
    parts = await import(`${base}/bundle/react-cookie-consent.js`);
    const place = document.createElement('div');
    document.body.append(place);
    root = parts.createRoot(place);
    await draw(0);
  },

  open() {
    // What stands in the cookie is the answer, so asking again takes it back.
    const before = document.cookie.includes('CookieConsent=');
    parts.resetCookieConsentValue();
    return draw(before ? 1 : 0);
  },

  api: {
    acceptAll: () => click('#rcc-confirm-button'),
    rejectAll: () => click('#rcc-decline-button'),
    only: (category) => click(category === 'analytics' ? '#rcc-confirm-button' : '#rcc-decline-button'),
    reset: () => dropCookie('CookieConsent'),
  },
};

let drawn = 0;

async function draw(again) {
  const { CookieConsent, createElement } = parts;
  const then = () => again && settings.reload && location.reload();
  drawn += 1;
  root.render(createElement(CookieConsent, {
    key: drawn, enableDeclineButton: true, buttonText: 'Accept', declineButtonText: 'Reject', onAccept: then, onDecline: then,
  }, 'May this page use Mixpanel analytics?'));
  // React draws when it likes.
  await wait(60);
}

async function click(selector) {
  if (!document.querySelector(selector)) {
    parts.resetCookieConsentValue();
    await draw(1);
  }
  document.querySelector(selector).click();
}
