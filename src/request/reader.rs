//! From a request to a ruling: what its cookies say, judged by the site's rules.

use super::cookies::{LONGEST, pairs};
use super::places::Places;
use super::sign;
use crate::cmp::{self, Adapter, Reading, Snapshot, Value, decode};
use crate::core::{
    Answer, BrowserSignals, Code, ConsentEvent, Feature, PerFeature, Policy, Rank, Record, Ruling,
    Signal, Trouble, merge, protocol,
};

/// What a site wants to know of its requests; the names are the browser's options.
#[derive(Clone, Debug, Default)]
pub struct Options<'a> {
    /// Ids of adapters; `auto` is all of them, `manual` the bridge's record alone. None at all is
    /// `auto`.
    pub cmp: &'a [&'a str],
    /// The categories of each feature in the order of [`Feature::ALL`], each of them all must
    /// allow; none leaves it to the adapter.
    pub category: [&'a [&'a str]; 4],
    /// The site's rules.
    pub policy: Policy,
    /// The project token, by which the record's cookie is named. Without it no record is read.
    pub token: Option<&'a str>,
    /// The instance's name, likewise.
    pub name: Option<&'a str>,
    /// If there are any, only records signed with one of these keys count.
    pub record_keys: &'a [&'a [u8]],
    /// For how many milliseconds a signed record counts. `None`: for as long as it is sent.
    pub record_max_age_ms: Option<u64>,
}

/// There is no adapter of this id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownCmp(pub String);

/// What of a request is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Request<'a> {
    /// The header `Cookie`; empty without one.
    pub cookies: &'a str,
    /// The header `Sec-GPC` is `1`.
    pub gpc: bool,
    /// The header `DNT` is `1`.
    pub dnt: bool,
}

/// Who gave an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// A consent manager, by its number in [`cmp::ALL`].
    Cmp(u8),
    /// The site's own dialog, or one that has no adapter here; known by the bridge's record.
    Manual,
}

impl Source {
    /// Its id, as `state.cmp` says it.
    pub fn id(self) -> &'static str {
        match self {
            Source::Cmp(number) => cmp::ALL.get(usize::from(number)).map_or("", |one| one.id),
            Source::Manual => "manual",
        }
    }
}

/// What a request comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Verdict {
    /// What may flow, and why; the answer of each feature.
    pub ruling: Ruling,
    /// The source that decided.
    pub source: Option<Source>,
    /// When the visitor answered, where nothing but the bridge's record says what. Signed or not is
    /// known by whether the reader has keys.
    pub answered_ms: Option<u64>,
}

/// Why a request comes to what it comes to: one source.
#[derive(Clone, Debug)]
pub struct Explained {
    /// Who.
    pub source: Source,
    /// Known by the bridge's record, and not by what the consent manager stored itself.
    pub record: bool,
    /// What it says of each feature.
    pub answers: PerFeature<Answer>,
    /// Its own categories; none of the record.
    pub reading: Option<Reading>,
    /// The cookies that it was read from.
    pub cookies: Vec<(String, String)>,
}

/// The source that stands for the site's own dialog.
const MANUAL: u8 = u8::MAX;

/// The name of the cookie in which the browser keeps the record with `record: 'cookie'`.
pub fn record_name(token: &str, name: Option<&str>) -> String {
    let mut cookie = String::from(protocol::RECORD_KEY);
    cookie.push(protocol::RECORD_COOKIE_SEPARATOR);
    cookie.push_str(token);
    if let Some(name) = name.filter(|name| !name.is_empty()) {
        cookie.push(protocol::RECORD_COOKIE_SEPARATOR);
        cookie.push_str(name);
    }
    cookie
}

/// Reads requests by the options it was made with.
///
/// ```
/// use mixpanel_consent_bridge::core::Mode;
/// use mixpanel_consent_bridge::request::{Options, Reader, Request};
/// let reader = Reader::new(&Options { cmp: &["onetrust"], ..Options::default() }).unwrap();
/// let cookies = "OptanonAlertBoxClosed=2026-11-23T10:00:00.000Z; \
///     OptanonConsent=interactionCount=1&groups=C0001%3A1%2CC0002%3A1";
/// let verdict = reader.read(&Request { cookies, ..Request::default() });
/// assert_eq!(verdict.ruling.decision.mode, Mode::On);
/// ```
#[derive(Clone, Debug)]
pub struct Reader {
    /// With their numbers among all.
    adapters: Vec<(u8, &'static Adapter)>,
    /// Of each the rules that can hold where cookies alone are looked at. Most ask for what a
    /// running consent manager says, and would be tried with every request.
    rules: Vec<String>,
    places: Places,
    /// The adapter of GPP, if it is asked: a request carries the string that a page has read.
    auto: bool,
    manual: bool,
    /// As `cmp::signal` takes them.
    wanted: String,
    policy: Policy,
    /// The record's cookie; empty if it is not read.
    record: String,
    keys: Vec<Vec<u8>>,
    max_age_ms: Option<u64>,
}

/// For how long a yes in a TC string counts where nothing else says it, in milliseconds: 1,800 days.
///
/// The framework's policies have a consent manager ask again after 13 months
/// (<https://iabeurope.eu/iab-europe-transparency-consent-framework-policies/>, appendix B, C(d)).
/// That is the consent manager's to do, and on public sites strings of four years are handed out as
/// answers that count (tests/seen), so a shorter bound here would contradict the page. What is
/// older than any consent manager in use is no answer of this visitor.
const TC_AGE_MS: u64 = 1_800 * 86_400_000;

/// Whether this is a TC string that is older than that.
fn is_aged(value: &str, now_ms: u64) -> bool {
    now_ms.saturating_sub(cmp::tc_updated_ms(value)) > TC_AGE_MS && cmp::tc_string(value)
}

/// What a reader has found in one request.
struct Found<'a> {
    /// By adapter and place; the first cookie of a name.
    places: Vec<(usize, usize, &'a str, &'a str, &'a str)>,
    /// A GPP string.
    record: Kept,
    line: &'a str,
}

/// What became of the bridge's record.
enum Kept {
    None,
    Is(Record),
    Bad(Code),
}

impl Reader {
    /// A reader with these options.
    pub fn new(options: &Options) -> Result<Reader, UnknownCmp> {
        let ids = if options.cmp.is_empty() { &["auto"] } else { options.cmp };
        for id in ids {
            if !matches!(*id, "auto" | "manual") && cmp::find(id).is_none() {
                return Err(UnknownCmp((*id).to_owned()));
            }
        }
        let auto = ids.contains(&"auto");
        let adapters: Vec<(u8, &Adapter)> = (0..)
            .zip(cmp::ALL.iter().copied())
            .filter(|(_, one)| auto || ids.contains(&one.id))
            .collect();
        let places = Places::new(adapters.iter().map(|(_, adapter)| *adapter));
        let rules = adapters.iter().enumerate();
        let rules =
            rules.map(|(at, (_, adapter))| adapter.rules_within(|place| places.has(at, place)));
        Ok(Reader {
            rules: rules.collect(),
            places,
            adapters,
            auto,
            manual: ids.contains(&"manual"),
            wanted: options.category.map(|names| names.join("\t")).join("\n"),
            policy: options.policy,
            record: options
                .token
                .map_or_else(String::new, |token| record_name(token, options.name)),
            keys: options.record_keys.iter().map(|key| key.to_vec()).collect(),
            max_age_ms: options.record_max_age_ms,
        })
    }

    /// What this request allows, whatever the age of a signed record.
    pub fn read(&self, request: &Request) -> Verdict {
        self.judge(request, 0, None)
    }

    /// What this request allows at this time (milliseconds since 1970).
    pub fn read_at(&self, request: &Request, now_ms: u64) -> Verdict {
        self.judge(request, now_ms, None)
    }

    /// The same, and what each source says.
    pub fn explain(&self, request: &Request) -> (Verdict, Vec<Explained>) {
        let mut sources = Vec::new();
        let verdict = self.judge(request, 0, Some(&mut sources));
        (verdict, sources)
    }

    fn judge(
        &self,
        request: &Request,
        now_ms: u64,
        mut told: Option<&mut Vec<Explained>>,
    ) -> Verdict {
        let browser =
            BrowserSignals { gpc: request.gpc, dnt: request.dnt, timed_out: true, unseen: false };
        if request.cookies.len() > LONGEST {
            return self.settle(&[], browser, Some(Code::TooLong));
        }
        let found = self.look(request.cookies, now_ms);
        let mut signals = Vec::new();
        let mut damaged = false;
        let mut rest = found.places.as_slice();
        while let Some((at, ..)) = rest.first() {
            let (mine, others) = rest.split_at(rest.iter().take_while(|(of, ..)| of == at).count());
            rest = others;
            let Some((source, adapter)) = self.adapters.get(*at).copied() else { continue };
            let Some(rules) = self.rules.get(*at) else { continue };
            let mut snapshot = Snapshot::default();
            let mut broken = false;
            for (_, place, form, _, value) in mine {
                let decoded = decode(form, value);
                // One that is empty was removed.
                broken |= decoded == Value::Thrown && !value.is_empty();
                snapshot.put(*place, decoded);
            }
            let cookies = || {
                let mine = mine.iter();
                mine.map(|(_, _, _, name, value)| ((*name).to_owned(), (*value).to_owned()))
                    .collect()
            };
            let Some(reading) = cmp::read(rules, &snapshot) else {
                damaged |= broken;
                if let Some(told) = told.as_deref_mut().filter(|_| broken) {
                    told.push(Explained {
                        source: source_of(source),
                        record: false,
                        answers: PerFeature::all(Answer::Unset),
                        reading: None,
                        cookies: cookies(),
                    });
                }
                continue;
            };
            let mut signal = cmp::signal(adapter, source, &reading, &self.wanted);
            if mine.iter().all(|(.., value)| is_aged(value, now_ms)) {
                signal.answers =
                    PerFeature::of(|feature| signal.answers.get(feature).min(Answer::Unset));
                signal.trouble = signal.trouble.or(Some(Trouble::Expired));
            }
            signals.push(signal);
            if let Some(told) = told.as_deref_mut() {
                told.push(Explained {
                    source: source_of(signal.source),
                    record: false,
                    answers: signal.answers,
                    reading: Some(reading),
                    cookies: cookies(),
                });
            }
        }
        let (record, note) = self.record(&found, &signals);
        // A cookie that is there and cannot be decoded is no request without one.
        let note = note.or(damaged.then_some(Code::Unreadable));
        if let Some(signal) = record {
            signals.push(signal);
            if let Some(told) = told {
                told.push(Explained {
                    source: source_of(signal.source),
                    record: true,
                    answers: signal.answers,
                    reading: None,
                    cookies: vec![(self.record.clone(), found.line.to_owned())],
                });
            }
        }
        let answered_ms = match (&signals[..], record, &found.record) {
            ([_], Some(_), Kept::Is(record)) => Some(record.at_ms),
            _ => None,
        };
        Verdict { answered_ms, ..self.settle(&signals, browser, note) }
    }

    /// What places that somebody else looked at come to: each adapter's number among those of
    /// this reader, and its snapshot.
    pub fn judge_found(&self, found: &[(usize, Snapshot)], browser: BrowserSignals) -> Verdict {
        let mut signals = Vec::new();
        for (adapter, snapshot) in found {
            if let Some((source, adapter)) = self.adapters.get(*adapter)
                && let Some(reading) = adapter.read(snapshot)
            {
                signals.push(cmp::signal(adapter, *source, &reading, &self.wanted));
            }
        }
        self.settle(&signals, browser, None)
    }

    /// One ruling out of what all say. `note`: why there is no answer, if there is none.
    fn settle(&self, signals: &[Signal], browser: BrowserSignals, note: Option<Code>) -> Verdict {
        let mut merged = merge(signals);
        if merged.source.is_none() {
            merged.code = note.or(Some(Code::Silent));
        } else if merged.source == Some(MANUAL) && merged.code == Some(Code::Manual) {
            merged.code = note.or(merged.code);
        }
        Verdict {
            ruling: Ruling::of(&merged, browser, &self.policy),
            source: merged.source.map(source_of),
            answered_ms: None,
        }
    }

    /// Goes through the cookies once.
    fn look<'a>(&'a self, header: &'a str, now_ms: u64) -> Found<'a> {
        let mut found = Found { places: Vec::new(), record: Kept::None, line: "" };
        for (name, value) in pairs(header) {
            for place in self.places.of(name) {
                let at = (place.adapter, place.place);
                let one = (at.0, at.1, place.form.as_str(), name, value);
                match found.places.iter_mut().find(|(adapter, place, ..)| at == (*adapter, *place))
                {
                    // Of several that begin so, the shortest: longer ones are what else it keeps.
                    Some(other) if name.len() < other.3.len() => *other = one,
                    Some(_) => {}
                    None => found.places.push(one),
                }
            }
            if name == self.record && !name.is_empty() {
                found.record = match found.record {
                    // The browser keeps one. Another was put there, and which is ours is not known.
                    Kept::Is(_) if value != found.line => Kept::Bad(Code::RecordUnreadable),
                    Kept::None => self.kept(value, now_ms),
                    kept => kept,
                };
                found.line = value;
            }
        }
        found.places.sort_unstable_by_key(|(adapter, place, ..)| (*adapter, *place));
        found
    }

    fn kept(&self, line: &str, now_ms: u64) -> Kept {
        let Some(record) = Record::newest(line) else { return Kept::Bad(Code::RecordUnreadable) };
        if !self.keys.is_empty() {
            if !self.keys.iter().any(|key| sign::signed(&self.record, line, key)) {
                return Kept::Bad(Code::RecordUnsigned);
            }
            let age_ms = now_ms.saturating_sub(record.at_ms);
            if self.max_age_ms.is_some_and(|longest| age_ms > longest) {
                return Kept::Bad(Code::RecordAged);
            }
        }
        let tracking = record.answers.get(Feature::Tracking);
        let meant = match record.event {
            ConsentEvent::Given => tracking == Answer::Granted,
            ConsentEvent::Refused | ConsentEvent::Withdrawn => tracking == Answer::Denied,
            ConsentEvent::Expired => tracking == Answer::Unset,
        };
        if meant { Kept::Is(record) } else { Kept::Bad(Code::RecordUnreadable) }
    }

    /// The record as a source. It stands in for a consent manager that keeps its answer where
    /// a server cannot see it; one that is heard itself needs nobody, and one that would be
    /// heard if its answer still stood is not spoken for.
    fn record(&self, found: &Found, signals: &[Signal]) -> (Option<Signal>, Option<Code>) {
        let unset = Signal {
            source: MANUAL,
            rank: Rank::Vendor,
            live: self.manual,
            answers: PerFeature::all(Answer::Unset),
            trouble: Some(Trouble::Manual),
        };
        let record = match &found.record {
            Kept::Is(record) => record,
            Kept::None => return (self.manual.then_some(unset), None),
            Kept::Bad(code) => return (self.manual.then_some(unset), Some(*code)),
        };
        let trouble = (record.event == ConsentEvent::Expired).then_some(Trouble::Expired);
        let signal = Signal { answers: record.answers, trouble, ..unset };
        if self.manual {
            return (Some(signal), None);
        }
        let mut adapters = self.adapters.iter().enumerate();
        let own = adapters.find(|(_, (_, adapter))| adapter.id == record.source);
        let Some((at, &(source, own))) = own else {
            // Not one that the site named; by `auto` it named the site's own dialog as well.
            return ((self.auto && cmp::find(&record.source).is_none()).then_some(signal), None);
        };
        if signals.iter().any(|heard| heard.source == source) {
            return (None, None);
        }
        if self.places.alone(at) {
            return (None, Some(Code::RecordAlone));
        }
        (Some(Signal { source, rank: own.rank, ..signal }), None)
    }
}

fn source_of(number: u8) -> Source {
    if number == MANUAL { Source::Manual } else { Source::Cmp(number) }
}
