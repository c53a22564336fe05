// The consent manager alone.
import * as CookieConsent from 'vanilla-cookieconsent';
import { offer, options, sdk } from './kit.js';

await CookieConsent.run(options);
offer({ call: (name, properties) => sdk.track(name, properties), yes: () => CookieConsent.acceptCategory('all'), no: () => CookieConsent.acceptCategory([]) });
