// The gated SDK: an object with Mixpanel's shape whose calls wait, go through or are dropped
// as the core last said. It keeps what a call needs to be told later as if it were told now.

import { FLOW_DROP, FLOW_PASS, SITE_ANSWER_DENY, SITE_ANSWER_FORGET, SITE_ANSWER_GRANT, type SiteAnswerNumber } from '../contract.ts';
import type { Calls, Config, Gate, Gated, Instance, Item, Method, Part, Sdk, Site } from '../rooms.js';

// A method is known by how its name is made, not by a list: one that a later SDK brings waits
// like the others, where an absent one would throw in the page. What is no method of the SDK's
// to hold (`config`, `then`, private names) is the live SDK's own, and absent without one.
// The names of people and of the SDK itself are not told apart: what the owner has not, does nothing.
const METHOD = /^[a-z]+_[a-z_]+$|^(track|identify|alias|(un)?(register|set)|reset|enable|disable|increment|append|union|remove|delete)$/;
const ASKS = /^(get|is|are|when)(_|[A-Z])/;
/** Flags have names of their own once more, of before 2.64. */
const CAMEL = /^(get|is|are|load|fetch)[A-Z]/;

/** Which feature a method belongs to, by its number in the core. */
const featureOf = (path: string) =>
  /session_recording$/.test(path) ? 1
  : /^(identify|alias|people|(set|add|remove)_group$)/.test(path) ? 2
  : /^flags/.test(path) ? 3
  : 0;

// What the page changes after the call must not change what was called. A reactive object of a
// framework's cannot be cloned, and is taken as it would be sent; an element stays what it is.
const copy = (value: unknown): unknown => {
  const plain = (one: unknown) => Object(one) !== one;
  if (plain(value)) return value;
  // A getter of the page's may throw in each of these.
  try {
    // Properties, as they mostly are; a clone of the platform's takes ten times as long.
    if (Object.getPrototypeOf(value) == Object.prototype && Object.values(value as object).every(plain)) return { ...(value as object) };
    return structuredClone(value);
  } catch {
    try {
      return (value as Node[]).length || (value as Node).nodeType ? value : JSON.parse(JSON.stringify(value));
    } catch {
      return value;
    }
  }
};

/**
 * The gated SDK.
 * @param own what the page's own opt_in_tracking() and its kin say
 * @param further makes a further gated instance
 */
export function hold(
  site: Site,
  calls: Calls,
  sdk: Readonly<Sdk>,
  note: Gate['note'],
  report: Gate['report'],
  own: (act: SiteAnswerNumber) => void,
  further: (token: string, config: Config, name: string) => unknown,
): Gated {

  /** A call of the page's; what it answers while it does not go through is undefined. */
  const call = (path: string, args: unknown[], group?: unknown[], feature = group ? 2 : featureOf(path)) => {
    const flow = calls.flow[feature];
    if (flow == FLOW_PASS && !calls.releasing) return sdk.driver!.invoke({ path, args, group });
    const last = args[args.length - 1];
    if (typeof last == 'function' && (group || /^(track(_with_groups)?$|people|set|add_g|remove_g)/.test(path))) {
      // A page may wait for it, to follow a link say: 0 is what the SDK answers when shut.
      args = args.slice(0, -1);
      setTimeout(last as () => void, 0, 0);
    }
    if (flow == FLOW_DROP) return note('dropped', path);
    // `location.href` would take longer than all the rest of this. An element of this name may stand
    // before the document's own address; the driver sees to that (sdk/replay.ts).
    calls.held.push({ path, args: args.map(copy), group, featureNumber: feature, at: Date.now(), url: document.URL, title: document.title });
    note('held', path);
    if (calls.held.length > (site.holdLimit ?? 1000)) {
      note('dropped', calls.held.shift()!.path);
      calls.dropped++;
    }
    return;
  };

  const title = site.name ? 'mixpanel.' + site.name : 'mixpanel';
  const groups: Record<string, unknown> = {};
  const live = (feature: number) => calls.flow[feature] == FLOW_PASS && sdk.instance;
  /** The SDK or a part of it. `ask`: what answers for a method that gives something back. */
  const shape = <T extends object>(own: T, path: string, ask?: (name: string, args: unknown[]) => unknown, group?: unknown[]) =>
    // What is asked for the first time comes here; from then on it is the object's own.
    Object.setPrototypeOf(own, new Proxy<Record<PropertyKey, unknown>>({}, {
      // A polluted prototype sets no trap.
      __proto__: null,
      get(all, key) {
        if (key in all) return all[key];
        const name = String(key);
        if (METHOD.test(name) || (path == 'flags.' && CAMEL.test(name))) {
          const full = path + name;
          const feature = group ? 2 : featureOf(full);
          const made = ask && ASKS.test(name) ? (...args: unknown[]) => ask(name, args) : (...args: unknown[]) => call(full, args, group, feature);
          // What of flags answers later gives a promise, also of a gate that is shut.
          return ((own as Record<PropertyKey, unknown>)[key] = feature != 3 || /^a|sync$/i.test(name) ? made : async (...args: unknown[]) => made(...args));
        }
        return path || group || !live(0) ? undefined : sdk.instance![name];
      },
      // Nobody can ask an object that is not there; the SDK's own has one in each version.
      has: (all, key) => key in all || METHOD.test(String(key)) || (!path && !group && key == 'config'),
    } as ProxyHandler<Record<PropertyKey, unknown>>)) as T;
  const answer = (owner: Instance | Part | undefined, name: string, args: unknown[]) => (owner?.[name] as Method | undefined)?.apply(owner, args);
  // As the snippet's stub takes calls: a function, a call, or a chain of two:
  // [['get_group', …], ['set', …]]. Each is the call that it stands for.
  const push = (item: Item, owner: Part | Gated | undefined = gated) => {
    // Mixpanel calls it on the SDK.
    if (typeof item == 'function') call('push', [item.bind(gated)]);
    else if (Array.isArray(item?.[0])) {
      const first = item[0] as readonly unknown[];
      push(item[1] as Item, answer(owner, first[0] as string, first.slice(1)) as Part);
    } else if (item) answer(owner, item[0] as string, item.slice(1));
  };
  const gated: Gated = shape(
    {
      people: shape<Part>({ toString: () => title + '.people' }, 'people.'),
      flags: shape<Part>({}, 'flags.', (name, args) => {
        const instance = live(3);
        if (instance) return answer(instance.flags, name, args);
        // The fallback that the page gave is its answer for a shut gate.
        return name[0] == 'a' ? false : /all/i.test(name) ? new Map() : args[1];
      }),
      get_group: (...group: unknown[]) => (groups[JSON.stringify(group)] ||= shape({}, '', undefined, group)),
      push,
      toString: () => title,
      has_opted_in_tracking: () => calls.flow[0] == FLOW_PASS,
      has_opted_out_tracking: () => calls.flow[0] == FLOW_DROP,
      opt_in_tracking: () => own(SITE_ANSWER_GRANT),
      opt_out_tracking: () => own(SITE_ANSWER_DENY),
      clear_opt_in_out_tracking: () => own(SITE_ANSWER_FORGET),
      init: (token: string, config: Config, name?: string) =>
        name && name != site.name ? (gated[name] = further(token, config, name)) : report('init-ignored', 'See the option `config`.'),
    },
    '',
    (name, args) => {
      const instance = live(0);
      // What is asked for in the plural, the properties of a recording say, is an empty object.
      return instance ? answer(instance, name, args) : name == 'get_config' ? sdk.config[args[0] as string] : /s$/.test(name) ? {} : undefined;
    },
  );
  return gated;
}
