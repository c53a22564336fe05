// Sites for the command to visit, on this machine: real consent managers of npm, the real SDK, with
// the bridge and with the twenty lines that people write instead. Mixpanel's API is a proxy of the
// site's own (`/mp/`), so that requests have to be known by what they carry. Not a test.

import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { decode, reply } from '../browser/harness/decode.mjs';
import { pageOf } from '../browser/harness/page.mjs';
import { findShell } from '../../tools/setup.mjs';
import { DIST, TYPES, asset, sdkScript, sdkSnippet } from '../browser/harness/server.mjs';

export const TOKEN = '0123456789abcdef0123456789abcdef';
export const CLI = join(DIST, 'cli.js');

const QUICK = { batch_flush_interval_ms: 120 };

/** What a site writes for a no: as documented; nothing; and by somebody who knows what the SDK leaves behind. */
const NO = {
  opt: 'mixpanel.opt_out_tracking()',
  none: 'undefined',
  clean: `(() => {
    if (!changed) return;
    mixpanel.opt_out_tracking({ delete_user: false });
    for (const pair of document.cookie.split('; ')) if (/^mp_/.test(pair)) document.cookie = pair.split('=')[0] + '=; path=/; max-age=0';
    for (const key of Object.keys(localStorage)) if (/^__mpq/.test(key)) localStorage.removeItem(key);
    sessionStorage.clear();
    indexedDB.databases().then((all) => all.forEach(({ name }) => indexedDB.deleteDatabase(name)));
    setTimeout(() => location.reload(), 100);
  })()`,
};

/**
 * Starts the server. `page(name, html)` puts a page at /name, with its headers.
 */
export async function startSite() {
  const pages = new Map();
  const received = [];
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://site.test');
    const send = (status, type, body, headers = {}) => response.writeHead(status, { 'content-type': type, ...headers }).end(body);
    if (pathname.startsWith('/mp/')) {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      const decoded = decode({ method: request.method, url: request.url.slice(3), headers: request.headers, body: Buffer.concat(chunks) });
      received.push({ ...decoded, gpc: request.headers['sec-gpc'] });
      const { type, text } = reply(decoded);
      return send(200, type, text);
    }
    const found = pages.get(pathname);
    try {
      if (typeof found?.html === 'function') return found.html(request, response);
      if (found) return send(200, TYPES['.html'], await found.html, found.headers);
      // The library from where a site keeps its copy.
      if (pathname === '/library.js') return send(200, TYPES['.js'], await sdkScript('2.83.0'));
      const body = await asset(decodeURIComponent(pathname));
      if (body !== undefined) return send(200, TYPES[extname(pathname)] ?? 'text/plain', body);
    } catch {
      // Not there.
    }
    return send(404, 'text/plain', 'not here');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;
  const page = (name, html, headers = {}) => {
    pages.set(`/${name}`, { html, headers });
    return `${origin}/${name}`;
  };
  return {
    origin,
    received,
    page,
    /** What a page's server answers with, to find a line in. */
    text: async (name) => pages.get(`/${name}`).html,
    /** A page with the bridge and one of the playground's consent managers. */
    bridged: (id, { cmp = id, headers, ...situation } = {}) =>
      page(situation.path ?? id, pageOf({
        token: TOKEN, sdk: '2.83.0', form: 'loader', cmp: { id, options: situation.options },
        config: { api_host: `${origin}/mp`, track_pageview: true, ...QUICK },
        connect: { cmp }, early: [['track', 'Page Loaded']],
        ...situation,
      }), headers),
    /** What is usually written: the vendor's snippet at once, opted out by default, and opted in where the dialog says yes. */
    naive: async (name, { config = {}, lines = 'opt', yes = '', event = 'Page Loaded', library = `${origin}/library.js` } = {}) =>
      page(name, `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Naive</title><link rel="icon" href="data:,">
<script>${library ? `window.MIXPANEL_CUSTOM_LIB_URL = '${library}';` : ''}${await sdkSnippet('2.83.0')}</script>
<script>
  mixpanel.init('${TOKEN}', ${JSON.stringify({ api_host: `${origin}/mp`, track_pageview: true, opt_out_tracking_by_default: true, ...QUICK, ...config })});
  mixpanel.track(${JSON.stringify(event)});
</script>
<link rel="stylesheet" href="/node_modules/vanilla-cookieconsent/dist/cookieconsent.css">
</head><body style="min-height: 3000px"><main><h1>Shop</h1></main>
<script src="/node_modules/vanilla-cookieconsent/dist/cookieconsent.umd.js"></script>
<script>
  const follow = (changed) => CookieConsent.acceptedCategory('analytics') ? (mixpanel.opt_in_tracking(${lines === 'opt' ? '' : '{ track() {} }'})${yes && `, ${yes}`}) : ${NO[lines]};
  CookieConsent.run({
    categories: { necessary: { enabled: true, readOnly: true }, analytics: {} },
    onConsent: () => follow(), onChange: () => follow(true),
    language: { default: 'en', translations: { en: {
      consentModal: { title: 'Your choice', description: 'Analytics?', acceptAllBtn: 'Accept', acceptNecessaryBtn: 'Reject' },
      preferencesModal: { title: 'Preferences', acceptAllBtn: 'Accept', acceptNecessaryBtn: 'Reject', savePreferencesBtn: 'Save', sections: [{ title: 'Analytics', linkedCategory: 'analytics' }] },
    } } },
  });
</script></body></html>`),
    close: () => new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); }),
  };
}

/** Runs the command as a user does. */
export const cli = (...args) => cliWith({}, ...args);
/** The same with more in its environment. */
export const cliWith = (env, ...args) =>
  new Promise((resolve) => {
    const browser = { CHROME_PATH: findShell() ?? undefined };
    execFile(process.execPath, [CLI, ...args], { env: { ...process.env, ...browser, ...env }, maxBuffer: 1 << 26 }, (error, out, err) =>
      resolve({ code: error ? error.code : 0, out, err, get json() { return JSON.parse(out); } }));
  });
