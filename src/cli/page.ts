// What is asked of a page when a visit looks at it: what the places of the adapters hold (by the
// bridge's own src/page/look), and what can be seen of Mixpanel and of the bridge. It judges nothing;
// ./judge.ts has the core for that. All that it returns is the page's word: ./look.ts checks its form.

import { BROWSER_DNT, BROWSER_GPC, PACE_REST, PLACE_COOKIE, PLACE_COOKIE_BEGINNING, PLACE_GLOBAL, PLACE_HEARD, PLACE_LOCAL, PLACE_LOCAL_BEGINNING, PLACE_QUEUE } from '../page/contract.ts';
import { exported } from 'wasm:texts';
import { look, rare, stored, type Heard, type Program } from '../page/look/probe.ts';
import { decoderOf } from '../page/look/texts.ts';
import { watch } from '../page/look/listen.ts';
import type { Kept } from './hooks.ts';

interface Watching {
  heard: Heard;
  watching: { look(): void };
}

// The command puts this into pages whose policies may refuse WebAssembly: it is the build without, which is there at once.
rare.decode = decoderOf(exported());

type Fields = Record<string, unknown>;
type Method = (this: unknown, ...args: unknown[]) => unknown;

const says = (value: unknown): boolean => value === true || value == 1 || value == 'yes';
function safely<T>(f: () => T): T | undefined {
  try {
    return f();
  } catch {
    return undefined;
  }
}
const text = (value: unknown): string | null => (typeof value == 'string' ? value.slice(0, 300) : null);
const page = (): Fields => window as unknown as Fields;

/** Looks; `program` is what the core wants looked for, `key` where this visit keeps what is its own in the page. */
export function read(program: Program, key: string) {
  const own = `${key}w`;
  if (!page()[own]) {
    const heard: Heard = {};
    const nothing = () => {};
    const watching = watch(program, 'mixpanel-consent-visit', '', heard, { look: () => PACE_REST, leaving: nothing, shown: nothing, restored: nothing, peer: nothing, kept: nothing, refused: nothing }, '');
    Object.defineProperty(window, own, { value: { heard, watching } });
  }
  const { heard, watching } = page()[own] as Watching;
  watching.look();
  const places: Record<number, string[]> = {};
  const names: Record<string, string> = {
    [PLACE_GLOBAL]: 'global', [PLACE_QUEUE]: 'commands in', [PLACE_COOKIE]: 'cookie', [PLACE_COOKIE_BEGINNING]: 'cookie', [PLACE_LOCAL]: 'local storage', [PLACE_LOCAL_BEGINNING]: 'local storage', [PLACE_HEARD]: 'callback',
  };
  const found = look(program, heard, (number, verb, place) => {
    (places[number] ||= []).push(`${names[verb]} ${place}`);
  });
  return {
    found,
    // In the order in which the core answers.
    places: program.flatMap(([number]) => (places[number] ? [places[number]] : [])),
    around: (says((navigator as { globalPrivacyControl?: unknown }).globalPrivacyControl) ? BROWSER_GPC : 0) | (says(navigator.doNotTrack) || says(page().doNotTrack) ? BROWSER_DNT : 0),
    mixpanel: safely(mixpanel) ?? null,
    bridge: safely(bridge) ?? null,
    title: document.title.slice(0, 200),
    words: safely(() => (document.body?.innerText ?? '').slice(0, 2000)) ?? '',
  };
}

/** The instances that there are: of the global, and those that have told of themselves. */
function instances(kept: Kept | undefined): Fields[] {
  const top = page().mixpanel as Fields | undefined;
  // With the script tag, `window.mixpanel` is the bridge's own gate and no SDK.
  const all: unknown[] = top && !Array.isArray(top) && !page().mixpanelConsent ? [top, ...Object.keys(top).slice(0, 200).map((key) => safely(() => top[key]))] : [];
  return [...new Set([...all, ...(kept?.instances ?? [])])].filter((one): one is Fields => !!one && safely(() => (one as Fields).__loaded) === true);
}

const call = (one: Fields, method: string, ...args: unknown[]): unknown => safely(() => (one[method] as Method)(...args));

function mixpanel() {
  const top = page().mixpanel as (Fields & { _i?: unknown[][] }) | undefined;
  const stub = Array.isArray(top) && !top.__loaded;
  const scripts = [...document.scripts].map(({ src }) => src).filter((src) => /mxpnl\.com\/|\/mixpanel[\w.-]*\.js(\?|$)/.test(src));
  const found = {
    global: !!top,
    stub,
    snippet: top?.__SV !== undefined,
    scripts: scripts.slice(0, 20),
    custom: text(safely(() => page().MIXPANEL_CUSTOM_LIB_URL)),
    gtm: !!page().google_tag_manager,
    instances: [] as { token: string | null; name: string | null; host: string | null; optedOut: boolean | null }[],
  };
  if (stub)
    found.instances = (top?._i ?? []).slice(0, 20).map((entry) => ({ token: text(entry[0]), name: entry.length > 2 ? text(entry[entry.length - 1]) : null, host: text((entry[1] as Fields | undefined)?.api_host), optedOut: null }));
  else if (!page().mixpanelConsent)
    found.instances = instances(undefined).slice(0, 20).map((one) => ({ token: text(call(one, 'get_config', 'token')), name: text(call(one, 'get_config', 'name')), host: text(call(one, 'get_config', 'api_host')), optedOut: !!call(one, 'has_opted_out_tracking') }));
  return found;
}

interface Bridge {
  state?: Fields;
  subscribe?: unknown;
  mixpanel?: unknown;
}

/** The bridges of the page: the tag's, and what the register of the gate has (src/page/gate/connect.ts). */
function bridges(): Bridge[] {
  const tag = page().mixpanelConsent as Bridge | undefined;
  const register = (window as unknown as Record<symbol, Map<string, { bridge?: Bridge }> | undefined>)[Symbol.for('mixpanel-consent-bridge')];
  const all = [tag, ...(safely(() => [...register!.values()].slice(0, 20).map((listed) => listed.bridge)) ?? [])];
  return [...new Set(all)].filter((one): one is Bridge => !!one && !!safely(() => one.state) && safely(() => typeof one.subscribe) == 'function');
}

function bridge() {
  const [one] = bridges();
  const { state } = one ?? {};
  if (!state) return null;
  return { form: one === page().mixpanelConsent ? 'tag' : 'connect()', consent: text(state.consent), mode: text(state.mode), code: text(state.code), reason: text(state.reason) };
}

/**
 * What a page's own code may do at any time, in a tab that is still open: an event, and a property to
 * remember. Where there is a bridge the page has its gate, and not the instances behind it.
 * @returns of how many instances that was asked
 */
export function act(key: string, bridged: boolean): number {
  const top = page().mixpanel as Fields | undefined;
  const raw = bridged ? [] : instances(page()[key] as Kept | undefined);
  const gates = bridged ? bridges().map((one) => safely(() => one.mixpanel) as Fields | undefined).filter((one) => !!one) : [];
  const all = raw.length ? raw : gates.length ? gates : top ? [top] : [];
  for (const one of all) {
    call(one, 'track', 'Consent visit: still open');
    call(one, 'register', { consent_visit: true });
  }
  return all.length;
}

/** Where the page leads, for `--pages`. */
export const links = (): string[] => [...document.links].slice(0, 2000).filter((link) => !link.hasAttribute('download')).map(({ href }) => String(href).slice(0, 2000));

const entries = (area: 'localStorage' | 'sessionStorage'): [string, string][] => (stored(area) as [string, unknown][]).map(([name, value]) => [name, String(value)]);

/** Names that are stored by anybody, to see whether a press has stored something. */
export const names = (): string[] => [...document.cookie.split('; '), ...entries('localStorage').map(([name, value]) => `${name}=${value}`)].slice(0, 500).map((one) => one.slice(0, 300));

/** What is on the device, as the page sees it; for a page without scripts of its own. */
export async function device() {
  const done = <T>(asked: IDBRequest<T>): Promise<T | undefined> =>
    new Promise((resolve) => {
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => resolve(undefined);
      (asked as Partial<IDBOpenDBRequest>).onblocked = () => resolve(undefined);
    });
  const databases: { name: string; records: number }[] = [];
  for (const { name } of (await safely(() => indexedDB.databases())) ?? []) {
    if (!name || databases.length > 200) continue;
    const db = await done(indexedDB.open(name));
    let records = 0;
    for (const store of db ? [...db.objectStoreNames] : []) records += (await done(db!.transaction(store).objectStore(store).count())) ?? 0;
    db?.close();
    databases.push({ name, records });
  }
  const cut = (list: [string, string][]): [string, string][] => list.slice(0, 2000).map(([name, value]) => [name.slice(0, 300), String(value).slice(0, 40)]);
  return { local: cut(entries('localStorage')), session: cut(entries('sessionStorage')), databases };
}
