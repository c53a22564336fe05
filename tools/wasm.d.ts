// The virtual module of tools/bundle.mjs: the core's wasm, carried in the script as text.

declare module 'wasm:bridge' {
  /** The module's bytes, decoded anew at each call. */
  export default function bytes(): Uint8Array<ArrayBuffer>;
  /** Compiles them; in the build without WebAssembly, the core's own function. */
  export function compile(): Promise<WebAssembly.Module>;
}

// The module that decodes what few pages have (src/page/look/texts.ts).
declare module 'wasm:texts' {
  /** What it exports; in the build without WebAssembly, the object that does the same. */
  export function exported(): Promise<WebAssembly.Exports> | WebAssembly.Exports;
}

// The server part's, compiled when asked.
declare module 'wasm:server' {
  export default function module(): WebAssembly.Module;
}

// The texts of the adapters, from where cargo has compiled src/cmp/adapters to (tools/parts.mjs).
declare module 'adapters:parts' {
  /** Of some adapters each, see src/page/gate/adapters.ts. */
  export const parts: readonly (() => Promise<{ default: string }>)[];
  /** What spreads the ids over them. */
  export const spread: number;
  /** What notices those that are on the page; what carries all has nothing to notice. */
  export const notice: () => Promise<Partial<typeof import('../src/page/look/notice.ts')>>;
  /** Words that name no part. */
  export const apart: RegExp;
}

// What they are noticed by.
declare module 'adapters:signs' {
  /** A line for each part: places, separated by spaces. */
  export const signs: string;
  /** Those that are to be heard from the start. */
  export const events: readonly import('../src/page/look/probe.ts').Listen[];
}

// The script tag is built twice (tools/bundle.mjs): with its core in files beside it, and inside.
declare module 'tag:core' {
  type CoreFile = import('../src/page/rooms.ts').CoreFile;
  export const fetchCore: () => Promise<CoreFile>;
  export const fetchPlainCore: () => Promise<CoreFile>;
  /** What another tag on the page may take. */
  export const carriedCore: CoreFile | undefined;
}

declare module 'tag:build' {
  /** The name of this build, and of the folder with its files. */
  export const BUILD: string;
}
