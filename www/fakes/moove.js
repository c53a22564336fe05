// A FAKE of GDPR Cookie Compliance (Moove). Facts: the plugin’s script as public sites have it.

import { encoded, fake } from './engine.js';

export default fake({
  id: 'moove',
  product: 'GDPR Cookie Compliance (Moove)',
  source: 'the plugin’s script as public sites have it',
  traps: 'Its values are the texts 1 and 0.',
  names: { analytics: 'thirdparty', marketing: 'advanced' },
  keys: ['moove_gdpr_popup'],
  stub() {
    window.moove_frontend_gdpr_scripts = { ajaxurl: '/wp-admin/admin-ajax.php' };
  },
  keep: (cmp) => (cmp.answered ? [['cookie', 'moove_gdpr_popup', encoded({ strict: '1', ...cmp.map((on) => (on ? '1' : '0')) })]] : []),
});
