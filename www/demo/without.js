// The page without the bridge: Mixpanel as it comes, or as sites are usually told to do it.

import mixpanel from '../bundle/mixpanel-browser.js';
import { watch } from './page.js';

const TOKEN = 'a'.repeat(32);
const optOut = new URLSearchParams(location.search).get('by') !== 'plain';
watch({ page: 'without', token: TOKEN });

mixpanel.init(TOKEN, {
  api_host: new URL('mixpanel/without', location.href).href, track_pageview: true, batch_flush_interval_ms: 1000,
  ...(optOut ? { opt_out_tracking_by_default: true } : {}),
});
mixpanel.track('Page Loaded');
if (optOut) {
  const follow = () => {
    if (window.CookieConsent.acceptedCategory('analytics')) mixpanel.opt_in_tracking();
    else mixpanel.opt_out_tracking();
  };
  window.addEventListener('cc:onConsent', follow);
  window.addEventListener('cc:onChange', follow);
}

window.mixpanelOfThisPage = mixpanel;
document.getElementById('code').textContent = optOut
  ? `mixpanel.init('YOUR_PROJECT_TOKEN', { opt_out_tracking_by_default: true, track_pageview: true });
mixpanel.track('Page Loaded');

function follow() {
  if (CookieConsent.acceptedCategory('analytics')) mixpanel.opt_in_tracking();
  else mixpanel.opt_out_tracking();
}
window.addEventListener('cc:onConsent', follow);
window.addEventListener('cc:onChange', follow);`
  : `mixpanel.init('YOUR_PROJECT_TOKEN', { track_pageview: true });
mixpanel.track('Page Loaded');`;
