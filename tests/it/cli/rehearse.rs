//! `rehearse`: the whole release on a clone, with the project left as it is.

use std::process::Command;

use super::bed::{Answer, Bed};

/// Whether this machine can make a virtual environment with pip, without which nothing can be installed.
fn can_install() -> bool {
    Command::new("python3")
        .args(["-c", "import venv, ensurepip"])
        .output()
        .is_ok_and(|output| output.status.success())
}

/// Asserts that what was published was installed with pip and imported, where that can be.
#[track_caller]
#[expect(clippy::print_stdout, reason = "what is not tested here must be seen")]
fn installed(answer: &Answer) {
    if can_install() {
        let mut lines = answer.out.lines().chain(answer.err.lines());
        assert!(
            lines.any(|line| ["pip", "countdown-demo", "0.2.0", "import"]
                .iter()
                .all(|word| line.contains(word))),
            "no line says that pip installed countdown-demo 0.2.0 and that it was imported: {answer}"
        );
    } else {
        println!("SKIPPED: python3 -m venv does not work here, so nothing was installed");
    }
}

/// What pip installs from, here, is on loopback too: a rehearsal passes questions about other names on to it.
fn with_index_for_dependencies() -> Bed {
    let mut bed = Bed::demo();
    let index = bed.sandbox.index_url().to_string();
    bed.set("PIP_INDEX_URL", &index);
    bed
}

#[test]
fn of_a_project() {
    let bed = with_index_for_dependencies();
    let before = bed.picture();
    let answer = bed.run(&["rehearse"]);
    answer.exits(0).says(&["0.2.0", "not proven", "highlights"]);
    installed(&answer);
    assert_eq!(bed.picture(), before);
    assert!(!bed.notes().exists(), "a rehearsal leaves no notes in the project");
    // The rehearsal has an index and a forge of its own; where the environment points, nothing arrives, and the
    // project's own names are not even asked for.
    bed.only_questions();
    let asked = bed.sandbox.events().into_iter().filter(|event| event.path.contains("countdown"));
    assert_eq!(asked.map(|event| event.path).collect::<Vec<_>>(), Vec::<String>::new());
    assert!(bed.sandbox.webhooks("team").is_empty());
    bed.no_token_anywhere(&answer, super::bed::TOKEN);

    // And the real release still goes as if nothing had been.
    bed.run(&["release", "minor", "--yes"]).exits(5).says(&["0.2.0", "highlights"]);
}

#[test]
fn of_the_demo() {
    let bed = Bed::plain();
    let before = bed.picture_of_remote_and_sandbox();
    let answer = bed.run(&["rehearse", "--demo"]);
    answer.exits(0).says(&["countdown-demo", "0.2.0", "not proven"]);
    installed(&answer);
    assert_eq!(bed.picture_of_remote_and_sandbox(), before);
    assert!(bed.sandbox.events().is_empty());
    assert_eq!(bed.git(&["status", "--porcelain", "--ignored"]), "");
}

/// A rehearsal finds what the release would have found.
#[test]
fn of_a_project_that_does_not_build() {
    let bed = with_index_for_dependencies();
    bed.replace(
        "tminus.toml",
        r#"["python3", "tools/build.py", "{out}"]"#,
        r#"["sh", "-c", "echo the flux is missing >&2; exit 7", "{out}"]"#,
    );
    bed.commit_and_push("Build without flux");
    let before = bed.picture();
    bed.run(&["rehearse", "minor"]).exits(1).says(&["the flux is missing"]);
    assert_eq!(bed.picture(), before);
    assert!(!bed.notes().exists());
}
