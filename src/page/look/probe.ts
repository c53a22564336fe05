// Runs probes: looks where an adapter says, and writes down what is there, within bounds, as
// text that src/wasm/notation.rs reads. It judges nothing. Any step may meet a getter that
// throws, a proxy, or nothing at all.

import {
  DEPTH, ENTRIES, FORM_JSON, FORM_RAW, FORM_TEXT, LENGTH, MARK_ADAPTER, MARK_END, MARK_FALSE, MARK_FUNCTION, MARK_LIST, MARK_MAP,
  MARK_NULL, MARK_NUMBER, MARK_TEXT, MARK_THROWN, MARK_TRUE, PLACE_COOKIE, PLACE_COOKIE_BEGINNING, PLACE_GLOBAL, PLACE_HEARD,
  PLACE_LOCAL, PLACE_QUEUE, RECORDED, SEPARATOR, WIDTH,
} from '../contract.ts';

const plain: object = {};
const own = (object: object, name: string) => plain.hasOwnProperty.call(object, name);

const text = (value: string) => MARK_TEXT + value.replace(/\0/g, ' ') + SEPARATOR;

/**
 * In a frame, by the names of APIs that a page above may have: what gives the object to find one
 * on, or nothing (frames.js).
 */
export const above = new Map<string, () => object | undefined>();

/** A place to look, as the core's program has it: a verb, where, and what more it takes. */
export type Probe = readonly [verb: string, place: string, more?: string];
/** What tells that it is worth looking again: a verb, where, and the rest (./listen.ts). */
export type Listen = readonly [verb: string, path: string, given?: unknown[], name?: string, paths?: string[], off?: string | true, offArgs?: unknown[]];
/** What each adapter looks for: its number, its places, what it listens to. */
export type Program = readonly (readonly [number: number, probes: readonly Probe[], listens: readonly Listen[]])[];
/** The adapters of which something was found. */
export type Found = Program[number][];
/** Is told each thing that was found; `undefined` stands for what threw, or cannot be decoded. */
export type Seen = (number: number, verb: string, place: string, value: unknown) => void;
/** What callbacks were last called with, by name. */
export type Heard = Record<string, unknown>;

const isFunction = (value: unknown): value is (...args: unknown[]) => unknown => typeof value == 'function';

/**
 * The value of a path and the object it was found on (`src/cmp/mod.rs`, Probe::Global).
 * Both undefined where a step is not there; throws where one throws.
 */
export function walk(path: string): [owner?: Record<string, unknown> | undefined, value?: unknown] {
  let owner: Record<string, unknown> | undefined;
  let value: unknown = above.get(path)?.() || window;
  for (const segment of path.split('.')) {
    if (segment == '@parsed') {
      if (document.readyState == 'loading') return [];
      continue;
    }
    if (value == null || !/^[of]/.test(typeof value)) return [];
    const [name, words] = segment.split('(');
    owner = value as Record<string, unknown>;
    // An element with this id or name is no consent manager, nor is what somebody has put on the
    // prototype of every object.
    value = !own(owner, name!) && ((owner as unknown) == window || name! in plain) ? undefined : owner[name!];
    if (words !== undefined) {
      if (!isFunction(value)) return [];
      const args = words.slice(0, -1).split(',').filter(Boolean);
      value = value.apply(owner, args.map((word) => (word == '@host' ? location.hostname : word)));
    }
  }
  return [owner, value];
}

/** A value, in the notation. */
export function write(value: unknown, depth = DEPTH): string {
  if (typeof value == 'boolean') return value ? MARK_TRUE : MARK_FALSE;
  if (typeof value == 'number') return Number.isSafeInteger(value) ? MARK_NUMBER + value + MARK_END : MARK_NULL;
  if (typeof value == 'string') return text(value.length > LENGTH ? '' : value);
  if (typeof value == 'function') return MARK_FUNCTION;
  if (typeof value != 'object' || !value) return MARK_NULL;
  const list = Array.isArray(value);
  const keys: PropertyKey[] = depth ? (list ? [...value.slice(0, WIDTH).keys()] : Object.keys(value).slice(0, WIDTH)) : [];
  let written = '';
  for (const key of keys) {
    let entry: string = MARK_THROWN;
    try {
      entry = write((value as Record<PropertyKey, unknown>)[key], depth - 1);
    } catch {
      // Said by the mark itself.
    }
    written += (list ? '' : text(key as string)) + entry;
  }
  return (list ? MARK_LIST : MARK_MAP) + keys.length + MARK_END + written;
}

const json = (given: string) => {
  try {
    // What is encoded otherwise is not tried: the first exception of a page takes a millisecond.
    if (/^[{["\dtfn-]/.test(given)) return JSON.parse(given);
  } catch {
    // `undefined` is no JSON, so it can say that this was none.
  }
};

/** Whether a text is of a form that few pages have (src/core/protocol.rs, Form), which `rare` decodes. */
export const isRare = (form: string | undefined) => /^[u-z]$/.test(form!);

/** What decodes the forms that few pages have, where it has come (texts.ts); until then whether such a text was found. */
export const rare: { decode?: (form: string, text: string) => unknown; wanted?: boolean } = {};

/** A stored text by its form (`src/cmp/form.rs`); throws where it cannot be decoded. */
export function decode(form: string | undefined, given: string): unknown {
  // Nothing so far, rather than something that cannot be decoded.
  if (isRare(form)) return rare.decode ? rare.decode(form!, given) : void (rare.wanted = true);
  // Records may be long, and what is copied of one is bounded; texts are copied whole.
  if (given.length > (form! > FORM_JSON ? LENGTH : RECORDED)) throw given.length;
  if (form == FORM_RAW) return given;
  let value = form == FORM_JSON ? json(given) : undefined;
  if (value !== undefined) return value;
  const plain = decodeURIComponent(given);
  if (form == FORM_TEXT) return plain;
  // Some encode it twice.
  if (form == FORM_JSON && (value = json(plain) ?? json(decodeURIComponent(plain))) !== undefined) return value;
  const bytes = atob(plain.replace(/-/g, '+').replace(/_/g, '/'));
  return JSON.parse(new TextDecoder().decode(Uint8Array.from(bytes, (c) => c.charCodeAt(0))));
}

/** The page's cookies at this moment; none where it may not read them. */
export const cookies = (): [string, string][] => {
  try {
    return document.cookie.split('; ').map((pair): [string, string] => {
      const at = pair.indexOf('=');
      return [pair.slice(0, at), pair.slice(at + 1)];
    });
  } catch {
    return [];
  }
};

/** `localStorage`, `sessionStorage` as entries; none where the page may not. */
export const stored = (area: 'localStorage' | 'sessionStorage'): [string, string][] => {
  try {
    return Object.entries(window[area]);
  } catch {
    return [];
  }
};

/** A key of `localStorage`; refused storage holds nothing. */
export const item = (key: string) => {
  try {
    return localStorage.getItem(key);
  } catch {
    // As if it were not there.
  }
};

/**
 * What a list of commands says that begin with a word (`src/cmp/mod.rs`, Probe::Queue); nothing where none
 * does. The newest count, and a page may push for hours: the last so many. They are often `arguments`
 * objects, so array-likes count.
 */
export function queued(list: unknown, word: string | undefined) {
  let kinds: Record<string, Record<string, string>> | undefined;
  for (const command of [].slice.call(list || [], -ENTRIES)) {
    const [first, kind, names] = [].slice.call(Object(command), 0, 3) as unknown as [unknown, string, unknown];
    if (first !== word) continue;
    const said = ((kinds ||= { __proto__: null as never })[kind] ||= { __proto__: null as never });
    for (const [name, text] of Object.entries(Object(names)))
      if (typeof text == 'string' && text != (said[name] || '').split(',')[0]) said[name] = said[name] ? `${text},${said[name]}` : text;
  }
  return kinds;
}

/** What one probe finds; undefined for nothing, and it throws as the page does. */
export function find([verb, place, more]: Probe, jar: [string, string][], heard: Heard): unknown {
  if (verb == PLACE_HEARD) return heard[place];
  if (verb == PLACE_GLOBAL) return walk(place)[1];
  if (verb == PLACE_QUEUE) return queued(walk(place)[1], more);
  const text = (given: string | null | undefined) => (given == null ? undefined : decode(more, given));
  // Of several that begin so the shortest: longer ones are what else the product keeps.
  if (verb == PLACE_COOKIE || verb == PLACE_COOKIE_BEGINNING)
    return text((jar.filter(([name]) => (verb == PLACE_COOKIE ? name == place : name.startsWith(place))).sort(([a], [b]) => a.length - b.length)[0] || [])[1]);
  if (verb == PLACE_LOCAL) return text(item(place));
  const all = stored('localStorage').filter(([key]) => key.startsWith(place));
  return all.length ? Object.fromEntries(all.map(([key, value]) => [key.slice(place.length), text(value)])) : undefined;
}

/**
 * Runs the probes of every adapter.
 * @param seen told each thing that was found, to be shown
 * @param there filled with the adapters of which something was found
 * @returns for each adapter that found anything: `@number;count;` and `probe;value` each
 */
export function look(program: Program, heard: Heard, seen?: Seen, there?: Found) {
  const jar = cookies();
  let out = '';
  for (const adapter of program) {
    const [number, probes] = adapter;
    let found = '';
    let count = 0;
    probes.forEach((probe, index) => {
      let value: unknown;
      let written: string;
      try {
        value = find(probe, jar, heard);
        if (value === undefined) return;
        written = write(value);
      } catch {
        value = undefined;
        written = MARK_THROWN;
      }
      count++;
      found += index + MARK_END + written;
      if (seen) seen(number, probe[0], probe[1], value);
    });
    if (count && there) there.push(adapter);
    if (count) out += MARK_ADAPTER + number + MARK_END + count + MARK_END + found;
  }
  return out;
}
