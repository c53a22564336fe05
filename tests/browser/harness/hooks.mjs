// What runs in each page before anything else: sees every write to the device and every
// request as it is asked for, also what is undone in the same task. It changes no outcome.
// Not seen: what a page does in `pagehide` after the next page has been committed; the server
// and the device's state afterwards show that.
// `watchPage` is handed to the browser as source text, so it uses nothing from this file.

export function watchPage() {
  if (window.__watch) return;
  const told = [];
  const tell = (kind, detail) => {
    const entry = { kind, at: Date.now(), page: location.href, ...detail };
    told.push(entry);
    try {
      window.__tell?.(JSON.stringify(entry));
    } catch {
      // Then it is in `told` alone.
    }
  };

  const wrap = (owner, name, before) => {
    const real = owner?.[name];
    if (!real) return undefined;
    owner[name] = function (...args) {
      before(this, args);
      return Reflect.apply(real, this, args);
    };
    return real;
  };

  const cookie = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie');
  Object.defineProperty(Document.prototype, 'cookie', {
    ...cookie,
    set(text) {
      const [pair, ...attributes] = String(text).split(';');
      const [name, ...value] = pair.split('=');
      const expires = attributes.map((a) => a.trim()).find((a) => /^expires=/i.test(a));
      const age = attributes.map((a) => a.trim()).find((a) => /^max-age=/i.test(a));
      const gone =
        (age !== undefined && Number(age.slice(8)) <= 0) ||
        (age === undefined && expires !== undefined && Date.parse(expires.slice(8)) <= Date.now());
      tell(gone ? 'cookie-remove' : 'cookie-set', {
        name: name.trim(),
        value: value.join('='),
        attributes: attributes.map((a) => a.trim()),
      });
      Reflect.apply(cookie.set, this, [text]);
    },
  });
  if (window.CookieStore) {
    wrap(CookieStore.prototype, 'set', (_, [first]) =>
      tell('cookie-set', { name: first?.name ?? String(first), by: 'cookieStore' }));
    wrap(CookieStore.prototype, 'delete', (_, [first]) =>
      tell('cookie-remove', { name: first?.name ?? String(first), by: 'cookieStore' }));
  }

  let local;
  try {
    local = window.localStorage;
  } catch {
    local = undefined;
  }
  const area = (storage) => (storage === local ? 'local' : 'session');
  wrap(Storage.prototype, 'setItem', (self, [name, value]) =>
    tell(`${area(self)}-set`, { name: String(name), value: String(value).slice(0, 400) }));
  wrap(Storage.prototype, 'removeItem', (self, [name]) =>
    // Removing what is not there changes nothing and is told apart.
    tell(`${area(self)}-remove`, { name: String(name), there: self.getItem(String(name)) !== null }));
  wrap(Storage.prototype, 'clear', (self) => tell(`${area(self)}-remove`, { name: '*' }));

  const open = IDBFactory.prototype.open;
  wrap(IDBFactory.prototype, 'open', (_, [name]) => tell('idb-open', { name: String(name) }));
  wrap(IDBFactory.prototype, 'deleteDatabase', (_, [name]) =>
    tell('idb-remove', { name: String(name) }));
  for (const verb of ['put', 'add']) {
    wrap(IDBObjectStore.prototype, verb, (self) =>
      tell('idb-set', { name: self.transaction.db.name, store: self.name }));
  }
  for (const verb of ['delete', 'clear']) {
    wrap(IDBObjectStore.prototype, verb, (self) =>
      tell('idb-record-remove', { name: self.transaction.db.name, store: self.name }));
  }

  const absolute = (url) => {
    try {
      return new URL(url?.url ?? url, location.href).href;
    } catch {
      return String(url);
    }
  };
  wrap(Navigator.prototype, 'sendBeacon', (_, [url]) =>
    tell('request', { transport: 'beacon', url: absolute(url) }));
  wrap(window, 'fetch', (_, [url]) => tell('request', { transport: 'fetch', url: absolute(url) }));
  wrap(XMLHttpRequest.prototype, 'open', (self, [, url]) => {
    self.__url = absolute(url);
  });
  wrap(XMLHttpRequest.prototype, 'send', (self, [body]) =>
    tell('request', { transport: 'xhr', url: self.__url, body: typeof body === 'string' ? body : undefined }));

  window.addEventListener('mixpanel-consent-bridge', (event) => {
    let detail;
    try {
      detail = JSON.parse(JSON.stringify(event.detail));
    } catch {
      detail = { kind: 'unprintable' };
    }
    tell('bridge', { detail });
  });
  // Before any listener of the page's hears it.
  window.addEventListener('click', ({ isTrusted }) => isTrusted && tell('click'), true);
  window.addEventListener('pageshow', (event) => tell('pageshow', { persisted: event.persisted }));

  const read = (storage) =>
    Object.fromEntries(Object.keys(storage).map((key) => [key, storage.getItem(key)]));
  const settled = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
      request.onblocked = () => reject(new Error('blocked'));
    });

  Object.defineProperty(window, '__watch', {
    value: {
      told,
      async stored() {
        const databases = {};
        for (const { name } of await indexedDB.databases()) {
          // Unhooked, and without a version, so that looking adds nothing to what is seen.
          const db = await settled(Reflect.apply(open, indexedDB, [name]));
          const stores = {};
          for (const store of db.objectStoreNames) {
            const keys = await settled(db.transaction(store).objectStore(store).getAllKeys());
            stores[store] = keys.map(String);
          }
          db.close();
          databases[name] = stores;
        }
        return { local: read(localStorage), session: read(sessionStorage), databases };
      },
    },
  });
}
