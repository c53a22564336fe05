// Gets the SDK in whatever form the site has it, tells the core when it is there, and starts
// it when the core says so. Part of the core's chunk.

import { Native } from '../native.js';
import { waits } from './present.js';
import { HAPPENING_FOUND, HAPPENING_LOADED } from '../contract.ts';

const pause = (ms: number) => new Native((resolve) => setTimeout(resolve, ms));

/** @returns how to call `init`, or nothing where an instance runs; throws where there is no SDK */
async function find(host: any) {
  const named = (sdk: any) => (host.name ? sdk[host.name] : sdk);
  const { stub } = host;
  if (stub) {
    // The library, when it arrives, puts its own `init` there, and has then to finish starting.
    while (waits(stub)) await pause(50);
    await pause(0);
    return (config: any) => (stub.init(host.token, config, host.name), named((window as any).mixpanel));
  }
  let sdk = host.mixpanel;
  if (sdk === undefined) {
    // Whoever brings it, brings it to the global; a stub that comes first is no SDK, nor is an
    // element with this id.
    while (Array.isArray((sdk = (window as any).mixpanel)) || typeof host.unwrap(sdk)?.init != 'function') await pause(50);
  } else if (typeof sdk == 'function') sdk = await sdk();
  sdk = host.unwrap(sdk);
  const live = host.running(host, sdk);
  if (live) {
    host.target = live;
    host.lock();
    return;
  }
  if (!sdk || typeof sdk.init != 'function') throw new Error('The option `mixpanel` gave something without `init`');
  return (config: any) => sdk.init(host.token, config, host.name) || named(sdk);
}

/** Takes over a snippet's stub: the calls that wait in it, and those that the page goes on making. */
function take(host: any) {
  const { stub, held, gated } = host;
  const own = host.name ? stub[host.name] : stub;
  if (!own) return;
  // They were made before those that wait here.
  const later = held.splice(0);
  const calls = (list: any, owner?: any) => {
    for (const item of (list || []).splice(0)) gated.push(item, owner);
  };
  calls(own.people, gated.people);
  calls(own);
  held.push(...later);
  for (const key of Object.keys(own))
    if (typeof own[key] == 'function' && gated[key] && key != 'init' && key != 'push') own[key] = gated[key];
  own.push = gated.push;
  if (own.people) for (const key of Object.keys(own.people)) own.people[key] = gated.people[key] || own.people[key];
}

/** For how long at most a tab waits until no other one is starting the SDK. Milliseconds. */
const ALONE_MS = 1000;
/** How long a cookie takes until another process of the browser sees it. Milliseconds. */
const SEEN_MS = 100;

export function arrive(host: any, lock: string) {
  let init: ((config: any) => any) | undefined;
  let waiting = false;

  if (host.stub) (host.take = () => take(host))();
  /** Answers with what happened. */
  host.find = async () => ((init = await find(host)) ? HAPPENING_LOADED : HAPPENING_FOUND);
  /**
   * Tabs that hear of a first yes in one moment start one after the other: the next finds the
   * identity that this one has made. Whether it may start is decided then.
   */
  host.alone = async (start: () => void) => {
    const go = () => (start(), pause(SEEN_MS));
    try {
      await navigator.locks.request(lock, { signal: AbortSignal.timeout(ALONE_MS) }, go);
    } catch {
      // No locks here, or a tab that holds it does not get on.
      go();
    }
  };
  host.init = (over: any, early: unknown) => {
    const config = { ...host.config, ...over };
    // The site's `loaded` may identify; it is called when the SDK opens.
    waiting = !!early;
    if (early) delete config.loaded;
    if (config.batch_autostart === false) Object.assign(config, host.LOCK);
    else delete config.window;
    // Only the first view is wanted, which is that of the landing (replay.ts); the SDK would count the present address.
    if (config.track_pageview === true && !config.autocapture && host.landing && host.landing.url != location.href) config.track_pageview = false;
    try {
      // As the site has it, before the lock overwrites it.
      host.site ||= host.config;
      host.missed = config.window && 1;
      const instance = init?.(config);
      if (!instance?.set_config) throw new Error('`init` gave no instance');
      host.target = instance;
    } catch (error) {
      host.failed(error);
    }
    return !!host.target;
  };
  host.loaded = () => {
    if (!waiting) return;
    waiting = false;
    try {
      host.config.loaded?.(host.target);
    } catch (error) {
      host.report('loaded-threw', 'config.loaded', error);
    }
  };
  host.holds = () => {
    let locked = false;
    host.target.track(undefined, undefined, undefined, () => (locked = true));
    return locked;
  };
}
