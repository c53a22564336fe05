// What several promises assert, in the same words. An assertion that fails says what was seen.

import assert from 'node:assert/strict';
import { TOKEN } from './browser.mjs';
import { optOutFlag } from './names.mjs';

const show = (entries) =>
  entries.map(({ kind, name, route, events, url }) =>
    [kind, name, route, events?.map((event) => event.name).join('+'), kind === 'request' ? url : ''].filter(Boolean).join(' '));

/** Nothing has reached Mixpanel, and nothing was on its way there. */
export function nothingSent(v, since) {
  assert.deepEqual(show(v.sent(since)), [], 'nothing may be sent');
}

/** No write, not even one that was undone, under Mixpanel's names or the bridge's. */
export function nothingWritten(v, since) {
  assert.deepEqual(show(v.writes('mixpanel', since)), [], 'nothing of Mixpanel may be written');
  assert.deepEqual(show(v.writes('bridge', since)), [], 'nothing of the bridge may be written');
}

/** What an opted-out `init` cannot but do: expire cookies and remove keys that are not there. It sets nothing. */
export function nothingSet(v, since) {
  assert.deepEqual(show(v.sets('mixpanel', since)), [], 'nothing of Mixpanel may be set, not even for a moment');
  assert.deepEqual(show(v.writes('bridge', since)), [], 'nothing of the bridge may be written');
}

/** Nothing of Mixpanel or of the bridge is on the device. */
export async function nothingStored(v, page) {
  const { mixpanel, bridge } = await v.stored(page);
  assert.deepEqual({ mixpanel, bridge }, { mixpanel: [], bridge: [] });
}

/**
 * After a no: of Mixpanel there is at most its `0` flag, and databases without a record, whose
 * deletion another page could block; of the bridge there is its record.
 */
export async function swept(v, { page, token = TOKEN, record = true } = {}) {
  const { mixpanel, bridge, local } = await v.stored(page);
  const flag = optOutFlag(token);
  const left = mixpanel.filter((name) => name !== `local ${flag}` && !name.startsWith('idb '));
  assert.deepEqual(left, [], 'nothing of Mixpanel may be left');
  if (flag in local) assert.equal(local[flag], '0', 'the flag says opted out');
  // No record is kept of what is no proof of an act.
  if (record && v.situation.cmp?.id !== 'google-consent-mode') assert.deepEqual(bridge, [`local mixpanel-consent-bridge:${recordName(v)}`]);
}

export const recordName = (v) => v.situation.token + (v.situation.name ? `:${v.situation.name}` : '');

/** Nothing failed in the page because of the bridge. */
export function noPageError(v) {
  assert.deepEqual(v.errors, [], 'the page runs on without an error');
}

/** A closed state, and which code says why. */
export async function closed(v, code, page) {
  const state = await v.state(page);
  assert.equal(state.mode, 'off', JSON.stringify(state));
  if (code) assert.equal(state.code, code, JSON.stringify(state));
  assert.ok(state.reason?.length > 20, `a sentence, not \`${state.reason}\``);
  return state;
}

/**
 * How often each of these names was tracked and sent. An event that the SDK sends again is the same
 * event: tabs share its queue, and on a slow machine one sends what another has not finished
 * sending, with the same `$insert_id`, by which Mixpanel knows it. That nothing is sent again
 * where there is one tab is promise 2.
 */
export function sentTimes(v, wanted, since) {
  const seenIds = new Set();
  const names = v.events(since).filter(({ properties: { $insert_id: id } }) => !id || (!seenIds.has(id) && seenIds.add(id))).map(({ name }) => name);
  const seen = Object.fromEntries(Object.keys(wanted).map((name) => [name, names.filter((one) => one === name).length]));
  assert.deepEqual(seen, wanted, `of ${names.join(', ') || 'nothing'}`);
}

/** No update that deletes a profile was ever sent. */
export function noDelete(v) {
  const deletes = v.sent().flatMap(({ updates }) => updates).filter((update) => '$delete' in update);
  assert.deepEqual(deletes, [], 'no profile is deleted');
}
