//! What stops a release before anything is written, and with which exit code.

use std::fs;

use tminus_cli::demo::PACKAGE;
use tminus_sandbox::{Fault, FaultAction, FileSeed};

use super::bed::{Answer, Bed};

/// Asserts that `release minor --yes` stops with this code, says this, and leaves everything as it is.
#[track_caller]
fn check(bed: &Bed, code: i32, essentials: &[&str]) -> Answer {
    check_release(bed, "minor", code, essentials)
}

#[track_caller]
fn check_release(bed: &Bed, release: &str, code: i32, essentials: &[&str]) -> Answer {
    let before = bed.picture();
    let answer = bed.run(&["release", release, "--yes"]);
    answer.exits(code).says(essentials);
    assert!(!answer.err.is_empty(), "the reason belongs on standard error: {answer}");
    assert_eq!(bed.picture(), before, "changed by {answer}");
    assert!(bed.sandbox.uploads().is_empty(), "sent to the index by {answer}");
    answer
}

/// And that no release is on its way afterwards.
#[track_caller]
fn nothing_is_on_its_way(bed: &Bed) {
    bed.run(&["resume"]).exits(1).says(&["no release is on its way"]);
}

/// The demo with a tag of that name that nobody knows of, at a commit that is not the release.
fn with_tag(commit: &str) -> Bed {
    let bed = Bed::demo();
    bed.git(&["tag", "--annotate", "--message=not ours", "v0.2.0", commit]);
    bed
}

#[test]
fn tag_at_another_commit_here() {
    let bed = with_tag("HEAD~1");
    check(&bed, 4, &["v0.2.0"]);
    nothing_is_on_its_way(&bed);
}

#[test]
fn tag_at_another_commit_here_by_version() {
    let bed = with_tag("HEAD~1");
    check_release(&bed, "0.2.0", 4, &["v0.2.0"]);
    nothing_is_on_its_way(&bed);
}

/// The tag stands where nothing that is released leads.
#[test]
fn tag_off_the_branch_here() {
    let bed = Bed::demo();
    bed.git(&["switch", "--quiet", "--create", "aside", "v0.1.0"]);
    bed.git(&["commit", "--quiet", "--allow-empty", "--message", "Try something"]);
    bed.git(&["tag", "v0.2.0"]);
    bed.git(&["switch", "--quiet", "main"]);
    check(&bed, 4, &["v0.2.0"]);
    check_release(&bed, "0.2.0", 4, &["v0.2.0"]);
    nothing_is_on_its_way(&bed);
}

#[test]
fn tag_before_the_version_commit_here_by_version() {
    let bed = with_tag("HEAD");
    check_release(&bed, "0.2.0", 4, &["v0.2.0"]);
}

/// Somebody else has pushed a tag of that name.
fn with_tag_on_the_remote() -> Bed {
    let bed = Bed::demo();
    let colleague = bed.colleague();
    bed.git_in(&colleague, &["tag", "--annotate", "--message=not ours", "v0.2.0", "HEAD~1"]);
    bed.git_in(&colleague, &["push", "--quiet", "origin", "v0.2.0"]);
    bed
}

#[test]
fn tag_on_the_remote_only() {
    let bed = with_tag_on_the_remote();
    check(&bed, 4, &["v0.2.0", "origin"]);
    nothing_is_on_its_way(&bed);
}

#[test]
fn tag_on_the_remote_only_by_version() {
    let bed = with_tag_on_the_remote();
    check_release(&bed, "0.2.0", 4, &["v0.2.0", "origin"]);
    nothing_is_on_its_way(&bed);
}

#[test]
fn version_on_the_index_with_other_bytes() {
    let bed = Bed::demo();
    bed.sandbox
        .add_file(FileSeed {
            name: PACKAGE.to_owned(),
            version: "0.2.0".to_owned(),
            filename: "countdown_demo-0.2.0.tar.gz".to_owned(),
            content: b"published by nobody knows whom".to_vec(),
            requires_python: None,
        })
        .unwrap();
    check(&bed, 4, &["0.2.0", "countdown"]);
    nothing_is_on_its_way(&bed);
}

#[test]
fn dirty_tree() {
    let bed = Bed::demo();
    bed.write("README.md", "# countdown\n\nHalf a sentence\n");
    check(&bed, 1, &["README.md"]);
    bed.git(&["add", "README.md"]);
    check(&bed, 1, &["README.md"]);
    nothing_is_on_its_way(&bed);
    bed.git(&["reset", "--quiet", "--hard"]);
    fs::remove_file(bed.work.join("README.md")).unwrap();
    check(&bed, 1, &["README.md"]);
}

/// The remote has a commit of somebody else.
fn overtaken() -> Bed {
    let bed = Bed::demo();
    let colleague = bed.colleague();
    fs::write(colleague.join("NEWS"), "news\n").unwrap();
    bed.git_in(&colleague, &["add", "--all"]);
    bed.git_in(&colleague, &["commit", "--quiet", "--message", "Add news"]);
    bed.git_in(&colleague, &["push", "--quiet"]);
    bed
}

#[test]
fn behind_the_remote() {
    let bed = overtaken();
    // Observing fetches nothing, so the commits are not known here; the message names the command that gets them.
    check(&bed, 1, &["main", "git "]).says_one_of(&["behind", "git fetch", "git pull"]);
    nothing_is_on_its_way(&bed);
    bed.git(&["fetch", "--quiet"]);
    check(&bed, 1, &["main", "behind"]);
}

#[test]
fn diverged_from_the_remote() {
    let bed = overtaken();
    bed.write("TODO", "count\n");
    bed.git(&["add", "--all"]);
    bed.git(&["commit", "--quiet", "--message", "Add a list"]);
    check(&bed, 1, &["main"]);
    bed.git(&["fetch", "--quiet"]);
    check(&bed, 1, &["main"]).says_one_of(&["diverged", "behind", "ahead"]);
    nothing_is_on_its_way(&bed);
}

#[test]
fn wrong_branch() {
    let bed = Bed::demo();
    bed.git(&["switch", "--quiet", "--create", "topic"]);
    check(&bed, 1, &["topic", "main"]);
    bed.git(&["switch", "--quiet", "--detach", "main"]);
    check(&bed, 1, &["main"]);
    nothing_is_on_its_way(&bed);
}

#[test]
fn version_location_missing() {
    let bed = Bed::demo();
    bed.replace("setup.cfg", "version = \"0.1.1-dev\"\n", "");
    bed.commit_and_push("Read the version from the attribute");
    check(&bed, 1, &["setup.cfg", "version"]);
    nothing_is_on_its_way(&bed);
}

#[test]
fn version_file_missing() {
    let bed = Bed::demo();
    bed.git(&["rm", "--quiet", "setup.cfg"]);
    bed.commit_and_push("Forget setup.cfg");
    check(&bed, 1, &["setup.cfg"]);
}

#[test]
fn versions_disagree() {
    let bed = Bed::demo();
    bed.replace("setup.cfg", "0.1.1-dev", "0.1.2-dev");
    bed.commit_and_push("Forget one of two places");
    check(&bed, 1, &["setup.cfg", "countdown_demo/__init__.py", "0.1.1-dev", "0.1.2-dev"]);
    nothing_is_on_its_way(&bed);
}

/// The port of the discard service, on which nobody listens any more; no ephemeral port is that low.
const NOBODY: &str = "127.0.0.1:9/";

#[test]
fn no_network_to_the_index() {
    let mut bed = Bed::demo();
    bed.set("TMINUS_PYPI_INDEX_URL", &format!("http://{NOBODY}simple/"));
    bed.set("TMINUS_PYPI_UPLOAD_URL", &format!("http://{NOBODY}legacy/"));
    check(&bed, 3, &[NOBODY]);
    nothing_is_on_its_way(&bed);
}

#[test]
fn no_network_to_the_forge() {
    let mut bed = Bed::demo();
    bed.set("GITHUB_API_URL", &format!("http://{NOBODY}api/v3"));
    check(&bed, 3, &[NOBODY]);
    nothing_is_on_its_way(&bed);
}

#[test]
fn the_index_answers_with_errors_only() {
    let bed = Bed::demo();
    let refuse = FaultAction::Status {
        code: 503,
        headers: vec![("Retry-After".to_owned(), "0".to_owned())],
        body: "down for maintenance".to_owned(),
    };
    bed.sandbox.add_fault(Fault::new("GET", "/simple/", refuse).times(u32::MAX));
    check(&bed, 3, &["503"]);
    nothing_is_on_its_way(&bed);
}

#[test]
fn the_remote_is_gone() {
    let bed = Bed::demo();
    fs::rename(&bed.remote, bed.root().join("elsewhere.git")).unwrap();
    let before = bed.picture();
    let answer = bed.run(&["release", "minor", "--yes"]);
    assert!([1, 3].contains(&answer.code), "{answer}");
    answer.says(&["countdown.git"]);
    assert_eq!(bed.picture(), before);
    nothing_is_on_its_way(&bed);
}

#[test]
fn there_is_no_such_remote() {
    let bed = Bed::demo();
    bed.git(&["remote", "remove", "origin"]);
    check(&bed, 1, &["origin"]);
}

#[test]
fn missing_build_program() {
    let bed = Bed::demo();
    bed.replace(
        "tminus.toml",
        r#"["python3", "tools/build.py", "{out}"]"#,
        r#"["no-such-builder", "{out}"]"#,
    );
    bed.commit_and_push("Build with what is not there");
    check(&bed, 1, &["no-such-builder"]);
}

/// The build runs and fails: the words it failed with are shown, and nothing has left this machine.
#[test]
fn failing_build() {
    let bed = Bed::demo();
    bed.replace(
        "tminus.toml",
        r#"["python3", "tools/build.py", "{out}"]"#,
        r#"["sh", "-c", "echo the flux is missing >&2; exit 7", "{out}"]"#,
    );
    bed.commit_and_push("Build without flux");
    let remote = bed.git_remote(&["for-each-ref"]);
    let local = bed.git(&["rev-parse", "main"]);
    let sandbox = bed.sandbox.snapshot();
    bed.run(&["release", "minor", "--yes"]).exits(1).says(&["the flux is missing", "7"]);
    assert_eq!(bed.git_remote(&["for-each-ref"]), remote);
    assert_eq!(bed.git(&["rev-parse", "main"]), local);
    assert_eq!(bed.git(&["status", "--porcelain"]), "");
    assert_eq!(bed.sandbox.snapshot(), sandbox);
    // Mended, the same command goes through.
    bed.replace(
        "tminus.toml",
        r#"["sh", "-c", "echo the flux is missing >&2; exit 7", "{out}"]"#,
        r#"["python3", "tools/build.py", "{out}"]"#,
    );
    bed.commit_and_push("Build as before");
    bed.run(&["release", "minor", "--yes"]).exits(5).says(&["highlights", "0.2.0"]);
}

/// The build makes something else than it should: found by inspection, before anything irreversible.
#[test]
fn build_of_another_version() {
    let bed = Bed::demo();
    bed.replace("tools/build.py", r#"project["name"], project["version"]"#, r#"project["name"], "0.1.9""#);
    bed.commit_and_push("Build the wrong version");
    let remote = bed.git_remote(&["for-each-ref"]);
    let sandbox = bed.sandbox.snapshot();
    bed.run(&["release", "minor", "--yes"]).exits(1).says(&["0.1.9", "0.2.0"]);
    assert_eq!(bed.git_remote(&["for-each-ref"]), remote);
    assert_eq!(bed.sandbox.snapshot(), sandbox);
}

#[test]
fn unknown_discussion_category() {
    let bed = Bed::demo();
    bed.replace("tminus.toml", r#"discussion = "Announcements""#, r#"discussion = "Anouncements""#);
    bed.commit_and_push("Misspell the category");
    check(&bed, 1, &["Anouncements", "Announcements", "General"]);
    nothing_is_on_its_way(&bed);
}

#[test]
fn no_commit_since_the_last_release() {
    let bed = Bed::demo();
    bed.git(&["tag", "v0.1.1"]);
    bed.git(&["push", "--quiet", "origin", "v0.1.1"]);
    check(&bed, 1, &["nothing"]);
}

#[test]
fn nobody_is_there_to_say_yes() {
    let bed = Bed::demo();
    let before = bed.picture();
    bed.run(&["release", "minor"]).exits(2).says(&["--yes"]);
    bed.run(&["release", "minor", "--json"]).exits(2).says(&["--yes"]);
    assert_eq!(bed.picture(), before);
    nothing_is_on_its_way(&bed);
}
