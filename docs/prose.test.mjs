// How the documents read: README.md in one reading, sentences of 25 words on average at most (18 on the
// pages for users), and none of more than 50 (35). Tables, code and lists of names are not sentences.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { at, files } from '../tools/lib.mjs';

/** The sentences of a page: its paragraphs and list items, without code, tables, headings and comments. */
export function sentences(text) {
  const prose = text
    .replace(/^---\n[\s\S]*?\n---\n/, '')
    .replace(/^```[\s\S]*?^```$/gm, '')
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/^\|.*$/gm, '')
    .replace(/^#.*$/gm, '')
    .replace(/<[^>]+>/g, '')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/`[^`]*`/g, 'code');
  return prose
    .split(/\n\s*\n|\n(?=\s*(?:[-*]|\d+\.) )/)
    .flatMap((block) => block.replace(/^\s*(?:[-*]|\d+\.) /, '').replaceAll('\n', ' ').split(/(?<=[.!?:;])["')*]*\s+/))
    .map((sentence) => sentence.split(/\s+/).filter((word) => /[\p{L}\d]/u.test(word)))
    .filter((words) => words.length > 2);
}


const pages = ['README.md', 'SECURITY.md', 'DESIGN.md', ...files('docs').filter((path) => path.endsWith('.md') && !/^docs\/(api|managers)\//.test(path))];

for (const page of pages) {
  test(`${page}: sentences`, () => {
    const found = sentences(readFileSync(at(page), 'utf8'));
    const average = found.reduce((sum, words) => sum + words.length, 0) / Math.max(found.length, 3);
    // Those who build on the project's inside read more at a time than those who use it.
    const [mean, most] = page === 'DESIGN.md' ? [25, 50] : [18, 35];
    assert.ok(average <= mean, `${average.toFixed(1)} words on average`);
    const longest = found.filter((words) => words.length > most).map((words) => words.join(' '));
    assert.deepEqual(longest, []);
  });
}

test('all of them were read', () => {
  const read = pages.map((page) => sentences(readFileSync(at(page), 'utf8')).length);
  assert.ok(pages.length > 30 && read.filter((count) => count > 10).length > 25, `${pages.length} pages of ${read}`);
});

test('README.md fits in one reading: 200 lines', () => {
  assert.ok(readFileSync(at('README.md'), 'utf8').trimEnd().split('\n').length <= 200);
});

// A file that a reader makes: the made-up consent manager of CONTRIBUTING.md, a project of a framework, a Rust program.
const NOT_OURS = /acme|^src\/(lib|routes|layouts)\/|^src\/main\.rs$/;
for (const page of ['README.md', 'DESIGN.md', 'CONTRIBUTING.md', 'SECURITY.md', ...files('docs').filter((path) => path.endsWith('.md') && !/^docs\/(api|managers)\//.test(path))]) {
  test(`${page}: the files that it names are there`, () => {
    const named = [...readFileSync(at(page), 'utf8').matchAll(/\b(?:src|tests|tools|docs|www|examples|build)\/[\w./-]+\.(?:rs|ts|js|mjs|toml|tpl|php|d\.ts|test\.mjs)\b(?!`?\s*\(new\))/g)].map(([path]) => path);
    assert.deepEqual([...new Set(named)].filter((path) => !existsSync(at(path)) && !NOT_OURS.test(path)), []);
  });
}

test('README.md promises no more consent managers than there are', () => {
  const [, promised] = /more than (\d+) consent managers/.exec(readFileSync(at('README.md'), 'utf8'));
  const there = files('src/cmp/adapters').filter((path) => path.endsWith('.toml')).length;
  assert.ok(there > Number(promised) && there <= Number(promised) + 15, `${there}`);
});
