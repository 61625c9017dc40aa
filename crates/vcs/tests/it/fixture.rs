//! Repositories for tests: made by the real git, hermetic, with fixed people and dates.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempDir;
use tminus_vcs::{
    CommitId, Configuration, Git, GitOptions, Invocation, ObjectId, Output, Repository, Run, SystemRunner,
};

/// A directory with a repository `work` in it and room beside it.
pub(crate) struct Fixture {
    root: TempDir,
}

impl Fixture {
    /// A repository without commits.
    pub(crate) fn empty() -> Self {
        let fixture = Self { root: tempfile::tempdir().unwrap() };
        std::fs::create_dir(fixture.work()).unwrap();
        fixture.sh("git init --quiet --initial-branch=main .");
        fixture
    }

    /// A repository with one commit that holds `file`, `dir/inner` and `run` (executable).
    pub(crate) fn small() -> Self {
        let fixture = Self::empty();
        fixture.sh("echo one > file; mkdir dir; echo two > dir/inner; echo three > run; chmod +x run
             git add . && git commit --quiet --message=first");
        fixture
    }

    /// A small repository whose `origin` is the bare repository `origin.git` beside it, which has the same commit.
    pub(crate) fn with_origin() -> Self {
        let fixture = Self::small();
        fixture.sh("git clone --quiet --bare . ../origin.git
             git remote add origin ../origin.git
             git fetch --quiet origin
             git branch --quiet --set-upstream-to=origin/main");
        fixture
    }

    pub(crate) fn work(&self) -> PathBuf {
        self.beside("work")
    }

    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        // git shows paths with symbolic links resolved.
        self.root.path().canonicalize().unwrap().join(name)
    }

    /// Runs a shell script in the work tree and gives its output without the final line end.
    #[track_caller]
    pub(crate) fn sh(&self, script: &str) -> String {
        self.sh_in(&self.work(), script)
    }

    #[track_caller]
    pub(crate) fn sh_in(&self, dir: &Path, script: &str) -> String {
        let output = self.output_in(dir, script);
        assert!(output.success(), "{script}\n{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim_end_matches('\n').to_owned()
    }

    pub(crate) fn output_in(&self, dir: &Path, script: &str) -> Output {
        let mut command = Invocation::new("/bin/sh", dir);
        command.args = vec!["-euc".into(), script.into()];
        command.environment = self.environment();
        SystemRunner::default().run(&command).unwrap()
    }

    /// What every process of a test gets.
    pub(crate) fn environment(&self) -> Vec<(OsString, OsString)> {
        let text = |name: &str, value: &str| (OsString::from(name), OsString::from(value));
        vec![
            ("PATH".into(), path()),
            ("HOME".into(), self.root.path().into()),
            text("GIT_CONFIG_GLOBAL", "/dev/null"),
            text("GIT_CONFIG_NOSYSTEM", "1"),
            text("GIT_AUTHOR_NAME", "Ann Author"),
            text("GIT_AUTHOR_EMAIL", "ann@example.org"),
            text("GIT_AUTHOR_DATE", "1700000000 +0100"),
            text("GIT_COMMITTER_NAME", "Cem Committer"),
            text("GIT_COMMITTER_EMAIL", "cem@example.org"),
            text("GIT_COMMITTER_DATE", "1700000100 +0000"),
            text("LC_ALL", "C"),
        ]
    }

    pub(crate) fn git(&self) -> Git {
        self.git_with(&[])
    }

    /// git with more variables.
    pub(crate) fn git_with(&self, more: &[(&str, &str)]) -> Git {
        let mut environment = self.environment();
        environment.retain(|(name, _)| !more.iter().any(|(other, _)| name == other));
        environment.extend(more.iter().map(|(name, value)| (OsString::from(name), OsString::from(value))));
        Git::new(Arc::new(SystemRunner::default()), GitOptions::new(self.work(), environment))
    }

    pub(crate) fn repository(&self) -> Repository {
        self.repository_at(&self.work())
    }

    #[expect(clippy::unused_self, reason = "every repository of a test is reached through its fixture")]
    pub(crate) fn repository_at(&self, dir: &Path) -> Repository {
        Repository::open_with(dir, Configuration::RepositoryOnly).unwrap()
    }

    /// The commit that a revision means to the real git.
    #[track_caller]
    pub(crate) fn commit(&self, revision: &str) -> CommitId {
        self.sh(&format!("git rev-parse --verify '{revision}^{{commit}}'")).parse().unwrap()
    }

    /// The object that a revision means to the real git.
    #[track_caller]
    pub(crate) fn object(&self, revision: &str) -> ObjectId {
        self.sh(&format!("git rev-parse --verify '{revision}'")).parse().unwrap()
    }

    /// Commits a new content of `file` and gives the commit.
    #[track_caller]
    pub(crate) fn advance(&self, content: &str) -> CommitId {
        self.sh(&format!("echo '{content}' > file; git commit --quiet --all --message='{content}'"));
        self.commit("HEAD")
    }

    /// Writes an executable hook. A shell does it, so that no thread of the tests holds the file open for writing when
    /// another one starts a process: the kernel would refuse to run it.
    #[track_caller]
    pub(crate) fn hook(&self, git_dir: &Path, name: &str, script: &str) {
        let script = format!(
            "mkdir -p hooks; cat > hooks/{name} <<'END'\n#!/bin/sh\n{script}\nEND\nchmod +x hooks/{name}"
        );
        self.sh_in(git_dir, &script);
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the tests' own PATH leads to the git and the shell they are run with"
)]
fn path() -> OsString {
    std::env::var_os("PATH").unwrap()
}
