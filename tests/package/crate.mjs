// The crate as a Rust program gets it: packed, and unpacked elsewhere; and programs that depend on it.
// Not a test.

import { execFile } from 'node:child_process';
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { at, root, targetDir } from '../../tools/lib.mjs';

export const cargo = async (args, options = {}) =>
  (await promisify(execFile)('cargo', args, { cwd: root, maxBuffer: 2 ** 26, ...options })).stdout;

/** Packs it and unpacks it into a folder of this name, which is the same in each run: what was compiled of it is replaced, and does not pile up. */
export async function packed(name) {
  const folder = join(targetDir, `packed-${name}`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  // Not verified here: what depends on it is built of it.
  await cargo(['package', '--quiet', '--no-verify', '--allow-dirty', '--target-dir', folder]);
  const { version } = JSON.parse(await promisify(execFile)('cargo', ['metadata', '--no-deps', '--format-version', '1', '--locked'], { cwd: root, maxBuffer: 2 ** 26 }).then(({ stdout }) => stdout)).packages.find(({ name: one }) => one === 'mixpanel-consent-bridge');
  const crate = `mixpanel-consent-bridge-${version}`;
  // With the time of now: what is in the package has one time for every file, by which cargo would see no change.
  await promisify(execFile)('tar', ['-xzmf', join(folder, 'package', `${crate}.crate`), '-C', folder]);

  /**
   * Builds a program for wasm32, with the crate in place of the version that its manifest names.
   * With the lock file and the target folder of the crate itself, what they have in common is compiled once.
   * @returns the folder with what was built
   */
  async function program(title, manifest, sources) {
    const here = join(folder, title);
    await mkdir(join(here, 'src'), { recursive: true });
    await copyFile(at('Cargo.lock'), join(here, 'Cargo.lock'));
    const line = /^mixpanel-consent-bridge = .*$/m;
    if (!line.test(manifest)) throw new Error(`The manifest does not depend on the crate:\n${manifest}`);
    const dependency = manifest.replace(line, (text) => text.replace(/version = "[^"]*"/, () => `path = ${JSON.stringify(join(folder, crate))}`));
    await writeFile(join(here, 'Cargo.toml'), `[package]\nname = "${title}"\nversion = "0.0.0"\nedition = "2024"\n${dependency}\n[workspace]\n`);
    for (const [path, text] of Object.entries(sources)) await writeFile(join(here, 'src', path), text);
    await cargo(['build', '--quiet', '--target', 'wasm32-unknown-unknown', '--target-dir', targetDir], { cwd: here });
    return join(targetDir, 'wasm32-unknown-unknown', 'debug');
  }
  return { program, remove: () => rm(folder, { recursive: true, force: true }) };
}
