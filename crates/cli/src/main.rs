//! The tminus command line.
fn main() {}
