// Mixpanel's place while the tag starts, and for good where it cannot: on a page whose scripts have
// frozen or replaced what every script takes for granted. Without this the snippet below would find
// the place empty, and track everybody. It is evaluated before all else (the first import of tag.ts),
// and uses nothing that could be missing.

const METHODS =
  'push track track_pageview track_links track_forms track_with_groups identify alias name_tag register register_once unregister time_event reset disable enable ' +
  'set_config get_config get_property get_distinct_id set_group add_group remove_group opt_in_tracking opt_out_tracking has_opted_in_tracking clear_opt_in_out_tracking ' +
  'start_batch_senders stop_batch_senders start_session_recording stop_session_recording add_hook remove_hook';
const PEOPLE = 'push set set_once unset increment append union remove track_charge clear_charges delete_user';

type Shut = Record<string, unknown>;

const shut = (names: string): Shut => {
  const made = { __proto__: null } as Shut;
  for (const name of names.split(' ')) made[name] = () => {};
  return made;
};

/** What stood at Mixpanel's place before the tag. */
export const before = window.mixpanel;

/** Whether another tag has it already, and is told by this one's that it is there. */
export let taken = false;
try {
  // An element that has this name inside a form is not `true`; a frame of another site, or what the page has made there, may throw.
  taken = (before as { __bridge?: unknown } | undefined)?.__bridge === true;
} catch {
  // It is no tag.
}

if (!taken)
  try {
    const closed = shut(METHODS);
    closed.people = closed.group = shut(PEOPLE);
    closed.flags = { __proto__: null };
    closed.get_group = () => closed.group;
    closed.has_opted_out_tracking = () => true;
    // By this the snippet takes itself for having run.
    closed.__SV = 1.2;
    closed._i = [];
    closed.init = (_: string, __?: object, name?: string) => name && (closed[name] = closed);
    closed.toString = () => 'mixpanel';
    window.mixpanel = closed;
  } catch {
    // It cannot be written to; the tag says so.
  }
