// The ids of the adapters in src/cmp/adapters, written from there by `node docs/tables.mjs --write`.

// ---- ids, by docs/tables.mjs
export const IDS =
  'onetrust cookiebot usercentrics usercentrics-v2 didomi sourcepoint inmobi trustarc osano cookieyes webtoffee termly iubenda consentmanager axeptio cookiefirst cookiescript cookiehub civic commanders-act ketch transcend securiti hubspot enzuzo secure-privacy google-funding-choices complianz cookie-information wix tealium fides cookie-compliance cookie-notice moove consentmo piwik-pro borlabs cookietractor finsweet amasty webflow termsfeed real-cookie-banner shopify pandectes klaro vanilla-cookieconsent vanilla-cookieconsent-v2 cookieconsent tarteaucitron orejime c15t silktide react-cookie-consent govuk django-cookie-consent nuxt-cookie-control iab-tcf wp-consent-api google-consent-mode iab-gpp iab-usp';
// ---- /ids
