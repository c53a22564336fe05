//! The header of each adapter's file, which the documentation is made of: the same fields in the
//! same order, one a line, none empty.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use mixpanel_consent_bridge::cmp::ALL;

const FIELDS: [&str; 11] = [
    "Product",
    "Vendor",
    "Documentation",
    "Versions",
    "Detected by",
    "Explicit choice",
    "Implied",
    "Expired",
    "Categories",
    "Limits",
    "Confidence",
];

#[test]
fn every_adapter_has_the_same_header() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cmp");
    let mut seen = BTreeSet::new();
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let Some((_, rest)) =
            text.split_once("pub static ADAPTER: Adapter = Adapter {\n    id: \"")
        else {
            continue;
        };
        let id = rest.split('"').next().unwrap();
        let stem = path.file_stem().unwrap().to_string_lossy().replace('_', "-");
        assert_eq!(stem, id, "a file is called as its adapter");
        let header: Vec<&str> = text.lines().map_while(|line| line.strip_prefix("//! ")).collect();
        assert_eq!(header.len(), FIELDS.len(), "{id}: {header:#?}");
        for (line, field) in header.iter().zip(FIELDS) {
            let value = line.strip_prefix(field).and_then(|rest| rest.strip_prefix(": "));
            assert!(value.is_some_and(|value| value.len() >= 3), "{id}: {field} in `{line}`");
        }
        let link = header[2].strip_prefix("Documentation: <https://");
        assert!(link.is_some_and(|link| link.ends_with('>')), "{id}: a link");
        let sure = ["high", "medium", "low"].iter().any(|word| header[10][12..].starts_with(word));
        assert!(sure, "{id}: {}", header[10]);
        seen.insert(id.to_owned());
    }
    assert_eq!(seen, ALL.iter().map(|adapter| adapter.id.to_owned()).collect());
}
