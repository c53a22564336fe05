// What decodes texts that few pages have: the IAB's strings, and what LZ-string has packed
// (src/cmp/encoded.rs). A module of its own beside the core's, from the same source as the one that
// reads requests; loaded only where there is such a text.

import { exported } from 'wasm:texts';
import { LENGTH } from '../contract.ts';
import { Native } from '../native.js';

/** What the module exports (src/wasm/texts.rs). */
interface Exports {
  memory: WebAssembly.Memory;
  at(): number;
  room(length: number): void;
  decode(form: number): number;
}

/** Decodes a text by the letter of its form; throws for one that is not whole. */
export type Decode = (form: string, text: string) => unknown;

/** What decodes, of what the module exports. */
export function decoderOf(exports: object): Decode {
  const { memory, at, room, decode } = exports as Exports;
  const piece = (length: number) => new Uint8Array(memory.buffer, at() >>> 0, length);
  return (form, text) => {
    if (text.length > LENGTH) throw text.length;
    const given = new TextEncoder().encode(text);
    room(given.length);
    piece(given.length).set(given);
    const length = decode(form.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(piece(length)));
  };
}

/** Gets what decodes. */
export const decoder = async () => decoderOf(await Native.resolve(exported()));
