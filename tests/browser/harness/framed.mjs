// A page of a situation inside a page of another site, and what a test does there, in every engine
// alike. No driver looks into frames of other origins as another does, so the frame's page carries
// a relay, which runs what the page above posts. Requests and errors of a frame are seen as those
// of pages are; what it writes is in `told`.

import { pause } from './browser.mjs';

const RELAY = `<script>
  window.addEventListener('message', async ({ data }) => {
    if (!data || !data.__run) return;
    let answer;
    try { answer = { value: await (0, eval)(data.__run) }; } catch (error) { answer = { error: String(error && error.stack || error) }; }
    top.postMessage({ __ran: data.id, ...answer }, '*');
  });
</script>`;

// Runs in the top page.
const relayed = ([depth, code]) =>
  new Promise((resolve, reject) => {
    const id = Math.random();
    let frame = window;
    for (let level = 0; level < depth; level += 1) frame = frame.frames[0];
    const heard = ({ data }) => {
      if (data?.__ran !== id) return;
      window.removeEventListener('message', heard);
      if ('error' in data) reject(new Error(data.error));
      else resolve(data.value);
    };
    window.addEventListener('message', heard);
    // A frame that is not there yet answers nothing.
    setTimeout(() => reject(new Error('the frame does not answer')), 3_000);
    frame.postMessage({ __run: code, id }, '*');
  });

const source = (code, argument) =>
  typeof code === 'function' ? `(${code})(${argument === undefined ? '' : JSON.stringify(argument)})` : String(code);

/** As much of a page as `visit` and tests use. The first frame of each level is taken. */
function frameOf(page, depth) {
  const run = (text) => page.evaluate(relayed, [depth, text]);
  const frame = {
    evaluate: (code, argument) => run(source(code, argument)),
    async waitForFunction(code, argument, { timeout = 20_000 } = {}) {
      const text = `Promise.resolve(${source(code, argument)}).then(Boolean)`;
      let last;
      for (const end = Date.now() + timeout; Date.now() < end; await pause(50)) {
        try {
          if (await run(text)) return;
          last = undefined;
        } catch (error) {
          last = error;
        }
      }
      throw new Error(`waited ${timeout} ms for ${text.slice(0, 300)}${last ? `: ${last.message}` : ''}`);
    },
  };
  return frame;
}

/** The same page by another name of this machine. */
export const elsewhere = (url, host) => url.replace(/\/\/[^:/]+/, `//${host}`);

/**
 * A visit whose page is the frame, in pages of another site: `top` is the uppermost, `page` the
 * frame.
 * @param {object} given the situation in the frame
 * @param {{above?: string, sandbox?: string, depth?: number, host?: string, top?: string}} how
 *   HTML above the frame, in the uppermost page; its `sandbox`; how many frames down it is; the
 *   name under which it is asked for, and the name of the page above
 */
export async function framed(harness, given, { above = '', sandbox, depth = 1, host = 'www.shop.test', top = 'www.portal.test' }, use) {
  await harness.during({ ...given, head: RELAY + (given.head ?? ''), open: false }, async (v) => {
    let inner = elsewhere(v.url(), host);
    for (let level = 0; level < depth; level += 1) {
      const uppermost = level === depth - 1;
      const frame = `<iframe src="${inner}"${sandbox === undefined ? '' : ` sandbox="${sandbox}"`}></iframe>`;
      const { url } = await harness.visit({ after: v, form: 'bare', bridge: false, site: frame + (uppermost ? above : ''), open: false });
      inner = elsewhere(url(), uppermost ? top : `level-${level}.portal.test`);
    }
    v.top = await v.context.newPage();
    v.top.on('pageerror', (error) => v.errors.push(String(error?.stack ?? error)));
    v.top.on('console', (message) => v.console.push({ type: message.type(), text: message.text() }));
    await v.top.goto(inner);
    v.page = frameOf(v.top, depth);
    await v.ready(v.page);
    await use(v);
  });
}

/**
 * What is on the device for the frame, as far as it may look: names by place, and `refused` where
 * it may not.
 */
export const left = (v) =>
  v.page.evaluate(async () => {
    const look = async (names) => {
      try {
        return (await names()).filter((name) => /mp_|mixpanel|__mp/.test(name)).sort();
      } catch {
        return 'refused';
      }
    };
    return {
      cookies: await look(() => document.cookie.split('; ').map((pair) => pair.split('=')[0])),
      local: await look(() => Object.keys(localStorage)),
      session: await look(() => Object.keys(sessionStorage)),
      databases: await look(async () => (await indexedDB.databases()).map(({ name }) => name)),
    };
  });

/** What the frame's own code has written or opened, also if undone since. */
export const written = (v) =>
  v.page.evaluate(() =>
    window.__watch.told.filter(({ kind }) => /^(cookie|local|session|idb)-(set|open)$/.test(kind)).map(({ kind, name }) => `${kind} ${name}`));
