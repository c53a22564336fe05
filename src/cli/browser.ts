// A browser that is on the machine already, driven by Playwright, which the user installs beside
// this package: both are large, and most users of the package never want them. Why Playwright:
// DESIGN.md.

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserType } from 'playwright-core';
import { Unable, firstLine, type Settings } from './types.ts';

const DRIVERS = ['playwright-core', 'playwright'];
const PLACES: Partial<Record<NodeJS.Platform, string[]>> = {
  linux: ['/usr/bin/google-chrome', '/usr/bin/google-chrome-stable', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/snap/bin/chromium', '/usr/bin/microsoft-edge'],
  darwin: ['Google Chrome', 'Chromium', 'Microsoft Edge'].map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`),
  win32: ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA']
    .flatMap((name) => process.env[name] ?? [])
    .flatMap((folder) => ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe'].map((path) => join(folder, path))),
};

/** A module that the user has installed: beside this package first, then where the command was given, since `npx` has a folder of its own. */
export async function installed(name: string): Promise<unknown> {
  const here = createRequire(join(process.cwd(), 'here.js'));
  for (const find of [() => name, () => pathToFileURL(here.resolve(name)).href])
    try {
      return await import(find());
    } catch (error) {
      if (!/^(ERR_MODULE_NOT_FOUND|MODULE_NOT_FOUND)$/.test(String((error as NodeJS.ErrnoException).code))) throw error;
    }
  return undefined;
}

async function driver(): Promise<BrowserType> {
  for (const name of DRIVERS) {
    const module = (await installed(name)) as { chromium?: BrowserType; default?: { chromium: BrowserType } } | undefined;
    const chromium = module?.chromium ?? module?.default?.chromium;
    if (chromium) return chromium;
  }
  throw new Unable(
    'driver-missing',
    'Playwright drives the browser, and it is not installed. Run `npm install --save-dev playwright-core`, or without a project: `npx -p mixpanel-consent-bridge -p playwright-core mixpanel-consent-bridge verify URL`.',
  );
}

export interface Started {
  browser: Browser;
  /** As a visitor's browser calls itself. */
  agent: string;
  version: string;
  sandbox: boolean;
}

/** Starts a browser: the one given, else of the environment (CHROME_PATH), else where they usually are, else Playwright's own. */
export async function launch({ browser: path, headed, sandbox: wanted, letThrough }: Settings): Promise<Started> {
  const chromium = await driver();
  const named = path ?? process.env.CHROME_PATH ?? process.env.CHROMIUM;
  if (named && !existsSync(named))
    throw new Unable('browser-missing', `There is no browser at \`${named}\` (${path ? '--browser' : 'the environment variable CHROME_PATH or CHROMIUM'}). Give the path of Chrome, Chromium or Edge.`);
  const found = named ?? PLACES[process.platform]?.find((one) => existsSync(one));
  // Chromium's sandbox cannot be had as root.
  const sandbox = wanted && process.getuid?.() !== 0;
  try {
    const browser = await chromium.launch({
      ...(found ? { executablePath: found } : {}),
      headless: !headed,
      chromiumSandbox: sandbox,
      args: [
        // As a visitor has it: with this on, `navigator.webdriver` is true, and some consent managers ask robots nothing.
        '--disable-blink-features=AutomationControlled',
        '--no-first-run', '--disable-component-update', '--disable-sync', '--disable-quic',
        // Whatever passes by the command finds no Mixpanel to go to; what the command answers is answered before a name is looked up.
        ...(letThrough ? [] : [`--host-resolver-rules=${['api', 'api-js', 'api-eu', 'api-in', 'decide'].map((name) => `MAP ${name}.mixpanel.com ~NOTFOUND`).join(', ')}`]),
      ],
    });
    const page = await browser.newPage();
    const agent = (await page.evaluate(() => navigator.userAgent)).replace('HeadlessChrome', 'Chrome');
    await page.close();
    return { browser, agent, version: browser.version(), sandbox };
  } catch (error) {
    const message = String(error instanceof Error ? error.message : error);
    if (!found && /executable doesn't exist|not found/i.test(message))
      throw new Unable('browser-missing', 'No browser was found. Install Chrome, Chromium or Edge, or give the path of one: `--browser /path/to/chrome` (or the environment variable CHROME_PATH).');
    throw new Unable(
      'browser-failed',
      `The browser${found ? ` \`${found}\`` : ''} did not start (${firstLine(error)}).${/sandbox|namespace/i.test(message) ? ' In a container without user namespaces, add `--no-sandbox`.' : ' Try another with `--browser`.'}`,
    );
  }
}
