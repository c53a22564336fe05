//! Rules that can never hold: because they contradict themselves, or because a rule before them
//! holds wherever they would. What is found is certain; not everything that is so is found (a
//! test demands a fixture for every rule, and finds the rest).

/// A compiled rule.
#[derive(Clone, Debug, Default)]
pub struct Rule {
    pub sign: char,
    /// Each condition, compact and in words.
    pub conditions: Vec<(String, String)>,
    pub means: Vec<String>,
    /// How many sources of answers are among the meanings.
    pub sources: usize,
}

impl Rule {
    /// Whether it can allow what nobody was asked.
    ///
    /// A meaning is `n` and the answer's letter; a source begins with the letters of its yes and of its no,
    /// behind `f` where it is a fallback, and its last word but the conditions is the value: `-` is always no.
    pub fn opens(&self) -> bool {
        self.means.iter().any(|meaning| {
            let words: Vec<&str> = meaning.trim_start_matches("f ").split(' ').collect();
            meaning == "no"
                || words.first().is_some_and(|by| by.starts_with('o')) && words.get(3) != Some(&"-")
        })
    }
}

impl Rule {
    pub fn text(&self) -> String {
        let mut text = self.sign.to_string();
        for (condition, _) in &self.conditions {
            text.push(' ');
            text.push_str(condition);
        }
        text.push_str(" >");
        if !self.means.is_empty() {
            text.push(' ');
            text.push_str(&self.means.join(" ; "));
        }
        text
    }
}

pub enum Never {
    /// These two conditions exclude each other.
    Itself(String, String),
    /// The rule of this number holds first.
    After(usize),
}

/// Whether a rule behind these can never hold, and why.
pub fn never(rule: &Rule, before: &[Rule]) -> Option<Never> {
    for (at, (one, words)) in rule.conditions.iter().enumerate() {
        for (other, others) in rule.conditions.iter().skip(at + 1) {
            if let (false, false) = (one.contains('|'), other.contains('|'))
                && excludes(&Atom::new(one), &Atom::new(other))
            {
                return Some(Never::Itself(words.clone(), others.clone()));
            }
        }
    }
    before
        .iter()
        .position(|first| {
            // A rule that looks for answers and finds none is passed over.
            let always = !first.conditions.is_empty()
                && (first.sources == 0 || rule.sources > 0 && rule.means == first.means);
            always
                && first.conditions.iter().all(|(wanted, _)| {
                    rule.conditions.iter().any(|(given, _)| implies(given, wanted))
                })
        })
        .map(Never::After)
}

/// One alternative of a condition.
struct Atom<'a> {
    not: bool,
    place: &'a str,
    test: &'a str,
}

impl Atom<'_> {
    fn new(text: &str) -> Atom<'_> {
        let (text, not) = match text.strip_prefix('!') {
            Some(text) => (text, true),
            None => (text, false),
        };
        let mut within = false;
        let end = text.bytes().position(|b| {
            within = b == b'{' || within && b != b'}';
            !within && matches!(b, b'=' | b'~' | b'^' | b'>' | b':')
        });
        let (place, test) = text.split_at(end.unwrap_or(text.len()));
        Atom { not, place, test }
    }

    /// Exactly one thing, or nothing, is at the place.
    fn single(&self) -> bool {
        !self.place.contains('*')
    }
}

fn implies(given: &str, wanted: &str) -> bool {
    given
        .split('|')
        .all(|given| wanted.split('|').any(|wanted| follows(&Atom::new(given), &Atom::new(wanted))))
}

/// Whether the second holds wherever the first does.
fn follows(given: &Atom, wanted: &Atom) -> bool {
    if given.not == wanted.not && given.place == wanted.place && given.test == wanted.test {
        return true;
    }
    match (given.not, wanted.not) {
        // What is there has its beginnings there; what has a value is there.
        (false, false) if wanted.test.is_empty() => begins(given.place, wanted.place),
        // What has a value has its type.
        (false, false) => {
            given.place == wanted.place
                && wanted.test.starts_with(':')
                && kind(given.test) == kind(wanted.test)
        }
        // What is not there has nothing inside and no value.
        (true, true) => given.test.is_empty() && begins(wanted.place, given.place),
        // One thing that has a value has no other.
        (false, true) => {
            given.place == wanted.place && given.single() && other(given.test, wanted.test)
        }
        (true, false) => false,
    }
}

fn excludes(one: &Atom, two: &Atom) -> bool {
    match (one.not, two.not) {
        (true, true) => false,
        (true, false) => follows(two, &Atom { not: false, ..*one }),
        (false, true) => follows(one, &Atom { not: false, ..*two }),
        (false, false) => one.place == two.place && one.single() && other(one.test, two.test),
    }
}

/// Whether a path is another one, or a step inside of it.
fn begins(path: &str, beginning: &str) -> bool {
    path.strip_prefix(beginning).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '{']))
}

/// The type of what passes a test, if there is but one.
fn kind(test: &str) -> Option<&'static str> {
    match test.as_bytes() {
        b"=true" | b"=false" | b":bool" => Some("bool"),
        b"=null" => Some("null"),
        [b'=', b'0'..=b'9', ..] => Some("number"),
        b":map" => Some("map"),
        b":list" => Some("list"),
        [b'~' | b'^', ..] | b":text" => Some("text"),
        _ => None,
    }
}

/// Whether what passes the first test cannot pass the second. Only what is certain.
fn other(one: &str, two: &str) -> bool {
    let exact = |test: &str| test.starts_with('~') || test.starts_with('=');
    match (kind(one), kind(two)) {
        (Some(first), Some(second)) if first != second => true,
        (Some(_), Some(_)) => exact(one) && exact(two) && one != two,
        _ => false,
    }
}
