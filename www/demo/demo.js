// The page around the two: the consent manager, the buttons, and what the banner's answer is in words.

const CookieConsent = window.CookieConsent;
const $ = (id) => document.getElementById(id);
// The banner has a palette for each, and leaves the choice to the page.
document.documentElement.classList.toggle('cc--darkmode', matchMedia('(prefers-color-scheme: dark)').matches);
// In a page of the documentation there is nowhere to go back to.
document.querySelector('header a').parentElement.hidden = window.top !== window;
// A banner takes the focus when it is shown. In a frame, that would scroll the reader past the beginning of the page
// around it; so nothing takes the focus before the reader has come into the frame.
const { focus } = HTMLElement.prototype;
HTMLElement.prototype.focus = function focusHere(options) {
  if (document.hasFocus()) focus.call(this, options);
};
const frames = [$('without'), $('with')];
const here = new URL('.', location.href);

/** The two pages hear of the banner what a page with the banner's own script would. */
function tell(event) {
  for (const { contentWindow } of frames) contentWindow.dispatchEvent(new contentWindow.CustomEvent(event.type, { detail: event.detail }));
  say();
}

function say() {
  $('says').textContent = !CookieConsent.validConsent()
    ? 'Nobody has answered yet.'
    : CookieConsent.acceptedCategory('analytics') ? 'The visitor said yes.' : 'The visitor said no.';
}

function show() {
  $('without').src = new URL(`without.html?by=${$('by').value}`, here).href;
  $('with').src = new URL('with.html', here).href;
}

/** Removes everything that both pages have stored, and the banner's answer. */
async function startOver() {
  for (const frame of frames) frame.src = 'about:blank';
  await new Promise((done) => setTimeout(done, 100));
  CookieConsent.reset(true);
  for (const pair of document.cookie.split('; ')) {
    const name = pair.split('=')[0];
    for (const path of ['/', here.pathname]) document.cookie = `${name}=; path=${path}; max-age=0`;
  }
  for (const storage of [localStorage, sessionStorage]) {
    for (const key of Object.keys(storage)) if (/^mp_|^__mp|^mixpanel-consent-bridge:[ab]{32}/.test(key)) storage.removeItem(key);
  }
  location.reload();
}

if (!('serviceWorker' in navigator)) {
  $('note').hidden = false;
  $('note').textContent = 'This browser gives the page no service worker, which plays Mixpanel’s servers here. Open it over https, and not in a private window.';
} else {
  await navigator.serviceWorker.register('worker.js');
  await navigator.serviceWorker.ready;
  for (const type of ['cc:onFirstConsent', 'cc:onConsent', 'cc:onChange']) window.addEventListener(type, tell);
  await CookieConsent.run({
    // Otherwise it stays silent under WebDriver, and so in every browser test.
    hideFromBots: false,
    cookie: { path: here.pathname },
    root: '#banner',
    categories: { necessary: { enabled: true, readOnly: true }, analytics: {} },
    guiOptions: { consentModal: { layout: 'box inline', position: 'bottom center' } },
    language: {
      default: 'en',
      translations: {
        en: {
          consentModal: { title: 'Your choice', description: 'May both pages use Mixpanel analytics?', acceptAllBtn: 'Yes', acceptNecessaryBtn: 'No' },
          preferencesModal: {
            title: 'Your choice', acceptAllBtn: 'Yes', acceptNecessaryBtn: 'No', savePreferencesBtn: 'Save', closeIconLabel: 'Close',
            sections: [{ title: 'Analytics', description: 'Mixpanel, in both pages.', linkedCategory: 'analytics' }],
          },
        },
      },
    },
  });
  say();
  show();
  $('by').addEventListener('change', startOver);
  $('again').addEventListener('click', startOver);
  $('change').addEventListener('click', () => CookieConsent.showPreferences());
  $('buy').addEventListener('click', () => { for (const { contentWindow } of frames) contentWindow.mixpanelOfThisPage?.track('Bought'); });
  // The choice outlives the reload that follows it.
  const kept = sessionStorage.getItem('demo-by');
  if (kept && kept !== $('by').value) { $('by').value = kept; show(); }
  $('by').addEventListener('change', () => sessionStorage.setItem('demo-by', $('by').value), { capture: true });
}
