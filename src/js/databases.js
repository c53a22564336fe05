// Removes what the Mixpanel SDK keeps in IndexedDB. Not a decision: whether and when is the
// core's. Names found by experiment on mixpanel-browser 2.61 to 2.83 (its
// src/storage/indexed-db.js and recorder/): database `mixpanelBrowserDb` with the stores
// `mixpanelRecordingEvents` (key `__mprec_<name>_<token>_<replay>`) and
// `mixpanelRecordingRegistry` (key: tab id, no token inside); `mixpanelFlagsDb` with
// `mixpanelFlags` (key `persisted_variants_for_<token>`).

const done = (request) =>
  new Promise((resolve) => {
    request.onsuccess = () => resolve(request.result);
    // A refusal is an answer here: there is nothing to sweep where nothing can be stored.
    request.onerror = request.onblocked = () => resolve();
  });

async function clear(name, token) {
  const database = await done(indexedDB.open(name));
  if (!database) return;
  const stores = [...database.objectStoreNames];
  if (stores.length) {
    const transaction = database.transaction(stores, 'readwrite');
    await Promise.all(
      stores.map(async (storeName) => {
        const store = transaction.objectStore(storeName);
        const keys = await done(store.getAllKeys());
        for (const key of keys || [])
          if (/Registry$/.test(storeName) || String(key).includes(token)) store.delete(key);
      }),
    );
    await new Promise((resolve) => {
      transaction.oncomplete = transaction.onabort = resolve;
    });
  }
  database.close();
}

/**
 * @param {string} token whose entries go; those of other projects stay
 * @param {boolean} everything the cached flags too, not only recordings
 * @param {boolean} alone no SDK instance lives on the page, so whole databases may go: beside
 *   a live one the deletion would block, and every later opening with it
 * @returns {Promise<void>} settled when done; never rejected
 */
export async function sweepDatabases(token, everything, alone) {
  try {
    // Listed first: opening one that is not there would create it.
    for (const { name } of await indexedDB.databases())
      if (name === 'mixpanelBrowserDb' || (everything && name === 'mixpanelFlagsDb')) {
        if (alone && everything) await done(indexedDB.deleteDatabase(name));
        else await clear(name, token);
      }
  } catch {
    // Refused, or a browser that cannot list them: nothing that could be swept unharmed.
  }
}
