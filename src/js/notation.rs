//! The text that crosses the boundary: what to look for goes out as JSON, what was found
//! comes back in a notation of one character a type.
//!
//! Text, because it costs the page least: objects would be walked through the boundary one
//! property at a time (30 KB of the naive module were that). `probe.js` and `listen.js` are
//! at the other end.

use crate::cmp::{Adapter, Arg, Form, Listen, Off, Probe, Snapshot, Value};

/// Probes and listens of these adapters, as the JSON that `look` and `watch` interpret.
pub fn program(adapters: &[&Adapter]) -> String {
    let mut out = Out(String::from("["));
    for (number, adapter) in adapters.iter().enumerate() {
        out.open();
        out.number(number as u64);
        out.open();
        for probe in adapter.probes {
            out.probe(probe);
        }
        out.close();
        out.open();
        for listen in adapter.listen {
            out.listen(listen);
        }
        out.close();
        out.close();
    }
    out.close();
    out.0
}

/// JSON, as little of it as is needed: no text of an adapter contains a quote or a backslash.
struct Out(String);

impl Out {
    fn raw(&mut self, text: &str) {
        if !matches!(self.0.as_bytes().last(), Some(b'[' | b':' | b'{')) {
            self.0.push(',');
        }
        self.0.push_str(text);
    }

    fn open(&mut self) {
        self.raw("[");
    }

    fn close(&mut self) {
        self.0.push(']');
    }

    fn text(&mut self, text: &str) {
        self.raw("\"");
        self.0.push_str(text);
        self.0.push('"');
    }

    fn number(&mut self, number: u64) {
        self.raw("");
        crate::core::push_number(&mut self.0, number);
    }

    fn probe(&mut self, probe: &Probe) {
        let (verb, place, more) = match *probe {
            Probe::Global(path) => ("g", path, ""),
            Probe::Entries(path, head) => ("e", path, head),
            Probe::Cookie(name, form) => ("c", name, letter(form)),
            Probe::CookiePrefix(name, form) => ("p", name, letter(form)),
            Probe::Local(key, form) => ("l", key, letter(form)),
            Probe::LocalAll(key, form) => ("a", key, letter(form)),
            Probe::Heard(name) => ("h", name, ""),
        };
        self.open();
        self.text(verb);
        self.text(place);
        self.text(more);
        self.close();
    }

    fn listen(&mut self, listen: &Listen) {
        self.open();
        match *listen {
            Listen::Window(name) => self.texts(["w", name]),
            Listen::Document(name) => self.texts(["d", name]),
            Listen::Tap(path) => self.texts(["t", path]),
            Listen::Call { path, args, heard, off } => {
                self.texts(["c", path]);
                self.args(args);
                let (name, fields) = heard.unwrap_or_default();
                self.text(name);
                self.open();
                for field in fields {
                    self.text(field);
                }
                self.close();
                match off {
                    Off::Never => {}
                    Off::Returned => self.raw("true"),
                    Off::Call(path, args) => {
                        self.text(path);
                        self.args(args);
                    }
                }
            }
        }
        self.close();
    }

    fn texts(&mut self, [a, b]: [&str; 2]) {
        self.text(a);
        self.text(b);
    }

    fn args(&mut self, args: &[Arg]) {
        self.open();
        for arg in args {
            match *arg {
                Arg::Text(text) => self.text(text),
                Arg::Number(number) => self.number(number as u64),
                Arg::False => self.raw("false"),
                Arg::Null => self.raw("null"),
                Arg::Callback => self.raw("{}"),
                Arg::Method(name) => self.named("{\"m\":", name),
                Arg::Heard(name) => self.named("{\"h\":", name),
                Arg::List(args) => self.args(args),
            }
        }
        self.close();
    }

    fn named(&mut self, key: &str, name: &str) {
        self.raw(key);
        self.text(name);
        self.0.push('}');
    }
}

fn letter(form: Form) -> &'static str {
    match form {
        Form::Raw => "r",
        Form::Text => "t",
        Form::Json => "j",
        Form::Base64Json => "b",
    }
}

/// Reads what `look` found: each adapter's number and its snapshot.
pub fn snapshots(
    text: &str,
    probes_of: impl Fn(usize) -> &'static [Probe],
) -> Vec<(usize, Snapshot)> {
    let mut rest = In(text.as_bytes());
    let mut all = Vec::new();
    while rest.next() == Some(b'@') {
        let number = rest.number() as usize;
        let mut snapshot = Snapshot::default();
        for _ in 0..rest.number() {
            let index = rest.number() as usize;
            let value = rest.value();
            if let Some(probe) = probes_of(number).get(index) {
                snapshot.put(*probe, value);
            }
        }
        all.push((number, snapshot));
    }
    all
}

/// What is left to read. It is our own text; all the same nothing in it can make this fail,
/// only end.
struct In<'a>(&'a [u8]);

impl In<'_> {
    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// Up to the semicolon.
    fn number(&mut self) -> i64 {
        let mut number = 0;
        let mut sign = 1;
        loop {
            match self.next() {
                Some(b'-') => sign = -1,
                Some(digit @ b'0'..=b'9') => number = number * 10 + i64::from(digit - b'0'),
                _ => return number * sign,
            }
        }
    }

    /// Up to the zero.
    fn text(&mut self) -> String {
        let length = self.0.iter().position(|byte| *byte == 0).unwrap_or(self.0.len());
        let (text, rest) = self.0.split_at(length);
        self.0 = rest.split_first().map_or(&[], |(_, rest)| rest);
        core::str::from_utf8(text).unwrap_or_default().to_owned()
    }

    fn value(&mut self) -> Value {
        match self.next() {
            Some(b't') => Value::Bool(true),
            Some(b'f') => Value::Bool(false),
            Some(b'#') => Value::Number(self.number() as f64),
            Some(b'"') => Value::Text(self.text()),
            Some(b'F') => Value::Function,
            Some(b'x') => Value::Thrown,
            Some(b'[') => {
                let length = self.number();
                let mut items = Vec::new();
                for _ in 0..length {
                    items.push(self.value());
                }
                Value::List(items)
            }
            Some(b'{') => {
                let length = self.number();
                let mut entries = Vec::new();
                for _ in 0..length {
                    self.next();
                    let key = self.text();
                    entries.push((key, self.value()));
                }
                Value::Map(entries)
            }
            _ => Value::Null,
        }
    }
}
