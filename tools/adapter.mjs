// A new consent manager: its file in src/cmp/adapters and its fixtures, to be filled in.
//
//   node tools/adapter.mjs new <id>
//
// What is written compiles only when every `?` is replaced, and its fixtures pass only when each
// says where it is from: nothing that was made up here can stay unnoticed. CONTRIBUTING.md says
// what each part means.

import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, at, main } from './lib.mjs';

const folder = at('src', 'cmp', 'adapters');

/** The first number behind all vendors: a new one is asked after those that are there, and before what only hands on. */
function nextOrder() {
  const said = readdirSync(folder).filter((name) => name.endsWith('.toml')).map((name) => readFileSync(join(folder, name), 'utf8'));
  const vendors = said.filter((text) => /^rank = "vendor"/m.test(text)).map((text) => Number(/^order = (\d+)/m.exec(text)?.[1]));
  return Math.max(...vendors) + 1;
}

const adapter = (id, global, order) => `# Why the rules below are as they are, where the product does something that nobody would expect.
id = "${id}"
order = ${order}
product = "?"
vendor = "?"
docs = "?"
versions = "?"
rank = "vendor"
analytics = ["mixpanel", "analytics"]
confidence = "low (?)"

[facts]
detected = "?"
explicit = "?"
implied = "?"
expired = "?"
categories = "?"
limits = "?"

[evidence]
detected = { documented = "?" }
explicit = { documented = "?" }
implied = { documented = "?" }
expired = { documented = "?" }
stored = { documented = "?" }

[places]
state = { global = "${global}.getState()" }
kept = { cookie = "${id}", form = "json" }

[[listen]]
window = "${id}-changed"

[[rule]]
from = "running"
if = ["state.answered is true"]
answers = [{ by = "visitor", each = "state.categories", name = "key", value = "itself" }]

[[rule]]
from = "running"
if = ["state.answered is false"]
then = "unset"

[[rule]]
from = "running"
if = ["state is there"]
then = "unreadable"

[[rule]]
from = "stored"
if = ["kept.time is above 0"]
answers = [{ by = "visitor", each = "kept.categories", name = "key", value = "itself" }]
`;

/** What the pages of the adapter above would hold. */
function fixtures(id, global) {
  const today = new Date().toISOString().slice(0, 10);
  const said = (snapshot, answers, live = true) => ({ product: '?', version: 'documented', captured: today, by: '', snapshot, expect: { live, answers } });
  const running = (answered, analytics, ads) => said(
    { [`global:${global}.getState()`]: { answered, categories: { analytics, ads } } },
    { analytics: !answered ? 'unset' : analytics ? 'granted' : 'denied', unknown: answered ? null : 'unset' },
  );
  const stored = (analytics) => said(
    { [`cookie:${id}`]: encodeURIComponent(JSON.stringify({ time: 1, categories: { analytics } })) },
    { analytics: analytics ? 'granted' : 'denied' },
    false,
  );
  return {
    'not-answered': running(false, false, false),
    'accept-all': running(true, true, true),
    'reject-all': running(true, false, false),
    'statistics-only': running(true, true, false),
    'all-but-statistics': running(true, false, true),
    'changed-mind': running(true, false, false),
    'stored-accept': stored(true),
    'stored-reject': stored(false),
    none: { 'implied-open': '', 'implied-closed': '', expired: '', 'stored-default': '', early: '' },
  };
}

await main(() => {
  const [what, id] = process.argv.slice(2);
  if (what !== 'new' || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id ?? '')) throw new Failure('Say `node tools/adapter.mjs new <id>`: small letters, digits and single hyphens, as in the option `cmp`.');
  const file = join(folder, `${id}.toml`);
  const tests = at('tests', 'fixtures', id);
  for (const path of [file, tests]) if (existsSync(path)) throw new Failure(`${path} is there already.`);
  const global = id.replace(/(^|-)(\w)/g, (_, _hyphen, letter) => letter.toUpperCase());
  writeFileSync(file, adapter(id, global, nextOrder()));
  mkdirSync(tests, { recursive: true });
  for (const [name, json] of Object.entries(fixtures(id, global))) writeFileSync(join(tests, `${name}.json`), `${JSON.stringify(json, null, 2)}\n`);
  console.log(`src/cmp/adapters/${id}.toml and tests/fixtures/${id} are written. Replace every \`?\`, and what the product does otherwise;
fill in \`by\` of each fixture, and the reasons in none.json or fixtures in their place. Then \`npm run test:cmp\`, until nothing fails.`);
});
