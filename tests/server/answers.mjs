// Receipts as the browser makes them.

const all = (answer) => ({ tracking: answer, replay: answer, profile: answer, flags: answer });
export const yes = (at) => ({ event: 'given', at, cmp: 'klaro', consent: all('granted') });
export const no = (at) => ({ event: 'withdrawn', at, cmp: 'klaro', consent: all('denied') });
export const refused = (at) => ({ event: 'refused', at, cmp: 'klaro', consent: all('denied') });
export const expired = (at) => ({ event: 'expired', at, cmp: 'klaro', consent: all('unset') });
/** What `readConsent` comes to. */
export const state = (answer, at, more = {}) => ({ consent: answer, mode: 'off', cmp: 'klaro', code: 'x', reason: '', modes: {}, features: { ...all(answer), ...more }, at });
