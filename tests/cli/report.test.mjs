// What is made of results, without a visit: the exit code, the forms of the report, the baseline, the
// evidence folder, the page of findings. The results are those of a visit that was made (report.json).

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { source } from './source.mjs';

const { CHECKS, SEVERITIES } = await source('checks.ts');

let folder;
before(async () => { folder = await mkdtemp(join(tmpdir(), 'report-')); });
after(() => rm(folder, { recursive: true }));

test('docs/findings.md has a chapter for each finding, as the command explains it', async () => {
  const file = new URL('../../docs/findings.md', import.meta.url);
  const chapter = ([id, { severity, title, means, remedy, after: later }]) =>
    `## ${id}\n\n**${title}** (${severity})\n\n${means}\n\nWhat to do: ${remedy}${later ? `\n\nAfter a withdrawal: ${later}` : ''}\n`;
  const entries = Object.entries(CHECKS).sort(([, a], [, b]) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
  const wanted = `# What \`verify\` finds

Each finding has an id that stays from version to version: it stands in the JSON, JUnit and SARIF reports, and a baseline names it.
\`mixpanel-consent-bridge verify --explain ID\` prints the same. This page is written from \`src/cli/checks.ts\` by \`README_WRITE=1 node --test tests/cli/report.test.mjs\`.

${entries.map(chapter).join('\n')}`;
  if (process.env.README_WRITE) await writeFile(file, wanted);
  assert.ok((await readFile(file, 'utf8')) === wanted, 'run README_WRITE=1 node --test tests/cli/report.test.mjs');
});
