// Holds the public types (src/api/server.d.ts) to the code, when it is compiled: what is declared is
// there and is so, and what is exported is declared. Nothing imports it.

import * as exported from '../api/entries/server.js';
import type * as declared from '../api/server.js';

/** Everything that is declared is exported, and can be used as it is declared. */
export const asDeclared: typeof declared = exported;

/** Names that are exported and not declared: none. */
export const undeclared: Record<Exclude<keyof typeof exported, keyof typeof declared>, never> = {};
