// The inspector: a panel in a shadow root that shows what the bridges of the page do, and why. It is a
// file of its own, which a page gets by `debug: true` or by importing `mixpanel-consent-bridge/inspector`.
// It changes nothing: what it knows it has from the bridges' public members, from their register at
// `window[Symbol.for('mixpanel-consent-bridge')]`, and from the device.

import type * as Public from '../../api/inspector.d.ts';
import type { Entry } from '../rooms.js';
import { el } from './dom.ts';
import { observe } from './observe.ts';
import { SECTIONS, type View } from './sections.ts';
import { device, type Entry as Stored } from './stored.ts';
import { STYLE } from './style.ts';
import { VERDICT, neverGranted } from './words.ts';

const HOST = 'mixpanel-consent-inspector';
/** Some of what is stored tells nobody that it has changed. Only while the panel is open and seen. Milliseconds. */
const LOOK_AGAIN = 2000;
const MOST = 300;
/** As in the style sheet: there the panel lies along the bottom. Pixels. */
const NARROW = 520;

type Listed = Public.Listed;

export const bridges: typeof Public.bridges = () => {
  const all = (window as unknown as Record<symbol, Map<string, Listed> | undefined>)[Symbol.for('mixpanel-consent-bridge')];
  return all ? [...all.values()] : [];
};

/** By a name that people can tell it from others by: the instance's, or the project's. */
const titled = ({ options: { token, name } }: Listed) => `${name ? `${name}, ` : ''}project ${token.length > 12 ? `${token.slice(0, 4)}…${token.slice(-4)}` : token}`;

/** Whether the panel would lie over something that the page keeps in view, as a consent dialog is. */
function covers(host: Element, side: 'start' | 'end'): boolean {
  const narrow = innerWidth <= NARROW;
  const points = [0.1, 0.5, 0.9].map((part): [number, number] => {
    if (narrow) return [innerWidth * part, side == 'end' ? innerHeight - 60 : 60];
    return [side == 'end' ? innerWidth - 120 : 120, innerHeight * part];
  });
  return points.some(([x, y]) =>
    document.elementsFromPoint(x, y).some((element) => {
      if (element == host) return false;
      // A dialog in a shadow root is met as its host, which need not be fixed itself.
      for (let one: Element | null = element.shadowRoot?.elementFromPoint(x, y) ?? element; one; one = one.parentElement ?? hostOf(one)) {
        const { position } = getComputedStyle(one);
        if (position != 'fixed' && position != 'sticky') continue;
        const { width, height } = one.getBoundingClientRect();
        return width * height < innerWidth * innerHeight * 0.8;
      }
      return false;
    }),
  );
}
const hostOf = (element: Element): Element | null => {
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? root.host : null;
};

let close: (() => void) | undefined;

export const inspect: typeof Public.inspect = ({ open = false } = {}) => {
  if (close) {
    if (open) panelOpens?.(true);
    return close;
  }
  // Another copy of the package shows the same.
  if (document.querySelector(HOST)) return () => {};
  return (close = show(open));
};
let panelOpens: ((open: boolean) => void) | undefined;

function show(open: boolean) {
  // Mixpanel's autocapture and recordings leave out what has these classes.
  const host = el(HOST as 'div', { class: 'mp-block mp-no-track mp-sensitive' });
  const root = host.attachShadow({ mode: 'open' });
  try {
    // A style sheet that is made by script is none of the inline styles that a page's policy may refuse.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
  } catch {
    // Safari before 16.4.
    root.append(el('style', {}, STYLE));
  }

  // Its name until what there is to say has been fetched.
  const words = el('span', { class: 'words' }, 'Mixpanel and consent');
  const toggle = el('button', { class: 'toggle', type: 'button', 'aria-expanded': 'false', 'aria-controls': 'panel' }, el('span', { class: 'dot' }), words);
  const heading = el('h2', { id: 'title', tabindex: '-1' }, 'Mixpanel and consent');
  const choice = el('select', {});
  const choose = el('label', {}, 'Bridge', choice);
  const copy = el('button', { type: 'button', title: 'Copies what explain() says' }, 'Copy');
  const move = el('button', { type: 'button', title: 'Puts the inspector on the other side of the page' }, 'Move');
  const shut = el('button', { type: 'button', 'aria-label': 'Close the inspector' }, 'Close');
  const said = el('span', { class: 'hidden', role: 'status' });
  // It scrolls, so that the keyboard has to reach it.
  const body = el('div', { class: 'body', tabindex: '0', role: 'group', 'aria-labelledby': 'title' });
  const panel = el('div', { class: 'panel', id: 'panel', role: 'dialog', 'aria-labelledby': 'title', hidden: '' }, el('header', {}, heading, copy, move, shut, choose), body, said);
  const sections = SECTIONS.map(([key, build]) => {
    const section = el('section', key == 'alarm' ? { class: 'loud', role: 'alert' } : {});
    return { key, build, section, told: '' };
  });
  body.append(...sections.map(({ section }) => section));
  const aside = el('aside', { 'aria-label': 'Consent inspector' }, toggle, panel);
  root.append(aside);

  const entries = new Map<string, Entry[]>();
  const followed = new Map<Listed, () => void>();
  let chosen: Listed | undefined;
  let stored: readonly Stored[] = [];
  let due = 0;

  const listOf = (key: string) => entries.get(key) ?? entries.set(key, []).get(key)!;
  const keyOf = ({ options: { token, name } }: Listed) => `${token}\0${name ?? ''}`;
  const write = (key: string, entry: Entry) => {
    const list = listOf(key);
    list.push(entry);
    if (list.length > MOST) list.shift();
  };

  /** What was before this file came: kept answers and waiting calls have times of their own. */
  function follow(one: Listed) {
    const { bridge, options: { token, name, debug }, held } = one;
    const past = (kind: Entry['kind'], what: unknown, at: number) => write(keyOf(one), { kind, what, at, token, ...(name ? { name } : {}) });
    const before: [Entry['kind'], unknown, number][] = [
      ...bridge.receipts().map((receipt) => ['receipt', receipt, receipt.at] as [Entry['kind'], unknown, number]),
      ...held.map(({ path, at }) => ['held', path, at] as [Entry['kind'], unknown, number]),
    ];
    for (const [kind, what, at] of before.sort((a, b) => a[2] - b[2])) past(kind, what, at);
    let first = true;
    // With `debug` the decision is among the events, but for the one that was before.
    const stop = bridge.subscribe((state) => {
      if (first || !debug) past('decision', state, state.at);
      first = false;
      soon();
    });
    followed.set(one, stop);
  }

  function draw() {
    due = 0;
    const all = bridges();
    for (const one of all) if (!followed.has(one)) follow(one);
    for (const [one, stop] of followed)
      if (!all.includes(one)) {
        stop();
        followed.delete(one);
      }
    if (!chosen || !all.includes(chosen)) chosen = all[0] ?? chosen;
    const names = all.map(titled);
    if (choice.dataset.told != (choice.dataset.told = names.join('\n'))) choice.replaceChildren(...names.map((name, i) => el('option', { value: String(i) }, name)));
    choice.value = String(all.indexOf(chosen!));
    choose.hidden = all.length < 2;
    if (!chosen) {
      words.textContent = 'No bridge on this page';
      return;
    }
    const { bridge, options, held } = chosen;
    const explanation = bridge.explain();
    // The first that asks fetches what there is to say.
    if ('then' in explanation)
      return void explanation.then(soon, () => {
        words.textContent = 'explain.js did not load';
      });
    const past = listOf(keyOf(chosen));
    const loud = neverGranted(explanation, past);
    toggle.dataset.mode = explanation.mode;
    toggle.toggleAttribute('data-loud', loud);
    words.textContent = `${VERDICT[explanation.mode]}${loud ? ': nothing was ever granted' : ''}`;
    if (panel.hidden) return;
    const view: View = {
      explanation, loud, stored, held: held as View['held'], entries: past,
      tag: (window as { mixpanelConsent?: unknown }).mixpanelConsent === bridge, debug: !!options.debug,
    };
    for (const part of sections) {
      const made = el('div', {});
      for (const child of part.build(view)) if (child) made.append(child as Node);
      // What has not changed stays: it may be selected, or have the focus.
      if (part.told == (part.told = made.textContent!)) continue;
      const opened = new Set([...part.section.querySelectorAll('details[open]')].map((one) => (one as HTMLElement).dataset.key));
      const focused = (root.activeElement?.closest('details') as HTMLElement | null)?.dataset.key;
      part.section.replaceChildren(...made.childNodes);
      part.section.hidden = !part.told;
      for (const one of part.section.querySelectorAll('details')) {
        one.open = opened.has(one.dataset.key);
        if (focused && one.dataset.key == focused) one.querySelector('summary')!.focus();
      }
    }
  }

  /** Once for all that happens in a moment. */
  const soon = () => {
    due ||= window.setTimeout(() => {
      draw();
      look();
    }, 100);
  };
  const look = () => {
    if (panel.hidden || document.hidden) return;
    device(bridges().map(({ options }) => options.token)).then((found) => {
      if (JSON.stringify(found) == JSON.stringify(stored)) return;
      stored = found;
      draw();
    });
  };
  /** At the end: right, or on a narrow page at the bottom. At the start: left, or at the top. */
  let placed = false;
  const place = (start: boolean) => (aside.dataset.side = start ? 'start' : 'end');
  const setOpen = (open: boolean) => {
    if (panel.hidden != open) return;
    // Until a person has chosen, it leaves a consent dialog free where there is room beside it.
    if (open && !placed) place(covers(host, 'end') && !covers(host, 'start'));
    panel.hidden = !open;
    toggle.setAttribute('aria-expanded', String(open));
    draw();
    look();
    (open ? heading : toggle).focus();
  };
  panelOpens = setOpen;

  toggle.addEventListener('click', () => setOpen(panel.hidden as boolean));
  move.addEventListener('click', () => {
    placed = true;
    place(aside.dataset.side != 'start');
  });
  shut.addEventListener('click', () => setOpen(false));
  choice.addEventListener('change', () => {
    chosen = bridges()[+choice.value];
    draw();
  });
  copy.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(String(await chosen!.bridge.explain()));
      said.textContent = copy.textContent = 'Copied';
    } catch {
      said.textContent = copy.textContent = 'Refused';
    }
    setTimeout(() => (copy.textContent = 'Copy'), 2000);
  });
  root.addEventListener('keydown', (event) => {
    // A page's own shortcuts are not meant by what is pressed in here.
    event.stopPropagation();
    if ((event as KeyboardEvent).key == 'Escape') setOpen(false);
  });

  const stops = [
    observe((entry) => {
      write(`${entry.token}\0${entry.name ?? ''}`, entry);
      soon();
    }),
  ];
  const on = (target: EventTarget | undefined, name: string) => {
    target?.addEventListener(name, soon);
    stops.push(() => target?.removeEventListener(name, soon));
  };
  on(window, 'storage');
  on(document, 'visibilitychange');
  on((window as unknown as { cookieStore?: EventTarget }).cookieStore, 'change');
  const ticking = setInterval(() => {
    // A framework may have made the document anew.
    if (!host.isConnected) appear();
    if (!panel.hidden && !document.hidden) soon();
  }, LOOK_AGAIN);
  stops.push(() => clearInterval(ticking));

  function appear() {
    document.documentElement.append(host);
    try {
      // Above what a page lays over itself, dialogs that are no modal ones included.
      host.popover = 'manual';
      host.showPopover();
    } catch {
      // A browser without popovers has the z-index.
    }
  }
  appear();
  draw();
  if (open) setOpen(true);

  return () => {
    for (const stop of [...stops, ...followed.values()]) stop();
    clearTimeout(due);
    host.remove();
    close = panelOpens = undefined;
  };
}
