// The shop's consent dialog, as the documentation of vanilla-cookieconsent has it.

CookieConsent.run({
  // It takes a browser that is driven by a program for one.
  hideFromBots: false,
  categories: { necessary: { enabled: true, readOnly: true }, analytics: {} },
  language: {
    default: 'en',
    translations: {
      en: {
        consentModal: { title: 'May we count visits?', acceptAllBtn: 'Yes', acceptNecessaryBtn: 'No', showPreferencesBtn: 'Choose' },
        preferencesModal: {
          title: 'Your choice', acceptAllBtn: 'Yes to all', acceptNecessaryBtn: 'No to all', savePreferencesBtn: 'Save',
          sections: [
            { title: 'Necessary', linkedCategory: 'necessary' },
            { title: 'Counting visits', linkedCategory: 'analytics' },
          ],
        },
      },
    },
  },
});
