// readConsent() of the built package: what carries headers, what cookies say, the record, and
// histories at a time. What every adapter makes of what it stored: read-fixtures.test.mjs.

import assert from 'node:assert/strict';
import { createServer, request as httpRequest } from 'node:http';
import { describe, test } from 'node:test';
import { at } from '../../tools/lib.mjs';

const { BridgeError, allowedAt, explainConsent, readConsent, recordCookie, recordName, signRecord, verifyRecord } = await import(at('dist', 'server.js'));

const YES = 'OptanonAlertBoxClosed=2026-11-23T10:00:00.000Z; OptanonConsent=interactionCount=1&groups=C0001%3A1%2CC0002%3A1';
const NO = YES.replace('C0002%3A1', 'C0002%3A0');
const TOKEN = '0123456789abcdef0123456789abcdef';
const KEY = 'a secret of the site, for tests';
const record = (answers, turn, source) => `1.${answers}.${turn}.1764000000000.${source}`;
const withRecord = (line) => ({ cookie: `${recordName(TOKEN)}=${line}` });

describe('a request may be', () => {
  const given = {
    'a fetch Request': () => new Request('https://shop.example/', { headers: { cookie: YES, 'sec-gpc': '1' } }),
    'fetch Headers': () => new Headers({ cookie: YES, 'sec-gpc': '1' }),
    'headers in lower case': () => ({ cookie: YES, 'sec-gpc': '1' }),
    'headers as they are written': () => ({ Cookie: YES, 'Sec-GPC': '1' }),
    'headers in several pieces': () => ({ cookie: YES.split('; '), 'sec-gpc': ['1'] }),
    'what has headers': () => ({ headers: { cookie: YES, 'sec-gpc': '1' } }),
    'headers without a prototype': () => Object.assign(Object.create(null), { cookie: YES, 'sec-gpc': '1' }),
  };
  for (const [title, make] of Object.entries(given)) {
    test(title, () => {
      const { consent, mode, cmp, code } = readConsent(make(), { cmp: 'onetrust', gpc: 'strict' });
      assert.deepEqual([consent, mode, cmp, code], ['implied-denied', 'off', 'onetrust', 'gpc']);
      assert.equal(readConsent(make(), { cmp: 'onetrust' }).mode, 'on');
    });
  }

  test('a Node IncomingMessage', async (t) => {
    const server = createServer((request, response) => response.end(JSON.stringify(readConsent(request, { cmp: 'onetrust' }))));
    t.after(() => server.close());
    await new Promise((done) => { server.listen(0, '127.0.0.1', done); });
    const ask = (headers) => new Promise((done, fail) => {
      httpRequest({ port: server.address().port, host: '127.0.0.1', headers, agent: false }, async (response) => {
        let text = '';
        for await (const chunk of response) text += chunk;
        done(JSON.parse(text));
      }).on('error', fail).end();
    });
    assert.equal((await ask({ cookie: YES })).mode, 'on');
    assert.equal((await ask({ cookie: NO })).mode, 'off');
    assert.equal((await ask({ DNT: '1' })).code, 'request-silent');
  });

  test("the events of AWS: of Lambda, whose cookies are apart, and of CloudFront, whose headers are lists of objects", () => {
    assert.equal(readConsent({ version: '2.0', headers: { host: 'shop.example' }, cookies: YES.split('; ') }).mode, 'on');
    assert.equal(readConsent({ version: '2.0', headers: { host: 'shop.example' }, cookies: NO.split('; ') }).mode, 'off');
    assert.equal(readConsent({ version: '2.0', headers: { 'sec-gpc': '1' }, cookies: ['a=b'] }).code, 'request-silent');
    assert.equal(readConsent({ method: 'GET', uri: '/', headers: { cookie: [{ key: 'Cookie', value: YES }] } }).mode, 'on');
    // What a parser of cookies has put there is an object.
    assert.equal(readConsent({ headers: {}, cookies: { a: 'b' } }).code, 'request-silent');
  });

  test('no context of a framework, and no list: that would be a visitor who never answers', () => {
    const request = { headers: { cookie: YES } };
    for (const [wrong, says] of [
      [{ request, req: request }, /`request` is an object/],
      [{ raw: new Request('http://shop.example', { headers: { cookie: YES } }), header: () => YES }, /`raw` is an object/],
      [{ header: () => YES }, /`header` is a function/],
      [{ multiValueHeaders: { Cookie: [YES] } }, /`multiValueHeaders` is an object/],
      [['Cookie', YES], /given a list/],
      [[['cookie', YES]], /given a list/],
    ]) {
      assert.throws(() => readConsent(wrong), (error) => error instanceof BridgeError && error.code === 'request-invalid' && says.test(error.message), JSON.stringify(wrong));
    }
    assert.equal(readConsent({}).code, 'request-silent');
    assert.equal(readConsent(Object.create(null)).code, 'request-silent');
  });

  test('nothing else, and it says so', () => {
    for (const wrong of [undefined, null, 'cookie: a=b', 5]) {
      assert.throws(() => readConsent(wrong), (error) => error instanceof BridgeError && error.code === 'request-invalid');
    }
  });
});

describe('the state', () => {
  test('says what may be sent, frozen and as JSON', () => {
    const state = readConsent({ cookie: NO }, { cmp: 'onetrust', category: { tracking: 'C0001', profile: 'C0002' } });
    assert.deepEqual(JSON.parse(JSON.stringify(state)), {
      consent: 'granted', mode: 'on', cmp: 'onetrust', code: 'granted', reason: 'The visitor said yes.',
      features: { tracking: 'granted', replay: 'granted', profile: 'denied', flags: 'granted' },
      modes: { tracking: 'on', replay: 'on', profile: 'off', flags: 'on' },
      at: state.at,
    });
    assert.ok(Math.abs(Date.now() - state.at) < 60_000);
    for (const one of [state, state.features, state.modes]) assert.ok(Object.isFrozen(one));
  });

  test('of a part that said yes is off where tracking is', () => {
    const state = readConsent({ cookie: NO }, { cmp: 'onetrust', category: { tracking: 'C0002', profile: 'C0001' } });
    assert.equal(state.features.profile, 'granted');
    assert.deepEqual(state.modes, { tracking: 'off', replay: 'off', profile: 'off', flags: 'off' });
  });

  test('without anything is unset', () => {
    for (const headers of [{}, { cookie: '' }, { cookie: 'session=1; theme=dark' }]) {
      const { consent, mode, cmp, code } = readConsent(headers);
      assert.deepEqual([consent, mode, cmp, code], ['unset', 'off', null, 'request-silent']);
    }
  });

  test('is explained by what was read', () => {
    const explained = explainConsent({ cookie: `a=b; ${NO}`, 'sec-gpc': '1' }, { category: 'C0002' });
    assert.equal(explained.code, 'denied');
    assert.equal(explained.gpc, true);
    assert.equal(explained.sources.length, 1);
    assert.equal(explained.sources[0].cmp, 'onetrust');
    assert.deepEqual(explained.sources[0].categories, { C0001: 'granted', C0002: 'denied' });
    assert.ok(explained.sources[0].raw.OptanonConsent);
    assert.match(String(explained), /decided by onetrust/);
  });
});

test('what fails amid the core is shut, and the next request is read', () => {
  const failing = { cmp: 'onetrust', get category() { throw new Error('of the site'); } };
  for (let times = 0; times < 3; times += 1) {
    const { consent, mode, code, features } = readConsent({ cookie: YES }, failing);
    assert.deepEqual([consent, mode, code, features.profile], ['unset', 'off', 'core-unavailable', 'unset']);
    // The module has started anew: readers that were made before are made again.
    assert.equal(readConsent({ cookie: YES }, { cmp: 'onetrust' }).mode, 'on');
    assert.equal(readConsent({ cookie: NO }, { cmp: 'onetrust', category: ['C0002'] }).mode, 'off');
  }
});

describe('options', () => {
  const wrong = {
    'one that does not exist': [{ pending: 'cookieless' }, 'option-unknown'],
    'a word that is none': [{ implied: 'maybe' }, 'option-invalid'],
    'a consent manager that is none': [{ cmp: 'onetrusty' }, 'cmp-unknown'],
    'a category that is no name': [{ category: [5] }, 'option-invalid'],
    'a category of no feature': [{ category: { heatmaps: 'C0002' } }, 'option-invalid'],
    'a token that is none': [{ token: 5 }, 'option-invalid'],
    'a key that anybody can guess': [{ recordKey: 'secret' }, 'option-invalid'],
    'a record without the token that names it': [{ cmp: 'manual' }, 'token-missing'],
    'a name of every object': [{ constructor: 1 }, 'option-unknown'],
    'null for options': [null, 'option-invalid'],
    'a name for options': ['onetrust', 'option-invalid'],
    'a list for options': [['onetrust'], 'option-invalid'],
  };
  for (const [title, [options, code]] of Object.entries(wrong)) {
    test(`are checked: ${title}`, () => {
      for (let times = 0; times < 2; times += 1) {
        assert.throws(() => readConsent({ cookie: YES }, options), (error) => error instanceof BridgeError && error.code === code);
      }
    });
  }

  test('a key is never shown', () => {
    assert.throws(() => readConsent({}, { recordKey: 'hunter2' }), (error) => !error.message.includes('hunter2'));
  });

  test('as many as a program makes up', () => {
    for (let i = 0; i < 1000; i += 1) {
      assert.equal(readConsent({ cookie: YES }, { cmp: 'onetrust', category: `X${i}` }).consent, 'unset');
    }
    assert.equal(readConsent({ cookie: YES }, { cmp: 'onetrust' }).mode, 'on');
  });

  test('`implied` and `denied` mean what they mean in the browser', () => {
    const implied = { cookie: 'cmplz_statistics=allow; cmplz_marketing=allow; cmplz_preferences=allow' };
    const open = readConsent(implied, { cmp: 'complianz' });
    assert.ok(['implied-granted', 'unset'].includes(open.consent), open.consent);
    assert.equal(readConsent({ cookie: NO }, { cmp: 'onetrust', denied: 'cookieless' }).mode, 'cookieless');
  });
});

describe('the record', () => {
  test('stands in for a consent manager that a server cannot see', () => {
    for (const cmp of ['auto', 'usercentrics', 'manual']) {
      const options = { cmp, token: TOKEN };
      assert.equal(readConsent(withRecord(record('gggg', 'g', 'usercentrics')), options).mode, 'on', cmp);
      assert.equal(readConsent(withRecord(record('dddd', 'w', 'usercentrics')), options).consent, 'denied', cmp);
      assert.equal(readConsent(withRecord(record('uuuu', 'e', 'usercentrics')), options).code, 'cmp-expired', cmp);
    }
    assert.equal(readConsent(withRecord(record('gggg', 'g', 'usercentrics')), { cmp: 'usercentrics', token: TOKEN }).cmp, 'usercentrics');
  });

  test('is read by the token that names it', () => {
    const headers = withRecord(record('gggg', 'g', 'usercentrics'));
    assert.equal(readConsent(headers).code, 'request-silent');
    assert.equal(readConsent(headers, { token: 'another' }).code, 'request-silent');
    assert.equal(readConsent(headers, { token: TOKEN, name: 'eu' }).code, 'request-silent');
    const named = { cookie: `mixpanel-consent-bridge.${TOKEN}.eu=${record('gggg', 'g', 'usercentrics')}` };
    assert.equal(readConsent(named, { token: TOKEN, name: 'eu' }).mode, 'on');
  });

  test('of another consent manager than those named does not count', () => {
    assert.equal(readConsent(withRecord(record('gggg', 'g', 'usercentrics')), { cmp: 'termly', token: TOKEN }).code, 'request-silent');
  });

  test('gives way to the consent manager that is heard itself', () => {
    const cookie = `${recordName(TOKEN)}=${record('gggg', 'g', 'onetrust')}; ${NO}`;
    const state = readConsent({ cookie }, { token: TOKEN });
    assert.deepEqual([state.consent, state.code], ['denied', 'denied']);
  });

  test('does not outlive the cookie of its consent manager', () => {
    const state = readConsent(withRecord(record('gggg', 'g', 'onetrust')), { token: TOKEN });
    assert.deepEqual([state.consent, state.mode, state.code], ['unset', 'off', 'record-alone']);
    assert.equal(readConsent(withRecord(record('gggg', 'g', 'onetrust')), { token: TOKEN, cmp: 'manual' }).mode, 'on');
  });

  test('that is damaged, twice there or contradicts itself is none', () => {
    const whole = record('gggg', 'g', 'usercentrics');
    const bad = [
      '', '1', whole.replace('1.', '2.'), whole.replace('gggg', 'ggg'), whole.replace('gggg', 'gggx'), `${whole}.x`, `${whole}.${'A'.repeat(43)}.x`,
      whole.replace('1764000000000', '99999999999999999999999'), record('gggg', 'w', 'usercentrics'), record('dddd', 'g', 'usercentrics'),
      record('gggg', 'g', 'x'.repeat(41)), record('gggg', 'g', '__proto__'), encodeURIComponent(`${whole}\n`), 'x'.repeat(5000),
    ];
    for (const line of bad) {
      for (const cmp of ['auto', 'manual']) {
        const state = readConsent(withRecord(line), { cmp, token: TOKEN });
        assert.deepEqual([state.consent, state.mode, state.code], ['unset', 'off', 'record-unreadable'], line);
      }
    }
    const twice = { cookie: `${recordName(TOKEN)}=${whole}; ${recordName(TOKEN)}=${record('dddd', 'w', 'usercentrics')}` };
    assert.equal(readConsent(twice, { token: TOKEN }).code, 'record-unreadable');
  });

  test('unsigned or forged does not count where there is a key', () => {
    const options = { token: TOKEN, recordKey: KEY };
    const line = record('gggg', 'g', 'usercentrics');
    const signed = signRecord(line, { token: TOKEN, key: KEY });
    assert.equal(readConsent(withRecord(signed), options).mode, 'on');
    const forged = [line, signed.replace('1764', '1765'), signRecord(line, { token: TOKEN, key: `${KEY}!` }), signRecord(line, { token: 'another', key: KEY }), signRecord(line, { token: TOKEN, name: 'eu', key: KEY }), `${signed.slice(0, -3)}AAA`, `${line}.${'A'.repeat(43)}`];
    for (const wrong of forged) {
      const state = readConsent(withRecord(wrong), options);
      assert.deepEqual([state.consent, state.mode, state.code], ['unset', 'off', 'record-unsigned'], wrong);
    }
    assert.equal(readConsent(withRecord(signed), { ...options, recordKey: ['the new secret of the site', KEY] }).mode, 'on');
    assert.equal(readConsent(withRecord(signed), { token: TOKEN }).mode, 'on', 'without a key the signature says nothing');
  });

  test('an empty key is a mistake, before and after readers without a key were made, and never a reader without one', () => {
    const line = record('gggg', 'g', 'usercentrics');
    const tried = (recordKey) => { try { return readConsent(withRecord(line), { token: TOKEN, cmp: 'usercentrics', recordKey }).mode; } catch (error) { return error.code; } };
    for (let round = 0; round < 2; round++) {
      for (const key of ['', null, [], [''], [null], [undefined], 0, false, 'short', {}]) assert.equal(tried(key), 'option-invalid', JSON.stringify(key));
      assert.equal(tried(undefined), 'on');
    }
    assert.equal(tried(KEY), 'off');
    assert.equal(tried([KEY]), 'off');
  });

  test('signed counts for as long as its age allows, and says when it was answered', () => {
    const at = Date.now() - 1000;
    const line = `1.gggg.g.${at}.usercentrics`;
    const signed = signRecord(line, { token: TOKEN, key: KEY });
    const options = { token: TOKEN, cmp: 'usercentrics', recordKey: KEY };
    const fresh = readConsent(withRecord(signed), options);
    assert.deepEqual([fresh.mode, fresh.answered, fresh.signed], ['on', at, true]);
    const aged = readConsent(withRecord(signed), { ...options, recordMaxAge: 500 });
    assert.deepEqual([aged.mode, aged.code, aged.answered], ['off', 'record-aged', undefined]);
    assert.equal(readConsent(withRecord(signRecord('1.gggg.g.1600000000000.usercentrics', { token: TOKEN, key: KEY })), options).code, 'record-aged');
    const unsigned = readConsent(withRecord(line), { token: TOKEN, cmp: 'usercentrics' });
    assert.deepEqual([unsigned.answered, unsigned.signed], [at, false]);
    for (const recordMaxAge of [0, -1, NaN, '1']) assert.throws(() => readConsent({}, { recordMaxAge }), { code: 'option-invalid' });
  });

  test('is signed as HMAC-SHA256 has it', async () => {
    const { createHmac } = await import('node:crypto');
    const line = record('gggg', 'g', 'usercentrics');
    const signature = createHmac('sha256', KEY).update(`mixpanel-consent-bridge record\0${recordName(TOKEN)}\0${line}`).digest('base64url');
    const its = { token: TOKEN, key: KEY };
    assert.equal(signRecord(line, its), `${line}.${signature}`);
    assert.equal(signRecord(signRecord(line, its), { ...its, key: [KEY] }), `${line}.${signature}`, 'signed anew');
    assert.ok(verifyRecord(`${line}.${signature}`, { ...its, key: ['another secret of the site', KEY] }));
    assert.ok(!verifyRecord(line, its));
    assert.ok(!verifyRecord(`${line}.${signature}`, { ...its, token: 'another' }), 'of another project');
    assert.equal(signRecord('anything', its), null);
    for (const key of ['short', '', [], null, undefined, [KEY, '']]) assert.throws(() => signRecord(line, { token: TOKEN, key }), { code: 'option-invalid' });
  });

  test('is written as the browser writes it', () => {
    const line = record('gggg', 'g', 'usercentrics');
    const name = `mixpanel-consent-bridge.${TOKEN}`;
    assert.equal(recordCookie({ token: TOKEN, value: line, key: KEY }), `${name}=${signRecord(line, { token: TOKEN, key: KEY })}; Path=/; SameSite=Lax; Max-Age=31536000; Secure`);
    assert.equal(recordCookie({ token: TOKEN, value: '', key: KEY, secure: false }), `${name}=; Path=/; SameSite=Lax; Max-Age=0`);
    assert.equal(recordCookie({ token: TOKEN, value: 'no record', key: KEY }), null);
    assert.throws(() => recordName(''), { code: 'token-missing' });
  });
});

describe('a history', () => {
  const all = (answer) => ({ tracking: answer, replay: answer, profile: answer, flags: answer });
  const entry = (at, event, answer, more = {}) => ({ at, event, cmp: 'onetrust', consent: all(answer), ...more });
  const history = [entry(1000, 'given', 'granted'), entry(3000, 'withdrawn', 'denied'), entry(5000, 'given', 'granted'), entry(7000, 'expired', 'unset')];
  const said = (entries, at, terms) => {
    const { consent, mode, code, at: asked } = allowedAt(entries, at, terms);
    assert.equal(asked, at);
    return [consent, mode, code].join(' ');
  };

  test('is asked at a time, in any order', () => {
    for (const entries of [history, history.toReversed?.() ?? [...history].reverse()]) {
      assert.equal(said(entries, 999), 'unset off nothing-recorded');
      assert.equal(said(entries, 1000), 'granted on granted');
      assert.equal(said(entries, 2999), 'granted on granted');
      assert.equal(said(entries, 3000), 'denied off denied');
      assert.equal(said(entries, 6999), 'granted on granted');
      assert.equal(said(entries, 7000), 'unset off cmp-expired');
    }
    assert.equal(said([], 1000), 'unset off nothing-recorded');
  });

  test('of two answers at one moment the strictest holds', () => {
    const two = [entry(1000, 'withdrawn', 'denied'), entry(1000, 'given', 'granted')];
    assert.equal(said(two, 1000), 'denied off denied');
    assert.equal(said(two.reverse(), 1000), 'denied off denied');
  });

  test('a default is judged by the site\'s rule', () => {
    const implied = [entry(1000, 'given', 'implied-granted')];
    assert.equal(said(implied, 2000), 'implied-granted on implied-granted');
    assert.equal(said(implied, 2000, { implied: 'ask' }), 'implied-granted off implied-ask');
    assert.equal(said([entry(1, 'refused', 'denied')], 2, { denied: 'cookieless' }), 'denied cookieless denied');
  });

  test('a yes ends with its time and with the policy it was given to; a no does not', () => {
    assert.equal(said(history, 1999, { maxAge: 1000 }), 'granted on granted');
    assert.equal(said(history, 2000, { maxAge: 1000 }), 'unset off cmp-expired');
    assert.equal(said(history, 4500, { maxAge: 1000 }), 'denied off denied');
    const old = [entry(1000, 'given', 'granted', { version: '1' })];
    assert.equal(said(old, 2000, { version: '1' }), 'granted on granted');
    assert.equal(said(old, 2000, { version: '2' }), 'unset off cmp-expired');
    assert.equal(said([entry(1, 'given', 'granted')], 2, { version: '2' }), 'unset off cmp-expired');
    assert.equal(said([entry(1, 'refused', 'denied', { version: '1' })], 2, { version: '2' }), 'denied off denied');
  });

  test('a part says its own', () => {
    const parts = [{ at: 1, event: 'given', cmp: 'x', consent: { ...all('granted'), profile: 'denied' } }];
    assert.deepEqual(allowedAt(parts, 2).modes, { tracking: 'on', replay: 'on', profile: 'off', flags: 'on' });
    const none = [{ at: 1, event: 'refused', cmp: 'x', consent: { ...all('granted'), tracking: 'denied' } }];
    assert.deepEqual(allowedAt(none, 2).modes, { tracking: 'off', replay: 'off', profile: 'off', flags: 'off' });
  });

  test('what cannot be read closes what was open before it', () => {
    const yes = entry(1000, 'given', 'granted');
    const bad = [
      null, undefined, 5, 'given', {}, [], { at: 2000 }, { ...yes, at: 2000, event: 'maybe' }, { ...yes, at: 2000, consent: {} }, { ...yes, at: 2000, consent: all('yes') },
      { ...yes, at: Number.NaN }, { ...yes, at: -1 }, { ...yes, at: '1500' }, { ...yes, at: 2000, consent: null }, { ...yes, at: 2000, version: {} }, { ...yes, at: Infinity },
    ];
    for (const wrong of bad) {
      assert.equal(said([yes, wrong], 3000), 'unset off history-unreadable', JSON.stringify(wrong));
      assert.equal(said([wrong, yes], 3000), 'unset off history-unreadable', JSON.stringify(wrong));
    }
    assert.equal(said([yes, { at: 4000 }], 3000), 'granted on granted', 'what comes later says nothing of now');
    assert.equal(allowedAt([yes], Number.NaN).mode, 'off');
    assert.equal(allowedAt([yes], -1).mode, 'off');
    assert.equal(allowedAt(null, 3000).mode, 'off');
  });

  test('terms that are none are a mistake, and never fewer terms', () => {
    for (const [terms, code] of [[{ maxage: 1000 }, 'option-unknown'], [{ retention: 5 }, 'option-unknown'], [{ maxAge: '1d' }, 'option-invalid'], [{ maxAge: Number.NaN }, 'option-invalid'], [{ version: 2 }, 'option-invalid'], [{ implied: 'no' }, 'option-invalid'], [null, 'option-invalid']])
      assert.throws(() => allowedAt(history, 2000, terms), { code }, JSON.stringify(terms));
    assert.equal(said(history, 2000), 'granted on granted');
  });

  test('a turn holds, should the answers say more', () => {
    assert.equal(said([entry(1, 'withdrawn', 'granted')], 2), 'denied off denied');
    assert.equal(said([entry(1, 'expired', 'granted')], 2), 'unset off cmp-expired');
  });
});
