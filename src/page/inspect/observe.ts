// The stream of what bridges with `debug: true` hear, decide and do.

import type * as Public from '../../api/inspector.d.ts';

export const observe: typeof Public.observe = (listener, { token, name } = {}) => {
  const heard = (event: Event) => {
    const entry = (event as CustomEvent<Public.Entry>).detail;
    if ((!token || entry.token === token) && (!name || entry.name === name)) listener(entry);
  };
  window.addEventListener('mixpanel-consent-bridge', heard);
  return () => window.removeEventListener('mixpanel-consent-bridge', heard);
};
