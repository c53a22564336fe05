// What a visit does and sees beyond the first no: a second tab, a second yes, what is sent while a page
// goes away; and the pages that show nothing. Real sites (site.mjs), a real browser, the built command.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:https';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { sdkSnippet } from '../browser/harness/server.mjs';
import { TOKEN, cli, startSite } from './site.mjs';

let site;
let folder;
before(async () => {
  site = await startSite();
  folder = await mkdtemp(join(tmpdir(), 'visits-'));
});
after(async () => {
  await site.close();
  await rm(folder, { recursive: true });
});

const verdicts = ({ results }) => Object.fromEntries(results.map(({ id, verdict }) => [id, verdict]));
const result = (report, id) => report.results.find((one) => one.id === id);
const ids = (one) => one.findings.map(({ id }) => id);
const line = async (name, text) => (await site.text(name)).split('\n').findIndex((one) => one.includes(text)) + 1;

describe('visits', { concurrency: 3 }, () => {
  test('a hand-cleaned site passes a withdrawal, and its second tab writes the id back', async () => {
    const page = await site.naive('hand', { lines: 'clean' });
    const { code, json } = await cli('verify', page, '--wait', '2', '--only', 'withdraw,tabs', '--json', '--quiet');
    const second = result(json, 'tabs');
    assert.equal(second.verdict, 'broken', second.why);
    assert.ok(ids(second).includes('id-stored'), ids(second));
    assert.equal(code, 1);
  });

  test('yes again after a no: what is judged, and whose line it was', async () => {
    const { code, json } = await cli('verify', await site.naive('again', { yes: "mixpanel.identify('user-1'), mixpanel.people.set({ plan: 'a' })" }), '--wait', '1', '--only', 'again,before', '--json', '--quiet');
    const again = result(json, 'again');
    assert.equal(code, 1);
    assert.equal(again.verdict, 'broken');
    assert.ok(ids(again).includes('profile-deleted'), `the deletion that the SDK queues at the no: ${ids(again)}`);
    assert.ok(ids(again).includes('opt-in-each-page'), ids(again));
    for (const one of again.findings) assert.ok(one.means && one.remedy && one.docs.endsWith(`#${one.id}`), one.id);
    const stored = result(json, 'before').findings.find(({ id }) => id === 'id-stored');
    assert.deepEqual([stored.by.file, stored.by.line, stored.by.name, stored.by.via], [page('again'), await line('again', 'mixpanel.init('), 'mixpanel.init', 'start'], 'the line that starts the SDK, and not the snippet’s');
    const fetched = result(json, 'before').findings.find(({ id }) => id === 'library-fetched');
    assert.deepEqual([fetched.by.file, fetched.by.inline], [page('again'), true], 'an inline script by its line in the page');
    assert.ok(fetched.by.line >= await line('again', 'MIXPANEL_CUSTOM_LIB_URL') && fetched.by.line < stored.by.line);
    assert.deepEqual(result(json, 'before').findings.map(({ severity }) => severity), [...result(json, 'before').findings.map(({ severity }) => severity)].sort((a, b) => order.indexOf(a) - order.indexOf(b)), 'the important first');
  });
  const order = ['high', 'medium', 'low', 'note'];
  const page = (name) => `${site.origin}/${name}`;

  test('where the snippet brings the site’s own copy in, the line that starts it in a file of the site, and not the snippet’s', async () => {
    const code = `// Our analytics.\nmixpanel.init('${TOKEN}', { api_host: '/mp', opt_out_tracking_by_default: true, persistence: 'localStorage' });`;
    site.page('analytics.js', code, { 'content-type': 'text/javascript' });
    // The copy's address is as people write it, and its name says nothing.
    const page = site.page('own-copy', `<!doctype html><title>o</title><script>MIXPANEL_CUSTOM_LIB_URL = '/library.js'</script>\n<script>${await sdkSnippet('2.83.0')}</script>\n<script src="/analytics.js"></script>`);
    const { json } = await cli('verify', page, '--wait', '1', '--only', 'before', '--json', '--quiet');
    const stored = result(json, 'before').findings.find(({ id }) => id === 'id-stored');
    assert.deepEqual([stored.by.file, stored.by.line, stored.by.via], [`${site.origin}/analytics.js`, 2, 'start']);
  });

  test('in a bundle that has the SDK in it, the line that starts it', async () => {
    const { outputFiles } = await build({
      stdin: { contents: `import mixpanel from 'mixpanel-browser';\nconst start = () => { mixpanel.init('${TOKEN}', { api_host: '/mp', opt_out_tracking_by_default: true }); };\nstart();`, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
      bundle: true, minify: true, write: false, logLevel: 'silent', banner: { js: '/* a\n b\n*/' },
    });
    const text = outputFiles[0].text;
    site.page('app.js', text, { 'content-type': 'text/javascript' });
    const { json } = await cli('verify', site.page('bundled', '<!doctype html><title>b</title><script src="/app.js"></script>'), '--wait', '0.5', '--only', 'before', '--json', '--quiet');
    const { by } = result(json, 'before').findings.find(({ id }) => id === 'id-stored');
    assert.equal(by.file, page('app.js'));
    const call = text.split('\n')[by.line - 1].slice(Math.max(0, by.column - 60), by.column + 80);
    assert.ok(call.includes(TOKEN), `${by.line}:${by.column} ${by.via}: ${call}`);
  });

  test('in a minified bundle with a source map, the line of the site’s own sources for each thing', async () => {
    const source = ["import mixpanel from 'mixpanel-browser';", '', 'export function start() {', `  mixpanel.init('${TOKEN}', { api_host: '/mp', batch_requests: false });`, '}', 'start();', "setTimeout(() => {", "  mixpanel.track('Seen early');", '}, 100);'].join('\n');
    const bundle = async (sourcemap) => (await build({
      stdin: { contents: source, sourcefile: 'src/shop.ts', loader: 'ts', resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
      bundle: true, minify: true, write: false, logLevel: 'silent', sourcemap, outfile: 'shop.js',
    })).outputFiles.map(({ text }) => text);
    const [map, text] = await bundle('linked');
    site.page('shop.js', text, { 'content-type': 'text/javascript' });
    site.page('shop.js.map', map, { 'content-type': 'application/json' });
    site.page('inline.js', (await bundle('inline'))[0], { 'content-type': 'text/javascript' });
    // A map of another host is not asked for, and one that never ends is not waited for.
    site.page('away.js', text.replace('//# sourceMappingURL=shop.js.map', '//# sourceMappingURL=http://elsewhere.test/shop.js.map'), { 'content-type': 'text/javascript' });
    site.page('endless.js', text.replace('shop.js.map', 'endless.map'), { 'content-type': 'text/javascript' });
    site.page('endless.map', (_, response) => { response.writeHead(200); const more = setInterval(() => response.write('['.repeat(1000)), 50); response.on('close', () => clearInterval(more)); });
    const lines = async (name, ...scripts) => {
      const { json, code } = await cli('verify', site.page(name, `<!doctype html><title>s</title>${scripts.map((one) => `<script src="/${one}.js"></script>`).join('')}`), '--wait', '0.7', '--only', 'before', '--json', '--quiet');
      assert.equal(code, 1);
      const some = result(json, 'before').findings.filter(({ id, seen }) => id === 'id-stored' || seen.some((line) => line.includes('Seen early')));
      assert.ok(some.length >= 2);
      return [...new Set(some.map(({ by }) => by.source && `${by.source.file}:${by.source.line}`))];
    };
    const [mapped, bare] = await Promise.all([lines('mapped', 'shop', 'inline'), lines('bare', 'away', 'endless')]);
    // What is stored is named by who wrote it last, which is the SDK within the call of track().
    assert.deepEqual(mapped, ['tests/cli/src/shop.ts:8']);
    assert.deepEqual(bare, [undefined]);
  });

  test('what is sent at any moment reaches no project: at the last moment, with keepalive, by beacon', async () => {
    const name = 'last';
    const event = (what) => `data=${encodeURIComponent(JSON.stringify([{ event: what, properties: { token: TOKEN, distinct_id: '$device:1' } }]))}`;
    const here = site.page(name, `<!doctype html><title>last</title><h1>last</h1><script src="/${name}.js"></script><script>
      addEventListener('pagehide', () => {
        navigator.sendBeacon('/mp/track/?last=beacon', '${event('Beacon')}');
        fetch('/mp/track/?last=keepalive', { method: 'POST', keepalive: true, headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: '${event('Keepalive')}' });
      });
    </script>`);
    site.page(`${name}.js`, `function send() {\n  return fetch('/mp/track/?verbose=1', { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: '${event('At once')}' });\n}\nsend().then((answer) => answer.json()).then(({ status }) => { document.title = 'answered ' + status; });\n`, { 'content-type': 'text/javascript' });
    const { code, json } = await cli('verify', here, '--wait', '1', '--only', 'before', '--json', '--quiet');
    const { requests, verdict } = result(json, 'before');
    assert.deepEqual([code, verdict], [1, 'broken']);
    assert.deepEqual(requests.flatMap(({ events }) => events).sort(), ['At once', 'Beacon', 'Keepalive'], 'each is recorded');
    assert.deepEqual(site.received.filter(({ query }) => query.last || query.verbose), [], 'and none has reached anybody');
    const { by } = requests.find(({ events }) => events.includes('At once'));
    assert.deepEqual([by.file, by.line, by.name, by.whose], [page(`${name}.js`), 2, 'send', 'page']);
    const through = await cli('verify', here, '--wait', '1', '--only', 'before', '--json', '--quiet', '--let-through');
    assert.ok(through.json.letThrough);
    assert.deepEqual(site.received.filter(({ query }) => query.last).map(({ query }) => query.last).sort(), ['beacon', 'keepalive'], 'with --let-through it does');
  });

  test('what is sent by other ways is seen and reaches no project: later, from workers, frames, forms and pages that are opened', async () => {
    const data = (what) => encodeURIComponent(JSON.stringify([{ event: what, properties: { token: TOKEN, distinct_id: '$device:1' } }]));
    const at = (what) => `${site.origin}/mp/track/?ways=${what}&data=${data(what)}`;
    const ask = (what) => `fetch(${JSON.stringify(at(what))})`;
    site.page('opened', `<!doctype html><title>opened</title><script>${ask('opened')}</script>`);
    const here = site.page('ways', `<!doctype html><title>ways</title><h1>ways</h1><iframe name="to"></iframe>
      <iframe sandbox="allow-scripts" srcdoc="<script>${ask('sandboxed').replaceAll('"', '&quot;')}</script>"></iframe>
      <form method="post" target="to" action="/mp/track/?ways=form"><input name="data"></form><script>
      if (!window.fetchLater) throw new Error('This test is of a browser that has fetchLater().');
      fetchLater(${JSON.stringify(at('later'))});
      fetchLater('/mp/track/?ways=posted', { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'data=${data('posted')}', activateAfter: 300 });
      const run = (text) => URL.createObjectURL(new Blob([text]));
      new Worker(run(${JSON.stringify(ask('worker'))}));
      try { new SharedWorker(run(${JSON.stringify(ask('shared'))})); } catch { }
      navigator.serviceWorker.register('/library.js').catch(() => {});
      document.querySelector('input').value = decodeURIComponent('${data('form')}');
      document.querySelector('form').submit();
      for (let n = 0; n < 6; n++) open('/opened');
    </script>`);
    const { code, json } = await cli('verify', here, '--wait', '2', '--only', 'before', '--json', '--quiet');
    const { requests, verdict } = result(json, 'before');
    assert.deepEqual([code, verdict], [1, 'broken']);
    const events = new Set(requests.flatMap(({ events: some }) => some));
    for (const way of ['later', 'posted', 'worker', 'sandboxed', 'form', 'opened']) assert.ok(events.has(way), `${way} is recorded: ${[...events]}`);
    assert.deepEqual(site.received.filter(({ query }) => query.ways).map(({ query }) => query.ways), [], 'and none has reached anybody');
  });

  test('a page without Mixpanel, a PDF, a check against robots, no page: not shown, and never 0', async () => {
    const pages = {
      plain: site.page('nothing', '<!doctype html><title>Nothing</title><h1>Nothing</h1>'),
      pdf: site.page('paper', (_, response) => response.writeHead(200, { 'content-type': 'application/pdf' }).end('%PDF-1.4\n%%EOF')),
      kept: site.page('file', (_, response) => response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-disposition': 'attachment; filename=x.bin' }).end('x')),
      robots: site.page('robots', (_, response) => response.writeHead(403, { 'content-type': 'text/html', 'cf-mitigated': 'challenge' }).end('<!doctype html><title>Just a moment...</title>')),
      gone: page('gone'),
    };
    const list = join(folder, 'list.txt');
    await writeFile(list, `# what to visit\n${Object.values(pages).join('\n')}\nhttp://127.0.0.1:9/ # nobody is there\n`);
    const { code, json, err } = await cli('verify', '--list', list, '--wait', '0.5', '--only', 'before,gpc', '--json');
    assert.equal(code, 2);
    assert.deepEqual(json.results.filter(({ id }) => id === 'before').map(({ verdict, code: why }) => [verdict, why]), [
      ['not shown', 'mixpanel-not-seen'], ['not shown', 'page-not-html'], ['not shown', 'page-not-html'], ['not shown', 'page-robot-check'], ['not shown', 'page-refused'], ['not shown', 'page-unreachable'],
    ]);
    assert.equal(json.results.length, 12, 'a report of them all');
    assert.match(err, /before an answer: not shown/, 'progress, where nobody looks');
  });

  test('--pages follows links of the same site, then its map; files, other sites and what acts are left alone', async () => {
    const asked = [];
    site.page('tree', `<!doctype html><title>t</title><a href="/tree-a#x">a</a> <a href="/tree-a">a</a> <a href="/files/price.pdf">p</a> <a href="file:///etc/passwd">f</a> <a href="https://elsewhere.example/">e</a> <a href="/logout">l</a> <a href="/tree-b" download>d</a>`);
    for (const name of ['tree-a', 'tree-map', 'logout']) site.page(name, (_, response) => { asked.push(name); response.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html><title>${name}</title>`); });
    site.page('sitemap.xml', `<?xml version="1.0"?><urlset><url><loc>${page('tree-map')}</loc></url><url><loc>https://elsewhere.example/x</loc></url></urlset>`, { 'content-type': 'application/xml' });
    const { json } = await cli('verify', page('tree'), '--pages', '5', '--wait', '0.5', '--only', 'before', '--json', '--quiet');
    assert.deepEqual(json.pages, [page('tree'), page('tree-a'), page('tree-map')]);
    assert.deepEqual([...new Set(asked)].sort(), ['tree-a', 'tree-map']);
  });

  test('the tag’s own state stands in the report, and its withdrawal in two tabs holds', async () => {
    const here = site.bridged('klaro', { path: 'tagged', form: 'tag', lib: `${site.origin}/library.js` });
    const { json } = await cli('verify', here, '--wait', '1', '--only', 'before,tabs', '--json', '--quiet');
    assert.deepEqual(verdicts(json), { before: 'kept', tabs: 'kept' }, JSON.stringify(json.results.map(({ why, stored }) => [why, stored])));
    const { bridge } = result(json, 'before');
    assert.deepEqual([bridge.form, bridge.consent, bridge.mode, bridge.code], ['tag', 'unset', 'off', 'cmp-asking']);
    assert.ok(bridge.reason.length > 10);
  });

  test('buttons that nobody knows are found by their text, in whatever language, and count when they were heard', async () => {
    const dialog = (keep) => `<!doctype html><html lang="de"><title>Laden</title>
      <div id="cookie-dialog" role="dialog"><p>Wir verwenden Cookies.</p><button>Einstellungen</button> <button>Nur notwendige</button> <button>Alle akzeptieren</button></div>
      <script>for (const button of document.querySelectorAll('button')) button.onclick = () => { ${keep ? "localStorage.answer = button.textContent; document.getElementById('cookie-dialog').remove();" : ''} };</script>`;
    const [heard, deaf] = await Promise.all([
      cli('verify', site.page('text', dialog(true)), '--wait', '0.5', '--only', 'yes,no', '--json', '--quiet'),
      cli('verify', site.page('deaf', dialog(false)), '--wait', '0.5', '--only', 'no', '--json', '--quiet'),
    ]);
    assert.deepEqual(heard.json.results.map(({ answers: [{ how, by, readBack }] }) => [how, by, readBack]), [
      ['text', 'the button “Alle akzeptieren” (German)', 'storage'], ['text', 'the button “Nur notwendige” (German)', 'storage'],
    ]);
    assert.deepEqual(deaf.json.results.map(({ verdict, code, answers }) => [verdict, code, answers.length]), [['not shown', 'answer-not-read', 0]]);
    assert.equal(deaf.code, 2);
  });

  test('autoconsent’s rules press what ours do not know, and are told as such', async () => {
    // Its own rule for Moove (data of the package), of which we have no buttons.
    const here = site.page('moove', `<!doctype html><title>m</title>
      <div id="moove_gdpr_cookie_info_bar" style="position: fixed; bottom: 0; height: 60px; width: 100%"><button class="moove-gdpr-infobar-allow-all" onclick="localStorage.moove = 'yes'; this.parentNode.remove()">OK!</button><button class="moove-gdpr-infobar-reject-btn" onclick="localStorage.moove = 'no'; this.parentNode.remove()">No!</button></div>`);
    const { json } = await cli('verify', here, '--wait', '0.5', '--only', 'no', '--json', '--quiet');
    assert.deepEqual(json.results.map(({ answers }) => answers.map(({ how, by, readBack }) => [how, by, readBack])), [[['autoconsent', "autoconsent's rule Moove", 'storage']]], JSON.stringify(json.results.map(({ why }) => why)));
  });
});

test('a certificate that nobody has signed: refused with a sentence, taken with --insecure', async () => {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key, '-out', cert, '-days', '2', '-subj', '/CN=127.0.0.1'], { stdio: 'ignore' });
  const server = createServer({ key: await readFile(key), cert: await readFile(cert) }, (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>staging</title>'));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const url = `https://127.0.0.1:${server.address().port}/`;
    const [refused, taken] = await Promise.all([cli('detect', url, '--wait', '0.5'), cli('detect', url, '--wait', '0.5', '--insecure')]);
    assert.equal(refused.code, 2);
    assert.match(refused.err, /--insecure\. \(net::ERR_CERT_AUTHORITY_INVALID\)/);
    assert.equal(taken.code, 0, taken.err);
  } finally {
    server.close();
    server.closeAllConnections();
  }
});

test('a list that cannot be read, an empty one, a day that is none: said in a sentence', async () => {
  const empty = join(folder, 'empty.txt');
  await writeFile(empty, '# nothing\n');
  for (const [args, expected] of [
    [['verify', '--list', join(folder, 'nowhere')], /cannot be read/],
    [['verify', '--list', empty], /has no address in it/],
    [['verify', 'shop.example', '--list', empty], /takes one address/],
    [['verify', 'shop.example', '--pages', '0'], /--pages is `0`; it may be from 1 to 500 pages/],
    [['verify', 'shop.example', '--until', 'soon'], /--until is `soon`/],
    [['verify', '--explain', 'nonsense'], /`nonsense` is no finding; there are profile-deleted/],
  ]) {
    const { code, err } = await cli(...args);
    assert.equal(code, 2);
    assert.match(err, expected);
  }
  const { code, out } = await cli('verify', '--explain', 'id-stored');
  assert.equal(code, 0);
  assert.match(out, /365 days/);
  assert.ok((await readFile(new URL('../../docs/findings.md', import.meta.url), 'utf8')).includes('## id-stored'));
});
