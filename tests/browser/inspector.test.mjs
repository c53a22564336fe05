// The inspector, used as a person uses it: by mouse and by keyboard, on a wide page and on a phone's,
// light and dark, under a strict policy, with several bridges. axe looks at each.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { ENGINE, PAGES, TOKEN, noPageError, open } from './harness/index.mjs';

const axe = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
let harness;
before(async () => {
  harness = await open();
});
after(() => harness.close());

const HOST = 'mixpanel-consent-inspector';
const DEBUG = { cmp: 'klaro', debug: true };
const toggle = (v) => v.page.locator(`${HOST} .toggle`);
const panel = (v) => v.page.getByRole('dialog', { name: 'Mixpanel and consent' });
const says = (v, text) => panel(v).getByText(text).first().waitFor({ timeout: 10_000 });
const files = (v) => v.asked.filter(({ url }) => /\/dist\/(.*\/)?inspector\.js$/.test(url)).length;
const focused = (v) => v.page.evaluate((host) => document.querySelector(host).shadowRoot.activeElement?.textContent, HOST);

async function noFinding(v) {
  await v.page.evaluate(axe);
  const found = await v.page.evaluate(async (host) => {
    const { violations } = await window.axe.run(document.querySelector(host), {
      resultTypes: ['violations'],
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${target.join(' ')} ${failureSummary}`).join('; ')}`);
  }, HOST);
  assert.deepEqual(found, []);
}

// Set to a folder, pictures are left there.
const picture = (v, name) => process.env.PICTURES && v.page.screenshot({ path: `${process.env.PICTURES}/${name}.png` });

describe('the inspector', { concurrency: PAGES }, () => {
  test('its button has a name before there is something to say', () =>
    harness.during({ cmp: 'klaro', connect: DEBUG, slow: [/\/dist\/explain\.js/, 8_000] }, async (v) => {
      // What it is first called, or the state, if the panel came before the core.
      await v.page.getByRole('button', { name: /^Mixpanel (and consent|is off)$/ }).waitFor({ timeout: 7_000 });
    }));

  test('is not fetched unless it is asked for', () =>
    harness.during({ cmp: 'klaro' }, async (v) => {
      await v.until({ code: 'cmp-asking' });
      await v.settle(300);
      assert.equal(files(v), 0);
      assert.equal(await v.page.locator(HOST).count(), 0);
    }));

  for (const [width, height, colorScheme] of [[1280, 800, 'light'], [390, 844, 'dark']]) {
    test(`by a person, at ${width} px, ${colorScheme}: before the answer, after a yes, after a no`, () =>
      harness.during({ cmp: 'klaro', connect: DEBUG, config: { autocapture: true, track_pageview: false }, calls: [['track', 'Cart opened'], ['people.set', { plan: 'free' }]], open: false }, async (v) => {
        v.page = await v.tab('home', {}, await v.context.newPage().then(async (page) => {
          await page.setViewportSize({ width, height });
          await page.emulateMedia({ colorScheme });
          return page;
        }));
        await v.ready(v.page);
        await v.until({ code: 'cmp-asking' });
        await toggle(v).waitFor();
        assert.match(await toggle(v).textContent(), /Mixpanel is off: nothing was ever granted/);
        await toggle(v).click();
        await says(v, 'Nothing has ever been granted here');
        assert.equal(await focused(v), 'Mixpanel and consent');
        assert.equal(await toggle(v).getAttribute('aria-expanded'), 'true');
        const text = await panel(v).textContent();
        assert.match(text, /klaro is asked for mixpanel/);
        assert.match(text, /category: 'analytics'/);
        assert.match(text, /2 calls wait in memory\..*track\('Cart opened'\).*people\.set\(\)/);
        assert.match(text, /Nothing of Mixpanel’s\./);
        await panel(v).getByText(/^klaro: not answered/).click();
        await says(v, 'global:');
        await noFinding(v);
        await picture(v, `before-${width}-${colorScheme}`);

        // A source that is opened stays so, and keeps the focus, while the panel follows the page.
        await v.call('track', 'Once more');
        await says(v, '3 calls wait in memory.');
        assert.match(await focused(v), /^klaro/);
        assert.equal(await panel(v).locator('details[data-key=klaro][open]').count(), 1);

        await v.page.keyboard.press('Escape');
        await panel(v).waitFor({ state: 'hidden' });
        assert.match(await focused(v), /Mixpanel is off/);
        await v.answer('yes');
        await v.until({ consent: 'granted', mode: 'on' });
        await toggle(v).focus();
        await v.page.keyboard.press('Enter');
        await says(v, 'Mixpanel runs');
        await says(v, `mp_${TOKEN}_mixpanel`);
        await says(v, 'the visitor’s id and super properties');
        assert.equal(await panel(v).getByText('Nothing has ever been granted here').count(), 0);
        const after = await panel(v).textContent();
        assert.match(after, /None wait\./);
        assert.match(after, /Handed on: track/);
        assert.match(after, /The answer was kept: given, told by klaro/);
        await noFinding(v);
        await picture(v, `yes-${width}-${colorScheme}`);

        // Mixpanel was asked to track clicks: the page's are, and ours are none of the page's.
        await panel(v).getByRole('button', { name: 'Copy' }).click();

        // What is removed is gone from the panel too, whoever removes it.
        await v.page.evaluate(() => sessionStorage.setItem('mp_tab_id_mixpanel_other', '1'));
        await says(v, 'mp_tab_id_mixpanel_other');
        await v.page.keyboard.press('Escape');
        await v.page.locator('#link').click();
        await v.settle(400);
        await v.answer('no');
        await v.until({ consent: 'denied' });
        await toggle(v).click();
        await says(v, 'The visitor said no.');
        await panel(v).getByText(`mp_${TOKEN}_mixpanel`).waitFor({ state: 'detached' });
        await panel(v).getByRole('button', { name: 'Close the inspector' }).click();
        await panel(v).waitFor({ state: 'hidden' });
        await v.settle();
        assert.ok(v.names().includes('Cart opened'));
        const clicked = v.events().filter(({ name }) => name === '$mp_click').map(({ properties }) => properties.$el_id ?? properties.$el_tag_name);
        assert.ok(clicked.includes('link'), String(clicked));
        assert.ok(!clicked.includes('button') && !clicked.includes('mixpanel-consent-inspector'), String(clicked));
        noPageError(v);
      }));
  }

  // A dialog where it usually is: in the corner of a desk, along the bottom of a phone; and one on both sides.
  for (const [width, height, dialogs, side] of [
    [1280, 800, ['right: 20px; bottom: 20px; width: 320px; height: 240px'], 'start'],
    [390, 844, ['left: 0; right: 0; bottom: 0; height: 300px'], 'start'],
    [1280, 800, ['left: 20px; bottom: 20px; width: 320px; height: 240px'], 'end'],
    [1280, 800, [], 'end'],
  ])
    test(`it leaves a dialog free, at ${width} px with ${dialogs[0] ?? 'none'}; a person may move it`, () =>
      harness.during({ connect: { cmp: 'manual', debug: true }, open: false }, async (v) => {
        v.page = await v.tab('home', {}, await v.context.newPage().then(async (page) => {
          await page.setViewportSize({ width, height });
          return page;
        }));
        await v.ready(v.page);
        await toggle(v).waitFor();
        await v.page.evaluate((all) => {
          for (const style of all) {
            // In a shadow root, and not fixed itself, as some consent managers have it.
            const host = document.body.appendChild(document.createElement('div'));
            host.attachShadow({ mode: 'open' }).innerHTML = `<div style="position: fixed; ${style}"><button id="yes" style="width: 100%; height: 100%">Yes</button></div>`;
          }
        }, dialogs);
        // Closed, it takes no more room than a finger needs, and still has its words for who cannot see it.
        assert.ok((await toggle(v).boundingBox()).width <= 48);
        assert.match(await toggle(v).textContent(), /^Mixpanel is off/);
        await toggle(v).focus();
        await v.page.keyboard.press('Enter');
        const place = async () => { const { x, y, width: w, height: h } = await panel(v).boundingBox(); return width < 520 ? (y < height - y - h ? 'start' : 'end') : x < width - x - w ? 'start' : 'end'; };
        assert.equal(await place(), side);
        for (const dialog of await v.page.locator('#yes').all()) await dialog.click({ timeout: 2_000 });
        await noFinding(v);
        await panel(v).getByRole('button', { name: 'Move' }).click();
        assert.equal(await place(), side === 'start' ? 'end' : 'start');
        await v.page.keyboard.press('Escape');
        await v.page.evaluate(() => document.documentElement.style.setProperty('--mixpanel-consent-inspector-top', '8px'));
        assert.equal((await toggle(v).boundingBox()).y, 8);
        // What a person has chosen stays.
        await toggle(v).click();
        assert.equal(await place(), side === 'start' ? 'end' : 'start');
        noPageError(v);
      }));

  test('a category that the manager does not have: what there is, and what to write', () =>
    harness.during({ cmp: 'klaro', connect: { ...DEBUG, category: "what's on" } }, async (v) => {
      await v.answer('yes');
      await v.until({ code: 'category-unknown' });
      await toggle(v).click();
      await says(v, 'Nothing has ever been granted here');
      assert.match(await panel(v).textContent(), /klaro is asked for what's on.*analyticsyescategory: 'analytics'/);
      noPageError(v);
    }));

  test('under a policy that allows no inline style, no style at all, and nothing without a nonce', () => {
    const nonce = 'c2VjcmV0';
    return harness.during({
      connect: { cmp: 'manual', debug: true }, nonce,
      init: 'window.__violations = []; document.addEventListener("securitypolicyviolation", (event) => __violations.push(event.effectiveDirective));',
      headers: { 'content-security-policy': `default-src 'self'; img-src data:; style-src 'none'; script-src 'nonce-${nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; require-trusted-types-for 'script'; trusted-types 'none'` },
    }, async (v) => {
      await toggle(v).click();
      await says(v, 'Mixpanel is off');
      assert.equal(await panel(v).evaluate((element) => getComputedStyle(element).position), 'absolute');
      // The harness's own form has a handler in its markup.
      assert.deepEqual(await v.page.evaluate(() => window.__violations.filter((one) => one !== 'script-src-attr')), []);
      noPageError(v);
    });
  });

  test('by the tag: a file beside it, and settings as attributes; without the file it is said, and no more', async () => {
    const given = { form: 'tag', cmp: 'klaro', connect: DEBUG };
    await harness.during(given, async (v) => {
      await toggle(v).click();
      await says(v, 'Nothing has ever been granted here');
      assert.match(await panel(v).textContent(), /data-category="analytics"/);
      assert.equal(files(v), 1);
      noPageError(v);
    });
    await harness.during({ ...given, block: ['**/dist/**/inspector.js'] }, async (v) => {
      await v.until({ code: 'cmp-asking' });
      await v.settle(300);
      assert.equal(v.console.filter(({ text }) => text.includes('inspector-unavailable')).length, 1);
      await v.answer('yes');
      await v.until({ consent: 'granted', mode: 'on' });
      noPageError(v);
    });
  });

  test('imported by a page without debug: every bridge of the page, a person chooses; removed again', () =>
    harness.during({ connect: { cmp: 'manual' }, calls: [['track', 'First']] }, async (v) => {
      await v.page.evaluate(async () => {
        const { connect } = await import('mixpanel-consent-bridge');
        const other = connect({ token: 'ffffffffffffffffffffffffffffffff', name: 'second', cmp: 'manual', mixpanel: () => new Promise(() => {}) });
        other.grant();
        const { bridges, inspect } = await import('/dist/inspector.js');
        window.__listed = bridges().map(({ bridge, options, held }) => [bridge === window.__bridge || bridge === other, options.name ?? '', held.map(({ path }) => path).join()]);
        window.__remove = inspect({ open: true });
      });
      assert.deepEqual(await v.page.evaluate(() => window.__listed), [[true, '', 'track'], [true, 'second', '']]);
      const choice = panel(v).getByLabel('Bridge');
      await choice.waitFor();
      assert.deepEqual(await choice.locator('option').allTextContents(), [`project ${TOKEN.slice(0, 4)}…${TOKEN.slice(-4)}`, 'second, project ffff…ffff']);
      await says(v, "track('First')");
      await choice.selectOption({ index: 1 });
      await says(v, 'sdk-loading');
      await says(v, 'None wait.');
      await noFinding(v);
      await v.page.evaluate(() => window.__remove());
      assert.equal(await v.page.locator(HOST).count(), 0);
      noPageError(v);
    }));

  test('a yes that is kept nowhere has been granted all the same', () =>
    harness.during({ connect: { cmp: 'manual', debug: true, record: 'none' } }, async (v) => {
      await toggle(v).click();
      await says(v, 'Nothing has ever been granted here');
      await v.page.evaluate(() => window.__bridge.grant());
      await v.until({ mode: 'on' });
      await says(v, 'Mixpanel runs');
      await v.page.evaluate(() => window.__bridge.deny());
      await says(v, 'The visitor said no.');
      assert.equal(await panel(v).getByText('Nothing has ever been granted here').count(), 0);
      noPageError(v);
    }));

  test('a page that stops what it finds: the panel is there again after the document was made anew', { skip: ENGINE !== 'chromium' }, () =>
    harness.during({ connect: { cmp: 'manual', debug: true } }, async (v) => {
      await toggle(v).waitFor();
      await v.page.evaluate((host) => {
        document.querySelector(host).remove();
        document.head.append(Object.assign(document.createElement('style'), { textContent: '* { font-size: 40px !important; opacity: 0.1 } button { position: static }' }));
      }, HOST);
      await toggle(v).click();
      await says(v, 'Mixpanel is off');
      assert.equal(await panel(v).evaluate((element) => getComputedStyle(element).fontSize), '14px');
      noPageError(v);
    }));
});
