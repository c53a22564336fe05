// What earlier visits leave behind, made by the SDK itself in such a visit and not invented.

/** Leaves as a crash would: nothing goes out at the last moment. */
export async function crash(v) {
  await v.page.evaluate(() => {
    const silent = () => {};
    Navigator.prototype.sendBeacon = () => false;
    XMLHttpRequest.prototype.send = silent;
    window.fetch = () => new Promise(silent);
  });
  await v.leave();
}

/**
 * Makes what is queued old. The SDK takes up what another page queued only after twice its
 * flush interval; this stands for that time.
 */
export async function ageQueues(v) {
  const aged = await v.page.evaluate(() => {
    let count = 0;
    for (const name of Object.keys(localStorage).filter((key) => /^__mpq_.*_(ev|pp|gr)$/.test(key))) {
      const items = JSON.parse(localStorage.getItem(name));
      for (const item of items) {
        item.flushAfter = Date.now() - 60_000;
        count += 1;
      }
      localStorage.setItem(name, JSON.stringify(items));
    }
    return count;
  });
  if (aged === 0) throw new Error('the earlier visit left no queue: nothing would be tested');
}

/**
 * Makes recordings old: they count as over, and what they hold as nobody's. The SDK waits half
 * an hour and 20 s for that.
 */
export async function ageRecordings(v) {
  const aged = await v.page.evaluate(async () => {
    const wait = (request) =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const db = await wait(indexedDB.open('mixpanelBrowserDb'));
    const change = async (name, edit) => {
      const store = db.transaction(name, 'readwrite').objectStore(name);
      const keys = await wait(store.getAllKeys());
      for (const key of keys) await wait(store.put(edit(await wait(store.get(key))), key));
      return keys.length;
    };
    const past = Date.now() - 60_000;
    const old = (batch) => batch.map((item) => (Array.isArray(item) ? old(item) : { ...item, flushAfter: past }));
    const rows = await change('mixpanelRecordingRegistry', (row) => ({ ...row, idleExpires: past, maxExpires: past }));
    const batches = await change('mixpanelRecordingEvents', old);
    db.close();
    return rows && batches;
  });
  if (!aged) throw new Error('the earlier visit left no recording: nothing would be tested');
}

/**
 * For a page: the SDK's recorder asks whether it may send, packs what it has, which takes a while, and then sends
 * without asking again. Here it packs until `__pack()` is called.
 */
export const SLOW_PACKING = `
  const { blob } = Response.prototype;
  const packed = new Promise((go) => { window.__pack = go; });
  Response.prototype.blob = async function () { window.__packing = true; await packed; return blob.call(this); };`;
