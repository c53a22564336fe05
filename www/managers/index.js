// The consent managers of the playground, in the order they are offered. A list and the contract, no code.
//
// Each module sets one manager up as a site would and exports by default:
//
//   id        name in `?cmp=` and the file's name
//   cmp       the id (or list of ids) to hand to `connect({ cmp })`
//   label     what people read; a fake says "fake" in it
//   kind      'real' (the published code runs) or 'fake' (a stand-in written here from documentation)
//   source    where the running code comes from
//   category  what to hand to `connect({ category })`: this set-up's name for analytics; null where there is none
//   modes     what `mode` may be: 'ask' (nobody answered yet), 'implied-open', 'implied-closed' (a regional default)
//   options   what else load() understands, beside `base`, `mode` and `late`
//   reloads   true where the manager reloads the page by itself after some change
//   keys      names under which it stores the answer (cookies and localStorage)
//   root      selector of what it lays over the page
//   buttons   selectors in the first question: accept, reject, and settings where there is one
//   again     after open(): the selectors to click, in order, to accept and to reject
//   load({ base, mode, late, reload, bridge })
//             puts it on the page. `base` is the address in front of /node_modules/, `late` a delay in ms before
//             its script comes, `reload` makes it reload after a change, `bridge` a function that returns the bridge
//             (only `manual` calls it). Resolves when the manager has run, whether or not it asks anything.
//   open()    shows the question (or its settings) again
//   api       acceptAll(), rejectAll(), only(category), reset(): the same answers through the manager's own API.
//             `only` takes 'necessary', 'analytics' or 'marketing'. After reset() and a reload it asks anew.

import c15t from './c15t.js';
import cookieconsent from './cookieconsent.js';
import fakeCookiebot from './fake-cookiebot.js';
import fakeOnetrust from './fake-onetrust.js';
import googleConsentMode from './google-consent-mode.js';
import iabGpp from './iab-gpp.js';
import iabTcf from './iab-tcf.js';
import klaro from './klaro.js';
import manual from './manual.js';
import orejime from './orejime.js';
import reactCookieConsent from './react-cookie-consent.js';
import tarteaucitron from './tarteaucitron.js';
import vanillaCookieconsentV2 from './vanilla-cookieconsent-v2.js';
import vanillaCookieconsent from './vanilla-cookieconsent.js';
import { fakes } from '../fakes/index.js';

export const managers = [
  vanillaCookieconsent,
  vanillaCookieconsentV2,
  klaro,
  cookieconsent,
  tarteaucitron,
  orejime,
  c15t,
  reactCookieConsent,
  iabTcf,
  iabGpp,
  googleConsentMode,
  manual,
  fakeOnetrust,
  fakeCookiebot,
  // Made of tables, a file each: www/fakes.
  ...fakes,
];

export const manager = (id) => managers.find((each) => each.id === id);
