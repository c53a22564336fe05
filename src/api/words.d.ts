// Types that pages and servers have in common, written by hand. Apart from index.d.ts, which names
// Mixpanel's own types: a server need not have those.

/** The answer for tracking, after the browser's own signals. */
export type Consent =
  /** Nobody has answered yet, or the answer cannot be read: shut. */
  | 'unset'
  /** The visitor said yes. */
  | 'granted'
  /** The visitor said no. */
  | 'denied'
  /** Nobody was asked, and the rules of the place allow it. */
  | 'implied-granted'
  /** Nobody was asked, and a rule or a signal of the browser says no. */
  | 'implied-denied';

/** What Mixpanel may do: nothing; send events and store nothing; everything. */
export type Mode = 'off' | 'cookieless' | 'on';

/** Parts of Mixpanel that may be tied to categories of their own. */
export type Feature = 'tracking' | 'replay' | 'profile' | 'flags';

/** The consent managers that the bridge knows by name; `'manual'` is the site's own banner. */
// ---- ids, by docs/tables.mjs
export type CmpId =
  | 'auto'
  | 'manual'
  | 'onetrust'
  | 'cookiebot'
  | 'usercentrics'
  | 'usercentrics-v2'
  | 'didomi'
  | 'sourcepoint'
  | 'inmobi'
  | 'trustarc'
  | 'osano'
  | 'cookieyes'
  | 'webtoffee'
  | 'termly'
  | 'iubenda'
  | 'consentmanager'
  | 'axeptio'
  | 'cookiefirst'
  | 'cookiescript'
  | 'cookiehub'
  | 'civic'
  | 'commanders-act'
  | 'ketch'
  | 'transcend'
  | 'securiti'
  | 'hubspot'
  | 'enzuzo'
  | 'secure-privacy'
  | 'google-funding-choices'
  | 'complianz'
  | 'cookie-information'
  | 'wix'
  | 'tealium'
  | 'fides'
  | 'cookie-compliance'
  | 'cookie-notice'
  | 'moove'
  | 'consentmo'
  | 'piwik-pro'
  | 'borlabs'
  | 'cookietractor'
  | 'finsweet'
  | 'amasty'
  | 'webflow'
  | 'termsfeed'
  | 'real-cookie-banner'
  | 'shopify'
  | 'pandectes'
  | 'klaro'
  | 'vanilla-cookieconsent'
  | 'vanilla-cookieconsent-v2'
  | 'cookieconsent'
  | 'tarteaucitron'
  | 'orejime'
  | 'c15t'
  | 'silktide'
  | 'react-cookie-consent'
  | 'govuk'
  | 'django-cookie-consent'
  | 'nuxt-cookie-control'
  | 'iab-tcf'
  | 'wp-consent-api'
  | 'google-consent-mode'
  | 'iab-gpp'
  | 'iab-usp';
// ---- /ids

/** A category of the consent manager, or several that must all be allowed. */
export type Category = string | readonly string[];

/** What the site keeps of an explicit answer. */
export interface Receipt {
  readonly event: 'given' | 'refused' | 'withdrawn' | 'expired';
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly cmp: string;
  readonly consent: Readonly<Record<Feature, Consent>>;
}

/** A programmer's mistake: what stands at `bridge.error`, and what `grant()` and its like throw with a consent manager. */
export class BridgeError extends Error {
  constructor(code: BridgeErrorCode, message: string);
  readonly code: BridgeErrorCode;
}

export type BridgeErrorCode =
  | 'token-missing'
  | 'option-unknown'
  | 'option-invalid'
  | 'cmp-unknown'
  | 'cmp-decides'
  | 'attribute-invalid'
  | 'request-invalid'
  | 'core-unavailable';
