// Whose a stored name is: Mixpanel's, the bridge's, or somebody else's (a consent manager's).
// Not a list of what the bridge removes; written down on its own, so that a name forgotten
// there is still noticed here. Source: src/storage, src/request-queue.js, src/recorder and
// src/flags of mixpanel-browser 2.45.0 to 2.83.0, and watching them write.

const MIXPANEL = [
  /^mp_.+_mixpanel$/, // ids and super properties
  /^mp_optout$/,
  /^mp_super_properties$/,
  /^__mp_opt_in_out_/,
  /^__mpq_/, // queues, and their locks (:X :Y :Z)
  /^__mprec_/,
  /^__mplss_/, // the probe that each init writes and removes
  /^__mptest/, // the same of older versions
  /^mp_tab_id_/,
  /^mp_gen_new_tab_id_/,
  /^mixpanel(Browser|Flags)Db$/,
];
// With a dot where it is a cookie: a colon has no place in a cookie's name.
const BRIDGE = /^mixpanel-consent-bridge([:.]|$)/;

export function owner(name) {
  if (BRIDGE.test(name)) return 'bridge';
  return MIXPANEL.some((pattern) => pattern.test(name)) ? 'mixpanel' : 'other';
}

export const optOutFlag = (token) => `__mp_opt_in_out_${token}`;
export const identityCookie = (token) => `mp_${token}_mixpanel`;
