// What the Mixpanel SDK keeps on the device, and what that says; and how its flag is removed. Removing
// the rest is sweep.ts, and the names were found as it says there.

import { cookies, item, stored } from '../look/probe.js';
import type { Device, Gate } from '../rooms.js';

const jar = (): Record<string, string | undefined> => Object.fromEntries(cookies());
const local = (): Record<string, string | undefined> => Object.fromEntries(stored('localStorage'));

/**
 * Removes a cookie or a key, only where there is one. A cookie is expired on this host and
 * on every parent domain that could hold it: the SDK guesses the domain, and a guess by the
 * same rule would miss those that it guessed wrong.
 */
export function remove(name: string, domain: unknown) {
  if (name in local()) localStorage.removeItem(name);
  if (!(name in jar())) return;
  const labels = location.hostname.split('.');
  const domains = ['', domain, ...labels.map((_, i) => labels.slice(i).join('.'))];
  for (const domain of domains)
    // In a frame of another site only the latter may be written, and on http only the former.
    for (const site of ['', '; SameSite=None; Secure'])
      document.cookie =
        name + '=; path=/; expires=Thu, 01 Jan 1970 00:00:00 GMT' + (domain ? '; domain=' + domain : '') + site;
}

/** The device, as far as it has entries of one instance's. */
export function device({ site: { token }, sdk }: Gate): Device {
  const identityKey = () => 'mp_' + (sdk.config.persistence_name || sdk.config.cookie_name || token + '_mixpanel');
  const flagKey = () => ((sdk.config.opt_out_tracking_cookie_prefix as string | undefined) || '__mp_opt_in_out_') + token;
  return {
    identityKey,
    flagKey,
    clearFlag: () => remove(flagKey(), sdk.config.cookie_domain),
    isRefused: () => [local()[flagKey()], jar()[flagKey()]].includes('0'),
    isKnown: () => identityKey() in { ...local(), ...jar() },
    // Asked each second, so no more is read.
    hasQueue: () => ['_ev', '_pp', '_gr'].some((end) => item('__mpq_' + token + end)),
  };
}
