// Orejime 3 (Boscop, from Klaro's early code), the published standard English build.
// Facts: the package's README and source, 3.2.1. The cookie is `eu-consent` by default, whatever the README says.

import { dropCookie, script, style, wait } from './kit.js';

const PURPOSES = ['necessary', 'analytics', 'marketing'];

export default {
  id: 'orejime',
  cmp: 'orejime',
  label: 'Orejime',
  kind: 'real',
  source: 'npm orejime 3.2.1, dist/orejime-standard-en.js',
  category: 'analytics',
  modes: ['ask'],
  options: [],
  reloads: false,
  keys: ['eu-consent'],
  root: '.orejime-Banner, .orejime-Modal',
  buttons: {
    accept: '.orejime-Banner-saveButton',
    reject: '.orejime-Banner-declineButton',
    settings: '.orejime-Banner-learnMoreButton',
  },
  again: {
    accept: ['.orejime-PurposeToggles-enableAll', '.orejime-Modal-saveButton'],
    reject: ['.orejime-PurposeToggles-disableAll', '.orejime-Modal-saveButton'],
  },

  async load({ base = '', late = 0 } = {}) {
    window.orejimeConfig = {
      privacyPolicyUrl: '#',
      purposes: [
        { id: 'necessary', title: 'Necessary', description: 'Always on.', cookies: [], isMandatory: true },
        { id: 'analytics', title: 'Analytics', description: 'Mixpanel.', cookies: [] },
        { id: 'marketing', title: 'Marketing', description: 'Nothing on this page uses it.', cookies: [] },
      ],
    };
    await wait(late);
    const root = `${base}/node_modules/orejime/dist`;
    await style(`${root}/orejime-standard.css`);
    await script(`${root}/orejime-standard-en.js`);
  },

  open() {
    window.orejime.prompt();
  },

  api: {
    acceptAll: () => window.orejime.manager.acceptAll(),
    rejectAll: () => window.orejime.manager.declineAll(),
    only: (category) => window.orejime.manager.setConsents(
      Object.fromEntries(PURPOSES.map((id) => [id, id === 'necessary' || id === category])),
    ),
    reset: () => dropCookie('eu-consent'),
  },
};
