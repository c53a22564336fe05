// In which engine the pages run: Chromium, or what `ENGINE=firefox` or `ENGINE=webkit` names. A
// browser that is asked for and is not there is a failure, never a reason to skip.

import { findFirefox, findWebKit } from '../../../../tools/setup.mjs';
import { served } from './proxied.mjs';

export const ENGINES = ['chromium', 'firefox', 'webkit'];
export const ENGINE = process.env.ENGINE || 'chromium';
if (!ENGINES.includes(ENGINE)) throw new Error(`ENGINE is \`${ENGINE}\`: use one of ${ENGINES.join(', ')}`);

/** What a page is given where it asks for a script with this text (only Chromium gets it as it is). */
export const asServed = (text) => (ENGINE === 'chromium' ? text : served(text));

async function launch() {
  if (ENGINE === 'firefox') {
    const path = findFirefox();
    if (!path) throw new Error('no Firefox found: set FIREFOX to its path, or `apt-get install firefox-esr`');
    return (await import('./firefox.mjs')).launchFirefox(path);
  }
  const paths = findWebKit();
  if (!paths) throw new Error('no WebKitGTK found: `apt-get install webkit2gtk-driver xvfb`');
  return (await import('./webkit.mjs')).launchWebKit(paths);
}

// One browser for all that runs in this process: it takes seconds to start, and visitors are
// strangers to each other in it anyway.
let shared;
let users = 0;

/** Firefox or WebKit, with what the harness needs of Playwright's `Browser`. */
export async function launchOther(server) {
  users += 1;
  shared ??= launch();
  const browser = await shared;
  return {
    newContext: () => browser.newContext(server),
    close: async () => {
      users -= 1;
      if (users > 0) return;
      shared = undefined;
      await browser.close();
    },
  };
}
