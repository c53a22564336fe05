// The visits that show what a site promises, and what each has shown. What is allowed is not
// decided here: the core says it of what the consent manager says (src/core), and a visit is held to
// that. A word for each visit:
//
//   kept      what was promised is what was seen
//   broken    something was sent or stored that was not allowed
//   default   something was, and the consent manager allows it here though nobody was asked
//   not seen  after a yes nothing was sent: this visit, and all that found nothing, prove little
//   not run   the visit could not be made (no button, say)

import { shortId } from './mixpanel.js';
import { NotRun, pause, visit } from './visit.js';

export const VISITS = [
  { id: 'before', title: 'before an answer', promise: 'Before an answer nothing is sent to Mixpanel, and nothing of it is stored.' },
  { id: 'yes', title: 'yes', promise: 'After a yes Mixpanel works.' },
  { id: 'reload', title: 'yes, then the next page', promise: 'A yes still holds on the next page.' },
  { id: 'no', title: 'no, then the next page', promise: 'After a no nothing is sent, and nothing of Mixpanel is stored but its refusal.' },
  { id: 'withdraw', title: 'yes, then withdrawn', promise: 'After a withdrawal nothing is sent, and nothing of Mixpanel is left but its refusal.' },
  { id: 'gpc', title: 'Global Privacy Control', promise: 'With Global Privacy Control and no answer nothing is sent, and nothing of Mixpanel is stored.' },
];

/** Is Mixpanel's API, not its library. */
const isData = ({ kind }) => kind != 'library';

/** How long something that should be sent is waited for, in milliseconds; a silence is watched for as long as `wait` says. */
const SENT = 8_000;

const plural = (count, word) => `${count} ${word}${count == 1 ? '' : 's'}`;

/** @param {number} wait how long each silence is watched, in milliseconds */
async function run(started, options, { id, title, promise }, { wait, tell }) {
  const result = { id, title, promise, verdict: 'not run', why: '', answer: undefined, says: undefined, requests: [], stored: [], passing: [], refusal: [], bridge: [], notes: [] };
  const v = await visit(started, { ...options, wait, gpc: id == 'gpc' });
  /** Whom the visit met, also where it was not made to its end. */
  const who = ({ mixpanel, bridge, ...says }) =>
    Object.assign(result, { says, mixpanel, tag: bridge?.state, channels: [...v.channels], instances: v.instances, all: v.requests(), tokens: [...v.tokens] });
  try {
    tell(`${title}: opening`);
    await v.goto();
    const began = v.began;
    const patience = Math.max(wait, SENT);
    /** Since when it counts. */
    let since = began;
    /** What the core allows at the end of what is watched. */
    let says;
    if (id == 'before' || id == 'gpc') {
      await v.scroll();
      tell(`${title}: watching`);
      await pause(wait);
      says = await v.look(true);
    } else {
      const answer = async (what) => {
        tell(`${title}: pressing ${what}`);
        result.answer = await v.answer(what);
        since = result.answer.at;
        if (!result.answer.confirmed) result.notes.push(`No consent manager was recognised, so nothing confirms that the ${what == 'withdraw' ? 'withdrawal' : what} was heard.`);
      };
      if (id == 'no') await answer('no');
      else await answer('yes');
      if (id == 'yes' || id == 'reload') {
        tell(`${title}: watching`);
        await v.sent(since, patience);
        if (id == 'reload') {
          // What is sent as the first page goes is still of that page.
          await v.leave();
          since = Date.now();
          await v.goto();
          await v.sent(since, patience);
        }
        await pause(300);
      } else {
        if (id == 'withdraw') {
          await v.sent(since, patience);
          await pause(500);
          result.sentBefore = v.requests(began).filter(isData).length;
          await answer('withdraw');
        }
        tell(`${title}: watching`);
        await pause(wait);
        await v.leave();
        result.next = Date.now();
        await v.goto();
        await v.scroll();
        await pause(wait / 2);
      }
      says = await v.look(true);
    }
    await v.leave();
    const device = await v.device();
    who(says);
    const time = (entry) => ({ ...entry, at: Math.round(entry.at - began), ...(since > began ? { after: Math.round(entry.at - since) } : {}), distinctId: entry.distinctId && shortId(entry.distinctId) });
    const next = (entry) => ({ ...time(entry), ...(result.next ? { nextPage: entry.at >= result.next } : {}) });
    result.requests = v.requests(since).map(next);
    // The refusal may be there where somebody has refused.
    const refused = id == 'no' || id == 'withdraw';
    const counts = (one) => !(refused && one.refusal);
    result.stored = device.stored.filter(counts);
    result.refusal = device.stored.filter((one) => !counts(one));
    result.bridge = device.bridge;
    // On a withdrawal the SDK writes while it closes. What counts is what it leaves, and what the next page writes.
    const written = v.writes(id == 'withdraw' ? result.next : since).filter(counts);
    result.passing = written
      .filter((one, index) => !device.stored.some(({ name }) => name == one.name) && written.findIndex(({ area, name }) => area == one.area && name == one.name) == index)
      .map(next);
    judgeVisit(result, wait);
  } catch (error) {
    if (!(error instanceof NotRun)) throw error;
    result.verdict = 'not run';
    result.why = error.message;
    who(await v.look(true));
  } finally {
    await v.close();
  }
  return result;
}

function judgeVisit(result, wait) {
  const { id, says, requests, stored, passing } = result;
  if (id == 'yes' || id == 'reload') {
    const sent = requests.filter(isData);
    result.verdict = sent.length ? 'kept' : 'not seen';
    if (!sent.length) result.why = `Nothing was sent to Mixpanel after the yes${id == 'reload' ? ' on the next page' : ''}. Is Mixpanel on this page, and does it send within ${Math.max(wait, SENT) / 1000} s (--wait)?`;
    if (id == 'reload' && requests.some(({ events }) => events.includes('$opt_in')))
      result.notes.push('`$opt_in` was sent again on the next page: Mixpanel counts a new opt-in with each page.');
    return;
  }
  // `off` allows neither; `cookieless` allows requests; `on` both.
  const sent = requests.length > 0;
  const kept = stored.length > 0 || passing.length > 0;
  const broken = (sent && says.mode == 'off') || (kept && says.mode != 'on');
  result.verdict = broken ? 'broken' : says.mode == 'on' && (sent || kept) ? 'default' : 'kept';
  const parts = [
    sent && plural(requests.length, 'request'),
    stored.length && `${plural(stored.length, 'name')} stored`,
    passing.length && `${plural(passing.length, 'name')} written and removed again`,
  ].filter(Boolean);
  if (result.verdict == 'broken') result.why = `${parts.join(', ')}${id == 'no' || id == 'withdraw' ? ` after the ${id == 'no' ? 'no' : 'withdrawal'}` : ''}.`;
  if (result.verdict == 'default')
    result.why = id == 'no' || id == 'withdraw'
      ? `${parts.join(', ')}, and at the end \`${says.cmp}\` says \`${says.consent}\`: it has not kept the answer.`
      : `${parts.join(', ')}, and \`${says.cmp}\` allows it from here by default (${says.consent}). Visit from where your visitors are asked, or judge by explicit answers alone: --implied ask.`;
  if (id == 'withdraw' && !result.sentBefore && result.verdict == 'kept') {
    result.verdict = 'not seen';
    result.why = 'Nothing had been sent after the yes, so there was nothing that the withdrawal could have stopped.';
  }
}

/**
 * All visits, three at a time.
 * @returns the results in the order of `VISITS`
 */
export async function verify(started, options, { only, wait, tell = () => {}, abreast = 3 }) {
  const wanted = VISITS.filter(({ id }) => !only.length || only.includes(id));
  const results = new Array(wanted.length);
  let next = 0;
  const work = async () => {
    while (next < wanted.length) {
      const mine = next++;
      results[mine] = await run(started, options, wanted[mine], { wait, tell });
      tell(`${wanted[mine].title}: ${results[mine].verdict}`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(abreast, wanted.length) }, work));
  return results;
}

/** 0: each promise asked about was kept. 1: one was broken. 2: something could not be shown. */
export const exitCode = (results) => (results.some(({ verdict }) => verdict == 'broken') ? 1 : results.every(({ verdict }) => verdict == 'kept') ? 0 : 2);
