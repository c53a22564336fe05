// examples/leptos, built as its README says and walked through in Chromium. A long run, which compiles the
// framework; not part of `npm test`, where a program without one takes the same walk.
//
//   npm run test:recipes

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { at, exe, targetDir } from '../../tools/lib.mjs';
import { walk } from '../package/front.mjs';

const exec = promisify(execFile);

walk(async (app) => {
  const built = join(targetDir, 'leptos');
  await exec('cargo', ['build', '--quiet', '--locked', '--bins', '--examples', '--target', 'wasm32-unknown-unknown', '--target-dir', built], { cwd: at('examples', 'leptos'), maxBuffer: 2 ** 26 });
  const bind = (folder, compiled) => exec(join(targetDir, 'debug', `bindgen${exe}`), [
    '--target', 'web', '--out-dir', folder, '--out-name', 'shop', join(built, 'wasm32-unknown-unknown', 'debug', compiled),
  ]);
  await Promise.all([bind(app, 'leptos-shop.wasm'), bind(join(app, 'plain'), 'examples/plain.wasm')]);
});
