// A FAKE of Commanders Act's TrustCommander. Facts: community.commandersact.com (platform X, the `cact` API).

import { emitter, fake } from './engine.js';

const { on, emit } = emitter();
const answer = (cmp) => ({
  consent: {
    status: cmp.answered ? { accept: 'all-on', reject: 'all-off' }[cmp.kind] ?? 'mixed' : 'unset',
    categories: Object.fromEntries(Object.entries(cmp.map((yes) => yes)).map(([id, yes]) => [id, { status: cmp.answered ? (yes ? 'on' : 'off') : 'unset' }])),
    vendors: {},
  },
});

export default fake({
  id: 'commanders-act',
  product: 'Commanders Act',
  source: 'community.commandersact.com',
  traps: 'Categories are numbers of the site, so no default can fit; what was queued before the script is answered later, and cannot be taken back.',
  names: { analytics: '1', marketing: '2' },
  category: '1',
  keys: ['TC_PRIVACY'],
  boot: 120,
  stub() {
    window.caReady ??= [];
    window.cact ??= (...args) => void window.caReady.push(args);
  },
  script(cmp) {
    window.cact = (command, callback) => {
      if (command === 'consent.get') callback(answer(cmp));
      if (command === 'consent.onReady') callback(answer(cmp));
      if (command === 'consent.onUpdate') on('update', callback);
      if (command === 'consentCenter.show') cmp.show();
    };
    window.caReady.splice(0).forEach((args) => window.cact(...args));
  },
  keep: (cmp) => (cmp.answered ? [['cookie', 'TC_PRIVACY', btoa(`sealed ${cmp.at}`)]] : []),
  tell(why, cmp) {
    if (why === 'change') emit('update', answer(cmp));
  },
});
