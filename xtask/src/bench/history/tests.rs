use std::path::Path;
use std::time::Duration;

use super::super::sample::{Sample, table};
use super::contender::Contender;
use super::target::{Target, verdicts};
use super::{SHAPE, has_time, made};
use crate::histories::Shape;

fn sample(name: &str, millis: u64) -> Sample {
    let mut sample = Sample::new(name);
    sample.add(Duration::from_millis(millis));
    sample
}

#[test]
fn a_target_is_met_missed_or_not_measured() {
    let samples = [sample("git", 100), sample("ours", 120)];
    let targets =
        [Target::new("ours", "git", 1.5), Target::new("ours", "git", 1.1), Target::new("ours", "cliff", 1.0)];
    let expected = [
        "target: ours at most 1.50 × git: 1.20, met",
        "target: ours at most 1.10 × git: 1.20, MISSED",
        "target: ours at most 1.00 × cliff: not measured",
    ];
    assert_eq!(verdicts(&samples, &targets), expected);
}

#[test]
fn who_fails_or_is_missing_is_left_out() {
    let here = Path::new(".");
    let tried =
        |program: &str, arguments: &[&str]| Contender::new("x", Path::new(program), arguments).tried(here);
    assert!(tried("true", &[]).unwrap().is_ok());
    let script = "echo; echo no such command >&2; exit 3";
    assert_eq!(tried("sh", &["-c", script]).unwrap().unwrap_err(), "left out, it fails: no such command");
    assert!(tried("no-such-program-here", &[]).unwrap().unwrap_err().contains("not on this machine"));
}

#[test]
fn peak_memory_is_a_column_where_it_is_known() {
    let mut with = sample("a", 2);
    with.peak(Some(20_480));
    assert!(table(&[with, sample("b", 2)]).contains("| peak |"), "no column");
    assert!(!table(&[sample("b", 2)]).contains("peak"));
    if has_time() {
        let peak = Contender::new("x", Path::new("git"), &["--version"]).peak(Path::new(".")).unwrap();
        assert!(peak.is_some_and(|kib| kib > 100), "{peak:?}");
    }
}

#[test]
fn a_history_is_made_once() {
    let dir = tempfile::tempdir().unwrap();
    let shape = Shape { commits: 30, packages: 2, tag_every: 5, ..SHAPE };
    let repo = made(dir.path(), "a b", shape).unwrap();
    let stamp = repo.join("stamp");
    std::fs::write(&stamp, "").unwrap();
    assert_eq!(made(dir.path(), "a b", shape).unwrap(), repo);
    assert!(stamp.exists());
    made(dir.path(), "a b", Shape { commits: 31, ..shape }).unwrap();
    assert!(!stamp.exists());
}
