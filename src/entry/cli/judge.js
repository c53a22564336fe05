// The core, in Node: what the page held means, and what may be done. The same module that a page
// loads, so that what is allowed is decided in one place (src/core).

import bytes from 'wasm:bridge';
import { initSync, tell } from '../../../pkg/bridge.js';
import { open } from '../../page/look/host.ts';
import { check } from '../../page/look/options.ts';

const FEATURES = ['tracking', 'replay', 'profile', 'flags'];
const ANSWERS = { d: 'denied', c: 'implied-denied', u: 'unset', o: 'implied-granted', g: 'granted' };

let ready;

/**
 * Throws a `BridgeError` for options that connect() would not take.
 * @param {Record<string, unknown>} policy of the options of connect(): cmp, category, implied, …
 */
export function judge(policy) {
  ready ||= initSync({ module: new WebAssembly.Module(bytes()) });
  // No token is looked at: nothing is stored or sent by this.
  const host = check({ ...policy, token: '-' });
  // As src/entry/core.ts hands them over: a line for each feature, what is not named for one is as for tracking.
  const categories = FEATURES.map((feature) => [host.category[feature] ?? host.category.tracking ?? []].flat().join('\t')).join('\n');
  const setup = [host.policy.slice(0, 6) + Number(host.manual) + '00', '', categories, host.ids, ''].join('\0');
  const begin = () => {
    const state = {};
    const known = {
      run: () => 255,
      say: (consent, mode, cmp, code, reason) => Object.assign(state, { consent, mode, cmp: cmp || null, code, reason }),
    };
    const core = open(tell, new Proxy(known, { get: (own, key) => own[key] ?? (() => 0), set: (own, key, value) => ((own[key] = value), true) }), setup);
    return { core, state };
  };
  return {
    program: begin().core.program,
    /**
     * @param {{ found: string, places: string[][], around: number }} read what ./page.js found
     * @param {boolean} late whether a consent manager that is not there by now is missing
     */
    of({ found, places, around }, late = true) {
      // A core that has heard nothing before: it remembers, and a reading is of this moment.
      const { core, state } = begin();
      core.looked(found, around | (late ? 4 : 0), Date.now());
      const [, ...lines] = core.explain(found).split('\n');
      const sources = lines.flatMap((line, index) => {
        // What was found there was another's.
        if (!line) return [];
        const [cmp, live, answers, ...pairs] = line.split('\t');
        const categories = {};
        let others = null;
        for (let i = 0; i < pairs.length; i += 2)
          if (pairs[i]) categories[pairs[i]] ??= pairs[i + 1];
          else others = pairs[i + 1];
        const consent = Object.fromEntries(FEATURES.map((feature, i) => [feature, ANSWERS[answers[i]]]));
        return [{ cmp, running: live == 'running', consent, categories, others, read: places[index] ?? [] }];
      });
      return { ...state, gpc: !!(around & 1), dnt: !!(around & 2), sources };
    },
  };
}
