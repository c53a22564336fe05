// What a visit can find, each thing under an id that stays: how much it matters, what it means, and
// what to do about it. docs/findings.md is written from this table.

export type Severity = 'high' | 'medium' | 'low' | 'note';
export const SEVERITIES: Severity[] = ['high', 'medium', 'low', 'note'];

export interface Check {
  severity: Severity;
  title: string;
  /** What it means for the visitor and for the site, in a sentence or two. */
  means: string;
  /** What to do about it. */
  remedy: string;
  /** The same where it happens after a withdrawal; without it, as `remedy`. */
  after?: string;
}

const START = 'Do not call `mixpanel.init()` before the yes: let the bridge load and start Mixpanel (`connect({ mixpanel: () => import(…) })`, or its script tag above the snippet).';
const STOP = 'On a no, stop the SDK in every tab and remove what it stored: `opt_out_tracking({ delete_user: false })` alone leaves names behind and other tabs at work. The bridge does both inside the consent manager’s own event.';

const checks = {
  'profile-deleted': {
    severity: 'high', title: 'A profile is deleted in Mixpanel',
    means: 'A `$delete` of the visitor’s profile was sent. `opt_out_tracking()` queues one by default, and the SDK may send it as late as at the next yes: it then takes the profile of somebody who has just agreed.',
    remedy: 'Call `opt_out_tracking({ delete_user: false })`, and delete profiles on the server, on request (`erase`).',
  },
  'replay-sent': {
    severity: 'high', title: 'A session recording is sent',
    means: 'What the visitor sees and does was recorded and sent to Mixpanel, with their id.',
    remedy: `${START} Start recording after the yes alone (\`record_sessions_percent\` is drawn at \`init()\`).`,
    after: STOP,
  },
  'events-sent': {
    severity: 'high', title: 'Events are sent',
    means: 'What the visitor did was sent to Mixpanel with an id, the page’s address and the IP address that every request has.',
    remedy: START,
    after: STOP,
  },
  'profile-sent': {
    severity: 'high', title: 'A profile is written',
    means: 'Properties of the visitor were sent to their profile in Mixpanel.',
    remedy: `Hold \`people.set()\` and \`identify()\` until the yes. ${START}`,
    after: STOP,
  },
  'group-sent': {
    severity: 'high', title: 'A group’s profile is written',
    means: 'Properties of the visitor’s company or group were sent to Mixpanel.',
    remedy: START,
    after: STOP,
  },
  'flags-fetched': {
    severity: 'high', title: 'Ids are sent to the flags service',
    means: 'The SDK asks for feature flags with the visitor’s ids, at `init()`, `identify()` and `reset()`, whether it is opted out or not.',
    remedy: `${START} Where \`init()\` must come first, leave \`flags\` out of its options until the yes.`,
    after: `Call neither \`identify()\` nor \`reset()\` after the no while \`flags\` is set. ${STOP}`,
  },
  'other-sent': {
    severity: 'high', title: 'Something else is sent to Mixpanel',
    means: 'A request went to Mixpanel, or named the project, in a form that this command does not know.',
    remedy: 'Look at the request in the JSON report, and at the line that made it.',
  },
  'id-stored': {
    severity: 'high', title: 'An id of the visitor is stored',
    means: 'Under this name the SDK keeps who the visitor is. It writes it at `init()`, also when opted out by default; as a cookie it stays for 365 days, on the parent domain.',
    remedy: START,
    after: `Remove the name host-only and on each parent domain, in every tab: another tab’s \`register()\` writes it back, and so does any \`set_config()\`. ${STOP}`,
  },
  'queue-stored': {
    severity: 'high', title: 'Events wait on the device',
    means: 'What was tracked is kept to be sent later, with the visitor’s id; the next start of the SDK sends it, also before the visitor has answered.',
    remedy: START,
    after: `Remove the names that begin with \`__mpq_\` after the SDK was stopped, in every tab. ${STOP}`,
  },
  'replay-stored': {
    severity: 'high', title: 'A session recording is stored',
    means: 'What the visitor saw and did is kept in a database of the browser, and is sent when the SDK starts the next time.',
    remedy: 'Record after the yes alone.',
    after: 'Stop the recording, and clear the project’s rows in `mixpanelBrowserDb`: to delete the database is blocked where another tab has it open.',
  },
  'flags-stored': {
    severity: 'medium', title: 'Feature flags are stored',
    means: 'The SDK keeps a database of flag variants with the visitor’s ids; from 2.79 on it makes it at every `init()` unless `disable_persistence` is set.',
    remedy: START,
    after: STOP,
  },
  'opt-flag-stored': {
    severity: 'medium', title: 'The SDK’s own flag is stored',
    means: 'The SDK remembers a yes (`1`) or a no (`0`) of its own, under a name with the project’s token. A no that nobody gave is no refusal; a `1` that stays makes the SDK send at the next `init()`, before the consent manager has spoken.',
    remedy: 'Let the consent manager be the only memory: defer `init()` instead of `opt_out_tracking_by_default`, and remove the flag on a no (a `0` may stay).',
  },
  'database-empty': {
    severity: 'low', title: 'An empty database is made',
    means: 'At `init()` the SDK makes a database for recordings or for feature flags. Nothing of the visitor is in it yet; the law on terminal equipment asks for consent all the same.',
    remedy: START,
    after: 'An empty database may stay: to delete it is blocked where another tab has it open.',
  },
  'tab-id-stored': {
    severity: 'low', title: 'An id of the tab is stored',
    means: 'The SDK numbers the tab for session replay, for as long as the tab is open.',
    remedy: START,
    after: STOP,
  },
  'probe-written': {
    severity: 'low', title: 'The SDK tries the storage',
    means: 'At `init()` the SDK writes a name and removes it again, to see whether it may store anything. Nothing of the visitor is in it; the law on terminal equipment knows no exception for it.',
    remedy: START,
    after: STOP,
  },
  'other-stored': {
    severity: 'medium', title: 'Something else of Mixpanel’s is stored',
    means: 'A name of Mixpanel’s, or one with the project’s token, is on the device.',
    remedy: 'Look at the line that wrote it, and hold it until the yes.',
  },
  'library-fetched': {
    severity: 'low', title: 'Mixpanel’s library is fetched',
    means: 'The script was asked for. It names nobody, but its host learns the visitor’s IP address and the page; from `cdn.mxpnl.com` that is Mixpanel.',
    remedy: 'Load it after the yes (the bridge’s tag and a loader function do), or serve it from your own host.',
  },
  'settings-fetched': {
    severity: 'medium', title: 'Remote settings are fetched',
    means: 'The SDK asks Mixpanel for settings, which may change its opt-out options as well.',
    remedy: 'Leave `remote_settings_mode` out before the yes.',
  },
  'opt-in-each-page': {
    severity: 'medium', title: 'An opt-in is counted with every page',
    means: '`$opt_in` was sent again on a page where nobody answered anything: in Mixpanel each page view of a visitor who agreed once looks like a new consent.',
    remedy: 'Call `opt_in_tracking()` only when the visitor answers, or with `{ track: () => {} }`; the bridge sends it once per real yes (`optInEvent`) or never.',
  },
  'replay-lost': {
    severity: 'medium', title: 'Session replay does not start at the yes',
    means: 'On the next page a recording runs, on the page of the yes none did: `opt_in_tracking()` never starts one, so the visits on which people agree are missing.',
    remedy: 'Call `start_session_recording()` after the yes, or defer `init()` to it, as the bridge does.',
  },
  'page-view-lost': {
    severity: 'medium', title: 'The first page view is lost',
    means: 'On the next page a page view was tracked, on the page of the yes none was: landing pages and campaigns are missing in the reports.',
    remedy: 'Call `track_pageview()` after the yes, or defer `init()` to it, as the bridge does.',
  },
  'nothing-after-second-yes': {
    severity: 'medium', title: 'After a second yes nothing is sent',
    means: 'Who said yes, then no, then yes again is not counted on this page: batching and persistence stay off after an opt-out.',
    remedy: 'Start the SDK anew on each yes: `start_batch_senders()` and `set_config({ disable_persistence: false })`, or let the bridge do it.',
  },
  'same-id-again': {
    severity: 'medium', title: 'The old id comes back with a second yes',
    means: 'The visitor took consent back and later gave it again, and is known by the same id: what was to be forgotten at the withdrawal was not.',
    remedy: 'Call `reset()` at the withdrawal, after opting out; the bridge makes a new device id.',
  },
  'default-opens': {
    severity: 'note', title: 'The consent manager opens Mixpanel without asking',
    means: 'Something was sent or stored, and the consent manager says that it may be here without an answer: a rule for this region, or a default.',
    remedy: 'Visit from where your visitors are asked, or judge by explicit answers alone: `--implied ask`.',
  },
  'answer-not-kept': {
    severity: 'high', title: 'The consent manager has not kept the no',
    means: 'At the end of the visit the consent manager says that Mixpanel may work, although the visitor said no.',
    remedy: 'Look at how the consent manager stores its answer, and at what changes it afterwards.',
  },
  'mixpanel-not-seen': {
    severity: 'note', title: 'Mixpanel was never seen',
    means: 'Neither Mixpanel nor the bridge was met in any visit of this page, so that its silence proves nothing.',
    remedy: 'Give a page that uses Mixpanel; a longer `--wait`; and let `yes` be one of the visits, since many sites load Mixpanel only then.',
  },
  'nothing-sent': {
    severity: 'note', title: 'Nothing was sent after the yes',
    means: 'Mixpanel is there or not, and said nothing while it was allowed to: what the other visits found quiet may be quiet anyway.',
    remedy: 'A longer `--wait`, or a page that tracks something when it is opened.',
  },
  'button-missing': {
    severity: 'note', title: 'No button to answer with',
    means: 'The visit could not be made, because there was nothing to press.',
    remedy: 'Give the buttons: `--yes`, `--no`, `--withdraw`, `--again`, as CSS selectors.',
  },
  'answer-not-read': {
    severity: 'note', title: 'The answer was not heard',
    means: 'A button was pressed, and neither the consent manager nor the device says that it was an answer.',
    remedy: 'Give the right button, and with `--category` the name that the category has.',
  },
  'page-unreachable': { severity: 'note', title: 'The page could not be opened', means: 'The browser got no answer from this address.', remedy: 'Check the address, and that this machine can reach it.' },
  'page-refused': { severity: 'note', title: 'The page answered with an error', means: 'The server refused the page or does not have it.', remedy: 'Give an address that a visitor can open.' },
  'page-not-html': { severity: 'note', title: 'The address is no page', means: 'A PDF, a picture or a file to keep runs no Mixpanel.', remedy: 'Give the address of a page.' },
  'page-robot-check': { severity: 'note', title: 'A check against robots stands before the page', means: 'What was visited is the check, and not the site.', remedy: 'Have the check let this machine through, or visit from where it does.' },
  'page-busy': { severity: 'note', title: 'The page keeps its thread busy', means: 'A script of the page runs without an end, so that nothing in it could be looked at.', remedy: 'Find the loop: the page is as dead for visitors.' },
  'page-hangs': { severity: 'note', title: 'The visit took too long', means: 'The visit was not at its end when its time was over.', remedy: 'A longer `--limit`, or a page that comes to rest.' },
  'page-crashes': { severity: 'note', title: 'The visit broke off', means: 'The page took the browser, or the part of the command that talks to it, down with it.', remedy: 'Visit the page by itself, and look at what it holds in memory.' },
  'page-restless': { severity: 'note', title: 'The page does not come to rest', means: 'The page goes to itself or to another one without an end, so that nothing in it could be looked at.', remedy: 'Find what reloads it: with some answers it may do so for visitors as well.' },
  'page-breaks-look': { severity: 'note', title: 'The page could not be looked at', means: 'Scripts of the page have changed functions of the browser, so that a look fails.', remedy: 'Find the script that replaces built-in functions.' },
} satisfies Record<string, Check>;

export type CheckId = keyof typeof checks;
export const CHECKS: Record<CheckId, Check> = checks;
/** What to do, by when it happened. */
export const remedy = (id: CheckId, visit: string): string => (['withdraw', 'tabs', 'cut'].includes(visit) ? CHECKS[id].after : undefined) ?? CHECKS[id].remedy;
export const isCheck = (id: string): id is CheckId => Object.hasOwn(checks, id);

/** Where each is explained: on the project's site, since who has a report need not have the package. */
export const docs = (id: CheckId): string => `${PACKAGE.homepage}findings.html#${id}`;

/** Of a request: by what was asked. */
export function ofRequest({ kind, profile }: { kind: string; profile: string[] }): CheckId {
  if (profile.includes('$delete')) return 'profile-deleted';
  const ids: Record<string, CheckId> = { events: 'events-sent', profile: 'profile-sent', group: 'group-sent', recording: 'replay-sent', flags: 'flags-fetched', settings: 'settings-fetched', library: 'library-fetched' };
  return ids[kind] ?? 'other-sent';
}

/** Of a stored name: by what the SDK keeps under it. */
export function ofName(name: string): CheckId {
  if (/^__mplss_|^__mptest/.test(name)) return 'probe-written';
  if (/^__mp_opt_in_out_|^mp_optout$/.test(name)) return 'opt-flag-stored';
  if (/^__mp(q|rec)_.*:[XYZ]$/.test(name)) return 'probe-written';
  if (/^__mpq_/.test(name)) return 'queue-stored';
  if (/^mp_(gen_new_)?tab_id_/.test(name)) return 'tab-id-stored';
  if (/^__mprec_|^mixpanelBrowserDb$/.test(name)) return 'replay-stored';
  if (name === 'mixpanelFlagsDb') return 'flags-stored';
  if (/^mp_/.test(name)) return 'id-stored';
  return 'other-stored';
}
