// The site's generator: where its pages are (docs/), what its menus say, and how links of the
// repository's own documents are read. What is copied beside the pages (playground, demo) and the
// reference are made by tools/site.mjs.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitepress';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const json = (path) => (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null);
const { version, repository } = json(join(root, 'package.json'));
const REPOSITORY = repository.url.replace(/^git\+|\.git$/g, '');
const managers = json(join(here, 'managers.json')) ?? [];

// Documents of the repository that a page includes.
const INCLUDED = { 'SECURITY.md': '/security', 'DESIGN.md': '/design', 'CHANGELOG.md': '/changelog', 'README.md': '/' };

/** A file of the repository that is no page of the site is read where the repository is. */
function repositoryLinks(md) {
  md.core.ruler.push('repository-links', ({ tokens, env }) => {
    const from = dirname(env.path ?? join(root, 'docs', 'index.md'));
    for (const { children } of tokens) {
      for (const token of children ?? []) {
        const href = token.type === 'link_open' ? token.attrGet('href') : null;
        if (!href || /^([a-z]+:|\/|#)/.test(href)) continue;
        const [path, hash = ''] = href.split(/(?=#)/);
        // SECURITY.md, DESIGN.md and CHANGELOG.md are included, and their links are relative to the root.
        const file = [from, root].map((folder) => relative(root, normalize(join(folder, path)))).find((file) => existsSync(join(root, file)));
        if (!file) continue;
        const page = file.startsWith('docs/') && file.endsWith('.md') ? file.slice('docs'.length, -'.md'.length).replace(/\/index$/, '/') : INCLUDED[file];
        token.attrSet('href', page ? page + hash : `${REPOSITORY}/blob/main/${file}${hash}`);
      }
    }
  });
}

/** What scrolls sideways has to be reached by the keyboard. */
function reachable(md) {
  const { table_open: open = (tokens, index, options, env, self) => self.renderToken(tokens, index, options), table_close: close = (tokens, index, options, env, self) => self.renderToken(tokens, index, options) } = md.renderer.rules;
  md.renderer.rules.table_open = (...given) => `<div class="wide" role="group" aria-label="Table" tabindex="0">${open(...given)}`;
  md.renderer.rules.table_close = (...given) => `${close(...given)}</div>`;
}

export default defineConfig({
  lang: 'en',
  title: 'mixpanel-consent-bridge',
  description: 'Makes Mixpanel follow the consent manager a site already has.',
  base: process.env.SITE_BASE ?? '/',
  srcDir: '../docs',
  outDir: process.env.SITE_OUT ?? '../target/site',
  cacheDir: '../target/site-cache',
  cleanUrls: false,
  // The playground and the demo are pages of their own, which the generator does not know.
  ignoreDeadLinks: [/^\/(playground|demo)\//],
  appearance: true,
  head: [
    ['link', { rel: 'icon', href: "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16' rx='4' fill='%235b3df5'/%3E%3Cpath d='M3 10q5-8 10 0' fill='none' stroke='%23fff' stroke-width='2'/%3E%3C/svg%3E" }],
    ['meta', { name: 'color-scheme', content: 'light dark' }],
  ],
  markdown: {
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    // Shiki has no grammar of Shopify's name for it.
    languageAlias: { liquid: 'html' },
    config(md) {
      md.use(repositoryLinks);
      md.use(reachable);
    },
  },
  themeConfig: {
    nav: [
      { text: 'Start', link: '/start/' },
      { text: 'Builder', link: '/builder' },
      { text: 'Consent managers', link: '/managers/' },
      { text: 'Reference', link: '/api/' },
      { text: 'Playground', link: '/playground/', target: '_self' },
      { text: version, items: [{ text: 'Changelog', link: '/changelog' }, { text: 'Repository', link: REPOSITORY }] },
    ],
    sidebar: [
      {
        text: 'Getting started',
        items: [
          { text: 'Choose your way in', link: '/start/' },
          { text: 'Bundler', link: '/start/bundler' },
          { text: 'Script tag', link: '/start/script-tag' },
          { text: 'Google Tag Manager', link: '/start/gtm' },
          { text: 'Server', link: '/start/server' },
          { text: 'Rust', link: '/start/rust' },
          { text: 'Builder', link: '/builder' },
          { text: 'From hand-written code', link: '/moving' },
        ],
      },
      {
        text: 'In the page',
        items: [
          { text: 'Options', link: '/options' },
          { text: 'States', link: '/states' },
          { text: 'Troubleshooting', link: '/troubleshooting' },
          { text: 'Inspector', link: '/inspector' },
          { text: 'Content-Security-Policy', link: '/csp' },
          { text: 'Frames', link: '/frames' },
          { text: 'Known limits', link: '/limits' },
          { text: 'Weight and speed', link: '/weight' },
        ],
      },
      {
        text: 'Recipes',
        link: '/recipes/',
        collapsed: true,
        items: [
          { text: 'Your own banner', link: '/recipes/own-banner' },
          { text: 'WordPress', link: '/recipes/wordpress' },
          { text: 'Shopify', link: '/recipes/shopify' },
          { text: 'Next.js', link: '/recipes/nextjs' },
          { text: 'Nuxt', link: '/recipes/nuxt' },
          { text: 'Astro', link: '/recipes/astro' },
          { text: 'SvelteKit', link: '/recipes/sveltekit' },
        ],
      },
      {
        text: 'On a server',
        link: '/server/',
        collapsed: true,
        items: [
          { text: 'Reading a request', link: '/server/' },
          { text: 'The ledger', link: '/server/ledger' },
          { text: 'Many servers', link: '/server/many-servers' },
          { text: 'The guard', link: '/server/guard' },
          { text: 'Receipts', link: '/server/receipts' },
          { text: 'Erasure', link: '/server/erasure' },
        ],
      },
      {
        text: 'Proof',
        items: [
          { text: 'Verify', link: '/verify' },
          { text: 'What verify finds', link: '/findings' },
          { text: 'Security', link: '/security' },
          { text: 'Design', link: '/design' },
          { text: 'Changelog', link: '/changelog' },
        ],
      },
      {
        text: 'Consent managers',
        link: '/managers/',
        collapsed: true,
        items: [
          { text: 'One that is not in the list', link: '/own-adapter' },
          ...managers.map(({ id, product }) => ({ text: product.replace(/ \(.*\)$/, ''), link: `/managers/${id}` })),
        ],
      },
      { text: 'API reference', link: '/api/', collapsed: true, items: [
        { text: 'connect', link: '/api/' },
        ...['react', 'vue', 'server', 'inspector', 'testing'].map((entry) => ({ text: entry, link: `/api/${entry}` })),
      ] },
    ],
    outline: [2, 3],
    search: { provider: 'local' },
    socialLinks: [],
    footer: { message: 'MIT or Apache-2.0. Not affiliated with Mixpanel or with any consent manager.' },
  },
});
