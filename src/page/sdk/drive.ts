// What it takes to drive an SDK, in a chunk of its own: a page view without a yes has no SDK,
// and does not pay for it.

import { driver } from './mixpanel.js';
import { cookies, stored } from '../look/probe.js';
import { arrive } from './arrive.js';
import { replay } from './replay.js';

/**
 * What Mixpanel had done on a page that had it before the bridge: no more than can still be
 * seen. Answers with how to ask for it: a request is in the browser's list when it is done.
 */
function early(host: any) {
  const { api_host } = host.config;
  const asked = ({ name, startTime }: any) =>
    startTime < host.came && (/\b(mxpnl|mixpanel)\.com\//.test(name) || (api_host && name.startsWith(api_host)));
  const left = [cookies(), stored('localStorage'), stored('sessionStorage')]
    .flat()
    .map(([name]: any) => name)
    .filter((name) => /^(mp|__mp)/.test(name) && name.includes(host.token));
  return () => ({
    started: !!host.live,
    requests: performance.getEntriesByType('resource').filter(asked).map(({ name }) => name.split('?')[0]),
    stored: left,
    toString() {
      return `Mixpanel was here before the bridge: ${JSON.stringify(this)}`;
    },
  });
}

/** @returns how to do the core's commands on it, by name */
export function drive(host: any, of: any) {
  if (host.came) host.early = early(host);
  replay(host);
  arrive(host, of.identity);
  return driver(host, of);
}
