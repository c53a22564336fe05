// What passes between the parts of the command, and what its JSON report is made of
// (report.schema.json says the same for programs). Types alone.

import type { CheckId, Severity } from './checks.ts';

/** The options of connect() that say what is allowed; checked by the same code. */
export type Policy = Record<string, string | string[]>;

/** One step of an answer: a selector to press; code to run; a switch of many. */
export type Step = string | { run: string; or?: string } | { each: string };
export type Act = 'yes' | 'no' | 'withdraw' | 'again';
export type Answers = Partial<Record<Act, Step[]>>;

export const VISIT_IDS = ['before', 'yes', 'reload', 'no', 'withdraw', 'tabs', 'cut', 'again', 'gpc'] as const;
export type VisitId = (typeof VISIT_IDS)[number];

/** What the visits of one run have in common. */
export interface Settings {
  policy: Policy;
  answers: Answers;
  /** How long each silence is watched, in milliseconds. */
  wait: number;
  /** How long one visit may take, in milliseconds. */
  limit: number;
  browser: string | null;
  headed: boolean;
  sandbox: boolean;
  insecure: boolean;
  /** Whether what is sent to Mixpanel reaches it. */
  letThrough: boolean;
  /** Whether buttons may be looked for by rules that are not ours and by their text. */
  guess: boolean;
  screenshots: boolean;
  /** What stood before an `@` in an address. It is no part of any report. */
  logins: Login[];
}

export interface Login {
  origin: string;
  username: string;
  password: string;
}

export interface Frame {
  file: string;
  line: number;
  column: number;
  name: string;
}

/** Whose script did it. */
export interface Cause extends Frame {
  /** `page`: the site's own; `other`: someone else's file; `mixpanel`: nothing but the SDK was on the stack. */
  whose: 'page' | 'other' | 'mixpanel';
  /** Whether the line stands in the page itself, and not in a file of its own. */
  inline: boolean;
  /** `stack`: it was running; `start`: it starts the SDK; `loader`: it brought the library in; `parser`: the page's markup asked for it. */
  via: 'stack' | 'start' | 'loader' | 'parser';
  /** The line of the site's own sources, where a source map says it. */
  source?: { file: string; line: number; column: number };
  /** The whole stack, innermost first, over timers and promises. */
  stack: Frame[];
}

export type Area = 'cookie' | 'local' | 'session' | 'database';

export interface Sent {
  /** Milliseconds since the visit began, and since the act from which it counts. */
  at: number;
  after: number | null;
  tab: number;
  nextPage: boolean;
  method: string;
  kind: string;
  host: string;
  path: string;
  events: string[];
  /** What is done to a profile: `$set`, `$delete`. */
  profile: string[];
  distinctId: string | null;
  version: string | null;
  /** Whether the command answered it, so that it reached nobody. */
  answered: boolean;
  by: Cause | null;
}

export interface Written {
  at: number;
  after: number | null;
  tab: number;
  nextPage: boolean;
  area: Area;
  name: string;
  by: Cause | null;
}

export interface Stored {
  area: Area;
  name: string;
  refusal: boolean;
  domain?: string;
  /** For a cookie: how many days it is kept; 0 until the browser is closed. */
  days?: number;
  records?: number;
  by: Cause | null;
}

/** What the core makes of one consent manager on the page. */
export interface Source {
  cmp: string;
  running: boolean;
  consent: Record<string, string>;
  categories: Record<string, string>;
  others: string | null;
  read: string[];
}

export interface Says {
  consent: string;
  mode: string;
  cmp: string | null;
  code: string;
  reason: string;
  gpc: boolean;
  dnt: boolean;
  sources: Source[];
}

/** What the page's own bridge says of itself. */
export interface BridgeSays {
  form: 'tag' | 'connect()';
  consent: string | null;
  mode: string | null;
  code: string | null;
  reason: string | null;
}

/** How an answer was given, and whether it was heard. */
export interface Given {
  act: Act;
  at: number;
  /** The consent manager whose known buttons were pressed, or what was given. */
  by: string;
  how: 'known' | 'given' | 'autoconsent' | 'text';
  /** What read the answer back, or null. */
  readBack: 'consent manager' | 'bridge' | 'storage' | null;
  says: Pick<Says, 'consent' | 'mode' | 'cmp' | 'code' | 'reason'> | null;
}

export interface Instance {
  token: string;
  name: string;
  form: string | null;
  version: string | null;
  host: string | null;
  optedOut: boolean | null;
}

export interface Moment {
  name: string;
  at: number;
  /** A JPEG as base64; taken out of the JSON on standard output. */
  image: string;
}

export type Verdict = 'kept' | 'broken' | 'known' | 'default' | 'not shown';

export interface Finding {
  /** Of checks.ts; does not change from version to version. */
  id: CheckId;
  severity: Severity;
  title: string;
  page: string;
  visit: VisitId;
  /** What it is about: a request's host and path, a stored name; tokens shortened. */
  where: string;
  /** What was seen, a line each. */
  seen: string[];
  by: Cause | null;
  means: string;
  remedy: string;
  docs: string;
  /** Why it does not count, and until when. */
  ignored: { reason: string; until: string } | null;
}

export interface Result {
  page: string;
  id: VisitId;
  title: string;
  promise: string;
  verdict: Verdict;
  /** Why nothing was shown, or what the verdict rests on. */
  code: CheckId | null;
  why: string;
  answers: Given[];
  says: Says | null;
  bridge: BridgeSays | null;
  requests: Sent[];
  stored: Stored[];
  /** Written and removed again. */
  passing: Written[];
  refusal: Stored[];
  record: Stored[];
  instances: Instance[];
  hosts: string[];
  versions: string[];
  tokens: string[];
  /** Whether anything of Mixpanel or of the bridge was met at all. */
  met: boolean;
  notes: string[];
  /** What a comparison of the visit's parts has shown. */
  judged: { id: CheckId; seen: string; by: Cause | null }[];
  findings: Finding[];
  moments: Moment[];
}

export interface Report {
  schema: 1;
  tool: 'mixpanel-consent-bridge';
  version: string;
  command: 'verify' | 'detect';
  url: string;
  pages: string[];
  at: string;
  browser: string;
  sandbox: boolean;
  letThrough: boolean;
  wait: number;
  policy: Policy;
  results: Result[];
  /** Ignores that have expired, or that found nothing. */
  baseline: { expired: string[]; unused: string[] } | null;
  exitCode: number;
}

/** What cannot be run at all; told in a sentence or two, without a stack. */
export class Unable extends Error {
  constructor(
    /** Stable; for programs. */
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** A visit that shows nothing, and why. */
export class NotShown extends Error {
  constructor(
    readonly code: CheckId,
    message: string,
  ) {
    super(message);
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What went wrong, in one line. */
export const firstLine = (error: unknown): string => String(error instanceof Error ? error.message : error).split('\n')[0] ?? '';

/** A promise, or `NotShown` after so many milliseconds: a page may keep its thread for ever. */
export async function within<T>(work: Promise<T>, ms: number, otherwise: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(otherwise()), ms);
  });
  // What loses the race may still fail, later, with nobody to hear it.
  work.catch(() => {});
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
