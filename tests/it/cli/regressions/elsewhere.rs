//! Other addresses than the plan was made for, addresses that cannot be reached, and addresses that are secret.

use std::fs;

use tminus_sandbox::{Options, Sandbox};

use super::{BUILD, PUBLISH, finish, remote, uploaded_once};
use crate::cli::bed::{Bed, TOKEN};

/// Half uploaded here is not finished there.
#[test]
fn another_index_in_the_middle_of_an_upload() {
    let mut bed = Bed::demo();
    bed.killed_at(&format!("{PUBLISH}:answered"), &["release", "minor", "--yes"]);
    assert_eq!(bed.on_index().len(), 1, "killed after the first file");
    let second = Sandbox::start(Options { token: TOKEN.to_owned(), ..Options::default() }).unwrap();
    let names = ["TMINUS_PYPI_UPLOAD_URL", "TMINUS_PYPI_INDEX_URL"];
    let first = names.map(|name| bed.variable(name).to_owned());
    let other = [second.upload_url().to_string(), second.index_url().to_string()];
    for (name, value) in names.iter().zip(&other) {
        bed.set(name, value);
    }
    bed.run(&["resume"]).exits(1).says(&[&first[0], &other[0]]);
    assert!(second.uploads().is_empty(), "nothing goes to the other index");
    assert_eq!(bed.on_index().len(), 1);
    for (name, value) in names.iter().zip(&first) {
        bed.set(name, value);
    }
    finish(&bed);
    assert!(second.uploads().is_empty());
}

/// A release goes on where it began.
#[test]
fn another_remote_after_the_push() {
    let mut bed = Bed::demo();
    bed.killed_at("push:performed", &["release", "minor", "--yes"]);
    let (origin, other) =
        (bed.remote.display().to_string(), bed.root().join("other.git").display().to_string());
    bed.git_in(bed.root(), &["clone", "--quiet", "--bare", &origin, &other]);
    bed.git(&["remote", "set-url", "origin", &other]);
    bed.run(&["resume"]).exits(1).says(&[&origin, &other]);
    assert!(bed.sandbox.uploads().is_empty());
    bed.git(&["remote", "set-url", "origin", &origin]);
    finish(&bed);
}

/// Stands in for ssh: runs the command here as long as a file is there, and finds nobody listening after that.
const SSH: &str = "shift\n[ -e UP ] && exec sh -c \"$*\"\necho 'connect to host git.example port 22: Connection refused' >&2\nexit 255\n";

/// The world fails after the push: that is no no-go, and the same command may be run again.
#[test]
fn the_remote_cannot_be_reached_after_the_push() {
    let mut bed = Bed::demo();
    let (up, ssh) = (bed.root().join("up"), bed.root().join("ssh"));
    fs::write(&up, "").unwrap();
    fs::write(&ssh, SSH.replace("UP", &up.to_string_lossy())).unwrap();
    bed.set("GIT_SSH_COMMAND", &format!("sh {}", ssh.display()));
    bed.git(&["config", "ssh.variant", "simple"]);
    bed.git(&["remote", "set-url", "origin", &format!("ssh://git.example{}", bed.remote.display())]);
    bed.killed_at("push:performed", &["release", "minor", "--yes"]);
    assert_eq!(remote(&bed).1, "v0.1.0\nv0.2.0", "pushed while there was somebody");
    fs::remove_file(&up).unwrap();
    for words in [&["resume"][..], &["release", "minor", "--yes"]] {
        bed.run(words).exits(3).says(&["Connection refused", "safe to run again"]);
    }
    assert!(bed.sandbox.uploads().is_empty());
    let status = bed.run(&["status", "--json"]).exits(0).json();
    assert_eq!(status["open"]["departed"], true, "{status:#}");
    fs::write(&up, "").unwrap();
    finish(&bed);
}

/// A login in the remote's URL is no business of a build, of what is printed, or of what is kept.
#[test]
fn a_login_in_the_url_of_the_remote() {
    const SECRET: &str = "SECRETTOK";
    let bed = Bed::demo();
    let origin = format!("https://me:{SECRET}@git.example/x.git");
    bed.git(&["config", &format!("url.{}.insteadOf", bed.remote.display()), &origin]);
    bed.git(&["remote", "set-url", "origin", &origin]);
    let built = r#"["sh", "-c", "git remote -v; git config --list; exit 7", "{out}"]"#;
    bed.replace("tminus.toml", BUILD, built);
    bed.commit_and_push("Show where it comes from");
    for words in [&["plan", "minor"][..], &["plan", "minor", "--json"]] {
        bed.no_token_anywhere(bed.run(words).exits(0), SECRET);
    }
    for words in [
        &["release", "minor", "--yes"][..],
        &["release", "minor", "--yes", "--verbose"],
        &["release", "minor", "--yes", "--json"],
    ] {
        let answer = bed.run(words);
        bed.no_token_anywhere(answer.exits(1).says(&["https://git.example/x.git"]), SECRET);
    }
    bed.no_token_anywhere(bed.run(&["status", "--json"]).exits(0), SECRET);
    // The build mended, the release goes through, and the user's own remote is as it was.
    bed.replace("tminus.toml", built, BUILD);
    bed.commit_and_push("Build as before");
    let answer = bed.run(&["release", "minor", "--yes", "--verbose"]);
    bed.no_token_anywhere(answer.exits(5), SECRET);
    uploaded_once(&bed);
    assert_eq!(bed.git(&["config", "remote.origin.url"]), origin);
    assert_eq!(remote(&bed).1, "v0.1.0\nv0.2.0");
}

/// What was never sent is not in doubt.
#[test]
fn a_webhook_without_encryption() {
    let mut bed = Bed::demo();
    let good = bed.variable("RELEASE_WEBHOOK").to_owned();
    bed.set("RELEASE_WEBHOOK", "http://hooks.example/team-4711");
    bed.run(&["release", "minor", "--yes"]).exits(5);
    bed.run(&["gate", "pass", "highlights"]).exits(0);
    bed.run(&["resume"]).exits(5).says(&["tminus gate pass announce"]);
    bed.run(&["gate", "pass", "announce"]).exits(0);
    for _ in 0..2 {
        let answer = bed.run(&["resume"]);
        answer.exits(1).says(&["RELEASE_WEBHOOK"]);
        bed.no_token_anywhere(&answer, "team-4711");
    }
    assert!(bed.sandbox.webhooks("team").is_empty());
    bed.set("RELEASE_WEBHOOK", &good);
    bed.run(&["resume"]).exits(0).says(&["0.2.0"]);
    assert_eq!(bed.sandbox.webhooks("team").len(), 1);
    bed.run(&["resume"]).exits(1).says(&["no release is on its way"]);
    assert_eq!(bed.sandbox.webhooks("team").len(), 1);
}
