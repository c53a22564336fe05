// Whose script did it: of a stack as the browser tells it, the line that a site's developer can go
// to. The page's own frame comes first, then anybody's that is not the SDK; where nothing but the SDK
// was running, whoever brought the SDK in.

import type { Cause, Frame } from './types.ts';

/** As the DevTools protocol tells a stack: over timers and promises by `parent`. Lines and columns begin at 0. */
export interface RawStack {
  callFrames: { url: string; lineNumber: number; columnNumber: number; functionName: string }[];
  parent?: RawStack | undefined;
}
export interface Initiator {
  type: string;
  url?: string | undefined;
  lineNumber?: number | undefined;
  columnNumber?: number | undefined;
  stack?: RawStack | undefined;
}

/** A minified file is one line: how near to the call a frame has to be. Letters. */
const NEAR = 100;
/** How many frames are kept: the first so many say enough. */
const DEEPEST = 60;

export function frames(stack: RawStack | undefined): Frame[] {
  const all: Frame[] = [];
  for (let one = stack; one && all.length < DEEPEST; one = one.parent)
    for (const { url, lineNumber, columnNumber, functionName } of one.callFrames)
      // Scripts without an address are the command's own.
      if (/^(https?|blob|data|file|webpack):/.test(url) && all.length < DEEPEST)
        all.push({ file: url.length > 500 ? `${url.slice(0, 500)}…` : url, line: lineNumber + 1, column: columnNumber + 1, name: functionName.slice(0, 100) });
  return all;
}

const bare = (url: string): string => url.split(/[?#]/)[0] ?? url;
const hostOf = (url: string): string => {
  try {
    return new URL(url).hostname;
  } catch {
    return '';
  }
};
/** Two hosts of one site, as far as names tell: www.shop.example and static.shop.example. */
const related = (a: string, b: string): boolean => {
  // The last two parts of shop.co.uk belong to a registry and not to a site, so three are compared.
  const end = (host: string): string => (/^[\d.]+$|:/.test(host) ? host : host.split('.').slice(/\.(com?|org|net|gov|ac|edu|ne|or|go)\.[a-z]{2}$/.test(host) ? -3 : -2).join('.'));
  return a === b || (a !== '' && end(a) === end(b));
};

export interface Known {
  /** Of the page, as it was opened. */
  page: string;
  /** Addresses of files that are Mixpanel's library. */
  libraries: Set<string>;
  /** What brought each library in. */
  loaders: Map<string, Cause>;
  /** Where the page starts the SDK, by the text of its scripts; of a snippet the stub only notes the call. */
  start: Frame | null;
}

/** Whether a file is the SDK: by what was found in it, or by its name. */
export const isLibrary = (file: string, { libraries }: Known): boolean => libraries.has(bare(file)) || /mxpnl\.com\/|\/mixpanel[\w.-]*\.js$/.test(bare(file));
/** The bridge only does what it is asked to; what a site wrote is behind it. */
const isBridge = (file: string): boolean => /\/mixpanel-consent-bridge(@[^/]*)?\/|\/bridge(\.all|\.no-wasm)?\.js$|\/bridge-\d[\w.-]*\/[\w.-]+\.js$/.test(bare(file));

/** @param parser where the page's markup asked for it, if it did */
export function cause(stack: Frame[], known: Known, parser?: Frame): Cause | null {
  const of = (frame: Frame, whose: Cause['whose'], via: Cause['via']): Cause => ({ ...frame, whose, via, inline: bare(frame.file) === bare(known.page), stack });
  const own = (frame: Frame): boolean => related(hostOf(frame.file), hostOf(known.page));
  if (parser && !stack.length) return of(parser, own(parser) ? 'page' : 'other', 'parser');
  const others = stack.filter(({ file }) => !isLibrary(file, known) && !isBridge(file));
  const { start } = known;
  // A snippet's line is where the library comes from; what it does was asked for elsewhere.
  const loading = (frame: Frame): boolean => [...known.loaders.values()].some(({ file, line }) => file === frame.file && line === frame.line);
  // Of a bundle that has the SDK in it, the frame that starts it is the only one known to be the page's.
  const starting = start && stack.find(({ file, line, column }) => file === start.file && line === start.line && Math.abs(column - start.column) < NEAR);
  const mine = starting ?? others.find((frame) => own(frame) && !(start && loading(frame)));
  if (mine) return of(mine, 'page', 'stack');
  if (start && stack.some((frame) => isLibrary(frame.file, known))) return of(start, own(start) ? 'page' : 'other', 'start');
  if (others[0]) return of(others[0], 'other', 'stack');
  const library = stack.find(({ file }) => isLibrary(file, known));
  const loader = library && known.loaders.get(bare(library.file));
  if (loader) return { ...loader, via: 'loader', stack };
  return stack[0] ? of(stack[0], 'mixpanel', 'stack') : null;
}

/** Scripts that carry what others have put into them, by their addresses. Of Google's the container's name is in it. */
const TAG_MANAGERS: [RegExp, string][] = [
  [/\/gtm\.js(\?|$)|googletagmanager\.com\//, 'Google Tag Manager'],
  [/\/utag(\.\d+)?\.js(\?|$)|\.tiqcdn\.com\//, 'Tealium'],
  [/assets\.adobedtm\.com\//, 'Adobe Launch'],
  [/cdn\.segment\.com\/analytics\.js\//, 'Segment'],
  [/\/(piwik|matomo).*container_[\w-]+\.js|\/containers\/[\w-]+\.js/, 'a tag manager'],
];
/** Whose container a script is, or ''. Its tags stand in that container, and in no file of the site. */
export function container(file: string): string {
  const name = TAG_MANAGERS.find(([address]) => address.test(file))?.[1];
  const id = /[?&]id=([A-Z]+-[\w-]{1,20})/.exec(file)?.[1];
  return name ? `${name}${id ? ` (${id})` : ''}` : '';
}

/** `https://shop.example/app.js:12:3 in init`, as people can go there. */
export const place = ({ file, line, column, name, inline, source }: Cause): string =>
  `${source ? `${source.file}:${source.line}:${source.column}, in the bundle ` : ''}${bare(file)}:${line}${inline ? ' (inline script)' : `:${column}`}${name ? `, in ${name}` : ''}`;

/** By which line things are one thing. */
export const lineOf = ({ file, line, source }: Cause): string => (source ? `${source.file}:${source.line}` : `${file}:${line}`);
