// The latch: a line of script that stands in the page above the tag, and keeps Mixpanel shut where
// the tag does not arrive. It holds Mixpanel's place, so that a snippet below finds a stub there and
// fetches nothing; it keeps the page's calls in their order until the tag takes them over (take()
// in tag.ts). It has to be short: it is written into each page.

interface Latch extends Array<unknown> {
  [name: string]: unknown;
}

((page: { mixpanel?: unknown }) => {
  /** A stub: what is not there is a method, whose calls wait. */
  const stub = (own: object): Latch =>
    new Proxy(Object.assign([], own) as unknown as Latch, {
      get: (calls, key) =>
        key in calls || !/^(?!then$)[a-z]\w+$/.test(String(key))
          ? calls[key as string]
          : (...args: unknown[]) => {
              const call = [key, ...args];
              if (key != 'get_group') return void calls.push(call);
              return new Proxy({}, { get: (_, method) => (...args: unknown[]) => void calls.push([call, [method, ...args]]) });
            },
    });
  const part = () => ({ people: stub([]), flags: stub([]) });
  const latch = (page.mixpanel = stub({
    ...part(),
    __SV: 1.2,
    __latch: 1,
    _i: [],
    init(token: string, config: object, name?: string) {
      (latch._i as unknown[]).push([token, config, name || 'mixpanel']);
      if (name) latch[name] = stub(part());
    },
  }) as Latch);
  addEventListener('load', () => page.mixpanel == latch && console.error('mixpanel-consent-bridge: bridge.js did not arrive; Mixpanel stays off.'));
})(window);
