// The virtual module of tools/bundle.mjs: the core's wasm, carried in the script as text.

declare module 'wasm:bridge' {
  /** The module's bytes, decoded anew at each call. */
  export default function bytes(): Uint8Array<ArrayBuffer>;
  /** Compiles them; in the build without WebAssembly, the core's own function. */
  export function compile(): Promise<WebAssembly.Module>;
}

// The server part's, compiled when asked.
declare module 'wasm:server' {
  export default function module(): WebAssembly.Module;
}

// The texts of the adapters, from where cargo has compiled src/cmp/adapters to.
declare module 'adapters:parts' {
  type Part = () => Promise<{ default: string }>;
  /** Of some adapters each, see src/page/gate/adapters.ts. */
  export const parts: readonly Part[];
  /** Of all adapters. */
  export const all: Part;
}
