// Several instances of one project: a chunk that comes with the core where the site has a dialog of its own, and where
// an instance was begun on another. Which answer holds for whom is the core's to say (src/core/record.rs).

import { SITE_ANSWER_DENY, type SiteAnswerNumber } from '../contract.ts';
import { cookies, stored } from '../look/probe.js';
import { record } from '../look/record.js';
import { cookieRecord } from './cookie.js';

/** How much of a record's line says what was answered: its version, and a letter for each feature. */
const ANSWERED = 7;

type Answer = (act: SiteAnswerNumber) => void;

/** What the sites' own dialogs say, by project. */
const dialogs: [token: string, answer: Answer][] = [];

/** What one instance has beside its record, and what it shares. */
export interface Instances {
  /** What is kept under its own name, by pages that begin it alone. */
  kept(): string;
  /** A line was recorded; `forAll`, where it holds for every instance of the project. */
  recorded(line: string, forAll: string): void;
}

/**
 * @param place where records are: 0 local storage, 1 a cookie, 2 nowhere
 * @param project how the names of the project's records begin
 * @param ownKey the name of this instance's
 * @param answer what its dialog says, if the site has one
 * @param further whether it was begun on another, and so has the record of that
 * @param kept that record
 */
export function instances(token: string, place: number, project: string, separator: string, ownKey: string, answer: Answer | false, further: boolean, kept: () => string): Instances {
  const recordOf = (name: string) => (place == 1 ? cookieRecord(name) : record(place, name));
  const mine = recordOf(ownKey);
  if (answer) dialogs.push([token, answer]);
  return {
    kept: () => (further ? mine.kept() : ''),
    recorded(line, forAll) {
      /** A record that says so already is left as it is. */
      const lacks = (text: string) => !text.startsWith(line.slice(0, ANSWERED));
      if (forAll) {
        for (const [other, say] of dialogs) if (other == token && say != answer) say(SITE_ANSWER_DENY);
        for (const [name] of place ? cookies() : stored('localStorage')) {
          const one = recordOf(name);
          if (name != ownKey && (name + separator).startsWith(project + separator) && lacks(one.kept())) one.keep(line);
        }
      }
      // The one that it was begun on hears the same, and keeps it, if it was said to that one.
      if (further && (mine.kept() || lacks(kept()))) mine.keep(line);
    },
  };
}
