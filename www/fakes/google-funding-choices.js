// A FAKE of Google's Privacy & messaging (Funding Choices). Facts: developers.google.com/funding-choices/fc-api-docs; IAB TCF "CMP API v2".

import { drain, fake } from './engine.js';
import { tcf } from './tcf.js';

const STATUS = { UNKNOWN: 0, GRANTED: 1, DENIED: 2, NOT_APPLICABLE: 3, NOT_CONFIGURED: 4 };
const api = tcf(300);

export default fake({
  id: 'google-funding-choices',
  product: 'Google Privacy & messaging',
  source: 'developers.google.com/funding-choices',
  traps: 'Statuses are numbers of its own enumeration; its queue calls once, and later changes are told by the TCF only.',
  names: { analytics: 'analytics_storage', marketing: 'ad_storage' },
  modes: ['ask', 'implied-open'],
  keys: ['FCCDCF', 'FCNEC'],
  boot: 150,
  stub() {
    window.googlefc ??= {};
    window.googlefc.callbackQueue ??= [];
    api.stub();
  },
  script(cmp) {
    const status = (category) => (cmp.answered ? STATUS[cmp.on(category) ? 'GRANTED' : 'DENIED'] : cmp.mode === 'ask' ? STATUS.UNKNOWN : STATUS.NOT_APPLICABLE);
    window.googlefc.ConsentModePurposeStatusEnum = Object.fromEntries(Object.entries(STATUS).map(([name, number]) => [`CONSENT_MODE_PURPOSE_STATUS_${name}`, number]));
    window.googlefc.getGoogleConsentModeValues = () => ({ analyticsStoragePurposeConsentStatus: status('analytics'), adStoragePurposeConsentStatus: status('marketing') });
    window.googlefc.showRevocationMessage = () => cmp.show();
    api.script();
    drain(window.googlefc.callbackQueue, (entry) => (typeof entry === 'function' ? entry() : Object.values(entry).forEach((f) => f())));
  },
  keep: (cmp) => (cmp.answered ? [['cookie', 'FCCDCF', btoa(`sealed ${cmp.at}`)]] : []),
  tell: (why, cmp) => api.tell(why, cmp),
});
