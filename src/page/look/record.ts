// The consent record: in local storage, in a first-party cookie, which the server can read, or
// nowhere. Refused storage is an ordinary answer. What a line says is the core's business
// (src/core/record.rs).

import { RECORD_LINES } from '../contract.ts';
import { cookies } from './probe.js';

/** A year, in seconds; the consent manager's own record decides long before. */
const AGE = 31536000;

/**
 * @param place 0 local storage, 1 a cookie, 2 nowhere
 * @param name the key, or the cookie's name
 */
export function record(place: number, name: string) {
  const kept = (): string => {
    try {
      return (
        (place == 0
          ? localStorage.getItem(name)
          : place == 1 && (cookies().find(([key]) => key == name) || [])[1]) || ''
      );
    } catch {
      return '';
    }
  };
  return {
    kept,
    /** Keeps a line, or forgets all without one. Says whether that worked. */
    keep(line: string): boolean {
      try {
        if (place == 0) {
          if (line) localStorage.setItem(name, [line, ...kept().split('\n').slice(0, RECORD_LINES - 1)].join('\n').trim());
          else localStorage.removeItem(name);
        } else if (place == 1) {
          // A cookie, sent with every request, holds the last answer alone. Secure is refused
          // on http, where it is set once more without.
          for (const secure of ['; Secure', '']) {
            document.cookie = `${name}=${line}; path=/; SameSite=Lax; max-age=${line ? AGE : 0}${secure}`;
            if (kept() == line) break;
          }
          return kept() == line;
        }
        return true;
      } catch {
        return false;
      }
    },
  };
}
