// A visit: one browser context on one situation, what it sent, wrote and kept, and the acts of
// a visitor. Not a test: nothing is asserted here.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { CHROMIUM_ARGS, findChromium, findShell } from '../../../tools/setup.mjs';
import { ENGINE, launchOther } from './engines/index.mjs';
import { watchPage } from './hooks.mjs';
import { owner } from './names.mjs';
import { SDK, sdkScript, startServer } from './server.mjs';

export const TOKEN = '0123456789abcdef0123456789abcdef';
/** Mixpanel waits 5 s before it sends a batch; a test need not. */
export const QUICK = { batch_flush_interval_ms: 120 };
/**
 * How many pages of one file are open at a time. Most of the time each waits for what must not
 * happen, so a machine can have many more than it has processors.
 */
export const PAGES = Number(process.env.PAGES || (ENGINE === 'chromium' ? 6 : 4));
/** Everything that Mixpanel can start by itself. */
export const EVERYTHING = { track_pageview: true, autocapture: true, flags: true };

// What an answer of the visitor is to the bridge, where it is not plainly `granted` and `denied`:
// a consent mode update is no proof of an act (src/cmp/google_consent_mode.rs).
const WORDS = {
  'google-consent-mode': { granted: ['granted', 'implied-granted'], denied: ['denied', 'implied-denied'] },
};

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Where Chromium is: the whole of it, or the engine alone. */
export function chromiumPath(whole = true) {
  const path = whole ? findChromium() : findShell();
  if (!path) throw new Error('no Chromium found: set CHROMIUM to its path, or `apt-get install chromium`');
  return path;
}

/**
 * A browser of one visitor with a profile of their own: what Playwright calls a context is a
 * private window, where frames of other sites are refused storage whatever the settings.
 */
async function launchProfile(prefs, options) {
  const folder = mkdtempSync(join(tmpdir(), 'profile-'));
  mkdirSync(join(folder, 'Default'));
  writeFileSync(join(folder, 'Default', 'Preferences'), JSON.stringify(prefs));
  const context = await chromium.launchPersistentContext(folder, {
    ...options,
    // The last of its name counts: Playwright has it switch the partitioning of storage off.
    args: [...options.args, '--disable-features=Translate'],
    serviceWorkers: 'block',
  });
  return {
    newContext: async () => context,
    async close() {
      await context.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function launchChromium(server, { whole, bfcache, args, prefs }) {
  const options = {
    executablePath: chromiumPath(whole),
    // Playwright switches the back/forward cache off; the pages here need it as visitors have it.
    ignoreDefaultArgs: bfcache ? ['--disable-back-forward-cache'] : [],
    args: [
      ...CHROMIUM_ARGS,
      // Every site here is this machine; nothing else can be reached.
      `--host-resolver-rules=MAP *.test 127.0.0.1,MAP *.localhost 127.0.0.1,MAP * ~NOTFOUND,EXCLUDE 127.0.0.1`,
      // Sites are served over https; without a certificate the browser has to be told.
      `--unsafely-treat-insecure-origin-as-secure=${server.origin},${server.origin.replace('shop', 'portal')}`,
      ...(bfcache ? ['--enable-features=BackForwardCache'] : []),
      ...args,
    ],
  };
  return prefs ? launchProfile(prefs, options) : chromium.launch(options);
}

/**
 * Starts the server and the browser (of the environment's `ENGINE`); one of each for a test file.
 * Chromium is the engine alone, which costs half; `whole` is with the browser around it, which decides of
 * storage for other sites, of the back/forward cache and of what is prepared or frozen, and which can be
 * told that a name is secure without a certificate. The engine knows that of `localhost` alone.
 * With `prefs`, a Chromium for one visit, whose profile has these settings.
 */
export async function open({ bfcache = false, args = [], prefs, whole = Boolean(bfcache || prefs) } = {}) {
  const server = await startServer(ENGINE === 'chromium' && !whole ? 'shop.localhost' : undefined);
  const browser = ENGINE === 'chromium' ? await launchChromium(server, { whole, bfcache, args, prefs }) : await launchOther(server);
  let count = 0;

  async function visit(given = {}) {
    const id = (count += 1);
    const situation = {
      token: TOKEN,
      sdk: '2.83.0',
      form: 'loader',
      bridge: !given.form?.startsWith('bare'),
      ...given,
      cmp: typeof given.cmp === 'string' ? { id: given.cmp } : given.cmp,
    };
    // `calls`: what the site calls at once, on what its form has for it.
    if (given.calls) situation[['tag', 'stub-init'].includes(situation.form) || !situation.bridge ? 'before' : 'early'] = given.calls;
    const host = `api-${id}.mixpanel.test`;
    situation.config = {
      api_host: `http://${host}:${server.port}`,
      ...QUICK,
      ...given.config,
    };
    if (given.connect && 'config' in given.connect) delete situation.config;
    server.situations.set(id, situation);
    // `after`: a later visit of the same visitor, in the same tab unless `newTab`.
    const context = given.after?.context ?? (await browser.newContext({ serviceWorkers: given.serviceWorkers ?? 'block' }));
    const made = !given.after;
    const shared = (context.__visit ??= { log: [], asked: [], moved: Date.now(), tabs: 0 });
    const { log, asked } = shared;
    const start = { log: log.length, requests: server.requests.length, asked: asked.length };
    const errors = [];
    const consoleLines = [];
    const moved = () => {
      shared.moved = Date.now();
    };
    const told = (payload, page) => {
      const entry = JSON.parse(payload);
      log.push({ ...entry, tab: page?.__tab });
      if (entry.kind !== 'bridge') moved();
    };
    const watcher = (entry) => entry.host === host && moved();
    server.watchers.add(watcher);
    if (made) {
      await context.addInitScript(`${given.init ?? ''}\n;(${watchPage})();`);
      if (!context.newCDPSession) context.on('tell', told);
      context.on('request', (request) => {
        asked.push({ at: Date.now(), url: request.url(), type: request.resourceType() });
        if (!request.url().startsWith('data:')) moved();
      });
      // The library from where the vendor serves it; and faults of the network.
      if (['stub', 'stub-init', 'tag', 'bare-snippet'].includes(situation.form)) {
        await context.route(/^https?:\/\/cdn\.mxpnl\.com\//, async (route) => {
          // As far away as a CDN is: the page's own scripts have run by then, also where the
          // machine is slow. With `cdnDelay` it comes when that says.
          if (given.cdnDelay === undefined) {
            await route.request().frame().waitForFunction(() => window.__bridge || window.__thrown || window.__ready).catch(() => {});
          }
          await pause(given.cdnDelay ?? 100);
          await route.fulfill({ contentType: 'text/javascript', body: await sdkScript(situation.sdk) });
        });
      }
      for (const pattern of given.block ?? []) await context.route(pattern, (route) => route.abort());
      for (const [pattern, answer] of given.answerWith ?? []) {
        await context.route(pattern, (route) => route.fulfill(answer));
      }
      for (const pattern of given.stall ?? []) await context.route(pattern, () => {});
      if (given.slow) {
        await context.route(given.slow[0], async (route) => {
          await pause(given.slow[1]);
          await route.continue();
        });
      }
      // `held`: what comes when the test says so (`letCome`), however slow the machine is until then. A page
      // of WebKit has not loaded before what its scripts import, so there it comes by itself in the end.
      if (given.held) {
        shared.holding = true;
        await context.route(given.held, async (route) => {
          for (const from = Date.now(); shared.holding && (ENGINE !== 'webkit' || Date.now() - from < 1_000);) await pause(20);
          await route.continue().catch(() => {});
        });
      }
    }

    async function tab(path = 'home', goto = {}, page = undefined) {
      if (!page) {
        page = await context.newPage();
        page.__tab = shared.tabs += 1;
        if (context.newCDPSession) {
          // Not Playwright's own binding: it is asynchronous, and this one keeps the order.
          const session = await context.newCDPSession(page);
          await session.send('Runtime.enable');
          await session.send('Runtime.addBinding', { name: '__tell' });
          session.on('Runtime.bindingCalled', ({ name, payload }) => name === '__tell' && told(payload, page));
        }
      }
      page.on('pageerror', (error) => errors.push(String(error?.stack ?? error)));
      page.on('console', (message) => consoleLines.push({ type: message.type(), text: message.text() }));
      await page.goto(path.includes('://') ? path : self.url(path), goto);
      return page;
    }

    const ready = (page) => page.waitForFunction(() => window.__ready === true, null, { timeout: 25_000 });

    const self = {
      id,
      context,
      situation,
      errors,
      console: consoleLines,
      log,
      asked,
      page: undefined,
      tab,
      ready,
      url: (path = 'home') => `${server.origin}/v${id}/${path}`,

      /** Waits until nothing was written, asked for or received for `quiet` ms. */
      async settle(quiet = 700, most = 15_000) {
        const end = Date.now() + most;
        // From now on: what is about to start counts as well.
        moved();
        do {
          while (Date.now() - shared.moved < quiet && Date.now() < end) await pause(40);
          await context.drain?.();
        } while (Date.now() - shared.moved < quiet && Date.now() < end);
      },

      /** A point in time to ask "since then" about. */
      mark: () => ({ log: log.length, requests: server.requests.length, asked: asked.length }),

      /**
       * Requests that reached Mixpanel's API, in order, decoded, with how they travelled. Since an
       * answer by click: without what the page had asked for when the click came to it.
       */
      sent(since) {
        const ways = new Map(
          log.filter((entry) => entry.kind === 'request').map(({ url, transport }) => [url, transport]),
        );
        const before = since?.clicked ? log.slice(since.log) : [];
        before.length = Math.max(0, before.findIndex(({ kind }) => kind === 'click'));
        const asked = before.filter(({ kind }) => kind === 'request').map(({ url }) => url);
        return server.requests
          .slice((since ?? start).requests)
          .filter((entry) => entry.host === host)
          .filter(({ url }) => !asked.includes(url) || !asked.splice(asked.indexOf(url), 1))
          .map((entry) => ({ ...entry, transport: ways.get(entry.url) ?? entry.transport }));
      },
      events: (since) => self.sent(since).flatMap((request) => request.events),
      names: (since) => self.events(since).map((event) => event.name),

      /** Mixpanel's code that was fetched. */
      code: (since) =>
        asked
          .slice((since ?? start).asked)
          .map(({ url }) => url)
          .filter((url) => /\/sdk\/|cdn\.mxpnl\.com/.test(url)),

      /** What was written, opened or removed under a name of `whose`, also if undone since. */
      writes: (whose, since) =>
        log
          .slice((since ?? start).log)
          .filter(({ kind, name }) => /^(cookie|local|session|idb)-/.test(kind) && owner(name) === whose),
      /** The same, without what only removes. */
      sets: (whose, since) => self.writes(whose, since).filter(({ kind }) => /-(set|open)$/.test(kind)),

      /** What is on the device now: names by owner, and everything in full. */
      async stored(page = self.page) {
        const device = await page.evaluate(() => window.__watch.stored());
        const cookies = (await context.cookies()).map(({ name, value, domain, expires }) =>
          ({ name, value, domain, expires }));
        const all = [
          ...cookies.map(({ name }) => ['cookie', name]),
          ...Object.keys(device.local).map((name) => ['local', name]),
          ...Object.keys(device.session).map((name) => ['session', name]),
          ...Object.entries(device.databases).flatMap(([name, stores]) => [
            ['idb', name],
            ...Object.entries(stores).flatMap(([store, keys]) =>
              keys.map((key) => ['idb-record', name, `${store}/${key}`])),
          ]),
        ];
        const of = (whose) =>
          all.filter(([, name]) => owner(name) === whose).map((parts) => parts.join(' ')).sort();
        return { cookies, ...device, mixpanel: of('mixpanel'), bridge: of('bridge'), other: of('other') };
      },

      /** Lets come what was held back. */
      letCome: () => { shared.holding = false; },
      /** Holds it back from now on. */
      holdBack: () => { shared.holding = true; },

      state: (page = self.page) => page.evaluate(() => window.__bridge && { ...window.__bridge.state }),
      states: (page = self.page) => page.evaluate(() => window.__states ?? []),
      thrown: (page = self.page) => page.evaluate(() => window.__thrown),
      explain: (page = self.page) => page.evaluate(async () => String(await window.__bridge.explain())),
      /**
       * Waits for a state. One that is open is there when the SDK has followed, which takes
       * as long as its library is away.
       */
      until: (wanted, page = self.page, timeout = 15_000) =>
        page
          .waitForFunction(
            ([expected, words]) => {
              const bridge = window.__bridge;
              if (!bridge) return false;
              const { state } = bridge;
              const open = expected.mode === 'on' || expected.mode === 'cookieless';
              return (
                Object.entries(expected).every(([key, value]) =>
                  (key === 'consent' && words?.[value] ? words[value].includes(state.consent) : state[key] === value)) &&
                (!open || bridge.explain().sdk === expected.mode)
              );
            },
            [wanted, WORDS[situation.cmp?.id]],
            { timeout },
          )
          .catch(async () => {
            const state = await page.evaluate(async () => window.__bridge && { ...window.__bridge.state, sdk: (await window.__bridge.explain()).sdk });
            throw new Error(`waited ${timeout} ms for ${JSON.stringify(wanted)}, and it is ${JSON.stringify(state)}; ${[...errors, ...consoleLines.map(({ text }) => text)].slice(-3).join(' | ') || 'nothing on the console'}`);
          }),

      /**
       * The visitor answers, in the manager's own interface, or (`by: 'api'`) through its API.
       * Comes back when the click is done, not when anything has followed from it.
       */
      async answer(yes, { by = 'click', page = self.page } = {}) {
        const accept = yes === 'yes';
        if (by === 'api') {
          await page.waitForFunction(() => window.__cmpReady);
          self.answeredAt = self.mark();
          await page.evaluate((all) => {
            const { api } = window.__manager;
            return void (all ? api.acceptAll() : api.rejectAll());
          }, accept);
          return;
        }
        await page.waitForFunction(() => window.__cmpReady);
        const { first, again } = await page.evaluate((all) => {
          const { buttons, again } = window.__manager;
          return { first: all ? buttons.accept : buttons.reject, again: all ? again.accept : again.reject };
        }, accept);
        // What is clicked on the way is done under the old answer, and may be sent.
        const last = async (selector) => {
          await page.locator(selector).first().waitFor({ state: 'visible' });
          await pause(250);
          // A slow machine takes a while from here to the click in the page, see sent().
          self.answeredAt = { ...self.mark(), clicked: true };
          await page.locator(selector).first().click({ noWaitAfter: true });
        };
        // The first question if it stands there, else the settings.
        const asked = await page.locator(first).first().waitFor({ state: 'visible', timeout: self.answered ? 1 : 8_000 })
          .then(() => true, () => false);
        if (asked) {
          await last(first);
        } else {
          await page.evaluate(() => void window.__manager.open());
          for (const selector of again.slice(0, -1)) await page.locator(selector).first().click({ noWaitAfter: true });
          await last(again.at(-1));
        }
        self.answered = true;
      },

      /** A call on the gated Mixpanel: `call('track', 'Bought', {...})`. */
      call: (method, ...args) => self.callIn(self.page, method, ...args),
      callIn: async (page, method, ...args) => {
        // Playwright waits where a page is just being left for the next; the others are told here.
        if (ENGINE !== 'chromium') await page.waitForFunction(() => window.S);
        return page.evaluate(
          ([path, values]) => {
            const steps = path.split('.');
            const last = steps.pop();
            const top = window.__mp ?? (window.S.name ? window.mixpanel[window.S.name] : window.mixpanel);
            const target = steps.reduce((object, key) => object[key], top);
            const result = target[last](...values);
            return ['string', 'boolean', 'number'].includes(typeof result) ? result : undefined;
          },
          [method, args],
        );
      },

      async reload(page = self.page) {
        await page.reload();
        await ready(page);
      },
      async goto(path, page = self.page) {
        await page.goto(self.url(path));
        await ready(page);
      },
      /** Leaves for a page of the same site that has neither Mixpanel nor bridge. */
      leave: (page = self.page) => page.goto(`${server.origin}/plain`),
      async close() {
        server.watchers.delete(watcher);
        // Also where the test has failed before it said so: who waits for ever keeps the process alive.
        if (!made) return;
        shared.holding = false;
        await context.close();
      },
    };
    // What stands on the device already: `{ local: { name: value }, cookies: [...] }`.
    if (given.seed) {
      if (given.seed.cookies) await context.addCookies(given.seed.cookies.map((one) => ({ url: server.origin, ...one })));
      if (given.seed.local) {
        const page = await context.newPage();
        await page.goto(`${server.origin}/plain`);
        await page.evaluate((pairs) => {
          for (const [name, value] of Object.entries(pairs)) localStorage.setItem(name, value);
        }, given.seed.local);
        await page.close();
      }
      Object.assign(start, self.mark());
    }
    if (given.open !== false) {
      const reused = given.newTab ? undefined : given.after?.page;
      self.page = await tab(given.path, given.referer ? { referer: given.referer } : {}, reused);
      await ready(self.page);
    }
    return self;
  }

  return {
    server,
    browser,
    visit,
    /** Runs `use` with a visit and closes it whatever happens. */
    async during(given, use) {
      const one = await visit(given);
      try {
        return await use(one);
      } finally {
        await one.close();
      }
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

export { SDK, pause };
