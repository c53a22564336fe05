// Removes what the Mixpanel SDK keeps on the device. Not a decision: whether, when and how much is the
// core's. It is a part of the driver, so that a withdrawal finds it there, and a chunk of its own for
// who has none: after a no.
//
// Names and places were found by experiment on mixpanel-browser 2.41 to 2.83; they stand in
// its source (src/mixpanel-persistence.js, gdpr-utils.js, request-queue.js,
// storage/indexed-db.js, recorder/).

import { SWEEP_EVERYTHING, SWEEP_RECORDINGS, type SweepNumber } from '../contract.ts';
import { cookies, stored } from '../look/probe.js';
import { Native } from '../native.js';
import type { Device, Gate, Sweeper } from '../rooms.js';
import { remove } from './device.js';

/**
 * Rows that were found to be this project's, by tab or by recording: after their first removal
 * nothing on the device tells any more whose they are, and the SDK may write one late.
 */
const ours = new Set<unknown>();

const RECORDINGS = 'mixpanelBrowserDb';
const FLAGS = 'mixpanelFlagsDb';

/**
 * Deletes a project's rows. The database itself is never deleted: a connection that another tab
 * holds would block that, and every later opening of the database would wait behind it.
 */
async function clear(name: string, token: string, identity: string) {
  const database = await new Native<IDBDatabase | undefined>((resolve) => {
    const request = indexedDB.open(name);
    // It was listed, and is gone by now: opened all the same it would be made anew, without the
    // stores that the SDK expects of it.
    request.onupgradeneeded = () => request.transaction!.abort();
    request.onsuccess = () => resolve(request.result);
    // A refusal is an answer here: there is nothing to sweep where nothing can be stored.
    request.onerror = () => resolve(undefined);
  });
  const stores = database ? [...database.objectStoreNames] : [];
  if (stores.length) {
    const transaction = database!.transaction(stores, 'readwrite');
    // Another project uses the same database, if it has a recording here, or an identity.
    let alone = ![...stored('localStorage'), ...cookies()].some(([key]) => /^mp_.*_mixpanel$/.test(key) && key != identity);
    // The rows of the registry carry no token. They are told by the recordings, whose keys do, and
    // whose store comes first.
    for (const storeName of stores.sort()) {
      const store = transaction.objectStore(storeName);
      if (/Registry$/.test(storeName)) {
        const request = store.openCursor();
        request.onsuccess = () => {
          const row = request.result;
          if (!row) return;
          const known = [row.key, (row.value as { replayId?: unknown } | undefined)?.replayId];
          if (alone || known.some((one) => ours.has(one))) {
            known.forEach((one) => ours.add(one));
            row.delete();
          }
          row.continue();
        };
      } else {
        const request = store.getAllKeys();
        request.onsuccess = () => {
          for (const key of request.result) {
            // `__mprec_<name>_<token>_<recording>`, or `persisted_variants_for_<token>`
            const [before, recording] = String(key).split('_' + token + '_');
            if (recording || before!.endsWith('_' + token)) {
              ours.add(recording);
              store.delete(key);
            } else alone = false;
          }
        };
      }
    }
    // In WebKit's back/forward cache it would neither end nor let another page have the database. What it
    // leaves, the SDK's flag has the next page remove.
    const leaving = () => transaction.abort();
    addEventListener('pagehide', leaving);
    await new Native<unknown>((resolve) => {
      transaction.oncomplete = transaction.onabort = resolve;
    });
    removeEventListener('pagehide', leaving);
  }
  database?.close();
}

/** What removes one instance's entries; those of other projects stay. */
export function sweeper({ site: { token }, sdk }: Gate, { identityKey, isRefused, clearFlag }: Device): Sweeper {
  /** Whether there was no database when this chunk came: then a yes waits for none. */
  let none: boolean | undefined;
  const listed = async () => {
    try {
      // In a sandbox Chromium throws and leaves a rejected promise besides, which nobody can catch.
      return origin == 'null' ? [] : (await indexedDB.databases()).map(({ name }) => name!).filter((name) => name == RECORDINGS || name == FLAGS);
    } catch {
      // Refused, or a browser that cannot list databases: nothing that could be swept unharmed.
      return [];
    }
  };
  const databases = async (much: SweepNumber) => {
    // Listed first: opening one that is not there would create it.
    for (const name of await listed())
      if (name == RECORDINGS || much == SWEEP_EVERYTHING) await clear(name, token, identityKey()).catch(() => {});
  };
  listed().then(({ length }) => (none = !length));
  return {
    sweepUp(much) {
      const more = much != SWEEP_RECORDINGS;
      try {
        for (const [key, value] of stored('sessionStorage'))
          if (more && /^mp_(gen_new_)?tab_id_/.test(key) && key.endsWith(token)) {
            ours.add(value);
            sessionStorage.removeItem(key);
          }
        for (const [key] of stored('localStorage'))
          if ((more && key.startsWith('__mpq_' + token)) || (key.startsWith('__mprec_') && key.includes(token)))
            localStorage.removeItem(key);
        if (much == SWEEP_EVERYTHING) remove(identityKey(), sdk.config.cookie_domain);
        if (more && !isRefused()) clearFlag();
      } catch {
        // Refused: what cannot be read or removed is left.
      }
      // An instance of this page's may have made one since; and after a no, another page's.
      return none && much != SWEEP_EVERYTHING && !sdk.instance ? undefined : databases(much);
    },
  };
}
