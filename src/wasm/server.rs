//! What a server's JavaScript (src/server) calls: readers made of options, what requests
//! come to, what histories allow, and signatures.
//!
//! Options, entries and explanations cross as whole values through serde-wasm-bindgen, which
//! no page pays for. A ruling crosses as one number, because it is asked for with every
//! request and there are few: [`describe`] tells, once for each, what the number means.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_wasm_bindgen::{Serializer, from_value};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use super::notation;
use crate::core::{
    Answer, BrowserSignals, Code, ConsentEvent, Denied, Entry, Feature, Implied, Mode, Pending,
    PerFeature, Policy, Privacy, Record, Ruling, Start, Terms, allowed_through as judge,
};
use crate::request::{Options, Reader, Request, Source, Verdict, record_name, sign, text};

thread_local! {
    static READERS: RefCell<Vec<Reader>> = const { RefCell::new(Vec::new()) };
    static ANSWERED: Cell<f64> = const { Cell::new(-1.0) };
}

/// The words of the options that a history and a request have in common.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Rules {
    implied: Option<String>,
    denied: Option<String>,
    gpc: Option<String>,
    dnt: Option<String>,
}

impl Rules {
    /// Checked on the other side: another word is the default.
    fn policy(&self) -> Policy {
        let privacy = |word: &Option<String>| {
            word.as_deref().and_then(Privacy::named).unwrap_or(Privacy::Respect)
        };
        Policy {
            start: Start::Deferred,
            // Nobody holds what a server would send: it is sent or it is not.
            pending: Pending::Drop,
            denied: self.denied.as_deref().and_then(Denied::named).unwrap_or(Denied::Off),
            implied: self.implied.as_deref().and_then(Implied::named).unwrap_or(Implied::Accept),
            gpc: privacy(&self.gpc),
            dnt: privacy(&self.dnt),
        }
    }
}

#[derive(Deserialize)]
struct Given {
    cmp: Vec<String>,
    /// Of each feature, in their order.
    category: [Vec<String>; 4],
    #[serde(default)]
    rules: Rules,
    token: Option<String>,
    name: Option<String>,
    record_keys: Vec<String>,
    record_max_age: Option<f64>,
}

/// Makes a reader; answers with its number.
#[wasm_bindgen]
pub fn reader(options: JsValue) -> Result<usize, JsValue> {
    let given: Given = from_value(options)?;
    let cmp: Vec<&str> = given.cmp.iter().map(String::as_str).collect();
    let category: Vec<Vec<&str>> =
        given.category.iter().map(|names| names.iter().map(String::as_str).collect()).collect();
    let of = |feature: usize| category.get(feature).map(Vec::as_slice).unwrap_or_default();
    let keys: Vec<&[u8]> = given.record_keys.iter().map(|key| key.as_bytes()).collect();
    let made = Reader::new(&Options {
        cmp: &cmp,
        category: [of(0), of(1), of(2), of(3)],
        policy: given.rules.policy(),
        token: given.token.as_deref(),
        name: given.name.as_deref(),
        record_keys: &keys,
        record_max_age_ms: given.record_max_age.map(|ms| ms as u64),
    })
    .map_err(|unknown| JsValue::from_str(&unknown.0))?;
    Ok(READERS.with_borrow_mut(|readers| {
        readers.push(made);
        readers.len() - 1
    }))
}

/// What a request comes to at this time (milliseconds since 1970), as a number for [`describe`].
/// `browser`: bits of the protocol, Global Privacy Control and Do Not Track.
#[wasm_bindgen]
pub fn read(reader: usize, cookies: &str, browser: u8, now: f64) -> u32 {
    READERS.with_borrow(|readers| {
        let cookies = text(cookies);
        let BrowserSignals { gpc, dnt, .. } = BrowserSignals::of_bits(browser);
        let request = Request { cookies: &cookies, gpc, dnt };
        let Some(reader) = readers.get(reader) else { return 0 };
        let verdict = reader.read_at(&request, now as u64);
        ANSWERED.set(verdict.answered_ms.map_or(-1.0, |ms| ms as f64));
        pack(&verdict)
    })
}

/// When the visitor of the request that was read last answered, by the bridge's record; -1 where
/// something else or nothing says what.
#[wasm_bindgen(js_name = answeredAt)]
pub fn answered_at() -> f64 {
    ANSWERED.get()
}

/// What a page's places, looked at by probe.js, come to, as a number for [`describe`]: the same
/// question that a page's module is asked, so that the same vectors can be put to both.
#[wasm_bindgen]
pub fn found(reader: usize, found: &str, browser: u8) -> u32 {
    let browser = BrowserSignals { unseen: false, ..BrowserSignals::of_bits(browser) };
    READERS.with_borrow(|readers| {
        let found: Vec<_> = notation::snapshots(found).collect();
        readers.get(reader).map_or(0, |reader| pack(&reader.judge_found(&found, browser)))
    })
}

/// One kept answer, as a receipt says it.
#[derive(Deserialize)]
struct Kept {
    at: Option<f64>,
    event: Option<String>,
    cmp: Option<String>,
    consent: Option<BTreeMap<String, String>>,
    version: Option<String>,
    #[serde(default)]
    limits: bool,
}

/// The terms of a ledger, in milliseconds.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Bounds {
    #[serde(flatten)]
    rules: Rules,
    version: Option<String>,
    #[serde(rename = "maxAge")]
    max_age: Option<f64>,
    retention: Option<f64>,
}

impl Bounds {
    pub(super) fn terms(&self) -> Terms<'_> {
        Terms {
            policy: self.rules.policy(),
            version: self.version.as_deref(),
            max_age_ms: self.max_age.map(|ms| ms as u64),
            retention_ms: self.retention.map(|ms| ms as u64),
        }
    }
}

/// What each of these histories allowed at each of these times (milliseconds since 1970), the
/// strictest, as a number for [`describe`]. `entries` holds one history after another, and
/// `lengths` says how long each is.
#[wasm_bindgen(js_name = allowedThrough)]
pub fn allowed_through(
    entries: Vec<JsValue>,
    lengths: Vec<usize>,
    times: Vec<f64>,
    terms: JsValue,
) -> Result<u32, JsValue> {
    let bounds: Bounds = from_value(terms)?;
    let latest = times.iter().copied().fold(0.0, f64::max);
    let times: Vec<u64> = times.iter().map(|time| *time as u64).collect();
    let kept = read_all(entries);
    let entries: Vec<Entry> = kept.iter().map(|kept| entry(kept.as_ref(), latest)).collect();
    let mut rest = entries.as_slice();
    let mut histories = Vec::new();
    for length in lengths {
        let (history, others) = rest.split_at_checked(length).ok_or("lengths")?;
        histories.push(history);
        rest = others;
    }
    let ruling = judge(&histories, &times, &bounds.terms());
    Ok(pack(&Verdict { ruling, source: None, answered_ms: None }))
}

fn read_all(entries: Vec<JsValue>) -> Vec<Option<Kept>> {
    entries.into_iter().map(|entry| from_value(entry).ok()).collect()
}

pub(super) fn named_answers(consent: &BTreeMap<String, String>) -> Option<PerFeature<Answer>> {
    let mut whole = true;
    let answers = PerFeature::of(|feature| {
        let answer = consent.get(feature.name()).and_then(|word| Answer::named(word));
        whole &= answer.is_some();
        answer.unwrap_or(Answer::Unset)
    });
    whole.then_some(answers)
}

/// What has no time that can be read may be the last answer.
fn entry(kept: Option<&Kept>, now: f64) -> Entry<'_> {
    let at = kept.and_then(|kept| kept.at).filter(|at| *at >= 0.0 && at.is_finite());
    let said = kept.filter(|_| at.is_some()).and_then(|kept| {
        let event = ConsentEvent::named(kept.event.as_deref()?)?;
        Some((named_answers(kept.consent.as_ref()?)?, event))
    });
    Entry {
        at_ms: at.unwrap_or(now) as u64,
        said,
        version: kept.and_then(|kept| kept.version.as_deref()),
        limits: kept.is_some_and(|kept| kept.limits),
    }
}

/// What a number of [`read`] and [`allowed_through`] means.
#[derive(Serialize)]
struct Told {
    consent: &'static str,
    mode: &'static str,
    cmp: Option<&'static str>,
    code: &'static str,
    reason: &'static str,
    features: BTreeMap<&'static str, &'static str>,
    modes: BTreeMap<&'static str, &'static str>,
}

/// What a number of [`read`] and [`allowed_through`] means, as an object.
#[wasm_bindgen]
pub fn describe(packed: u32) -> Result<JsValue, JsValue> {
    let (answers, tracking, open, code, source) = unpack(packed);
    let mode = |feature: Feature| match feature {
        Feature::Tracking => tracking.name(),
        _ if open & 1 << feature as u8 != 0 => Mode::On.name(),
        _ => Mode::Off.name(),
    };
    let told = Told {
        consent: answers.get(Feature::Tracking).name(),
        mode: tracking.name(),
        cmp: source.map(Source::id),
        code: code.name(),
        reason: code.reason(),
        features: Feature::ALL.map(|f| (f.name(), answers.get(f).name())).into(),
        modes: Feature::ALL.map(|f| (f.name(), mode(f))).into(),
    };
    Ok(told.serialize(&Serializer::json_compatible())?)
}

/// Four answers of three bits, two bits of mode, three of the other features' modes, six of
/// code, eight of source.
pub(super) fn pack(verdict: &Verdict) -> u32 {
    let Ruling { decision, answers } = verdict.ruling;
    let mut packed = 0;
    for feature in Feature::ALL {
        packed = packed << 3 | answers.get(feature) as u32;
    }
    packed = packed << 2 | decision.mode as u32;
    for feature in [Feature::Flags, Feature::Profile, Feature::Replay] {
        packed = packed << 1 | u32::from(decision.mode_of(feature) == Mode::On);
    }
    let code = Code::ALL.iter().position(|code| *code == decision.code).unwrap_or_default();
    packed = packed << 6 | code as u32;
    packed << 8
        | match verdict.source {
            None => 254,
            Some(Source::Manual) => 255,
            Some(Source::Cmp(number)) => u32::from(number),
        }
}

fn unpack(packed: u32) -> (PerFeature<Answer>, Mode, u32, Code, Option<Source>) {
    let source = match packed & 255 {
        254 => None,
        255 => Some(Source::Manual),
        number => Some(Source::Cmp(number as u8)),
    };
    let code = Code::ALL.get((packed >> 8 & 63) as usize).copied().unwrap_or(Code::Looking);
    let mode = [Mode::Off, Mode::Cookieless, Mode::On];
    let mode = mode.get((packed >> 17 & 3) as usize).copied().unwrap_or(Mode::Off);
    let mut at = 31;
    let answers = PerFeature::of(|_| {
        at -= 3;
        Answer::ALL.get((packed >> at & 7) as usize).copied().unwrap_or(Answer::Unset)
    });
    (answers, mode, (packed >> 14 & 7) << 1, code, source)
}

#[derive(Serialize)]
struct Origin {
    cmp: &'static str,
    record: bool,
    consent: BTreeMap<&'static str, &'static str>,
    categories: BTreeMap<String, &'static str>,
    others: Option<&'static str>,
    raw: BTreeMap<String, String>,
}

/// Forgets every reader.
#[wasm_bindgen]
pub fn forget() {
    READERS.with_borrow_mut(Vec::clear);
}

/// What each source of a request says.
#[wasm_bindgen]
pub fn explain(reader: usize, cookies: &str, browser: u8) -> Result<JsValue, JsValue> {
    let cookies = text(cookies);
    let BrowserSignals { gpc, dnt, .. } = BrowserSignals::of_bits(browser);
    let request = Request { cookies: &cookies, gpc, dnt };
    let told = READERS.with_borrow(|readers| {
        readers.get(reader).map(|reader| reader.explain(&request).1).unwrap_or_default()
    });
    let mut origins = Vec::new();
    for source in told {
        let mut categories = BTreeMap::new();
        for (name, answer) in source.reading.iter().flat_map(|reading| &reading.named) {
            categories.entry(name.clone()).or_insert(answer.name());
        }
        origins.push(Origin {
            cmp: source.source.id(),
            record: source.record,
            consent: Feature::ALL.map(|f| (f.name(), source.answers.get(f).name())).into(),
            categories,
            others: source.reading.and_then(|reading| reading.rest).map(Answer::name),
            raw: source.cookies.into_iter().collect(),
        });
    }
    Ok(origins.serialize(&Serializer::json_compatible())?)
}

/// A record with its signature, for the cookie of this name; nothing if it is none.
#[wasm_bindgen(js_name = signRecord)]
pub fn sign_record(cookie: &str, line: &str, key: &str) -> Option<String> {
    sign::sign(cookie, line, key.as_bytes())
}

/// Whether a record was signed with this key, for the cookie of this name.
#[wasm_bindgen(js_name = verifyRecord)]
pub fn verify_record(cookie: &str, line: &str, key: &str) -> bool {
    sign::signed(cookie, line, key.as_bytes())
}

/// A receipt as a line of the record; nothing if it is none.
#[wasm_bindgen(js_name = recordLine)]
pub fn record_line(receipt: JsValue) -> Result<Option<String>, JsValue> {
    let kept: Kept = from_value(receipt)?;
    let Entry { at_ms, said, .. } = entry(Some(&kept), 0.0);
    let source = kept.cmp.clone().unwrap_or_default();
    Ok(said.map(|(answers, event)| Record { answers, event, at_ms, source }.line()))
}

/// The name of the record's cookie.
#[wasm_bindgen(js_name = recordName)]
pub fn name_of_record(token: &str, name: Option<String>) -> String {
    record_name(token, name.as_deref())
}
