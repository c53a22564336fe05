// One entry of src/entry through esbuild, as text: how the wasm gets into a script, and how
// the gate is kept apart from the core. It writes no file; build.mjs does.

import { readFileSync } from 'node:fs';
import { Failure, at, root } from './lib.mjs';
import { textModule } from './wasm-text.mjs';

/** One bundle as text. `wasm: false` leaves the module out, to weigh the glue alone. */
export async function bundle(entry, { format, core, wasm = true }) {
  const esbuild = await import('esbuild');
  try {
    const { outputFiles } = await esbuild.build({
      entryPoints: [entry],
      absWorkingDir: root,
      bundle: true,
      minify: true,
      format,
      target: 'es2020',
      platform: 'browser',
      charset: 'utf8',
      legalComments: 'none',
      write: false,
      logLevel: 'silent',
      external: ['node:*'],
      plugins: [wasmText(wasm), ...(core === 'apart' ? [coreApart] : [])],
    });
    const text = outputFiles[0].text;
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

// The gate asks for the core at run time, from the file beside it; and the core for what makes
// adapters of a site's own.
const coreApart = {
  name: 'core apart',
  setup(build) {
    build.onResolve({ filter: /^\.\/(core|adapter)(\.js|\.ts)?$/ }, ({ kind, path }) => (
      kind === 'dynamic-import' ? { path: `${path.replace(/\.[jt]s$/, '')}.js`, external: true } : undefined
    ));
  },
};

// `import bytes from 'wasm:bridge'` is a function that returns the module's bytes. They lie
// in the script as text (wasm-text.mjs), so that no bundler has to know about wasm.
const wasmText = (wanted) => ({
  name: 'wasm as text',
  setup(build) {
    build.onResolve({ filter: /^wasm:bridge$/ }, ({ path }) => ({ path, namespace: 'wasm' }));
    build.onLoad({ filter: /.*/, namespace: 'wasm' }, () => ({
      contents: wanted ? textModule(readFileSync(at('pkg', 'bridge_bg.wasm'))) : 'export default () => {};',
      loader: 'js',
    }));
    build.onLoad({ filter: /[\\/]pkg[\\/]bridge\.js$/ }, ({ path }) => ({ contents: withoutFetch(readFileSync(path, 'utf8')), loader: 'js' }));
  },
});

// wasm-bindgen's web target can also fetch its module from beside itself. Bundlers see
// that `new URL` even where nobody calls it, and go looking for the file.
function withoutFetch(glue) {
  const from = /new URL\('[^']*', import\.meta\.url\)/g;
  if (!from.test(glue)) throw new Failure('The glue in pkg/bridge.js has no `new URL(…, import.meta.url)` to take out: wasm-bindgen changed; adapt withoutFetch() in tools/build.mjs.');
  return glue.replace(from, 'undefined');
}
