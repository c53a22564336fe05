// With `cmp: 'auto'`, notices which consent managers are on the page, by a table that is made of the
// adapters' places and rules (tools/parts.mjs): a global, a cookie, a key, an event. What it notices is
// a reason to load an adapter, and no more; whatever an adapter reads something of is noticed.
// A chunk by itself: who names a consent manager does not need it.

import { events, signs } from 'adapters:signs';
import { FORM_RAW } from '../contract.ts';
import type { MakeNoticing } from '../rooms.js';
import type { Probe } from './probe.js';

const PLACES = signs.split('\n').map((part) => part.split(' ').map((sign): Probe => {
  const [place, more = FORM_RAW] = sign.slice(1).split('=');
  return [sign[0]!, place!, more];
}));

/** For one bridge, which lends what it looks with. */
export const noticing: MakeNoticing = (cookies, find) => {
  const left = new Set(PLACES.keys());
  return {
    heardEarly: events,
    noticed() {
      const jar = cookies();
      const isThere = (place: Probe) => {
        try {
          return find(place, jar) !== undefined;
        } catch {
          // Something is there.
          return true;
        }
      };
      return [...left].filter((part) => PLACES[part]!.some(isThere) && left.delete(part));
    },
  };
};
