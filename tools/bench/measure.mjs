// The measuring itself, in the browser that the tests use. All subjects take turns in each round, so
// that what else the machine does meets all of them; each visit is of somebody who has not answered.

import { CHROMIUM_ARGS, chromium } from '../setup.mjs';
import { visitors } from './bare.mjs';
import { serve } from './pages.mjs';

export const SUBJECTS = {
  blank: 'an empty page',
  vanilla: 'vanilla-cookieconsent alone',
  floor: 'twenty lines by hand',
  'floor-opted-out': 'the same, SDK started opted out',
  'bridge-named': 'the bridge, `cmp` named',
  'bridge-alone': 'the same with an object in the place of the consent manager',
  'bridge-opted-out': "the bridge, named, `start: 'opted-out'`",
  'bridge-auto': 'the bridge, `auto`',
  'bridge-manual': 'the bridge, `manual`',
  segment: 'Segment’s consent tools',
  walkeros: 'walkerOS',
  c15t: 'c15t with its Mixpanel helper',
  mixpanel: 'mixpanel-browser alone',
};

const median = (values) => quantile(values, 0.5);
const quantile = (values, q) => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))];
};
/** The median and the middle half of what was measured; nothing where nothing was. */
export const spread = (values) => {
  const some = values.filter((value) => Number.isFinite(value));
  return some.length ? { mid: median(some), low: quantile(some, 0.25), high: quantile(some, 0.75), count: some.length } : undefined;
};

const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });

/** One visit: a page of its own with the browser's own counters. */
async function visit(context, url) {
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' }).catch(() => cdp.send('Performance.enable'));
  await page.goto(url);
  await page.waitForFunction(() => window.ready, null, { timeout: 30_000 });
  return {
    page,
    async script() {
      const { metrics } = await cdp.send('Performance.getMetrics');
      return 1000 * metrics.find(({ name }) => name === 'ScriptDuration').value;
    },
    async heap() {
      await cdp.send('HeapProfiler.collectGarbage');
      const { usedSize, backingStorageSize = 0 } = await cdp.send('Runtime.getHeapUsage');
      return usedSize + backingStorageSize;
    },
    async leave() {
      await page.evaluate(() => localStorage.clear()).catch(() => {});
      await page.close();
      await context.clearCookies();
    },
  };
}

/** A page that loads, waits, is answered, and tells of its times. */
async function load(visitor, name, server, slower) {
  server.fetched.clear();
  const v = await visitor(name, `${server.origin}/${name}/?idle`, { slower });
  const rest = () => pause(slower > 1 ? 900 : 500);
  await rest();
  const { script, thread } = await v.spent();
  await v.evaluate('window.idle()');
  await rest();
  const all = await v.spent();
  const bytes = [...server.fetched];
  if (name !== 'bridge-alone') {
    await v.evaluate('window.bench.atHand()');
    await v.evaluate('window.times.event = undefined; window.bench.yes()');
    await v.until('window.times.call !== undefined', 2_000);
  }
  const times = await v.evaluate('window.times');
  await v.leave();
  return { script, thread, idleScript: all.script, idleThread: all.thread, gate: times.gate, state: times.state - times.connect, event: times.call - times.event, bytes };
}

/** Microseconds of a call, in the page: held, and forwarded. A few rounds; what the engine has learnt counts. */
async function calls(context, url) {
  const v = await visit(context, url);
  const found = await v.page.evaluate(async () => {
    const { call, yes } = window.bench;
    const time = (count, f) => {
      const from = performance.now();
      for (let i = 0; i < count; i += 1) f(i);
      return (1000 * (performance.now() - from)) / count;
    };
    const wait = (ms) => new Promise((done) => { setTimeout(done, ms); });
    const held = time(200, () => call('Name'));
    const warm = time(200, () => call('Name'));
    const flat = time(200, () => call('Name', { plan: 'gold', price: 9.9, items: 3 }));
    await yes();
    await wait(400);
    time(3000, () => call('Name'));
    const open = [];
    for (let round = 0; round < 7; round += 1) {
      open.push(time(3000, () => call('Name')));
      await wait(0);
    }
    return { held, warm, flat, open: open.sort((a, b) => a - b)[3] };
  });
  await v.leave();
  return found;
}

/** @returns everything that a browser shows, by subject */
export async function measureBrowser({ rounds, told }) {
  const names = [...Object.keys(SUBJECTS), 'nobody'];
  const server = await serve(names);
  const { chromium: engine } = await import('playwright-core');
  const browser = await engine.launch({ executablePath: await chromium(), args: CHROMIUM_ARGS });
  const url = (name) => `${server.origin}/${name}/`;
  const subjects = Object.keys(SUBJECTS);
  const found = Object.fromEntries(names.map((name) => [name, { loads: [], slow: [], calls: [] }]));
  try {
    const contexts = {};
    for (const name of subjects) contexts[name] = await browser.newContext();
    const visitor = await visitors(browser);
    for (const slower of [1, 4]) {
      told(slower === 1 ? 'loading each page' : 'the same on a processor four times slower');
      // The first one fills the cache and is not counted.
      for (let round = slower === 1 ? -1 : 0; round < (slower === 1 ? rounds : Math.ceil(rounds / 2.5)); round += 1) {
        for (const name of subjects) {
          const one = await load(visitor, name, server, slower);
          if (round >= 0) found[name][slower === 1 ? 'loads' : 'slow'].push(one);
          else found[name].bytes = one.bytes.reduce((sum, path) => sum + server.weigh(path), 0);
        }
      }
    }
    told('calls');
    for (let round = 0; round < 3; round += 1) {
      for (const name of subjects) {
        if (!['vanilla', 'c15t', 'bridge-alone', 'mixpanel', 'bridge-opted-out', 'floor-opted-out'].includes(name)) found[name].calls.push(await calls(contexts[name], url(name)));
      }
    }
    told('pages that are left open');
    for (const [kind, answer] of [['rest', true], ['asking', false]]) {
      const open = [];
      for (const name of kind === 'rest' ? names.filter((one) => one !== 'nobody' && one !== 'bridge-alone') : names) {
        const v = await visit(await browser.newContext(), url(name));
        if (answer) await v.page.evaluate(() => window.bench.yes());
        open.push([name, v]);
      }
      // What starts with the answer, and what the SDK’s writers are waited for with, is over then.
      await pause(12_000);
      for (const [name, v] of open) if (answer) found[name].heap = await v.heap();
      const before = new Map();
      for (const [name, v] of open) before.set(name, await v.script());
      await pause(10_000);
      for (const [name, v] of open) {
        found[name][kind] = (await v.script() - before.get(name)) / 10;
        await v.leave();
      }
    }
    told('a visitor of many minds');
    for (const name of ['floor', 'bridge-named', 'walkeros']) {
      const v = await visit(await browser.newContext(), url(name));
      const change = (times) => v.page.evaluate(async (count) => {
        for (let i = 0; i < count; i += 1) {
          await window.bench[i % 2 ? 'no' : 'yes']();
          window.bench.call('Name');
          if (i % 20 === 0) await new Promise((done) => { setTimeout(done); });
        }
        // The SDK's late writers are waited for, and swept after, several times.
        await new Promise((done) => { setTimeout(done, 4000); });
      }, times);
      await change(200);
      const before = await v.heap();
      await change(2000);
      found[name].soak = await v.heap() - before;
      await v.leave();
    }
    return { found, version: browser.version() };
  } finally {
    await browser.close();
    server.close();
  }
}
