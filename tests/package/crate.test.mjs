// The crate as a Rust program gets it: packed, unpacked elsewhere, and depended on. A page's program
// gets the core alone: it must not find our own modules' imports, exports or allocator in its own.
//
// Tried by breaking: a pattern of `include` without its slash, and `src/cmp/adapters` left out of it.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { cargo, packed } from './crate.mjs';

let crate;
before(async () => { crate = await packed('crate'); });
after(() => crate?.remove());

/** A program in a page, built for wasm32: its module. */
async function program(name, source, dependencies) {
  const built = await crate.program(name, `[lib]\ncrate-type = ["cdylib"]\n[dependencies]\nmixpanel-consent-bridge = { version = "0.1" }\n${dependencies}`, { 'lib.rs': source });
  return new WebAssembly.Module(await readFile(join(built, `${name}.wasm`)));
}

test('the package holds our own files and no other', async () => {
  const listed = (await cargo(['package', '--list', '--allow-dirty'])).trim().split(/\r?\n/).map((path) => path.replaceAll('\\', '/'));
  const ours = /^(src\/.*\.rs|src\/cmp\/adapters\/[\w-]+\.toml|build\/.*\.rs|examples\/\w+\.rs|pkg\/web\/bridge\.js|README\.md|CHANGELOG\.md|LICENSE-(MIT|APACHE)|Cargo\.(toml|lock|toml\.orig)|\.cargo_vcs_info\.json)$/;
  assert.deepEqual(listed.filter((path) => !ours.test(path)), []);
  for (const path of ['src/core/protocol.rs', 'src/cmp/adapters/onetrust.toml', 'build/main.rs', 'examples/server.rs', 'README.md'])
    assert.ok(listed.includes(path), path);
});

test('a program that depends on it has no import and no export of ours', async () => {
  const module = await program('plain', `
    use mixpanel_consent_bridge::core::{Answer, Mode, together};
    use mixpanel_consent_bridge::request::{Options, Reader, Request};

    #[unsafe(no_mangle)]
    pub extern "C" fn strictest(a: bool, b: bool) -> bool {
        together([Answer::explicit(a), Answer::explicit(b)]) == Answer::Granted
    }

    #[unsafe(no_mangle)]
    pub extern "C" fn reads() -> bool {
        let Ok(reader) = Reader::new(&Options { cmp: &["klaro"], ..Options::default() }) else { return false };
        let cookies = "klaro=%7B%22mixpanel%22%3Atrue%7D";
        reader.read(&Request { cookies, ..Request::default() }).ruling.decision.mode == Mode::On
    }`, '');
  assert.deepEqual(WebAssembly.Module.imports(module), []);
  const exported = WebAssembly.Module.exports(module).map(({ name }) => name).filter((name) => !/^(memory|__data_end|__heap_base)$/.test(name));
  assert.deepEqual(exported.sort(), ['reads', 'strictest']);
  const { exports } = new WebAssembly.Instance(module);
  assert.deepEqual([exports.strictest(1, 1), exports.strictest(1, 0), exports.reads()], [1, 0, 1]);
});

test('a program with a wasm-bindgen and an allocator of its own builds', async () => {
  const module = await program('bound', `
    use mixpanel_consent_bridge::core::{Answer, together};

    struct Own;
    unsafe impl std::alloc::GlobalAlloc for Own {
        unsafe fn alloc(&self, layout: std::alloc::Layout) -> *mut u8 { unsafe { std::alloc::System.alloc(layout) } }
        unsafe fn dealloc(&self, at: *mut u8, layout: std::alloc::Layout) { unsafe { std::alloc::System.dealloc(at, layout) } }
    }
    #[global_allocator]
    static OWN: Own = Own;

    #[wasm_bindgen::prelude::wasm_bindgen]
    pub fn strictest(a: bool, b: bool) -> bool { together([Answer::explicit(a), Answer::explicit(b)]) == Answer::Granted }`,
  'wasm-bindgen = "0.2"');
  const names = [...WebAssembly.Module.imports(module), ...WebAssembly.Module.exports(module)].map(({ name }) => name);
  // Ours are `tell` and `call`, and what wasm-bindgen makes of these names.
  assert.deepEqual(names.filter((name) => /(^|_)(tell|call)(_|$)/.test(name)), []);
  assert.ok(names.some((name) => /^strictest/.test(name)), names.join());
});
