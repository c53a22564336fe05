// What must happen to an SDK that is on the page before the core is there: a running
// instance is locked in the same task, and a snippet's stub is emptied into the hold, so
// that the library finds nothing to start when it arrives.
//
// The lock is the SDK's own opt-out check, told to look at another `window`: an undocumented
// configuration key (mixpanel-browser, src/gdpr-utils.js) that works in 2.41 to 2.83,
// minified too, and stores nothing. The driver asks by a probe whether it holds.

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
  const instance = host.name ? sdk?.[host.name] : sdk;
  // An element with this id may have a child of that name.
  if (instance?.__loaded === true) return instance;
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

/** Whether the library has not come yet: a stub's own `init` writes to `_i`, the library's does not. */
export const waits = (stub: any) => /\b_i\b/.test(stub.init);

/**
 * Keeps a snippet's stub from being started by the library when it arrives. What waits in it is
 * taken over by the core's chunk (arrive.ts), which comes later.
 */
function capture(host: any, stub: any) {
  const init = stub.init;
  const empty = (started: any[] = []) => {
    stub._i = started.filter(
      (entry: any[]) =>
        entry[0] !== host.token ||
        (entry[entry.length - 1] || 'mixpanel') !== (host.name || 'mixpanel') ||
        !(host.config = { ...entry[1], ...host.config }),
    );
    host.take?.();
  };
  host.stub = stub;
  if (waits(stub))
    stub.init = function () {
      init.apply(stub, arguments);
      empty(stub._i);
    };
  empty(stub._i);
}
