// Whose script did it, by a stack as the browser tells it: src/cli/cause.ts without a browser.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { source } from './source.mjs';

const { cause } = await source('cause.ts');
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
