// Gives the page's calls to the SDK: those that waited as if they were made when they were
// made. Part of the driver's chunk, because nothing goes through before the core says so.

import type { Call, Gate, HeldCall, Instance, Method, Part, Sdk } from '../rooms.js';

/** Where the properties of an event stand among the arguments of a call. */
const EVENTS: Record<string, number> = { __proto__: null as never, track: 1, track_with_groups: 1, track_pageview: 0 };
// The SDK reads these from the address of the moment (its src/utils.js, campaignParams and
// clickParams), which is another one if the page has moved on meanwhile.
const MARKETING = /^utm_|clid$|^(ko_click_id|li_fat_id|sccid|wbraid)$/;

const marketing = (url: URL) => {
  const found: Record<string, string> = {};
  url.searchParams.forEach((value, key) => {
    if (value && MARKETING.test(key)) found[key] = value;
  });
  return found;
};

/** What the SDK would have said of the page at the time. */
const context = (call: HeldCall) => {
  const now = location.href;
  // An element named `URL` is no address.
  const then = typeof call.url == 'string' ? call.url : now;
  const properties: Record<string, unknown> = { time: call.at / 1000, $current_url: then };
  if (then != now || call.path == 'track_pageview') {
    const url = new URL(then);
    Object.assign(properties, marketing(url));
    if (call.path == 'track_pageview') {
      const page: Record<string, string> = {
        current_page_title: call.title,
        current_domain: url.hostname,
        current_url_path: url.pathname,
        current_url_protocol: url.protocol,
        current_url_search: url.search,
      };
      for (const key of Object.keys(page)) if (page[key]) properties[key] = page[key];
    }
  }
  return properties;
};

/** How the site has the SDK track page views by itself. */
interface Autocapture {
  pageview?: unknown;
  allow_url_regexes?: RegExp[];
  block_url_regexes?: RegExp[];
}

export function replay(gate: Gate) {
  const sdk: Sdk = gate.sdk;
  /** When what `time_event` has named began. */
  const timers = new Map<unknown, number>();

  /** Paths that have been called, as owner and method. */
  const parts: Record<string, [string, string?]> = {};

  const invoke = (call: Call | HeldCall, late?: boolean) => {
    let { path, args } = call;
    // What a prerendered page did, it did for nobody until it was shown.
    if (call.at! < sdk.shownAt!) call.at = sdk.shownAt!;
    const instance = sdk.instance!;
    if (path == 'time_event') {
      timers.delete(args[0]);
      // Started now it would run short; the event takes its duration from here.
      if (late) return void timers.set(args[0], call.at!);
    }
    const index = EVENTS[path];
    if (index !== undefined) {
      const began = path != 'track_pageview' && timers.get(args[0]);
      if (late || began) {
        args = [...args];
        args[index] = {
          ...(began && { $duration: ((call.at || Date.now()) - began) / 1000 }),
          ...(late && context(call as HeldCall)),
          ...(args[index] as object | undefined),
        };
        timers.delete(args[0]);
      }
    }
    const [owner, method] = (parts[path] ||= path.split('.') as [string, string?]);
    const target: Instance | Part | undefined = call.group ? instance.get_group!(...call.group) : method ? (instance[owner] as Part | undefined) : instance;
    const f = target && target[method || owner];
    if (typeof f == 'function') return (f as Method).apply(target, args);
    gate.note('unsupported', path);
    return;
  };

  const sendOptIn = () => {
    if (sdk.optInDue) sdk.instance!.track!('$opt_in', {}, { send_immediately: true });
    sdk.optInDue = false;
  };

  /**
   * The page views that the SDK would have tracked by now, had it been there (its
   * src/autocapture/index.js); those of addresses in between nobody has seen.
   */
  const pageView = () => {
    const { landing: first, missed } = sdk;
    const { autocapture, track_pageview, stop_utm_persistence } = sdk.config;
    sendOptIn();
    sdk.landing = undefined;
    sdk.missed = false;
    const now = { url: location.href };
    const moved = first && first.url != now.url;
    // First touch: the SDK has seen the present address only.
    if (moved && !stop_utm_persistence) sdk.instance!.register!(marketing(new URL(first.url)));
    // With autocapture its own option counts, and is on by default.
    const { pageview = 'full-url', allow_url_regexes: only, block_url_regexes: not } = (autocapture || { pageview: track_pageview || 0 }) as Autocapture;
    const seen = ({ url }: { url: string }) => {
      const listed = (one: RegExp) => url.match(one);
      try {
        return pageview && (only?.length ? only.some(listed) : !not?.some(listed));
      } catch {
        // No list of patterns.
      }
      return;
    };
    // What of an address counts; with `true`, the SDK counts the first alone.
    const counts = ({ url }: { url: string }) => pageview === true || url.split(pageview == 'full-url' ? /$/ : pageview == 'url-with-path' ? /[?#]/ : /#/)[0];
    if (first && (moved || missed) && seen(first)) invoke(first, true);
    if (missed && (!first || counts(first) != counts(now)) && seen(now)) sdk.instance!.track_pageview!();
  };

  return { invoke, pageView, sendOptIn };
}
