// The short walk through the consent managers that npm does not carry, each a fake of its own
// (www/fakes): yes, reload, withdrawal, yes again, no. All are found by themselves, with no
// setting but the category of the one that has no default. One version of the SDK and one start;
// what else a page can do is in walk.test.mjs and in the promises.
// What was broken to see these fail stands in breaks.mjs.

import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { files } from '../../tools/lib.mjs';
import { managers } from '../../www/managers/index.js';
import { ENGINE, FAKES, PAGES, identityCookie, noDelete, noPageError, nothingSent, nothingWritten, open, sentTimes, swept, using } from './harness/index.mjs';

let harness;
before(async () => {
  harness = await open();
});
after(() => harness.close());

/** They open nothing and close what a default opened, so no answer is the visitor's here. */
const LIMITS = ['iab-gpp', 'fake-iab-usp'];

async function walk(one) {
  const given = using(one.id);
  const limit = LIMITS.includes(one.id);
  if (limit) given.connect = {};
  else given.connect = one.category ? { category: one.category } : {};
  const yes = { consent: limit ? 'implied-granted' : 'granted', mode: 'on', ...(limit ? {} : { cmp: one.cmp }) };
  const no = { consent: limit ? 'implied-denied' : 'denied', mode: 'off' };
  await harness.during({ ...given, calls: [['track', 'Early']] }, async (v) => {
    const arrived = async (name, times, since) => {
      for (const end = Date.now() + 8_000; v.names(since).filter((one) => one === name).length < times && Date.now() < end;) await new Promise((go) => setTimeout(go, 50));
      sentTimes(v, { [name]: times }, since);
    };
    const shut = async (since) => {
      await v.ready(v.page);
      await v.until(no);
      await v.call('track', 'Unwanted');
      await v.call('register', { team: 'blue' });
      await v.settle(450);
      nothingSent(v, since);
      await swept(v, { record: !limit });
    };

    await v.page.waitForFunction(() => window.__cmpReady);
    if (!limit) {
      // Asked, or, where nothing tells that it is there, looked for.
      await v.until({ consent: 'unset', mode: 'off' });
      await v.settle(300);
      nothingSent(v);
      nothingWritten(v);
    }
    // By its dialog, which every fake shows.
    await v.answer('yes');
    await v.until(yes);
    await arrived('Early', 1);
    const { deviceId } = v.events()[0];
    assert.ok((await v.stored()).mixpanel.includes(`cookie ${identityCookie(v.situation.token)}`));

    let since = v.mark();
    await v.reload();
    await v.until(yes);
    await v.call('track', 'Back');
    await arrived('Back', 1, since);
    await arrived('Early', 1, since);
    // What only limits is asked once, as soon as it is there; an answer given before that would be all that is heard.
    if (limit) await v.page.waitForFunction((ids) => window.__bridge.explain().sources?.some(({ cmp, live }) => live && ids.includes(cmp)), LIMITS.map((id) => id.replace('fake-', '')));
    assert.equal(v.events(since).find(({ name }) => name === 'Back').deviceId, deviceId, 'the same device');

    await v.answer('no', { by: 'api' });
    await shut(v.answeredAt);

    since = v.mark();
    await v.answer('yes', { by: 'api' });
    await v.ready(v.page);
    await v.until(yes);
    await v.call('track', 'Again');
    await arrived('Again', 1, since);
    sentTimes(v, { Unwanted: 0 }, since);
    const again = v.events(since).find(({ name }) => name === 'Again');
    assert.notEqual(again.deviceId, deviceId, 'a new device id');
    assert.equal(again.properties.team, undefined);

    await v.answer('no', { by: 'api' });
    await shut(v.answeredAt);
    noDelete(v);
    noPageError(v);
  });
}

test('the playground has every consent manager that the bridge knows, real or as a fake', () => {
  const ids = files('src/cmp/adapters').map((path) => basename(path, '.toml'));
  const offered = new Set(managers.flatMap(({ cmp }) => cmp));
  assert.deepEqual(ids.filter((id) => !offered.has(id)), []);
  assert.ok(ids.length > 40);
  for (const { kind, label, source } of managers) {
    assert.equal(kind === 'fake', label.includes('fake'), label);
    assert.ok(source.length > 20, label);
  }
});

describe('the short walk', { concurrency: PAGES }, () => {
  assert.equal(FAKES.length, 51);
  // In other engines a handful: one heard by a callback, one by an event, one by its cookie alone, and the two that only limit.
  const some = ENGINE === 'chromium' ? FAKES : FAKES.filter(({ id }) => ['fake-sourcepoint', 'fake-cookieyes', 'fake-civic', ...LIMITS].includes(id));
  assert.ok(some.length >= 5, some.map(({ id }) => id).join());
  for (const one of some) test(one.id, () => walk(one));
});
