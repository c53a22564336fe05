// Firefox as its vendor ships it, through WebDriver BiDi (puppeteer-core); Playwright drives only
// a Firefox of its own. A user context for each visitor, with a proxy of its own.

import puppeteer from 'puppeteer-core';
import { proxiedContext } from './proxied.mjs';

export async function launchFirefox(executablePath) {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath,
    headless: true,
    // A slow machine takes long for its first window.
    timeout: 120_000,
    protocolTimeout: 120_000,
    extraPrefsFirefox: {
      'network.captive-portal-service.enabled': false,
      'network.connectivity-service.enabled': false,
      'browser.safebrowsing.downloads.remote.enabled': false,
      'services.settings.server': 'data:,#remote-settings-dummy/v1',
      // As it comes, frames of other sites have storage of their own; puppeteer gives them the site's.
      'browser.contentblocking.features.standard': '-tp,tpPrivate,cookieBehavior5,-cryptoTP,-fp',
      'network.cookie.cookieBehavior': 5,
      // Tabs in the background are as awake as those of the other engines.
      'dom.min_background_timeout_value': 4,
      // puppeteer switches the back/forward cache off.
      'browser.sessionhistory.max_total_viewers': 8,
      'dom.timeout.enable_budget_timer_throttling': false,
      // Sites are served over https; without a certificate the browser has to be told.
      'dom.securecontext.allowlist': 'www.shop.test',
    },
  });
  return {
    newContext: (server) =>
      proxiedContext(server, async (proxy) => {
        const context = await browser.createBrowserContext({ proxyServer: proxy });
        return {
          async tab() {
            const page = await context.newPage({ type: 'window' });
            page.setDefaultTimeout(60_000);
            return {
              // Not `load`: Firefox has it wait for what a module imports later, which may never come.
              go: (url) => page.goto(url, { waitUntil: 'domcontentloaded' }),
              reload: () => page.reload({ waitUntil: 'domcontentloaded' }),
              run: (text) => page.evaluate(text),
              click: (selector) => page.click(selector),
              close: () => page.close(),
            };
          },
          cookies: async () =>
            (await context.cookies()).map(({ name, value, domain, expires, secure }) => ({ name, value, domain, secure, expires: expires ?? -1 })),
          addCookies: (list) => context.setCookie(...list.map((one) => ({ path: '/', secure: false, httpOnly: false, ...one }))),
          close: () => context.close(),
        };
      }),
    close: () => browser.close(),
  };
}
