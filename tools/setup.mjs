// Brings a fresh clone to the point where it builds and can be tested: npm packages, the
// wasm32 target, a browser. Each step looks first and does nothing when it is done.
// It needs Node's own modules only. It does not install Rust itself or Node.

import { existsSync, lstatSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Failure, ask, at, main, run, started } from './lib.mjs';

const TARGET = 'wasm32-unknown-unknown';
const OLDEST_RUST = [1, 88];

/** npm packages, exactly as the lock file says. */
export async function packages() {
  if (Number(process.versions.node.split('.')[0]) < 20) {
    throw new Failure(`Node ${process.versions.node} is too old: install version 20 or newer, for instance with \`nvm install 22\`.`);
  }
  const lock = at('package-lock.json');
  const installed = at('node_modules', '.package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  // npm empties what a link leads to, which is another project's.
  if (lstatSync(at('node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) {
    throw new Failure('node_modules is a link to another folder and older than the lock file: run `rm node_modules`, then this again.');
  }
  console.log('installing npm packages');
  // No package here needs its install script, so none runs.
  await run('npm', ['ci', '--ignore-scripts', '--loglevel=error'], {
    fix: 'Run `npm ci` to see what stops it; the registry must be reachable.',
  });
}

/** cargo, a linker, the wasm32 target and the components asked for. */
export async function rust({ components = [] } = {}) {
  const version = ask('rustc', ['--version']);
  if (version === null) {
    throw new Failure('Rust is missing: install it with `curl --proto =https --tlsv1.2 -sSf https://sh.rustup.rs | sh`.');
  }
  const [major, minor] = version.split(' ')[1].split('.').map(Number);
  if (major < OLDEST_RUST[0] || (major === OLDEST_RUST[0] && minor < OLDEST_RUST[1])) {
    throw new Failure(`${version} is too old, ${OLDEST_RUST.join('.')} is needed: run \`rustup update stable\`.`);
  }
  if (process.platform === 'linux' && ask('cc', ['--version']) === null) {
    if (!mayApt()) throw new Failure('A C linker is missing, which Rust needs: run `sudo apt-get install gcc libc6-dev` or your system\'s equivalent.');
    await apt('gcc', 'libc6-dev');
  }
  const sysroot = ask('rustc', ['--print', 'sysroot']);
  if (!existsSync(join(sysroot, 'lib', 'rustlib', TARGET, 'lib'))) {
    console.log(`adding the target ${TARGET}`);
    await run('rustup', ['target', 'add', TARGET], {
      fix: `Run \`rustup target add ${TARGET}\` where static.rust-lang.org can be reached; without rustup, install your system's standard library for ${TARGET}.`,
    });
  }
  for (const component of components) {
    const there = component === 'rust-src'
      ? existsSync(join(sysroot, 'lib', 'rustlib', 'src', 'rust', 'library'))
      : ask('cargo', [component === 'rustfmt' ? 'fmt' : component, '--version']) !== null;
    if (there) continue;
    console.log(`adding the component ${component}`);
    await run('rustup', ['component', 'add', component], {
      fix: `Run \`rustup component add ${component}\` where static.rust-lang.org can be reached.`,
    });
  }
}

/** Where Chromium or Chrome is, or null. */
export function findChromium() {
  if (process.env.CHROMIUM) {
    if (existsSync(process.env.CHROMIUM)) return process.env.CHROMIUM;
    throw new Failure(`CHROMIUM names \`${process.env.CHROMIUM}\`, which does not exist: set it to a browser's path or run \`unset CHROMIUM\`.`);
  }
  const places = {
    linux: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable', '/opt/google/chrome/chrome'],
    darwin: ['/Applications/Chromium.app/Contents/MacOS/Chromium', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'],
    win32: ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA']
      .map((name) => process.env[name])
      .filter(Boolean)
      .map((folder) => join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe')),
  }[process.platform] ?? [];
  return places.find((path) => existsSync(path)) ?? playwrightChromium();
}

/**
 * What the tests open their pages in, where nothing about the window matters: Chromium's engine without
 * the browser around it, which Playwright calls the headless shell. A visitor in it costs half the work
 * of one in a whole Chromium, which stands in where there is no shell, or where CHROMIUM names a browser.
 */
export function findShell() {
  if (process.env.CHROMIUM) return findChromium();
  return (existsSync(DEBIAN_SHELL) ? DEBIAN_SHELL : null) ?? findChromium();
}
const DEBIAN_SHELL = '/usr/bin/chromium-headless-shell';

// Playwright keeps the browsers it downloads in one folder a version.
function playwrightChromium() {
  const cache = process.env.PLAYWRIGHT_BROWSERS_PATH ?? {
    linux: join(homedir(), '.cache', 'ms-playwright'),
    darwin: join(homedir(), 'Library', 'Caches', 'ms-playwright'),
    win32: join(process.env.LOCALAPPDATA ?? homedir(), 'ms-playwright'),
  }[process.platform];
  if (!cache || !existsSync(cache)) return null;
  const number = (name) => Number(name.split('-').at(-1)) || 0;
  const inside = [
    ['chrome-linux', 'chrome'], ['chrome-linux64', 'chrome'],
    ['chrome-mac', 'Chromium.app', 'Contents', 'MacOS', 'Chromium'],
    ['chrome-win', 'chrome.exe'], ['chrome-win64', 'chrome.exe'],
  ];
  for (const name of readdirSync(cache).filter((name) => /^chromium-\d+$/.test(name)).sort((a, b) => number(b) - number(a))) {
    for (const parts of inside) {
      const path = join(cache, name, ...parts);
      if (existsSync(path)) return path;
    }
  }
  return null;
}

/** A browser for the tests: finds one, or installs Debian's when it may. */
export async function chromium() {
  const found = findChromium();
  if (found) return found;
  // Ubuntu's package of that name is a snap, which does not start everywhere.
  if (!mayApt(/^ID=debian$/m)) {
    throw new Failure('No Chromium was found: run `sudo apt-get install chromium` (Debian, Ubuntu) or `npx playwright-core install chromium`, or set CHROMIUM to a browser\'s path.');
  }
  await apt('chromium', 'chromium-headless-shell');
  const installed = findChromium();
  if (installed) return installed;
  throw new Failure('`apt-get install chromium` ran, yet no browser was found: run `npx playwright-core install --with-deps chromium`, or set CHROMIUM to a browser\'s path.');
}

/** The same without its window, for the tests: see findShell(). */
export async function shell() {
  const whole = await chromium();
  if (process.env.CHROMIUM || whole !== '/usr/bin/chromium' || existsSync(DEBIAN_SHELL) || !mayApt(/^ID=debian$/m)) return findShell();
  // Quicker, and no more: without it the tests are the same.
  await apt('chromium-headless-shell').catch((error) => {
    if (!(error instanceof Failure)) throw error;
    console.log(`the tests use ${whole}, which takes longer: ${error.message}`);
  });
  return findShell();
}

/**
 * How Chromium is started for tests. A window that nobody sees still builds its address bar's two
 * popups, pages of their own, and keeps a spare process: for each visitor anew, more work than
 * most of the pages that are tested. The list is Playwright's own and those, because the last
 * `--disable-features` is the one that counts. Names that a version does not have do nothing.
 */
export const CHROMIUM_ARGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
  `--disable-features=${[
    'AvoidUnnecessaryBeforeUnloadCheckSync', 'DestroyProfileOnBrowserClose', 'HttpsUpgrades', 'HttpsFirstBalancedModeAutoEnable', 'LensOverlay',
    'MediaRouter', 'PaintHolding', 'ThirdPartyStoragePartitioning', 'AvoidCorsURLLoaderRestartOnRedirect', 'TcpPortRandomizationWin',
    'OptimizationHints', 'NetworkTimeServiceQuerying', 'AimEnabled', 'PreconnectToSearch',
    'WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'SpareRendererForSitePerProcess',
  ].join(',')}`,
];

/** Where Firefox is, or null. */
export function findFirefox() {
  if (process.env.FIREFOX) {
    if (existsSync(process.env.FIREFOX)) return process.env.FIREFOX;
    throw new Failure(`FIREFOX names \`${process.env.FIREFOX}\`, which does not exist: set it to a browser's path or run \`unset FIREFOX\`.`);
  }
  const places = {
    linux: ['/usr/bin/firefox-esr', '/usr/bin/firefox'],
    darwin: ['/Applications/Firefox.app/Contents/MacOS/firefox'],
    win32: ['PROGRAMFILES', 'PROGRAMFILES(X86)'].map((name) => process.env[name]).filter(Boolean).map((folder) => join(folder, 'Mozilla Firefox', 'firefox.exe')),
  }[process.platform] ?? [];
  return places.find((path) => existsSync(path)) ?? null;
}

/** Where WebKitGTK's browser, its driver and a screen for it are, or null. */
export function findWebKit() {
  const first = (paths) => paths.find((path) => existsSync(path));
  const libraries = ['/usr/lib', '/usr/libexec', ...(existsSync('/usr/lib') ? readdirSync('/usr/lib').filter((name) => name.endsWith('-linux-gnu')).map((name) => join('/usr/lib', name)) : [])];
  const browser = first(libraries.flatMap((folder) => ['webkit2gtk-4.1', 'webkitgtk-6.0', 'webkit2gtk-4.0'].map((name) => join(folder, name, 'MiniBrowser'))));
  const driver = first(['/usr/bin/WebKitWebDriver']);
  const screen = first(['/usr/bin/Xvfb']);
  return browser && driver && screen ? { browser, driver, screen } : null;
}

/** Firefox and WebKit for the kind \`engines\`: finds them, or installs Debian's when it may. */
export async function engines() {
  const missing = () => [...(findFirefox() ? [] : ['firefox-esr']), ...(findWebKit() ? [] : ['webkit2gtk-driver', 'xvfb'])];
  const wanted = missing();
  if (wanted.length && mayApt(/^ID=debian$/m)) await apt(...wanted);
  const left = missing();
  if (left.length) {
    throw new Failure(`A browser of the kind \`engines\` is missing: run \`sudo apt-get install --no-install-recommends ${left.join(' ')}\` (Debian's names; WebKit is WebKitGTK's MiniBrowser with WebKitWebDriver, on Linux alone).`);
  }
}

/** Redis and PostgreSQL, for the tests of what servers keep: finds them, or installs Debian's. */
export async function stores() {
  const wanted = [
    ['redis-server', ask('redis-server', ['--version']) !== null],
    ['postgresql', [...(existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql').map((version) => `/usr/lib/postgresql/${version}/bin`) : []), '/usr/local/bin', '/usr/bin', '/opt/homebrew/bin']
      .some((folder) => existsSync(join(folder, 'initdb')))],
  ].filter(([, there]) => !there).map(([name]) => name);
  if (!wanted.length) return;
  if (!mayApt()) throw new Failure(`The tests of the server part need ${wanted.join(' and ')}: run \`sudo apt-get install ${wanted.join(' ')}\` or your system's equivalent.`);
  await apt(...wanted);
}

/** PHP, for the WordPress plugin: finds it, or installs Debian's. What needs it is skipped where it cannot be had. */
export async function php() {
  if (ask('php', ['--version']) === null && mayApt()) await apt('php-cli');
}

function mayApt(system = /^ID(_LIKE)?=.*debian/m) {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || ask('apt-get', ['--version']) === null) return false;
  try {
    return system.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
}

async function apt(...names) {
  const command = `apt-get update && apt-get install -y --no-install-recommends ${names.join(' ')}`;
  const options = { env: { DEBIAN_FRONTEND: 'noninteractive' }, fix: `Run \`${command}\` where Debian's servers can be reached.` };
  console.log(`installing ${names.join(', ')} with apt-get`);
  await run('apt-get', ['update'], options);
  await run('apt-get', ['install', '-y', '--no-install-recommends', ...names], options);
}

if (started(import.meta)) {
  await main(async () => {
    await packages();
    await rust({ components: ['clippy', 'rustfmt'] });
    const browser = await shell();
    await engines();
    await stores();
    console.log(`everything is there; browsers: ${[browser, findFirefox(), findWebKit().browser].join(', ')}`);
  });
}
