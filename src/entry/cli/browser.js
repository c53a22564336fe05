// A browser that is on the machine already, driven by Playwright, which the user installs beside
// this package: both are large, and most users of the package never want them. Why Playwright:
// DESIGN.md.

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What could not be run at all; told in a sentence or two, without a stack. */
export class Unable extends Error {
  constructor(
    /** Stable; for programs. */ code,
    message,
  ) {
    super(message);
    this.code = code;
  }
}

const DRIVERS = ['playwright-core', 'playwright'];
const PLACES = {
  linux: ['/usr/bin/google-chrome', '/usr/bin/google-chrome-stable', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/snap/bin/chromium', '/usr/bin/microsoft-edge'],
  darwin: ['Google Chrome', 'Chromium', 'Microsoft Edge'].map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`),
  win32: ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA']
    .filter((name) => process.env[name])
    .flatMap((name) => ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe'].map((path) => join(process.env[name], path))),
};

async function driver() {
  // Beside this package first, then where the command was given: `npx` has a folder of its own.
  const here = createRequire(join(process.cwd(), 'here.js'));
  for (const name of DRIVERS)
    for (const find of [() => name, () => pathToFileURL(here.resolve(name)).href])
      try {
        const module = await import(find());
        return module.chromium ?? module.default.chromium;
      } catch (error) {
        if (!/^(ERR_MODULE_NOT_FOUND|MODULE_NOT_FOUND)$/.test(error.code)) throw error;
      }
  throw new Unable(
    'driver-missing',
    'Playwright drives the browser, and it is not installed. Run `npm install --save-dev playwright-core`, or without a project: `npx -p mixpanel-consent-bridge -p playwright-core mixpanel-consent-bridge verify URL`.',
  );
}

/**
 * Starts a browser: the one given, else of the environment (CHROME_PATH), else where they usually are, else Playwright's own.
 * @param {{ path?: string, headed?: boolean, sandbox?: boolean }} options
 */
export async function launch({ path, headed = false, sandbox = true }) {
  const chromium = await driver();
  const named = path ?? process.env.CHROME_PATH ?? process.env.CHROMIUM;
  if (named && !existsSync(named))
    throw new Unable('browser-missing', `There is no browser at \`${named}\` (${path ? '--browser' : 'the environment variable CHROME_PATH or CHROMIUM'}). Give the path of Chrome, Chromium or Edge.`);
  const found = named ?? (PLACES[process.platform] ?? []).find((one) => existsSync(one));
  try {
    const browser = await chromium.launch({
      ...(found ? { executablePath: found } : {}),
      headless: !headed,
      // Chromium's sandbox cannot be had as root.
      chromiumSandbox: sandbox && process.getuid?.() !== 0,
      args: [
        // As a visitor has it: with this on, `navigator.webdriver` is true, and some consent managers ask robots nothing.
        '--disable-blink-features=AutomationControlled',
        '--no-first-run', '--disable-component-update', '--disable-sync', '--disable-quic',
      ],
    });
    const page = await browser.newPage();
    const agent = (await page.evaluate(() => navigator.userAgent)).replace('HeadlessChrome', 'Chrome');
    await page.close();
    return { browser, agent, version: browser.version() };
  } catch (error) {
    const first = String(error.message).split('\n')[0];
    if (!found && /executable doesn't exist|not found/i.test(error.message))
      throw new Unable('browser-missing', 'No browser was found. Install Chrome, Chromium or Edge, or give the path of one: `--browser /path/to/chrome` (or the environment variable CHROME_PATH).');
    throw new Unable(
      'browser-failed',
      `The browser${found ? ` \`${found}\`` : ''} did not start (${first}).${/sandbox|namespace/i.test(error.message) ? ' In a container without user namespaces, add `--no-sandbox`.' : ' Try another with `--browser`.'}`,
    );
  }
}
