// A front end in Rust as docs/start/rust.md begins one: the packed crate with the feature `web`, built by cargo
// and wasm-bindgen, and walked through in Chromium (front.mjs). Without a framework: examples/leptos takes the
// same walk in tests/recipes.

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after } from 'node:test';
import { promisify } from 'node:util';
import { at, exe, targetDir } from '../../tools/lib.mjs';
import { packed } from './crate.mjs';
import { walk } from './front.mjs';

const PAGE = readFileSync(at('docs', 'start', 'rust.md'), 'utf8');
const block = (language) => new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(PAGE)[1];

/** What the shop needs besides: its elements, and what it says to Mixpanel. */
const MORE = `futures-core = { version = "0.3", default-features = false }
serde = { version = "1.0", features = ["derive"] }
wasm-bindgen = "0.2"
wasm-bindgen-futures = "0.4"`;
const ELEMENTS = ['Document', 'Element', 'HtmlElement', 'EventTarget', 'Location', 'Window'].map((name) => `"${name}"`).join(', ');

let crate;
after(() => crate?.remove());

walk(async (app) => {
  crate = await packed('front');
  // One project for both, so that what they need is compiled once: the manifest of the page, and what the shop needs.
  const manifest = `${block('toml')}${MORE}`.replace('features = ["console"]', `features = ["console", ${ELEMENTS}]`);
  const built = await crate.program('front', `[[bin]]\nname = "front-shop"\npath = "src/shop.rs"\n[[bin]]\nname = "front-plain"\npath = "src/main.rs"\n${manifest}`, {
    'main.rs': block('rust'), 'shop.rs': readFileSync(at('tests', 'package', 'front', 'main.rs'), 'utf8'),
  });
  const bind = (folder, name) => promisify(execFile)(join(targetDir, 'debug', `bindgen${exe}`), ['--target', 'web', '--out-dir', folder, '--out-name', 'shop', join(built, `${name}.wasm`)]);
  await Promise.all([bind(app, 'front-shop'), bind(join(app, 'plain'), 'front-plain')]);
});
