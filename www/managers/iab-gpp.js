// IAB GPP: the IAB's own CMP API library, published on npm, with a small dialog drawn here to answer it.
// Facts: README of @iabgpp/cmpapi 3.2.0; GPP "CMP API Specification".
//
// GPP has no purpose for analytics: it opens nothing, and an opt-out of sale closes what a default opened. So the default
// is open here, said in Google consent mode, and a refusal is an opt-out. What is ours and says so: the dialog, and the
// cookie `demo-gpp` that keeps the answer.

import { cookie, dialog, dropCookie, setCookie, wait } from './kit.js';

let api;
let ask;
let settings = {};

export default {
  id: 'iab-gpp',
  cmp: ['google-consent-mode', 'iab-gpp'],
  label: 'IAB GPP (the IAB’s library, our dialog)',
  kind: 'real',
  source: 'npm @iabgpp/cmpapi 3.2.0; the dialog is ours, and the open default is said in Google consent mode',
  category: null,
  modes: ['ask'],
  options: ['reload'],
  reloads: false,
  keys: ['demo-gpp'],
  root: '#gpp-dialog',
  buttons: { accept: '#gpp-accept', reject: '#gpp-reject' },
  again: { accept: ['#gpp-accept'], reject: ['#gpp-reject'] },

  async load({ base = '', late = 0, reload = false } = {}) {
    settings = { reload };
    (window.dataLayer ??= []).push(['consent', 'default', { analytics_storage: 'granted' }]);
    // A stub as sites have one: who listens is put aside in `events`, what else is asked in `queue`.
    // The library takes both over; one who had listened to a stub without `events` would hear no more.
    const queue = [];
    const events = [];
    window.__gpp = (...args) => {
      const [command, callback, parameter] = args;
      if (!command || command === 'queue') return queue;
      if (command === 'events') return events;
      if (command !== 'addEventListener') return void queue.push(args);
      const id = events.push({ id: events.length + 1, callback, parameter });
      callback({ eventName: 'listenerRegistered', listenerId: id, data: true, pingData: { gppVersion: '1.1', cmpStatus: 'stub', signalStatus: 'not ready', parsedSections: {} } }, true);
    };
    await wait(late);
    const { CmpApi } = await import(`${base}/bundle/@iabgpp/cmpapi.js`);
    api = new CmpApi(31, 1);
    api.setApplicableSections([7]);
    ask = dialog({
      ids: { root: 'gpp-dialog', accept: 'gpp-accept', reject: 'gpp-reject' },
      title: 'Your choice',
      source: 'The GPP API and its string are real; the dialog is this page’s.',
      text: 'Mixpanel analytics is on here. Reject to opt out of the sale of your data.',
      onAccept: () => answer(false),
      onReject: () => answer(true),
    });
    say(cookie('demo-gpp') === 'out');
    if (cookie('demo-gpp') === undefined) ask.show();
  },

  open() {
    ask.show();
  },

  api: {
    acceptAll: () => answer(false),
    rejectAll: () => answer(true),
    only: (category) => answer(category !== 'analytics'),
    reset: () => dropCookie('demo-gpp'),
  },
};

function say(out) {
  api.setSignalStatus('not ready');
  for (const field of ['SaleOptOut', 'SharingOptOut', 'TargetedAdvertisingOptOut']) api.setFieldValue('usnat', field, out ? 1 : 2);
  api.fireSectionChange('usnat');
  api.setSignalStatus('ready');
}

function answer(out) {
  const before = cookie('demo-gpp') !== undefined;
  setCookie('demo-gpp', out ? 'out' : 'in');
  ask.close();
  say(out);
  if (before && settings.reload) location.reload();
}
