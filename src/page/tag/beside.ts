// The core of `bridge.js`: in files of its own, in a folder beside the tag whose name is that of this
// build. So a copy of the tag that a cache has kept never meets the files of another version: it finds
// its own folder or none.

import { BUILD } from 'tag:build';
import type { CoreFile } from '../rooms.js';
import { script } from './library.js';

/**
 * Gets a file from the folder. Not by an address relative to this script: a browser resolves none for a
 * script of another origin that was fetched without CORS.
 */
export async function fetchFile<T>(name: string): Promise<T> {
  let url = `${BUILD}/${name}`;
  try {
    url = new URL(url, script!.src).href;
    const file = (await import(url)) as T & object;
    // What a file exports stands at its end, and what was cut off may be a script all the same.
    if (!Object.keys(file).length) throw 'it is not whole';
    return file;
  } catch (error) {
    throw new Error(`\`${url}\` did not come as JavaScript: ${error}. Serve the folder \`${BUILD}\` beside bridge.js, on another origin with \`Access-Control-Allow-Origin\`, or take bridge.all.js, which is one file`);
  }
}

export const fetchCore = () => fetchFile<CoreFile>('core.js');
export const fetchPlainCore = () => fetchFile<CoreFile>('core.no-wasm.js');
/** Another tag on the page takes nothing from this one. */
export const carriedCore = undefined as CoreFile | undefined;
