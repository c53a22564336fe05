// The same for what pages do to the bridge, and where they are: policies, frames, time, a device
// that refuses.

import { named } from './point.mjs';

const DEAF = [named('start.peer').returns(), named('start.kept').returns(), named('start.refused').returns()];
const COOKIES = named('listen.ts.watch').call('on', 'cookieStore').is('() => {}');
const WATCHED_SELDOM = [named('listen.ts.WATCH').is('100000'), named('listen.ts.SOONEST').is('100000')];

export const PLACES = [
  ['14 an element is taken for the address of the library', 'hostile-html', 'MIXPANEL_CUSTOM_LIB_URL', [
    named('customLibrary.set').is('window.MIXPANEL_CUSTOM_LIB_URL'),
    named('customLibrary').operand('string').is('true'),
  ]],
  ['csp: Trusted Types are not asked', 'csp', 'tag: a nonce and Trusted', [
    named('trusted').returned('policy').is('url'),
  ]],
  ['csp: the nonce is not handed on', 'csp', 'a nonce alone', [
    named('library.ts.put').value('made.nonce').is("''"),
  ]],
  ['csp: what the page carries is not used', 'csp', 'in its place', [
    named('coreFor').condition('noWasm', 'undefined').is('true'),
  ]],
  ['faults: a polluted prototype sets options', 'faults', 'polluted', [
    named('options.ts.check.o').entry('__proto__').gone(),
  ]],
  ['faults: the page\'s own promise is used', 'faults', 'cannot be constructed', [
    named('connect.ts.bridge.ready').call('Native').is('new Promise($args)'),
  ]],
  ['faults: a fetch of the page\'s is not caught', 'faults', 'fetch ', [
    named('poster').call('catch', 'receipt-not-posted').is("fetch(address, { method: 'POST', body: JSON.stringify(made) }).catch($1)"),
  ]],
  ['faults: only what a consent manager tells is heard', 'faults', 'still heard', [
    named('listen.ts.watch').call('on', 'click', 'soon').is('() => {}'),
    named('listen.ts.watch').call('on', 'click', '!soon').is('() => {}'),
    COOKIES, ...WATCHED_SELDOM,
  ]],
  ['faults: each event is followed, however many they are', 'faults', 'ten thousand', [
    named('listen.ts.watch.told').condition('MOST').is('live'),
  ]],
  ['faults: what is said amid a storm is not heard', 'faults', 'ten thousand', [
    named('listen.ts.watch.told').call('setTimeout', 'CALM_MS').is('($1)()'),
  ]],
  ['faults: what is read may call back without end', 'faults', 'calls back while', [
    named('listen.ts.watch').operand('depth').is('false'),
  ]],
  ['faults: what explain() hands out is the manager\'s own', 'faults', 'freezes everything', [
    named('explain.found').call('copy', 'value').is('value'),
  ]],
  ['faults: a failure is said twice', 'faults', 'CDN is down', [
    named('core.ts.TROUBLE').is("new RegExp($it.source.replace('sdk-lock', 'sdk-'))"),
  ]],
  ['places: a sandbox leaves a promise that nobody catches', 'places', 'in a sandbox', [
    named('sweeper.listed').condition('origin').is('false'),
  ]],
  ['places: cookies are expired on the present host alone', 'places', 'parent domain', [
    named('remove.domains').call('labels.map').is('[]'),
  ]],
  ['places: nothing is swept a moment later', 'places', 'another tab', [
    named('core.ts.LATER').is('[]'),
    named('core.ts.SETTLE').is('1'),
  ]],
  ['places: who the visitor is stays where the SDK never came', 'places', 'never loads', [
    named('sweeper.sweepUp').call('remove', 'identityKey').gone(),
  ]],
  ['frames: any window is heard', 'frames', 'only the window', [
    named('ask.hear').condition('source').is('false'),
  ]],
  ['frames: an answer that says that it failed counts', 'frames', 'only the window', [
    named('ask.hear').choice('success').is('call.last'),
  ]],
  ['frames: odd messages throw', 'frames', 'only the window', [
    named('ask.hear').caught().is('{ throw data; }'),
  ]],
  ['frames: answers to others count', 'frames', 'only the window', [
    named('hear.call').is('[...calls.values()][0]'),
  ]],
  ['frames: callbacks are not taken back', 'frames', 'only the window', [
    named('attach').call('apply', 'offArgs').gone(),
  ]],
  ['frames: only the next page above is asked', 'frames', 'two frames above', [
    named('located').call('located').is('undefined'),
  ]],
  ['frames: it is not said who answered', 'frames', 'two frames above', [
    named('ask.hear').value('api.above').is("''"),
  ]],
  ['frames: it is asked once whether anybody is there', 'frames', 'nobody is behind', [
    named('ask.knock').call('setTimeout').gone(),
  ]],
  ['frames: nobody is asked whether they are there', 'frames', 'nobody is behind', [
    named('ask.alive').is('true'),
  ]],
  ['frames: what tells no changes is asked once', 'frames', 'USP above', [
    named('ask.poll').call('setTimeout').gone(),
  ]],
  ['frames: the page\'s own API is not preferred', 'frames', 'own that comes later', [
    named('offer').comparison('own', 'function').is('false'),
  ]],
  ['frames: a proxy in the page is asked once', 'frames', 'a proxy in the page', [
    named('ask.hear').call('askOwn').gone(),
  ]],
  ['chunks: who arrives later is not noticed', 'chunks', 'arrives after seconds', [
    named('core.ts.start.look').call('gather').gone(),
  ]],
  ['chunks: what is open stays open where a part does not come', 'chunks', 'nor does that of a second', [
    named('core.ts.start.gather').call('stop').gone(),
    named('core.ts.start.gather').call('release').gone(),
  ]],
  ['chunks: it is decided before the parts are there', 'chunks', 'before anything is decided', [
    named('core.ts.start.first').call('fetched').is('Native.resolve([])'),
  ]],
  ['chunks: what an adapter hears is heard once it is there', 'chunks', 'payload', [
    named('notice.ts.noticing.heardEarly').is('[]'),
  ]],
  ['frames: what does not come is not said', 'frames', 'does not come', [
    named('core.ts.start').call('report', 'frames-unavailable').gone(),
  ]],
  ['frames: pages that are none load it as well', 'frames', 'is no frame', [
    named('core.ts.start').condition('parent').is('true'),
  ]],
  ['frames: cookies that the SDK has set for other sites stay', 'frames', 'cookies for other sites: one', [
    named('device.ts.remove').entry('; SameSite=None; Secure').gone(),
  ]],
  ['places: a full storage keeps the yes', 'places', 'is full', [
    named('record.keep').call('removeItem').gone(),
  ]],
  ['places: a full storage keeps the yes of another instance', 'places', 'is full', [
    named('instances.ts.keep').is('() => true'),
  ]],
  ['frames: a refused record is said with each answer', 'frames', 'no cookies at all', [
    named('start.forget').operand('report').is('(report($it && \'record-refused\'), 1)'),
  ]],
  ['time: a prerendered page is taken for one that is seen', 'time', 'prepared with a yes on record:', [
    named('start.browser').operand('BROWSER_UNSEEN').is('0'),
  ]],
  ['time: a prerendered page does not hear what is said meanwhile', 'time', 'that is withdrawn', [
    named('listen.ts.watch').call('on', 'prerenderingchange').call('back').is('look()'),
    ...DEAF,
  ]],
  ['time: a prerendered page\'s calls are of the time before it was shown', 'time', 'prepared with a yes on record:', [
    named('replay.invoke').condition('shownAt').is('false'),
  ]],
  ['time: tabs start in one moment', 'time', 'while another tab starts', [
    named('arrive.alone').call('locks.request').is('go()'),
  ]],
  ['time: a yes of this tab waits for other tabs', 'time', 'done with it', [
    named('core.ts.start.COMMAND_LOAD').call('seek', 'here').is('sdk.driver.seek(swept, false)'),
  ]],
  ['time: a start that is waited for is taken for done', 'time', 'promises are another.s', [
    named('core.ts.start.COMMAND_LOAD').comparison('found', 'number').is('found && !(found instanceof Native)'),
  ]],
  ['time: a yes of another tab starts at once', 'time', 'said in another tab waits', [
    named('core.ts.start.COMMAND_LOAD').call('seek', 'here').is('sdk.driver.seek(swept, true)'),
  ]],
  ['time: a lock is waited for without end', 'time', 'holds on for ever', [
    named('arrive.alone').call('timeout').is('new AbortController().signal'),
  ]],
  ['time: without locks nothing starts', 'time', 'locks that are refused|no locks', [
    named('arrive.alone').call('catch').is('request()'),
  ]],
  ['time: a tab that wakes does not hear', 'time', 'a frozen tab', DEAF],
  ['rest: a clock runs after an answer', 'rest', 'klaro tells of its changes', [
    named('watch.look.least').is('PACE_SEARCH'),
  ]],
  ['rest: a clock runs while somebody asks', 'rest', 'asks: no timer runs', [
    named('watch.look.least').is('PACE_SEARCH'),
  ]],
  ['gate: the instance of another project is locked', 'gate', 'another project runs', [
    named('present.claim').condition('token').is('instance?.__loaded !== true'),
  ]],
  ['gate: the instance of another project is driven', 'gate', 'another project runs|two projects without', [
    named('arrive.begin').condition('token').is('!instance'),
  ]],
  ['gate: a disconnected bridge begins instances', 'gate', 'is begun on it is disconnected', [
    named('connect.ts').condition('calls', 'closed').is('false'),
  ]],
  ['gate: a function that is pushed gets the bare SDK', 'gate', 'a function that is pushed', [
    named('hold.push').call('item.bind').is('item'),
  ]],
  ['faults: what the core calls throws into it', 'faults', 'lets no cookie be written', [
    named('host.ts.call').caught().is('{ throw error; }'),
  ]],
  ['hostile: an element stands for the root of the document', 'hostile-html', '<img name="documentElement">', [
    named('listen.ts.on.listen').call('addEventListener.call').is('(target || document.documentElement).addEventListener(name, f, capture)'),
  ]],
  ['faults: a step that the SDK does not bear ends the others', 'faults', 'at a no its configuration', [
    named('mixpanel.ts.recipes').call('attempt', 'command').is('steps[command](features)'),
  ]],
  ['bad input: a timer that no browser has', 'bad-input', 'no timer can wait for', [
    named('core.ts.start.cmpTimeout').is('site.cmpTimeout'),
  ]],
  ['gate: a group is known by its text', 'gate', 'before and after a yes', [
    named('hold.ts.hold').call('JSON.stringify', 'group').is('String(group)'),
  ]],
  ['rest: nobody looks again after a click', 'rest', 'stored after its click', [
    named('watch.soon').call('setTimeout', 'WATCH').gone(),
  ]],
  ['hostile: an element stands for the address of a held call', 'hostile-html', '<img name="URL">: what was held', [
    named('replay.ts.context.then').is('call.url'),
  ]],
  ['rest: nobody looks where nobody tells', 'rest', 'looked for where the browser', WATCHED_SELDOM],
  ['rest: a hidden page is looked at', 'rest', 'one that tells nobody', [
    named('watch.look').condition('hidden').is('pace && live'),
  ]],
  ['rest: one that comes is looked for at one pace', 'rest', 'less and less often', [
    named('listen.ts.LATEST').is('SOONEST'),
  ]],
  ['rest: the driver comes with the SDK alone', 'rest', 'before the first yes', [
    named('steps.COMMAND_PREPARE').returns(),
  ]],
  ['rest: what is no JSON is parsed', 'rest', 'vanilla-cookieconsent, deferred', [
    named('probe.ts.json').condition('test').is('true'),
  ]],
  ['rest: an identity that is not there is parsed', 'rest', 'klaro, opted-out', [
    named('mixpanel.ts.visitor').call('JSON.parse').is('JSON.parse(item(key))'),
  ]],
  ['time: an answer that ends is not noticed', 'time', 'an answer ends', [...WATCHED_SELDOM]],
];
