// Adapters of the site's own, made into what the core takes of its own adapters: a page of places
// and a text of rules (src/cmp/mod.rs). A chunk by itself, which only a site that brings an adapter
// loads; those whose adapter has `rules` load rules.ts as well. What cannot be used is shut.

import { FIELD_SEPARATOR, LISTEN_CALL, PLACE_HEARD } from '../contract.ts';
import type { Heard, Probe } from '../look/probe.js';
import { problem } from './check.js';
import { SAID, copy, long, said, type Long } from './read.js';
import { type Given, RANKS, TOLD, list, probe } from './words.js';

export type Find = (probe: Probe, heard: Heard) => unknown;
export type Report = (code: string, what: string, error?: unknown) => void;

const told = (listen: unknown) => {
  const [verb, where, args, more] = list(listen) as readonly [string, string, unknown, Given?];
  // Of an event, what is kept stands in the place of arguments.
  const { heard = '', keep = [], off, offArgs } = (verb == 'call' ? more : (args as Given | undefined)) || {};
  if (verb != 'call') return heard ? [TOLD[verb], where, 0, heard, keep] : [TOLD[verb], where];
  return [LISTEN_CALL, where, args, heard, keep, ...(off === undefined ? [] : [off]), ...(offArgs ? [offArgs] : [])];
};

/**
 * What the core is to be told of adapters of the site's own (src/wasm/page.rs, connect). What a
 * `read` says is put where callbacks put what they hear, and is made when it is looked at.
 */
export async function own(adapters: readonly unknown[], heard: Heard, find: Find, report: Report, always?: boolean): Promise<string[]> {
  const seen: Record<string, unknown> = {};
  const texts: string[] = [];
  for (const [index, unchecked] of adapters.entries()) {
    let given = unchecked as Given | undefined;
    let compiled: string | undefined;
    let wrong: string | undefined;
    if (given?.rules !== undefined) [given, compiled, wrong] = (await import('./rules.ts')).expand(given);
    wrong ||= problem(given);
    if (wrong) report('adapter-invalid', wrong);
    // One that is no adapter is there, and can never be read.
    const { id, rank = 'vendor', category = 'analytics', probes, listens, read }: Long = wrong ? { id: 'custom', probes: {} } : long(given!);
    const places = Object.entries(probes).map(([name, place]): [string, Probe] => [name, probe(place)]);
    let at = places.map(([, place]) => place);
    if (wrong || read) {
      const reading = () => {
        if (wrong) throw new Error(wrong);
        const found: Record<string, unknown> = {};
        for (const [name, place] of places) {
          try {
            const value = find(place, heard);
            if (value !== undefined) found[name] = copy(value);
          } catch (error) {
            found[name] = error instanceof Error ? error : new Error(String(error));
          }
        }
        // Nothing at any place: no `read` has to say so.
        if (!Object.keys(found).length) return;
        try {
          const made = said(read!(found));
          return made && { ...made, found };
        } catch (error) {
          // Said once; it is asked every second.
          if (always || !seen[id + error]) report('adapter-threw', id, error);
          seen[id + error] = 1;
          throw error;
        }
      };
      Object.defineProperty(heard, '@' + index, { get: reading });
      compiled = SAID;
      at = [[PLACE_HEARD, '@' + index]];
    }
    const page = JSON.stringify([at, list(listens).map(told)]).slice(1, -1);
    // Nobody has shown that what it listens to tells of each change, so it is looked at.
    texts.push([id, '89:;'[RANKS.indexOf(rank)], category, page, compiled].join(FIELD_SEPARATOR));
  }
  return texts;
}
