// A break that finds nothing to break, or breaks something else, would prove nothing.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { changed, named, sourcesOf } from './point.mjs';

const SOURCES = {
  'src/page/a.ts': `
const WAIT = 300;
export function outer(list: string[], asked?: boolean) {
  const inner = (word: string) => list.push(word);
  const both = { start: () => inner('start'), async stop() { await inner('stop'); } };
  if (asked && list.length > 1) inner('many');
  for (const word of list) inner(word);
  return both;
}
`,
  'src/page/b.ts': 'export const inner = (a: number) => (a > 1 ? a : undefined);\n',
};
const all = sourcesOf(SOURCES);
const after = (...points) => changed(points, all)[0]?.[1];
const without = (text) => text.replace(/\s+/g, ' ');

describe('what is broken is named', () => {
  const cases = [
    ['a constant', named('WAIT').is('1'), 'const WAIT = (1);'],
    ['a call, with its arguments', named('outer.inner').call('list.push').is('list.unshift($args)'), '=> (list.unshift(word));'],
    ['a call among others, by a word', named('outer').call('inner', 'many').gone(), 'list.length > 1) ;'],
    ['a call that is awaited', named('both.stop').call('inner').gone(), 'stop() { ; }'],
    ['a condition', named('outer').condition('asked').is('$it || word'), null],
    ['a condition, with what stood there', named('outer').condition('asked').is('!$it'), 'if ((!(asked && list.length > 1)))'],
    ['an operand', named('outer').operand('asked').is('true'), 'if ((true) && list.length > 1)'],
    ['a comparison', named('outer').comparison('length', 1).is('false'), 'if (asked && (false))'],
    ['a function that returns at once', named('outer').returns('both'), '{ return both; const inner'],
    ['an arrow that gives nothing', named('both.start').returns(), 'start: () => (undefined),'],
    ['a method', named('both.stop').is('() => {}'), 'stop: (() => {}) }'],
    ['an entry', named('outer.both').entry('start').gone(), 'const both = { async stop'],
    ['what comes before', named('outer').condition('asked').before('list.pop();'), 'list.pop(); if (asked'],
    ['of a file', named('b.ts.inner').choice('a').is('a'), '=> ((a));'],
  ];
  for (const [name, point, wanted] of cases)
    if (wanted)
      test(name, () => assert.ok(without(after(point)).includes(wanted), after(point)));

  for (const [name, point, error] of [
    ['a name that is gone', named('outer.gone').is('1'), /nothing in .* has the name `outer\.gone`/],
    ['a name of several', named('inner').returns(), /`inner` is the name of several: src\/page\/a\.ts:4, src\/page\/b\.ts:1/],
    ['a call that is gone', named('outer').call('list.pop').gone(), /src\/page\/a\.ts:3: there is no call\("list\.pop"\) in it/],
    ['a call of several', named('outer').call('inner').gone(), /call\("inner"\) is several, in lines 5, 5, 6, 7/],
    ['a name that nobody knows', named('WAIT').is('LATER'), /uses `LATER`, which is not there/],
    ['an argument that is not there', named('outer.inner').call('list.push').is('$2'), /there is no argument 2/],
    ['code that is none', named('WAIT').is('if'), /Unexpected token/],
    ['two edits of one place', [named('WAIT').is('1'), named('WAIT').is('2')], /two edits of one place/],
    ['nothing that is done', named('WAIT'), /nothing is done to it/],
  ]) test(`${name} is an error`, () => assert.throws(() => after(...[point].flat()), error));
});
