// GPP strings in a request, as the IAB's own library writes them: every section of the US, every
// field that says an opt-out.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, test } from 'node:test';
import { at } from '../../tools/lib.mjs';

const { explainConsent, readConsent } = await import(at('dist', 'server.js'));
const { GppModel } = createRequire(import.meta.url)('@iabgpp/cmpapi');

const jar = (id, situation) => Object.entries(JSON.parse(readFileSync(at('tests', 'fixtures', id, `${situation}.json`), 'utf8')).snapshot).map(([key, text]) => `${key.replace('cookie:', '')}=${text}`).join('; ');
const OPEN = jar('cookiebot', 'stored-default');
const YES = jar('onetrust', 'stored-accept');
const code = (gpp, cookies = OPEN, options = {}) => readConsent({ cookie: `OTGPPConsent=${gpp}; ${cookies}` }, options).code;
const written = (...fields) => {
  const model = new GppModel();
  for (const [section, field, value] of fields) model.setFieldValue(section, field, value);
  return model.encode();
};

const US = ['usnat', 'usca', 'usva', 'usco', 'usut', 'usct', 'usfl', 'usmt', 'usor', 'ustx', 'usde', 'usia', 'usne', 'usnh', 'usnj', 'ustn', 'usmn', 'usmd', 'usin', 'usky', 'usri'];
const OUTS = ['SaleOptOut', 'SharingOptOut', 'TargetedAdvertisingOptOut'];
const has = (section, field) => { try { written([section, field, 1]); return true; } catch { return false; } };

test('without one a default stays open', () => {
  assert.equal(readConsent({ cookie: OPEN }).code, 'implied-granted');
});

describe('an opt-out closes what only a default opened', () => {
  for (const section of US) {
    test(section, () => {
      const fields = OUTS.filter((field) => has(section, field));
      assert.ok(fields.includes('SaleOptOut'));
      for (const field of fields) {
        assert.equal(code(written([section, field, 1])), 'opted-out-of-sale', field);
        for (const other of [0, 2]) assert.equal(code(written([section, field, other])), 'implied-granted', `${field} ${other}`);
      }
      // Notices, sensitive data and children are other matters.
      const model = new GppModel();
      model.setFieldValue(section, 'SaleOptOut', 2);
      for (const field of ['SharingNotice', 'ProcessingNotice', 'SaleOptOutNotice', 'SharingOptOutNotice', 'TargetedAdvertisingOptOutNotice', 'SensitiveDataLimitUseNotice', 'SensitiveDataProcessingOptOutNotice', 'SensitiveDataOptOutNotice', 'MspaCoveredTransaction']) {
        try { model.setFieldValue(section, field, 1); } catch { /* It has none. */ }
      }
      assert.equal(code(model.encode()), 'implied-granted', 'notices');
    });
  }

  test('US Privacy', () => {
    assert.equal(code(written(['uspv1', 'OptOutSale', 'Y'])), 'opted-out-of-sale');
    assert.equal(code(written(['uspv1', 'OptOutSale', 'N'])), 'implied-granted');
  });

  test('in any of several sections, alone and in rows', () => {
    for (const out of US.slice(0, 10)) {
      const all = US.slice(0, 10).map((section) => [section, 'SaleOptOut', section === out ? 1 : 2]);
      assert.equal(code(written(...all)), 'opted-out-of-sale', `${out} of all`);
      const some = all.filter(([section], at) => section === out || at % 3 === 0);
      assert.equal(code(written(...some)), 'opted-out-of-sale', `${out} of some`);
    }
    assert.equal(code(written(...US.map((section) => [section, 'SaleOptOut', 2]))), 'implied-granted');
    assert.equal(code(written(['tcfeuv2', 'CmpId', 31], ['usca', 'SaleOptOut', 1])), 'opted-out-of-sale', 'after a TC string');
  });

  test('as OneTrust has set it', () => {
    assert.equal(code('DBABLA~BVQVAAAAAgA.QA'), 'opted-out-of-sale');
    assert.equal(code('DBABLA%7EBVQVAAAAAgA.QA'), 'opted-out-of-sale');
    for (const not of ['DBABLA~BVQqAAAAAAJY.QA', 'DBABBg~BUoAAAKA.QA', 'DBABLA~BAQCAAAACZA.QA']) assert.equal(code(not), 'implied-granted', not);
  });
});

test('it opens nothing, takes no yes back, and counts where it is asked', () => {
  const out = written(['usnat', 'SaleOptOut', 1]);
  assert.equal(code(out, YES), 'granted');
  assert.equal(code(out, ''), 'request-silent');
  assert.equal(code(written(['usnat', 'SaleOptOut', 2]), ''), 'request-silent');
  assert.equal(code(out, OPEN, { cmp: 'cookiebot' }), 'implied-granted', 'the site named another');
  assert.equal(code(out, OPEN, { cmp: ['cookiebot', 'iab-gpp'] }), 'opted-out-of-sale');
  const { sources } = explainConsent({ cookie: `OTGPPConsent=${out}; ${OPEN}` });
  assert.deepEqual(sources.filter(({ cmp }) => cmp === 'iab-gpp').map(({ consent, raw }) => [consent.tracking, raw.OTGPPConsent]), [['implied-denied', out]]);
});

test('what is no GPP string limits nothing, in bounded time', () => {
  const whole = written(['usnat', 'SaleOptOut', 2], ['usca', 'SaleOptOut', 2]);
  for (let length = 0; length < whole.length; length += 1) assert.equal(code(whole.slice(0, length)), 'implied-granted');
  for (const bad of ['', '~', '~~~', 'DBAA', 'DB__', 'DBABLA', 'DBABLA~', 'DB~1YYN', 'CBABLA~BVQVAAAAAgA', 'DCABLA~BVQVAAAAAgA', `DB${'_'.repeat(8000)}`, `DBP_${'A'.repeat(8000)}`, `DBAB${'A'.repeat(60_000)}`, '~'.repeat(50_000), 'D B', 'ÄÖ']) {
    assert.equal(code(bad), 'implied-granted', bad.slice(0, 40));
  }
});
