//! A release that was cut short, or that the project has overtaken, and what `resume` makes of it.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use tminus_cli::demo::REPOSITORY;

use super::{CODE, finish, hook, kept, pass_gates, plain, release, remote, unhook, uploaded_once};
use crate::cli::bed::{Bed, TOKEN};

/// The plain project out as 0.1.0, at the commit that it was at.
#[track_caller]
fn is_out_as_it_stood(bed: &Bed, base: &str) {
    assert_eq!(bed.git_remote(&["rev-parse", "v0.1.0^{commit}", "main"]), format!("{base}\n{base}"));
    uploaded_once(bed);
}

#[test]
fn a_release_without_a_commit_step_is_killed_before_the_push() {
    let mut bed = plain("0.1.0");
    let base = bed.git(&["rev-parse", "HEAD"]);
    let plan = bed.run(&["plan", "0.1.0", "--json"]).exits(0).json();
    assert!(plan["steps"].as_array().unwrap().iter().all(|step| step["id"] != "commit"), "{plan:#}");
    bed.killed_at("push:before", &["release", "0.1.0", "--yes"]);
    bed.run(&["resume"]).exits(0).says(&["0.1.0"]);
    is_out_as_it_stood(&bed, &base);
}

#[test]
fn a_release_without_a_commit_step_is_refused_by_the_server_once() {
    let bed = plain("0.1.0");
    let base = bed.git(&["rev-parse", "HEAD"]);
    hook(&bed.remote, "pre-receive", "[ -e refused ] || { touch refused; echo not today >&2; exit 1; }");
    bed.run(&["release", "0.1.0", "--yes"]).exits(1).says(&["not today"]);
    assert_eq!(remote(&bed).1, "", "nothing was pushed");
    assert!(bed.sandbox.uploads().is_empty());
    bed.run(&["resume"]).exits(0).says(&["0.1.0"]);
    is_out_as_it_stood(&bed, &base);
}

#[test]
fn a_colleague_releases_in_between() {
    let bed = Bed::demo();
    bed.run(&["release", "minor", "--yes", "--only", "commit", "--only", "build"]).exits(0);
    let colleague = bed.colleague();
    for (from, to) in [("0.1.1-dev", "0.2.0"), ("0.2.0", "0.2.1-dev")] {
        for path in [CODE, "setup.cfg"] {
            let file = colleague.join(path);
            let text = fs::read_to_string(&file).unwrap();
            assert_eq!(text.matches(from).count(), 1);
            fs::write(&file, text.replace(from, to)).unwrap();
        }
        bed.git_in(&colleague, &["commit", "--quiet", "--all", "--message", &format!("Raise to {to}")]);
        if to == "0.2.0" {
            bed.git_in(&colleague, &["tag", "--annotate", "--message=Release version 0.2.0", "v0.2.0"]);
        }
    }
    bed.git_in(&colleague, &["push", "--quiet", "origin", "main", "v0.2.0"]);
    bed.git(&["pull", "--quiet", "--ff-only"]);
    let before = bed.picture();
    for words in [&["resume"][..], &["resume", "--yes"]] {
        let answer = bed.run(words);
        assert!([1, 4].contains(&answer.code), "{answer}");
        answer.says(&["0.2.0"]).says_one_of(&["0.3.0", "v0.2.0"]);
        assert_eq!(bed.picture(), before, "changed by {answer}");
    }
    assert!(bed.sandbox.uploads().is_empty());
}

/// Begins a release with its commit alone, commits something else that is not pushed, and returns that.
#[track_caller]
fn commit_in_between(bed: &Bed, release: &str) -> String {
    bed.run(&["release", release, "--yes", "--only", "commit"]).exits(0);
    bed.write("NEWS", "news\n");
    bed.git(&["add", "--all"]);
    bed.git(&["commit", "--quiet", "--message", "Add news"]);
    bed.git(&["rev-parse", "HEAD"])
}

#[test]
fn a_commit_is_made_in_between() {
    let bed = plain("0.1.0-dev");
    let news = commit_in_between(&bed, "0.1.0");
    let (before, first) = (bed.picture(), kept(&bed));
    bed.run(&["resume"]).exits(2).says(&["--yes"]);
    assert_eq!(bed.picture(), before);
    assert!(kept(&bed) == first, "the record is as it was");
    bed.run(&["resume", "--yes"]).exits(0).says(&["0.1.0"]);
    assert_eq!(
        bed.git_remote(&["rev-parse", "v0.1.0^{commit}~1"]),
        news,
        "planned anew, on what is there now"
    );
    uploaded_once(&bed);
}

/// The forge is asked for the pull requests of every commit; it does not know those that were not pushed yet.
#[test]
fn a_commit_is_made_in_between_and_labels_are_wanted() {
    let bed = Bed::demo();
    let news = commit_in_between(&bed, "minor");
    bed.run(&["resume"]).exits(2).says(&["--yes"]);
    bed.run(&["resume", "--yes"]).exits(5).says(&["tminus gate pass highlights"]);
    assert_eq!(bed.git_remote(&["rev-parse", "v0.2.0^{commit}~1"]), news);
    pass_gates(&bed);
}

/// Files are on the index, and somebody has deleted the tag: they have left this machine all the same.
#[test]
fn the_tag_is_deleted_after_the_upload() {
    let mut bed = Bed::demo();
    bed.killed_at("visible:pypi:countdown-demo:before", &["release", "minor", "--yes"]);
    let files = bed.on_index();
    assert_eq!(files.len(), 2);
    bed.git_remote(&["update-ref", "-d", "refs/tags/v0.2.0"]);
    hook(&bed.remote, "pre-receive", "if grep -q refs/tags/; then echo no tags today >&2; exit 1; fi");
    for _ in 0..2 {
        let answer = bed.run(&["resume"]);
        assert_ne!(answer.code, 0, "{answer}");
        answer.says(&["no tags today"]);
        let status = bed.run(&["status", "--json"]).exits(0).json();
        assert_eq!(status["open"]["version"], "0.2.0", "{status:#}");
        assert_eq!(status["open"]["departed"], true, "{status:#}");
    }
    unhook(&bed.remote, "pre-receive");
    finish(&bed);
    assert_eq!(bed.on_index(), files, "what is published was not built again");
    assert_eq!(remote(&bed).1, "v0.1.0\nv0.2.0");
}

/// A version file is moved after the push: `next` cannot be done any more, and the rest can.
#[track_caller]
fn with_next_out_of_reach() -> Bed {
    let mut bed = Bed::demo();
    bed.killed_at("push:performed", &["release", "minor", "--yes"]);
    let colleague = bed.colleague();
    bed.git_in(&colleague, &["mv", CODE, "countdown_demo/version.py"]);
    bed.git_in(&colleague, &["commit", "--quiet", "--message", "Move the version"]);
    bed.git_in(&colleague, &["push", "--quiet"]);
    bed
}

#[test]
fn a_step_that_cannot_be_done_is_given_up() {
    let bed = with_next_out_of_reach();
    let answer = bed.run(&["resume"]);
    assert_ne!(answer.code, 0, "{answer}");
    answer.says(&["next", CODE]);
    let stuck = kept(&bed);
    bed.run(&["gate", "waive", "next"]).exits(2).says(&["--why"]);
    assert!(kept(&bed) == stuck, "nothing was decided");
    bed.run(&["gate", "waive", "next", "--why", "the version has moved; done by hand"]).exits(0);
    bed.run(&["status"]).exits(0).says(&["next", "waived", "mary"]);
    finish(&bed);
    assert_eq!(remote(&bed).0, "Move the version");
}

#[test]
fn a_step_that_cannot_be_done_is_skipped() {
    let bed = with_next_out_of_reach();
    let skip = ["resume", "--skip", "next"];
    bed.run(&skip).exits(5).says(&["tminus gate pass highlights"]);
    bed.run(&["gate", "pass", "highlights"]).exits(0);
    bed.run(&skip).exits(5).says(&["tminus gate pass announce"]);
    assert!(!release(&bed).draft);
    // Milestones come after `next` in the plan.
    let milestones: Vec<_> = bed.milestones().into_iter().map(|(title, open, _)| (title, open)).collect();
    assert_eq!(milestones, [("0.2.0".to_owned(), false), ("0.3.0".to_owned(), true)]);
    bed.run(&["gate", "pass", "announce"]).exits(0);
    let last = bed.run(&skip);
    assert!([0, 5].contains(&last.code), "{last}");
    assert_eq!(bed.sandbox.webhooks("team").len(), 1);
    uploaded_once(&bed);
}

/// People may throw our notes away: the draft stays theirs.
#[test]
fn the_draft_is_rewritten_whole() {
    const THEIRS: &str = "Hand written notes only.";
    let bed = Bed::demo();
    bed.run(&["release", "minor", "--yes"]).exits(5).says(&["tminus gate pass highlights"]);
    let draft = release(&bed);
    assert!(draft.draft);
    rewrite(&bed, draft.id, THEIRS);
    // Looked at again before the gate is passed, it stays as it is too.
    bed.run(&["resume"]).exits(5);
    assert_eq!(release(&bed).body.as_deref(), Some(THEIRS));
    bed.run(&["gate", "pass", "highlights"]).exits(0);
    bed.run(&["resume"]).exits(5).says(&["tminus gate pass announce"]);
    let published = release(&bed);
    assert!(!published.draft);
    assert_eq!((published.id, published.body.as_deref()), (draft.id, Some(THEIRS)));
}

/// A person edits the release in the forge's own pages.
#[track_caller]
fn rewrite(bed: &Bed, id: u64, body: &str) {
    let document = serde_json::json!({ "body": body }).to_string();
    let base = bed.sandbox.forge_url();
    let mut stream = TcpStream::connect(("127.0.0.1", base.port().unwrap())).unwrap();
    let head = [
        format!("PATCH {}/repos/{REPOSITORY}/releases/{id} HTTP/1.1", base.path()),
        "Host: 127.0.0.1".to_owned(),
        format!("Authorization: Bearer {TOKEN}"),
        "Content-Type: application/json".to_owned(),
        format!("Content-Length: {}", document.len()),
        "Connection: close".to_owned(),
    ];
    write!(stream, "{}\r\n\r\n{document}", head.join("\r\n")).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}
