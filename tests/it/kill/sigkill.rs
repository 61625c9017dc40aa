//! The real program, killed by SIGKILL: once in each step, after it has acted and before it could say so.

use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};

use tminus_engine::fuse::Fuse;

use crate::bed::{Bed, path};

/// The program, built beside this test.
fn program() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let program = test.parent().and_then(|deps| deps.parent()).unwrap().join("tminus");
    assert!(program.is_file(), "run `cargo build -p tminus` first: {} is missing", program.display());
    program
}

fn tminus(bed: &Bed, words: &str, fuse: Option<&str>) -> Output {
    let context = bed.context(Fuse::endless());
    let mut command = Command::new(program());
    command.args(words.split(' ')).current_dir(&bed.stage.work).env_clear();
    for (name, value) in context.environment.variables() {
        command.env(name, value);
    }
    command.env("USER", "maintainer").env("TMINUS_POLL_MILLIS", "1").env("PATH", path());
    if let Some(fuse) = fuse {
        command.env("TMINUS_FUSE", fuse);
    }
    command.output().unwrap()
}

/// Runs `words` and passes gates until the release is out.
fn finish(bed: &Bed) {
    for _ in 0..8 {
        let output = tminus(bed, "resume", None);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        match output.status.code() {
            Some(0) => return,
            Some(5) if text.contains("waits   gate:highlights") => {
                drop(tminus(bed, "gate pass highlights", None));
            }
            Some(5) if text.contains("waits   gate:announce") => {
                drop(tminus(bed, "gate pass announce", None));
            }
            Some(5) if text.contains("not known to have ended") => bed.settle_announcement(),
            _ => panic!("{text}{}", String::from_utf8_lossy(&output.stderr)),
        }
    }
    let output = tminus(bed, "resume", None);
    panic!(
        "not finished: {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn sigkill_after_each_step_has_acted() {
    let steps: Vec<String> = {
        let bed = Bed::new();
        let output = tminus(&bed, "plan minor --json", None);
        let plan: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let steps = plan["steps"].as_array().unwrap();
        // A precondition and a gate do nothing that could be cut.
        let acts =
            |step: &&serde_json::Value| !matches!(step["action"]["do"].as_str(), Some("require" | "gate"));
        steps.iter().filter(acts).map(|step| step["id"].as_str().unwrap().to_owned()).collect()
    };
    assert!(steps.len() > 10, "{steps:?}");
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(step) = steps.get(next.fetch_add(1, Ordering::Relaxed)) {
                    kill_in(step);
                }
            });
        }
    });
}

fn kill_in(step: &str) {
    let bed = Bed::new();
    let fuse = format!("{step}:performed");
    let mut words = "release minor --yes";
    let mut killed = false;
    for _ in 0..4 {
        let output = tminus(&bed, words, Some(&fuse));
        if output.status.signal() == Some(9) {
            killed = true;
            break;
        }
        assert_eq!(output.status.code(), Some(5), "{step}: {}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8_lossy(&output.stdout);
        let gate = if text.contains("waits   gate:highlights") { "highlights" } else { "announce" };
        tminus(&bed, &format!("gate pass {gate}"), None);
        words = "resume";
    }
    assert!(killed, "{step} was not reached");
    finish(&bed);
    bed.check_invariants();
}
