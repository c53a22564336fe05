// What the inspector says, in sentences: the verdict, what to set where nothing was ever granted, and
// what each entry of the timeline means.

import { FEATURE_NAMES, FLOW_NAMES, type FlowLetter } from '../contract.ts';
import type { Entry, Explanation, State } from '../rooms.js';
import { show } from './dom.ts';

export const VERDICT: Record<State['mode'], string> = { on: 'Mixpanel runs', cookieless: 'Mixpanel sends, and stores nothing', off: 'Mixpanel is off' };

export const CONSENT: Record<State['consent'], string> = {
  granted: 'yes',
  denied: 'no',
  unset: 'not answered',
  'implied-granted': 'open by default',
  'implied-denied': 'closed by default',
};

const FLOWS = { drop: 'dropped', hold: 'held', pass: 'passed on' } as const;

const COMMANDS: Record<string, string> = {
  load: 'fetch the SDK',
  init: 'start the SDK',
  'init locked': 'start the SDK, locked',
  'init cookieless': 'start the SDK, storing nothing',
  lock: 'lock the SDK',
  'opt out': 'opt the SDK out',
  'stop replay': 'stop recording the session',
  reset: 'forget the visitor’s id',
  'stop senders': 'stop sending, and empty the queues',
  unlock: 'open the SDK again',
  'unlock cookieless': 'open the SDK again, storing nothing',
  'clear flag': 'remove the SDK’s own flag',
  'start senders': 'start sending',
  'page view': 'send the page view that was missed',
  'load flags': 'fetch feature flags',
  'start replay': 'record the session, if the site wants that',
  'sweep recordings': 'remove recordings from the device',
  'sweep leftovers': 'remove queues of an earlier visit from the device',
  'sweep everything': 'remove everything of Mixpanel’s from the device',
  settle: 'wait for the SDK’s late writers',
  'sweep later': 'look again for late writers',
};

/** What happens to calls, by feature where the features differ. */
export const flows = (gate: Readonly<Record<string, 'drop' | 'hold' | 'pass'>>) => {
  const each = FEATURE_NAMES.map((feature) => FLOWS[gate[feature]!]);
  return new Set(each).size == 1 ? each[0]! : FEATURE_NAMES.map((feature, i) => `${feature} ${each[i]}`).join(', ');
};

/** An entry of the timeline in a sentence, and what it is about in full where that says more. */
export function sentence({ kind, what, more }: Entry): [text: string, detail?: string | undefined] {
  switch (kind) {
    case 'read':
      return [`Read of ${String(what)}: ${answers(String(more))}`];
    case 'decision': {
      const { consent, mode, code, reason } = what as State;
      return [`${VERDICT[mode]}: ${reason}`, `consent ${consent}, mode ${mode}, code ${code}`];
    }
    case 'command':
      return [`Asked of Mixpanel: ${COMMANDS[String(what)] ?? String(what)}`];
    case 'gate':
      return [`From now on calls are ${flows(Object.fromEntries(FEATURE_NAMES.map((feature, i) => [feature, FLOW_NAMES[String(what)[i] as FlowLetter]])) as Parameters<typeof flows>[0])}`];
    case 'receipt':
      return [`The answer was kept: ${(what as { event: string }).event}, told by ${(what as { cmp: string }).cmp}`, show(what)];
    case 'report': {
      const { what: about, error } = (more ?? {}) as { what?: unknown; error?: unknown };
      return [`On the console: ${String(what)}. ${show(about ?? '', 300)} ${error ? show(String(error), 300) : ''}`];
    }
    case 'held':
    case 'released':
    case 'dropped':
      return [`${{ held: 'Held', released: 'Handed on', dropped: 'Dropped' }[kind]}: ${String(what)}`];
    default:
      return [`${kind}: ${show(what, 300)}`, more === undefined ? undefined : show(more)];
  }
}

/** The answer of a source for each feature; one word where they are alike. */
export function answers(given: string | Readonly<Record<string, State['consent']>>): string {
  if (typeof given == 'string') return given;
  const each = Object.values(given);
  return new Set(each).size == 1 ? CONSENT[each[0]!] : Object.entries(given).map(([feature, answer]) => `${feature} ${CONSENT[answer]}`).join(', ');
}

/** Whether no yes has been seen here: none is on record, none holds, and none was heard on this page (a site may keep no record). */
export const neverGranted = ({ everGranted, consent, sources }: Explanation, past: readonly Entry[]): boolean =>
  !!sources && !everGranted && ![consent, ...past.map(({ kind, what }) => (kind == 'decision' ? (what as State).consent : ''))].some((one) => /granted/.test(one));

/** How the option is written where the reader has written theirs. */
export const setting = (option: 'category' | 'cmp', value: string, tag: boolean): string =>
  tag ? `data-${option}="${value.replaceAll('"', '&quot;')}"` : `${option}: '${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
