// What is heard while a command runs: the SDK calls code of the site's (`loaded`, hooks, a
// released call), and there the visitor may be heard. tests/core walks this with the machine
// alone; here the shipped wasm runs the commands. Each case is a no that comes amid a yes.
//
// Tried by breaking: without `tell_gate` in `Bridge::on`, the first and second fail; with the
// queue emptied when a start fails, the last.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { openInNode } from './harness.mjs';

let there;
before(async () => { there = await openInNode(); });

/**
 * Runs beside the core: a yes, the SDK comes, and amid `amid` (a command, or `gate pppp`) the
 * visitor says what `heard` lists. Answers with what the other side was told, indented by how
 * deep in another call. `fails`: the start gives no instance.
 */
function story({ amid, heard, fails = false }) {
  const pages = {
    asked: { 'global:OneTrust.IsAlertBoxClosed()': false, 'global:OneTrust.GetDomainData().ConsentModel.Name': 'opt-in', 'global:OnetrustActiveGroups': ',C0001,' },
    yes: { 'global:OneTrust.IsAlertBoxClosed()': true, 'global:OneTrust.GetDomainData().ConsentModel.Name': 'opt-in', 'global:OnetrustActiveGroups': ',C0001,C0002,', 'cookie:OptanonConsent': 'groups=C0001%3A1%2CC0002%3A1&interactionCount=1' },
    no: { 'global:OneTrust.IsAlertBoxClosed()': true, 'global:OneTrust.GetDomainData().ConsentModel.Name': 'opt-in', 'global:OnetrustActiveGroups': ',C0001,', 'cookie:OptanonConsent': 'groups=C0001%3A1%2CC0002%3A0&interactionCount=1' },
  };
  const trace = [];
  let depth = 0;
  let left = heard;
  let bridge;
  let program;
  const looked = (page) => {
    lay(pages[page]);
    core.looked(bridge, look(program, __heard), 0);
  };
  const told = (what) => {
    trace.push('  '.repeat(depth) + what);
    if (what !== amid) return;
    const now = left;
    left = [];
    depth += 1;
    for (const page of now) looked(page);
    depth -= 1;
  };
  bridge = core.connect(new Proxy({
    gate: (flow) => told(`gate ${flow}`),
    run(letter) {
      const command = contract.COMMAND_NAMES[letter];
      told(command);
      return fails && command === 'init' ? contract.HAPPENING_LOAD_FAILED : contract.NOTHING;
    },
  }, { get: (own, key) => own[key] ?? (() => {}) }), ['000000000', '\n\n\n', ''].join('\0'), known('onetrust'));
  program = JSON.parse(core.program(bridge));
  looked('yes');
  core.happened(bridge, contract.HAPPENING_LOADED);
  return trace;
}

const tell = (given) => there.page.evaluate(story, given);

test('without anything amid, a yes opens', async () => {
  assert.deepEqual(await tell({ amid: '', heard: [] }), ['sweep leftovers', 'load', 'sweep leftovers', 'init', 'gate pppp']);
});

test('a no from a released call shuts the gate before the next is released', async () => {
  assert.deepEqual(await tell({ amid: 'gate pppp', heard: ['no'] }), [
    'sweep leftovers', 'load', 'sweep leftovers', 'init', 'gate pppp', '  gate dddd',
    'lock', 'opt out', 'reset', 'sweep everything', 'settle',
  ]);
});

test('a no and a yes again from a released call release nothing that waited before them', async () => {
  assert.deepEqual(await tell({ amid: 'gate pppp', heard: ['no', 'yes'] }), [
    'sweep leftovers', 'load', 'sweep leftovers', 'init', 'gate pppp', '  gate dddd',
    'lock', 'opt out', 'reset', 'sweep everything', 'settle', 'gate hhhh',
  ]);
});

test('a no from the start itself leaves the gate shut', async () => {
  assert.deepEqual(await tell({ amid: 'init', heard: ['no'] }), [
    'sweep leftovers', 'load', 'sweep leftovers', 'init', '  gate dddd',
    'lock', 'opt out', 'reset', 'sweep everything', 'settle',
  ]);
});

test('a no before the start leaves the start out', async () => {
  const trace = await tell({ amid: 'sweep leftovers', heard: ['no'] });
  assert.ok(!trace.includes('init') && !trace.some((line) => /gate .*p/.test(line)), trace.join('\n'));
  assert.ok(trace.includes('sweep everything'));
});

test('a start that fails gives no held call away', async () => {
  const trace = await tell({ amid: '', heard: [], fails: true });
  assert.deepEqual(trace, ['sweep leftovers', 'load', 'sweep leftovers', 'init']);
});

test('a start that fails in a no is swept after all the same', async () => {
  const trace = await tell({ amid: 'init', heard: ['no'], fails: true });
  assert.ok(trace.includes('sweep everything'), trace.join('\n'));
  assert.ok(!trace.some((line) => /gate .*p/.test(line)), trace.join('\n'));
});

// A call's memory is given back when the outermost ends, and a bridge's is not (src/wasm/arena.rs).
test('a bridge that is made amid a command of another outlives the call', async () => {
  const said = await there.page.evaluate(() => {
    const open = (own, id) => core.connect(new Proxy(own, { get: (own, key) => own[key] ?? (() => contract.NOTHING) }), ['000000000', '\n\n\n', ''].join('\0'), known(id));
    const said = [];
    let inner;
    const outer = open({
      run() {
        inner ??= open({ say: (consent, mode, cmp) => said.push(`${consent} ${cmp}`) }, 'klaro');
        return contract.NOTHING;
      },
    }, 'onetrust');
    const found = (bridge, page) => {
      lay(page);
      return look(JSON.parse(core.program(bridge)), __heard);
    };
    const yes = found(outer, { 'global:OneTrust.IsAlertBoxClosed()': true, 'global:OneTrust.GetDomainData().ConsentModel.Name': 'opt-in', 'global:OnetrustActiveGroups': ',C0001,C0002,', 'cookie:OptanonConsent': 'groups=C0001%3A1%2CC0002%3A1&interactionCount=1' });
    for (let i = 0; i < 9; i += 1) core.looked(outer, yes, 0);
    for (const answer of [true, false]) {
      core.looked(inner, found(inner, { 'cookie:klaro': encodeURIComponent(JSON.stringify({ mixpanel: answer })) }), 0);
      core.looked(outer, yes, 0);
    }
    return said;
  });
  assert.deepEqual(said, ['granted klaro', 'denied klaro']);
});
