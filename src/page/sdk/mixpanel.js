// Carries out the core's commands on one instance of the Mixpanel SDK.
//
// Each command is one step of a recipe found by experiment on mixpanel-browser 2.41 to 2.83,
// module and minified builds; which steps, and in which order, is the core's
// (src/core/machine.rs). The public documentation differs in places (docs.mixpanel.com,
// "Protecting User Data"); what the SDK does counts here.

import {
  COMMAND_CLEAR_FLAG, COMMAND_INIT, COMMAND_INIT_COOKIELESS, COMMAND_INIT_LOCKED, COMMAND_LOAD_FLAGS, COMMAND_LOCK, COMMAND_OPT_OUT,
  COMMAND_PAGEVIEW, COMMAND_RESET, COMMAND_START_REPLAY, COMMAND_START_SENDERS, COMMAND_STOP_REPLAY, COMMAND_STOP_SENDERS,
  COMMAND_UNLOCK, COMMAND_UNLOCK_COOKIELESS, FLOW_PASS, HAPPENING_LOAD_FAILED, HAPPENING_LOCK_REFUSED,
  OPENING_COOKIELESS, OPENING_LOCKED, OPENING_ON,
} from '../contract.ts';
import { person, refused, remove } from './sweep.js';

/**
 * What goes over the site's own configuration.
 * @param {number} opening how far
 * @param {string} features a letter for each, `p` for those that may pass
 * @param {any} [site] what the site had, for an instance that was locked; a fresh one has it
 *   by itself
 */
function over(opening, features, site) {
  // The decision is made elsewhere; the SDK's own switches only stand in its way. An
  // explicit yes wins over Do Not Track, and where it does not, there is no start.
  const config = {
    opt_out_tracking_by_default: false,
    opt_out_persistence_by_default: false,
    window: null,
    ignore_dnt: true,
  };
  const choose = (open, key, closed) => {
    if (!open) config[key] = closed;
    else if (site) config[key] = site[key] || (closed === 0 ? 0 : false);
  };
  const locked = opening == OPENING_LOCKED;
  choose(!opening, 'disable_persistence', true);
  choose(features[3] == FLOW_PASS, 'flags', false);
  // A locked start keeps the percentage: the lock refuses the recorder, and what follows a
  // recording by itself is prepared at the start alone.
  choose(locked || features[1] == FLOW_PASS, 'record_sessions_percent', 0);
  if (opening) config.remote_settings_mode = 'disabled';
  if (locked) config.batch_autostart = false;
  // Events one by one: a queue would be stored.
  else if (opening && !site) config.batch_requests = false;
  return config;
}

/**
 * @param {any} host the bridge's gate, with what src/page has added to it
 * @param {ReturnType<typeof import('./sweep.js').names>} of
 * @returns {Record<string, (features: string) => number | void>} how to do each command that needs
 *   an SDK, by its letter in the contract; answers with what happened at once, if anything did
 */
export function driver(host, of) {
  const clear = () => remove(of.flag, of.domain);
  const sdk = (method, arg, target = host.target) => {
    try {
      target?.[method]?.(arg);
    } catch (error) {
      host.report('sdk-threw', method, error);
    }
  };
  const init = (opening, features) => {
    // A refusal outlives a locked start.
    if (opening != OPENING_LOCKED || !refused(of)) clear();
    if (!host.init(over(opening, features), opening)) return HAPPENING_LOAD_FAILED;
    if (opening != OPENING_LOCKED) host.pageview();
    // Undocumented, so it is asked.
    else if (!host.holds()) return HAPPENING_LOCK_REFUSED;
  };
  const unlock = (opening, features) => {
    // Its init was left out, because the page's own code had ended in a no meanwhile.
    if (!host.target) return init(opening, features);
    if (!opening) {
      // Another tab may have started meanwhile: one visitor, one identity.
      const other = person(of);
      if (other) sdk('register', other);
    }
    sdk('set_config', over(opening, features, host.site));
    if (!opening) host.loaded();
  };

  return {
    __proto__: null,
    [COMMAND_INIT]: (features) => init(OPENING_ON, features),
    [COMMAND_INIT_LOCKED]: () => init(OPENING_LOCKED, ''),
    [COMMAND_INIT_COOKIELESS]: () => init(OPENING_COOKIELESS, ''),
    [COMMAND_UNLOCK]: (features) => unlock(OPENING_ON, features),
    [COMMAND_UNLOCK_COOKIELESS]: () => unlock(OPENING_COOKIELESS, ''),
    [COMMAND_LOCK]: () => host.lock(),
    // With the default, the profile would be deleted, and only at the next yes.
    [COMMAND_OPT_OUT]: () => sdk('opt_out_tracking', { delete_user: false }),
    [COMMAND_STOP_REPLAY]: () => sdk('stop_session_recording'),
    [COMMAND_RESET]: () => sdk('reset'),
    [COMMAND_STOP_SENDERS]: () => sdk('stop_batch_senders'),
    [COMMAND_CLEAR_FLAG]: clear,
    [COMMAND_START_SENDERS]: () => sdk('start_batch_senders'),
    [COMMAND_PAGEVIEW]: () => host.pageview(),
    [COMMAND_LOAD_FLAGS]() {
      const flags = host.target?.flags;
      // Public since 2.78; before, the module builds have it by its own name.
      sdk(flags?.load_flags ? 'load_flags' : 'fetchFlags', undefined, flags);
    },
    [COMMAND_START_REPLAY]() {
      if (Math.random() * 100 < host.site?.record_sessions_percent) sdk('start_session_recording');
    },
  };
}
