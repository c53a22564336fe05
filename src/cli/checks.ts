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
const STOP = 'On a no, stop Mixpanel in every tab and remove what it stored. `opt_out_tracking({ delete_user: false })` alone does not: some of the data stays, and other tabs go on. The bridge does both at the moment of the no.';

const checks = {
  'profile-deleted': {
    severity: 'high', title: 'A profile is deleted in Mixpanel',
    means: 'A `$delete` of the visitor’s profile was sent. `opt_out_tracking()` queues one by default, and Mixpanel may send it as late as at the next yes. It then deletes the profile of somebody who has just agreed.',
    remedy: 'Call `opt_out_tracking({ delete_user: false })`, and delete profiles on the server, on request (`erase`).',
  },
  'replay-sent': {
    severity: 'high', title: 'A session recording is sent',
    means: 'What the visitor sees and does was recorded and sent to Mixpanel, with their id.',
    remedy: `${START} Start recording only after the yes (\`record_sessions_percent\` takes effect at \`init()\`).`,
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
    means: 'To fetch feature flags, the page sends the visitor’s ids to Mixpanel at `init()`, `identify()` and `reset()`, even when Mixpanel is opted out.',
    remedy: `${START} If you cannot defer \`init()\`, leave \`flags\` out of its options until the yes.`,
    after: `Call neither \`identify()\` nor \`reset()\` after the no while \`flags\` is set. ${STOP}`,
  },
  'other-sent': {
    severity: 'high', title: 'Something else is sent to Mixpanel',
    means: 'A request went to Mixpanel, or named the project, in a form that this command does not know.',
    remedy: 'Look at the request in the JSON report, and at the line that made it.',
  },
  'id-stored': {
    severity: 'high', title: 'An id of the visitor is stored',
    means: 'Under this name Mixpanel keeps the id by which it recognises the visitor. It writes the id at `init()`, even when it is opted out by default. As a cookie it stays for 365 days, on the parent domain.',
    remedy: START,
    after: `Remove this name for the host and for each parent domain, in every tab: \`register()\` in another tab writes it back, and so does any \`set_config()\`. ${STOP}`,
  },
  'queue-stored': {
    severity: 'high', title: 'Events wait on the device',
    means: 'Events are stored with the visitor’s id, to be sent later. Mixpanel sends them when it starts the next time, even before the visitor has answered.',
    remedy: START,
    after: `Stop Mixpanel in every tab, and then remove the names that begin with \`__mpq_\`. ${STOP}`,
  },
  'replay-stored': {
    severity: 'high', title: 'A session recording is stored',
    means: 'What the visitor saw and did is kept in a database of the browser, and is sent when Mixpanel starts the next time.',
    remedy: 'Start recording only after the yes.',
    after: 'Stop the recording, and clear the project’s rows in `mixpanelBrowserDb`. (The browser does not delete a database that another tab has open.)',
  },
  'flags-stored': {
    severity: 'medium', title: 'Feature flags are stored',
    means: 'Mixpanel keeps a database of feature flags with the visitor’s ids. Since version 2.79 it makes this database at every `init()`, unless `disable_persistence` is set.',
    remedy: START,
    after: STOP,
  },
  'opt-flag-stored': {
    severity: 'medium', title: 'Mixpanel’s own flag is stored',
    means: 'Mixpanel stores a yes (`1`) or a no (`0`) of its own, under a name with the project’s token. A stored `0` is not a refusal if nobody said no. A `1` makes Mixpanel send at the next `init()`, before the consent manager has loaded.',
    remedy: 'Let only the consent manager keep the answer: defer `init()` instead of using `opt_out_tracking_by_default`, and remove the flag on a no (a `0` may stay).',
  },
  'database-empty': {
    severity: 'low', title: 'An empty database is made',
    means: 'At `init()` Mixpanel makes a database for recordings or for feature flags. Nothing about the visitor is in it yet. The law on storing data on a visitor’s device (ePrivacy) requires consent all the same.',
    remedy: START,
    after: 'An empty database may stay: the browser does not delete it while another tab has it open.',
  },
  'tab-id-stored': {
    severity: 'low', title: 'An id of the tab is stored',
    means: 'Mixpanel gives the tab an id for session replay, and keeps it as long as the tab is open.',
    remedy: START,
    after: STOP,
  },
  'probe-written': {
    severity: 'low', title: 'Mixpanel tests whether it can store',
    means: 'At `init()` Mixpanel writes a test value and removes it again, to see whether it can store anything. Nothing about the visitor is in it, but the law on storing data on a visitor’s device (ePrivacy) has no exception for it.',
    remedy: START,
    after: STOP,
  },
  'other-stored': {
    severity: 'medium', title: 'Something else of Mixpanel’s is stored',
    means: 'A name of Mixpanel’s, or one with the project’s token, is stored on the device.',
    remedy: 'Look at the line that wrote it, and run that line only after the yes.',
  },
  'library-fetched': {
    severity: 'low', title: 'Mixpanel’s library is fetched',
    means: 'The script was requested. The request contains no id, but its host learns the visitor’s IP address and the page. If the host is `cdn.mxpnl.com`, that is Mixpanel.',
    remedy: 'Load the library after the yes, as the bridge does, or serve it from your own host.',
  },
  'settings-fetched': {
    severity: 'medium', title: 'Remote settings are fetched',
    means: 'The page asks Mixpanel for settings, which may change its opt-out options as well.',
    remedy: 'Leave `remote_settings_mode` out before the yes.',
  },
  'opt-in-each-page': {
    severity: 'medium', title: 'An opt-in is counted with every page',
    means: '`$opt_in` was sent again on a page where nobody answered anything. In Mixpanel each page view of a visitor who agreed once then looks like a new consent.',
    remedy: 'Call `opt_in_tracking()` only when the visitor answers, or with `{ track: () => {} }`. The bridge sends `$opt_in` once for each yes (`optInEvent`), or never.',
  },
  'replay-lost': {
    severity: 'medium', title: 'Session replay does not start at the yes',
    means: 'A recording runs on the next page, but none ran on the page of the yes, because `opt_in_tracking()` does not start one. The page on which people agree is missing in the recordings.',
    remedy: 'Call `start_session_recording()` after the yes, or defer `init()` to it, as the bridge does.',
  },
  'page-view-lost': {
    severity: 'medium', title: 'The first page view is lost',
    means: 'A page view was tracked on the next page, but none on the page of the yes. Landing pages and campaigns are missing in the reports.',
    remedy: 'Call `track_pageview()` after the yes, or defer `init()` to it, as the bridge does.',
  },
  'nothing-after-second-yes': {
    severity: 'medium', title: 'After a second yes nothing is sent',
    means: 'A visitor who said yes, then no, then yes again is not counted on this page, because batching and persistence stay off after an opt-out.',
    remedy: 'Start Mixpanel anew on each yes: `start_batch_senders()` and `set_config({ disable_persistence: false })`, or let the bridge do it.',
  },
  'same-id-again': {
    severity: 'medium', title: 'The old id comes back with a second yes',
    means: 'The visitor took the yes back and gave it again later, and has the same id as before. The withdrawal should have removed that id.',
    remedy: 'Call `reset()` at the withdrawal, after opting out; the bridge makes a new device id.',
  },
  'default-opens': {
    severity: 'note', title: 'The consent manager opens Mixpanel without asking',
    means: 'Something was sent or stored without an answer, and the consent manager allows that here, by a rule for this region or by a default.',
    remedy: 'Run the command from a region where your visitors are asked, or count only explicit answers: `--implied ask`.',
  },
  'answer-not-kept': {
    severity: 'high', title: 'The consent manager has not kept the no',
    means: 'At the end of the visit the consent manager says that Mixpanel may work, although the visitor said no.',
    remedy: 'Look at how the consent manager stores its answer, and at what changes it afterwards.',
  },
  'mixpanel-not-seen': {
    severity: 'note', title: 'Mixpanel was never seen',
    means: 'Neither Mixpanel nor the bridge was seen in any visit of this page, so the visits prove nothing.',
    remedy: 'Give a page that uses Mixpanel, or a longer `--wait`. Let `yes` be one of the visits, because many sites load Mixpanel only after a yes.',
  },
  'nothing-sent': {
    severity: 'note', title: 'Nothing was sent after the yes',
    means: 'Nothing was sent to Mixpanel although the visitor had said yes. So it proves little that nothing was sent in the other visits.',
    remedy: 'Give a longer `--wait`, or a page that tracks something when it is opened.',
  },
  'button-missing': {
    severity: 'note', title: 'No button to answer with',
    means: 'The visit could not be made, because there was nothing to press.',
    remedy: 'Name the buttons with CSS selectors: `--yes`, `--no`, `--withdraw`, `--again`.',
  },
  'answer-not-read': {
    severity: 'note', title: 'The answer was not taken',
    means: 'A button was pressed, but neither the consent manager nor the device shows an answer.',
    remedy: 'Name the right button with `--yes`, `--no` or `--withdraw`. If your site has renamed the category for analytics, give its name with `--category`.',
  },
  'page-unreachable': { severity: 'note', title: 'The page could not be opened', means: 'The browser got no answer from this address.', remedy: 'Check the address, and that this machine can reach it.' },
  'page-refused': { severity: 'note', title: 'The page answered with an error', means: 'The server refused the page or does not have it.', remedy: 'Give an address that a visitor can open.' },
  'page-not-html': { severity: 'note', title: 'The address is no page', means: 'A PDF, a picture or a download does not run Mixpanel.', remedy: 'Give the address of a page.' },
  'page-robot-check': { severity: 'note', title: 'The site shows a check against robots', means: 'The command saw that check, and not the page.', remedy: 'Let this machine pass the check, or run the command from a place that passes it.' },
  'page-busy': { severity: 'note', title: 'The page keeps its thread busy', means: 'A script of the page runs without an end, so the command could not examine the page.', remedy: 'Find the endless loop; the page does not work for visitors either.' },
  'page-hangs': { severity: 'note', title: 'The visit took too long', means: 'The visit was not finished when its time was over.', remedy: 'Give a longer `--limit`, or a page that finishes loading.' },
  'page-crashes': { severity: 'note', title: 'The visit broke off', means: 'The browser crashed on this page, or the connection to it broke.', remedy: 'Visit this page alone, and look at how much memory it uses.' },
  'page-restless': { severity: 'note', title: 'The page keeps reloading', means: 'The page loads itself or another page again and again, so the command could not examine it.', remedy: 'Find what reloads the page; it may do so for visitors as well.' },
  'page-breaks-look': { severity: 'note', title: 'The page could not be examined', means: 'Scripts of the page have replaced built-in functions of the browser.', remedy: 'Find the script that replaces them.' },
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

/** Of a stored name: by what Mixpanel keeps under it. */
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
