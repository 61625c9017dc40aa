//! Every fuzz target in one program; the variable `TMINUS_FUZZ_TARGET` says which.
//!
//! The targets themselves stand beside the tests of their crates, where the ordinary test run puts the committed
//! corpus and a bounded number of its mutations through them.
#![no_main]

#[path = "../../crates/manifests/tests/targets/mod.rs"]
mod manifests;
#[path = "../../crates/versioning/tests/targets/mod.rs"]
mod versioning;

use std::sync::LazyLock;

static TARGET: LazyLock<fn(&[u8])> = LazyLock::new(|| {
    let name = std::env::var("TMINUS_FUZZ_TARGET").expect("TMINUS_FUZZ_TARGET names a target");
    let mut targets = versioning::TARGETS.iter().chain(manifests::TARGETS);
    let target = targets.find(|(known, _)| *known == name);
    target.unwrap_or_else(|| panic!("there is no target {name}")).1
});

libfuzzer_sys::fuzz_target!(|data: &[u8]| (*TARGET)(data));
