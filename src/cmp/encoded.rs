//! Texts in an encoding that few pages have, as JSON: the IAB's strings, and what LZ-string has
//! packed. In a page these are decoded by a module of their own (src/wasm/texts.rs), which is loaded
//! where there is such a text; everywhere else by this code as well, so that each has one reading.

use std::array;

use super::bits::{number, tc_string};
use super::{gpp, lz};
use crate::core::protocol::Form;
use crate::core::push_number;

/// What the text says, as JSON:
///
/// | form | JSON |
/// |---|---|
/// | TC string | `{"cmpId":10,"purposes":{"1":true,…,"11":false}}` |
/// | GPP string | `{"optedOut":true}` |
/// | packed | what was packed |
///
/// `None` for a text that is not whole, and for forms that are read elsewhere.
pub fn json(form: Form, text: &str) -> Option<String> {
    match form {
        Form::Tc => tc(text).map(tc_json),
        Form::Gpp => gpp::opted_out(text).map(|out| ["{\"optedOut\":", bool(out), "}"].concat()),
        Form::Packed => lz::unpack(text),
        Form::Raw | Form::Text | Form::Json | Form::Base64 => None,
    }
}

/// Where a TC string of version 2 has its consent manager and its purposes.
const CMP_ID: usize = 78;
const PURPOSES: usize = 152;

/// What of a TC string is read.
pub struct Tc {
    /// The consent manager's number.
    pub cmp_id: u32,
    /// What is consented to, the first purpose first.
    pub purposes: [bool; 11],
}

/// Reads a TC string that is whole.
pub fn tc(text: &str) -> Option<Tc> {
    let consented = |at| number(text, PURPOSES + at, 1) == 1;
    tc_string(text)
        .then(|| Tc { cmp_id: number(text, CMP_ID, 12), purposes: array::from_fn(consented) })
}

fn tc_json(tc: Tc) -> String {
    let mut json = String::from("{\"cmpId\":");
    push_number(&mut json, tc.cmp_id.into());
    let mut before = ",\"purposes\":{\"";
    for (at, consented) in tc.purposes.into_iter().enumerate() {
        json.push_str(before);
        before = ",\"";
        push_number(&mut json, at as u64 + 1);
        json.push_str("\":");
        json.push_str(bool(consented));
    }
    json.push_str("}}");
    json
}

fn bool(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}

#[cfg(test)]
mod tests {
    use super::json;
    use crate::core::protocol::Form;

    #[test]
    fn each_says_in_json_what_it_holds_and_damaged_ones_say_nothing() {
        // By @iabtcf/core 1.5.6: purposes 1, 8 and 9 of consent manager 300.
        let tc = json(Form::Tc, TC).unwrap();
        assert!(tc.starts_with("{\"cmpId\":300,\"purposes\":{\"1\":true,\"2\":false,"), "{tc}");
        assert!(tc.ends_with("\"8\":true,\"9\":true,\"10\":false,\"11\":false}}"), "{tc}");
        assert_eq!(json(Form::Tc, TC.get(..30).unwrap()), None);
        // By @iabgpp/cmpapi 3.2.0: a US national section with an opt-out of sale.
        assert_eq!(
            json(Form::Gpp, "DBABLA~BVQVAAAAAgA.QA").as_deref(),
            Some("{\"optedOut\":true}")
        );
        assert_eq!(json(Form::Gpp, "DBABLA"), None);
        assert_eq!(json(Form::Raw, TC), None);
    }

    const TC: &str = "CQuZP8AQuZP8AEsABBENABEgAIGAAAAAAAAAAAAAAAAA.YAAAAAAAAAAA";
}
