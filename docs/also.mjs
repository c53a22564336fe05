// Products that people search by name and that need no adapter of their own: what to write instead.
// docs/tables.mjs makes a page of each in docs/managers.

const tcf = (why) => ({
  cmp: 'iab-tcf',
  text: `${why} It speaks the IAB's Transparency and Consent Framework, and the bridge reads that: name \`iab-tcf\`, or nothing at all. What holds for [\`iab-tcf\`](./iab-tcf.md) holds here: purposes 1, 8 and 9 must all allow, unless \`category\` says otherwise.`,
});

export const ALSO = [
  { id: 'uniconsent', product: 'UniConsent', ...tcf('UniConsent keeps its answer in `euconsent-v2` and in a cookie of its own.') },
  { id: 'clickio', product: 'Clickio Consent', ...tcf('Clickio has a global `__lxG__consent__`, and keeps its answer in local storage.') },
  { id: 'sirdata', product: 'Sirdata CMP (ABconsent)', ...tcf('Sirdata has a global `Sddan`, and keeps its answer in local storage under `sddan:cmp`.') },
  {
    id: 'laravel-cookie-consent',
    product: 'spatie/laravel-cookie-consent',
    cmp: { id: 'laravel-cookie-consent', cookie: 'laravel_cookie_consent', granted: '1', denied: '0' },
    text: 'This package knows a yes alone: its cookie `laravel_cookie_consent` is `1` once somebody has agreed, and nothing is stored for a no. The adapter of data below reads that yes. Mixpanel stays off until then. Give visitors a way to say no, and to take a yes back: write `0` into the same cookie, and the bridge takes it for a no.',
  },
  {
    id: 'squarespace',
    product: 'The cookie banner of Squarespace',
    cmp: 'manual',
    text: 'Squarespace documents no way to read what its banner was answered, so there is nothing that the bridge could follow. Use a consent manager of the list, or a dialog of your own: with `manual`, call `grant()` and `deny()` of the bridge (`window.mixpanelConsent` with the tag) from its buttons.',
  },
];
