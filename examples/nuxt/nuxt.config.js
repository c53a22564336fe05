export default defineNuxtConfig({
  compatibilityDate: '2025-07-15',
  runtimeConfig: {
    // NUXT_PUBLIC_MIXPANEL_TOKEN and NUXT_PUBLIC_MIXPANEL_API_HOST set them where the server runs.
    public: { mixpanelToken: 'YOUR_PROJECT_TOKEN', mixpanelApiHost: 'https://api-js.mixpanel.com' },
  },
});
