//! The answers of other implementations, as far as they are committed; `cargo xtask conformance` asks them anew.

mod subjects;
