// What the visits have shown, for a terminal: 80 columns, in colour where it is a terminal that wants
// it. It judges nothing and leaves nothing out silently: what is cut says how much.

import type { Summary } from '../detect.ts';
import { CHECKS, docs, type CheckId, type Severity } from '../checks.ts';
import { byLine, nameLine, together } from '../findings.ts';
import type { Report, Verdict } from '../types.ts';
import { WIDTH, bridgeLine, conclusion, counted, cut, list, met, wrap } from './say.ts';

/** How many lines of evidence one finding shows. */
const MOST = 4;

export type Paint = (text: string, how: 'bold' | 'dim' | 'red' | 'yellow' | 'green') => string;
const CODES = { bold: 1, dim: 2, red: 31, yellow: 33, green: 32 };
/** Colours, or none. */
export const paint = (colour: boolean): Paint => (text, how) => (colour ? `\x1b[${CODES[how]}m${text}\x1b[0m` : text);

const TONE: Record<Verdict, 'red' | 'yellow' | 'green'> = { kept: 'green', broken: 'red', known: 'yellow', default: 'yellow', 'not shown': 'yellow' };
const WEIGHT: Record<Severity, 'red' | 'yellow' | 'dim'> = { high: 'red', medium: 'yellow', low: 'dim', note: 'dim' };

/** A line of evidence as it stands, in two at most. */
function folded(line: string): string[] {
  const [first, second] = ['          ', '              '];
  if (first.length + line.length <= WIDTH) return [first + line];
  const at = line.lastIndexOf(' ', WIDTH - first.length);
  return at < 40 ? [cut(first + line, WIDTH)] : [first + line.slice(0, at).trimEnd(), cut(second + line.slice(at).trimStart(), WIDTH)];
}

const heading = ({ url, at, browser, wait, version, sandbox, letThrough }: Report): string[] => [
  wrap(url, '  ', 'What Mixpanel does at '),
  wrap(`${at.slice(0, 16).replace('T', ' ')} UTC, ${browser}${sandbox ? '' : ' without its sandbox'}, a fresh profile for each visit, watched for ${wait / 1000} s after each act. Version ${version} of mixpanel-consent-bridge.`),
  letThrough ? 'What was sent to Mixpanel reached it (--let-through).' : 'What was sent to Mixpanel was answered here, and reached no project.',
];

export function text(report: Report, colour: Paint): string {
  const { results, pages, baseline } = report;
  const { cmps, tokens, versions, hosts, bridge } = met(results);
  const out = [
    ...heading(report),
    '',
    wrap(list(cmps, 'none recognised'), '                   ', '  consent manager  '),
    wrap(tokens.length || hosts.length ? `${list(versions, 'version unknown')}; project ${list(tokens, 'unknown')}; requests to ${list(hosts, 'nobody')}` : 'not seen in any visit', '                   ', '  Mixpanel         '),
    wrap(bridge ? `on the page (${bridge})` : 'not seen', '                   ', '  bridge           '),
  ];
  for (const page of pages) {
    const here = results.filter((one) => one.page == page);
    if (!here.length) continue;
    out.push('', ...(pages.length > 1 ? [wrap(page, '  ', '')] : []), `  ${'visit'.padEnd(30)}${'requests'.padStart(9)}${'stored'.padStart(8)}   verdict`);
    for (const one of here) {
      const { title, requests, stored, passing, verdict } = one;
      const ran = verdict != 'not shown' || requests.length > 0;
      const more = counted(one) ? ` +${passing.length}` : '';
      out.push(`  ${title.padEnd(30)}${(ran ? String(requests.length) : '-').padStart(9)}${(ran ? String(stored.length) + more : '-').padStart(8)}   ${colour(verdict == 'kept' ? verdict : verdict.toUpperCase(), TONE[verdict])}`);
    }
  }
  if (results.some(counted)) out.push('  (+: written and removed again)');
  for (const result of results) {
    const said = bridgeLine(result);
    if (result.verdict == 'kept' && !result.notes.length) continue;
    out.push('', wrap(`${result.title}: ${result.verdict}. ${result.why}`.trim(), '  ', ''));
    if (result.verdict == 'broken') out.push(wrap(`Promised: ${result.promise}`, '  ', '  '));
    const pressed = result.answers.map(({ act, by, how }) => `for ${act}: ${by}${how == 'text' ? ', found by its text' : ''}`);
    if (pressed.length && result.verdict != 'kept') out.push(wrap(`Pressed ${pressed.join('; then ')}. Times count from the last press.`, '  ', '  '));
    for (const note of result.notes) out.push(wrap(note, '  ', '  '));
    if (said && result.verdict != 'kept') out.push(wrap(said, '  ', '  '));
  }
  const groups = together(results.filter(({ verdict }) => verdict != 'not shown'));
  const live = groups.filter(({ finding: { ignored } }) => !ignored);
  const important = live.filter(({ finding: { severity } }) => severity == 'high' || severity == 'medium');
  const rest = live.filter((one) => !important.includes(one));
  if (important.length) out.push('', colour('What breaks these promises, the most important first', 'bold'));
  for (const { finding, visits, pages: where, seen } of important) {
    out.push('', `  ${colour(finding.severity.toUpperCase().padEnd(7), WEIGHT[finding.severity])} ${colour(finding.title, 'bold')}  ${colour(finding.id, 'dim')}`);
    out.push(wrap(`breaks: ${visits.join('; ')}${pages.length > 1 && where.length > 1 ? `, on ${where.length} pages` : ''}`, '          ', '          '));
    for (const line of seen.slice(0, MOST)) out.push(...folded(line.trim()));
    if (seen.length > MOST) out.push(`          … and ${seen.length - MOST} more (--json has all)`);
    const by = byLine(finding);
    if (by) out.push(wrap(by, '              ', '          line: '));
    out.push(wrap(finding.means, '          ', '          '), wrap(finding.remedy, '              ', '          do: '));
  }
  const few = new Map<string, number>();
  for (const { finding, seen } of rest) few.set(finding.id, (few.get(finding.id) ?? 0) + seen.length);
  if (rest.length) out.push('', wrap(`Less important: ${[...few].map(([id, count]) => `${id} (${count})`).join(', ')}. \`verify --explain ID\` says what each means.`, '  ', '  '));
  const known = groups.filter(({ finding: { ignored } }) => ignored);
  if (known.length) out.push('', wrap(`In the baseline: ${known.map(({ finding }) => `${finding.id} until ${finding.ignored?.until}`).join(', ')}.`, '  ', '  '));
  for (const line of baseline?.expired ?? []) out.push(wrap(`Expired in the baseline: ${line}.`, '  ', '  '));
  for (const line of baseline?.unused ?? []) out.push(wrap(`No longer needed in the baseline: ${line}.`, '  ', '  '));
  out.push('', wrap(conclusion(report)));
  return out.join('\n');
}

/** What a check is, for `--explain`. */
export function explained(id: CheckId): string {
  const { severity, title, means, remedy } = CHECKS[id];
  return [`${id} (${severity})`, title, '', wrap(means, '  ', '  '), '', wrap(remedy, '      ', '  do: '), '', `  ${docs(id)}`].join('\n');
}

const indented = (text: string): string => text.replace(/^/gm, '  ');

export function detected({ url, at, browser }: Pick<Report, 'url' | 'at' | 'browser'>, found: Summary): string {
  const out = [wrap(url, '  ', 'What is at '), `${at.slice(0, 16).replace('T', ' ')} UTC, ${browser}, a fresh profile`, '', 'Consent managers'];
  for (const { cmp, running, consent, categories, others, read } of found.consentManagers) {
    out.push(`  ${cmp} (${running ? 'running' : 'found in storage alone'})`);
    const said = Object.entries(consent);
    const [, first] = said[0] ?? [];
    out.push(wrap(said.every(([, answer]) => answer == first) ? `says ${first}` : said.map(([feature, answer]) => `${feature} ${answer}`).join(', '), '    ', '    '));
    const each = Object.entries(categories).map(([name, answer]) => `${name} ${answer}`);
    if (others) each.push(`all others ${others}`);
    if (each.length) out.push(wrap(`categories: ${each.join(', ')}`, '      ', '    '));
    out.push(wrap(`read from ${read.join(', ').replaceAll('@parsed.', '')}`, '      ', '    '));
  }
  if (!found.consentManagers.length) out.push('  none recognised');
  out.push(
    wrap(`So: ${found.consent}, Mixpanel may be ${found.mode} (${found.code}${found.decidedBy ? `, by ${found.decidedBy}` : ''}). ${found.reason}`, '  ', '  '),
    '',
    'Mixpanel',
  );
  const { mixpanel } = found;
  if (!mixpanel.here) out.push('  not seen: it may wait for a yes, as it should');
  else {
    out.push(wrap(`${mixpanel.versions.join(', ') || 'version unknown'}; ${mixpanel.form ?? 'no global, so bundled or behind the bridge'}${mixpanel.tagManager ? '; Google Tag Manager is on the page and may bring it' : ''}`, '  ', '  '));
    for (const one of mixpanel.instances) out.push(wrap(`instance ${one.name}, project ${one.token}${one.host ? `, to ${one.host}` : ''}${one.optedOut ? ', opted out' : ''}`, '    ', '  '));
    out.push(wrap(`requests so far: ${mixpanel.requests.length}${mixpanel.hosts.length ? ` (to ${mixpanel.hosts.join(', ')})` : ''}; stored: ${mixpanel.stored.map((one) => nameLine(one, [])).join(', ') || 'nothing'}`, '    ', '  '));
  }
  out.push('', 'The bridge');
  if (!found.bridge) out.push('  not seen');
  else if (!found.bridge.state) out.push('  on the page (connect())');
  else out.push(wrap(`on the page (${found.bridge.form}): ${found.bridge.state.consent}, ${found.bridge.state.mode} (${found.bridge.state.code})`, '  ', '  '));
  if (!found.bridge) {
    const { use } = found;
    out.push('', use.prefer == 'tag' ? 'To connect them: above Mixpanel\'s snippet' : 'To connect them:', '', indented(use[use.prefer]), '', use.prefer == 'tag' ? 'or in code:' : 'or, with the snippet, above it:', '', indented(use[use.prefer == 'tag' ? 'code' : 'tag']));
    if (!found.consentManagers.length) out.push('', wrap("With a dialog of the site's own: `cmp: 'manual'`, and grant() and deny() where it is answered."));
    if (use.categories) out.push('', wrap(`NAME is the category that stands for analytics; there are ${use.categories.join(', ') || 'none'}.`));
  }
  return out.join('\n');
}
