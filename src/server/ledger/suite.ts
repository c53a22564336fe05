// What is asked of a ledger's store, as checks that anybody can run on one of their own. It looks at
// the store alone: what a history allows is the same on all of them.

import type { LedgerStore, StoreAppend, StoreChange, StoredEntry } from '../../api/server.js';

const NONE = { rev: '', owners: [], persons: [] };
const entry = (at: number, text = `{"n":${at}}`): StoredEntry => ({ at, after: `after ${at}`, entry: text });
const add = (person: string, expect: string, rev: string, more: Partial<StoreAppend> = {}): StoreAppend => ({
  person, expect, rev, ids: JSON.stringify([person]), present: `present ${rev}`, last: `last ${rev}`, entry: entry(1000), most: 1000, oldest: 0, life: null, others: [], ...more,
});
const change = (expect: StoreChange['expect'], more: Partial<StoreChange> = {}): StoreChange => ({ expect, rev: 'r9', persons: [], links: [], forgotten: [], life: null, ...more });

const plain = (value: unknown): string => JSON.stringify(value, (_, inner: unknown) =>
  inner && typeof inner == 'object' && !Array.isArray(inner) ? Object.fromEntries(Object.entries(inner).filter(([, one]) => one !== undefined).sort(([a], [b]) => (a < b ? -1 : 1))) : inner);
function same(found: unknown, wanted: unknown, what: string): void {
  if (plain(found) !== plain(wanted)) throw new Error(`${what}: it answered ${plain(found)} and not ${plain(wanted)}`);
}

type Check = (store: LedgerStore, id: (name: string) => string) => Promise<void>;

const CHECKS: Readonly<Record<string, Check>> = {
  async 'an id that nothing is kept of has no rev and no owner'(store, id) {
    same(await store.read([id('a'), id('b')]), [NONE, NONE], 'read()');
  },
  async 'what was added is read, by this rev and no other'(store, id) {
    const a = id('a');
    same(await store.append(add(a, '', 'r1')), true, 'append() for an id that is not there');
    const person = { person: a, rev: 'r1', ids: JSON.stringify([a]), present: 'present r1', last: 'last r1' };
    same(await store.read([a]), [{ rev: 'r1', owners: [a], persons: [{ person: a, rev: 'r1', present: 'present r1' }] }], 'read() of what a check needs');
    same(await store.read([a], { whole: true }), [{ rev: 'r1', owners: [a], persons: [person] }], 'read()');
    same(await store.append(add(a, '', 'r2')), false, 'append() for an id that is there');
    same(await store.append(add(a, 'r0', 'r2')), false, 'append() with another rev');
    same(await store.read([a], { whole: true }), [{ rev: 'r1', owners: [a], persons: [person] }], 'read() after appends that were refused');
    same(await store.append(add(a, 'r1', 'r2', { entry: entry(2000) })), true, 'append() with the rev that is there');
    same((await store.read([a], { history: true }))[0]?.persons[0]?.entries, [entry(1000), entry(2000)], 'the history');
  },
  async 'what the answers come to can change without an entry'(store, id) {
    const a = id('a');
    await store.append(add(a, '', 'r1'));
    same(await store.append(add(a, 'r1', 'r2', { entry: null })), true, 'append()');
    const [row] = await store.read([a], { history: true });
    same([row?.rev, row?.persons[0]?.present, row?.persons[0]?.entries], ['r2', 'present r2', [entry(1000)]], 'read()');
  },
  async 'what held at a time is found'(store, id) {
    const a = id('a');
    await store.append(add(a, '', 'r1', { entry: entry(1000) }));
    await store.append(add(a, 'r1', 'r2', { entry: { ...entry(2000), after: 'first of 2000' } }));
    await store.append(add(a, 'r2', 'r3', { entry: entry(2000) }));
    for (const [at, then] of [[0, ''], [999, ''], [1000, 'after 1000'], [1999.5, 'after 1000'], [2000, 'after 2000'], [9e15, 'after 2000']] as const)
      same((await store.read([a], { at }))[0]?.persons[0]?.then, then, `read() at ${at}`);
  },
  async 'of several that write at once one is first, and the others are told'(store, id) {
    const a = id('a');
    const first = await Promise.all(Array.from({ length: 8 }, (_, n) => store.append(add(a, '', `f${n}`))));
    same(first.filter(Boolean).length, 1, 'appends that said that they were first');
    const rev = (await store.read([a]))[0]!.rev;
    const second = await Promise.all(Array.from({ length: 8 }, (_, n) => store.append(add(a, rev, `s${n}`, { entry: entry(2000, `{"by":${n}}`) }))));
    same(second.filter(Boolean).length, 1, 'appends that said that they were second');
    const [row] = await store.read([a], { history: true });
    same([row?.rev, row?.persons[0]?.entries?.length], [`s${second.indexOf(true)}`, 2], 'what is there');
  },
  async 'no more entries are kept than are wanted, and none that is too old'(store, id) {
    const [a, b] = [id('a'), id('b')];
    for (let n = 0; n < 7; n++) await store.append(add(a, n ? `r${n - 1}` : '', `r${n}`, { entry: entry(1000 + n), most: 3 }));
    same((await store.read([a], { history: true }))[0]?.persons[0]?.entries, [entry(1004), entry(1005), entry(1006)], 'three of seven');
    same((await store.read([a], { at: 1005 }))[0]?.persons[0]?.then, 'after 1005', 'read() at the time of the second');
    for (let n = 0; n < 4; n++) await store.append(add(b, n ? `r${n - 1}` : '', `r${n}`, { entry: entry(1000 + n), oldest: n === 3 ? 1002 : 0 }));
    same((await store.read([b], { history: true }))[0]?.persons[0]?.entries, [entry(1002), entry(1003)], 'those of 1002 and later');
  },
  async 'texts come back as they were'(store, id) {
    const a = id('a');
    for (const [n, text] of ['', ' ', "'\"`;--\\", 'ä€😀', '{"a":"\\u0000\\ud800"}', '%s $1 ? :x', 'x'.repeat(20_000)].entries()) {
      const made = add(a, n ? `t${n - 1}` : '', `t${n}`, { ids: text, present: text, last: text, entry: { at: n, after: text, entry: text } });
      same(await store.append(made), true, 'append()');
      const [row] = await store.read([a], { history: true, at: n });
      const { ids, present, last, entries } = row!.persons[0]!;
      same([ids, present, last, entries?.at(-1)], [text, text, text, { at: n, after: text, entry: text }], 'read()');
    }
  },
  async 'ids of every kind that there is are apart'(store, id) {
    const ids = ['x', 'X', 'x.', 'x:0', '$device:x', '#0123', 'x+y', '-', 'e1', 'rev'].map(id);
    for (const [n, one] of ids.entries()) same(await store.append(add(one, '', `r${n}`)), true, `append() for ${one}`);
    same((await store.read(ids)).map(({ rev }) => rev), ids.map((_, n) => `r${n}`), 'read() of all');
  },
  async 'ids that were joined lead to one person'(store, id) {
    const [a, b, c] = [id('a'), id('b'), id('c')];
    await store.append(add(a, '', 'r1'));
    await store.append(add(b, '', 'r2'));
    const both = { person: b, ids: JSON.stringify([b, a, c]), present: 'both', last: 'last', entries: [entry(1000), entry(1500)] };
    const joined = change([[a, 'r1'], [b, 'r2'], [c, '']], { persons: [both], links: [[a, [b]], [c, [b]]] });
    same(await store.link({ ...joined, expect: [[a, 'r1'], [b, 'r0'], [c, '']] }), false, 'link() with another rev');
    same(await store.link({ ...joined, expect: [[a, ''], [b, 'r2'], [c, '']] }), false, 'link() for an id that is there');
    same((await store.read([a, c])).map(({ rev }) => rev), ['r1', ''], 'read() after links that were refused');
    same(await store.link(joined), true, 'link()');
    const person = { person: b, rev: 'r9', ids: both.ids, present: 'both', last: 'last' };
    same(await store.read([a, b, c], { whole: true }), [a, b, c].map(() => ({ rev: 'r9', owners: [b], persons: [person] })), 'read()');
    same((await store.read([a], { history: true }))[0]?.persons[0]?.entries, both.entries, 'the history');
    same(await store.append(add(b, 'r9', 's1', { ids: both.ids, entry: entry(2000) })), true, 'append() afterwards');
    same((await store.read([c], { history: true, at: 1500 }))[0]?.persons.map(({ then, entries }) => [then, entries?.length]), [['after 1500', 3]], 'read() by another id');
  },
  async 'an id of several people has them all'(store, id) {
    const [a, b, c] = [id('a'), id('b'), id('c')];
    await store.append(add(a, '', 'r1'));
    await store.append(add(b, '', 'r2'));
    same(await store.link(change([[c, '']], { links: [[c, [a, b]]] })), true, 'link()');
    const [row] = await store.read([c], { history: true, at: 5000 });
    same([row?.owners, row?.persons.map(({ person, then, entries }) => [person, then, entries?.length]).sort()], [[a, b], [[a, 'after 1000', 1], [b, 'after 1000', 1]]], 'read()');
  },
  async 'an id whose owner is not there has the owner and no person'(store, id) {
    await store.link(change([[id('c'), '']], { links: [[id('c'), [id('nobody')]]] }));
    same(await store.read([id('c')]), [{ rev: 'r9', owners: [id('nobody')], persons: [] }], 'read()');
  },
  async 'what was forgotten is gone whole, and has a rev that no write expects'(store, id) {
    const [a, b] = [id('a'), id('b')];
    await store.append(add(a, '', 'r1'));
    await store.link(change([[b, '']], { links: [[b, [a]]] }));
    same(await store.forget(change([[a, 'r0'], [b, 'r9']], { forgotten: [a, b], rev: 'f1' })), false, 'forget() with another rev');
    same(await store.forget(change([[a, 'r1'], [b, 'r9']], { forgotten: [a, b], rev: 'f1' })), true, 'forget()');
    same(await store.read([a, b], { history: true }), [a, b].map(() => ({ rev: 'f1', owners: [], persons: [] })), 'read()');
    same([await store.append(add(a, 'r1', 'r2')), await store.append(add(a, '', 'r2'))], [false, false], 'append() of who has read before');
    same(await store.append(add(a, 'f1', 'r3', { entry: entry(3000) })), true, 'append() of who has read since');
    same((await store.read([a], { history: true }))[0]?.persons[0]?.entries, [entry(3000)], 'the history');
    same(await store.forget(change([[id('new'), '']], { forgotten: [id('new')], rev: 'f2' })), true, 'forget() of who is not there');
    same((await store.read([id('new')]))[0]?.rev, 'f2', 'read()');
  },
  async 'joining and adding at once never both succeed'(store, id) {
    const [a, b] = [id('a'), id('b')];
    for (let n = 0; n < 5; n++) {
      await store.append(add(a + n, '', 'r1'));
      const joined = change([[a + n, 'r1'], [b + n, '']], { persons: [{ person: b + n, ids: '[]', present: 'joined', last: '', entries: [entry(1000)] }], links: [[a + n, [b + n]]] });
      const both = await Promise.all([store.link(joined), store.append(add(a + n, 'r1', 'r2', { entry: entry(2000) }))]);
      same([...both].sort(), [false, true], 'link() and append()');
    }
  },
  async 'cleaning up takes what is old and nothing else'(store, id) {
    await store.append(add(id('a'), '', 'r1'));
    await store.expire?.(0);
    await store.expire?.(Date.now() - 3600_000);
    same((await store.read([id('a')], { history: true }))[0]?.persons[0]?.entries?.length, 1, 'read() afterwards');
  },
  async 'a job is kept, and taken by one alone'(store, id) {
    const { jobs } = store;
    if (!jobs) return;
    const key = `mixpanel-consent/erase/${id('job')}`;
    same((await jobs.get(key)) ?? null, null, 'get() of none');
    if (jobs.swap) {
      same((await Promise.all([1, 2, 3].map((n) => jobs.swap!(key, null, `{"n":${n}}`)))).filter(Boolean).length, 1, 'swap() from none, three at once');
      const kept = String(await jobs.get(key));
      same([await jobs.swap(key, 'other', '{}'), await jobs.swap(key, null, '{}'), await jobs.swap(key, kept, '{"n":"ä"}')], [false, false, true], 'swap()');
    }
    await jobs.set(key, '{"n":9}');
    same(await jobs.get(key), '{"n":9}', 'get() after set()');
  },
};

/**
 * Runs every check on the store, under ids that begin with one of this run. It leaves them there.
 *
 * Nothing is thrown: `failed` says what was not so.
 */
export async function checkLedgerStore(store: LedgerStore): Promise<{ passed: string[]; failed: { name: string; why: string }[] }> {
  const run = `check-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`;
  const passed: string[] = [];
  const failed: { name: string; why: string }[] = [];
  for (const [n, [name, check]] of Object.entries(CHECKS).entries()) {
    try {
      await check(store, (one) => `${run}-${n}-${one}`);
      passed.push(name);
    } catch (error) {
      failed.push({ name, why: error instanceof Error ? error.message : String(error) });
    }
  }
  return { passed, failed };
}
