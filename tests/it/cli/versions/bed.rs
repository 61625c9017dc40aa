//! A directory of its own, and the real binary in it with next to no environment.

use std::fmt;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::cli::bed::{files_below, wait_until};

/// The day of every question that does not name another.
const TODAY: &str = "2026-11-20";

/// An empty directory, or a repository.
pub(super) struct Room {
    root: TempDir,
    pub(super) work: PathBuf,
}

impl Room {
    /// A directory that is no repository and holds nothing.
    pub(super) fn empty() -> Self {
        let root = tempfile::tempdir().unwrap();
        let work = root.path().join("work");
        fs::create_dir(&work).unwrap();
        fs::create_dir(root.path().join("home")).unwrap();
        Self { root, work }
    }

    /// A repository with one commit, whose remote nobody could reach.
    pub(super) fn repository() -> Self {
        let room = Self::empty();
        room.git(&["init", "--quiet", "--initial-branch=main"]);
        room.git(&["remote", "add", "origin", "http://127.0.0.1:1/nobody.git"]);
        room.write("README", "A project.\n");
        room.commit();
        room
    }

    /// The same with these tags on its commit.
    pub(super) fn tagged(tags: &[&str]) -> Self {
        let room = Self::repository();
        for tag in tags {
            room.git(&["tag", tag]);
        }
        room
    }

    /// Commits everything.
    pub(super) fn commit(&self) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", "Go on"]);
    }

    /// Writes a file of the directory.
    pub(super) fn write(&self, path: &str, text: &str) {
        let path = self.work.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Runs git and returns what it prints, without the last newline.
    #[track_caller]
    pub(super) fn git(&self, args: &[&str]) -> String {
        let output = self.environment(Command::new("git")).args(args).output().unwrap();
        assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim_end_matches('\n').to_owned()
    }

    /// Every file of the directory, those of `.git` too, with its bytes.
    pub(super) fn picture(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let files = files_below(&self.work).into_iter();
        files.map(|file| (file.clone(), fs::read(&file).unwrap())).collect()
    }

    /// `tminus version ARGS` with nothing on standard input.
    #[track_caller]
    pub(super) fn ask(&self, args: &[&str]) -> Said {
        self.ask_lines(args, "")
    }

    /// The same as if it were another day.
    #[track_caller]
    pub(super) fn ask_on(&self, day: &str, args: &[&str]) -> Said {
        self.run(day, args, b"")
    }

    /// `tminus version ARGS` with this on standard input.
    #[track_caller]
    pub(super) fn ask_lines(&self, args: &[&str], input: impl AsRef<[u8]>) -> Said {
        self.run(TODAY, args, input.as_ref())
    }

    #[track_caller]
    fn run(&self, day: &str, args: &[&str], input: &[u8]) -> Said {
        let room = tempfile::tempdir_in(self.root.path()).unwrap();
        let [input_file, out, err] = ["in", "out", "err"].map(|name| room.path().join(name));
        fs::write(&input_file, input).unwrap();
        let mut command = self.command_on(day, args);
        command.stdin(File::open(input_file).unwrap());
        command.stdout(File::create(&out).unwrap()).stderr(File::create(&err).unwrap());
        let code = end(&mut command.spawn().unwrap());
        let read = |path: &Path| String::from_utf8(fs::read(path).unwrap()).expect("tminus prints UTF-8");
        Said { code, out: read(&out), err: read(&err), args: args.join(" ") }
    }

    /// The command, not yet started: nothing on standard input, its outputs are caught.
    pub(super) fn command(&self, args: &[&str]) -> Command {
        self.command_on(TODAY, args)
    }

    fn command_on(&self, day: &str, args: &[&str]) -> Command {
        // Before the subcommand, so that it stands in nobody's way.
        let mut command = self.environment(Command::new(binary()));
        command.args(["version", "--now", day]).args(args);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn environment(&self, mut command: Command) -> Command {
        command.env_clear().current_dir(&self.work).stdin(Stdio::null()).envs([
            ("PATH", std::env::var("PATH").unwrap().as_str()),
            ("HOME", &self.root.path().join("home").to_string_lossy()),
            ("LC_ALL", "C"),
            ("GIT_CONFIG_GLOBAL", "/dev/null"),
            ("GIT_CONFIG_NOSYSTEM", "1"),
            ("GIT_AUTHOR_NAME", "Mary Maintainer"),
            ("GIT_AUTHOR_EMAIL", "mary@example.org"),
            ("GIT_COMMITTER_NAME", "Mary Maintainer"),
            ("GIT_COMMITTER_EMAIL", "mary@example.org"),
        ]);
        command
    }
}

/// Waits for the end of a command and returns its exit code.
#[track_caller]
pub(super) fn end(child: &mut Child) -> i32 {
    let mut status = None;
    wait_until("the end of `tminus version`", || {
        status = child.try_wait().unwrap();
        status.is_some()
    });
    status.unwrap().code().expect("no signal ended it")
}

/// What `tminus version` said.
pub(super) struct Said {
    pub(super) code: i32,
    pub(super) out: String,
    pub(super) err: String,
    args: String,
}

impl Said {
    /// Asserts the exit code.
    #[track_caller]
    pub(super) fn exits(&self, code: i32) -> &Self {
        assert_eq!(self.code, code, "exit code of {self}");
        self
    }

    /// Asserts success, these lines on standard output, and nothing on standard error.
    #[track_caller]
    pub(super) fn answers(&self, lines: &[&str]) -> &Self {
        self.exits(0);
        assert_eq!(self.lines(), lines, "answers of {self}");
        assert_eq!(self.err, "", "{self}");
        self
    }

    /// Asserts a list, beside which notes may stand about what was left out.
    #[track_caller]
    pub(super) fn lists(&self, lines: &[&str]) -> &Self {
        self.exits(0);
        assert_eq!(self.lines(), lines, "answers of {self}");
        assert!(self.err.lines().all(|line| line.starts_with("note: ")), "{self}");
        self
    }

    /// Asserts an error: this exit code, nothing on standard output, these words on standard error.
    #[track_caller]
    pub(super) fn refuses(&self, code: i32, essentials: &[&str]) -> &Self {
        self.exits(code);
        assert_eq!(self.out, "", "{self}");
        assert!(self.err.starts_with("error: "), "{self}");
        self.explains(essentials)
    }

    /// Asserts that each of these stands on standard error, whatever the case of its letters.
    #[track_caller]
    pub(super) fn explains(&self, essentials: &[&str]) -> &Self {
        let err = self.err.to_lowercase();
        for essential in essentials {
            assert!(err.contains(&essential.to_lowercase()), "`{essential}` is not said in {self}");
        }
        self
    }

    /// The lines of standard output; the last one must be ended too.
    #[track_caller]
    pub(super) fn lines(&self) -> Vec<&str> {
        assert!(self.out.is_empty() || self.out.ends_with('\n'), "an unfinished line in {self}");
        self.out.lines().collect()
    }

    /// The one line of standard output of a command that succeeds.
    #[track_caller]
    pub(super) fn line(&self) -> &str {
        self.exits(0);
        let lines = self.lines();
        assert_eq!(lines.len(), 1, "{self}");
        lines[0]
    }

    /// Each line of standard output as a JSON document.
    #[track_caller]
    pub(super) fn documents(&self) -> Vec<Value> {
        let parse =
            |line: &str| serde_json::from_str(line).unwrap_or_else(|e| panic!("{line}: {e} in {self}"));
        self.lines().into_iter().map(parse).collect()
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { code, out, err, args } = self;
        write!(
            f,
            "`tminus version {args}` (exit {code})\n--- standard output\n{out}\n--- standard error\n{err}"
        )
    }
}

/// The binary beside this test: `target/debug/deps/it-…` -> `target/debug/tminus`.
fn binary() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let directory = test.parent().and_then(Path::parent).unwrap();
    let binary = directory.join("tminus").with_extension(std::env::consts::EXE_EXTENSION);
    assert!(binary.is_file(), "{} is missing: run cargo build -p tminus first", binary.display());
    binary
}
