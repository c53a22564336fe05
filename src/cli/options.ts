// The words of the command: which options there are, what each may be, and the help.

import { parseArgs, type ParseArgsConfig } from 'node:util';
import { wrap } from './report/say.ts';
import { VISIT_IDS, Unable, firstLine, type Act, type Answers, type Login, type Policy, type Settings, type Step, type VisitId } from './types.ts';
import { VISITS } from './visits.ts';
import { LONGEST, holds, isDay } from './findings.ts';
import { listed } from './pages.ts';

/** Replaced when it is bundled. */
export const { version } = PACKAGE;

export const HELP = `mixpanel-consent-bridge ${version}

  mixpanel-consent-bridge verify URL  visits a site and shows what Mixpanel
                                      sends and stores before an answer, after
                                      yes, no and withdrawal
  mixpanel-consent-bridge detect URL  says which consent managers are there,
                                      what they say, and whether Mixpanel is

Both work on any site with Mixpanel, with the bridge or without. Each visit is a
fresh profile of a browser that is on this machine. What a visit sends to
Mixpanel is recorded and answered by the command, and reaches no project.

What verify visits for (--only takes some: --only before,no)
${VISITS.map(({ id, promise }) => wrap(promise, ' '.repeat(12), `  ${id.padEnd(10)}`)).join('\n')}

Which pages
  --pages N          so many, by the links of the first and by its sitemap
  --list FILE        those of a file, one a line
                     (behind a password: https://name:password@host/page)

How to answer (the buttons of many consent managers are known)
  --yes, --no, --withdraw, --again SELECTOR
                     what to click; twice for two clicks
  --yes-script, --no-script, --withdraw-script, --again-script CODE
                     what to run in the page, before any click
  --no-guess         press nothing that is known by its text alone, or by
                     autoconsent, if that is installed

What is allowed (as the options of connect(), for a site that uses them)
  --cmp ID, --category NAME, --implied ask, --pending cookieless,
  --denied cookieless, --gpc strict, --dnt ignore

What is written
  --json             everything that was seen, as JSON
  --html FILE        a report for people, with pictures
  --junit FILE, --sarif FILE
                     for the systems that run tests and show their findings
  --evidence FOLDER  all of these, each event, and the SHA-256 of each file
  --quiet            no progress

What is known already
  --baseline FILE    findings that do not count, each until a day
  --write-baseline FILE, --until YYYY-MM-DD
                     writes what is broken now (90 days)

Further
  --wait SECONDS     how long each silence is watched (8; detect 4)
  --limit SECONDS    how long one visit may take
  --let-through      what goes to Mixpanel reaches it
  --insecure         takes a certificate that nobody has signed
  --browser PATH     Chrome, Chromium or Edge; else CHROME_PATH or the usual
  --headed           show the browser      --no-sandbox   for some containers
  --help, --version
  verify --explain ID     what a finding means (all: every one)
  verify --check FOLDER   whether an evidence folder is as it was written

Exit code: 0 each promise was kept, 1 one was broken, 2 something could not be
shown.`;

const ACTS: Act[] = ['yes', 'no', 'withdraw', 'again'];
const POLICY = ['cmp', 'category', 'implied', 'pending', 'denied', 'gpc', 'dnt'];
const FLAGS = ['help', 'version', 'json', 'headed', 'no-sandbox', 'insecure', 'let-through', 'no-guess', 'quiet'];
const WORDS = ['html', 'junit', 'sarif', 'evidence', 'check', 'explain', 'only', 'wait', 'limit', 'pages', 'list', 'browser', 'baseline', 'write-baseline', 'until', ...ACTS.map((act) => `${act}-script`), ...POLICY.slice(2)];
const LISTS = [...ACTS, 'cmp', 'category'];

/** What only visits with answers have: `detect` looks, and answers nothing. */
const VERIFY_ONLY = ['only', 'pages', 'list', ...ACTS, ...ACTS.map((act) => `${act}-script`), 'no-guess', 'html', 'junit', 'sarif', 'evidence', 'baseline', 'write-baseline', 'until'];

const OPTIONS: NonNullable<ParseArgsConfig['options']> = {
  ...Object.fromEntries(FLAGS.map((name) => [name, { type: 'boolean' as const }])),
  ...Object.fromEntries(WORDS.map((name) => [name, { type: 'string' as const }])),
  ...Object.fromEntries(LISTS.map((name) => [name, { type: 'string' as const, multiple: true }])),
  help: { type: 'boolean', short: 'h' },
};

export interface Files {
  html?: string;
  junit?: string;
  sarif?: string;
  evidence?: string;
  baseline?: string;
  'write-baseline'?: string;
}

export type Command =
  | { run: 'say'; text: string; code: number }
  | { run: 'explain'; id: string }
  | { run: 'check'; folder: string }
  | { run: 'detect' | 'verify'; pages: string[]; more: number; only: VisitId[]; settings: Settings; json: boolean; quiet: boolean; files: Files; until: string | undefined };

function address(word: string, logins: Login[]): string {
  // As a browser takes it: https, but for this machine itself.
  const text = /^[a-z][a-z\d+.-]*:\/\//i.test(word) ? word : `${/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])([:/]|$)/.test(word) ? 'http' : 'https'}://${word}`;
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) throw new Unable('arguments', `\`${word.replace(/(^|\/\/)[^/]*@/, '$1…@')}\` is no address of a page. Give one like https://shop.example/.`);
  const url = new URL(text);
  const { origin, username, password } = url;
  if (username || password) {
    logins.push({ origin, username: decoded(username), password: decoded(password) });
    url.username = url.password = '';
  }
  return url.href;
}
/** As it was before a browser wrote it with `%`; what is no such writing stays. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function number(name: string, given: string | undefined, from: number, to: number, otherwise: number, what = 'seconds'): number {
  if (given === undefined) return otherwise;
  const value = Number(given);
  if (!given.trim() || !(value >= from && value <= to)) throw new Unable('arguments', `--${name} is \`${given}\`; it may be from ${from} to ${to} ${what}.`);
  return value;
}

function whole(name: string, value: number): number {
  if (!Number.isInteger(value)) throw new Unable('arguments', `--${name} is \`${value}\`; it is a whole number.`);
  return value;
}

export function parse(args: string[]): Command {
  let given: ReturnType<typeof parseArgs>;
  try {
    given = parseArgs({ args, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new Unable('arguments', `${firstLine(error).split('. To specify')[0]?.replace(/\.$/, '')}. \`mixpanel-consent-bridge --help\` lists what there is.`);
  }
  const { values } = given;
  const flag = (name: string): boolean => values[name] === true;
  const word = (name: string): string | undefined => (typeof values[name] == 'string' ? values[name] : undefined);
  const words = (name: string): string[] => (Array.isArray(values[name]) ? values[name].map(String) : []);
  const [command, place, ...rest] = given.positionals;
  if (flag('version')) return { run: 'say', text: version, code: 0 };
  if (flag('help') || command === 'help' || command === undefined) return { run: 'say', text: HELP, code: flag('help') || command ? 0 : 2 };
  if (command !== 'verify' && command !== 'detect') throw new Unable('arguments', `\`${command}\` is no command: use verify or detect.`);
  const [explain, check, list] = [word('explain'), word('check'), word('list')];
  if (explain !== undefined) return { run: 'explain', id: explain };
  if (check !== undefined) return { run: 'check', folder: check };
  const foreign = command == 'detect' ? VERIFY_ONLY.find((name) => values[name] !== undefined) : undefined;
  if (foreign) throw new Unable('arguments', `--${foreign} is an option of verify: detect looks at one page, answers nothing and prints what it finds (--json for programs).`);
  if (rest.length || (place === undefined) === (list === undefined)) throw new Unable('arguments', `\`${command}\` takes one address: mixpanel-consent-bridge ${command} https://shop.example/${command == 'verify' ? ', or a list of them: --list FILE' : ''}`);
  const logins: Login[] = [];
  const pages = list === undefined ? [address(place ?? '', logins)] : listed(list, (one) => address(one, logins));
  const wait = number('wait', word('wait'), 0.5, 600, command == 'detect' ? 4 : 8) * 1000;
  const names = word('only')?.split(',').filter(Boolean);
  if (names && !names.length) throw new Unable('arguments', `--only names no visit; the visits are ${VISIT_IDS.join(', ')}.`);
  const only = (names ?? []).map((id): VisitId => {
    const found = VISIT_IDS.find((one) => one == id);
    if (!found) throw new Unable('arguments', `--only has \`${id}\`; the visits are ${VISIT_IDS.join(', ')}.`);
    return found;
  });
  const until = word('until');
  if (until !== undefined) {
    if (!isDay(until)) throw new Unable('arguments', `--until is \`${until}\`; it is a day: 2027-01-31.`);
    if (word('write-baseline') === undefined) throw new Unable('arguments', '--until is the day until which --write-baseline FILE holds, and without it says nothing.');
    if (!holds(until)) throw new Unable('arguments', `--until is \`${until}\`; a baseline holds from today on, and for ${LONGEST} days at most.`);
  }
  const answers: Answers = Object.fromEntries(ACTS.map((act) => {
    const script = word(`${act}-script`);
    const steps: Step[] = [...(script === undefined ? [] : [{ run: script }]), ...words(act)];
    return [act, steps];
  }));
  const policy: Policy = Object.fromEntries(POLICY.flatMap((name) => (values[name] === undefined ? [] : [[name, LISTS.includes(name) ? words(name) : word(name) ?? '']])));
  const files: Files = Object.fromEntries((['html', 'junit', 'sarif', 'evidence', 'baseline', 'write-baseline'] as const).flatMap((name) => (word(name) === undefined ? [] : [[name, word(name)]])));
  const settings: Settings = {
    policy, answers, wait,
    limit: number('limit', word('limit'), 5, 3600, (command == 'detect' ? 60 : 120) + (wait / 1000) * 6) * 1000,
    browser: word('browser') ?? null,
    headed: flag('headed'), sandbox: !flag('no-sandbox'), insecure: flag('insecure'), letThrough: flag('let-through'), guess: !flag('no-guess'),
    screenshots: files.html !== undefined || files.evidence !== undefined,
    logins,
  };
  return { run: command, pages, more: whole('pages', number('pages', word('pages'), 1, 500, 1, 'pages')), only, settings, json: flag('json'), quiet: flag('quiet'), files, until };
}
