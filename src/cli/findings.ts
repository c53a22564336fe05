// What a visit has shown, as things: each under its id of checks.ts, with where, whose line, what it
// means and what to do. Which of them are known already stands in a baseline, until a day.

import { readFileSync, writeFileSync } from 'node:fs';
import { CHECKS, SEVERITIES, docs, isCheck, ofName, ofRequest, remedy, type CheckId } from './checks.ts';
import { container, lineOf, place } from './cause.ts';
import { AREA_NAMES } from './look.ts';
import { shortened } from './mixpanel.ts';
import { Unable, firstLine, type Cause, type Finding, type Report, type Result, type Sent, type Stored, type Written } from './types.ts';

const seconds = (ms: number): string => `${ms < 0 ? '-' : '+'}${(Math.abs(ms) / 1000).toFixed(2)} s`;

/** One request in a line: when, what, where to, whom it names. */
export const requestLine = (one: Sent, tokens: string[]): string =>
  [
    seconds(one.after ?? one.at).padStart(9),
    one.method.padEnd(4),
    `${one.host}${shortened(one.path, tokens)}`,
    one.profile.length ? `(${one.profile.join(', ')})` : one.events.length ? `(${one.events.slice(0, 3).join(', ')}${one.events.length > 3 ? ` and ${one.events.length - 3} more` : ''})` : `(${one.kind})`,
    one.distinctId ? `for ${one.distinctId}` : '',
    one.tab > 1 ? '[second tab]' : '',
    one.nextPage ? '[next page]' : '',
  ].filter(Boolean).join('  ');

export const nameLine = (one: Pick<Stored, 'area' | 'name' | 'days' | 'records'>, tokens: string[], what = ''): string =>
  `${AREA_NAMES[one.area]} ${shortened(one.name, tokens)}${one.days ? ` (kept ${one.days} days)` : ''}${one.records === undefined ? '' : ` (${one.records || 'no'} record${one.records == 1 ? '' : 's'})`}${what}`;

const writtenLine = (one: Written, tokens: string[]): string => `${seconds(one.after ?? one.at).padStart(9)}  ${nameLine(one, tokens, ', then removed')}${one.tab > 1 ? '  [second tab]' : ''}${one.nextPage ? '  [next page]' : ''}`;

/** A name without what is random in it, so that it is the same in each run. */
const steady = (name: string): string => name.replace(/__mplss_.*/, '__mplss_*').replace(/[0-9a-f]{8}-[0-9a-f-]{27,}/g, '*');

interface Thing {
  id: CheckId;
  where: string;
  line: string;
  by: Cause | null;
}

function things(result: Result): Thing[] {
  const { verdict, code, tokens, requests, stored, passing, judged, why, id } = result;
  if (verdict == 'not shown') return code ? [{ id: code, where: '', line: why, by: null }] : [];
  if (verdict == 'kept') return [];
  if (id == 'yes' || id == 'reload' || id == 'again') return judged.map((one) => ({ id: one.id, where: '', line: one.seen, by: one.by }));
  const short = (text: string): string => shortened(text, tokens);
  const all: Thing[] = [
    ...requests.map((one): Thing => ({ id: ofRequest(one), where: `${one.method == 'GET' ? 'GET' : 'POST'} ${one.host}${short(one.path)}`, line: requestLine(one, tokens), by: one.by })),
    ...stored.map((one): Thing => ({ id: one.records === 0 ? 'database-empty' : ofName(one.name), where: `${one.area} ${steady(short(one.name))}`, line: `   stored  ${nameLine(one, tokens)}`, by: one.by })),
    ...passing.map((one): Thing => ({ id: ofName(one.name), where: `${one.area} ${steady(short(one.name))}`, line: writtenLine(one, tokens), by: one.by })),
  ];
  return verdict == 'default' && code ? [{ id: code, where: '', line: why, by: null }, ...all] : all;
}

/** Those of one visit, the important first. What is one thing from one place is one finding. */
export function findings(result: Result): Finding[] {
  const groups = new Map<string, Finding>();
  for (const { id, where, line, by } of things(result)) {
    const key = [id, where, by ? lineOf(by) : ''].join('\n');
    const before = groups.get(key);
    if (before) {
      before.seen.push(line);
      continue;
    }
    const { severity, title, means } = CHECKS[id];
    const from = by ? container(by.file) : '';
    const todo = `${remedy(id, result.id)}${from ? ` The line is of a tag in ${from}: stop that tag there.` : ''}`;
    // What a default of the consent manager allows is no fault of the site's: it is shown, and no more.
    const weight = result.verdict == 'default' && id != 'answer-not-kept' ? 'note' : severity;
    groups.set(key, { id, severity: weight, title, page: result.page, visit: result.id, where, seen: [line], by, means, remedy: todo, docs: docs(id), ignored: null });
  }
  return [...groups.values()].sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
}

/** What is said twice is said once, with how often. */
const counted = (lines: string[]): string[] => [...new Set(lines)].map((line) => { const times = lines.filter((one) => one === line).length; return times > 1 ? `${line} (${times} times)` : line; });

/** Of several visits, what is the same thing from the same line. */
export function together(results: Result[]): { finding: Finding; visits: string[]; pages: string[]; seen: string[] }[] {
  const groups = new Map<string, { finding: Finding; visits: Set<string>; pages: Set<string>; seen: string[] }>();
  for (const result of results)
    for (const finding of result.findings) {
      const key = [finding.id, finding.by ? lineOf(finding.by) : finding.where, finding.remedy, finding.ignored?.until ?? ''].join('\n');
      const group = groups.get(key) ?? { finding, visits: new Set(), pages: new Set(), seen: [] };
      group.visits.add(result.title);
      group.pages.add(finding.page);
      group.seen.push(...finding.seen);
      groups.set(key, group);
    }
  return [...groups.values()]
    .map(({ finding, visits, pages, seen }) => ({ finding, visits: [...visits], pages: [...pages], seen: counted(seen) }))
    .sort((a, b) => SEVERITIES.indexOf(a.finding.severity) - SEVERITIES.indexOf(b.finding.severity));
}

export const byLine = ({ by }: Pick<Finding, 'by'>): string => {
  if (!by) return '';
  const from = container(by.file);
  const whose = from ? `, a tag in ${from}` : by.whose == 'page' ? '' : by.whose == 'other' ? (by.inline ? '' : ', not of this site') : ', within Mixpanel’s library';
  return `${place(by)}${whose}${by.via == 'loader' ? ' (this line loads the library)' : by.via == 'start' ? ' (this line starts Mixpanel)' : ''}`;
};

// ---- What is known ---------------------------------------------------------------------

interface Ignore {
  id: CheckId;
  /** Left out: every visit, every place, every page. `*` stands for anything. */
  visit?: string;
  where?: string;
  page?: string;
  reason: string;
  /** A day, until the end of which it holds. */
  until: string;
}

const DAY = 86_400_000;
/** How long a baseline holds that was written without a day. */
const DAYS = 90;
/** Nothing is ignored for longer: what is forgotten in a file is never mended. */
export const LONGEST = 400;

/** Whether this is a day that there is, as 2027-01-31. */
export const isDay = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text);
/** Whether a baseline that is written now may hold until the end of this day. */
export const holds = (day: string): boolean => day >= new Date().toISOString().slice(0, 10) && Date.parse(day) <= Date.now() + LONGEST * DAY;

const fits = (pattern: string | undefined, text: string): boolean =>
  pattern === undefined || new RegExp(`^${pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`, 's').test(text);

/** Reads a baseline; throws `Unable` with the entry that is wrong. */
export function readBaseline(path: string): Ignore[] {
  const wrong = (what: string): never => {
    throw new Unable('baseline-invalid', `The baseline \`${path}\` ${what}. Write one with --write-baseline.`);
  };
  let given: unknown;
  try {
    given = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    return wrong(`cannot be read (${firstLine(error)})`);
  }
  const { schema, ignores } = (given ?? {}) as { schema?: unknown; ignores?: unknown };
  if (schema !== 1 || !Array.isArray(ignores)) return wrong('is none: it has no `schema` 1 and `ignores`');
  return ignores.map((one: unknown, index): Ignore => {
    const entry = (one ?? {}) as Record<string, unknown>;
    const name = `entry ${index + 1}`;
    for (const key of Object.keys(entry)) if (!['id', 'visit', 'where', 'page', 'reason', 'until'].includes(key)) wrong(`has \`${key}\` in ${name}, which is not id, visit, where, page, reason or until`);
    const { id, reason, until } = entry;
    if (typeof id != 'string' || !isCheck(id)) return wrong(`has \`${String(id)}\` for an id in ${name}: \`verify --explain\` lists them`);
    if (typeof reason != 'string' || !reason.trim()) return wrong(`gives no reason in ${name}`);
    if (typeof until != 'string' || !isDay(until)) return wrong(`says no day as \`until\` in ${name} (2027-01-31)`);
    if (Date.parse(until) > Date.now() + LONGEST * DAY) return wrong(`ignores for longer than ${LONGEST} days in ${name}`);
    const word = (key: 'visit' | 'where' | 'page'): object => (typeof entry[key] == 'string' ? { [key]: entry[key] } : {});
    return { id, reason, until, ...word('visit'), ...word('where'), ...word('page') };
  });
}

/** Marks what is known, and turns `broken` into `known` where nothing else is left. */
export function applyBaseline(results: Result[], ignores: Ignore[]): NonNullable<Report['baseline']> {
  const today = new Date().toISOString().slice(0, 10);
  const used = new Set<Ignore>();
  const expired = ignores.filter(({ until }) => until < today);
  for (const result of results) {
    for (const finding of result.findings) {
      const match = ignores.find((one) => !expired.includes(one) && one.id == finding.id && fits(one.visit, finding.visit) && fits(one.where, finding.where) && fits(one.page, finding.page));
      if (!match) continue;
      used.add(match);
      finding.ignored = { reason: match.reason, until: match.until };
    }
    if (result.verdict == 'broken' && result.findings.length && result.findings.every(({ ignored }) => ignored)) result.verdict = 'known';
  }
  const line = ({ id, visit, where, until }: Ignore): string => `${id}${visit ? ` in ${visit}` : ''}${where ? ` (${where})` : ''}, until ${until}`;
  return { expired: expired.map(line), unused: ignores.filter((one) => !used.has(one) && !expired.includes(one)).map(line) };
}

/** Writes what is broken now as a baseline. */
export function writeBaseline(path: string, results: Result[], until: string | undefined): number {
  const last = until ?? new Date(Date.now() + DAYS * DAY).toISOString().slice(0, 10);
  const seen = new Set<string>();
  const ignores = results
    .filter(({ verdict }) => verdict == 'broken' || verdict == 'known')
    .flatMap(({ findings }) => findings)
    .map(({ id, visit, where, page }): Ignore => ({ id, visit, where, page, reason: `Found when the baseline was written, ${new Date().toISOString().slice(0, 10)}.`, until: last }))
    .filter((one) => !seen.has(JSON.stringify(one)) && seen.add(JSON.stringify(one)));
  try {
    writeFileSync(path, `${JSON.stringify({ schema: 1, ignores }, null, 2)}\n`);
  } catch (error) {
    throw new Unable('baseline-unwritable', `The baseline \`${path}\` could not be written (${firstLine(error)}).`);
  }
  return ignores.length;
}
