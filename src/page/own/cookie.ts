// The consent record in a first-party cookie, which the server can read: a chunk that comes with the core where the site
// has chosen that.

import { cookies } from '../look/probe.js';
import type { Kept } from '../look/record.js';

/** A year, in seconds; the consent manager's own record decides long before. */
const AGE = 31536000;

/** @param name the cookie's */
export function cookieRecord(name: string): Kept {
  const kept = () => (cookies().find(([key]) => key == name) || [])[1] || '';
  return {
    kept,
    keep(line) {
      try {
        // A cookie, sent with every request, holds the last answer alone. Secure is refused
        // on http, where it is set once more without.
        for (const secure of ['; Secure', '']) {
          document.cookie = `${name}=${line}; path=/; SameSite=Lax; max-age=${line ? AGE : 0}${secure}`;
          if (kept() == line) break;
        }
        return kept() == line;
      } catch {
        return false;
      }
    },
  };
}
