// A FAKE of Cookiebot (Usercentrics): none of the product's code is here. It repeats what a page can see of it.
// Facts: cookiebot.com/en/developer and the public type definitions (@types/cookiebot-sdk): globals, events, cookie.
//
// Repeated because readers trip over it: the same object stands at `CookieConsent`, a name other managers use too; the
// cookie of that name is an object literal, not JSON; out of region everything is granted and `hasResponse` is true
// though nobody answered (`method: 'implied'`); a changed answer may reload the page right after the events.

import { cookie, dialog, dropCookie, setCookie, uuid, wait } from './kit.js';

const COOKIE = 'CookieConsent';
let ask;
let settings = {};

export default {
  id: 'fake-cookiebot',
  cmp: 'cookiebot',
  label: 'Cookiebot (fake)',
  kind: 'fake',
  source: 'written here from Cookiebot’s public documentation; none of its code',
  category: 'statistics',
  modes: ['ask', 'implied-open'],
  options: ['reload'],
  reloads: false,
  keys: ['CookieConsent'],
  root: '#CybotCookiebotDialog',
  buttons: {
    accept: '#CybotCookiebotDialogBodyLevelButtonLevelOptinAllowAll',
    reject: '#CybotCookiebotDialogBodyButtonDecline',
    settings: '#CybotCookiebotDialogBodyLevelButtonCustomize',
  },
  again: {
    accept: ['#CybotCookiebotDialogBodyLevelButtonLevelOptinAllowAll'],
    reject: ['#CybotCookiebotDialogBodyButtonDecline'],
  },

  async load({ mode = 'ask', late = 0, reload = false } = {}) {
    settings = { mode, reload };
    await wait(late);
    start();
  },

  open() {
    window.Cookiebot.renew();
  },

  api: {
    acceptAll: () => window.Cookiebot.submitCustomConsent(true, true, true),
    rejectAll: () => window.Cookiebot.submitCustomConsent(false, false, false),
    only: (category) => window.Cookiebot.submitCustomConsent(false, category === 'analytics', category === 'marketing'),
    reset: () => dropCookie(COOKIE),
  },
};

function start() {
  const blank = { necessary: true, preferences: false, statistics: false, marketing: false, method: null, stamp: '0' };
  window.Cookiebot = {
    consent: blank,
    hasResponse: false,
    consented: false,
    declined: false,
    doNotTrack: false,
    isOutsideEU: false,
    consentID: '0',
    serial: 'demo',
    show: () => ask.show(allowed()),
    hide: () => ask.close(),
    renew: () => ask.show(allowed()),
    withdraw: () => submit(false, false, false),
    submitCustomConsent: submit,
  };
  window.CookieConsent = window.Cookiebot;

  ask = dialog({
    ids: {
      root: 'CybotCookiebotDialog',
      accept: 'CybotCookiebotDialogBodyLevelButtonLevelOptinAllowAll',
      reject: 'CybotCookiebotDialogBodyButtonDecline',
      settings: 'CybotCookiebotDialogBodyLevelButtonCustomize',
    },
    title: 'Your choice',
    source: 'A fake of Cookiebot, written from its documentation.',
    text: 'May this page use Mixpanel analytics?',
    choices: [['statistics', 'Statistics'], ['marketing', 'Marketing']],
    onAccept: () => submit(true, true, true),
    onReject: () => submit(false, false, false),
    onSave: (chosen) => submit(false, chosen.includes('statistics'), chosen.includes('marketing')),
  });

  const kept = read();
  if (kept !== undefined) {
    apply(kept);
    fire('OnLoad');
    tell();
  } else if (settings.mode === 'implied-open') {
    window.Cookiebot.isOutsideEU = true;
    apply({ preferences: true, statistics: true, marketing: true, method: 'implied', stamp: '-1' });
    fire('OnLoad');
    tell();
  } else {
    fire('OnLoad');
    ask.show();
  }
}

const allowed = () => Object.keys(window.Cookiebot.consent).filter((name) => window.Cookiebot.consent[name] === true);

function submit(preferences, statistics, marketing) {
  const again = window.Cookiebot.hasResponse;
  const any = preferences || statistics || marketing;
  const answer = { preferences, statistics, marketing, method: 'explicit', stamp: any ? uuid() : '0' };
  write(answer);
  apply(answer);
  ask.close();
  tell();
  // Here, in the same task: whatever a withdrawal must do has to be done inside the events.
  if (settings.reload && again) location.reload();
}

function apply(answer) {
  const bot = window.Cookiebot;
  const { preferences, statistics, marketing, method, stamp } = answer;
  bot.consent = { necessary: true, preferences, statistics, marketing, method, stamp };
  bot.hasResponse = true;
  bot.consented = preferences || statistics || marketing;
  bot.declined = !bot.consented;
  bot.consentID = stamp;
}

function tell() {
  fire('OnConsentReady');
  fire(window.Cookiebot.consented ? 'OnAccept' : 'OnDecline');
  window.dataLayer = window.dataLayer ?? [];
  window.dataLayer.push({ event: 'cookie_consent_update' });
  if (window.Cookiebot.consent.statistics) window.dataLayer.push({ event: 'cookie_consent_statistics' });
}

/** One slot a page may assign, then the event under both of its names. */
function fire(name) {
  const slot = window[`CookiebotCallback_${name}`];
  if (typeof slot === 'function') slot();
  window.dispatchEvent(new Event(`Cookiebot${name}`));
  window.dispatchEvent(new Event(`CookieConsent${name}`));
}

function read() {
  const text = cookie(COOKIE);
  if (text === undefined) return undefined;
  const plain = decodeURIComponent(text);
  const yes = (name) => plain.includes(`${name}:true`);
  return {
    preferences: yes('preferences'),
    statistics: yes('statistics'),
    marketing: yes('marketing'),
    method: /method:'(\w+)'/.exec(plain)?.[1] ?? 'explicit',
    stamp: /stamp:'([^']*)'/.exec(plain)?.[1] ?? '0',
  };
}

// Braces and colons stay, quotes and commas are percent-encoded: what the product leaves in the cookie.
function write({ preferences, statistics, marketing, method, stamp }) {
  const text = `{stamp:'${stamp}',necessary:true,preferences:${preferences},statistics:${statistics},marketing:${marketing},`
    + `method:'${method}',ver:1,utc:${Date.now()},region:'de'}`;
  setCookie(COOKIE, text.replaceAll("'", '%27').replaceAll(',', '%2C'), 365);
}
