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

// Printable characters that mean nothing in a string, a template or a page's markup, and are not the two
// that announce a rare byte.
const LEFT_OUT = /["$-'<\\`]/;
const PREFIXES = '%&';
const SINGLES = Array.from({ length: 0x7f - 0x20 }, (_, index) => String.fromCharCode(0x20 + index)).filter((char) => !LEFT_OUT.test(char));

/** The source of a module whose default export returns `bytes`, and whose `compile` compiles them. */
export function textModule(bytes) {
  const { text, frequent } = encode(bytes);
  return `
const text = ${JSON.stringify(text)};
${decode}
const bytes = () => decode(text, /[${frequent}]/);
export default bytes;
export const compile = () => WebAssembly.compile(bytes());
`;
}

/** The text, and what stands between the brackets of a pattern that matches each frequent byte. */
export function encode(bytes) {
  const count = new Array(256).fill(0);
  for (const byte of bytes) count[byte] += 1;
  // Text in the module's data stays readable text, which brotli has a dictionary for: as many bytes are
  // frequent below the first small letter as there are characters, so that each letter stands for itself.
  const below = SINGLES.filter((char) => char < 'a').length;
  const letters = Array.from({ length: 26 }, (_, index) => 0x61 + index);
  const frequent = [...mostIn(count, 0, 0x61, below, RANGES), ...letters, ...mostIn(count, 0x7b, 0x100, SINGLES.length - below - letters.length, 3)];

  const chars = [];
  frequent.forEach((byte, slot) => { chars[byte] = SINGLES[slot]; });
  let rare = 0;
  for (let byte = 0; byte < 256; byte += 1) {
    if (chars[byte] === undefined) {
      chars[byte] = PREFIXES[Math.floor(rare / SINGLES.length)] + SINGLES[rare % SINGLES.length];
      rare += 1;
    }
  }
  return { text: Array.from(bytes, (byte) => chars[byte]).join(''), frequent: ranges(frequent) };
}

/** In how many ranges the frequent bytes below the letters lie: more of them save less text than they weigh. */
const RANGES = 12;

/** Of the bytes from `from` up to `to` those `wanted` that together are the most frequent, in so many ranges. */
function mostIn(count, from, to, wanted, ranges) {
  // By how many were taken, in how many ranges, and whether the last byte was: the best so far.
  let best = new Map([['0 0 0', { sum: 0, taken: [] }]]);
  for (let byte = from; byte < to; byte += 1) {
    const next = new Map();
    const put = (key, sum, taken) => {
      if (!(next.get(key)?.sum >= sum)) next.set(key, { sum, taken });
    };
    for (const [key, { sum, taken }] of best) {
      const [number, used, open] = key.split(' ').map(Number);
      put(`${number} ${used} 0`, sum, taken);
      if (number < wanted && (open || used < ranges)) put(`${number + 1} ${used + (open ? 0 : 1)} 1`, sum + count[byte], [...taken, byte]);
    }
    best = next;
  }
  const full = [...best].filter(([key]) => Number(key.split(' ')[0]) === wanted).map(([, one]) => one);
  return full.reduce((most, one) => (one.sum > most.sum ? one : most)).taken;
}

/** Bytes as a pattern's brackets have them. */
function ranges(bytes) {
  const written = (byte) => {
    const char = String.fromCharCode(byte);
    return byte < 0x20 || byte > 0x7e ? `\\x${byte.toString(16).padStart(2, '0')}` : /[\]\\^-]/.test(char) ? `\\${char}` : char;
  };
  return bytes.map((byte, index) => {
    if (bytes[index - 1] === byte - 1 && bytes[index + 1] === byte + 1) return '';
    return written(byte) + (bytes[index - 1] !== byte - 1 && bytes[index + 1] === byte + 1 ? '-' : '');
  }).join('');
}

// Runs in the page, so it is written short. The frequent bytes stand for themselves in their order, and so
// do the characters; the rare ones are two characters, in order too: 87 of them after `%`, the others after `&`.
export function decode(text, frequent) {
  const to = [];
  const slots = [];
  const rare = [];
  // The platform's bytes of the text, in place of which each byte is put: half the time of a list that
  // grows, in a loop that runs before an engine has made anything of it.
  const bytes = new TextEncoder().encode(text);
  let length = 0;
  let code = 32;
  for (let byte = 0; byte < 256; byte += 1) {
    if (!frequent.test(String.fromCharCode(byte))) rare.push(byte);
    else {
      while (/["$-'<\\`]/.test(String.fromCharCode(code))) code += 1;
      slots[code] = byte - rare.length;
      to[code++] = byte;
    }
  }
  for (let i = 0; i < bytes.length;) {
    const code = bytes[i++];
    bytes[length++] = to[code] ?? rare[slots[bytes[i++]] + 87 * (code - 37)];
  }
  return bytes.subarray(0, length);
}
