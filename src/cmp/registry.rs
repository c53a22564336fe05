//! Every adapter there is. A new consent manager is a file beside this one and a line here.

use super::{Adapter, klaro, onetrust, vanilla_cookieconsent};

/// Every adapter, in the order in which they are asked.
pub static ALL: &[&Adapter] =
    &[&onetrust::ADAPTER, &vanilla_cookieconsent::ADAPTER, &klaro::ADAPTER];

/// The adapter with this id.
pub fn find(id: &str) -> Option<&'static Adapter> {
    ALL.iter().find(|adapter| adapter.id == id).copied()
}
