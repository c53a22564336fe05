import { connect } from 'mixpanel-consent-bridge';

// `$bridge` everywhere in the app; on the server it does nothing.
export default defineNuxtPlugin(() => {
  const { mixpanelToken, mixpanelApiHost } = useRuntimeConfig().public;
  return {
    provide: {
      bridge: connect({
        token: mixpanelToken,
        mixpanel: () => import('mixpanel-browser'),
        cmp: 'manual',
        // The router changes pages without loading them.
        config: { api_host: mixpanelApiHost, track_pageview: 'url-with-path' },
      }),
    },
  };
});
