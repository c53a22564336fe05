// What the playground and the comparison import by a bare name: this package, and installed packages as
// one ES module each. The server makes them when they are asked for (serve.mjs), the built site has
// them as files (site.mjs).

import { readFile } from 'node:fs/promises';
import { at, root } from './lib.mjs';

export const NAME = 'mixpanel-consent-bridge';

// Only what the playground asks for; each costs a bundling.
export const BUNDLES = new Set([
  'c15t', '@iabtcf/cmpapi', '@iabtcf/core', '@iabgpp/cmpapi', 'react-cookie-consent',
  'mixpanel-browser', 'mixpanel-2.65.0', 'mixpanel-2.45.0',
]);

// Several packages in one, so that they share what they share.
export const OWN_ENTRY = { 'react-cookie-consent': './www/bundles/react-cookie-consent.js' };

/** What a bare name means in a page, below a path: the exports map of this package, and the SDK. */
export async function importMap(base = '') {
  const { exports } = JSON.parse(await readFile(at('package.json'), 'utf8'));
  const imports = { 'mixpanel-browser': `${base}/bundle/mixpanel-browser.js` };
  for (const [key, value] of Object.entries(exports)) {
    const target = typeof value === 'string' ? value : value.default;
    if (/\.m?js$/.test(target)) imports[`${NAME}${key.slice(1)}`] = `${base}/node_modules/${NAME}${target.slice(1)}`;
  }
  return imports;
}

const bundles = new Map();

export function bundleOf(name) {
  if (!bundles.has(name)) {
    bundles.set(name, import('esbuild').then(async ({ build: esbuild }) => {
      const { outputFiles } = await esbuild({
        entryPoints: [OWN_ENTRY[name] ?? name], absWorkingDir: root, bundle: true, write: false,
        format: 'esm', platform: 'browser', target: 'es2020', logLevel: 'silent',
      });
      return outputFiles[0].text;
    }).catch((error) => {
      bundles.delete(name);
      throw error;
    }));
  }
  return bundles.get(name);
}
