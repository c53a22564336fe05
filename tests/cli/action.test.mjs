// The GitHub Action, as a runner runs its step: the script of action.yml, with its environment.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { CLI, startSite } from './site.mjs';

test('the action visits, writes its reports, and ends with the command’s exit code', async () => {
  const text = await readFile(new URL('../../action.yml', import.meta.url), 'utf8');
  const [, script] = /\n {6}run: \|\n([^]*)$/.exec(text);
  assert.ok(!script.includes('${{'), 'nothing of a workflow’s becomes part of the script');
  const folder = await mkdtemp(join(tmpdir(), 'action-'));
  const site = await startSite();
  try {
    await mkdir(join(folder, 'node_modules/.bin'), { recursive: true });
    // As npm puts a command there.
    await writeFile(join(folder, 'node_modules/.bin/mixpanel-consent-bridge'), `#!/bin/sh\nexec node '${CLI}' "$@"\n`, { mode: 0o755 });
    const env = {
      ...process.env, ...(process.env.CHROMIUM ? { CHROME_PATH: process.env.CHROMIUM } : {}), RUNNER_TEMP: folder, GITHUB_OUTPUT: join(folder, 'output'), GITHUB_STEP_SUMMARY: join(folder, 'summary'),
      CONSENT_URL: await site.naive('action'), CONSENT_ARGS: '--only\nbefore\n--wait=1\n', CONSENT_REPORT: 'report; touch pwned', CONSENT_PACKAGE: 'none',
    };
    const { code, out } = await new Promise((resolve) => execFile('bash', ['-c', script.replaceAll(/^ {8}/gm, '')], { cwd: folder, env }, (error, out, err) => resolve({ code: error ? error.code : 0, out: out + err })));
    assert.equal(code, 1, out);
    assert.match(await readFile(env.GITHUB_OUTPUT, 'utf8'), /^exit-code=1\nsarif=report; touch pwned\/report\.sarif\.json\n$/);
    assert.match(await readFile(env.GITHUB_STEP_SUMMARY, 'utf8'), /before an answer +\d+ +\d+ \+\d+ +BROKEN/);
    assert.equal(JSON.parse(await readFile(join(folder, 'report; touch pwned', 'report.sarif.json'), 'utf8')).version, '2.1.0');
    await assert.rejects(readFile(join(folder, 'pwned')));
  } finally {
    await site.close();
    await rm(folder, { recursive: true });
  }
});
