import { connect } from 'mixpanel-consent-bridge';

export const bridge = connect({
  token: import.meta.env.PUBLIC_MIXPANEL_TOKEN ?? 'YOUR_PROJECT_TOKEN',
  mixpanel: () => import('mixpanel-browser'),
  cmp: 'manual',
  config: { api_host: import.meta.env.PUBLIC_MIXPANEL_API_HOST ?? 'https://api-js.mixpanel.com', track_pageview: true },
});
