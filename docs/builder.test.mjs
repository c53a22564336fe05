// The builder's outputs, run: each framework's as that framework runs it (a component of React, Vue
// and Svelte; plugins with stand-ins for Nuxt's functions; Node), each policy in a page. That all of
// them compile is types.test.mjs, that each consent manager's opens is managers.test.mjs.

import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { compile as compileSvelte } from 'svelte/compiler';
import { compileScript, parse } from 'vue/compiler-sfc';
import { at, root } from '../tools/lib.mjs';
import { FRAMEWORKS, POLICY, builderOutput } from '../www/builder/code.js';
import { openPages, snippet, tell } from './page.mjs';

const folder = at('target', 'docs-builder');
let pages;
before(async () => {
  rmSync(folder, { recursive: true, force: true });
  pages = await openPages();
});
after(async () => {
  await pages?.close();
  rmSync(folder, { recursive: true, force: true });
});

const TOKEN = '0123456789abcdef0123456789abcdef';
const asked = { cmp: 'google-consent-mode', category: 'analytics_storage', token: TOKEN, policy: { gpc: 'strict' } };

/** Bundles a framework's files as its own build does, from an entry that shows or runs them. */
async function bundled(id, entry) {
  const place = join(folder, id);
  mkdirSync(place, { recursive: true });
  for (const { name, text } of builderOutput({ ...asked, framework: id }).files) {
    const file = name.split('/').at(-1);
    writeFileSync(join(place, file), id === 'astro' ? /<script>\n([\s\S]*)<\/script>/.exec(text)[1].replace('connect({', 'window.bridge = connect({') : text);
  }
  writeFileSync(join(place, 'main.tsx'), entry);
  const { outputFiles } = await build({
    entryPoints: [join(place, 'main.tsx')], bundle: true, write: false, format: 'esm', target: 'es2022', jsx: 'automatic', logLevel: 'silent',
    // The folder lies in this package, whose files have no effects but two.
    ignoreAnnotations: true,
    nodePaths: [at('node_modules')], external: ['mixpanel-browser'], define: { 'process.env.NODE_ENV': '"production"', 'process.env.NEXT_PUBLIC_MIXPANEL_TOKEN': `"${TOKEN}"`, __VUE_OPTIONS_API__: 'true', __VUE_PROD_DEVTOOLS__: 'false', __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false' },
    // As the package's own exports say.
    alias: Object.fromEntries(['react', 'vue'].map((name) => [`mixpanel-consent-bridge/${name}`, join(root, 'dist', `${name}.js`)]).concat([['mixpanel-consent-bridge', join(root, 'dist', 'index.js')]])),
    loader: { '.astro': 'ts' },
    plugins: [{
      name: 'frameworks',
      setup(the) {
        the.onResolve({ filter: /^\$lib\/bridge$/ }, () => ({ path: join(place, 'bridge.ts') }));
        the.onLoad({ filter: /\.svelte$/ }, async ({ path }) => ({ contents: compileSvelte((await import('node:fs')).readFileSync(path, 'utf8'), { generate: 'client' }).js.code }));
        the.onLoad({ filter: /\.vue$/ }, async ({ path }) => ({ contents: compileScript(parse((await import('node:fs')).readFileSync(path, 'utf8')).descriptor, { id: 'x', inlineTemplate: true }).content, loader: 'ts' }));
      },
    }],
  });
  return `<div id="app"></div><script type="module">${outputFiles[0].text.replaceAll('</script', '<\\/script')}</script>`;
}

const shown = "import { bridge } from './bridge';\n(window as any).bridge = bridge;\n";
const ENTRIES = {
  bundler: "import { bridge } from './bridge';\nimport './anywhere';\n(window as any).bridge = bridge;",
  react: `${shown}import { createRoot } from 'react-dom/client';\nimport { Consent } from './Consent';\ncreateRoot(document.getElementById('app')!).render(<Consent />);`,
  next: `${shown}import { createRoot } from 'react-dom/client';\nimport { Consent } from './consent';\ncreateRoot(document.getElementById('app')!).render(<Consent />);`,
  vue: `${shown}import { createApp } from 'vue';\nimport Consent from './Consent.vue';\ncreateApp(Consent).mount('#app');`,
  nuxt: "(globalThis as any).defineNuxtPlugin = (make: any) => make();\nimport('./bridge').then(({ default: made }: any) => { (window as any).bridge = made.provide.bridge; });",
  astro: "import './Layout.astro';",
  sveltekit: `${shown}import { mount } from 'svelte';\nimport Consent from './Consent.svelte';\nmount(Consent, { target: document.getElementById('app')! });`,
};

describe('each framework’s output runs', { concurrency: 3 }, () => {
  for (const { id } of FRAMEWORKS) {
    if (['node', 'wordpress'].includes(id)) continue;
    test(id, async () => {
      const { files } = builderOutput({ ...asked, framework: id });
      const html = ENTRIES[id] ? await bundled(id, ENTRIES[id])
        : id === 'gtm' ? files[0].text
          : id === 'tag' ? `${files[0].text}${snippet}<script>mixpanel.init('${TOKEN}');</script>` : files[0].text;
      const v = await pages.open(html);
      try {
        await v.page.waitForFunction(() => window.bridge ?? window.mixpanelConsent);
        await tell(v.page);
        await v.code('cmp-asking');
        await v.page.evaluate(() => (window.bridge ?? window).mixpanel.track('Held'));
        if (['react', 'next', 'vue', 'sveltekit'].includes(id)) {
          assert.equal(await v.page.textContent('#app button'), 'unset');
          await v.page.click('#app button');
        }
        assert.deepEqual(v.asked, []);
        await tell(v.page, 'granted');
        await v.until(() => v.sent.some(({ event }) => event === 'Held'));
        assert.ok(v.sent.every(({ properties }) => properties.token === TOKEN));
        if (['react', 'next', 'vue', 'sveltekit'].includes(id)) {
          assert.equal(await v.page.textContent('#app button'), 'implied-granted');
          await v.until(() => v.sent.some(({ event }) => event === 'Bought'));
        }
        assert.deepEqual(v.errors, []);
      } finally {
        await v.close();
      }
    });
  }

  test('node: what it says for a yes, a no and nothing', async () => {
    mkdirSync(folder, { recursive: true });
    const [{ text }] = builderOutput({ framework: 'node', cmp: 'onetrust', category: 'C0002', token: TOKEN }).files;
    const file = join(folder, 'server.mjs');
    writeFileSync(file, text.replace("'mixpanel-consent-bridge/server'", JSON.stringify(pathToFileURL(join(root, 'dist', 'server.js')).href)));
    const { mayTrack } = await import(pathToFileURL(file).href);
    const cookie = (on) => ({ headers: { cookie: `OptanonConsent=groups=C0001:1,C0002:${on}&isGpcEnabled=0; OptanonAlertBoxClosed=2026-11-23T09:00:00.000Z` } });
    assert.deepEqual([cookie(1), cookie(0), { headers: {} }].map(mayTrack), [true, false, false]);
  });
});

test('each policy is one that connect() takes, and the tag', async () => {
  const policies = POLICY.reduce((all, { option, answers }) => all.flatMap((one) => answers.map(([value]) => ({ ...one, [option]: value }))), [{}]);
  const objects = policies.map((policy) => /connect\((\{[\s\S]*\})\);/.exec(builderOutput({ ...asked, policy }).files[0].text)[1]);
  const v = await pages.open(`<script type="module">
    import { connect } from 'mixpanel-consent-bridge';
    window.made = [${objects.join(',\n')}].map((options, index) => {
      try { return connect({ ...options, name: 'n' + index }).error?.message ?? 'fine'; } catch (error) { return error.message; }
    });
  </script>`);
  await v.page.waitForFunction(() => window.made);
  assert.deepEqual([...new Set(await v.page.evaluate(() => window.made))], ['fine']);
  assert.equal(objects.length, 36);
  await v.close();
  for (const policy of policies.filter((_, index) => index % 7 === 0)) {
    const tagged = await pages.open(builderOutput({ ...asked, policy, framework: 'tag-alone' }).files[0].text);
    await tagged.code('cmp-looking');
    await tagged.close();
  }
});
