// The visits that show what a site promises: what each does, in order. Nothing is judged here
// (verify.ts does), and how each act is done stands elsewhere.

import { answer, type Answering } from './answer.ts';
import { isData } from './watch.ts';
import { pause, type Act, type Given, type Says, type VisitId } from './types.ts';
import type { Visit } from './visit.ts';

export interface Planned {
  id: VisitId;
  title: string;
  promise: string;
}

export const VISITS: Planned[] = [
  { id: 'before', title: 'before an answer', promise: 'Before an answer nothing is sent to Mixpanel, and nothing of it is stored.' },
  { id: 'yes', title: 'yes', promise: 'After a yes Mixpanel works.' },
  { id: 'reload', title: 'yes, then the next page', promise: 'A yes still holds on the next page, is counted once, and nothing of the first page is lost.' },
  { id: 'no', title: 'no, then the next page', promise: 'After a no nothing is sent, and Mixpanel stores nothing but the refusal.' },
  { id: 'withdraw', title: 'yes, then withdrawn', promise: 'After a withdrawal nothing is sent, and nothing of Mixpanel is left but the refusal.' },
  { id: 'tabs', title: 'withdrawn, a second tab open', promise: 'After a withdrawal in one tab, a second tab sends and stores nothing either.' },
  { id: 'cut', title: 'withdrawn, reloaded at once', promise: 'A withdrawal holds even if the page is reloaded at that moment.' },
  { id: 'again', title: 'yes again after a no', promise: 'After a second yes Mixpanel works, the visitor has a new id, and no profile is deleted.' },
  { id: 'gpc', title: 'Global Privacy Control', promise: 'With Global Privacy Control and no answer, nothing is sent to Mixpanel, and nothing of it is stored.' },
];

/** How long something that should be sent is waited for, in milliseconds; a silence is watched for as long as `wait` says. */
export const SENT = 8_000;

/** What a visit did, and when. */
export interface Course {
  answers: Given[];
  /** Since when it counts. */
  since: number;
  /** When the next page was opened, if it was. */
  next: number;
  /** When the SDK's own writing is over: what it writes while it closes is not counted. */
  quiet: number;
  /** Whether anything was sent before the withdrawal. */
  sentBefore: boolean;
  /** What the core allows at the end of what is watched. */
  says: Says;
  notes: string[];
  /** The parts of a visit that are compared: from the yes, the next page after it, the second yes, the page after that. */
  parts: { firstYes: number; firstNext: number; secondYes: number; secondNext: number };
}

/** @param tell says what is going on, for whoever waits */
export async function take(v: Visit, id: VisitId, tell: (what: string) => void): Promise<Course> {
  const { wait } = v.settings;
  const { watched } = v;
  const patience = Math.max(wait, SENT);
  const state: Answering = { alone: false };
  const answers: Given[] = [];
  const notes: string[] = [];
  const parts = { firstYes: 0, firstNext: 0, secondYes: 0, secondNext: 0 };
  let [since, next, quiet] = [0, 0, 0];
  let sentBefore = false;
  const act = async (what: Act, atOnce?: () => Promise<void>): Promise<number> => {
    tell(`pressing ${what}`);
    const done = await answer(v, what, state, atOnce);
    answers.push(done);
    since = done.at;
    await v.moment(`after ${what}`);
    return done.at;
  };
  const watch = async (ms: number): Promise<void> => {
    tell('watching');
    await pause(ms);
  };
  const nextPage = async (): Promise<number> => {
    await v.leave();
    const at = Date.now();
    await v.goto();
    return at;
  };
  const end = (says: Says): Course => ({ answers, since: since || watched.began, next, quiet: quiet || since || watched.began, sentBefore, says, parts, notes });

  tell('opening');
  await v.goto();
  if (id != 'before' && id != 'gpc') await v.moment('opened');
  if (id == 'before' || id == 'gpc') {
    await v.scroll();
    await watch(wait);
    await v.moment('before an answer');
    return end(await v.look(true));
  }
  if (id == 'no') await act('no');
  else {
    parts.firstYes = await act('yes');
    tell('watching');
    await v.sent(since, patience);
    await pause(300);
  }
  if (id == 'yes') return end(await v.look(true));
  if (id == 'reload') {
    // What is sent as the first page goes is still of that page.
    since = next = parts.firstNext = await nextPage();
    await v.sent(since, patience);
    await pause(300);
    await v.moment('the next page');
    return end(await v.look(true));
  }
  const began = watched.began;
  sentBefore = watched.requests(began).some(isData);
  if (id == 'again') {
    await act('withdraw');
    await watch(wait / 2);
    parts.secondYes = await act('again');
    await v.sent(since, patience);
    await pause(300);
    parts.secondNext = next = await nextPage();
    await v.sent(next, patience);
    await pause(300);
    return end(await v.look(true));
  }
  if (id == 'tabs') {
    const second = await v.tab();
    tell('opening a second tab');
    const opened = Date.now();
    await v.goto(second);
    await v.sent(opened, patience);
    await pause(300);
    await v.page.bringToFront();
    await act('withdraw');
    await watch(wait / 2);
    quiet = Date.now();
    // What a page's own code may do at any time, it may do in the tab that is still open.
    await second.bringToFront().catch(() => {});
    await v.scroll(second);
    const asked = await v.ask(`act(${JSON.stringify(watched.key)}, ${watched.channels.size > 0})`, second).catch(() => 0);
    if (Number(asked) > 0) notes.push('In the second tab the visit called track() and register(), as any script of the page may at any time; what the SDK did then is judged.');
    // The SDK sends in batches, some seconds later.
    await watch(Math.max(wait, watched.channels.size ? 0 : 6_000));
    await v.moment('the second tab', second);
    await v.leave(second);
    return end(await v.look(true));
  }
  if (id == 'cut') {
    await act('withdraw', async () => {
      await v.page.reload({ waitUntil: 'domcontentloaded', timeout: 45_000 }).catch(() => {});
      next = Date.now();
    });
    quiet = next;
    await watch(wait);
    return end(await v.look(true));
  }
  if (id == 'withdraw') await act('withdraw');
  await watch(wait);
  next = await nextPage();
  // On a withdrawal the SDK writes while it closes. What counts is what it leaves, and what the next page writes.
  if (id == 'withdraw') quiet = next;
  await v.scroll();
  await pause(wait / 2);
  await v.moment('the next page');
  return end(await v.look(true));
}
