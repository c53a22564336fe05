//! What a page remembers: stories, told an event a line.
//!
//! Left of the arrow what happens, right of it what comes of it: `consent mode code`, then
//! what is kept (`record:<event>`) and told to the other tabs (`tell:<answers>`), and whether it
//! is a yes that was not known before (`new-yes`).

use mixpanel_consent_bridge::core::{
    Command, ConsentEvent, Event, Feature, Input, Kept, LastAnswer, Record, Sdk, Session, Sweep,
    protocol::Pace,
};

use crate::table::{browser, letters, policy, signals};

struct Story {
    session: Session,
    now_ms: u64,
}

impl Story {
    fn new(options: &str, record: &str) -> Story {
        Story { session: Session::new(policy(options), record, false, false), now_ms: 1000 }
    }

    /// On a device where the SDK's own opt-out is stored.
    fn opted_out(record: &str) -> Story {
        Story { session: Session::new(policy(""), record, true, false), now_ms: 1000 }
    }

    /// `read <signals> [on <page>]`, `peer <text>`, `kept <text>`, `sdk <what>`, `forget`
    fn happens(&mut self, what: &str) -> String {
        self.now_ms += 1;
        let (verb, rest) = what.split_once(' ').unwrap_or((what, ""));
        let effects = match verb {
            "read" => {
                let rest = [" ", rest].concat();
                let (said, page) = rest.split_once(" on ").unwrap_or((&rest, ""));
                let signals = signals(said);
                let event =
                    Event::Read { signals: &signals, browser: browser(page), now_ms: self.now_ms };
                self.session.on(event)
            }
            "peer" => self.session.on(Event::Peer(rest)),
            "kept" => self.session.on(Event::Kept(rest.into())),
            "sdk" => self.session.on(Event::Sdk(match rest {
                "loaded" => Input::Loaded,
                "failed" => Input::LoadFailed,
                "refused" => Input::LockRefused,
                "settled" => Input::Settled,
                other => panic!("nothing of the SDK's: {other}"),
            })),
            "forget" => {
                self.session.forget();
                Default::default()
            }
            other => panic!("no event: {other}"),
        };
        let decision = self.session.decision();
        let mut text = format!(
            "{} {} {}",
            decision.consent.name(),
            decision.mode.name(),
            self.session.code().name()
        );
        if let Some(record) = &effects.record {
            assert_eq!(record.at_ms, self.now_ms);
            text += &format!(" record:{} tell:{}", record.event.name(), letters(record.answers));
        }
        if effects.new_yes {
            text += " new-yes";
        }
        text
    }

    fn runs(&mut self, story: &str) {
        let mut steps = 0;
        for line in story.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')) {
            let (what, expected) = line.split_once("->").unwrap();
            assert_eq!(self.happens(what.trim()), expected.trim(), "at: {line}\nin: {story}");
            steps += 1;
        }
        assert!(steps > 0);
    }
}

fn story(options: &str, record: &str, lines: &str) {
    Story::new(options, record).runs(lines);
}

const YES: &str = "1.gggg.g.900.onetrust";
const NO: &str = "1.dddd.r.900.onetrust";

#[test]
fn a_first_visit_with_a_yes_and_its_withdrawal() {
    story(
        "",
        "",
        "
        read                       -> unset off cmp-looking
        read on timed-out          -> unset off cmp-missing
        read 1 vendor uuuu         -> unset off cmp-asking
        read 1 vendor gggg         -> granted on granted record:given tell:gggg new-yes
        read 1 vendor gggg         -> granted on granted
        read 1 vendor dddd         -> denied off denied record:withdrawn tell:dddd
        read 1 vendor dddd         -> denied off denied
        read 1 vendor gggg         -> granted on granted record:given tell:gggg new-yes
    ",
    );
}

/// Breaks if a page that was prepared believes its own consent manager, which was asked before
/// the visitor answered elsewhere, or keeps and tells what nobody has seen it hear.
#[test]
fn a_page_that_nobody_sees_only_listens() {
    story(
        "pending:cookieless",
        "",
        "
        read on unseen timed-out           -> unset off prerendered
        read 1 vendor gggg on unseen       -> unset off prerendered
        read 1 vendor gggg                 -> granted on granted record:given tell:gggg new-yes
    ",
    );
    for heard in ["peer dddd", "kept 1.dddd.w.950.onetrust"] {
        let lines = format!(
            "
            read 1 vendor gggg on unseen   -> unset off prerendered
            {heard}                        -> unset off prerendered
            read 1 vendor gggg on unseen   -> unset off prerendered
            read 1 vendor gggg             -> denied off other-tab
        "
        );
        story("", YES, &lines);
    }
}

#[test]
fn a_no_that_takes_nothing_back_is_a_refusal() {
    story(
        "",
        "",
        "
        read 1 vendor uuuu         -> unset off cmp-asking
        read 1 vendor dddd         -> denied off denied record:refused tell:dddd
        read 1 vendor uuuu         -> unset off cmp-asking
        read 1 vendor dddd         -> denied off denied
    ",
    );
}

/// Breaks if `new_yes` is said for each page, or for each read.
#[test]
fn a_yes_that_is_known_is_no_new_yes() {
    story(
        "",
        YES,
        "
        read 1 vendor gggg         -> granted on granted
        read 1 vendor gggg         -> granted on granted
    ",
    );
    // The visitor changed what the yes is for: kept, and no new yes.
    story(
        "",
        YES,
        "
        read 1 vendor gdgg         -> granted on granted record:given tell:gdgg
    ",
    );
    story(
        "",
        NO,
        "
        read 1 vendor gggg         -> granted on granted record:given tell:gggg new-yes
    ",
    );
}

#[test]
fn a_kept_yes_is_withdrawn_on_a_later_page() {
    story(
        "",
        YES,
        "
        read                       -> unset off cmp-looking
        read 1 vendor dddd         -> denied off denied record:withdrawn tell:dddd
    ",
    );
}

/// Breaks if `note` keeps what nobody chose.
#[test]
fn only_an_explicit_answer_is_kept() {
    for answers in ["uuuu", "oooo", "cccc", "uggg", "oddd", "cggg"] {
        for record in ["", YES, NO] {
            let mut story = Story::new("", record);
            let said = story.happens(&format!("read 1 vendor {answers}"));
            assert!(!said.contains("record") && !said.contains("new-yes"), "{answers}: {said}");
        }
    }
}

#[test]
fn a_default_between_two_answers_is_not_kept() {
    story(
        "",
        "",
        "
        read 1 vendor oooo         -> implied-granted on implied-granted
        read 1 vendor gggg         -> granted on granted record:given tell:gggg new-yes
        read 1 vendor cccc         -> implied-denied off implied-denied
        read 1 vendor gggg         -> granted on granted
        read 1 vendor dddd         -> denied off denied record:withdrawn tell:dddd
    ",
    );
}

#[test]
fn an_answer_that_is_seen_to_end() {
    story(
        "",
        "",
        "
        read 1 vendor gggg         -> granted on granted record:given tell:gggg new-yes
        read 1 vendor uuuu expired -> unset off cmp-expired record:expired tell:uuuu
        read 1 vendor gggg         -> granted on granted record:given tell:gggg new-yes
    ",
    );
    // A consent manager that is only late, or another one, ends nothing.
    story(
        "",
        YES,
        "
        read 1 vendor uuuu         -> unset off cmp-asking
        read 1 vendor gggg         -> granted on granted
    ",
    );
    story(
        "",
        "",
        "
        read 1 standard gggg                  -> granted on granted record:given tell:gggg new-yes
        read 1 standard gggg, 2 vendor uuuu   -> unset off cmp-asking
        read 1 standard gggg, 2 vendor gggg   -> granted on granted
    ",
    );
}

/// Breaks if what was only stored stands while the manager asks, or if a yes of this page is taken
/// back when the visitor opens the settings again.
#[test]
fn who_is_asking_has_no_answer_but_the_one_that_was_given_to_it_on_this_page() {
    story(
        "",
        YES,
        "
        read 1 standard stored gggg              -> granted on granted
        read 1 standard uuuu asking              -> unset off cmp-asking
        read 1 standard gggg                     -> granted on granted
        read 1 standard uuuu asking              -> granted on granted
        read 1 standard dddd                     -> denied off denied record:withdrawn tell:dddd
        read 1 standard uuuu asking              -> denied off denied
    ",
    );
}

/// Breaks if a product that is gone outlives the manager that took its place.
#[test]
fn a_stored_yes_of_a_product_that_does_not_come_ends_where_another_manager_runs() {
    story(
        "",
        YES,
        "
        read 1 vendor stored gggg                               -> granted on granted
        read 1 vendor stored gggg, 2 standard dddd              -> granted on granted
        read 1 vendor stored gggg, 2 standard dddd on timed-out -> denied off denied record:withdrawn tell:dddd
    ",
    );
    // A bus that hands on is no manager, and neither is one that only limits.
    story(
        "",
        YES,
        "
        read 1 vendor stored gggg, 2 bus uuuu, 3 limit cccc on timed-out -> granted on granted
    ",
    );
}

/// Breaks if a script that loads takes back what it had stored (without the guard in `on`).
#[test]
fn one_that_loads_takes_nothing_back() {
    story(
        "",
        YES,
        "
        read 1 vendor stored gggg                -> granted on granted
        read 1 vendor uuuu not-ready             -> granted on granted
        read 1 vendor gggg                       -> granted on granted
    ",
    );
    story("", NO, "
        read 1 vendor stored dddd                -> denied off denied
        read 1 vendor uuuu not-ready             -> denied off denied
        read 1 vendor gggg                       -> granted on granted record:given tell:gggg new-yes
    ");
    // Nothing is known of one that was not read before, and another's word is not its own.
    story(
        "",
        YES,
        "
        read 1 vendor uuuu not-ready             -> unset off cmp-not-ready
    ",
    );
    story(
        "",
        YES,
        "
        read 2 standard gggg                     -> granted on granted
        read 2 standard gggg, 1 vendor uuuu not-ready -> unset off cmp-not-ready
    ",
    );
    // Nor does one that cannot be read go on as before.
    story(
        "",
        YES,
        "
        read 1 vendor stored gggg                -> granted on granted
        read 1 vendor uuuu unreadable            -> unset off cmp-unreadable
    ",
    );
}

#[test]
fn another_tab_knows_better() {
    story(
        "",
        "",
        "
        read 1 vendor uuuu         -> unset off cmp-asking
        peer gggg                  -> granted on other-tab
        # What this tab reads is what it has always read.
        read 1 vendor uuuu         -> granted on other-tab
        peer dddd                  -> denied off other-tab
        peer uuuu                  -> unset off other-tab
        # It moves: then its own word counts, and what is known already is not kept twice.
        read 1 vendor dddd         -> denied off denied record:refused tell:dddd
    ",
    );
    story(
        "",
        "",
        "
        read 1 vendor gggg         -> granted on granted record:given tell:gggg new-yes
        peer dddd                  -> denied off other-tab
        read 1 vendor gggg         -> denied off other-tab
        read 1 vendor dddd         -> denied off denied
    ",
    );
}

/// Breaks if `heard` counts as an answer of this tab.
#[test]
fn what_another_tab_says_is_neither_kept_nor_told_again() {
    for said in ["gggg", "dddd", "uuuu", "oooo", "gdgd"] {
        let mut story = Story::new("", "");
        story.happens("read 1 vendor uuuu");
        let heard = story.happens(&format!("peer {said}"));
        assert!(!heard.contains("record") && !heard.contains("tell") && !heard.contains("new-yes"));
        let read = story.happens("read 1 vendor uuuu");
        assert!(!read.contains("record") && !read.contains("tell") && !read.contains("new-yes"));
    }
}

#[test]
fn what_another_tab_cannot_have_said() {
    for said in ["", "g", "ggg", "ggggg", "GGGG", "xxxx", "gggg ", "1.gggg.g.1.x", "éé"] {
        let mut story = Story::new("", "");
        story.happens("read 1 vendor uuuu");
        assert_eq!(story.happens(&format!("peer {said}")), "unset off cmp-asking", "{said:?}");
    }
}

#[test]
fn another_tabs_yes_is_under_this_pages_signals_too() {
    story(
        "gpc:strict",
        "",
        "
        read 1 vendor uuuu on gpc  -> implied-denied off gpc
        peer gggg                  -> implied-denied off gpc
    ",
    );
    story(
        "",
        "",
        "
        read 1 vendor uuuu, 2 limit dddd -> unset off cmp-asking
        peer oooo                        -> implied-denied off opted-out-of-sale
    ",
    );
}

#[test]
fn the_kept_record_has_become_another() {
    story(
        "",
        YES,
        "
        read 1 vendor gggg           -> granted on granted
        kept 1.gggg.g.900.onetrust   -> granted on granted
        kept 1.dddd.w.950.onetrust   -> denied off other-tab
        # Its removal says nothing, and neither does what cannot be read.
        kept                         -> denied off other-tab
        kept 2.gggg.g.990.onetrust   -> denied off other-tab
        kept 1.gggg.g.999.onetrust   -> granted on other-tab
    ",
    );
}

/// Breaks if `Session::new` forgets the SDK's flag, or believes it for ever.
#[test]
fn the_sdks_own_opt_out_is_a_no_until_the_manager_moves() {
    for record in ["", YES, "1.gddd.g.900.onetrust"] {
        Story::opted_out(record).runs(
            "
            read 1 vendor gggg           -> denied off opted-out
            read 1 vendor gggg           -> denied off opted-out
            read 1 vendor dddd           -> denied off denied
            read 1 vendor gggg           -> granted on granted record:given tell:gggg new-yes
        ",
        );
    }
    // A script that comes late brings what the visitor said before.
    Story::opted_out("").runs(
        "
        read                                 -> unset off cmp-looking
        read 1 vendor uuuu not-ready         -> unset off cmp-not-ready
        read 1 vendor gggg                   -> denied off opted-out
        # What another tab hears is heard now.
        peer gggg                            -> granted on other-tab
    ",
    );
    // It says nothing against a yes that is given now.
    for asks in ["1 vendor uuuu", "1 vendor dddd"] {
        let mut story = Story::opted_out("");
        story.happens(&["read ", asks].concat());
        story.runs("read 1 vendor gggg -> granted on granted record:given tell:gggg new-yes");
    }
    // Nor where a manager writes with the answer only, and the page had looked before.
    Story::opted_out("").runs(
        "
        read                                 -> unset off cmp-looking
        read 1 vendor stored gggg            -> granted on granted record:given tell:gggg new-yes
    ",
    );
    // The bridge's own withdrawal left it: the record knows.
    Story::opted_out(NO).runs(
        "
        read 1 vendor gggg           -> granted on granted record:given tell:gggg new-yes
    ",
    );
}

fn past(record: &str, refused: bool) -> Vec<Command> {
    let mut session = Session::new(policy(""), record, refused, true);
    let page = browser("");
    let mut commands = Vec::new();
    // The manager asks, and is answered.
    for letters in ["uuuu", "gggg"] {
        let signals = signals(&["1 vendor ", letters].concat());
        let read = Event::Read { signals: &signals, browser: page, now_ms: 1000 };
        commands.extend(session.on(read).commands);
    }
    commands
}

/// Breaks if `Session::new`, or a record that changes, takes a yes of an instance's own for one of
/// the instance that it was begun on, or misses a newer no.
#[test]
fn of_two_records_a_newer_no_counts() {
    let line = |answers: &str, at: u64| match at {
        0 => String::new(),
        _ => format!(
            "1.{0}{0}{0}{0}.{1}.{at}.manual",
            answers,
            if answers == "g" { "g" } else { "r" }
        ),
    };
    for (record, own, stands) in [
        (("g", 5), ("d", 4), "gggg"),
        (("g", 5), ("d", 5), "dddd"),
        (("g", 5), ("d", 6), "dddd"),
        (("g", 5), ("g", 6), "gggg"),
        (("d", 5), ("g", 6), "dddd"),
        (("d", 5), ("d", 4), "dddd"),
        (("g", 0), ("d", 4), "dddd"),
        (("g", 0), ("g", 4), ""),
        (("g", 5), ("d", 0), "gggg"),
        (("g", 0), ("d", 0), ""),
    ] {
        let (under, alone) = (line(record.0, record.1), line(own.0, own.1));
        let kept = Kept { record: &under, own: &alone };
        let known = |session: &Session| session.kept().map(letters).unwrap_or_default();
        assert_eq!(known(&Session::new(policy(""), kept, false, false)), stands, "{under} {alone}");
        let mut open = Session::new(policy(""), "", false, false);
        open.on(Event::Kept(kept));
        assert_eq!(known(&open), stands, "{under} {alone}, heard");
    }
    // What cannot be read of its own says nothing, and of the other ends what was before it.
    let damaged = Kept { record: YES, own: "1.dddd.r.95" };
    assert!(Session::new(policy(""), damaged, false, false).kept().is_some());
    let damaged = Kept { record: "noise", own: NO };
    assert!(Session::new(policy(""), damaged, false, false).kept().is_some());
}

/// Breaks if `Session::new` takes an older line where the newest cannot be read.
#[test]
fn what_the_kept_record_makes_of_what_lies_on_the_device() {
    let all = Some(Sweep::Everything);
    let doubtful = Some(Sweep::Leftovers);
    let withdrawn = format!("1.dddd.w.950.onetrust\n{YES}");
    let again = format!("{YES}\n{NO}");
    let newer = format!("2.dddd.w.950.onetrust\n{YES}");
    let damaged = format!("1.dddd.w.95\n{YES}");
    for (record, refused, sweep) in [
        ("", false, doubtful),
        ("", true, all),
        (YES, false, None),
        (YES, true, all),
        (NO, false, all),
        ("1.uuuu.e.900.onetrust", false, all),
        ("1.ogggg.g.900.onetrust", false, doubtful),
        ("1.gddd.g.900.onetrust", false, None),
        (&withdrawn, false, all),
        (&again, false, None),
        // A line of another version, or a damaged one, is no reason to believe an older one.
        (&newer, false, doubtful),
        (&damaged, false, doubtful),
        ("noise", false, doubtful),
    ] {
        let commands = past(record, refused);
        let swept = commands.iter().find_map(|command| match command {
            Command::Sweep(sweep) => Some(*sweep),
            _ => None,
        });
        assert_eq!(swept, sweep, "record {record:?}, flag {refused}");
        // The flag of a no that is taken back goes before the SDK comes: a page that is reloaded
        // meanwhile would find it beside the yes.
        let at = |wanted| commands.iter().position(|command| *command == wanted);
        let (cleared, loaded) = (at(Command::ClearFlag), at(Command::Load));
        assert!(loaded.is_some());
        assert_eq!(cleared.is_some(), sweep == all, "record {record:?}, flag {refused}");
        assert!(cleared <= loaded);
    }
    // The word for each is the machine's own.
    assert_ne!(LastAnswer::Given, LastAnswer::Unknown);
}

/// What a site with its own banner does: the kept answer is asked for at the start.
#[test]
fn the_sites_own_banner() {
    story(
        "",
        "",
        "
        read 255 vendor uuuu manual  -> unset off manual-unset
        read 255 vendor gggg         -> granted on granted record:given tell:gggg new-yes
        read 255 vendor gggg         -> granted on granted
        read 255 vendor dddd         -> denied off denied record:withdrawn tell:dddd
        forget                       -> denied off denied
        read 255 vendor uuuu manual  -> unset off manual-unset
        read 255 vendor dddd         -> denied off denied record:refused tell:dddd
    ",
    );
}

/// Breaks if an older line is believed: the newest is of a later version of this package,
/// where the visitor may have said no.
#[test]
fn the_sites_own_banner_and_a_record_that_cannot_be_read() {
    for record in ["noise", "2.dddd.r.950.manual\n1.gggg.g.900.manual", "\n1.gggg.g.900.manual"] {
        let session = Session::new(policy(""), record, false, false);
        assert_eq!(session.kept(), None, "{record:?}");
    }
    let session = Session::new(policy(""), "1.gdgg.g.900.manual\nnoise", false, false);
    assert_eq!(session.kept().map(letters).as_deref(), Some("gdgg"));
}

#[test]
fn what_keeps_a_yes_from_being_carried_out() {
    story(
        "",
        "",
        "
        read 1 vendor gggg  -> granted on granted record:given tell:gggg new-yes
        sdk failed          -> granted on sdk-failed
        # It was only late.
        sdk loaded          -> granted on granted
        read 1 vendor dddd  -> denied off denied record:withdrawn tell:dddd
    ",
    );
    story(
        "",
        "",
        "
        read 1 vendor gggg  -> granted on granted record:given tell:gggg new-yes
        sdk failed          -> granted on sdk-failed
        read 1 vendor dddd  -> denied off denied record:withdrawn tell:dddd
    ",
    );
}

/// Breaks if the code of a refused lock stays when the SDK is no longer locked.
#[test]
fn a_version_that_ignores_the_lock() {
    story(
        "start:opted-out",
        "",
        "
        read 1 vendor uuuu  -> unset off cmp-asking
        sdk loaded          -> unset off cmp-asking
        sdk refused         -> unset off sdk-lock-refused
        read 1 vendor gggg  -> granted on granted record:given tell:gggg new-yes
    ",
    );
}

#[test]
fn the_session_says_when_the_state_has_changed() {
    let mut session = Session::new(policy(""), "", false, false);
    let mut read = |text: &str, page: &str| {
        let signals = signals(text);
        session.on(Event::Read { signals: &signals, browser: browser(page), now_ms: 1 }).changed
    };
    for (said, page, changed) in [
        ("", "", false),
        ("", "timed-out", true),
        ("1 vendor uuuu", "", true),
        ("1 vendor uuuu", "timed-out", false),
        ("1 vendor gggg", "", true),
        ("1 vendor gggg", "", false),
        // Another source with the same answer is another state: it has another `cmp`.
        ("2 vendor gggg", "", true),
        ("2 vendor gggg", "gpc", false),
    ] {
        assert_eq!(read(said, page), changed, "{said} {page}");
    }
}

#[test]
fn a_record_is_what_the_session_says_of_all_features() {
    let mut session = Session::new(policy(""), "", false, false);
    let said = signals("1 vendor gdou");
    let event = Event::Read { signals: &said, browser: browser("gpc"), now_ms: 77 };
    let record = session.on(event).record.unwrap();
    // The visitor's answer, not what the browser's signals leave of it.
    assert_eq!((letters(record.answers).as_str(), record.event), ("gdou", ConsentEvent::Given));
    assert_eq!(record.at_ms, 77);
    let line = Record { source: "onetrust".into(), ..record }.line();
    assert_eq!(line, "1.gdou.g.77.onetrust");
    assert_eq!(session.machine().sdk(), Sdk::Loading);
    assert_eq!(session.source(), Some(1));
    assert!(
        session.decision().flow.get(Feature::Replay)
            < session.decision().flow.get(Feature::Tracking)
    );
}

/// Whether getting ready was asked for by each of these events, told as in a story.
fn prepares(record: &str, events: &[&str]) -> Vec<bool> {
    let mut session = Session::new(policy("implied:ask"), record, false, false);
    let asked = |event: &str, session: &mut Session| {
        let said = signals(&[" ", event].concat());
        let event = Event::Read { signals: &said, browser: browser(""), now_ms: 1 };
        session.on(event).commands.contains(&Command::Prepare)
    };
    events.iter().map(|event| asked(event, &mut session)).collect()
}

/// Breaks if the first yes has to wait for what drives the SDK, if that is fetched at each look,
/// for nobody, or for who has refused.
#[test]
fn getting_ready_is_asked_for_once_when_somebody_is_asked() {
    let events = ["", "1 vendor uuuu", "1 vendor uuuu", "1 vendor gggg"];
    assert_eq!(prepares("", &events), [false, true, false, false]);
    assert_eq!(prepares(YES, &events), [false, true, false, false]);
    assert_eq!(prepares(NO, &events), [false, false, false, false]);
    assert_eq!(prepares("", &["1 vendor oooo"]), [true], "`implied: 'ask'` waits for an answer");
    assert_eq!(prepares("", &["1 vendor gggg", "1 vendor uuuu"]), [false, true]);
    assert_eq!(prepares("", &["1 vendor dddd", "1 vendor uuuu"]), [false, false]);
}

/// How soon to look again after these signals, of which those of the numbers tell nobody.
fn pace(said: &str, silent: &[u8]) -> Pace {
    let mut session = Session::new(policy(""), "", false, false);
    let said = signals(&[" ", said].concat());
    session.on(Event::Read { signals: &said, browser: browser(""), now_ms: 1 });
    session.pace(&said, |signal| silent.contains(&signal.source))
}

/// Breaks if a page is looked at by the clock for an answer that is told by an event, or is not
/// looked at where no event tells.
#[test]
fn a_page_is_looked_at_by_the_clock_only_where_nobody_tells() {
    assert_eq!(pace("", &[]), Pace::Search, "nobody was found");
    assert_eq!(pace("1 vendor uuuu", &[]), Pace::Rest, "who asks tells of the answer");
    assert_eq!(pace("1 vendor stored uuuu", &[]), Pace::Search, "its script may still come");
    assert_eq!(pace("1 bus uuuu", &[]), Pace::Search, "who asks may still come");
    assert_eq!(pace("1 standard uuuu", &[]), Pace::Search, "the product may still come");
    assert_eq!(pace("1 vendor uuuu not-ready", &[]), Pace::Search, "it does not ask yet");
    assert_eq!(pace("1 vendor oooo", &[]), Pace::Search, "a default is no answer");
    assert_eq!(pace("1 vendor gggg", &[]), Pace::Rest);
    assert_eq!(pace("1 vendor dddd", &[]), Pace::Rest);
    assert_eq!(pace("1 vendor stored gggg", &[]), Pace::Search, "its script may still come");
    assert_eq!(pace("1 vendor gggg", &[1]), Pace::Watch);
    assert_eq!(pace("1 vendor uuuu", &[1]), Pace::Watch);
    assert_eq!(pace("1 vendor gggg, 2 bus gggg", &[2]), Pace::Rest, "a bus changes nothing here");
    assert_eq!(pace("1 vendor gggg, 2 limit uuuu", &[2]), Pace::Watch, "a limit may close");
    assert_eq!(pace("1 vendor gggg, 2 vendor gggg", &[2]), Pace::Watch, "either may take it back");
}
