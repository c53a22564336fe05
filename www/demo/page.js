// What both pages of the comparison show: what left, and what is stored. It watches and decides nothing.

const names = (storage) => { try { return Object.keys(storage); } catch { return []; } };

/** Whether the visitor has said yes, by the banner's own word. */
const yes = () => window.CookieConsent.validConsent() && window.CookieConsent.acceptedCategory('analytics');

export function watch({ page, token }) {
  const list = (id, rows) => document.getElementById(id).replaceChildren(...rows.map(({ text, early }) => {
    const row = document.createElement('li');
    row.textContent = text;
    row.classList.toggle('too-early', early);
    return row;
  }));
  const left = [];
  const everStored = new Set();
  const show = () => {
    const stored = [
      ...document.cookie.split('; ').map((pair) => pair.split('=')[0]).filter((name) => name.includes(token)).map((name) => `cookie ${name}`),
      ...names(localStorage).filter((name) => name.includes(token)).map((name) => `local storage ${name}`),
      ...names(sessionStorage).filter((name) => name.includes(token)).map((name) => `session storage ${name}`),
    ].map((text) => text.replaceAll(token, '<token>'));
    // Consent's own memory is no tracking: the record, and the SDK's refusal after a no.
    const early = (text) => !yes() && !/mixpanel-consent-bridge|__mp_opt_in_out_/.test(text) || (!window.CookieConsent.validConsent() && /__mp_opt_in_out_/.test(text));
    for (const text of stored) if (early(text)) everStored.add(text);
    list('left', left.length ? left : [{ text: 'nothing', early: false }]);
    list('stored', stored.length ? stored.map((text) => ({ text, early: early(text) })) : [{ text: 'nothing', early: false }]);
    document.getElementById('left-count').textContent = String(left.length);
    document.getElementById('stored-count').textContent = String(stored.length);
    const bad = left.filter((row) => row.early).length + everStored.size;
    const verdict = document.getElementById('verdict');
    verdict.className = `verdict ${bad ? 'bad' : 'good'}`;
    verdict.textContent = bad ? `${bad} thing${bad === 1 ? '' : 's'} sent or stored without a yes` : 'Nothing was sent or stored without a yes';
  };
  navigator.serviceWorker.addEventListener('message', ({ data }) => {
    if (data.page !== page) return;
    left.push({ text: data.what, early: !yes() });
    show();
  });
  setInterval(show, 300);
  show();
}
