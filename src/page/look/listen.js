// Attaches what adapters list and what the bridge itself needs of the page. An event means
// "look again", and no more.

import { walk } from './probe.js';

/**
 * How many events between two looks of the clock are followed at once, and how often those beyond
 * are, in milliseconds: a consent manager that has gone mad may cost no more than that.
 */
const MOST = 50;
const CALM_MS = 50;

/** Listens to a DOM event, in the capture phase: before the page's own, some of which reload. */
const on = (target, name, f) => {
  target.addEventListener(name, f, true);
  return () => target.removeEventListener(name, f, true);
};

/** The kept fields of a payload by their dotted paths; and from whose page it came, if not from this one. */
const fields = (payload, paths, above) => {
  const kept = above ? { above } : {};
  for (const path of paths) {
    let value = payload;
    for (const key of path.split('.')) value = value == null ? undefined : value[key];
    if (value !== undefined) kept[path] = value;
  }
  return kept;
};

const args = (list, callback, last) =>
  list.map((arg) =>
    !arg || typeof arg != 'object' ? arg
    : Array.isArray(arg) ? args(arg, callback, last)
    : arg.m ? { [arg.m]: callback }
    : arg.h ? last && last[arg.h]
    : callback,
  );

/** @returns {(() => void) | undefined} how to stop; undefined where it is not there yet */
function attach([verb, path, given, name, paths, off, offArgs], again, heard) {
  if (verb == 'w' || verb == 'd')
    return on(verb == 'w' ? window : document, path, (event) => {
      if (name) heard[name] = fields(event, paths);
      again();
    });
  const [owner, f] = walk(path);
  if (typeof f != 'function') return;
  if (verb == 't') {
    const key = path.slice(path.lastIndexOf('.') + 1);
    const tapped = function () {
      try {
        return f.apply(this, arguments);
      } finally {
        again();
      }
    };
    owner[key] = tapped;
    // Only if nobody has wrapped it since; otherwise ours stays and does nothing more.
    return () => owner[key] == tapped && (owner[key] = f);
  }
  let last;
  // Written out for each: some consent managers drop a callback they think they have.
  const callback = (payload) => {
    last = payload;
    if (name) heard[name] = fields(payload, paths, f.above);
    again();
  };
  const returned = f.apply(owner, args(given, callback));
  return () => {
    if (off === true) returned();
    else if (off) {
      const [owner, f] = walk(off);
      f.apply(owner, args(offArgs, callback, last));
    }
  };
}

/**
 * Watches the page for one bridge.
 * @param {any[]} program as in `look`
 * @param {string} key names the channel to the other tabs, and the kept record
 * @param {string} flag the SDK's own stored flag
 * @param {Record<string, unknown>} heard filled with what callbacks are called with
 * @param {{look(): void, leaving(): void, shown(): void, restored(): void, peer(text: string): void,
 *   kept(text: string): void, refused(): void}} tell
 */
export function watch(program, key, flag, heard, tell) {
  const stops = [];
  const done = new Set();
  let live = true;
  let depth = 0;
  let count = 0;
  let waiting = 0;
  const look = () => {
    // Reading may make a consent manager call back; then it is read once more, afterwards.
    if (!live || depth++) return;
    try {
      for (const [number, , listens] of program)
        listens.forEach((listen, index) => {
          const id = number + '.' + index;
          if (done.has(id)) return;
          try {
            const stop = attach(listen, told, heard);
            if (stop) {
              done.add(id);
              stops.push(stop);
            }
          } catch {
            // It throws now; the next look tries again, and the probes say what they see.
          }
        });
      tell.look();
    } finally {
      const again = depth > 1;
      depth = 0;
      if (again) setTimeout(look);
    }
  };
  const told = () => {
    if (++count < MOST) look();
    else waiting ||= setTimeout(() => {
      waiting = 0;
      look();
    }, CALM_MS);
  };
  // A click may have answered a consent manager that tells nobody but a cookie.
  const soon = () => setTimeout(look);
  // It was deaf, or not to be spoken to.
  const back = () => {
    tell.restored();
    look();
  };
  stops.push(
    on(document, 'visibilitychange', look),
    on(document, 'DOMContentLoaded', look),
    on(window, 'load', look),
    on(document, 'click', soon),
    on(document, 'keyup', soon),
    on(window, 'pagehide', () => live && tell.leaving()),
    on(window, 'pageshow', (event) => event.persisted && back()),
    on(document, 'prerenderingchange', () => {
      tell.shown();
      back();
    }),
    on(window, 'storage', ({ key: changed, newValue }) => {
      if (changed == key) tell.kept(newValue || '');
      else if (changed == flag && newValue == '0') tell.refused();
      else told();
    }),
  );
  if (window.cookieStore?.addEventListener) stops.push(on(cookieStore, 'change', told));
  let channel;
  try {
    channel = new BroadcastChannel(key);
    stops.push(
      on(channel, 'message', ({ data }) => tell.peer(String(data))),
      () => channel.close(),
    );
  } catch {
    // Not everywhere, and not in every frame: storage events are left.
  }
  return {
    look() {
      count = 0;
      look();
    },
    /** Tells the other tabs. */
    tell: (text) => channel?.postMessage(text),
    stop() {
      live = false;
      for (const stop of stops)
        try {
          stop();
        } catch {
          // Gone already.
        }
    },
  };
}
