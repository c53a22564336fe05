// The report as one file for people, with nothing to fetch and nothing that runs: to be kept, sent and
// printed, on a phone or a desk, in light or dark.

import type { Severity } from '../checks.ts';
import { byLine, nameLine, requestLine, together } from '../findings.ts';
import type { Report, Result, Verdict } from '../types.ts';
import { bridgeLine, clean, conclusion, counted, list, met } from './say.ts';

const esc = (given: string): string => clean(given).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
/** With `code` between backticks. */
const prose = (given: string): string => esc(given).replace(/`([^`]+)`/g, '<code>$1</code>');

const STYLE = `
:root { color-scheme: light dark; --ink: #1b1d21; --soft: #51565f; --paper: #fff; --panel: #f4f5f7; --line: #d4d7dd; --good: #0b6b2c; --bad: #a40e26; --warn: #7a4a00; --badge: #fff }
@media (prefers-color-scheme: dark) { :root { --ink: #e9ebee; --soft: #b0b6c0; --paper: #14161a; --panel: #1e2127; --line: #3a3f48; --good: #6fdc8c; --bad: #ff9aa5; --warn: #f0c070; --badge: #14161a } }
* { box-sizing: border-box }
body { font: 1rem/1.55 system-ui, sans-serif; margin: 0; color: var(--ink); background: var(--paper); overflow-wrap: anywhere }
main { max-width: 60rem; margin: 0 auto; padding: 1.25rem 1rem 4rem }
h1 { font-size: 1.5rem; line-height: 1.25; margin: .5rem 0 1rem } h2 { font-size: 1.2rem; margin: 2.25rem 0 .75rem } h3 { font-size: 1rem; margin: 0 }
p { margin: .4rem 0 } ul { margin: .2rem 0; padding-left: 1.25rem } small, .soft { color: var(--soft); font-size: .875rem }
code { font: .875em ui-monospace, monospace; background: var(--panel); padding: .1em .25em; border-radius: .25em }
a { color: inherit }
dl.about { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: 0 } dl.about dt { color: var(--soft) } dl.about dd { margin: 0 }
ul.visits { list-style: none; margin: 0; padding: 0; border-top: 1px solid var(--line) }
ul.visits li { display: grid; grid-template-columns: 1fr max-content; gap: .1rem 1rem; padding: .6rem 0; border-bottom: 1px solid var(--line) }
ul.visits .soft { grid-column: 1 }
.verdict { font-weight: 700; white-space: nowrap } .kept { color: var(--good) } .broken { color: var(--bad) } .known, .default, .not-shown { color: var(--warn) }
article { border: 1px solid var(--line); border-radius: .5rem; padding: .9rem 1rem; margin: .75rem 0 }
article header { display: flex; flex-wrap: wrap; gap: .35rem .6rem; align-items: baseline }
.badge { font-size: .75rem; font-weight: 700; text-transform: uppercase; letter-spacing: .03em; padding: .1rem .45rem; border-radius: 1rem; color: var(--badge); background: var(--warn) } .badge.high { background: var(--bad) } .badge.low, .badge.note { background: var(--soft) }
pre { font: .8125rem/1.5 ui-monospace, monospace; background: var(--panel); border-radius: .35rem; padding: .6rem .75rem; margin: .5rem 0; white-space: pre-wrap }
details { margin: .5rem 0 } summary { cursor: pointer; padding: .25rem 0 }
.shots { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 16rem), 1fr)); gap: .75rem; margin: .5rem 0 } figure { margin: 0 } figure img { width: 100%; height: auto; border: 1px solid var(--line); border-radius: .25rem; display: block } figcaption { color: var(--soft); font-size: .875rem }
@media (max-width: 30rem) { dl.about { grid-template-columns: 1fr; gap: 0 } dl.about dd { margin-bottom: .4rem } }
@media print { details > * { display: block } article { break-inside: avoid } }
`;

const verdictOf = (verdict: Verdict): string => `<span class="verdict ${verdict.replace(' ', '-')}">${verdict}</span>`;
const badge = (severity: Severity): string => `<span class="badge ${severity}">${severity}</span>`;
const block = (lines: string[]): string => (lines.length ? `<pre>${lines.map((line) => esc(line.trim())).join('\n')}</pre>` : '');

function about(report: Report): string {
  const { results, at, browser, wait, version, sandbox, letThrough } = report;
  const { cmps, tokens, versions, hosts, bridge } = met(results);
  const rows: [string, string][] = [
    ['When', `${at.slice(0, 16).replace('T', ' ')} UTC`],
    ['With what', `${browser}${sandbox ? '' : ' without its sandbox'}, a fresh profile for each visit, watched for ${wait / 1000} s after each act; mixpanel-consent-bridge ${version}`],
    ['Sent to Mixpanel', letThrough ? 'It reached Mixpanel.' : 'It was answered by the command, and reached no project.'],
    ['Consent manager', list(cmps, 'none recognised')],
    ['Mixpanel', tokens.length || hosts.length ? `${list(versions, 'version unknown')}; project ${list(tokens, 'unknown')}; requests to ${list(hosts, 'nobody')}` : 'not seen in any visit'],
    ['Bridge', bridge ? `on the page (${bridge})` : 'not seen'],
  ];
  return `<dl class="about">${rows.map(([name, value]) => `<dt>${name}</dt><dd>${esc(value)}</dd>`).join('')}</dl>`;
}

function overview(results: Result[]): string {
  return `<ul class="visits">${results.map((one) => {
    const ran = one.verdict != 'not shown' || one.requests.length > 0;
    const figures = ran ? `${one.requests.length} sent, ${one.stored.length} stored${counted(one) ? `, ${one.passing.length} stored for a moment` : ''}` : 'not finished';
    return `<li><b>${esc(one.title)}</b>${verdictOf(one.verdict)}<span class="soft">${esc(one.promise)} (${figures})</span></li>`;
  }).join('')}</ul>`;
}

function breaking(results: Result[], many: boolean): string {
  const groups = together(results);
  const promises = new Map(results.map(({ title, promise }) => [title, promise]));
  const one = ({ finding, visits, pages, seen }: ReturnType<typeof together>[number]): string => {
    const by = byLine(finding);
    const stack = finding.by && finding.by.stack.length > 1 ? `<details><summary>The whole stack</summary>${block(finding.by.stack.map(({ file, line, column, name }) => `${name || '(no name)'}  ${file}:${line}:${column}`))}</details>` : '';
    return `<article><header>${badge(finding.severity)}<h3>${esc(finding.title)}</h3><small><code>${finding.id}</code></small></header>
${important.some((group) => group.finding == finding) ? `<p><b>Breaks the promise:</b></p><ul>${visits.map((title) => `<li>${esc(promises.get(title) ?? '')} <span class="soft">(${esc(title)})</span></li>`).join('')}</ul>` : ''}
<p class="soft">Seen in: ${esc(visits.join('; '))}${many ? `, on ${esc(pages.join(', '))}` : ''}${finding.ignored ? `. In the baseline until ${esc(finding.ignored.until)}: ${esc(finding.ignored.reason)}` : ''}</p>
${by ? `<p><b>The line:</b> <code>${esc(by)}</code></p>` : ''}
<p><b>What it means:</b> ${prose(finding.means)}</p><p><b>What to do:</b> ${prose(finding.remedy)}</p>
<details><summary>Evidence (${seen.length})</summary>${block(seen.slice(0, 40))}${seen.length > 40 ? `<p class="soft">… and ${seen.length - 40} more, in the JSON report</p>` : ''}</details>${stack}</article>`;
  };
  const important = groups.filter(({ finding: { severity, ignored } }) => !ignored && (severity == 'high' || severity == 'medium'));
  const rest = groups.filter((group) => !important.includes(group));
  return `${important.length ? `<h2>What breaks these promises, the most important first</h2>${important.map(one).join('')}` : ''}${
    rest.length ? `<h2>Less important, or in the baseline</h2><details><summary>${rest.map(({ finding }) => finding.id).filter((id, index, all) => all.indexOf(id) == index).join(', ')}</summary>${rest.map(one).join('')}</details>` : ''}`;
}

function visitDetails(one: Result): string {
  const { tokens } = one;
  const lines = [
    ...one.requests.map((request) => requestLine(request, tokens)),
    ...one.stored.map((name) => `stored  ${nameLine(name, tokens)}`),
    ...(counted(one) ? one.passing : []).map((name) => `written  ${nameLine(name, tokens, ', then removed')}`),
    ...one.refusal.map((name) => `refusal  ${nameLine(name, tokens)}`),
    ...one.record.map((name) => `record  ${nameLine(name, tokens)}`),
  ];
  const told = [
    one.why,
    ...one.answers.map(({ act, by, how, readBack, says }) => `Pressed for ${act}: ${by}${how == 'text' ? ', found by its text' : ''}${readBack ? `; read back by the ${readBack}${readBack == 'consent manager' && says ? ` (\`${says.cmp}\` said \`${says.consent}\`)` : ''}` : '; nothing confirms it'}.`),
    one.says && one.verdict != 'not shown' ? `At the end of the visit the answer was \`${one.says.consent}\`, so Mixpanel may be ${one.says.mode}. ${one.says.reason}` : '',
    bridgeLine(one),
    ...one.notes,
  ].filter(Boolean);
  const silent = one.verdict == 'not shown' && !one.says ? 'Nothing was seen, because this visit was not made.' : 'Nothing was sent to Mixpanel, and nothing of it is on the device.';
  const shots = one.moments.map(({ name, at, image }) => `<figure><img src="data:image/jpeg;base64,${image}" alt="The page, ${esc(name)}" width="1280" height="800"><figcaption>${esc(name)}, ${(at / 1000).toFixed(1)} s</figcaption></figure>`);
  return `<article><header><h3>${esc(one.title)}</h3>${verdictOf(one.verdict)}</header>${told.map((line) => `<p>${prose(line)}</p>`).join('')}
${shots.length ? `<div class="shots">${shots.join('')}</div>` : ''}
<details><summary>${lines.length ? `All that was seen (${lines.length})` : 'What was seen'}</summary>${lines.length ? block(lines) : `<p>${silent}</p>`}</details></article>`;
}

export function html(report: Report): string {
  const { url, results, pages } = report;
  const many = pages.length > 1;
  const sections = pages.map((page) => {
    const here = results.filter((one) => one.page == page);
    return { page, here };
  });
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>What Mixpanel does at ${esc(url)}</title>
<style>${STYLE}</style></head><body><main>
<h1>What Mixpanel does at ${esc(url)}</h1>
${about(report)}
<h2>The promises</h2>
${sections.map(({ page, here }) => `${many ? `<p><b>${esc(page)}</b></p>` : ''}${overview(here)}`).join('')}
<p>${esc(conclusion(report))}</p>
${breaking(results.filter(({ verdict }) => verdict != 'not shown'), many)}
<h2>Each visit</h2>
${sections.map(({ page, here }) => `${many ? `<p><b>${esc(page)}</b></p>` : ''}${here.map(visitDetails).join('')}`).join('')}
</main></body></html>
`;
}
