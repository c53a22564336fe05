// What is in the package besides its own code, and on what terms: the notices of the crates inside
// the WebAssembly modules (dist/NOTICES.txt, by the build), a check of every crate's licence and
// source (lint), bills of materials, and the proof that a build can be made again. Not advisories:
// their databases are asked by the workflows, for they cannot be had everywhere.
//
//   node tools/supply.mjs check        licences and sources of all crates and npm packages
//   node tools/supply.mjs sbom         npm run sbom: target/sbom/npm.cdx.json, crates.cdx.json (CycloneDX)
//   node tools/supply.mjs reproduce    npm run reproduce: two clean builds in two folders, compared

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Failure, at, main, run, started, targetDir } from './lib.mjs';

/** What may be linked into what ships, or run while it is built. */
const LICENCES = new Set(['MIT', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'Zlib', '0BSD', 'Unicode-3.0', 'Unlicense', 'CC0-1.0', 'Apache-2.0 WITH LLVM-exception', 'BSL-1.0', 'MPL-2.0', 'BlueOak-1.0.0', 'CC-BY-4.0', 'MIT-0', 'Python-2.0']);
const CRATES_IO = 'registry+https://github.com/rust-lang/crates.io-index';

/** Whether a licence expression can be met with the licences above. */
export function allowed(expression) {
  const one = (text) => LICENCES.has(text.trim());
  const either = (text) => text.split(/ OR |\//).some(one);
  // Brackets of one level are what there is: `(MIT OR Apache-2.0) AND Unicode-3.0`.
  return expression.split(' AND ').every((part) => either(part.replace(/^\s*\(|\)\s*$/g, '')));
}

const metadata = async () => JSON.parse(await run('cargo', ['metadata', '--format-version', '1', '--locked', '--all-features'], { fix: 'Run `cargo metadata` to see the error.' }));

/** The crates that are linked into our two modules, as cargo knows them. */
async function linked() {
  const names = new Set();
  for (const feature of ['page', 'server']) {
    const text = await run('cargo', ['tree', '--locked', '--package', 'mixpanel-consent-bridge', '--target', 'wasm32-unknown-unknown', '--no-default-features', '--features', feature, '--edges', 'normal,no-proc-macro', '--prefix', 'none', '--format', '{p}']);
    for (const [, name, version] of text.matchAll(/^(\S+) v(\S+)/gm)) names.add(`${name} ${version}`);
  }
  const { packages } = await metadata();
  return packages.filter(({ name, version, source }) => source && names.has(`${name} ${version}`)).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The notices that these licences ask to be handed on. */
export async function notices() {
  const crates = await linked();
  if (crates.length < 5) throw new Failure('The crates inside the modules cannot be told: run `cargo tree --target wasm32-unknown-unknown --features server`.');
  const mit = readFileSync(at('LICENSE-MIT'), 'utf8').replace(/^Copyright .*$/m, 'Copyright (c) HOLDER');
  const texts = crates.map(({ name, version, license, repository, authors, manifest_path: manifest }) => {
    const folder = dirname(manifest);
    // Where there is a choice, the shorter of the two.
    const file = ['LICENSE-MIT', 'LICENSE-MIT.txt', 'LICENSE', 'LICENSE.md', 'LICENSE.txt', 'license-mit'].find((name) => existsSync(join(folder, name)))
      ?? readdirSync(folder).find((name) => /^(licen[cs]e|copying)/i.test(name));
    // Some name the MIT licence in their manifest and bring no text of it.
    if (!file && !/MIT/.test(license)) throw new Failure(`The crate ${name} ${version} brings no licence: look for it at ${repository}.`);
    return `${'-'.repeat(78)}\n${name} ${version} (${license})\n${repository ?? ''}\n\n${(file ? readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n') : mit.replace('HOLDER', authors.join(', ') || `the authors of ${name}`)).trim()}\n`;
  });
  return [
    'The WebAssembly modules of mixpanel-consent-bridge contain code of these crates, and of the\nRust standard library (https://github.com/rust-lang/rust, MIT OR Apache-2.0, The Rust Project Contributors).\nNothing else of others is in the package. It is used under the first of the licences that are named.\n',
    ...texts,
  ].join('\n');
}

/** What is wrong with the licences and sources of what the repository needs, a sentence each. */
export async function checkLicences() {
  const wrong = [];
  const { packages } = await metadata();
  for (const { name, version, license, source } of packages) {
    if (!source) continue;
    if (source !== CRATES_IO) wrong.push(`the crate ${name} ${version} is not from crates.io: ${source}`);
    if (!license || !allowed(license)) wrong.push(`the crate ${name} ${version} has the licence \`${license}\`, which tools/supply.mjs does not allow`);
  }
  for (const lock of ['package-lock.json', 'www/package-lock.json']) {
    for (const [path, { license, dev, integrity, link }] of Object.entries(JSON.parse(readFileSync(at(lock), 'utf8')).packages)) {
      if (!path || link) continue;
      if (!integrity) wrong.push(`${lock}: ${path} has no hash`);
      // Only what would be installed with the package must be on our terms; the rest are tools.
      if (lock === 'package-lock.json' && !dev && license && !allowed(license)) wrong.push(`${lock}: ${path} has the licence \`${license}\``);
    }
  }
  return wrong;
}

async function sbom() {
  const out = join(targetDir, 'sbom');
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'npm.cdx.json'), await run('npm', ['sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev', '--package-lock-only']));
  const { version } = JSON.parse(readFileSync(at('package.json'), 'utf8'));
  const checksums = new Map([...readFileSync(at('Cargo.lock'), 'utf8').matchAll(/name = "(.*)"\nversion = "(.*)"\n(?:source = .*\nchecksum = "(.*)")?/g)].map(([, name, v, sum]) => [`${name} ${v}`, sum]));
  const components = (await linked()).map(({ name, version: v, license, repository }) => ({
    type: 'library', name, version: v, purl: `pkg:cargo/${name}@${v}`, licenses: [{ expression: license.replaceAll('/', ' OR ') }],
    hashes: [{ alg: 'SHA-256', content: checksums.get(`${name} ${v}`) }],
    ...(repository ? { externalReferences: [{ type: 'vcs', url: repository }] } : {}),
  }));
  writeFileSync(join(out, 'crates.cdx.json'), `${JSON.stringify({
    bomFormat: 'CycloneDX', specVersion: '1.5', version: 1,
    metadata: { component: { type: 'library', name: 'mixpanel-consent-bridge', version, purl: `pkg:npm/mixpanel-consent-bridge@${version}` } },
    components,
  }, null, 2)}\n`);
  return out;
}

/** The hash of every file of a package. */
async function packed(folder) {
  const told = JSON.parse(await run('npm', ['pack', '--ignore-scripts', '--json', '--dry-run'], { cwd: folder }));
  const { files } = Array.isArray(told) ? told[0] : Object.values(told)[0];
  return new Map(files.map(({ path }) => [path, createHash('sha256').update(readFileSync(join(folder, path))).digest('hex')]));
}

/** Builds what is committed twice, in two folders with nothing of each other; resolves to what differs. */
async function reproduce() {
  const place = mkdtempSync(join(tmpdir(), 'reproduce-'));
  try {
    const made = [];
    // Once for both: what HEAD is may change meanwhile.
    await run('git', ['archive', '--format', 'tar', '--output', join(place, 'source.tar'), 'HEAD'], { cwd: at() });
    for (const name of ['first', 'the-second-of-them']) {
      const folder = join(place, name);
      console.log(`building in ${folder}`);
      mkdirSync(folder);
      await run('tar', ['-xf', join(place, 'source.tar'), '-C', folder]);
      await run(process.execPath, [join(folder, 'tools', 'build.mjs'), '--relaxed'], { cwd: folder, env: { CARGO_TARGET_DIR: join(folder, 'target') } });
      made.push(await packed(folder));
    }
    const [first, second] = made;
    const names = [...new Set([...first.keys(), ...second.keys()])].sort();
    for (const path of names) console.log(`${first.get(path) === second.get(path) ? 'same   ' : 'DIFFERS'} ${first.get(path)?.slice(0, 16) ?? '–'} ${path}`);
    const differ = names.filter((path) => first.get(path) !== second.get(path));
    if (differ.length) throw new Failure(`${differ.length} of ${names.length} files differ between two builds of one commit.`);
    console.log(`${names.length} files, the same bytes in both`);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

if (started(import.meta)) {
  await main(async () => {
    const [what] = process.argv.slice(2);
    if (what === 'check') {
      const wrong = await checkLicences();
      if (wrong.length) throw new Failure(wrong.join('\n'));
      console.log('every crate and npm package is from its registry, with a licence that is allowed');
    } else if (what === 'sbom') console.log(`The bills of materials are in ${await sbom()}.`);
    else if (what === 'reproduce') await reproduce();
    else throw new Failure('Say what: `node tools/supply.mjs check`, `sbom` or `reproduce`.');
  });
}
