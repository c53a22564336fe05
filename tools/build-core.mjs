// The core from Rust to pkg/: through cargo, wasm-bindgen and wasm-opt, and for pages that refuse
// WebAssembly through wasm2js. build.mjs says what all of it is for.

import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure, ask, at, cargoHome, digest, exe, files, fresh, root, run, targetDir } from './lib.mjs';
import { fit, found, renamed, trimmed } from './glue.mjs';

/** Where the scripts' sources are, of which the core needs none; entries and public types are in `src/api`. */
export const SOURCES = ['src/api', 'src/page', 'src/server', 'src/cli'];
const TARGET = 'wasm32-unknown-unknown';

// Measured as what ships weighs, compressed: the detour over flat code and back takes 1 % more than
// `-Oz` alone, and loads without alignment hints look more alike.
const SMALL = ['--converge', '--flatten', '--code-folding', '--rereloop', '--merge-similar-functions', '--rse', '-O4', '--dealign', '-Oz'];

// Nothing in the page's module calls itself deeper than a copied value is (src/page/look/probe.js); the
// linker's own choice of 1 MB would be most of what each page keeps in memory. An overflow traps, since
// the stack lies below everything else.
const STACK = 32 * 1024;

/**
 * The core through cargo, wasm-bindgen and wasm-opt, into the folder `out`: as light as it gets
 * for pages, as quick for servers, which load it once.
 */
export async function buildWasm({ force, abort = false, server = false, out }) {
  const name = server ? 'server' : 'bridge';
  const state = digest(wasmInputs(), ask('rustc', ['-vV']), abort);
  const stamp = join(out, '.stamp');
  if (!force && fresh(stamp, state, [join(out, `${name}.js`), join(out, `${name}_bg.wasm`), ...(server ? [] : [join(out, 'no-wasm_bg.js'), join(out, 'adapters.json')])])) return false;

  console.log('building the wasm-bindgen tool');
  await run('cargo', ['build', '--package', 'bindgen', '--target-dir', targetDir], { fix: 'Run `cargo build -p bindgen` to see what stops it.' });

  console.log(server ? 'building the core for servers' : abort ? 'building the core, and std for it' : 'building the core');
  const { folder, compiled, messages } = await compile(server ? 'server' : 'page', { abort, profile: server ? 'server' : 'release' });

  const bound = join(folder, server ? 'bound-server' : 'bound');
  rmSync(bound, { recursive: true, force: true });
  mkdirSync(bound, { recursive: true });
  const modest = join(bound, 'modest.wasm');
  // No object of a page's crosses, so the table that wasm-bindgen would keep them in stays empty.
  if (!server) writeFileSync(modest, withoutFeatures(readFileSync(compiled), ['reference-types', 'multivalue']));
  await run(join(targetDir, 'debug', `bindgen${exe}`), [
    '--target', 'web', '--out-dir', bound, '--out-name', name,
    '--remove-name-section', '--remove-producers-section',
    server ? compiled : modest,
  ], { fix: 'Its version must be the one of the wasm-bindgen crate: compare Cargo.toml with tools/bindgen/Cargo.toml.' });

  console.log('running wasm-opt');
  const optimised = join(bound, 'optimised.wasm');
  // Never --all-features: it writes types that no browser accepts. What the module uses
  // is read from its own target_features section.
  const optimise = (from, ...args) => binaryen('wasm-opt', from, ...args, '-o', optimised);
  await optimise(join(bound, `${name}_bg.wasm`), ...(server ? ['-O3'] : [...SMALL, '--low-memory-unused']));
  // By itself: what runs until nothing changes would rename the names that it gave before.
  const told = await optimise(optimised, ...(server ? [] : ['--minify-imports-and-exports-and-modules']), '--strip-target-features');
  const own = readFileSync(join(bound, `${name}.js`), 'utf8');
  const glue = server ? own : trimmed(renamed(own, JSON.parse(told)));
  const bytes = readFileSync(optimised);
  try {
    new WebAssembly.Module(bytes);
  } catch (error) {
    throw new Failure(`wasm-opt wrote a module that this engine refuses (${error.message}): look at its options in tools/build-core.mjs.`);
  }
  noPaths(`${name}_bg.wasm`, bytes);

  mkdirSync(out, { recursive: true });
  if (!server) {
    await withoutWasm(modest, out);
    copyFileSync(join(compiledTo(messages), 'adapters.json'), join(out, 'adapters.json'));
  }
  writeFileSync(join(out, `${name}_bg.wasm`), bytes);
  writeFileSync(join(out, `${name}.js`), glue);
  copyFileSync(join(bound, `${name}.d.ts`), join(out, `${name}.d.ts`));
  writeFileSync(stamp, state);
  return true;
}

/** What a module is made of. */
const wasmInputs = () =>
  files('src', 'build', 'tools/bindgen', 'Cargo.toml', 'Cargo.lock', '.cargo', 'tools/build-core.mjs', 'tools/glue.mjs', 'package-lock.json')
    .filter((path) => !SOURCES.some((folder) => path.startsWith(`${folder}/`)));

/** The module of one feature through cargo: its file, the folder that it is somewhere in, and what cargo told. */
async function compile(feature, { abort, profile = 'release' }) {
  // Std built anew has a folder of its own: the two ways would push each other out.
  const folder = abort ? join(targetDir, 'immediate-abort') : targetDir;
  const messages = await run('cargo', [
    // As a module and not as a library: a crate that depends on this one asks for no such thing.
    'rustc', '--message-format', 'json-render-diagnostics', '--profile', profile, '--lib', '--crate-type', 'cdylib', '--target', TARGET, '--target-dir', folder,
    '--no-default-features', '--features', feature,
    ...(abort ? ['-Zbuild-std=std,panic_abort', '-Zbuild-std-features=optimize_for_size'] : []),
    // For this crate alone: among RUSTFLAGS they would have std made once more, where inlining less costs more than it saves.
    ...(profile === 'server' ? [] : ['--', `-Clink-arg=-zstack-size=${STACK}`, ...(abort ? ['-Cllvm-args=-inline-threshold=25 -sroa-skip-mem2reg', '-Zinline-mir-threshold=100'] : [])]),
  ], {
    env: {
      // Separated by 0x1f, so that a path with a space in it stays one flag.
      CARGO_ENCODED_RUSTFLAGS: [...remaps(), ...(abort ? ['-Zunstable-options', '-Cpanic=immediate-abort', '-Zlocation-detail=none', '-Zfmt-debug=none', '-Zmir-opt-level=3'] : [])].join('\x1f'),
      ...(abort ? { RUSTC_BOOTSTRAP: '1' } : {}),
    },
    fix: `Run \`cargo build --lib --no-default-features --features ${feature} --target ${TARGET}\` to see the errors.`,
    lines: 200,
  });
  return { folder, compiled: join(folder, TARGET, profile, 'mixpanel_consent_bridge.wasm'), messages };
}

/**
 * What decodes texts that few pages have (src/wasm/texts.rs), as wasm and as JavaScript. It takes and
 * gives numbers alone, so nothing has to be made by wasm-bindgen.
 */
export async function buildTexts({ force, abort, out }) {
  const state = digest(wasmInputs(), ask('rustc', ['-vV']), abort);
  const stamp = join(out, '.stamp');
  const [wasm, script] = [join(out, 'texts.wasm'), join(out, 'texts.js')];
  if (!force && fresh(stamp, state, [wasm, script])) return false;
  console.log('building what decodes rare texts');
  const { compiled } = await compile('texts', { abort });
  mkdirSync(out, { recursive: true });
  const modest = join(out, 'modest.wasm');
  writeFileSync(modest, withoutFeatures(readFileSync(compiled), ['reference-types', 'multivalue']));
  await binaryen('wasm-opt', modest, '-Oz', '--strip-producers', '--strip-target-features', '-o', wasm);
  const lowered = join(out, 'lowered.wasm');
  await binaryen('wasm-opt', modest, '-Oz', '--strip-producers', ...LOWERED, '--strip-target-features', '-o', lowered);
  await binaryen('wasm2js', '-Oz', lowered, '-o', script);
  const code = fit(readFileSync(script, 'utf8'), /\nvar retasmFunc = asmFunc\([^]*$/, '\nexport const exported = () => asmFunc({});\n', 'buildTexts() in tools/build-core.mjs');
  noPaths('texts.js', Buffer.from(code));
  noPaths('texts.wasm', readFileSync(wasm));
  writeFileSync(script, code);
  for (const path of [modest, lowered]) rmSync(path);
  writeFileSync(stamp, state);
  return true;
}

/** What wasm2js does not know, in what it knows. */
const LOWERED = ['--llvm-memory-copy-fill-lowering', '--llvm-nontrapping-fptoint-lowering', '--signext-lowering'];

const binaryen = (tool, ...args) => run(process.execPath, [at('node_modules', 'binaryen', 'bin', tool), ...args], { fix: 'Run `npm ci` to restore binaryen.' });

/** Where our build script has put what it compiled, as cargo tells it. */
function compiledTo(messages) {
  const told = messages.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line))
    .find(({ reason, package_id: id }) => reason === 'build-script-executed' && /\bmixpanel-consent-bridge\b/.test(id));
  if (!told) throw new Failure('cargo does not tell where build/main.rs has put the adapters: look at its messages of the reason build-script-executed.');
  return told.out_dir;
}

/**
 * The core that cargo has made once more, as JavaScript: no second compilation, so that it is the
 * same core. wasm2js has no tables of references and no functions with several results; those two are
 * wasm-bindgen's alone, which leaves them out where the module does not say that it may use them.
 */
async function withoutWasm(modest, out) {
  const folder = join(dirname(modest), 'no-wasm');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await run(join(targetDir, 'debug', `bindgen${exe}`), [
    '--target', 'web', '--out-dir', folder, '--out-name', 'bridge', '--remove-name-section', '--remove-producers-section', modest,
  ], { fix: 'wasm-bindgen wants a feature that withoutFeatures() has taken out: compare tools/build-core.mjs with its release notes.' });
  console.log('running wasm2js');
  const lowered = join(folder, 'lowered.wasm');
  const told = await binaryen('wasm-opt', join(folder, 'bridge_bg.wasm'), '-Oz', '--low-memory-unused', ...LOWERED,
    '--minify-imports-and-exports-and-modules', '--strip-target-features', '-o', lowered);
  const script = join(folder, 'core.js');
  await binaryen('wasm2js', '-Oz', lowered, '-o', script);
  let glue = renamed(readFileSync(join(folder, 'bridge.js'), 'utf8'), JSON.parse(told));
  const change = (text, pattern, to) => fit(text, pattern, to, 'withoutWasm() in tools/build-core.mjs');
  // What it calls an instance is made by a function here.
  glue = change(glue, /if \(!\(module instanceof WebAssembly\.Module\)\) \{[^}]*\}\s*const instance = new WebAssembly\.Instance\(module, imports\);/, 'const instance = { exports: module(imports) };');
  // wasm2js leaves the old memory as it was where it grows; wasm empties it, which the glue looks for.
  glue = change(glue, /cachedUint8ArrayMemory0\.byteLength === 0/, (_) => 'cachedUint8ArrayMemory0.buffer !== memory().buffer');
  const memory = found(glue, /new Uint8Array\((wasm\.\w+)\.buffer\)/, 'withoutWasm() in tools/build-core.mjs')[1];
  glue = change(glue, /\bmemory\(\)/g, () => memory);
  if (/cachedDataViewMemory0/.test(glue)) glue = change(glue, /cachedDataViewMemory0\.buffer\.detached === true/, `cachedDataViewMemory0.buffer !== ${memory}.buffer`);
  let core = readFileSync(script, 'utf8');
  core = change(core, /^import \* as \w+ from '\w+';\n/, '');
  core = change(core, /\nvar retasmFunc = asmFunc\([\s\S]*$/, '\nexport const compile = () => asmFunc;\n');
  noPaths('no-wasm_bg.js', Buffer.from(core));
  writeFileSync(join(out, 'no-wasm.js'), glue);
  writeFileSync(join(out, 'no-wasm_bg.js'), core);
}

/** A module that does not say that it uses these. */
function withoutFeatures(bytes, unwanted) {
  const number = (at) => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      value |= (bytes[at] & 127) << shift;
      if (bytes[at++] < 128) return [value, at];
    }
  };
  const kept = [bytes.subarray(0, 8)];
  for (let from = 8, to; from < bytes.length; from = to) {
    const [size, body] = number(from + 1);
    to = body + size;
    const [length, name] = number(body);
    if (bytes[from] !== 0 || bytes.toString('latin1', name, name + length) !== 'target_features') {
      kept.push(bytes.subarray(from, to));
      continue;
    }
    let [count, entry] = number(name + length);
    const features = [];
    for (; count > 0; count -= 1) {
      const [long, text] = number(entry + 1);
      if (!unwanted.includes(bytes.toString('latin1', text, text + long))) features.push(bytes.subarray(entry, text + long));
      entry = text + long;
    }
    const content = Buffer.concat([bytes.subarray(body, name + length), leb(features.length), ...features]);
    kept.push(Buffer.from([0]), leb(content.length), content);
  }
  return Buffer.concat(kept);
}

/** A number as wasm writes it. */
function leb(value) {
  const out = [];
  for (; value > 127; value >>>= 7) out.push(value & 127 | 128);
  return Buffer.from([...out, value]);
}

// Panic messages name source files by absolute path, the builder's home folder included.
// With these, the wasm says nothing of where it was built, and is the same everywhere.
function remaps() {
  const sources = join(cargoHome, 'registry', 'src');
  const registries = existsSync(sources) ? readdirSync(sources) : [];
  const sysroot = ask('rustc', ['--print', 'sysroot']);
  const commit = /^commit-hash: (.*)$/m.exec(ask('rustc', ['-vV']))?.[1] ?? 'unknown';
  return [
    // Where rust-src is installed, rustc names its folder instead of the usual /rustc/….
    [join(sysroot, 'lib', 'rustlib', 'src', 'rust'), `/rustc/${commit}`],
    [cargoHome, '/cargo'],
    ...registries.map((name) => [join(sources, name), '/cargo']),
    [root, '/src'],
  ].map(([from, to]) => `--remap-path-prefix=${from}=${to}`);
}

export function noPaths(name, bytes) {
  const text = bytes.toString('latin1');
  for (const path of [root, cargoHome]) {
    if (text.includes(path)) throw new Failure(`${name} contains the path \`${path}\`: add it to remaps() in tools/build-core.mjs.`);
  }
}
