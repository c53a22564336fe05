// Whose script did it, by a stack as the browser tells it: src/cli/cause.ts without a browser.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { source } from './source.mjs';

const { cause, container } = await source('cause.ts');
const known = () => ({ page: 'https://shop.example/', libraries: new Set(), loaders: new Map(), start: null });
const frame = (file) => ({ file, line: 1, column: 1, name: '' });

for (const file of [
  'https://shop.example/js/bridge.js',
  'https://shop.example/js/bridge.js?ver=6.5#cmp=onetrust',
  'https://shop.example/js/bridge.all.js',
  'https://shop.example/js/bridge.no-wasm.js',
  'https://shop.example/js/bridge-0.1.0-2956acd4/core.js',
  'https://shop.example/js/bridge-1.12.0-beta.1-2956acd4/core.no-wasm.js',
  'https://shop.example/node_modules/mixpanel-consent-bridge/dist/index.js',
])
  test(`${file} is the bridge: what a site wrote is behind it`, () => {
    assert.equal(cause([frame(file), frame('https://shop.example/own.js')], known()).file, 'https://shop.example/own.js');
  });

for (const file of ['https://shop.example/bridge.mine.js', 'https://shop.example/bridge-to-crm/core.js', 'https://shop.example/drawbridge.js'])
  test(`${file} is a site's own`, () => {
    assert.equal(cause([frame(file), frame('https://shop.example/own.js')], known()).file, file);
  });

test('hosts of one site are its own; those that share no more than a country’s ending are not', () => {
  const of = (page, file) => cause([frame(file)], { ...known(), page }).whose;
  assert.equal(of('https://www.shop.example/', 'https://static.shop.example/a.js'), 'page');
  assert.equal(of('https://www.shop.co.uk/', 'https://static.shop.co.uk/a.js'), 'page');
  assert.equal(of('https://www.shop.co.uk/', 'https://tags.other.co.uk/a.js'), 'other');
  assert.equal(of('https://shop.com.au/', 'https://other.com.au/a.js'), 'other');
});

for (const [file, name] of [
  ['https://www.googletagmanager.com/gtm.js?id=GTM-AB12CD&l=dataLayer', 'Google Tag Manager (GTM-AB12CD)'],
  ['https://www.googletagmanager.com/gtag/js?id=G-AB12CD', 'Google Tag Manager (G-AB12CD)'],
  ['https://metrics.shop.example/gtm.js?id=GTM-AB12CD', 'Google Tag Manager (GTM-AB12CD)'],
  ['https://tags.tiqcdn.com/utag/shop/main/prod/utag.7.js', 'Tealium'],
  ['https://assets.adobedtm.com/launch-EN1234.min.js', 'Adobe Launch'],
  ['https://cdn.segment.com/analytics.js/v1/KEY/analytics.min.js', 'Segment'],
  ['https://shop.example/app.js?id=GTM-AB12CD', ''],
])
  test(`${file}: ${name || 'no container'}`, () => assert.equal(container(file), name));
