// The consent record in local storage, or nowhere. Refused storage is an ordinary answer. What a line says is the
// core's business (src/core/record.rs).

import { RECORD_LINES } from '../contract.ts';
import { item } from './probe.js';

/** Where a record is kept. */
export interface Kept {
  kept(): string;
  /** Keeps a line, or forgets all without one. Says whether that worked. */
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
      try {
        if (!place)
          if (line) localStorage.setItem(name, [line, ...kept().split('\n').slice(0, RECORD_LINES - 1)].join('\n').trim());
          else localStorage.removeItem(name);
        return true;
      } catch {
        return false;
      }
    },
  };
}
