// One visit, made and judged. What is allowed is not decided here: the core says it of what the
// consent manager says (src/core), and a visit is held to that. A word for each visit:
//
//   kept       what was promised is what was seen
//   broken     something was sent or stored that was not allowed
//   known      the same, and all of it stands in the baseline
//   default    something was, and the consent manager allows it here though nobody was asked
//   not shown  the visit could not be made, or shows nothing: no button, no Mixpanel, no page

import type { Started } from './browser.ts';
import { findings } from './findings.ts';
import type { Judge } from './judge.ts';
import { Maps } from './maps.ts';
import { NotShown, firstLine, within, type Result, type Sent, type Settings, type Stored, type VisitId, type Written } from './types.ts';
import { Visit } from './visit.ts';
import { SENT, VISITS, take, type Course } from './visits.ts';
import { isData, type Seen } from './watch.ts';

const plural = (count: number, word: string): string => `${count} ${word}${count == 1 ? '' : 's'}`;
/** Beyond it nobody reads, and a page may send for hours. */
const MOST = 2_000;

const empty = (page: string, id: VisitId): Result => {
  const planned = VISITS.find((one) => one.id == id) ?? { title: id, promise: '' };
  return {
    page, id, title: planned.title, promise: planned.promise, verdict: 'not shown', code: null, why: '', answers: [], says: null, bridge: null, requests: [], stored: [], passing: [],
    refusal: [], record: [], instances: [], hosts: [], versions: [], tokens: [], met: false, notes: [], judged: [], findings: [], moments: [],
  };
};

/** A visit that was not made, and why. */
export function notMade(page: string, id: VisitId, error: NotShown): Result {
  const result = { ...empty(page, id), code: error.code, why: error.message };
  return { ...result, findings: findings(result) };
}

export async function visitOnce(started: Started, settings: Settings, core: Judge, page: string, id: VisitId, tell: (line: string) => void): Promise<Result> {
  const result = empty(page, id);
  const v = await Visit.begin(started, settings, core, { url: page, gpc: id == 'gpc' });
  try {
    const course = await within(take(v, id, (what) => tell(`${result.title}: ${what}`)), settings.limit, () => v.late());
    await v.leave();
    const device = await v.device();
    collect(result, v, course, device);
    judgeVisit(result, v, course, settings.wait);
    await new Maps((file) => v.watched.mapped.get(file), (...asked) => v.watched.text(...asked)).refine(result).catch(() => {});
  } catch (error) {
    if (!(error instanceof NotShown)) {
      // The browser or the page went away.
      if (!/closed|crashed|Target|detached|disconnected/i.test(firstLine(error))) throw error;
      error = new NotShown('page-crashes', `The visit of \`${page}\` broke off (${firstLine(error)}).`);
    }
    const { code, message } = error as NotShown;
    Object.assign(result, { verdict: 'not shown', code, why: message });
    // The report names the consent manager and the bridge of a visit that proves nothing, too.
    if (!code.startsWith('page-')) result.says = await v.look(true).catch(() => null);
    who(result, v);
    result.requests = v.watched.requests().slice(0, MOST).map((one) => sent(one, v.watched.began, 0, 0));
  } finally {
    await v.close();
  }
  result.moments = v.moments;
  result.findings = findings(result);
  return result;
}

const sent = (one: Seen, began: number, since: number, next: number): Sent => ({
  at: Math.round(one.at - began), after: since ? Math.round(one.at - since) : null, tab: one.tab, nextPage: next > 0 && one.at >= next,
  method: one.method, kind: one.kind, host: one.host, path: one.path, events: one.events.slice(0, 50), profile: one.profile,
  distinctId: one.distinctId ?? null, version: one.version ?? null, answered: one.answered, by: one.by,
});

/** Whom the visit met, also where it was not made to its end. */
function who(result: Result, v: Visit): void {
  const all = v.watched.requests();
  const { seen } = v;
  const unique = (list: (string | null | undefined)[]): string[] => [...new Set(list.filter((one): one is string => !!one))];
  result.bridge = v.bridge;
  result.tokens = [...v.watched.tokens];
  result.hosts = unique(all.map(({ host }) => host));
  result.versions = unique([...all.map(({ version }) => version), ...v.watched.instances.map(({ version }) => version)]);
  result.instances = [
    ...v.watched.instances.map((one) => ({ ...one, host: null, optedOut: null })),
    ...(seen?.mixpanel?.instances ?? []).map(({ token, name, host, optedOut }) => ({ token: token ?? '', name: name ?? 'mixpanel', form: 'global', version: null, host, optedOut })),
  ];
  result.met = all.length > 0 || result.instances.length > 0 || result.bridge !== null || !!seen?.mixpanel?.stub || !!seen?.mixpanel?.snippet || (seen?.mixpanel?.scripts.length ?? 0) > 0;
}

function collect(result: Result, v: Visit, course: Course, device: { stored: Stored[]; record: Stored[] }): void {
  who(result, v);
  const { watched } = v;
  const { began } = watched;
  const { since, next, quiet } = course;
  result.answers = course.answers.map((one) => ({ ...one, at: Math.round(one.at - began) }));
  result.says = course.says;
  result.notes.push(...course.notes);
  for (const { act, readBack } of course.answers)
    if (!readBack) result.notes.push(`No consent manager was recognised, so nothing confirms that the ${act == 'withdraw' ? 'withdrawal' : act} was heard.`);
  const acted = course.answers.length ? since : 0;
  result.requests = watched.requests(since).slice(0, MOST).map((one) => sent(one, began, acted, next));
  // After a refusal Mixpanel's own flag that keeps it out may be stored.
  const refused = ['no', 'withdraw', 'tabs', 'cut'].includes(result.id);
  // A database that was cleared may stay, empty: to delete it would break who has it open in another tab.
  const emptied = ['withdraw', 'tabs', 'cut'].includes(result.id);
  const counts = (one: { refusal: boolean; area?: string; records?: number }): boolean => !(refused && one.refusal) && !(emptied && one.area == 'database' && one.records === 0);
  result.stored = device.stored.filter(counts);
  result.refusal = device.stored.filter((one) => !counts(one));
  result.record = device.record;
  const written = watched.writes(quiet).filter(counts);
  result.passing = written
    .filter((one, index) => !device.stored.some(({ name }) => name == one.name) && written.findIndex(({ area, name }) => area == one.area && name == one.name) == index)
    .slice(0, MOST)
    .map((one): Written => ({ at: Math.round(one.at - began), after: acted ? Math.round(one.at - acted) : null, tab: one.tab, nextPage: next > 0 && one.at >= next, area: one.area, name: one.name, by: one.by }));
  if (device.stored.length) result.met = true;
}

function judgeVisit(result: Result, v: Visit, course: Course, wait: number): void {
  const { id, says, requests, stored, passing } = result;
  if (!says) return;
  if (id == 'yes' || id == 'reload' || id == 'again') {
    judgeYes(result, v, course, wait);
    return;
  }
  // `off` allows neither; `cookieless` allows requests; `on` both.
  const sending = requests.length > 0;
  const keeping = stored.length > 0 || passing.length > 0;
  const broken = (sending && says.mode == 'off') || (keeping && says.mode != 'on');
  const refused = course.answers.length > 0;
  result.verdict = broken ? 'broken' : says.mode == 'on' && (sending || keeping) ? 'default' : 'kept';
  const parts = [
    sending && plural(requests.length, 'request'),
    stored.length && `${plural(stored.length, 'thing')} stored`,
    passing.length && `${plural(passing.length, 'thing')} written and removed again`,
  ].filter(Boolean).join(', ');
  if (broken) result.why = `${parts}${refused ? ` after the ${id == 'no' ? 'no' : 'withdrawal'}` : ''}.`;
  if (result.verdict == 'default') {
    result.code = refused ? 'answer-not-kept' : 'default-opens';
    result.why = refused
      ? `${parts}, and at the end \`${says.cmp}\` says \`${says.consent}\`: it has not kept the answer.`
      : `${parts}, and \`${says.cmp}\` allows it from here by default (${says.consent}). Visit from where your visitors are asked, or judge by explicit answers alone: --implied ask.`;
  }
  if (result.verdict == 'kept' && ['withdraw', 'tabs', 'cut'].includes(id) && !course.sentBefore) {
    result.verdict = 'not shown';
    result.code = 'nothing-sent';
    result.why = `Nothing had been sent after the yes, so there was nothing that the withdrawal could have stopped.`;
  }
}

/** What a yes must bring, and what it must not. */
function judgeYes(result: Result, v: Visit, { parts, since }: Course, wait: number): void {
  const { watched } = v;
  const { id } = result;
  const within = (from: number, until: number): Seen[] => (from ? watched.requests(from).filter(({ at }) => !until || at < until) : []);
  const data = result.requests.filter(isData);
  const find = (id: NonNullable<Result['code']>, seen: string, by: Seen['by'] = null): void => void result.judged.push({ id, seen, by });
  const optIn = (list: Seen[]): Seen | undefined => list.find((one) => one.events.includes('$opt_in'));
  const events = (list: Seen[]): string[] => list.flatMap((one) => one.events);
  const views = (list: Seen[]): boolean => events(list).includes('$mp_web_page_view');
  if (id == 'reload') {
    const [first, next] = [within(parts.firstYes, parts.firstNext), within(parts.firstNext, 0)];
    const counted = optIn(next);
    if (counted) find('opt-in-each-page', '`$opt_in` was sent again on the next page.', counted.by);
    if (views(next) && !views(first)) find('page-view-lost', 'The next page’s view was tracked, that of the page of the yes was not.');
    if (watched.recording(parts.firstNext) && !watched.recording(parts.firstYes, parts.firstNext)) find('replay-lost', 'A recording ran on the next page, and none on the page of the yes.');
  }
  if (id == 'again') {
    const [first, again, next] = [within(parts.firstYes, parts.secondYes), within(parts.secondYes, parts.secondNext), within(parts.secondNext, 0)];
    const late = [...again, ...next].find(({ profile }) => profile.includes('$delete'));
    if (late) find('profile-deleted', 'A profile’s deletion was sent after the second yes.', late.by);
    const counted = optIn(next);
    if (counted) find('opt-in-each-page', '`$opt_in` was sent again on the page after the second yes.', counted.by);
    if (watched.recording(parts.secondNext) && !watched.recording(parts.secondYes, parts.secondNext)) find('replay-lost', 'A recording ran on the page after the second yes, and none on its own.');
    const ids = (list: Seen[]): (string | undefined)[] => list.map(({ distinctId }) => distinctId).filter((one) => one?.startsWith('$device:'));
    const before = ids(first);
    const same = ids(again).find((one) => before.includes(one));
    if (same) find('same-id-again', `The visitor is \`${same}\` before the withdrawal and after the second yes.`);
    if (first.some(isData) && !again.some(isData)) {
      if (next.some(isData)) find('nothing-after-second-yes', 'Nothing was sent after the second yes on its own page.');
    }
  }
  const some = id == 'again' ? watched.requests(since).some(isData) : data.length > 0;
  result.verdict = result.judged.length ? 'broken' : some ? 'kept' : 'not shown';
  result.code = result.judged[0]?.id ?? null;
  result.why = result.judged.map(({ seen }) => seen).join(' ');
  if (result.verdict == 'not shown') {
    result.code = 'nothing-sent';
    result.why = `Nothing was sent to Mixpanel after the ${id == 'again' ? 'second ' : ''}yes${id == 'reload' ? ' on the next page' : ''}. Is Mixpanel on this page, and does it send within ${Math.max(wait, SENT) / 1000} s (--wait)?`;
  }
}
