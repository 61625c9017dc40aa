//! One run at a time, and what becomes of the lock when a run is killed.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::PathBuf;
use std::process::Command;

use super::bed::{Bed, Run, wait_until};

/// A demo whose build waits until the test lets it go on.
struct Slow {
    bed: Bed,
    began: PathBuf,
    go: PathBuf,
    /// A pipe that the build holds open: its end is the end of the build.
    pipe: PathBuf,
}

impl Slow {
    fn new() -> Self {
        let bed = Bed::demo();
        let [began, go, pipe] = ["began", "go", "pipe"].map(|name| bed.root().join(name));
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let script = format!(
            "touch '{}'; exec 9> '{}'; while [ ! -e '{}' ]; do sleep 0.02; done; exec python3 tools/build.py \\\"$0\\\"",
            began.display(),
            pipe.display(),
            go.display()
        );
        bed.replace(
            "tminus.toml",
            r#"["python3", "tools/build.py", "{out}"]"#,
            &format!(r#"["sh", "-c", "{script}", "{{out}}"]"#),
        );
        bed.commit_and_push("Build slowly");
        Self { bed, began, go, pipe }
    }

    /// A release that is building, and the pipe that ends with the build.
    #[track_caller]
    fn building(&self) -> (Run, File) {
        let mut run = self.bed.start(&["release", "minor", "--yes"]);
        wait_until("the build", || {
            assert!(run.is_going_on(), "it ended before it built");
            self.began.exists()
        });
        (run, File::open(&self.pipe).unwrap())
    }

    fn let_it_go_on(&self) {
        fs::write(&self.go, "").unwrap();
    }
}

#[test]
fn a_second_run_is_refused_and_told_who_holds_the_lock() {
    let slow = Slow::new();
    let (run, _pipe) = slow.building();
    let before = slow.bed.picture();
    let pid = run.pid().to_string();
    for words in [&["release", "minor", "--yes"][..], &["resume"], &["gate", "pass", "highlights"]] {
        slow.bed.run(words).exits(1).says(&["release minor --yes", &pid]);
    }
    // Looking needs no lock.
    slow.bed.run(&["plan", "minor"]).exits(0);
    slow.bed.run(&["status"]).exits(0).says(&["0.2.0"]);
    assert_eq!(slow.bed.picture(), before);
    slow.let_it_go_on();
    run.end().exits(5).says(&["highlights"]);
    for tally in slow.bed.sandbox.uploads() {
        assert_eq!((tally.accepted, tally.duplicate, tally.refused), (1, 0, 0), "{}", tally.filename);
    }
}

/// The children of a run hold the lock too: it is free when the last one has ended.
#[test]
fn the_lock_of_a_killed_run_is_recognised_as_stale() {
    let slow = Slow::new();
    let (run, mut pipe) = slow.building();
    let pid = run.pid().to_string();
    run.kill();
    slow.bed.run(&["release", "minor", "--yes"]).exits(1).says(&["release minor --yes", &pid]);
    slow.let_it_go_on();
    pipe.read_to_end(&mut Vec::new()).unwrap();

    // The pipe stays open for reading, so that the next build opens it without waiting.
    slow.bed.run(&["release", "minor", "--yes"]).exits(5).says(&["highlights", "0.2.0"]);
    drop(pipe);
    assert_eq!(slow.bed.on_index().len(), 2);
    let subjects = slow.bed.git_remote(&["log", "-2", "--format=%s", "main"]);
    assert_eq!(subjects, "Start development on version 0.2.1\nBump version to 0.2.0");
    assert_eq!(slow.bed.git_remote(&["tag", "--list"]), "v0.1.0\nv0.2.0");
}

/// Killed while it waits for checks, long after the push: the next run ends where one run would have.
#[test]
fn killed_after_the_push() {
    let bed = Bed::demo_with_checks(tminus_sandbox::Checks::Auto {
        names: ["tests", "docs"].map(str::to_owned).to_vec(),
        pending_polls: u32::MAX,
    });
    let run = bed.start(&["release", "minor", "--yes"]);
    wait_until("a question about the checks", || {
        bed.sandbox.events().iter().any(|event| event.path.ends_with("/check-runs"))
    });
    run.kill();
    let commit = bed.git_remote(&["rev-parse", "v0.2.0^{commit}"]);
    for name in ["tests", "docs"] {
        bed.sandbox
            .set_check(tminus_cli::demo::REPOSITORY, &commit, name, "completed", Some("success"))
            .unwrap();
    }
    bed.run(&["release", "minor", "--yes"]).exits(5).says(&["highlights"]);
    assert_eq!(bed.git_remote(&["rev-parse", "v0.2.0^{commit}"]), commit);
    assert_eq!(bed.on_index().len(), 2);
    assert_eq!(bed.git_remote(&["rev-list", "--count", &format!("{commit}..main")]), "1");
}
