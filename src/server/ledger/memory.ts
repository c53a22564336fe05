// A ledger's store in this program's memory: what a write depends on is looked at and written in
// one go, because nothing else runs in between.

import type { LedgerStore, StoreWant, StoredEntry, StoredId, StoredPerson } from '../../api/server.js';

/** For how long a forgotten id says that it was forgotten, in milliseconds. */
const FORGOTTEN = 3600_000;

interface Row {
  readonly rev: string;
  readonly owners: readonly string[];
  readonly person?: { readonly ids: string; readonly present: string; readonly last: string; readonly entries: StoredEntry[] };
  /** When it ends, by performance.now(). */
  readonly ends: number;
}

/** The last of these entries up to a time: they are in its order. */
function upTo(entries: readonly StoredEntry[], at: number): string {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (entries[middle]!.at <= at) low = middle + 1;
    else high = middle;
  }
  return entries[low - 1]?.after ?? '';
}

export function memory(): LedgerStore {
  const rows = new Map<string, Row>();
  const jobs = new Map<string, string>();

  function row(id: string): Row | undefined {
    const found = rows.get(id);
    if (found && found.ends <= performance.now()) {
      rows.delete(id);
      return undefined;
    }
    return found;
  }

  function personOf(id: string, want?: StoreWant): StoredPerson[] {
    const found = row(id);
    if (!found?.person) return [];
    const { entries, present, ids, last } = found.person;
    return [{
      person: id, rev: found.rev, present,
      ...(want?.whole || want?.history ? { ids, last } : {}),
      ...(want?.history ? { entries: [...entries] } : {}),
      ...(want?.at === undefined ? {} : { then: upTo(entries, want.at) }),
    }];
  }

  const ending = (life: number | null) => (life === null ? Infinity : performance.now() + life);

  const change: LedgerStore['link'] = async ({ expect, rev, persons, links, forgotten, life }) => {
    if (expect.some(([id, known]) => (row(id)?.rev ?? '') !== known)) return false;
    for (const id of forgotten) rows.set(id, { rev, owners: [], ends: performance.now() + FORGOTTEN });
    for (const [id, owners] of links) rows.set(id, { rev, owners, ends: ending(life) });
    for (const { person, entries, ...rest } of persons) rows.set(person, { rev, owners: [person], person: { ...rest, entries: [...entries] }, ends: ending(life) });
    return true;
  };

  return Object.freeze({
    async read(ids, want) {
      return ids.map((id): StoredId => {
        const found = row(id);
        return found ? { rev: found.rev, owners: found.owners, persons: found.owners.flatMap((owner) => personOf(owner, want)) } : { rev: '', owners: [], persons: [] };
      });
    },
    async append({ person, expect, rev, ids, present, last, entry, most, oldest, life, others }) {
      const found = row(person);
      if ((found?.rev ?? '') !== expect) return false;
      const entries = found?.person?.entries ?? [];
      if (entry) entries.push(entry);
      if (entries.length > most) entries.splice(0, entries.length - most);
      while (entries.length > 1 && entries[0]!.at < oldest) entries.shift();
      const ends = ending(life);
      rows.set(person, { rev, owners: [person], person: { ids, present, last, entries }, ends });
      for (const id of others) if (row(id)) rows.set(id, { ...row(id)!, ends });
      return true;
    },
    link: change,
    forget: change,
    async expire() {
      for (const id of rows.keys()) row(id);
    },
    jobs: Object.freeze({
      get: async (key: string) => jobs.get(key) ?? null,
      set: async (key: string, text: string) => { jobs.set(key, text); },
      async swap(key: string, before: string | null, after: string) {
        if ((jobs.get(key) ?? null) !== before) return false;
        jobs.set(key, after);
        return true;
      },
    }),
  } satisfies LedgerStore);
}
