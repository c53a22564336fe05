// A FAKE of WebToffee's GDPR Cookie Consent (CookieYes for WordPress before version 3). Facts: the legacy script as it was run in November 2026, webtoffee.com/docs/gdpr-cookie-consent.

import { fake } from './engine.js';

export default fake({
  id: 'webtoffee',
  product: 'WebToffee GDPR Cookie Consent',
  source: 'webtoffee.com/docs',
  traps: 'Cookies of the categories are there before an answer, as defaults; it tells nobody of a change.',
  names: { analytics: 'analytics', marketing: 'advertisement', functional: 'functional' },
  keys: ['viewed_cookie_policy', 'cookielawinfo-checkbox-'],
  script() {
    window.cli_cookiebar_settings = JSON.stringify({ animate_speed_hide: '500', scroll_close: false, show_once_yn: false, show_once: '10000' });
    window.Cli_Data = { nn_cookie_ids: [], ccpaEnabled: '' };
  },
  keep: (cmp) => [
    ...Object.entries(cmp.map((on) => (on ? 'yes' : 'no'))).map(([slug, word]) => ['cookie', `cookielawinfo-checkbox-${slug}`, word]),
    ['cookie', 'viewed_cookie_policy', cmp.answered ? (cmp.kind === 'reject' ? 'no' : 'yes') : null],
  ],
});
