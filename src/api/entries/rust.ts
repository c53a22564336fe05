// The page's part in one module, for Rust front ends: the crate carries what is built of it
// (pkg/web/bridge.js), and its feature `web` (src/web) binds it in. One file and not several, because
// wasm-bindgen hands on files and not what they load; a front end in WebAssembly has more to load anyway.

export { connect } from '../../page/gate/connect.js';

/** Fetches Mixpanel's module from the site's own address, when it is called. */
export const library = (url: string) => (): Promise<unknown> => import(url);
