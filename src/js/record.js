// The consent record where it is not in local storage (src/js/record.rs): in a first-party
// cookie, which the server can read, or nowhere.

import { cookies } from './probe.js';

/** A year; the consent manager's own record decides long before. */
const AGE = 31536000;

/** The record in the cookie of this name; without one, none is kept. */
export function record(name) {
  const kept = () => (cookies().find(([key]) => key == name) || [])[1] || '';
  return {
    kept,
    /** An empty one is removed. Says whether that worked. */
    keep(lines) {
      const text = `${name}=${lines}; path=/; SameSite=Lax; max-age=${lines ? AGE : 0}`;
      // Secure is refused on http, where it is set once more without.
      for (const secure of name ? ['; Secure', ''] : [])
        try {
          document.cookie = text + secure;
          if (kept() == lines) return true;
        } catch {
          return false;
        }
      return !name;
    },
  };
}
