import { page } from './bridge.js';

await page({ cmp: 'vanilla-cookieconsent' });
