// Contexts and pages of a browser that Playwright cannot drive, with as much of Playwright's
// interface as the harness uses, so that the text of a test is the same in every engine. A
// browser gives only the raw part (firefox.mjs, webkit.mjs): open a tab, run a text in it, click,
// cookies. What Playwright does inside of Chromium is done outside of the browser here, alike
// for both:
//
//   requests     each context has a proxy of its own, this server under another port. It sees
//                what is asked for, and plays the faults of the network.
//   hooks        the proxy puts the init script at the head of every page of the site.
//   what they tell   comes back by POST to the proxy, numbered; `drain` waits for the last one.
//   errors and the console   are heard inside the page.
//   the library  comes over http: see `pass` below.
//
// Not like Playwright: what a browser answers from its cache is not seen as a request, and hooks
// do not reach frames of other origins. What is not here throws when it is called.

import { createServer } from 'node:http';

const TOLD = '/__told';
// Also under the names of tests/browser/places.test.mjs and frames.test.mjs.
const SITE = /(^|\.)((shop|portal)\.test|shop\.(localhost|co\.uk)|shop\.github\.io|abc\.io)$/;
const API = /\.mixpanel\.test$/;

/**
 * What the site hands out of a page or a script: with another address of the vendor's library,
 * because the proxy looks into no https.
 */
export const served = (text) => text.replaceAll('https://cdn.mxpnl.com', 'http://cdn.mxpnl.com');

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Playwright's globs, as far as they are used: `**` is anything, `*` anything but a slash. */
const matcher = (pattern) => {
  if (pattern instanceof RegExp) return pattern;
  const text = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*+/g, (stars) => (stars.length > 1 ? '.*' : '[^/]*'));
  return new RegExp(`^${text}$`);
};

/** What `page.evaluate` runs: a text, or a function's source with its one argument. */
const source = (code, argument) =>
  typeof code === 'function' ? `(${code})(${argument === undefined ? '' : JSON.stringify(argument)})` : String(code);

// Runs first in each page. Holds on to the page's own functions before anybody can change them.
function mouth(address) {
  // A page that runs its scripts again, as Turbo does, has it already.
  if (window.__tell) return;
  const send = window.fetch.bind(window);
  const beacon = navigator.sendBeacon.bind(navigator);
  const text = JSON.stringify;
  const later = window.queueMicrotask.bind(window);
  const id = Math.random().toString(36).slice(2);
  const unheard = [];
  let count = 0;
  let busy = false;
  const post = () => {
    if (busy || !unheard.length) return;
    busy = true;
    const batch = unheard.slice();
    send(address, { method: 'POST', body: text({ id, batch }) }).then(
      () => {
        const [last] = batch[batch.length - 1];
        while (unheard.length && unheard[0][0] <= last) unheard.shift();
        busy = false;
        post();
      },
      () => (busy = false),
    );
  };
  const say = (kind, payload) => {
    unheard.push([(count += 1), kind, payload]);
    later(post);
  };
  window.addEventListener('pagehide', () => {
    if (unheard.length) beacon(address, text({ id, batch: unheard }));
  });
  window.addEventListener('pageshow', () => {
    busy = false;
    post();
  });
  window.addEventListener('error', (event) => {
    if (event.target === window) say('error', String(event.error?.stack ? `${event.error}\n${event.error.stack}` : event.message));
  });
  window.addEventListener('unhandledrejection', ({ reason }) => say('error', String(reason?.stack ? `${reason}\n${reason.stack}` : reason)));
  for (const type of ['log', 'info', 'warn', 'error', 'debug']) {
    const real = console[type];
    console[type] = function (...args) {
      say('console', text([type === 'warn' ? 'warning' : type, args.map(String).join(' ')]));
      return Reflect.apply(real, this, args);
    };
  }
  Object.defineProperty(window, '__tell', { value: (payload) => say('tell', payload) });
  Object.defineProperty(window, '__said', { get: () => [id, count] });
  document.currentScript?.remove();
}

/**
 * A context around what the browser gives. `make(proxy)` resolves to `{ tab(), cookies(),
 * addCookies(list), close() }`, a tab to `{ go(url), reload(), run(text), click(selector), close() }`.
 */
export async function proxiedContext(server, make) {
  const listeners = { request: [], tell: [] };
  const routes = [];
  const init = [];
  const pages = [];
  const heard = new Map();
  const referers = new Set();

  const emit = (kind, ...values) => {
    for (const listener of listeners[kind]) listener(...values);
  };

  /** The page from which something came; hooks do not know their tab, but a tab its hooks. */
  const pageOf = (id) => pages.find((page) => page.__hooks?.has(id)) ?? pages.at(-1);

  function told(request, response) {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      response.writeHead(204).end();
      let one;
      try {
        one = JSON.parse(Buffer.concat(chunks));
      } catch {
        // A page that was cut off in the middle of a sentence says it again.
        return;
      }
      for (const [number, kind, payload] of one.batch) {
        if (number <= (heard.get(one.id) ?? 0)) continue;
        heard.set(one.id, number);
        if (kind === 'tell') emit('tell', payload, pageOf(one.id));
        else pageOf(one.id)?.__emit(kind, payload);
      }
    });
  }

  const inject = (html) => {
    const scripts = `<script>(${mouth})(${JSON.stringify(TOLD)});</script><script>${init.join('\n;')}\n;document.currentScript.remove();</script>`;
    // A policy with a nonce knows the page's scripts by it; these are to run as well.
    const nonce = /<script[^>]* nonce="([^"]+)"/.exec(html)?.[1];
    const marked = nonce ? scripts.replaceAll('<script>', `<script nonce="${nonce}">`) : scripts;
    return html.replace(/<head>|<!doctype html>(?![\s\S]*<head>)/i, (start) => start + marked);
  };

  const proxy = createServer((request, response) => {
    if (!/^https?:/.test(request.url)) {
      response.writeHead(400).end();
      return;
    }
    const url = new URL(request.url);
    request.url = url.pathname + url.search;
    if (url.pathname === TOLD) {
      told(request, response);
      return;
    }
    const site = SITE.test(url.hostname);
    const pass = () => {
      if (referers.has(url.href)) {
        response.writeHead(200, { 'content-type': 'text/html', 'referrer-policy': 'unsafe-url' }).end('<!doctype html><title>elsewhere</title>');
        return;
      }
      if (!site && !API.test(url.hostname)) {
        // Only this machine can be reached; what the browser wants for itself is not seen as the page's.
        response.destroy();
        return;
      }
      const end = response.end.bind(response);
      response.end = (body, ...rest) => {
        if (!body || !/html|javascript/.test(head) || !site) return end(body, ...rest);
        const text = served(Buffer.from(body).toString('utf8'));
        return end(/html/.test(head) ? inject(text) : text, ...rest);
      };
      let head = '';
      const writeHead = response.writeHead.bind(response);
      response.writeHead = (status, headers) => {
        head = String(headers?.['content-type'] ?? '');
        return writeHead(status, headers);
      };
      server.handle(request, response);
    };
    const route = routes.findLast(({ test }) => test.test(url.href));
    if (site || API.test(url.hostname) || route) emit('request', { url: () => url.href, resourceType: () => 'other' });
    if (!route) {
      pass();
      return;
    }
    route.handler({
      request: () => ({
        url: () => url.href,
        frame: () => pages.findLast((page) => page.url() && request.headers.referer === page.url()) ?? pages.at(-1),
      }),
      fulfill: async ({ status = 200, contentType, headers = {}, body = '' }) => {
        response.writeHead(status, { ...headers, ...(contentType ? { 'content-type': contentType } : {}), 'access-control-allow-origin': '*' }).end(body);
      },
      abort: async () => void response.destroy(),
      continue: async () => pass(),
    });
  });
  await new Promise((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const raw = await make(`127.0.0.1:${proxy.address().port}`);

  const context = {
    addInitScript: async (text) => void init.push(typeof text === 'function' ? `(${text})();` : text),
    on(kind, listener) {
      if (!(kind in listeners)) throw new Error(`contexts of this engine do not tell of \`${kind}\``);
      listeners[kind].push(listener);
    },
    route: async (pattern, handler) => void routes.push({ test: matcher(pattern), handler }),
    pages: () => [...pages],
    newPage: async () => {
      const page = pageFrom(await raw.tab(), { server, pages, referers });
      pages.push(page);
      return page;
    },
    cookies: () => raw.cookies(pages.at(-1)),
    addCookies: async (list) => {
      // A cookie can be set where its site is open, and nowhere else.
      const page = await context.newPage();
      await page.goto(`${server.origin}/plain`);
      // A domain without its dot is the host alone.
      await raw.addCookies(list.map(({ url, ...one }) => (url ? { domain: new URL(url).hostname, path: '/', ...one } : one)), page);
      await page.close();
    },
    /** Waits until all has been heard that the pages have said so far. */
    async drain() {
      for (const page of pages) {
        const [id, count] = (await page.evaluate('window.__said').catch(() => null)) ?? [];
        for (const end = Date.now() + 10_000; id && (heard.get(id) ?? 0) < count && Date.now() < end; ) await pause(15);
      }
    },
    async close() {
      await raw.close();
      proxy.closeAllConnections();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
  return context;
}

function pageFrom(tab, { server, pages, referers }) {
  const listeners = { pageerror: [], console: [] };
  let address = '';
  let closed = false;
  const page = {
    __raw: tab,
    __hooks: new Set(),
    __emit(kind, payload) {
      if (kind === 'error') for (const listener of listeners.pageerror) listener({ stack: payload, toString: () => payload });
      if (kind === 'console') {
        const [type, text] = JSON.parse(payload);
        for (const listener of listeners.console) listener({ type: () => type, text: () => text });
      }
    },
    url: () => address,
    on(kind, listener) {
      if (!(kind in listeners)) throw new Error(`pages of this engine do not tell of \`${kind}\``);
      listeners[kind].push(listener);
    },
    async evaluate(code, argument) {
      return tab.run(source(code, argument));
    },
    async settled() {
      const [id] = (await page.evaluate('window.__said').catch(() => null)) ?? [];
      if (id) page.__hooks.add(id);
      address = (await page.evaluate('location.href.split("#")[0]').catch(() => address)) ?? address;
    },
    async goto(url, { referer } = {}) {
      if (referer) {
        // No driver can lie about it; so the visitor really comes from there.
        referers.add(referer);
        await tab.go(referer);
        await page.evaluate(`void (location.href = ${JSON.stringify(url)})`);
        await page.waitForFunction((wanted) => location.href === wanted && document.readyState === 'complete', url);
      } else {
        await tab.go(url);
      }
      await page.settled();
    },
    async reload() {
      await tab.reload();
      await page.settled();
    },
    async waitForFunction(code, argument, { timeout = 30_000 } = {}) {
      const text = source(code, argument);
      let last;
      for (const end = Date.now() + timeout; ; await pause(40)) {
        try {
          // Between two pages there is none that could answer.
          if (await tab.run(`Promise.resolve(${text}).then(Boolean)`)) {
            await page.settled();
            return;
          }
          last = undefined;
        } catch (error) {
          if (closed) throw error;
          last = error;
        }
        if (Date.now() > end) throw new Error(`waited ${timeout} ms for ${text.slice(0, 300)}${last ? `: ${last.message}` : ''}`);
      }
    },
    waitForURL: (pattern, options) =>
      page.waitForFunction((expression) => new RegExp(expression).test(location.href) && document.readyState === 'complete', matcher(pattern).source, options),
    waitForTimeout: pause,
    async click(selector) {
      await visible(page, selector, 30_000);
      await tab.click(selector);
    },
    fill: (selector, value) =>
      page.evaluate(
        ([where, text]) => {
          const field = document.querySelector(where);
          field.focus();
          field.value = text;
          field.dispatchEvent(new Event('input', { bubbles: true }));
          field.dispatchEvent(new Event('change', { bubbles: true }));
        },
        [selector, value],
      ),
    locator: (selector) => ({
      first: () => ({
        waitFor: ({ timeout = 30_000 } = {}) => visible(page, selector, timeout),
        click: () => page.click(selector),
      }),
    }),
    async close() {
      closed = true;
      await tab.close();
      pages.splice(pages.indexOf(page), 1);
    },
  };
  return page;
}

/** Waits until the first of these elements is there, to be seen, and stands still. */
async function visible(page, selector, timeout) {
  await page.waitForFunction(
    async (where) => {
      const element = document.querySelector(where);
      const box = () => {
        const { x, y, width, height } = element.getBoundingClientRect();
        return width && height && getComputedStyle(element).visibility === 'visible' ? [x, y, width, height].join() : '';
      };
      const first = element && box();
      if (!first) return false;
      await new Promise((resolve) => setTimeout(resolve, 50));
      return box() === first;
    },
    selector,
    { timeout },
  );
}
