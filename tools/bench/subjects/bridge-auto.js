import { page } from './bridge.js';

await page({});
