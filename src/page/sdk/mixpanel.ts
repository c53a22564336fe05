// Carries out the core's commands on one instance of the Mixpanel SDK.
//
// Each command is one step of a recipe found by experiment on mixpanel-browser 2.41 to 2.83,
// module and minified builds; which steps, and in which order, is the core's
// (src/core/machine.rs). The public documentation differs in places (docs.mixpanel.com,
// "Protecting User Data"); what the SDK does counts here.

import {
  COMMAND_INIT, COMMAND_INIT_COOKIELESS, COMMAND_INIT_LOCKED, COMMAND_LOAD_FLAGS, COMMAND_LOCK, COMMAND_OPT_OUT,
  COMMAND_PAGEVIEW, COMMAND_RESET, COMMAND_START_REPLAY, COMMAND_START_SENDERS, COMMAND_STOP_REPLAY, COMMAND_STOP_SENDERS,
  COMMAND_UNLOCK, COMMAND_UNLOCK_COOKIELESS, FLOW_PASS, HAPPENING_LOAD_FAILED, HAPPENING_LOCK_REFUSED,
  OPENING_COOKIELESS, OPENING_LOCKED, OPENING_ON, type CommandLetter, type HappeningNumber, type OpeningNumber,
} from '../contract.ts';
import { cookies, item } from '../look/probe.js';
import type { Config, Device, Gate } from '../rooms.js';
import type { Arrived } from './arrive.js';
import { SITE } from './gates.js';

/**
 * What goes over the site's own configuration.
 * @param features a letter for each, `p` for those that may pass
 * @param site what the site had, for an instance that was locked; a fresh one has it by itself
 */
function over(opening: OpeningNumber, features: string, site?: Config) {
  // The decision is made elsewhere; the SDK's own switches only stand in its way. An
  // explicit yes wins over Do Not Track, and where it does not, there is no start.
  const config: Config = {
    opt_out_tracking_by_default: false,
    opt_out_persistence_by_default: false,
    ignore_dnt: true,
  };
  // The lock's, of an instance that was locked.
  if (site) config.window = site.window || null;
  const choose = (open: boolean, key: string, closed: boolean | number) => {
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
 * An address that is none. A request to it fails before it is one, and before the page's policy is asked: what the
 * SDK has checked before the no and sends after it (its recorder packs a recording in between) goes nowhere.
 */
const NOWHERE = 'https://[';
type Locked = Config & { api_hosts?: { record?: string }; [SITE]?: Config };
/** What of it says where requests go. */
type Addresses = Required<Pick<Locked, 'api_host' | 'api_hosts'>>;

/** Who the stored identity says the visitor is; nothing where there is none. */
function visitor(key: string) {
  try {
    const cookie = cookies().find(([name]) => name == key);
    const { distinct_id, $device_id } = JSON.parse((cookie ? decodeURIComponent(cookie[1]) : item(key)) || '{}') as Record<string, unknown>;
    return $device_id && { distinct_id, $device_id };
  } catch {
    // None, or one that the SDK cannot read either.
  }
  return;
}

/** What is asked of an instance. */
type MethodName =
  | 'register' | 'reset' | 'set_config' | 'opt_out_tracking' | 'stop_session_recording' | 'start_session_recording'
  | 'stop_batch_senders' | 'start_batch_senders';

/** How to do each command that needs an SDK, by its letter; answers with what happened at once, if anything did. */
export function recipes(gate: Gate, device: Device, { begin, holds, opened }: Arrived, pageView: () => void) {
  const { sdk } = gate;
  const attempt = <T>(what: string, f: () => T): T | void => {
    try {
      return f();
    } catch (error) {
      gate.report('sdk-threw', what, error);
    }
  };
  const ask = (method: MethodName, arg?: unknown) => attempt(method, () => void sdk.instance?.[method]?.(arg));
  const init = (opening: OpeningNumber, features: string) => {
    // A refusal outlives a locked start.
    if (opening != OPENING_LOCKED || !device.isRefused()) device.clearFlag();
    if (!begin(over(opening, features), opening)) return HAPPENING_LOAD_FAILED;
    // It was started locked: some versions open a database at an open start, whatever they are told.
    if (opening == OPENING_COOKIELESS) ask('set_config', over(opening, features, sdk.unlocked));
    if (opening != OPENING_LOCKED) pageView();
    // Undocumented, so it is asked.
    else if (!holds()) return HAPPENING_LOCK_REFUSED;
    return;
  };
  const locked = () => sdk.instance!.config as Locked;
  /** What the site configured. */
  const siteConfig = (): Config => ({ ...(locked()[SITE] || sdk.unlocked), ...gate.site.config });
  /** Where the instance sends to, also while it is cut off. */
  const addresses = () => {
    const config = locked();
    const { api_host, api_hosts } = config.api_hosts?.record == NOWHERE ? (config[SITE] as Locked) : config;
    return { api_host, api_hosts } as Addresses;
  };
  /** @param all all requests, and not recordings alone, which have an address of their own from 2.66 on */
  const cutOff = (all?: boolean) => {
    if (!sdk.instance) return;
    const { api_host, api_hosts } = addresses();
    // Not by set_config(), which removes the stored identity where nothing may be stored: it may be another tab's by now.
    Object.assign(locked(), { [SITE]: { ...siteConfig(), api_host, api_hosts }, api_host: all ? NOWHERE : api_host, api_hosts: { ...api_hosts, record: NOWHERE } });
  };
  const unlock = (opening: OpeningNumber, features: string) => {
    // Its init was left out, because the page's own code had ended in a no meanwhile.
    if (!sdk.instance) return init(opening, features);
    if (!opening) {
      // Another tab may have started meanwhile: one visitor, one identity.
      const other = visitor(device.identityKey());
      if (other) ask('register', other);
    }
    ask('set_config', { ...over(opening, features, siteConfig()), ...addresses() });
    if (!opening) opened();
    return;
  };

  const steps: { [letter in CommandLetter]?: (features: string) => HappeningNumber | void } = {
    [COMMAND_INIT]: (features) => init(OPENING_ON, features),
    [COMMAND_INIT_LOCKED]: () => init(OPENING_LOCKED, ''),
    [COMMAND_INIT_COOKIELESS]: () => init(OPENING_COOKIELESS, ''),
    [COMMAND_UNLOCK]: (features) => unlock(OPENING_ON, features),
    [COMMAND_UNLOCK_COOKIELESS]: () => unlock(OPENING_COOKIELESS, ''),
    [COMMAND_LOCK]() {
      sdk.lock();
      cutOff();
    },
    // With the default, the profile would be deleted, and only at the next yes.
    [COMMAND_OPT_OUT]() {
      ask('opt_out_tracking', { delete_user: false });
      cutOff(true);
    },
    [COMMAND_STOP_REPLAY]() {
      const { instance } = sdk;
      // Before 2.61 (which has tab ids) the SDK writes an error to the console where none runs.
      if (instance?.get_tab_id || instance?.get_session_recording_properties?.().$mp_replay_id) ask('stop_session_recording');
    },
    [COMMAND_RESET]: () => ask('reset'),
    [COMMAND_STOP_SENDERS]() {
      ask('stop_batch_senders');
      cutOff(true);
    },
    [COMMAND_START_SENDERS]() {
      // A site with `batch_autostart: false` starts them itself, when it wants.
      if (siteConfig().batch_autostart !== false) ask('start_batch_senders');
    },
    [COMMAND_PAGEVIEW]: pageView,
    [COMMAND_LOAD_FLAGS]() {
      const flags = sdk.instance?.flags;
      // Public since 2.78; before, the module builds have it by its own name.
      attempt('load_flags', () => void (flags?.load_flags || flags?.fetchFlags)?.call(flags));
    },
    [COMMAND_START_REPLAY]() {
      if (Math.random() * 100 < (siteConfig().record_sessions_percent as number)) ask('start_session_recording');
    },
  };
  // One that the SDK does not bear keeps none of the others from being done.
  return (command: CommandLetter, features: string) => attempt(command, () => steps[command]!(features));
}
