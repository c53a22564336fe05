// Builds the site into target/site: the pages of docs/ by VitePress, the reference by TypeDoc from
// the public types, and beside them the playground and the demo with what these load. The result
// is a folder of files that any web server can serve. `npm start` serves it together with what
// the playground needs of a server.
//
//   node tools/site.mjs            npm run build:site
//   node tools/site.mjs pictures   takes the pictures anew, of the site as it is
//
// Environment: SITE_BASE, the path under which it will be served (`/` by default).

import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build as buildPackage } from './build.mjs';
import { BUNDLES, bundleOf, importMap } from './bundles.mjs';
import { takePictures } from './picture.mjs';
import { Failure, adapters, at, digest, files, locked, main, run, started, targetDir } from './lib.mjs';

export const SITE = join(targetDir, 'site');
const STAMP = join(targetDir, 'site.stamp');

/** npm packages of the site, exactly as its own lock file says. */
export async function packages() {
  const lock = at('www', 'package-lock.json');
  const installed = at('www', 'node_modules', '.package-lock.json');
  // Two files of tests may want them at once, and npm removes what another npm is writing.
  await locked('install of the site', async () => {
    if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
    console.log('installing the site’s npm packages');
    await run('npm', ['ci', '--ignore-scripts', '--loglevel=error'], {
      cwd: at('www'),
      fix: 'Run `npm ci` in www to see what stops it; the registry must be reachable.',
    });
  });
}

/** The reference, from the types that the package ships. Its pages are built output. */
async function reference() {
  rmSync(at('docs', 'api'), { recursive: true, force: true });
  await run(process.execPath, [at('www', 'node_modules', 'typedoc', 'bin', 'typedoc'), '--options', at('www', 'typedoc.json')], { cwd: at('www') });
  const pages = readdirSync(at('docs', 'api'), { recursive: true }).filter((name) => String(name).endsWith('.md'));
  const texts = new Map(pages.map((name) => [String(name), readFileSync(at('docs', 'api', String(name)), 'utf8')]));
  // TypeDoc numbers what shares a name in another way than the page's generator: by what stands on the page.
  const times = (page, slug) => [...(texts.get(page) ?? '').matchAll(/^#+ (.*)$/gm)].filter(([, heading]) => heading.toLowerCase().replace(/\(.*?\)|[^a-z0-9 -]/g, '').trim().replaceAll(' ', '-') === slug).length;
  for (const [name, text] of texts) {
    const entry = name.replace(/\.md$/, '');
    const title = entry === 'overview' ? 'API reference' : `mixpanel-consent-bridge${entry === 'index' ? '' : `/${entry}`}`;
    const linked = text.replace(/\]\(([\w.]*)#([a-z0-9]+)-(\d+)\)/g, (whole, page, slug, number) => {
      const there = times(page || name, slug);
      if (there > Number(number)) return whole;
      return `](${page}#${slug}${there > 1 ? `-${there - 1}` : ''})`;
    });
    writeFileSync(at('docs', 'api', name), linked.replace(/^# .*$/m, `# ${title}`));
  }
  if (pages.length < 5) throw new Failure(`TypeDoc wrote ${pages.length} pages: run \`npx typedoc\` in www to see why.`);
}

/** What the builder and the menu know of the consent managers. */
async function managers() {
  const known = (await adapters()).map(({ id, facts, category, rank }) => ({ id, product: facts.product, category, rank }));
  writeFileSync(at('www', '.vitepress', 'managers.json'), `${JSON.stringify(known, null, 1)}\n`);
}

/** The playground and the demo, with the files that they load, by the addresses that the server has. */
async function beside() {
  for (const folder of ['playground', 'demo', 'managers', 'fakes']) cpSync(at('www', folder), join(SITE, folder), { recursive: true });
  cpSync(at('dist'), join(SITE, 'node_modules', 'mixpanel-consent-bridge', 'dist'), { recursive: true });
  mkdirSync(join(SITE, 'bundle', '@iabtcf'), { recursive: true });
  mkdirSync(join(SITE, 'bundle', '@iabgpp'), { recursive: true });
  for (const name of BUNDLES) writeFileSync(join(SITE, 'bundle', `${name}.js`), await bundleOf(name));
  // What the consent managers of the playground load as their makers published it.
  const named = new Set(files('www/managers').flatMap((path) => [...readFileSync(at(path), 'utf8').matchAll(/node_modules\/((?:@[\w.-]+\/)?[\w.-]+)\//g)].map(([, name]) => name)));
  for (const name of named) {
    const dist = ['dist', 'build'].find((folder) => existsSync(at('node_modules', name, folder)));
    for (const part of dist ? [dist] : readdirSync(at('node_modules', name)).filter((file) => /\.(js|css)$|^(css|lang)$/.test(file))) {
      cpSync(at('node_modules', name, part), join(SITE, 'node_modules', name, part), { recursive: true });
    }
  }
  const map = `<script type="importmap">${JSON.stringify({ imports: await importMap((process.env.SITE_BASE ?? '/').replace(/\/$/, '')) })}</script>`;
  for (const path of ['playground/index.html', 'demo/index.html', 'demo/with.html', 'demo/without.html']) {
    const file = join(SITE, path);
    writeFileSync(file, readFileSync(file, 'utf8').replace('<!-- import map -->', () => map));
  }
}

/** Builds what has changed since it was last built, from the package as it is in dist/. */
export function buildSite() {
  return locked('site', async () => {
    await packages();
    const sources = [
      ...files('docs').filter((path) => path.endsWith('.md') && !path.startsWith('docs/api/')),
      ...files('www/.vitepress', 'www/builder', 'www/playground', 'www/demo', 'www/managers', 'www/fakes').filter((path) => !path.endsWith('managers.json')),
      ...files('dist').filter((path) => path.endsWith('.d.ts') || path.endsWith('.js')),
      'README.md', 'DESIGN.md', 'SECURITY.md', 'CHANGELOG.md', 'package.json', 'package-lock.json', 'www/package-lock.json', 'www/typedoc.json', 'tools/site.mjs', 'tools/picture.mjs', 'tools/bundles.mjs',
    ];
    const stamp = digest(sources, process.env.SITE_BASE ?? '/');
    if (existsSync(join(SITE, 'index.html')) && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === stamp) {
      // Where there was no browser they are missing.
      if (!existsSync(join(SITE, 'inspector-dark.webp'))) await takePictures(SITE);
      return;
    }
    console.log('building the site');
    await managers();
    await reference();
    rmSync(SITE, { recursive: true, force: true });
    await run(process.execPath, [at('www', 'node_modules', 'vitepress', 'bin', 'vitepress.js'), 'build'], { cwd: at('www'), env: { SITE_OUT: SITE, NODE_ENV: 'production' }, lines: 60 });
    await beside();
    await takePictures(SITE);
    writeFileSync(STAMP, stamp);
  });
}

if (started(import.meta)) {
  // Not awaited: the server that the pictures are taken from imports this module, and would wait for its end.
  void main(async () => {
    if (process.argv[2] === 'pictures') return takePictures(SITE);
    await buildPackage();
    await buildSite();
    console.log(`The site is in ${SITE}.`);
  });
}
