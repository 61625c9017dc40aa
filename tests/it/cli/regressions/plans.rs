//! Planning: what stands against a release, what is planned anew, and parts of a plan.

use std::fs;
use std::os::unix::fs::symlink;

use tminus_cli::demo::PACKAGE;
use tminus_sandbox::FileSeed;

use super::{BUILD, kept, plain, remote};
use crate::cli::bed::Bed;

/// CI would be asked to publish what is there already.
#[test]
fn the_version_that_ci_publishes_is_on_the_index_already() {
    let bed = Bed::demo();
    bed.replace("tminus.toml", r#"publish = ["pypi"]"#, r#"publish = [{ to = "pypi", by = "ci" }]"#);
    bed.commit_and_push("Publish from CI");
    bed.run(&["plan", "minor"]).exits(0);
    bed.sandbox
        .add_file(FileSeed {
            name: PACKAGE.to_owned(),
            version: "0.2.0".to_owned(),
            filename: "countdown_demo-0.2.0.tar.gz".to_owned(),
            content: b"published by nobody knows whom".to_vec(),
            requires_python: None,
        })
        .unwrap();
    let before = bed.picture();
    for words in [&["plan", "minor"][..], &["release", "minor", "--yes"]] {
        bed.run(words).exits(4).says(&["countdown_demo-0.2.0.tar.gz", "already"]);
        assert_eq!(bed.picture(), before);
    }
}

/// What was built by another command for another commit is not what is released now. The configuration is not tracked,
/// so that the commit that is planned on stays the same.
#[test]
fn the_configuration_changes_after_the_build() {
    let bed = Bed::demo();
    bed.git(&["rm", "--quiet", "--cached", "tminus.toml"]);
    bed.git(&["commit", "--quiet", "--message", "Keep the configuration to oneself"]);
    bed.git(&["push", "--quiet"]);
    let before = (bed.git_remote(&["for-each-ref"]), bed.sandbox.snapshot());
    bed.run(&["release", "minor", "--yes", "--only", "commit", "--only", "build"]).exits(0);
    bed.replace("tminus.toml", BUILD, r#"["sh", "-c", "echo the new way >&2; exit 7", "{out}"]"#);
    bed.replace("tminus.toml", "Bump version to {version}", "Call it {version}");
    bed.run(&["release", "minor", "--yes"]).exits(1).says(&["the new way"]);
    assert_eq!((bed.git_remote(&["for-each-ref"]), bed.sandbox.snapshot()), before);
}

/// Two trains, `one` and `two`, that cannot be told apart by their tags.
#[track_caller]
fn with_two_trains() -> Bed {
    let bed = plain("0.1.0");
    let text = bed.read("tminus.toml");
    let (head, rest) = text.split_once("[train]").unwrap();
    let (train, package) = rest.split_once("[[package]]").unwrap();
    bed.write(
        "tminus.toml",
        &format!("{head}[train.one]{train}[train.two]{train}[[package]]\ntrain = \"one\"{package}"),
    );
    bed.commit_and_push("Two trains");
    bed
}

#[test]
fn two_trains_make_the_same_tags() {
    let bed = with_two_trains();
    let before = bed.picture();
    for words in [&["plan", "0.1.0"][..], &["release", "0.1.0", "--yes", "--train", "one"]] {
        let answer = bed.run(words);
        answer.exits(2).says(&["tminus.toml:", "`one`", "`two`", "v{version}"]);
        answer.says_one_of(&["one-v{version}", "two-v{version}"]);
        assert_eq!(bed.picture(), before);
    }
}

/// The place is where one of them stands, not the top of the file.
#[test]
fn two_trains_make_the_same_tags_in_their_place() {
    let bed = with_two_trains();
    let trains = |(number, line): (usize, &str)| {
        let theirs = line.starts_with("[train.") || line.starts_with("tag ");
        theirs.then(|| format!("tminus.toml:{}:", number + 1))
    };
    let places: Vec<String> = bed.read("tminus.toml").lines().enumerate().filter_map(trains).collect();
    assert_eq!(places.len(), 4);
    let places: Vec<&str> = places.iter().map(String::as_str).collect();
    bed.run(&["plan", "0.1.0"]).exits(2).says_one_of(&places);
}

/// A link that leads nowhere is not followed to where nobody looks.
#[test]
fn init_through_a_dangling_link() {
    let bed = plain("0.1.0");
    let outside = bed.root().join("outside.toml");
    fs::remove_file(bed.work.join("tminus.toml")).unwrap();
    symlink(&outside, bed.work.join("tminus.toml")).unwrap();
    let before = bed.picture();
    for words in [&["init"][..], &["init", "--force"]] {
        bed.run(words).exits(1).says(&["tminus.toml", "link"]);
        assert!(outside.symlink_metadata().is_err(), "written outside of the repository");
        assert_eq!(bed.picture(), before);
    }
}

/// A part is done when everything that was chosen is; a part that something stands before is not.
#[test]
fn parts_of_a_release() {
    let bed = Bed::demo();
    let before = remote(&bed);
    bed.run(&["release", "minor", "--yes", "--only", "push"]).exits(5).says(&["push", "after tag"]);
    assert_eq!(remote(&bed), before);
    bed.run(&["release", "minor", "--yes", "--only", "commit", "--only", "build"]).exits(0);
    assert_eq!(remote(&bed), before);
    assert!(bed.sandbox.uploads().is_empty());
    let built = kept(&bed).into_iter().filter(|(name, _)| name.contains("/store/")).count();
    assert!(built >= 2, "both files are in the store");
}
