// What runs in every frame before the page's own scripts, and tells what the page writes to the
// device and what it asks for, also what is undone in the same task. It changes no outcome but one:
// what a page sends to Mixpanel while it goes away passes by the command, which is to answer it
// (DESIGN.md), so that is told and not sent. It judges nothing. The tests' own hooks
// (tests/browser/harness/hooks.mjs) are apart from these, so that a mistake here is seen there.
//
// How it tells: through the console, under a word that only this visit knows. There is no function in
// the page for others to call, and what the browser says of a call to console.trace() has the whole
// stack, over timers and promises.
//
// Not seen: `localStorage.name = value` (the end of a visit shows it), and what a worker does.

import { request } from './mixpanel.ts';

/** What is kept for `page.ts`, under a name that differs from visit to visit. */
export interface Kept {
  instances: unknown[];
}

/** Bounds on what one frame tells: a page may write for hours, and the first so many say enough. */
const MOST = 5_000;
const LONGEST = 20_000;
const VALUE = 40;

type Detail = Record<string, unknown>;

/**
 * @param secret the word before each thing that is told
 * @param key where `Kept` is
 * @param letThrough whether what goes to Mixpanel may reach it
 */
export function install(secret: string, key: string, letThrough: boolean): void {
  // The page may put others in their place later.
  const { trace } = console;
  const { stringify } = JSON;
  const { now } = Date;
  const { apply, construct } = Reflect;
  const { defineProperty, getOwnPropertyDescriptor } = Object;

  const kept: Kept = { instances: [] };
  defineProperty(globalThis, key, { value: kept });
  const main = (() => {
    try {
      return window == window.top;
    } catch {
      return false;
    }
  })();
  const frame = Math.random().toString(36).slice(2);
  let told = 0;
  // What a page tells while it goes away is heard by nobody. It waits in the tab's own storage for the
  // next page of this site, where this script comes first and takes it away.
  const { getItem, setItem, removeItem } = Storage.prototype;
  const outbox: string[] = [];
  let leaving = false;
  const waiting = (): string | null => apply(getItem, sessionStorage, [key]) as string | null;
  try {
    const left: unknown = JSON.parse(waiting() ?? '[]');
    apply(removeItem, sessionStorage, [key]);
    if (Array.isArray(left)) for (const text of left) trace(secret, text);
  } catch {
    // This page has no storage, so nothing waits there.
  }
  window.addEventListener('pagehide', () => {
    leaving = true;
    try {
      const before: unknown = JSON.parse(waiting() ?? '[]');
      if (Array.isArray(before)) outbox.push(...before.map(String));
    } catch {
      // This page has no storage: what waits there is not known.
    }
  }, true);
  window.addEventListener('pageshow', () => (leaving = false), true);
  const tell = (kind: string, detail: Detail): void => {
    if (told++ > MOST) return;
    const text = stringify({ kind, id: `${frame}.${told}`, at: now(), main, page: location.href, ...detail });
    trace(secret, text);
    if (!leaving || outbox.length > 200) return;
    outbox.push(text);
    try {
      apply(setItem, sessionStorage, [key, stringify(outbox)]);
    } catch {
      // This page has no storage: what is told while it goes away is lost.
    }
  };

  /** Calls `before` in front of a function, which still looks and prints as it did. */
  function wrap(owner: object | undefined, name: string, before: (self: unknown, args: unknown[]) => unknown[] | void): void {
    const descriptor = owner && getOwnPropertyDescriptor(owner, name);
    const real: unknown = descriptor?.value;
    if (!owner || !descriptor || typeof real != 'function') return;
    defineProperty(owner, name, {
      ...descriptor,
      value: new Proxy(real, {
        apply(target, self: unknown, args: unknown[]) {
          let given = args;
          try {
            given = before(self, args) ?? args;
          } catch {
            // Telling may fail. The page's own call is made all the same.
          }
          return apply(target, self, given);
        },
      }),
    });
  }

  const cookie = getOwnPropertyDescriptor(Document.prototype, 'cookie');
  if (cookie?.set)
    defineProperty(Document.prototype, 'cookie', {
      ...cookie,
      set: new Proxy(cookie.set, {
        apply(target, self: unknown, args: unknown[]) {
          try {
            const [pair = '', ...more] = String(args[0]).split(';');
            const given = new Map(more.map((one) => one.trim().split('=')).map(([name = '', value = '']) => [name.toLowerCase(), value]));
            const age = given.get('max-age');
            const gone = age === undefined ? Date.parse(given.get('expires') ?? '') <= now() : Number(age) <= 0;
            const at = pair.indexOf('=');
            tell(gone ? 'remove' : 'write', { area: 'cookie', name: pair.slice(0, at).trim(), value: pair.slice(at + 1).trim().slice(0, VALUE) });
          } catch {
            // Telling may fail. The page's own call is made all the same.
          }
          return apply(target, self, args);
        },
      }),
    });
  const store: { prototype: object } | undefined = (globalThis as { CookieStore?: { prototype: object } }).CookieStore;
  if (store) {
    const field = (first: unknown, name: string): string => String(typeof first == 'object' && first ? (first as Detail)[name] : first);
    wrap(store.prototype, 'set', (_, [first, value]) => tell('write', { area: 'cookie', name: field(first, 'name'), value: (value === undefined ? field(first, 'value') : String(value)).slice(0, VALUE) }));
    wrap(store.prototype, 'delete', (_, [first]) => tell('remove', { area: 'cookie', name: field(first, 'name') }));
  }

  const area = (self: unknown): string => {
    try {
      return self === localStorage ? 'local' : 'session';
    } catch {
      return 'session';
    }
  };
  wrap(Storage.prototype, 'setItem', (self, [name, value]) => tell('write', { area: area(self), name: String(name), value: String(value).slice(0, VALUE) }));
  wrap(Storage.prototype, 'removeItem', (self, [name]) => {
    // Removing what is not there changes nothing.
    if (apply(getItem, self, [String(name)]) !== null) tell('remove', { area: area(self), name: String(name) });
  });

  for (const verb of ['put', 'add'])
    wrap(IDBObjectStore.prototype, verb, (self) => {
      const { name, transaction } = self as IDBObjectStore;
      tell('write', { area: 'database', name: transaction.db.name, value: name });
    });
  wrap(IDBDatabase.prototype, 'createObjectStore', (self, [name]) => tell('write', { area: 'database', name: (self as IDBDatabase).name, value: String(name), how: 'create' }));
  wrap(IDBFactory.prototype, 'deleteDatabase', (_, [name]) => tell('remove', { area: 'database', name: String(name) }));

  const absolute = (url: unknown): string => {
    try {
      return new URL(url instanceof Request ? url.url : String(url), location.href).href;
    } catch {
      return String(url);
    }
  };
  const words = (body: unknown): string | undefined =>
    typeof body == 'string' ? body.slice(0, LONGEST) : body instanceof URLSearchParams ? String(body).slice(0, LONGEST) : undefined;
  /** Where something was once recognised: what goes there packed is Mixpanel's as well. */
  const known = new Set<string>();
  const mixpanels = (url: string, body: string | undefined): boolean => {
    const where = url.split('?')[0] ?? url;
    if (!request({ method: 'POST', url, body }, { tokens: [] })) return body === undefined && known.has(where);
    known.add(where);
    return true;
  };

  const beacon = getOwnPropertyDescriptor(Navigator.prototype, 'sendBeacon');
  const send: unknown = beacon?.value;
  if (beacon && typeof send == 'function')
    defineProperty(Navigator.prototype, 'sendBeacon', {
      ...beacon,
      value: new Proxy(send, {
        apply(target, self: unknown, args: unknown[]) {
          try {
            const [url, body] = args;
            const ask = { how: 'beacon', url: absolute(url), body: words(body) };
            const held = !letThrough && mixpanels(ask.url, ask.body);
            tell('ask', { ...ask, held });
            // A blob is read later; that the request was asked for is told at once.
            if (body instanceof Blob && body.size < LONGEST) body.text().then((text) => tell('body', { url: ask.url, body: text }), () => {});
            if (held) return true;
          } catch {
            // Telling may fail. The page's own call is made all the same.
          }
          return apply(target, self, args);
        },
      }),
    });
  wrap(globalThis, 'fetch', (_, args) => {
    const [url, options] = args;
    const { body, keepalive } = (options ?? {}) as RequestInit;
    const ask = { how: 'fetch', url: absolute(url), body: words(body) };
    tell('ask', ask);
    // A request with `keepalive` outlives its page and would not pass through the command.
    if (!letThrough && (keepalive || (url instanceof Request && url.keepalive)) && mixpanels(ask.url, ask.body)) return [url, { ...(options as RequestInit), keepalive: false }];
    return args;
  });
  // What is sent when the page is gone, or after a while: it passes by the command as a beacon does.
  const later = getOwnPropertyDescriptor(globalThis, 'fetchLater');
  const defer: unknown = later?.value;
  if (later && typeof defer == 'function')
    defineProperty(globalThis, 'fetchLater', {
      ...later,
      value: new Proxy(defer, {
        apply(target, self: unknown, args: unknown[]) {
          try {
            const [url, options] = args;
            const ask = { how: 'beacon', url: absolute(url), body: words(((options ?? {}) as RequestInit).body) };
            const deferred = !letThrough && mixpanels(ask.url, ask.body);
            tell('ask', { ...ask, held: deferred });
            if (deferred) return { activated: false };
          } catch {
            // Telling may fail. The page's own call is made all the same.
          }
          return apply(target, self, args);
        },
      }),
    });
  // What a shared worker sends goes past what is watched, as with service workers. Chrome for Android
  // has had none for years, so pages know how to do without.
  delete (globalThis as { SharedWorker?: unknown }).SharedWorker;
  const addresses = new WeakMap<object, string>();
  wrap(XMLHttpRequest.prototype, 'open', (self, [, url]) => void addresses.set(self as XMLHttpRequest, absolute(url)));
  wrap(XMLHttpRequest.prototype, 'send', (self, [body]) => {
    const url = addresses.get(self as XMLHttpRequest) ?? '';
    const text = words(body);
    mixpanels(url, text);
    tell('ask', { how: 'xhr', url, body: text });
  });

  // The bridge names a channel to its other tabs after the project (src/page/look/listen.ts).
  if (globalThis.BroadcastChannel)
    globalThis.BroadcastChannel = new Proxy(BroadcastChannel, {
      construct(target, args: unknown[], as) {
        if (/^mixpanel-consent-bridge[:.]/.test(String(args[0]))) tell('bridge', { key: String(args[0]).slice(0, 200) });
        return construct(target, args, as) as BroadcastChannel;
      },
    });

  // Each instance of the SDK from 2.73 on says that it has started, bundled ones too.
  window.addEventListener('$mp_sdk_to_extension_event', (event) => {
    const detail = ((event as CustomEvent<unknown>).detail ?? {}) as Detail;
    if (kept.instances.length < 20 && detail.instance) kept.instances.push(detail.instance);
    let version: unknown;
    try {
      version = (detail.info as { properties(): Detail }).properties().$lib_version;
    } catch {
      // The version is then read from what the instance sends.
    }
    const text = (value: unknown): string | undefined => (typeof value == 'string' ? value.slice(0, 200) : undefined);
    tell('instance', { token: text(detail.token), name: text(detail.name), form: text(detail.source), version: text(version) });
  });

  // Before any handler of the page's: what comes after this moment comes after the click.
  for (const name of ['click', 'keydown'])
    window.addEventListener(name, (event) => void (event.isTrusted && tell('act', { what: name })), true);
}
