// The consent managers under test: those of the playground, which are set up as sites set them
// up. Each is the published code, or a fake that says so.

import { fakes } from '../../../www/fakes/index.js';
import { managers } from '../../../www/managers/index.js';

const row = ({ id, cmp, category, modes, options, reloads }) => ({ id, cmp, category, modes, options, reloads });

// Walked, and no more: they can only limit, or add nothing to what a promise meets in the others.
const WALKED = ['vanilla-cookieconsent-v2', 'react-cookie-consent', 'iab-gpp'];

/** `{ id, cmp, modes, options, reloads }` of each; `cmp` is the adapter's id. Every promise is tested on these. */
export const MANAGERS = managers.filter((one) => !fakes.includes(one) && !WALKED.includes(one.id)).map(row);

/** Real ones that only the walk goes through, but for the one that has no yes. */
export const MORE = managers.filter(({ id }) => WALKED.includes(id) && id !== 'iab-gpp').map(row);

/** The fakes made of tables, and what else can only limit. */
export const FAKES = [...fakes, ...managers.filter(({ id }) => id === 'iab-gpp')].map(row);

export const MANAGER = Object.fromEntries([...MANAGERS, ...MORE, ...FAKES].map((one) => [one.id, one]));

/** Options of a page that uses this manager. */
export const using = (id, options = {}) => ({
  cmp: { id, ...(fakes.some((one) => one.id === id) ? { from: `/fakes/${id.slice('fake-'.length)}.js` } : {}), ...options },
  connect: { cmp: MANAGER[id].cmp },
});
