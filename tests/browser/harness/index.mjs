// What a test needs of the harness, by name.

export { EVERYTHING, PAGES, QUICK, TOKEN, chromiumPath, open, pause } from './browser.mjs';
export { ENGINE, ENGINES, asServed } from './engines/index.mjs';
export { SLOW_PACKING, ageQueues, ageRecordings, crash } from './leftovers.mjs';
export { identityCookie, optOutFlag, owner } from './names.mjs';
export { ROOT, SDK, sdkScript, sdkSnippet } from './server.mjs';
export * from './expect.mjs';
export { FAKES, MANAGER, MANAGERS, MORE, using } from './managers.mjs';
