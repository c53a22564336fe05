// Keeps the TypeScript that ships strict: no `any` (nor `as any`), no comment that silences the
// compiler, no JavaScript that the compiler does not check, no decision about consent. An `any` that nobody wrote is the
// compiler's to find (tsconfig.json, tsconfig.page.json).

import { readFileSync } from 'node:fs';
import { at, files, main, started, Failure } from './lib.mjs';

/** Rooms that are not there yet; the list only gets shorter. */
const NOT_YET = [];

const TOKENS = /\/\/(?<line>[^\n]*)|\/\*(?<block>[\s\S]*?)\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|(?<word>(?<=[:<]\s*|\bas\s+|[|&,=]\s+|=>\s*|\((?=any\)))any(?![\w$]|\??:))/g;

/** What is wrong in a text, as `line: what`. */
export function loose(text) {
  const wrong = [];
  for (const { index, groups } of text.matchAll(TOKENS)) {
    const line = text.slice(0, index).split('\n').length;
    const comment = groups.line ?? groups.block;
    if (groups.word) wrong.push(`${line}: \`any\``);
    else if (/@ts-(ignore|nocheck|expect-error)/.test(comment ?? '')) wrong.push(`${line}: ${comment.trim()}`);
  }
  return wrong;
}

/** Every place in `src` where the compiler is told to look away. */
export function looseSources() {
  return files('src').filter((path) => !NOT_YET.some((room) => path.startsWith(room))).flatMap((path) => {
    if (/\.[cm]?jsx?$/.test(path)) return [`${path} is JavaScript: write it in TypeScript, so that it is checked.`];
    if (!/\.[cm]?tsx?$/.test(path)) return [];
    return loose(readFileSync(at(path), 'utf8')).map((what) => `${path}:${what}: say what it is, or \`unknown\`.`);
  });
}

/** An answer or an event that is compared with another is a decision, and those are the core's (src/core). */
const DECISION = /(?:[=!]==?\s*|(?:starts|ends)With\(|includes\()'(?:granted|denied|implied|implied-granted|implied-denied|given|refused|withdrawn|expired)'|'(?:granted|denied|implied-granted|implied-denied|given|refused|withdrawn|expired)'\s*[=!]==?/;
/** Nor does a condition of ours give the visitor's answer: `deny()` and `grant()` are the site's to call. */
const SAYS = /^(?!\s*(?:\*|\/\/)).*(?:\bif\s*\(|&&|\|\||\?)[^;]*\.(?:deny|grant)\(/;
/** What compares and decides nothing: a suite that checks, and what is printed or shown. */
const CHECKS = /^src\/page\/(own\/suite\.ts|look\/explain\.ts|inspect\/)/;

/** Every line outside the core that looks whether an answer is a yes or a no, or gives one on a condition. */
export function decisions(sources = files('src/page', 'src/server').map((path) => [path, readFileSync(at(path), 'utf8')])) {
  return sources.filter(([path]) => /\.tsx?$/.test(path) && !CHECKS.test(path)).flatMap(([path, text]) =>
    text.split('\n').flatMap((line, index) => (DECISION.test(line) || SAYS.test(line) ? [`${path}:${index + 1}: \`${line.trim().slice(0, 100)}\` decides about consent: that is the core's.`] : [])));
}

if (started(import.meta)) {
  await main(async () => {
    // It is to see what it looks for, and nothing else.
    const sample = "const a: any = 1; // any\nb as any; /* @ts-ignore */ 'any'; `any`; Promise.any; company; many;\n";
    const found = loose(sample).length;
    if (found !== 3) throw new Failure(`tools/strict.mjs finds ${found} of the 3 loose places of its own sample.`);
    const decided = decisions([['a.ts', "if (state.consent == 'granted' && manual) bridge.grant();\nif (consent != 'unset') settle(state);\nif (NO.test(own.kept()) && time(own) > time(main)) bridge.deny();\n// if (asked) bridge.deny();\n[deny, grant][act]();\nconst no = answer.endsWith('denied');\nif (event !== 'given') close();\n"]]).length;
    if (decided !== 4) throw new Failure(`tools/strict.mjs finds ${decided} decisions in its own sample, which has four.`);
    const wrong = [...looseSources(), ...decisions()];
    if (wrong.length) throw new Failure(wrong.join('\n'));
  });
}
