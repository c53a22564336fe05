// What must happen to an SDK that is on the page before the core is there: a running
// instance is locked in the same task, and a snippet's stub is emptied into the hold, so
// that the library finds nothing to start when it arrives.
//
// The lock is the SDK's own opt-out check, told to look at another `window`: an undocumented
// configuration key (mixpanel-browser, src/gdpr-utils.js) that works in 2.41 to 2.83,
// minified too, and stores nothing. The driver asks by a probe whether it holds.

import { Native } from '../js/native.js';

export const LOCK = {
  window: { doNotTrack: '1' },
  ignore_dnt: false,
  disable_persistence: true,
  flags: false,
  remote_settings_mode: 'disabled',
};

/** Locks the bridge's instance. */
export function lock(host: any) {
  const sdk = host.target;
  if (!sdk) return;
  if (!host.site) {
    // One that the site has started by itself.
    host.site = host.config = { ...sdk.config, ...host.config };
    // What it has queued so far is cleared with the stop: it left no trace of a yes.
    sdk.stop_batch_senders?.();
  }
  host.missed = 1;
  sdk.set_config(LOCK);
}

/** A module, its default, or the thing itself. */
export const unwrap = (sdk: any) => (sdk && sdk.default) || sdk;

/** The instance with the bridge's name, if it runs. */
export const running = (host: any, sdk: any) => {
  const instance = host.name ? sdk && sdk[host.name] : sdk;
  return instance && instance.__loaded ? instance : undefined;
};

/** Shuts what is on the page already. */
export function shut(host: any) {
  const given = host.mixpanel;
  const sdk = unwrap(given === undefined ? (window as any).mixpanel : typeof given == 'object' && given);
  const live = running(host, sdk);
  if (live) {
    host.target = host.live = live;
    lock(host);
  } else if (Array.isArray(sdk) && given === undefined) {
    capture(host, sdk);
  }
}

/** Takes over a snippet's stub: its instances to start, and the calls that wait in it. */
function capture(host: any, stub: any) {
  const take = () => {
    const mine = (entry: any[]) =>
      entry[0] === host.token && (entry[entry.length - 1] || 'mixpanel') === (host.name || 'mixpanel');
    stub._i = (stub._i || []).filter((entry: any[]) => {
      if (!mine(entry)) return true;
      host.config = { ...entry[1], ...host.config };
    });
    const own = host.name ? stub[host.name] : stub;
    if (!own) return;
    const calls = (list: any, owner?: any) => {
      for (const item of (list || []).splice(0)) host.gated.push(item, owner);
    };
    calls(own.people, host.gated.people);
    calls(own);
    for (const key of Object.keys(own))
      if (typeof own[key] == 'function' && host.gated[key] && key != 'init' && key != 'push') own[key] = host.gated[key];
    own.push = host.gated.push;
    if (own.people) for (const key of Object.keys(own.people)) own.people[key] = host.gated.people[key] || own.people[key];
  };
  const init = stub.init;
  let library: any;
  host.stub = new Native((resolve) => {
    // A stub's own `init` writes to `_i`; the library's, which has come before us, does not.
    if (!/\b_i\b/.test(String(init))) return resolve((...args: any[]) => init.apply(stub, args));
    // The library, when it arrives, puts its own `init` here; until then the page's calls
    // of it are taken over as they come.
    Object.defineProperty(stub, 'init', {
      configurable: true,
      get: () =>
        function (this: any, ...args: any[]) {
          const result = (library || init).apply(stub, args);
          if (!library) take();
          return result;
        },
      set(given) {
        library = given;
        // After the library has finished starting.
        setTimeout(resolve, 0, (...args: any[]) => given.apply(stub, args));
      },
    });
  });
  take();
}
