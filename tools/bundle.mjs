// One entry through esbuild, as text: how the wasm gets into a script, and how
// the gate is kept apart from the core. It writes no file; build.mjs does.

import { readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { Failure, at, files, root } from './lib.mjs';
import { forServers, withoutFetch } from './glue.mjs';
import { PARTS, allTexts, noticing, partFiles, spread } from './parts.mjs';
import { textModule } from './wasm-text.mjs';

/**
 * One bundle as text. `wasm: false` leaves the module out, to weigh the glue alone. `server`: where
 * the module of the server part is, `inline` or `beside` it; `node`: for the command line. `tag`: where
 * the core of the script tag is, `inside` or `beside` it, in the folder `build`. What is not for pages
 * is not made small, so that a stack can be read.
 */
export async function bundle(entry, { format, core, server, tag, build = '', node = false, wasm = true, noWasm = false }) {
  const esbuild = await import('esbuild');
  try {
    const { outputFiles } = await esbuild.build({
      entryPoints: [entry],
      absWorkingDir: root,
      bundle: true,
      minify: !server && !node,
      format: 'esm',
      target: server || node ? 'es2022' : 'es2020',
      platform: server || node ? 'neutral' : 'browser',
      charset: 'utf8',
      legalComments: 'none',
      write: false,
      logLevel: 'silent',
      external: ['node:*', 'react', 'vue'],
      ...(node ? { define: { PACKAGE: JSON.stringify((({ version, homepage }) => ({ version, homepage }))(JSON.parse(readFileSync(at('package.json'), 'utf8')))) } } : {}),
      plugins: [noWasm ? plainCore : wasmText(wasm), adapterTexts(tag === 'beside' || (format === 'esm' && core === 'apart'), tag), ...(tag ? [tagCore(tag, build)] : []), ...(tag === 'inside' ? [inside] : []), ...(server ? [serverWasm(server)] : []), ...(node ? [pageScript] : []), core === 'apart' ? coreApart(noWasm) : withoutInspector],
    });
    let { text } = outputFiles[0];
    if (!server && !node) {
      const { minify } = await import('terser');
      const names = privateNames();
      // After esbuild's own: 3 % less of a page's load.
      ({ code: text } = await minify(text, {
        ecma: 2020, module: true, toplevel: true, compress: { passes: 3, unsafe_arrows: true }, format: { comments: false },
        mangle: { properties: { regex: new RegExp(`^(${names.join('|')})$`), keep_quoted: 'strict' } },
        nameCache: { props: { props: Object.fromEntries(names.map((name, i) => [`$${name}`, letters(i)])) } },
      }));
      const { eager } = await import('./eager.mjs');
      text = eager(text);
    }
    // By hand: esbuild's own way puts a stand-in for `require` above what imports a file beside it.
    if (format === 'iife') text = `"use strict";(()=>{${text}})();`;
    if (text.includes('import.meta')) {
      throw new Failure(`The bundle of \`${entry}\` contains import.meta, which asks bundlers for a separate file: use initSync of the glue alone.`);
    }
    return text;
  } catch (error) {
    if (!error.errors) throw error;
    const { formatMessages } = esbuild;
    throw new Failure(`${(await formatMessages(error.errors, { kind: 'error', color: false })).join('')}esbuild could not bundle \`${entry}\`: run \`npx tsc --noEmit\` to see the errors.`);
  }
}

/**
 * What the chunks of one bridge call each other by, and no page ever sees: the members of the interfaces
 * in src/page/rooms.ts, short in each chunk and the same in all. Names that the browser has as well, or
 * that the public types or the SDK's have, are not shortened.
 */
export function privateNames() {
  const members = new Set([...readFileSync(at('src/page/rooms.ts'), 'utf8').matchAll(/^ {2}(?:readonly )?(\w+)\??[:(]/gm)].map(([, name]) => name));
  if (members.size < 20) throw new Failure('The members of the interfaces in src/page/rooms.ts cannot be read: adapt privateNames() in tools/bundle.mjs.');
  const words = (path) => readFileSync(path, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*|'[^']*'/g, '').match(/\w+/g);
  const known = new Set([
    ...readFileSync(at('node_modules', 'terser', 'tools', 'domprops.js'), 'utf8').match(/\w+/g),
    ...files('src/api').filter((path) => path.endsWith('.d.ts')).flatMap((path) => words(at(path))),
    ...words(at('node_modules', 'mixpanel-browser', 'src', 'index.d.ts')),
    ...SDK,
  ]);
  const code = files('src/page').map((path) => readFileSync(at(path), 'utf8')).join('\n');
  // What a chunk exports keeps its name, and may be read as a member of the chunk.
  for (const [, name] of code.matchAll(/^export (?:async )?(?:const|function|class) (\w+)/gm)) known.add(name);
  // The most used get the shortest.
  const uses = (name) => code.split(new RegExp(`\\b${name}\\b`)).length;
  return [...members].filter((name) => !known.has(name)).sort((a, b) => uses(b) - uses(a) || (a < b ? -1 : 1));
}
/** Names of the SDK's that its types do not have. */
const SDK = ['__loaded', '_i', 'set_config', 'stop_batch_senders', 'start_batch_senders', 'fetchFlags', 'load_flags'];
const letters = (n) => (n < 26 ? '' : letters(Math.floor(n / 26) - 1)) + String.fromCharCode(97 + n % 26);

/** What is loaded when it is needed: the file of its own that each dynamic import becomes, beside the one that asks. */
const CHUNKS = {
  'src/page/look/core.ts': 'core.js',
  'src/page/look/frames.ts': 'frames.js',
  'src/page/look/texts.ts': 'texts.js',
  'src/page/look/explain.ts': 'explain.js',
  'src/page/look/words.ts': 'words.js',
  'src/page/sdk/drive.ts': 'drive.js',
  'src/page/sdk/sweep.ts': 'sweep.js',
  'src/page/own/instances.ts': 'instances.js',
  'src/page/own/post.ts': 'post.js',
  'src/page/own/cookie.ts': 'cookie.js',
  'src/page/own/own.ts': 'adapter.js',
  'src/page/own/rules.ts': 'rules.js',
  'src/page/inspect/inspect.ts': 'inspector.js',
};
/** Those with a module in them. */
const WASM = ['core.js', 'texts.js'];
const coreApart = (noWasm) => ({
  name: 'core apart',
  setup(build) {
    build.onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) => {
      if (kind !== 'dynamic-import') return undefined;
      const source = relative(root, join(resolveDir, path)).split(sep).join('/');
      const chunk = CHUNKS[source];
      if (!chunk) throw new Failure(`\`${source}\` is imported when it is needed and has no file: name it in CHUNKS in tools/bundle.mjs.`);
      return { path: `./${noWasm && WASM.includes(chunk) ? chunk.replace('.', '.no-wasm.') : chunk}`, external: true };
    });
  },
});

/** Of these what `bridge.all.js` has inside: what a visitor's page may need. The others are a developer's choice. */
const INSIDE = ['src/page/look/frames.ts', 'src/page/look/texts.ts', 'src/page/look/words.ts', 'src/page/look/explain.ts', 'src/page/own/instances.ts', 'src/page/own/post.ts', 'src/page/own/cookie.ts', 'src/page/sdk/drive.ts', 'src/page/sdk/sweep.ts'];
// As an object of what the file exports. The bundler's own way of making one walks over the prototype's
// members, and fails on a page where a script has added some.
const inside = {
  name: 'inside one file',
  setup(build) {
    build.onLoad({ filter: /[\\/]src[\\/]page[\\/].*\.ts$/ }, ({ path }) => {
      const imports = [];
      const contents = readFileSync(path, 'utf8').replace(/\bimport\('(\.[^']+)'\)/g, (whole, to) => {
        const file = join(dirname(path), to);
        if (!INSIDE.includes(relative(root, file).split(sep).join('/'))) return whole;
        const names = [...readFileSync(file, 'utf8').matchAll(/^export (?:async )?(?:const|function) (\w+)/gm)].map(([, name]) => name);
        if (!names.length) throw new Failure(`\`${to}\` exports nothing that \`inside\` in tools/bundle.mjs can read.`);
        imports.push(`import { ${names.map((name) => `${name} as $${name}`).join()} } from '${to}';`);
        return `(async () => ({ __proto__: null, ${names.map((name) => `${name}: $${name}`).join()} }))()`;
      });
      return { contents: [...new Set(imports), contents].join('\n'), loader: 'ts' };
    });
  },
};

// Where everything is one file (the crate's), every page would carry the inspector: a page that wants it imports it by itself.
const withoutInspector = {
  name: 'without the inspector',
  setup(build) {
    build.onResolve({ filter: /inspect\/inspect\.ts$/ }, ({ kind, path }) => (kind === 'dynamic-import' ? { path, namespace: 'none' } : undefined));
    build.onLoad({ filter: /.*/, namespace: 'none' }, () => ({ contents: 'export const inspect = () => {};', loader: 'js' }));
  },
};

// `import { parts } from 'adapters:parts'` says how the texts are got: in modules as files of
// their own (build.mjs writes them), in what is one file (the tag, the command, the crate's) as what it
// carries, where nothing has to be noticed first. `adapters:signs` is what they are noticed by.
export const adapterTexts = (apart, tag) => ({
  name: 'texts of the adapters',
  setup(build) {
    build.onResolve({ filter: /^adapters:/ }, ({ path }) => ({ path, namespace: 'adapters' }));
    build.onResolve({ filter: /^\.\/cmp/, namespace: 'adapters' }, ({ path }) => ({ path, external: true }));
    build.onLoad({ filter: /:signs$/, namespace: 'adapters' }, () => {
      const { signs, events } = noticing();
      return { contents: `export const signs = ${JSON.stringify(signs.map((some) => some.join(' ')).join('\n'))}, events = ${JSON.stringify(events)};`, loader: 'js' };
    });
    build.onLoad({ filter: /:parts$/, namespace: 'adapters' }, async () => ({
      resolveDir: root,
      contents: apart && tag
        ? `import { fetchFile } from './src/page/tag/beside.ts';\nexport const notice = () => fetchFile('cmp.js'), apart = /^(auto|manual)$/, spread = ${spread()}, parts = [...Array(${PARTS}).keys()].map((part) => () => fetchFile('cmp-' + part + '.js'));`
        : apart
        ? `export const notice = () => import('./cmp.js'), apart = /^(auto|manual)$/, spread = ${spread()}, parts = [${(await partFiles()).map(([name]) => `() => import('./${name}')`).join()}];`
        : `const text = ${allTexts()};\nexport const notice = async () => ({}), apart = /^manual$/, spread = 1, parts = [async () => ({ default: text })];`,
      loader: 'js',
    }));
  },
});

// The script tag's core, in files beside it or inside.
const tagCore = (where, name) => ({
  name: 'core of the tag',
  setup(build) {
    build.onResolve({ filter: /^tag:core$/ }, () => ({ path: at('src', 'page', 'tag', `${where}.ts`) }));
    build.onResolve({ filter: /^tag:build$/ }, ({ path }) => ({ path, namespace: 'tag' }));
    build.onLoad({ filter: /.*/, namespace: 'tag' }, () => ({ contents: `export const BUILD = ${JSON.stringify(name)};`, loader: 'js' }));
  },
});

// The core as JavaScript, and the glue that belongs to it, in the places of the other ones.
const plainCore = {
  name: 'core without wasm',
  setup(build) {
    build.onResolve({ filter: /^wasm:bridge$/ }, () => ({ path: at('pkg', 'no-wasm_bg.js') }));
    build.onResolve({ filter: /^wasm:texts$/ }, () => ({ path: at('pkg', 'texts', 'texts.js') }));
    build.onResolve({ filter: /[\\/]pkg[\\/]bridge\.js$/ }, () => ({ path: at('pkg', 'no-wasm.js') }));
    build.onLoad({ filter: /[\\/]pkg[\\/]no-wasm\.js$/ }, ({ path }) => ({ contents: withoutFetch(readFileSync(path, 'utf8')), loader: 'js' }));
  },
};

// `import { compile } from 'wasm:bridge'` compiles the module. Its bytes lie
// in the script as text (wasm-text.mjs), so that no bundler has to know about wasm.
const wasmText = (wanted) => ({
  name: 'wasm as text',
  setup(build) {
    build.onResolve({ filter: /^wasm:bridge$/ }, ({ path }) => ({ path, namespace: 'wasm' }));
    build.onResolve({ filter: /^wasm:texts$/ }, ({ path }) => ({ path, namespace: 'wasm' }));
    build.onLoad({ filter: /:texts$/, namespace: 'wasm' }, () => ({
      contents: `${textModule(readFileSync(at('pkg', 'texts', 'texts.wasm')))}
export const exported = async () => new WebAssembly.Instance(await compile()).exports;`,
      loader: 'js',
    }));
    build.onLoad({ filter: /:bridge$/, namespace: 'wasm' }, () => ({
      contents: wanted ? textModule(readFileSync(at('pkg', 'bridge_bg.wasm'))) : 'export default () => {};\nexport const compile = () => {};',
      loader: 'js',
    }));
    build.onLoad({ filter: /[\\/]pkg[\\/]bridge\.js$/ }, ({ path }) => ({ contents: withoutFetch(readFileSync(path, 'utf8')), loader: 'js' }));
  },
});

// `import text from 'page:./page.js'` is a script for a page, as text: the command line puts it there.
// What it exports is at `page`.
const pageScript = {
  name: 'script for a page',
  setup(build) {
    build.onResolve({ filter: /^page:/ }, ({ path, resolveDir }) => ({ path: relative(root, join(resolveDir, path.slice('page:'.length))), namespace: 'page' }));
    build.onLoad({ filter: /.*/, namespace: 'page' }, async ({ path }) => {
      const { outputFiles } = await build.esbuild.build({
        entryPoints: [at(path)], absWorkingDir: root, bundle: true, write: false, minifyWhitespace: true, format: 'iife', globalName: 'page',
        target: 'es2020', platform: 'browser', charset: 'utf8', legalComments: 'none', logLevel: 'silent', plugins: [plainCore],
      });
      return { contents: outputFiles[0].text, loader: 'text' };
    });
  },
};

// `import module from 'wasm:server'` is a function that returns the compiled module. Runtimes
// that compile no bytes (Cloudflare's, Vercel's edge) have their bundlers bring the file compiled.
const serverWasm = (where) => ({
  name: 'wasm of the server',
  setup(build) {
    build.onResolve({ filter: /^wasm:server$/ }, ({ path }) => ({ path, namespace: 'wasm-server' }));
    build.onResolve({ filter: /^\.\/server\.wasm\?module$/ }, ({ path }) => ({ path, external: true }));
    build.onLoad({ filter: /.*/, namespace: 'wasm-server' }, () => ({
      contents: where === 'beside'
        ? "import module from './server.wasm?module';\nexport default () => module;"
        : `const text = '${readFileSync(at('pkg', 'server', 'server_bg.wasm')).toString('base64')}';
// A loop takes a tenth of the time of Uint8Array.from() with a function, and the platform's decoder a hundredth.
const loop = () => {
  const chars = atob(text);
  const bytes = new Uint8Array(chars.length);
  for (let i = 0; i < chars.length; i += 1) bytes[i] = chars.charCodeAt(i);
  return bytes;
};
export default () => new WebAssembly.Module(globalThis.Buffer?.from(text, 'base64') ?? Uint8Array.fromBase64?.(text) ?? loop());`,
      loader: 'js',
    }));
    build.onLoad({ filter: /[\\/]pkg[\\/]server[\\/]server\.js$/ }, ({ path }) => ({ contents: forServers(withoutFetch(readFileSync(path, 'utf8'))), loader: 'js' }));
  },
});
