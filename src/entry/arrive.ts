// Gets the SDK in whatever form the site has it, and tells the core: an instance that runs,
// or how to start one. Part of the core's chunk.

import { lock, running, unwrap } from './sdk.js';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** @returns `{live}` or `{init}`; throws where there is no SDK */
async function find(host: any) {
  const started = (sdk: any) => () => (host.name ? sdk()[host.name] : sdk());
  if (host.stub) {
    const init = await host.stub;
    const instance = started(() => (window as any).mixpanel);
    return { init: (config: any) => (init(host.token, config, host.name), instance()) };
  }
  let sdk = host.mixpanel;
  if (sdk === undefined) {
    // Whoever brings it, brings it to the global; a stub that comes first is no SDK.
    for (let waited = 0; !((sdk = (window as any).mixpanel) && !Array.isArray(sdk)); waited += 50) {
      if (waited == host.timeout - (host.timeout % 50))
        host.report('sdk-missing', 'The visitor said yes, and there is no `window.mixpanel`. Give the option `mixpanel`, or load the SDK.');
      await pause(50);
    }
  } else if (typeof sdk == 'function') sdk = await sdk();
  sdk = unwrap(sdk);
  const live = running(host, sdk);
  if (live) {
    lock(host, live);
    return { live };
  }
  if (!sdk || typeof sdk.init != 'function')
    throw new Error('The option `mixpanel` gave something that has no `init`.');
  const instance = started(() => sdk);
  return { init: (config: any) => (sdk.init(host.token, config, host.name), instance()) };
}

export function arrive(host: any, arrived: (found: any) => void) {
  host.load = (swept: any) => {
    Promise.resolve(swept)
      .then(() => find(host))
      .then(arrived, (error) => {
        host.report('sdk-failed', 'The Mixpanel SDK did not load; held calls are kept.', error);
        arrived({});
      });
  };
}
