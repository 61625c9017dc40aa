//! Everything in this crate beside the real git, in temporary directories and without the user's configuration.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "clippy lifts these in test functions, but not in what they share"
)]

mod argv;
mod branches;
mod checkouts;
mod commits;
mod describe;
mod fast_forward;
mod files;
mod fixture;
mod history;
mod hostile;
mod ledger;
mod merge_base;
mod opening;
mod packages;
mod patch_id;
mod path_map;
mod pick;
mod push;
mod refs;
mod remotes;
mod settings;
mod sha256;
mod shallow;
mod signing;
mod status;
mod trees;
mod walk;
mod worktrees;

/// A file that is not declared above would never run.
#[test]
fn every_file_is_declared() {
    let main = include_str!("main.rs");
    let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it");
    let mut seen = 0;
    for entry in std::fs::read_dir(dir).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let module = name.strip_suffix(".rs").unwrap();
        assert!(module == "main" || main.contains(&format!("\nmod {module};\n")), "{name} is not declared");
        seen += 1;
    }
    assert!(seen > 10);
}
