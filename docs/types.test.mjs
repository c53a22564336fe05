// Every block of TypeScript in README.md and the pages, and every output of the builder, compiled
// as a strict project of a user compiles it; and that every block of any kind is run by something.
// What is run in a page is in readme.test.mjs, recipes.test.mjs and builder.test.mjs.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { transformSync } from 'esbuild';
import { compile as compileSvelte } from 'svelte/compiler';
import { compileScript, parse } from 'vue/compiler-sfc';
import { adapters, at, exe, files, root } from '../tools/lib.mjs';
import { packages } from '../tools/site.mjs';
import { FRAMEWORKS, POLICY, REGIONS, builderOutput } from '../www/builder/code.js';
import { blocks, coming } from './blocks.mjs';

const folder = at('target', 'docs-code');
const entry = (name) => [join(root, 'dist', `${name}.d.ts`)];
const TSCONFIG = {
  compilerOptions: {
    target: 'es2022', lib: ['es2022', 'dom', 'dom.iterable'], module: 'esnext', moduleResolution: 'bundler', jsx: 'react-jsx',
    strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, noEmit: true, skipLibCheck: true, types: [],
    moduleDetection: 'force',
    paths: {
      'mixpanel-consent-bridge': entry('index'), 'mixpanel-consent-bridge/no-wasm': entry('index'),
      'mixpanel-consent-bridge/react': entry('react'), 'mixpanel-consent-bridge/vue': entry('vue'), 'mixpanel-consent-bridge/server': entry('server'),
      react: [at('www', 'node_modules', '@types', 'react')], 'react/jsx-runtime': [at('www', 'node_modules', '@types', 'react', 'jsx-runtime')],
    },
  },
  include: ['**/*.ts', '**/*.tsx'],
};
// What a framework puts beside a file of its own.
const AROUND = `
declare const process: { env: Record<string, string | undefined> };
declare function defineNuxtPlugin<T>(make: () => T): T;
declare function useRuntimeConfig(): { public: { mixpanelToken: string } };
interface ImportMeta { readonly env: { readonly PUBLIC_MIXPANEL_TOKEN: string } }
declare module '$env/static/public' { export const PUBLIC_MIXPANEL_TOKEN: string; }
`;

/** Compiles these files; resolves to what tsc says, by file. */
function compile(name, texts) {
  const place = join(folder, name);
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, 'tsconfig.json'), JSON.stringify(TSCONFIG));
  writeFileSync(join(place, 'around.d.ts'), AROUND.replace(/^interface ImportMeta.*$/m, ''));
  writeFileSync(join(place, 'meta.d.ts'), "interface ImportMeta { readonly env: { readonly PUBLIC_MIXPANEL_TOKEN: string } }\n");
  for (const [path, text] of Object.entries(texts)) {
    mkdirSync(dirname(join(place, path)), { recursive: true });
    writeFileSync(join(place, path), text);
  }
  const { stdout, status } = spawnSync(process.execPath, [at('node_modules', 'typescript', 'bin', 'tsc'), '--pretty', 'false', '--project', join(place, 'tsconfig.json')], { cwd: place, encoding: 'utf8' });
  const said = stdout.split('\n').filter((line) => / error /.test(line));
  return { said, status };
}

before(async () => {
  await packages();
  rmSync(folder, { recursive: true, force: true });
});
after(() => rmSync(folder, { recursive: true, force: true }));

describe('the code of the documents compiles strictly', () => {
  const typed = blocks.filter(({ kind }) => ['ts', 'tsx'].includes(kind));
  const manager = files('docs/managers').filter((path) => !path.endsWith('index.md')).map((path) => ({ page: path, kind: 'ts', line: 1, code: /```ts\n([\s\S]*?)```/.exec(readFileSync(at(path), 'utf8'))[1] }));

  /** A block as a file of a project: a piece of one has the bridge around it, and a neighbour that it imports is there. */
  const whole = ({ code }) => (/\bbridge\b/.test(code) && !/(const|import \{[^}]*) bridge\b/.test(code) ? `declare const bridge: import('mixpanel-consent-bridge').Bridge;\n${code}\nexport {};\n` : code);
  test('the pages', () => {
    const texts = { 'bridge.ts': "import { connect } from 'mixpanel-consent-bridge';\nexport const bridge = connect({ token: 'YOUR_PROJECT_TOKEN' });\n" };
    for (const one of [...typed, ...manager]) if (!coming(one.code)) texts[`${one.page.replaceAll('/', '-')}-${one.line}.${one.kind}`] = whole(one);
    const { said, status } = compile('pages', texts);
    assert.deepEqual(said, []);
    assert.equal(status, 0);
  });

  test('and what is wrong does not', () => {
    const { said } = compile('wrong', { 'wrong.ts': "import { connect } from 'mixpanel-consent-bridge';\nconnect({ token: 'x', cmp: 'onetrast' });\n" });
    assert.equal(said.length, 1);
  });
});

describe('the builder’s outputs', () => {
  const script = (file) => {
    if (file.lang === 'vue') {
      const { descriptor, errors } = parse(file.text, { filename: file.name });
      assert.deepEqual(errors, []);
      return compileScript(descriptor, { id: 'x', inlineTemplate: false }).content;
    }
    return file.lang === 'html' ? /<script>\n([\s\S]*)<\/script>/.exec(file.text)[1].replaceAll('<\\/', '</') : file.text;
  };

  test('for every consent manager, framework and policy compile, or are what their language asks for', async () => {
    const ids = ['auto', 'manual', ...(await adapters()).map(({ id }) => id)];
    const policies = POLICY.reduce((all, { option, answers }) => all.flatMap((one) => answers.map(([value]) => ({ ...one, [option]: value }))), [{}]);
    const choices = [
      ...FRAMEWORKS.flatMap(({ id: framework }) => ids.map((cmp) => ({ framework, cmp }))),
      ...FRAMEWORKS.flatMap(({ id: framework }) => policies.map((policy) => ({ framework, cmp: 'klaro', policy }))),
      ...FRAMEWORKS.flatMap(({ id: framework }) => REGIONS.map(([apiHost]) => ({ framework, apiHost, pageviews: false }))),
      // What a person may type.
      ...FRAMEWORKS.flatMap(({ id: framework }) => ["it's", 'a, b', 'Site statistics', '</script><b>', '"x"', '\\', '${1}', 'é'].map((typed) => ({ framework, cmp: 'onetrust', category: typed, token: typed }))),
    ];
    const texts = {};
    let html = 0;
    choices.forEach((choice, index) => {
      for (const file of builderOutput(choice).files) {
        const named = file.name.split('/').at(-1);
        if (['ts', 'tsx'].includes(file.lang)) texts[`${index}/${named}`] = file.text;
        else if (file.lang === 'vue') texts[`${index}/${named}.ts`] = script(file).replace('./bridge.js', './bridge.js');
        else if (file.lang === 'svelte') compileSvelte(file.text, { generate: 'client' });
        else if (choice.framework === 'astro') texts[`${index}/layout.ts`] = script(file);
        else if (file.lang === 'js') transformSync(file.text, { loader: 'js' });
        else html += 1;
      }
    });
    assert.ok(Object.keys(texts).length > 500 && html > 100);
    const { said, status } = compile('builder', texts);
    assert.deepEqual(said.slice(0, 20), []);
    assert.equal(status, 0);
  });
});

describe('every block of code is run by something', () => {
  // Which test runs the blocks of a kind; a block of another kind has none.
  const RUN = {
    ts: 'compiled here; the complete ones are run by readme.test.mjs', tsx: 'compiled here', js: 'tests/server/readme.test.mjs, readme.test.mjs',
    html: 'recipes.test.mjs, readme.test.mjs', liquid: 'recipes.test.mjs', php: 'wordpress.test.mjs', svelte: 'compiled below', sh: 'looked at below', toml: 'looked at below', text: 'tests/cli/verify.test.mjs; recipes.test.mjs', yaml: 'looked at below; tests/cli/action.test.mjs runs the action', rust: 'looked at below; the program that it is is run by tests/package/front.test.mjs', '': 'a picture',
  };
  test('no kind is unknown', () => assert.deepEqual([...new Set(blocks.map(({ kind }) => kind))].filter((kind) => !(kind in RUN)), []));
  test('a page that installs or runs the package says that it is not published yet, and an action is named by a tag', () => {
    for (const page of new Set(blocks.map((one) => one.page))) {
      const text = readFileSync(at(page), 'utf8');
      if (/npx mixpanel-consent-bridge|npm (?:install|i) .*mixpanel-consent-bridge/.test(text)) assert.match(text, /\]\((?:docs\/start\/index\.md|\/start\/)?#the-package-is-not-published-yet\)/, page);
      for (const [, version] of text.matchAll(/^\s*- uses: [\w-]+\/[\w-]+@(\S+)/gm)) assert.match(version, /^v\d+\.\d+\.\d+$|^[\da-f]{40}$/, page);
    }
  });
  test('Svelte', () => { for (const { code } of blocks.filter(({ kind }) => kind === 'svelte')) compileSvelte(code, { generate: 'client' }); });
  test('JavaScript is JavaScript', () => { for (const { code } of blocks.filter(({ kind }) => kind === 'js')) transformSync(code, { loader: 'js' }); });
  test('features of the crate that are named are there', () => {
    const features = readFileSync(at('Cargo.toml'), 'utf8').split('[features]')[1].split('\n[')[0];
    for (const { code } of blocks.filter(({ kind }) => kind === 'toml')) for (const [, name] of code.matchAll(/^mixpanel-consent-bridge = .*features = \["([\w-]+)"/gm)) assert.match(features, new RegExp(`^${name} =`, 'm'));
  });
  test('Rust is the program of examples/leptos/examples/plain.rs', () => {
    const program = readFileSync(at('examples', 'leptos', 'examples', 'plain.rs'), 'utf8').replace(/^(?:\/\/!.*\n)+\n/, '');
    const rust = blocks.filter(({ kind }) => kind === 'rust');
    assert.ok(rust.length > 0);
    for (const { code } of rust) assert.equal(code, program);
  });
  test('inputs of the action that are named are there', () => {
    const action = readFileSync(at('action.yml'), 'utf8').split(/^outputs:/m)[0];
    const yaml = blocks.filter(({ kind }) => kind === 'yaml');
    for (const { code } of yaml) for (const [, input] of code.matchAll(/^ {4}(\w+):/gm)) assert.match(action, new RegExp(`^  ${input}:`, 'm'));
    assert.ok(yaml.every(({ code }) => code.includes(JSON.parse(readFileSync(at('package.json'), 'utf8')).repository.url.match(/github\.com\/(.*)\.git/)[1])));
  });
  test('flags of the command that are named are there', () => {
    const { stdout } = spawnSync(process.execPath, [at('dist', 'cli.js'), '--help'], { encoding: 'utf8' });
    const text = ['README.md', 'docs/verify.md'].map((path) => readFileSync(at(path), 'utf8')).join('\n');
    const flags = new Set([...text.matchAll(/(?:`| )(--[a-z][\w-]+)/g)].map(([, flag]) => flag));
    for (const flag of ['--save-dev', '--write', '--adapters', '--all', '--force', '--plain']) flags.delete(flag);
    assert.deepEqual([...flags].filter((flag) => !stdout.includes(flag)), []);
    assert.ok(flags.size > 4, exe);
  });
});
