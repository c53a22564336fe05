// What is changed in the glue that wasm-bindgen writes. Its form is nobody's promise: each change
// says loudly when what it wants to change is not there, or the page would load what it must not.

import { Failure } from './lib.mjs';

/** The place of a pattern; a failure that names who must be adapted, where there is none. */
export function found(text, pattern, where) {
  const place = new RegExp(pattern.source, pattern.flags.replace('g', '')).exec(text);
  if (!place) throw new Failure(`Nothing in what wasm-bindgen or wasm2js wrote is like ${pattern}: it changed; adapt ${where}.`);
  return place;
}

/** Puts `to` where the pattern is. */
export function fit(text, pattern, to, where) {
  found(text, pattern, where);
  return text.replace(pattern, to);
}

// wasm-bindgen names what crosses the boundary at length and with a hash, which no
// compression removes: 2 KB of a page's load. wasm-opt gives the wasm one-letter names and
// tells which; the glue has to follow.
export function renamed(glue, { imports, exports }) {
  const where = 'renamed() in tools/glue.mjs';
  const rename = (pattern, to) => {
    glue = fit(glue, pattern, to, where);
  };
  const literal = (name) => name.replace(/[^\w]/g, '\\$&');
  // wasm-opt puts all imports into one module `a`. Those of the glue itself are keys of an
  // object there; those of a file of ours (src/page/look/host.ts) are its exports.
  const own = './bridge_bg.js';
  const others = [];
  for (const [module, name, short] of imports) {
    if (module === own) {
      rename(new RegExp(`^(\\s*)${literal(name)}:`, 'm'), (_, indent) => `${indent}${short}:`);
      continue;
    }
    const file = found(glue, new RegExp(`"${literal(module)}": (import\\d+),`), where)[1];
    others.push(`${short}: ${file}.${name}`);
  }
  rename(new RegExp(`"${literal(own)}": import0,`), () => `"a": { ${['...import0', ...others].join(', ')} },`);
  // What is exported for nobody but the host has no mention.
  for (const [name, short] of exports) {
    const mention = new RegExp(`\\bwasm\\.${literal(name)}(?![\\w$])`, 'g');
    if (glue.match(mention)) rename(mention, () => `wasm.\u0000${short}`);
  }
  return glue.replaceAll('\u0000', '');
}

// The glue is written for every engine and every caller. What ships has one caller, in engines
// that run this wasm, and a page's texts are short: 0.4 KB of a page's load.
export function trimmed(glue) {
  const where = 'trimmed() in tools/glue.mjs';
  const body = (name, lines) => {
    glue = fit(glue, new RegExp(`^(function ${name}\\([^)]*\\) \\{\\n)[^]*?^\\}$`, 'm'), (_, head) => `${head}${lines.map((line) => `    ${line}\n`).join('')}}`, where);
  };
  // Without the way for texts that outgrow their first room: each is encoded once.
  body('passStringToWasm0', [
    'const bytes = cachedTextEncoder.encode(arg);',
    'const ptr = malloc(bytes.length, 1);',
    'getUint8ArrayMemory0().set(bytes, ptr);',
    'WASM_VECTOR_LEN = bytes.length;',
    'return ptr;',
  ]);
  // Without a new decoder after two gigabytes, which Safari's needs.
  body('decodeText', ['return cachedTextDecoder.decode(bytes);']);
  // Without earlier forms of its argument, and without a second start: src/page/look/core.ts starts it once.
  body('initSync', ['return __wbg_finalize_init(new WebAssembly.Instance(module.module, __wbg_get_imports()));']);
  // A view is made for each text: a look has a few, and what would keep one has to ask whether the memory has grown.
  const [, memory] = found(glue, /new Uint8Array\((wasm\.\w+)\.buffer\)/, where);
  body('getUint8ArrayMemory0', [`return new Uint8Array(${memory}.buffer);`]);
  body('getStringFromWasm0', ['return decodeText(getUint8ArrayMemory0().subarray(ptr, ptr + len));']);
  glue = fit(glue, /return \{\s*__proto__: null,\s*"a": \{ \.\.\.import0 \},\s*\};/, 'return { a: import0 };', where);
  // What crosses as a number is one already.
  glue = fit(glue, /(const val\d+ = )\+/g, '$1', where);
  body('__wbg_finalize_init', ['wasm = instance.exports;', 'return wasm;']);
  glue = fit(glue, /^if \(!\('encodeInto' in cachedTextEncoder\)\) \{\n[^]*?^\}$/m, '', where);
  return fit(glue, /^cachedTextDecoder\.decode\(\);$/m, '', where);
}

// The glue starts once. A module that has trapped is left amid something, and a server runs for
// months: it is instantiated anew. And the glue copies a text letter by letter as long as it is
// ASCII, which is best for short ones; a header of a kilobyte took a microsecond so, a third of
// all that is done with it. The platform's encoder takes a tenth of that.
export function forServers(glue) {
  const where = 'forServers() in tools/glue.mjs';
  glue = fit(glue, /(function initSync\(module\) \{\s*)if \(wasm !== undefined\) return wasm;/, '$1', where);
  return fit(glue, /for \(; offset < len; offset\+\+\) \{(?=\s*const code = arg\.charCodeAt\(offset\);)/, 'for (; offset < len && len < 64; offset++) {', where);
}

// wasm-bindgen's web target can also fetch its module from beside itself. Bundlers see
// that `new URL` even where nobody calls it, and go looking for the file.
export const withoutFetch = (glue) => fit(glue, /new URL\('[^']*', import\.meta\.url\)/g, 'undefined', 'withoutFetch() in tools/glue.mjs');
