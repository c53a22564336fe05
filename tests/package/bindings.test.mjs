// The bindings of the packed package in the real frameworks: rendered on a server, taken over by
// a page without a mismatch, followed through a yes and a no, let go when the component goes.
// Not here: what the bridge does (tests/browser) and whole frameworks (`npm run test:recipes`).
// Each was seen red: without the server's snapshot React throws on the server, with the page's
// own state in its place both report a mismatch, and without the return value of subscribe()
// listeners are left.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { build } from 'esbuild';
import { compile } from 'svelte/compiler';
import { NAME, exec, pack } from './project.mjs';
import { openBrowser, site } from './site.mjs';

const TOKEN = '0123456789abcdef0123456789abcdef';

// One bridge for the app, as a site has it; `window.listening` counts who listens to it.
const BRIDGE = `
  import { connect } from '${NAME}';
  const real = connect({
    token: '${TOKEN}',
    cmp: 'manual',
    mixpanel: () => import('mixpanel-browser'),
    config: { api_host: (globalThis.location?.origin ?? '') + '/mixpanel', batch_requests: false },
  });
  globalThis.listening = 0;
  const subscribe = (listener) => {
    globalThis.listening += 1;
    const stop = real.subscribe(listener);
    return () => { globalThis.listening -= 1; stop(); };
  };
  export const bridge = Object.create(real, { subscribe: { value: subscribe } });
`;

let packed;
let browser;
before(async () => { [packed, browser] = await Promise.all([pack(), openBrowser()]); });
after(async () => {
  await browser?.close();
  await packed?.remove();
});

/** Bundles the client, renders the page on a server, and opens it. */
async function opened(folder, use, { rendered = 'unset off starting', ...options } = {}) {
  await build({
    entryPoints: [join(folder, 'client.js')], outdir: join(folder, 'out'), bundle: true, splitting: true, format: 'esm',
    define: { 'process.env.NODE_ENV': '"development"', __VUE_OPTIONS_API__: 'true', __VUE_PROD_DEVTOOLS__: 'false', __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'true' },
    logLevel: 'silent', ...options,
  });
  const { stdout: html } = await exec(process.execPath, ['server.js'], { cwd: folder, env: { ...process.env, NODE_ENV: 'development' } });
  assert.equal(/<p id="answer">(.*)<\/p>/.exec(html)?.[1], rendered, 'rendered on a server');
  await writeFile(join(folder, 'index.html'), `<!doctype html><html><head><meta charset="utf-8"><title>Shop</title></head><body><div id="app">${html}</div><script type="module" src="out/client.js"></script></body></html>`);
  const shop = await site(folder);
  const context = await browser.newContext();
  const told = [];
  try {
    const page = await context.newPage();
    page.on('pageerror', (error) => told.push(String(error)));
    page.on('console', (message) => /error|warning/.test(message.type()) && !/favicon|404/.test(message.text()) && told.push(message.text()));
    await page.goto(`${shop.origin}/`);
    const shows = (text) => page.waitForFunction((wanted) => document.querySelector('#answer')?.textContent === wanted, text, { timeout: 15_000 });
    await use(page, shows);
    assert.deepEqual(told, [], 'no mismatch, no warning');
  } finally {
    await context.close();
    await shop.close();
  }
}

/** From the server's markup through a yes and a no to the end of the component. */
async function follows(page, shows, listeners = 1) {
  await shows('unset off manual-unset');
  assert.equal(await page.evaluate(() => window.kept === document.querySelector('#answer')), true, 'the server\'s element was taken over, not made anew');
  assert.equal(await page.evaluate(() => window.listening), listeners);
  await page.evaluate(() => window.bridge.grant());
  await shows('granted on granted');
  await page.evaluate(() => window.bridge.deny());
  await shows('denied off denied');
  await page.evaluate(() => window.unmount());
  await page.waitForFunction(() => window.listening === 0, null, { timeout: 5_000 });
  assert.equal(await page.evaluate(() => document.querySelector('#answer')), null);
}

const KEEP = "window.kept = document.querySelector('#answer');";

for (const strict of [false, true]) {
  test(`react${strict ? ', in StrictMode' : ''}`, async () => {
    const folder = await packed.project({
      'bridge.js': BRIDGE,
      'app.js': `
        import { StrictMode, createElement as h } from 'react';
        import { useMixpanelConsent } from '${NAME}/react';
        import { bridge } from './bridge.js';
        function Answer() {
          const { consent, mode, code } = useMixpanelConsent(bridge);
          return h('p', { id: 'answer' }, [consent, mode, code].join(' '));
        }
        export const app = ${strict ? 'h(StrictMode, null, h(Answer))' : 'h(Answer)'};`,
      'server.js': `
        import { renderToString } from 'react-dom/server';
        import { app } from './app.js';
        process.stdout.write(renderToString(app));`,
      'client.js': `
        import { hydrateRoot } from 'react-dom/client';
        import { app } from './app.js';
        import { bridge } from './bridge.js';
        ${KEEP}
        window.bridge = bridge;
        // As slow a start as any: by the time that React takes over, the page knows more than the server did.
        bridge.subscribe(({ code }) => {
          if (code === 'starting' || window.unmount) return;
          const root = hydrateRoot(document.querySelector('#app'), app, { onRecoverableError: (error) => console.error('recovered', error) });
          window.unmount = () => root.unmount();
        })`,
    }, { modules: ['react', 'react-dom'] });
    // The page's own subscription, which starts it all, is the one more.
    await opened(folder, async (page, shows) => {
      await page.waitForFunction(() => window.unmount);
      await page.evaluate(() => { window.listening -= 1; });
      await follows(page, shows);
    });
  });
}

test('vue', async () => {
  const folder = await packed.project({
    'bridge.js': BRIDGE,
    'app.js': `
      import { createSSRApp, h } from 'vue';
      import { useMixpanelConsent } from '${NAME}/vue';
      import { bridge } from './bridge.js';
      export const app = createSSRApp({
        setup() {
          const state = useMixpanelConsent(bridge);
          return () => h('p', { id: 'answer' }, [state.value.consent, state.value.mode, state.value.code].join(' '));
        },
      });`,
    'server.js': `
      import { renderToString } from 'vue/server-renderer';
      import { app } from './app.js';
      process.stdout.write(await renderToString(app));
      if (globalThis.listening) throw new Error('a server listens to nothing');`,
    'client.js': `
      import { app } from './app.js';
      import { bridge } from './bridge.js';
      ${KEEP}
      window.bridge = bridge;
      bridge.subscribe(({ code }) => {
        if (code === 'starting' || window.unmount) return;
        window.unmount = () => app.unmount();
        app.mount('#app');
      });`,
  }, { modules: ['vue'] });
  await opened(folder, async (page, shows) => {
    await page.waitForFunction(() => window.unmount);
    await page.evaluate(() => { window.listening -= 1; });
    await follows(page, shows);
  });
});

test('vue, outside of a component: from now until the scope is stopped, and nobody can write it', async () => {
  const folder = await packed.project({
    'main.js': `
      import { effectScope, isReadonly, watchSyncEffect } from 'vue';
      import { useMixpanelConsent } from '${NAME}/vue';
      const listeners = new Set();
      const bridge = { subscribe(f) { listeners.add(f); f({ mode: 'off' }); return () => listeners.delete(f); } };
      const scope = effectScope();
      const seen = [];
      const state = scope.run(() => {
        const state = useMixpanelConsent(bridge);
        watchSyncEffect(() => seen.push(state.value.mode));
        return state;
      });
      for (const listener of listeners) listener({ mode: 'on' });
      const during = listeners.size;
      scope.stop();
      console.log(JSON.stringify({ seen, during, after: listeners.size, readonly: isReadonly(state) }));`,
  }, { modules: ['vue'] });
  const { stdout } = await exec(process.execPath, ['main.js'], { cwd: folder });
  assert.deepEqual(JSON.parse(stdout), { seen: ['off', 'on'], during: 1, after: 0, readonly: true });
});

test('svelte: the bridge is a store, for get() and for $bridge in a component', async () => {
  const component = `
    <script>
      import { bridge } from './bridge.js';
      export let on = true;
    </script>
    {#if on}<p id="answer">{$bridge.consent} {$bridge.mode} {$bridge.code}</p>{/if}`;
  const { js: client } = compile(component, { generate: 'client', filename: 'Answer.svelte', dev: false });
  const folder = await packed.project({
    'bridge.js': BRIDGE,
    'answer.js': client.code,
    'client.js': `
      import { get } from 'svelte/store';
      import { mount, unmount } from 'svelte';
      import Answer from './answer.js';
      import { bridge } from './bridge.js';
      window.bridge = bridge;
      window.got = () => get(bridge);
      const target = document.querySelector('#app');
      target.textContent = '';
      const shown = mount(Answer, { target });
      window.kept = document.querySelector('#answer');
      window.unmount = () => unmount(shown);`,
    // Svelte has no state to agree on: a store is read where it stands, so the server's markup is made anew here.
    'server.js': `
      import { get } from 'svelte/store';
      import { bridge } from './bridge.js';
      const { consent, mode, code } = get(bridge);
      if (globalThis.listening) throw new Error('get() lets go');
      process.stdout.write('<p id="answer">' + [consent, mode, code].join(' ') + '</p>');`,
  }, { modules: ['svelte'] });
  await opened(folder, async (page, shows) => {
    await follows(page, shows);
    const got = await page.evaluate(() => [window.got().consent, window.listening]);
    assert.deepEqual(got, ['denied', 0]);
  }, { conditions: ['browser', 'svelte'], rendered: 'unset off no-window' });
});
