// The latch as a page carries it: its text, and the hash by which a Content-Security-Policy allows it.

import { createHash } from 'node:crypto';
import { Failure, at, main, started } from './lib.mjs';

/** What a page can spare for it: it is written into each. */
const LONGEST = 600;

export async function latch() {
  const esbuild = await import('esbuild');
  const { minify } = await import('terser');
  const { outputFiles } = await esbuild.build({
    entryPoints: [at('src/page/tag/latch.ts')], bundle: true, minify: true, write: false, format: 'esm', target: 'es2020', charset: 'utf8', legalComments: 'none', logLevel: 'silent',
  });
  const { code } = await minify(outputFiles[0].text, { ecma: 2020, toplevel: true, compress: { passes: 3, unsafe_arrows: true }, format: { comments: false, quote_style: 1 } });
  const script = code.trim();
  const bytes = Buffer.byteLength(script);
  if (bytes > LONGEST) throw new Failure(`The latch has ${bytes} bytes, and may have ${LONGEST}: make src/page/tag/latch.ts shorter.`);
  return { script, bytes, hash: `sha256-${createHash('sha256').update(script).digest('base64')}` };
}

if (started(import.meta)) await main(async () => console.log(await latch()));
