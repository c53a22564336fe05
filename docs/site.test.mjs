// The site as it is built: every page at the width of a phone and of a desk, by the rules of axe and
// without a sideways scroll; every link and every anchor; the search, without a network; the
// comparison; the builder's form. Builds the site first.
//
//   node --test docs/site.test.mjs
//   SITE_PAGES='index|builder' node --test docs/site.test.mjs    the pages of these names alone, by axe
//   SITE_PAGES=. node --test docs/site.test.mjs                  every page, also those that have nothing of their own

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openBrowser, site } from '../tests/package/site.mjs';
import { at, files } from '../tools/lib.mjs';
import { serve } from '../tools/serve.mjs';
import { SITE, buildSite } from '../tools/site.mjs';
import { builderOutput } from '../www/builder/code.js';

const AT_ONCE = 4;
const WIDTHS = [[390, 844, 'light'], [1280, 900, 'dark']];

let server;
let browser;
let axe;
let pages = [];
before(async () => {
  await buildSite();
  axe = readFileSync(at('node_modules', 'axe-core', 'axe.min.js'), 'utf8');
  pages = files(SITE).map((path) => path.split('/site/').at(-1)).filter((path) => path.endsWith('.html') && !/^(node_modules|404)|^demo\/with/.test(path));
  [server, browser] = await Promise.all([serve({ port: 0 }), openBrowser()]);
});
after(async () => {
  await browser?.close();
  await server?.close();
});

/** Runs `work` on each of a list, some at a time; resolves to what it returned. */
async function each(list, work) {
  const results = [];
  const waiting = [...list];
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (let one = waiting.shift(); one; one = waiting.shift()) results.push(await work(one));
  }));
  return results.flat();
}

/**
 * What axe could find fault with in a page that one function writes from one table: which elements
 * it has, with which classes, roles and colours, which of them are empty, and the order of its headings.
 */
const partsOf = (html) => {
  const main = html.slice(html.indexOf('<main'), html.indexOf('</main'));
  const tags = [...main.matchAll(/<(\w+)([^>]*)>/g)].map(([, tag, given]) => `${tag} ${given
    // The page's own name among the classes, and texts, are what differs in each.
    .replace(/ _managers_[\w-]+/, '').replace(/([\w-]+)="[^"]*"/g, (whole, name) => (/^(class|role|style)$/.test(name) ? whole : name))}`);
  const empty = [...main.matchAll(/<(\w+)[^>]*>\s*<\/\1>/g)].map(([, tag]) => `empty ${tag}`);
  return new Set([...tags, ...empty, `headings ${[...main.matchAll(/<h(\d)/g)].map(([, level]) => level).join('')}`]);
};

describe('every page', () => {
  test('by axe and by its width: on a phone in light, on a desk in dark', async () => {
    assert.ok(pages.length > 80, `${pages.length} pages`);
    const chosen = pages.filter((path) => new RegExp(process.env.SITE_PAGES ?? '').test(path));
    // Of the managers' pages those with a part that none before them had; the width and the errors of each are looked at all the same.
    const known = new Set();
    const asked = new Set(chosen.filter((path) => {
      if (process.env.SITE_PAGES || !/^managers\/(?!index)/.test(path)) return true;
      const parts = partsOf(readFileSync(join(SITE, path), 'utf8'));
      return [...parts].filter((part) => !known.has(part) && known.add(part)).length > 0;
    }));
    // A page for many addresses: what they share is kept, and no window is opened for each.
    const free = await Promise.all(Array.from({ length: AT_ONCE }, async () => (await browser.newContext({ reducedMotion: 'reduce' })).newPage()));
    const found = await each(chosen, async (path) => {
      const page = free.pop();
      const wrong = [];
      const threw = (error) => wrong.push(`${path}: ${error.message}`);
      page.on('pageerror', threw);
      for (const [turn, [width, height, colorScheme]] of WIDTHS.entries()) {
        await page.setViewportSize({ width, height });
        await page.emulateMedia({ colorScheme });
        // The site's own pages follow; the playground and the comparison look once, when they are loaded.
        if (turn === 0 || /^(playground|demo)/.test(path)) {
          await page.goto(server.address + path);
          if (asked.has(path)) await page.evaluate(axe);
        } else await page.locator('html.dark').waitFor({ state: 'attached' });
        const violations = !asked.has(path) ? [] : await page.evaluate(async () => {
          const { violations: all } = await window.axe.run(document, {
            resultTypes: ['violations'],
            runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
          });
          return all.map(({ id, help, nodes }) => `${id} (${help}): ${nodes.slice(0, 3).map(({ target, failureSummary }) => `${target.join(' ')} ${failureSummary.split('\n')[1]?.trim()}`).join('; ')}`);
        });
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        wrong.push(...violations.map((violation) => `${path}, ${width} px: ${violation}`), ...(wide > 0 ? [`${path}, ${width} px: ${wide} px too wide`] : []));
      }
      page.off('pageerror', threw);
      free.push(page);
      return wrong;
    });
    await Promise.all(free.map((page) => page.context().close()));
    assert.deepEqual(found, []);
  });

  test('links lead somewhere, anchors too; those to the repository name a file that is there', async () => {
    const repository = JSON.parse(readFileSync(at('package.json'), 'utf8')).repository.url.replace(/^git\+|\.git$/g, '');
    const known = new Map();
    // As they are served, before any script: read by the browser's own parser, in one page.
    const reader = await browser.newPage();
    const read = [];
    for (const path of pages) {
      const one = await reader.evaluate(([html, base]) => {
        const made = new DOMParser().parseFromString(html, 'text/html');
        made.head.prepend(Object.assign(made.createElement('base'), { href: base }));
        return {
          links: [...made.querySelectorAll('a[href], img[src], script[src], link[href], iframe[src]')].map((element) => new URL(element.getAttribute('href') ?? element.getAttribute('src'), made.baseURI).href),
          ids: [...made.querySelectorAll('[id], a[name]')].map((element) => element.id || element.name),
        };
      }, [await (await fetch(server.address + path)).text(), server.address + path]);
      known.set(`/${path}`, new Set(one.ids));
      read.push(...one.links.map((link) => [path, link]));
    }
    await reader.close();
    const wrong = [];
    const asked = new Map();
    for (const [path, link] of read) {
      const url = new URL(link);
      if (url.protocol === 'data:' || url.protocol === 'mailto:') continue;
      if (link.startsWith(`${repository}/blob/main/`)) {
        if (!existsSync(at(url.pathname.split('/blob/main/')[1]))) wrong.push(`${path}: ${link}`);
        continue;
      }
      // What others serve is not asked for: the tests reach no other machine.
      if (url.origin !== new URL(server.address).origin) continue;
      const place = url.pathname.endsWith('/') ? `${url.pathname}index.html` : url.pathname;
      if (!asked.has(place)) asked.set(place, (await fetch(new URL(place, server.address))).status);
      if (asked.get(place) !== 200) wrong.push(`${path}: ${link} is ${asked.get(place)}`);
      else if (url.hash && known.has(place) && !known.get(place).has(decodeURIComponent(url.hash.slice(1)))) wrong.push(`${path}: ${link} has no such anchor`);
    }
    assert.ok(read.length > 1000);
    assert.deepEqual([...new Set(wrong)], []);
  });

  test('as a folder of files: what its pages name is in it', () => {
    const missing = [];
    for (const path of pages) {
      const text = readFileSync(join(SITE, path), 'utf8');
      for (const [, link] of text.matchAll(/(?:href|src)="([^"#?:]+)["#?]/g)) {
        const place = link.startsWith('/') ? link : join('/', path, '..', link);
        const file = join(SITE, place.endsWith('/') ? `${place}index.html` : place);
        if (!existsSync(file)) missing.push(`${path}: ${link}`);
      }
    }
    assert.deepEqual(missing, []);
  });
});

test('its own command takes the pictures, too', async () => {
  const picture = join(SITE, 'inspector-light.webp');
  rmSync(picture, { force: true });
  const program = spawn(process.execPath, [at('tools', 'site.mjs'), 'pictures'], { stdio: 'inherit' });
  assert.deepEqual(await once(program, 'exit'), [0, null]);
  assert.ok(existsSync(picture));
});

test('the search finds a code without a network', async () => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  const elsewhere = [];
  page.on('request', (request) => { if (!request.url().startsWith(server.address) && !request.url().startsWith('data:')) elsewhere.push(request.url()); });
  await page.goto(`${server.address}options.html`);
  await page.locator('button.DocSearch-Button, .VPNavBarSearch button').first().click();
  await page.locator('input[type=search], .search-input').fill('category-unknown');
  const first = page.locator('.results a').first();
  await first.waitFor();
  assert.match(await first.getAttribute('href'), /troubleshooting/);
  assert.deepEqual(elsewhere, []);
  await context.close();
});

test('the builder writes what is asked for, and copies it', async () => {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, permissions: ['clipboard-read', 'clipboard-write'] });
  const page = await context.newPage();
  await page.goto(`${server.address}builder.html`);
  await page.locator('select[name=cmp]').selectOption('onetrust');
  await page.locator('select[name=framework]').selectOption('tag-alone');
  await page.locator('input[name=token]').fill('0123456789abcdef0123456789abcdef');
  await page.locator('input[name=category]').fill('C0007');
  await page.locator('select[name=gpc]').selectOption('strict');
  const [{ text }] = builderOutput({ cmp: 'onetrust', framework: 'tag-alone', token: '0123456789abcdef0123456789abcdef', category: 'C0007', policy: { gpc: 'strict' } }).files;
  await page.locator('.file button').first().click();
  await page.getByText('Copied').waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), text);
  assert.match(text, /data-token="0123456789abcdef0123456789abcdef" data-cmp="onetrust" data-category="C0007" data-gpc="strict"/);
  await context.close();
});

test('npm start serves the site, the playground and the comparison, and ends when it is told to', async () => {
  assert.equal(JSON.parse(readFileSync(at('package.json'), 'utf8')).scripts.start, 'node tools/serve.mjs');
  // As where the site is built by this very command.
  const picture = join(SITE, 'inspector-dark.webp');
  rmSync(picture, { force: true });
  const program = spawn(process.execPath, [at('tools', 'serve.mjs')], { env: { ...process.env, PORT: '0' }, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(program, 'exit');
  try {
    let said = '';
    const address = await new Promise((done, failed) => {
      program.stdout.on('data', (chunk) => {
        said += chunk;
        const found = /Site:\s+(http:\S+)/.exec(said);
        if (found) done(found[1]);
      });
      ended.then(([code]) => failed(new Error(`ended with ${code}: ${said}`)));
    });
    assert.ok(existsSync(picture), 'the pictures of the site are taken');
    for (const [path, words] of [['', 'mixpanel-consent-bridge'], ['playground/', 'id="fact-code"'], ['demo/', 'One banner, two pages'], ['config.json', '"real":false'], ['node_modules/mixpanel-consent-bridge/dist/index.js', 'mixpanel-consent-bridge']]) {
      const answer = await fetch(address + path);
      assert.equal(answer.status, 200, path);
      assert.ok((await answer.text()).includes(words), path);
    }
    program.kill('SIGTERM');
    assert.deepEqual(await ended, [0, null]);
  } finally {
    program.kill('SIGKILL');
  }
});

test('the comparison: by hand things are stored before an answer and after a no, with the bridge none', async () => {
  const context = await browser.newContext({ viewport: { width: 1100, height: 760 } });
  const page = await context.newPage();
  await page.goto(`${server.address}demo/`);
  const frame = (name) => page.frames().find((one) => one.url().includes(`/${name}.html`));
  await page.locator('#cc-main .cm [data-role="all"]').waitFor();
  // On a phone the banner lies over neither page.
  await page.setViewportSize({ width: 390, height: 844 });
  const banner = await page.locator('#cc-main .cm').boundingBox();
  for (const name of ['without', 'with']) {
    const { y, height } = await page.locator(`#${name}`).boundingBox();
    assert.ok(banner.y + banner.height <= y || y + height <= banner.y, `the banner is over the page ${name}: ${JSON.stringify({ banner, y, height })}`);
  }
  await page.setViewportSize({ width: 1100, height: 760 });
  const until = async (name, condition) => {
    for (const end = Date.now() + 10_000; ; await page.waitForTimeout(100)) {
      const said = await frame(name)?.evaluate(() => ({ verdict: document.getElementById('verdict').textContent, left: document.getElementById('left').textContent, stored: document.getElementById('stored').textContent })).catch(() => null);
      if (said && condition(said)) return said;
      assert.ok(Date.now() < end, `${name}: ${JSON.stringify(said)}`);
    }
  };
  await until('without', ({ verdict, stored }) => /^\d+ things/.test(verdict) && stored.includes('cookie mp_'));
  await until('with', ({ verdict, left, stored }) => verdict.startsWith('Nothing') && left === 'nothing' && stored === 'nothing');
  await page.locator('#cc-main .cm [data-role="all"]').click();
  await until('with', ({ left, stored }) => left.includes('Page Loaded') && stored.includes('cookie mp_'));
  assert.doesNotMatch((await until('without', ({ left }) => left.includes('$opt_in'))).left, /Page Loaded/);
  await page.locator('#change').click();
  await page.locator('#cc-main .pm [data-role="necessary"]').click();
  await until('with', ({ verdict, stored }) => verdict.startsWith('Nothing') && !/cookie|session|__mpq/.test(stored));
  await until('without', ({ stored }) => stored.includes('mp_tab_id'));
  await context.close();
});

test('the start page stays where it begins while its banner comes, and what it stores is not taken for the playground’s', async () => {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  const page = await context.newPage();
  await page.goto(server.address);
  await page.frameLocator('iframe').locator('#cc-main .cm [data-role="all"]').waitFor();
  // The banner takes the focus a moment after it is there.
  await page.waitForTimeout(800);
  assert.equal(await page.evaluate(() => scrollY), 0);
  await page.waitForFunction(() => document.cookie.includes('mp_'));
  await page.goto(`${server.address}playground/`);
  await page.locator('#fact-code', { hasText: 'cmp-asking' }).waitFor();
  await page.waitForFunction(() => document.querySelector('[data-owner=other]').textContent.includes('mp_‹start page›_mixpanel'));
  assert.equal(await page.locator('[data-owner=mixpanel] b').textContent(), '0');
  await context.close();
});

test('on a web server that plays nothing: the playground shows what left after a yes, and why, in a sentence', async () => {
  const plain = await site(SITE);
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  const page = await context.newPage();
  const errors = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(`${plain.origin}/playground/?cmp=klaro`);
  const why = async () => {
    await page.locator('#explain').click();
    const text = await page.locator('#why-says').textContent();
    await page.keyboard.press('Escape');
    return text;
  };
  await page.locator('#fact-code', { hasText: 'cmp-asking' }).waitFor();
  assert.match(await why(), /^The visitor has not answered, says Klaro, so nothing goes to Mixpanel\. \d calls? waits? in memory/);
  await page.locator('.klaro .cm-btn-success').first().click();
  await page.locator('#fact-code', { hasText: /^granted$/ }).waitFor();
  await page.waitForFunction(() => /Page opened/.test(document.getElementById('network-rows').textContent), undefined, { timeout: 10_000 });
  assert.match(await why(), /^The visitor said yes, says Klaro, so Mixpanel runs\./);
  assert.equal(plain.requests(), 0, 'nothing left the browser');
  assert.deepEqual(errors, []);
  await context.close();
  await plain.close();
});
