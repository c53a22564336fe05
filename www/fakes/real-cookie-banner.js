// A FAKE of Real Cookie Banner. Facts: devowl.io/knowledge-base/real-cookie-banner-api.

import { fake, fire } from './engine.js';

export default fake({
  id: 'real-cookie-banner',
  product: 'Real Cookie Banner',
  source: 'devowl.io/knowledge-base',
  traps: '`RCB/OptIn/All` comes at every load; a service that is not configured is answered with `cookie: null`.',
  names: { analytics: 'mixpanel', marketing: 'pixel' },
  keys: ['real_cookie_banner-v:1_blog:1_path:demo'],
  boot: 120,
  script(cmp) {
    window.consentApi = {
      consentSync(service) {
        const on = cmp.map((yes) => yes);
        if (!(service in on)) return { cookie: null, consentGiven: false, cookieOptIn: true };
        return { cookie: { id: 42, name: service, uniqueName: service }, consentGiven: cmp.answered, cookieOptIn: cmp.answered && on[service] };
      },
      consent: async () => {},
    };
    window.rcbConsentManager = { show: () => cmp.show() };
  },
  keep: (cmp) => (cmp.answered ? [['cookie', 'real_cookie_banner-v:1_blog:1_path:demo', encodeURIComponent(`${Date.parse(cmp.at)}:demo:1:${JSON.stringify(cmp.on('analytics') ? { 2: [42] } : {})}`)]] : []),
  tell(why, cmp) {
    const services = Object.entries(cmp.map((yes) => yes));
    if (why === 'change') for (const [name, on] of services) fire(document, on ? 'RCB/OptIn' : 'RCB/OptOut', { cookie: { uniqueName: name } });
    fire(document, 'RCB/OptIn/All', { ready: Promise.resolve() });
  },
});
