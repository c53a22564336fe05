// Gives the page's calls to the SDK: those that waited as if they were made when they were
// made. Part of the core's chunk, because nothing goes through before the core says so.

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
const context = (call: any) => {
  const properties: any = { time: call.at / 1000, $current_url: call.url };
  if (call.url != location.href || call.path == 'track_pageview') {
    const url = new URL(call.url);
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

export function replay(host: any) {
  const timers = new Map<string, number>();

  host.invoke = (call: any, late?: boolean) => {
    let { path, args } = call;
    // What a prerendered page did, it did for nobody until it was shown.
    if (call.at < host.shown) call.at = host.shown;
    const sdk = host.target;
    if (path == 'time_event') {
      timers.delete(args[0]);
      // Started now it would run short; the event takes its duration from here.
      if (late) return void timers.set(args[0], call.at);
    }
    const index = EVENTS[path];
    if (index !== undefined) {
      const began = path != 'track_pageview' && timers.get(args[0]);
      if (late || began) {
        args = [...args];
        args[index] = {
          ...(began && { $duration: (call.at - began) / 1000 }),
          ...(late && context(call)),
          ...args[index],
        };
        timers.delete(args[0]);
      }
    }
    const [owner, method] = path.split('.');
    const target = call.group ? sdk.get_group(...call.group) : method ? sdk[owner] : sdk;
    const f = target && target[method || owner];
    if (typeof f == 'function') return f.apply(target, args);
    host.trace('unsupported', path);
  };

  /**
   * The page views that the SDK would have tracked by now, had it been there (its
   * src/autocapture/index.js); those of addresses in between nobody has seen.
   */
  host.pageview = () => {
    const { landing: first, missed } = host;
    const { autocapture, track_pageview, stop_utm_persistence } = host.config;
    host.optInNow();
    host.landing = host.missed = 0;
    const now = { url: location.href };
    const moved = first && first.url != now.url;
    // First touch: the SDK has seen the present address only.
    if (moved && !stop_utm_persistence) host.target.register(marketing(new URL(first.url)));
    // With autocapture its own option counts, and is on by default.
    const { pageview = 'full-url', allow_url_regexes: only, block_url_regexes: not } = autocapture || { pageview: track_pageview || 0 };
    const seen = ({ url }: any) => {
      const listed = (one: any) => url.match(one);
      try {
        return pageview && (only?.length ? only.some(listed) : !not?.some(listed));
      } catch {
        // No list of patterns.
      }
    };
    // What of an address counts; with `true`, the SDK counts the first alone.
    const counts = ({ url }: any) => pageview === true || url.split(pageview == 'full-url' ? /$/ : pageview == 'url-with-path' ? /[?#]/ : /#/)[0];
    if ((moved || (first && missed)) && seen(first)) host.invoke(first, true);
    if (missed && (!first || counts(first) != counts(now)) && seen(now)) host.target.track_pageview();
  };
}
