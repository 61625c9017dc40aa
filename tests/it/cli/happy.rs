//! The whole process of the demo, from the first command to the last, and what it leaves behind.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;

use tminus_cli::demo::{PACKAGE, REPOSITORY};

use super::bed::{Bed, TOKEN, files_below};

const FILES: [&str; 2] = ["countdown_demo/__init__.py", "setup.cfg"];
const ARTIFACTS: [&str; 2] = ["countdown_demo-0.2.0-py3-none-any.whl", "countdown_demo-0.2.0.tar.gz"];
const NOTES: [&str; 3] = ["Count in hours", "Stop at zero, not at one", "Explain the countdown"];

/// Releases the demo as its maintainer would: stop, decide, go on.
#[track_caller]
fn release_all(bed: &Bed) {
    bed.run(&["release", "minor", "--yes"]).exits(5).says(&["highlights", "tminus gate pass highlights"]);
    assert!(bed.sandbox.webhooks("team").is_empty(), "announced before the gate");
    bed.run(&["gate", "pass", "highlights"]).exits(0).says(&["highlights"]);
    bed.run(&["resume"]).exits(5).says(&["announce", "tminus gate pass announce"]);
    assert!(bed.sandbox.webhooks("team").is_empty(), "announced before the gate");
    bed.run(&["gate", "pass", "announce"]).exits(0).says(&["announce"]);
    bed.run(&["resume"]).exits(0).says(&["0.2.0"]);
}

#[test]
fn the_whole_process() {
    let bed = Bed::demo();
    let base = bed.git(&["rev-parse", "HEAD"]);
    release_all(&bed);
    commits(&bed, &base);
    files(&bed, &base);
    tag(&bed);
    index(&bed);
    forge(&bed);

    let messages = bed.sandbox.webhooks("team");
    assert_eq!(messages.len(), 1, "the announcement is sent once");
    assert!(messages[0].body.contains("countdown-demo 0.2.0 is out."), "{}", messages[0].body);

    assert_eq!(bed.git(&["rev-parse", "main"]), bed.git_remote(&["rev-parse", "main"]), "local main");
    assert_eq!(bed.git(&["symbolic-ref", "HEAD"]), "refs/heads/main");
    assert_eq!(bed.git(&["status", "--porcelain"]), "", "the tree is clean");

    // Once closed, nothing more happens, whichever way one asks.
    let after = bed.picture();
    bed.run(&["resume"]).exits(1).says(&["no release is on its way"]);
    bed.run(&["release", "minor", "--yes"])
        .exits(1)
        .says(&["nothing"])
        .says_one_of(&["release", "unreleased"]);
    assert_eq!(bed.picture(), after);
}

#[track_caller]
fn commits(bed: &Bed, base: &str) {
    let subjects = bed.git_remote(&["log", "--reverse", "--format=%s", &format!("{base}..main")]);
    assert_eq!(subjects, "Bump version to 0.2.0\nStart development on version 0.2.1");
    for (from, to) in [(base, "main~1"), ("main~1", "main")] {
        let changed = bed.git_remote(&["diff", "--name-only", from, to]);
        assert_eq!(changed.lines().collect::<Vec<_>>(), FILES, "changed between {from} and {to}");
    }
    assert_eq!(
        bed.git_remote(&["log", "-2", "--format=%an <%ae>", "main"]),
        ["Mary Maintainer <mary@example.org>", "Mary Maintainer <mary@example.org>"].join("\n")
    );
}

/// Every byte that is not the version stays.
#[track_caller]
fn files(bed: &Bed, base: &str) {
    for path in FILES {
        let before = bed.on_remote(base, path);
        assert_eq!(before.matches("0.1.1-dev").count(), 1);
        assert_eq!(bed.on_remote("v0.2.0", path), before.replace("0.1.1-dev", "0.2.0"));
        let after = before.replace("0.1.1-dev", "0.2.1-dev");
        assert_eq!(bed.on_remote("main", path), after);
        assert_eq!(bed.read(path), after, "{path} in the work tree");
    }
    assert!(
        bed.read("setup.cfg").contains("# quoted, as the project always had it\nversion = \"0.2.1-dev\"\n")
    );
    assert!(bed.read(FILES[0]).contains("__version__ = \"0.2.1-dev\"  # set by the release\n"));
}

#[track_caller]
fn tag(bed: &Bed) {
    assert_eq!(bed.git_remote(&["cat-file", "-t", "v0.2.0"]), "tag", "an annotated tag");
    let text = bed.git_remote(&["for-each-ref", "--format=%(contents)", "refs/tags/v0.2.0"]);
    assert_eq!(text.trim_end(), "Release version 0.2.0");
    assert_eq!(bed.git_remote(&["rev-parse", "v0.2.0^{commit}"]), bed.git_remote(&["rev-parse", "main~1"]));
    assert_eq!(bed.git(&["rev-parse", "v0.2.0"]), bed.git_remote(&["rev-parse", "v0.2.0"]));
    assert_eq!(bed.git_remote(&["tag", "--list"]), "v0.1.0\nv0.2.0");
    assert_eq!(bed.git_remote(&["for-each-ref", "--format=%(refname)", "refs/heads"]), "refs/heads/main");
}

#[track_caller]
fn index(bed: &Bed) {
    let names: Vec<String> = bed.on_index().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ARTIFACTS);
    for tally in bed.sandbox.uploads() {
        assert_eq!((tally.accepted, tally.duplicate, tally.refused), (1, 0, 0), "{}", tally.filename);
    }
    // What is on the index was built from the tag, and is what the record says was built.
    let wheel = bed.root().join(ARTIFACTS[0]);
    fs::write(&wheel, bed.sandbox.file_content(ARTIFACTS[0]).unwrap()).unwrap();
    let code = bed.on_remote("v0.2.0", FILES[0]);
    assert_eq!(member_of_zip(bed, &wheel, FILES[0]), code);
    let metadata = member_of_zip(bed, &wheel, "countdown_demo-0.2.0.dist-info/METADATA");
    assert!(metadata.contains("Name: countdown-demo\nVersion: 0.2.0\n"), "{metadata}");
    let kept: Vec<String> = files_below(&bed.notes())
        .iter()
        .map(|file| String::from_utf8_lossy(&fs::read(file).unwrap()).into())
        .collect();
    for (name, hash) in bed.on_index() {
        let noted = kept.iter().any(|text| text.contains(&name) && text.contains(&hash));
        assert!(noted, "{name} with {hash} is nowhere in the record");
    }
    assert!(bed.sandbox.projects() == [PACKAGE]);
}

#[track_caller]
fn member_of_zip(bed: &Bed, archive: &Path, member: &str) -> String {
    let script =
        "import sys, zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))";
    let output = Command::new("python3")
        .args(["-c", script])
        .arg(archive)
        .arg(member)
        .current_dir(bed.root())
        .output();
    let output = output.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[track_caller]
fn forge(bed: &Bed) {
    let releases: Vec<_> =
        bed.sandbox.releases(REPOSITORY).into_iter().filter(|release| release.tag_name == "v0.2.0").collect();
    assert_eq!(releases.len(), 1, "{releases:#?}");
    let release = &releases[0];
    assert!(!release.draft && !release.prerelease && release.published_at.is_some(), "{release:#?}");
    let body = release.body.as_deref().unwrap();
    let (start, end) = markers(body);
    for note in NOTES {
        let place = body.find(note).unwrap_or_else(|| panic!("`{note}` is missing from the notes:\n{body}"));
        assert!(start < place && place < end, "`{note}` does not stand between the markers:\n{body}");
    }
    for section in ["New features", "Mended", "Other changes"] {
        assert!(body.contains(section), "the section `{section}` is missing:\n{body}");
    }
    let discussions = bed.sandbox.discussions(REPOSITORY);
    assert_eq!(discussions.len(), 1, "{discussions:#?}");
    assert_eq!(release.discussion, Some(discussions[0].number));
    assert_eq!(discussions[0].category, "Announcements");
    assert_eq!(discussions[0].release_tag.as_deref(), Some("v0.2.0"));

    let milestones: BTreeMap<_, _> =
        bed.milestones().into_iter().map(|(title, open, due)| (title, (open, due))).collect();
    assert_eq!(milestones.len(), 2, "{milestones:#?}");
    assert!(!milestones["0.2.0"].0, "milestone 0.2.0 is closed");
    let (open, due) = &milestones["0.3.0"];
    assert!(*open, "milestone 0.3.0 is open");
    assert!(due.as_deref().is_some_and(|due| due.starts_with("2027-02-20")), "three months on, not {due:?}");
}

/// Where our markers, two comments, stand in the body of a release.
#[track_caller]
fn markers(body: &str) -> (usize, usize) {
    let places: Vec<usize> = body
        .match_indices("<!--")
        .filter(|(at, _)| body[*at..].lines().next().unwrap().contains("tminus"))
        .map(|(at, _)| at)
        .collect();
    assert_eq!(places.len(), 2, "two markers in:\n{body}");
    (places[0], places[1])
}

/// What people write into the draft stays: only what stands between the markers is ours.
#[test]
fn highlights_written_by_hand_stay() {
    let bed = Bed::demo();
    bed.run(&["release", "minor", "--yes"]).exits(5);
    let draft = bed.sandbox.releases(REPOSITORY).into_iter().find(|release| release.draft).expect("a draft");
    assert_eq!(draft.tag_name, "v0.2.0");
    let body = format!("Now in hours, and down to zero.\n\n{}\n\nThanks to ada!\n", draft.body.unwrap());
    patch_release(&bed, draft.id, &body);
    bed.run(&["gate", "pass", "highlights"]).exits(0);
    bed.run(&["resume"]).exits(5);
    let release =
        bed.sandbox.releases(REPOSITORY).into_iter().find(|release| release.tag_name == "v0.2.0").unwrap();
    assert!(!release.draft);
    assert_eq!(release.body.as_deref(), Some(body.as_str()));
}

/// A person edits the release in the forge's own pages.
#[track_caller]
fn patch_release(bed: &Bed, id: u64, body: &str) {
    let document = serde_json::json!({ "body": body }).to_string();
    let base = bed.sandbox.forge_url();
    let mut stream = TcpStream::connect(("127.0.0.1", base.port().unwrap())).unwrap();
    write!(
        stream,
        "PATCH {}/repos/{REPOSITORY}/releases/{id} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {TOKEN}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{document}",
        base.path(),
        document.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

/// `--yes` passes no gate, however often it is said; `release minor` goes on with the open release.
#[test]
fn yes_passes_no_gate_and_release_goes_on() {
    let bed = Bed::demo();
    bed.run(&["release", "minor", "--yes"]).exits(5).says(&["highlights"]);
    let stopped = bed.picture();
    bed.run(&["release", "minor", "--yes"]).exits(5).says(&["highlights", "0.2.0"]);
    bed.run(&["resume", "--yes"]).exits(5).says(&["highlights"]);
    assert_eq!(bed.picture(), stopped, "running again changes nothing");
    bed.run(&["gate", "pass", "highlights"]).exits(0);
    bed.run(&["release", "minor", "--yes"]).exits(5).says(&["gate pass announce"]);
    let release =
        bed.sandbox.releases(REPOSITORY).into_iter().find(|release| release.tag_name == "v0.2.0").unwrap();
    assert!(!release.draft);
    assert!(bed.sandbox.webhooks("team").is_empty());
}

/// A name that no gate has is a usage error that lists those there are.
#[test]
fn unknown_gates() {
    let bed = Bed::demo();
    bed.run(&["gate", "pass", "highlights"]).exits(1).says(&["no release is on its way"]);
    bed.run(&["release", "minor", "--yes"]).exits(5);
    let stopped = bed.picture();
    bed.run(&["gate", "pass", "highlight"]).exits(2).says(&["`highlight`", "highlights", "announce"]);
    bed.run(&["gate", "open", "highlights"]).exits(2).says(&["pass", "waive", "retry"]);
    assert_eq!(bed.picture(), stopped);
    bed.run(&["resume"]).exits(5).says(&["highlights"]);
}
