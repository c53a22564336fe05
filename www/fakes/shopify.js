// A FAKE of Shopify's Customer Privacy API. Facts: shopify.dev/docs/api/customer-privacy.

import { fake, fire } from './engine.js';

const visitor = (cmp) => {
  const word = (name) => (cmp.answered ? (cmp.on(name) ? 'yes' : 'no') : '');
  return { analytics: word('analytics'), marketing: word('marketing'), preferences: word('functional'), sale_of_data: word('marketing') };
};

export default fake({
  id: 'shopify',
  product: 'Shopify Customer Privacy',
  source: 'shopify.dev/docs/api/customer-privacy',
  traps: 'It is there only once the site has loaded the feature; an empty word is no answer; its event comes after a change only.',
  names: { analytics: 'analytics', marketing: 'marketing', functional: 'preferences' },
  modes: ['ask', 'implied-open'],
  boot: 200,
  stub() {
    window.Shopify = { loadFeatures: (features, done) => done?.() };
  },
  script(cmp) {
    window.Shopify.customerPrivacy = {
      analyticsProcessingAllowed: () => cmp.on('analytics'),
      marketingAllowed: () => cmp.on('marketing'),
      currentVisitorConsent: () => visitor(cmp),
      shouldShowBanner: () => !cmp.answered && cmp.mode === 'ask',
      getRegion: () => (cmp.mode === 'ask' ? 'DE' : 'USTX'),
      showPreferences: () => cmp.show(),
    };
    fire(document, 'shopifyCustomerPrivacyApiLoaded');
  },
  tell(why, cmp) {
    if (why === 'change') fire(document, 'visitorConsentCollected', { analyticsAllowed: cmp.on('analytics'), marketingAllowed: cmp.on('marketing'), preferencesAllowed: cmp.on('functional'), saleOfDataAllowed: cmp.on('marketing') });
  },
});
