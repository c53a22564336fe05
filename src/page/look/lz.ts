// Texts that LZ-string has packed and written in base64, as one product stores its state
// (src/cmp/lz.rs says the same outside of a page). Loaded only where there is such a text.

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Longer ones are not read: a few letters may stand for any number. */
const MOST = 65536;

/** The text that was packed; throws for one that was not. What is behind the end is not looked at. */
export function unpack(packed: string): string {
  let at = 0;
  // The bits of a number come from the least on, those of a letter from the greatest.
  const number = (bits: number) => {
    let value = 0;
    for (let bit = 0; bit < bits; bit++, at++) {
      const letter = LETTERS.indexOf(packed[Math.floor(at / 6)]!);
      if (letter < 0) throw at;
      value |= ((letter >> (5 - (at % 6))) & 1) << bit;
    }
    return value;
  };
  /** By their numbers; the first three are words of the format. */
  const known: string[] = ['', '', ''];
  let width = 2;
  let before = '';
  let text = '';
  for (;;) {
    let code = number(width);
    if (code == 2) return text;
    if (code < 2) code = known.push(String.fromCharCode(number(code ? 16 : 8))) - 1;
    else if (code > known.length || !before) throw code;
    const next = known[code] ?? before + before[0];
    if (before) known.push(before + next[0]);
    text += next;
    if (text.length > MOST) throw MOST;
    before = next;
    // As many bits as the number takes that the next one gives away.
    width = 32 - Math.clz32(known.length);
  }
}
