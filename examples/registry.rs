//! Prints every adapter's places to look and things to listen to as JSON, for programs that run
//! the same probes elsewhere: the capture of fixtures, the documentation.

use mixpanel_consent_bridge::cmp::{self, Arg, Form, Listen, Off, Probe};
use serde_json::{Value, json};

fn main() {
    let adapters: Vec<Value> = cmp::ALL
        .iter()
        .map(|adapter| {
            json!({
                "id": adapter.id,
                "rank": format!("{:?}", adapter.rank),
                "category": adapter.category,
                "probes": adapter.probes.iter().map(probe).collect::<Vec<_>>(),
                "listen": adapter.listen.iter().map(listen).collect::<Vec<_>>(),
            })
        })
        .collect();
    println!("{}", serde_json::to_string_pretty(&adapters).unwrap_or_default());
}

fn probe(probe: &Probe) -> Value {
    match probe {
        Probe::Global(path) => json!({"verb": "global", "path": path}),
        Probe::Entries(path, word) => json!({"verb": "entries", "path": path, "word": word}),
        Probe::Cookie(name, f) => json!({"verb": "cookie", "name": name, "form": form(*f)}),
        Probe::CookiePrefix(name, f) => {
            json!({"verb": "cookie-prefix", "name": name, "form": form(*f)})
        }
        Probe::Local(name, f) => json!({"verb": "local", "name": name, "form": form(*f)}),
        Probe::LocalAll(name, f) => json!({"verb": "local-all", "name": name, "form": form(*f)}),
        Probe::Heard(name) => json!({"verb": "heard", "name": name}),
    }
}

fn form(form: Form) -> &'static str {
    match form {
        Form::Raw => "raw",
        Form::Text => "text",
        Form::Json => "json",
        Form::Base64Json => "base64-json",
    }
}

fn listen(listen: &Listen) -> Value {
    match listen {
        Listen::Window(name) => json!({"verb": "window", "name": name}),
        Listen::Document(name) => json!({"verb": "document", "name": name}),
        Listen::Tap(path) => json!({"verb": "tap", "path": path}),
        Listen::Call { path, args, heard, off } => json!({
            "verb": "call",
            "path": path,
            "args": args.iter().map(arg).collect::<Vec<_>>(),
            "heard": heard.map(|(name, fields)| json!({"name": name, "fields": fields})),
            "off": match off {
                Off::Never => json!(null),
                Off::Returned => json!("returned"),
                Off::Call(path, args) => {
                    json!({"path": path, "args": args.iter().map(arg).collect::<Vec<_>>()})
                }
            },
        }),
    }
}

fn arg(value: &Arg) -> Value {
    match value {
        Arg::Text(text) => json!({"text": text}),
        Arg::Number(number) => json!({"number": number}),
        Arg::False => json!({"value": false}),
        Arg::Null => json!({"value": null}),
        Arg::Callback => json!({"callback": true}),
        Arg::Method(name) => json!({"method": name}),
        Arg::List(list) => json!({"list": list.iter().map(arg).collect::<Vec<_>>()}),
        Arg::Heard(field) => json!({"heard": field}),
    }
}
