// Builds everything that ships, from source to dist/:
//   pkg/bridge.js, pkg/bridge_bg.wasm  the Rust core through wasm-bindgen and wasm-opt
//   dist/index.js                      the gate, ES module; loads ./core.js when it may
//   dist/core.js                       glue and wasm in one ES module, the wasm as text
//   dist/drive.js                      what drives an SDK, loaded with it
//   dist/sweep.js                      what removes what one has left, by itself: after a no without it
//   dist/words.js                      what is rarely said: a mistake in the options, say
//   dist/explain.js                    what explain() says
//   dist/cookie.js                     what keeps the record in a cookie, where the site chose that
//   dist/post.js                       what posts receipts, where the site names an address
//   dist/instances.js                  what a project's instances share, where the site has its own dialog
//   dist/adapter.js                    what a site's own adapter takes besides
//   dist/rules.js                      and what its rules take, where it has some
//   dist/cmp-0.js …                    what the core knows of consent managers, of a few each
//   dist/cmp.js                        with `auto`: what those on the page are noticed by
//   dist/frames.js                     what asks a page above a frame
//   dist/bridge.js                     the script tag, a classic script: the gate, and what stands at window.mixpanel
//   dist/bridge-<version>-<hash>/      the files that it loads, named by what is in them
//   dist/bridge.all.js                 the script tag with all of it in one file
//   dist/integrity.json                the hashes of these, as an import map
//   dist/latch.js, latch.json          the line that may stand above it, and its hash for a policy
//   pkg/no-wasm.js, no-wasm_bg.js      the same core as plain JavaScript, for pages whose policy
//                                      refuses WebAssembly; in dist/no-wasm.js with its
//                                      core.no-wasm.js, and the tag bridge.no-wasm.js
//   pkg/web/bridge.js                  the page's part in one module, which the crate carries (feature `web`)
//   dist/testing.js                    the suite for adapters of one's own, for Node
//   dist/inspector.js                  what `debug` shows
//   dist/react.js, dist/vue.js         the bindings
//   pkg/server/server.js, server_bg.wasm   the core as servers have it (feature `server`)
//   dist/server.js                     the server part, its wasm inlined
//   dist/server.edge.js, server.wasm   the same for runtimes that compile no bytes
//   dist/cli.js                        the command, for Node, and verify.schema.json for its report
//   dist/*.d.ts                        written by hand in src/api, copied
//   dist/NOTICES.txt                   what the licences of the crates in the modules ask for (supply.mjs)
// Each stage is skipped when nothing it depends on has changed. The same source gives the
// same bytes in any folder. Weights are printed and compared with the budget (sizes.mjs).
//
// Options: --force             build although nothing changed
//          --plain             with the standard library as rustup brings it, on stable
//                              switches alone (or PLAIN=1): 7 KB more of a page's load
//          --compare           weigh both ways of building, ship the light one
//
// What ships is built with std made anew for it, aborting without a message: unstable
// switches (RUSTC_BOOTSTRAP) and the component rust-src. Where that cannot be had, the plain
// build stands in for it and says so; it does the same, and the same tests run on both.
//          --relaxed           (or BUDGET=relaxed) print a broken budget, do not fail

import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Failure, at, digest, files, fresh, locked, main, started, targetDir } from './lib.mjs';
import { SOURCES, buildTexts, buildWasm, noPaths } from './build-core.mjs';
import { latch } from './latch.mjs';
import { packages, rust } from './setup.mjs';
import { bundle } from './bundle.mjs';
import { copyTagFiles, integrity } from './tag-files.mjs';
import { partFiles } from './parts.mjs';
import { printSizes } from './sizes.mjs';
import { notices } from './supply.mjs';

/** Builds what is out of date. Resolves to whether anything was built. */
export async function build({ force = false, plain = process.env.PLAIN === '1' } = {}) {
  await packages();
  await rust();
  if (!plain) {
    try {
      await rust({ components: ['rust-src'] });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      console.log(`${error.message}\nBuilding with the standard library that is there (--plain): the same, but heavier.`);
      plain = true;
      // What weighs the result later in this run must know.
      process.env.PLAIN = '1';
    }
  }
  return locked('build', async () => {
    const page = await buildWasm({ force, abort: !plain, out: at('pkg') });
    const texts = await buildTexts({ force, abort: !plain, out: at('pkg', 'texts') });
    const server = await buildWasm({ force, server: true, out: at('pkg', 'server') });
    const js = await buildScripts({ force: force || page || texts || server });
    return page || texts || server || js;
  });
}

// ---- TypeScript to dist/ --------------------------------------------------------------

// What is made from which entry.
const SCRIPTS = [
  { entry: 'src/api/entries/index.ts', out: 'index.js', format: 'esm', core: 'apart' },
  { entry: 'src/page/look/core.ts', out: 'core.js', format: 'esm', core: 'apart' },
  { entry: 'src/page/own/own.ts', out: 'adapter.js', format: 'esm', core: 'apart' },
  { entry: 'src/page/own/rules.ts', out: 'rules.js', format: 'esm' },
  { entry: 'src/page/look/notice.ts', out: 'cmp.js', format: 'esm' },
  { entry: 'src/page/look/frames.ts', out: 'frames.js', format: 'esm' },
  { entry: 'src/page/look/texts.ts', out: 'texts.js', format: 'esm' },
  { entry: 'src/page/look/texts.ts', out: 'texts.no-wasm.js', format: 'esm', noWasm: true },
  { entry: 'src/page/look/words.ts', out: 'words.js', format: 'esm' },
  { entry: 'src/page/look/explain.ts', out: 'explain.js', format: 'esm' },
  { entry: 'src/page/own/instances.ts', out: 'instances.js', format: 'esm' },
  { entry: 'src/page/own/post.ts', out: 'post.js', format: 'esm' },
  { entry: 'src/page/own/cookie.ts', out: 'cookie.js', format: 'esm' },
  { entry: 'src/page/sdk/drive.ts', out: 'drive.js', format: 'esm' },
  { entry: 'src/page/sdk/sweep.ts', out: 'sweep.js', format: 'esm' },
  { entry: 'src/api/entries/index.ts', out: 'no-wasm.js', format: 'esm', core: 'apart', noWasm: true },
  { entry: 'src/page/look/core.ts', out: 'core.no-wasm.js', format: 'esm', core: 'apart', noWasm: true },
  { entry: 'src/api/entries/rust.ts', out: '../pkg/web/bridge.js', format: 'esm' },
  { entry: 'src/api/entries/inspector.ts', out: 'inspector.js', format: 'esm' },
  { entry: 'src/api/entries/react.ts', out: 'react.js', format: 'esm' },
  { entry: 'src/api/entries/vue.ts', out: 'vue.js', format: 'esm' },
  { entry: 'src/api/entries/testing.ts', out: 'testing.js', format: 'esm' },
  { entry: 'src/cli/index.ts', out: 'cli.js', format: 'esm', node: true },
  { entry: 'src/api/entries/server.ts', out: 'server.js', format: 'esm', server: 'inline' },
  { entry: 'src/api/entries/server.ts', out: 'server.edge.js', format: 'esm', server: 'beside' },
];

/** The script tag: with its core in the folder of this build, and in one file. */
export const TAGS = [
  { entry: 'src/page/tag/tag.ts', out: 'bridge.js', format: 'iife', core: 'apart', tag: 'beside' },
  { entry: 'src/page/tag/tag.ts', out: 'bridge.all.js', format: 'iife', core: 'apart', tag: 'inside' },
  { entry: 'src/page/tag/tag.ts', out: 'bridge.no-wasm.js', format: 'iife', core: 'apart', tag: 'inside', noWasm: true },
];

async function buildScripts({ force }) {
  const out = at('dist');
  const inputs = files(...SOURCES, 'pkg', 'tools/build.mjs', 'tools/bundle.mjs', 'tools/eager.mjs', 'tools/wasm-text.mjs', 'tools/parts.mjs', 'tools/tag-files.mjs', 'tools/latch.mjs', 'tools/supply.mjs', 'package.json', 'Cargo.lock', 'package-lock.json').filter((path) => !path.endsWith('/.stamp') && !path.startsWith('pkg/web/'));
  const state = digest(inputs);
  const stamp = join(targetDir, 'dist.stamp');
  if (!force && fresh(stamp, state, [...SCRIPTS, ...TAGS].map((script) => join(out, script.out)))) return false;
  const missing = SCRIPTS.find(({ entry }) => !existsSync(at(entry)));
  if (missing) throw new Failure(`\`${missing.entry}\` is missing: run \`git status\` to see what was removed.`);

  console.log('bundling dist/');
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  mkdirSync(at('pkg', 'web'), { recursive: true });
  const write = async (script) => {
    const text = await bundle(at(script.entry), script);
    noPaths(`dist/${script.out}`, Buffer.from(text));
    writeFileSync(join(out, script.out), text);
  };
  for (const script of SCRIPTS) await write(script);
  for (const [name, code] of await partFiles()) writeFileSync(join(out, name), code);
  const { version } = JSON.parse(readFileSync(at('package.json'), 'utf8'));
  const folder = copyTagFiles(out, version);
  for (const script of TAGS) await write({ ...script, build: folder });
  writeFileSync(join(out, 'integrity.json'), `${JSON.stringify(integrity(out, folder), null, 2)}\n`);
  copyFileSync(at('pkg', 'server', 'server_bg.wasm'), join(out, 'server.wasm'));
  copyFileSync(at('src', 'cli', 'report.schema.json'), join(out, 'verify.schema.json'));
  const { script, hash } = await latch();
  writeFileSync(join(out, 'latch.js'), script);
  writeFileSync(join(out, 'latch.json'), `${JSON.stringify({ script, hash }, null, 2)}\n`);
  for (const path of files('src/api')) {
    if (/\.d\.c?ts$/.test(path)) copyFileSync(at(path), join(out, basename(path)));
  }
  writeFileSync(join(out, 'NOTICES.txt'), await notices());
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, state);
  return true;
}

if (started(import.meta)) {
  await main(async () => {
    const flags = process.argv.slice(2);
    const known = ['--force', '--plain', '--compare', '--relaxed'];
    const unknown = flags.find((flag) => !known.includes(flag));
    if (unknown) throw new Failure(`\`${unknown}\` is not an option of the build: use one of ${known.join(', ')}.`);
    const has = (flag) => flags.includes(flag);
    const force = has('--force');
    const relaxed = has('--relaxed') || has('--plain') || process.env.BUDGET === 'relaxed';
    if (has('--compare')) {
      await build({ force, plain: true });
      await printSizes({ relaxed: true, title: 'plain' });
      await build({ force, plain: false });
      await printSizes({ relaxed, title: 'std made anew' });
      return;
    }
    if (!(await build({ force, plain: has('--plain') || undefined }))) console.log('dist/ is up to date');
    await printSizes({ relaxed });
  });
}
