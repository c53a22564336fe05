// Which line of the site's own sources it was, where a bundle has a source map. A bundle with the SDK
// in it is one file; by its map the SDK's frames are told from the page's, so that the line is named that
// made the call. The map is the page's word, as everything of the page's is: it names lines, and judges nothing.

import { SourceMap, type SourceMapPayload } from 'node:module';
import type { Cause, Frame, Result } from './types.ts';

/** Letters of a map; those of large sites have some millions. */
const LARGEST = 60_000_000;
const MOST_MAPS = 40;

type Place = { file: string; line: number; column: number };

/** The SDK, and this package, by where a bundler found them. */
const FOREIGN = /(^|\/)node_modules\/(.*\/)?(mixpanel[\w.-]*|@mixpanel)\//;

/** `webpack://shop/./src/a.ts` and `../../src/a.ts` are `src/a.ts` to who looks for it. */
const named = (source: string): string => source.replace(/^[a-z-]+:\/\/[^/]*\//i, '').replace(/^(\.{1,2}\/)+/, '').slice(0, 300);

/** How long a visit waits for its maps. Milliseconds. */
const PATIENCE = 5_000;

export class Maps {
  /** By the script's address. */
  private readonly read = new Map<string, Promise<SourceMap | undefined>>();

  /**
   * @param addressOf what a script says of where its map is
   * @param fetch gets a text of the page's own site, or of where its scripts are
   */
  constructor(private readonly addressOf: (file: string) => string | undefined, private readonly fetch: (url: string, most: number, patience: number) => Promise<string | undefined>) {}

  private map(file: string): Promise<SourceMap | undefined> {
    const before = this.read.get(file);
    if (before) return before;
    const made = this.get(file).catch(() => undefined);
    this.read.set(file, made);
    return made;
  }

  private async get(file: string): Promise<SourceMap | undefined> {
    const told = this.addressOf(file);
    if (!told || this.read.size > MOST_MAPS) return undefined;
    const inline = /^data:[^,]*?(;base64)?,/.exec(told.slice(0, 200));
    let text: string | undefined;
    if (inline) {
      const data = told.slice(inline[0].length);
      text = inline[1] ? Buffer.from(data, 'base64').toString() : decodeURIComponent(data);
    } else {
      const url = new URL(told, file);
      // What a script names may be anything; its own host is asked, and nobody else.
      if (url.origin !== new URL(file).origin) return undefined;
      text = await this.fetch(url.href, LARGEST, PATIENCE);
    }
    if (!text || text.length > LARGEST) return undefined;
    // Some servers put a line before it, so that it cannot be run as a script.
    return new SourceMap(JSON.parse(text.replace(/^\)\]\}[^\n]*\n/, '')) as SourceMapPayload);
  }

  private async original({ file, line, column }: Frame): Promise<Place | undefined> {
    const found = (await this.map(file))?.findEntry(line - 1, column - 1) as { originalSource?: string; originalLine?: number; originalColumn?: number } | undefined;
    if (typeof found?.originalSource != 'string' || !Number.isInteger(found.originalLine)) return undefined;
    return { file: found.originalSource, line: Number(found.originalLine) + 1, column: Number(found.originalColumn ?? 0) + 1 };
  }

  /** The cause with the line of the sources, and that frame of the bundle which is the page's own. */
  private async refined(by: Cause): Promise<Cause> {
    const places = await Promise.all(by.stack.map(async (frame) => ({ frame, place: await this.original(frame) })));
    const others = places.filter(({ place }) => place && !FOREIGN.test(place.file));
    // The site's own before a package that it uses.
    const { frame, place: own } = others.find(({ place }) => !/(^|\/)node_modules\//.test(place!.file)) ?? others[0] ?? {};
    if (frame && own) return { ...by, ...frame, whose: by.whose == 'mixpanel' ? 'page' : by.whose, via: 'stack', source: { ...own, file: named(own.file) } };
    const place = await this.original(by);
    return place && !FOREIGN.test(place.file) ? { ...by, source: { ...place, file: named(place.file) } } : by;
  }

  /** Every cause in what a visit saw, as far as the maps come in time. */
  async refine(result: Result): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([this.each(result), new Promise((done) => (timer = setTimeout(done, PATIENCE)))]);
    clearTimeout(timer);
  }

  private async each(result: Result): Promise<void> {
    const made = new Map<Cause, Promise<Cause>>();
    const all = [...result.requests, ...result.stored, ...result.refusal, ...result.passing, ...result.judged];
    for (const one of all) {
      const { by } = one;
      if (!by) continue;
      // What stands in the page itself has its line already.
      const better = made.get(by) ?? (by.inline ? Promise.resolve(by) : this.refined(by));
      made.set(by, better);
      one.by = await better;
    }
  }
}
