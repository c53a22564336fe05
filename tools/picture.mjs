// The pictures of the site: the inspector as it stands in the playground, in light and in dark. They are taken when
// the site is built, so that they show what this build has, and are in no commit. Without a browser there are none,
// and the page does without.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './lib.mjs';
import { CHROMIUM_ARGS, chromium } from './setup.mjs';

/** Takes them of the playground in `folder`, and writes them there. */
export async function takePictures(folder) {
  let executablePath;
  try {
    executablePath = await chromium();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    console.log(`no picture of the inspector: ${error.message}`);
    return;
  }
  // It serves what this has a part in building, so it is named only here.
  const { serve } = await import('./serve.mjs');
  const server = await serve({ port: 0, token: undefined });
  // In a fresh clone it is installed only after this file has been loaded.
  const { chromium: engine } = await import('playwright-core');
  const browser = await engine.launch({ executablePath, args: CHROMIUM_ARGS });
  try {
    for (const colorScheme of ['light', 'dark']) {
      const page = await browser.newPage({ viewport: { width: 1280, height: 700 }, colorScheme, reducedMotion: 'reduce', locale: 'en' });
      await page.goto(`${server.address}playground/?cmp=klaro`);
      await page.locator('#fact-code', { hasText: 'cmp-asking' }).waitFor();
      await page.locator('mixpanel-consent-inspector .toggle').click();
      const dialog = page.getByRole('dialog', { name: 'Mixpanel and consent' });
      await dialog.getByText('Nothing has ever been granted here').waitFor();
      const { x, y, width, height } = await dialog.boundingBox();
      const tools = await page.context().newCDPSession(page);
      const { data } = await tools.send('Page.captureScreenshot', { format: 'webp', quality: 50, clip: { x, y, width, height, scale: 1 } });
      writeFileSync(join(folder, `inspector-${colorScheme}.webp`), Buffer.from(data, 'base64'));
      await page.context().close();
    }
  } catch (error) {
    // A site without a picture is better than none; the tests of the site find that it is missing.
    console.log(`no picture of the inspector: ${error.message}`);
  } finally {
    await browser.close();
    await server.close();
  }
}
