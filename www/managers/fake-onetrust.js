// A FAKE of OneTrust / CookiePro: none of the product's code is here. It repeats what a page can see of it.
// Facts: developer.onetrust.com "JavaScript events guide", my.onetrust.com, and the published behaviour of script
// version 202404: which globals, cookies and events there are, and in which order.
//
// Repeated because readers trip over it: `OneTrust` is first a page's configuration object; the cookie OptanonConsent
// is written before any choice, and on the second page its interactionCount is 1 with nothing answered; OneTrustGroupsUpdated comes at every load, a tick late; OnConsentChanged drops a
// callback whose source text equals an earlier one's; an old answer may be marked AwaitingReconsent.

import { cookie, dialog, dropCookie, setCookie, uuid, wait } from './kit.js';

const GROUPS = ['C0001', 'C0002', 'C0004'];
const BY_CATEGORY = { necessary: [], analytics: ['C0002'], marketing: ['C0004'] };
let ask;
let settings = {};

export default {
  id: 'fake-onetrust',
  cmp: 'onetrust',
  label: 'OneTrust (fake)',
  kind: 'fake',
  source: 'written here from OneTrust’s public documentation; none of its code',
  category: 'C0002',
  modes: ['ask', 'implied-open', 'implied-closed'],
  options: ['reload', 'awaitingReconsent'],
  reloads: false,
  keys: ['OptanonConsent', 'OptanonAlertBoxClosed'],
  root: '#onetrust-banner-sdk',
  buttons: {
    accept: '#onetrust-accept-btn-handler',
    reject: '#onetrust-reject-all-handler',
    settings: '#onetrust-pc-btn-handler',
  },
  again: { accept: ['#onetrust-accept-btn-handler'], reject: ['#onetrust-reject-all-handler'] },

  async load({ mode = 'ask', late = 0, reload = false, awaitingReconsent = false } = {}) {
    settings = { mode, reload };
    // What a page sets up above the script: the same name, none of the methods.
    window.OneTrust = { geolocationResponse: { countryCode: mode === 'ask' ? 'DE' : 'US' } };
    if (awaitingReconsent && cookie('OptanonConsent')) write(read(), { awaiting: true });
    // The stub knows a returning visitor's groups before the main script comes.
    if (cookie('OptanonConsent')) publish(read().groups);
    await wait(late);
    start();
  },

  open() {
    window.OneTrust.ToggleInfoDisplay();
  },

  api: {
    acceptAll: () => window.OneTrust.AllowAll(),
    rejectAll: () => window.OneTrust.RejectAll(),
    only: (category) => choose(['C0001', ...BY_CATEGORY[category]], 3),
    reset() {
      dropCookie('OptanonConsent');
      dropCookie('OptanonAlertBoxClosed');
    },
  },
};

/** Active before anyone answered: by region, and by GPC where an opt-out law counts it. */
function defaults() {
  return settings.mode === 'implied-open' ? GROUPS : ['C0001'];
}

function start() {
  const heard = [];
  const kept = read();
  const closed = () => cookie('OptanonAlertBoxClosed') !== undefined && !read().awaiting;
  if (kept === undefined) write({ groups: defaults(), interactions: 0, type: '' });
  else if (!closed()) write({ ...kept, interactions: 1 }, kept);
  publish(read().groups);

  window.OneTrust = {
    ...window.OneTrust,
    IsAlertBoxClosed: closed,
    IsAlertBoxClosedAndValid: closed,
    GetDomainData: () => ({
      ConsentModel: { Name: settings.mode === 'ask' ? 'opt-in' : 'opt-out' },
      ShowAlertNotice: settings.mode === 'ask',
      Groups: GROUPS.map((id) => ({ CustomGroupId: id, OptanonGroupId: id, Cookies: [] })),
    }),
    OnConsentChanged(callback) {
      const text = callback.toString();
      if (heard.includes(text)) return;
      heard.push(text);
      window.addEventListener('consent.onetrust', callback);
    },
    AllowAll: () => choose(GROUPS, 1),
    RejectAll: () => choose(['C0001'], 2),
    UpdateConsent(_kind, pairs) {
      const active = new Set(read().groups);
      for (const pair of pairs.split(',')) {
        const [id, on] = pair.split(':');
        if (on === '1') active.add(id);
        else active.delete(id);
      }
      choose([...active], 3);
    },
    ToggleInfoDisplay: () => ask.show(read().groups),
    Close: () => ask.close(),
  };

  ask = dialog({
    ids: {
      root: 'onetrust-banner-sdk',
      accept: 'onetrust-accept-btn-handler',
      reject: 'onetrust-reject-all-handler',
      settings: 'onetrust-pc-btn-handler',
    },
    title: 'Your choice',
    source: 'A fake of OneTrust, written from its documentation.',
    text: 'May this page use Mixpanel analytics?',
    choices: [['C0002', 'Performance (C0002)'], ['C0004', 'Targeting (C0004)']],
    onAccept: () => window.OneTrust.AllowAll(),
    onReject: () => window.OneTrust.RejectAll(),
    onSave: (chosen) => choose(['C0001', ...chosen], 3),
  });
  if (settings.mode === 'ask' && !closed()) ask.show();

  window.dataLayer = window.dataLayer ?? [];
  window.dataLayer.push({ event: 'OneTrustLoaded', OnetrustActiveGroups: window.OnetrustActiveGroups });
  if (typeof window.OptanonWrapper === 'function') window.OptanonWrapper();
  announce();
}

function choose(groups, type) {
  const { interactions } = read();
  const again = cookie('OptanonAlertBoxClosed') !== undefined;
  const active = GROUPS.filter((id) => groups.includes(id));
  write({ groups: active, interactions: interactions + 1, type });
  setCookie('OptanonAlertBoxClosed', new Date().toISOString(), 365);
  publish(active);
  ask.close();
  announce(() => {
    window.dispatchEvent(new CustomEvent('OTConsentApplied'));
    if (settings.reload && again) location.reload();
  });
}

function announce(after = () => {}) {
  setTimeout(() => {
    const detail = read().groups;
    if (detail.length > 0) window.dispatchEvent(new CustomEvent('consent.onetrust', { detail }));
    window.dispatchEvent(new CustomEvent('OneTrustGroupsUpdated', { detail }));
    window.dataLayer.push({ event: 'OneTrustGroupsUpdated', OnetrustActiveGroups: window.OnetrustActiveGroups });
    after();
  });
}

function publish(groups) {
  const text = `,${groups.join(',')},`;
  window.OnetrustActiveGroups = text;
  window.OptanonActiveGroups = text;
}

function read() {
  const value = cookie('OptanonConsent');
  if (value === undefined) return undefined;
  const fields = new URLSearchParams(value);
  return {
    groups: (fields.get('groups') ?? '').split(',').filter((pair) => pair.endsWith(':1')).map((pair) => pair.slice(0, -2)),
    interactions: Number(fields.get('interactionCount') ?? 0),
    type: fields.get('intType') ?? '',
    awaiting: fields.get('AwaitingReconsent') === 'true',
    id: fields.get('consentId'),
  };
}

function write({ groups, interactions, type, id }, { awaiting = false } = {}) {
  const gpc = navigator.globalPrivacyControl === true ? '1' : '0';
  setCookie('OptanonConsent', new URLSearchParams({
    isGpcEnabled: gpc,
    datestamp: new Date().toString(),
    version: '202404.1.0',
    browserGpcFlag: gpc,
    isIABGlobal: 'false',
    hosts: '',
    consentId: id ?? read()?.id ?? uuid(),
    interactionCount: String(interactions),
    landingPath: 'NotLandingPage',
    groups: GROUPS.map((group) => `${group}:${groups.includes(group) ? 1 : 0}`).join(','),
    AwaitingReconsent: String(awaiting),
    ...(type === '' ? {} : { intType: String(type) }),
  }).toString(), 365);
}
