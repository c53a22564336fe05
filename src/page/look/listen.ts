// Attaches what adapters list and what the bridge itself needs of the page. An event means
// "look again", and no more.

import { LISTEN_AFTER, LISTEN_DOCUMENT, LISTEN_WINDOW, PACE_REST, PACE_SEARCH, PACE_WATCH, type PaceNumber } from '../contract.ts';
import { type Heard, type Listen, type Program, walk } from './probe.js';

/**
 * How many events of a second are followed at once, and how often those beyond are, in milliseconds: a
 * consent manager that has gone mad may cost no more than that.
 */
const MOST = 50;
const CALM_MS = 50;
/** How often to look where somebody tells nobody of a change. Milliseconds. */
const WATCH = 1000;
/** Each so many of these looks is one at everything. */
const ALL = 10;
/**
 * How soon to look again while a consent manager may still come, or come to life: after an eighth of
 * the time that the page has been there, but no sooner and no later than this. Milliseconds.
 */
const SOONEST = 60;
const LATEST = 10000;

/** A function of the page's; in a frame it says which page above it speaks for (./frames.ts). */
type Called = ((...args: unknown[]) => unknown) & { above?: string };

/** What listens, to listen once more: document.open() takes every listener of the window away. */
const listening = new Set<() => void>();

/**
 * Listens to a DOM event, in the capture phase: before the page's own, some of which reload. In that
 * phase the window sees what is dispatched at the document too, whose methods an element that has
 * their name may stand for.
 * @param target by default the document, by the window's own methods
 */
const on = (target: EventTarget | undefined, name: string, f: (event: Event) => void, capture = true) => {
  const listen = () => addEventListener.call(target || document, name, f, capture);
  listen();
  listening.add(listen);
  return () => {
    listening.delete(listen);
    removeEventListener.call(target || document, name, f, capture);
  };
};

/** The kept fields of a payload by their dotted paths; and from whose page it came, if not from this one. */
const fields = (payload: unknown, paths: string[], above?: unknown) => {
  const kept: Record<string, unknown> = above ? { above } : {};
  for (const path of paths) {
    let value = payload;
    for (const key of path.split('.')) value = value == null ? undefined : (value as Record<string, unknown>)[key];
    if (value !== undefined) kept[path] = value;
  }
  return kept;
};

/** An argument that stands for something: an object with the callback as this method, or a kept field. */
type Standing = { m?: string; h?: string };

const args = (list: unknown[], callback: (payload: unknown) => void, last?: unknown): unknown[] =>
  list.map((arg) =>
    !arg || typeof arg != 'object' ? arg
    : Array.isArray(arg) ? args(arg, callback, last)
    : (arg as Standing).m ? { [(arg as Standing).m!]: callback }
    : (arg as Standing).h ? last && (last as Record<string, unknown>)[(arg as Standing).h!]
    : callback,
  );

/** @returns how to stop; undefined where it is not there yet */
export function attach([verb, path, given, name, paths, off, offArgs]: Listen, again: () => void, heard: Heard): (() => void) | undefined {
  if (verb == LISTEN_WINDOW || verb == LISTEN_DOCUMENT)
    return on(window, path, (event) => {
      if (name) heard[name] = fields(event, paths!);
      again();
    });
  const [owner, value] = walk(path);
  if (typeof value != 'function' || !owner) return;
  const f = value as Called;
  if (verb == LISTEN_AFTER) {
    const key = path.slice(path.lastIndexOf('.') + 1);
    const tapped = function (this: unknown, ...given: unknown[]) {
      try {
        return f.apply(this, given);
      } finally {
        again();
      }
    };
    owner[key] = tapped;
    // Only if nobody has wrapped it since; otherwise ours stays and does nothing more.
    return () => {
      if (owner[key] == tapped) owner[key] = f;
    };
  }
  let last: unknown;
  // Written out for each: some consent managers drop a callback they think they have.
  const callback = (payload: unknown) => {
    last = payload;
    if (name) heard[name] = fields(payload, paths!, f.above);
    again();
  };
  const returned = f.apply(owner, args(given!, callback));
  return () => {
    if (off === true) (returned as () => void)();
    else if (off) {
      const [owner, f] = walk(off);
      (f as Called).apply(owner, args(offArgs!, callback, last));
    }
  };
}

/** Who is told what the page does. */
export interface Told {
  /** @param kind above 0: only at what was there at the last look; below: for what was done in this tab a moment ago */
  look(kind: number): PaceNumber;
  leaving(): void;
  shown(): void;
  restored(): void;
  peer(text: string): void;
  kept(): void;
  refused(): void;
}

/** How to look for what the page answered itself, where a look is under way as well. */
export const AT_ONCE = -1;
/** How to look because a consent manager of this tab told of a change. */
const TOLD = -2;

/**
 * Watches the page for one bridge.
 * @param program as in `look`
 * @param key names the channel to the other tabs, and the kept record
 * @param flag the SDK's own stored flag
 * @param heard filled with what callbacks are called with
 * @param ownKey names the record that an instance has for itself; another, if it was begun on another
 */
export function watch(program: Program, key: string, flag: string, heard: Heard, tell: Told, ownKey: string) {
  const stops: (() => void)[] = [];
  const done = new Set<string>();
  let live = true;
  let depth = 0;
  let count = 0;
  let waiting: ReturnType<typeof setTimeout> | number = 0;
  let timer: ReturnType<typeof setTimeout> | number = 0;
  let pace: PaceNumber;
  let ticks = 0;
  const began = Date.now();
  // One that tells nobody is looked at by itself between the looks at everything.
  const tick = () => look(pace == PACE_WATCH && ++ticks % ALL);
  const look = (kind?: unknown) => {
    // Reading may make a consent manager call back; then it is read once more, afterwards. What the page answers
    // meanwhile counts at once.
    if (!live || (depth++ && kind != AT_ONCE)) return;
    clearTimeout(timer);
    let least: PaceNumber = PACE_REST;
    // Most come with an event.
    const only = (kind as number) > 0;
    try {
      if (!only)
        for (const [number, , listens] of program)
          listens.forEach((listen, index) => {
            const id = number + '.' + index;
            if (done.has(id)) return;
            try {
              const stop = attach(listen, () => told(TOLD), heard);
              if (stop) {
                done.add(id);
                stops.push(stop);
              }
            } catch {
              // It throws now; the next look tries again, and the probes say what they see.
              least = PACE_SEARCH;
            }
          });
      pace = tell.look(kind as number) || least;
      // Nobody answers in a page that nobody sees, and the other tabs tell what was answered there.
      if (pace && live && !document.hidden)
        timer = setTimeout(tick, Math.min(pace == PACE_WATCH ? WATCH : LATEST, Math.max(SOONEST, (Date.now() - began) / 8)));
    } finally {
      const again = depth > 1;
      depth = 0;
      if (again) setTimeout(look);
    }
  };
  const told = (kind?: unknown) => {
    if (!count++) setTimeout(() => (count = 0), 1000);
    if (count < MOST) look(kind);
    else waiting ||= setTimeout(() => {
      waiting = 0;
      look();
    }, CALM_MS);
  };
  // A click may have answered a consent manager that tells nobody but a cookie. What is stored by the end
  // of the click itself is seen there: a timer of the SDK's that is due, to send what it has, may be sooner.
  // Some store an answer once their server has it, so there is a second look.
  const soon = () => {
    setTimeout(look);
    setTimeout(look, WATCH);
  };
  // It was deaf, or not to be spoken to.
  const back = () => {
    tell.restored();
    look();
  };
  const opened = new MutationObserver(() => {
    listening.forEach((listen) => listen());
    look();
  });
  opened.observe(document, { childList: true });
  stops.push(
    () => opened.disconnect(),
    // A script that comes to a page at rest may be a consent manager. The window does not hear of it.
    on(undefined, 'load', ({ target }) => pace || ((target as Element).localName == 'script' && look())),
    on(window, 'visibilitychange', look),
    on(window, 'DOMContentLoaded', look),
    on(window, 'load', look),
    on(window, 'click', soon),
    on(window, 'click', look, false),
    on(window, 'keyup', soon),
    on(window, 'pagehide', () => live && tell.leaving()),
    on(window, 'pageshow', (event) => (event as PageTransitionEvent).persisted && back()),
    on(window, 'prerenderingchange', () => {
      tell.shown();
      back();
    }),
    on(window, 'storage', (event) => {
      const { key: changed, newValue } = event as StorageEvent;
      if (changed == key || changed == ownKey) tell.kept();
      else if (changed == flag && newValue == '0') tell.refused();
      else told();
    }),
  );
  if (window.cookieStore instanceof EventTarget) stops.push(on(cookieStore, 'change', told));
  let channel: BroadcastChannel | undefined;
  try {
    const made = (channel = new BroadcastChannel(key));
    stops.push(
      on(made, 'message', (event) => tell.peer(String((event as MessageEvent).data))),
      () => made.close(),
    );
  } catch {
    // Not everywhere, and not in every frame: storage events are left.
  }
  return {
    look,
    /** Tells the other tabs. */
    tell: (text: string) => channel?.postMessage(text),
    stop() {
      live = false;
      clearTimeout(timer);
      for (const stop of stops)
        try {
          stop();
        } catch {
          // Gone already.
        }
    },
  };
}
