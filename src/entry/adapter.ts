// Adapters of the site's own, made into what the core takes of its own adapters: a page of
// places and a text of rules (src/cmp/mod.rs). A chunk by itself, which only a site that
// brings an adapter loads. It judges no answer: rules that stand here once for all turn what
// `read` said into a reading, by the core's own interpreter.

import { DEPTH, LENGTH, WIDTH } from '../page/contract.ts';

/** The words of an own adapter and the core's letters for them. */
const VERBS: Record<string, string> = {
  __proto__: null as never,
  global: 'g',
  entries: 'e',
  cookie: 'c',
  'cookie-beginning': 'p',
  local: 'l',
  'local-beginning': 'a',
  heard: 'h',
};
const FORMS: Record<string, string> = { __proto__: null as never, raw: 'r', text: 't', json: 'j', base64: 'b' };
const TOLD: Record<string, string> = { __proto__: null as never, window: 'w', document: 'd', after: 't', call: 'c' };
const RANKS = ['limit', 'bus', 'standard', 'vendor'];
const ANSWERS: Record<string, string> = {
  __proto__: null as never,
  granted: 'G',
  'implied-granted': 'g',
  unset: 'u',
  'implied-denied': 'd',
  denied: 'D',
};
const TROUBLES = ['not-ready', 'unreadable', 'expired'];
const READING = ['live', 'answered', 'implied', 'categories', 'others', 'trouble'];
const ADAPTER = ['id', 'rank', 'category', 'probes', 'listens', 'rules', 'read'];
const SIMPLE = ['id', 'event', 'target', 'path', 'cookie', 'local', 'field', 'granted', 'denied', 'unset'];

const isMap = (value: any) => typeof value == 'object' && value !== null && !Array.isArray(value);
const list = (value: any): any[] => (value === undefined ? [] : Array.isArray(value) ? value : [value]);
const text = (value: any): value is string => typeof value == 'string' && value != '' && !/[\0-\x09\x0b-\x1f]/.test(value);
const nothing = () => {};

/** What is wrong with an adapter, in a sentence; nothing if it can be used. */
export function problem(given: any): string | undefined {
  if (!isMap(given)) return 'An adapter is an object.';
  const simple = !('probes' in given);
  const known = simple ? SIMPLE : ADAPTER;
  for (const key of Object.keys(given))
    if (!known.includes(key)) return `An adapter has no \`${key}\`; it may have ${known.join(', ')}.`;
  const { id, rank, category, probes, listens, rules, read } = given;
  if (!simple || id !== undefined)
    if (typeof id != 'string' || !/^[a-z0-9][a-z0-9-]{0,39}$/.test(id))
      return '`id` is the name in `state.cmp`: small letters, digits and hyphens, at most 40.';
  if (simple) {
    const places = [given.path, given.cookie, given.local].filter((place) => place !== undefined);
    if (places.length != 1 || !text(places[0])) return 'One of `path`, `cookie` and `local` says where the answer is.';
    if (given.field !== undefined && (!text(given.field) || given.path)) return '`field` is a dotted path in the JSON of `cookie` or `local`.';
    if (given.target !== undefined && !/^(window|document)$/.test(given.target)) return "`target` is 'window' or 'document'.";
    if (!list(given.event).every(text)) return '`event` is a name, or several.';
    const values = ['granted', 'denied', 'unset'].flatMap((key) => list(given[key]));
    if (!list(given.granted).length || !list(given.denied).length) return '`granted` and `denied` say which values are a yes and a no.';
    if (values.some((value) => Object(value) === value)) return 'A value of `granted`, `denied` and `unset` is a string, a number, a boolean or null.';
    if (new Set(values).size < values.length) return 'A value stands in two of `granted`, `denied` and `unset`.';
    return;
  }
  if (rank !== undefined && !RANKS.includes(rank)) return `\`rank\` is one of ${RANKS.join(', ')}.`;
  if (category !== undefined && !text(category)) return '`category` is a name; alternatives are separated by |, names that must all allow by +.';
  if (!isMap(probes) || !Object.keys(probes).length || Object.keys(probes).length > 26)
    return '`probes` is an object of one to 26 places to look, by name.';
  for (const [name, probe] of Object.entries<any>(probes)) {
    const [verb, place, more] = list(probe);
    if (!VERBS[verb]) return `The place \`${name}\` begins with one of ${Object.keys(VERBS).join(', ')}.`;
    if (!text(place)) return `The place \`${name}\` says where: [${JSON.stringify(verb)}, a name].`;
    if (/^[cpla]$/.test(VERBS[verb]) ? more !== undefined && !FORMS[more] : VERBS[verb] == 'e' ? !text(more) : more !== undefined)
      return `The place \`${name}\` ends with one of ${Object.keys(FORMS).join(', ')} if it is stored, with a word if it is entries, with nothing else.`;
  }
  if (listens !== undefined && !Array.isArray(listens)) return '`listens` is a list.';
  for (const [verb, place, args, more] of list(listens).map(list))
    if (!TOLD[verb] || !text(place) || (verb == 'call' ? !Array.isArray(args) || (more !== undefined && !isMap(more)) : args !== undefined))
      return "What is listened to is ['window', event], ['document', event], ['after', path] or ['call', path, arguments, { heard, keep, off, offArgs }].";
  if ((typeof read == 'function') == (rules !== undefined)) return 'An adapter has either `read`, a function, or `rules`, a text.';
  if (rules !== undefined && !text(rules)) return '`rules` is a text.';
}

/** An adapter made of data alone, in the long form. */
function long(given: any) {
  if ('probes' in given) return given;
  const { id = 'custom', event, target = 'window', path, cookie, local, field, granted, denied, unset } = given;
  const form = field === undefined ? 'text' : 'json';
  const is = (values: any, value: any) => list(values).includes(value);
  return {
    id,
    category: 'all',
    probes: { value: path ? ['global', path] : cookie ? ['cookie', cookie, form] : ['local', local, form] },
    listens: list(event).map((name) => [target, name]),
    read({ value }: any) {
      if (value === undefined) return null;
      if (value instanceof Error) throw value;
      for (const key of list(field?.split('.'))) value = isMap(value) && Object.hasOwn(value, key) ? value[key] : null;
      const live = !!path;
      if (is(granted, value)) return { live, others: true };
      if (is(denied, value)) return { live, others: false };
      if (is(unset, value) || value === null || value === '') return { live, answered: false };
      throw new Error(`\`${JSON.stringify(value)}\` is none of \`granted\`, \`denied\` and \`unset\``);
    },
  };
}

/** A bounded copy of what a place held: what a captured fixture could hold, and no more. */
function copy(value: any, depth = DEPTH): any {
  if (typeof value == 'function') return nothing;
  if (typeof value == 'string') return value.length > LENGTH ? '' : value;
  if (typeof value == 'number') return Number.isSafeInteger(value) ? value : null;
  if (typeof value != 'object') return typeof value == 'boolean' ? value : null;
  if (!value) return null;
  const each = (key: any) => {
    try {
      return copy(value[key], depth - 1);
    } catch (error) {
      return new Error(String(error));
    }
  };
  if (Array.isArray(value)) return depth ? [...value.slice(0, WIDTH).keys()].map(each) : [];
  return Object.fromEntries(depth ? Object.keys(value).slice(0, WIDTH).map((key) => [key, each(key)]) : []);
}

/** What `read` said, in the form that {@link SAID} reads; throws for what is no reading. */
function said(given: any) {
  if (given === undefined || given === null) return;
  const reading = typeof given == 'boolean' ? { others: given } : given;
  const no = (what: string): never => {
    throw new Error(`read() gave ${what}`);
  };
  if (!isMap(reading)) no('neither an object, nor a boolean, nor null: ' + typeof reading);
  for (const key of Object.keys(reading)) if (!READING.includes(key)) no(`\`${key}\`; a reading may have ${READING.join(', ')}`);
  const { live = true, answered = true, implied = false, categories = {}, others, trouble } = reading;
  if ([live, answered, implied].some((flag) => typeof flag != 'boolean')) no('`live`, `answered` or `implied` that is no boolean');
  if (trouble !== undefined && !TROUBLES.includes(trouble)) no(`the trouble \`${trouble}\`; it may be ${TROUBLES.join(', ')}`);
  if (!isMap(categories)) no('`categories` that is no object');
  const letter = (answer: any) =>
    !answered ? 'u'
    : answer === true ? (implied ? 'g' : 'G')
    : answer === false ? (implied ? 'd' : 'D')
    : (typeof answer == 'string' && ANSWERS[answer]) || no(`the answer \`${String(answer)}\`; it may be true, false or one of ${Object.keys(ANSWERS).join(', ')}`);
  const out: any = { live, trouble, G: [], g: [], u: [], d: [], D: [] };
  for (const [name, answer] of Object.entries(categories)) if (name) out[letter(answer)].push(name);
  if (others !== undefined || !answered) out.rest = letter(others);
  if (!trouble && !out.rest && !Object.keys(categories).length) no('no categories and no `others`');
  return out;
}

/** Rules for what {@link said} makes. */
const NAMED = [...'GgudD'].map((letter) => `${letter + letter} a.${letter} . +`).join(' ; ');
const SAID = [
  ['+', 'true'],
  ['-', 'false'],
]
  .flatMap(([sign, live]) => {
    const here = `${sign} a.live=${live}`;
    return [
      ...TROUBLES.map((trouble) => `${here} a.trouble~${trouble} > ${trouble}`),
      ...[...'GgudD'].flatMap((rest) => [`${here} a.rest~${rest} > ${NAMED} ; all ${rest}`, `${here} a.rest~${rest} > all ${rest}`]),
      `${here} > ${NAMED}`,
    ];
  })
  .concat('+ a > unreadable')
  .join('\n');

const place = ([verb, where, more]: any) => {
  const letter = VERBS[verb];
  return letter == 'e' ? ['e', where, more] : /[cpla]/.test(letter) ? [letter, where, FORMS[more || 'text']] : [letter, where];
};

const told = ([verb, where, args, more = {}]: any) =>
  verb == 'call'
    ? ['c', where, args, more.heard || '', more.keep || [], ...(more.off === undefined ? [] : [more.off]), ...(more.offArgs ? [more.offArgs] : [])]
    : [TOLD[verb], where];

/**
 * What the core is to be told of adapters of the site's own (src/wasm/page.rs, connect). What a
 * `read` says is put where callbacks put what they hear, and is made when it is looked at.
 */
export function own(
  adapters: any[],
  heard: any,
  find: (probe: any[], heard: any) => unknown,
  report: (code: string, what: string, error?: unknown) => void,
  always = false,
) {
  const seen: any = {};
  return adapters
    .map((given, index) => {
      const wrong = problem(given);
      if (wrong) report('adapter-invalid', wrong);
      const { id, rank = 'vendor', category = 'analytics', probes, listens, rules, read } = wrong ? ({ id: 'custom', probes: {} } as any) : long(given);
      const places: [string, any[]][] = Object.entries<any>(probes).map(([name, probe]) => [name, place(probe)]);
      if (rules === undefined) {
        const reading = () => {
          if (wrong) throw new Error(wrong);
          const found: any = {};
          for (const [name, probe] of places) {
            try {
              const value = find(probe, heard);
              if (value !== undefined) found[name] = copy(value);
            } catch (error) {
              found[name] = error instanceof Error ? error : new Error(String(error));
            }
          }
          // Nothing at any place: no `read` has to say so.
          if (!Object.keys(found).length) return;
          try {
            const made = said(read(found));
            return made && { ...made, found };
          } catch (error) {
            // Said once; it is asked every second.
            if (always || !seen[id + error]) report('adapter-threw', id, error);
            seen[id + error] = 1;
            throw error;
          }
        };
        Object.defineProperty(heard, '@' + index, { get: reading });
      }
      const at = rules === undefined ? [['h', '@' + index]] : places.map(([, probe]) => probe);
      const page = JSON.stringify([at, list(listens).map(told)]).slice(1, -1);
      return [id, RANKS.indexOf(rank), category, page, rules ?? SAID].join('\x02');
    })
    .join('\x01');
}
