// What is rarely said, in a chunk of its own: it is loaded where somebody has made a mistake (Mixpanel is
// shut by then), where the bridge came late, and for `debug`.

import { ANSWER_NAMES, COMMAND_NAMES, FEATURE_NAMES } from '../contract.ts';
import { BridgeError } from '../gate/error.js';
import { IDS } from '../gate/ids.js';
import type { Gate } from '../rooms.js';
import { SITE } from '../sdk/gates.js';
import { KINDS, areNames } from './options.js';

export const COMMANDS: Readonly<Record<string, string>> = COMMAND_NAMES;

const BEFORE_US =
  'Mixpanel was on the page before the bridge; explain() says what it had done. Put the tag above its snippet, without async or defer, or call connect() before init().';

/** Says that Mixpanel was there first. An instance that a bridge has had was not. */
export function late({ sdk: { instance }, report }: Gate) {
  if (!Object(instance?.config)[SITE]) report('bridge-late', BEFORE_US);
}

/** Notes what a source says of tracking that it has not said at the last look, from what the core explains. */
export const reader = (note: Gate['note']) => {
  let before: Record<string, string> = {};
  return (explained: string) => {
    const now: Record<string, string> = { __proto__: null as never };
    for (const line of explained.split('\n').slice(1)) {
      const [cmp, , answers = ''] = line.split('\t') as [string, string?, string?];
      const answer = answers[0] as keyof typeof ANSWER_NAMES | undefined;
      if (!answer) continue;
      now[cmp] = answer;
      if (before[cmp] != answer) note('read', cmp, ANSWER_NAMES[answer]);
    }
    before = now;
  };
};

const NAMES = 'a name or a list of names';
/** What may be, where the kind of the option does not say it. */
const MAY: Record<string, string> = {
  __proto__: null as never,
  mixpanel: "the SDK, its module, or a function that gets it: () => import('mixpanel-browser')",
  token: "a string of letters and digits, as in Mixpanel's settings",
  cmp: `${NAMES}, or an adapter of your own`,
  category: `${NAMES}, or an object with one of these for each of ${FEATURE_NAMES}`,
};

/** What is wrong with an option, as {@link check} has found it. */
export function mistake(given: object, key: string): BridgeError {
  const kind = KINDS[key];
  if (kind === undefined) return new BridgeError('option-unknown', `There is no option \`${key}\`. The options are ${Object.keys(KINDS).join(', ')}.`);
  const known = `auto manual ${IDS}`.split(' ');
  let value = (given as Record<string, unknown>)[key];
  if (key == 'cmp') {
    value = [value].flat().find((one) => Object(one) !== one && !known.includes(one as string));
    if (areNames(value)) return new BridgeError('cmp-unknown', `There is no adapter \`${value}\`. Option \`cmp\` may be ${known.join(', ')}.`);
  }
  const choices = kind.split('|');
  // Only what prints itself plainly is shown.
  const shown = Object(value) === value ? typeof value : String(value);
  return new BridgeError('option-invalid', `Option \`${key}\` is \`${shown}\`; it may be ${MAY[key] || (choices[1] ? choices.join(', ') : `a ${kind}`)}.`);
}
