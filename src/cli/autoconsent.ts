// DuckDuckGo's autoconsent: rules for the buttons of hundreds of consent managers, well kept, and
// installed beside this package by whoever wants it (an optional peer; MPL-2.0). It runs in the page by
// its own script; what it wants to say is fetched from the page, so that there is no function in it
// that a page could call. Whether its press was heard is read back as for any other.

import { readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Frame } from 'playwright-core';
import { pause } from './types.ts';
import type { Visit } from './visit.ts';

const NAME = '@duckduckgo/autoconsent';
/** How long it may look for a consent manager, and work its buttons. Milliseconds. */
const FIND = 6_000;
const WORK = 20_000;

interface Bundle {
  script: string;
  rules: unknown;
}

let bundle: Bundle | null | undefined;

/** What is installed, or null. */
export function rules(): Bundle | null {
  if (bundle !== undefined) return bundle;
  bundle = null;
  for (const from of [() => realpathSync(process.argv[1] ?? ''), () => join(process.cwd(), 'here.js')])
    try {
      const require = createRequire(from());
      const folder = dirname(require.resolve(NAME));
      bundle = {
        script: readFileSync(join(folder, 'autoconsent.playwright.js'), 'utf8'),
        rules: JSON.parse(readFileSync(require.resolve(`${NAME}/rules/rules.json`), 'utf8')),
      };
      break;
    } catch {
      // Not installed here, or in another form.
    }
  return bundle;
}

const OUTBOX = `(window.__autoconsentOut ||= [], window.autoconsentSendMessage ||= (message) => { window.__autoconsentOut.push(JSON.stringify(message)); return Promise.resolve(); })`;

/** Has it answered; the name of its rule if it says that it has, else undefined. */
export async function autoconsent(v: Visit, act: 'yes' | 'no'): Promise<string | undefined> {
  const found = rules();
  if (!found) return undefined;
  const config = {
    enabled: true, autoAction: act == 'yes' ? 'optIn' : 'optOut', disabledCmps: [], enablePrehide: false, enableCosmeticRules: false, enableGeneratedRules: true,
    detectRetries: 20, isMainWorld: true, prehideTimeout: 0, enableHeuristicDetection: false, visualTest: false,
    logs: { lifecycle: false, rulesteps: false, detectionsteps: false, evals: false, errors: false, messages: false, waits: false },
  };
  const into = async (frame: Frame): Promise<void> => void (await frame.evaluate(`${OUTBOX}; ${found.script}`).catch(() => {}));
  const say = async (frame: Frame, message: unknown): Promise<void> => void (await frame.evaluate(`autoconsentReceiveMessage(${JSON.stringify(message)})`).catch(() => {}));
  const loaded = new WeakSet<Frame>();
  let cmp: string | undefined;
  for (const began = Date.now(); Date.now() - began < (cmp ? WORK : FIND); await pause(150))
    for (const frame of v.page.frames().slice(0, 30)) {
      if (!loaded.has(frame)) {
        loaded.add(frame);
        await into(frame);
      }
      const said = await frame.evaluate('(window.__autoconsentOut || []).splice(0, 100)').catch(() => []);
      for (const text of Array.isArray(said) ? said : []) {
        let message: { type?: unknown; id?: unknown; code?: unknown; cmp?: unknown; result?: unknown };
        try {
          message = JSON.parse(String(text)) as typeof message;
        } catch {
          continue;
        }
        const { type } = message;
        if (type == 'init') await say(frame, { type: 'initResp', config, rules: found.rules });
        else if (type == 'eval') await say(frame, { type: 'evalResp', id: message.id, result: await frame.evaluate(String(message.code)).catch(() => false) });
        else if (type == 'popupFound') cmp = String(message.cmp).slice(0, 60);
        else if (type == (act == 'yes' ? 'optInResult' : 'optOutResult') && message.result) return `autoconsent's rule ${String(message.cmp).slice(0, 60)}`;
        else if (type == 'optInResult' || type == 'optOutResult') return undefined;
      }
    }
  return undefined;
}
