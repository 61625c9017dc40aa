//! What a review found to be wrong, a test each, so that it stays mended.

mod elsewhere;
mod going_on;
mod hooks;
mod plans;
mod repositories;
mod second_look;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use tminus_cli::demo::REPOSITORY;
use tminus_sandbox::Release;

use super::bed::{Bed, files_below};

const CODE: &str = "countdown_demo/__init__.py";
const BUILD: &str = r#"["python3", "tools/build.py", "{out}"]"#;
const PUBLISH: &str = "publish:pypi:countdown-demo";

/// The demo's own build script, for projects without history and forge.
const SCRIPT: &str = include_str!("../../../../crates/cli/demo/build.py");

const PLAIN: &str = r#"[project]
forge = "none"

[train]
scheme = "pep440"
tag    = { name = "v{version}", message = "Release version {version}" }
commit = "Bump version to {version}"

[[package]]
name    = "countdown-demo"
version = ["countdown_demo/__init__.py", "setup.cfg"]
build   = ["python3", "tools/build.py", "{out}"]
publish = ["pypi"]
"#;

/// A project without forge and without gates, whose files state `version` and which was never released.
#[track_caller]
fn plain(version: &str) -> Bed {
    let bed = Bed::plain();
    bed.write("README.md", "# countdown\n");
    bed.write("tools/build.py", SCRIPT);
    bed.write("tminus.toml", PLAIN);
    bed.write(CODE, &format!("__version__ = \"{version}\"\n"));
    bed.write(
        "setup.cfg",
        &format!("[metadata]\nname = countdown-demo\nversion = {version}\ndescription = Counts down\n"),
    );
    bed.commit_and_push("Count down");
    bed
}

/// Puts a hook into a repository.
#[track_caller]
fn hook(git_dir: &Path, name: &str, script: &str) {
    let hooks = git_dir.join("hooks");
    fs::create_dir_all(&hooks).unwrap();
    let file = hooks.join(name);
    fs::write(&file, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
}

#[track_caller]
fn unhook(git_dir: &Path, name: &str) {
    fs::remove_file(git_dir.join("hooks").join(name)).unwrap();
}

/// Finishes the demo's open release, which stops at both gates.
#[track_caller]
fn finish(bed: &Bed) {
    bed.run(&["resume"]).exits(5).says(&["tminus gate pass highlights"]);
    pass_gates(bed);
}

/// The same from the first gate on; asserts that everything was done once.
#[track_caller]
fn pass_gates(bed: &Bed) {
    bed.run(&["gate", "pass", "highlights"]).exits(0);
    bed.run(&["resume"]).exits(5).says(&["tminus gate pass announce"]);
    bed.run(&["gate", "pass", "announce"]).exits(0);
    bed.run(&["resume"]).exits(0).says(&["0.2.0"]);
    assert_eq!(bed.sandbox.webhooks("team").len(), 1);
    assert!(!release(bed).draft);
    uploaded_once(bed);
}

/// The index holds both files, and each was sent once.
#[track_caller]
fn uploaded_once(bed: &Bed) {
    let tallies = bed.sandbox.uploads();
    assert_eq!(tallies.len(), 2, "{tallies:?}");
    for tally in tallies {
        assert_eq!((tally.accepted, tally.duplicate, tally.refused), (1, 0, 0), "{}", tally.filename);
    }
}

/// The release 0.2.0 on the forge.
#[track_caller]
fn release(bed: &Bed) -> Release {
    let mut found: Vec<_> =
        bed.sandbox.releases(REPOSITORY).into_iter().filter(|one| one.tag_name == "v0.2.0").collect();
    assert_eq!(found.len(), 1, "{found:#?}");
    found.remove(0)
}

/// What is kept of releases, apart from the lock: (name, content).
fn kept(bed: &Bed) -> Vec<(String, Vec<u8>)> {
    files_below(&bed.notes())
        .into_iter()
        .filter(|file| !file.ends_with("lock"))
        .map(|file| (file.to_string_lossy().into_owned(), fs::read(&file).unwrap()))
        .collect()
}

/// The tip of the remote's main branch and its tags.
#[track_caller]
fn remote(bed: &Bed) -> (String, String) {
    (bed.git_remote(&["log", "-1", "--format=%s", "main"]), bed.git_remote(&["tag", "--list"]))
}
