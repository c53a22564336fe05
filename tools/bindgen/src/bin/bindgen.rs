//! wasm-bindgen's command line, built from this repository's lock file so that the tool
//! and the crate are always the same version.

fn main() {
    if let Err(error) = wasm_bindgen_cli::wasm_bindgen::run_cli_with_args(std::env::args_os()) {
        eprintln!("{error:?}");
        std::process::exit(1);
    }
}
