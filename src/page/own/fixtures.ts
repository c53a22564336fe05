// Fixtures: what a page held, as JSON, and what no page should hold. For the suite, in Node.

import { type Probe, decode, queued } from '../look/probe.js';
import type { Given } from './words.js';

/** How the keys of a snapshot begin, by the verb of the place that they are found at. */
export const PREFIX: Readonly<Record<string, string>> = { g: 'global:', q: 'queue:', c: 'cookie:', p: 'cookie:', l: 'local:', a: 'local:', h: 'heard:' };

/** A situation that the adapter is right to read otherwise has a sentence that says why. */
export const reason = (given: unknown) => typeof given == 'string' && given.trim().length > 20;
export const special = (json: unknown): json is Given => json !== null && typeof json == 'object' && !Array.isArray(json);

const threw = () => {
  throw new Error('thrown by the page');
};

/** JSON, with `{"$function": true}` and `{"$thrown": true}` for what JSON has not. */
function value(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(value);
  if (!special(json)) return json;
  if ('$function' in json) return () => {};
  const made = {};
  for (const [key, inner] of Object.entries(json))
    Object.defineProperty(made, key, {
      enumerable: true,
      configurable: true,
      ...(special(inner) && '$thrown' in inner ? { get: threw } : { value: value(inner), writable: true }),
    });
  return made;
}

/** What a place of the page holds; throws as a page would. */
export function held([verb, place, more]: Probe, page: Given): unknown {
  const key = PREFIX[verb] + place;
  const under = () => Object.keys(page).filter((name) => name.startsWith(key));
  const text = (name: string | undefined): unknown => (name === undefined || page[name] === undefined ? undefined : decode(more, String(page[name])));
  if (verb == 'c' || verb == 'l') return text(key);
  if (verb == 'p') return text(under().sort((a, b) => a.length - b.length)[0]);
  if (verb == 'a') return under().length ? Object.fromEntries(under().map((name) => [name.slice(key.length), text(name)])) : undefined;
  const json = page[key];
  const found = special(json) && '$thrown' in json ? threw() : json === undefined ? undefined : value(json);
  return verb == 'q' ? queued(found, more) : found;
}

/** Values of another kind than anybody writes. */
const deep = (depth: number): unknown => (depth ? { purposes: [deep(depth - 1)] } : true);
export const ODD: readonly unknown[] = [
  null, { $thrown: true }, { $function: true }, 77, 0.5, '', 'on', 'true', '\ufffd%%%{{{[[[', 'x:1,'.repeat(2000), [],
  [null, { $function: true }], {}, deep(40), { nobody: { knows: true } },
];
export const FOREIGN = ['true', 'false', 'allow', 'yes', '1', '{}', '[]', 'null', '{"necessary":true}', 'eyJjb25zZW50cyI6e319', '1:true,2:true', 'C0001:1', '%', '\u0001'];
export const POISON = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'];

/** The same with entries of names that every object has. */
export function poison(json: unknown): unknown {
  if (typeof json == 'string') {
    try {
      const inner: unknown = JSON.parse(json);
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

/** What of Node's is used here: its types are no part of this package. */
interface Files {
  readFileSync(path: string, encoding: 'utf8'): string;
  readdirSync(path: string): string[];
}

/** Fixtures of a folder, as `checkAdapter` takes them: a JSON file each, and `none.json`. */
export async function fixturesIn(folder: string | URL): Promise<Given> {
  const fs = (await import('node:fs' as string)) as Files;
  const { fileURLToPath } = (await import('node:url' as string)) as { fileURLToPath(url: URL): string };
  const path = folder instanceof URL ? fileURLToPath(folder) : folder;
  const read = (name: string): unknown => JSON.parse(fs.readFileSync(`${path}/${name}`, 'utf8'));
  const names = fs.readdirSync(path).filter((name) => name.endsWith('.json'));
  const fixtures: Record<string, unknown> = {};
  for (const name of names) if (name != 'none.json') fixtures[name.slice(0, -5)] = read(name);
  for (const [name, why] of names.includes('none.json') ? Object.entries(read('none.json') as Given) : [])
    fixtures[name] = name in fixtures ? { both: why } : why;
  return fixtures;
}
