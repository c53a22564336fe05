// What runs in every frame before the page's own scripts, and tells what the page writes to the
// device and what it asks for, also what is undone in the same task. It changes no outcome, and
// judges nothing. The tests' own hooks (tests/browser/harness/hooks.mjs) are apart from these, so
// that a mistake here is seen there.
//
// Not seen: `localStorage.name = value` (the end of a visit shows it), and what a worker does.

(() => {
  const send = globalThis.__consentVisit;
  if (typeof send != 'function') return;
  const main = (() => {
    try {
      return window == window.top;
    } catch {
      return false;
    }
  })();
  let told = 0;
  const tell = (kind, detail) => {
    // A page may write for hours; the first so many say enough.
    if (told++ > 5000) return;
    try {
      send(JSON.stringify({ kind, at: Date.now(), main, page: location.href, ...detail }));
    } catch {
      // A frame that is going away.
    }
  };

  /** Calls `before` in front of a function, which still looks and prints as it did. */
  const wrap = (owner, name, before) => {
    const real = owner?.[name];
    if (typeof real != 'function') return;
    owner[name] = new Proxy(real, {
      apply(target, self, args) {
        try {
          before(self, args);
        } catch {
          // What cannot be told is done all the same.
        }
        return Reflect.apply(target, self, args);
      },
    });
  };

  const cookie = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie');
  if (cookie?.set)
    Object.defineProperty(Document.prototype, 'cookie', {
      ...cookie,
      set: new Proxy(cookie.set, {
        apply(target, self, args) {
          const [pair, ...more] = String(args[0]).split(';');
          const given = Object.fromEntries(more.map((one) => one.trim().split('=')).map(([name, value]) => [name.toLowerCase(), value]));
          const age = given['max-age'];
          const gone = age === undefined ? Date.parse(given.expires) <= Date.now() : Number(age) <= 0;
          const at = pair.indexOf('=');
          tell(gone ? 'remove' : 'write', { area: 'cookie', name: pair.slice(0, at).trim(), value: pair.slice(at + 1).trim().slice(0, 40) });
          return Reflect.apply(target, self, args);
        },
      }),
    });
  if (globalThis.CookieStore) {
    const named = (first) => (typeof first == 'string' ? first : first?.name);
    wrap(CookieStore.prototype, 'set', (_, [first, value]) => tell('write', { area: 'cookie', name: String(named(first)), value: String(value ?? first?.value).slice(0, 40) }));
    wrap(CookieStore.prototype, 'delete', (_, [first]) => tell('remove', { area: 'cookie', name: String(named(first)) }));
  }

  const area = (self) => {
    try {
      return self === localStorage ? 'local' : 'session';
    } catch {
      return 'session';
    }
  };
  wrap(Storage.prototype, 'setItem', (self, [name, value]) => tell('write', { area: area(self), name: String(name), value: String(value).slice(0, 40) }));
  wrap(Storage.prototype, 'removeItem', (self, [name]) => {
    // Removing what is not there changes nothing.
    if (self.getItem(String(name)) !== null) tell('remove', { area: area(self), name: String(name) });
  });

  const database = (store) => store.transaction.db.name;
  for (const verb of ['put', 'add']) wrap(IDBObjectStore.prototype, verb, (self) => tell('write', { area: 'database', name: database(self), value: self.name }));
  wrap(IDBDatabase.prototype, 'createObjectStore', (self, [name]) => tell('write', { area: 'database', name: self.name, value: String(name) }));
  wrap(IDBFactory.prototype, 'deleteDatabase', (_, [name]) => tell('remove', { area: 'database', name: String(name) }));

  const absolute = (url) => {
    try {
      return new URL(url?.url ?? url, location.href).href;
    } catch {
      return String(url);
    }
  };
  const LONGEST = 20_000;
  const words = (body) =>
    typeof body == 'string' ? body.slice(0, LONGEST) : body instanceof URLSearchParams ? String(body).slice(0, LONGEST) : undefined;
  wrap(Navigator.prototype, 'sendBeacon', (_, [url, body]) => {
    const ask = { how: 'beacon', url: absolute(url), body: words(body) };
    // A blob is read later; that the request was asked for is told at once.
    tell('ask', ask);
    if (body instanceof Blob && body.size < LONGEST) body.text().then((text) => tell('body', { url: ask.url, body: text }), () => {});
  });
  wrap(globalThis, 'fetch', (_, [url, options]) => tell('ask', { how: 'fetch', url: absolute(url), body: words(options?.body) }));
  const addresses = new WeakMap();
  wrap(XMLHttpRequest.prototype, 'open', (self, [, url]) => addresses.set(self, absolute(url)));
  wrap(XMLHttpRequest.prototype, 'send', (self, [body]) => tell('ask', { how: 'xhr', url: addresses.get(self) ?? '', body: words(body) }));

  // The bridge names a channel to its other tabs after the project (src/page/look/listen.js).
  if (globalThis.BroadcastChannel)
    globalThis.BroadcastChannel = new Proxy(BroadcastChannel, {
      construct(target, args, as) {
        if (/^mixpanel-consent-bridge[:.]/.test(args[0])) tell('bridge', { key: args[0] });
        return Reflect.construct(target, args, as);
      },
    });

  // Each instance of the SDK from 2.73 on says that it has started, bundled ones too.
  window.addEventListener('$mp_sdk_to_extension_event', ({ detail }) => {
    let version;
    try {
      version = detail.info.properties().$lib_version;
    } catch {
      // Then what it sends says it.
    }
    tell('instance', { token: detail?.token, name: detail?.name, form: detail?.source, version });
  });

  // Before any handler of the page's: what comes after this moment comes after the click.
  for (const name of ['click', 'keydown'])
    window.addEventListener(name, (event) => event.isTrusted && tell('act', { what: name }), true);
})();
