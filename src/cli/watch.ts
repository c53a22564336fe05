// A fresh profile and all that is seen of it: what pages ask for and write, with the stack of each,
// and the answers to what goes to Mixpanel. It judges nothing.

import hooks from 'page:./hooks.ts';
import { randomUUID } from 'node:crypto';
import type { BrowserContext, CDPSession, ConsoleMessage, Page, Request } from 'playwright-core';
import type { Started } from './browser.ts';
import { cause, frames, isLibrary, type Initiator, type Known, type RawStack } from './cause.ts';
import { owner, refusal, reply, request as recognise, shortId, type Recognised } from './mixpanel.ts';
import type { Area, Cause, Frame, Settings } from './types.ts';

/** How much is kept of what one visit tells, and of what it asks for. */
const MOST = 50_000;
const MOST_ASKED = 20_000;
/** How long the browser may take to tell of a request that a page has told of. Milliseconds. */
const APART = 3_000;

/** How many pages that a page opens are followed, and for how long. Milliseconds. */
const FOLLOWED = 3;
const MOMENT = 1_500;

/** Scripts that are too large to search, and too small to be the SDK. Bytes. */
const LARGEST = 5_000_000;
const SDK = 20_000;

const GPC = `Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { configurable: true, enumerable: true, get: () => true });`;

interface Asked {
  at: number;
  tab: number;
  method: string;
  url: string;
  body: string | undefined;
  type: string;
  authorization: string | undefined;
  answered: boolean;
}
/** What a hook has told, and the stack of it. */
interface Told {
  kind: string;
  id: string;
  at: number;
  tab: number;
  stack: Frame[];
  area: Area;
  name: string;
  value: string;
  url: string;
  how: string;
  body: string | undefined;
  held: boolean;
}
export interface Seen extends Recognised {
  at: number;
  tab: number;
  method: string;
  answered: boolean;
  by: Cause | null;
}
export interface Write {
  at: number;
  tab: number;
  area: Area;
  name: string;
  refusal: boolean;
  by: Cause | null;
}

type Fields = Record<string, unknown>;
const word = (value: unknown, most = 500): string => (typeof value == 'string' ? value.slice(0, most) : '');
const AREAS: Area[] = ['cookie', 'local', 'session', 'database'];

/** Is Mixpanel's API, not its library. */
export const isData = ({ kind }: { kind: string }): boolean => kind != 'library';

/**
 * Closes a page that another has opened. It goes to an empty one first, which ends its requests: the
 * browser lets those of a page that is closed amid them go to where they were sent.
 */
const dismiss = (page: Page): void => {
  const close = (): void => void page.close().catch(() => {});
  page.goto('about:blank', { waitUntil: 'commit', timeout: 2_000 }).then(close, close);
};

export class Watched {
  readonly secret = randomUUID();
  /** Where the hooks keep what is the visit's own in each page. */
  readonly key = `_${randomUUID().replaceAll('-', '')}`;
  readonly tokens = new Set<string>();
  readonly channels = new Set<string>();
  readonly instances: { token: string; name: string; form: string | null; version: string | null }[] = [];
  /** When a button was last pressed, by the page's own clock, before any of its handlers ran. */
  acted = 0;
  /** Where a page says that its library is. */
  custom: string | null = null;
  private readonly asked: Asked[] = [];
  private readonly answered = new WeakSet<Request>();
  private readonly log: Told[] = [];
  private readonly told = new Map<string, Told>();
  private readonly initiators = new Map<string, { at: number; initiator: Initiator }[]>();
  private readonly known: Known;
  private readonly pages = new Set<Page>();
  private opening = 0;
  /** How many pages were opened by pages. */
  private guests = 0;
  /** The scripts of the first tab's page, to look for a line in. */
  private scripts: { id: string; file: string; line: number; size: number }[] = [];
  private devtools: CDPSession | undefined;
  private readonly searched = new Set<string>();
  /** Where scripts say that their source maps are. */
  readonly mapped = new Map<string, string>();

  private constructor(
    readonly context: BrowserContext,
    page: string,
  ) {
    this.known = { page, libraries: new Set(), loaders: new Map(), start: null };
  }

  static async begin({ browser, agent }: Started, settings: Settings, { page, gpc }: { page: string; gpc: boolean }): Promise<Watched> {
    const login = settings.logins.find(({ origin }) => origin === new URL(page).origin);
    const context = await browser.newContext({
      userAgent: agent,
      viewport: { width: 1280, height: 800 },
      acceptDownloads: false,
      ignoreHTTPSErrors: settings.insecure,
      // Requests of a service worker would not be seen, so there is none.
      serviceWorkers: 'block',
      // The name and password are sent to the site's own host alone.
      ...(login ? { httpCredentials: login } : {}),
      ...(gpc ? { extraHTTPHeaders: { 'Sec-GPC': '1' } } : {}),
    });
    const own = new Watched(context, page);
    if (gpc) await context.addInitScript(GPC);
    await context.addInitScript(`(() => { ${hooks}; page.install(${JSON.stringify(own.secret)}, ${JSON.stringify(own.key)}, ${settings.letThrough}); })();`);
    context.on('console', (message) => own.heardBy(message));
    context.on('request', (request) => own.ask(request));
    context.on('page', (page) => {
      if (own.opening > 0) return;
      // What a page opens has a moment in which what it sends is seen. One that opens more than a few is
      // not followed.
      own.guests += 1;
      if (own.guests > FOLLOWED) dismiss(page);
      else setTimeout(() => dismiss(page), MOMENT).unref();
    });
    if (!settings.letThrough) await own.intercept();
    return own;
  }

  /** A tab of this profile, watched from before its first script. */
  async open(): Promise<Page> {
    this.opening += 1;
    const page = await this.context.newPage().finally(() => (this.opening -= 1));
    this.pages.add(page);
    const tab = this.pages.size;
    // A page that asks whether it may be left is left.
    page.on('dialog', (dialog) => void (dialog.type() == 'beforeunload' ? dialog.accept() : dialog.dismiss()).catch(() => {}));
    page.on('download', (download) => void download.cancel().catch(() => {}));
    const devtools = await this.context.newCDPSession(page);
    devtools.on('Runtime.consoleAPICalled', ({ args, stackTrace }) => {
      const [secret, payload] = args;
      if (secret?.value === this.secret && typeof payload?.value == 'string') this.hear(payload.value, tab, stackTrace);
    });
    devtools.on('Network.requestWillBeSent', ({ request, initiator, wallTime }) => {
      if (this.initiators.size > MOST_ASKED) return;
      const key = `${request.method} ${request.url}`;
      const list = this.initiators.get(key) ?? [];
      if (list.length < 200) list.push({ at: wallTime * 1000, initiator });
      this.initiators.set(key, list);
    });
    devtools.on('Debugger.scriptParsed', ({ url, sourceMapURL }) => {
      if (sourceMapURL && /^https?:/.test(url) && this.mapped.size < 300) this.mapped.set(url, sourceMapURL);
    });
    if (tab == 1) {
      this.devtools = devtools;
      devtools.on('Runtime.executionContextsCleared', () => (this.scripts = []));
      devtools.on('Debugger.scriptParsed', ({ scriptId, url, startLine, length }) => {
        if (/^https?:/.test(url) && this.scripts.length < 300) this.scripts.push({ id: scriptId, file: url, line: startLine, size: length ?? 0 });
      });
    }
    await devtools.send('Runtime.enable');
    await devtools.send('Network.enable');
    await devtools.send('Debugger.enable');
    // A `debugger` statement would stop the page for ever.
    await devtools.send('Debugger.setSkipAllPauses', { skip: true });
    await devtools.send('Debugger.setAsyncCallStackDepth', { maxDepth: 32 });
    return page;
  }

  /**
   * Looks through the page's scripts, while they are still there, for where the page starts the SDK, and
   * for files that are the SDK whatever their name (a bundler's chunk, a copy of the site's own).
   */
  async locate(): Promise<void> {
    const { devtools, known } = this;
    if (!devtools) return;
    // A bundler has renamed what was imported; the project's token stays as it is.
    const tokens = [...this.tokens].filter((token) => /^\w+$/.test(token));
    const start = `mixpanel\\s*\\.\\s*init\\s*\\(${tokens.length ? `|\\.init\\s*\\(\\s*["'\`](${tokens.join('|')})` : ''}`;
    const find = async (id: string, query: string): Promise<{ lineNumber: number; lineContent: string }[]> =>
      (await devtools.send('Debugger.searchInContent', { scriptId: id, query, isRegex: true, caseSensitive: true }).catch(() => undefined))?.result ?? [];
    for (const { id, file, line, size } of this.scripts.slice()) {
      const path = file.split(/[?#]/)[0] ?? file;
      if (size > LARGEST || this.searched.has(id)) continue;
      this.searched.add(id);
      // A snippet has the call in its own text, for its stubs: a token or a name follows where the page makes it.
      const hit = (await find(id, start)).findLast(({ lineContent }) => !/__SV|_i\.push/.test(lineContent) || /mixpanel\s*\.\s*init\s*\(\s*["'`\w]/.test(lineContent));
      const column = hit ? Math.max(0, hit.lineContent.search(new RegExp(start))) : 0;
      const sdk = size > SDK && (await find(id, '__mp_opt_in_out_')).length > 0;
      if (hit && !known.start && !(sdk && !tokens.some((token) => hit.lineContent.includes(token)))) known.start = { file, line: line + hit.lineNumber + 1, column: column + 1, name: 'mixpanel.init' };
      else if (sdk) known.libraries.add(path);
    }
  }

  /** A text, fetched as the browser's own tools fetch it, no longer than this; undefined if it does not come in time. */
  async text(url: string, most: number, patience: number): Promise<string | undefined> {
    const { devtools } = this;
    if (!devtools) return undefined;
    const late = Date.now() + patience;
    const { frameTree } = await devtools.send('Page.getFrameTree');
    const { resource } = await devtools.send('Network.loadNetworkResource', { frameId: frameTree.frame.id, url, options: { disableCache: false, includeCredentials: true } });
    const { success, httpStatusCode, stream: handle } = resource;
    if (!success || !handle) return undefined;
    const parts: Buffer[] = [];
    try {
      for (let size = 0, done = httpStatusCode != 200; !done; ) {
        const { data, base64Encoded, eof } = await devtools.send('IO.read', { handle, size: 1_000_000 });
        const part = Buffer.from(data, base64Encoded ? 'base64' : 'utf8');
        parts.push(part);
        size += part.length;
        done = eof;
        if (size > most || Date.now() > late) return undefined;
      }
    } finally {
      await devtools.send('IO.close', { handle }).catch(() => {});
    }
    return parts.length ? Buffer.concat(parts).toString() : undefined;
  }

  /** What goes to Mixpanel is answered here, and reaches no project. */
  private async intercept(): Promise<void> {
    await this.context.route(
      () => true,
      async (route) => {
        const request = route.request();
        const asked = describe(request);
        const is = recognise(asked, { tokens: this.tokens });
        // Mixpanel's own pages and files may be what is visited.
        const file = is && !is.proxied && is.kind == 'other' && request.method() == 'GET' && !/^(api|decide)/.test(is.host);
        if (!is || is.kind == 'library' || file || (asked.type == 'document' && request.method() == 'GET')) return route.continue();
        this.answered.add(request);
        const entry = this.asked.find((one) => one.url === asked.url && one.method === asked.method && !one.answered);
        if (entry) entry.answered = true;
        const { type, body } = reply({ url: asked.url, kind: is.kind });
        const { origin } = request.headers();
        return route.fulfill({
          status: 200, contentType: type, body,
          headers: { ...(origin ? { 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true' } : {}), 'x-answered-by': 'mixpanel-consent-bridge' },
        });
      },
    );
  }

  private ask(request: Request): void {
    if (this.asked.length >= MOST_ASKED) return;
    const at = Date.now();
    let tab = 1;
    try {
      tab = Math.max(1, [...this.pages].indexOf(request.frame().page()) + 1);
    } catch {
      // A request of a worker has no frame; it is counted to the first tab.
    }
    const entry: Asked = { at, tab, ...describe(request), answered: this.answered.has(request) };
    this.asked.push(entry);
    // The browser's own clock, where it has said it: an event may be told later.
    const settle = (): void => {
      const { startTime } = request.timing();
      if (startTime > 0) entry.at = Math.min(at, startTime);
    };
    request.response().then(settle, settle);
  }

  /** The console of every frame, also those of other processes, whose stacks are not told. */
  private heardBy(message: ConsoleMessage): void {
    if (message.type() != 'trace') return;
    const text = message.text();
    if (!text.startsWith(this.secret)) return;
    const page = message.page();
    this.hear(text.slice(this.secret.length + 1), page ? [...this.pages].indexOf(page) + 1 : 1, undefined);
  }

  /** One thing comes by two ways, and the stack with one of them. */
  private hear(payload: string, tab: number, stack: RawStack | undefined): void {
    let given: Fields;
    try {
      given = JSON.parse(payload) as Fields;
    } catch {
      return;
    }
    const id = word(given.id);
    const before = this.told.get(id);
    if (before) {
      if (!before.stack.length) before.stack = frames(stack);
      return;
    }
    if (this.told.size > MOST) return;
    const kind = word(given.kind);
    const area = AREAS.find((one) => one === given.area) ?? 'local';
    const entry: Told = {
      kind, id, at: Number(given.at) || Date.now(), tab: Math.max(1, tab), stack: frames(stack), area,
      name: word(given.name), value: word(given.value), url: word(given.url, 8_000), how: word(given.how),
      body: typeof given.body == 'string' ? word(given.body, 20_000) : undefined, held: given.held === true,
    };
    this.told.set(id, entry);
    if (kind == 'act') this.acted = entry.at;
    else if (kind == 'bridge') this.channels.add(word(given.key));
    else if (kind == 'instance') {
      const token = word(given.token);
      this.learn(token);
      this.instances.push({ token, name: word(given.name), form: word(given.form) || null, version: word(given.version) || null });
    } else this.log.push(entry);
  }

  learn(token: string | null | undefined): void {
    if (typeof token == 'string' && token.length > 12 && token.length < 200) this.tokens.add(token);
  }

  private by(entry: { url: string; method: string; at: number }, used: Map<string, number>): Cause | null {
    const key = `${entry.method} ${entry.url}`;
    const index = used.get(key) ?? 0;
    used.set(key, index + 1);
    const found = this.initiators.get(key)?.[index];
    if (!found) return null;
    const { initiator } = found;
    const parser = initiator.type == 'parser' && initiator.url ? { file: initiator.url, line: (initiator.lineNumber ?? 0) + 1, column: (initiator.columnNumber ?? 0) + 1, name: '' } : undefined;
    return cause(frames(initiator.stack), this.known, parser);
  }

  /** Requests to Mixpanel since a moment, in order, with what their bodies say. */
  requests(since = 0): Seen[] {
    for (const key of this.channels) this.learn(key.split(/[:.]/)[1]);
    const known = { tokens: this.tokens, libraries: this.custom ? [this.custom] : [] };
    const asks = this.log.filter(({ kind }) => kind == 'ask' || kind == 'body');
    const rows = (): Seen[] => {
      const used = new Map<string, number>();
      return this.asked.flatMap((entry) => {
        // A beacon's body is told by the page alone.
        const body = entry.body ?? asks.find((one) => one.body !== undefined && one.url == entry.url && Math.abs(one.at - entry.at) < 2000)?.body;
        const by = this.by(entry, used);
        const is = recognise({ ...entry, body }, known);
        const file = entry.url.split(/[?#]/)[0] ?? entry.url;
        if (is?.kind == 'library') this.known.libraries.add(file);
        // A site's own copy is no request to Mixpanel; who brings it in is a loader all the same.
        if (by && isLibrary(file, this.known) && !this.known.loaders.has(file)) this.known.loaders.set(file, by);
        if (!is) return [];
        this.learn(is.token);
        return [{ at: entry.at, tab: entry.tab, method: entry.method, answered: entry.answered, by, ...is }];
      });
    };
    // What names the project first, and which file is the library, may come after what needs to know.
    rows();
    const all = rows();
    // Asked for by the page and never seen on the network: what a page that goes away sends.
    const heard = asks
      .filter(({ kind, held, url, at }) => kind == 'ask' && (held || !this.asked.some((entry) => entry.url == url && Math.abs(entry.at - at) < APART)))
      .flatMap(({ at, tab, url, body, how, held, stack }): Seen[] => {
        const method = how == 'beacon' ? 'POST' : 'ASK';
        const is = recognise({ method: how == 'beacon' ? 'POST' : 'GET', url, body }, known);
        return is ? [{ at, tab, method, answered: held, by: cause(stack, this.known), ...is }] : [];
      });
    return [...all, ...heard]
      .filter(({ at }) => at >= since)
      .map((one) => ({ ...one, distinctId: one.distinctId && shortId(one.distinctId) }))
      .sort((a, b) => a.at - b.at);
  }

  /** What was written under Mixpanel's names since a moment, also if removed again. */
  writes(since = 0): Write[] {
    this.requests();
    return this.log
      .filter(({ kind, name, at }) => kind == 'write' && at >= since && owner(name, this.tokens) == 'mixpanel')
      .map(({ at, tab, area, name, value, stack }) => ({ at, tab, area, name, refusal: refusal(name, value), by: cause(stack, this.known) }));
  }

  /** Whether a session recording was going on since a moment: it is kept on the device before it is sent. */
  recording(since: number, until = Infinity): boolean {
    return (
      this.requests(since).some(({ kind, at }) => kind == 'recording' && at < until) ||
      this.log.some(({ kind, area, name, value, at, how }) => kind == 'write' && how != 'create' && area == 'database' && name == 'mixpanelBrowserDb' && /RecordingEvents/.test(value) && at >= since && at < until)
    );
  }

  get began(): number {
    return this.asked.find(({ type }) => type == 'document')?.at ?? Date.now();
  }

  async close(): Promise<void> {
    await Promise.race([this.context.close().catch(() => {}), new Promise((resolve) => setTimeout(resolve, 5_000))]);
  }
}

function describe(request: Request): { method: string; url: string; body: string | undefined; type: string; authorization: string | undefined } {
  let body: string | undefined;
  try {
    body = request.postData() ?? undefined;
  } catch {
    // Packed: a recording. Its address says what it is.
  }
  return { method: request.method(), url: request.url(), body, type: request.resourceType(), authorization: request.headers().authorization };
}
