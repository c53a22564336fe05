// What the visits have shown, for people: 80 columns of plain text, or one HTML file. It judges
// nothing and leaves nothing out silently: what is cut says how much.

import { short, shortened } from './mixpanel.js';

const WIDTH = 80;
const MOST = 8;

const seconds = (ms) => `${ms < 0 ? '-' : '+'}${(Math.abs(ms) / 1000).toFixed(2)} s`;
const AREAS = { cookie: 'cookie', local: 'local storage', session: 'session storage', database: 'database' };

/** A text in lines of at most so many characters; the first begins where `first` ends. */
export function wrap(text, indent = '', first = indent, width = WIDTH) {
  const lines = [];
  let line = first;
  let empty = true;
  for (const word of text.split(/\s+/)) {
    if (!empty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = indent;
      empty = true;
    }
    line += (empty ? '' : ' ') + word;
    empty = false;
  }
  return [...lines, line].join('\n');
}

const indented = (text) => text.replace(/^/gm, '  ');
const cut = (text, width) => (text.length > width ? `${text.slice(0, width - 1)}…` : text);

/** One request in a line: when, what, where to, whom it names. */
export const requestLine = (one, tokens) =>
  [
    seconds(one.after ?? one.at).padStart(9),
    one.method.padEnd(4),
    `${one.host}${shortened(one.path, tokens)}`,
    one.events.length ? `(${one.events.slice(0, 3).join(', ')}${one.events.length > 3 ? ` and ${one.events.length - 3} more` : ''})` : `(${one.kind})`,
    one.distinctId ? `for ${one.distinctId}` : '',
  ].filter(Boolean).join('  ');

const nameLine = (one, tokens, what = '') =>
  `${AREAS[one.area]} ${shortened(one.name, tokens)}${one.days ? ` (kept ${one.days} days)` : ''}${one.records === undefined ? '' : ` (${one.records || 'no'} record${one.records == 1 ? '' : 's'})`}${what}`;

/** The lines under a verdict. */
function evidence(result, most = MOST) {
  if (!['broken', 'default'].includes(result.verdict)) return [];
  const tokens = result.tokens ?? [];
  const lines = [];
  const some = (list, line) => {
    for (const one of list.slice(0, most)) lines.push(line(one));
    if (list.length > most) lines.push(`… and ${list.length - most} more (--json has all)`);
  };
  const written = (one) => `  written  ${nameLine(one, tokens, ', then removed')}`;
  some(result.requests.filter((one) => !one.nextPage), (one) => requestLine(one, tokens));
  some(result.passing.filter((one) => !one.nextPage), written);
  const [sent, passing] = [result.requests, result.passing].map((list) => list.filter((one) => one.nextPage));
  if (sent.length || passing.length) lines.push('On the next page:');
  some(sent, (one) => requestLine(one, tokens));
  some(passing, written);
  if (result.stored.length && (sent.length || passing.length)) lines.push('At the end:');
  some(result.stored, (one) => `   stored  ${nameLine(one, tokens)}`);
  return lines;
}

/** What was written and removed again counts where nothing was to be written. */
const counted = ({ id, passing }) => passing.length > 0 && id != 'yes' && id != 'reload';

const names = (list) => [...new Set(list)].filter(Boolean);

/** What the visits have in common: the consent managers, Mixpanel and the bridge that they met. */
export function met(results) {
  const done = results.filter(({ says }) => says);
  const cmps = names(done.flatMap(({ says }) => says.sources.map(({ cmp }) => cmp)));
  const tokens = names(done.flatMap(({ tokens }) => tokens));
  const versions = names(done.flatMap(({ all, instances }) => [...all.map(({ version }) => version), ...instances.map(({ version }) => version)]));
  const hosts = names(done.flatMap(({ all }) => all.map(({ host }) => host)));
  const tag = done.some(({ tag }) => tag);
  const module = !tag && done.some(({ channels, bridge }) => channels.length || bridge.length);
  return { cmps, tokens: tokens.map(short), versions, hosts, bridge: tag ? 'the tag' : module ? 'connect()' : null };
}

const list = (items, none) => (items.length ? items.join(', ') : none);

export function text(report) {
  const { url, at, browser, wait, results } = report;
  const { cmps, tokens, versions, hosts, bridge } = met(results);
  const out = [
    wrap(url, '  ', 'What Mixpanel does at '),
    `${at.slice(0, 16).replace('T', ' ')} UTC, ${browser}, a fresh profile for each visit,`,
    `watched for ${wait / 1000} s after each act. Version ${report.version} of mixpanel-consent-bridge.`,
    '',
    wrap(list(cmps, 'none recognised'), '                   ', '  consent manager  '),
    wrap(tokens.length || hosts.length ? `${list(versions, 'version unknown')}; project ${list(tokens, 'unknown')}; requests to ${list(hosts, 'nobody')}` : 'not seen in any visit', '                   ', '  Mixpanel         '),
    wrap(bridge ? `on the page (${bridge})` : 'not seen', '                   ', '  bridge           '),
    '',
    `  ${'visit'.padEnd(30)}${'requests'.padStart(9)}${'stored'.padStart(8)}   verdict`,
  ];
  for (const one of results) {
    const { title, requests, stored, passing, verdict } = one;
    const ran = verdict != 'not run';
    const more = counted(one) ? ` +${passing.length}` : '';
    out.push(`  ${title.padEnd(30)}${(ran ? String(requests.length) : '-').padStart(9)}${(ran ? String(stored.length) + more : '-').padStart(8)}   ${['broken', 'not run', 'not seen', 'default'].includes(verdict) ? verdict.toUpperCase() : verdict}`);
  }
  if (out.some((line) => / \+\d+   [A-Z]+$/.test(line))) out.push('  (+: written and removed again)');
  for (const result of results) {
    const lines = evidence(result);
    if (!result.why && !lines.length && !result.notes.length) continue;
    out.push('');
    out.push(wrap(`${result.title}: ${result.verdict}. ${result.why}`.trim(), '  ', ''));
    if (result.answer && ['broken', 'default'].includes(result.verdict)) out.push(wrap(`Pressed: ${result.answer.by}. Times are from then on.`, '  ', '  '));
    for (const line of lines) out.push(cut(`  ${line}`, WIDTH));
    for (const note of result.notes) out.push(wrap(note, '  ', '  '));
  }
  out.push('', wrap(conclusion(results)));
  return out.join('\n');
}

export function conclusion(results) {
  const of = (verdict) => results.filter((one) => one.verdict == verdict).length;
  const parts = ['kept', 'broken', 'default', 'not seen', 'not run'].filter(of).map((verdict) => `${of(verdict)} ${verdict}`);
  const shown = 'This is what one browser saw from here, on this one page, in this time; other pages, other places and what a server sends are not in it.';
  return `${parts.join(', ')}. ${shown}`;
}

const html = (given) => String(given).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** One file without anything to fetch, to be kept or sent. */
export function page(report) {
  const { url, at, browser, wait, results, version } = report;
  const { cmps, tokens, versions, hosts, bridge } = met(results);
  const rows = results.map((one) => {
    const ran = one.verdict != 'not run';
    return `<tr class="${html(one.verdict.replace(' ', '-'))}"><td><b>${html(one.title)}</b><br><small>${html(one.promise)}</small></td><td>${ran ? one.requests.length : '–'}</td><td>${ran ? one.stored.length : '–'}${counted(one) ? ` (+${one.passing.length} for a moment)` : ''}</td><td><b>${html(one.verdict)}</b></td></tr>`;
  });
  const details = results.map((one) => {
    const lines = [
      ...one.requests.map((request) => requestLine(request, one.tokens)),
      ...one.stored.map((name) => `   stored  ${nameLine(name, one.tokens)}`),
      ...(counted(one) ? one.passing : []).map((name) => `  written  ${nameLine(name, one.tokens, ', then removed')}`),
      ...one.refusal.map((name) => `  refusal  ${nameLine(name, one.tokens)}`),
      ...one.bridge.map((name) => `   record  ${nameLine(name, one.tokens)}`),
    ];
    const told = [one.why, one.answer && `Pressed: ${one.answer.by}, ${one.answer.confirmed ? `and ${one.answer.says.cmp} said \`${one.answer.says.consent}\`` : 'not confirmed by a consent manager'}.`, one.says && one.verdict != 'not run' && `At the end: ${one.says.consent}, Mixpanel may be ${one.says.mode}. ${one.says.reason}`, ...one.notes].filter(Boolean);
    return `<h2>${html(one.title)}: ${html(one.verdict)}</h2>${told.map((line) => `<p>${html(line)}</p>`).join('')}<pre>${html(lines.join('\n') || (one.verdict == 'not run' ? 'Nothing was seen: this visit was not made.' : 'Nothing was sent to Mixpanel, and nothing of it is on the device.'))}</pre>`;
  });
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>What Mixpanel does at ${html(url)}</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a; background: #fff }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; vertical-align: top; padding: .5rem; border-bottom: 1px solid #ccc }
pre { background: #f4f4f4; padding: .75rem; overflow-x: auto; font-size: 13px } h1, h2 { line-height: 1.2 } dt { font-weight: 600 }
.kept td:last-child { color: #116329 } .broken td:last-child { color: #a40e26 } .default td:last-child, .not-seen td:last-child, .not-run td:last-child { color: #7a4d00 }
</style></head><body>
<h1>What Mixpanel does at ${html(url)}</h1>
<dl><dt>When and with what</dt><dd>${html(at)}, ${html(browser)}, a fresh profile for each visit, watched for ${wait / 1000} s after each act, mixpanel-consent-bridge ${html(version)}</dd>
<dt>Consent manager</dt><dd>${html(list(cmps, 'none recognised'))}</dd>
<dt>Mixpanel</dt><dd>${html(list(versions, 'version unknown'))}; project ${html(list(tokens, 'unknown'))}; requests to ${html(list(hosts, 'nobody'))}</dd>
<dt>Bridge</dt><dd>${html(bridge ? `on the page (${bridge})` : 'not seen')}</dd></dl>
<table><thead><tr><th>Visit</th><th>Requests</th><th>Stored</th><th>Verdict</th></tr></thead><tbody>${rows.join('\n')}</tbody></table>
<p>${html(conclusion(results))}</p>
${details.join('\n')}
</body></html>
`;
}

export function detected(report) {
  const { url, at, browser, found } = report;
  const out = [wrap(url, '  ', 'What is at '), `${at.slice(0, 16).replace('T', ' ')} UTC, ${browser}, a fresh profile`, '', 'Consent managers'];
  for (const { cmp, running, consent, categories, others, read } of found.consentManagers) {
    out.push(`  ${cmp} (${running ? 'running' : 'found in storage alone'})`);
    const said = Object.entries(consent);
    out.push(wrap(said.every(([, answer]) => answer == said[0][1]) ? `says ${said[0][1]}` : said.map(([feature, answer]) => `${feature} ${answer}`).join(', '), '    ', '    '));
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
    out.push(wrap(`requests so far: ${mixpanel.requests.length}${mixpanel.hosts.length ? ` (to ${mixpanel.hosts.join(', ')})` : ''}; stored: ${mixpanel.stored.map((one) => nameLine(one)).join(', ') || 'nothing'}`, '    ', '  '));
  }
  out.push('', 'The bridge');
  if (!found.bridge) out.push('  not seen');
  else if (!found.bridge.state) out.push('  on the page (connect())');
  else out.push(wrap(`on the page (${found.bridge.form}): ${found.bridge.state.consent}, ${found.bridge.state.mode} (${found.bridge.state.code})`, '  ', '  '));
  if (!found.bridge) {
    out.push('', found.use.prefer == 'tag' ? 'To connect them: above Mixpanel\'s snippet' : 'To connect them:', '', indented(found.use[found.use.prefer]), '', found.use.prefer == 'tag' ? 'or in code:' : 'or, with the snippet, above it:', '', indented(found.use[found.use.prefer == 'tag' ? 'code' : 'tag']));
    if (!found.consentManagers.length) out.push('', wrap("With a dialog of the site's own: `cmp: 'manual'`, and grant() and deny() where it is answered."));
    if (found.use.categories) out.push('', wrap(`NAME is the category that stands for analytics; there are ${found.use.categories.join(', ') || 'none'}.`));
  }
  return out.join('\n');
}
