// The gate as an object that a page lives with: one bridge for a token and name, now means now, the
// same object as Mixpanel's, and what is left when it is disconnected.
// Not here: mistakes in the options (bad-input), the device (databases, promise 5), several tabs (many-tabs).
// What was broken to see these fail stands in breaks.mjs.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { PAGES, TOKEN, noPageError, nothingSent, open, using } from './harness/index.mjs';

let harness;
before(async () => {
  harness = await open();
});
after(() => harness.close());

const on = { mode: 'on', consent: 'granted' };
const BARE = { form: 'loader', cmp: undefined, connect: { cmp: 'manual' } };
const OBJECT = { ...BARE, form: 'object' };

describe('one bridge for a token and name', { concurrency: PAGES }, () => {
  for (const start of ['deferred', 'opted-out'])
    for (const form of ['loader', 'object'])
      test(`${form}, ${start}: a second connect(), before the answer: both hold, one bridge, nothing is lost or doubled`, () =>
        harness.during({ ...BARE, form, connect: { cmp: 'manual', start } }, async (v) => {
          const same = await v.page.evaluate(async () => {
            const { connect } = await import('mixpanel-consent-bridge');
            const first = window.__bridge;
            const second = connect({ token: window.S.token, cmp: 'manual', start: window.S.connect.start, config: window.S.config, mixpanel: () => import('/nowhere.js') });
            first.mixpanel.track('First');
            second.mixpanel.track('Second');
            return first === second;
          });
          assert.equal(same, true);
          await v.page.evaluate(() => window.__bridge.grant());
          await v.until(on);
          await v.settle();
          assert.deepEqual(v.names(), ['First', 'Second']);
          assert.ok(!v.console.some(({ text }) => text.includes('already-connected')), 'the same options are no surprise');
          noPageError(v);
        }));

  test('a second connect() with other options: the bridge that is there serves, and it is said', () =>
    harness.during(OBJECT, async (v) => {
      assert.equal(await v.page.evaluate(async () => {
        const { connect } = await import('mixpanel-consent-bridge');
        return connect({ token: window.S.token, cmp: 'manual', pending: 'drop' }) === window.__bridge;
      }), true);
      assert.equal(v.console.filter(({ text }) => text.includes('already-connected')).length, 1);
    }));

  test('two copies of the package on one page: one bridge', () =>
    harness.during(OBJECT, async (v) => {
      assert.equal(await v.page.evaluate(async () => {
        const { connect } = await import('/dist/index.js?copy');
        const second = connect({ token: window.S.token, cmp: 'manual', config: window.S.config });
        second.mixpanel.track('From the copy');
        second.grant();
        return second === window.__bridge;
      }), true);
      await v.until(on);
      await v.settle();
      assert.deepEqual(v.names(), ['From the copy']);
    }));

  test('another name or another token is another bridge', () =>
    harness.during(OBJECT, async (v) => {
      assert.deepEqual(await v.page.evaluate(async () => {
        const { connect } = await import('mixpanel-consent-bridge');
        const { token } = window.S;
        const bridges = [window.__bridge, connect({ token, cmp: 'manual', name: 'second' }), connect({ token: 'b'.repeat(32), cmp: 'manual' })];
        return new Set(bridges).size;
      }), 3);
    }));

  for (const start of ['deferred', 'opted-out'])
    test(`${start}: an object of the site's own tests stands for the SDK: it is started, and told what was held`, () =>
      harness.during({ ...BARE, form: 'none', bridge: false }, async (v) => {
        await v.page.evaluate(async (start) => {
          const { connect } = await import('mixpanel-consent-bridge');
          window.__told = [];
          const double = { people: {}, config: {}, set_config() {}, init: () => double, track: (name, ...rest) => { window.__told.push(name); rest[2]?.(0); } };
          window.__bridge = connect({ token: window.S.token, cmp: 'manual', start, mixpanel: double });
          window.__bridge.mixpanel.track('Held');
        }, start);
        await v.until({ code: 'manual-unset' });
        await v.page.evaluate(() => window.__bridge.grant());
        await v.until(on);
        assert.deepEqual((await v.page.evaluate(() => window.__told)).filter(Boolean), ['Held']);
        noPageError(v);
      }));

  // The SDK has one instance without a name, and gives it to whoever asks.
  const OTHER = 'd'.repeat(32);
  const sent = (v, since) => v.events(since).map(({ name, properties }) => `${name} of ${properties.token === OTHER ? 'theirs' : 'ours'}`).sort();
  for (const start of ['deferred', 'opted-out']) {
    test(`${start}: another project runs in the place of the instance: it is left alone, nothing of ours goes to it, and it is said`, () =>
      harness.during({ ...BARE, form: 'none', bridge: false }, async (v) => {
        await v.page.evaluate(async ([other, start]) => {
          const { connect } = await import('mixpanel-consent-bridge');
          window.__sdk = (await import('/sdk/2.83.0/module.js')).default;
          window.__sdk.init(other, window.S.config);
          window.__sdk.track('Before');
          window.__bridge = connect({ token: window.S.token, cmp: 'manual', start, mixpanel: window.__sdk, config: window.S.config });
          window.__bridge.mixpanel.track('Held');
          window.__sdk.track('Beside');
        }, [OTHER, start]);
        await v.until({ code: 'manual-unset' });
        await v.page.evaluate(() => window.__bridge.grant());
        await v.until({ code: 'sdk-failed' });
        await v.page.evaluate(() => window.__bridge.deny());
        await v.page.evaluate(() => window.__sdk.track('After'));
        await v.settle();
        assert.deepEqual(sent(v), ['After of theirs', 'Before of theirs', 'Beside of theirs']);
        assert.ok((await v.stored()).mixpanel.some((entry) => entry === `cookie mp_${OTHER}_mixpanel`));
        assert.equal(v.console.filter(({ text }) => /sdk-failed.*needs a `name`/.test(text)).length, 1);
        noPageError(v);
      }));

    test(`${start}: two projects without a name: the first has the instance, and the answers to the other are not its`, () =>
      harness.during({ ...BARE, form: 'none', bridge: false, config: { autocapture: { click: true, pageview: false } } }, async (v) => {
        await v.page.evaluate(async ([other, start]) => {
          const { connect } = await import('mixpanel-consent-bridge');
          const mixpanel = (await import('/sdk/2.83.0/module.js')).default;
          window.__bridge = connect({ token: window.S.token, cmp: 'manual', start, mixpanel, config: window.S.config });
          window.__bridge.grant();
          while (window.__bridge.state.mode !== 'on') await new Promise((again) => setTimeout(again, 10));
          window.__second = connect({ token: other, cmp: 'manual', start, mixpanel, config: window.S.config });
          window.__second.mixpanel.track('Of the second');
        }, [OTHER, start]);
        await v.page.evaluate(() => {
          window.__second.deny();
          window.__bridge.mixpanel.track('Beside a no');
        });
        await v.settle(400);
        assert.deepEqual(sent(v), ['Beside a no of ours']);
        await v.page.evaluate(() => {
          window.__second.grant();
          window.__bridge.deny();
          window.__second.mixpanel.track('Of the second');
        });
        await v.page.click('#buy');
        await v.settle(700);
        assert.deepEqual(sent(v), ['Beside a no of ours']);
        assert.equal(await v.page.evaluate(() => window.__second.state.mode), 'off');
        noPageError(v);
      }));
  }

  test('a mistake, mended and connected anew, as hot reloading does: the new one serves', () =>
    harness.during({ ...OBJECT, connect: { cmp: 'manual', start: 'later' } }, async (v) => {
      await v.until({ code: 'option-invalid' });
      await v.page.evaluate(async () => {
        const { connect } = await import('mixpanel-consent-bridge');
        window.__bridge = connect({ token: window.S.token, cmp: 'manual', config: window.S.config, mixpanel: () => import('/sdk/2.83.0/module.js').catch(() => window.__sdk) });
      });
      await v.until({ code: 'manual-unset' });
    }));
});

describe('disconnect()', { concurrency: PAGES }, () => {
  for (const form of ['loader', 'object'])
    test(`${form}: after a yes: nothing passes any more, also after a no that nobody hears, and everything answers`, () =>
      harness.during({ ...BARE, form, calls: [['track', 'Before']] }, async (v) => {
        await v.page.evaluate(() => window.__bridge.grant());
        await v.until(on);
        await v.settle();
        const answers = await v.page.evaluate(() => {
          const bridge = window.__bridge;
          bridge.disconnect();
          bridge.mixpanel.track('After');
          bridge.mixpanel.people.set({ plan: 'gold' });
          bridge.grant();
          bridge.deny();
          bridge.reset();
          bridge.disconnect();
          bridge.mixpanel.track('After that');
          return [typeof bridge.explain(), String(bridge.explain()).includes('disconnect'), Array.isArray(bridge.receipts()), bridge.state.mode, bridge.state.code, bridge.mixpanel.has_opted_in_tracking()];
        });
        assert.deepEqual(answers, ['object', true, true, 'off', 'disconnected', false]);
        await v.settle(600);
        assert.deepEqual(v.names(), ['Before']);
        noPageError(v);
      }));

  test('before the core is there: nothing starts', () =>
    harness.during({ ...BARE, bridge: false, form: 'none' }, async (v) => {
      await v.page.evaluate(async () => {
        const { connect } = await import('mixpanel-consent-bridge');
        localStorage.setItem(`mixpanel-consent-bridge:${window.S.token}`, '1.gggg.g.1.manual');
        const bridge = (window.__bridge = connect({ token: window.S.token, cmp: 'manual', mixpanel: () => { window.__asked = true; return new Promise(() => {}); } }));
        bridge.mixpanel.track('Held');
        bridge.disconnect();
      });
      await v.settle(600);
      assert.equal(await v.page.evaluate(() => window.__asked), undefined);
      assert.equal((await v.state()).code, 'disconnected');
      nothingSent(v);
    }));

  test('an instance that is begun on it is disconnected as well', () =>
    harness.during(OBJECT, async (v) => {
      await v.page.evaluate(() => window.__bridge.grant());
      await v.until(on);
      assert.equal(await v.page.evaluate(() => {
        window.__bridge.disconnect();
        const third = window.__bridge.mixpanel.init('c'.repeat(32), window.S.config, 'third');
        third.track('After');
        return third.has_opted_out_tracking();
      }), true);
      await v.settle(700);
      assert.deepEqual(v.names(), []);
      noPageError(v);
    }));

  test('connect() after it begins anew', () =>
    harness.during(OBJECT, async (v) => {
      await v.page.evaluate(() => window.__bridge.grant());
      await v.until(on);
      await v.page.evaluate(async () => {
        const { connect } = await import('mixpanel-consent-bridge');
        window.__bridge.disconnect();
        const { default: sdk } = await import('/sdk/2.83.0/module.js');
        window.__bridge = connect({ token: window.S.token, cmp: 'manual', config: window.S.config, mixpanel: sdk });
        window.__bridge.mixpanel.track('Anew');
      });
      await v.until(on);
      await v.settle();
      assert.ok(v.names().includes('Anew'));
      noPageError(v);
    }));

  for (const form of ['object', 'loader'])
    test(`${form}: connect() after it, on an SDK that runs: what the site configured is as it was, on this page and the next`, () =>
      harness.during({ form, cmp: undefined, connect: { cmp: 'manual' }, config: { record_sessions_percent: 100, flags: true, batch_flush_interval_ms: 60_000 } }, async (v) => {
        const seen = () => v.page.evaluate(async () => {
          const { default: sdk } = await import('/sdk/2.83.0/module.js');
          const { disable_persistence, flags, record_sessions_percent, api_host, api_hosts, ignore_dnt, window: other } = sdk.config;
          return { disable_persistence, flags, record_sessions_percent, api_host, api_hosts, ignore_dnt, other: other || null, id: sdk.get_distinct_id(), stored: document.cookie.includes(sdk.get_distinct_id().replace('$device:', '')) };
        });
        await v.page.evaluate(() => window.__bridge.grant());
        await v.until(on);
        const before = await seen();
        assert.equal(before.stored, true);
        for (const yes of [true, false]) {
          const since = v.mark();
          await v.page.evaluate(async (yes) => {
            const { connect } = await import('mixpanel-consent-bridge');
            if (!yes) window.__bridge.deny();
            window.__bridge.disconnect();
            const { default: mixpanel } = await import('/sdk/2.83.0/module.js');
            window.__bridge = connect({ token: window.S.token, cmp: 'manual', mixpanel });
            if (!yes) window.__bridge.grant();
            window.__bridge.mixpanel.track('Anew', {}, { send_immediately: true });
          }, yes);
          await v.until(on);
          await v.settle(900);
          assert.ok(v.names(since).includes('Anew'));
          const { id, ...after } = await seen();
          assert.deepEqual({ ...after, id: '' }, { ...before, id: '' });
          assert.equal(id === before.id, yes, 'the same visitor, until a no');
          before.id = id;
        }
        noPageError(v);
      }));
});

describe('now means now', { concurrency: PAGES }, () => {
  for (const [what, no] of [['deny()', 'window.__bridge.deny()'], ['opt_out_tracking()', 'window.__bridge.mixpanel.opt_out_tracking()']])
    for (const config of [{ batch_requests: false }, {}])
      test(`${what}, ${config.batch_requests === false ? 'unbatched' : 'batched'}: the next line does not leave, and knows it`, () =>
        harness.during({ ...OBJECT, config, calls: [['track', 'Before']] }, async (v) => {
          await v.page.evaluate(() => window.__bridge.grant());
          await v.until(on);
          await v.settle();
          const now = await v.page.evaluate((no) => {
            new Function(no)();
            window.__bridge.mixpanel.track('After');
            return [window.__bridge.mixpanel.has_opted_out_tracking(), window.__bridge.state.consent, window.__bridge.state.mode];
          }, no);
          assert.deepEqual(now, [true, 'denied', 'off']);
          await v.settle(800);
          assert.ok(!v.names().includes('After'));
        }));

  test('deny() before the core is there, with a yes on record: nothing of what follows leaves', () =>
    harness.during({ ...BARE, bridge: false, form: 'none' }, async (v) => {
      assert.equal(await v.page.evaluate(async () => {
        const { connect } = await import('mixpanel-consent-bridge');
        localStorage.setItem(`mixpanel-consent-bridge:${window.S.token}`, '1.gggg.g.1.manual');
        const bridge = (window.__bridge = connect({ token: window.S.token, cmp: 'manual', config: window.S.config, mixpanel: () => import('/sdk/2.83.0/module.js') }));
        bridge.subscribe((state) => (window.__states ??= []).push(state.consent));
        bridge.mixpanel.track('Before');
        bridge.deny();
        bridge.mixpanel.track('After');
        return bridge.mixpanel.has_opted_out_tracking();
      }), true);
      await v.until({ consent: 'denied' });
      await v.settle(600);
      nothingSent(v);
      // Nor did the yes count for a moment.
      assert.ok(!(await v.states()).includes('granted'), (await v.states()).join());
      assert.deepEqual(v.code(), []);
    }));

  test('deny() and then grant() before the core is there: the last counts', () =>
    harness.during({ ...BARE, bridge: false, form: 'none' }, async (v) => {
      await v.page.evaluate(async () => {
        const { connect } = await import('mixpanel-consent-bridge');
        const bridge = (window.__bridge = connect({ token: window.S.token, cmp: 'manual', config: window.S.config, mixpanel: () => import('/sdk/2.83.0/module.js') }));
        bridge.deny();
        bridge.mixpanel.track('Denied');
        bridge.grant();
        bridge.mixpanel.track('Granted');
      });
      await v.until(on);
      await v.settle();
      assert.deepEqual(v.names(), ['Granted']);
    }));

  // The core tells its first state before it has said that it is there.
  for (const [where, connecting, record] of [
    ['in `ask`', "window.__bridge = connect({ ...options, ask: () => say() });"],
    ['by a subscriber, at the first state', "window.__bridge = connect(options); let said; window.__bridge.subscribe(({ code }) => { if (code === 'manual-unset' && !said) say(said = true); });"],
    ['right behind `ready`', "window.__bridge = connect(options); window.__bridge.ready.then(() => say());", true],
    ['by a subscriber, after a yes on record', "window.__bridge = connect(options); let said; window.__bridge.subscribe(({ consent }) => { if (consent === 'granted' && !said) say(said = true); });", true],
  ])
    for (const act of record ? ['deny', 'reset'] : ['grant', 'deny'])
      test(`${act}() ${where}: it counts, and what follows it in that task`, () =>
        harness.during({ ...BARE, bridge: false, form: 'none' }, async (v) => {
          await v.page.evaluate(async ([code, act, record]) => {
            const { connect } = await import('mixpanel-consent-bridge');
            if (record) localStorage.setItem(`mixpanel-consent-bridge:${window.S.token}`, '1.gggg.g.1.manual');
            const options = { token: window.S.token, cmp: 'manual', config: window.S.config, mixpanel: () => import('/sdk/2.83.0/module.js') };
            const say = () => {
              window.__bridge[act]();
              window.__bridge.mixpanel.track('Behind it');
            };
            new Function('connect', 'options', 'say', code)(connect, options, say);
          }, [connecting, act, Boolean(record)]);
          await v.until(act === 'grant' ? on : { mode: 'off', consent: act === 'deny' ? 'denied' : 'unset' });
          await v.settle();
          assert.deepEqual(v.names(), act === 'grant' ? ['Behind it'] : []);
          await v.page.evaluate(() => window.__bridge.grant());
          await v.until(on);
          await v.settle();
          assert.deepEqual(v.names(), act === 'deny' ? [] : ['Behind it']);
          noPageError(v);
        }));

  test('mode says what passes: off while the SDK is on its way, and subscribers hear when it turns', () =>
    harness.during({ ...BARE, bridge: false, form: 'none' }, async (v) => {
      const seen = await v.page.evaluate(async () => {
        const { connect } = await import('mixpanel-consent-bridge');
        let bring;
        const bridge = (window.__bridge = connect({ token: window.S.token, cmp: 'manual', config: window.S.config, mixpanel: () => new Promise((resolve) => (bring = async () => resolve(await import('/sdk/2.83.0/module.js')))) }));
        const seen = [];
        bridge.subscribe(({ consent, mode, code }) => seen.push([consent, mode, code, typeof bridge.mixpanel.get_distinct_id()].join(' ')));
        bridge.grant();
        const ready = await bridge.ready;
        while (!bring) await new Promise((again) => setTimeout(again, 10));
        seen.push(`ready ${ready.mode}`, String(await bridge.explain()).split('\n')[0].slice(0, 15));
        await bring();
        while (bridge.state.mode !== 'on') await new Promise((again) => setTimeout(again, 10));
        return seen;
      });
      assert.ok(seen.includes('granted off sdk-loading undefined'), seen.join('; '));
      assert.ok(seen.includes('ready off') && seen.includes('Mixpanel is off'), seen.join('; '));
      assert.equal(seen.at(-1), 'granted on granted string');
    }));
});

describe('the same object as Mixpanel\'s', { concurrency: PAGES }, () => {
  for (const form of ['loader', 'object'])
    test(`${form}: before and after a yes`, () =>
      harness.during({ ...BARE, form }, async (v) => {
        const look = () => v.page.evaluate(() => {
          const m = window.__bridge.mixpanel;
          return [
            m.get_group('company', 'one') === m.get_group('company', 'one'), m.get_group('company', 'one') === m.get_group('company', 'two'),
            m.get_group('company', 1) === m.get_group('company', '1'), m.get_group('a,b', 'c') === m.get_group('a', 'b,c'),
            String(m), String(m.people), 'config' in m, 'track' in m, 'then' in m,
            typeof m.flags.getVariantValue, typeof m.flags.areFlagsReady, m.flags.getVariantValueSync?.('flag', 'fallback'), m.flags.areFlagsReady(),
            JSON.stringify(m.people) !== undefined, m.toJSON,
          ];
        });
        const expected = [true, false, false, false, 'mixpanel', 'mixpanel.people', true, true, false, 'function', 'function', 'fallback', false, true, undefined];
        assert.deepEqual((await look()).map((value) => value ?? undefined), expected);
        await v.page.evaluate(() => window.__bridge.grant());
        await v.until(on);
        const after = (await look()).map((value) => value ?? undefined);
        assert.deepEqual(after.slice(0, 11), expected.slice(0, 11));
      }));

  for (const form of ['loader', 'object'])
    for (const start of ['deferred', 'opted-out'])
      test(`${form}, ${start}: loaded gets the gated SDK, live; init() on it makes a gated instance under the same consent`, () =>
        harness.during({ ...BARE, bridge: false, form: 'none' }, async (v) => {
          await v.page.evaluate(async ([form, start]) => {
            const { connect } = await import('mixpanel-consent-bridge');
            const get = () => import('/sdk/2.83.0/module.js');
            const options = {
              token: window.S.token, cmp: 'manual', start, mixpanel: form === 'loader' ? get : (await get()).default,
              config: { ...window.S.config, loaded(m) {
                window.__loaded = (window.__loaded ?? 0) + 1;
                window.__gated = m === window.__bridge.mixpanel;
                window.__id = m.get_distinct_id();
                window.second = m.init('c'.repeat(32), window.S.config, 'second');
                m.track('Loaded');
              } },
            };
            const bridge = (window.__bridge = connect(options));
            bridge.mixpanel.track('Early');
            bridge.grant();
          }, [form, start]);
          await v.until(on);
          await v.page.evaluate(() => window.second.track('Second'));
          await v.settle(800);
          assert.deepEqual(await v.page.evaluate(() => [window.__loaded, window.__gated, typeof window.__id, window.second === window.__bridge.mixpanel.second]), [1, true, 'string', true]);
          assert.deepEqual(v.names().sort(), ['Early', 'Loaded', 'Second']);
          const sent = v.names().length;
          // At once, and not when a message has come.
          assert.deepEqual(await v.page.evaluate(() => {
            window.__bridge.deny();
            window.__bridge.mixpanel.track('First after no');
            window.second.track('Second after no');
            return [window.__bridge, window.second].map((one) => (one.mixpanel ?? one).has_opted_out_tracking());
          }), [true, true]);
          await v.settle(1_000);
          assert.equal(v.names().length, sent, v.names().join());
          noPageError(v);
        }));

  for (const form of ['object', 'tag'])
    test(`${form}: a function that is pushed gets the gated SDK, and what it begins on it is under the same consent`, () =>
      harness.during({ ...BARE, form }, async (v) => {
        await v.page.evaluate(() => {
          const { mixpanel } = window.__bridge;
          const use = (when) => function () {
            (window.__given ??= []).push(this === mixpanel);
            this.init(when.repeat(32), window.S.config, when).track(`Of ${when}`);
          };
          mixpanel.push(use('b'));
          window.__bridge.grant();
          window.__later = () => mixpanel.push(use('c'));
        });
        await v.until(on);
        await v.page.evaluate(() => window.__later());
        await v.settle();
        assert.deepEqual(v.names().sort(), ['Of b', 'Of c']);
        assert.deepEqual(await v.page.evaluate(() => {
          window.__bridge.deny();
          for (const name of 'bc') window.__bridge.mixpanel[name].track('After no');
          return window.__given;
        }), [true, true]);
        await v.settle(700);
        assert.ok(!v.names().includes('After no'), v.names().join());
        noPageError(v);
      }));

  // One consent, one record: what the visitor says to the dialog, a further instance has from there.
  const SECOND = `
    window.__second = (now) => (window.second ||= window.__bridge.mixpanel.init('c'.repeat(32), window.S.config, 'second')) && now && window.second.track(now);
    // In the task of connect(), with \`atOnce\`.
    Object.defineProperty(window, '__mp', { configurable: true, set(value) {
      Object.defineProperty(window, '__mp', { value, writable: true });
      if (window.S.saidNo) value.opt_out_tracking();
      if (window.S.atOnce) window.__second('Second');
    } });`;
  const FURTHER = { ...OBJECT, init: SECOND };
  const second = (v, word) => v.page.evaluate((given) => void window.__second(given), word);

  for (const record of ['local', 'cookie', 'none'])
    test(`record: '${record}': a further instance begun after the yes has it, and after the no has that`, () =>
      harness.during({ ...FURTHER, connect: { cmp: 'manual', record } }, async (v) => {
        await v.page.evaluate(() => window.__bridge.grant());
        await v.until(on);
        await second(v, 'Begun after the yes');
        await v.settle(500);
        assert.deepEqual(v.names(), ['Begun after the yes']);
        await v.page.evaluate(() => window.__bridge.deny());
        await v.page.evaluate(() => void window.__bridge.mixpanel.init('d'.repeat(32), window.S.config, 'third').track('Begun after the no'));
        await v.settle(500);
        assert.deepEqual(v.names(), ['Begun after the yes']);
        assert.equal(await v.page.evaluate(() => window.__bridge.mixpanel.third.has_opted_out_tracking()), true);
        noPageError(v);
      }));

  test('a yes of an earlier page opens a further instance that begins before the core is there; a no that was said where it was not shuts it', () =>
    harness.during(FURTHER, async (v) => {
      await v.page.evaluate(() => window.__bridge.grant());
      await v.until(on);
      await second(v);
      await v.settle(300);
      const early = { ...FURTHER, after: v, atOnce: true };
      await harness.during(early, async (next) => {
        await next.until(on);
        await next.settle(500);
        assert.deepEqual(next.names(), ['Second']);
      });
      await harness.during({ ...FURTHER, after: v }, async (next) => {
        await next.page.evaluate(() => window.__bridge.deny());
        await next.settle(300);
      });
      await harness.during(early, async (next) => {
        await next.until({ consent: 'denied', mode: 'off' });
        await next.settle(700);
        assert.deepEqual(next.names(), []);
        assert.equal(await next.page.evaluate(() => window.__bridge.mixpanel.second.has_opted_out_tracking()), true);
        noPageError(next);
      });
    }));

  for (const record of ['local', 'cookie', 'none'])
    for (const said of ['here', 'on an earlier page'])
      if (record !== 'none' || said === 'here')
        test(`record: '${record}', a yes ${said}: a further instance has what its owner has, also where the record is gone; and a no of another tab`, () =>
          harness.during({ ...FURTHER, connect: { cmp: 'manual', record } }, async (first) => {
            await first.page.evaluate(() => window.__bridge.grant());
            await first.until(on);
            if (said !== 'here') await first.reload();
            await first.until(on);
            const begin = (name) => first.page.evaluate((name) => {
              // As a site does that forgets its visitor.
              localStorage.clear();
              for (const pair of document.cookie.split('; ')) document.cookie = `${pair.split('=')[0]}=; max-age=0; path=/`;
              window.__bridge.mixpanel.init(name[0].repeat(32), window.S.config, name).track(`Of ${name}`);
            }, name);
            await begin('celia');
            await first.settle(500);
            assert.deepEqual(first.names(), ['Of celia']);
            const tab = await first.tab('tab');
            await first.ready(tab);
            await tab.evaluate(() => window.__bridge.deny());
            await first.until({ consent: 'denied', mode: 'off' });
            await begin('dora');
            await first.settle(700);
            assert.deepEqual(first.names(), ['Of celia']);
            assert.equal(await first.page.evaluate(() => window.__bridge.mixpanel.dora.has_opted_out_tracking()), true);
            noPageError(first);
          }));

  test('what was said before the core is there holds for a further instance that begins then', () =>
    harness.during({ ...FURTHER, saidNo: true, atOnce: true }, async (v) => {
      await v.until({ consent: 'denied', mode: 'off' });
      await v.settle(500);
      assert.deepEqual(v.names(), []);
      assert.equal(await v.page.evaluate(() => window.__bridge.mixpanel.second.has_opted_out_tracking()), true);
    }));

  test('with a further instance the dialog is asked for once, and an answer is one line and one receipt', () =>
    harness.during({ ...FURTHER, open: false }, async (v) => {
      v.page = await v.tab(`${harness.server.origin}/plain`);
      await v.page.evaluate(async ([token]) => {
        window.__asked = 0;
        window.__receipts = [];
        const { connect } = await import('/dist/index.js');
        const { default: mixpanel } = await import('/sdk/2.83.0/module.js');
        window.__bridge = connect({ token, cmp: 'manual', mixpanel, config: { batch_requests: false }, ask: () => (window.__asked += 1), onReceipt: (made) => window.__receipts.push(made.event) });
        window.second = window.__bridge.mixpanel.init('c'.repeat(32), { batch_requests: false }, 'second');
      }, [TOKEN]);
      await v.page.waitForFunction(() => window.__asked);
      await v.settle(300);
      await v.page.evaluate(() => window.__bridge.grant());
      await v.until(on);
      await v.settle(300);
      await v.page.evaluate(() => window.__bridge.deny());
      await v.settle(300);
      assert.deepEqual(await v.page.evaluate(() => [window.__asked, window.__receipts, window.__bridge.receipts().map(({ event }) => event), Object.keys(localStorage).filter((key) => key.startsWith('mixpanel-consent'))]),
        [1, ['given', 'withdrawn'], ['withdrawn', 'given'], [`mixpanel-consent-bridge:${TOKEN}`]]);
      noPageError(v);
    }));

  for (const start of ['deferred', 'opted-out'])
    for (const [what, config] of [['batch_autostart: false', { batch_autostart: false }], ['a window of its own', { window: { navigator: { doNotTrack: '0' } } }]])
      test(`${start}, config with ${what}: tracked after a yes`, () =>
        harness.during({ ...BARE, connect: { cmp: 'manual', start }, config, calls: [['track', 'Held']] }, async (v) => {
          await v.page.evaluate(() => window.__bridge.grant());
          await v.until(on);
          await v.page.evaluate(() => {
            window.__bridge.mixpanel.track('Live');
            window.__bridge.mixpanel.start_batch_senders();
          });
          await v.settle(800);
          assert.deepEqual(v.names(), ['Held', 'Live']);
          assert.equal(await v.page.evaluate(() => window.__bridge.mixpanel.get_config('disable_persistence')), false);
        }));

  test('a library that is there and not started, handed out by a function', () =>
    harness.during({ ...BARE, bridge: false, form: 'none' }, async (v) => {
      await v.page.evaluate(async () => {
        const { connect } = await import('mixpanel-consent-bridge');
        window.mixpanel = (await import('/sdk/2.83.0/module.js')).default;
        const bridge = (window.__bridge = connect({ token: window.S.token, cmp: 'manual', config: window.S.config, mixpanel: () => window.mixpanel }));
        bridge.mixpanel.track('Held');
        bridge.grant();
      });
      await v.until(on);
      await v.settle();
      assert.deepEqual(v.names(), ['Held']);
    }));
});

describe('ask', { concurrency: PAGES }, () => {
  test('nobody has answered: called once; after a yes and a new page: not called; after reset(): called', () =>
    harness.during({ ...BARE, bridge: false, form: 'none' }, async (v) => {
      const visit = () => v.page.evaluate(async () => {
        const { connect } = await import('mixpanel-consent-bridge');
        window.__askedFor = 0;
        window.__bridge = connect({ token: window.S.token, cmp: 'manual', mixpanel: () => import('/sdk/2.83.0/module.js'), ask: () => (window.__askedFor += 1) });
        while (window.__bridge.state.code === 'starting') await new Promise((again) => setTimeout(again, 10));
        await new Promise((again) => setTimeout(again, 300));
        return window.__askedFor;
      });
      assert.equal(await visit(), 1);
      await v.page.evaluate(() => window.__bridge.grant());
      await v.until(on);
      await v.page.reload();
      await v.page.waitForFunction(() => window.S);
      assert.equal(await visit(), 0);
      await v.page.evaluate(() => window.__bridge.reset());
      assert.equal(await v.page.evaluate(() => window.__askedFor), 1);
    }));

  for (const form of ['loader', 'tag'])
    test(`${form}: the dialog beside \`auto\`, and no consent manager on the page: it counts alone, also on the next page`, () =>
      harness.during({ form, cmp: undefined, connect: { cmp: ['manual', 'auto'], cmpTimeout: 1_500 }, calls: [['track', 'Held']] }, async (v) => {
        await v.settle(2_000);
        assert.equal((await v.state()).code, 'manual-unset');
        assert.deepEqual(v.names(), []);
        await v.page.evaluate(() => window.__bridge.grant());
        await v.until(on);
        await v.settle();
        assert.deepEqual(v.names(), ['Held']);
        await v.reload();
        await v.until(on);
        await v.page.evaluate(() => window.__bridge.deny());
        await v.reload();
        await v.until({ mode: 'off', consent: 'denied' });
        // The SDK is given the same 1.5 s, which a busy machine may not keep; it was on all the same.
        assert.deepEqual(v.console.filter(({ text }) => text.includes('mixpanel-consent-bridge') && !text.includes('not there after 1500 ms')), []);
      }));

  test('a dialog that throws is reported, and takes nothing down', () =>
    harness.during({ ...BARE, bridge: false, form: 'none' }, async (v) => {
      await v.page.evaluate(async () => {
        const { connect } = await import('mixpanel-consent-bridge');
        window.__bridge = connect({ token: window.S.token, cmp: 'manual', mixpanel: () => import('/sdk/2.83.0/module.js'), config: window.S.config, ask: () => { throw new Error('mine'); } });
      });
      await v.until({ code: 'manual-unset' });
      assert.ok(v.console.some(({ text }) => text.includes('ask-threw')));
      await v.page.evaluate(() => window.__bridge.grant());
      await v.until(on);
      noPageError(v);
    }));
});
