// A file of the command's source for a test without a browser: the Node that runs the tests may not
// read TypeScript by itself. Not a test.

import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export async function source(path) {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`../../src/cli/${path}`, import.meta.url))],
    bundle: true, write: false, format: 'esm', platform: 'node', target: 'es2022', logLevel: 'silent',
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}
