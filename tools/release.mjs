// What a release needs to know: whether a tag is the version everywhere, and what its notes are.
// It publishes nothing; .github/workflows/release.yml does.
//
//   node tools/release.mjs check v0.1.0
//   node tools/release.mjs notes v0.1.0    prints the version's section of CHANGELOG.md

import { readFileSync } from 'node:fs';
import { Failure, at, main, started } from './lib.mjs';

/** The section of a version in CHANGELOG.md, without its heading; null if there is none. */
export function section(changelog, version) {
  const [, rest] = changelog.split(new RegExp(`^## ${version.replaceAll('.', '\\.')}(?:[ ,].*)?$`, 'm'));
  return rest === undefined ? null : rest.split(/^## /m)[0].trim();
}

/** What stands in the way of releasing this tag, a sentence each. */
export function wrongWith(tag, { pkg, cargo, changelog }) {
  const version = tag.replace(/^v/, '');
  const crate = /^version = "(.*)"$/m.exec(cargo)?.[1];
  return [
    ...(/^v\d+\.\d+\.\d+(-[\w.]+)?$/.test(tag) ? [] : [`\`${tag}\` is no tag of a version: \`v1.2.3\`.`]),
    ...(pkg.version === version ? [] : [`package.json has ${pkg.version}.`]),
    ...(crate === version ? [] : [`Cargo.toml has ${crate}.`]),
    ...(section(changelog, version) ? [] : [`CHANGELOG.md has no section ${version}.`]),
    ...(new RegExp(`^## ${version.replaceAll('.', '\\.')}.*not released`, 'm').test(changelog) ? [`CHANGELOG.md says that ${version} is not released: write its date.`] : []),
  ];
}

if (started(import.meta)) {
  await main(async () => {
    const [what, tag] = process.argv.slice(2);
    const read = (path) => readFileSync(at(path), 'utf8');
    if (what === 'notes') process.stdout.write(`${section(read('CHANGELOG.md'), tag.replace(/^v/, ''))}\n`);
    else if (what === 'check') {
      const wrong = wrongWith(tag ?? '', { pkg: JSON.parse(read('package.json')), cargo: read('Cargo.toml'), changelog: read('CHANGELOG.md') });
      if (wrong.length) throw new Failure(wrong.join('\n'));
      console.log(`${tag} is the version everywhere`);
    } else throw new Failure('Say what: `node tools/release.mjs check v0.1.0` or `notes v0.1.0`.');
  });
}
