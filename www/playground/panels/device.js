// What is stored on this device: cookies, localStorage, sessionStorage and IndexedDB, read again all the time.
//
// It only looks. A database is opened only if it is listed, without a version, and the attempt is given up if the
// browser would have to create it: looking must not leave one behind. Cookies of another path or HttpOnly ones cannot
// be seen from a page.

import { el, short } from './dom.js';

const OWNERS = [
  ['mixpanel', 'Mixpanel'],
  ['cmp', 'Consent manager'],
  ['bridge', 'Bridge'],
  ['other', 'Other'],
];
const PLACES = { cookie: 'cookie', local: 'localStorage', session: 'sessionStorage', database: 'IndexedDB' };
// How long a removed entry stays in sight, struck through.
const GONE_MS = 8000;
// How long a new and a changed one stay coloured; as long as the animations in the style sheet.
const NEW_MS = 4000;
const CHANGED_MS = 1200;
// The SDK takes and drops locks all the time; what lived shorter than this goes without a trace.
const FLEETING_MS = 1500;
const EVERY_MS = 500;

// The two pages of the comparison on the start page have these tokens; what they stored is nothing of this page.
const COMPARISON = /a{32}|b{32}/;

/** Whose an entry is, by its name. `keys` are the consent manager's own names. */
function owner(name, keys) {
  if (COMPARISON.test(name)) return 'other';
  if (/^(__)?mp[_ql]|^mixpanel(Browser|Flags)/i.test(name)) return 'mixpanel';
  if (name.startsWith('mixpanel-consent-bridge')) return 'bridge';
  return keys.some((key) => name.startsWith(key)) ? 'cmp' : 'other';
}

export function device({ root, counter, news, keys, token }) {
  const draw = (entry) => drawn(entry, token);
  /** id → { entry, row, gone } */
  const known = new Map();
  const groups = new Map(OWNERS.map(([id, label]) => {
    const list = el('ul', { class: 'entries' });
    const count = el('b', {}, '0');
    const group = el('section', { class: 'group', 'data-owner': id },
      el('h3', {}, el('span', { class: 'dot', 'aria-hidden': 'true' }), label, ' ', count), list);
    root.append(group);
    return [id, { group, list, count }];
  }));
  let first = true;

  // All projects of an address share Mixpanel's databases: one that was there before this page, and is empty, is not this page's.
  const older = new Set();

  async function look() {
    const seen = new Map((await read(keys)).map((entry) => [entry.id, entry]));
    for (const entry of seen.values()) {
      if (entry.place !== 'database') continue;
      const empty = /^(?:[^:]+: 0(?:, |$))+$/.test(entry.value);
      if (first && empty) older.add(entry.id);
      else if (!empty) older.delete(entry.id);
      if (older.has(entry.id)) entry.owner = 'other';
    }
    const said = [];
    for (const [id, entry] of seen) {
      const old = known.get(id);
      if (old === undefined || old.gone) {
        old?.row.remove();
        const row = draw(entry);
        if (!first) {
          row.classList.add('new');
          setTimeout(() => row.classList.remove('new'), NEW_MS);
          said.push(`stored: ${entry.name}`);
        }
        groups.get(entry.owner).list.append(row);
        known.set(id, { entry, row, gone: false, born: performance.now() });
      } else if (old.entry.value !== entry.value) {
        const row = draw(entry);
        row.classList.add('changed');
        setTimeout(() => row.classList.remove('changed'), CHANGED_MS);
        row.querySelector('details')?.toggleAttribute('open', old.row.querySelector('details')?.open === true);
        old.row.replaceWith(row);
        known.set(id, { entry, row, gone: false, born: old.born });
      }
    }
    for (const [id, old] of known) {
      if (seen.has(id) || old.gone) continue;
      if (performance.now() - old.born < FLEETING_MS) {
        known.delete(id);
        old.row.remove();
        continue;
      }
      old.gone = true;
      old.row.classList.remove('new', 'changed');
      old.row.classList.add('gone');
      said.push(`removed: ${old.entry.name}`);
      setTimeout(() => {
        if (known.get(id) === old) known.delete(id);
        old.row.remove();
        settle();
      }, GONE_MS);
    }
    counter.textContent = String(seen.size);
    for (const [id, { count }] of groups) {
      count.textContent = String([...seen.values()].filter((entry) => entry.owner === id).length);
    }
    settle();
    if (said.length > 0) news.textContent = said.join(', ');
    first = false;
  }

  /** A group with nothing in it says so, except the two nobody misses. */
  function settle() {
    for (const [id, { group, list }] of groups) {
      const empty = list.childElementCount === 0;
      group.classList.toggle('none', empty);
      group.hidden = empty && (id === 'other' || (id === 'cmp' && keys.length === 0));
    }
  }

  const again = async () => {
    await look();
    setTimeout(again, document.hidden ? EVERY_MS * 4 : EVERY_MS);
  };
  return again();
}

// The project token is in most of Mixpanel's names, and 32 letters long.
function drawn(entry, token) {
  const summary = [
    el('code', { class: 'key', title: entry.name }, entry.name.replace(token, '‹token›').replace(COMPARISON, '‹start page›')),
    el('small', {}, PLACES[entry.place]),
    el('span', { class: 'value' }, short(entry.value, 60)),
  ];
  return el('li', { class: 'entry' }, entry.value.length > 24
    ? el('details', {}, el('summary', {}, ...summary), el('pre', {}, entry.value))
    : el('div', {}, ...summary));
}

async function read(keys) {
  const entry = (place, name, value) => ({ id: `${place} ${name}`, place, name, value, owner: owner(name, keys) });
  const found = [];
  for (const pair of document.cookie.split('; ').filter(Boolean)) {
    const cut = pair.indexOf('=');
    found.push(entry('cookie', pair.slice(0, cut), decode(pair.slice(cut + 1))));
  }
  for (const [place, storage] of [['local', localStorage], ['session', sessionStorage]]) {
    for (let index = 0; index < storage.length; index += 1) {
      const name = storage.key(index);
      if (name !== null) found.push(entry(place, name, storage.getItem(name) ?? ''));
    }
  }
  for (const { name } of await (indexedDB.databases?.() ?? [])) {
    if (name !== undefined) found.push(entry('database', name, await contents(name)));
  }
  return found;
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function contents(name) {
  return new Promise((resolve) => {
    const request = indexedDB.open(name);
    // Removed between the list and here: opening would make it again, empty.
    request.onupgradeneeded = () => request.transaction.abort();
    request.onerror = (event) => { event.preventDefault(); resolve('being removed'); };
    request.onblocked = () => resolve('busy');
    request.onsuccess = () => {
      const database = request.result;
      database.onversionchange = () => database.close();
      const stores = [...database.objectStoreNames];
      const done = (text) => { database.close(); resolve(text); };
      if (stores.length === 0) { done('no stores'); return; }
      try {
        const transaction = database.transaction(stores, 'readonly');
        const counts = stores.map((store) => [store, transaction.objectStore(store).count()]);
        transaction.oncomplete = () => done(counts.map(([store, count]) => `${store}: ${count.result}`).join(', '));
        transaction.onabort = () => done('unreadable');
      } catch {
        done('unreadable');
      }
    };
  });
}

/** Removes everything a page can: for "Start over", before anything else runs. */
export async function clear() {
  const parts = location.hostname.split('.');
  const domains = ['', ...parts.map((_, index) => `; Domain=${parts.slice(index).join('.')}`)];
  for (const pair of document.cookie.split('; ').filter(Boolean)) {
    const name = pair.split('=', 1)[0];
    for (const domain of domains) document.cookie = `${name}=; Path=/; Max-Age=0${domain}`;
  }
  localStorage.clear();
  sessionStorage.clear();
  for (const { name } of await (indexedDB.databases?.() ?? [])) {
    await new Promise((resolve) => {
      const request = indexedDB.deleteDatabase(name);
      request.onsuccess = resolve;
      request.onerror = resolve;
      // Another tab has it open; it goes when that tab does.
      request.onblocked = resolve;
    });
  }
}
