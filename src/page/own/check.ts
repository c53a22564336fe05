// Whether an adapter of the site's own can be used. What it says in `rules`, and in places that are
// written as objects for them, is checked where these are compiled (rules.ts).

import { PLACE_HEARD, PLACE_QUEUE } from '../contract.ts';
import { FORMS, type Given, RANKS, TOLD, VERBS, isMap, isStored, isText, list } from './words.js';

const ADAPTER = ['id', 'rank', 'category', 'probes', 'listens', 'rules', 'read'];
const SIMPLE = ['id', 'event', 'target', 'path', 'cookie', 'local', 'field', 'granted', 'denied', 'unset'];
/** What is wrong with an adapter, in a sentence; nothing if it can be used. */
export function problem(given: unknown): string | undefined {
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
    if (places.length != 1 || !isText(places[0])) return 'One of `path`, `cookie` and `local` says where the answer is.';
    if (given.field !== undefined && (!isText(given.field) || given.path)) return '`field` is a dotted path in the JSON of `cookie` or `local`.';
    if (given.target !== undefined && !/^(window|document)$/.test(given.target as string)) return "`target` is 'window' or 'document'.";
    if (!list(given.event).every(isText)) return '`event` is a name, or several.';
    const values = ['granted', 'denied', 'unset'].flatMap((key) => list(given[key]));
    if (!list(given.granted).length || !list(given.denied).length) return '`granted` and `denied` say which values are a yes and a no.';
    if (values.some((value) => Object(value) === value)) return 'A value of `granted`, `denied` and `unset` is a string, a number, a boolean or null.';
    // As texts, since what is stored has no types.
    if (new Set(values.map(String)).size < values.length) return 'A value stands in two of `granted`, `denied` and `unset`.';
    return;
  }
  if (rank !== undefined && !RANKS.includes(rank as string)) return `\`rank\` is one of ${RANKS.join(', ')}.`;
  if (category !== undefined && !isText(category)) return '`category` is a name; alternatives are separated by |, names that must all allow by +.';
  if (!isMap(probes) || !Object.keys(probes).length || Object.keys(probes).length > 26)
    return '`probes` is an object of one to 26 places to look, by name.';
  for (const [name, place] of Object.entries(probes)) {
    const [verb, where, more] = list(place);
    const letter = VERBS[verb as string];
    if (!letter) return `The place \`${name}\` begins with one of ${Object.keys(VERBS).join(', ')}.`;
    if (!isText(where)) return `The place \`${name}\` says where: [${JSON.stringify(verb)}, a name].`;
    if (isStored(letter) ? more !== undefined && !FORMS[more as string] : letter == PLACE_QUEUE ? !isText(more) : more !== undefined)
      return `The place \`${name}\` ends with one of ${Object.keys(FORMS).join(', ')} if it is stored, with a word if it is a queue, with nothing else.`;
  }
  if (listens !== undefined && !Array.isArray(listens)) return '`listens` is a list.';
  const told = new Set<unknown>();
  for (const [verb, place, args, more] of list(listens).map(list)) {
    const kept = verb == 'call' ? more : args;
    if (!TOLD[verb as string] || !isText(place) || (verb == 'call' && !Array.isArray(args)) || (kept !== undefined && (verb == 'after' || !isMap(kept))))
      return "What is listened to is ['window', event, { heard, keep }], ['document', event, { heard, keep }], ['after', path] or ['call', path, arguments, { heard, keep, off, offArgs }].";
    const { heard, keep } = (kept || {}) as Given;
    if ((heard === undefined) != (keep === undefined) || (heard !== undefined && (!isText(heard) || !Array.isArray(keep) || !keep.every(isText))))
      return '`heard` is the name under which a place finds what was told, and `keep` a list of dotted paths in it: both, or neither.';
    if (heard !== undefined) told.add(heard);
  }
  // A name that is misspelt on either side would be a place where nothing is ever found.
  const looked = new Set(Object.values(probes).map(list).flatMap(([verb, where]) => (VERBS[verb as string] == PLACE_HEARD ? [where] : [])));
  for (const name of looked) if (!told.has(name)) return `Nothing is kept as \`${name}\`: one of \`listens\` says so by \`heard\`${told.size ? `, and here there is ${[...told].join(', ')}` : ''}.`;
  for (const name of told) if (!looked.has(name)) return `What is kept as \`${name}\` is looked at by no place: ['heard', '${name}'].`;
  if ((typeof read == 'function') == (rules !== undefined)) return 'An adapter has either `read`, a function, or `rules`, a list.';
}
