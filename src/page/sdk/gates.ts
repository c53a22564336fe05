// What tells a gate from the SDK, whose shape it has: a page may put one at `window.mixpanel`, or give it
// as the option `mixpanel`. And what tells an instance that a bridge has had.

/** Under this name the tag's gate offers the library that it brings; any build of the tag. */
export const LIBRARY = /* @__PURE__ */ Symbol.for('mixpanel-consent-bridge: library');

/** What may offer it. */
export type Offering = { [LIBRARY]?: () => Promise<unknown> };

/** A gate has every method that could be one of the SDK's (gate/hold.ts), and so this one, which no SDK has. */
export const isGate = (found: unknown) => {
  const object = Object(found) as object;
  return LIBRARY in object || 'of_no_sdk' in object;
};

/** Under this key a locked instance has what the site configured, for a bridge that comes when this one is disconnected. */
export const SITE = /* @__PURE__ */ Symbol.for('mixpanel-consent-bridge: before the lock');
