// How a visit answers: by the steps that were given, by the known buttons of a consent manager that
// is on the page, or, where there are none, by rules that are not ours and by what buttons say. A press
// counts only when the answer was read back.

import type { Locator } from 'playwright-core';
import { autoconsent } from './autoconsent.ts';
import { BUTTONS, type Buttons } from './buttons.ts';
import { findByText } from './texts.ts';
import { NotShown, Unable, firstLine, pause, type Act, type Given, type Says, type Step } from './types.ts';
import type { Visit } from './visit.ts';

/** How long an answer may take to be heard. Milliseconds. */
const HEARD = 10_000;
/** How long a button that does nothing is left alone before it is pressed again. Milliseconds. */
const DEAF = 1_000;
/** How many switches `each` presses at most. */
const SWITCHES = 40;
/** How long known buttons are waited for before others are guessed at. Milliseconds. */
const GUESS = 4_000;

/** What a visit has learnt about answering on this page. */
export interface Answering {
  /** No consent manager was there when the first answer was given. */
  alone: boolean;
}

interface How {
  steps: Step[];
  by: string;
  how: Given['how'];
}

/** The elements of a selector that can be seen, in any frame and open shadow root; of several selectors, of the first that has one. */
async function visible(v: Visit, selectors: string | string[]): Promise<Locator[] | undefined> {
  for (const selector of [selectors].flat())
    for (const frame of v.page.frames().slice(0, 50)) {
      const all = frame.locator(selector);
      const count = await all.count().catch((error: unknown) => {
        if (/selector/i.test(firstLine(error))) throw new Unable('selector-invalid', `\`${selector}\` is no selector (${firstLine(error)}). Give a CSS selector.`);
        // The frame has gone.
        return 0;
      });
      const seen: Locator[] = [];
      for (let i = 0; i < Math.min(count, 20); i++) if (await all.nth(i).isVisible().catch(() => false)) seen.push(all.nth(i));
      if (seen.length) return seen;
    }
  return undefined;
}

const selectorOf = (step: Step): string | undefined => (typeof step == 'string' ? step : 'each' in step ? step.each : step.or);

/** The steps of a consent manager: yes after a no is the way back to the question, and yes. */
function known(buttons: Buttons | undefined, act: Act): Step[] | undefined {
  if (act != 'again' || buttons?.again) return buttons?.[act];
  const [back] = buttons?.withdraw ?? [];
  return back && buttons?.yes ? [back, ...buttons.yes] : undefined;
}

/** The same of what was given: `--again`, or the way back of `--withdraw` and the yes of `--yes`. */
function given(v: Visit, act: Act): Step[] | undefined {
  const { answers } = v.settings;
  if (answers[act]?.length) return answers[act];
  if (act != 'again' || !answers.yes?.length || !answers.withdraw?.length) return undefined;
  return [...answers.withdraw.slice(0, -1), ...answers.yes];
}

/** Which steps make an answer here. */
async function steps(v: Visit, act: Act, appearing: number): Promise<How> {
  const own = given(v, act);
  if (own) return { steps: own, by: own.map((step) => (typeof step == 'string' ? step : 'run' in step ? step.run : step.each)).join(', '), how: 'given' };
  const option = `Give \`--${act} 'css selector'\` (again for each further click), or \`--${act}-script 'javascript'\`.`;
  const began = Date.now();
  let asked = false;
  for (;;) {
    const { sources } = await v.look(false);
    const found = sources.filter(({ cmp }) => known(BUTTONS[cmp], act));
    for (const { cmp } of found) {
      const all = known(BUTTONS[cmp], act) ?? [];
      const first = all[0] && selectorOf(all[0]);
      // After an answer the question is opened again by the steps themselves.
      if (act == 'withdraw' || act == 'again' || (first && (await visible(v, first)))) return { steps: all, by: cmp, how: 'known' };
    }
    if (v.settings.guess && !found.length && Date.now() - began > GUESS) {
      if (!asked && (act == 'yes' || act == 'no')) {
        asked = true;
        const name = await autoconsent(v, act);
        if (name) return { steps: [], by: name, how: 'autoconsent' };
      }
      const guess = await findByText(v, act);
      if (guess) return { steps: guess.steps, by: guess.by, how: 'text' };
    }
    if (Date.now() - began < appearing) {
      await pause(250);
      continue;
    }
    const ids = sources.map(({ cmp }) => `\`${cmp}\``).join(', ');
    throw new NotShown(
      'button-missing',
      found.length
        ? `${ids} is on the page, and none of its known buttons for ${act} could be seen within ${appearing / 1000} s. Does it ask visitors from here? ${option}`
        : sources.length
          ? `${ids} is on the page, and its button for ${act} is not known. ${option}`
          : `No consent manager was recognised. ${option}`,
    );
  }
}

/**
 * Answers, and waits until the consent manager has heard it.
 * @param atOnce done right after the last press, before anything is waited for
 */
export async function answer(v: Visit, act: Act, state: Answering, atOnce?: () => Promise<void>): Promise<Given> {
  /** How long a button may take to appear. */
  const appearing = Math.max(12_000, v.settings.wait * 1.5);
  const before = await v.names();
  const how = await steps(v, act, appearing);
  let at = Date.now();
  let last: string | undefined;
  /** Presses, and remembers when: by the page's own clock, before any of its handlers ran. */
  const press = async (button: Locator | undefined, selector: string): Promise<void> => {
    v.watched.acted = 0;
    at = Date.now();
    await button?.click({ timeout: appearing, noWaitAfter: true }).catch((error: unknown) => {
      throw new NotShown('button-missing', `\`${selector}\` is there and could not be clicked (${firstLine(error)}).`);
    });
    // That it was pressed is told a moment later.
    await pause(50);
    at = v.watched.acted || at;
  };
  const appear = async (selector: string): Promise<Locator[] | undefined> => {
    for (const end = Date.now() + appearing; ; await pause(150)) {
      const buttons = await visible(v, selector);
      if (buttons || Date.now() > end) return buttons;
    }
  };
  for (const step of how.steps) {
    last = undefined;
    if (typeof step == 'object' && 'run' in step) {
      at = Date.now();
      try {
        await v.page.evaluate(`void (${step.run})`);
        continue;
      } catch (error) {
        if (!step.or) throw new NotShown('button-missing', `\`${step.run}\` failed (${firstLine(error)}). ${how.how == 'given' ? 'Try it in the console of the page first.' : `Give \`--${act} 'css selector'\`.`}`);
      }
    }
    const selector = selectorOf(step) ?? '';
    const each = typeof step == 'object' && 'each' in step;
    let buttons = await appear(selector);
    if (!buttons) throw new NotShown('button-missing', `Nothing that can be seen matches \`${selector}\` (${how.how == 'given' ? `--${act}` : how.by}). Give \`--${act} 'css selector'\`, once for each click.`);
    // What was pressed may match no longer, so the others are looked for again.
    for (let count = 0; buttons && count < (each ? SWITCHES : 1); count++) {
      await press(buttons[0], selector);
      buttons = each ? await visible(v, selector) : undefined;
    }
    if (!each) last = selector;
  }
  if (how.how == 'autoconsent') at = v.watched.acted || at;
  await atOnce?.();
  const done: Given = { act, at, by: how.by, how: how.how, readBack: null, says: null };
  const open = act == 'yes' || act == 'again';
  let again = Date.now() + DEAF;
  for (const end = Date.now() + HEARD; ; await pause(150)) {
    const says: Says = await v.look(true);
    done.at = at;
    const { consent, mode, cmp, code, reason, sources } = says;
    done.says = { consent, mode, cmp, code, reason };
    const bridge = v.seen?.bridge;
    if (sources.length == 0) {
      if (bridge?.mode && (open ? bridge.mode == 'on' : bridge.mode != 'on' && bridge.consent != 'unset')) return { ...done, readBack: 'bridge' };
      // One that comes late is asked as well; where none came after the first answer, none will.
      if (!state.alone && Date.now() <= end) continue;
      state.alone = true;
      // The dialog has gone, and what it heard is kept.
      const stored = (await v.names()).filter((name) => !before.includes(name) && !/^(__)?mp_|^__mpq/.test(name));
      if (stored.length && !(last && (await visible(v, last)))) return { ...done, readBack: 'storage' };
      if (how.how == 'given') return done;
      throw new NotShown('answer-not-read', `The visit pressed ${how.by} for ${act} (${how.how == 'text' ? 'found by its text' : how.how}), and nothing on the page or on the device says that it was heard. Give the right button: \`--${act} 'css selector'\`.`);
    }
    if (open ? mode == 'on' : mode != 'on' && consent != 'unset') return { ...done, readBack: 'consent manager' };
    // Some buttons can be seen before they do anything. A visitor presses again.
    const still = last && Date.now() > again && (await visible(v, last));
    if (still && last) {
      await press(still[0], last);
      again = Date.now() + DEAF;
    }
    if (Date.now() > end)
      throw new NotShown(
        'answer-not-read',
        `The visit pressed ${how.by} for ${act}, and \`${cmp ?? sources[0]?.cmp}\` then says \`${consent}\` (${code}): ${reason} Is it the right button, and the category's right name (--category)?`,
      );
  }
}
