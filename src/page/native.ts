// The browser's own promise, whatever the page has put at `window.Promise`: what an async function
// gives is always one.

export const Native = (async () => {})().constructor as PromiseConstructor;
