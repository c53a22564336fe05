// The consent managers under test: those of the playground, which are set up as sites set them
// up. Each is the published code, or a fake that says so.

import { managers } from '../../../www/managers/index.js';

/** `{ id, cmp, modes, options, reloads }` of each; `cmp` is the adapter's id. */
export const MANAGERS = managers.map(({ id, cmp, modes, options, reloads }) => ({ id, cmp, modes, options, reloads }));

export const MANAGER = Object.fromEntries(MANAGERS.map((one) => [one.id, one]));

/** Options of a page that uses this manager. */
export const using = (id, options = {}) => ({ cmp: { id, ...options }, connect: { cmp: MANAGER[id].cmp } });
