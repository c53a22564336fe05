// What the server bundles at /bundle/react-cookie-consent: the component and one React for it. Bare names mean nothing to a browser.

export { default as CookieConsent, resetCookieConsentValue } from 'react-cookie-consent';
export { createElement } from 'react';
export { createRoot } from 'react-dom/client';
