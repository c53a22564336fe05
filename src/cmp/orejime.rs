//! Product: Orejime
//! Vendor: Boscop, open source (BSD-3-Clause)
//! Documentation: <https://github.com/boscop-fr/orejime>
//! Versions: 3 (run: 3.2.1)
//! Detected by: `orejime.manager`; the cookie `eu-consent` before it
//! Explicit choice: the manager is not dirty: every purpose has a saved answer; stored, the saved answers
//! Implied: not answered and on all the same (`default`, `isExempt`); a mandatory purpose at any time, since nobody is asked
//! Expired: answers are saved and a purpose was added since (`needsUpdate()`)
//! Categories: purposes by id; `mixpanel` is tried first, then `analytics`, `statistics`, `performance`
//! Limits: groups of purposes have no answer of their own, and those deeper than one group are not read; a renamed cookie is read only once the manager is there
//! Confidence: high (source read, run)

use super::{Adapter, Rank, Reader};

/// Orejime.
///
/// It says `update` before it stops being dirty, and `dirty` after: both are listened to.
pub static ADAPTER: Adapter = Adapter {
    id: "orejime",
    rank: Rank::Vendor,
    category: "mixpanel|analytics|statistics|performance",
    page: r#"
[["g","orejime.manager.isDirty()"],
["g","orejime.manager.needsUpdate()"],
["g","orejime.manager.getAllConsents()"],
["g","orejime.config.purposes"],
["c","eu-consent","j"]],
[["d","orejime.loaded"],
["c","orejime.manager.on",["update",{}],"",[],"orejime.manager.off",["update",{}]],
["c","orejime.manager.on",["dirty",{}],"",[],"orejime.manager.off",["dirty",{}]]]"#,
    reader: Reader::Rules("
+ a !a:bool > unreadable
+ a b !b=false > expired
+ a=false > GD d .id c[.id] ?!.isMandatory=true ; gu d .id c[.id] ?.isMandatory=true ; GD d.*.purposes .id c[.id] ?!.isMandatory=true ; gu d.*.purposes .id c[.id] ?.isMandatory=true
+ a=true > gu d .id c[.id] ; gu d.*.purposes .id c[.id]
+ a > unreadable
- e > GD e @ . ; all u
"),
};
