// What all reports say alike: whom the visits met, what they come to, lines of a width.

import { shortened, short } from '../mixpanel.ts';
import type { Report, Result, Verdict } from '../types.ts';

export const WIDTH = 80;
/** How many frames of a stack a report for programs has; the evidence folder has them all. */
const DEPTH = 10;

/** What a page calls its things is shown and not obeyed: by a terminal, by XML, by whoever reads from right to left. */
export const clean = (text: string): string => text.replace(/[\0-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]/g, '?');

/** The same of everything in a report, and without a new line, with which a page could write lines of ours. */
export const harmless = <T>(given: T): T =>
  JSON.parse(JSON.stringify(given), (key: string, value: unknown) => (typeof value == 'string' && key != 'image' ? clean(value).replaceAll('\n', ' ') : value)) as T;

/** A text in lines of at most so many characters; the first begins where `first` ends. */
export function wrap(text: string, indent = '', first = indent, width = WIDTH): string {
  const lines: string[] = [];
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

export const cut = (text: string, width: number): string => (text.length > width ? `${text.slice(0, width - 1)}…` : text);
export const list = (items: string[], none: string): string => (items.length ? items.join(', ') : none);
export const unique = (items: (string | null)[]): string[] => [...new Set(items.filter((one): one is string => !!one))];

/** What was written and removed again counts where nothing was to be written. */
export const counted = ({ id, passing }: Result): boolean => passing.length > 0 && !['yes', 'reload', 'again'].includes(id);

export interface Met {
  cmps: string[];
  tokens: string[];
  versions: string[];
  hosts: string[];
  bridge: string | null;
}

/** What the visits have in common: the consent managers, Mixpanel and the bridge that they met. */
export function met(results: Result[]): Met {
  const bridges = results.flatMap(({ bridge }) => bridge ?? []);
  const tag = bridges.findLast(({ form }) => form == 'tag');
  return {
    cmps: unique(results.flatMap(({ says }) => says?.sources.map(({ cmp }) => cmp) ?? [])),
    tokens: unique(results.flatMap(({ tokens }) => tokens)).map(short),
    versions: unique(results.flatMap(({ versions }) => versions)),
    hosts: unique(results.flatMap(({ hosts }) => hosts)),
    bridge: tag ? `the tag` : bridges.length ? 'connect()' : null,
  };
}

/** What the page's own bridge said of itself at the end of a visit. */
export const bridgeLine = ({ bridge }: Result): string =>
  bridge?.consent ? `The page’s bridge said: ${bridge.consent}, Mixpanel ${bridge.mode} (${bridge.code}). ${bridge.reason ?? ''}`.trim() : '';

/** The words of the exit codes. */
export const exitCode = (results: Result[]): number =>
  results.some(({ verdict }) => verdict == 'broken') ? 1 : results.length > 0 && results.every(({ verdict }) => verdict == 'kept' || verdict == 'known') ? 0 : 2;

const ORDER: Verdict[] = ['kept', 'broken', 'known', 'default', 'not shown'];
export function conclusion({ results, letThrough }: Pick<Report, 'results' | 'letThrough'>): string {
  const counts = ORDER.map((verdict) => [results.filter((one) => one.verdict == verdict).length, verdict] as const).filter(([count]) => count);
  const reached = letThrough ? ' What went to Mixpanel reached it.' : '';
  return `${counts.map(([count, verdict]) => `${count} ${verdict}`).join(', ')}.${reached} This is what one browser saw from here, on ${new Set(results.map(({ page }) => page)).size == 1 ? 'this one page' : 'these pages'}, in this time. It says nothing about other pages, other places, or what a server sends.`;
}

/** A report for programs: without the pictures, stacks of a length that can be read, tokens by their ends. */
export function plain(report: Report): unknown {
  const tokens = unique(report.results.flatMap(({ tokens }) => tokens));
  const results = report.results.map(({ moments, tokens: _, ...rest }) => ({ ...rest, moments: moments.map(({ name, at }) => ({ name, at })) }));
  const brief = (key: string, value: unknown): unknown => (key == 'stack' && Array.isArray(value) ? value.slice(0, DEPTH) : value);
  return JSON.parse(shortened(JSON.stringify({ ...report, results }, brief), tokens)) as unknown;
}

/** JSON that a terminal may print: no control character as itself. */
export const json = (value: unknown): string =>
  JSON.stringify(value, null, 2).replace(/[\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
