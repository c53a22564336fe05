// Where consent managers have their buttons, by the ids of src/cmp: what a visit presses for yes
// and no, and how it comes back to the question. Not what an answer is: that is read by the adapters.
//
// A selector is CSS. It is looked for in every frame and open shadow root, and the first element that
// can be seen is pressed; with `each` all of them, switches say. `run` asks the product's own function to show
// the question again (`or` is pressed where there is none). Only what is documented or published, with its
// source; a site with other buttons gives its own (--yes, --no, --withdraw).
//
// `tried`: run here against the product as published. The others are from documentation alone.

import type { Act, Step } from './types.ts';

const show = (run: string): Step => ({ run });

/** A consent manager's steps for each answer; `tried` names the version that they were tried with. */
export type Buttons = Partial<Record<Act, Step[]>> & { tried?: string };

export const BUTTONS: Record<string, Buttons> = {
  // https://developer.onetrust.com/onetrust/docs/javascript-api (ToggleInfoDisplay); ids of its banner and preference centre
  onetrust: {
    yes: ['#onetrust-accept-btn-handler'],
    no: ['#onetrust-reject-all-handler'],
    withdraw: [show('OneTrust.ToggleInfoDisplay()'), '.ot-pc-refuse-all-handler, #onetrust-reject-all-handler'],
  },
  // https://www.cookiebot.com/en/developer/ (renew)
  cookiebot: {
    yes: ['#CybotCookiebotDialogBodyLevelButtonLevelOptinAllowAll, #CybotCookiebotDialogBodyButtonAccept'],
    no: ['#CybotCookiebotDialogBodyButtonDecline'],
    withdraw: [show('Cookiebot.renew()'), '#CybotCookiebotDialogBodyButtonDecline'],
  },
  // https://docs.usercentrics.com/#/browser-ui-api (showSecondLayer); test ids of its buttons, in a shadow root
  'usercentrics-v2': {
    yes: ['[data-testid="uc-accept-all-button"]'],
    no: ['[data-testid="uc-deny-all-button"]'],
    withdraw: [show('UC_UI.showSecondLayer()'), '[data-testid="uc-deny-all-button"]'],
  },
  // https://usercentrics.com/docs/web/features/api/control-ui/ (showSecondLayer)
  usercentrics: {
    yes: ['#usercentrics-cmp-ui [data-action-type="accept"], #usercentrics-cmp-ui #accept'],
    no: ['#usercentrics-cmp-ui [data-action-type="deny"], #usercentrics-cmp-ui #deny'],
    withdraw: [show('__ucCmp.showSecondLayer()'), '#usercentrics-cmp-ui [data-action-type="deny"], #usercentrics-cmp-ui #deny'],
  },
  // https://developers.didomi.io/cmp/web-sdk/reference/api (notice.show)
  didomi: {
    yes: ['#didomi-notice-agree-button'],
    no: ['#didomi-notice-disagree-button, .didomi-continue-without-agreeing'],
    withdraw: [show('Didomi.notice.show()'), '#didomi-notice-disagree-button, .didomi-continue-without-agreeing'],
  },
  // https://www.cookieyes.com/documentation/ (revisitCkyConsent); classes of the plugin's published source
  cookieyes: {
    yes: ['.cky-btn-accept'],
    no: ['.cky-btn-reject'],
    withdraw: [show('revisitCkyConsent()'), '.cky-btn-reject'],
  },
  // the plugin's published source, templates/cookiebanner
  complianz: {
    yes: ['.cmplz-cookiebanner .cmplz-accept'],
    no: ['.cmplz-cookiebanner .cmplz-deny'],
    withdraw: ['.cmplz-manage-consent', '.cmplz-cookiebanner .cmplz-deny'],
  },
  // https://www.iubenda.com/en/help/1205-how-to-configure-your-cookie-solution-advanced-guide (openPreferences)
  iubenda: {
    yes: ['.iubenda-cs-accept-btn'],
    no: ['.iubenda-cs-reject-btn'],
    withdraw: [show('_iub.cs.api.openPreferences()'), '.iubenda-cs-reject-btn, .purposes-btn-reject'],
  },
  // https://developer.osano.com/cmp/javascript-api/developer-documentation-consent-javascript-api (showDrawer)
  osano: {
    yes: ['.osano-cm-accept-all, .osano-cm-accept'],
    no: ['.osano-cm-denyAll, .osano-cm-deny'],
    withdraw: [show("Osano.cm.showDrawer('osano-cm-dom-info-dialog-open')"), '.osano-cm-denyAll, .osano-cm-deny'],
  },
  // https://cookie-script.com/documentation/js-functions-callbacks (show)
  cookiescript: {
    yes: ['#cookiescript_accept'],
    no: ['#cookiescript_reject'],
    withdraw: [show('CookieScript.instance.show()'), '#cookiescript_reject'],
  },
  // https://support.cookiefirst.com (openPanel); its buttons say what they do
  cookiefirst: {
    yes: ['[data-cookiefirst-action="accept"]'],
    no: ['[data-cookiefirst-action="reject"]'],
    withdraw: [show('CookieFirst.openPanel()'), '[data-cookiefirst-action="reject"]'],
  },
  // https://klaro.org/docs/api/js_api (show); once answered there are switches alone
  klaro: {
    tried: 'klaro 0.7.22',
    yes: ['.klaro .cookie-notice .cm-btn-success, .klaro .cookie-modal .cm-btn-accept-all'],
    no: ['.klaro .cookie-notice .cn-decline, .klaro .cookie-modal .cn-decline'],
    withdraw: [
      show('klaro.show(undefined, true)'),
      { each: '.klaro .cookie-modal .cm-list-input:checked:not(:disabled) + .cm-list-label' },
      '.klaro .cookie-modal .cm-btn-success',
    ],
    again: [
      show('klaro.show(undefined, true)'),
      { each: '.klaro .cookie-modal .cm-list-input:not(:checked):not(:disabled):not(.only-required) + .cm-list-label' },
      '.klaro .cookie-modal .cm-btn-success',
    ],
  },
  // https://cookieconsent.orestbida.com/reference/api-reference.html (showPreferences)
  'vanilla-cookieconsent': {
    tried: 'vanilla-cookieconsent 3.1.0',
    yes: ['#cc-main [data-role="all"]'],
    no: ['#cc-main [data-role="necessary"]'],
    // Bundled it has no global, and the site a link of its own.
    withdraw: [{ run: 'CookieConsent.showPreferences()', or: '[data-cc="show-preferencesModal"]' }, '#cc-main .pm [data-role="necessary"]'],
  },
  // https://github.com/orestbida/cookieconsent/tree/v2.9.2 (its instance is the site's own: a link opens its settings)
  'vanilla-cookieconsent-v2': {
    tried: 'vanilla-cookieconsent 2.9.2',
    yes: ['#c-p-bn'],
    no: ['#c-s-bn'],
    withdraw: ['[data-cc="c-settings"]', '#s-rall-bn'],
    again: ['[data-cc="c-settings"]', '#s-all-bn'],
  },
  // the package's published source: a tab stays at the page's edge where an answer may be taken back
  cookieconsent: {
    tried: 'cookieconsent 3.1.1',
    yes: ['.cc-window .cc-allow'],
    no: ['.cc-window .cc-deny'],
    withdraw: ['.cc-revoke', '.cc-window .cc-deny'],
  },
  // https://tarteaucitron.io/en/install/ and the package's published source (userInterface.openPanel)
  tarteaucitron: {
    tried: 'tarteaucitronjs 1.34.0',
    yes: ['#tarteaucitronPersonalize2'],
    no: ['#tarteaucitronAllDenied2'],
    withdraw: [show('tarteaucitron.userInterface.openPanel()'), '#tarteaucitronAllDenied'],
    again: [show('tarteaucitron.userInterface.openPanel()'), '#tarteaucitronAllAllowed'],
  },
  // https://orejime.boscop.fr (prompt)
  orejime: {
    tried: 'orejime 3.2.1',
    yes: ['.orejime-Banner-saveButton'],
    no: ['.orejime-Banner-declineButton'],
    withdraw: [show('orejime.prompt()'), '.orejime-PurposeToggles-disableAll', '.orejime-Modal-saveButton'],
    again: [show('orejime.prompt()'), '.orejime-PurposeToggles-enableAll', '.orejime-Modal-saveButton'],
  },
  // the package's README: the ids of its buttons. There is no way back to the question but the site's own.
  'react-cookie-consent': {
    tried: 'react-cookie-consent 10.0.2',
    yes: ['#rcc-confirm-button'],
    no: ['#rcc-decline-button'],
  },
};
