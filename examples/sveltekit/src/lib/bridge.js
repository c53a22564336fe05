import { connect } from 'mixpanel-consent-bridge';
import { env } from '$env/dynamic/public';

// One bridge for the whole app; on the server it does nothing. It is a Svelte store.
export const bridge = connect({
  token: env.PUBLIC_MIXPANEL_TOKEN ?? 'YOUR_PROJECT_TOKEN',
  mixpanel: () => import('mixpanel-browser'),
  cmp: 'manual',
  config: {
    api_host: env.PUBLIC_MIXPANEL_API_HOST ?? 'https://api-js.mixpanel.com',
    // The router changes pages without loading them.
    track_pageview: 'url-with-path',
  },
});
