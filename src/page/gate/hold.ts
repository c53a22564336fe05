// The gated SDK: an object with Mixpanel's shape whose calls wait, go through or are dropped
// as the core last said. It keeps what a call needs to be told later as if it were told now.

import { FLOW_DROP, FLOW_HOLD, FLOW_PASS, SITE_ANSWER_DENY, SITE_ANSWER_FORGET, SITE_ANSWER_GRANT } from '../contract.ts';

// A method is known by how its name is made, not by a list: one that a later SDK brings waits
// like the others, where an absent one would throw in the page. What is no method of the SDK's
// to hold (`config`, `then`, private names) is the live SDK's own, and absent without one.
// The names of people and of the SDK itself are not told apart: what the owner has not, does nothing.
const METHOD = /^[a-z]+_[a-z_]+$|^(track|identify|alias|(un)?(register|set)|reset|enable|disable|increment|append|union|remove|delete)$/;
const ASKS = /^(get|is|are|when)_/;

/** Which feature a method belongs to, by its number in the core. */
const featureOf = (path: string) =>
  /session_recording$/.test(path) ? 1
  : /^(identify|alias|people|(set|add|remove)_group$)/.test(path) ? 2
  : /^flags/.test(path) ? 3
  : 0;

// What the page changes after the call must not change what was called. A reactive object of a
// framework's cannot be cloned, and is taken as it would be sent; an element stays what it is.
const copy = (value: any) => {
  try {
    return structuredClone(value);
  } catch {
    try {
      return value.length || value.nodeType ? value : JSON.parse(JSON.stringify(value));
    } catch {
      return value;
    }
  }
};

export function hold(host: any) {
  const held: any[] = (host.held = []);

  /** A call of the page's; what it answers while it does not go through is undefined. */
  const call = (host.call = (path: string, args: any[], group?: any[]) => {
    const feature = group ? 2 : featureOf(path);
    const flow = host.flow[feature];
    if (flow == FLOW_PASS && !host.releasing) return host.invoke({ path, args, group, at: Date.now() });
    const last = args[args.length - 1];
    if (typeof last == 'function' && /^(track(_with_groups)?$|people|set|add_g|remove_g)/.test(path)) {
      // A page may wait for it, to follow a link say: 0 is what the SDK answers when shut.
      args = args.slice(0, -1);
      setTimeout(last, 0, 0);
    }
    if (flow == FLOW_DROP) return host.trace('dropped', path);
    held.push({ path, args: args.map(copy), group, feature, at: Date.now(), url: location.href, title: document.title });
    host.trace('held', path);
    if (held.length > host.holdLimit) {
      host.trace('dropped', held.shift().path);
      host.dropped++;
    }
  });

  const live = (feature: number) => host.flow[feature] == FLOW_PASS && host.target;
  /** The SDK or a part of it. `ask`: what answers for a method that gives something back. */
  const shape = (own: any, path: string, ask?: any, group?: any[]) =>
    new Proxy(own, {
      get(own, key) {
        if (key in own) return own[key];
        const name = String(key);
        if (METHOD.test(name))
          return (own[key] = (...args: any[]) => (ask && ASKS.test(name) ? ask(name, args) : call(path + name, args, group)));
        return path || group || !live(0) ? undefined : host.target[key];
      },
    });
  const gated: any = {
    people: shape({}, 'people.'),
    flags: shape({}, 'flags.', (name: string, args: any[]) => {
      const sdk = live(3);
      if (sdk) return sdk.flags?.[name]?.(...args);
      // The fallback that the page gave is its answer for a shut gate.
      return /_sync$/.test(name) ? args[1] : /^are/.test(name) ? false : Promise.resolve(args[1]);
    }),
    get_group: (...group: any[]) => shape({}, '', 0, group),
  };
  // As the snippet's stub takes calls: a function, a call, or a chain of two:
  // [['get_group', …], ['set', …]]. Each is the call that it stands for.
  gated.push = (item: any, owner: any = host.gated) => {
    if (typeof item == 'function') call('push', [item]);
    else if (Array.isArray(item?.[0])) gated.push(item[1], owner[item[0][0]]?.(...item[0].slice(1)));
    else if (item) owner?.[item[0]]?.(...item.slice(1));
  };
  gated.has_opted_in_tracking = () => host.flow[0] == FLOW_PASS;
  gated.has_opted_out_tracking = () => host.flow[0] == FLOW_DROP;
  gated.opt_in_tracking = () => host.own(SITE_ANSWER_GRANT);
  gated.opt_out_tracking = () => host.own(SITE_ANSWER_DENY);
  gated.clear_opt_in_out_tracking = () => host.own(SITE_ANSWER_FORGET);
  gated.init = () => host.report('init-ignored', 'The bridge calls init(): see the option `config`.');
  host.gated = shape(gated, '', (name: string, args: any[]) =>
    live(0) ? host.target[name]?.(...args) : name == 'get_config' ? host.config[args[0]] : undefined,
  );
}

/** How the core opens and shuts the gate. Called where the core is, so it is in that chunk. */
export function release(host: any) {
  const { held } = host;
  /** A letter for each feature, drop, hold or pass. */
  host.gate = (flow: string) => {
    host.flow = flow;
    host.trace('gate', flow);
    if (host.releasing) return;
    host.releasing = true;
    for (let i = 0; i < held.length; ) {
      // Read again for each: a released call may run code of the page's that ends in a no.
      const letter = host.flow[held[i].feature];
      if (letter == FLOW_HOLD) i++;
      else {
        const [made] = held.splice(i, 1);
        host.trace(letter == FLOW_PASS ? 'released' : 'dropped', made.path);
        if (letter == FLOW_PASS)
          try {
            host.invoke(made, true);
          } catch (error) {
            host.report('sdk-threw', made.path, error);
          }
      }
    }
    host.releasing = false;
  };
}
