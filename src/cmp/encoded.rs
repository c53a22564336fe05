//! Texts in an encoding that few pages have, as JSON: the IAB's strings, and what LZ-string has
//! packed. In a page these are decoded by a module of their own (src/wasm/texts.rs), which is loaded
//! where there is such a text; everywhere else by this code as well, so that each has one reading.

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
        Form::Tc => tc_string(text).then(|| tc_json(text)),
        Form::Gpp => gpp::opted_out(text).map(|out| ["{\"optedOut\":", bool(out), "}"].concat()),
        Form::Packed => lz::unpack(text),
        Form::Raw | Form::Text | Form::Json | Form::Base64 => None,
    }
}

/// Where a TC string of version 2 has its consent manager and its purposes.
const CMP_ID: usize = 78;
const PURPOSES: usize = 152;

fn tc_json(text: &str) -> String {
    let mut json = String::from("{\"cmpId\":");
    push_number(&mut json, number(text, CMP_ID, 12).into());
    let mut before = ",\"purposes\":{\"";
    for at in 0..11 {
        json.push_str(before);
        before = ",\"";
        push_number(&mut json, at as u64 + 1);
        json.push_str("\":");
        json.push_str(bool(number(text, PURPOSES + at, 1) == 1));
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
