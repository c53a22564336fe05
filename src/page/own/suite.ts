// For Node, for those who write an adapter of their own: the suite that this package runs over
// its own adapters, on theirs. What was found goes through the shipped core, as in a page. Not
// for a page: the core is in this file once more.

import bytes from 'wasm:bridge';
import { initSync, tell } from '../../../pkg/bridge.js';
import { FIELD_SEPARATOR, ANSWER_DENIED, ANSWER_GRANTED, ANSWER_IMPLIED_DENIED, ANSWER_IMPLIED_GRANTED, ANSWER_UNSET, NOTHING } from '../contract.ts';
import { open } from '../look/host.js';
import { type Heard, type Probe, rare, write } from '../look/probe.js';
import { decoder } from '../look/texts.ts';
import { FOREIGN, ODD, POISON, PREFIX, held, poison, reason, special } from './fixtures.js';
import { own } from './own.js';
import { type Given, list } from './words.js';

/** Each situation, what people call it, and the letters that may stand there. */
const SITUATIONS: readonly [string, string, string][] = [
  ['not-answered', 'not asked yet', 'u.'],
  ['accept-all', 'accept all', 'G'],
  ['reject-all', 'reject all', 'D'],
  ['statistics-only', 'analytics only', 'G'],
  ['all-but-statistics', 'all but analytics', 'D'],
  ['implied-open', 'regional default open', 'g'],
  ['implied-closed', 'regional default closed', 'd'],
  ['expired', 'expired, asked again', 'u'],
  ['changed-mind', 'changed mind', 'GD'],
  ['stored-accept', 'yes, before the script', 'G'],
  ['stored-reject', 'no, before the script', 'D'],
  ['stored-default', 'a default, stored', 'ugd.'],
  ['early', 'there before its state', 'u.'],
];
const NOTES: Readonly<Record<string, string>> = { 'cmp-not-ready': 'not-ready', 'cmp-unreadable': 'unreadable', 'cmp-expired': 'expired' };
const LETTERS: Readonly<Record<string, string>> = {
  [ANSWER_DENIED]: 'D',
  [ANSWER_IMPLIED_DENIED]: 'd',
  [ANSWER_UNSET]: 'u',
  [ANSWER_IMPLIED_GRANTED]: 'g',
  [ANSWER_GRANTED]: 'G',
};

let ready: unknown;

/** A reading of the adapter's, as the core made it. */
interface Said {
  readonly live: boolean;
  readonly note: string | undefined;
  readonly code: string;
  readonly letter: string;
  readonly named: ReadonlyMap<string, string>;
  answer(name: string): string | null;
}

/** The adapter as it is tested: what it is called, where it looks, and what it says of a page. */
interface Tested {
  readonly id: string;
  readonly probes: readonly Probe[];
  read(page: Given): Said | null;
  /** What a `read` threw last. */
  readonly threw: () => string;
}

async function prepare(adapter: unknown, category: unknown): Promise<Tested> {
  rare.decode ||= await decoder();
  let page: Given = {};
  let last: unknown;
  const heard: Heard = {};
  const [setup = ''] = await own([adapter], heard, (probe) => held(probe, page), (code, what, error) => {
    if (code == 'adapter-invalid') throw new Error(`The adapter cannot be used: ${what}`);
    last = error;
  }, true);
  const [id, , , program] = setup.split(FIELD_SEPARATOR);
  const [places] = JSON.parse(`[${program}]`) as [Probe[]];
  // What the adapter itself looks at: where there is a `read`, the core has one place for it all.
  const read = places.some(([verb, name]) => verb == 'h' && name == '@0');
  const probes: Probe[] = read ? [] : places;
  if (read) {
    const looking: Heard = {};
    await own([adapter], looking, (probe) => void probes.push(probe), () => {});
    void looking['@0'];
  }
  return {
    id: id!,
    probes,
    threw: () => (last ? `; ${last}` : ''),
    read(given) {
      page = given;
      last = undefined;
      let found = '';
      let count = 0;
      places.forEach((one, index) => {
        let written = 'x';
        try {
          const what = one[0] == 'h' && one[1] == '@0' ? heard['@0'] : held(one, page);
          if (what === undefined) return;
          written = write(what);
        } catch {
          // Said by the mark itself.
        }
        count++;
        found += `${index};${written}`;
      });
      const text = count ? `@0;${count};${found}` : '';
      let code = '';
      // A gate that notes the code of the state; whatever else it is told, it does nothing.
      const nothing = () => {};
      const core = open(
        tell,
        { gate: nothing, run: () => NOTHING, say: (_consent, _mode, _cmp, told) => void (code = told), tell: nothing, record: nothing, optedIn: nothing },
        ['000000000', category ? list(category).join('\t') + '\n\n\n' : '\n\n\n', ''].join('\0'),
      );
      core.add([setup]);
      core.looked(text, 0, 0);
      const [, line] = String(core.explain(text)).split('\n');
      if (!line) return null;
      const [live, answers, ...pairs] = line.split('\t').slice(1) as [string, string, ...string[]];
      const named = new Map<string, string>();
      for (let at = 0; at < pairs.length; at += 2) if (!named.has(pairs[at]!)) named.set(pairs[at]!, pairs[at + 1]!);
      return {
        live: live == 'running',
        note: NOTES[code],
        code,
        letter: LETTERS[answers[0]!]!,
        named,
        answer: (name) => named.get(name) ?? named.get('') ?? null,
      };
    },
  };
}

/** Whether the second opens by an act of the visitor what the first did not. */
const opens = (before: Said | null, after: Said | null) =>
  !!after && [...after.named].some(([name, answer]) => answer == 'granted' && before?.answer(name) != 'granted');

export async function checkAdapter(adapter: unknown, fixtures: Given, { category, except = {} }: { category?: unknown; except?: Given } = {}) {
  ready ||= initSync({ module: new WebAssembly.Module(bytes()) });
  const wrong: string[] = [];
  let checks = 0;
  const hold = (good: unknown, sentence: () => string) => {
    checks++;
    if (!good && wrong.length < 40) wrong.push(sentence());
  };
  const tested = await prepare(adapter, category);
  const { id, probes, read, threw } = tested;
  const given = adapter as Given;
  const excused = (situation: string) => reason(except[situation]);

  // The table.
  const table: string[] = [];
  const files = Object.entries(fixtures).filter((entry): entry is [string, Given] => special(entry[1]) && !('both' in entry[1]));
  for (const [situation, title, usual] of SITUATIONS) {
    const fixture = fixtures[situation];
    let cell = '?';
    if (typeof fixture == 'string') {
      hold(reason(fixture), () => `${situation}: \`${fixture}\` is no reason: say why the product cannot have it`);
      cell = fixture;
    } else if (!special(fixture) || 'both' in fixture) {
      hold(false, () => `${situation}: ${fixture ? 'a fixture, and a reason why there is none' : 'no fixture, and no reason why the product cannot have it'}`);
    } else {
      const reading = read(special(fixture.snapshot) ? fixture.snapshot : {});
      const limit = given.rank == 'limit';
      cell = reading ? reading.letter : '.';
      hold(limit || excused(situation) || usual.includes(cell), () =>
        `${situation}: analytics is \`${cell}\`${reading?.code == 'category-unknown' ? ', because the category is not among its own' : ''}, and may be \`${usual}\` (G granted, g implied, u unset, d implied, D denied, . not seen)${threw()}`);
    }
    table.push(`${title.padEnd(24)} ${cell}`);
  }
  for (const [situation, fixture] of Object.entries(fixtures))
    if (typeof fixture == 'string')
      hold(SITUATIONS.some(([known]) => known == situation), () => `${situation}: a reason for a situation that there is not`);

  // Each fixture means what it expects.
  const starts = probes.map(([verb, place]): [string, boolean] => [PREFIX[verb] + place, /[pa]/.test(verb)]);
  for (const [situation, { snapshot, expect, version, by, captured }] of files) {
    hold(special(snapshot) && expect !== undefined, () => `${situation}: a fixture has a \`snapshot\` and an \`expect\``);
    if (!special(snapshot)) continue;
    hold(version && by && captured, () => `${situation}: says its \`version\`, its day (\`captured\`) and the line that produced it (\`by\`)`);
    for (const key of Object.keys(snapshot))
      hold(starts.some(([name, more]) => (more ? key.startsWith(name) : key == name)), () => `${situation}: no place of the adapter is \`${key}\``);
    const reading = read(snapshot);
    hold(!reading == !expect, () => `${situation}: ${reading ? 'read, though it should not be seen' : 'not seen'}${threw()}`);
    if (!reading || !special(expect)) continue;
    hold(reading.live === expect.live, () => `${situation}: ${reading.live ? 'live' : 'stored'}, and it should be ${expect.live ? 'live' : 'stored'}`);
    // That it asks now has the code of one that has asked before.
    const note = expect.note == 'asking' && reading.code == 'cmp-asking' ? 'asking' : (reading.note ?? null);
    hold(note === (expect.note ?? null), () => `${situation}: ${reading.note ?? 'no trouble'}, and it should be ${expect.note ?? 'no trouble'}${threw()}`);
    const answers = special(expect.answers) ? Object.entries(expect.answers) : [];
    hold(answers.length, () => `${situation}: expects no answer`);
    for (const [name, answer] of answers)
      hold(reading.answer(name) === answer, () => `${situation}: \`${name}\` is ${reading.answer(name)}, and it should be ${answer}`);
    const again = read(snapshot);
    hold(JSON.stringify([...(again?.named ?? [])]) === JSON.stringify([...reading.named]), () => `${situation}: two looks at one page differ; a reader remembers nothing`);
  }

  oddities(tested, given, files, excused, hold);
  if (wrong.length) throw new Error(`The adapter \`${id}\` fails:\n- ${wrong.join('\n- ')}`);
  return { checks, table: table.join('\n') };
}

/** What no consent manager should do. */
function oddities(
  { probes, read }: Tested,
  adapter: Given,
  files: readonly [string, Given][],
  excused: (situation: string) => boolean,
  hold: (good: unknown, sentence: () => string) => void,
) {
  hold(read({}) === null, () => 'An empty page: nothing is there, and the adapter reads something');
  const keys = [...new Set(probes.map(([verb, place]) => PREFIX[verb] + place + (/[pa]/.test(verb) ? 'x' : '')))];
  const stored = (key: string) => /^(cookie|local):/.test(key);
  // What an adapter of data alone takes for a yes is nothing odd to it.
  const odds = ODD.filter((odd) => !list(adapter.granted).map(String).includes(odd as string));
  for (const odd of odds) {
    const everywhere = Object.fromEntries(keys.map((key) => [key, stored(key) ? (typeof odd == 'string' ? odd : JSON.stringify(odd)) : odd]));
    hold(!opens(null, read(everywhere)), () => `${JSON.stringify(odd).slice(0, 40)} at every place: a yes`);
  }
  for (const key of keys.filter(stored))
    for (const text of FOREIGN) {
      // Some write single words, and are told by the name alone: what they write is in their fixtures.
      const theirs = files.some(([, { snapshot }]) => special(snapshot) && snapshot[key] === text) || list(adapter.granted).map(String).includes(text);
      hold(theirs || read({ [key]: text })?.letter != 'G', () => `another product's \`${text}\` in ${key}: a yes`);
    }
  for (const [situation, { snapshot }] of files) {
    if (!special(snapshot)) continue;
    const before = read(snapshot);
    for (const key of Object.keys(snapshot)) {
      for (const odd of odds) {
        if (stored(key) && typeof odd != 'string') continue;
        hold(excused(situation) || !opens(before, read({ ...snapshot, [key]: odd })), () => `${situation}: ${key} is ${JSON.stringify(odd).slice(0, 40)}: a yes`);
      }
      if (!stored(key)) continue;
      const text = String(snapshot[key]);
      for (let end = 0; end < text.length; end++)
        hold(excused(situation) || !opens(before, read({ ...snapshot, [key]: text.slice(0, end) })), () => `${situation}: ${key} cut to \`${text.slice(0, end)}\`: a yes`);
    }
    const poisoned = Object.fromEntries(Object.entries(snapshot).map(([key, json]) => [key, poison(json)]));
    const after = read(poisoned);
    for (const name of before?.named.keys() ?? [])
      // Shut is right for what cannot be trusted; another answer is not.
      hold(!name || POISON.includes(name) || [before!.answer(name), 'unset', null].includes(after?.answer(name) ?? null), () => `${situation}: keys like __proto__ change \`${name}\` from ${before!.answer(name)} to ${after?.answer(name)}`);
  }
}
