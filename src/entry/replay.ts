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

  /** The first page view. `missed`: the SDK may not have tracked the present one by itself. */
  host.pageview = (missed: boolean) => {
    const first = host.landing;
    host.optInNow();
    const { track_pageview, autocapture, stop_utm_persistence } = host.config;
    host.landing = 0;
    missed &&= host.missed;
    host.missed = 0;
    if (!(track_pageview || autocapture === true || autocapture?.pageview)) return;
    const moved = first && first.url != location.href;
    if (moved) {
      // First touch: the SDK has seen the present address only.
      const found = marketing(new URL(first.url));
      if (Object.keys(found).length && !stop_utm_persistence) host.target.register(found);
    }
    if (moved || (first && missed)) host.invoke(first, true);
    else if (missed) host.target.track_pageview();
  };
}
