// Who is one person: what ids that are joined, or forgotten, make of those whom they belong to.
// Plans alone; a store carries them out in one transaction each. What the answers come to, and in which
// order those of two histories count, the core says (src/core/standing.rs, src/core/joining.rs).
//
// An id belongs to one person, or to several (a device that several people use). A person is kept
// under one id, and all others lead there in one step however they were joined, so that a check
// follows no chain. Who joins brings the whole history along, and what the person's answers come to
// is found by going through it in the order in which it was heard.

import type { StoreChange, StoredEntry, StoredId, StoredPerson } from '../../api/server.js';
import { type Kept, type Outcome, inOrder, keyOf, replay } from '../core.js';
import { read, written } from './entry.js';

type Person = StoreChange['persons'][number];
type Plan = Pick<StoreChange, 'expect' | 'persons' | 'links' | 'forgotten'>;

/** The ids of a person, as the site has them. */
export function idsIn(person: Pick<StoredPerson, 'ids'>): string[] {
  try {
    const made: unknown = JSON.parse(person.ids ?? '[]');
    return Array.isArray(made) ? made.filter((id): id is string => typeof id == 'string') : [];
  } catch {
    return [];
  }
}

interface Line {
  readonly text: string;
  readonly kept: Kept | null;
}

/** A person made of these entries, which are gone through anew. */
function made(person: string, ids: readonly string[], lines: readonly Line[], most: number): Person {
  const outcomes: Outcome[] = replay(lines.map(({ kept }) => kept));
  const all: StoredEntry[] = lines.map(({ text, kept }, n) => {
    const outcome = outcomes[n]!;
    return { at: outcome.from, after: outcome.line, entry: kept ? written(kept, { late: outcome.late, ...(outcome.event ? { event: outcome.event } : {}) }) : text };
  });
  const entries = all.slice(-most);
  return { person, ids: JSON.stringify([...new Set(ids)]), present: all.at(-1)?.after ?? '', last: entries.at(-1)?.entry ?? '', entries };
}

const linesOf = (person: StoredPerson): Line[] => (person.entries ?? []).map(({ entry }) => ({ text: entry, kept: read(entry) }));

/** Two histories as one, in the order that the core says. */
function together(a: readonly Line[], b: readonly Line[]): Line[] {
  const lines = [...a, ...b];
  return inOrder(a.map(({ kept }) => kept), b.map(({ kept }) => kept)).map((place) => lines[place]!);
}

/** What was recorded for this id, and may be the word of any who use it. */
const shared = (lines: readonly Line[], id: string): Line[] =>
  lines.map((line) => (line.kept?.id === id ? { ...line, kept: { ...line.kept, shared: true as const } } : line));

/** Which other rows have to be known to join or forget these. */
export const others = (found: readonly StoredId[]): string[] => [...new Set(found.flatMap(({ persons }) => persons.flatMap((person) => idsIn(person).map(keyOf))))];

/**
 * The device is the user's from now on. `null`: it is already.
 *
 * @param rows what is kept of all ids that are concerned, by their keys
 */
export function joined(device: string, user: string, rows: ReadonlyMap<string, StoredId>, most: number): Plan | null {
  const [a, b] = [keyOf(device), keyOf(user)];
  const nobody: StoredId = { rev: '', owners: [], persons: [] };
  const [of, to] = [rows.get(a) ?? nobody, rows.get(b) ?? nobody];
  const fresh: StoredPerson = { person: b, rev: '', ids: JSON.stringify([user]), present: '', last: '', entries: [] };
  const users = to.persons.length ? to.persons : [fresh];
  if (users.every(({ person }) => of.persons.some((own) => own.person === person))) return null;

  const expect = new Map<string, string>([[a, of.rev], [b, to.rev]]);
  for (const { person, rev } of [...of.persons, ...to.persons]) expect.set(person, rev);
  const links = new Map<string, readonly string[]>();
  // The store may have dropped the device's owner at the end of its life: then the device is a person of its own again.
  const persons: Person[] = [];
  const whole = of.persons.length === 1 && of.persons[0]!.person === a ? of.persons[0]! : null;

  if (whole || !of.persons.length) {
    // The device is nobody else's: all that it is becomes the user's. Of several users it is each
    // one's, and opens for none of them.
    const ids = whole ? idsIn(whole) : [device];
    const lines = whole ? linesOf(whole) : [];
    const several = users.length > 1;
    for (const one of users) {
      const mine = several ? lines.map((line) => (line.kept ? { ...line, kept: { ...line.kept, shared: true as const } } : line)) : lines;
      persons.push(made(one.person, [...idsIn(one), ...ids], together(linesOf(one), mine), most));
    }
    for (const id of ids.map(keyOf)) {
      const owners = (rows.get(id)?.owners ?? []).filter((owner) => owner !== a);
      links.set(id, [...new Set([...users.map(({ person }) => person), ...owners])]);
      expect.set(id, rows.get(id)?.rev ?? '');
    }
  } else {
    // The device belongs to somebody already, and from now on to another user as well.
    const added = users.filter(({ person }) => !of.persons.some((own) => own.person === person));
    const said = of.persons.flatMap((own) => linesOf(own).filter(({ kept }) => kept?.id === device));
    const once = [...new Map(said.map((line) => [line.text.replace(/,"(shared|late)":true/g, ''), line])).values()];
    for (const own of of.persons) persons.push(made(own.person, idsIn(own), shared(linesOf(own), device), most));
    for (const one of added) persons.push(made(one.person, [...idsIn(one), device], together(linesOf(one), shared(once, device)), most));
    links.set(a, [...of.owners, ...added.map(({ person }) => person)]);
  }
  // A person is no link to itself.
  for (const { person } of persons) links.delete(person);
  return { expect: [...expect], persons, links: [...links], forgotten: [] };
}

/** The person of this id is forgotten; of a device of several people, what was said there. */
export function forgotten(id: string, rows: ReadonlyMap<string, StoredId>, most: number): Plan {
  const key = keyOf(id);
  const row = rows.get(key) ?? { rev: '', owners: [], persons: [] };
  const expect = new Map<string, string>([[key, row.rev]]);
  for (const { person, rev } of row.persons) expect.set(person, rev);
  if (row.owners.length > 1) {
    const persons = row.persons.map((person) => made(person.person, idsIn(person).filter((one) => one !== id), linesOf(person).filter(({ kept }) => kept?.id !== id), most));
    return { expect: [...expect], persons, links: [], forgotten: [key] };
  }
  const links: [string, readonly string[]][] = [];
  const gone = new Set([key]);
  for (const person of row.persons) {
    gone.add(person.person);
    for (const one of idsIn(person).map(keyOf)) {
      const owners = (rows.get(one)?.owners ?? []).filter((owner) => owner !== person.person);
      expect.set(one, rows.get(one)?.rev ?? '');
      // Others use this device as well: it stays theirs.
      if (owners.length && one !== person.person) links.push([one, owners]);
      else gone.add(one);
    }
  }
  return { expect: [...expect], persons: [], links, forgotten: [...gone] };
}
