// One visit: a fresh profile, what was asked for and written, and what a visitor does. It judges
// nothing.

import hooks from 'page:./hooks.js';
import pageScript from 'page:./page.js';
import { BUTTONS } from './buttons.js';
import { Unable } from './browser.js';
import { owner, refusal, request as recognise } from './mixpanel.js';

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** How long a page may take to load, and an answer to be heard. Milliseconds. */
const LOAD = 45_000;
const HEARD = 10_000;
/** How long a button that does nothing is left alone before it is pressed again. Milliseconds. */
const DEAF = 1_000;
/** How much is kept of what one visit tells. */
const MOST = 50_000;
/** How many switches `each` presses at most. */
const SWITCHES = 40;
/** How long after a page is left what it sends at the last moment is waited for. */
const LEFT = 700;

/** A button that is not there: the visit was not made, and says so. */
export class NotRun extends Error {}

const GPC = `Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { configurable: true, enumerable: true, get: () => true });`;

/**
 * @param {{ browser: any, agent: string }} started
 * @param {{ url: string, core: ReturnType<typeof import('./judge.js').judge>, wait?: number, gpc?: boolean, answers?: any }} options
 */
export async function visit({ browser, agent }, { url, core, wait = 8000, gpc = false, answers = {} }) {
  /** How long a button may take to appear. */
  const appearing = Math.max(12_000, wait * 1.5);
  const context = await browser.newContext({
    userAgent: agent,
    viewport: { width: 1280, height: 800 },
    // What a worker sends goes past what is watched.
    serviceWorkers: 'block',
    ...(gpc ? { extraHTTPHeaders: { 'Sec-GPC': '1' } } : {}),
  });
  const asked = [];
  const log = [];
  const bodies = [];
  const instances = [];
  const channels = new Set();
  let acted = 0;
  await context.exposeBinding('__consentVisit', (_, payload) => {
    const entry = JSON.parse(payload);
    // The page can call this too.
    if (log.length + bodies.length > MOST) return;
    if (entry.kind == 'ask' || entry.kind == 'body') bodies.push(entry);
    else if (entry.kind == 'instance') instances.push(entry);
    else if (entry.kind == 'bridge') channels.add(entry.key);
    else if (entry.kind == 'act') acted = entry.at;
    else log.push(entry);
  });
  if (gpc) await context.addInitScript(GPC);
  await context.addInitScript(hooks);
  context.on('request', (request) => {
    const at = Date.now();
    let body;
    try {
      body = request.postData() ?? undefined;
    } catch {
      // Packed: a recording. Its address says what it is.
    }
    const entry = { at, method: request.method(), url: request.url(), body, type: request.resourceType(), authorization: request.headers().authorization };
    asked.push(entry);
    // The browser's own clock, where it has said it: an event may be told later.
    const settle = () => {
      const { startTime } = request.timing();
      if (startTime > 0) entry.at = Math.min(at, startTime);
    };
    request.response().then(settle, settle);
  });
  const page = await context.newPage();
  page.on('dialog', (dialog) => dialog.dismiss().catch(() => {}));

  /** What Mixpanel's projects are called here, as far as anything has said it. */
  const tokens = new Set();
  const learn = (token) => typeof token == 'string' && token.length > 12 && tokens.add(token);
  let seen;
  const libraries = () => [seen?.mixpanel?.custom].filter(Boolean);

  /** Requests to Mixpanel since a moment, in order, with what their bodies say. */
  function requests(since = 0) {
    for (const { token } of instances) learn(token);
    for (const key of channels) learn(key.split(/[:.]/)[1]);
    const told = bodies.filter(({ body }) => body !== undefined);
    const rows = () =>
      asked.flatMap((entry) => {
        // A beacon's body is told by the page alone.
        const body = entry.body ?? told.find((one) => one.url == entry.url && Math.abs(one.at - entry.at) < 2000)?.body;
        const is = recognise({ ...entry, body }, { tokens, libraries: libraries() });
        if (is) learn(is.token);
        return is ? [{ at: entry.at, method: entry.method, ...is }] : [];
      });
    // What names the project first may come after what needs the name.
    rows();
    // Asked for by the page and never seen on the network: what a page that goes away sends.
    const heard = bodies
      .filter(({ kind, url, at }) => kind == 'ask' && !asked.some((entry) => entry.url == url && Math.abs(entry.at - at) < 3000))
      .flatMap(({ at, url, body, how }) => {
        const is = recognise({ method: how == 'beacon' ? 'POST' : 'GET', url, body }, { tokens, libraries: libraries() });
        return is ? [{ at, method: how == 'beacon' ? 'POST' : 'ASK', ...is }] : [];
      });
    return [...rows(), ...heard].filter(({ at }) => at >= since).sort((a, b) => a.at - b.at);
  }

  /** What was written under Mixpanel's names since a moment, also if removed again. */
  const writes = (since = 0) => {
    requests();
    return log
      .filter(({ kind, name, at }) => kind == 'write' && at >= since && owner(name, tokens) == 'mixpanel')
      .map(({ at, area, name, value }) => ({ at, area, name, refusal: refusal(name, value) }));
  };

  async function goto() {
    try {
      const response = await page.goto(url, { waitUntil: 'domcontentloaded', timeout: LOAD });
      if (response && response.status() >= 400) throw new Unable('page-refused', `\`${url}\` answered ${response.status()}. Give an address that a visitor can open; behind a login or a robot check this command sees only that.`);
    } catch (error) {
      if (error instanceof Unable) throw error;
      const why = /net::\w+|Timeout/.exec(error.message)?.[0] ?? String(error.message).split('\n')[0];
      throw new Unable('page-unreachable', `\`${url}\` could not be opened (${why}). Is the address right, and reachable from this machine?`);
    }
    await page.waitForLoadState('load', { timeout: LOAD }).catch(() => {});
  }

  /** What the page says now: the consent managers by the core, and what is seen of Mixpanel. */
  async function look(late) {
    for (let tries = 0; ; tries++)
      try {
        const read = await page.evaluate(`(() => { ${pageScript}; return page.read(${JSON.stringify(core.program)}); })()`);
        seen = read;
        for (const { token } of read.mixpanel?.instances ?? []) learn(token);
        return { ...core.of(read, late), mixpanel: read.mixpanel, bridge: read.bridge };
      } catch (error) {
        // The page went to another one meanwhile.
        if (tries > 5) throw error;
        await pause(300);
      }
  }

  /** The elements of a selector that can be seen, in any frame and open shadow root; of several selectors, of the first that has one. */
  async function visible(selectors) {
    for (const selector of [selectors].flat())
      for (const frame of page.frames()) {
        const all = frame.locator(selector);
        const count = await all.count().catch((error) => {
          if (/selector/i.test(error.message)) throw new Unable('selector-invalid', `\`${selector}\` is no selector (${String(error.message).split('\n')[0]}). Give a CSS selector.`);
          // The frame has gone.
          return 0;
        });
        const seen = [];
        for (let i = 0; i < Math.min(count, 20); i++) if (await all.nth(i).isVisible().catch(() => false)) seen.push(all.nth(i));
        if (seen.length) return seen;
      }
    return undefined;
  }

  async function appear(selectors, ms = appearing) {
    for (const end = Date.now() + ms; ; await pause(150)) {
      const buttons = await visible(selectors);
      if (buttons || Date.now() > end) return buttons;
    }
  }

  /** Which steps make an answer here: those given, or of a consent manager that is on the page. */
  async function steps(what) {
    const given = answers[what];
    if (given?.length) return { steps: given, by: given.map((step) => step.run ?? step).join(', '), given: true };
    const option = `Give \`--${what} 'css selector'\` (again for each further click), or \`--${what}-script 'javascript'\`.`;
    for (const end = Date.now() + appearing; ; await pause(250)) {
      const { sources } = await look(false);
      const known = sources.filter(({ cmp }) => BUTTONS[cmp]?.[what]);
      for (const { cmp } of known) {
        const first = BUTTONS[cmp][what][0];
        // After an answer the question is opened again by the steps themselves.
        if (what == 'withdraw' || (await visible(first))) return { steps: BUTTONS[cmp][what], by: cmp };
      }
      if (Date.now() < end) continue;
      const ids = sources.map(({ cmp }) => `\`${cmp}\``).join(', ');
      throw new NotRun(
        known.length
          ? `${ids} is on the page, and none of its known buttons for ${what} could be seen within ${appearing / 1000} s. Does it ask visitors from here? ${option}`
          : sources.length
            ? `${ids} is on the page, and its button for ${what} is not known. ${option}`
            : `No consent manager was recognised. ${option}`,
      );
    }
  }

  /**
   * Answers, and waits until the consent manager has heard it.
   * @param {'yes' | 'no' | 'withdraw'} what
   */
  async function answer(what) {
    const how = await steps(what);
    let at = 0;
    let last;
    /** Presses, and remembers when: by the page's own clock, before any of its handlers ran. */
    const press = async (button, selectors) => {
      acted = 0;
      at = Date.now();
      await button.click({ timeout: appearing, noWaitAfter: true }).catch((error) => {
        throw new NotRun(`\`${selectors}\` is there and could not be clicked (${String(error.message).split('\n')[0]}).`);
      });
      // That it was pressed is told a moment later.
      await pause(50);
      at = acted || at;
    };
    for (const step of how.steps) {
      last = undefined;
      if (step.run !== undefined) {
        at = Date.now();
        try {
          await page.evaluate(`void (${step.run})`);
          continue;
        } catch (error) {
          if (!step.or) throw new NotRun(`\`${step.run}\` failed (${String(error.message).split('\n')[0]}). ${how.given ? 'Try it in the console of the page first.' : `Give \`--${what} 'css selector'\`.`}`);
        }
      }
      const selectors = step.or ?? step.each ?? step;
      let buttons = await appear(selectors);
      if (!buttons) throw new NotRun(`Nothing that can be seen matches \`${selectors}\` (${how.given ? `--${what}` : how.by}). Give \`--${what} 'css selector'\`, once for each click.`);
      // What was pressed may match no longer, so the others are looked for again.
      for (let count = 0; buttons && count < (step.each ? SWITCHES : 1); count++) {
        await press(buttons[0], selectors);
        buttons = step.each && (await visible(selectors));
      }
      if (!step.each) last = selectors;
    }
    const done = { at, by: how.by, confirmed: false, says: undefined };
    const open = what == 'yes';
    let again = Date.now() + DEAF;
    for (const end = Date.now() + HEARD; ; await pause(150)) {
      const state = await look(true);
      done.at = at;
      done.says = { consent: state.consent, mode: state.mode, cmp: state.cmp, code: state.code, reason: state.reason };
      if (state.sources.length == 0) {
        // One that comes late is asked as well; where none came after the first answer, none will.
        if (alone || Date.now() > end) {
          alone = true;
          return done;
        }
        continue;
      }
      done.confirmed = open ? state.mode == 'on' : state.mode != 'on' && state.consent != 'unset';
      if (done.confirmed) return done;
      // Some buttons can be seen before they do anything. A visitor presses again.
      const still = last && Date.now() > again && (await visible(last));
      if (still) {
        await press(still[0], last);
        again = Date.now() + DEAF;
      }
      if (Date.now() > end) {
        throw new NotRun(
          `The visit pressed ${how.by} for ${what}, and \`${state.cmp ?? state.sources[0].cmp}\` then says \`${state.consent}\` (${state.code}): ${state.reason} Is it the right button, and the category's right name (--category)?`,
        );
      }
    }
  }

  /** Goes from the page as a visitor does, so that what it sends at the last moment is sent. */
  async function leave() {
    await page.goto('about:blank').catch(() => {});
    await pause(LEFT);
  }

  /** What is on the device, looked at from an empty page of the same origin. */
  async function device() {
    const { origin } = new URL(page.url() == 'about:blank' ? last : page.url());
    const blank = `${origin}/.well-known/empty-page-of-a-consent-visit`;
    await context.route(blank, (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>empty</title>' }));
    await page.goto(blank).catch(() => {});
    const read = await page.evaluate(`(() => { ${pageScript}; return page.device(); })()`).catch(() => ({ local: [], session: [], databases: [] }));
    const cookies = await context.cookies();
    requests();
    const all = [
      ...cookies.map(({ name, value, domain, expires }) => ({ area: 'cookie', name, value, domain, days: expires > 0 ? Math.round((expires * 1000 - Date.now()) / 86_400_000) : 0 })),
      ...read.local.map(([name, value]) => ({ area: 'local', name, value })),
      ...read.session.map(([name, value]) => ({ area: 'session', name, value })),
      ...read.databases.map(({ name, records }) => ({ area: 'database', name, records })),
    ];
    const of = (whose) => all.filter(({ name }) => owner(name, tokens) == whose);
    const own = of('mixpanel');
    // A cookie of Mixpanel's own hosts is theirs, whatever its name.
    own.push(...all.filter((one) => one.domain && /(^|\.)(mixpanel\.com|mxpnl\.com)$/.test(one.domain) && !own.includes(one)));
    const bare = ({ value, ...rest }) => ({ ...rest, refusal: refusal(rest.name, value) });
    return { stored: own.map(bare), bridge: of('bridge').map(({ value, ...rest }) => rest) };
  }

  let last = url;
  /** No consent manager was there when the first answer was given. */
  let alone = false;
  page.on('framenavigated', (frame) => {
    if (frame === page.mainFrame() && /^https?:/.test(frame.url())) last = frame.url();
  });

  return {
    page,
    tokens,
    instances,
    channels,
    get began() {
      return asked.find(({ type }) => type == 'document')?.at ?? Date.now();
    },
    goto,
    look,
    answer,
    requests,
    writes,
    leave,
    device,
    /** Waits, for at most so long, until something to Mixpanel's API was seen. */
    async sent(since, ms) {
      for (const end = Date.now() + ms; Date.now() < end; await pause(200)) if (requests(since).some(({ kind }) => kind != 'library')) break;
    },
    scroll: async () => {
      await page.mouse.move(640, 400).catch(() => {});
      for (let i = 0; i < 3; i++) {
        await page.mouse.wheel(0, 500).catch(() => {});
        await pause(100);
      }
    },
    close: () => context.close().catch(() => {}),
  };
}
