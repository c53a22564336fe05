// The gated SDK is the same object as Mixpanel's: each public member of the SDK's own types, and of
// the instance itself, is there before an answer, can be called, and acts after a yes; and what the
// site configures reaches the SDK, save for what docs/options.md names.
// What was broken to see these fail stands in breaks.mjs.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { join } from 'node:path';
import { PAGES, TOKEN, noPageError, open } from './harness/index.mjs';
import { ROOT } from './harness/server.mjs';

let harness;
before(async () => {
  harness = await open();
});
after(() => harness.close());

const on = { mode: 'on', consent: 'granted' };
const NONE = { bridge: false, form: 'none', cmp: undefined };
const TYPES = readFileSync(join(ROOT, 'node_modules/mixpanel-browser/src/index.d.ts'), 'utf8');

/** The members of an interface of the SDK's types, each with its type. */
function interfaceOf(name) {
  const body = new RegExp(`^export interface ${name} \\{\\n([\\s\\S]*?)^\\}`, 'm').exec(TYPES)[1];
  return Object.fromEntries([...body.matchAll(/^ {2}(\w+)\??(?:: ([^;{]*|\{)|[(<])/gm)].map(([, key, type]) => [key, type]));
}
const MEMBERS = [
  ...Object.keys(interfaceOf('Mixpanel')).filter((name) => name !== 'flags' && name !== 'people'),
  ...Object.keys(interfaceOf('People')).map((name) => `people.${name}`),
  ...Object.keys(interfaceOf('FlagsManager')).map((name) => `flags.${name}`),
  ...Object.keys(interfaceOf('Group')).map((name) => `group.${name}`),
];

/** Said by the gate itself: the visitor's answer, and what its own shape needs. */
const OWN = /^(init|push|get_group|((has_)?opt(ed)?|clear_opt)_.*tracking)$/;
/** Answers at once, and does nothing that could be held. */
const ASKS = /^(flags\.)?(get|is|are|when)_/;

/** Calls every member, in the page; answers with what each gave. */
const callAll = (v, members) =>
  v.page.evaluate((paths) => {
    const args = {
      track_links: ['#link', 'Followed'], track_forms: ['#form', 'Filled'], track: ['Event', { a: 1 }], track_with_groups: ['Event', {}, { company: 'one' }],
      register: [{ a: 1 }], register_once: [{ b: 1 }], set_config: [{ debug: false }], push: [['track', 'Pushed']], init: ['b'.repeat(32), {}],
      'people.set': [{ a: 1 }], 'people.increment': [{ a: 1 }], 'flags.update_context': [{ a: 1 }], disable: [['Nothing']], set_group: ['company', ['one']], add_group: ['company', 'two'], remove_group: ['company', 'two'], add_hook: ['before_track', () => {}], remove_hook: ['before_track', () => {}],
    };
    const { mixpanel } = window.__bridge;
    return paths.map((path) => {
      const [first, second] = path.split('.');
      const owner = first === 'group' ? mixpanel.get_group('company', 'one') : second ? mixpanel[first] : mixpanel;
      const name = second ?? first;
      try {
        if (!(name in owner) || typeof owner[name] !== 'function') return [path, 'is no function'];
        const given = owner[name](...(args[path] ?? (/(^|\.)(unset|clear_charges|delete_user)$/.test(path) ? [] : ['a', 'b'])));
        return [path, Object.prototype.toString.call(given).slice(8, -1)];
      } catch (error) {
        return [path, `throws ${error}`];
      }
    });
  }, members);

/** Connects an SDK whose members note that they were called. */
const connectNoting = (v, members, start) =>
  v.page.evaluate(async ([paths, start]) => {
    const { connect } = await import('mixpanel-consent-bridge');
    const sdk = (await import(`/sdk/${window.S.sdk}/module.js`)).default;
    const called = (window.__called = []);
    const noting = (owner, names, prefix) => {
      for (const name of names) {
        const real = owner[name];
        if (typeof real === 'function')
          owner[name] = function (...args) {
            called.push(prefix + name);
            return real.apply(this, args);
          };
      }
    };
    const of = (prefix) => paths.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
    const { init } = sdk;
    sdk.init = (...args) => {
      const made = init.apply(sdk, args);
      window.__members = Object.keys(Object.getPrototypeOf(sdk)).concat(Object.keys(sdk)).filter((key) => typeof sdk[key] === 'function' && /^[a-z]/.test(key));
      noting(sdk, paths.filter((path) => !path.includes('.')), '');
      noting(sdk.people, of('people.'), 'people.');
      noting(sdk.flags, of('flags.'), 'flags.');
      const group = sdk.get_group('company', 'one');
      noting(group, of('group.'), 'group.');
      called.length = 0;
      return made;
    };
    window.__bridge = connect({ token: window.S.token, cmp: 'manual', start, mixpanel: () => sdk, config: { ...window.S.config, flags: true } });
  }, [members, start]);

describe('the same object as Mixpanel\'s', { concurrency: PAGES }, () => {
  // Which methods there are beside those in the types, the instance itself says.
  const MORE = ['add_hook', 'remove_hook', 'enable', 'get_api_host', 'get_tab_id', 'name_tag', 'pause_session_recording', 'resume_session_recording', 'stop_batch_senders'];

  for (const start of ['deferred', 'opted-out'])
    test(`${start}: each public member is there before an answer, does not throw, and acts after a yes`, () =>
      harness.during(NONE, async (v) => {
        const members = [...MEMBERS, ...MORE];
        assert.ok(members.length > 65, `the types are understood: ${members.length}`);
        await connectNoting(v, members, start);
        const first = members.filter((path) => !/^(opt_|clear_opt|init$)/.test(path));
        const given = await callAll(v, first);
        assert.deepEqual(given.filter(([, what]) => /^(is|throws) /.test(what)), []);
        // What the types promise, also of a gate that is shut.
        for (const [path, what] of given) {
          if (/^flags\./.test(path) && !/_sync$|^flags\.are/.test(path)) assert.equal(what, 'Promise', path);
          if (path === 'flags.get_all_variants_sync') assert.equal(what, 'Map');
          if (path === 'get_session_recording_properties') assert.equal(what, 'Object');
          if (/^has_opted|^flags\.are/.test(path)) assert.equal(what, 'Boolean', path);
        }
        await v.page.evaluate(() => window.__bridge.grant());
        await v.until(on);
        const held = await v.page.evaluate(() => window.__called.splice(0));
        // The bridge measures by itself what began before the SDK was there.
        const wanted = first.filter((path) => !OWN.test(path) && !ASKS.test(path) && path !== 'time_event');
        assert.deepEqual(wanted.filter((path) => !held.includes(path)), [], 'held calls that never came');
        // Some call others of the SDK's, so there is more than the page asked for.
        let from = 0;
        for (const path of wanted) from = held.indexOf(path, from) + 1 || assert.fail(`\`${path}\` came in another order: ${held}`);
        const live = await callAll(v, members.filter((path) => !OWN.test(path)));
        assert.deepEqual(live.filter(([, what]) => /^(is|throws) /.test(what)), []);
        const acted = await v.page.evaluate(() => window.__called);
        assert.deepEqual(live.map(([path]) => path).filter((path) => !acted.includes(path)), [], 'calls that never came');
        // What is the SDK's own, its minified build does not even name.
        const own = /^(toString|.*batcher.*|report_error|is_recording_heatmap_data)$/;
        const there = await v.page.evaluate(() => window.__members);
        assert.deepEqual(there.filter((name) => !members.includes(name) && !own.test(name)), [], 'members that no list here has');
        noPageError(v);
      }));
  test('what a call gives back is what the SDK gives, null as well', () =>
    harness.during({ form: 'object', cmp: undefined, connect: { cmp: 'manual' }, config: { batch_requests: false } }, async (v) => {
      await v.page.evaluate(() => window.__bridge.grant());
      await v.until(on);
      assert.deepEqual(await v.page.evaluate(() => {
        const { mixpanel: m } = window.__bridge;
        const sent = m.track('Sent', { a: 1 });
        const hook = () => null;
        m.add_hook('before_send_events', hook);
        const kept = m.track('Kept back');
        m.remove_hook('before_send_events', hook);
        return [sent.event, sent.properties.a, kept];
      }), ['Sent', 1, null]);
    }));
});

/** A value for each documented key that is not the SDK's default, and does no harm here. */
function configured() {
  const values = {
    api_routes: { track: 'track/?a=1' }, api_method: 'GET', api_transport: 'xhr', api_payload_format: 'json', persistence: 'localStorage', persistence_name: 'shopper',
    cookie_name: 'shopper', cookie_domain: 'shop.test', opt_out_tracking_persistence_type: 'cookie', inapp_protocol: 'https://', property_blacklist: ['colour'], xhr_headers: { 'x-a': '1' },
    record_sessions_percent: 1, record_allowed_iframe_origins: ['https://a.test'], record_network_options: { initiatorTypes: ['fetch'] }, recording_event_triggers: { Event: { percentage: 0 } },
    record_block_selector: '.no', autocapture: { click: false, pageview: false }, track_pageview: 'url-with-path', flags: { context: { a: 1 } }, remote_settings_mode: 'fallback',
    disable_persistence: false, ignore_dnt: false, batch_flush_interval_ms: 150, batch_request_timeout_ms: 80_000, batch_requests: false, ip: false, save_referrer: false, upgrade: false, img: false,
    record_mask_text_class: 'mask', record_block_class: 'block', hooks: {},
  };
  for (const [key, type] of Object.entries(interfaceOf('Config'))) {
    if (key in values || /^(api_host|loaded|error_reporter|batch_autostart)$/.test(key)) continue;
    if (/^boolean/.test(type)) values[key] = true;
    else if (/^number/.test(type)) values[key] = 7;
    else if (/^string/.test(type)) values[key] = `x_${key}`;
    else assert.fail(`no value for \`${key}\`: ${type}`);
  }
  return values;
}

/** What the options page says does not reach the SDK as it is, for one start. */
const named = (start) => {
  const table = /## What becomes of `config`\n([\s\S]*?)(?=\n## |$)/.exec(readFileSync(join(ROOT, 'docs/options.md'), 'utf8'))?.[1] ?? '';
  return [...table.matchAll(/^\| (.*?) \| (.*?) \|/gm)]
    .filter(([, , when]) => when.includes('always') || when.includes(start))
    .flatMap(([, keys]) => [...keys.matchAll(/`(\w+)`/g)].map(([, key]) => key))
    .sort();
};

describe('the configuration of the SDK', { concurrency: PAGES }, () => {
  for (const start of ['deferred', 'opted-out'])
    test(`${start}: every documented key reaches it as the site gives it, but those that docs/options.md names`, () =>
      harness.during(NONE, async (v) => {
        const values = configured();
        assert.ok(Object.keys(values).length > 60, `the types are understood: ${Object.keys(values).length}`);
        await v.page.evaluate(async ([values, start]) => {
          const { connect } = await import('mixpanel-consent-bridge');
          const sdk = (await import(`/sdk/${window.S.sdk}/module.js`)).default;
          const config = { ...values, api_host: window.S.config.api_host, error_reporter() {}, loaded() { window.__loaded = true; }, record_mask_input_selector: '.a' };
          // Beside it, what the SDK alone makes of the same.
          sdk.init('b'.repeat(32), { ...config, loaded() {} }, 'bare');
          window.__alone = sdk.bare;
          window.__config = config;
          window.__bridge = connect({ token: window.S.token, cmp: 'manual', start, mixpanel: sdk, config });
        }, [values, start]);
        await v.until({ code: 'manual-unset' });
        if (start === 'opted-out') await v.page.waitForFunction(() => window.__bridge.explain().sdk === 'locked');
        await v.page.evaluate(() => window.__bridge.grant());
        await v.until(on);
        const changed = await v.page.evaluate((keys) => {
          const text = (value) => JSON.stringify(value, (_, one) => (typeof one === 'function' ? String(one) : one)) ?? String(value);
          return keys.filter((key) => text(window.__bridge.mixpanel.get_config(key)) !== text(window.__alone.get_config(key)));
        }, Object.keys(values).concat('error_reporter', 'batch_autostart'));
        assert.equal(await v.page.evaluate(() => window.__loaded), true);
        // `loaded` is called by the bridge, with the gated object.
        assert.deepEqual(changed.sort(), named(start).filter((key) => key !== 'loaded'));
      }));
});

const SECOND = 'c'.repeat(32);
const names = (v, since) => v.names(since).sort();

describe('further instances of a site with its own dialog', { concurrency: PAGES }, () => {
  const page = (v) =>
    v.page.evaluate(async ([second]) => {
      const { connect } = await import('mixpanel-consent-bridge');
      window.__asked = 0;
      window.__bridge = connect({
        token: window.S.token, cmp: 'manual', config: window.S.config, ask: () => (window.__asked += 1), mixpanel: () => import(`/sdk/${window.S.sdk}/module.js`),
      });
      window.__more = () => {
        window.__second = window.__bridge.mixpanel.init(second, window.S.config, 'second');
        window.__second.track('Second');
      };
      window.__bridge.mixpanel.track('First');
    }, [SECOND]);

  for (const answer of ['granted', 'denied'])
    test(`module: the dialog is shown once, and one begun after ${answer === 'granted' ? 'a yes' : 'a no'}, also after one on record, is under it`, () =>
      harness.during(NONE, async (v) => {
        const say = () => v.page.evaluate((yes) => (yes ? window.__bridge.grant() : window.__bridge.deny()), answer === 'granted');
        const more = () => v.page.evaluate(() => window.__more());
        const until = { consent: answer, mode: answer === 'granted' ? 'on' : 'off' };
        const all = answer === 'granted' ? ['First', 'Second'] : [];
        await page(v);
        await more();
        await v.until({ code: 'manual-unset' });
        await v.settle(300);
        assert.equal(await v.page.evaluate(() => window.__asked), 1, 'asked once');
        await say();
        await v.until(until);
        await v.settle();
        assert.deepEqual(names(v), all);
        // The next page begins it for the first time, before anything is known.
        await v.page.evaluate((name) => localStorage.removeItem(name), `mixpanel-consent-bridge:${SECOND}:second`);
        const since = v.mark();
        await v.reload();
        await page(v);
        await more();
        await v.until(until);
        await v.settle();
        assert.deepEqual(names(v, since), all);
        assert.equal(await v.page.evaluate(() => window.__asked), 0, 'and not asked again');
        assert.equal(await v.page.evaluate(() => window.__second.has_opted_out_tracking()), answer === 'denied');
        noPageError(v);
      }));

  test('tag: what is said to the bridge or to the instance without a name holds for all, what is said to a named one for that', () =>
    harness.during({ form: 'tag', cmp: undefined, connect: { cmp: 'manual' }, lines: '', before: [] }, async (v) => {
      const begin = () =>
        v.page.evaluate(([second]) => {
          window.mixpanel.init(second, window.S.config, 'second');
          window.mixpanel.track('First');
          window.mixpanel.second.track('Second');
        }, [SECOND]);
      await begin();
      await v.page.evaluate(() => window.mixpanelConsent.grant());
      await v.until(on);
      await v.settle(900);
      assert.deepEqual(names(v), ['First', 'Second']);
      let since = v.mark();
      // On record, and an instance that begins anew.
      await v.page.evaluate((name) => localStorage.removeItem(name), `mixpanel-consent-bridge:${SECOND}:second`);
      await v.reload();
      await begin();
      await v.until(on);
      await v.settle(900);
      assert.deepEqual(names(v, since), ['First', 'Second']);
      since = v.mark();
      await v.page.evaluate(() => {
        window.mixpanel.second.opt_out_tracking();
        window.mixpanel.second.track('Second');
        window.mixpanel.track('First');
      });
      await v.settle(900);
      assert.deepEqual(names(v, since), ['First']);
      since = v.mark();
      await v.page.evaluate(() => {
        window.mixpanel.second.opt_in_tracking();
        window.mixpanel.opt_out_tracking();
        window.mixpanel.second.track('Second');
        window.mixpanel.track('First');
      });
      await v.settle(1_200);
      assert.deepEqual(names(v, since), []);
      assert.deepEqual(await v.page.evaluate(() => [window.mixpanel.has_opted_out_tracking(), window.mixpanel.second.has_opted_out_tracking()]), [true, true]);
      noPageError(v);
    }));

  const ALONE = { form: 'tag', cmp: undefined, token: '', connect: { cmp: 'manual' }, site: `<script>mixpanel.init('${SECOND}', S.config, 'second');</script>` };
  const UNDER = { ...ALONE, site: `<script>mixpanel.init('${TOKEN}', S.config); mixpanel.init('${SECOND}', S.config, 'second');</script>` };
  test('tag: a named instance alone on one page, under the one without a name on another: a no there holds where it is alone', () =>
    harness.during(ALONE, async (v) => {
      await v.page.evaluate(() => window.mixpanelConsent.grant());
      await v.until(on);
      const w = await harness.visit({ ...UNDER, after: v, newTab: true });
      // Both instances have begun: one that begins later finds the other's record, and has nothing to add to its own.
      await w.page.waitForFunction(() => [...window[Symbol.for('mixpanel-consent-bridge')].values()].every(({ bridge }) => bridge.state.code !== 'starting'));
      await w.page.evaluate(() => window.mixpanelConsent.deny());
      // In the tab that is open, and on the next page.
      await v.until({ mode: 'off', consent: 'denied' });
      await v.reload();
      await v.until({ mode: 'off', consent: 'denied' });
      await w.page.evaluate(() => window.mixpanelConsent.grant());
      await v.until(on);
      noPageError(v);
      noPageError(w);
    }));

  test('tag: a no where a named instance is alone holds where it is under the one without a name', () =>
    // What it is asked right after the start is answered before the core is there.
    harness.during({ ...UNDER, held: /\/core\.js/ }, async (v) => {
      v.letCome();
      await v.page.evaluate(() => window.mixpanelConsent.grant());
      await v.until(on);
      // It has a record of its own here and none yet; no SDK runs that would keep its flag.
      const w = await harness.visit({ ...ALONE, after: v, newTab: true });
      await w.page.evaluate(() => window.mixpanelConsent.deny());
      await w.until({ mode: 'off', consent: 'denied' });
      v.holdBack();
      await v.reload();
      const second = () => v.page.evaluate(() => [window.mixpanel.second.has_opted_in_tracking(), window.mixpanel.second.has_opted_out_tracking()]);
      assert.deepEqual(await second(), [false, true]);
      v.letCome();
      await v.until(on);
      const since = v.mark();
      await v.page.evaluate(() => { window.mixpanel.second.track('Second'); window.mixpanel.track('First'); });
      await v.settle(900);
      assert.deepEqual(names(v, since), ['First']);
      assert.deepEqual(await second(), [false, true]);
      noPageError(v);
    }));

  for (const record of ['local', 'cookie']) {
    test(`tag, record: '${record}': an open page with both hears a no that is said to the named one alone`, () =>
      harness.during({ ...UNDER, connect: { cmp: 'manual', record } }, async (v) => {
        const out = (wanted) => v.page.waitForFunction((yes) => window.mixpanel.second.has_opted_out_tracking() === yes && window.mixpanel.second.has_opted_in_tracking() === !yes, wanted);
        await v.page.evaluate(() => window.mixpanelConsent.grant());
        await v.until(on);
        await out(false);
        // It is alone there, and no SDK runs that would keep its flag.
        const w = await harness.visit({ ...ALONE, connect: { cmp: 'manual', record }, after: v, newTab: true });
        await w.page.evaluate(() => window.mixpanelConsent.deny());
        await out(true);
        const since = v.mark();
        await v.page.evaluate(() => { window.mixpanel.second.track('Second'); window.mixpanel.track('First'); });
        await v.settle(900);
        assert.deepEqual(names(v, since), ['First']);
        // Taken back there, it is as the other again.
        await w.page.evaluate(() => window.mixpanelConsent.grant());
        await out(false);
        noPageError(v);
      }));

    test(`two bridges of one project, record: '${record}': a no to one is a no to the other, here, in an open tab and at the next start; a yes is not`, () =>
      harness.during(NONE, async (v) => {
        const begin = (page, names) => page.evaluate(async ([list, kept]) => {
          const { connect } = await import('/dist/index.js');
          const sdk = (await import(`/sdk/${window.S.sdk}/module.js`)).default;
          window.__all = list.map((name) => connect({ token: window.S.token, name, cmp: 'manual', record: kept, mixpanel: sdk, config: window.S.config }));
        }, [names, record]);
        const states = (page, wanted) => page.waitForFunction((list) => list.every((mode, index) => window.__all[index].state.mode === mode), wanted);
        await begin(v.page, ['one', 'two']);
        await v.page.evaluate(() => window.__all[0].grant());
        await states(v.page, ['on', 'off']);
        assert.equal(await v.page.evaluate(() => window.__all[1].state.consent), 'unset', 'a yes is for whom it is said to');
        await v.page.evaluate(() => window.__all[1].grant());
        await states(v.page, ['on', 'on']);
        const w = await v.tab('another');
        await v.ready(w);
        await begin(w, ['two']);
        await states(w, ['on']);
        await v.settle(400);
        const since = v.mark();
        // Alone on its page from here on: the other is in a tab of its own.
        await v.page.evaluate(() => { window.__all[0].deny(); window.__all[1].mixpanel.track('Unwanted'); });
        assert.deepEqual(await v.page.evaluate(() => window.__all.map(({ state: { consent, code } }) => `${consent} ${code}`)), ['denied denied', 'denied denied']);
        await states(w, ['off']);
        await w.evaluate(() => window.__all[0].mixpanel.track('Unwanted'));
        await v.settle(900);
        assert.deepEqual(names(v, since), []);
        // A page that has one of them alone, and says no there.
        await w.evaluate(() => window.__all[0].grant());
        await states(w, ['on']);
        const x = await v.tab('third');
        await v.ready(x);
        await begin(x, ['one']);
        await states(x, ['off']);
        await x.evaluate(() => window.__all[0].grant());
        await states(x, ['on']);
        await x.evaluate(() => window.__all[0].deny());
        await states(w, ['off']);
        await w.reload();
        await v.ready(w);
        await begin(w, ['two']);
        await w.waitForFunction(() => window.__all[0].state.consent === 'denied');
        noPageError(v);
      }));
  }

  test('tag: a no to a named instance is kept where it is under the one without a name, also where the SDK keeps none', () =>
    harness.during(UNDER, async (v) => {
      await v.page.evaluate(() => window.mixpanelConsent.grant());
      await v.until(on);
      await v.page.waitForFunction(() => window.mixpanel.second.has_opted_in_tracking());
      await v.page.evaluate(() => window.mixpanel.second.opt_out_tracking());
      await v.settle(400);
      await v.page.evaluate((name) => localStorage.removeItem(name), `__mp_opt_in_out_${SECOND}`);
      await v.reload();
      await v.until(on);
      const since = v.mark();
      await v.page.evaluate(() => { window.mixpanel.second.track('Second'); window.mixpanel.track('First'); });
      await v.settle(900);
      assert.deepEqual(names(v, since), ['First']);
    }));

  for (const record of ['local', 'cookie'])
    for (const [when, late] of [['later on that page', true], ['on the next page', false]])
      test(`tag, record: '${record}': a no that was said before a named instance began, ${when}, holds where that is alone, in an open tab as well`, () =>
        harness.during({ ...ALONE, connect: { cmp: 'manual', record } }, async (v) => {
          await v.page.evaluate(() => window.mixpanelConsent.grant());
          await v.until(on);
          const before = { ...ALONE, connect: { cmp: 'manual', record }, site: `<script>mixpanel.init('${TOKEN}', S.config);</script>` };
          let w = await harness.visit({ ...before, after: v, newTab: true });
          await w.page.evaluate(() => window.mixpanelConsent.deny());
          await w.until({ mode: 'off', consent: 'denied' });
          assert.equal((await v.state()).consent, 'granted', 'nothing was said to it so far');
          if (late) await w.page.evaluate((token) => window.mixpanel.init(token, window.S.config, 'second'), SECOND);
          else w = await harness.visit({ ...UNDER, connect: { cmp: 'manual', record }, after: v, newTab: true });
          await v.until({ mode: 'off', consent: 'denied' });
          await v.reload();
          await v.until({ mode: 'off', consent: 'denied' });
          // Once, and not at each start.
          const key = record === 'cookie' ? `mixpanel-consent-bridge.${SECOND}.second` : `mixpanel-consent-bridge:${SECOND}:second`;
          const lines = () => v.page.evaluate((name) => (localStorage[name] || document.cookie.split('; ').find((one) => one.startsWith(`${name}=`)).slice(name.length + 1)).split('\n').map((line) => line.slice(0, 8)), key);
          const kept = record === 'cookie' ? ['1.dddd.r'] : ['1.dddd.r', '1.gggg.g'];
          assert.deepEqual(await lines(), kept);
          await w.reload();
          await w.page.waitForFunction(() => window.mixpanelConsent.state.code !== 'starting');
          await v.settle(400);
          assert.deepEqual(await lines(), kept);
          // A yes that is said where it is alone is its own.
          await v.page.evaluate(() => window.mixpanelConsent.grant());
          await v.until(on);
          await v.reload();
          await v.until(on);
          noPageError(v);
          noPageError(w);
        }));

  test('tag: an open page with both, a no in a tab where the first is alone: it holds where the second is alone', () =>
    harness.during(ALONE, async (v) => {
      await v.page.evaluate(() => window.mixpanelConsent.grant());
      await v.until(on);
      const w = await harness.visit({ ...UNDER, after: v, newTab: true });
      await w.page.evaluate(() => window.mixpanelConsent.grant());
      await w.until(on);
      const x = await harness.visit({ ...ALONE, site: `<script>mixpanel.init('${TOKEN}', S.config);</script>`, after: v, newTab: true });
      await x.page.evaluate(() => window.mixpanelConsent.deny());
      await w.until({ mode: 'off', consent: 'denied' });
      await v.until({ mode: 'off', consent: 'denied' });
    }));

  test('module: one begun on a bridge that another of its project says no for hears it at once', () =>
    harness.during(NONE, async (v) => {
      const seen = () => v.page.evaluate(() => window.__all.map(({ state: { consent } }) => consent));
      await v.page.evaluate(async ([second]) => {
        const { connect } = await import('/dist/index.js');
        const sdk = (await import(`/sdk/${window.S.sdk}/module.js`)).default;
        window.__all = ['one', 'two'].map((name) => connect({ token: window.S.token, name, cmp: 'manual', mixpanel: sdk, config: window.S.config }));
        window.__all[1].mixpanel.init(second, window.S.config, 'second');
        window.__all.push([...window[Symbol.for('mixpanel-consent-bridge')].values()].at(-1).bridge);
        for (const one of window.__all) one.grant();
      }, [SECOND]);
      await v.page.waitForFunction(() => window.__all.every(({ state }) => state.mode === 'on'));
      await v.page.evaluate(() => window.__all[0].deny());
      assert.deepEqual(await seen(), ['denied', 'denied', 'denied']);
      // One no is one line for each that it is for.
      const records = await v.page.evaluate(() => Object.keys(localStorage).filter((name) => name.startsWith('mixpanel-consent-bridge')).map((name) => localStorage[name].split('\n').map((line) => line[2]).join('')));
      assert.ok(records.length >= 2, String(records));
      for (const answers of records) assert.match(answers, /^dg?$/);
      noPageError(v);
    }));

  test('two bridges of one project: the one that is disconnected is told nothing, the other goes on, and it begins anew under the no', () =>
    harness.during(NONE, async (v) => {
      const consents = await v.page.evaluate(async () => {
        const { connect } = await import('/dist/index.js');
        const sdk = (await import(`/sdk/${window.S.sdk}/module.js`)).default;
        const begin = (name) => connect({ token: window.S.token, name, cmp: 'manual', mixpanel: sdk, config: window.S.config });
        const [one, two] = [begin('one'), begin('two')];
        one.grant();
        two.grant();
        await Promise.all([one.ready, two.ready]);
        two.disconnect();
        one.deny();
        const then = [one.state.consent, two.state.code];
        const again = begin('two');
        await again.ready;
        return [...then, again.state.consent];
      });
      assert.deepEqual(consents, ['denied', 'disconnected', 'denied']);
      noPageError(v);
    }));

  test('two bridges of one token under two names are not another tab to one another', () =>
    harness.during({ ...NONE, cmp: 'klaro' }, async (v) => {
      await v.page.evaluate(async () => {
        const { connect } = await import('mixpanel-consent-bridge');
        const options = { token: window.S.token, cmp: 'klaro', config: window.S.config, mixpanel: () => import(`/sdk/${window.S.sdk}/module.js`) };
        window.__bridge = connect(options);
        window.__other = connect({ ...options, name: 'other' });
      });
      for (const [yes, consent] of [['yes', 'granted'], ['no', 'denied'], ['yes', 'granted'], ['no', 'denied']]) {
        await v.answer(yes, { by: 'api' });
        await v.page.waitForFunction((wanted) => [window.__bridge, window.__other].every(({ state }) => state.consent === wanted && state.code !== 'sdk-loading'), consent);
        await v.settle(300);
        assert.deepEqual(await v.page.evaluate(() => [window.__bridge.state.code, window.__other.state.code]), [consent, consent]);
      }
      noPageError(v);
    }));
});
