// The same for the script tag and the latch above it.

import { named } from './point.mjs';

export const TAG = [
  ['tag: an answer before init() is lost', 'tag-above', 'before init\\(\\): the answer counts', [
    named('standIn.handOver').condition('said').is('false'),
  ]],
  ['tag: an empty token is passed over', 'tag-above', 'as a template without its value leaves it', [
    named('tag.ts.alone').comparison('token').is('false'),
  ]],
  ['tag: an empty token refuses the page\'s own', 'tag-above', 'comes late: it counts', [
    named('tag.ts').condition('byAttributes', 'token', '!sdk').is('false'),
  ]],
  ['tag files: they are looked for beside the page', 'tag-files', 'on another origin that allows|with a query and options', [
    named('beside.ts.fetchFile').value('url', 'script').is('new URL(url, document.baseURI).href'),
  ]],
  ['tag files: one that does not come is waited for', 'tag-files', 'the core \\(|the adapters: shut', [
    named('beside.ts.fetchFile').thrown('BUILD').is('return new Promise(() => {});'),
  ]],
  ['tag files: their hashes do not reach them', 'tag-files', 'not what the import map says', [
    named('beside.ts.fetchFile').value('url', 'BUILD').is('`${$it}?`'),
  ]],
  ['tag files: on a file:// page it is not said what works there', 'tag-files', 'on a file', [
    named('beside.ts.fetchFile').thrown('BUILD').is('throw error;'),
  ]],
  ['tag files: which did not come is not said', 'tag-files', 'the core \\(404|copied alone', [
    named('beside.ts.fetchFile').thrown('BUILD').is('throw error;'),
  ]],
  ['tag files: a core of another build is taken', 'tag-files', 'another build.s bridge.no-wasm', [
    named('tag.ts').value('HAND_OVER', 'BUILD').is("'__core'"),
  ]],
  ['tag files: all adapters are fetched', 'tag-files', 'one consent manager', [
    named('fetchAdapters.wanted').is('parts.keys()'),
  ]],
  ['bad input: attributes that are not JSON are ignored', 'bad-input', 'tag: data-config is not JSON', [
    named('attributes.ts.attributes').thrown('text', 'error').is('void 0;'),
  ]],
  ['tag: the page finds the library\'s stub while it is on its way', 'tag-above', 'a call between', [
    named('occupy.get').condition('running').is('element && stub.init.length == 0'),
  ]],
  ['tag: loaded comes before what waited', 'tag-above', 'of today', [
    named('configured').call('queueMicrotask').is('($1)()'),
  ]],
  ['tag: a call before the bridge finds nothing', 'tag-above', 'data-token alone', [
    named('facade.get').call('later').is('undefined'),
  ]],
  ['tag: a call before init() throws', 'tag-above', 'asks first', [
    named('facade.get').condition('a').is('options?.token && $it'),
  ]],
  ['tag: an init() after the attributes is not heard', 'tag-above', 'comes after the document, before', [
    named('adopt').condition('gate').is('false'),
  ]],
  ['tag: a name that came with a late init() is not swept', 'tag-above', 'comes after the document, before', [
    named('start.entries').call('device').is('device({ ...gate, sdk: { ...sdk } })'),
    named('present.ts.configure').call('Object.assign').is('sdk.config = { ...sdk.config, ...more }'),
  ]],
  ['tag: a dialog of the site\'s own is shown again on each page', 'tag-above', 'a dialog of the', [
    named('remembering').choice('starting').is('now()'),
  ]],
  ['tag: a dialog of the site\'s own is never shown', 'tag-above', 'a dialog of the', [
    named('gated.has_opted_out_tracking').comparison('FLOW_DROP').is('calls.flow[0] != FLOW_PASS'),
  ]],
  ['tag: a misspelt attribute is taken for another\'s', 'bad-input', 'misspelt', [
    named('isOurs').condition('meant').is('false'),
  ]],
  ['tag: another\'s attribute shuts', 'tag-above', 'attributes of others', [
    named('isOurs').condition('OURS').is('true'),
  ]],
  ['tag: starts without having seen its attributes', 'bad-input', 'as a module', [
    named('attributes.ts.attributes').condition('script').before('if (!script) return {};'),
  ]],
  ['tag: beside `var mixpanel`, a call while the library is on its way throws', 'tag-late', 'declared `var', [
    named('library.ts.library').call('forwarding', 'push').is('made'),
  ]],
  ['tag: scripts of others bring the library', 'tag-above', 'nuxt|c15t', [
    named('tag.ts').entry('keepOut').gone(),
  ]],
  ['tag: a loader with an address of its own brings the library', 'tag-above', 'from an address of its own', [
    named('library.ts.isLibrary').operand('COPIES').is('false'),
  ]],
  ['tag: a latch is taken for a page that came late', 'latch', 'the tag arrives', [
    named('tag.ts.take').call('begin').is('begin(entry, true)'),
  ]],
  ['tag: the latch lets the snippet fetch the library', 'latch', 'the tag is', [
    named('latch').entry('__SV').gone(),
  ]],
  ['tag: a stub that writes its own instances is not heard', 'tag-above', 'c15t', [
    named('facade.set').call('begin').is('void (own[key] = value)'),
  ]],
  ['tag: chained groups are lost', 'tag-above', 'of 2021', [
    named('hold.push').call('push', 'first').gone(),
  ]],
  ['tag: integrity is not handed on', 'tag-above', 'integrity', [
    named('library.ts.library').value('made.integrity').is("''"),
  ]],
  ['tag: what runs already is not taken over', 'tag-late', 'instances that run', [
    named('tag.ts.take').condition('__loaded').is('!key && $it'),
  ]],
  ['tag: a stub that waits is not taken over', 'tag-late', 'on its way', [
    named('tag.ts').call('take', 'before').gone(),
  ]],
  ['tag: that it came late is not said', 'tag-late', 'on its way', [
    named('words.ts.late').call('report', 'bridge-late').gone(),
  ]],
  ['tag: where it cannot start, the snippet finds the place empty', 'faults', 'tag: Proxy is gone', [
    named('closed.ts').value('window.mixpanel').is('$it && undefined'),
  ]],
  ['tag: an element is taken for a method of the document', 'hostile-html', 'addEventListener.*tag|createElement.*tag', [
    named('listen.ts.watch').call('on', 'click', 'soon').is("document.addEventListener('click', soon, true)"),
    named('library.ts.put').call('createElement.call').is("document.createElement('script')"),
  ]],
  ['tag: an instance has a consent of its own', 'same-object', 'tag: what is said', [
    named('tag.ts').call('together').gone(),
  ]],
  ['tag: a polluted prototype names the library', 'hostile-html', 'as sdk', [
    named('attributes.ts.options').is('({})'),
  ]],
  ['tag: what the window inherits is the vendor\'s setting', 'hostile-html', 'as MIXPANEL_CUSTOM', [
    named('customLibrary.set').is('window.MIXPANEL_CUSTOM_LIB_URL'),
  ]],
  ['tag: the browser\'s prototype is looked for at window.Document', 'faults', 'MooTools', [
    named('library.ts.documents').is('Document.prototype'),
  ]],
  ['tag: a no that was said where an instance is alone is not known where it is under another', 'same-object', 'is alone holds|an open page with both', [
    named('instances.kept').is("() => ''"),
  ]],
  ['tag: until the core is there, what is under its own name is not looked at', 'same-object', 'is alone holds', [
    named('remembering').condition('RECORD_NO', 'own').is('false'),
  ]],
  ['tag: what was said where an instance is under another is not known where it is alone, nor on its next page', 'same-object', 'a no there holds|also where the SDK keeps none', [
    named('instances.recorded').call('keep', 'mine').is('true'),
  ]],
  ['a no to one instance of a project is not told to the others', 'same-object', 'two bridges of one project', [
    named('instances.recorded').condition('forAll').is('false'),
  ]],
  ['a further instance has what was recorded, and not what stands', 'gate', 'has what its owner has', [
    named('connect.ts').value('standing').is("'unset'"),
  ]],
  ['the tag does not bring the library for a bridge of the module', 'beside', 'a tag on the page', [
    named('broughtBy').returns('undefined'),
  ]],
  ['a bridge goes on with what it was doing when the page has disconnected it', 'beside', 'in the task of the yes', [
    named('start.run').returns('(steps[command] ? steps[command]() : sdk.driver.carryOut(command, features)) ?? NOTHING'),
  ]],
  ['a bridge tells a state when the page has disconnected it', 'beside', 'in loaded', [
    named('start.say').condition('page').is('true'),
  ]],
];
