// What no browser sends, and what somebody may: each has an answer with a code, in a time that the
// length bounds, and nothing of it opens. Changes made by chance: read-fuzz.test.mjs.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { describe, test } from 'node:test';
import { at } from '../../tools/lib.mjs';

const { explainConsent, readConsent, recordName } = await import(at('dist', 'server.js'));

const YES = 'OptanonAlertBoxClosed=2026-11-23T10:00:00.000Z; OptanonConsent=interactionCount=1&groups=C0001%3A1%2CC0002%3A1';
const NO = YES.replace('C0002%3A1', 'C0002%3A0');
const fill = (piece, length) => {
  let text = '';
  for (let i = 0; text.length + piece(i).length <= length; i += 1) text += piece(i);
  return text;
};
const shut = (cookie, options) => {
  const { consent, mode, code, reason } = readConsent({ cookie }, options);
  assert.ok(['unset', 'denied', 'implied-denied'].includes(consent), `${consent}: ${cookie.slice(0, 200)}`);
  assert.equal(mode, 'off', cookie.slice(0, 200));
  assert.ok(code && reason);
  return code;
};

test('a header longer than any browser sends is not read', () => {
  const long = (length) => `${YES}; x=${'y'.repeat(length - YES.length - 4)}`;
  assert.equal(readConsent({ cookie: long(65_536) }).mode, 'on');
  assert.equal(shut(long(65_537)), 'request-too-long');
  assert.equal(shut(long(50_000_000)), 'request-too-long');
  assert.equal(shut(`${YES}; x=${'€'.repeat(30_000)}`), 'request-too-long', 'it is bytes that count');
});

test('a cookie that cannot be decoded is unreadable and explained, and no request without one', () => {
  for (const [cmp, name, broken] of [['klaro', 'klaro', '%7B"mixpanel":tru'], ['didomi', 'didomi_token', 'eyJ1c2V'], ['cookieyes', 'cookieyes-consent', '%E0%A4%A'], ['axeptio', 'axeptio_cookies', '{'], ['cookiebot', 'CookieConsent', '{stamp:%2']])
    for (const options of [{ cmp }, {}]) {
      assert.equal(shut(`${name}=${broken}`, options), 'cmp-unreadable', name);
      const { sources } = explainConsent({ cookie: `${name}=${broken}` }, options);
      assert.ok(sources.some((source) => source.cmp === cmp && source.raw[name] === broken), JSON.stringify(sources));
      // What another says is not less for it, and what is only no answer is none.
      assert.equal(readConsent({ cookie: `${name}=${broken}; ${YES}` }, { cmp: ['onetrust', cmp] }).mode, 'on');
    }
  assert.equal(shut('notice_behavior=implied,eu', { cmp: 'trustarc' }), 'request-silent');
  assert.equal(shut('klaro=', { cmp: 'klaro' }), 'request-silent');
});

test('thousands of cookies, and the last of them is found', () => {
  assert.equal(readConsent({ cookie: `${fill((i) => `c${i}=${i}; `, 65_000)}${YES}` }).mode, 'on');
  assert.equal(shut(fill((i) => `c${i}=1;`, 65_536)), 'request-silent');
});

describe('as long as may be, and as hard', () => {
  const groups = (piece) => `OptanonAlertBoxClosed=2026-11-23T10:00:00.000Z; OptanonConsent=interactionCount=1&groups=${fill(piece, 8000)}`;
  const heavy = {
    'one name thousands of times': fill(() => 'klaro=%7B%7D;', 65_536),
    'the beginning of a name thousands of times': fill((i) => `_iub_cs-${i}={};`, 65_536),
    'groups without end': groups((i) => `${i}:1,`),
    'groups without end, encoded': groups((i) => `${i}%3A1%2C`),
    'pairs without end': `cookieyes-consent=consentid:x,action:yes,${fill((i) => `${i}:no,`, 8000)}`,
    'words without end': `tarteaucitron=!${fill((i) => `${i}=true!`, 8000)}`,
    'keys without end': `klaro={${fill((i) => `"${i}":true,`, 8000)}"a":true}`,
    'one key without end': `klaro={${fill(() => '"mixpanel":true,', 8000)}"mixpanel":false}`,
    'lists in lists': `klaro=${'['.repeat(4000)}${']'.repeat(4000)}`,
    'lists that do not end': `klaro=${'['.repeat(8000)}`,
    'maps in maps': `klaro=${'{"a":'.repeat(1200)}1${'}'.repeat(1200)}`,
    'everything at once': ['klaro', 'cc_cookie', 'axeptio_cookies', 'borlabs-cookie', 'CookieControl', 'cookiefirst-consent', 'CookieScriptConsent'].map((name) => `${name}={${fill((i) => `"${i}":true,`, 8000)}"a":true}`).join('; '),
  };
  for (const [title, cookie] of Object.entries(heavy)) {
    test(title, () => {
      assert.ok(cookie.length <= 65_536);
      // Some milliseconds; what would take a server down takes seconds.
      const from = performance.now();
      for (let times = 0; times < 10; times += 1) shut(cookie);
      assert.ok(performance.now() - from < 5000, `${(performance.now() - from) / 10} ms each`);
    });
  }

  test('again and again, in the same memory', () => {
    const all = Object.values(heavy);
    const rounds = (count) => { for (let i = 0; i < count; i += 1) for (const cookie of all) readConsent({ cookie }); };
    rounds(3);
    const before = process.memoryUsage().arrayBuffers + process.memoryUsage().external;
    rounds(20);
    const grown = process.memoryUsage().arrayBuffers + process.memoryUsage().external - before;
    assert.ok(grown < 8 * 2 ** 20, `${grown} bytes`);
  });
});

test('of two cookies of one name the first counts, as in a page', () => {
  assert.equal(readConsent({ cookie: `${NO}; ${YES}` }).consent, 'denied');
  assert.equal(readConsent({ cookie: `${YES}; ${NO}` }).consent, 'granted');
  assert.equal(readConsent({ cookie: 'CookieConsent=false; CookieConsent=true' }, { cmp: 'react-cookie-consent' }).consent, 'denied');
});

describe('a cookie that cannot be decoded', () => {
  const whole = 'cookieyes-consent=consentid:x,consent:yes,action:yes,analytics:yes';
  const broken = ['%', '%2', '%zz', '%C3', '%E0%A4%A', '%ED%A0%80', '%F8%88%80%80%80', '%u0041'];
  for (const bad of broken) test(`${bad} in it`, () => { assert.equal(readConsent({ cookie: whole }).mode, 'on'); shut(`${whole}${bad}`); });

  test('of bytes that are no UTF-8', () => {
    for (const bytes of ['\xff', '\xc3', '\xed\xa0\x80', '\xf0\x9f\x8d']) {
      shut(`klaro={"mixpanel":${bytes}true}`);
      assert.equal(readConsent({ cookie: `x=${bytes}; ${YES}` }).mode, 'on', 'the others are read');
    }
  });

  test('names in other scripts, as servers hand them on', () => {
    const name = 'Marketing für alle';
    const cookie = (text) => `${YES.replace('C0002', text)}`;
    const asBytes = (text) => Buffer.from(text, 'utf8').toString('latin1');
    // A character for each byte, as Node and fetch have headers; or text, as some frameworks do.
    assert.equal(readConsent({ cookie: asBytes(cookie(name)) }, { category: name }).mode, 'on');
    assert.equal(readConsent({ cookie: cookie('Αναλυτικά') }, { category: 'Αναλυτικά' }).mode, 'on');
  });
});

test('a TC string of every wrong length, and with every wrong letter, opens nothing', () => {
  const { snapshot } = JSON.parse(readFileSync(at('tests', 'fixtures', 'iab-tcf', 'stored-accept.json'), 'utf8'));
  const whole = snapshot['cookie:euconsent-v2'];
  const read = (text) => readConsent({ cookie: `euconsent-v2=${text}` }, { cmp: 'iab-tcf' });
  assert.equal(read(whole).mode, 'on');
  // It counts if its core segment is whole: nothing that is cut does, but of the letters that fill it up.
  const core = whole.split('.')[0];
  const least = core.replace(/A{1,3}$/, '');
  for (let length = 0; length < least.length; length += 1) shut(`euconsent-v2=${core.slice(0, length)}`, { cmp: 'iab-tcf' });
  for (const behind of ['A'.repeat(8), 'B', '_____', '=']) assert.equal(read(core + behind).code, 'cmp-unreadable', behind);
  assert.equal(read(`C${'_'.repeat(core.length)}`).code, 'cmp-unreadable');
  for (let at = 0; at < least.length; at += 1) {
    for (const letter of ['.', '*', ' ', '=', '%', '\0', 'é', '🍪']) shut(`euconsent-v2=${whole.slice(0, at)}${letter}${whole.slice(at + 1)}`, { cmp: 'iab-tcf' });
  }
  for (const text of ['', 'C', 'A'.repeat(8192), 'C'.repeat(20_000), '____', `BB${whole.slice(2)}`]) shut(`euconsent-v2=${text}`, { cmp: 'iab-tcf' });
});

test('a US Privacy string that is none limits nothing, and opens nothing', () => {
  for (const text of ['', '1', '1Y', '1YYYY', '2YYY', '1yyy', '----', '1---', 'YYYY', '1'.repeat(8000)]) {
    assert.equal(readConsent({ cookie: `usprivacy=${text}` }).mode, 'off');
    assert.ok(['granted', 'opted-out-of-sale'].includes(readConsent({ cookie: `usprivacy=${text}; ${YES}` }).code), text);
  }
});

describe('names of every object', () => {
  const names = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf'];
  for (const name of names) {
    test(`${name} as a cookie, a category, a key`, () => {
      shut(`${name}=1; klaro={"${name}":{"mixpanel":true}}; cc_cookie={"categories":["${name}"]}`);
      const cookie = YES.replace('C0002', name);
      assert.equal(readConsent({ cookie }, { category: name }).mode, 'on', 'a category may be called so');
      assert.equal(readConsent({ cookie: NO.replace('C0002', name) }, { category: name }).consent, 'denied');
      explainConsent({ cookie });
      assert.equal({}.mixpanel, undefined);
      assert.equal(Object.getPrototypeOf({}), Object.prototype);
    });
  }

  test('headers that stand on a prototype, or are none, carry nothing', () => {
    assert.equal(readConsent(Object.create({ cookie: YES })).code, 'request-silent');
    for (const cookie of [5, true, {}, [], [[]], { toString: () => 'x' }, null, undefined]) assert.equal(readConsent({ cookie }).mode, 'off');
    assert.equal(readConsent({ headers: { cookie: null } }).code, 'request-silent');
  });
});

test('the signals are themselves, and nothing like them', () => {
  const open = 'cmplz_statistics=allow';
  // A proxy may have doubled it: fetch and Node make a list of the two.
  for (const value of ['1', ' 1 ', ['1'], '1, 1', ['1', '1'], '0, 1']) assert.equal(readConsent({ cookie: YES, 'sec-gpc': value }, { gpc: 'strict' }).code, 'gpc');
  for (const value of ['0', '', 'true', '11', '0, 0', '1 1', 'null']) assert.equal(readConsent({ cookie: YES, 'sec-gpc': value }, { gpc: 'strict' }).code, 'granted', value);
  assert.equal(readConsent({ cookie: open, dnt: '1' }, { dnt: 'strict' }).code, 'dnt');
  assert.equal(readConsent({ 'sec-gpc': '1', dnt: '1' }).mode, 'off');
});

test('over a socket, byte by byte as somebody may write it', async (t) => {
  const server = createServer({ maxHeaderSize: 256 * 1024 }, (request, response) => response.end(JSON.stringify(readConsent(request, { token: 'T' }))));
  t.after(() => { server.closeAllConnections(); server.close(); });
  await new Promise((done) => { server.listen(0, '127.0.0.1', done); });
  const { port } = server.address();
  const raw = (head) => new Promise((done, fail) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(Buffer.concat([Buffer.from('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n'), ...head, Buffer.from('\r\n')])));
    socket.on('data', (chunk) => { text += chunk; }).on('error', fail).on('close', () => done(text.includes('{') ? JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1)) : null));
  });
  assert.equal((await raw([Buffer.from(`Cookie: ${YES}\r\n`)])).mode, 'on');
  assert.equal((await raw([Buffer.from(`Cookie: a=b\r\nCookie: ${YES}\r\n`)])).mode, 'on', 'in several headers');
  assert.equal((await raw([Buffer.from(`Cookie: ${NO}\r\nCookie: ${YES}\r\n`)])).consent, 'denied', 'the first');
  assert.equal((await raw([Buffer.from('Cookie: x='), Buffer.from([0xff, 0xc3, 0x28]), Buffer.from(`; ${YES}\r\n`)])).mode, 'on', 'bytes that are no UTF-8');
  assert.equal((await raw([Buffer.from(`Cookie: x=${'y'.repeat(100_000)}; ${YES}\r\n`)])).code, 'request-too-long');
  assert.equal((await raw([Buffer.from(`Cookie: ${recordName('T')}=1.gggg.g.1.usercentrics; ${recordName('T')}=1.dddd.r.2.usercentrics\r\n`)])).code, 'record-unreadable');
  await new Promise((done, fail) => httpRequest({ port, host: '127.0.0.1', headers: { cookie: YES }, agent: false }, (response) => response.resume().on('end', done)).on('error', fail).end());
});
