// The gated SDK: an object with Mixpanel's shape whose calls wait, go through or are dropped
// as the core last said. It keeps what a call needs to be told later as if it were told now.

/** Each feature's methods, in the core's order of features. */
const METHODS = [
  'track track_pageview track_with_groups track_links track_forms time_event register register_once unregister set_config reset enable disable name_tag add_hook remove_hook start_batch_senders stop_batch_senders',
  'start_session_recording stop_session_recording pause_session_recording resume_session_recording',
  'identify alias set_group add_group remove_group people.set people.set_once people.unset people.increment people.append people.union people.remove people.track_charge people.clear_charges people.delete_user',
  'flags.update_context flags.load_flags',
];
const GROUP = 'set set_once unset remove union delete';
const ASKS =
  'get_config get_distinct_id get_property get_tab_id get_session_recording_properties get_session_replay_url is_recording_heatmap_data';
const VARIANTS =
  'get_variant get_variant_sync get_variant_value get_variant_value_sync is_enabled is_enabled_sync get_all_variants get_all_variants_sync are_flags_ready when_ready';

const each = (words: string, f: (word: string) => void) => words.split(' ').forEach(f);

// What the page changes after the call must not change what was called.
const copy = (value: unknown) => {
  try {
    return structuredClone(value);
  } catch {
    return value;
  }
};

export function hold(host: any) {
  const gated: any = { people: {}, flags: {} };
  const features: Record<string, number> = { __proto__: null as never };
  const held: any[] = (host.held = []);
  let draining = false;

  /** A call of the page's; what it answers while it does not go through is undefined. */
  const call = (host.call = (path: string, args: any[], group?: any[]) => {
    const feature = group ? 2 : (features[path] ?? 0);
    const flow = host.flow[feature];
    if (flow == 'p' && !draining) return host.invoke({ path, args, group, at: Date.now() });
    const last = args[args.length - 1];
    if (typeof last == 'function' && /^(track(_with_groups)?$|people|set|add_g|remove_g)/.test(path)) {
      // A page may wait for it, to follow a link say: 0 is what the SDK answers when shut.
      args = args.slice(0, -1);
      setTimeout(last, 0, 0);
    }
    if (flow == 'd') return host.trace('dropped', path);
    held.push({ path, args: args.map(copy), group, feature, at: Date.now(), url: location.href, title: document.title });
    host.trace('held', path);
    if (held.length > host.holdLimit) {
      host.trace('dropped', held.shift().path);
      host.dropped++;
    }
  });

  /** What the core says: a letter for each feature, drop, hold or pass. */
  host.gate = (flow: string) => {
    host.flow = flow;
    host.trace('gate', flow);
    if (draining) return;
    draining = true;
    for (let i = 0; i < held.length; ) {
      // Read again for each: a released call may run code of the page's that ends in a no.
      const letter = host.flow[held[i].feature];
      if (letter == 'h') i++;
      else {
        const [made] = held.splice(i, 1);
        host.trace(letter == 'p' ? 'released' : 'dropped', made.path);
        if (letter == 'p')
          try {
            host.invoke(made, true);
          } catch (error) {
            host.report('sdk-threw', made.path, error);
          }
      }
    }
    draining = false;
  };

  METHODS.forEach((words, feature) =>
    each(words, (path) => {
      features[path] = feature;
      const [owner, method] = path.split('.');
      (method ? gated[owner] : gated)[method || owner] = (...args: any[]) => call(path, args);
    }),
  );
  const live = (feature: number) => host.flow[feature] == 'p' && host.target;
  each(ASKS, (name) => {
    gated[name] = (key: string) =>
      live(0) ? host.target[name]?.(key) : name == 'get_config' ? host.config[key] : undefined;
  });
  each(VARIANTS, (name) => {
    gated.flags[name] = (...args: any[]) => {
      const sdk = live(3);
      if (sdk) return sdk.flags?.[name]?.(...args);
      // The fallback that the page gave is its answer for a shut gate.
      return /_sync$/.test(name) ? args[1] : /^are/.test(name) ? false : Promise.resolve(args[1]);
    };
  });
  gated.get_group = (...group: any[]) => {
    const proxy: any = {};
    each(GROUP, (name) => (proxy[name] = (...args: any[]) => call(name, args, group)));
    return proxy;
  };
  // As the snippet's stub takes calls: a function, a call, or a chain of two:
  // [['get_group', …], ['set', …]]. Each is the call that it stands for.
  gated.push = (item: any, owner: any = host.gated) => {
    if (typeof item == 'function') call('push', [item]);
    else if (Array.isArray(item?.[0])) gated.push(item[1], owner[item[0][0]]?.(...item[0].slice(1)));
    else if (item) owner?.[item[0]]?.(...item.slice(1));
  };
  gated.has_opted_in_tracking = () => host.flow[0] == 'p';
  gated.has_opted_out_tracking = () => host.flow[0] != 'p';
  gated.opt_in_tracking = () => host.own(true);
  gated.opt_out_tracking = () => host.own(false);
  gated.clear_opt_in_out_tracking = () => host.own();
  gated.init = () => host.report('init-ignored', 'The bridge calls init(); give it the option `config`.');
  // What has no place in the hold is the live SDK's own, and absent without one.
  host.gated = new Proxy(gated, {
    get: (methods, key) => (key in methods ? methods[key] : live(0) ? host.target[key] : undefined),
  });
}
