// The script tag in files: what a page loads of it, from wherever it is served, under policies, and
// what holds where a file does not come or is another build's; and the tag in one file.
// What was broken to see these fail stands in breaks/tag.mjs.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { partOf } from '../../tools/parts.mjs';
import { integrity, tagFolder } from '../../tools/tag-files.mjs';
import { ENGINE, PAGES, closed, noPageError, nothingSent, nothingWritten, open, sdkSnippet } from './harness/index.mjs';
import { DIST } from './harness/server.mjs';

let harness;
before(async () => {
  harness = await open({ whole: true });
});
after(() => harness.close());

const FOLDER = tagFolder(DIST);
const text = (name) => readFileSync(join(DIST, name), 'utf8');
const part = (id) => `cmp-${partOf(id)}.js`;
const HASHES = integrity(DIST, FOLDER).integrity;
/** The hashes of the files as a page's import map has them, where they are served at `base`. */
const map = (base, changed = {}) =>
  `<script type="importmap">${JSON.stringify({ integrity: Object.fromEntries(Object.entries({ ...HASHES, ...changed }).map(([path, hash]) => [path.replace('./', base), hash])) })}</script>`;

const on = { mode: 'on', consent: 'granted' };
const tag = { form: 'tag', cmp: undefined, calls: [['track', 'Early']] };
const manual = { ...tag, connect: { cmp: 'manual' } };
/** The tag as a test writes it, in place of the harness's own. */
const written = (html) => ({ ...manual, tag: 'nowhere', above: html });
const NONCE = 'dGFn';
const policy = (value) => ({ nonce: /NONCE/.test(value) ? NONCE : undefined, headers: { 'content-security-policy': value.replace('NONCE', `'nonce-${NONCE}'`) } });

/** What was fetched of the bridge, without the tag. */
const loaded = (v) => v.asked.map(({ url }) => new RegExp(`/${FOLDER}/([^/?]+)$`).exec(url)?.[1]).filter(Boolean).sort();

async function works(v) {
  await v.page.waitForFunction(() => window.mixpanelConsent && window.mixpanelConsent.state.code !== 'starting');
  nothingSent(v);
  assert.deepEqual(v.code(), []);
  await v.page.evaluate(() => window.mixpanelConsent.grant());
  await v.until(on);
  await v.settle(400);
  assert.deepEqual(v.names(), ['Early']);
  await v.page.evaluate(() => window.mixpanelConsent.deny());
  await v.until({ mode: 'off', consent: 'denied' });
  noPageError(v);
}

/** Nothing passes, not by a yes either, and the sentence says which file and what else there is. */
async function shut(v, ...words) {
  await v.until({ code: 'core-unavailable', mode: 'off' });
  await v.page.evaluate(() => {
    try {
      window.mixpanelConsent.grant();
    } catch {
      // Of a consent manager.
    }
    window.mixpanel.track('Later');
  });
  await v.settle(300);
  nothingSent(v);
  nothingWritten(v);
  assert.deepEqual(v.code(), []);
  const { reason } = await v.state();
  for (const word of [...words, 'bridge.all.js']) assert.ok(reason.includes(word), `“${word}” is not in: ${reason}`);
  assert.equal(v.console.filter(({ text }) => text.includes('core-unavailable')).length, 1, JSON.stringify(v.console));
  noPageError(v);
}

describe('what a page loads of the tag', { concurrency: PAGES }, () => {
  for (const [what, connect, files] of [
    ['one consent manager', { cmp: 'onetrust' }, ['core.js', part('onetrust')]],
    ['two', { cmp: 'onetrust,didomi' }, ['core.js', part('onetrust'), part('didomi')]],
    ['auto', {}, ['core.js', 'cmp.js']],
    ['a dialog of the site\'s own', { cmp: 'manual' }, ['core.js', 'instances.js']],
  ])
    test(`${what}: ${files.join(', ')}`, () =>
      // With the time that a site has: what is missing would be said, and what says it fetched.
      harness.during({ ...tag, connect }, async (v) => {
        await v.settle(800);
        assert.deepEqual(loaded(v).filter((name) => !/^(drive|sweep)\.js$/.test(name)), files.sort());
        assert.notEqual((await v.state()).code, 'starting');
        noPageError(v);
      }));

  test('auto and a stored answer: the table, and the part of who gave it', () =>
    harness.during({ ...tag, connect: {}, init: "document.cookie = 'cookie_notice_accepted=true; path=/'" }, async (v) => {
      await v.until({ consent: 'granted', cmp: 'cookie-notice' });
      assert.deepEqual(loaded(v).filter((name) => /^cmp/.test(name)), [part('cookie-notice'), 'cmp.js'].sort());
    }));

  test('the adapters are asked for before the core has come, and calls wait for both', { skip: ENGINE === 'webkit' && 'its page has not loaded before what its scripts import' }, () =>
    harness.during({ ...tag, connect: { cmp: 'onetrust' }, held: /\/core\.js/ }, async (v) => {
      await v.page.waitForFunction(() => performance.getEntriesByType('resource').some(({ name }) => /cmp-\d+\.js/.test(name)));
      const { code, held } = await v.state();
      assert.deepEqual([code, held], ['starting', 1]);
      v.letCome();
    }));

  test('what is called while the core is on its way leaves after a yes, in order', () =>
    harness.during({ ...manual, config: { batch_requests: false }, held: /\/core\.js/ }, async (v) => {
      const code = await v.page.evaluate(() => {
        window.mixpanel.track('Second');
        window.mixpanel.people.set({ team: 'red' });
        window.mixpanel.push(['track', 'Third']);
        // The site's own dialog answers before the core is there.
        window.mixpanelConsent.grant();
        return window.mixpanelConsent.state.code;
      });
      if (ENGINE !== 'webkit') assert.equal(code, 'starting');
      v.letCome();
      await v.until(on);
      await v.settle(400);
      assert.deepEqual(v.names(), ['Early', 'Second', 'Third']);
    }));
});

describe('a file beside the tag does not come', { concurrency: PAGES }, () => {
  const answers = {
    '404': (path) => ({ answerWith: [[path, { status: 404, body: 'not here' }]] }),
    blocked: (path) => ({ block: [path] }),
    'an HTML page': (path) => ({ answerWith: [[path, { contentType: 'text/html', body: '<!doctype html><title>Shop</title>' }]] }),
    'cut off': (path) => ({ answerWith: [[path, { contentType: 'text/javascript', body: text(`${FOLDER}/core.js`).slice(0, 4000) }]] }),
    'a script without its end': (path) => ({ answerWith: [[path, { contentType: 'text/javascript', body: text(`${FOLDER}/core.js`).replace(/export *\{[^}]*\};?\s*$/, '') }]] }),
  };
  for (const [what, answer] of Object.entries(answers))
    test(`the core (${what}): shut, and said`, () =>
      harness.during({ ...manual, ...answer(`**/${FOLDER}/core.js`) }, (v) => shut(v, `${v.url().split('/v')[0]}/dist/${FOLDER}/core.js`, FOLDER)));
  for (const [what, file, connect] of [
    ['the adapters', part('onetrust'), { cmp: 'onetrust' }],
    ['the table of auto', 'cmp.js', {}],
  ])
    test(`${what}: shut, and said`, () =>
      harness.during({ ...tag, connect, ...answers['404'](`**/${FOLDER}/${file}`) }, (v) => shut(v, `/dist/${FOLDER}/${file}`)));

  test('what drives the SDK (drive.js): after a yes shut, and said; the calls are kept', () =>
    harness.during({ ...manual, ...answers['404'](`**/${FOLDER}/drive.js`) }, async (v) => {
      await v.until({ code: 'manual-unset' });
      await v.page.evaluate(() => window.mixpanelConsent.grant());
      await v.until({ code: 'sdk-failed', mode: 'off' });
      await v.settle(300);
      nothingSent(v);
      assert.deepEqual(v.code(), []);
      assert.equal((await v.state()).held, 1);
      assert.ok(v.console.some(({ text }) => text.includes('sdk-failed') && (ENGINE !== 'chromium' || text.includes('drive.js'))), JSON.stringify(v.console));
      noPageError(v);
    }));

  test('what removes what the SDK left (sweep.js): after a no it is said', () =>
    harness.during({ ...manual, ...answers['404'](`**/${FOLDER}/{sweep,drive}.js`) }, async (v) => {
      await v.until({ code: 'manual-unset' });
      await v.page.evaluate(() => window.mixpanelConsent.deny());
      await v.until({ consent: 'denied', mode: 'off' });
      await v.settle(300);
      nothingSent(v);
      assert.ok(v.console.some(({ text }) => text.includes('sweep-unavailable') && (ENGINE !== 'chromium' || text.includes('sweep.js'))), JSON.stringify(v.console));
      noPageError(v);
    }));

  test('none of them, the tag copied alone: shut, and said', () =>
    harness.during({ ...manual, answerWith: [['**/dist/bridge-*/**', { status: 404, body: 'not here' }]] }, (v) => shut(v, 'core.js', FOLDER)));

  test('a tag that a cache has kept from another build: it takes none of this one\'s files', () =>
    harness.during({ ...manual, answerWith: [['**/dist/bridge.js', { contentType: 'text/javascript', body: text('bridge.js').replaceAll(FOLDER, 'bridge-0.0.9-0badcafe') }]] }, async (v) => {
      await shut(v, '/dist/bridge-0.0.9-0badcafe/core.js');
      assert.deepEqual(loaded(v), []);
    }));

  test('nor the core of another build\'s bridge.no-wasm.js', () =>
    harness.during({
      ...manual, attributes: { 'no-wasm': '/dist/bridge.no-wasm.js' }, ...policy("script-src NONCE 'strict-dynamic'"),
      answerWith: [['**/dist/bridge.no-wasm.js', { contentType: 'text/javascript', body: text('bridge.no-wasm.js').replaceAll(FOLDER, 'bridge-0.0.9-0badcafe') }]],
    }, async (v) => {
      await v.until({ code: 'core-unavailable', mode: 'off' });
      await v.page.evaluate(() => window.mixpanelConsent.grant());
      await v.settle(300);
      nothingSent(v);
      assert.match((await v.state()).reason, /bridge\.no-wasm\.js/);
    }));

  test('below the latch: the tag has taken over, and stays shut', () =>
    harness.during({ ...manual, above: `<script>${JSON.parse(text('latch.json')).script}</script>`, ...answers['404'](`**/${FOLDER}/core.js`) }, async (v) => {
      await shut(v, 'core.js');
      assert.ok(!v.console.some(({ text }) => text.includes('did not arrive')));
    }));
});

describe('where the tag stands', { concurrency: PAGES }, () => {
  const inline = (name) => `<script>${text(name).replaceAll('</script', '<\\/script')}</script>`;
  test('as text in the page, where nothing is beside it: shut, and said', () =>
    harness.during({ ...written(`<script>document.documentElement.dataset.x = 1</script>${inline('bridge.js').replace('<script>', '<script data-cmp="manual">')}`) }, (v) => shut(v, `${FOLDER}/core.js`)));

  test('bridge.all.js as text in the page works', () =>
    harness.during({ ...written(inline('bridge.all.js').replace('<script>', '<script data-cmp="manual">')) }, async (v) => {
      await works(v);
      assert.deepEqual(loaded(v), []);
    }));

  test('made by a script, as tag managers do', () =>
    harness.during({ ...written(`<script>{ const tag = document.createElement('script'); tag.src = '/dist/bridge.js'; tag.dataset.cmp = 'manual'; tag.async = false; document.head.append(tag); }</script>`), site: `<script>addEventListener('load', () => { mixpanel.init('${'a'.repeat(32)}', S.config); mixpanel.track('Early'); });</script>` }, works));

  test('below a <base> of another folder, with a query and options behind its address', () =>
    harness.during({ ...written('<base href="/elsewhere/"><script src="/dist/bridge.js?ver=6.5#cmp=manual"></script>') }, works));

  /** From another host of the same server, which allows it to none. */
  const elsewhere = (name) => `<script>document.write('<script src="' + location.origin.replace('www.shop', 'static.elsewhere') + '/dist/${name}" data-cmp="manual"><\\/script>');</script>`;
  test('on another origin that allows it (Access-Control-Allow-Origin)', () =>
    harness.during({
      ...written(elsewhere('bridge.js')),
      answerWith: Object.keys(HASHES).slice(3).map((path) => [`**/dist/${path.slice(2)}`, { headers: { 'content-type': 'text/javascript', 'access-control-allow-origin': '*' }, body: text(path) }]),
    }, works));

  test('on another origin that does not: shut, and said', () =>
    harness.during(written(elsewhere('bridge.js')), (v) => shut(v, 'http://static.elsewhere.test', `/dist/${FOLDER}/core.js`, 'Access-Control-Allow-Origin')));

  test('bridge.all.js on another origin needs nothing of it', () => harness.during(written(elsewhere('bridge.all.js')), works));

  test('on a file:// page: shut, and said; bridge.all.js works', { skip: ENGINE !== 'chromium' && 'asks the files of this machine' }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'page-'));
    try {
      for (const name of ['bridge.js', 'bridge.all.js']) copyFileSync(join(DIST, name), join(folder, name));
      cpSync(join(DIST, FOLDER), join(folder, FOLDER), { recursive: true });
      for (const name of ['bridge', 'bridge.all'])
        writeFileSync(join(folder, `${name}.html`), `<!doctype html><script src="${name}.js" data-cmp="manual" data-token="${'a'.repeat(32)}"></script>`);
      await harness.during({ ...manual }, async (v) => {
        const page = await v.context.newPage();
        const code = async (name) => {
          await page.goto(`file://${folder}/${name}.html`);
          await page.waitForFunction(() => window.mixpanelConsent && window.mixpanelConsent.state.code !== 'starting');
          return page.evaluate(() => window.mixpanelConsent.state);
        };
        const { code: apart, reason } = await code('bridge');
        assert.equal(apart, 'core-unavailable');
        assert.match(reason, /bridge\.all\.js/);
        assert.equal((await code('bridge.all')).code, 'manual-unset');
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('policies and hashes', { concurrency: PAGES }, () => {
  for (const [what, value] of [
    ['the folder by its address', `script-src http://www.shop.test:*/dist/bridge.js http://www.shop.test:*/dist/${FOLDER}/ 'unsafe-inline' cdn.mxpnl.com 'wasm-unsafe-eval'`],
    ['a nonce, Trusted Types', "script-src NONCE 'wasm-unsafe-eval'; require-trusted-types-for 'script'; trusted-types mixpanel-consent-bridge"],
  ])
    test(`${what}: works`, () => harness.during({ ...manual, ...policy(value) }, works));

  test('a policy that lets the tag through and not its files: shut, and said', () =>
    harness.during({ ...manual, ...policy(`script-src http://www.shop.test:*/dist/bridge.js 'unsafe-inline' cdn.mxpnl.com 'wasm-unsafe-eval'`) }, (v) => shut(v, 'core.js')));

  test('integrity on the tag, and an import map for its files: works', () =>
    harness.during({ ...written(`<script src="/dist/bridge.js" integrity="${HASHES['./bridge.js']}" data-cmp="manual"></script>`), head: map('/dist/') }, works));

  test('a file that is not what the import map says: shut, and said', () =>
    harness.during({ ...written(`<script src="/dist/bridge.js" integrity="${HASHES['./bridge.js']}" data-cmp="manual"></script>`), head: map('/dist/'),
      answerWith: [[`**/${FOLDER}/core.js`, { contentType: 'text/javascript', body: `${text(`${FOLDER}/core.js`)}\n` }]] }, (v) => shut(v, 'core.js')));
});

describe('a policy of hashes', { concurrency: PAGES }, () => {
  // In capitals, because the harness gives every `<script` the page's nonce, and this one has a hash.
  const tagged = (name) => ({ ...written(`<SCRIPT src="/dist/${name}" integrity="${HASHES[`./${name}`]}" data-cmp="manual"></SCRIPT>`) });
  const hashes = (...all) => policy(`script-src NONCE ${all.map((hash) => `'${hash}'`).join(' ')} 'wasm-unsafe-eval' https://cdn.mxpnl.com`);
  test('the tag\'s alone: its files are refused; shut, and said', () =>
    harness.during({ ...tagged('bridge.js'), ...hashes(HASHES['./bridge.js']) }, (v) => shut(v, 'core.js')));
  test('the tag\'s and its files\', with the import map: works', () =>
    harness.during({ ...tagged('bridge.js'), ...hashes(...Object.values(HASHES)), head: map('/dist/') }, works));
  test('that of bridge.all.js: works', () =>
    harness.during({ ...tagged('bridge.all.js'), ...hashes(HASHES['./bridge.all.js']) }, works));
  const loader = `const tag = document.createElement('script'); tag.src = '/dist/bridge.js'; tag.dataset.cmp = 'manual'; tag.dataset.token = S.token; tag.dataset.config = JSON.stringify(S.config); document.head.append(tag);`;
  test('that of an inline script which makes the tag, with strict-dynamic: works', () =>
    harness.during({ ...written(`<SCRIPT>${loader}</SCRIPT>`), site: "<script>addEventListener('load', () => mixpanel.track('Early'));</script>", ...policy(`script-src NONCE 'sha256-${createHash('sha256').update(loader).digest('base64')}' 'strict-dynamic' 'wasm-unsafe-eval'`) }, works));
});

describe('the tag in one file', { concurrency: PAGES }, () => {
  const alone = { block: [/\/dist\/(?!bridge\.all\.js)/] };
  test('from before an answer to a withdrawal, nothing else is asked for', () =>
    harness.during({ ...manual, tag: 'bridge.all', ...alone }, async (v) => {
      await works(v);
      assert.deepEqual(v.asked.filter(({ url }) => /\/dist\//.test(url)).map(({ url }) => url.split('/dist/')[1]), ['bridge.all.js']);
    }));
  test('with each consent manager that it knows', () =>
    harness.during({ ...tag, tag: 'bridge.all', connect: {}, init: "document.cookie = 'cookie_notice_accepted=true; path=/'", ...alone }, (v) => v.until({ consent: 'granted', cmp: 'cookie-notice' })));
});
