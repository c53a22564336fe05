// Counts tests/types as tests: a line `// case: …` opens one, and an error that tsc reports
// between it and the next is that case's failure. Wrong uses carry `@ts-expect-error`,
// which tsc itself reports when nothing is wrong.

import { readFileSync } from 'node:fs';
import { at, files } from './lib.mjs';

export async function testTypes(out, start) {
  const { code, text } = await start(out, process.execPath, [
    at('node_modules', 'typescript', 'bin', 'tsc'), '--noEmit', '--pretty', 'false', '--project', at('tests', 'types', 'tsconfig.json'),
  ]);
  const cases = files('tests/types').filter((path) => path.endsWith('.ts')).flatMap((path) => {
    const lines = readFileSync(at(path), 'utf8').split('\n');
    return lines.flatMap((line, index) => {
      const name = /^\s*\/\/ case: (.*)$/.exec(line)?.[1];
      return name ? [{ path, line: index + 1, name, wrong: false }] : [];
    });
  });
  let elsewhere = 0;
  for (const [, path, line] of text.matchAll(/^(.+?)\((\d+),\d+\): error /gm)) {
    const hit = cases.findLast((one) => one.path === path && one.line <= Number(line));
    if (hit) hit.wrong = true;
    else elsewhere += 1;
  }
  for (const { name, wrong } of cases) out(`${wrong ? 'FAILED' : 'ok    '} ${name}\n`);
  const failed = cases.filter(({ wrong }) => wrong).length + elsewhere;
  return { passed: cases.filter(({ wrong }) => !wrong).length, failed: code !== 0 && failed === 0 ? 1 : failed };
}
