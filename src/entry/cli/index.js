#!/usr/bin/env node
// The command: `mixpanel-consent-bridge verify URL` and `detect URL`. Its words, options and exit
// codes; what it does is in the files beside it. For Node alone, and no part of what a page loads.

import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { BridgeError } from '../../page/gate/error.ts';
import { Unable, launch } from './browser.js';
import { detect, summary } from './detect.js';
import { judge } from './judge.js';
import { shortened } from './mixpanel.js';
import { detected, page, text, wrap } from './report.js';
import { VISITS, exitCode, verify } from './verify.js';

/** Replaced when it is bundled. */
const { version } = PACKAGE;

const HELP = `mixpanel-consent-bridge ${version}

  mixpanel-consent-bridge verify URL  visits a site and shows what Mixpanel
                                      sends and stores before an answer, after
                                      yes, no and withdrawal
  mixpanel-consent-bridge detect URL  says which consent managers are there,
                                      what they say, and whether Mixpanel is

Both work on any site with Mixpanel, with the bridge or without. Each visit is a
fresh profile of a browser that is on this machine.

What verify visits for (--only takes some: --only before,no)
${VISITS.map(({ id, promise }) => wrap(promise, ' '.repeat(11), `  ${id.padEnd(9)}`)).join('\n')}

How to answer (the buttons of many consent managers are known)
  --yes, --no, --withdraw SELECTOR    what to click; twice for two clicks
  --yes-script, --no-script, --withdraw-script CODE
                                      what to run in the page, before any click

What is allowed (as the options of connect(), for a site that uses them)
  --cmp ID, --category NAME, --implied ask, --pending cookieless,
  --denied cookieless, --gpc strict, --dnt ignore

Further
  --wait SECONDS     how long each silence is watched (8; detect 4)
  --json             everything that was seen, as JSON
  --html FILE        the same as one file for people
  --browser PATH     Chrome, Chromium or Edge; else CHROME_PATH or the usual
  --headed           show the browser      --no-sandbox   for some containers
  --help, --version

Exit code: 0 each promise was kept, 1 one was broken, 2 something could not be
shown.`;

const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
  json: { type: 'boolean' },
  html: { type: 'string' },
  only: { type: 'string' },
  wait: { type: 'string' },
  browser: { type: 'string' },
  headed: { type: 'boolean' },
  'no-sandbox': { type: 'boolean' },
  ...Object.fromEntries(['yes', 'no', 'withdraw'].flatMap((what) => [[what, { type: 'string', multiple: true }], [`${what}-script`, { type: 'string' }]])),
  ...Object.fromEntries(['cmp', 'category'].map((name) => [name, { type: 'string', multiple: true }])),
  ...Object.fromEntries(['implied', 'pending', 'denied', 'gpc', 'dnt'].map((name) => [name, { type: 'string' }])),
};

function given() {
  try {
    return parseArgs({ options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new Unable('arguments', `${error.message.split('. To specify')[0].replace(/\.$/, '')}. \`mixpanel-consent-bridge --help\` lists what there is.`);
  }
}

function address(word) {
  // As a browser takes it: https, but for this machine itself.
  const text = /^[a-z][a-z\d+.-]*:\/\//i.test(word) ? word : `${/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])([:/]|$)/.test(word) ? 'http' : 'https'}://${word}`;
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) throw new Unable('arguments', `\`${word}\` is no address of a page. Give one like https://shop.example/.`);
  return new URL(text).href;
}

async function main() {
  const { values, positionals: [command, place, ...rest] } = given();
  if (values.version) return print(version, 0);
  if (values.help || command === 'help' || command === undefined) return print(HELP, values.help || command ? 0 : 2);
  if (command !== 'verify' && command !== 'detect') throw new Unable('arguments', `\`${command}\` is no command: use verify or detect.`);
  if (!place || rest.length) throw new Unable('arguments', `\`${command}\` takes one address: mixpanel-consent-bridge ${command} https://shop.example/`);
  const url = address(place);
  const wait = values.wait === undefined ? (command == 'detect' ? 4000 : 8000) : Number(values.wait) * 1000;
  if (!(wait >= 500 && wait <= 600_000)) throw new Unable('arguments', `--wait is \`${values.wait}\`; it may be from 0.5 to 600 seconds.`);
  const only = (values.only ?? '').split(',').filter(Boolean);
  for (const id of only) if (!VISITS.some((one) => one.id == id)) throw new Unable('arguments', `--only has \`${id}\`; the visits are ${VISITS.map((one) => one.id).join(', ')}.`);
  const answers = Object.fromEntries(
    ['yes', 'no', 'withdraw'].map((what) => [what, [...(values[`${what}-script`] === undefined ? [] : [{ run: values[`${what}-script`] }]), ...(values[what] ?? [])]]),
  );
  const policy = Object.fromEntries(['cmp', 'category', 'implied', 'pending', 'denied', 'gpc', 'dnt'].flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]])));
  const core = judge(policy);

  const started = await launch({ path: values.browser, headed: values.headed, sandbox: !values['no-sandbox'] });
  const show = process.stderr.isTTY;
  const tell = (line) => show && process.stderr.write(`\r\x1b[K${line.slice(0, 78)}`);
  const report = { tool: 'mixpanel-consent-bridge', version, command, url, at: new Date().toISOString(), browser: `Chromium ${started.version}`, wait, policy };
  try {
    if (command == 'detect') {
      report.found = summary(await detect(started, { url, core }, { wait, tell }));
      tell('');
      return print(values.json ? JSON.stringify(report, null, 2) : detected(report), 0);
    }
    report.results = await verify(started, { url, core, answers }, { only, wait, tell });
    tell('');
  } finally {
    await started.browser.close().catch(() => {});
  }
  const code = exitCode(report.results);
  report.exitCode = code;
  if (values.html !== undefined) {
    try {
      writeFileSync(values.html, page(report));
    } catch (error) {
      throw new Unable('html-unwritable', `\`${values.html}\` could not be written (${error.code}).`);
    }
  }
  print(values.json ? JSON.stringify(plain(report), null, 2) : text(report), code);
}

/** The report without what only this program needs, and with tokens shortened. */
function plain(report) {
  const tokens = [...new Set(report.results.flatMap(({ tokens }) => tokens ?? []))];
  const results = report.results.map(({ all, tokens: _, instances, channels, mixpanel, ...rest }) => rest);
  return JSON.parse(shortened(JSON.stringify({ ...report, results }), tokens));
}

function print(words, code) {
  // A page names its events and cookies as it likes; a terminal would obey what is in them.
  process.stdout.write(`${words.replace(/[\0-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e]/g, '?')}\n`);
  process.exitCode = code;
}

main().catch((error) => {
  const known = error instanceof Unable || error instanceof BridgeError;
  process.stderr.write(`${process.stderr.isTTY ? '\r\x1b[K' : ''}${known ? error.message : `The visit broke off, which should not happen. Please report this:\n${error.stack}`}\n`);
  process.exitCode = 2;
});
