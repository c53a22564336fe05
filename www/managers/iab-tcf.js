// IAB TCF: the IAB's own stub and CMP API library, published on npm, with a small dialog drawn here to answer it.
// Facts: README of @iabtcf/cmpapi 1.5.6; TCF "CMP API v2" and "Consent string and vendor list formats v2".
//
// What is real: `__tcfapi`, its queue, its events, the TC string. What is ours and says so: the dialog, the CMP number
// (demo) and a vendor list of one, because the string cannot be encoded without a list. The string is kept in the
// cookie `euconsent-v2`, as most CMPs do.

import { cookie, dialog, dropCookie, script, setCookie, wait } from './kit.js';

const CMP_ID = 300;
const CMP_VERSION = 1;
const PURPOSES = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
const BY_CATEGORY = { necessary: [], analytics: [1, 7, 8, 9, 10], marketing: [1, 2, 3, 4] };

const named = (ids, name) => Object.fromEntries(ids.map((id) => [id, { id, name: `${name} ${id}`, description: '', illustrations: [] }]));
const VENDOR_LIST = {
  gvlSpecificationVersion: 3,
  vendorListVersion: 1,
  tcfPolicyVersion: 4,
  lastUpdated: '2026-01-01T00:00:00Z',
  purposes: named(PURPOSES, 'Purpose'),
  specialPurposes: named([1, 2], 'Special purpose'),
  features: named([1, 2, 3], 'Feature'),
  specialFeatures: named([1, 2], 'Special feature'),
  stacks: {},
  dataCategories: {},
  vendors: {
    1: {
      id: 1, name: 'Demonstration vendor', purposes: PURPOSES, legIntPurposes: [], flexiblePurposes: [],
      specialPurposes: [], features: [], specialFeatures: [], usesCookies: true, cookieMaxAgeSeconds: 86400,
      cookieRefresh: false, usesNonCookieAccess: false, urls: [],
    },
  },
};

let api;
let core;
let ask;

export default {
  id: 'iab-tcf',
  cmp: 'iab-tcf',
  label: 'IAB TCF (the IAB’s library, our dialog)',
  kind: 'real',
  source: 'npm @iabtcf/stub, @iabtcf/cmpapi and @iabtcf/core 1.5.6; the dialog and the vendor list are ours',
  category: null,
  modes: ['ask', 'implied-open'],
  options: ['reload'],
  reloads: false,
  keys: ['euconsent-v2'],
  root: '#tcf-dialog',
  buttons: { accept: '#tcf-accept', reject: '#tcf-reject', settings: '#tcf-settings' },
  again: { accept: ['#tcf-accept'], reject: ['#tcf-reject'] },

  async load({ base = '', mode = 'ask', late = 0, reload = false } = {}) {
    await script(`${base}/node_modules/@iabtcf/stub/lib/stub.js`);
    await wait(late);
    let CmpApi;
    [{ CmpApi }, core] = await Promise.all([
      import(`${base}/bundle/@iabtcf/cmpapi.js`),
      import(`${base}/bundle/@iabtcf/core.js`),
    ]);
    api = new CmpApi(CMP_ID, CMP_VERSION, true);
    const answered = (purposes) => {
      const before = cookie('euconsent-v2') !== undefined;
      answer(purposes);
      if (reload && before) location.reload();
    };
    ask = dialog({
      ids: { root: 'tcf-dialog', accept: 'tcf-accept', reject: 'tcf-reject', settings: 'tcf-settings' },
      title: 'Your choice',
      source: 'The TCF API and its string are real; the dialog is this page’s.',
      text: 'May this page use Mixpanel analytics?',
      choices: [['analytics', 'Analytics (purposes 1, 7–10)'], ['marketing', 'Marketing (purposes 1–4)']],
      onAccept: () => answered(PURPOSES),
      onReject: () => answered([]),
      onSave: (chosen) => answered(chosen.flatMap((category) => BY_CATEGORY[category])),
    });
    if (mode === 'implied-open') {
      api.update(null);
      return;
    }
    const stored = cookie('euconsent-v2');
    api.update(stored ?? '', stored === undefined);
    if (stored === undefined) ask.show();
  },

  open() {
    api.update(cookie('euconsent-v2') ?? '', true);
    ask.show();
  },

  api: {
    acceptAll: () => answer(PURPOSES),
    rejectAll: () => answer([]),
    only: (category) => answer(BY_CATEGORY[category]),
    reset: () => dropCookie('euconsent-v2'),
  },
};

function answer(purposes) {
  const { GVL, TCModel, TCString } = core;
  const model = new TCModel(new GVL(VENDOR_LIST));
  model.cmpId = CMP_ID;
  model.cmpVersion = CMP_VERSION;
  model.isServiceSpecific = true;
  model.purposeConsents.set(purposes);
  if (purposes.length > 0) model.vendorConsents.set(1);
  const string = TCString.encode(model);
  setCookie('euconsent-v2', string);
  ask.close();
  api.update(string, false);
}
