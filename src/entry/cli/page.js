// What is asked of a page when a visit looks at it: what the places of the adapters hold (by the
// bridge's own src/page/look/probe.ts and listen.js), and what can be seen of Mixpanel and of the bridge. It
// judges nothing; ./judge.js has the core for that.

import { look, stored, cookies } from '../../page/look/probe.ts';
import { watch } from '../../page/look/listen.ts';

/** One for each page: callbacks are attached once, and what they said is kept. */
const KEY = Symbol.for('mixpanel-consent-bridge visit');

const says = (value) => value === true || value == 1 || value == 'yes';
const safely = (f) => {
  try {
    return f();
  } catch {
    return undefined;
  }
};

/** Looks; `program` is what the core wants looked for. */
export function read(program) {
  if (!window[KEY]) {
    const heard = {};
    const nothing = () => {};
    const watching = watch(program, 'mixpanel-consent-visit', '', heard, { look: nothing, leaving: nothing, shown: nothing, restored: nothing, peer: nothing, kept: nothing, refused: nothing });
    Object.defineProperty(window, KEY, { value: { heard, watching } });
  }
  window[KEY].watching.look();
  const places = {};
  const names = { g: 'global', e: 'entries of', c: 'cookie', p: 'cookie', l: 'local storage', a: 'local storage', h: 'callback' };
  const found = look(program, window[KEY].heard, (number, verb, place) => {
    (places[number] ||= []).push(names[verb] + ' ' + place);
  });
  return {
    found,
    // In the order in which the core answers.
    places: program.flatMap(([number]) => (places[number] ? [places[number]] : [])),
    around: (says(navigator.globalPrivacyControl) ? 1 : 0) | (says(navigator.doNotTrack) || says(window.doNotTrack) ? 2 : 0),
    mixpanel: mixpanel(),
    bridge: bridge(),
  };
}

function mixpanel() {
  return safely(() => {
    const tag = !!window.mixpanelConsent;
    const top = window.mixpanel;
    const scripts = [...document.scripts].map(({ src }) => src).filter((src) => /mxpnl\.com\/|\/mixpanel[\w.-]*\.js(\?|$)/.test(src));
    const found = {
      global: !!top,
      stub: Array.isArray(top) && !top.__loaded,
      snippet: top?.__SV !== undefined,
      scripts,
      custom: safely(() => window.MIXPANEL_CUSTOM_LIB_URL),
      gtm: !!window.google_tag_manager,
      instances: [],
    };
    if (found.stub)
      found.instances = (top._i || []).map((entry) => ({ token: entry[0], name: entry.length > 2 ? entry[entry.length - 1] : undefined, host: entry[1]?.api_host }));
    // What the tag puts there is no SDK.
    else if (top && !tag)
      for (const one of [top, ...Object.keys(top).map((key) => safely(() => top[key]))])
        if (one && one.__loaded === true)
          safely(() => found.instances.push({ token: one.get_config('token'), name: one.get_config('name'), host: one.get_config('api_host'), optedOut: one.has_opted_out_tracking() }));
    return found;
  });
}

function bridge() {
  return safely(() => {
    const one = window.mixpanelConsent;
    return one?.state && typeof one.subscribe == 'function' ? { state: { ...one.state }, text: String(one.explain()) } : undefined;
  });
}

/** What is on the device, as the page sees it; for a page without scripts of its own. */
export async function device() {
  const done = (request) =>
    new Promise((resolve) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = request.onblocked = () => resolve(undefined);
    });
  const databases = [];
  for (const { name } of (await safely(() => indexedDB.databases())) ?? []) {
    const db = await done(indexedDB.open(name));
    let records = 0;
    for (const store of db ? [...db.objectStoreNames] : []) records += (await done(db.transaction(store).objectStore(store).count())) ?? 0;
    db?.close();
    databases.push({ name, records });
  }
  return { cookies: cookies(), local: stored('localStorage'), session: stored('sessionStorage'), databases };
}
