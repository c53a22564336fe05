// One visit: a fresh profile, the page in one tab or two, and what is there when somebody looks. How
// an answer is given stands in answer.ts, what is seen meanwhile in watch.ts. It judges nothing.

import pageScript from 'page:./page.ts';
import type { Page, Response } from 'playwright-core';
import type { Started } from './browser.ts';
import type { Judge } from './judge.ts';
import { looked, onDevice, strings, type Looked, type OnDevice } from './look.ts';
import { owner, refusal } from './mixpanel.ts';
import { Watched, isData } from './watch.ts';
import { NotShown, firstLine, pause, within, type BridgeSays, type Moment, type Says, type Settings, type Stored } from './types.ts';

/** How long a page may take to load, and to say something when it is asked. Milliseconds. */
const LOAD = 45_000;
const SPEAK = 10_000;
/** How long after its text a page may take for the rest. */
const REST = 10_000;
/** How long after a page is left what it sends at the last moment is waited for. */
const LEFT = 700;
/** How often a page that goes to another one while it is looked at is looked at again. */
const TRIES = 5;

/** After so many pages in one visit, which opens six at most, a page goes in circles. */
const CIRCLES = 10;
/** What a browser calls an address that it cannot open, in words. */
const UNREACHABLE: [RegExp, string][] = [
  [/AUTH_CREDENTIALS/, 'it asks for a name and a password. Put them into the address: `https://name:password@…`; no report has them'],
  [/TOO_MANY_REDIRECTS/, 'it sends from one address to the next without an end'],
  [/NAME_NOT_RESOLVED/, 'there is no host of that name, or this machine cannot look it up'],
  [/CONNECTION_REFUSED|ADDRESS_UNREACHABLE/, 'nothing answers at that host and port'],
  [/CERT|SSL/, 'its certificate or its TLS is not what a browser takes. With a certificate of a test system: --insecure'],
  [/UNSAFE_PORT|UNSAFE_REDIRECT|UNKNOWN_URL_SCHEME/, 'a browser opens no such address'],
  [/EMPTY_RESPONSE|INVALID_HTTP|CONNECTION_(RESET|CLOSED)/, 'what answers there is no web server, or it hung up'],
  [/Timeout|TIMED_OUT/, 'no answer came in time'],
  [/ERR_ABORTED|RESPONSE_CODE_FAILURE/, 'it has no page to show'],
];

/** What there is to say of a page that could not be opened, from the browser's own word for it. */
const unreachable = (url: string, why: string) => {
  const told = UNREACHABLE.find(([which]) => which.test(why))?.[1] ?? 'is the address right, and reachable from this machine?';
  return new NotShown('page-unreachable', `\`${url}\` could not be opened: ${told}${/[?]$/.test(told) ? '' : '.'} (${why})`);
};

const CRASHED = (url: string): NotShown => new NotShown('page-crashes', `\`${url}\` crashed the tab that it was opened in: it needs more memory, or more depth, than a browser has.`);
const BUSY = (url: string): Error => new NotShown('page-busy', `\`${url}\` keeps its thread busy: nothing in it could be looked at for ${SPEAK / 1000} s.`);

/** Titles of what stands between a visitor and the page; and what the wardens write into their answers. */
const WARDEN = /^(just a moment|attention required|access denied|verify(ing)? (that )?you are( a)? human|are you a (ro)?bot|checking your browser|pardon our interruption|security check|robot check|bot verification|please verify you are a human|one more step|ddos-guard|vercel security checkpoint|client challenge)/i;
const WARDEN_HEADERS: [string, RegExp][] = [['cf-mitigated', /challenge/], ['x-amzn-waf-action', /challenge|captcha/], ['x-datadome', /protected|captcha/], ['x-vercel-mitigated', /challenge/]];

export class Visit {
  private last: string;
  readonly moments: Moment[] = [];
  /** The visit's tabs; acts are done in the first. */
  readonly tabs: Page[] = [];
  private lastLook: Looked | undefined;
  private opened = 0;
  private crashed = false;

  private constructor(
    readonly watched: Watched,
    readonly settings: Settings,
    private readonly core: Judge,
    readonly url: string,
  ) {
    this.last = url;
  }

  static async begin(started: Started, settings: Settings, core: Judge, { url, gpc = false }: { url: string; gpc?: boolean }): Promise<Visit> {
    const visit = new Visit(await Watched.begin(started, settings, { page: url, gpc }), settings, core, url);
    await visit.tab();
    return visit;
  }

  get page(): Page {
    const [first] = this.tabs;
    if (!first) throw new Error('A visit has a tab from its beginning.');
    return first;
  }

  /** One more tab of the same visitor's. */
  async tab(): Promise<Page> {
    const page = await this.watched.open();
    this.tabs.push(page);
    page.on('crash', () => (this.crashed = true));
    page.on('framenavigated', (frame) => {
      if (frame === page.mainFrame() && /^https?:/.test(frame.url())) {
        this.last = frame.url();
        this.opened += 1;
      }
    });
    return page;
  }

  /** Runs something of page.ts in a page. */
  ask(call: string, page: Page = this.page): Promise<unknown> {
    return within(page.evaluate(`(() => { ${pageScript}; return page.${call}; })()`), SPEAK, () => BUSY(this.url));
  }

  async goto(page: Page = this.page): Promise<void> {
    const { url } = this;
    let response: Response | null;
    try {
      response = await page.goto(url, { waitUntil: 'domcontentloaded', timeout: Math.min(LOAD, this.settings.limit) });
    } catch (error) {
      if (this.crashed || /crashed/i.test(firstLine(error))) throw CRASHED(url);
      const why = /net::\w+|Timeout|Download/.exec(firstLine(error))?.[0] ?? firstLine(error);
      if (why == 'Download') throw new NotShown('page-not-html', `\`${url}\` is a file to keep and no page. Nothing was kept.`);
      throw unreachable(url, why);
    }
    const headers = response?.headers() ?? {};
    const title = await within(page.title(), SPEAK, () => BUSY(url)).catch(() => '');
    if (WARDEN.test(title.trim()) || WARDEN_HEADERS.some(([name, what]) => what.test(headers[name] ?? '')))
      throw new NotShown('page-robot-check', `\`${url}\` shows a check against robots (“${title.slice(0, 60)}”) and not the page. Visit from where the check lets you through, or have it let this machine pass.`);
    // Some builds of the browser have no dialog for a password, and show what came with the answer.
    if (response?.status() === 401) throw unreachable(url, 'net::ERR_INVALID_AUTH_CREDENTIALS');
    if (response && response.status() >= 400) throw new NotShown('page-refused', `\`${url}\` answered ${response.status()}. Give an address that a visitor can open; behind a login this command sees only that.`);
    const type = headers['content-type'] ?? 'text/html';
    if (!/^\s*(text\/html|application\/xhtml)/i.test(type)) throw new NotShown('page-not-html', `\`${url}\` is no page but \`${type.split(';')[0]}\`: nothing in it can run Mixpanel, and nothing can be shown of it.`);
    // Some pages never come to rest: a picture that does not end is no reason to wait for it.
    await page.waitForLoadState('load', { timeout: REST }).catch(() => {});
  }

  /** What the page says now: the consent managers by the core, and what is seen of Mixpanel. */
  async look(late: boolean): Promise<Says> {
    for (let tries = 0; ; tries++)
      try {
        const seen = looked(await this.ask(`read(${JSON.stringify(this.core.program)}, ${JSON.stringify(this.watched.key)})`));
        this.lastLook = seen;
        if (seen.mixpanel?.custom) this.watched.custom = seen.mixpanel.custom;
        for (const { token } of seen.mixpanel?.instances ?? []) this.watched.learn(token);
        if (seen.mixpanel?.global || this.watched.instances.length) await within(this.watched.locate(), SPEAK, () => BUSY(this.url)).catch(() => {});
        return this.core.of(seen.read, late);
      } catch (error) {
        if (error instanceof NotShown) throw error;
        if (this.crashed || /crashed/i.test(firstLine(error))) throw CRASHED(this.url);
        // The page went to another one meanwhile.
        if (tries >= TRIES && /destroyed|navigat/i.test(firstLine(error))) throw new NotShown('page-restless', `\`${this.url}\` goes to itself or to another page again and again: in ${TRIES} tries nothing in it could be looked at.`);
        if (tries >= TRIES) throw new NotShown('page-breaks-look', `A look at \`${this.url}\` failed in the page itself (${firstLine(error)}). Scripts of the page have changed what a browser brings along.`);
        await pause(300);
      }
  }

  /** Why a visit is not at its end when its time is over. */
  late(): NotShown {
    const { url, opened, settings } = this;
    if (this.crashed) return CRASHED(url);
    if (opened > CIRCLES) return new NotShown('page-restless', `\`${url}\` goes to itself or to another page again and again: ${opened} times in ${Math.round(settings.limit / 1000)} s.`);
    return new NotShown('page-hangs', `The visit of \`${url}\` was not at its end after ${Math.round(settings.limit / 1000)} s (--limit).`);
  }

  /** What was there when the page was last looked at. */
  get seen(): Looked | undefined {
    return this.lastLook;
  }

  get bridge(): BridgeSays | null {
    return this.lastLook?.bridge ?? (this.watched.channels.size ? { form: 'connect()', consent: null, mode: null, code: null, reason: null } : null);
  }

  /** A picture of what a visitor sees now, for the report. */
  async moment(name: string, page: Page = this.page): Promise<void> {
    if (!this.settings.screenshots) return;
    const image = await page.screenshot({ type: 'jpeg', quality: 50, timeout: 5_000, caret: 'initial', animations: 'disabled' }).catch(() => undefined);
    if (image) this.moments.push({ name, at: Math.round(Date.now() - this.watched.began), image: image.toString('base64') });
  }

  async scroll(page: Page = this.page): Promise<void> {
    const stir = async (): Promise<void> => {
      await page.mouse.move(640, 400);
      for (let i = 0; i < 3; i++) {
        await page.mouse.wheel(0, 500);
        await pause(100);
      }
    };
    await within(stir(), SPEAK, () => BUSY(this.url)).catch(() => {});
  }

  /** Waits, for at most so long, until something to Mixpanel's API was seen. */
  async sent(since: number, ms: number): Promise<void> {
    for (const end = Date.now() + ms; Date.now() < end; await pause(200)) if (this.watched.requests(since).some(isData)) break;
  }

  /** Goes from the page as a visitor does, so that what it sends at the last moment is sent. */
  async leave(page: Page = this.page): Promise<void> {
    await within(page.goto('about:blank'), SPEAK, () => BUSY(this.url)).catch(() => {});
    await pause(LEFT);
  }

  /** Names that anybody has stored. */
  async names(): Promise<string[]> {
    return strings(await this.ask('names()').catch(() => []));
  }

  async links(): Promise<string[]> {
    return strings(await this.ask('links()').catch(() => []));
  }

  /** What is on the device, looked at from an empty page of the same origin. */
  async device(): Promise<{ stored: Stored[]; record: Stored[] }> {
    const { context, tokens } = this.watched;
    const { page } = this;
    const { origin } = new URL(this.last);
    const blank = `${origin}/.well-known/empty-page-of-a-consent-visit`;
    await context.route(blank, (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>empty</title>' }));
    await within(page.goto(blank), SPEAK, () => BUSY(this.url)).catch(() => {});
    const read: OnDevice = onDevice(await this.ask('device()').catch(() => ({})));
    const cookies = await context.cookies();
    const writes = this.watched.writes();
    const all: (Stored & { value: string })[] = [
      ...cookies.map(({ name, value, domain, expires }) => ({ area: 'cookie' as const, name, value, domain, days: expires > 0 ? Math.round((expires * 1000 - Date.now()) / 86_400_000) : 0 })),
      ...read.local.map(([name, value]) => ({ area: 'local' as const, name, value })),
      ...read.session.map(([name, value]) => ({ area: 'session' as const, name, value })),
      ...read.databases.map(({ name, records }) => ({ area: 'database' as const, name, value: '', records })),
    ].map((one) => ({ ...one, refusal: refusal(one.name, one.value), by: writes.findLast(({ area, name }) => area == one.area && name == one.name)?.by ?? null }));
    // A cookie of Mixpanel's own hosts is theirs, whatever its name.
    const theirs = (one: Stored): boolean => owner(one.name, tokens) == 'mixpanel' || /(^|\.)(mixpanel\.com|mxpnl\.com)$/.test(one.domain ?? '');
    const bare = ({ value: _, ...rest }: Stored & { value: string }): Stored => rest;
    return { stored: all.filter(theirs).map(bare), record: all.filter(({ name }) => owner(name, tokens) == 'bridge').map(bare) };
  }

  close(): Promise<void> {
    return this.watched.close();
  }
}
