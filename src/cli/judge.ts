// The core, in Node: what the page held means, and what may be done. The same module that a page
// loads, so that what is allowed is decided in one place (src/core).

import { parts } from 'adapters:parts';
import bytes from 'wasm:bridge';
import { initSync, tell } from '../../pkg/bridge.js';
import { ADAPTER_SEPARATOR, ANSWER_NAMES, BROWSER_DNT, BROWSER_GPC, BROWSER_TIMED_OUT, EXPLAIN_RUNNING, FEATURE_NAMES, NOTHING, POLICY_DIGITS, SEPARATOR } from '../page/contract.ts';
import { named, open, type Host } from '../page/look/host.ts';
import type { Program } from '../page/look/probe.ts';
import { check } from '../page/look/options.ts';
import { mistake } from '../page/look/words.ts';
import type { Policy, Says, Source } from './types.ts';

/** The texts of all adapters, which the command carries as one part. */
const TEXTS = (await Promise.all(parts.map((part) => part()))).map((part) => part.default).join(ADAPTER_SEPARATOR);

const ANSWERS: Record<string, string | undefined> = ANSWER_NAMES;

export interface Read {
  found: string;
  places: string[][];
  around: number;
}

export interface Judge {
  /** What a page is to be asked for. */
  program: Program;
  /** @param late whether a consent manager that is not there by now is missing */
  of(read: Read, late?: boolean): Says;
}

let ready = false;

/** Throws a `BridgeError` for options that connect() would not take. */
export function judge(policy: Policy): Judge {
  if (!ready) initSync({ module: new WebAssembly.Module(bytes()) });
  ready = true;
  // No token is looked at: nothing is stored or sent by this.
  const host = check({ ...policy, token: '-' }, (id) => !!named([id], TEXTS)[0]);
  if (typeof host == 'string') throw mistake(policy, host);
  // As src/page/look/core.ts hands them over (src/core/protocol.rs, SETUP): what is not named for a feature is as for tracking.
  const chosen = host.category;
  const categories = FEATURE_NAMES.map((feature) => [chosen[feature] ?? chosen.tracking ?? []].flat().join('\t')).join('\n');
  const setup = [`${host.policy.slice(0, POLICY_DIGITS)}${Number(host.manual)}00`, categories, ''].join(SEPARATOR);
  const begin = () => {
    const state = { consent: 'unset', mode: 'off', cmp: null as string | null, code: '', reason: '' };
    const nothing = (): void => {};
    // The core's commands are for a page. Here nothing carries them out.
    const known: Host = {
      run: () => NOTHING,
      say: (consent, mode, cmp, code, reason) => void Object.assign(state, { consent, mode, cmp: cmp || null, code, reason }),
      gate: nothing, tell: nothing, record: nothing, optedIn: nothing,
    };
    const core = open(tell, known, setup);
    return { core, state, program: core.add(named(host.ids, TEXTS)) };
  };
  return {
    program: begin().program,
    of({ found, places, around }, late = true) {
      // Each reading gets a core of its own: a core remembers what it has heard, and a reading is of one moment.
      const { core, state } = begin();
      core.looked(found, around | (late ? BROWSER_TIMED_OUT : 0), Date.now());
      const [, ...lines] = core.explain(found).split('\n');
      const sources = lines.flatMap((line, index): Source[] => {
        // An empty line stands for something that was found and is not this source's.
        if (!line) return [];
        const [cmp = '', live, answers = '', ...pairs] = line.split('\t');
        const categories: Record<string, string> = {};
        let others: string | null = null;
        for (let i = 0; i + 1 < pairs.length; i += 2) {
          const [name, answer] = [pairs[i] ?? '', pairs[i + 1] ?? ''];
          if (name) categories[name] ??= answer;
          else others = answer;
        }
        const consent = Object.fromEntries(FEATURE_NAMES.map((feature, i) => [feature, ANSWERS[answers[i] ?? ''] ?? 'unset']));
        return [{ cmp, running: live == EXPLAIN_RUNNING, consent, categories, others, read: places[index] ?? [] }];
      });
      return { ...state, gpc: !!(around & BROWSER_GPC), dnt: !!(around & BROWSER_DNT), sources };
    },
  };
}
