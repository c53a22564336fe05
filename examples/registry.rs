//! Prints everything that is known of the adapters as JSON, for the tools that are written in
//! JavaScript: their facts, where they look, and the text of each as a page carries it.

fn main() {
    print!("{}", include_str!(concat!(env!("OUT_DIR"), "/adapters.json")));
}
