// Rules of the site's own, in words, compiled to what the core's interpreter follows
// (src/cmp/rules.rs). The built-in adapters are written in the same words and compiled by
// build/compiler; a test compares what the two make of every adapter and of every mistake.
//
// A chunk by itself, which only a site whose adapter has `rules` loads. A word that is none is an
// error, and the adapter is not used: the interpreter takes what it does not know for a condition
// that does not hold, which under a negation would open.

import {
  ANSWER_DENIED, ANSWER_GRANTED, ANSWER_IMPLIED_DENIED, ANSWER_IMPLIED_GRANTED, ANSWER_UNSET, MEANING_ANOTHER_PRODUCT, MEANING_ASKING,
  MEANING_EXPIRED, MEANING_FALLBACK, MEANING_NOT_READY, MEANING_OTHERS, MEANING_UNREADABLE,
} from '../contract.ts';
import { type Given, VERBS, isMap, isText, list } from './words.js';

const PREDICATES =
  "is there, is not there, is [not] true (false, null, a number), is [not] 'word', is [not] above 0, is [not] a map (list, boolean, text), " +
  "begins with 'word', does not begin with 'word', is [not] the same as PLACE";
const OTHERS = {
  granted: MEANING_OTHERS + ANSWER_GRANTED,
  'implied-granted': MEANING_OTHERS + ANSWER_IMPLIED_GRANTED,
  unset: MEANING_OTHERS + ANSWER_UNSET,
  'implied-denied': MEANING_OTHERS + ANSWER_IMPLIED_DENIED,
  denied: MEANING_OTHERS + ANSWER_DENIED,
};
const THEN = {
  'not-ready': MEANING_NOT_READY,
  asking: MEANING_ASKING,
  unreadable: MEANING_UNREADABLE,
  expired: MEANING_EXPIRED,
  'another-product': MEANING_ANOTHER_PRODUCT,
  'no-such-category': '',
  ...OTHERS,
};
const BY = {
  visitor: ANSWER_GRANTED + ANSWER_DENIED,
  default: ANSWER_IMPLIED_GRANTED + ANSWER_IMPLIED_DENIED,
  'default-open': ANSWER_IMPLIED_GRANTED + ANSWER_UNSET,
  'default-closed': ANSWER_IMPLIED_DENIED + ANSWER_IMPLIED_DENIED,
  'visitor-yes': ANSWER_GRANTED + ANSWER_IMPLIED_DENIED,
  'visitor-no': ANSWER_IMPLIED_GRANTED + ANSWER_DENIED,
  nobody: ANSWER_UNSET + ANSWER_UNSET,
};
const TYPES = { 'a map': ':map', 'a list': ':list', 'a boolean': ':bool', 'a text': ':text', 'above 0': '>', there: '' };
const RULE = ['from', 'if', 'then', 'answers', 'others'];
const ANSWER = ['by', 'each', 'of', 'name', 'category', 'value', 'yes', 'no', 'whether', 'only', 'fallback'];
/** Words that no place may be called by. */
const TAKEN = ['any', 'no', 'key', 'itself', 'true', 'false', 'null', 'is', 'or'];

const fail = (what: string): never => {
  throw new Error(what);
};

/** What a word of a table stands for; not what every object has. */
function pick(table: Readonly<Record<string, string>>, key: string, word: unknown): string {
  if (typeof word == 'string' && Object.hasOwn(table, word)) return table[word]!;
  return fail(`\`${key}\` cannot be \`${String(word)}\`; it may be ${Object.keys(table).join(', ')}`);
}

function only(what: string, given: Given, known: readonly string[]) {
  for (const key of Object.keys(given)) if (!known.includes(key)) fail(`${what} has no \`${key}\`; it may have ${known.join(', ')}`);
}

const texts = (given: Given, key: string) =>
  list(given[key]).map((text) => (isText(text) ? text : fail(`\`${key}\` is a text, or a list of texts`)));

/** A name that rules may use: its letters, how its text is split, and whether it is a part of one. */
interface Place {
  compact: string;
  split: string;
  part?: boolean;
}
type Places = Map<string, Place>;

const at = (places: Places, name: string): Place =>
  places.get(name) ?? fail(`there is no place \`${name}\`; the places are ${[...places.keys()].join(', ')}`);

/** How a place is split, as the interpreter has it: `[&=]`, `[,]`. */
function split(name: string, place: Given): string {
  const ways = ['pairs', 'list'].filter((way) => way in place);
  if (ways.length > 1) fail(`the place \`${name}\`: one of pairs, list`);
  const [way] = ways;
  if (!way) return '';
  const signs = place[way];
  const count = way == 'pairs' ? 2 : 1;
  if (typeof signs != 'string' || signs.length != count || !/^[ -~]+$/.test(signs) || /[[\]{}#_]/.test(signs))
    return fail(`the place \`${name}\`: \`${way}\` is ${count} of the signs that separate, not \`${signs}\``);
  return `[${signs.replace(/ /g, '_')}]`;
}

/** What a place given as an object may have: one of what it is, and how its text is taken apart. */
const KINDS = [...Object.keys(VERBS), 'part', 'firstOf'];
const PLACE = [...KINDS, 'word', 'form', 'pairs', 'list'];

function named(probes: Given): Places {
  const places: Places = new Map();
  let count = 0;
  for (const [name, given] of Object.entries(probes)) {
    if (!/^[a-z][a-z\d]*$/i.test(name) || TAKEN.includes(name))
      fail(`\`${name}\` cannot be the name of a place: letters and digits, and no word of a condition`);
    const place = isMap(given) ? given : {};
    only(`the place \`${name}\``, place, PLACE);
    if (isMap(given) && KINDS.filter((key) => key in place).length != 1) fail(`the place \`${name}\` says one of ${KINDS.join(', ')}`);
    const parts = split(name, place);
    if ('firstOf' in place) {
      const letters = texts(place, 'firstOf').map((one) => {
        const { compact } = at(places, one);
        return compact.length == 1 ? compact : fail(`\`${one}\` is not one place of its own`);
      });
      if (letters.length < 2) fail(`the place \`${name}\`: \`firstOf\` is a list of places that were named above`);
      places.set(name, { compact: letters.join('/'), split: parts });
    } else if ('part' in place) {
      const of = subject(places, String(place.part), false);
      if (of.many) fail(`the place \`${name}\`: a \`part\` is one thing, without \`*\``);
      places.set(name, { compact: of.compact, split: parts, part: true });
    } else places.set(name, { compact: String.fromCharCode(97 + count++), split: parts });
  }
  return places;
}

/** Steps: `.key`, `.*`, `.-1`. */
function path(text: string): string {
  for (const step of text.split('.').slice(1))
    if (step != '*' && (!step || /[\s\0-\x1f=~^>:#%|!?{}[\]'",;/*]/.test(step)))
      fail(`\`${text}\` is no path: each step is \`.\` and a key, \`.*\` for every entry or \`.-1\` for the last`);
  return text;
}

/** `place`, `place.path`, `place?field`, and of an entry `.path` or `itself`. */
function subject(places: Places, text: string, entry: boolean): { compact: string; split: string; many: boolean } {
  if (text == 'itself' || text[0] == '.') {
    if (!entry) fail(`\`${text}\` is of an entry, and here is none: begin with a place`);
    return text == 'itself' ? { compact: '.', split: '', many: false } : { compact: path(text), split: '', many: text.includes('*') };
  }
  const [, name, rest] = /^([^.?]*)(.*)$/s.exec(text) as unknown as [string, string, string];
  const place = at(places, name);
  if (!rest) return { compact: place.compact, split: place.split, many: false };
  if (rest[0] == '?') {
    if (!/^\[..\]$/.test(place.split)) fail(`\`${text}\`: \`${name}\` is no text of pairs; say \`pairs\` where \`${name}\` is defined`);
    const field = rest.slice(1);
    if (!field || /[}[\]#|\s]/.test(field)) fail(`\`${text}\` names no field: after \`?\` stands the key of a pair`);
    return { compact: `${place.compact}{${place.split.slice(1, 3)}${field}}`, split: '', many: false };
  }
  if (place.part) fail(`\`${text}\`: \`${name}\` is a text, so nothing is inside of it`);
  return { compact: place.compact + path(rest), split: '', many: rest.includes('*') };
}

/** A text between quotes; either kind, so that the other may be inside. */
const quoted = (text: string) => /^'([^']*)'$|^"([^"]*)"$/s.exec(text)?.slice(1).find((inside) => inside !== undefined);

/** A word that the interpreter can carry. */
function word(text: string, but: string): string {
  const bad = [...text].find((letter) => /[\s\0-\x1f\x7f|]/.test(letter) || but.includes(letter));
  return bad === undefined ? text : fail(`\`${text}\` cannot be said here, because of the \`${bad}\` in it`);
}

/** The alternatives of a condition: what is between ` or `, outside of quotes. */
function alternatives(text: string): string[] {
  const all = [''];
  let quote = '';
  for (let index = 0; index < text.length; index++) {
    const letter = text[index]!;
    if (!quote && text.startsWith(' or ', index)) {
      all.push('');
      index += 3;
      continue;
    }
    if (quote) quote = letter == quote ? '' : quote;
    else if (letter == "'" || letter == '"') quote = letter;
    all[all.length - 1] += letter;
  }
  return all;
}

const condition = (places: Places, text: string, entry: boolean) =>
  alternatives(text).map((one) => alternative(places, one, entry)).join('|');

function alternative(places: Places, text: string, entry: boolean): string {
  const [, quantity, rest] = /^(?:(any|no) )?(.*)$/s.exec(text) as unknown as [string, string | undefined, string];
  const space = rest.indexOf(' ');
  if (space < 0) {
    if (!entry || (rest[0] != '.' && rest != 'itself')) at(places, rest.split(/[.?]/)[0]!);
    fail(`\`${text}\` says nothing of \`${rest}\`; it may say: ${PREDICATES}`);
  }
  const about = subject(places, rest.slice(0, space), entry);
  if (about.compact.includes('|')) fail(`\`${text}\`: a field between | cannot be in a condition; write * for it in \`pairs\`, which stands for | too`);
  const [test, not] = predicate(places, rest.slice(space + 1));
  if (about.many && !quantity) fail(`\`${text}\`: of several things, begin with \`any\` or with \`no\``);
  if (about.many && not) fail(`\`${text}\`: say \`no … is …\` instead of \`… is not …\``);
  if (!about.many && quantity) fail(`\`${text}\`: \`${quantity}\` is for a path with \`*\`, of which there may be several`);
  return ((about.many ? quantity == 'no' : not) ? '!' : '') + about.compact + test;
}

/** The test of a predicate, and whether it is negated. */
function predicate(places: Places, text: string): [test: string, not: boolean] {
  const none = () => fail(`\`${text}\` is nothing that can be said; there is: ${PREDICATES}`);
  const literal = (sign: string, given: string) => sign + word(quoted(given) ?? none(), '');
  const begins = /^(begins|does not begin) with (.*)$/s.exec(text);
  if (begins) return [literal('^', begins[2]!), begins[1] != 'begins'];
  const [, not, rest] = (/^is (not )?(.*)$/s.exec(text) ?? none()) as unknown as [string, string | undefined, string];
  const test = () => {
    if (Object.hasOwn(TYPES, rest)) return TYPES[rest as keyof typeof TYPES];
    if (/^(true|false|null|\d{1,9})$/.test(rest)) return '=' + rest;
    const other = /^the same as (.*)$/s.exec(rest)?.[1];
    if (other === undefined) return literal('~', rest);
    const { compact } = at(places, other);
    return compact.length == 1 ? '=' + compact : fail(`\`${other}\` is not one place, so it cannot be compared with`);
  };
  return [test(), !!not];
}

/** Where an entry's name is. */
function name(text: string): string {
  if (text == 'key') return '@';
  if (text == 'itself') return '.';
  if (text.startsWith('key after '))
    return '@' + word(quoted(text.slice(10)) ?? fail(`\`${text}\`: put what the key begins with between quotes`), ',');
  if (text[0] == '.') return path(text);
  return fail(`\`${text}\` is no \`name\`; it may be: key, key after 'beginning', itself, .path. A name that is always the same is a \`category\``);
}

/** Where an entry's value is: `itself`, `.path`, or in another place, `place[key]`. */
function value(places: Places, text: string): string {
  const open = text.indexOf('[');
  if (open >= 0) {
    if (!text.endsWith(']')) fail(`\`${text}\` ends without \`]\``);
    const inside = text.slice(open + 1, -1);
    const constant = quoted(inside);
    const key = constant === undefined ? name(inside) : "'" + word(constant, ',]~');
    const { compact, split } = subject(places, text.slice(0, open), false);
    if (split && split != '[,]') fail(`\`${text}\`: only a map and a list with commas are looked up in`);
    return `${compact}[${key}]`;
  }
  if (text == 'itself' || text[0] == '.') return subject(places, text, true).compact;
  return fail(`\`${text}\` is no \`value\`; it may be: itself, .path, place[key], place[.path], place['word'], true, false`);
}

const textOf = (given: Given, key: string) => {
  const text = given[key];
  return text === undefined ? undefined : isText(text) ? text : fail(`\`${key}\` is a text`);
};

/** One entry of `answers`. */
function source(places: Places, given: unknown): string {
  if (!isMap(given)) return fail('`answers` is a table');
  only('an answer', given, ANSWER);
  if (given.by === undefined) fail('an answer has no `by`');
  const by = pick(BY, 'by', given.by);
  const each = textOf(given, 'each');
  const of = textOf(given, 'of');
  if ((each === undefined) == (of === undefined)) fail('an answer says either `each` (of many entries) or `of` (one thing)');
  const about = subject(places, (each ?? of)!, false);
  const names = texts(given, 'name').map(name);
  names.push(...texts(given, 'category').map((category) => "'" + word(category, ',')));
  if (!names.length) fail('an answer says the `name` of each entry (key, itself, .path), or one `category`');
  if (of !== undefined && given.name == 'key') fail('what an answer is `of` has no key: say its `category`');
  const said = [by, about.compact + (each === undefined ? '' : about.split), names.join(), valueOf(places, given)];
  for (const one of texts(given, 'only')) said.push('?' + condition(places, one, true));
  const { fallback } = given;
  if (fallback !== undefined && typeof fallback != 'boolean') fail('`fallback` is true or false');
  if (fallback) said.unshift(MEANING_FALLBACK);
  return said.join(' ');
}

function valueOf(places: Places, given: Given): string {
  const whether = textOf(given, 'whether');
  const yes = textOf(given, 'yes');
  const no = textOf(given, 'no');
  if (whether !== undefined) {
    if (given.value !== undefined || yes !== undefined) fail('an answer has either `whether`, or `value` and the words for `yes` and `no`');
    return '?' + condition(places, whether, true);
  }
  if (given.value === undefined && yes === undefined) fail('an answer says its `value`, the words for `yes` and `no`, or `whether` a condition holds');
  if (no !== undefined && yes === undefined) fail('an answer with the word for `no` has one for `yes`');
  if (typeof given.value == 'boolean' && yes === undefined) return given.value ? '+' : '-';
  const where = given.value === undefined ? '.' : value(places, textOf(given, 'value')!);
  return [where, ...[yes, no].flatMap((one) => (one === undefined ? [] : [word(one, '~')]))].join('~');
}

function rule(places: Places, given: unknown): string {
  if (!isMap(given)) return fail('a rule is an object: { from, if, then } or { from, if, answers, others }');
  only('a rule', given, RULE);
  if (given.from === undefined) fail('a rule has no `from`');
  const sign = given.from === 'running' ? '+' : given.from === 'stored' ? '-'
    : fail(`\`from\` is running (the consent manager says so) or stored (it is all that is there), not \`${String(given.from)}\``);
  const conditions = texts(given, 'if').map((one) => condition(places, one, false));
  if (!conditions.length) fail('a rule has no `if`');
  const answers = list(given.answers).map((one) => source(places, one));
  const means = [...answers];
  if (given.then !== undefined) {
    const then = pick(THEN, 'then', given.then);
    if (answers.length || given.others !== undefined) fail('a rule has either `then`, which is the whole meaning, or `answers`');
    if (then) means.push(then);
  } else if (!answers.length) fail('a rule without a meaning: it has neither `then` nor `answers`');
  if (given.others !== undefined) means.push(pick(OTHERS, 'others', given.others));
  return [sign, ...conditions, '>', ...(means.length ? [means.join(' ; ')] : [])].join(' ');
}

/** The rules as the core's interpreter follows them; throws with a sentence where a word is none. */
export function compile(probes: Given, rules: readonly unknown[]): string {
  const places = named(probes);
  return rules
    .map((given, index) => {
      try {
        return rule(places, given);
      } catch (error) {
        return fail(`Rule ${index + 1}: ${(error as Error).message}.`);
      }
    })
    .join('\n');
}

/** A place in the short form, a list; what is a name for other places has none. */
function short(place: unknown): readonly unknown[] | undefined {
  if (!isMap(place)) return list(place);
  const verb = Object.keys(VERBS).find((word) => word in place);
  if (!verb) return;
  const more = verb == 'queue' ? 'word' : 'form';
  return [verb, place[verb], ...(more in place ? [place[more]] : [])];
}

/** An adapter with its places in the short form, its rules compiled, and what is wrong with them. */
export function expand(adapter: Given): [given: Given, rules?: string, wrong?: string] {
  const { probes, rules } = adapter;
  if (!isMap(probes)) return [adapter];
  try {
    if (!Array.isArray(rules) || !rules.length) fail('`rules` is a list of rules in words, each { from, if, then } or { from, if, answers, others }.');
    const text = compile(probes, list(rules));
    const places = Object.entries(probes).map(([name, place]) => [name, short(place)]);
    return [{ ...adapter, probes: Object.fromEntries(places.filter(([, place]) => place)) }, text];
  } catch (error) {
    return [adapter, '', (error as Error).message];
  }
}
