// What is in the package, and what is not. Whether it works in a bundler is bundlers.test.mjs.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { build } from 'esbuild';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { cargoHome, root } from '../../tools/lib.mjs';
import { copyTagFiles } from '../../tools/tag-files.mjs';
import { decode } from '../../tools/wasm-text.mjs';
import { NAME, exec, pack } from './project.mjs';

const ALLOWED = /^(package\.json|README\.md|CHANGELOG\.md|LICENSE-MIT|LICENSE-APACHE|dist\/(index|no-wasm|core|core\.no-wasm|drive|cmp|cmp-\d+|adapter|rules|texts|texts\.no-wasm|sweep|words|explain|instances|post|cookie|latch|frames|bridge|bridge\.all|bridge\.no-wasm|bridge-\d+\.\d+\.\d+-[\da-f]{8}\/(core|core\.no-wasm|drive|sweep|words|explain|instances|post|cookie|frames|texts|texts\.no-wasm|adapter|rules|inspector|cmp|cmp-\d+)|inspector|react|vue|testing|cli|server|server\.edge)\.js|dist\/server\.wasm|dist\/NOTICES\.txt|dist\/verify\.schema\.json|dist\/(latch|integrity)\.json|dist\/(index|words|inspector|react|vue|testing|server|ledger)\.d\.ts)$/;

let packed;
before(async () => { packed = await pack(); });
after(() => packed.remove());

const read = (path) => readFile(join(packed.unpacked, path), 'utf8');

/** The modules that a script carries as text (tools/wasm-text.mjs), the largest first. */
const allCarried = async (path) => {
  const all = (pattern) => [...script.matchAll(pattern)].map(([, text]) => text);
  const script = await read(path);
  const frequent = all(/\/\[((?:[^\]\\]|\\.){10,80})\]\//g);
  return all(/"([^"\\]{1000,})"/g)
    .flatMap((text) => frequent.map((one) => Buffer.from(decode(text, new RegExp(`[${one}]`)))).filter((bytes) => WebAssembly.validate(bytes)))
    .sort((one, other) => other.length - one.length);
};
/** The core that a script carries; empty if it has none. */
const carried = async (path) => (await allCarried(path))[0] ?? Buffer.alloc(0);

/** The files that an entry of an exports map names. */
const named = (value) => (typeof value === 'string' ? [value] : Object.values(value).flatMap(named));

test('only files meant for users are packed', () => {
  assert.deepEqual(packed.files.filter((path) => !ALLOWED.test(path)), []);
  for (const path of ['dist/index.js', 'dist/core.js', 'dist/bridge.js', 'dist/bridge.all.js', 'dist/index.d.ts', 'LICENSE-MIT', 'LICENSE-APACHE', 'package.json']) {
    assert.ok(packed.files.includes(path), `${path} is missing`);
  }
});

test('every file that package.json names is there', () => {
  const { exports, bin, main, module, types, unpkg, jsdelivr } = packed.manifest;
  for (const path of [...named(exports), ...named(bin), main, module, types, unpkg, jsdelivr]) {
    assert.ok(existsSync(join(packed.unpacked, path)), `${path} is missing`);
  }
});

test('every file of dist is reached by the exports map, the command, or from a file that is', async () => {
  // The notices are for people, and the latch and the script tag are copied into a site by them.
  const reached = new Set(['dist/NOTICES.txt', 'dist/latch.js', 'dist/latch.json', 'dist/bridge.js', ...named(packed.manifest.exports).map((path) => path.slice(2)), ...named(packed.manifest.bin)]);
  // A set hands out what is added while it is walked.
  for (const path of reached) {
    if (path.endsWith('.d.ts')) for (const [, to] of (await read(path)).matchAll(/from '\.\/(\w+)\.js'/g)) reached.add(`dist/${to}.d.ts`);
    if (!path.endsWith('.js')) continue;
    for (const [, to] of (await read(path)).matchAll(/(?:import\(|from ?)["']\.\/([\w.-]+)(?:\?module)?["']/g)) reached.add(`dist/${to}`);
  }
  assert.deepEqual(packed.files.filter((path) => path.startsWith('dist/') && !path.startsWith(`dist/${tagFolder()}/`) && !reached.has(path)), []);
});

/** The folder that the script tag looks for, as it has it itself. */
const tagFolder = () => /^dist\/(bridge-[^/]+)\//m.exec(packed.files.join('\n'))?.[1];

test('beside the script tag is the folder that it asks for, with all that the modules load', async () => {
  const folder = tagFolder();
  for (const path of ['dist/bridge.js', 'dist/bridge.all.js', 'dist/bridge.no-wasm.js']) assert.ok((await read(path)).includes(folder), path);
  const names = new Set(['core.js', 'core.no-wasm.js', 'cmp.js', ...packed.files.flatMap((path) => /^dist\/(cmp-\d+\.js)$/.exec(path)?.[1] ?? [])]);
  for (const name of names)
    for (const [, to] of (await read(`dist/${name}`)).matchAll(/import\("\.\/([\w.-]+)"\)/g)) names.add(to);
  assert.deepEqual(packed.files.filter((path) => path.startsWith(`dist/${folder}/`)).map((path) => path.split('/')[2]).sort(), [...names].sort());
  for (const name of names) assert.equal(await read(`dist/${folder}/${name}`), await read(`dist/${name}`), name);
});

test('the folder has another name where one byte in it is another, or one file has another name', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'files-'));
  try {
    const named = async (files) => {
      await rm(folder, { recursive: true });
      await mkdir(folder);
      for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
      return copyTagFiles(folder, '1.2.3');
    };
    const names = [await named({ 'core.js': 'a', 'cmp-1.js': 'b' }), await named({ 'core.js': 'a', 'cmp-1.js': 'c' }), await named({ 'core.js': 'a', 'cmp-2.js': 'b' }), await named({ 'core.js': 'ab', 'cmp-1.js': '' })];
    assert.equal(new Set(names).size, 4, names.join());
    for (const name of names) assert.match(name, /^bridge-1\.2\.3-[\da-f]{8}$/);
    assert.equal(await named({ 'core.js': 'a', 'cmp-1.js': 'b', 'index.js': 'not of the tag' }), names[0]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('integrity.json has the hash of each script of the tag, and of nothing else', async () => {
  const { integrity } = JSON.parse(await read('dist/integrity.json'));
  const scripts = packed.files.filter((path) => /^dist\/(bridge(\.all|\.no-wasm)?\.js$|bridge-)/.test(path));
  assert.deepEqual(Object.keys(integrity).sort(), scripts.map((path) => path.replace('dist/', './')).sort());
  for (const path of scripts)
    assert.equal(integrity[path.replace('dist/', './')], `sha384-${createHash('sha384').update(await readFile(join(packed.unpacked, path))).digest('base64')}`, path);
});

test('an address of the package alone, or a bundle, gets the tag in one file: nothing stands beside it there', () => {
  const { unpkg, jsdelivr, exports } = packed.manifest;
  assert.deepEqual([unpkg, jsdelivr, exports['./script']], Array(3).fill('./dist/bridge.all.js'));
});

test('the package has no dependencies, and the SDKs, the frameworks and the ledger\'s store are optional peers', () => {
  assert.equal(packed.manifest.dependencies, undefined);
  assert.deepEqual(packed.manifest.peerDependenciesMeta, {
    '@duckduckgo/autoconsent': { optional: true }, 'mixpanel-browser': { optional: true }, react: { optional: true }, vue: { optional: true }, 'better-sqlite3': { optional: true }, mixpanel: { optional: true }, 'playwright-core': { optional: true },
  });
  assert.deepEqual(Object.keys(packed.manifest.peerDependencies).sort(), Object.keys(packed.manifest.peerDependenciesMeta).sort());
});

test('the command runs where the package is installed, and asks for Playwright where that is not', async () => {
  const project = await packed.project({});
  const command = join(project, 'node_modules', NAME, packed.manifest.bin[NAME]);
  assert.match(await readFile(command, 'utf8'), /^#!\/usr\/bin\/env node\n/);
  const { stdout } = await exec(process.execPath, [command, '--version'], { cwd: project });
  assert.equal(stdout.trim(), packed.manifest.version);
  const failed = await exec(process.execPath, [command, 'verify', 'shop.example'], { cwd: project }).catch((error) => error);
  assert.equal(failed.code, 2);
  assert.match(failed.stderr, /npm install --save-dev playwright-core/);
});

test('the notices of the crates inside the modules are there', async () => {
  const text = await read('dist/NOTICES.txt');
  for (const name of ['wasm-bindgen', 'serde_json', 'base64', 'sha2']) assert.match(text, new RegExp(`^${name} \\d`, 'm'));
  assert.ok(text.match(/Permission is hereby granted/g).length > 10);
});

test('where the package, its documents and its issues are', () => {
  const { repository, homepage, bugs } = packed.manifest;
  assert.match(repository.url, /^git\+https:\/\/github\.com\/[\w-]+\/mixpanel-consent-bridge\.git$/);
  assert.match(homepage, /^https:\/\//);
  assert.ok(bugs.url.startsWith(repository.url.slice(4, -4)));
});

test('publint finds nothing wrong', async () => {
  const { messages, pkg } = await publint({ pkgDir: packed.unpacked, pack: false, level: 'warning' });
  assert.deepEqual(messages.map((message) => formatMessage(message, pkg)), []);
});

test('the types are those of the code, as each way of resolving ES modules finds them', async () => {
  const { problems, types } = await checkPackage(createPackageFromTarballData(new Uint8Array(await readFile(packed.tarball))), {
    // Scripts for their effect, without types.
    excludeEntrypoints: ['./script', './script/no-wasm', './package.json'],
  });
  assert.notEqual(types, false);
  // The package is made of ES modules alone, so what `require` of old resolves to is not asked.
  assert.deepEqual(problems.filter(({ resolutionKind = '', resolutionOption = '' }) => !/node10|node16-cjs|^node16$/.test(resolutionKind + resolutionOption)), []);
});

test('nothing tells where it was built', async () => {
  const texts = await Promise.all(packed.files.filter((path) => path.startsWith('dist/')).map(async (path) => [path, await read(path)]));
  texts.push(['the wasm of dist/core.js', (await carried('dist/core.js')).toString('latin1')]);
  texts.push(['the wasm of dist/bridge.all.js', (await carried('dist/bridge.all.js')).toString('latin1')]);
  const folders = [root, homedir(), cargoHome, tmpdir()].filter((path) => path.length > 1);
  for (const [path, text] of texts) {
    for (const folder of folders) assert.ok(!text.includes(`${folder}/`), `${path} contains ${folder}`);
    const like = /(\/(home|root|Users)\/\w[\w.-]*\/|[A-Z]:\\Users\\|registry\/src\/|\.rustup|node_modules\/)/.exec(text);
    assert.equal(like, null, `${path} contains ${like?.[0]}`);
  }
});

test('the wasm inside is whole, and without names and notes of its tools', async () => {
  for (const path of ['dist/core.js', 'dist/texts.js', 'dist/bridge.all.js']) {
    const module = new WebAssembly.Module(await carried(path));
    assert.ok(WebAssembly.Module.exports(module).length > 0);
    for (const section of ['name', 'producers']) assert.deepEqual(WebAssembly.Module.customSections(module, section), [], `${path}: ${section}`);
  }
});

test('the core is the same in both forms, and so is what decodes rare texts', async () => {
  const [core, texts, ...more] = await allCarried('dist/bridge.all.js');
  assert.deepEqual(more, []);
  assert.ok(texts.equals(await carried('dist/texts.js')));
  assert.ok(core.equals(await carried('dist/core.js')));
  assert.ok((await carried('dist/core.js')).equals(await carried('dist/bridge.all.js')));
});

test('nothing asks a bundler for a file beside it, or the page for eval', async () => {
  for (const path of packed.files.filter((path) => path.endsWith('.js'))) {
    const text = await read(path);
    for (const phrase of ['import.meta', 'new URL("bridge', 'eval(', 'new Function(', 'sourceMappingURL']) {
      assert.ok(!text.includes(phrase), `${path} contains ${phrase}`);
    }
  }
});

test('the gate carries no wasm, and the script tag neither', async () => {
  for (const path of ['dist/index.js', 'dist/bridge.js']) {
    const gate = await read(path);
    assert.ok(!gate.includes('WebAssembly'), path);
    assert.doesNotMatch(gate, /"[0-9a-f]{174}"/, path);
    assert.ok(gate.length < 20_000, path);
  }
});

test('nothing of the server part is in what a page loads', async () => {
  for (const path of ['dist/index.js', 'dist/core.js', 'dist/drive.js', 'dist/sweep.js', 'dist/words.js', 'dist/explain.js', 'dist/instances.js', 'dist/post.js', 'dist/cookie.js', 'dist/adapter.js', 'dist/rules.js', 'dist/frames.js', 'dist/bridge.js', 'dist/bridge.all.js', 'dist/inspector.js']) {
    const text = await read(path);
    const wasm = text.includes('WebAssembly') ? (await carried(path)).toString('latin1') : '';
    for (const phrase of ['request-silent', 'record-unsigned', 'recordKey']) assert.ok(!(text + wasm).includes(phrase), `${path} contains ${phrase}`);
  }
  const module = new WebAssembly.Module(await readFile(join(packed.unpacked, 'dist', 'server.wasm')));
  for (const section of ['name', 'producers']) assert.deepEqual(WebAssembly.Module.customSections(module, section), [], section);
});

test('an import that is not used leaves nothing behind', async () => {
  const folder = await packed.project({ 'main.js': `import { connect } from '${NAME}';\nexport const one = 1;\n` });
  const { outputFiles } = await build({ entryPoints: [join(folder, 'main.js')], bundle: true, minify: true, format: 'esm', write: false });
  assert.equal(outputFiles[0].text.trim(), 'var o=1;export{o as one};');
});

test('the script imported for its effect stays in the bundle', async () => {
  const folder = await packed.project({ 'main.js': `import '${NAME}/script';\n` });
  const { outputFiles } = await build({ entryPoints: [join(folder, 'main.js')], bundle: true, minify: true, format: 'iife', write: false });
  assert.ok(outputFiles[0].text.includes('mixpanelConsent'));
});

/** Runs a file; a failure is told without the minified line that it happened in. */
const node = async (folder, file) => {
  try {
    return await exec(process.execPath, [file], { cwd: folder, timeout: 20_000 });
  } catch ({ code, signal, stderr }) {
    const told = stderr.split('\n').filter((line) => line.trim() && line.length < 300).join('\n');
    throw new Error(`node ended with ${signal ?? code}:\n${told}`);
  }
};

test('Node imports every entry that is a module, and touches nothing', async () => {
  const folder = await packed.project({
    'main.mjs': `
      const before = Object.getOwnPropertyNames(globalThis).sort().join();
      const entry = await import('${NAME}');
      const inspector = await import('${NAME}/inspector');
      const server = await import('${NAME}/server');
      console.log(JSON.stringify({
        entry: Object.keys(entry).sort(), inspector: Object.keys(inspector).sort(), server: typeof server.readConsent,
        same: Object.getOwnPropertyNames(globalThis).sort().join() === before,
      }));`,
  });
  const { stdout } = await node(folder, 'main.mjs');
  assert.deepEqual(JSON.parse(stdout), { entry: ['BridgeError', 'connect'], inspector: ['bridges', 'inspect', 'observe'], server: 'function', same: true });
});

test('connect() on a server says so, sends nothing, keeps nothing, and lets the process end', async () => {
  const folder = await packed.project({
    'main.mjs': `
      globalThis.fetch = () => { throw new Error('fetched'); };
      const { connect } = await import('${NAME}');
      const bridge = connect({ token: 'T', mixpanel: () => { throw new Error('loaded'); } });
      const told = [];
      bridge.subscribe((state) => told.push(state.code));
      bridge.mixpanel.init('T', {});
      bridge.mixpanel.track('Rendered');
      bridge.mixpanel.people.set({ plan: 'gold' });
      bridge.mixpanel.identify('user-7');
      const { consent, mode, code, held } = bridge.state;
      console.log(JSON.stringify({ consent, mode, code, held, told, text: String(bridge.explain()).length > 0 }));`,
  });
  const { stdout, stderr } = await node(folder, 'main.mjs');
  assert.deepEqual(JSON.parse(stdout), { consent: 'unset', mode: 'off', code: 'no-window', held: 0, told: ['no-window'], text: true });
  assert.equal(stderr, '');
});

test('connect() on a server still tells a programmer\'s mistake', async () => {
  const folder = await packed.project({
    'main.mjs': `
      const { connect, BridgeError } = await import('${NAME}');
      const { error } = connect({});
      console.log(error instanceof BridgeError, error.code);`,
  });
  const { stdout } = await node(folder, 'main.mjs');
  assert.equal(stdout.trim(), 'true token-missing');
});

test('what the exports map does not name cannot be imported', async () => {
  const folder = await packed.project({
    'main.mjs': `
      for (const path of ['dist/core.js', 'dist/index.js', 'core', 'src/api/entries/index.ts'])
        await import('${NAME}/' + path).then(() => console.log('imported ' + path), ({ code }) => console.log(code));
      console.log((await import('${NAME}/package.json', { with: { type: 'json' } })).default.name);`,
  });
  const { stdout } = await node(folder, 'main.mjs');
  assert.deepEqual(stdout.trim().split('\n'), [...Array(4).fill('ERR_PACKAGE_PATH_NOT_EXPORTED'), NAME]);
});

test('the types of the server part need nobody else\'s', async () => {
  const folder = await packed.project({
    'main.mts': `import { readConsent } from '${NAME}/server';\nexport const mode: 'off' | 'cookieless' | 'on' = readConsent({ cookie: '' }).mode;\n`,
    'tsconfig.json': JSON.stringify({ compilerOptions: { target: 'es2022', lib: ['es2022', 'dom'], module: 'nodenext', strict: true, exactOptionalPropertyTypes: true, noEmit: true, types: [], skipLibCheck: false }, files: ['main.mts'] }),
  });
  await unlink(join(folder, 'node_modules', 'mixpanel-browser'));
  await exec(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '--project', join(folder, 'tsconfig.json')], { cwd: folder, timeout: 120_000 })
    .catch(({ stdout, stderr }) => assert.fail(`${stdout}${stderr}`));
});
