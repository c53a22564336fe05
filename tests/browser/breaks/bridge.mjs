// What keeps the promises, broken: `[promise and what is broken, test file, pattern of tests that
// must then fail, points]`.

import { named } from './point.mjs';

/** Nothing of what other tabs say is heard. */
const DEAF = [named('start.peer').returns(), named('start.kept').returns(), named('start.refused').returns()];
/** Nor what the browser tells of a changed cookie. */
const COOKIES = named('listen.ts.watch').call('on', 'cookieStore').is('() => {}');
const WATCHED_SELDOM = [named('listen.ts.WATCH').is('100000'), named('listen.ts.SOONEST').is('100000')];

export const PROMISES = [
  ['1 the SDK is fetched at once', 'promise-01-before-an-answer', 'klaro, deferred: nothing is asked', [
    named('start.early').before("if (typeof site.mixpanel == 'function') site.mixpanel();"),
  ]],
  ['1 something is written and removed before an answer', 'promise-01-before-an-answer', 'klaro, deferred: nothing is asked', [
    named('start.early').before("localStorage.setItem(key, ''), localStorage.removeItem(key);"),
  ]],
  ['1 the lock does not lock', 'promise-01-before-an-answer', '2.83.0 as object, opted out', [
    named('LOCK.doNotTrack').is("'0'"),
    named('LOCK.disable_persistence').is('false'),
  ]],
  ['2 held calls carry the time of their release', 'promise-02-on-yes', '2.83.0 as loader, deferred: what was held', [
    named('context.properties').entry('time').gone(),
  ]],
  ['2 held calls carry the page of their release', 'promise-02-on-yes', '2.83.0 as loader, deferred: what was held', [
    named('context.properties').entry('$current_url').gone(),
  ]],
  ['2 held calls leave in another order', 'promise-02-on-yes', '2.83.0, unbatched, deferred', [
    named('hold.call').call('held.push').is('held.unshift($args)'),
  ]],
  ['2 the first page view is lost', 'promise-02-on-yes', '2.83.0 as object, opted-out', [
    named('pageView').call('invoke', 'first').gone(),
  ]],
  ['2 replay is not started', 'promise-02-on-yes', '2.83.0, opted-out, object: replay|2.83.0, object, opted-out: replay', [
    named('recipes.ask').result('method').is("method != 'start_session_recording' && $it"),
  ]],
  ['2 a recorder that comes late is told to stop once', 'promise-02-on-yes', 'initialised, deferred: replay', [
    named('steps.COMMAND_STOP_REPLAY').returns("gate.stopped || (gate.stopped = 1, ask('stop_session_recording'))"),
  ]],
  ['2 autocapture that does not name page views has none', 'page-views', 'autocapture":{"click"', [
    named('pageView').value('pageview', 'full-url').is('undefined'),
  ]],
  ['2 page views that are off with autocapture are on by the other option', 'page-views', 'autocapture":{"pageview":false', [
    named('pageView').operand('autocapture').is("({ ...autocapture, ...(track_pageview && { pageview: 'full-url' }) })"),
  ]],
  ['2 where the page went while locked is no view', 'page-views', 'full-url|query-string', [
    named('pageView').condition('missed', 'now').is('!first && $it'),
  ]],
  ['2 any move is a view', 'page-views', 'part: as|landing.q=2: as|"track_pageview":true', [
    named('pageView').comparison('counts').is('moved'),
  ]],
  ['2 the first view is wanted, and the SDK tracks its own', 'page-views', '"track_pageview":true', [
    named('arrive.begin').condition('track_pageview').is('false'),
  ]],
  ['2 views of addresses that the site has shut out', 'page-views', 'url_regexes', [
    named('pageView.seen').returned('only').is('pageview'),
  ]],
  ['2 the campaign is kept with page views alone', 'page-views', 'without page views', [
    named('pageView').condition('stop_utm_persistence').is('track_pageview && $it'),
  ]],
  ['2 who was cookieless is not forgotten', 'promise-02-on-yes', 'from cookieless', [
    named('steps.COMMAND_RESET').returns(),
  ]],
  ['4 the page view of before a no is kept', 'page-views', 'before a no', [
    named('start.gate').call('landed').gone(),
  ]],
  ['2 a reactive object leaves as it is later', 'promise-02-on-yes', 'cannot be cloned', [
    named('hold.ts.copy').choice('nodeType', 'stringify').is('value'),
  ]],
  ['2 an element is copied', 'promise-02-on-yes', 'cannot be cloned', [
    named('hold.ts.copy').condition('nodeType').is('false'),
  ]],
  ['14 a second connect() is a second bridge', 'gate', 'a second connect', [
    named('connect.there').is('undefined'),
  ]],
  ['14 scripts that run again in a body that was replaced begin a second bridge', 'places', 'replaces the body', [
    named('connect.there').is('undefined'),
  ]],
  ['14 mode is on where the SDK failed', 'promise-08-fails-closed', 'the SDK does not load', [
    named('start.say').choice('mode', 'off').is('mode'),
  ]],
  ['14 a polluted prototype sets a trap of the gated object', 'faults', 'Object.prototype.set', [
    named('hold.ts.shape.__proto__').is('Object.prototype'),
  ]],
  ['14 disconnect() leaves the gate as it is', 'gate', 'nothing passes any more', [
    named('connect.disconnect').call('close').gone(),
    named('connect.disconnect').value('calls.closed').is('false'),
    named('start.stop').condition('instance').is('false'),
  ]],
  ['14 deny() takes effect later', 'gate', 'the next line does not leave', [
    named('connect.answer').call('core.answer').is('setTimeout(() => $it)'),
  ]],
  ['14 deny() before the core is there waits for it', 'gate', 'with a yes on record', [
    named('start.early').is('void setTimeout(() => answer(gate.early()), 50)'),
  ]],
  ['14 mode says what is to pass', 'gate', 'mode says what passes', [
    named('start.say').comparison('mode', 'off').is('mode'),
  ]],
  ['14 loaded gets the bare SDK', 'gate', 'loaded gets the gated', [
    named('arrive.siteLoaded').call('loaded').is('sdk.config.loaded?.(sdk.instance)'),
  ]],
  ['14 a further instance has a consent of its own', 'gate', 'loaded gets the gated', [
    named('connect.gated').call('others.push').gone(),
  ]],
  ['14 a signal of ours travels in batch_autostart', 'gate', 'batch_autostart', [
    named('begin.locked').is('config.batch_autostart === false'),
  ]],
  ['14 a group is another one each time', 'gate', 'before and after', [
    named('gated.get_group').call('JSON.stringify', 'group').is('Math.random()'),
  ]],
  ['5 what is being packed at a no has an address to go to', 'promise-05-withdrawal', '2.83.0: a recording that is being packed', [
    named('recipes.cutOff').condition('instance').is('true'),
  ]],
  ['14 what the page answers to the first state is lost', 'gate', 'by a subscriber, at the first state', [
    named('watch.look').operand('AT_ONCE').is('true'),
  ]],
  ['14 who has answered is asked again', 'gate', 'called once', [
    named('start.say').condition('asked', 'under').is('!before'),
  ]],
  ['15 a mistake is thrown into the page', 'bad-input', 'each mistake', [
    named('connect.ts.connect').call('refuse', 'error').is('(() => { throw error; })()'),
  ]],
  ['15 a mistake is found and Mixpanel is not shut', 'bad-input', 'each mistake', [
    named('connect.ts.connect').call('refuse', 'failure').is('undefined'),
  ]],
  ['3 $opt_in with each page', 'promise-03-opt-in-event', 'vanilla-cookieconsent, opted-out, optInEvent true', [
    named('replay.sendOptIn').condition('optInDue').is('gate.site.optInEvent'),
  ]],
  ['7 an opt-out by the SDK\'s own means is cleared at the start', 'promise-07-leftovers', '2.83.0 as loader, deferred: an opt-out', [
    named('start.digits').call('entries.isRefused').is('false'),
  ]],
  ['4 held calls are kept through a no', 'promise-04-on-no', 'klaro, deferred', [
    named('release').comparison('letter', 'FLOW_HOLD').is('letter != FLOW_PASS'),
  ]],
  ['4 calls of a denied time are held', 'promise-04-on-no', 'klaro, deferred', [
    named('hold.call').comparison('flow', 'FLOW_DROP').is('false'),
  ]],
  ['5 what is stored in a click is seen a moment later', 'promise-05-withdrawal', 'in that click', [
    named('listen.ts.watch').call('on', 'click', '!soon').is('() => {}'),
  ]],
  ['5 document.open() makes the bridge deaf', 'places', 'document.open.. after a yes', [
    named('watch.opened').call('listening.forEach').gone(),
  ]],
  ['5 the tab\'s keys are forgotten', 'promise-05-withdrawal', 'fake-cookiebot: by the end', [
    named('sweeper.sweepUp').pattern().is('/^mp_nothing/'),
  ]],
  ['5 parent domains are forgotten', 'promise-05-withdrawal', 'cookies of every parent domain', [
    named('remove.domains').call('labels.map').is('[]'),
  ]],
  ['5 recordings are forgotten', 'promise-05-withdrawal', '2.83.0 as object, recording', [
    named('clear').call('store.delete').gone(),
  ]],
  ['5 the sweep comes a moment too late', 'promise-05-withdrawal', 'fake-cookiebot: by the end', [
    named('start.clean').call('sweepUp').is('new Promise((resolve) => setTimeout(resolve, 3000)).then(() => $it)'),
  ]],
  ['5 the senders are not stopped', 'promise-05-withdrawal', '2.83.0 as loader: what was tracked a moment before', [
    named('recipes.ask').result('method').is('!/^(stop_batch|opt_out)/.test(method) && $it'),
    named('sweeper.sweepUp').call('key.startsWith', '__mpq_').is('false'),
  ]],
  ['5 what the SDK notes later than the last sweep stays', 'promise-05-withdrawal', 'on its way at the no', [
    named('start.queued').call('core.happened', 'HAPPENING_QUEUED').gone(),
  ]],
  ['6 the person is not forgotten', 'promise-06-second-yes', '2.83.0 as loader, deferred, on the same', [
    named('recipes.ask').result('method').is("method != 'reset' && $it"),
  ]],
  ['6 the profile is deleted', 'promise-06-second-yes', '2.83.0 as loader, deferred, on the same', [
    named('recipes.ask').result('method').is("(method == 'reset' && sdk.instance.people['delete_user'](), 0) || $it"),
  ]],
  ['7 a database of an earlier visit is not there', 'promise-07-leftovers', 'object, deferred: a recording of a closed tab does not leave', [
    named('sweeper.sweepUp').operand('none').is('true'),
  ]],
  // Three things stand between a leftover and the network; each alone is enough.
  ['7 leftovers are neither swept nor locked', 'promise-07-leftovers', '2.83.0 as object, opted-out', [
    named('arrive.begin').call('Object.assign', 'lockConfig').is('delete config.batch_autostart'),
    named('arrive.holds').call('track').is('locked = true'),
    named('start.clean').call('sweepUp').is('Promise.resolve()'),
  ]],
  ['8 a consent manager that is not there counts as a yes', 'promise-08-fails-closed', 'deferred, cmp auto: absent|deferred: blocked', [
    named('start.say').condition('asked', 'under').before("if (code == 'cmp-missing') site.mixpanel().then(({ default: library }) => { library.init(site.token, sdk.config); sdk.instance = library; drive().then(() => release(gate, 'pppp')); });"),
  ]],
  ['8 a core that does not come opens the gate', 'promise-08-fails-closed', 'loader: core.js is blocked', [
    named('connect.ts.connect').call('report', 'core-unavailable').is('site.mixpanel().then(({ default: library }) => { library.init(site.token, sdk.config); for (const call of calls.held) library.track(...call.args); })'),
  ]],
  ['9 GPC is not read', 'promise-09-defaults', 'GPC closes what only', [
    named('start.browser').operand('BROWSER_GPC').is('0'),
  ]],
  ['9 DNT is not read', 'promise-09-defaults', 'DNT, ', [
    named('start.browser').operand('BROWSER_DNT').is('0'),
  ]],
  ['10 other tabs are not heard', 'promise-10-tabs', 'klaro, opted-out|with record|last answer', [...DEAF, COOKIES]],
  ['10 four tabs: other tabs are not told', 'many-tabs', 'twenty random answers', [...DEAF, COOKIES]],
  ['14 rows of other projects are removed', 'databases', 'rows of another project stay', [
    named('clear').value('alone', 'false').is('void store.delete(key)'),
  ]],
  ['10 coming back from the cache is not noticed', 'promise-10-tabs', 'back from the back/forward cache', [
    named('listen.ts.watch').operand('persisted').is('false'),
    named('listen.ts.watch').call('on', 'visibilitychange').is('() => {}'),
    named('listen.ts.watch').call('on', 'storage').is('() => {}'),
    COOKIES, ...WATCHED_SELDOM,
  ]],
  ['11 a record is kept before an answer', 'promise-11-the-bridge-itself', 'klaro', [
    named('start.early').before("localStorage.setItem(key, '1.uuuu.e.1.klaro');"),
  ]],
  ['11 a subscriber that throws is let through', 'promise-11-the-bridge-itself', 'a subscriber', [
    named('connect.tell').caught().is('{ throw error; }'),
  ]],
  ['bad input: options are not checked', 'bad-input', 'options: each', [
    named('options.ts.check').comparison('kind', 'undefined').is('false'),
  ]],
  ['walk: withdrawal removes nothing', 'walk', 'klaro, deferred', [
    named('start.clean').call('sweepUp').is('Promise.resolve()'),
  ]],
  ['features: recordings stay when recording alone is taken back', 'features', '2.83.0 as loader', [
    named('start.steps.COMMAND_SWEEP_RECORDINGS').returns(),
  ]],
  ['features: flags that open later are not fetched', 'features', '2.83.0 as loader', [
    named('steps.COMMAND_LOAD_FLAGS').call('attempt').gone(),
  ]],
  ['driver: it is loaded before a yes', 'faults', 'loads nothing that drives', [
    named('core.ts.start').condition('RECORD_YES').is('true'),
  ]],
  ['driver: nobody hears that it did not come', 'faults', 'drive.js', [
    named('start.missing').returns(),
  ]],
  ['14 a member throws before an answer', 'same-object', 'each public member', [
    named('hold.ts.hold').operand('ASKS').is('false'),
  ]],
  ['14 a value of the configuration is lost', 'same-object', 'every documented key', [
    named('mixpanel.ts.over').returned('config').is('Object.assign($it, { save_referrer: true })'),
  ]],
  ['14 a page does not look when it comes back from the cache', 'cache', 'by its cookie alone', [
    named('listen.ts.watch.back').returns(),
    named('listen.ts.watch').call('on', 'visibilitychange').is('() => {}'),
    // Nor by the clock, which runs on in the page that is shown again.
    named('listen.ts.WATCH').is('100000'),
    named('listen.ts.SOONEST').is('100000'),
  ]],
  ['14 after a no, the record of another is kept', 'states', 'denied', [
    named('start.clean').call('sweepUp').is('Promise.resolve()'),
  ]],
];

export const MANAGERS = [
  ['fakes: what callbacks say is lost', 'fakes', 'hubspot|ketch|inmobi', [
    named('attach.callback').call('fields').is('({})'),
  ]],
  ['fakes: no callback is given', 'fakes', 'commanders-act|sourcepoint|osano', [
    named('attach.returned').is('0'),
  ]],
  ['rare texts: what decodes them does not come, and nobody is told', 'as-they-are', 'what decodes it does not come', [
    named('decoding').call('report', 'texts-unavailable').gone(),
  ]],
  ['rare texts: what decodes them does not come, and nothing is there', 'as-they-are', 'what decodes it does not come', [
    named('decoding').value('decode', 'error').is('() => undefined'),
  ]],
  ['own adapter: a TC string is a text', 'own-adapter', 'a TC and a GPP string by', [
    named('words.ts.FORMS.tc').is('FORM_TEXT'),
  ]],
  ['own adapter: a GPP string is a text', 'own-adapter', 'a TC and a GPP string by', [
    named('words.ts.FORMS.gpp').is('FORM_TEXT'),
  ]],
  ['own adapter: a read that throws is believed to be a yes', 'own-adapter', 'a read that', [
    named('own.reading').thrown('error').is("return { live: true, rest: 'G', G: [], g: [], u: [], d: [], D: [] };"),
  ]],
  ['own adapter: callbacks are not taken back', 'own-adapter', 'with a read', [
    named('attach').call('apply', 'offArgs').gone(),
  ]],
];
