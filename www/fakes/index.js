// The fakes made of tables, in the order of the registry (src/cmp/registry.rs). A list, no code. Two older and larger ones
// (OneTrust, Cookiebot) stand in www/managers.

import usercentrics from './usercentrics.js';
import usercentricsV2 from './usercentrics-v2.js';
import didomi from './didomi.js';
import sourcepoint from './sourcepoint.js';
import inmobi from './inmobi.js';
import trustarc from './trustarc.js';
import osano from './osano.js';
import cookieyes from './cookieyes.js';
import webtoffee from './webtoffee.js';
import termly from './termly.js';
import iubenda from './iubenda.js';
import consentmanager from './consentmanager.js';
import axeptio from './axeptio.js';
import cookiefirst from './cookiefirst.js';
import cookiescript from './cookiescript.js';
import cookiehub from './cookiehub.js';
import civic from './civic.js';
import commandersAct from './commanders-act.js';
import ketch from './ketch.js';
import transcend from './transcend.js';
import securiti from './securiti.js';
import hubspot from './hubspot.js';
import enzuzo from './enzuzo.js';
import securePrivacy from './secure-privacy.js';
import googleFundingChoices from './google-funding-choices.js';
import complianz from './complianz.js';
import borlabs from './borlabs.js';
import realCookieBanner from './real-cookie-banner.js';
import shopify from './shopify.js';
import pandectes from './pandectes.js';
import silktide from './silktide.js';
import cookieInformation from './cookie-information.js';
import wix from './wix.js';
import tealium from './tealium.js';
import fides from './fides.js';
import cookieCompliance from './cookie-compliance.js';
import cookieNotice from './cookie-notice.js';
import moove from './moove.js';
import consentmo from './consentmo.js';
import piwikPro from './piwik-pro.js';
import cookietractor from './cookietractor.js';
import termsfeed from './termsfeed.js';
import finsweet from './finsweet.js';
import amasty from './amasty.js';
import webflow from './webflow.js';
import govuk from './govuk.js';
import djangoCookieConsent from './django-cookie-consent.js';
import nuxtCookieControl from './nuxt-cookie-control.js';
import wpConsentApi from './wp-consent-api.js';
import iabUsp from './iab-usp.js';

export const fakes = [
  usercentrics,
  usercentricsV2,
  didomi,
  sourcepoint,
  inmobi,
  trustarc,
  osano,
  cookieyes,
  webtoffee,
  termly,
  iubenda,
  consentmanager,
  axeptio,
  cookiefirst,
  cookiescript,
  cookiehub,
  civic,
  commandersAct,
  ketch,
  transcend,
  securiti,
  hubspot,
  enzuzo,
  securePrivacy,
  googleFundingChoices,
  complianz,
  borlabs,
  realCookieBanner,
  shopify,
  pandectes,
  silktide,
  cookieInformation,
  wix,
  tealium,
  fides,
  cookieCompliance,
  cookieNotice,
  moove,
  consentmo,
  piwikPro,
  cookietractor,
  termsfeed,
  finsweet,
  amasty,
  webflow,
  govuk,
  djangoCookieConsent,
  nuxtCookieControl,
  wpConsentApi,
  iabUsp,
];
