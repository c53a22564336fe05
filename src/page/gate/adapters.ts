// Gets our adapters of the consent managers that the site names, beside the core and at the same
// time. They are texts that the core reads. With `auto` it gets what notices which consent managers
// are on the page; the core then asks for the parts of those (look/core.ts).
//
// They come in parts of a few: a page that names one consent manager does not load the sixty
// others. Which part an id is in follows from its letters, so that the gate carries neither a list
// of the ids nor the address of a file for each; an id that there is not is the core's to say.

import { apart, notice, parts, spread } from 'adapters:parts';
import { Native } from '../native.js';
import type { Adapters } from '../rooms.js';

/** The part of an id, as tools/parts.mjs fills them. */
const partOf = (id: string) => [...id].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % spread % parts.length;

/** @param cmp the site's option, not checked yet */
export const fetchAdapters = async (cmp: unknown): Promise<Adapters> => {
  const given = ([] as unknown[]).concat(cmp || 'auto');
  const fetchPart = async (part: number) => (await parts[part]!()).default;
  const wanted = new Set(given.filter((id): id is string => typeof id == 'string' && !apart.test(id)).map(partOf));
  const [module, ...texts] = await Native.all([given.includes('auto') && notice(), ...[...wanted].map(fetchPart)]);
  return { texts, fetchPart, makeNoticing: module && module.noticing };
};
