import { connect } from 'mixpanel-consent-bridge';

// One bridge for the whole app; on the server it does nothing.
export const bridge = connect({
  token: process.env.NEXT_PUBLIC_MIXPANEL_TOKEN ?? 'YOUR_PROJECT_TOKEN',
  mixpanel: () => import('mixpanel-browser'),
  cmp: 'manual',
  config: {
    api_host: process.env.NEXT_PUBLIC_MIXPANEL_API_HOST ?? 'https://api-js.mixpanel.com',
    // The router changes pages without loading them.
    track_pageview: 'url-with-path',
  },
});
