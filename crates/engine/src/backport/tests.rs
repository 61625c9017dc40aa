use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempDir;
use tminus_vcs::{Git, GitOptions, Invocation, Repository, Run, SystemRunner};

use super::resolve::Wanted;
use super::{
    Backport, BackportError, BackportForge, BackportOutcome, BackportRequest, NewPullRequest, backport,
    missing,
};
use crate::Exit;

#[test]
fn words_on_the_command_line() {
    for (text, expected) in [
        ("#7", Some(Wanted::PullRequest(7))),
        ("123456", Some(Wanted::PullRequest(123_456))),
        ("1234567", Some(Wanted::Commit("1234567".to_owned()))),
        ("main~2", Some(Wanted::Commit("main~2".to_owned()))),
        ("#0", None),
        ("0", None),
        ("#", None),
        ("#99999999999999999999", None),
        ("-x", None),
        ("", None),
    ] {
        assert_eq!(text.parse().ok(), expected, "{text:?}");
    }
}

/// A clone with `main` and the lines `1.x`, which has changed line 20, and `2.x`, and its bare remote beside it.
struct Bed {
    root: TempDir,
}

impl Bed {
    fn new() -> Self {
        let bed = Self { root: tempfile::tempdir().unwrap() };
        std::fs::create_dir(bed.work()).unwrap();
        bed.sh(r#"
            git init -q --bare -b main ../origin.git; git init -q -b main .; git remote add origin ../origin.git
            c() { git add -A . && git commit -qm "$1"; }
            seq 1 40 > lines; c base; git branch 2.x; git branch 1.x
            sed -i 's/^5$/five/' lines; c "Fix five (#12)"
            sed -i 's/^20$/twenty/' lines; c "Fix twenty (#13)"
            git checkout -qb topic; sed -i 's/^33$/x33/' lines; c t1; sed -i 's/^35$/x35/' lines; c t2
            git checkout -q main; git merge -q --no-ff -m "Merge pull request #14 from me/topic" -m "Fix two lines" topic
            git checkout -q 1.x; sed -i 's/^20$/XX/' lines; c line
            git checkout -q main; git push -q origin main 1.x 2.x; git fetch -q
        "#);
        bed
    }

    fn work(&self) -> PathBuf {
        self.root.path().join("work")
    }

    fn environment() -> Vec<(std::ffi::OsString, std::ffi::OsString)> {
        let pairs = [
            ("PATH", option_env!("PATH").unwrap_or("/usr/bin:/bin")),
            ("GIT_CONFIG_GLOBAL", "/dev/null"),
            ("GIT_CONFIG_NOSYSTEM", "1"),
            ("GIT_AUTHOR_NAME", "Ann"),
            ("GIT_AUTHOR_EMAIL", "ann@example.org"),
            ("GIT_COMMITTER_NAME", "Cem"),
            ("GIT_COMMITTER_EMAIL", "cem@example.org"),
        ];
        pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect()
    }

    #[track_caller]
    fn sh(&self, script: &str) -> String {
        let mut command = Invocation::new(Path::new("/bin/sh"), self.work());
        command.args = vec!["-euc".into(), script.into()];
        command.environment = Self::environment();
        let output = SystemRunner::default().run(&command).unwrap();
        assert!(output.success(), "{script}\n{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    }

    fn request(wanted: &[&str], to: &[&str]) -> BackportRequest {
        BackportRequest {
            wanted: wanted.iter().map(|text| text.parse().unwrap()).collect(),
            to: to.iter().map(|text| text.parse().unwrap()).collect(),
            remote: "origin".parse().unwrap(),
            main: "main".parse().unwrap(),
            dry_run: false,
            push: false,
            labels: vec!["backport".to_owned()],
        }
    }

    fn ask(&self, request: &BackportRequest) -> Result<Vec<Backport>, BackportError> {
        let git =
            Git::new(Arc::new(SystemRunner::default()), GitOptions::new(self.work(), Self::environment()));
        let repository =
            Repository::open_with(&self.work(), tminus_vcs::Configuration::RepositoryOnly).unwrap();
        backport(&repository, &git, Some(&Pages), request)
    }

    #[track_caller]
    fn one(&self, wanted: &[&str], to: &str) -> Backport {
        self.ask(&Self::request(wanted, &[to])).unwrap().remove(0)
    }
}

/// A forge that knows pull request 77, and gives every branch a page.
struct Pages;

impl BackportForge for Pages {
    fn commits_of(&self, number: u64) -> Result<Option<Vec<tminus_vcs::CommitId>>, String> {
        if number == 78 { Err("the forge is down".to_owned()) } else { Ok(None) }
    }

    fn pull_request(
        &self,
        head: &tminus_vcs::BranchName,
        new: &NewPullRequest,
        _: bool,
    ) -> Result<Option<String>, String> {
        Ok(Some(format!("{head} -> {}: {} {:?}", new.base, new.title, new.labels)))
    }
}

#[test]
fn made_once_and_then_as_it_should_be() {
    let bed = Bed::new();
    let before = bed.sh("git status --porcelain; git rev-parse HEAD");
    let made = bed.one(&["#12", "14"], "1.x");
    assert_eq!(made.branch, "backport/12-14/to/1.x");
    let BackportOutcome::Created { commits } = &made.outcome else { panic!("{made:?}") };
    assert_eq!(commits.len(), 2);
    let tip = bed.sh("git rev-parse backport/12-14/to/1.x");
    assert_eq!(commits[1].by.as_deref(), Some(tip.as_str()));
    assert_eq!(bed.one(&["#12", "14"], "1.x").outcome, BackportOutcome::Unchanged);
    assert_eq!(bed.sh("git rev-parse backport/12-14/to/1.x"), tip);
    assert_eq!(bed.sh("git status --porcelain; git rev-parse HEAD"), before);
    bed.sh("git fetch -q . backport/12-14/to/1.x:1.x; git push -q origin 1.x; git fetch -q");
    let landed = bed.one(&["#12", "14"], "1.x");
    assert_eq!((landed.outcome, landed.already.len()), (BackportOutcome::AlreadyThere, 2));
    assert_eq!(landed.already[1].by.as_deref(), Some(tip.as_str()));
}

#[test]
fn a_dry_run_and_a_conflict_write_nothing() {
    let bed = Bed::new();
    let picture = "git for-each-ref; git count-objects; ls .git/objects; git status --porcelain";
    let before = bed.sh(picture);
    let dry = BackportRequest { dry_run: true, push: true, ..Bed::request(&["#12"], &["1.x", "2.x"]) };
    for line in bed.ask(&dry).unwrap() {
        assert!(matches!(line.outcome, BackportOutcome::Created { .. }), "{line:?}");
        assert_eq!(line.pushed, None);
    }
    let conflict = bed.one(&["#13"], "1.x");
    let BackportOutcome::Conflict { commit, files, commands } = &conflict.outcome else {
        panic!("{conflict:?}")
    };
    assert_eq!(*commit, bed.sh("git rev-parse main~1"));
    assert_eq!((files[0].path.as_str(), files[0].kind.as_str()), ("lines", "contents"));
    assert_eq!(bed.sh(picture), before);
    // What it says to do works, and what is finished by hand is not touched afterwards.
    bed.sh(&format!(
        "{}\n{} || true\ngit checkout -q --theirs lines; git add lines
        git -c core.editor=: cherry-pick --continue >/dev/null; git checkout -q main",
        commands[0], commands[1]
    ));
    let tip = bed.sh("git rev-parse backport/13/to/1.x");
    assert_eq!(bed.one(&["#13"], "1.x").outcome, BackportOutcome::Kept);
    assert_eq!(bed.sh("git rev-parse backport/13/to/1.x"), tip);
}

#[test]
fn renewed_when_the_line_has_moved_and_pushed_under_a_lease() {
    let bed = Bed::new();
    let push = BackportRequest { push: true, ..Bed::request(&["#14"], &["2.x"]) };
    let first = bed.ask(&push).unwrap().remove(0).pushed.unwrap();
    assert!(first.changed);
    assert_eq!(
        first.pull_request.as_deref(),
        Some("backport/14/to/2.x -> 2.x: [2.x] Fix two lines [\"backport\"]")
    );
    assert!(!bed.ask(&push).unwrap().remove(0).pushed.unwrap().changed);
    bed.sh("git checkout -q 2.x; echo x > other; git add .; git commit -qm other; git push -q origin 2.x; git checkout -q main");
    let again = bed.ask(&push).unwrap().remove(0);
    assert!(matches!(again.outcome, BackportOutcome::Renewed { .. }), "{again:?}");
    assert!(again.pushed.unwrap().changed);
    let remote = bed.sh("git ls-remote origin refs/heads/backport/14/to/2.x | cut -f1");
    assert_eq!(remote, bed.sh("git rev-parse backport/14/to/2.x"));
    assert_eq!(bed.sh("git rev-parse backport/14/to/2.x~1"), bed.sh("git rev-parse 2.x"));
    // Somebody else has pushed to the branch.
    bed.sh("git clone -q ../origin.git ../other; cd ../other; git checkout -q backport/14/to/2.x
        git commit -q --allow-empty -m more; git push -q");
    assert!(matches!(bed.ask(&push), Err(BackportError::InTheWay { .. })));
}

#[test]
fn a_branch_of_that_name_with_something_else() {
    let bed = Bed::new();
    bed.sh("git branch backport/12/to/2.x main");
    let error = bed.ask(&Bed::request(&["#12"], &["2.x"])).unwrap_err();
    assert!(matches!(error, BackportError::InTheWay { .. }), "{error}");
    assert_eq!(error.exit(), Exit::Conflict);
}

#[test]
fn what_cannot_be_found() {
    let bed = Bed::new();
    let exit = |wanted: &[&str], to: &[&str]| bed.ask(&Bed::request(wanted, to)).unwrap_err();
    assert!(matches!(exit(&["#99"], &["1.x"]), BackportError::NoSuchPullRequest { number: 99, .. }));
    assert!(matches!(exit(&["#78"], &["1.x"]), BackportError::Forge(_)));
    assert!(matches!(exit(&["nonsense"], &["1.x"]), BackportError::NoSuchCommit(_)));
    assert!(matches!(exit(&["#12"], &["3.x"]), BackportError::NoSuchLine { .. }));
    assert!(matches!(exit(&["#12"], &[]), BackportError::NoLines));
}

#[test]
fn what_the_lines_lack() {
    let bed = Bed::new();
    bed.sh("git checkout -q 1.x; git cherry-pick -x main~2 >/dev/null; git push -q origin 1.x; git checkout -q main");
    let repository = Repository::open_with(&bed.work(), tminus_vcs::Configuration::RepositoryOnly).unwrap();
    let (remote, main) = ("origin".parse().unwrap(), "main".parse().unwrap());
    let found =
        missing(&repository, &remote, &main, &["1.x".parse().unwrap(), "2.x".parse().unwrap()]).unwrap();
    let states: Vec<Vec<_>> =
        found.iter().map(|line| line.changes.iter().map(|change| change.state).collect()).collect();
    assert_eq!(states, [vec!["landed", "missing", "missing"], vec!["missing"; 3]]);
}
