// What crosses the boundary between this side and the core, by name.
// Generated from src/core/protocol.rs, which says what each means, by tests/contract.rs:
// change it there, and run `CONTRACT_WRITE=1 cargo test --test contract`.
//
// Constants of one word each, so that bundlers put the value where the name stands; types are
// unions of the words.

// What the gate's side tells the core.
/** A bridge begins. The text is its `SETUP`. */
export const TELL_CONNECT = 0;
/** The page was looked at. The text is what was found, in the notation; the number is the bits of what the browser says; the time is in milliseconds since 1970. The core answers with `Call::Given`: the digit of a `Pace`. */
export const TELL_LOOKED = 1;
/** The site's own dialog speaks. The number is a `SiteAnswer`. */
export const TELL_ANSWER = 2;
/** Something happened to the SDK or the page. The number is a `Happening`. */
export const TELL_HAPPENED = 3;
/** The kept record may have become another, by another tab or while the page was frozen. The text is the record and, where there is one, `own` of `SETUP`. */
export const TELL_KEPT = 4;
/** Another tab says what was answered there. The text is a letter for each feature; an empty text says that the SDK's stored flag is a no. */
export const TELL_PEER = 5;
/** The sources are to be explained. The text is what was found; the core answers with `Call::Given`. The first line is the SDK's state, its place in `Sdk`. Each further line is a source: its id, running or stored, a letter for each feature, then name and answer of each category and, without a name, of all others, separated by tabs. An empty line is something that was found and is not this source's. */
export const TELL_EXPLAIN = 6;
/** Adapters are there, ours or the site's own, behind those that were there before. The text holds them as `cmp::parse`(crate::cmp::parse) reads them; the core answers with `Call::Given`: what is to be looked for and listened to for all of them, as JSON. */
export const TELL_ADAPTERS = 7;
export const TELL_NAMES = ['connect', 'looked', 'answer', 'happened', 'kept', 'peer', 'explain', 'adapters'] as const;
export type TellNumber = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;
export type Tell = (typeof TELL_NAMES)[number];

// How soon the page is to be looked at again by the clock.
/** Not at all: what there is to hear is told by events. */
export const PACE_REST = 0;
/** Less and less often: something may still come. */
export const PACE_SEARCH = 1;
/** Each second: a source tells nobody of its changes. */
export const PACE_WATCH = 2;
export const PACE_NAMES = ['rest', 'search', 'watch'] as const;
export type PaceNumber = 0 | 1 | 2;
export type Pace = (typeof PACE_NAMES)[number];

// What the site's own dialog says, by `deny()`, `grant()` and `reset()`.
/** The visitor said no. */
export const SITE_ANSWER_DENY = 0;
/** The visitor said yes. */
export const SITE_ANSWER_GRANT = 1;
/** The answer is to be forgotten, and the visitor asked again. */
export const SITE_ANSWER_FORGET = 2;
/** The page was looked at since the last of these: from now on the kept answer speaks, so that another tab can change it. */
export const SITE_ANSWER_LOOKED = 3;
export const SITE_ANSWER_NAMES = ['deny', 'grant', 'forget', 'looked'] as const;
export type SiteAnswerNumber = 0 | 1 | 2 | 3;
export type SiteAnswer = (typeof SITE_ANSWER_NAMES)[number];

// What happened to the SDK or the page.
/** The wait of the command `settle` is over. */
export const HAPPENING_SETTLED = 0;
/** A wait of the command `sweep later` is over. */
export const HAPPENING_LATE = 1;
/** The page is being left or frozen. */
export const HAPPENING_LEAVING = 2;
/** The SDK is there and `init()` was not called. */
export const HAPPENING_LOADED = 3;
/** An instance runs already; the gate has locked it. */
export const HAPPENING_FOUND = 4;
/** The SDK did not come, or did not start. */
export const HAPPENING_LOAD_FAILED = 5;
/** The lock does not hold in this version of the SDK. */
export const HAPPENING_LOCK_REFUSED = 6;
/** A queue of the SDK's is on the device. */
export const HAPPENING_QUEUED = 7;
export const HAPPENING_NAMES = ['settled', 'late', 'leaving', 'loaded', 'found', 'load failed', 'lock refused', 'queued'] as const;
export type HappeningNumber = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;
export type Happening = (typeof HAPPENING_NAMES)[number];

// What the core calls on the gate's side. The parts of the text are the arguments.
/** A letter for each feature, of `Flow`: from now on drop, hold or pass. */
export const CALL_GATE = 0;
/** Does another command: its letter, of `Step`, and a letter for each feature, of which `Flow::Pass` says that it may run and `Flow::Drop` that it may not. Answers with the number of the `Happening` that came of it at once, or `NOTHING`. */
export const CALL_RUN = 1;
/** The state has changed: consent, mode, source, code, reason, each by its name. */
export const CALL_SAY = 2;
/** Tells the other tabs: a letter for each feature, of `Answer`. */
export const CALL_TELL = 3;
/** A new record, as its line: to keep, and to hand on as a receipt. A second part that is not empty says that it holds for every instance of the project. */
export const CALL_RECORD = 4;
/** A yes that was not known before. */
export const CALL_OPTED_IN = 5;
/** The text that was asked for. */
export const CALL_GIVEN = 6;
export const CALL_NAMES = ['gate', 'run', 'say', 'tell', 'record', 'optedIn', 'given'] as const;
export type CallNumber = 0 | 1 | 2 | 3 | 4 | 5 | 6;
export type Call = (typeof CALL_NAMES)[number];

// The letter of a command, and its name for people.
/** Opens or shuts the gate; not run, but called (`Call::Gate`). */
export const COMMAND_GATE = 'a';
/** Gets the SDK. */
export const COMMAND_LOAD = 'b';
/** Starts the SDK, locked. */
export const COMMAND_INIT_LOCKED = 'c';
/** Starts the SDK without storage. */
export const COMMAND_INIT_COOKIELESS = 'd';
/** Starts the SDK. */
export const COMMAND_INIT = 'e';
/** Locks a running instance in memory. */
export const COMMAND_LOCK = 'f';
/** Opts out by the SDK's own means, keeping the profile. */
export const COMMAND_OPT_OUT = 'g';
/** Stops recording. */
export const COMMAND_STOP_REPLAY = 'h';
/** Forgets the person in memory. */
export const COMMAND_RESET = 'i';
/** Stops sending and clears the queues. */
export const COMMAND_STOP_SENDERS = 'j';
/** Opens a locked instance without storage. */
export const COMMAND_UNLOCK_COOKIELESS = 'k';
/** Opens a locked instance. */
export const COMMAND_UNLOCK = 'l';
/** Removes the SDK's stored flag. */
export const COMMAND_CLEAR_FLAG = 'm';
/** Starts sending again. */
export const COMMAND_START_SENDERS = 'n';
/** Tracks the page view that a locked start missed. */
export const COMMAND_PAGEVIEW = 'o';
/** Fetches feature flags. */
export const COMMAND_LOAD_FLAGS = 'p';
/** Records this session. */
export const COMMAND_START_REPLAY = 'q';
/** Removes recordings. */
export const COMMAND_SWEEP_RECORDINGS = 's';
/** Removes queues and recordings of earlier visits. */
export const COMMAND_SWEEP_LEFTOVERS = 't';
/** Removes everything of the SDK's, but a stored refusal. */
export const COMMAND_SWEEP_EVERYTHING = 'u';
/** Comes back with `Happening::Settled` when the SDK's late writers are done. */
export const COMMAND_SETTLE = 'v';
/** Comes back with `Happening::Late`, once soon and once later. */
export const COMMAND_LATE = 'w';
/** Gets ready to drive an SDK, when the page has nothing better to do. */
export const COMMAND_PREPARE = 'x';
export const COMMAND_NAMES = { a: 'gate', b: 'load', c: 'init locked', d: 'init cookieless', e: 'init', f: 'lock', g: 'opt out', h: 'stop replay', i: 'reset', j: 'stop senders', k: 'unlock cookieless', l: 'unlock', m: 'clear flag', n: 'start senders', o: 'page view', p: 'load flags', q: 'start replay', s: 'sweep recordings', t: 'sweep leftovers', u: 'sweep everything', v: 'settle', w: 'sweep later', x: 'prepare' } as const;
export type CommandLetter = keyof typeof COMMAND_NAMES;
export type Command = (typeof COMMAND_NAMES)[CommandLetter];

// The answers' letters, in the record and wherever an answer crosses.
export const ANSWER_DENIED = 'd';
export const ANSWER_IMPLIED_DENIED = 'c';
export const ANSWER_UNSET = 'u';
export const ANSWER_IMPLIED_GRANTED = 'o';
export const ANSWER_GRANTED = 'g';
export const ANSWER_NAMES = { d: 'denied', c: 'implied-denied', u: 'unset', o: 'implied-granted', g: 'granted' } as const;
export type AnswerLetter = keyof typeof ANSWER_NAMES;
export type Answer = (typeof ANSWER_NAMES)[AnswerLetter];

// The letters of what the gate does with the calls of one feature.
export const FLOW_DROP = 'd';
export const FLOW_HOLD = 'h';
export const FLOW_PASS = 'p';
export const FLOW_NAMES = { d: 'drop', h: 'hold', p: 'pass' } as const;
export type FlowLetter = keyof typeof FLOW_NAMES;
export type Flow = (typeof FLOW_NAMES)[FlowLetter];

// The letters of what happened in a visitor's history, in the record.
export const CONSENT_EVENT_GIVEN = 'g';
export const CONSENT_EVENT_REFUSED = 'r';
export const CONSENT_EVENT_WITHDRAWN = 'w';
export const CONSENT_EVENT_EXPIRED = 'e';
export const CONSENT_EVENT_NAMES = { g: 'given', r: 'refused', w: 'withdrawn', e: 'expired' } as const;
export type ConsentEventLetter = keyof typeof CONSENT_EVENT_NAMES;
export type ConsentEvent = (typeof CONSENT_EVENT_NAMES)[ConsentEventLetter];

// The parts of Mixpanel that open and close by themselves, in the order of everything that has a value for each.
export const FEATURE_NAMES = ['tracking', 'replay', 'profile', 'flags'] as const;
export type Feature = (typeof FEATURE_NAMES)[number];

// What Mixpanel may do: `state.mode`.
export const MODE_NAMES = ['off', 'cookieless', 'on'] as const;
export type Mode = (typeof MODE_NAMES)[number];

// What the SDK instance is at present: `explain().sdk`.
export const SDK_NAMES = ['not loaded', 'loading', 'failed to load', 'loaded, not started', 'locked', 'locked, late writers awaited', 'locked until its recording has stopped', 'cookieless', 'on'] as const;
export type Sdk = (typeof SDK_NAMES)[number];

// How far the SDK is opened. A `Step` of each crosses, so this is for the page's side alone.
export const OPENING_ON = 0;
export const OPENING_LOCKED = 1;
export const OPENING_COOKIELESS = 2;
export const OPENING_NAMES = ['on', 'locked', 'cookieless'] as const;
export type OpeningNumber = 0 | 1 | 2;
export type Opening = (typeof OPENING_NAMES)[number];

// What is removed from the device. A `Step` of each crosses, so this is for the page's side alone.
export const SWEEP_LEFTOVERS = 0;
export const SWEEP_EVERYTHING = 1;
export const SWEEP_RECORDINGS = 2;
export const SWEEP_NAMES = ['leftovers', 'everything', 'recordings'] as const;
export type SweepNumber = 0 | 1 | 2;
export type Sweep = (typeof SWEEP_NAMES)[number];

// Where a place is.
/** The value at a dotted path from `window`. */
export const PLACE_GLOBAL = 'g';
/** What a list of commands says whose first word is this one. */
export const PLACE_QUEUE = 'q';
/** A cookie. */
export const PLACE_COOKIE = 'c';
/** The cookie whose name begins so: of several the shortest, the first of these. */
export const PLACE_COOKIE_BEGINNING = 'p';
/** A key of `localStorage`. */
export const PLACE_LOCAL = 'l';
/** Every key of `localStorage` that begins so. */
export const PLACE_LOCAL_BEGINNING = 'a';
/** What a callback of this name was last called with. */
export const PLACE_HEARD = 'h';
export const PLACE_NAMES = { g: 'global', q: 'queue', c: 'cookie', p: 'cookie-beginning', l: 'local', a: 'local-beginning', h: 'heard' } as const;
export type PlaceLetter = keyof typeof PLACE_NAMES;
export type Place = (typeof PLACE_NAMES)[PlaceLetter];

// How a stored text is decoded.
/** As it is. */
export const FORM_RAW = 'r';
/** Percent-decoded. */
export const FORM_TEXT = 't';
/** JSON, percent-decoded first where that is needed. */
export const FORM_JSON = 'j';
/** Base64 of JSON. */
export const FORM_BASE64 = 'b';
/** A TC string of the IAB's. This and what follows is decoded by src/cmp/encoded.rs, and the letters of these are the last of all. */
export const FORM_TC = 'u';
/** A GPP string of the IAB's. */
export const FORM_GPP = 'v';
/** JSON that LZ-string has packed, in base64. */
export const FORM_PACKED = 'z';
export const FORM_NAMES = { r: 'raw', t: 'text', j: 'json', b: 'base64', u: 'tc', v: 'gpp', z: 'packed' } as const;
export type FormLetter = keyof typeof FORM_NAMES;
export type Form = (typeof FORM_NAMES)[FormLetter];

// What tells that it is worth looking again.
/** An event on `window`. */
export const LISTEN_WINDOW = 'w';
/** An event on `document`. */
export const LISTEN_DOCUMENT = 'd';
/** A call of the function at a path, after it. */
export const LISTEN_AFTER = 't';
/** The function at a path is called with a callback of ours. */
export const LISTEN_CALL = 'c';
export const LISTEN_NAMES = { w: 'window', d: 'document', t: 'after', c: 'call' } as const;
export type ListenLetter = keyof typeof LISTEN_NAMES;
export type Listen = (typeof LISTEN_NAMES)[ListenLetter];

// What a rule means besides answers; how it says them is in src/cmp/rules.rs. Its answers have the letters of `Answer`.
/** It is not this consent manager. */
export const MEANING_ANOTHER_PRODUCT = 'p';
/** The consent manager has not loaded its state. */
export const MEANING_NOT_READY = 'r';
/** It asks the visitor. */
export const MEANING_ASKING = 'a';
/** What it says cannot be read. */
export const MEANING_UNREADABLE = 'u';
/** An earlier answer no longer counts. */
export const MEANING_EXPIRED = 'x';
/** What follows answers only for names that have no answer yet. */
export const MEANING_FALLBACK = 'f';
/** Before a letter of `Answer`: the answer for every name that is not told. */
export const MEANING_OTHERS = 'n';
export const MEANING_NAMES = { p: 'another-product', r: 'not-ready', a: 'asking', u: 'unreadable', x: 'expired', f: 'fallback', n: 'others' } as const;
export type MeaningLetter = keyof typeof MEANING_NAMES;
export type Meaning = (typeof MEANING_NAMES)[MeaningLetter];

// The options of the policy: the first choice is the default; a digit is the place of a choice.
export const START = 'deferred|opted-out';
export type Start = 'deferred' | 'opted-out';
export const PENDING = 'hold|drop|cookieless';
export type Pending = 'hold' | 'drop' | 'cookieless';
export const DENIED = 'off|cookieless';
export type Denied = 'off' | 'cookieless';
export const IMPLIED = 'accept|ask';
export type Implied = 'accept' | 'ask';
export const GPC = 'respect|strict|ignore';
export type Gpc = 'respect' | 'strict' | 'ignore';
export const DNT = 'respect|strict|ignore';
export type Dnt = 'respect' | 'strict' | 'ignore';

// The digits of a bridge's setup, in order: the policy's, then three that are 0 or 1.
export type Digits = readonly [start: number, pending: number, denied: number, implied: number, gpc: number, dnt: number, manual: number, refused: number, known: number];
export const POLICY_DIGITS = 6;

// The parts of the text of TELL_CONNECT, in order.
export type Setup = readonly [digits: string, categories: string, record: string, own: string];

// The names that the core gives `state.code` in a page.
export type Code =
  | 'granted'
  | 'denied'
  | 'implied-granted'
  | 'implied-ask'
  | 'implied-denied'
  | 'gpc'
  | 'dnt'
  | 'opted-out-of-sale'
  | 'cmp-looking'
  | 'cmp-missing'
  | 'prerendered'
  | 'cmp-not-ready'
  | 'cmp-asking'
  | 'cmp-unreadable'
  | 'cmp-expired'
  | 'category-unknown'
  | 'cmp-disagree'
  | 'other-tab'
  | 'opted-out'
  | 'manual-unset'
  | 'sdk-failed'
  | 'sdk-lock-refused';

// The names that the gate gives by itself: the core is not there, or there is a mistake in the options.
export type GateCode =
  | 'starting'
  | 'no-window'
  | 'core-unavailable'
  | 'sdk-loading'
  | 'disconnected'
  | 'token-missing'
  | 'option-unknown'
  | 'option-invalid'
  | 'cmp-unknown'
  | 'attribute-invalid';

// The names that a server has besides.
export type ServerCode =
  | 'request-silent'
  | 'request-too-long'
  | 'record-unreadable'
  | 'record-unsigned'
  | 'record-aged'
  | 'record-alone'
  | 'nothing-recorded'
  | 'history-unreadable';

// Between the parts of a text that crosses.
export const SEPARATOR = '\x00';

// Between adapters in a text of several.
export const ADAPTER_SEPARATOR = '\x01';
export const FIELD_SEPARATOR = '\x02';

// What a command answers where nothing happened at once.
export const NOTHING = 255;

// What the browser says, as bits.
export const BROWSER_GPC = 1;
export const BROWSER_DNT = 2;
export const BROWSER_TIMED_OUT = 4;
export const BROWSER_UNSEEN = 8;
export const BROWSER_TELLS_COOKIES = 16;

// How deep, how wide and how long a copy of the page's may be; how long a stored record; how many entries of a queue are looked at.
export const DEPTH = 5;
export const WIDTH = 256;
export const LENGTH = 8192;
export const RECORDED = 65536;
export const ENTRIES = 1024;

// The consent record: its key, and a line of it.
export const RECORD_KEY = 'mixpanel-consent-bridge';
export const RECORD_KEY_SEPARATOR = ':';
export const RECORD_COOKIE_SEPARATOR = '.';
export const RECORD_LINES = 10;
export const RECORD_SEPARATOR = '.';
/** A line that can be read: version, answers, event, time, source, and a server's signature if it has one. */
export const RECORD_LINE = /^1\.[dcuog]{4}\.[grwe]\.\d+\.[a-z\d-]{0,40}(\.[\w-]{43})?$/gim;
/** The beginning of a line that says a yes. */
export const RECORD_YES = /^1\.\w+\.g/;
/** The beginning of a line that says a no. */
export const RECORD_NO = /^1\.\w+\.[rw]/;

// In what TELL_EXPLAIN answers: where a source was read from.
export const EXPLAIN_RUNNING = 'running';
export const EXPLAIN_STORED = 'stored';

// The notation of what was found; src/core/protocol.rs says what follows each mark.
export const MARK_ADAPTER = '@';
export const MARK_END = ';';
export const MARK_TRUE = 't';
export const MARK_FALSE = 'f';
export const MARK_NUMBER = '#';
export const MARK_TEXT = '"';
export const MARK_FUNCTION = 'F';
export const MARK_THROWN = 'x';
export const MARK_LIST = '[';
export const MARK_MAP = '{';
export const MARK_NULL = 'n';
