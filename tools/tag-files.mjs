// The folder beside dist/bridge.js: the files that the script tag loads, the same that the modules
// load, in a folder of this build's own. Its name says what is in it, so a tag and files of different
// builds, of which a cache has kept one, never come together.

import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const FILE = /^(core|core\.no-wasm|drive|sweep|words|explain|instances|post|cookie|frames|texts|texts\.no-wasm|adapter|rules|inspector|cmp|cmp-\d+)\.js$/;
const FOLDER = /^bridge-/;

/** The tag's folder in `dist`; nothing where it is not built. */
export const tagFolder = (dist) => existsSync(dist) ? readdirSync(dist).find((name) => FOLDER.test(name)) : undefined;

/** Puts the files into their folder, in place of what was there, and returns its name. */
export function copyTagFiles(dist, version) {
  const old = tagFolder(dist);
  if (old) rmSync(join(dist, old), { recursive: true });
  const names = readdirSync(dist).filter((name) => FILE.test(name)).sort();
  const hash = createHash('sha256');
  for (const name of names) hash.update(name).update('\0').update(readFileSync(join(dist, name))).update('\0');
  const folder = `bridge-${version}-${hash.digest('hex').slice(0, 8)}`;
  mkdirSync(join(dist, folder));
  for (const name of names) copyFileSync(join(dist, name), join(dist, folder, name));
  return folder;
}

/**
 * What each file of the tag has to be, as an import map says it: `./` stands for where the files are
 * served. The scripts of the tag themselves have their hash in the attribute `integrity`.
 */
export function integrity(dist, folder) {
  const hash = (path) => `sha384-${createHash('sha384').update(readFileSync(join(dist, path))).digest('base64')}`;
  const paths = ['bridge.js', 'bridge.all.js', 'bridge.no-wasm.js', ...readdirSync(join(dist, folder)).sort().map((name) => `${folder}/${name}`)];
  return { integrity: Object.fromEntries(paths.map((path) => [`./${path}`, hash(path)])) };
}
