//! End-to-end tests: the engine, the command line and the sandbox together.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "tests stop at the first surprise and read their own environment"
)]

mod bed;
mod cli;
mod forge;
mod kill;
