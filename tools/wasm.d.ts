// The virtual module of tools/bundle.mjs: the core's wasm as lower-case hex text.

declare module 'wasm:bridge' {
  const hex: string;
  export default hex;
}
