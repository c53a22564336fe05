// Append-only lists in a store that can only get and set: what the ledger and the jobs of
// erase() are kept in. Nothing here knows what is in a list.
//
// Keyv has no append and no compare-and-swap, and two servers write at once. A list is a row of
// cells, and a cell is taken by at most one writer, by reading and writing alone (the splitter
// of Lamport's fast mutual exclusion, 1987, and of Moir and Anderson's renaming, 1995):
//
//   x := me; if y is set, go on; y := me; if x is still me, the cell is mine, else go on
//
// Two that both found y unset cannot both still find themselves in x: the later of them wrote
// x before it looked at y, when the earlier had set it. What is mine is written under a third
// key, `e`, that no other writer touches. Readers look at y and e: the row ends where neither
// is set. Who loses a cell leaves it empty and goes on; nothing is ever written over.
//
// What is asked of the store: a get that starts after a set has ended sees it. That is Redis
// (its primary, not a replica), PostgreSQL, SQLite, a Map. An empty answer is believed only
// beside one that is not: each reading asks for a key that is always there as well, because
// some stores answer "nothing" when they mean "not now".

import { BridgeError } from '../page/gate/error.js';

/** What a list is kept in: a Keyv, a Map, or anything with these. */
export interface KeyValue {
  get(key: string): unknown;
  set(key: string, value: string, ttl?: number): unknown;
  delete(key: string): unknown;
  getMany?(keys: string[]): unknown;
}

/** One cell: what its owner wrote, or what somebody was about to write (`sure: false`). */
export interface Cell {
  text: string;
  sure: boolean;
}

/** Cells asked for at once at first: most people answer once or twice. */
const WINDOW = 4;
/** What `e` says of a row that is being removed: its length. */
const GONE = 'gone:';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const unreachable = (what: string, cause?: unknown) =>
  Object.assign(
    new BridgeError('ledger-unreachable', `The store did not ${what}${cause instanceof Error ? ` (${cause.message})` : ''}; nothing is assumed of what is in it. Try again when it can be reached.`),
    { cause },
  );

/** A Map as a store whose entries end, as Keyv's do. */
function lasting(map: Map<string, any>): KeyValue {
  return {
    get(key) {
      const kept = map.get(key);
      if (kept && kept.expires <= Date.now()) map.delete(key);
      return map.get(key)?.value;
    },
    set: (key, value, ttl) => map.set(key, { value, expires: ttl ? Date.now() + ttl : Infinity }) && true,
    delete: (key) => map.delete(key),
  };
}

export function chains(given: KeyValue, { prefix, timeout }: { prefix: string; timeout: number }) {
  const keyv: any = given instanceof Map ? lasting(given) : given;
  // A Keyv hides what goes wrong unless it is told not to; its Redis store has a switch of its own.
  for (const layer of [keyv, keyv.store ?? keyv.opts?.store]) if (layer && typeof layer == 'object' && 'throwOnErrors' in layer) layer.throwOnErrors = true;
  // Keyv asks a store without a getMany key by key, and then hides what goes wrong all the same.
  const layer = keyv.opts?.store ?? keyv.store;
  const together = typeof keyv.getMany == 'function' && (!layer || typeof layer.getMany == 'function');

  async function within<T>(what: string, work: () => T | Promise<T>): Promise<T> {
    let late: ReturnType<typeof setTimeout> | undefined;
    try {
      return await Promise.race([
        Promise.resolve().then(work),
        new Promise<never>((_, fail) => {
          late = setTimeout(() => fail(new Error(`no answer within ${timeout} ms`)), timeout);
        }),
      ]);
    } catch (error) {
      throw unreachable(what, error);
    } finally {
      clearTimeout(late);
    }
  }

  const get = (key: string) => within('answer', async () => (await keyv.get(prefix + key)) ?? undefined);
  const set = (key: string, text: string, ttl?: number) =>
    within('keep what was written', async () => {
      // Keyv answers false where its store could not write.
      if ((await keyv.set(prefix + key, text, ttl)) === false) throw new Error('it answered false');
    });
  const remove = (key: string) => within('remove', () => keyv.delete(prefix + key));

  const HERE = '!';
  async function many(keys: string[], again = true): Promise<any[]> {
    const ask = [HERE, ...keys].map((key) => prefix + key);
    const values: any[] = await within('answer', async () => (together ? keyv.getMany(ask) : Promise.all(ask.map((key) => keyv.get(key)))));
    if (values[0] == null) {
      // A store that is new, or has lost everything; or one that answers nothing at all.
      await set(HERE, '1');
      if (!again) throw unreachable('keep what was written');
      return many(keys, false);
    }
    return values.slice(1);
  }

  const y = (name: string, n: number) => `${name}:${n}:y`;
  const e = (name: string, n: number) => `${name}:${n}:e`;
  const x = (name: string, n: number) => `${name}:${n}:x`;

  async function read(name: string): Promise<Cell[]> {
    const cells: Cell[] = [];
    for (let size = WINDOW; ; size *= 2) {
      const from = cells.length;
      const found = await many(Array.from({ length: 2 * size }, (_, i) => (i % 2 ? e : y)(name, from + (i >> 1))));
      for (let i = 0; i < size; i++) {
        const [intent, entry] = [found[2 * i], found[2 * i + 1]];
        if (intent == null && entry == null) return cells;
        cells.push({ text: String(entry ?? intent), sure: entry != null });
      }
    }
  }

  /** Written by this program one after another, so that it does not race with itself. */
  const queues = new Map<string, Promise<unknown>>();
  function inTurn<T>(name: string, work: () => Promise<T>): Promise<T> {
    const before = queues.get(name);
    const mine = (before ?? Promise.resolve()).then(work, work);
    const settled = mine.then(() => {}, () => {});
    queues.set(name, settled);
    void settled.then(() => queues.get(name) === settled && queues.delete(name));
    return mine;
  }

  /** `text` must be unlike any other. Done when the store says that it has it. */
  const append = (name: string, text: string, ttl?: number) =>
    inTurn(name, async () => {
      const before = await read(name);
      if (before[0]?.text.startsWith(GONE)) throw new BridgeError('ledger-forgetting', 'This history is being removed: finish it with forget(), then record again.');
      for (let n = before.length; ; n++) {
        if ((await get(y(name, n))) !== undefined) continue;
        await set(x(name, n), text, ttl);
        if ((await get(y(name, n))) !== undefined) continue;
        // Readers see from here on what is about to be written.
        await set(y(name, n), text, ttl);
        if ((await get(x(name, n))) === text) {
          await set(e(name, n), text, ttl);
          if ((await get(e(name, n))) !== text) throw unreachable('keep what was written');
          break;
        }
        // Somebody is here at the same time: not in step with them, then.
        await pause(Math.random() * 10);
      }
      // What came before lives as long as what came last. Should this end here, the row begins
      // with nothing when the first cells have ended, and that is the stricter reading.
      if (ttl)
        for (const [n, cell] of before.entries()) {
          if (cell.sure) await set(e(name, n), cell.text, ttl);
          await set(y(name, n), cell.text, ttl);
        }
    });

  /** Removes a row; answers how many cells it had. Begun and not ended, it cannot be judged. */
  const drop = (name: string) =>
    inTurn(name, async () => {
      const cells = await read(name);
      if (!cells.length) return 0;
      const first = cells[0]!.text;
      const length = Math.max(cells.length, first.startsWith(GONE) ? Number(first.slice(GONE.length)) || 0 : 0);
      // From the end alone it would be the last answers that are missing.
      await set(e(name, 0), GONE + length);
      for (let n = length - 1; n >= 0; n--) for (const key of [x, y, e]) await remove(key(name, n));
      return length;
    });

  return { read, append, drop, get, set, remove };
}
