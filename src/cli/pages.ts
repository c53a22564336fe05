// Which pages are visited besides the first: those that it leads to, those of the site's map, or those
// of a list. Only pages of the web, and of the same site: nothing of the machine's own is followed.

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { Unable, firstLine } from './types.ts';
import type { Visit } from './visit.ts';

/** How much of a map is read, and how many maps of a map of maps. */
const MAP_BYTES = 5_000_000;
const MAPS = 5;
const PATIENCE = 15_000;

/** Files to keep, and addresses that do something when they are opened. */
const NO_PAGE = /\.(pdf|zip|gz|tgz|dmg|exe|msi|apk|docx?|xlsx?|pptx?|csv|xml|json|rss|ics|vcf|jpe?g|png|gif|webp|avif|svg|mp[34]|m4a|webm|mov|woff2?|css|js)$/i;
const ACTS = /(^|[/_-])(log-?out|sign-?out|logoff|unsubscribe|delete|remove|cancel|add-?to-?cart)([/_.-]|$)/i;

/** An address that may be followed, without its fragment; or undefined. */
export function page(text: string, base: string, origin: string): string | undefined {
  let url: URL;
  try {
    url = new URL(text, base);
  } catch {
    return undefined;
  }
  if (!/^https?:$/.test(url.protocol) || url.origin !== origin || url.username || NO_PAGE.test(url.pathname) || ACTS.test(url.pathname)) return undefined;
  url.hash = '';
  return url.href;
}

export const locations = (xml: string): string[] => [...xml.matchAll(/<loc>\s*(?:<!\[CDATA\[)?\s*([^<\]]+?)\s*(?:\]\]>)?\s*<\/loc>/gi)].map(([, text = '']) => text.replaceAll('&amp;', '&'));

/** Up to so many pages, the given one first: by its links, then by /sitemap.xml. */
export async function discover(v: Visit, most: number): Promise<string[]> {
  await v.goto();
  const base = v.page.url();
  const { origin } = new URL(base);
  const found = new Set([v.url]);
  const take = (texts: string[]): void => {
    for (const text of texts) {
      const one = page(text, base, origin);
      if (one && found.size < most && one !== base) found.add(one);
    }
  };
  take(await v.links());
  const maps = [`${origin}/sitemap.xml`];
  for (let read = 0; found.size < most && maps.length && read < MAPS; read++) {
    const xml = await map(v, maps.shift() ?? '');
    const all = locations(xml);
    if (/<sitemapindex/i.test(xml)) maps.push(...all.filter((one) => URL.canParse(one) && new URL(one).origin === origin));
    else take(all);
  }
  return [...found];
}

async function map(v: Visit, url: string): Promise<string> {
  try {
    const response = await v.watched.context.request.get(url, { timeout: PATIENCE, maxRedirects: 3, failOnStatusCode: true });
    const body = await response.body();
    if (body.length > MAP_BYTES) return '';
    return (url.endsWith('.gz') ? gunzipSync(body, { maxOutputLength: MAP_BYTES }) : body).toString('utf8');
  } catch {
    // There is none, or none that can be read: then there are the links alone.
    return '';
  }
}

/** The addresses of a file, one a line; `#` begins a remark. */
export function listed(path: string, address: (word: string) => string): string[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new Unable('list-unreadable', `The list \`${path}\` cannot be read (${firstLine(error)}).`);
  }
  const pages = text.split(/\r?\n/).map((line) => line.replace(/(^|\s)#.*$/, '').trim()).filter(Boolean).map(address);
  if (!pages.length) throw new Unable('list-empty', `The list \`${path}\` has no address in it: one a line.`);
  return [...new Set(pages)];
}
