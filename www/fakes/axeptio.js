// A FAKE of Axeptio. Facts: support.axeptio.eu (JavaScript SDK); sdk.js, read.

import { drain, emitter, encoded, fake } from './engine.js';

const { on, emit } = emitter();
const choices = (cmp) => ({ ...cmp.map((yes) => yes), $$completed: cmp.answered, $$googleConsentMode: { analytics_storage: cmp.on('analytics') ? 'granted' : 'denied' } });

export default fake({
  id: 'axeptio',
  product: 'Axeptio',
  source: 'support.axeptio.eu',
  traps: 'It asks for vendors and not for categories; its queue cannot be left again.',
  names: { analytics: 'mixpanel', marketing: 'facebook_pixel' },
  keys: ['axeptio_cookies', 'axeptio_authorized_vendors', 'axeptio_all_vendors'],
  boot: 150,
  stub() {
    window._axcb ??= [];
    window.axeptioSettings ??= { clientId: 'demo', cookiesVersion: 'demo' };
  },
  script(cmp) {
    window.axeptioSDK = {
      on(name, f) {
        on(name, f);
        if (name === 'cookies:complete' && cmp.answered) f(choices(cmp));
      },
      openCookies: () => cmp.show(),
    };
    drain(window._axcb, (run) => run(window.axeptioSDK));
  },
  keep(cmp) {
    if (!cmp.answered) return [];
    const names = Object.entries(cmp.map((yes) => yes));
    return [
      ['cookie', 'axeptio_cookies', encoded(choices(cmp))],
      ['cookie', 'axeptio_authorized_vendors', `%2C${names.filter(([, yes]) => yes).map(([name]) => name).join('%2C')}%2C`],
      ['cookie', 'axeptio_all_vendors', `%2C${names.map(([name]) => name).join('%2C')}%2C`],
    ];
  },
  tell(why, cmp) {
    if (cmp.answered) emit('cookies:complete', choices(cmp));
    if (why === 'change') emit('consent:saved', choices(cmp));
  },
});
