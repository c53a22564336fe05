// What left: each request for Mixpanel that reached the server, told by the server itself, not by the page.
//
// The collector behind `api_host` reports every request over server-sent events, or the service worker that stands in
// for it by messages. Fetching Mixpanel's own code is a
// transfer too, so that is listed as well, from the browser's resource timing.

import { el, fold, Rows, short, since } from './dom.js';

const MEANING = [
  [/^\/track/, 'events'],
  [/^\/engage/, 'profile'],
  [/^\/groups/, 'groups'],
  [/^\/record/, 'recording'],
  [/^\/flags/, 'flags'],
  [/^\/settings/, 'settings'],
];

export function network({ list, counter, library, played = false }) {
  const rows = new Rows(list, counter, 'Nothing was sent. Before a yes nothing may be, not even the request for Mixpanel’s code.');

  new PerformanceObserver((entries) => {
    for (const entry of entries.getEntries()) {
      const fetched = entry.name.includes(library);
      // With a real project there is no collector in between; the address is all that can be seen.
      const { hostname, pathname } = new URL(entry.name);
      if (!fetched && !/(^|\.)(mixpanel\.com|mxpnl\.com)$/.test(hostname)) continue;
      rows.add(el('li', { class: 'row', 'data-what': fetched ? 'library' : 'other' },
        el('time', {}, since(performance.timeOrigin + entry.startTime)),
        el('span', { class: 'badge' }, fetched ? 'code' : meaning(pathname)),
        el('span', { class: 'grow' }, fetched ? 'Mixpanel’s library was fetched' : `${hostname}${pathname}`)));
    }
  }).observe({ type: 'resource', buffered: true });

  const show = (request) => {
    const at = request.at ?? Date.now();
    const items = request.items ?? [];
    const route = request.route ?? '/';
    const what = meaning(route);
    const summary = [
      el('time', {}, since(at)),
      el('span', { class: 'badge' }, what),
      el('span', { class: 'grow' }, title(items, route, request.bytes)),
    ];
    const row = el('li', { class: 'row', 'data-what': what },
      fold(summary, `${request.method ?? ''} ${route}\n\n${JSON.stringify(items, null, 2)}`));
    const earlier = at < performance.timeOrigin;
    if (earlier) {
      row.classList.add('earlier');
      row.title = 'Before this page was loaded';
    }
    rows.add(row, { counts: !earlier });
  };
  if (played) {
    navigator.serviceWorker.addEventListener('message', ({ data }) => { if (data.played) show(data.played); });
    navigator.serviceWorker.startMessages();
    return;
  }
  const source = new EventSource('/collector/events');
  source.addEventListener('message', ({ data }) => show(JSON.parse(data)));
  source.addEventListener('clear', () => rows.clear());
  source.addEventListener('error', () => list.classList.add('offline'));
  source.addEventListener('open', () => list.classList.remove('offline'));
}

const meaning = (route) => MEANING.find(([pattern]) => pattern.test(route))?.[1] ?? 'other';

/** The names of the events, each with whom it is about. */
function title(items, route, bytes) {
  if (items.length === 0) return `${route}${bytes ? `, ${bytes} bytes` : ''}`;
  const line = document.createDocumentFragment();
  items.slice(0, 6).forEach((item, index) => {
    if (index > 0) line.append(', ');
    const operation = Object.keys(item).find((key) => /^\$(set|set_once|add|append|union|unset|remove|delete)$/.test(key));
    line.append(el('strong', {}, item.event ?? operation ?? (/^\/flags/.test(route) ? 'asked for' : 'update')));
    const who = item.properties?.distinct_id ?? item.$distinct_id;
    if (index === items.length - 1 && who !== undefined) line.append(el('small', {}, ` ${short(String(who), 22)}`));
  });
  if (items.length > 6) line.append(` and ${items.length - 6} more`);
  return line;
}
