// No consent manager: the site's own dialog calls `bridge.grant()` and `bridge.deny()`, and the bridge keeps the answer.

import { dialog, wait } from './kit.js';

let ask;
let of;

export default {
  id: 'manual',
  cmp: 'manual',
  label: 'None: the site’s own dialog',
  kind: 'real',
  source: 'this page; grant() and deny() are the bridge’s own methods',
  category: null,
  modes: ['ask'],
  options: [],
  reloads: false,
  keys: [],
  root: '#manual-dialog',
  buttons: { accept: '#manual-accept', reject: '#manual-reject' },
  again: { accept: ['#manual-accept'], reject: ['#manual-reject'] },

  async load({ late = 0, bridge } = {}) {
    of = bridge;
    await wait(late);
    ask = dialog({
      ids: { root: 'manual-dialog', accept: 'manual-accept', reject: 'manual-reject' },
      title: 'Your choice',
      source: 'The site’s own dialog; the bridge keeps the answer.',
      text: 'May this page use Mixpanel analytics?',
      onAccept: () => of().grant(),
      onReject: () => of().deny(),
    });
    // The bridge reads its record a moment after the page starts; asking before that would ask people who answered.
    await wait(250);
    if (of().state.consent === 'unset') ask.show();
    of().subscribe((state) => {
      if (state.consent !== 'unset') ask.close();
    });
  },

  open() {
    ask.show();
  },

  api: {
    acceptAll: () => of().grant(),
    rejectAll: () => of().deny(),
    only: (category) => (category === 'analytics' ? of().grant() : of().deny()),
    reset: () => of().reset(),
  },
};
