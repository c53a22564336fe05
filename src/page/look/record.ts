// The consent record in local storage, or nowhere. Refused storage is an ordinary answer. What a line says is the
// core's business (src/core/record.rs).

import { RECORD_COOKIE_SEPARATOR, RECORD_KEY, RECORD_KEY_SEPARATOR, RECORD_LINES } from '../contract.ts';
import { item } from './probe.js';

/**
 * The name of an instance's record.
 * @param place 0 local storage, 1 a cookie, 2 nowhere
 */
export const recordKey = (place: number, { token, name }: { token: string; name?: string | undefined }) =>
  [RECORD_KEY, token, name].filter(Boolean).join(place == 1 ? RECORD_COOKIE_SEPARATOR : RECORD_KEY_SEPARATOR);

/** Where a record is kept. */
export interface Kept {
  kept(): string;
  /** Keeps a line, or forgets all without one. Says whether that worked; where storage is full the second call does. */
  keep(line: string): boolean;
}

/**
 * @param place 0 local storage, 2 nowhere
 * @param name the key
 */
export function record(place: number, name: string): Kept {
  const kept = () => (!place && item(name)) || '';
  return {
    kept,
    keep(line) {
      const lines = [line, ...kept().split('\n').slice(0, RECORD_LINES - 1)].join('\n').trim();
      try {
        // First, so that where storage is full a yes that no longer stands is gone all the same, and the line has its room.
        if (!place) localStorage.removeItem(name);
        if (!place && line) localStorage.setItem(name, lines);
        return true;
      } catch {
        return false;
      }
    },
  };
}
