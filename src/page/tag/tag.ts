// The tag: one classic script above the site's Mixpanel snippet. It puts the gate where the
// snippet would put its stub; a snippet that finds a stub there leaves the page alone, so no
// library is fetched before a yes, and the page's own init() and track() come to the gate.
//
// Everything is inlined, and nothing of a module loader is used: a tag manager may write
// this file into the page as text.
//
// What stubs look like was read in mixpanel-js (src/loaders), nuxt/scripts 1.3.9
// (registry/mixpanel-analytics) and @c15t/scripts 2.2.0 (mixpanel-analytics): Mixpanel's own
// calls init(), the others write `_i` or push to it, and bring the library by a script of
// their own, whatever the stub is.

import { Native } from '../native.js';
import { connect } from '../gate/connect.js';
// Not all of it as an object: the bundler's way of making one trips over a polluted prototype.
import { start as startWith } from '../look/core.js';
import { drive } from '../sdk/drive.js';
import { BridgeError } from '../gate/error.js';
import { KINDS } from '../gate/options.js';
import { record } from '../look/record.js';
import { names } from '../sdk/sweep.js';

/**
 * The script that runs. By the getter of the prototype, as `document.currentScript` may be an
 * element of the page's that has this name.
 */
const running = () => Object.getOwnPropertyDescriptor(Document.prototype, 'currentScript')!.get!.call(document) as HTMLScriptElement | null;
const script = running();
const page = window as any;
/** The setting of the vendor's snippet. An element with this id is found under the name as well, and is no setting. */
const customLibrary = () => typeof page.MIXPANEL_CUSTOM_LIB_URL == 'string' && page.MIXPANEL_CUSTOM_LIB_URL;
/** The bridge of the page: the first, or that of the instance without a name. An element with this id is none. */
const show = (bridge: any, first: boolean) => {
  if (first || !Object.prototype.hasOwnProperty.call(page, 'mixpanelConsent')) page.mixpanelConsent = bridge;
};
const LIBRARY = 'https://cdn.mxpnl.com/libs/mixpanel-2-latest.min.js';
/** The library where the vendor serves it, of any age; not the wrapper of the GTM template. */
const VENDORS = /^(https?:)?\/\/cdn\d*\.mxpnl\.com\/libs\/mixpanel-[\d.]+(-latest)?(\.min)?\.js/;

let options: any;
let failed: unknown;

const OURS = [...Object.keys(KINDS), 'sdk', 'integrity', 'noWasm'];
/** Written by proxies, frameworks and consent managers onto every script, for themselves. */
const FOREIGN = /^(cfa|cookie|cky|gtm|nscript|no[A-Z]|no(min|opt)|rocket|turbo|vue|wp|astro|ot[A-Z]|usercentrics|cmp(Src|Vendor|Ab)$)/;

/** How many letters lie between two words (Levenshtein's distance), by one row of the table. */
const apart = (a: string, b: string) => {
  let row = [...Array(b.length + 1).keys()];
  [...a].forEach((letter, i) => {
    let corner = i;
    row = row.map((above, j) => {
      const least = j ? Math.min(above + 1, row[j - 1]! + 1, corner + +(letter != b[j - 1])) : i + 1;
      corner = above;
      row[j] = least;
      return least;
    });
  });
  return row[b.length]!;
};

/** Whether an attribute is meant for the bridge; throws for one that is meant to be. */
function isOurs(key: string) {
  if (OURS.includes(key)) return true;
  const meant = OURS.find((one) => apart(one.toLowerCase(), key.toLowerCase()) <= Math.ceil(one.length / 3));
  if (meant)
    throw new BridgeError('option-unknown', `There is no attribute \`data-${key}\`; is \`data-${meant}\` meant? In attributes, \`holdLimit\` is \`data-hold-limit\`.`);
  if (!FOREIGN.test(key))
    console.warn('mixpanel-consent-bridge: option-unknown', `Attribute \`data-${key}\` is none of the bridge's, and is passed over. There are ${OURS.join(', ')}.`);
}

/**
 * Options from `data-` attributes: `data-hold-limit` is `holdLimit`. Or from behind the `#` of
 * the tag's own address: a tag manager's template and many a CMS can set that alone.
 */
function attributes() {
  if (!script)
    throw new BridgeError('attribute-invalid', 'The tag cannot see its attributes: it runs as a module, through `eval` or in a shadow tree. Write it as a classic script: `<script src="…/bridge.js" data-…></script>`.');
  const options: any = {};
  const address = Object.fromEntries(new URLSearchParams(script.src.split('#')[1]));
  for (const [key, text] of Object.entries({ ...address, ...script.dataset })) {
    if (!isOurs(key)) continue;
    let value: any = text;
    const json = key == 'config' || /^[[{]/.test(text!);
    if (json) {
      try {
        value = JSON.parse(text!);
      } catch (error) {
        throw new BridgeError('attribute-invalid', `Attribute \`data-${key}\` is \`${text}\`, which is not JSON: ${error}.`);
      }
    } else if (/^(holdLimit|cmpTimeout)$/.test(key)) value = +text!;
    else if (/^(optInEvent|debug)$/.test(key)) value = text != 'false';
    else if (/^(cmp|category)$/.test(key)) value = text!.split(/[\s,]+/).filter(Boolean);
    if (key == 'config' && (!value || typeof value != 'object' || Array.isArray(value)))
      throw new BridgeError('option-invalid', `Attribute \`data-config\` is \`${text}\`; it may be a JSON object.`);
    options[key] = value;
  }
  return options;
}

// ---- the library ---------------------------------------------------------------------------

/** One that the page has brought by itself. */
let brought: any;
/** The address from which the page wanted it. */
let wanted: string | undefined;
let fetched: Promise<any> | undefined;
/** Ours: what the library finds when it looks for a stub, and what it puts in its place. */
let element: HTMLScriptElement | undefined;
let stub: any;
let placed: any;
let starting = false;
/** Whether what stands at `window.mixpanel` can depend on who asks. */
let owned = false;
let policy: any;

/** As Trusted Types want it; where the policy is refused, the page's default one has its say. */
function trusted(url: string): any {
  try {
    policy ||= page.trustedTypes.createPolicy('mixpanel-consent-bridge', { createScriptURL: (url: string) => url });
    return policy.createScriptURL(url);
  } catch {
    return url;
  }
}

/** A stub whose methods are the gate's, for the library an empty list of calls. */
const forwarding = (list: any, part?: string): any =>
  new Proxy(list, {
    get(own, key) {
      const method = key in own || typeof key != 'string' ? undefined : (part ? facade[part]?.[key] : facade[key]);
      return typeof method == 'function' ? method : own[key];
    },
  });

/** Starts instances on a library, whichever way it hands them out. */
const starts = (sdk: any, init = sdk.init) => ({
  init(token: string, config: any, name?: string) {
    placed = undefined;
    starting = true;
    if (!owned) page.mixpanel = sdk;
    try {
      const made = init.call(sdk, token, config, name);
      if (!owned) placed = page.mixpanel;
      return made || (name ? (placed || sdk)[name] : placed || sdk);
    } finally {
      starting = false;
      if (!owned) page.mixpanel = facade;
    }
  },
});

/** Fetches the library from where the snippet would have; one for all instances of a page. */
const library = async () =>
  brought ||
  (fetched ||= new Native((resolve, reject) => {
        const source = options.sdk || customLibrary() || wanted || LIBRARY;
        const fail = (why: string) => {
          fetched = undefined;
          if (!owned) page.mixpanel = facade;
          reject(new Error(`\`${source}\` ${why}`));
        };
        stub = Object.assign([], { __SV: 1.2, _i: [], init() {} });
        // Where all find it, the page's calls are the gate's here as well.
        if (!owned) stub = forwarding(Object.assign(stub, { push: facade.push, people: forwarding([], 'people') }));
        if (!owned) page.mixpanel = stub;
        element = document.createElement('script');
        element.async = true;
        element.nonce = script?.nonce || '';
        if (options.integrity) {
          element.integrity = options.integrity;
          // Without it the browser may not look into what came, and refuses it.
          element.crossOrigin = 'anonymous';
        }
        element.onload = () => {
          if (!owned) page.mixpanel = facade;
          if (stub.init.length == 0) fail('is not the Mixpanel library');
          else resolve(starts(stub));
        };
        element.onerror = () => fail('could not be fetched, or is not what `data-integrity` says');
        element.src = trusted(source);
        document.head.append(element);
      }));

// A script of the page's own that brings the library would bring it before a yes, and no stub
// keeps it from that. So it is told that it has loaded, which is as good as true: what it
// wants to find is there. Only these addresses, and only scripts that are made by scripts.
const isLibrary = (url: string) => VENDORS.test(url) || (!!url && (url == options?.sdk || url == customLibrary()));
function instead(made: HTMLScriptElement, url: any, set: () => void) {
  if (made == element || !isLibrary(String(url))) return set();
  wanted = String(url);
  setTimeout(() => made.dispatchEvent(new Event('load')));
}

function keepOut() {
  const scripts = HTMLScriptElement.prototype;
  const src = Object.getOwnPropertyDescriptor(scripts, 'src')!;
  const { setAttribute } = scripts;
  Object.defineProperty(scripts, 'src', {
    ...src,
    set(url) {
      instead(this, url, () => src.set!.call(this, url));
    },
  });
  scripts.setAttribute = function (name, value) {
    const set = () => setAttribute.call(this, name, value);
    if (/^src$/i.test(name)) instead(this, value, set);
    else set();
  };
}

// ---- the core ------------------------------------------------------------------------------

let takeCore: (other: any) => void;

const startCore = (host: any) => startWith(host, async () => ({ drive }));

/** The tag's other build, whose core is JavaScript: it finds this one, and hands its core over. */
const carried = () =>
  new Promise<any>((resolve, reject) => {
    takeCore = resolve;
    const other = document.createElement('script');
    other.nonce = script?.nonce || '';
    other.onload = other.onerror = () => reject(new Error(`\`${options.noWasm}\` is not there, or is not bridge.no-wasm.js`));
    other.src = trusted(options.noWasm);
    document.head.append(other);
  });

/** The core, as WebAssembly or, where the page has that and the browser refuses this, without. */
const fetchCore = async (key: string) => ({
  async start(host: any) {
    hosts[key] = host;
    adopt(key);
    try {
      return await startCore(host);
    } catch (error) {
      // Not where it had begun.
      if (host.run || !options.noWasm) throw error;
      return (await carried())(host);
    }
  },
});

// ---- the bridges ---------------------------------------------------------------------------

const bridges: Record<string, any> = { __proto__: null as never };
/** Called or pushed before there was an instance for it: what, and of which part. */
const waiting: any[] = [];
const wait = (item: any, part?: string) => {
  if (waiting.length < 1000) waiting.push([item, part]);
};
/** What each bridge has beside what it shows, from when its core is asked for. */
const hosts: Record<string, any> = { __proto__: null as never };
/** The one that the attributes alone have begun, until the page says more. */
let byAttributes: any;
const more: Record<string, any> = { __proto__: null as never };
/** What a stub's `push` takes, to the instance's gate. */
function push(name: string, item: any, part?: string) {
  const sdk = bridges[name]?.mixpanel;
  if (sdk) sdk.push(item, part && sdk[part]);
  else if (name == 'mixpanel') wait(item, part);
}

/** What the page gives, and over it what the attributes say. */
function configured(given: any) {
  const config = { ...given, ...options.config };
  const { loaded } = config;
  if (typeof loaded == 'function')
    // The snippet's calls were told to the library before it called `loaded`.
    config.loaded = (instance: any) =>
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
  const host = hosts[key];
  if (!host || !more[key]) return;
  Object.assign(host.config, more[key]);
  if (host.of) Object.assign(host.of, names(host));
}

/**
 * A dialog of the site's own asks at once whether it has been answered, and the core comes a
 * moment later: until then it is told what stands on record.
 */
function remembering(bridge: any, token: string, name?: string) {
  const place = KINDS.record!.split('|').indexOf(options.record || 'local');
  const { kept } = record(place, ['mixpanel-consent-bridge', token, name].filter(Boolean).join(place == 1 ? '.' : ':'));
  const { mixpanel } = bridge;
  // The turn of the newest line (src/core/record.rs).
  for (const [method, turn] of [['has_opted_in_tracking', /^1\.\w+\.g/], ['has_opted_out_tracking', /^1\.\w+\.[rw]/]] as const) {
    const now = mixpanel[method];
    mixpanel[method] = () => (bridge.state.code == 'starting' ? turn.test(kept()) : now());
  }
}

/** A further init() for an instance that has its bridge. */
function again(key: string, token: string, given: any) {
  const host = hosts[key];
  if (bridges[key] == byAttributes && token == options.token && !host?.target) {
    byAttributes = undefined;
    more[key] = configured(given);
    adopt(key);
  } else if (host)
    host.report('init-ignored', `\`${key}\` starts once, with what its first init() or the tag says. What a later init() says has its place in \`data-config\`.`);
  else bridges[key].mixpanel.init();
}

/**
 * An instance as the page wants it, on its bridge.
 * @param live what the page has started already
 */
function start(token: string, given: any, name?: string, live?: any, late?: boolean) {
  const key = name || 'mixpanel';
  if (bridges[key]) again(key, token, given);
  else
    try {
      if (failed) throw failed;
      const { sdk, integrity, noWasm, ...rest } = options;
      bridges[key] = connect(
        { ...rest, token: token || rest.token, config: configured(given), name, mixpanel: live || library },
        () => fetchCore(key),
        late,
      );
      if ([].concat(options.cmp).includes('manual' as never)) remembering(bridges[key], token || rest.token, name);
      show(bridges[key], key == 'mixpanel');
      if (key == 'mixpanel') for (const [item, part] of waiting.splice(0)) push(key, item, part);
    } catch (error) {
      refuse(error, key);
    }
  return bridges[key].mixpanel;
}

/** One of a stub's instances to start: `[token, config, name]`. */
const begin = (entry: any, late?: boolean) => {
  const name = entry[entry.length - 1];
  start(entry[0], entry[1], name == 'mixpanel' || entry.length < 3 ? undefined : name, undefined, late);
};

/** A page without an init() of its own: the attributes say it all. */
const alone = () => {
  if (!options?.token || bridges.mixpanel) return;
  start(options.token, {});
  byAttributes = bridges.mixpanel;
};

/** Before that bridge is there: a method that starts it when it is called, or waits for it. */
const later = (path: string, group?: any[]): any =>
  new Proxy(() => {}, {
    get: (_, key) => (typeof key == 'string' && /^[a-z]/.test(key) && key != 'then' ? later(`${path}.${key}`, group) : undefined),
    apply(_, __, args) {
      alone();
      const steps = path.split('.');
      const method = steps.pop()!;
      if (!bridges.mixpanel) {
        if (method == 'get_group') return later('group', [method, ...args]);
        return wait(group ? [group, [method, ...args]] : [method, ...args], group ? undefined : steps[0]);
      }
      const owner = steps.reduce((object, step) => object[step], facade);
      return owner[method]?.(...args);
    },
  });

/** Shut, said once, and the page goes on: its calls find methods that do nothing. */
function refuse(error: any, key = 'mixpanel') {
  console.error(error);
  const nothing: any = new Proxy(function () {}, {
    get: (_, name) => (name == Symbol.toPrimitive || name == 'then' ? undefined : name == 'get_group' ? () => nothing : nothing),
    apply: () => undefined,
  });
  const state = Object.freeze({
    consent: 'unset', mode: 'off', cmp: null, code: error.code, reason: error.message, held: 0, at: Date.now(),
  });
  const idle = () => {};
  bridges[key] = {
    mixpanel: nothing,
    state,
    ready: new Native(idle),
    subscribe: (listener: any) => (listener(state), idle),
    grant: idle,
    deny: idle,
    reset: idle,
    disconnect: idle,
    receipts: () => [],
    explain: () => ({ ...state, toString: () => error.message }),
  };
  show(bridges[key], false);
}

// ---- what the page finds -------------------------------------------------------------------

const entries: any = Object.assign([], { push: begin });

const facade: any = new Proxy(
  {
    __proto__: null,
    __bridge: true,
    // What the snippet looks for to know that it has run.
    __SV: 1.2,
    _i: entries,
    // The library, come by itself, calls it with nothing.
    init: (...args: [string, any, string?]) => (args.length ? start(...args) : undefined),
    push: (item: any) => (alone(), push('mixpanel', item)),
    __core: (other: any) => takeCore?.(other),
    toString: () => 'mixpanel',
  } as any,
  {
    get(own, key: string) {
      if (key in own) return own[key];
      if (key in bridges) return bridges[key].mixpanel;
      if (bridges.mixpanel) return bridges.mixpanel.mixpanel[key];
      // No private name, and nothing by which the library knows itself.
      // Without the tag there might be nothing here, and the page ask for it.
      if (typeof key == 'string' && /^[a-z]/.test(key) && !/^(then|config|persistence)$/.test(key)) return later(key);
    },
    set(own, key: string, value) {
      if (key == '_i') for (const entry of value || []) begin(entry);
      // A library that comes by itself would put its own in.
      else if (!/^(init|push|__SV)$/.test(key)) own[key] = value;
      return true;
    },
  },
);

/**
 * Takes over what stands in Mixpanel's place: a stub, with the instances that it is to start
 * and the calls that wait in it, or a library, with the instances that run.
 */
function take(found: any) {
  if (!found || !/^[of]/.test(typeof found)) return;
  // A stub's own `init` writes to `_i`; the library's does not.
  if (typeof found.init == 'function' && !/\b_i\b/.test(String(found.init))) brought = starts(found, found.init);
  if (Array.isArray(found)) {
    const stubbed: any = found;
    // Whoever kept it goes on calling it.
    const lead = (name: string, list: any, part?: string) => {
      for (const item of list.splice(0)) push(name, item, part);
      for (const key of Object.keys(list))
        if (typeof list[key] == 'function' && !/^(init|toString)$/.test(key)) {
          if (key == 'get_group') list[key] = (...args: any[]) => bridges[name].mixpanel[key](...args);
          else list[key] = (...args: any[]) => push(name, [key, ...args], part);
        }
      list.push = (item: any) => push(name, item, part);
    };
    for (const entry of [...(stubbed._i || []).splice(0), ['', 0, 'mixpanel']]) {
      const name = entry[entry.length - 1];
      if (entry[0]) begin(entry, true);
      const target = name == 'mixpanel' ? found : stubbed[name];
      if (target?.people) lead(name, target.people, 'people');
      if (target) lead(name, target);
    }
    stubbed.init = facade.init;
    stubbed._i = entries;
  }
  for (const key of ['', ...Object.keys(found)]) {
    const live = key ? found[key] : found;
    if (live?.__loaded === true) start(live.get_config('token'), {}, key || undefined, found, true);
  }
}

// A second tag on the page finds the first, and leaves it be.
if (page.mixpanel?.__bridge) page.mixpanel.__core?.(startCore);
else {
  const before = page.mixpanel;
  try {
    options = attributes();
  } catch (error) {
    failed = error;
    refuse(error);
  }
  try {
    Object.defineProperty(page, 'mixpanel', {
      configurable: true,
      enumerable: true,
      // The library alone finds a stub: all others are to find the gate, while it is on its way too.
      get: () => (element && running() == element ? stub : facade),
      set(value) {
        if (starting) placed = value;
        else if (value != facade && value != stub) take(value);
      },
    });
    owned = true;
  } catch {
    // The page has declared it with `var`.
    try {
      page.mixpanel = facade;
    } catch (error) {
      console.warn('mixpanel-consent-bridge: bridge-late', '`window.mixpanel` cannot be written to: what stands there is shut, and its calls are lost until there is a yes. Move the tag above what defines it.', error);
    }
  }
  for (const step of [keepOut, () => take(before)])
    try {
      step();
    } catch (error) {
      // What the page has made of these is its own; the gate stands in any case.
      console.error(error);
    }
  if (document.readyState == 'loading') document.addEventListener('DOMContentLoaded', alone);
  else setTimeout(alone);
  setTimeout(() => {
    if (!Object.keys(bridges).length)
      console[waiting.length ? 'warn' : 'info']('mixpanel-consent-bridge: no-init', `The page has not called mixpanel.init(), and the tag has no \`data-token\`: Mixpanel stays off. Calls that wait for it: ${waiting.length}.`);
  }, 10000);
}
