// A FAKE of GOV.UK cookie banner. Facts: the open source of govuk_publishing_components.

import { encoded, fake } from './engine.js';

export default fake({
  id: 'govuk',
  product: 'GOV.UK cookie banner',
  source: 'the open source of govuk_publishing_components',
  traps: 'The policy is there before an answer; another cookie says that somebody chose.',
  names: { analytics: 'usage', marketing: 'campaigns', functional: 'settings' },
  keys: ['cookies_policy', 'cookies_preferences_set'],
  keep: (cmp) => [
    ['cookie', 'cookies_policy', encoded({ essential: true, ...cmp.map((on) => on) })],
    ...(cmp.answered ? [['cookie', 'cookies_preferences_set', 'true']] : []),
  ],
});
