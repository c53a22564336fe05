// The report as JUnit XML, which every system that runs tests can show: a suite for each page, a case
// for each visit.

import { byLine } from '../findings.ts';
import type { Report, Result } from '../types.ts';
import { clean } from './say.ts';

const xml = (text: string): string => clean(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll('\n', '&#10;');

const details = ({ findings, promise }: Result): string =>
  [`Promised: ${promise}`, ...findings.filter(({ ignored }) => !ignored).map((one) => [`${one.id}: ${one.title}`, ...(one.by ? [`  line: ${byLine(one)}`] : []), ...one.seen.slice(0, 5).map((line) => `  ${line.trim()}`), `  means: ${one.means}`, `  do: ${one.remedy}`].join('\n'))].join('\n\n');

function testCase(result: Result): string {
  const { title, verdict, why } = result;
  const open = `    <testcase classname="${xml(result.page)}" name="${xml(`${result.id}: ${title}`)}"`;
  const body = xml(details(result)).replaceAll('&#10;', '\n');
  if (verdict == 'kept' || verdict == 'known') return `${open}/>`;
  if (verdict == 'broken') return `${open}>\n      <failure type="${xml(result.findings.find(({ ignored }) => !ignored)?.id ?? 'broken')}" message="${xml(why)}">${body}</failure>\n    </testcase>`;
  // What was not shown is no promise kept: a skipped case would leave the run green.
  return `${open}>\n      <error type="${xml(result.code ?? verdict)}" message="${xml(`${verdict}: ${why}`)}">${body}</error>\n    </testcase>`;
}

export function junit({ pages, results, at }: Report): string {
  const suites = pages.map((page) => {
    const here = results.filter((one) => one.page == page);
    const count = (...verdicts: string[]): number => here.filter(({ verdict }) => verdicts.includes(verdict)).length;
    return `  <testsuite name="${xml(page)}" timestamp="${xml(at.slice(0, 19))}" tests="${here.length}" failures="${count('broken')}" errors="${count('default', 'not shown')}">\n${here.map(testCase).join('\n')}\n  </testsuite>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="mixpanel-consent-bridge verify">\n${suites.join('\n')}\n</testsuites>\n`;
}
