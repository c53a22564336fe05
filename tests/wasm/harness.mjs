// The core's own wasm and the page's own probes, as they ship, in a browser and in Node; and a
// page made from a fixture. Not a test.
//
// probe.js looks at `window`. Here that name stands for an object built from the fixture, so
// that a page of any consent manager can be had without its globals meeting the browser's;
// cookies and localStorage are the browser's own.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { chromium as engine } from 'playwright-core';
import { adapterTexts } from '../../tools/bundle.mjs';
import { at, root } from '../../tools/lib.mjs';
import { CHROMIUM_ARGS, shell } from '../../tools/setup.mjs';

const bundle = async (contents, define = {}) => {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root }, absWorkingDir: root,
    bundle: true, format: 'iife', target: 'es2020', write: false, logLevel: 'silent', define,
    plugins: [adapterTexts(true), {
      name: 'no texts: the script itself says where they are got from',
      setup({ onResolve, onLoad }) {
        onResolve({ filter: /^wasm:texts$/ }, ({ path }) => ({ path, namespace: 'none' }));
        onLoad({ filter: /.*/, namespace: 'none' }, () => ({ contents: 'export const exported = undefined;' }));
      },
    }, {
      // The glue's own way to fetch its module is not used here either.
      name: 'no fetch',
      setup: ({ onLoad }) => onLoad({ filter: /[\\/]pkg[\\/](bridge|no-wasm)\.js$/ }, async ({ path }) => ({
        contents: (await readFile(path, 'utf8')).replace(/new URL\('[^']*', import\.meta\.url\)/g, 'undefined'),
      })),
    }],
  });
  return outputFiles[0].text;
};

/** Runs in the browser: makes `__page`, cookies and storage from a fixture's snapshot. */
function lay(snapshot) {
  for (const pair of document.cookie.split('; ')) document.cookie = `${pair.split('=')[0]}=; max-age=0; path=/`;
  localStorage.clear();
  const special = (json) => json !== null && typeof json === 'object' && !Array.isArray(json);
  const value = (json) => {
    if (Array.isArray(json)) return json.map(value);
    if (!special(json)) return json;
    if ('$function' in json) return () => {};
    const made = {};
    for (const [key, inner] of Object.entries(json)) {
      if (special(inner) && '$thrown' in inner) Object.defineProperty(made, key, { enumerable: true, get() { throw new Error('thrown by the page'); } });
      // An own property, whatever its name.
      else Object.defineProperty(made, key, { enumerable: true, configurable: true, writable: true, value: value(inner) });
    }
    return made;
  };

  const tree = { steps: new Map() };
  const heard = {};
  const refused = [];
  for (const [key, json] of Object.entries(snapshot)) {
    const colon = key.indexOf(':');
    const [kind, place] = [key.slice(0, colon), key.slice(colon + 1)];
    if (kind === 'cookie') {
      document.cookie = `${place}=${json}; path=/`;
      if (!`; ${document.cookie}`.includes(`; ${place}=${json}`)) refused.push(key);
    } else if (kind === 'local') {
      localStorage.setItem(place, json);
    } else if (kind === 'heard') {
      heard[place] = value(json);
    } else {
      let node = tree;
      for (const segment of place.split('.').filter((one) => one !== '@parsed')) {
        const [name, words] = segment.split('(');
        for (const step of words === undefined ? [`.${name}`] : [`.${name}`, `(${words.slice(0, -1)}`]) {
          if (!node.steps.has(step)) node.steps.set(step, { steps: new Map() });
          node = node.steps.get(step);
        }
      }
      node.json = json;
    }
  }

  const throws = (node) => special(node.json) && '$thrown' in node.json;
  const make = (node) => {
    const calls = [...node.steps].filter(([step]) => step[0] === '(');
    let made = 'json' in node ? value(node.json) : {};
    if (calls.length) {
      const answers = new Map(calls.map(([step, answer]) => [step.slice(1), answer]));
      made = (...words) => {
        const answer = answers.get(words.map((word) => (word === location.hostname ? '@host' : word)).join());
        if (answer === undefined) return undefined;
        if (throws(answer)) throw new Error('thrown by the page');
        return make(answer);
      };
    }
    for (const [step, inner] of node.steps) {
      if (step[0] === '(') continue;
      Object.defineProperty(made, step.slice(1), {
        enumerable: true, configurable: true,
        get() {
          if (throws(inner)) throw new Error('thrown by the page');
          return make(inner);
        },
      });
    }
    return made;
  };
  const page = make(tree);
  Object.defineProperty(page, 'localStorage', { get: () => localStorage });
  globalThis.__page = page;
  globalThis.__heard = heard;
  return refused;
}

/** Runs in the browser: a bridge with these adapters, whose other side takes everything and does nothing. */
function connect(ids) {
  const said = [];
  const given = { run: () => contract.NOTHING, say: (...state) => { said.push(state); } };
  const target = new Proxy(given, { get: (own, key) => own[key] ?? (() => {}) });
  // Every option as it is by default, and no record.
  return { bridge: core.connect(target, ['000000000', '\n\n\n', ''].join(contract.SEPARATOR), known(ids)), said };
}

const load = async (glue = 'bridge') => ({
  scripts: [
    await bundle(`
      import { cookies, find, look, rare } from "./src/page/look/probe.ts";
      import { decoderOf } from "./src/page/look/texts.ts";
      import { noticing } from "./src/page/look/notice.ts";
      ${glue === 'bridge'
        ? `const exported = () => new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(atob('${(await readFile(at('pkg', 'texts', 'texts.wasm'))).toString('base64')}'), (char) => char.charCodeAt(0)))).exports;`
        : 'import { exported } from "./pkg/texts/texts.js";'}
      rare.decode = decoderOf(exported());
      Object.assign(globalThis, { cookies, find, look, noticing });`, { window: 'globalThis.__page' }),
    await bundle(`
      import { initSync, tell } from "./pkg/${glue}.js";
      ${glue === 'bridge' ? '' : `import { compile } from "./pkg/${glue}_bg.js"; globalThis.compile = compile;`}
      import { open } from "./src/page/look/host.ts";
      import { reader } from "./src/page/look/words.ts";
      import { instances } from "./src/page/own/instances.ts";
      import * as contract from "./src/page/contract.ts";
      globalThis.contract = contract;
      globalThis.reader = reader;
      globalThis.instances = (gate, place, ownKey, underKey, answer) => instances(gate, place, ownKey, underKey, answer, open, tell);
      const bridges = [];
      globalThis.core = {
        initSync, tell,
        connect(host, setup, texts) {
          const bridge = open(tell, host, setup);
          return bridges.push({ ...bridge, program: bridge.add(texts) }) - 1;
        },
        program: (id) => JSON.stringify(bridges[id].program),
        looked: (id, found, browser) => bridges[id].looked(found, browser, Date.now()),
        answer: (id, number) => bridges[id].answer(number),
        happened: (id, code) => bridges[id].happened(code),
        explain: (id, found) => bridges[id].explain(found),
      };
    `),
    `const texts = new Map(${JSON.stringify(JSON.parse(await readFile(at('pkg', 'adapters.json'), 'utf8')).map(({ id, text }) => [id, text]))});
    /** What a page with these ids hands over: a bridge keeps it for as long as its page, so no more than that. */
    globalThis.known = (ids) => [...texts].filter(([id]) => ids.split(' ').some((one) => one === id || one === 'auto')).map(([, text]) => text);
    globalThis.lay = ${lay}; globalThis.connect = ${connect};`,
  ],
  wasm: await readFile(at('pkg', 'bridge_bg.wasm')),
});

/**
 * The same without a browser, where there is only as much of a page as `lay` and the probes
 * touch. `evaluate` is that of a browser's page. `noWasm`: the core as JavaScript, where there is no
 * WebAssembly at all.
 */
export async function openInNode({ noWasm = false } = {}) {
  const { scripts, wasm } = await load(noWasm ? 'no-wasm' : 'bridge');
  const jar = new Map();
  const methods = {
    clear() { for (const key of Object.keys(this)) delete this[key]; },
    getItem(key) { return Object.hasOwn(this, key) ? this[key] : null; },
    setItem(key, text) { this[key] = String(text); },
  };
  const context = createContext({
    atob, TextDecoder, TextEncoder, console, performance, wasmBytes: wasm,
    location: { hostname: '127.0.0.1' },
    localStorage: Object.create(methods),
    document: {
      readyState: 'complete',
      get cookie() { return [...jar].map(([name, text]) => `${name}=${text}`).join('; '); },
      set cookie(text) {
        const [pair, ...attributes] = text.split('; ');
        const [name] = pair.split('=', 1);
        if (attributes.includes('max-age=0')) jar.delete(name);
        else jar.set(name, pair.slice(name.length + 1));
      },
    },
  });
  if (noWasm) runInContext('delete globalThis.WebAssembly;', context);
  for (const content of scripts) runInContext(content, context);
  runInContext(`core.initSync({ module: ${noWasm ? 'compile()' : 'new WebAssembly.Module(new Uint8Array(wasmBytes))'} });`, context);
  return {
    page: { evaluate: async (run, given) => JSON.parse(runInContext(`JSON.stringify((${run})(${JSON.stringify(given)}))`, context)) },
    close() {},
  };
}

/** Opens the browser with the core started in it. */
export async function open() {
  const { scripts, wasm } = await load();
  const server = createServer((request, response) => {
    if (request.url === '/wasm') response.writeHead(200, { 'content-type': 'application/wasm' }).end(wasm);
    else response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<!doctype html><title>wasm</title>');
  });
  await new Promise((done) => { server.listen(0, '127.0.0.1', done); });
  const browser = await engine.launch({
    executablePath: await shell(),
    args: CHROMIUM_ARGS,
  });
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  for (const content of scripts) await page.addScriptTag({ content });
  await page.evaluate(async () => { globalThis.wasm = core.initSync({ module: await WebAssembly.compile(await (await fetch('/wasm')).arrayBuffer()) }); });
  return {
    page,
    async close() {
      await browser.close();
      server.closeAllConnections();
      server.close();
    },
  };
}
