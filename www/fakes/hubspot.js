// A FAKE of HubSpot's cookie banner. Facts: static-1.2212 as it was run in November 2026 (underscores), developers.hubspot.com (addPrivacyConsentListener), HubSpot's list of its cookies.

import { drain, fake } from './engine.js';

const listeners = [];
const said = (cmp) => ({ allowed: cmp.on('analytics') || cmp.on('marketing'), categories: { necessary: true, ...cmp.map((on) => on) } });

export default fake({
  id: 'hubspot',
  product: 'HubSpot cookie banner',
  source: 'developers.hubspot.com',
  traps: 'It speaks through a queue that cannot be left; `allowed` is of the whole and not of analytics.',
  names: { analytics: 'analytics', marketing: 'advertisement', functional: 'functionality' },
  modes: ['ask', 'implied-open'],
  keys: ['__hs_cookie_cat_pref', '__hs_opt_out', '__hs_initial_opt_in'],
  boot: 150,
  stub() {
    window._hsp ??= [];
  },
  script(cmp) {
    drain(window._hsp, ([command, f]) => {
      if (command === 'showBanner') cmp.show();
      if (command !== 'addPrivacyConsentListener') return;
      listeners.push(f);
      f(said(cmp));
    });
  },
  keep: (cmp) => (cmp.answered
    ? [['cookie', '__hs_cookie_cat_pref', ['analytics', 'marketing', 'functional'].map((name, index) => `${index + 1}:${cmp.on(name)}`).join('_')], ['cookie', '__hs_opt_out', cmp.kind === 'reject' ? 'yes' : 'no']]
    : []),
  tell(why, cmp) {
    if (why === 'change') listeners.forEach((f) => f(said(cmp)));
  },
});
