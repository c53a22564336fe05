// A FAKE of Enzuzo's cookie bar. Facts: third-party reading of its cookies; docs.enzuzo.com.

import { fake } from './engine.js';

export default fake({
  id: 'enzuzo',
  product: 'Enzuzo',
  source: 'third-party reading of its cookies',
  traps: 'It tells the site’s own callbacks alone, which it reads once.',
  names: { analytics: 'analytics', marketing: 'marketing', functional: 'functional' },
  keys: ['cookies-analytics', 'cookies-marketing', 'cookies-functional', 'cookies-preferences'],
  stub() {
    window.__enzuzoConfig ??= { callbacks: {} };
  },
  keep: (cmp) => (cmp.answered ? Object.entries({ ...cmp.map((on) => on), preferences: cmp.on('functional') }).map(([name, on]) => ['cookie', `cookies-${name}`, String(on)]) : []),
});
