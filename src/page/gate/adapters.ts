// Gets our adapters of the consent managers that the site names, beside the core and at the same
// time. They are texts that the core reads.
//
// They come in parts of a few: a page that names one consent manager does not load the sixty
// others. Which part an id is in follows from its letters, so that the gate carries neither a list
// of the ids nor the address of a file for each; an id that there is not is the core's to say.

import { all, parts } from 'adapters:parts';
import { Native } from '../native.js';

/** The part of an id, as tools/bundle.mjs fills them. */
const partOf = (id: string) => [...id].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % parts.length;

/**
 * @param cmp the site's option, not checked yet
 * @returns the texts of the parts that its ids are in, or of all for `auto`
 */
export function fetchAdapters(cmp: unknown): Promise<string[]> {
  const ids = [cmp || 'auto'].flat().filter((one) => typeof one == 'string' && one != 'manual') as string[];
  const wanted = ids.includes('auto') ? [all] : parts.filter((_, part) => ids.some((id) => partOf(id) == part));
  return Native.all(wanted.map(async (part) => (await part()).default));
}
