// What it takes to drive an SDK, in a chunk of its own: a page view without a yes has no SDK,
// and does not pay for it.

import { cookies, stored } from '../look/probe.js';
import type { Drive, Gate } from '../rooms.js';
import { arrive } from './arrive.js';
import { recipes } from './mixpanel.js';
import { replay } from './replay.js';
import { sweeper } from './sweep.js';

/**
 * What Mixpanel had done on a page that had it before the bridge: no more than can still be
 * seen. Answers with how to ask for it: a request is in the browser's list when it is done.
 */
function early({ site: { token }, sdk }: Gate) {
  const { api_host } = sdk.config;
  const asked = ({ name, startTime }: PerformanceEntry) =>
    startTime < sdk.cameAt! && (/\b(mxpnl|mixpanel)\.com\//.test(name) || (api_host && name.startsWith(api_host)));
  const left = [cookies(), stored('localStorage'), stored('sessionStorage')]
    .flat()
    .map(([name]) => name)
    .filter((name) => /^(mp|__mp)/.test(name) && name.includes(token));
  const started = !!sdk.instance;
  return () => ({
    started,
    requests: performance.getEntriesByType('resource').filter(asked).map(({ name }) => name.split('?')[0]!),
    stored: left,
  });
}

export const drive: Drive = (gate, device, failed) => {
  const replayed = replay(gate);
  const arrived = arrive(gate, device, failed);
  return {
    invoke: replayed.invoke,
    sendOptIn: replayed.sendOptIn,
    siteLoaded: arrived.siteLoaded,
    seek: arrived.seek,
    carryOut: recipes(gate, device, arrived, replayed.pageView),
    sweepUp: sweeper(gate, device).sweepUp,
    seenEarly: gate.sdk.cameAt ? early(gate) : undefined,
  };
};
