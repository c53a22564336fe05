// The page with the bridge. A site imports both packages by their names.

import { connect } from '../node_modules/mixpanel-consent-bridge/dist/index.js';
import { watch } from './page.js';

const TOKEN = 'b'.repeat(32);
watch({ page: 'with', token: TOKEN });

const bridge = connect({
  token: TOKEN,
  mixpanel: () => import('../bundle/mixpanel-browser.js'),
  config: { api_host: new URL('mixpanel/with', location.href).href, track_pageview: true, batch_flush_interval_ms: 1000 },
  cmp: 'vanilla-cookieconsent',
  category: 'analytics',
});
bridge.mixpanel.track('Page Loaded');

window.mixpanelOfThisPage = bridge.mixpanel;
window.bridge = bridge;
document.getElementById('code').textContent = `const bridge = connect({
  token: 'YOUR_PROJECT_TOKEN',
  mixpanel: () => import('mixpanel-browser'),
  config: { track_pageview: true },
  cmp: 'vanilla-cookieconsent',
  category: 'analytics',
});
bridge.mixpanel.track('Page Loaded');`;
