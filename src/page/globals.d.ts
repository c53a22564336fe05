// What pages have that TypeScript's own declarations do not know. What a page gives is unknown
// until it has been looked at.

interface Window {
  mixpanel?: unknown;
  MIXPANEL_CUSTOM_LIB_URL?: unknown;
  mixpanelConsent?: import('../api/index.d.ts').Bridge;
  /** Do Not Track, where Safari has had it. */
  doNotTrack?: unknown;
}

interface Navigator {
  /** https://w3c.github.io/gpc/ */
  readonly globalPrivacyControl?: unknown;
}

interface Document {
  /** https://wicg.github.io/nav-speculation/prerendering.html */
  readonly prerendering?: boolean;
}
