// The place `window.mixpanel`, and the library that the tag brings there: from where the page
// would have brought it, and not before a yes. It owns what stands at that place.

import { Native } from '../native.js';
import type { Config, Instance, Method } from '../rooms.js';
import type { TagOptions } from './attributes.js';

const LIBRARY = 'https://cdn.mxpnl.com/libs/mixpanel-2-latest.min.js';
/** The library where the vendor serves it, of any age; not the wrapper of the GTM template. */
const VENDORS = /^(https?:)?\/\/cdn\d*\.mxpnl\.com\/libs\/mixpanel-[\d.]+(-latest)?(\.min)?\.js/;
/** A copy that the site serves itself, by the names that the library's package gives its files. */
const COPIES = /(^|\/)mixpanel(-(core|latest|[\d.]+))*(\.(min|umd|globals?|amd|cjs))*\.js([?#]|$)/;

/** An object of a page's, whose members are unknown until they are looked at. */
export type Members = Record<PropertyKey, unknown>;

/** Starts instances on a library. */
export interface Library {
  init(token: string, config: Config, name?: string): Instance | undefined;
}

// Of the prototype: an element of the page's that has a name is found under it on `document`,
// whatever stands there. And of the document's own: MooTools puts a type of its own at `window.Document`.
const documents = Object.getPrototypeOf(Object.getPrototypeOf(document)) as Document;
const ofDocument = (name: 'currentScript' | 'documentElement') =>
  Object.getOwnPropertyDescriptor(documents, name)!.get!.call(document) as unknown;

/** The script that runs. */
export const running = () => ofDocument('currentScript') as HTMLScriptElement | null;
/** The tag's own. */
export const script = running();

/** A list with members of its own, also where the prototype of lists is frozen. */
export const withOwn = <T extends object>(list: unknown[], members: T) => {
  for (const key of Object.keys(members) as (keyof T)[])
    Object.defineProperty(list, key, { __proto__: null, value: members[key], writable: true, enumerable: true, configurable: true } as PropertyDescriptor);
  return list as unknown[] & T;
};

/** The setting of the vendor's snippet. What the window only inherits, an element with this id or a polluted prototype, is no setting. */
const customLibrary = () => {
  const set: unknown = Object.getOwnPropertyDescriptor(window, 'MIXPANEL_CUSTOM_LIB_URL')?.value;
  return typeof set == 'string' && set;
};

/** What the rest of the tag says to this part. */
export interface Place {
  readonly facade: Members;
  options(): TagOptions;
  /** Takes over what a page has put into Mixpanel's place. */
  take(found: unknown): void;
}

/** One that the page has brought by itself. */
let brought: Library | undefined;
/** The address from which the page wanted it. */
let wanted: string | undefined;
let fetched: Promise<Library> | undefined;
/** Ours: what the library finds when it looks for a stub, and what it puts in its place. */
let element: HTMLScriptElement | undefined;
let stub: Members | undefined;
let placed: Members | undefined;
let starting = false;
/** Whether what stands at `window.mixpanel` can depend on who asks. */
let owned = false;
let place: Place;

let policy: { createScriptURL(url: string): unknown } | undefined;
type TrustedTypes = { createPolicy(name: string, rules: { createScriptURL(url: string): string }): typeof policy };

/** As Trusted Types want it; where the policy is refused, the page's default one has its say. */
export function trusted(url: string) {
  try {
    policy ||= (window as { trustedTypes?: TrustedTypes }).trustedTypes!.createPolicy('mixpanel-consent-bridge', { createScriptURL: (url) => url });
    return policy!.createScriptURL(url) as string;
  } catch {
    return url;
  }
}

/** Puts a script into the page, with the nonce of the tag's own. */
export function put(url: string, onload: () => void, onerror: () => void, more?: (made: HTMLScriptElement) => void) {
  const made = documents.createElement.call(document, 'script') as HTMLScriptElement;
  made.async = true;
  made.nonce = script?.nonce || '';
  made.onload = onload;
  made.onerror = onerror;
  more?.(made);
  made.src = trusted(url);
  Node.prototype.appendChild.call(ofDocument('documentElement') as Node, made);
}

/** A stub whose methods are the gate's, for the library an empty list of calls. */
const forwarding = (list: object, part?: string): Members =>
  new Proxy(list as Members, {
    get(own, key) {
      const { facade } = place;
      const method = key in own || typeof key != 'string' ? undefined : (part ? (facade[part] as Members | undefined)?.[key] : facade[key]);
      return typeof method == 'function' ? method : own[key];
    },
  });

/** Starts instances on a library, whichever way it hands them out. */
const starts = (sdk: Members, init = sdk.init as Method) => ({
  // A polluted prototype gives it no `default`.
  __proto__: null,
  init(token: string, config: Config, name?: string) {
    placed = undefined;
    starting = true;
    if (!owned) window.mixpanel = sdk;
    try {
      const made = init.call(sdk, token, config, name);
      if (!owned) placed = window.mixpanel as Members;
      return (made || (name ? (placed || sdk)[name] : placed || sdk)) as Instance;
    } finally {
      starting = false;
      if (!owned) window.mixpanel = place.facade;
    }
  },
});

/** The page has brought a library by itself; its `init` is kept as it is now. */
export function bring(sdk: Members, beforeTheTag: boolean) {
  // What stood here before the tag is told where it is taken over.
  if (!beforeTheTag && !brought && !element) console.warn('mixpanel-consent-bridge: bridge-late', 'The page has fetched the Mixpanel library by itself, before an answer. Name its address in `data-sdk`, so that it waits for one.');
  brought = starts(sdk, sdk.init as Method);
}

/** Fetches the library from where the snippet would have; one for all instances of a page. */
export const library = async () =>
  brought ||
  (fetched ||= new Native<Library>((resolve, reject) => {
        const { facade } = place;
        const { sdk, integrity } = place.options();
        const source = sdk || customLibrary() || wanted || LIBRARY;
        const fail = (why: string) => {
          fetched = undefined;
          if (!owned) window.mixpanel = facade;
          reject(new Error(`\`${source}\` ${why}`));
        };
        let made = withOwn([], { __SV: 1.2, _i: [], init() {} }) as unknown as Members;
        // Where all find it, the page's calls are the gate's here as well.
        if (!owned) made = forwarding(withOwn(made as unknown as unknown[], { push: facade.push, people: forwarding([], 'people') }));
        stub = made;
        if (!owned) window.mixpanel = stub;
        put(
          source,
          () => {
            if (!owned) window.mixpanel = facade;
            if ((made.init as Method).length == 0) fail('is not the Mixpanel library');
            else resolve(starts(made));
          },
          () => fail('could not be fetched' + (integrity ? ', or is not what `data-integrity` says' : '')),
          (made) => {
            element = made;
            if (integrity) {
              made.integrity = integrity;
              // Without it the browser may not look into what came, and refuses it.
              made.crossOrigin = 'anonymous';
            }
          },
        );
      }));

// A script of the page's own that brings the library would bring it before a yes, and no stub
// keeps it from that. So it is told that it has loaded, which is as good as true: what it
// wants to find is there. Only these addresses, and only scripts that are made by scripts.
const isLibrary = (url: string) => VENDORS.test(url) || COPIES.test(url) || (!!url && (url == place.options().sdk || url == customLibrary()));
function instead(made: HTMLScriptElement, url: unknown, set: () => void) {
  if (made == element || !isLibrary(String(url))) return set();
  wanted = String(url);
  setTimeout(() => made.dispatchEvent(new Event('load')));
}

export function keepOut() {
  const scripts = HTMLScriptElement.prototype;
  const src = Object.getOwnPropertyDescriptor(scripts, 'src')!;
  const { setAttribute } = scripts;
  Object.defineProperty(scripts, 'src', {
    ...src,
    set(this: HTMLScriptElement, url: unknown) {
      instead(this, url, () => src.set!.call(this, url));
    },
  });
  scripts.setAttribute = function (this: HTMLScriptElement, name, value) {
    const set = () => setAttribute.call(this, name, value);
    if (/^src$/i.test(name)) instead(this, value, set);
    else set();
  };
}

/** Puts the gate into Mixpanel's place. */
export function occupy(given: Place) {
  place = given;
  const { facade, take } = given;
  try {
    Object.defineProperty(window, 'mixpanel', {
      configurable: true,
      enumerable: true,
      // The library alone finds a stub: all others are to find the gate, while it is on its way too.
      get: () => (element && running() == element ? stub : facade),
      set(value: unknown) {
        if (starting) placed = value as Members;
        else if (value != facade && value != stub) take(value);
      },
    });
    owned = true;
  } catch {
    // The page has declared it with `var`.
    try {
      window.mixpanel = facade;
    } catch (error) {
      console.warn('mixpanel-consent-bridge: bridge-late', '`window.mixpanel` cannot be written to: what stands there is shut, and its calls are lost until there is a yes. Move the tag above what defines it.', error);
    }
  }
}
