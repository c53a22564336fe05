//! Compiles the consent managers that `src/cmp/adapters/*.toml` describe in words into the texts
//! that `src/cmp` interprets. It runs at build time, so that a page carries neither a TOML reader
//! nor a word of English, and so that a misspelt word stops the build instead of closing a page.
//!
//! Into `OUT_DIR`: `adapters.rs`, which `src/cmp/registry.rs` includes, and `adapters.json`, which
//! `examples/registry.rs` prints for the tools that are written in JavaScript.

mod compiler;

use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=src/cmp/adapters");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    if let Err(problems) = build(&root, &out) {
        for problem in problems {
            println!("cargo::error={problem}");
        }
    }
}

fn build(root: &Path, out: &Path) -> Result<(), Vec<String>> {
    let folder = root.join("src/cmp/adapters");
    let cannot = |what: &Path, error: std::io::Error| vec![format!("{}: {error}", what.display())];
    let mut files = Vec::new();
    for entry in fs::read_dir(&folder).map_err(|error| cannot(&folder, error))? {
        let path = entry.map_err(|error| cannot(&folder, error))?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let text = fs::read_to_string(&path).map_err(|error| cannot(&path, error))?;
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            files.push((format!("src/cmp/adapters/{name}"), text));
        }
    }
    let adapters = compiler::all(&files)
        .map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<String>>())?;
    for (name, text) in [
        ("adapters.rs", compiler::emit::rust(&adapters)),
        ("adapters.json", compiler::emit::json(&adapters)),
    ] {
        let path = out.join(name);
        fs::write(&path, text).map_err(|error| cannot(&path, error))?;
    }
    Ok(())
}
