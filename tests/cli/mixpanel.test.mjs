// What is taken for a request to Mixpanel, or for a name of its own: a table, without a browser.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { source } from './source.mjs';

const { owner, refusal, reply, request, short, shortId, shortened } = await source('mixpanel.ts');

const TOKEN = '0123456789abcdef0123456789abcdef';
const EVENT = [{ event: 'Bought', properties: { token: TOKEN, distinct_id: '$device:0a1b2c3d-1111-2222-3333-444455556666', $lib_version: '2.83.0' } }];
const base64 = (value) => Buffer.from(JSON.stringify(value)).toString('base64');
const is = (url, more = {}, tokens = []) => request({ method: 'POST', url, ...more }, { tokens: new Set(tokens), libraries: ['https://shop.example/lib/mp.js'] });

for (const [title, kind, given] of [
  ['events to the EU host', 'events', ['https://api-eu.mixpanel.com/track/?verbose=1', { body: `data=${encodeURIComponent(JSON.stringify(EVENT))}` }]],
  ['any request to the Indian host', 'other', ['https://api-in.mixpanel.com/health']],
  ['the library', 'library', ['https://cdn.mxpnl.com/libs/mixpanel-2-latest.min.js', { method: 'GET' }]],
  ['the library of the second CDN', 'library', ['https://cdn4.mxpnl.com/libs/mixpanel-2.2.min.js', { method: 'GET' }]],
  ['the library where the page says that it is', 'library', ['https://shop.example/lib/mp.js', { method: 'GET', type: 'script' }]],
  ['an old SDK’s question for settings', 'settings', ['https://decide.mixpanel.com/decide/?verbose=1', { method: 'GET' }]],
  ['events through a proxy, packed', 'events', ['https://shop.example/collect', { body: `data=${encodeURIComponent(base64(EVENT))}` }]],
  ['events through a proxy, as bare JSON', 'events', ['https://shop.example/t', { body: JSON.stringify(EVENT) }]],
  ['events through a proxy, in the address', 'events', [`https://shop.example/t?data=${encodeURIComponent(base64(EVENT[0]))}`, { method: 'GET' }]],
  ['a profile through a proxy', 'profile', ['https://shop.example/e', { body: `data=${encodeURIComponent(base64([{ $set: { a: 1 }, $token: TOKEN, $distinct_id: 'u' }]))}` }]],
  ['a group through a proxy', 'group', ['https://shop.example/g', { body: JSON.stringify([{ $token: TOKEN, $group_key: 'company', $set: {} }]) }]],
  ['a recording through a proxy, whose body cannot be read', 'recording', ['https://shop.example/r?distinct_id=u&replay_id=7&seq=0']],
  ['flags through a proxy', 'flags', [`https://shop.example/f/?context=${encodeURIComponent('{"distinct_id":"u"}')}&token=${TOKEN}`, { method: 'GET' }]],
  ['anything that names the project', 'other', ['https://shop.example/x', { body: `blob ${TOKEN}` }, [TOKEN]]],
  ['anything that shows the project as its user', 'other', ['https://shop.example/y', { authorization: `Basic ${Buffer.from(`${TOKEN}:`).toString('base64')}` }, [TOKEN]]],
]) {
  test(`Mixpanel's: ${title}`, () => {
    assert.equal(is(...given)?.kind, kind);
  });
}

for (const [title, given] of [
  ['another product’s events', ['https://api.segment.io/v1/t', { body: JSON.stringify({ event: 'Bought', properties: { price: 3 } }) }]],
  ['the site’s own route of that name', ['https://shop.example/track/parcel-7', { body: '{"parcel":7}' }]],
  ['a host that only ends alike', ['https://notmixpanel.com/track/', {}]],
  ['a host that has it in front', ['https://mixpanel.com.evil.example/track/', {}]],
  ['the question before a request', ['https://api-js.mixpanel.com/track/', { method: 'OPTIONS' }]],
  ['text within the page', ['data:text/javascript,mixpanel', { method: 'GET' }]],
  ['a short token, which could be any word', ['https://shop.example/x', { body: 'token' }, ['token']]],
]) {
  test(`not Mixpanel's: ${title}`, () => {
    assert.equal(is(...given), undefined);
  });
}

test('who is named in a request is read, and where it goes', () => {
  const found = is('https://shop.example/collect/?ip=1', { body: `data=${encodeURIComponent(base64(EVENT))}` });
  assert.deepEqual([found.token, found.version, found.distinctId, found.events, found.host, found.proxied], [TOKEN, '2.83.0', EVENT[0].properties.distinct_id, ['Bought'], 'shop.example', true]);
});

test('what is done to a profile is read', () => {
  const found = is('https://shop.example/e', { body: `data=${encodeURIComponent(base64([{ $delete: '', $token: TOKEN, $distinct_id: 'u' }, { $set: { a: 1 }, $token: TOKEN, $distinct_id: 'u' }]))}` });
  assert.deepEqual([found.kind, found.profile], ['profile', ['$delete', '$set']]);
});

test('what the command answers is what the SDK wants to hear', () => {
  assert.deepEqual(JSON.parse(reply({ url: 'https://api-js.mixpanel.com/track/?verbose=1', kind: 'events' }).body), { error: null, status: 1 });
  assert.equal(reply({ url: 'https://api-js.mixpanel.com/track/', kind: 'events' }).body, '1');
  assert.deepEqual(JSON.parse(reply({ url: 'https://api-js.mixpanel.com/flags/', kind: 'flags' }).body), { flags: {} });
});

test('whose a stored name is', () => {
  for (const name of [`mp_${TOKEN}_mixpanel`, `__mp_opt_in_out_${TOKEN}`, `__mpq_${TOKEN}_ev:X`, '__mplss_abc', `mp_gen_new_tab_id_mixpanel_${TOKEN}`, 'mixpanelFlagsDb', 'mixpanelBrowserDb']) assert.equal(owner(name), 'mixpanel', name);
  for (const name of ['mp', 'klaro', 'example_mp_x', 'my_mixpanel_settings', '_ga']) assert.equal(owner(name), undefined, name);
  assert.equal(owner(`mp_shop-${TOKEN}`), undefined);
  assert.equal(owner(`mp_shop-${TOKEN}`, new Set([TOKEN])), 'mixpanel', 'a name that the site chose, known by the project');
  for (const name of [`mixpanel-consent-bridge:${TOKEN}`, `mixpanel-consent-bridge.${TOKEN}`]) assert.equal(owner(name, new Set([TOKEN])), 'bridge');
});

test('a refusal is a zero under its name, and nothing else', () => {
  assert.equal(refusal(`__mp_opt_in_out_${TOKEN}`, '0'), true);
  assert.equal(refusal(`__mp_opt_in_out_${TOKEN}`, '1'), false);
  assert.equal(refusal(`mp_${TOKEN}_mixpanel`, '0'), false);
});

test('ids and tokens are shown by their ends', () => {
  assert.equal(short(TOKEN), '0123…cdef');
  assert.equal(shortId('$device:0a1b2c3d-1111-2222-3333-444455556666'), '$device:0a1b…6666');
  assert.equal(shortened(`mp_${TOKEN}_mixpanel`), 'mp_0123…cdef_mixpanel');
  assert.equal(shortened('mp_a-token-of-another-form_mixpanel', ['a-token-of-another-form']), 'mp_a-to…form_mixpanel');
});
