//! Prints every adapter's page (places to look, things to listen to) as JSON, for programs that
//! look in the same places elsewhere: the capture of fixtures, the documentation.

use mixpanel_consent_bridge::cmp;
use serde_json::{Value, json};

fn main() {
    let adapters: Vec<Value> = cmp::ALL
        .iter()
        .map(|adapter| {
            let page: Value =
                serde_json::from_str(&["[", adapter.page, "]"].concat()).unwrap_or_default();
            json!({
                "id": adapter.id,
                "rank": format!("{:?}", adapter.rank),
                "category": adapter.category,
                "probes": page.get(0),
                "listen": page.get(1),
            })
        })
        .collect();
    println!("{}", serde_json::to_string_pretty(&adapters).unwrap_or_default());
}
