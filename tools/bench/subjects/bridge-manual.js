// The site has a dialog of its own, which tells the bridge.
import { page } from './bridge.js';

await page({ cmp: 'manual' }, (bridge, yes) => (yes ? bridge.grant() : bridge.deny()));
