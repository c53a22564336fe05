// An evidence folder: the report in each form, every event, the pictures, and a manifest with the
// SHA-256 of each file. Whoever keeps the manifest's own sum elsewhere can show later that nothing was
// changed; what it does not show is who made it.

import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { html } from './report/html.ts';
import { junit } from './report/junit.ts';
import { sarif } from './report/sarif.ts';
import { json, plain } from './report/say.ts';
import { paint, text } from './report/text.ts';
import { shortened } from './mixpanel.ts';
import { empty } from './outputs.ts';
import { Unable, firstLine, type Report } from './types.ts';

const MANIFEST = 'manifest.json';
/** A file's name as the command itself makes them: nothing else is written or read. */
const NAME = /^[a-z0-9][a-z0-9.-]{0,80}$/;

const sum = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Writes the folder; returns the manifest's own sum. */
export function keep(folder: string, report: Report): string {
  empty(folder);
  const files = new Map<string, Uint8Array>();
  const add = (name: string, content: string | Uint8Array): void => void files.set(name, typeof content == 'string' ? Buffer.from(content) : content);
  add('report.json', `${json(plain(report))}\n`);
  add('report.txt', `${text(report, paint(false))}\n`);
  add('report.html', html(report));
  add('report.junit.xml', junit(report));
  add('report.sarif.json', sarif(report));
  const tokens = report.results.flatMap((one) => one.tokens);
  const events = report.results.flatMap(({ page, id, requests, passing, stored }) => [
    ...requests.map((one) => ({ page, visit: id, what: 'request', ...one })),
    ...passing.map((one) => ({ page, visit: id, what: 'written and removed', ...one })),
    ...stored.map((one) => ({ page, visit: id, what: 'stored', ...one })),
  ]);
  add('events.ndjson', events.map((one) => `${shortened(JSON.stringify(one), tokens)}\n`).join(''));
  report.results.forEach(({ page, id, moments }) =>
    moments.forEach(({ name, image }, index) => add(`${report.pages.indexOf(page) + 1}-${id}-${index + 1}-${name.replace(/[^a-z0-9]+/g, '-')}.jpg`, Buffer.from(image, 'base64'))));
  const manifest = `${JSON.stringify({
    schema: 1, tool: report.tool, version: report.version, url: report.url, at: report.at, browser: report.browser, exitCode: report.exitCode,
    files: Object.fromEntries([...files].map(([name, bytes]) => [name, { bytes: bytes.length, sha256: sum(bytes) }])),
  }, null, 2)}\n`;
  try {
    mkdirSync(folder, { recursive: true });
    for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes, { flag: 'wx' });
    writeFileSync(join(folder, MANIFEST), manifest, { flag: 'wx' });
  } catch (error) {
    throw new Unable('evidence-unwritable', `\`${folder}\` could not be written (${firstLine(error)}).`);
  }
  return sum(Buffer.from(manifest));
}

/** Whether a folder is as it was written. */
export function check(folder: string): { good: boolean; lines: string[] } {
  let bytes: Uint8Array;
  let files: Record<string, unknown>;
  let about: Record<string, unknown>;
  try {
    bytes = readFileSync(join(folder, MANIFEST));
    about = JSON.parse(Buffer.from(bytes).toString('utf8')) as Record<string, unknown>;
    files = about.files as Record<string, unknown>;
    if (about.schema !== 1 || typeof files != 'object' || files === null) throw new Error('it has no `schema` 1 and `files`');
  } catch (error) {
    throw new Unable('manifest-unreadable', `\`${join(folder, MANIFEST)}\` is no manifest of an evidence folder (${firstLine(error)}).`);
  }
  const wrong: string[] = [];
  for (const [name, entry] of Object.entries(files)) {
    const { sha256, bytes: size } = (entry ?? {}) as Record<string, unknown>;
    const path = join(folder, name);
    // A name that leads out of the folder, or a link, is none that was written here.
    if (!NAME.test(name)) wrong.push(`${name}: no name of an evidence file`);
    else if (!existsSync(path)) wrong.push(`${name}: missing`);
    else if (!lstatSync(path).isFile()) wrong.push(`${name}: no plain file`);
    else {
      const there = readFileSync(path);
      if (there.length !== size || sum(there) !== sha256) wrong.push(`${name}: changed`);
    }
  }
  for (const name of readdirSync(folder)) if (name !== MANIFEST && !Object.hasOwn(files, name)) wrong.push(`${name}: not in the manifest`);
  const count = Object.keys(files).length;
  const head = `Evidence of ${String(about.url)}, ${String(about.at)}, version ${String(about.version)}.`;
  return {
    good: wrong.length === 0,
    lines: [head, ...(wrong.length ? wrong.map((line) => `  ${line}`) : [`  ${count} files, each as it was written.`]), `The manifest’s own SHA-256 is ${sum(bytes)}: compare it with the one that was noted.`],
  };
}
