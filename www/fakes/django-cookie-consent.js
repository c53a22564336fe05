// A FAKE of django-cookie-consent. Facts: the project’s open source.

import { fake } from './engine.js';

export default fake({
  id: 'django-cookie-consent',
  product: 'django-cookie-consent',
  source: 'the project’s open source',
  traps: 'A yes is the time of the group’s version.',
  names: { analytics: 'analytics', marketing: 'social' },
  keys: ['cookie_consent'],
  keep: (cmp) => (cmp.answered ? [['cookie', 'cookie_consent', Object.entries(cmp.map((on) => (on ? '2026-01-01T00:00:00+00:00' : '-1'))).map((pair) => pair.join('=')).join('|')]] : []),
});
