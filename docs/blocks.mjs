// The code of README.md and of the site's pages, as the tests run it. Not the pages that are
// written from the source (docs/managers has a test of its own, docs/api is built output).

import { readFileSync } from 'node:fs';
import { at, files } from '../tools/lib.mjs';

const pages = () => ['README.md', ...files('docs').filter((path) => path.endsWith('.md') && !/^docs\/(api|managers)\//.test(path))];

/** Every block: `{ page, kind, code, line }`. */
export const blocks = pages().flatMap((page) => {
  const text = readFileSync(at(page), 'utf8');
  return [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(({ 1: kind, 2: code, index }) => ({ page, kind, code, line: text.slice(0, index).split('\n').length }));
});

const taken = new Set();

/** The first block of a page that has these words; it counts as run. */
export function block(page, words) {
  const found = blocks.find((one) => one.page === page && one.code.includes(words));
  if (!found) throw new Error(`${page} has no code with \`${words}\`.`);
  taken.add(found);
  return found.code;
}

/** What the package does not have yet and its documents may: tests of these are to be done. */
export const coming = (code) => /\bask: /.test(code) && !/^ {2}ask\??:/m.test(readFileSync(at('src', 'api', 'index.d.ts'), 'utf8'));
