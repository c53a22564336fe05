// A ledger's store in Redis or Valkey, through the site's own client.
//
// A person is one hash: what the answers come to and the history stand in one key, so that an
// eviction takes all of it or nothing. A person whom the server has dropped is unknown, which sends
// nothing. An id that was joined with another is a hash that names the person's.
//
// Each write is a script, which Redis runs whole and by itself. It is told which `rev` was read, and
// does nothing if there is another by now.

import type { LedgerStore, RedisClient, StoreChange, StoreWant, StoredEntry, StoredId, StoredPerson } from '../../api/server.js';
import { BridgeError, fail, isObject, told } from '../errors.js';
import { known } from '../options.js';

/** For how long a forgotten id says that it was forgotten, in milliseconds. */
const FORGOTTEN = 3600_000;

/** Fields of a hash that every check needs, and what changes need. An entry is `e` and its number,
 * from `first` on to `count`. */
const FIELDS = ['rev', 'owners', 'present'] as const;
const WHOLE = [...FIELDS, 'ids', 'last'] as const;

/** KEYS: the person, and the ids that live as long. */
const APPEND = `
local key = KEYS[1]
local expect, rev, ids, present, last, entry = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local most, oldest, life = tonumber(ARGV[7]), tonumber(ARGV[8]), ARGV[9]
if (redis.call('HGET', key, 'rev') or '') ~= expect then return 0 end
redis.call('HDEL', key, 'owners')
redis.call('HSET', key, 'rev', rev, 'ids', ids, 'present', present, 'last', last)
if entry ~= '' then
  local count = redis.call('HINCRBY', key, 'count', 1)
  redis.call('HSET', key, 'e' .. count, entry)
  local first = tonumber(redis.call('HGET', key, 'first') or '1')
  while first < count do
    local old = redis.call('HGET', key, 'e' .. first)
    if old and first > count - most and tonumber(string.match(old, '^%d+')) >= oldest then break end
    redis.call('HDEL', key, 'e' .. first)
    first = first + 1
  end
  redis.call('HSET', key, 'first', first)
end
for _, one in ipairs(KEYS) do
  if life ~= '' then redis.call('PEXPIRE', one, life) elseif one == key then redis.call('PERSIST', one) end
end
return 1`;

/** KEYS: every id that is concerned. ARGV: the change, with ids by their place among the keys. */
const CHANGE = `
local change = cjson.decode(ARGV[1])
for _, one in ipairs(change.expect) do
  if (redis.call('HGET', KEYS[one[1]], 'rev') or '') ~= one[2] then return 0 end
end
local function live(key)
  if change.life ~= '' then redis.call('PEXPIRE', key, change.life) end
end
for _, one in ipairs(change.expect) do redis.call('HSET', KEYS[one[1]], 'rev', change.rev) end
for _, one in ipairs(change.forgotten) do
  redis.call('DEL', KEYS[one])
  redis.call('HSET', KEYS[one], 'rev', change.rev)
  redis.call('PEXPIRE', KEYS[one], ${FORGOTTEN})
end
for _, one in ipairs(change.links) do
  redis.call('DEL', KEYS[one[1]])
  redis.call('HSET', KEYS[one[1]], 'rev', change.rev, 'owners', one[2])
  live(KEYS[one[1]])
end
for _, one in ipairs(change.persons) do
  local key = KEYS[one.key]
  redis.call('DEL', key)
  redis.call('HSET', key, 'rev', change.rev, 'ids', one.ids, 'present', one.present, 'last', one.last, 'first', 1, 'count', #one.entries)
  for n, entry in ipairs(one.entries) do redis.call('HSET', key, 'e' .. n, entry) end
  live(key)
end
return 1`;

/** KEYS: a person. ARGV: a time. What the answers came to then: entries are in the order of their times. */
const THEN = `
local low, high = tonumber(redis.call('HGET', KEYS[1], 'first') or '1'), tonumber(redis.call('HGET', KEYS[1], 'count') or '0') + 1
local line = ''
while low < high do
  local middle = math.floor((low + high) / 2)
  local entry = redis.call('HGET', KEYS[1], 'e' .. middle) or ''
  if tonumber(string.match(entry, '^%d+') or 'inf') <= tonumber(ARGV[1]) then
    line = string.match(entry, '^[^\\n]*\\n([^\\n]*)') or ''
    low = middle + 1
  else
    high = middle
  end
end
return line`;

const SWAP = `
local there = redis.call('GET', KEYS[1])
if ARGV[1] == '' and there or ARGV[1] ~= '' and there ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2])
return 1`;

const text = ({ at, after, entry }: StoredEntry) => `${at}\n${after}\n${entry}`;

function entryOf(kept: string): StoredEntry {
  const [at, after] = kept.split('\n', 2);
  return { at: Number(at), after: after ?? '', entry: kept.slice((at?.length ?? 0) + (after?.length ?? 0) + 2) };
}

/** A hash as a driver hands it on: a list of names and values, a Map, or an object. */
function hashOf(reply: unknown): Map<string, string> {
  if (reply instanceof Map) return new Map([...reply].map(([name, value]) => [String(name), String(value)]));
  if (Array.isArray(reply)) return new Map(Array.from({ length: reply.length / 2 }, (_, n) => [String(reply[2 * n]), String(reply[2 * n + 1])]));
  return new Map(isObject(reply) ? Object.entries(reply).map(([name, value]) => [name, String(value)]) : []);
}

function ownersOf(id: string, row: ReadonlyMap<string, string>): string[] {
  const its = row.get('owners');
  if (its === undefined) return row.has('present') ? [id] : [];
  const many: unknown = JSON.parse(its);
  return Array.isArray(many) ? many.map(String) : [];
}

export function redis(client: RedisClient, options: { prefix?: string; onWarning?: (sentence: string) => void } = {}): LedgerStore {
  known(options, ['prefix', 'onWarning'], ' of redis()');
  const { prefix = 'mixpanel-consent:', onWarning = (sentence) => console.warn(`mixpanel-consent-bridge: ${sentence}`) } = options;
  // Every function has a `call`, and none is a client.
  const own: { sendCommand?: unknown; call?: unknown } = isObject(client) ? client : {};
  // ioredis has a `sendCommand` of another form.
  const command: ((args: string[]) => Promise<unknown>) | null = typeof own.call == 'function'
    ? ([name, ...args]) => (own.call as (name: string, ...args: string[]) => Promise<unknown>).call(client, name!, ...args)
    : typeof own.sendCommand == 'function' ? (args) => (own.sendCommand as (args: string[]) => Promise<unknown>).call(client, args) : null;
  if (!command) return fail('option-invalid', 'redis() takes a connected client of the package `redis` or `ioredis`.');
  if (typeof prefix != 'string' || prefix.length > 100) fail('option-invalid', 'Option `prefix` is a text of at most 100 characters.');
  if (typeof onWarning != 'function') fail('option-invalid', 'Option `onWarning` is a function.');
  const key = (id: string) => prefix + id;

  const loaded = new Map<string, Promise<string>>();
  async function script(source: string, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    let sha = loaded.get(source);
    if (!sha) loaded.set(source, (sha = command!(['SCRIPT', 'LOAD', source]).then(String)));
    const rest = [String(keys.length), ...keys, ...args.map(String)];
    let name: string;
    try {
      name = await sha;
    } catch (error) {
      loaded.delete(source);
      throw error;
    }
    try {
      return await command!(['EVALSHA', name, ...rest]);
    } catch (error) {
      // The server has restarted and no longer has the script.
      if (!told(error).startsWith('NOSCRIPT')) throw error;
      return command!(['EVAL', source, ...rest]);
    }
  }

  let looked: Promise<void> | undefined;
  /** Whether this server may be believed; once. */
  const look = () => (looked ??= (async () => {
    const info = String(await command!(['INFO']));
    const setting = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];
    if (setting('role') === 'slave') throw new BridgeError('ledger-unreachable', 'This Redis is a replica, which may answer with what was true a moment ago: give redis() a client of the primary.');
    const policy = setting('maxmemory_policy');
    if (policy && policy !== 'noeviction') onWarning(`Redis may drop people when its memory is full (maxmemory-policy ${policy}). Whom it drops is unknown, which sends nothing, and what they answered is lost: set maxmemory-policy to noeviction.`);
  })().catch((error: unknown) => {
    // Some servers refuse INFO. They are used without this check.
    if (!(error instanceof BridgeError) && /^(NOPERM|ERR unknown command)/.test(told(error))) return;
    looked = undefined;
    throw error;
  }));
  let sound = false;
  const ready = async () => {
    if (sound) return;
    await look();
    sound = true;
  };

  async function fields(id: string, want: StoreWant): Promise<Map<string, string>> {
    if (want.history) return hashOf(await command!(['HGETALL', key(id)]));
    const names = want.whole ? WHOLE : FIELDS;
    const reply = await command!(['HMGET', key(id), ...names]);
    if (!Array.isArray(reply)) throw new Error('HMGET answered with no list');
    const row = new Map<string, string>();
    for (const [n, name] of names.entries()) if (reply[n] !== null && reply[n] !== undefined) row.set(name, String(reply[n]));
    return row;
  }

  async function personOf(id: string, row: ReadonlyMap<string, string>, want: StoreWant): Promise<StoredPerson[]> {
    if (!row.has('present')) return [];
    const person: StoredPerson = {
      person: id, rev: row.get('rev') ?? '', present: row.get('present')!,
      ...(want.whole || want.history ? { ids: row.get('ids') ?? '', last: row.get('last') ?? '' } : {}),
    };
    const entries: StoredEntry[] = [];
    if (want.history)
      for (let n = Number(row.get('first') ?? 1); n <= Number(row.get('count') ?? 0); n++) {
        const kept = row.get(`e${n}`);
        if (kept !== undefined) entries.push(entryOf(kept));
      }
    return [{
      ...person,
      ...(want.history ? { entries } : {}),
      ...(want.at === undefined ? {} : { then: String(await script(THEN, [key(id)], [want.at])) }),
    }];
  }

  async function readOne(id: string, want: StoreWant): Promise<StoredId> {
    for (let again = true; ; again = false) {
      const row = await fields(id, want);
      const owners = ownersOf(id, row);
      const persons = (await Promise.all(owners.map(async (owner) => personOf(owner, owner === id ? row : await fields(owner, want), want)))).flat();
      // A person may be joined with others between the two reads; a second try finds where they are now.
      if (persons.length === owners.length || !again) return { rev: row.get('rev') ?? '', owners, persons };
    }
  }

  async function change({ expect, rev, persons, links, forgotten, life }: StoreChange): Promise<boolean> {
    await ready();
    const ids = [...new Set([...expect.map(([id]) => id), ...persons.map(({ person }) => person), ...links.map(([id]) => id), ...forgotten])];
    const place = new Map(ids.map((id, n) => [id, n + 1]));
    const told = {
      rev, life: life ?? '',
      expect: expect.map(([id, known]) => [place.get(id), known]),
      forgotten: forgotten.map((id) => place.get(id)),
      links: links.map(([id, owners]) => [place.get(id), JSON.stringify(owners)]),
      persons: persons.map(({ person, entries, ids: its, present, last }) => ({ key: place.get(person), ids: its, present, last, entries: entries.map(text) })),
    };
    return Number(await script(CHANGE, ids.map(key), [JSON.stringify(told)])) === 1;
  }

  // An id has no slash (keyOf() in ../core.ts), so no job is in its way.
  const jobKey = (name: string) => `${prefix}job/${name}`;
  return Object.freeze({
    async read(ids, want = {}) {
      await ready();
      return Promise.all(ids.map((id) => readOne(id, want)));
    },
    async append({ person, expect, rev, ids, present, last, entry, most, oldest, life, others }) {
      await ready();
      return Number(await script(APPEND, [person, ...others].map(key), [expect, rev, ids, present, last, entry ? text(entry) : '', most, Math.floor(oldest), life === null ? '' : Math.ceil(life)])) === 1;
    },
    link: change,
    forget: change,
    jobs: Object.freeze({
      get: async (name: string) => command(['GET', jobKey(name)]),
      set: async (name: string, job: string) => command(['SET', jobKey(name), job]),
      swap: async (name: string, before: string | null, after: string) => Number(await script(SWAP, [jobKey(name)], [before ?? '', after])) === 1,
    }),
  } satisfies LedgerStore);
}
