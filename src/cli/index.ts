#!/usr/bin/env node
// The command: `mixpanel-consent-bridge verify URL` and `detect URL`. What it is told, in which order
// things are done, and what is written; what each does is in the files beside it. For Node alone, and
// no part of what a page loads.

import { writeFileSync } from 'node:fs';
import { BridgeError } from '../page/gate/error.ts';
import { CHECKS, isCheck, type CheckId } from './checks.ts';
import { Crew, MARK } from './crew.ts';
import { check, keep } from './evidence.ts';
import { applyBaseline, findings, readBaseline, writeBaseline } from './findings.ts';
import { judge } from './judge.ts';
import { parse, version, type Command } from './options.ts';
import { writable } from './outputs.ts';
import { html } from './report/html.ts';
import { junit } from './report/junit.ts';
import { sarif } from './report/sarif.ts';
import { clean, exitCode, harmless, json, plain } from './report/say.ts';
import { detected, explained, paint, text } from './report/text.ts';
import { NotShown, Unable, VISIT_IDS, firstLine, type Report, type Result, type VisitId } from './types.ts';
import { notMade } from './verify.ts';
import { visitor } from './visitor.ts';

type Run = Extract<Command, { run: 'detect' | 'verify' }>;

/** How many visits are made at a time. */
const ABREAST = 3;
/** What each visit of a page would meet again. */
const HOPELESS: CheckId[] = ['page-unreachable', 'page-refused', 'page-not-html', 'page-robot-check', 'page-busy'];
const CLEAR = '\r\x1b[K';

/** To standard output; what is of a page has been made harmless before, so that the colours are our own. */
function print(words: string, code: number): void {
  process.stdout.write(`${words}\n`);
  process.exitCode = code;
}
const complain = (words: string): void => void process.stderr.write(`${process.stderr.isTTY ? CLEAR : ''}${clean(words)}\n`);

/** What goes on: a line that changes where it is a terminal, a line for each visit where it is a file. */
function progress(quiet: boolean): { now(line: string): void; done(line: string): void; end(): void } {
  const live = process.stderr.isTTY && !quiet;
  return {
    now: (line) => void (live && process.stderr.write(`${CLEAR}${clean(line).slice(0, 78)}`)),
    done: (line) => void (!quiet && process.stderr.write(`${live ? CLEAR : ''}${clean(line)}\n`)),
    end: () => void (live && process.stderr.write(CLEAR)),
  };
}

/** https://no-color.org, and what forces it in a pipeline. */
const colours = (): boolean => !process.env.NO_COLOR && (process.env.FORCE_COLOR ? process.env.FORCE_COLOR !== '0' : process.env.TERM !== 'dumb' && !!process.stdout.isTTY);

async function main(): Promise<void> {
  const command = parse(process.argv.slice(2));
  if (command.run == 'say') return print(command.text, command.code);
  if (command.run == 'explain') {
    const ids = command.id == 'all' ? (Object.keys(CHECKS) as CheckId[]) : [command.id].filter(isCheck);
    if (!ids.length) throw new Unable('arguments', `\`${command.id}\` is no finding; there are ${Object.keys(CHECKS).join(', ')}.`);
    return print(ids.map(explained).join('\n\n'), 0);
  }
  if (command.run == 'check') {
    const { good, lines } = check(command.folder);
    return print(lines.map(clean).join('\n'), good ? 0 : 1);
  }
  // What connect() would not take is said before a browser is started.
  judge(command.settings.policy);
  writable(command.files);
  const ignores = command.files.baseline === undefined ? null : readBaseline(command.files.baseline);
  const told = progress(command.quiet);
  const crew = new Crew(command.settings, told.now);
  try {
    const { version: browser, sandbox } = await crew.start();
    if (!sandbox) complain(`The browser runs without its sandbox (${command.settings.sandbox ? 'it cannot be had as root: run as another user to have it' : '--no-sandbox'}). Visit sites that you trust.`);
    const report: Report = {
      schema: 1, tool: 'mixpanel-consent-bridge', version, command: command.run, url: command.pages[0] ?? '', pages: command.pages, at: new Date().toISOString(), browser: `Chromium ${browser}`,
      sandbox, letThrough: command.settings.letThrough, wait: command.settings.wait, policy: command.settings.policy, results: [], baseline: null, exitCode: 0,
    };
    if (command.run == 'detect') {
      const found = await crew.run({ do: 'detect', page: report.url });
      told.end();
      const { results: _, pages: __, baseline: ___, exitCode: ____, ...about } = report;
      return print(command.json ? json({ ...about, found }) : detected(harmless(report), harmless(found)), 0);
    }
    report.pages = await pagesOf(crew, command);
    report.results = await visits(crew, command, report.pages, told);
    told.end();
    finish(report, command, ignores);
  } finally {
    crew.end();
  }
}

async function pagesOf(crew: Crew, { pages, more }: Run): Promise<string[]> {
  const [first] = pages;
  if (more <= 1 || pages.length > 1 || !first) return pages.slice(0, more > 1 ? more : undefined);
  // If the page cannot be opened, its visits report that.
  return crew.run({ do: 'discover', page: first, most: more }).catch((error: unknown) => {
    if (error instanceof NotShown) return pages;
    throw error;
  });
}

/** All visits of all pages, some at a time; in the order of the pages and of `VISITS`. */
async function visits(crew: Crew, { only }: Run, pages: string[], told: ReturnType<typeof progress>): Promise<Result[]> {
  const ids = VISIT_IDS.filter((id) => !only.length || only.includes(id));
  const planned: [string, VisitId][] = pages.flatMap((page) => ids.map((id): [string, VisitId] => [page, id]));
  const results: Result[] = new Array<Result>(planned.length);
  /** Pages that cannot be visited: their other visits would say the same. */
  const hopeless = new Map<string, NotShown>();
  let next = 0;
  const work = async (): Promise<void> => {
    for (let mine = next++; mine < planned.length; mine = next++) {
      const [page, id] = planned[mine] ?? ['', 'before'];
      const began = Date.now();
      const before = hopeless.get(page);
      const result = before
        ? notMade(page, id, before)
        : await crew.run({ do: 'visit', page, id }).catch((error: unknown) => {
            if (error instanceof NotShown) return notMade(page, id, error);
            if (error instanceof Unable) throw error;
            // What went wrong with one visit is no reason to lose what the others have shown.
            return notMade(page, id, new NotShown('page-crashes', `The visit of \`${page}\` broke off, which should not happen (${firstLine(error)}). Please report it.`));
          });
      if (result.verdict == 'not shown' && result.code?.startsWith('page-') && !before) {
        if (HOPELESS.includes(result.code)) hopeless.set(page, new NotShown(result.code, result.why));
        complain(result.why);
      }
      results[mine] = result;
      // That a page is silent says nothing before Mixpanel was met on it.
      const verdict = result.verdict == 'kept' && !result.met ? 'nothing of Mixpanel seen' : result.verdict;
      told.done(`${pages.length > 1 ? `${page} ` : ''}${result.title}: ${verdict}${before ? '' : ` (${Math.round((Date.now() - began) / 1000)} s)`}`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(ABREAST, planned.length) }, work));
  for (const page of pages) silent(results.filter((one) => one.page == page));
  return results;
}

/** Where nothing of Mixpanel was met in any visit of a page, its silence is no promise kept. */
function silent(results: Result[]): void {
  if (results.some(({ met }) => met)) return;
  for (const result of results) {
    if (result.verdict != 'kept') continue;
    result.verdict = 'not shown';
    result.code = 'mixpanel-not-seen';
    result.why = 'Neither Mixpanel nor the bridge was seen in any visit of this page, so that nothing is shown by their silence.';
    result.findings = findings(result);
  }
}

function finish(report: Report, { files, json: asJson, until }: Run, ignores: ReturnType<typeof readBaseline> | null): void {
  if (ignores) report.baseline = applyBaseline(report.results, ignores);
  report.exitCode = exitCode(report.results);
  const write = (path: string | undefined, make: () => string): void => {
    if (path === undefined) return;
    try {
      writeFileSync(path, make());
    } catch (error) {
      throw new Unable('file-unwritable', `\`${path}\` could not be written (${firstLine(error)}).`);
    }
  };
  const shown = harmless(report);
  write(files.html, () => html(shown));
  write(files.junit, () => junit(shown));
  write(files.sarif, () => sarif(shown));
  const more: string[] = [];
  if (files.evidence !== undefined) more.push(`The manifest of \`${files.evidence}\` has the SHA-256 ${keep(files.evidence, shown)}.`);
  if (files['write-baseline'] !== undefined) more.push(`${writeBaseline(files['write-baseline'], report.results, until)} findings are in \`${files['write-baseline']}\` now.`);
  for (const line of more) complain(line);
  print(asJson ? json(plain(report)) : text(shown, paint(colours())), report.exitCode);
}

if (process.env[MARK] && process.send) visitor();
else
  main().catch((error: unknown) => {
    const known = error instanceof Unable || error instanceof NotShown || error instanceof BridgeError;
    complain(known ? error.message : `The visit broke off, which should not happen. Please report this:\n${error instanceof Error ? error.stack?.replaceAll('\n', ' | ') : String(error)}`);
    process.exitCode = 2;
  });
