// The playground's page: reads the set-up from the address, connects the bridge as a site would, puts the chosen
// consent manager on the page and gives each panel its part.
//
// It stores nothing and knows nothing of the bridge but its public name. A changed set-up is a new address.

import { connect } from 'mixpanel-consent-bridge';
import { manager, managers } from '../managers/index.js';
import { calls } from './panels/calls.js';
import { clear, device } from './panels/device.js';
import { el } from './panels/dom.js';
import { network } from './panels/network.js';
import { timeline } from './panels/timeline.js';

const $ = (id) => document.getElementById(id);

// Each option of the set-up: its name in the address, what people read, and its values, the default first.
const OPTIONS = [
  ['start', 'Start', 'How Mixpanel starts', [['deferred', 'deferred: not before yes'], ['opted-out', 'opted-out: at once, locked']]],
  ['pending', 'Pending', 'While nobody has answered', [['hold', 'hold calls'], ['drop', 'drop calls'], ['cookieless', 'track cookieless']]],
  ['denied', 'Denied', 'After a no', [['off', 'off'], ['cookieless', 'track cookieless']]],
  ['mode', 'Region', 'What holds before an answer', [['ask', 'opt-in: ask first'], ['implied-open', 'opt-out: open by default'], ['implied-closed', 'closed by default']]],
  ['implied', 'Implied', 'What a regional default opens', [['accept', 'accept it'], ['ask', 'wait for an explicit yes']]],
  ['gpc', 'GPC', 'The browser’s Global Privacy Control', [['respect', 'respect'], ['strict', 'strict'], ['ignore', 'ignore']]],
  ['late', 'Delay', 'The consent manager’s script comes', [['0', 'at once'], ['2000', '2 seconds late'], ['12000', '12 seconds late']]],
  ['reload', 'On change', 'After a changed answer the manager', [['', 'does as it usually does'], ['yes', 'reloads the page']]],
  ['sdk', 'SDK', 'Version of Mixpanel’s library', [['mixpanel-browser', '2.83.0'], ['mixpanel-2.65.0', '2.65.0'], ['mixpanel-2.45.0', '2.45.0']]],
  ['library', 'Library', 'Mixpanel’s code is', [['fetched', 'fetched after yes'], ['present', 'on the page already']]],
];
const FEATURES = [['autocapture', 'Autocapture'], ['recording', 'Session recording'], ['flags', 'Feature flags']];

const query = new URLSearchParams(location.search);
const chosen = Object.fromEntries(OPTIONS.map(([name, , , values]) => {
  const value = query.get(name);
  return [name, values.some(([id]) => id === value) ? value : values[0][0]];
}));
const features = new Set((query.get('features') ?? '').split(',').filter((name) => FEATURES.some(([id]) => id === name)));
const cmp = manager(query.get('cmp')) ?? managers[0];

if (query.has('fresh')) {
  // Asked for by "Start over": done here, before anything on this page can write again.
  await clear();
  query.delete('fresh');
  history.replaceState(null, '', address(query));
}

drawSetup();

const what = timeline({ list: $('timeline-rows'), counter: $('count-timeline') });
// The development server says which project: its own play of Mixpanel, or a real one. On any other web server
// there is nobody to say so, and a service worker plays Mixpanel.
const base = new URL('..', location.href).pathname.replace(/\/$/, '');
const said = await fetch(`${base}/config.json`).then((response) => (response.ok ? response.json() : null)).catch(() => null);
const { token, real } = said ?? { token: '0'.repeat(32), real: false };
if (said === null) {
  await navigator.serviceWorker.register('worker.js');
  await navigator.serviceWorker.ready;
  if (!navigator.serviceWorker.controller) await new Promise((done) => navigator.serviceWorker.addEventListener('controllerchange', done, { once: true }));
}

network({ list: $('network-rows'), counter: $('count-network'), library: `/bundle/${chosen.sdk}.js`, played: said === null });
device({ root: $('device-rows'), counter: $('count-device'), news: $('device-news'), keys: cmp.keys, token });

let asked;
window.addEventListener('mixpanel-consent-bridge', ({ detail }) => {
  what.hear(detail);
  asked?.hear(detail);
  if (detail.kind === 'released') show(bridge.state);
});

const load = () => import(`${base}/bundle/${chosen.sdk}.js`);
const bridge = connect({
  token,
  mixpanel: chosen.library === 'present' ? await load() : load,
  config: {
    ...(real ? {} : { api_host: `${location.origin}${base}/mixpanel` }),
    track_pageview: true,
    autocapture: features.has('autocapture'),
    record_sessions_percent: features.has('recording') ? 100 : 0,
    flags: features.has('flags'),
    // The default of five seconds makes a demonstration look broken.
    batch_flush_interval_ms: 1000,
  },
  cmp: cmp.cmp,
  ...(cmp.category === null ? {} : { category: cmp.category }),
  start: chosen.start,
  pending: chosen.pending,
  denied: chosen.denied,
  implied: chosen.implied,
  gpc: chosen.gpc,
  debug: true,
});

asked = calls({ buttons: $('call-buttons'), list: $('calls-rows'), counter: $('count-calls'), bridge });
// What every site does first, and long before anybody can have answered.
asked.call('track', 'Page opened');

bridge.subscribe(show);
// Subscribers hear of a changed answer; how many calls wait changes more often.
window.addEventListener('click', () => setTimeout(() => show(bridge.state)));

$('explain').disabled = false;
$('explain').addEventListener('click', async () => {
  const why = await bridge.explain();
  $('why-says').textContent = whyInWords(why);
  $('why-text').textContent = String(why);
  $('why').showModal();
});

try {
  await cmp.load({
    base,
    mode: chosen.mode,
    late: Number(chosen.late),
    ...(chosen.reload === '' ? {} : { reload: true }),
    bridge: () => bridge,
  });
  $('ask').disabled = false;
  $('ask').addEventListener('click', () => cmp.open());
} catch (error) {
  what.hear({ kind: 'report', what: 'playground', more: { text: `The consent manager could not be loaded: ${error.message}` }, at: Date.now() });
}

// ---- the state ------------------------------------------------------------------------------------------------------

function show(state) {
  const verdict = { off: 'Mixpanel is off', cookieless: 'Mixpanel tracks without storage', on: 'Mixpanel is on' };
  $('state').dataset.mode = state.mode;
  $('state').dataset.consent = state.consent;
  set('verdict', verdict[state.mode] ?? state.mode);
  set('because', state.reason ?? '');
  set('fact-consent', state.consent);
  set('fact-mode', state.mode);
  set('fact-code', state.code ?? '–');
  set('fact-held', String(state.held ?? 0));
}

const ANSWERS = {
  granted: 'The visitor said yes', denied: 'The visitor said no', unset: 'The visitor has not answered',
  'implied-granted': 'Nobody was asked, and a default is open', 'implied-denied': 'Nobody was asked, and a default is closed',
};

/** Why Mixpanel is on or off, as one would say it: the answer, whose word it is, and what follows. */
function whyInWords({ consent, mode, cmp: source, reason, held = 0, dropped = 0 }) {
  const whose = source ? `, says ${managers.find((one) => [one.cmp].flat().includes(source))?.label ?? source}` : '';
  const follows = { on: 'so Mixpanel runs', cookieless: 'so events go without storage', off: 'so nothing goes to Mixpanel' }[mode] ?? '';
  const calls = mode === 'off' && held ? ` ${held} call${held === 1 ? ' waits' : 's wait'} in memory.` : '';
  const lost = dropped ? ` ${dropped} call${dropped === 1 ? ' was' : 's were'} dropped because too many waited.` : '';
  return `${ANSWERS[consent] ?? consent}${whose}, ${follows}.${calls}${lost} ${reason ?? ''}`;
}

function set(id, text) {
  if ($(id).textContent !== text) $(id).textContent = text;
}

// ---- the set-up -----------------------------------------------------------------------------------------------------

function drawSetup() {
  const group = (label, kind, order) => el('optgroup', { label },
    ...managers.filter((each) => each.kind === kind).sort(order)
      .map((each) => el('option', { value: each.id, selected: each.id === cmp.id }, each.label)));
  $('cmp').append(group('Real ones', 'real'), group('Fakes, written from documentation', 'fake', (a, b) => a.label.localeCompare(b.label)));

  for (const [name, label, hint, values] of OPTIONS) {
    if (name === 'reload' && (cmp.reloads || !cmp.options.includes('reload'))) continue;
    const offered = name === 'mode' ? values.filter(([id]) => cmp.modes.includes(id)) : values;
    const select = el('select', { name }, ...offered.map(([value, text]) => (
      el('option', { value, selected: value === chosen[name] }, text))));
    $('option-fields').append(el('label', {}, el('span', {}, label, el('small', {}, hint)), select));
  }
  $('option-fields').append(el('fieldset', {}, el('legend', {}, 'Also switch on'),
    ...FEATURES.map(([id, label]) => el('label', {},
      el('input', { type: 'checkbox', name: 'features', value: id, checked: features.has(id) }), label))));
  $('option-fields').append(el('p', { class: 'source' }, `${cmp.label}: ${cmp.source}.`));

  const changed = OPTIONS.filter(([name, , , values]) => chosen[name] !== values[0][0]).length + features.size;
  if (changed > 0) $('options-changed').append(String(changed), el('span', { class: 'hidden' }, ' changed'));

  $('cmp').addEventListener('change', () => go(new FormData($('options-form'))));
  $('open-options').addEventListener('click', () => $('options').showModal());
  $('options').addEventListener('close', () => {
    if ($('options').returnValue === 'apply') go(new FormData($('options-form')));
    else $('options-form').reset();
  });

  $('start-over').addEventListener('click', () => {
    query.set('cmp', cmp.id);
    query.set('fresh', '');
    fetch(`${base}/collector/clear`, { method: 'POST' }).catch(() => {}).finally(() => location.assign(address(query)));
  });
  for (const button of $('tabs').querySelectorAll('button')) {
    button.addEventListener('click', () => {
      $('panels').dataset.current = button.dataset.panel;
      // A list that was not shown could not follow its newest row.
      const list = $(`${button.dataset.panel}-rows`);
      if (list.localName === 'ol') list.scrollTop = list.scrollHeight;
      for (const each of $('tabs').querySelectorAll('button')) each.setAttribute('aria-pressed', String(each === button));
    });
  }
  makeRoom();
}

/** To the address that says what the fields say; what is as usual is left out. */
function go(fields) {
  const next = new URLSearchParams({ cmp: $('cmp').value });
  for (const [name, , , values] of OPTIONS) {
    const value = fields.get(name);
    if (value !== null && value !== values[0][0]) next.set(name, value);
  }
  if (fields.getAll('features').length > 0) next.set('features', fields.getAll('features').join(','));
  location.assign(address(next));
}

function address(parameters) {
  const text = parameters.toString();
  return `${location.pathname}${text === '' ? '' : `?${text}`}`;
}

// The consent manager lays itself over the page; the panels make room, so that they can be read while it asks. A bar
// along the bottom takes height off the page, a box in a corner takes width off the last row. A dialog in the middle
// is left alone: it is answered and gone.
function makeRoom() {
  const room = document.documentElement.style;
  const measure = () => {
    let covered = 0;
    let corner = { width: 0, height: 0, side: 'right' };
    for (const element of document.querySelectorAll(cmp.root)) {
      const box = element.getBoundingClientRect();
      const height = innerHeight - box.top;
      const shown = box.height > 0 && getComputedStyle(element).visibility !== 'hidden' && height > 8;
      if (!shown || box.bottom < innerHeight - 48 || height > innerHeight * 0.62) continue;
      const left = box.left < innerWidth / 4;
      if (innerWidth >= 860 && box.width < innerWidth * 0.6 && (left || box.right > innerWidth * 0.75)) {
        corner = { width: left ? box.right : innerWidth - box.left, height, side: left ? 'left' : 'right' };
      } else {
        covered = Math.max(covered, height);
      }
    }
    room.setProperty('--covered', `${Math.round(covered)}px`);
    room.setProperty('--corner-height', `${Math.round(corner.height)}px`);
    room.setProperty('--corner-right', `${corner.side === 'right' ? Math.round(corner.width) : 0}px`);
    room.setProperty('--corner-left', `${corner.side === 'left' ? Math.round(corner.width) : 0}px`);
  };
  setInterval(measure, 250);
  addEventListener('resize', measure);
}
