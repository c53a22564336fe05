// The ids of the adapters in src/cmp/registry.rs; tests/cmp.rs holds the two together.

export const IDS =
  'onetrust cookiebot klaro vanilla-cookieconsent cookieconsent tarteaucitron orejime c15t iab-tcf google-consent-mode';
