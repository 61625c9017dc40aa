//! Hooks of the user's: what they change is seen, what they leave behind is no run of ours.

use std::fs;
use std::process::Command;

use super::{hook, pass_gates, remote, unhook};
use crate::cli::bed::Bed;

#[test]
fn a_hook_drops_the_trailer() {
    let bed = Bed::demo();
    let git_dir = bed.work.join(".git");
    let before = (bed.git_remote(&["for-each-ref"]), bed.sandbox.snapshot());
    hook(&git_dir, "commit-msg", "subject=$(head -n 1 \"$1\")\necho \"$subject\" > \"$1\"");
    bed.run(&["release", "minor", "--yes"]).exits(4).says(&["trailer", "hook"]);
    bed.run(&["resume"]).exits(4).says(&["trailer"]);
    assert_eq!((bed.git_remote(&["for-each-ref"]), bed.sandbox.snapshot()), before);
    unhook(&git_dir, "commit-msg");
    bed.run(&["resume"]).exits(5).says(&["tminus gate pass highlights"]);
    let message = bed.git_remote(&["log", "-1", "--format=%B", "v0.2.0"]);
    assert!(message.trim_end().lines().count() > 1, "{message}");
}

#[test]
fn a_hook_takes_the_next_version_back() {
    let bed = Bed::demo();
    let git_dir = bed.work.join(".git");
    hook(
        &git_dir,
        "pre-commit",
        "for file in countdown_demo/__init__.py setup.cfg; do\n\
         if grep -q 0.2.1-dev $file; then sed -i s/0.2.1-dev/0.2.0/ $file; git add $file; fi\n\
         done",
    );
    bed.run(&["release", "minor", "--yes"]).exits(4).says(&["next", "0.2.0", "0.2.1-dev", "hook"]);
    assert_eq!(remote(&bed).0, "Bump version to 0.2.0", "nothing was pushed to main by `next`");
    unhook(&git_dir, "pre-commit");
    bed.run(&["resume"]).exits(5).says(&["tminus gate pass highlights"]);
    assert_eq!(remote(&bed).0, "Start development on version 0.2.1");
    pass_gates(&bed);
}

/// A daemon that a hook has left behind, ended when the test is.
struct Daemon(String);

impl Daemon {
    fn signal(&self, signal: &str) -> bool {
        Command::new("kill").args([signal, &self.0]).output().unwrap().status.success()
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        self.signal("-KILL");
    }
}

/// The lock is given back at the end of a run, whoever else has inherited it.
#[test]
fn a_hook_leaves_a_daemon_behind() {
    let bed = Bed::demo();
    let noted = bed.root().join("daemon");
    // Only the first push leaves one.
    let script = "[ -e 'NOTED' ] && exit 0\nsetsid sleep 20 </dev/null >/dev/null 2>&1 &\necho $! > 'NOTED'";
    hook(&bed.work.join(".git"), "pre-push", &script.replace("NOTED", &noted.to_string_lossy()));
    let first = bed.run(&["release", "minor", "--yes"]);
    let daemon = Daemon(fs::read_to_string(&noted).unwrap().trim().to_owned());
    first.exits(5).says(&["tminus gate pass highlights"]);
    if let Ok(mut open) = fs::read_dir(format!("/proc/{}/fd", daemon.0)) {
        let lock = bed.notes().join("lock");
        assert!(
            open.any(|file| fs::read_link(file.unwrap().path()).is_ok_and(|path| path == lock)),
            "the daemon has inherited the lock"
        );
    }
    bed.run(&["gate", "pass", "highlights"]).exits(0);
    bed.run(&["resume"]).exits(5).says(&["tminus gate pass announce"]);
    assert!(daemon.signal("-0"), "the daemon was there all the time");
}
