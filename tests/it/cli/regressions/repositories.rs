//! Repositories with line-end filters and with submodules.

use std::fs;
use std::path::PathBuf;

use super::{BUILD, CODE, pass_gates, plain, remote, uploaded_once};
use crate::cli::bed::Bed;

const FILES: [&str; 2] = [CODE, "setup.cfg"];

/// Releases the demo, and asserts that nothing in the version files has changed but the version.
#[track_caller]
fn keeps_every_byte(bed: &Bed) {
    let before = FILES.map(|path| bed.on_remote("main", path));
    bed.run(&["release", "minor", "--yes"]).exits(5).says(&["tminus gate pass highlights"]);
    pass_gates(bed);
    for (path, before) in FILES.into_iter().zip(before) {
        for (revision, version) in [("v0.2.0", "0.2.0"), ("main", "0.2.1-dev")] {
            let after = bed.on_remote(revision, path);
            assert_eq!(after, before.replace("0.1.1-dev", version), "{path} in {revision}");
        }
    }
    let changed = bed.git_remote(&["diff", "--numstat", "v0.2.0~1", "main"]);
    assert_eq!(changed, format!("1\t1\t{}\n1\t1\t{}", FILES[0], FILES[1]));
    assert_eq!(bed.git(&["status", "--porcelain"]), "", "the tree is clean");
    assert_eq!(bed.git(&["rev-parse", "main"]), bed.git_remote(&["rev-parse", "main"]));
}

#[test]
fn line_ends_that_a_filter_makes() {
    let bed = Bed::demo();
    bed.git(&["config", "core.autocrlf", "true"]);
    // Checked out anew, through the filter.
    for path in FILES {
        fs::remove_file(bed.work.join(path)).unwrap();
    }
    bed.git(&["checkout", "--quiet", "--", "."]);
    for path in FILES {
        assert!(bed.read(path).contains("\r\n"), "{path} in the work tree");
        assert!(!bed.on_remote("main", path).contains('\r'), "{path} in the repository");
    }
    keeps_every_byte(&bed);
    for path in FILES {
        assert!(bed.read(path).contains("\r\n"), "{path} in the work tree");
    }
}

/// CRLF in the repository itself.
#[track_caller]
fn with_crlf() -> Bed {
    let bed = Bed::demo();
    for path in FILES {
        bed.write(path, &bed.read(path).replace('\n', "\r\n"));
    }
    bed.commit_and_push("Write as the others do");
    assert!(bed.on_remote("main", FILES[1]).contains("\r\n"));
    bed
}

#[test]
fn line_ends_of_the_repository() {
    keeps_every_byte(&with_crlf());
}

#[test]
fn line_ends_of_the_repository_that_a_filter_would_change() {
    let bed = with_crlf();
    bed.git(&["config", "core.autocrlf", "true"]);
    keeps_every_byte(&bed);
}

#[test]
fn a_build_that_needs_a_submodule() {
    let mut bed = plain("0.1.0");
    bed.set("GIT_CONFIG_COUNT", "1");
    bed.set("GIT_CONFIG_KEY_0", "protocol.file.allow");
    bed.set("GIT_CONFIG_VALUE_0", "always");
    let part = part(&bed);
    bed.git(&["submodule", "--quiet", "add", &part.to_string_lossy(), "vendored"]);
    let script = r#"["sh", "-c", "grep -q clockwork vendored/part.txt && exec python3 tools/build.py \"$0\"", "{out}"]"#;
    bed.replace("tminus.toml", BUILD, script);
    bed.commit_and_push("Borrow the clockwork");
    bed.run(&["release", "0.1.0", "--yes"]).exits(0).says(&["0.1.0"]);
    uploaded_once(&bed);
    assert_eq!(remote(&bed).1, "v0.1.0");
    assert_eq!(bed.git(&["status", "--porcelain"]), "");
}

/// Another project, with one file.
#[track_caller]
fn part(bed: &Bed) -> PathBuf {
    let dir = bed.root().join("part");
    bed.git_in(bed.root(), &["init", "--quiet", "--initial-branch=main", "part"]);
    fs::write(dir.join("part.txt"), "clockwork\n").unwrap();
    bed.git_in(&dir, &["add", "--all"]);
    bed.git_in(&dir, &["commit", "--quiet", "--message", "Tick"]);
    dir
}
