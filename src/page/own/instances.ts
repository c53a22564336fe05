// Several instances of one project: a chunk that comes with the core where the site has a dialog of its own, and where
// an instance was begun on another. Which answer holds for whom, and which line is to be kept for it, is the core's to
// say (src/core/record.rs); here it is told and kept.

import { NOTHING, POLICY_DIGITS, RECORD_COOKIE_SEPARATOR, RECORD_KEY, RECORD_KEY_SEPARATOR, SEPARATOR, SITE_ANSWER_DENY, SITE_ANSWER_FORGET, type SiteAnswerNumber } from '../contract.ts';
import type { Send, open } from '../look/host.js';
import { cookies, stored } from '../look/probe.js';
import { type Kept, record } from '../look/record.js';
import type { Gate } from '../rooms.js';
import { cookieRecord } from './cookie.js';

/** An instance whose site has a dialog of its own. */
interface Dialog {
  readonly token: string;
  readonly calls: Gate['calls'];
  /** The name of its record, and of that of the instance that it was begun on, if it was. */
  readonly ownKey: string;
  readonly underKey: string | undefined;
  /** What the dialog says to it. */
  answer(act: SiteAnswerNumber): void;
}

/** Those of the page. */
const dialogs = new Set<Dialog>();
/** Those that are not disconnected; the others are forgotten. */
const live = () => {
  for (const one of dialogs) if (one.calls.closed) dialogs.delete(one);
  return [...dialogs];
};
/** Whether one is telling the others, which then have nothing to tell. */
let telling = false;

/** The options of a session for a site with a dialog of its own, and what it would do: nothing is wanted of it but what it says. */
const SETUP = ['0'.repeat(POLICY_DIGITS) + '100', '', ''].join(SEPARATOR);
const SILENT = { gate() {}, run: (): typeof NOTHING => NOTHING, tell() {}, record() {}, optedIn() {} };
/** The page's one session for questions, since a session stays for as long as its page; and what it said last. */
let session: ReturnType<typeof open> | undefined;
let consent: string;

/** Where storage is full, the second time finds room. */
const keep = (one: Kept, line: string) => one.keep(line) || one.keep(line);

/** What one instance has beside its record, and what it shares. */
export interface Instances {
  /** What is kept under its own name, by pages that begin it alone. */
  kept(): string;
  /** A line was recorded; `forAll`, where it holds for every instance of the project. */
  recorded(line: string, forAll: string): void;
}

/**
 * @param place where records are: 0 local storage, 1 a cookie, 2 nowhere
 * @param ownKey the name of this instance's record
 * @param underKey the name of the record that counts for it, which is another's if it was begun on that
 * @param answer what its dialog says, if the site has one
 * @param core makes a session of the core's
 */
export function instances({ site: { token }, calls, under }: Gate, place: number, ownKey: string, underKey: string, answer: Dialog['answer'] | false, core: typeof open, send: Send): Instances {
  const recordOf = (name: string) => (place == 1 ? cookieRecord(name) : record(place, name));
  const mine = recordOf(ownKey);
  const { kept } = recordOf(underKey);
  const separator = place == 1 ? RECORD_COOKIE_SEPARATOR : RECORD_KEY_SEPARATOR;
  const project = [RECORD_KEY, token, ''].join(separator);
  const dialog: Dialog | false = answer && { token, calls, ownKey, underKey: under && underKey, answer };
  live();
  if (dialog) dialogs.add(dialog);
  /** Tells the other instances of the project, and those that were begun on them, whose consent is theirs. */
  const tell = () => {
    const others = live().filter((one) => one != dialog);
    const told = new Set(others.filter((one) => one.token == token).map((one) => one.ownKey));
    for (const one of others) if (one.token == token || told.has(one.underKey!)) one.answer(SITE_ANSWER_DENY);
  };
  /** What the core says of a record, beside another in which a no counts. */
  const said = (kept: string, other = '') => {
    session ||= core(send, { ...SILENT, say: (told) => void (consent = told) }, SETUP);
    // It tells what has changed; so what it told last is what it says now.
    session.answer(SITE_ANSWER_FORGET);
    session.kept(kept + SEPARATOR + other);
    session.looked('', 0, 0);
    return consent;
  };
  return {
    kept() {
      if (!under) return '';
      // A no that was said where this instance had not begun holds for it from here on: also where it is alone.
      const [own, other] = [mine.kept(), kept()];
      if (own && other && said(own) != said(own, other)) keep(mine, other.split('\n')[0]!);
      return mine.kept();
    },
    recorded(line, forAll) {
      /** A record that says so already is left as it is. */
      const lacks = (text: string) => said(text) != said(line);
      if (forAll && !telling) {
        telling = true;
        tell();
        telling = false;
        for (const [name] of place ? cookies() : stored('localStorage')) {
          const one = recordOf(name);
          if (name != ownKey && (name + separator).startsWith(project) && lacks(one.kept())) keep(one, line);
        }
      }
      // Its owner hears the same answer and keeps it, if it was said to the owner.
      if (under && (mine.kept() || lacks(kept()))) keep(mine, line);
    },
  };
}
