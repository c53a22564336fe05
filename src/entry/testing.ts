// For Node, for those who write an adapter of their own: the suite that this package runs over
// its own adapters, on theirs. What was found goes through the shipped core, as in a page. Not
// for a page: the core is in this file once more.

import bytes from 'wasm:bridge';
import { initSync, tell } from '../../pkg/bridge.js';
import { open } from '../page/look/host.js';
import { decode, write } from '../page/look/probe.js';
import { own, problem } from './adapter.js';

/** Each situation, what people call it, and the letters that may stand there. */
const SITUATIONS: [string, string, string][] = [
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
];
const NOTES: any = { 'cmp-not-ready': 'not-ready', 'cmp-unreadable': 'unreadable', 'cmp-expired': 'expired' };
const PREFIX: any = { g: 'global:', e: 'entries:', c: 'cookie:', p: 'cookie:', l: 'local:', a: 'local:', h: 'heard:' };

let ready: unknown;

/** A situation that the adapter is right to read otherwise has a sentence that says why. */
const reason = (given: any) => typeof given == 'string' && given.trim().length > 20;
const special = (json: any) => json !== null && typeof json == 'object' && !Array.isArray(json);

const threw = () => {
  throw new Error('thrown by the page');
};

/** JSON, with `{"$function": true}` and `{"$thrown": true}` for what JSON has not. */
function value(json: any): any {
  if (Array.isArray(json)) return json.map(value);
  if (!special(json)) return json;
  if ('$function' in json) return () => {};
  const made = {};
  for (const [key, inner] of Object.entries<any>(json))
    Object.defineProperty(made, key, {
      enumerable: true,
      configurable: true,
      ...(special(inner) && '$thrown' in inner ? { get: threw } : { value: value(inner), writable: true }),
    });
  return made;
}

/** What a place of the page holds; throws as a page would. */
function held([verb, place, more]: any[], page: any): any {
  const key = PREFIX[verb] + place;
  const under = () => Object.keys(page).filter((name) => name.startsWith(key));
  const text = (name: string | undefined) => (name === undefined || page[name] === undefined ? undefined : decode(more, page[name]));
  if (verb == 'c' || verb == 'l') return text(key);
  if (verb == 'p') return text(under()[0]);
  if (verb == 'a') return under().length ? Object.fromEntries(under().map((name) => [name.slice(key.length), text(name)])) : undefined;
  const json = page[key];
  return special(json) && '$thrown' in json ? threw() : json === undefined ? undefined : value(json);
}

/** Values of another kind than anybody writes. */
const deep = (depth: number): any => (depth ? { purposes: [deep(depth - 1)] } : true);
const ODD: any[] = [
  null, { $thrown: true }, { $function: true }, 77, 0.5, '', 'on', 'true', '\ufffd%%%{{{[[[', 'x:1,'.repeat(2000), [],
  [null, { $function: true }], {}, deep(40), { nobody: { knows: true } },
];
const FOREIGN = ['true', 'false', 'allow', 'yes', '1', '{}', '[]', 'null', '{"necessary":true}', 'eyJjb25zZW50cyI6e319', '1:true,2:true', 'C0001:1', '%', '\u0001'];
const POISON = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'];

/** Fixtures of a folder, as `checkAdapter` takes them: a JSON file each, and `none.json`. */
export async function fixturesIn(folder: any) {
  const fs: any = await import('node:fs' as string);
  const { fileURLToPath }: any = await import('node:url' as string);
  const path = folder instanceof URL ? fileURLToPath(folder) : folder;
  const read = (name: string) => JSON.parse(fs.readFileSync(`${path}/${name}`, 'utf8'));
  const names: string[] = fs.readdirSync(path).filter((name: string) => name.endsWith('.json'));
  const fixtures: any = {};
  for (const name of names) if (name != 'none.json') fixtures[name.slice(0, -5)] = read(name);
  for (const [name, why] of names.includes('none.json') ? Object.entries(read('none.json')) : [])
    fixtures[name] = name in fixtures ? { both: why } : why;
  return fixtures;
}

export async function checkAdapter(adapter: any, fixtures: any, { category, except = {} }: any = {}) {
  ready ||= initSync({ module: new WebAssembly.Module(bytes()) });
  const wrong: string[] = [];
  let checks = 0;
  const hold = (good: unknown, sentence: () => string) => {
    checks++;
    if (!good && wrong.length < 40) wrong.push(sentence());
  };

  const unusable = problem(adapter);
  if (unusable) throw new Error(`The adapter cannot be used: ${unusable}`);
  let page: any;
  let last: unknown;
  const heard: any = {};
  const setup = own([adapter], heard, (probe) => held(probe, page), (_code, _what, error) => (last = error), true);
  const [id, , , program] = setup.split('\x02');
  const [places] = JSON.parse(`[${program}]`);
  // What the adapter itself looks at: where there is a `read`, the core has one place for it all.
  const probes: any[] = adapter.rules === undefined ? [] : places;
  if (!probes.length) {
    const looking: any = {};
    own([adapter], looking, (probe) => void probes.push(probe), () => {});
    void looking['@0'];
  }

  /** The adapter on a page, through the core. */
  const read = (given: any) => {
    page = given;
    last = undefined;
    let found = '';
    let count = 0;
    places.forEach((one: any[], index: number) => {
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
    const host = { run: () => 255, say: (...state: string[]) => void (code = state[3]) };
    const core: any = open(
      tell,
      new Proxy(host, { get: (known: any, key) => known[key] ?? (() => {}) }),
      ['000000000', '', category ? [].concat(category).join('\t') + '\n\n\n' : '\n\n\n', '', setup].join('\0'),
    );
    core.looked(text, 0, 0);
    const [, line] = core.explain(text).split('\n');
    if (!line) return null;
    const [, live, answers, ...pairs] = line.split('\t');
    const named = new Map<string, string>();
    for (let at = 0; at < pairs.length; at += 2) if (!named.has(pairs[at])) named.set(pairs[at], pairs[at + 1]);
    return {
      live: live == 'running',
      note: NOTES[code],
      code,
      letter: ({ d: 'D', c: 'd', u: 'u', o: 'g', g: 'G' } as any)[answers[0]],
      named,
      answer: (name: string) => named.get(name) ?? named.get('') ?? null,
    };
  };
  type Said = ReturnType<typeof read>;
  /** Whether the second opens by an act of the visitor what the first did not. */
  const opens = (before: Said, after: Said) =>
    !!after && [...after.named].some(([name, answer]) => answer == 'granted' && before?.answer(name) != 'granted');
  const excused = (situation: string) => reason(except[situation]);

  // The table.
  const table: string[] = [];
  const files: [string, any][] = Object.entries<any>(fixtures).filter(([, fixture]) => special(fixture) && !('both' in fixture));
  for (const [situation, title, usual] of SITUATIONS) {
    const fixture = fixtures[situation];
    let cell = '?';
    if (typeof fixture == 'string') {
      hold(reason(fixture), () => `${situation}: \`${fixture}\` is no reason: say why the product cannot have it`);
      cell = fixture;
    } else if (fixture === undefined || 'both' in fixture) {
      hold(false, () => `${situation}: ${fixture ? 'a fixture, and a reason why there is none' : 'no fixture, and no reason why the product cannot have it'}`);
    } else {
      const reading = read(fixture.snapshot ?? {});
      const limit = adapter.rank == 'limit';
      cell = reading ? reading.letter : '.';
      hold(limit || excused(situation) || usual.includes(cell), () =>
        `${situation}: analytics is \`${cell}\`${reading?.code == 'category-unknown' ? ', because the category is not among its own' : ''}, and may be \`${usual}\` (G granted, g implied, u unset, d implied, D denied, . not seen)${last ? `; ${last}` : ''}`);
    }
    table.push(`${title.padEnd(24)} ${cell}`);
  }
  for (const [situation, fixture] of Object.entries<any>(fixtures))
    if (typeof fixture == 'string')
      hold(SITUATIONS.some(([known]) => known == situation), () => `${situation}: a reason for a situation that there is not`);

  // Each fixture means what it expects.
  const starts = probes.map(([verb, place]) => [PREFIX[verb] + place, /[pa]/.test(verb)]);
  for (const [situation, { snapshot, expect, version, by, captured }] of files) {
    hold(special(snapshot) && expect !== undefined, () => `${situation}: a fixture has a \`snapshot\` and an \`expect\``);
    if (!special(snapshot)) continue;
    hold(version && by && captured, () => `${situation}: says its \`version\`, its day (\`captured\`) and the line that produced it (\`by\`)`);
    for (const key of Object.keys(snapshot))
      hold(starts.some(([name, more]: any) => (more ? key.startsWith(name) : key == name)), () => `${situation}: no place of the adapter is \`${key}\``);
    const reading = read(snapshot);
    hold(!reading == !expect, () => `${situation}: ${reading ? 'read, though it should not be seen' : 'not seen'}${last ? `; ${last}` : ''}`);
    if (!reading || !expect) continue;
    hold(reading.live === expect.live, () => `${situation}: ${reading.live ? 'live' : 'stored'}, and it should be ${expect.live ? 'live' : 'stored'}`);
    hold((reading.note ?? null) === (expect.note ?? null), () => `${situation}: ${reading.note ?? 'no trouble'}, and it should be ${expect.note ?? 'no trouble'}${last ? `; ${last}` : ''}`);
    hold(Object.keys(expect.answers ?? {}).length, () => `${situation}: expects no answer`);
    for (const [name, answer] of Object.entries(expect.answers ?? {}))
      hold(reading.answer(name) === answer, () => `${situation}: \`${name}\` is ${reading.answer(name)}, and it should be ${answer}`);
    const again = read(snapshot);
    hold(JSON.stringify([...(again?.named ?? [])]) === JSON.stringify([...reading.named]), () => `${situation}: two looks at one page differ; a reader remembers nothing`);
  }

  // What no consent manager should do.
  hold(read({}) === null, () => 'An empty page: nothing is there, and the adapter reads something');
  const keys = [...new Set([...probes.map(([verb, place]) => PREFIX[verb] + place + (/[pa]/.test(verb) ? 'x' : ''))])];
  const stored = (key: string) => /^(cookie|local):/.test(key);
  for (const odd of ODD) {
    const everywhere = Object.fromEntries(keys.map((key) => [key, stored(key) ? (typeof odd == 'string' ? odd : JSON.stringify(odd)) : odd]));
    hold(!opens(null, read(everywhere)), () => `${JSON.stringify(odd).slice(0, 40)} at every place: a yes`);
  }
  for (const key of keys.filter(stored))
    for (const text of FOREIGN) {
      // Some write single words, and are told by the name alone: what they write is in their fixtures.
      const theirs = files.some(([, { snapshot }]) => snapshot?.[key] === text) || [].concat(adapter.granted ?? []).includes(text as never);
      hold(theirs || read({ [key]: text })?.letter != 'G', () => `another product's \`${text}\` in ${key}: a yes`);
    }
  for (const [situation, { snapshot }] of files) {
    if (!special(snapshot)) continue;
    const before = read(snapshot);
    for (const key of Object.keys(snapshot)) {
      for (const odd of ODD) {
        if (stored(key) && typeof odd != 'string') continue;
        hold(excused(situation) || !opens(before, read({ ...snapshot, [key]: odd })), () => `${situation}: ${key} is ${JSON.stringify(odd).slice(0, 40)}: a yes`);
      }
      if (!stored(key)) continue;
      const text = String(snapshot[key]);
      for (let end = 0; end < text.length; end++)
        hold(excused(situation) || !opens(before, read({ ...snapshot, [key]: text.slice(0, end) })), () => `${situation}: ${key} cut to \`${text.slice(0, end)}\`: a yes`);
    }
    const poisoned = Object.fromEntries(Object.entries<any>(snapshot).map(([key, json]) => [key, poison(json)]));
    const after = read(poisoned);
    for (const name of before?.named.keys() ?? [])
      // Shut is right for what cannot be trusted; another answer is not.
      hold(!name || POISON.includes(name) || [before!.answer(name), 'unset', null].includes(after?.answer(name) ?? null), () => `${situation}: keys like __proto__ change \`${name}\` from ${before!.answer(name)} to ${after?.answer(name)}`);
  }
  if (wrong.length) throw new Error(`The adapter \`${id}\` fails:\n- ${wrong.join('\n- ')}`);
  return { checks, table: table.join('\n') };
}

/** The same with entries of names that every object has. */
function poison(json: any): any {
  if (typeof json == 'string') {
    try {
      const inner = JSON.parse(json);
      return special(inner) ? JSON.stringify(poison(inner)) : json;
    } catch {
      return json;
    }
  }
  if (Array.isArray(json)) return json.map(poison);
  if (!special(json) || Object.keys(json).some((key) => key.startsWith('$'))) return json;
  const made = Object.fromEntries(Object.entries(json).map(([key, inner]) => [key, poison(inner)]));
  for (const key of POISON) Object.defineProperty(made, key, { value: { analytics: true }, enumerable: true, configurable: true, writable: true });
  return made;
}
