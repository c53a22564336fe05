// The package as a user gets it: packed once, then installed into small projects outside of
// the repository. Not a test.

import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../../tools/lib.mjs';

export const exec = promisify(execFile);
export const NAME = 'mixpanel-consent-bridge';

/** Packs the repository. Resolves to what is in it and to `project(files)`. */
export async function pack() {
  const folder = await mkdtemp(join(tmpdir(), 'packed-'));
  // The tests are run on a build that is there; `prepack` would only look at it once more.
  const { stdout } = await exec('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], { cwd: root });
  const told = JSON.parse(stdout);
  const { filename, files } = Array.isArray(told) ? told[0] : Object.values(told)[0];
  const tarball = join(folder, filename);

  // One real installation; the projects get copies of it.
  const installed = join(folder, 'installed');
  await mkdir(installed);
  await writeFile(join(installed, 'package.json'), JSON.stringify({ name: 'installed', private: true }));
  await exec('npm', ['install', '--offline', '--no-audit', '--no-fund', '--ignore-scripts', '--legacy-peer-deps', tarball], { cwd: installed });
  const unpacked = join(installed, 'node_modules', NAME);

  let count = 0;
  /** A project with these files, with the package, the SDK and `modules` among its modules. */
  async function project(files, { type = 'module', modules = [] } = {}) {
    const path = join(folder, `project-${count += 1}`);
    await mkdir(join(path, 'node_modules'), { recursive: true });
    await cp(unpacked, join(path, 'node_modules', NAME), { recursive: true });
    for (const name of ['mixpanel-browser', ...modules]) await symlink(join(root, 'node_modules', name), join(path, 'node_modules', name), 'junction');
    await writeFile(join(path, 'package.json'), JSON.stringify({ name: 'shop', private: true, type }));
    for (const [name, text] of Object.entries(files)) await writeFile(join(path, name), text);
    return path;
  }

  return {
    files: files.map(({ path }) => path).sort(),
    tarball,
    unpacked,
    manifest: JSON.parse(await readFile(join(unpacked, 'package.json'), 'utf8')),
    project,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
