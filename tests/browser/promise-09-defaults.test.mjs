// Promise 9. A default is not a choice: told apart for each consent manager; GPC and DNT never open
// anything, and close what only a default opened.
// What was broken to see these fail stands in breaks.mjs.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  EVERYTHING, MANAGERS, PAGES, noPageError, nothingSent, nothingStored, nothingWritten, open, sentTimes, using,
} from './harness/index.mjs';

let harness;
before(async () => {
  harness = await open();
});
after(() => harness.close());

const GPC = "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { configurable: true, get: () => true });";
const NO_GPC = "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { configurable: true, get: () => false });";
const DNT = "Object.defineProperty(Navigator.prototype, 'doNotTrack', { configurable: true, get: () => '1' });";
const DNT_OFF = "Object.defineProperty(Navigator.prototype, 'doNotTrack', { configurable: true, get: () => '0' });";

const withConnect = (id, connect, options) => {
  const given = using(id, options && { options });
  return { ...given, connect: { ...given.connect, ...connect } };
};

// Where no act of the visitor can be told from what the manager does by itself: a consent mode
// update is no proof, and a tarteaucitron that is bypassed asks nobody and says so of everything.
const UNPROVABLE = ['google-consent-mode', 'tarteaucitron'];

describe('a default is not a choice', { concurrency: PAGES }, () => {
  for (const { id, modes } of MANAGERS) {
    if (modes.includes('implied-open')) {
      test(`${id}: open by a regional default, which counts, and is no yes`, () =>
        harness.during({ ...withConnect(id, { optInEvent: true }, { mode: 'implied-open' }), config: EVERYTHING, calls: [['track', 'Early']] }, async (v) => {
          await v.until({ consent: 'implied-granted', mode: 'on' });
          await v.settle();
          sentTimes(v, { Early: 1, $mp_web_page_view: 1, $opt_in: 0 });
          nothingWrittenByTheBridge(v);
        }));

      test(`${id}: open by a default, and the site asks for more: shut`, () =>
        harness.during({ ...withConnect(id, { implied: 'ask' }, { mode: 'implied-open' }), config: EVERYTHING, calls: [['track', 'Early']] }, async (v) => {
          await v.until({ consent: 'implied-granted', mode: 'off', code: 'implied-ask' });
          await v.settle();
          nothingSent(v);
          nothingWritten(v);
          await nothingStored(v);
        }));

      test(`${id}: open by a default, then a no: a no is a no, and then a yes is a yes`, () =>
        harness.during({ ...withConnect(id, {}, { mode: 'implied-open' }), config: EVERYTHING }, async (v) => {
          await v.until({ mode: 'on' });
          await v.settle(500);
          await v.answer('no', { by: 'api' });
          const since = v.mark();
          await v.settle(600);
          await v.ready(v.page);
          await v.until(UNPROVABLE.includes(id) ? { mode: 'off' } : { consent: 'denied', mode: 'off' });
          await v.call('track', 'Unwanted');
          await v.settle(700);
          nothingSent(v, since);
          await v.answer('yes', { by: 'api' });
          await v.until(UNPROVABLE.includes(id) ? { mode: 'on' } : { consent: 'granted', mode: 'on' });
        }));

      for (const form of id === 'klaro' ? ['loader', 'tag'] : ['loader'])
      test(`${id}${form === 'tag' ? ' and the tag' : ''}: GPC closes what only a default opened, and an explicit yes opens it`, () =>
        harness.during({ ...withConnect(id, {}, { mode: 'implied-open' }), form, init: GPC, config: EVERYTHING, calls: [['track', 'Early']] }, async (v) => {
          // c15t heeds the signal itself, and then says no by default.
          await v.until({ mode: 'off', code: id === 'c15t' ? 'implied-denied' : 'gpc' });
          await v.settle();
          nothingSent(v);
          nothingWritten(v);
          await v.answer('yes', { by: 'api' });
          if (UNPROVABLE.includes(id)) {
            await v.settle();
            nothingSent(v);
          } else {
            await v.until({ consent: 'granted', mode: 'on' });
          }
        }));
    }
    if (modes.includes('implied-closed')) {
      test(`${id}: closed by a default: shut, and not a no`, () =>
        harness.during({ ...withConnect(id, {}, { mode: 'implied-closed' }), config: EVERYTHING, calls: [['track', 'Early']] }, async (v) => {
          await v.settle();
          assert.notEqual((await v.state()).consent, 'denied');
          assert.equal((await v.state()).mode, 'off');
          nothingSent(v);
          nothingWritten(v);
        }));
    }
  }

  const WAYS = [
    // [signal, option, manager's mode, answer] -> [mode, code]
    [GPC, { gpc: 'respect' }, 'ask', undefined, 'off'],
    [NO_GPC, { gpc: 'respect' }, 'ask', undefined, 'off', 'cmp-asking'],
    [DNT_OFF, { dnt: 'respect' }, 'ask', undefined, 'off', 'cmp-asking'],
    [GPC, { gpc: 'ignore' }, 'ask', undefined, 'off', 'cmp-asking'],
    [GPC, { gpc: 'respect' }, 'ask', 'yes', 'on', 'granted'],
    [GPC, { gpc: 'strict' }, 'ask', 'yes', 'off', 'gpc'],
    [GPC, { gpc: 'ignore' }, 'ask', 'yes', 'on', 'granted'],
    [GPC, { gpc: 'ignore' }, 'implied-open', undefined, 'on', 'implied-granted'],
    [GPC, { gpc: 'respect' }, 'implied-open', undefined, 'off', 'gpc'],
    [GPC, { gpc: 'strict' }, 'implied-open', undefined, 'off', 'gpc'],
    [NO_GPC, { gpc: 'strict' }, 'implied-open', undefined, 'on', 'implied-granted'],
    [DNT, { dnt: 'respect' }, 'ask', 'yes', 'on', 'granted'],
    [DNT, { dnt: 'strict' }, 'ask', 'yes', 'off', 'dnt'],
    [DNT, { dnt: 'ignore' }, 'ask', 'yes', 'on', 'granted'],
    [DNT, { dnt: 'respect' }, 'implied-open', undefined, 'off', 'dnt'],
    [DNT, { dnt: 'ignore' }, 'implied-open', undefined, 'on', 'implied-granted'],
    [DNT, { dnt: 'strict' }, 'implied-open', undefined, 'off', 'dnt'],
    [GPC + DNT, {}, 'ask', 'no', 'off', 'denied'],
  ];
  for (const [init, option, mode, answer, expected, code] of WAYS) {
    // Each in one start, in turn; in both where it opens and the SDK has a mind of its own about the signal.
    for (const start of expected === 'on' && init.includes('doNotTrack') ? ['deferred', 'opted-out'] : [WAYS.findIndex((way) => way[0] === init && way[1] === option && way[2] === mode && way[3] === answer) % 2 ? 'deferred' : 'opted-out']) {
      const signal = [init.includes('globalPrivacyControl') && (init.includes('=> true') ? 'GPC' : 'GPC off'), init.includes('doNotTrack') && (init.includes("'1'") ? 'DNT' : 'DNT off')].filter(Boolean).join(' and ');
      test(`${signal}, ${JSON.stringify(option)}, ${mode === 'ask' ? 'asked' : 'open by default'}${answer ? `, the visitor says ${answer}` : ''}, ${start}: ${expected}`, () =>
        harness.during({ ...withConnect('klaro', { ...option, start }, { mode }), init, config: EVERYTHING, calls: [['track', 'Early']] }, async (v) => {
          if (answer) await v.answer(answer, { by: 'api' });
          await v.until(code ? { mode: expected, code } : { mode: expected });
          await v.settle();
          assert.equal((await v.state()).mode, expected);
          if (expected === 'on') {
            // And the SDK agrees with the decision, whatever it thinks of Do Not Track.
            sentTimes(v, { Early: 1 });
            assert.ok((await v.stored()).cookies.some(({ name }) => name.startsWith('mp_')));
          } else {
            nothingSent(v);
            if (start === 'deferred') nothingWrittenByMixpanel(v);
          }
          noPageError(v);
        }));
    }
  }
});

function nothingWrittenByTheBridge(v) {
  assert.deepEqual(v.writes('bridge').map(({ name }) => name), [], 'a default is not kept as a choice');
}

function nothingWrittenByMixpanel(v) {
  assert.deepEqual(v.sets('mixpanel').map(({ name }) => name), []);
}
