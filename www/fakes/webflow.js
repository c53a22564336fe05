// A FAKE of Webflow Analyze and Optimize. Facts: developers.webflow.com.

import { fake } from './engine.js';

export default fake({
  id: 'webflow',
  product: 'Webflow Analyze and Optimize',
  source: 'developers.webflow.com',
  traps: 'It tells nobody of a change.',
  names: { analytics: 'all' },
  keys: [],
  script(cmp) {
    window.wf = { ready: (f) => f(), getUserTrackingChoice: () => (cmp.answered ? (cmp.on('analytics') ? 'allow' : 'deny') : 'none'), open: () => cmp.show() };
  },
});
