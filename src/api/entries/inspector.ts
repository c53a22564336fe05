// What `debug: true` shows, as a stream: each thing the bridge heard, decided and did.

import type * as Public from '../inspector.d.ts';

/** Calls `listener` with everything bridges with `debug: true` do; returns how to stop. */
export const observe: typeof Public.observe = (listener, { token, name } = {}) => {
  const heard = (event: Event) => {
    const entry = (event as CustomEvent<Public.Entry>).detail;
    if ((!token || entry.token === token) && (!name || entry.name === name)) listener(entry);
  };
  window.addEventListener('mixpanel-consent-bridge', heard);
  return () => window.removeEventListener('mixpanel-consent-bridge', heard);
};
