// Breaks the bridge, one promise at a time, and says whether that promise's tests notice.
// Not part of `npm test`: it tests the tests. Each break is one edit of the TypeScript and
// JavaScript sources (the decision itself, in Rust, is walked exhaustively by its own tests),
// bundled into a folder of its own; nothing in the tree is touched. Needs a build. What is broken
// stands in ./breaks, and is named there and not quoted (breaks/point.mjs).
//
//   node tests/browser/breaks.mjs            all of them, some minutes
//   node tests/browser/breaks.mjs 5 tabs     those with these words in their names
//   node tests/browser/breaks.mjs --check    only whether each still finds what it is to break

import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { MANAGERS, PROMISES } from './breaks/bridge.mjs';
import { PLACES } from './breaks/places.mjs';
import { changed } from './breaks/point.mjs';
import { TAGS } from '../../tools/build.mjs';
import { copyTagFiles } from '../../tools/tag-files.mjs';
import { TAG } from './breaks/tag.mjs';
import { VERIFY } from './breaks/verify.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const BREAKS = [...PROMISES, ...MANAGERS, ...PLACES, ...TAG, ...VERIFY];

const check = process.argv[2] === '--check';
const words = check ? [] : process.argv.slice(2);
const chosen = BREAKS.filter(([name]) => words.length === 0 || words.some((word) => name.includes(word)));
const unnoticed = [];

for (const [name, file, pattern, points] of chosen) {
  let edited;
  try {
    edited = changed(points);
  } catch (error) {
    console.log(`The break “${name}” finds nothing to break: ${error.message}`);
    process.exitCode = 1;
    continue;
  }
  if (check) continue;
  const copy = mkdtempSync(join(tmpdir(), 'broken-'));
  try {
    for (const part of ['src', 'pkg', 'tools', 'package.json']) cpSync(join(ROOT, part), join(copy, part), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    for (const [path, text] of edited) writeFileSync(join(copy, path), text);
    const { bundle } = await import(pathToFileURL(join(copy, 'tools/bundle.mjs')).href);
    const dist = join(copy, 'dist');
    cpSync(join(ROOT, 'dist'), dist, { recursive: true });
    for (const [entry, out, options] of [
      ['src/api/entries/index.ts', 'index.js', { format: 'esm', core: 'apart' }],
      ['src/page/look/core.ts', 'core.js', { format: 'esm', core: 'apart' }],
      ['src/page/sdk/drive.ts', 'drive.js', { format: 'esm' }],
      ['src/page/sdk/sweep.ts', 'sweep.js', { format: 'esm' }],
      ['src/page/look/words.ts', 'words.js', { format: 'esm' }],
      ['src/page/look/explain.ts', 'explain.js', { format: 'esm' }],
      ['src/page/own/instances.ts', 'instances.js', { format: 'esm' }],
      ['src/page/own/post.ts', 'post.js', { format: 'esm' }],
      ['src/page/own/cookie.ts', 'cookie.js', { format: 'esm' }],
      ['src/page/look/notice.ts', 'cmp.js', { format: 'esm' }],
      ['src/page/own/own.ts', 'adapter.js', { format: 'esm', core: 'apart' }],
      ['src/page/own/rules.ts', 'rules.js', { format: 'esm' }],
      ['src/page/look/frames.ts', 'frames.js', { format: 'esm' }],
      ['src/cli/index.ts', 'cli.js', { format: 'esm', node: true }],
    ]) {
      writeFileSync(join(dist, out), await bundle(join(copy, entry), options));
    }
    const build = copyTagFiles(dist, 'broken');
    for (const { entry, out, ...options } of TAGS) {
      // Where its core is asked for it has to be of this build.
      if (!options.noWasm || /^(csp|tag-files)$/.test(file)) writeFileSync(join(dist, out), await bundle(join(copy, entry), { ...options, build }));
    }
    const { latch } = await import(pathToFileURL(join(copy, 'tools/latch.mjs')).href);
    const { script, hash } = await latch();
    writeFileSync(join(dist, 'latch.js'), script);
    writeFileSync(join(dist, 'latch.json'), JSON.stringify({ script, hash }));
    const { stdout } = spawnSync(
      process.execPath,
      ['--test', '--test-reporter=tap', `--test-name-pattern=${pattern}`, join(ROOT, `tests/browser/${file}.test.mjs`)],
      { env: { ...process.env, BRIDGE_DIST: dist }, encoding: 'utf8', maxBuffer: 1 << 28 },
    );
    // Only leaves: a suite fails with what is in it.
    const failed = (stdout.match(/^ {4,}not ok .*/gm) ?? []).filter((line) => !line.includes('# SKIP')).length;
    const ran = failed + (stdout.match(/^ {4,}ok .*/gm) ?? []).filter((line) => !line.includes('# SKIP')).length;
    console.log(`${failed > 0 ? 'noticed  ' : 'UNNOTICED'} ${name}: ${failed} of ${ran} fail in ${file}`);
    if (ran === 0) console.log(`          no test of ${file} has a name like ${pattern}`);
    if (failed === 0) unnoticed.push(name);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}
if (unnoticed.length > 0) process.exitCode = 1;
