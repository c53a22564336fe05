// Which page views there are, for each way to configure them: those that the SDK alone would have
// tracked, had nobody been asked. So it is asked: each row visits a page without the bridge as well.
// Not here: what a view says of its page and its campaign (promise 2).
// What was broken to see these fail stands in breaks.mjs.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { PAGES, noPageError, open, using } from './harness/index.mjs';

let harness;
before(async () => {
  harness = await open();
});
after(() => harness.close());

const go = (v, to) => v.page.evaluate((url) => history.pushState({}, '', url), v.url(to));
/** Where each view happened. */
const views = (v) =>
  v.events().filter(({ name }) => name === '$mp_web_page_view').map(({ url, time }) => [url.split(`/v${v.id}/`)[1], time])
    .sort(([, a], [, b]) => a - b).map(([path]) => path);

// [the site's configuration, where the page goes before the answer, what it differs in]
const ROWS = [
  [{ autocapture: { click: true } }, 'second'],
  [{ autocapture: { click: true, pageview: undefined }, track_pageview: false }, 'second'],
  [{ autocapture: { pageview: false }, track_pageview: true }, 'second'],
  [{ autocapture: { pageview: 'url-with-path' }, track_pageview: false }, 'second'],
  [{ autocapture: { block_url_regexes: [/landing/] } }, 'second'],
  [{ autocapture: { allow_url_regexes: [/landing/] } }, 'second'],
  [{ track_pageview: true }, 'second'],
  [{ track_pageview: false }, 'second'],
  [{ track_pageview: 'full-url' }, 'landing?q=1#part'],
  [{ track_pageview: 'url-with-path-and-query-string' }, 'landing?q=2'],
  [{ track_pageview: 'url-with-path-and-query-string' }, 'landing?q=1#part', ['opted-out']],
  [{ track_pageview: 'url-with-path' }, 'second?q=1'],
  [{ track_pageview: 'url-with-path' }, 'landing?q=2', ['opted-out']],
];

const said = (config) => JSON.stringify(config, (_, value) => (value instanceof RegExp ? String(value) : value === undefined ? 'undefined' : value));

describe('page views', { concurrency: PAGES }, () => {
  for (const [given, second, starts = ['deferred', 'opted-out']] of ROWS) {
    // Patterns do not survive as JSON, which the situation is; the SDK takes texts as well.
    const config = JSON.parse(JSON.stringify(given, (_, value) => (value instanceof RegExp ? value.source : value)));
    const path = 'landing?q=1';
    test(`${said(given)}, and on to ${second}: as the SDK alone tracks them`, async () => {
      const wanted = await harness.during({ form: 'bare-module', config, path }, async (v) => {
        await go(v, second);
        await go(v, 'third');
        await v.settle();
        return views(v);
      });
      for (const start of starts)
        await harness.during({ ...using('klaro'), connect: { cmp: 'klaro', start }, config, path }, async (v) => {
          // Started and locked it sees the page go on, and may not count it.
          if (start === 'opted-out') await v.page.waitForFunction(() => window.__bridge.explain().sdk === 'locked');
          await go(v, second);
          await v.answer('yes', { by: 'api' });
          await v.until({ mode: 'on', consent: 'granted' });
          await go(v, 'third');
          await v.settle();
          assert.deepEqual(views(v), wanted, start);
          noPageError(v);
        });
    });
  }

  test('a view of the time before a no is not sent by the yes after it', () =>
    harness.during({ ...using('klaro'), config: { track_pageview: 'full-url' }, path: 'landing' }, async (v) => {
      await v.answer('no', { by: 'api' });
      await v.until({ mode: 'off', consent: 'denied' });
      await go(v, 'second');
      await v.answer('yes', { by: 'api' });
      await v.until({ mode: 'on', consent: 'granted' });
      await v.settle();
      assert.deepEqual(views(v), ['second']);
    }));

  test('without page views the campaign of the landing is kept as well', () =>
    harness.during({ ...using('klaro'), path: 'landing?utm_source=letter' }, async (v) => {
      await go(v, 'second');
      await v.answer('yes', { by: 'api' });
      await v.until({ mode: 'on', consent: 'granted' });
      await v.call('track', 'Later');
      await v.settle();
      assert.deepEqual(v.events().map(({ name, properties }) => [name, properties.utm_source]), [['Later', 'letter']]);
    }));
});
