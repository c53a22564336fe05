// What a person sees and does for each code that the bridge can say. Why (the cause) is the code's own sentence
// in the source, so it is not here. docs/tables.mjs makes docs/troubleshooting.md of both, and fails when a code
// has no entry or an entry has no code.
//
//   code: [what is seen, what to do]

/** `state.code` in a page. */
export const STATES = {
  starting: ['The first moments of each page. It passes within a fraction of a second.', 'Nothing. If it stays, look for `core-unavailable` in the console.'],
  'no-window': ['The code runs on a server, or in a worker.', 'Nothing in a page. To send events from a server, read the request with [the server entry](/start/server).'],
  'core-unavailable': ['Mixpanel stays off on every page, whatever the visitor answers.', 'Open the network panel: `core.js` must answer 200, as JavaScript, and from another origin with `Access-Control-Allow-Origin`. With the script tag it is in the folder beside `bridge.js`: copy that folder too. If you cannot, use `bridge.all.js`, which is [one file](/start/script-tag#one-file-or-several). If your policy refuses WebAssembly, add `\'wasm-unsafe-eval\'` or take the [build without it](/csp#without-webassembly). If it worked before a release, a service worker or a cache may serve files of two releases together: put each release into a folder of its own.'],
  disconnected: ['Mixpanel stays off after your own code has called `disconnect()`.', 'Nothing, if that is what you want. `connect()` begins anew.'],
  granted: ['Mixpanel runs.', 'Nothing. If no event arrives in your project, look at the token, at `api_host` for your region, and at ad blockers.'],
  denied: ['Mixpanel is off, and its data is gone from the device.', 'Nothing. If the visitor said yes, print `explain()`: is the category that you named the one for analytics?'],
  'implied-granted': ['Mixpanel runs although nobody was asked.', 'Nothing, if that is what you want in this region. Otherwise set `implied: \'ask\'`.'],
  'implied-ask': ['Calls are held although the consent manager allows analytics by default.', 'Nothing, if you want an explicit yes. Otherwise set `implied: \'accept\'`.'],
  'implied-denied': ['Mixpanel is off although nobody was asked.', 'Nothing. The consent manager closes analytics by default here; a yes of the visitor opens it.'],
  gpc: ['Mixpanel is off in browsers that send Global Privacy Control.', 'Nothing, if you respect the signal. An explicit yes opens Mixpanel, unless `gpc` is `\'strict\'`.'],
  dnt: ['Mixpanel is off in browsers that send Do Not Track.', 'Nothing, if you respect the signal. `dnt: \'ignore\'` ignores it.'],
  'opted-out-of-sale': ['Mixpanel is off for visitors from the United States who opted out.', 'Nothing. An explicit yes of a consent manager that asks opens Mixpanel.'],
  'cmp-looking': ['Calls are held, and no consent manager has been seen so far.', 'Nothing in the first seconds. If it stays, see [`cmp-missing`](#cmp-missing).'],
  'cmp-missing': ['Calls are held for good, and the console says so after ten seconds.', 'Print `explain()`: it says which names were looked for. Check that the consent manager’s script is on this page, and that no ad blocker or policy blocks it. If `cmp` names another product than the one on the page, correct it, or leave `cmp` out. If your product is not in [the list](/managers/), write [an adapter](/own-adapter); for a dialog of your own use `cmp: \'manual\'`.'],
  prerendered: ['A page that nobody has opened yet.', 'Nothing. It goes on when the page is shown.'],
  'cmp-not-ready': ['The consent manager is there and has not loaded its state.', 'Nothing in the first seconds. If it stays, its script was stopped: look for its errors in the console.'],
  'cmp-asking': ['The dialog is open, and calls are held.', 'Nothing. If you see no dialog although the consent manager says that it asks: does a style sheet or an ad blocker hide it?'],
  'cmp-unreadable': ['Mixpanel stays off, and the console names the consent manager.', 'Print `explain()`: it shows what was found. For an adapter of your own, compare the value and its type with `granted` and `denied`. For a built-in adapter, please open an issue with what was found.'],
  'cmp-expired': ['The dialog is shown again to somebody who had answered.', 'Nothing. The visitor’s next answer counts.'],
  'category-unknown': ['Mixpanel stays off for every visitor, also after “accept all”.', 'The name in `category` is not one that this consent manager has. `explain()` lists the names; copy one of them.'],
  'cmp-disagree': ['Mixpanel is off, and two consent managers are on the page.', 'Name the one that counts in `cmp`. Usually the other is left over from a move.'],
  'other-tab': ['Mixpanel changes without an act on this page.', 'Nothing. The visitor has answered in another tab of your site.'],
  'opted-out': ['Mixpanel stays off for a visitor who has said yes.', 'Remove the calls of `opt_out_tracking()` from your site. The visitor’s next answer in the consent manager opens Mixpanel again.'],
  'manual-unset': ['Calls are held until your own dialog answers.', 'Call `grant()` and `deny()` from your dialog’s buttons, and show the dialog from `ask`. See [Your own banner](/recipes/own-banner).'],
  'sdk-failed': ['The visitor said yes, and no event leaves.', 'Open the network panel: the SDK is blocked, or its chunk is missing. Ad blockers block Mixpanel’s CDN; `mixpanel: () => import(\'mixpanel-browser\')` serves it from your own site. If the message says that `mixpanel` is what `connect()` or the tag has made, `bridge.mixpanel` stands at `window.mixpanel`: give `connect()` the SDK itself. A `TypeError` in the message may mean that files of two releases were mixed, see [`core-unavailable`](#core-unavailable).'],
  'sdk-loading': ['A moment after a yes.', 'Nothing. If it stays, the SDK does not arrive: see [`sdk-failed`](#sdk-failed).'],
  'sdk-lock-refused': ['The console says so once. Mixpanel is off all the same.', 'Update `mixpanel-browser`. This version ignores the bridge’s lock, so the bridge uses the SDK’s own stored opt-out instead.'],
  'attribute-invalid': ['Mixpanel stays off, and the console names an attribute.', 'The message says what was meant.'],
  'token-missing': ['Mixpanel stays off.', 'Is the environment variable set where the page was built?'],
  'option-unknown': ['Mixpanel stays off.', 'The message lists all options. TypeScript finds this mistake before the code runs.'],
  'option-invalid': ['Mixpanel stays off.', 'The message lists the values that are allowed.'],
  'cmp-unknown': ['Mixpanel stays off.', 'Copy the id from [the table](/managers/).'],
};

/** `code` of a state on a server. */
export const SERVER = {
  'request-silent': ['`readConsent` says `unset` although the visitor has answered.', 'Does your consent manager keep its answer in a cookie? [The table](/managers/) says so. If not, give the page `record: \'cookie\'` and the server the `token`.'],
  'request-too-long': ['No cookie of the request was read.', 'Find out who writes so many cookies; browsers cut them at a few thousand bytes.'],
  'record-unreadable': ['The bridge’s own cookie is there and does not count.', 'Nothing for one visitor. For many: is something rewriting cookies on the way?'],
  'record-unsigned': ['The bridge’s own cookie is there and does not count.', 'Let the page post its [receipts](/server/receipts), so that your server signs the record.'],
  'record-aged': ['A returning visitor’s record is signed and does not count any more.', 'Let your consent manager ask anew: with the answer the record is signed anew. `recordMaxAge` sets how old it may be.'],
  'record-alone': ['The record says yes, and the server says `unset`.', 'The consent manager’s own cookie is not in the request. Is it set for another domain or path? With a dialog of your own, say `cmp: \'manual\'`.'],
  'nothing-recorded': ['The ledger knows nothing of this person.', 'Call `ledger.record()` where the person is known, and `ledger.merge()` where your site calls `identify()`.'],
  'history-unreadable': ['The ledger allows nothing for this person.', 'Look into the store: an entry is damaged. The person’s next answer counts again.'],
};

/** What is said in the console, and in no state. */
export const CONSOLE = {
  'bridge-late': ['Mixpanel ran before the bridge came.', 'Mixpanel’s snippet, or another script, called `init()` first. What it stored has been removed unless there is consent; `explain().early` lists what can still be seen.', 'Move the tag, or `connect()`, above it.'],
  'sdk-threw': ['A call did nothing.', 'Mixpanel’s SDK threw at a call that your page made.', 'The message has the SDK’s own error.'],
  'loaded-threw': ['Something after Mixpanel’s start did not happen.', 'Your `loaded` function threw.', 'Mend it; the bridge goes on.'],
  'ask-threw': ['Your dialog is not shown.', 'Your `ask` function threw.', 'Mend it; the bridge goes on, and waits for `grant()` or `deny()`.'],
  'subscriber-threw': ['Your interface does not follow the state.', 'A function that you gave to `subscribe` threw.', 'Mend it; the others are called all the same.'],
  'receipt-threw': ['A receipt is missing.', 'Your `onReceipt` threw.', 'Mend it; the record is kept all the same.'],
  'receipt-not-posted': ['A receipt is missing on your server.', 'The `receiptEndpoint` could not be reached, or answered with an error.', 'The message has the status. [Receipts](/server/receipts) lists the answers.'],
  'record-refused': ['The visitor is asked again on each page.', 'The browser refuses storage, or it is full.', 'Nothing. The answer holds for this page.'],
  'sweep-unavailable': ['After a no, what Mixpanel stored on an earlier page is still there.', '`sweep.js` is not served beside `core.js`.', 'Serve it; the next page removes the rest.'],
  'texts-unavailable': ['A stored TC string, GPP string or packed answer is not read. Mixpanel stays shut until the consent manager itself runs.', '`texts.js` is not served beside `core.js`.', 'Serve it. See [The script tag](/start/script-tag).'],
  'frames-unavailable': ['In a frame, the consent manager of the page above is not read.', '`frames.js` is not served beside `core.js`.', 'Serve it. See [Frames](/frames).'],
  'inspector-unavailable': ['`debug` is set, and the page has no inspector.', '`inspector.js` is not served beside `core.js` or `bridge.all.js`.', 'Serve it, or leave `debug` out. See [Inspector](/inspector).'],
  'adapter-invalid': ['Mixpanel stays off.', 'An adapter of your own in `cmp` has a shape that is none.', 'The message says which part. See [your own adapter](/own-adapter).'],
  'adapter-threw': ['Mixpanel stays off.', 'The `read` of your own adapter threw.', 'The message has its error.'],
  'init-ignored': ['Your configuration does not count.', 'The page called `init()` after the bridge had started Mixpanel.', 'Give the configuration to `connect()`, or as `data-config`.'],
  'no-init': ['Calls are held for good.', 'The tag has no `data-token`, and nobody called `mixpanel.init()` within ten seconds.', 'Give `data-token`, or keep Mixpanel’s snippet with its `init()` below the tag.'],
  'already-connected': ['The options of a second `connect()` do not count.', '`connect()` was called twice with the same token and name, and with other options.', 'Call it once, in a module of its own, or `disconnect()` first. With two script tags of two projects the second does nothing: begin that project by `mixpanel.init(\'ITS_TOKEN\', {}, \'a name\')`.'],
  'cmp-decides': ['`grant()`, `deny()` or `opt_in_tracking()` changed nothing.', 'A consent manager decides on this page.', 'Remove the call, or use `cmp: \'manual\'` for a dialog of your own.'],
};

/** What people say first, and the codes to look at. */
export const SYMPTOMS = [
  ['No event arrives, and I said yes', ['category-unknown', 'sdk-failed', 'cmp-missing', 'core-unavailable', 'opted-out']],
  ['Mixpanel is off on every page', ['core-unavailable', 'token-missing', 'option-unknown', 'attribute-invalid', 'no-init']],
  ['Mixpanel runs although nobody was asked', ['implied-granted', 'bridge-late']],
  ['A cookie is there before the answer', ['bridge-late', 'implied-granted']],
  ['The visitor is asked again on each page', ['record-refused', 'cmp-expired', 'manual-unset']],
  ['Calls are held for good', ['cmp-missing', 'cmp-not-ready', 'no-init']],
  ['It works here and not in production', ['core-unavailable', 'token-missing', 'cmp-missing']],
  ['The server does not send', ['request-silent', 'record-alone', 'nothing-recorded']],
];
