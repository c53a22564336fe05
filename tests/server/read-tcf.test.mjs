// TC strings, as the IAB's own library writes them and reads them: what counts here it can decode,
// and means the same there; what is damaged is no answer.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, test } from 'node:test';
import { at } from '../../tools/lib.mjs';

const { readConsent } = await import(at('dist', 'server.js'));
const { GVL, PurposeRestriction, RestrictionType, TCModel, TCString } = createRequire(import.meta.url)('@iabtcf/core');

const numbers = (count, more = () => ({})) => Object.fromEntries(Array.from({ length: count }, (_, i) => [i + 1, { id: i + 1, name: '', description: '', illustrations: [], ...more(i + 1) }]));
const list = new GVL({
  gvlSpecificationVersion: 3, vendorListVersion: 1, tcfPolicyVersion: 5, lastUpdated: '2026-01-01T00:00:00Z',
  purposes: numbers(11), specialPurposes: numbers(3), features: numbers(3), specialFeatures: numbers(2), stacks: {}, dataCategories: {},
  vendors: numbers(250, () => ({ purposes: [1, 2, 8, 9], legIntPurposes: [7, 10], flexiblePurposes: [2], specialPurposes: [], features: [], specialFeatures: [] })),
});

/** Numbers that come out the same each time. */
function dice(seed) {
  return (below) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return (seed >>> 8) % below;
  };
}

function written(roll) {
  const model = new TCModel(list);
  Object.assign(model, { cmpId: 2 + roll(400), cmpVersion: 1 + roll(60), consentScreen: roll(5), consentLanguage: ['EN', 'DE', 'FR'][roll(3)], publisherCountryCode: ['DE', 'AA', 'IT'][roll(3)], isServiceSpecific: roll(2) === 1 });
  model.created = new Date(Math.floor(Date.now() / 86_400_000) * 86_400_000 - roll(390) * 86_400_000);
  model.lastUpdated = model.created;
  const some = (most, of) => Array.from({ length: roll(most) }, () => 1 + roll(of));
  model.purposeConsents.set(roll(3) ? [1, 2, 7, 8, 9, 10] : some(11, 11));
  model.purposeLegitimateInterests.set(some(11, 11).filter((one) => one > 1));
  model.vendorConsents.set(roll(2) ? some(4, 250) : Array.from({ length: 1 + roll(250) }, (_, i) => i + 1));
  model.vendorLegitimateInterests.set(some(80, 250));
  if (roll(2)) model.vendorsDisclosed.set(some(80, 250));
  for (let i = roll(4); i > 0; i -= 1) model.publisherRestrictions.add(1 + roll(250), new PurposeRestriction(2, roll(2) ? RestrictionType.REQUIRE_CONSENT : RestrictionType.NOT_ALLOWED));
  return { text: TCString.encode(model), yes: [1, 8, 9].every((purpose) => model.purposeConsents.has(purpose)) };
}

const read = (text) => readConsent({ headers: { cookie: `euconsent-v2=${text}` } }, { cmp: 'iab-tcf' });
/** What the IAB's library makes of it; nothing where it refuses. */
const theirs = (text) => {
  try {
    const model = TCString.decode(text);
    return [1, 8, 9].every((purpose) => model.purposeConsents.has(purpose));
  } catch {
    return undefined;
  }
};

describe('TC strings, with the reference library as the oracle', () => {
  test('a hundred that it wrote are read as it reads them', () => {
    const roll = dice(20261128);
    let yes = 0;
    for (let i = 0; i < 100; i += 1) {
      const made = written(roll);
      assert.equal(theirs(made.text), made.yes);
      assert.equal(read(made.text).consent, made.yes ? 'granted' : 'denied', made.text);
      yes += made.yes;
    }
    assert.ok(yes > 20 && yes < 90, `${yes}`);
  });

  test('eight hundred damaged ones: none opens that it does not open too, and what is cut is unreadable', () => {
    const roll = dice(4711);
    const refused = { ours: 0, both: 0 };
    for (let i = 0; i < 800; i += 1) {
      const { text } = written(roll);
      const [core, more = ''] = text.split('.');
      const at = 1 + roll(core.length - 5);
      const damage = [
        () => core.slice(0, at),
        () => `${core.slice(0, at)}${'_'.repeat(core.length - at)}`,
        () => `C${'_'.repeat(core.length - 1)}`,
        () => core.slice(0, at) + core.slice(at + 1),
        () => core + 'ABCDEFGH_-'.slice(0, 4 + roll(6)),
        () => `${core.slice(0, at)}*${core.slice(at + 1)}`,
        // Plain base64, and a cookie that was cut in the segment behind the core.
        () => core.replaceAll('-', '+').replaceAll('_', '/'),
        () => `${core}.${more.slice(0, 1 + roll(more.length || 1))}`,
      ][roll(8)]();
      const ours = read(damage);
      if (ours.consent === 'granted') assert.equal(theirs(damage), true, damage);
      else refused[theirs(damage) === undefined ? 'both' : 'ours'] += 1;
    }
    // A cut string is none, whether or not what is left has its purposes.
    for (let i = 0; i < 60; i += 1) {
      const core = written(roll).text.split('.')[0].replace(/A{1,3}$/, '');
      const cut = core.slice(0, 1 + roll(core.length - 1));
      assert.equal(read(cut).code, 'cmp-unreadable', cut);
    }
    assert.ok(refused.both > 60, JSON.stringify(refused));
  });
});

test('a yes of almost five years ago does not count any more, and a no of any time does', () => {
  const of = (days, purposes) => {
    const model = new TCModel(list);
    Object.assign(model, { cmpId: 10, cmpVersion: 1, consentScreen: 1, consentLanguage: 'EN' });
    model.created = new Date(Math.floor(Date.now() / 86_400_000) * 86_400_000 - days * 86_400_000);
    model.lastUpdated = model.created;
    model.purposeConsents.set(purposes);
    return read(TCString.encode(model));
  };
  for (const [days, mode, code] of [[0, 'on', 'granted'], [1_799, 'on', 'granted'], [1_801, 'off', 'cmp-expired'], [5 * 365, 'off', 'cmp-expired']]) {
    const state = of(days, [1, 2, 7, 8, 9, 10]);
    assert.deepEqual([state.mode, state.code], [mode, code], `${days} days`);
  }
  assert.deepEqual([of(5 * 365, []).consent, of(5 * 365, []).mode], ['denied', 'off']);
});
