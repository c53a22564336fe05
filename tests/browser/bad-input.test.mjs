// Bad input: mistakes of whoever set the page up. Each has a stable code and a sentence that says what
// was tried and what would work; the gate stays shut and the page keeps running.
// Not here: what consent managers, devices and networks do wrong (promise 8).
// What was broken to see these fail stands in breaks.mjs.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { EVERYTHING, PAGES, closed, noPageError, nothingSent, nothingStored, nothingWritten, open, pause, using } from './harness/index.mjs';

let harness;
before(async () => {
  harness = await open();
});
after(() => harness.close());

// [what, options as an expression in the page, code, words of the sentence]
const MISTAKES = [
  ['an unknown option', "{ token: 'T', colour: 'red' }", 'option-unknown', ['colour', 'category']],
  ['an option in another case', "{ token: 'T', Pending: 'drop' }", 'option-unknown', ['Pending', 'pending']],
  ['an option of the prototype\'s name', "JSON.parse('{\"token\":\"T\",\"__proto__\":{\"a\":1}}')", 'option-unknown', ['__proto__']],
  ['no options', 'undefined', 'token-missing', ['token', 'Mixpanel']],
  ['options that are null', 'null', 'token-missing', ['token']],
  ['no token', '{}', 'token-missing', ['token', 'Mixpanel']],
  ['an empty token', "{ token: '' }", 'token-missing', ['token']],
  ['a token that is a number', '{ token: 7 }', 'option-invalid', ['token', '7', 'string']],
  ['a null token', '{ token: null }', 'token-missing', ['token']],
  ['a token that no variable was put into', "{ token: '%MIXPANEL_TOKEN%' }", 'option-invalid', ['token', '%MIXPANEL_TOKEN%']],
  ['a token that is the word undefined', "{ token: 'undefined' }", 'option-invalid', ['token', 'undefined']],
  ['the token in place of the options', "'T'", 'token-missing', ['token']],
  ['the name of the SDK\'s package', "{ token: 'T', mixpanel: 'mixpanel-browser' }", 'option-invalid', ['mixpanel', 'import(']],
  ['a promise of the SDK', "{ token: 'T', mixpanel: Promise.resolve({ init() {} }) }", 'option-invalid', ['mixpanel', '() => import(']],
  ['a dialog that is text', "{ token: 'T', ask: 'dialog' }", 'option-invalid', ['ask', 'function']],
  ['an unknown consent manager', "{ token: 'T', cmp: 'onetrusst' }", 'cmp-unknown', ['onetrusst', 'onetrust', 'auto', 'manual']],
  ['one unknown of several', "{ token: 'T', cmp: ['klaro', 'nobody'] }", 'cmp-unknown', ['nobody', 'klaro']],
  ['a consent manager that is a number', "{ token: 'T', cmp: 7 }", 'option-invalid', ['cmp']],
  ['a start that there is not', "{ token: 'T', start: 'later' }", 'option-invalid', ['start', 'later', 'deferred', 'opted-out']],
  ['a pending that there is not', "{ token: 'T', pending: 'wait' }", 'option-invalid', ['pending', 'hold', 'drop', 'cookieless']],
  ['a denied that there is not', "{ token: 'T', denied: 'on' }", 'option-invalid', ['denied', 'off', 'cookieless']],
  ['an implied that there is not', "{ token: 'T', implied: true }", 'option-invalid', ['implied', 'accept', 'ask']],
  ['a gpc that there is not', "{ token: 'T', gpc: 'on' }", 'option-invalid', ['gpc', 'respect', 'strict', 'ignore']],
  ['a dnt that there is not', "{ token: 'T', dnt: null }", 'option-invalid', ['dnt', 'respect']],
  ['a record that there is not', "{ token: 'T', record: 'disk' }", 'option-invalid', ['record', 'local', 'cookie', 'none']],
  ['a hold limit below zero', "{ token: 'T', holdLimit: -1 }", 'option-invalid', ['holdLimit', '-1']],
  ['a hold limit that is not a number', "{ token: 'T', holdLimit: NaN }", 'option-invalid', ['holdLimit', 'NaN']],
  ['a time in words', "{ token: 'T', cmpTimeout: '10s' }", 'option-invalid', ['cmpTimeout', '10s']],
  ['a config that is text', "{ token: 'T', config: 'debug' }", 'option-invalid', ['config', 'object']],
  ['a config that is null', "{ token: 'T', config: null }", 'option-invalid', ['config', 'object']],
  ['a category for a feature that there is not', "{ token: 'T', category: { tracks: 'analytics' } }", 'option-invalid', ['category', 'tracking']],
  ['a category that is a number', "{ token: 'T', category: 2 }", 'option-invalid', ['category']],
  ['an empty category', "{ token: 'T', category: [''] }", 'option-invalid', ['category']],
  ['a receipt handler that is text', "{ token: 'T', onReceipt: 'post' }", 'option-invalid', ['onReceipt', 'function']],
  ['an address that is an object', "{ token: 'T', receiptEndpoint: {} }", 'option-invalid', ['receiptEndpoint', 'string']],
  ['an opt-in event that is text', "{ token: 'T', optInEvent: 'yes' }", 'option-invalid', ['optInEvent', 'boolean']],
  ['a value that cannot be printed', "{ token: 'T', start: Object.create(null) }", 'option-invalid', ['start']],
  ['a value that is a symbol', "{ token: 'T', name: Symbol('x') }", 'option-invalid', ['name']],
];

/** Runs connect() with these options in the page, uses what it gives, and answers with the mistake that it found. */
const mistakeOf = (v, expression) =>
  v.page.evaluate(async (text) => {
    const { connect } = await import('mixpanel-consent-bridge');
    const said = [];
    const { error: original } = console;
    console.error = (...args) => said.push(args.map(String).join(' '));
    const bridge = new Function('connect', `return connect(${text})`)(connect);
    bridge.mixpanel.track('Unwanted', {}, () => (window.__answered = true));
    bridge.mixpanel.people.set({ plan: 'gold' });
    const states = [];
    const stop = bridge.subscribe((state) => states.push(state.code));
    for (let i = 0; i < 200 && !bridge.error; i += 1) await new Promise((again) => setTimeout(again, 20));
    bridge.mixpanel.track('Unwanted as well');
    for (const act of ['grant', 'deny', 'reset']) bridge[act]();
    const { error, state } = bridge;
    const text2 = String(bridge.explain());
    bridge.receipts();
    stop();
    bridge.disconnect();
    await new Promise((again) => setTimeout(again, 50));
    console.error = original;
    return error && { isError: error instanceof Error, name: error.name, code: error.code, message: String(error.message), state: { ...state }, said, explained: text2, states };
  }, expression);

describe('bad input', { concurrency: PAGES }, () => {
  test('options: each mistake of the programmer is told once, with a code and a sentence; nothing is thrown, and Mixpanel is shut', async (t) => {
    await harness.during({ form: 'none', bridge: false }, async (v) => {
      for (const [what, options, code, words] of MISTAKES) {
        await t.test(what, async () => {
          const error = await mistakeOf(v, options);
          assert.ok(error, 'it is found');
          assert.deepEqual({ isError: error.isError, name: error.name, code: error.code }, { isError: true, name: 'BridgeError', code });
          assert.deepEqual([error.state.code, error.state.mode, error.state.consent, error.state.reason, error.state.held], [code, 'off', 'unset', error.message, 0]);
          assert.equal(error.said.length, 1, `said once: ${error.said}`);
          assert.ok(error.said[0].includes(error.message));
          assert.ok(error.explained.includes(error.message));
          for (const word of words) assert.ok(error.message.includes(word), `\`${word}\` in: ${error.message}`);
          assert.ok(error.message.includes(code));
          assert.match(error.message, /^[A-Z].{20,}\.? \(/, 'a sentence');
        });
      }
      await v.settle(500);
      nothingSent(v);
      nothingWritten(v);
      noPageError(v);
    });
  });

  test('a site that looks at nothing: its own script goes on, and Mixpanel stays shut', () =>
    harness.during(
      {
        ...using('klaro'),
        form: 'stub',
        connect: { cmp: 'klaro', start: 'sooner' },
        config: EVERYTHING,
      },
      async (v) => {
        assert.equal(await v.thrown(), undefined);
        await v.until({ code: 'option-invalid' });
        await v.answer('yes', { by: 'api' });
        await v.page.evaluate(() => window.mixpanel.track?.('Unwanted'));
        await v.settle();
        nothingSent(v);
        await nothingStored(v);
      },
    ));

  // Each in one start.
  for (const [index, [id, category]] of [
    ['klaro', 'analytix'], ['vanilla-cookieconsent', 'statistics'], ['orejime', 'analytix'], ['c15t', 'analytix'], ['fake-onetrust', 'C0007'],
    ['fake-cookiebot', 'analytix'], ['tarteaucitron', 'analytix'],
    // Not TCF: its purposes have numbers, and 12 is none.
  ].entries()) {
    for (const start of [index % 2 ? 'opted-out' : 'deferred']) {
      test(`${id}, ${start}: a category that it does not have: shut, also after a yes, and the names it has are told`, () =>
        harness.during(
          { ...using(id), connect: { cmp: using(id).connect.cmp, category, start }, config: EVERYTHING, calls: [['track', 'Held']] },
          async (v) => {
            await v.answer('yes', { by: 'api' });
            await v.settle(1_000);
            await v.ready(v.page);
            nothingSent(v);
            const state = await closed(v, 'category-unknown');
            assert.match(state.reason, /category/);
            assert.ok(v.console.some(({ type, text }) => type === 'warning' && text.includes('category-unknown')), 'said on the console');
            const known = { klaro: 'mixpanel', 'vanilla-cookieconsent': 'analytics', orejime: 'analytics', c15t: 'measurement', 'fake-onetrust': 'C0002', 'fake-cookiebot': 'statistics', tarteaucitron: 'mixpanel' }[id];
            assert.ok((await v.explain()).includes(known), await v.explain());
            noPageError(v);
          },
        ));
    }
  }

  const CALLS = [['track', 'Held']];
  // [what, the option `mixpanel` as an expression]
  for (const [what, sdk] of [
    ['a number', '42'], ['null', 'null'], ['text', "'mixpanel'"], ['an empty object', '{}'],
    ['a function that throws', "() => { throw new Error('mine'); }"],
    ['a promise that is refused', "() => Promise.reject(new Error('mine'))"],
    ['a promise of nothing', '() => Promise.resolve()'],
    ['a module without the SDK', '() => Promise.resolve({ default: { track() {} } })'],
    ['an SDK whose init throws', "{ init() { throw new Error('mine'); } }"],
    ['an SDK whose init does nothing', '{ init() {} }'],
    ['an SDK whose every property throws', "new Proxy({}, { get() { throw new Error('mine'); } })"],
  ]) {
    for (const start of ['deferred', 'opted-out']) {
      test(`${start}: the option \`mixpanel\` is ${what}: said, and calls are kept`, () =>
        harness.during(
          {
            form: 'none',
            bridge: false,
            cmp: 'klaro',
          },
          async (v) => {
            await v.page.evaluate(
              async ([expression, mode, calls]) => {
                const { connect } = await import('mixpanel-consent-bridge');
                try {
                  window.__bridge = connect({ token: window.S.token, cmp: 'klaro', start: mode, mixpanel: new Function(`return (${expression});`)() });
                  for (const [method, ...args] of calls) window.__bridge.mixpanel[method](...args);
                } catch (error) {
                  window.__thrown = { name: error.name, code: error.code };
                }
              },
              [sdk, start, CALLS],
            );
            assert.equal(await v.thrown(), undefined);
            await v.page.waitForFunction(() => window.__bridge.error || window.__bridge.state.code !== 'starting');
            if (await v.page.evaluate(() => window.__bridge.error)) {
              // What no SDK can be is told at once.
              assert.equal((await v.state()).code, 'option-invalid');
              assert.ok(['a number', 'null', 'text'].includes(what));
            } else {
              await v.page.waitForFunction(() => window.__manager);
              await v.answer('yes', { by: 'api' });
              await v.until({ consent: 'granted', code: 'sdk-failed' });
              const state = await v.state();
              assert.equal(state.mode, 'off', 'what passes');
              assert.equal(state.held, 1);
              assert.match(state.reason, /SDK/);
              assert.ok(v.console.some(({ text }) => text.includes('sdk-failed')), 'said on the console');
            }
            nothingSent(v);
            noPageError(v);
          },
        ));
    }
  }

  test('a timeout that no timer can wait for: the SDK is waited for', () =>
    harness.during({ form: 'none', bridge: false, cmp: undefined, connect: {} }, async (v) => {
      await v.page.evaluate(async () => {
        const { connect } = await import('mixpanel-consent-bridge');
        const later = new Promise((resolve) => setTimeout(() => resolve(import('/sdk/2.83.0/module.js')), 300));
        window.__bridge = connect({ token: window.S.token, cmp: 'manual', cmpTimeout: Infinity, config: window.S.config, mixpanel: () => later });
        window.__bridge.mixpanel.track('Held');
        window.__bridge.grant();
      });
      await v.until({ mode: 'on' });
      await v.settle();
      assert.deepEqual(v.names(), ['Held']);
      assert.deepEqual(v.console.filter(({ text }) => text.includes('mixpanel-consent-bridge')), []);
    }));

  test('the SDK never arrives: a yes, calls kept, and after the time given it is said', () =>
    harness.during({ ...using('klaro'), connect: { cmp: 'klaro', cmpTimeout: 500 }, stall: ['**/sdk/**'], calls: CALLS }, async (v) => {
      await v.answer('yes', { by: 'api' });
      await pause(1_500);
      const state = await v.state();
      assert.equal(state.consent, 'granted');
      assert.equal(state.held, 1);
      assert.match(state.code, /^sdk-/, JSON.stringify(state));
      nothingSent(v);
      noPageError(v);
    }));

  test('there is no SDK on the page and none is given: the same', () =>
    harness.during({ ...using('klaro'), form: 'none', connect: { cmp: 'klaro', cmpTimeout: 500 }, calls: CALLS }, async (v) => {
      await v.answer('yes', { by: 'api' });
      await pause(1_500);
      const state = await v.state();
      assert.match(state.code, /^sdk-/, JSON.stringify(state));
      assert.equal(state.held, 1);
      assert.ok(v.console.some(({ text }) => /sdk-(missing|failed)/.test(text)));
      noPageError(v);
    }));

  test('grant() and its kin where a consent manager decides: a BridgeError, and nothing opens', () =>
    harness.during({ ...using('klaro'), calls: CALLS }, async (v) => {
      for (const method of ['grant', 'deny', 'reset']) {
        const error = await v.page.evaluate((name) => {
          try {
            window.__bridge[name]();
            return undefined;
          } catch (caught) {
            return { name: caught.name, code: caught.code, message: caught.message };
          }
        }, method);
        assert.equal(error?.code, 'cmp-decides', method);
        assert.equal(error.name, 'BridgeError');
      }
      await v.settle();
      nothingSent(v);
      await closed(v);
    }));

  // ---- the script tag ------------------------------------------------------------------------

  for (const [what, attributes, connect, code] of [
    ['data-config is not JSON', { config: '{debug: true}' }, {}, 'attribute-invalid'],
    ['data-config is a word', { config: 'debug' }, {}, 'attribute-invalid'],
    ['data-config is a JSON number', { config: '7' }, {}, 'option-invalid'],
    ['data-config is JSON null', { config: 'null' }, {}, 'option-invalid'],
    ['data-category is half a list', { category: '["analytics"' }, {}, 'attribute-invalid'],
    ['an attribute that is misspelt', { 'catgory': 'analytics' }, {}, 'attribute-invalid'],
    ['an attribute in the plural', { categories: 'analytics' }, {}, 'attribute-invalid'],
    ['data-start is no start', { start: 'later' }, {}, 'option-invalid'],
    ['data-cmp is nobody', { cmp: 'nobody' }, {}, 'cmp-unknown'],
    ['data-hold-limit is no number', { 'hold-limit': 'many' }, {}, 'option-invalid'],
    ['data-debug is text of another kind', { pending: '' }, {}, 'option-invalid'],
  ]) {
    test(`tag: ${what}: said on the console, the snippet and its calls do nothing, the page runs`, () =>
      harness.during({ form: 'tag', cmp: 'klaro', connect, attributes, config: EVERYTHING, calls: [['track', 'Early']] }, async (v) => {
        await v.answer('yes', { by: 'api' });
        await v.page.evaluate(() => {
          const { mixpanel } = window;
          mixpanel.track('Later', {}, () => {});
          mixpanel.people.set({ plan: 'gold' });
          mixpanel.identify('user-7');
          mixpanel.register({ team: 'red' });
          mixpanel.get_group('company', 'one').set('plan', 'gold');
          mixpanel.push(['track', 'Pushed']);
        });
        await v.settle();
        nothingSent(v);
        nothingWritten(v);
        assert.deepEqual(v.code(), [], 'the library is not fetched');
        const said = v.console.filter(({ type, text }) => type === 'error' && text.includes(code));
        assert.equal(said.length, 1, `once, with the code: ${JSON.stringify(v.console)}`);
        assert.match(said[0].text, /[A-Z].{20,}/);
        const state = await v.page.evaluate(() => window.mixpanelConsent && { ...window.mixpanelConsent.state });
        assert.equal(state?.code, code, 'window.mixpanelConsent says why it is shut');
        assert.equal(state.mode, 'off');
        assert.equal(await v.thrown(), undefined, 'the page may subscribe to it like to any other');
        noPageError(v);
      }));
  }

  test('tag: as a module, which cannot see its attributes: said, and nothing starts', () =>
    harness.during({ form: 'tag', type: 'module', cmp: 'klaro', connect: { cmp: 'klaro' }, config: EVERYTHING, cdnDelay: 1_500, calls: [['track', 'Early']] }, async (v) => {
      await v.answer('yes', { by: 'api' });
      await v.page.evaluate(() => window.mixpanel.track('Later'));
      await v.settle(2_000);
      nothingSent(v);
      nothingWritten(v);
      const state = await v.page.evaluate(() => ({ ...window.mixpanelConsent.state }));
      assert.equal(state.code, 'attribute-invalid');
      assert.match(state.reason, /classic script/);
      noPageError(v);
    }));

  test('tag: no token anywhere: said, and the page runs', () =>
    harness.during({ form: 'tag', token: '', cmp: 'klaro', calls: [['track', 'Early']] }, async (v) => {
      await v.settle();
      nothingSent(v);
      assert.ok(v.console.some(({ text }) => text.includes('token-missing')), JSON.stringify(v.console));
      noPageError(v);
    }));

  test('tag: the library cannot be fetched: said, and the calls are kept', () =>
    harness.during({ form: 'tag', cmp: 'klaro', connect: { cmp: 'klaro' }, block: [/cdn\.mxpnl\.com/], calls: [['track', 'Early']] }, async (v) => {
      await v.answer('yes', { by: 'api' });
      await v.until({ consent: 'granted', code: 'sdk-failed' });
      assert.equal((await v.state()).held, 1);
      noPageError(v);
    }));

  test('tag: put on the page twice: one bridge, one event', () =>
    harness.during({ form: 'tag', twice: true, cmp: 'klaro', connect: { cmp: 'klaro' }, calls: [['track', 'Early']] }, async (v) => {
      await v.settle(400);
      nothingSent(v);
      await v.answer('yes', { by: 'api' });
      await v.until({ mode: 'on' });
      await v.settle();
      assert.deepEqual(v.names(), ['Early']);
      noPageError(v);
    }));
});
