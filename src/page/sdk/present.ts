// The SDK on the page, from before the core is there: a running instance is locked in the same
// task, and a snippet's stub is emptied into the hold, so that the library finds nothing to start
// when it arrives. This room owns what is known of the SDK; what others may tell it stands at the end.
//
// The lock is the SDK's own opt-out check, told to look at another `window`: an undocumented
// configuration key (mixpanel-browser, src/gdpr-utils.js) that works in 2.41 to 2.83,
// minified too, and stores nothing. The driver asks by a probe whether it holds.

import type { Driver, HeldCall, Instance, Method, Sdk, Site, Stub, StubEntry } from '../rooms.js';

const LOCK = {
  window: { doNotTrack: '1' },
  ignore_dnt: false,
  disable_persistence: true,
  flags: false,
  remote_settings_mode: 'disabled',
};

/** A module, its default, or the thing itself. */
export const unwrap = (sdk: unknown) => ((sdk && (sdk as { default?: unknown }).default) || sdk) as Instance | undefined;

/** What is known of the SDK, at the start. */
export function present(site: Site, late: boolean | undefined): Sdk {
  const sdk: Sdk = {
    config: { ...site.config },
    late,
    lockConfig: LOCK,
    lock() {
      const { instance } = sdk;
      if (!instance) return;
      if (!sdk.unlocked) {
        // One that the site has started by itself.
        sdk.unlocked = sdk.config = { ...instance.config, ...sdk.config };
        // What it has queued so far is cleared with the stop: it left no trace of a yes.
        instance.stop_batch_senders?.();
      }
      sdk.missed = true;
      instance.set_config!(LOCK);
    },
    claim(library) {
      const instance = site.name ? (library?.[site.name] as Instance | undefined) : library;
      // Another project's is that one's own; one that has not started has no token yet, nor has an element with this id.
      if (instance?.config?.token !== site.token) return false;
      sdk.instance = instance;
      sdk.lock();
      return true;
    },
  };
  return sdk;
}

/** Shuts what is on the page already. */
export function shut(site: Site, sdk: Sdk) {
  const given = site.mixpanel;
  const found = unwrap(given === undefined ? window.mixpanel : typeof given == 'object' && given);
  if (!sdk.claim(found) && Array.isArray(found) && given === undefined) capture(site, sdk, found as unknown as Stub);
}

/** Whether the library has not come yet: a stub's own `init` writes to `_i`, the library's does not. */
export const waits = (stub: Stub) => /\b_i\b/.test(stub.init as unknown as string);

/**
 * Keeps a snippet's stub from being started by the library when it arrives. What waits in it is
 * taken over by the driver (arrive.ts), which comes later.
 */
function capture({ token, name }: Site, sdk: Sdk, stub: Stub) {
  const init = stub.init as Method;
  const empty = (started: StubEntry[] = []) => {
    stub._i = started.filter(
      (entry) =>
        entry[0] !== token ||
        (entry[entry.length - 1] || 'mixpanel') !== (name || 'mixpanel') ||
        !(sdk.config = { ...entry[1], ...sdk.config }),
    );
    sdk.takeOver?.();
  };
  sdk.stub = stub;
  if (waits(stub))
    stub.init = (...args) => {
      init.apply(stub, args);
      empty(stub._i);
    };
  empty(stub._i);
}

// ---- what other rooms tell it --------------------------------------------------------------

/** Whether the bridge came to a page that had Mixpanel; when, is noted. */
export function cameLate(sdk: Sdk) {
  if (sdk.late || sdk.instance || sdk.stub) sdk.cameAt ||= performance.now();
  return sdk.cameAt;
}

/** The page's first view; `undefined` when it may not be told any more. */
export const landed = (sdk: Sdk, landing: HeldCall | undefined) => void (sdk.landing = landing);

/** A prerendered page is seen from now on. */
export const shown = (sdk: Sdk) => void (sdk.shownAt = Date.now());

/** `$opt_in` is due as soon as the SDK is open. */
export function optedIn(sdk: Sdk) {
  sdk.optInDue = true;
  if (sdk.instance) sdk.driver!.sendOptIn();
}

export const driven = (sdk: Sdk, driver: Driver) => void (sdk.driver = driver);

/** What the page's own `init()` says later than the tag's attributes. */
export const configure = (sdk: Sdk, more: object) => void Object.assign(sdk.config, more);
