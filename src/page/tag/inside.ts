// The core of `bridge.all.js` and `bridge.no-wasm.js`: in the same file as the tag. So are the files that
// it loads on a visitor's page (INSIDE in tools/bundle.mjs).

// Not all of it as an object: the bundler's way of making one trips over a polluted prototype.
import { compiled, start } from '../look/core.js';
import type { CoreFile } from '../rooms.js';

/** What another tag on the page may take. */
export const carriedCore: CoreFile = { compiled, start };

export const fetchCore = async () => carriedCore;

/** There is none beside one file: the attribute has to name the address. */
export const fetchPlainCore = async (): Promise<CoreFile> => {
  throw new Error('`data-no-wasm` names no address of bridge.no-wasm.js');
};
