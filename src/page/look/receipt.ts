// What the core says in letters, in words: consent records and receipts. It judges nothing.

import { ANSWER_NAMES, CONSENT_EVENT_NAMES, FEATURE_NAMES, RECORD_LINE, RECORD_SEPARATOR, type ConsentEventLetter, type Feature } from '../contract.ts';
import type { Receipt } from '../rooms.js';

/** A word for each feature, by its letter. */
export const each = <Word>(letters: string, words: Record<string, Word>) =>
  Object.fromEntries(FEATURE_NAMES.map((feature, i) => [feature, words[letters[i]!]])) as Record<Feature, Word>;

/** A line of the record (src/core/record.rs). */
export const receipt = (line: string) => {
  const [, answers, event, at, cmp] = line.split(RECORD_SEPARATOR) as [string, string, string, string, string];
  return { event: CONSENT_EVENT_NAMES[event as ConsentEventLetter], at: +at, cmp, consent: each(answers, ANSWER_NAMES) } as Receipt;
};

/** Those of the kept text that can be read. */
export const receipts = (kept: string) => (kept.match(RECORD_LINE) || []).map(receipt);
