// Gets the SDK in whatever form the site has it, tells the core when it is there, and starts
// it when the core says so. Part of the driver's chunk.

import { HAPPENING_FOUND, HAPPENING_LOADED, OPENING_ON, type OpeningNumber } from '../contract.ts';
import { Native } from '../native.js';
import type { Config, Device, Gate, Instance, Item, Part, Sdk, Site, Stub } from '../rooms.js';
import { LIBRARY, type Offering, isGate } from './gates.js';
import { unwrap, waits } from './present.js';

type Init = (config: Config) => Instance | undefined;

/** A gate in the SDK's place would be told its own calls, without an end, or another project's. */
function refuseGate(found: unknown) {
  if (isGate(found)) throw new Error('`mixpanel` is what connect() or the tag has made, and not the SDK');
}

const pause = (ms: number) => new Native<void>((resolve) => setTimeout(resolve, ms));

const named = (library: Instance, name: string | undefined) => (name ? (library[name] as Instance) : library);

/** @returns how to call the library's `init`, or nothing where an instance runs; throws where it is no SDK */
function initOf({ site: { token, name }, sdk }: Gate, given: unknown): Init | undefined {
  const found = unwrap(given);
  // What a bundler makes of a CommonJS module that says it was an ES module has its default twice.
  const library = typeof found?.init == 'function' ? found : unwrap(found);
  refuseGate(library);
  if (sdk.claim(library)) return;
  if (typeof library?.init != 'function') throw new Error('`mixpanel` has no `init`');
  return (config) => library.init!(token, config, name) || named(library, name);
}

/** Where the tag has Mixpanel's place, it brings the library for this bridge too. */
const broughtBy = (given: unknown) => (given as Offering | null | undefined)?.[LIBRARY];

/** What the site has at this moment: the library, a promise of it, or what stands in its place. */
const offered = ({ mixpanel }: Site): unknown => {
  const given = typeof mixpanel == 'function' ? (mixpanel as () => unknown)() : mixpanel === undefined ? window.mixpanel : mixpanel;
  return broughtBy(given)?.() || given;
};

/**
 * Whether what was offered is not the library yet. A function may hand out a stub, whose library is on its way.
 * Whoever brings it to the global brings it there; a stub that comes first is no SDK, nor is an element with this id.
 */
const isOnItsWay = ({ mixpanel }: Site, given: unknown) =>
  typeof mixpanel == 'function' ? Array.isArray(given) && waits(given as unknown as Stub)
  : mixpanel === undefined && (Array.isArray(given) || typeof unwrap(given)?.init != 'function');

/**
 * Waits for the library.
 * @param given what the site offered first
 */
async function find(gate: Gate, given: unknown): Promise<Init | undefined> {
  const { site, sdk } = gate;
  const { stub } = sdk;
  if (stub) {
    // The library, when it arrives, puts its own `init` there, and has then to finish starting.
    while (waits(stub)) await pause(50);
    await pause(0);
    // The tag may have come in between, and have the stub by now.
    if (!broughtBy(window.mixpanel)) return (config) => (stub.init!(site.token, config, site.name), named(window.mixpanel as Instance, site.name));
  }
  let library: unknown;
  while (isOnItsWay(site, (library = await given))) {
    await pause(50);
    given = offered(site);
  }
  return initOf(gate, library);
}

/** Takes over a snippet's stub: the calls that wait in it, and those that the page goes on making. */
function take({ site: { name }, calls: { held }, gated }: Gate, stub: Stub) {
  const own = name ? (stub as unknown as Record<string, Stub | undefined>)[name] : stub;
  if (!own) return;
  const methods = own as unknown as Record<string, unknown>;
  // They were made before those that wait here.
  const later = held.splice(0);
  const tell = (list: Item[] | undefined, owner?: Part) => {
    for (const item of (list || []).splice(0)) gated.push(item, owner);
  };
  tell(own.people, gated.people);
  tell(own);
  held.push(...later);
  for (const key of Object.keys(own))
    if (typeof methods[key] == 'function' && gated[key] && key != 'init' && key != 'push') methods[key] = gated[key];
  methods.push = gated.push;
  const people = own.people as unknown as Record<string, unknown>;
  if (people) for (const key of Object.keys(people)) people[key] = gated.people[key] || people[key];
}

/** For how long at most a tab waits until no other one is starting the SDK. Milliseconds. */
const ALONE_MS = 1000;
/** How long a start waits for the databases of an earlier visit. Milliseconds. */
const SWEPT_MS = 1000;
/** How long a cookie takes until another process of the browser sees it. Milliseconds. */
const SEEN_MS = 100;

/**
 * A start that may store nothing finds stored what it writes, and it is not: the SDK tries the storage
 * with a key of its own, and from 2.61 to 2.69 writes this tab's ids, whatever it is told.
 */
function untold<T>(start: () => T) {
  const storage = Storage.prototype;
  const { setItem, getItem } = storage;
  const kept: Record<string, string> = { __proto__: null as never };
  try {
    storage.setItem = function (key, value) {
      if (/^_*mp/.test(key)) kept[key] = value;
      else setItem.call(this, key, value);
    };
    storage.getItem = function (key) {
      return kept[key] ?? getItem.call(this, key);
    };
    return start();
  } finally {
    storage.setItem = setItem;
    storage.getItem = getItem;
  }
}

/** How the recipes start an SDK. */
export type Arrived = ReturnType<typeof arrive>;

export function arrive(gate: Gate, device: Device, failed: (error: unknown) => void) {
  const sdk: Sdk = gate.sdk;
  const { stub } = sdk;
  let init: Init | undefined;
  /** What the site's `loaded` waits for. */
  let waiting: '' | 'opening' | 'calls' = '';

  if (stub) (sdk.takeOver = () => take(gate, stub))();
  const happened = (found: Init | undefined) => ((init = found) ? HAPPENING_LOADED : HAPPENING_FOUND);
  /**
   * Tabs that hear of a first yes in one moment start one after the other: the next finds the
   * identity that this one has made. Resolves when this tab may start, with what an earlier visit left gone.
   */
  const alone = (gone?: Promise<void>) => new Native<void>((resolve) => {
    const go = async () => {
      await gone;
      resolve();
      await pause(SEEN_MS);
    };
    const request = async () => navigator.locks.request(device.identityKey(), { signal: AbortSignal.timeout(ALONE_MS) }, go);
    // No locks here, or a tab that holds it does not get on.
    request().catch(go);
  });
  return {
    seek(swept: Promise<void> | undefined, here: boolean) {
      let given: unknown;
      try {
        given = stub || offered(gate.site);
        if (here && !swept && !stub && typeof (given as Partial<Promise<unknown>> | undefined)?.then != 'function' && !isOnItsWay(gate.site, given)) {
          const at = happened(initOf(gate, given));
          // Other tabs hear of this yes later, and wait; who has said it does not wait for them.
          alone();
          return at;
        }
      } catch (error) {
        given = Native.reject(error);
      }
      // A database that is not opened in time is one that another page keeps from opening, from the SDK as well.
      const gone = Native.race([swept, pause(SWEPT_MS)]);
      return find(gate, given).then(async (found) => {
        await alone(gone);
        return happened(found);
      });
    },
    /** Starts an instance; says whether that worked. */
    begin(over: Config, opening: OpeningNumber) {
      const config: Config = { ...sdk.config, ...over };
      // The site's `loaded` may identify, and is given the gated SDK: it is called when calls pass.
      delete config.loaded;
      waiting = opening == OPENING_ON ? 'calls' : 'opening';
      const locked = opening != OPENING_ON;
      if (locked) Object.assign(config, sdk.lockConfig);
      // Only the first view is wanted, which is that of the landing (replay.ts); the SDK would count the present address.
      if (config.track_pageview === true && !config.autocapture && sdk.landing && sdk.landing.url != location.href) config.track_pageview = false;
      try {
        // As the site has it, before the lock overwrites it.
        sdk.unlocked ||= sdk.config;
        sdk.missed = locked;
        const instance = locked ? untold(() => init?.(config)) : init?.(config);
        refuseGate(instance);
        // Where one runs already, the SDK gives that, whatever token it is asked for. One that says none stands for the SDK in a site's tests.
        const { token } = gate.site;
        if (!instance?.set_config || (instance.config?.token ?? token) != token) throw new Error('`init` gave no instance of this token: it needs a `name`');
        sdk.instance = instance;
      } catch (error) {
        failed(error);
      }
      return !!sdk.instance;
    },
    /** An instance that was locked opens. */
    opened() {
      if (waiting == 'opening') waiting = 'calls';
    },
    siteLoaded() {
      if (waiting != 'calls') return;
      waiting = '';
      try {
        sdk.config.loaded?.(gate.gated as unknown as Instance);
      } catch (error) {
        gate.report('loaded-threw', 'config.loaded', error);
      }
    },
    /** Whether the lock holds. */
    holds() {
      let locked = false;
      sdk.instance!.track!(undefined, undefined, undefined, () => (locked = true));
      return locked;
    },
  };
}
