//! What a server's ledger (src/server/ledger) asks the core: what one more answer makes of a
//! person's line, what a history comes to when it is gone through anew, and what lines allow.

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_wasm_bindgen::{Serializer, from_value};
use sha2::{Digest, Sha256};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use super::server::{Bounds, named_answers, pack};
use crate::core::{
    ConsentEvent, Feature, Heard, How, Named, Said, Standing, Taken, When, in_order, judge, meant,
};
use crate::request::Verdict;

thread_local! {
    static TERMS: RefCell<Vec<Bounds>> = const { RefCell::new(Vec::new()) };
}

/// Keeps the terms of a ledger; answers with their number.
#[wasm_bindgen]
pub fn terms(given: JsValue) -> Result<usize, JsValue> {
    let bounds: Bounds = from_value(given)?;
    Ok(TERMS.with_borrow_mut(|kept| {
        kept.push(bounds);
        kept.len() - 1
    }))
}

/// What lines, one below the other, allow: each at the time (milliseconds since 1970) of the same
/// place in `times`, the strictest, as a number for `describe`. A time `-1 - t` is `t`, and is now.
#[wasm_bindgen(js_name = judgeLines)]
pub fn judge_lines(terms: usize, lines: &str, times: &[f64]) -> Result<u32, JsValue> {
    let when = |ms: &f64| {
        if *ms < 0.0 { When::Now((-1.0 - *ms) as u64) } else { When::At(*ms as u64) }
    };
    judged(terms, lines.split('\n').zip(times.iter().map(when)))
}

/// What one line allows now.
#[wasm_bindgen(js_name = judgeNow)]
pub fn judge_now(terms: usize, line: &str, now: f64) -> Result<u32, JsValue> {
    judged(terms, [(line, When::Now(now as u64))])
}

fn judged<'a>(
    terms: usize,
    lines: impl IntoIterator<Item = (&'a str, When)>,
) -> Result<u32, JsValue> {
    TERMS.with_borrow(|kept| {
        let bounds = kept.get(terms).ok_or("no such terms")?;
        let ruling = judge(lines, &bounds.terms());
        Ok(pack(&Verdict { ruling, source: None, answered_ms: None }))
    })
}

/// One answer, as the history keeps it.
#[derive(Deserialize)]
struct Kept {
    at: f64,
    heard: f64,
    event: Option<String>,
    consent: BTreeMap<String, String>,
    version: Option<String>,
    device: Option<String>,
    said: Option<f64>,
    #[serde(default)]
    seen: bool,
    proven: Option<f64>,
    #[serde(default)]
    shared: bool,
}

impl Kept {
    fn said(&self, repeated: bool) -> Result<Said<'_>, JsValue> {
        let ms = |ms: f64| ms as u64;
        let how = if self.seen {
            How::Seen { proven_ms: self.proven.map(ms) }
        } else {
            let event = self.event.as_deref().and_then(ConsentEvent::named).ok_or("no event")?;
            How::Act { event, claimed_ms: self.said.map(ms) }
        };
        Ok(Said {
            answers: named_answers(&self.consent).ok_or("no answers")?,
            how,
            at_ms: ms(self.at),
            heard_ms: ms(self.heard),
            device: self.device.as_deref(),
            shared: self.shared,
            version: self.version.as_deref(),
            repeated,
        })
    }
}

/// What one more answer makes of a person.
#[derive(Serialize)]
struct Outcome {
    /// The person's line from then on; empty: still nothing is known.
    line: String,
    /// From when on the line holds.
    from: f64,
    /// What the answer is in the history; nothing where it is no entry.
    event: Option<&'static str>,
    /// The answers that are in the history.
    consent: Option<BTreeMap<&'static str, &'static str>>,
    /// It opens nothing.
    late: bool,
}

impl Outcome {
    fn of(standing: Option<Standing>, event: Option<ConsentEvent>, late: bool) -> Outcome {
        Outcome {
            line: standing.map_or_else(String::new, |standing| standing.line()),
            from: standing.map_or(0.0, |standing| standing.at_ms as f64),
            event: event.map(ConsentEvent::name),
            consent: None,
            late,
        }
    }
}

/// What this answer makes of a person's line (empty: nothing is known): nothing where it is no
/// news, else the line, and what the answer is in the history. `repeated`: the entry that was kept
/// last says the same, and is young.
#[wasm_bindgen(js_name = takeAnswer)]
pub fn take_answer(line: &str, answer: JsValue, repeated: bool) -> Result<JsValue, JsValue> {
    let kept: Kept = from_value(answer)?;
    // What cannot be read may have been a no: what is known begins with the next act.
    let stands = Standing::parse(line);
    if kept.seen && stands.is_none() && !line.is_empty() {
        return Ok(JsValue::UNDEFINED);
    }
    let said = kept.said(repeated)?;
    let outcome = match Standing::take(stands, &said) {
        Taken::Nothing => return Ok(JsValue::UNDEFINED),
        Taken::Noted(standing) => Outcome::of(Some(standing), None, false),
        Taken::Added { standing, event, late } => {
            let mut outcome = Outcome::of(standing, Some(event), late);
            // A cookie is kept as what of it counts: the rest is no answer of that time.
            let answers = standing.filter(|_| kept.seen).map_or(said.answers, |now| now.answers);
            outcome.consent = Some(Feature::ALL.map(|f| (f.name(), answers.get(f).name())).into());
            outcome
        }
    };
    Ok(outcome.serialize(&Serializer::json_compatible())?)
}

/// The same for a whole history, in the order in which it was heard: an outcome for each entry,
/// with the line after it.
#[wasm_bindgen]
pub fn replay(entries: Vec<JsValue>) -> Result<JsValue, JsValue> {
    let entries: Vec<Option<Kept>> =
        entries.into_iter().map(|entry| from_value(entry).ok()).collect();
    let mut stands: Option<Standing> = None;
    let mut outcomes = Vec::with_capacity(entries.len());
    for kept in &entries {
        let Some(said) = kept.as_ref().and_then(|kept| kept.said(false).ok()) else {
            outcomes.push(Outcome::of(stands, None, true));
            continue;
        };
        let (event, late) = match Standing::take(stands, &said) {
            Taken::Nothing => (None, true),
            Taken::Noted(standing) => {
                stands = Some(standing);
                (None, false)
            }
            Taken::Added { standing, event, late } => {
                stands = standing;
                (Some(event), late)
            }
        };
        outcomes.push(Outcome::of(stands, event, late));
    }
    Ok(outcomes.serialize(&Serializer::json_compatible())?)
}

/// Two histories of one person as one, in the order in which they were heard: places in the first,
/// and behind its length places in the second. What is no entry stays where it was.
#[wasm_bindgen(js_name = inOrder)]
pub fn order(first: Vec<JsValue>, second: Vec<JsValue>) -> Vec<usize> {
    let heard = |entry: JsValue| {
        let kept: Kept = from_value(entry).ok()?;
        let event = kept.event.as_deref().map_or(Some(ConsentEvent::Given), ConsentEvent::named);
        let said = named_answers(&kept.consent).zip(event);
        Some(Heard { heard_ms: kept.heard as u64, said })
    };
    let all = |entries: Vec<JsValue>| entries.into_iter().map(heard).collect::<Vec<_>>();
    in_order(&all(first), &all(second))
}

/// The people who may be meant by ids that are named together; nothing where one of them is not
/// known. Each id is told as whether it is a device (1 or 0), how many people it belongs to, and
/// their numbers.
#[wasm_bindgen(js_name = meant)]
pub fn people(ids: &[u32]) -> Option<Vec<u32>> {
    let mut named = Vec::new();
    let mut rest = ids;
    while let [device, count, more @ ..] = rest {
        let (persons, others) = more.split_at_checked(*count as usize)?;
        named.push(Named { device: *device == 1, persons });
        rest = others;
    }
    meant(&named)
}

/// A text of any length and any letters as a name of 65 plain ones.
#[wasm_bindgen(js_name = hashed)]
pub fn hashed(text: &str) -> String {
    let mut name = String::from("#");
    for byte in Sha256::digest(text.as_bytes()) {
        name.push_str(&format!("{byte:02x}"));
    }
    name
}
