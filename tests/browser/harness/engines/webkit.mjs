// WebKit as WebKitGTK's MiniBrowser, through WebDriver as it stands in the specification (its
// driver speaks nothing newer), on a screen that nobody sees. A session, so a browser of its own,
// for each visitor. https://www.w3.org/TR/webdriver2/

import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { proxiedContext } from './proxied.mjs';

const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const children = new Set();
process.on('exit', () => children.forEach((child) => child.kill('SIGKILL')));

function start(command, args, options) {
  const child = spawn(command, args, options);
  children.add(child);
  child.on('close', () => children.delete(child));
  child.on('error', () => children.delete(child));
  return child;
}

const freePort = () =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

export async function launchWebKit({ driver, browser, screen }) {
  // Xvfb chooses a free display and says which.
  const xvfb = start(screen, ['-displayfd', '3', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const display = await new Promise((resolve, reject) => {
    xvfb.stdio[3].once('data', (data) => resolve(`:${String(data).trim()}`));
    xvfb.once('close', () => reject(new Error('Xvfb ended before it had a screen')));
  });
  const env = { ...process.env, DISPLAY: display, GDK_BACKEND: 'x11', NO_AT_BRIDGE: '1', WEBKIT_DISABLE_COMPOSITING_MODE: '1' };

  async function newContext(server) {
    const port = await freePort();
    const child = start(driver, [`--port=${port}`, '--host=127.0.0.1'], { stdio: 'ignore', env });
    const ask = async (method, path, body) => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, ...(body ? { body: JSON.stringify(body) } : {}) });
      const { value } = await response.json();
      if (value?.error) throw Object.assign(new Error(`${value.error}: ${value.message}`), { code: value.error });
      return value;
    };
    for (const end = Date.now() + 30_000; ; await pause(50)) {
      if (await ask('GET', '/status').then(() => true, () => false)) break;
      if (Date.now() > end) throw new Error('WebKitWebDriver did not answer within 30 s');
    }
    return proxiedContext(server, async (proxy) => {
      const { sessionId } = await ask('POST', '/session', {
        capabilities: {
          alwaysMatch: {
            browserName: 'MiniBrowser',
            // Waiting is done here: a page that loads is to be looked into as well.
            pageLoadStrategy: 'none',
            proxy: { proxyType: 'manual', httpProxy: proxy },
            timeouts: { script: 60_000, pageLoad: 120_000 },
            'webkitgtk:browserOptions': { binary: browser, args: ['--automation'] },
          },
        },
      });
      const session = `/session/${sessionId}`;
      let current = await ask('GET', `${session}/window`);
      let idle = current;
      // One command at a time, each to its own window.
      let queue = Promise.resolve();
      const at = (handle, ...commands) => {
        const run = async () => {
          if (handle !== current) {
            await ask('POST', `${session}/window`, { handle });
            current = handle;
          }
          let value;
          for (const [method, path, body] of commands) value = await ask(method, session + (typeof path === 'function' ? path(value) : path), body);
          return value;
        };
        return (queue = queue.then(run, run));
      };
      const run = async (handle, text) => {
        const { ok, error } = await at(handle, ['POST', '/execute/async', {
          script: `const done = arguments[0];
            (async () => (${text}))().then((ok) => done({ ok }), (error) => done({ error: String(error?.stack ? error + '\\n' + error.stack : error) }));`,
          args: [],
        }]);
        if (error) throw new Error(error);
        return ok ?? undefined;
      };
      const loaded = async (handle, move) => {
        await run(handle, 'void (window.__leaving = true)').catch(() => {});
        await move();
        for (const end = Date.now() + 60_000; ; await pause(25)) {
          if (await run(handle, '!window.__leaving && document.readyState === "complete" && location.href !== "about:blank"').catch(() => false)) return;
          if (Date.now() > end) throw new Error('the page did not load within 60 s');
        }
      };
      let open = 0;
      return {
        async tab() {
          let handle = idle;
          idle = undefined;
          // A window and not a tab: what is behind another counts as hidden, and sleeps.
          if (!handle) ({ handle } = await at(current, ['POST', '/window/new', { type: 'window' }]));
          open += 1;
          return {
            run: (text) => run(handle, text),
            go: (url) => loaded(handle, () => at(handle, ['POST', '/url', { url }])),
            reload: () => loaded(handle, () => at(handle, ['POST', '/refresh', {}])),
            click: (selector) =>
              at(handle, ['POST', '/element', { using: 'css selector', value: selector }], ['POST', (element) => `/element/${element[ELEMENT]}/click`, {}]),
            cookies: () => at(handle, ['GET', '/cookie']),
            addCookie: (cookie) => at(handle, ['POST', '/cookie', { cookie }]),
            async close() {
              open -= 1;
              if (open > 0) {
                const [next] = await at(handle, ['DELETE', '/window']);
                await ask('POST', `${session}/window`, { handle: next });
                current = next;
              } else {
                // The session ends with its last window.
                idle = handle;
                await at(handle, ['POST', '/url', { url: 'about:blank' }]);
              }
            },
          };
        },
        cookies: async (page) =>
          (await page.__raw.cookies()).map(({ name, value, domain, expiry, secure }) => ({ name, value, domain, secure, expires: expiry ?? -1 })),
        addCookies: async (list, page) => {
          for (const { name, value, domain, path = '/' } of list) await page.__raw.addCookie({ name, value, path, ...(domain.startsWith('.') ? { domain } : {}) });
        },
        async close() {
          // A page that took the driver's own scripts apart answers no more.
          const end = (async () => {
            await queue.catch(() => {});
            await ask('DELETE', session).catch(() => {});
          })();
          await Promise.race([end, pause(8_000)]);
          child.kill('SIGKILL');
        },
      };
    });
  }

  return {
    newContext,
    async close() {
      xvfb.kill('SIGKILL');
    },
  };
}
