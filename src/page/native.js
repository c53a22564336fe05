// The browser's own promise, whatever the page has put at `window.Promise`: what an async function
// gives is always one.

/** @type {PromiseConstructor} */
// @ts-expect-error `constructor` is typed as any function
export const Native = (async () => {})().constructor;
