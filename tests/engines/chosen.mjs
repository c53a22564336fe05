// The tests of tests/browser that `npm test` runs in Firefox and WebKit as well: each promise
// through the tag; of each what an engine can do differently (storage, cookies and their domains,
// tabs, the back/forward cache, modules, WebAssembly, the policy), both starts, two consent
// managers; and the faults that tell most.

/** The files that are run in every engine: without mistakes of programmers, and what Mixpanel does alone. */
export const FILES = /^(promise-\d+.*|tag-.*|csp|databases|faults|places|walk|features|own-adapter|fakes|frames|panel|rest|time|cache)\.test\.mjs$/;

export const CHOSEN = [
  // 1 before an answer
  'klaro, deferred: nothing is asked for, fetched or written',
  'vanilla-cookieconsent, deferred: nothing is asked for, fetched or written',
  '2.83.0 as object, opted out: the SDK is there, locked, and sets nothing',
  '2.83.0 as tag, deferred: nothing leaves and nothing is kept',
  // 2 on yes
  '2.83.0 as loader, deferred: what was held leaves as it happened',
  '2.83.0 as object, opted-out: what was held leaves as it happened',
  '2.83.0 as tag, deferred: what was held leaves as it happened',
  // 3 $opt_in
  'tag, optInEvent true: 1 for each yes, none for pages and tabs',
  // 4 on no
  'klaro, deferred: what was held and what comes after is gone, also after a later yes',
  'vanilla-cookieconsent, opted-out: what was held and what comes after is gone, also after a later yes',
  '2.83.0 as tag: the same',
  // 5 withdrawal
  '2.83.0 as tag: what was tracked a moment before does not follow, by timer or by beacon',
  'vanilla-cookieconsent, opted-out, reloads the page: nothing follows, nothing stays',
  'klaro: by the end of the manager\'s own event the id, the queues and the tab\'s keys are gone',
  'cookies of every parent domain and of the host alone',
  'document.open() after a yes: a no that the consent manager tells the window is heard',
  'two tabs: neither sends what it had queued, and the other does not bring the cookie back',
  // 6 a second yes
  '2.83.0 as loader, deferred, on the same page: another device, no $delete, nothing of before',
  '2.83.0 as tag, deferred, on the same page: another device, no $delete, nothing of before',
  // 7 leftovers
  '2.83.0 as tag, deferred: a queue stays shut until the visitor has answered, and goes with a no',
  '2.83.0 as loader, deferred: a queue stays shut until the visitor has answered, and goes with a no',
  '2.83.0 as object, opted-out: a stored opt-in does not open anything',
  // 8 fails closed
  'tag, cmp auto: absent: still shut after the time given, and said',
  'deferred, cmp auto: absent: still shut after the time given, and said',
  'opted-out, both storages throw: shut before an answer, and the answer is followed',
  'loader: core.js is not there: shut, a code and a sentence, whatever the visitor says',
  'loader: WebAssembly is refused by the content security policy: shut, a code and a sentence, whatever the visitor says',
  // 9 defaults
  'klaro: open by a regional default, which counts, and is no yes',
  'klaro and the tag: GPC closes what only a default opened, and an explicit yes opens it',
  // 10 tabs
  'klaro, opted-out: a yes and a no in one tab hold in the other',
  'klaro and the tag, deferred: a yes and a no in one tab hold in the other',
  'without BroadcastChannel they agree as well',
  'deferred: yes said, no on the next page, and back: the page agrees',
  'deferred: no said, yes on the next page, and back from the back/forward cache: the page agrees',
  // a page at rest
  'klaro tells of its changes: after an answer no timer runs, and a withdrawal is heard',
  'an answer that is a cookie and no more: looked for where the browser does not tell',
  // the back/forward cache
  'before an answer: kept, and as it was',
  'granted: kept, and as it was',
  'granted, through the tag: kept, and as it was',
  'denied: kept, and as it was',
  'open by a default: kept, and as it was',
  // databases that all pages share
  'the page is left for another in the middle of a sweep: no other page waits for a database',
  // tabs that start in one moment
  'three tabs hear of a first yes in one moment: one device (loader)',
  'three tabs hear of a first yes in one moment: one device (object)',
  '2.83.0 as object, deferred: what was held leaves as it happened',
  '2.83.0 as object, deferred: a recording of a closed tab does not leave with a yes',
  'the site\'s own dialog is answered with yes before init(): the answer counts',
  // the tag, above and late, and policies
  'below instances that run, a named one too: locked in the same task, swept, and said',
  'the snippet of 2021, unedited: every call keeps its meaning',
  'the snippet of today, unedited: every call keeps its meaning',
  'tag: WebAssembly refused, data-no-wasm: the core as JavaScript, in its place',
  // its files
  'the core (404): shut, and said',
  'a tag that a cache has kept from another build: it takes none of this one\'s files',
  'what is called while the core is on its way leaves after a yes, in order',
  // frames
  'TCF two frames above, on another site, later than the bridge: yes, withdrawal, yes, no',
  'only the window that was asked is heard, and nothing that it says does harm',
  'with as much storage as the browser gives it: nothing before a yes, which is followed, and nothing left after a no',
  'tag: a nonce and strict-dynamic',
  // faults and places
  'the module inside core.js cut off: shut, said once, calls kept',
  'tag: the SDK\'s CDN is down: said once, calls kept',
  'tag: the page freezes what it finds at window.mixpanel: all works',
  'klaro drops its watchers: a withdrawal is still heard',
  'Promise cannot be constructed: all works',
  'a.b.shop.test: the identity is on .shop.test, and gone after a no',
  'in a sandbox, where every storage is refused: shut before an answer; the SDK does not start there, which is said',
  'in the tag, as JSON',
  // the inspector
  'the inspector: opened, it says why; it follows a yes, a no, and Escape',
  // 11 the bridge itself
  'klaro and the tag, deferred: nothing before an answer, the record after it, and nobody else\'s name at any time',
  'record: cookie keeps it in a cookie of the same name, and nowhere else',
];
