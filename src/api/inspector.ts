// What `debug: true` shows, as a stream: each thing the bridge heard, decided and did.

/** Calls `listener` with everything bridges with `debug: true` do; returns how to stop. */
export function observe(listener: (entry: any) => void, { token, name }: { token?: string; name?: string } = {}) {
  const heard = (event: any) => {
    const entry = event.detail;
    if ((!token || entry.token === token) && (!name || entry.name === name)) listener(entry);
  };
  window.addEventListener('mixpanel-consent-bridge', heard);
  return () => window.removeEventListener('mixpanel-consent-bridge', heard);
}
