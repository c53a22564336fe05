// A wasm module as text inside a script, and the few lines that read it back.
//
// Each byte is one character where it is frequent, two where it is rare, all of them plain
// ASCII: no charset can break it, no minifier has to escape it. Bytes stay aligned and text
// stays text, so brotli and gzip still find the module's repetitions. Measured on a core of
// 107 KB (brotli 11 / brotli 5 / gzip 9; the file itself 41.5 / – / 48.4 KB):
//
//   this   42.4 / 46.5 / 48.2 KB
//   hex    44.8 / 52.9 / 52.9
//   base64 53.9 / 59.8 / 61.7
//
// A compressed module with DecompressionStream would weigh what gzip does, and start later.

// Printable characters that mean nothing in a string, a template or a page's markup.
const ALPHABET = Array.from({ length: 0x7f - 0x20 }, (_, index) => String.fromCharCode(0x20 + index))
  .filter((char) => !'"\'\\`$<'.includes(char));
// The two that announce a rare byte; the rest stand for a frequent byte each.
const PREFIXES = '%&';
const SINGLES = ALPHABET.filter((char) => !PREFIXES.includes(char));

/** The source of a module whose default export returns `bytes`, and whose `compile` compiles them. */
export function textModule(bytes) {
  const { text, moved } = encode(bytes);
  return `
const text = ${JSON.stringify(text)};
const moved = ${JSON.stringify(moved)};
${decode}
const bytes = () => decode(text, moved);
export default bytes;
export const compile = () => WebAssembly.compile(bytes());
`;
}

export function encode(bytes) {
  const count = new Array(256).fill(0);
  for (const byte of bytes) count[byte] += 1;
  const frequent = [...count.keys()].sort((a, b) => count[b] - count[a] || a - b).slice(0, SINGLES.length);

  // Text in the module's data stays readable text: a character stands for itself if it can.
  const slots = new Array(SINGLES.length);
  const left = [];
  for (const byte of frequent.sort((a, b) => a - b)) {
    const slot = SINGLES.indexOf(String.fromCharCode(byte));
    if (slot < 0) left.push(byte);
    else slots[slot] = byte;
  }
  for (let slot = 0; slot < slots.length; slot += 1) slots[slot] ??= left.shift();

  const chars = [];
  slots.forEach((byte, slot) => { chars[byte] = SINGLES[slot]; });
  let rare = 0;
  for (let byte = 0; byte < 256; byte += 1) {
    if (chars[byte] === undefined) {
      chars[byte] = PREFIXES[Math.floor(rare / SINGLES.length)] + SINGLES[rare % SINGLES.length];
      rare += 1;
    }
  }
  const moved = slots.map((byte, slot) => {
    const char = SINGLES[slot];
    return byte === char.charCodeAt(0) ? '' : char + byte.toString(16).padStart(2, '0');
  }).join('');
  return { text: Array.from(bytes, (byte) => chars[byte]).join(''), moved };
}

// Runs in the page, so it is written short. A character stands for itself but where `moved` says
// which byte it stands for. Rare bytes are those without a character, in order: 87 of them after
// `%`, the others after `&`.
export function decode(text, moved) {
  const to = [];
  const rare = [];
  const out = [];
  let slots = '';
  for (let code = 32; code < 127; code += 1) {
    const char = String.fromCharCode(code);
    // The characters left out: " $ % & ' < \ `
    if (!/["$-'<\\`]/.test(char)) {
      slots += char;
      to[code] = code;
    }
  }
  moved.replace(/(.)(..)/g, (_, char, byte) => { to[char.charCodeAt()] = parseInt(byte, 16); });
  for (let byte = 0; byte < 256; byte += 1) if (!to.includes(byte)) rare.push(byte);
  for (let i = 0; i < text.length;) {
    const code = text.charCodeAt(i++);
    out.push(to[code] ?? rare[slots.indexOf(text[i++]) + (code == 38 ? 87 : 0)]);
  }
  return new Uint8Array(out);
}
