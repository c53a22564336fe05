// The tag: one classic script above the site's Mixpanel snippet. It puts the gate where the
// snippet would put its stub; a snippet that finds a stub there leaves the page alone, so no
// library is fetched before a yes, and the page's own init() and track() come to the gate.
//
// It is built twice. In `bridge.js` what is loaded after the gate is in files of its own (beside.ts),
// so that the page waits for little and loads only the adapters that it needs. `bridge.all.js` is one
// file (inside.ts): for hosts that take one file, and for tag managers, which may write it into the page as text.
//
// What stubs look like was read in mixpanel-js (src/loaders), nuxt/scripts 1.3.9
// (registry/mixpanel-analytics) and @c15t/scripts 2.2.0 (mixpanel-analytics): Mixpanel's own
// calls init(), the others write `_i` or push to it, and bring the library by a script of
// their own, whatever the stub is.

import { before, taken } from './closed.js';
import { BUILD } from 'tag:build';
import { carriedCore, fetchCore, fetchPlainCore } from 'tag:core';
import { RECORD_NO, RECORD_YES } from '../contract.ts';
import { connect } from '../gate/connect.js';
import { BridgeError } from '../gate/error.js';
import { KINDS } from '../look/options.js';
import { record, recordKey } from '../look/record.js';
import type { Config, Gate, Gated, Instance, Item, Method, Options, Part, PublicBridge, Start } from '../rooms.js';
import { LIBRARY, isGate } from '../sdk/gates.js';
import { configure } from '../sdk/present.js';
import { type TagOptions, attributes } from './attributes.js';
import { standIn } from './stand-in.js';
import { type Members, bring, keepOut, library, occupy, put, script, withOwn } from './library.js';

/** What stands for the bridge of the page until there is one. */
let stand: ReturnType<typeof standIn> | undefined;
/** The bridge of the page: the first, or that of the instance without a name. */
const show = (bridge: PublicBridge, main: boolean) => {
  if (main || window.mixpanelConsent == stand?.bridge || window.mixpanelConsent?.error) window.mixpanelConsent = bridge;
  stand?.handOver(bridge);
};

/** For the developer, on the console. */
const say = (code: string, what: string) => console.warn('mixpanel-consent-bridge: ' + code, what);

let options = { __proto__: null } as TagOptions;
/** What is wrong with the attributes. */
let failed: BridgeError | undefined;

// ---- the core ------------------------------------------------------------------------------

let takeCore: ((other: Start) => void) | undefined;
/** Under this name a tag takes another's core: of the same build alone, whose members have the same short names. */
const HAND_OVER = `__core ${BUILD}`;
/** Under this one a second tag learns whose the first is; in any build. */
const TOKEN = '__token';

/** The core of the tag's other build, which is JavaScript: that finds this one, and hands its core over. */
const fetchOther = (noWasm: string) =>
  new Promise<Start>((resolve, reject) => {
    takeCore = resolve;
    const fail = () => reject(new Error(`\`${noWasm}\` is not there, or is not the bridge.no-wasm.js of this version`));
    put(noWasm, fail, fail);
  });

/** The core, as WebAssembly or, where the page has that and the browser refuses this, without. */
const coreFor = async (key: string): Promise<{ start: Start }> => {
  const { compiled, start } = await fetchCore();
  return {
    async start(gate) {
      // A further instance, begun on this one, has a gate of its own.
      gates[key] ||= gate;
      adopt(key);
      try {
        await compiled();
      } catch (error) {
        const { noWasm } = options;
        if (noWasm === undefined) throw error;
        return (noWasm ? await fetchOther(noWasm) : (await fetchPlainCore()).start)(gate);
      }
      return start(gate);
    },
  };
};

// ---- the bridges ---------------------------------------------------------------------------

const bridges: Record<string, PublicBridge | undefined> = { __proto__: null as never };
/** Called or pushed before there was an instance for it: what, and of which part. */
const waiting: [item: Item, part?: string | undefined][] = [];
const wait = (item: Item, part?: string) => {
  if (waiting.length < 1000) waiting.push([item, part]);
};
/** What each bridge has beside what it shows, from when its core is asked for. */
const gates: Record<string, Gate | undefined> = { __proto__: null as never };
/** The one that the attributes alone have begun, until the page says more. */
let byAttributes: PublicBridge | undefined;
const more: Record<string, Config | undefined> = { __proto__: null as never };

const gatedOf = (name: PropertyKey) => bridges[name as string]?.mixpanel as unknown as Gated | undefined;

/** What a stub's `push` takes, to the instance's gate. */
function push(name: string, item: Item, part?: string) {
  const sdk = gatedOf(name);
  if (sdk) sdk.push(item, part ? (sdk[part] as Part) : undefined);
  else if (name == 'mixpanel') wait(item, part);
}

/** What the page gives, and over it what the attributes say. */
function configured(given: Config | undefined) {
  const config: Config = { ...given, ...options.config };
  const { loaded } = config;
  if (typeof loaded == 'function')
    // The snippet's calls were told to the library before it called `loaded`.
    config.loaded = (instance) =>
      queueMicrotask(() => {
        try {
          loaded(instance);
        } catch (error) {
          console.error(error);
        }
      });
  return config;
}

/** What the page's init() says of an instance that the attributes alone had begun. */
function adopt(key: string) {
  const gate = gates[key];
  if (gate && more[key]) configure(gate.sdk, more[key]);
}

/** What is kept of the answers of an instance that has a record of its own. */
function recordOf(token: string, name?: string) {
  // The place by its number, in the order of the option's choices, as record() takes it.
  const place = KINDS.record!.split('|').indexOf((options.record as string | undefined) || 'local');
  return record(place, recordKey(place, { token, name }));
}

/**
 * A dialog of the site's own asks at once whether it has been answered, and the core comes a
 * moment later: until then it is told what stands on record.
 * @param own what an instance begun on another has under its own name: until the core has weighed the two, a no there stands
 */
function remembering(bridge: PublicBridge, { kept }: ReturnType<typeof record>, own = kept) {
  const mixpanel = bridge.mixpanel as unknown as Record<string, Method>;
  // What it has said on this page counts from then on.
  const saidNo = mixpanel.has_opted_out_tracking!;
  for (const [method, turn] of [['has_opted_in_tracking', RECORD_YES], ['has_opted_out_tracking', RECORD_NO]] as const) {
    const now = mixpanel[method]!;
    mixpanel[method] = () => (bridge.state.code == 'starting' && !saidNo() ? turn.test(RECORD_NO.test(own()) ? own() : kept()) : now());
  }
}

/** Whose record an instance has that is begun on the one without a name. */
let mainToken = '';
/** What the site's own dialog calls, of each instance that is not begun on another. */
const dialogs: Pick<PublicBridge, 'grant' | 'deny' | 'reset'>[] = [];
/**
 * One visitor, one dialog: what is said to a bridge, or to the instance without a name, holds for
 * all instances of the page; what is said to a named instance holds for that.
 */
function together(bridge: PublicBridge, main: boolean) {
  const { grant, deny, reset, mixpanel } = bridge;
  dialogs.push({ grant, deny, reset });
  for (const [act, method] of [['grant', 'opt_in_tracking'], ['deny', 'opt_out_tracking'], ['reset', 'clear_opt_in_out_tracking']] as const) {
    const all = (bridge[act] = () => dialogs.forEach((one) => one[act]()));
    if (main) mixpanel[method] = all;
  }
}

/** A further init() for an instance that has its bridge. */
function again(key: string, token: string, given: Config) {
  const gate = gates[key];
  if (bridges[key] == byAttributes && token == options.token && !gate?.sdk.instance) {
    byAttributes = undefined;
    more[key] = configured(given);
    adopt(key);
  } else (gate?.report || say)('init-ignored', `\`${key}\` starts once, with what its first init() or the tag says. What a later init() says has its place in \`data-config\`; another project needs a name, the third argument.`);
}

/**
 * An instance as the page wants it, on its bridge.
 * @param live what the page has started already
 */
function start(token: string, given: Config, name?: string, live?: unknown, late?: boolean) {
  const key = name || 'mixpanel';
  // An attribute that is there and empty, whose template had no value, is no reason to refuse the page's own token.
  if (byAttributes && !options.token) {
    delete bridges.mixpanel;
    byAttributes = undefined;
  }
  if (bridges[key]) again(key, token, given);
  else {
    const { sdk, integrity, noWasm, ...rest } = options;
    const manual = !failed && ([] as unknown[]).concat(options.cmp).includes('manual');
    // Begun on the one without a name it is under the same consent; what is connected next is then there.
    const owner = manual && name ? gatedOf('mixpanel') : undefined;
    if (owner) (owner.init as Method)(token, configured(given), name);
    const bridge = (bridges[key] = connect(
      { ...rest, token: token || options.token, config: configured(given), name, mixpanel: live || library } as unknown as Options,
      () => coreFor(key),
      late,
      failed || (token || options.token ? undefined : new BridgeError('token-missing', 'There is no token: neither `mixpanel.init()` nor the attribute `data-token` has one.')),
    ));
    if (manual) {
      if (!name) mainToken = token || options.token!;
      const own = recordOf(token || options.token!, name);
      if (owner) {
        remembering(bridge, recordOf(mainToken), own.kept);
      } else {
        remembering(bridge, own);
        together(bridge, !name);
      }
    }
    show(bridge, key == 'mixpanel');
    if (key == 'mixpanel') for (const [item, part] of waiting.splice(0)) push(key, item, part);
  }
  return bridges[key]!.mixpanel;
}

/** One of a stub's instances to start: `[token, config, name]`. */
const begin = (entry: unknown[], late?: boolean) => {
  const name = entry[entry.length - 1];
  start(entry[0] as string, entry[1] as Config, name == 'mixpanel' || entry.length < 3 ? undefined : (name as string), undefined, late);
};

/**
 * A page without an init() of its own: the attributes say it all.
 * @param read whether the document has been read, so that an empty token is a mistake
 */
const alone = (read?: unknown) => {
  if (bridges.mixpanel || !(options.token || (read && options.token === '' && !Object.keys(bridges).length))) return;
  start(options.token!, {});
  byAttributes = bridges.mixpanel;
};

/** Before that bridge is there: a method that starts it when it is called, or waits for it. */
const later = (path: string, group?: [string, ...unknown[]]): object =>
  new Proxy(() => {}, {
    get: (_, key) => (typeof key == 'string' && /^[a-z]/.test(key) && key != 'then' ? later(`${path}.${key}`, group) : undefined),
    apply(_, __, args: unknown[]) {
      alone();
      const steps = path.split('.');
      const method = steps.pop()!;
      if (!bridges.mixpanel) {
        if (method == 'get_group') return later('group', [method, ...args]);
        return wait(group ? [group, [method, ...args]] : [method, ...args], group ? undefined : steps[0]);
      }
      const owner = steps.reduce((object, step) => object[step] as Members, facade);
      return (owner[method] as Method | undefined)?.apply(owner, args);
    },
  });

// ---- what the page finds -------------------------------------------------------------------

const entries = withOwn([], { push: begin });

const facade: Members = new Proxy<Members>(
  {
    __proto__: null,
    __bridge: true,
    // What the snippet looks for to know that it has run.
    __SV: 1.2,
    _i: entries,
    // The library, come by itself, calls it with nothing.
    init: (...args: [string, Config, string?]) => (args.length ? start(...args) : undefined),
    push: (item: Item) => (alone(), push('mixpanel', item)),
    [HAND_OVER]: (other: Start) => takeCore?.(other),
    [TOKEN]: () => options.token,
    [LIBRARY]: library,
    toString: () => 'mixpanel',
  },
  {
    get(own, key) {
      if (key in own) return own[key];
      if (key in bridges) return gatedOf(key);
      const gated = gatedOf('mixpanel');
      if (gated) return gated[key as string];
      // No private name, and nothing by which the library knows itself.
      // Without the tag there might be nothing here, and the page ask for it.
      if (typeof key == 'string' && /^[a-z]/.test(key) && !/^(then|config|persistence|default)$/.test(key)) return later(key);
      return;
    },
    set(own, key, value: unknown) {
      if (key == '_i') for (const entry of (value as unknown[][] | undefined) || []) begin(entry);
      // A library that comes by itself would put its own in.
      else if (!/^(init|push|__SV)$/.test(key as string)) own[key] = value;
      return true;
    },
  },
);

/**
 * Takes over what stands in Mixpanel's place: a stub, with the instances that it is to start
 * and the calls that wait in it, or a library, with the instances that run.
 */
function take(given: unknown, beforeTheTag = false) {
  // The gate of a connect() on this page stays that one's.
  if (!given || !/^[of]/.test(typeof given) || isGate(given)) return;
  const found = given as Members;
  // A stub's own `init` writes to `_i`; the library's does not.
  if (typeof found.init == 'function' && !/\b_i\b/.test(String(found.init))) bring(found, beforeTheTag);
  if (Array.isArray(found)) {
    // Whoever kept it goes on calling it.
    const lead = (name: string, list: Members, part?: string) => {
      for (const item of (list as unknown as Item[]).splice(0)) push(name, item, part);
      for (const key of Object.keys(list))
        if (typeof list[key] == 'function' && !/^(init|toString)$/.test(key)) {
          if (key == 'get_group') list[key] = (...args: unknown[]) => (gatedOf(name)![key] as Method)(...args);
          else list[key] = (...args: unknown[]) => push(name, [key, ...args], part);
        }
      list.push = (item: Item) => push(name, item, part);
    };
    for (const entry of [...((found._i || []) as unknown[][]).splice(0), ['', 0, 'mixpanel']]) {
      const name = entry[entry.length - 1] as string;
      // Before the latch nothing had happened.
      if (entry[0]) begin(entry, !found.__latch);
      const target = (name == 'mixpanel' ? found : found[name]) as Members | undefined;
      if (target?.people) lead(name, target.people as Members, 'people');
      if (target) lead(name, target);
    }
    found.init = facade.init;
    found._i = entries;
  }
  for (const key of ['', ...Object.keys(found)]) {
    const live = (key ? found[key] : found) as Instance | undefined;
    if (live?.__loaded === true) start((live.get_config as Method)('token') as string, {}, key || undefined, found, true);
  }
}

// A second tag on the page finds the first, and leaves it be.
const other = before as unknown as Members & { [HAND_OVER]?: (start: Start) => void; [TOKEN]?: () => unknown };
if (taken) {
  if (carriedCore) other[HAND_OVER]?.(carriedCore.start);
  const first = other[TOKEN]?.();
  const token = script?.dataset.token;
  if (first && token && first != token)
    say('already-connected', `This page has a tag of another project, and that one of \`${token}\` does nothing. Begin the second project by mixpanel.init('${token}', {}, 'a name').`);
} else {
  try {
    options = attributes(script);
  } catch (error) {
    // Another error than ours comes of what the page has made of the language: a changed `Array.prototype`, say.
    failed = error instanceof BridgeError ? error : new BridgeError('attribute-invalid', `The tag cannot read its attributes: ${error}.`);
    start('', {});
  }
  occupy({ facade, take, options: () => options });
  stand = standIn(facade, ([] as unknown[]).concat(options.cmp).includes('manual'));
  // A mistake in the attributes has its bridge already.
  if (!bridges.mixpanel) window.mixpanelConsent = stand.bridge;
  for (const step of [keepOut, () => take(before, true)])
    try {
      step();
    } catch (error) {
      // What the page has made of these is its own; the gate stands in any case.
      console.error(error);
    }
  // Of the window: an element may be found under the name of any method of the document.
  if (document.readyState == 'loading') addEventListener('DOMContentLoaded', alone);
  else setTimeout(alone, 0, true);
  setTimeout(() => {
    if (!Object.keys(bridges).length)
      console[waiting.length || stand?.isWaiting() ? 'warn' : 'info']('mixpanel-consent-bridge: no-init', `The page has not called mixpanel.init(), and the tag has no \`data-token\`: Mixpanel stays off. Calls that wait for it: ${waiting.length}${stand?.isWaiting() ? "; and the visitor's answer" : ''}.`);
  }, 10000);
}
