//! The bed of these tests: the demo project, a sandbox, and the real binary in an environment of its own.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;
use tminus_cli::demo::{Demo, PACKAGE, REPOSITORY};
use tminus_sandbox::{Checks, Options, Sandbox};

/// The day on which every release of these tests happens.
pub(super) const TODAY: &str = "2026-11-20";

/// The one token of the sandbox, looked for wherever it must not be.
pub(super) const TOKEN: &str = "tok-4b1d-the-only-one";

/// A run that takes longer hangs: the slowest one here takes a few seconds.
const PATIENCE: Duration = Duration::from_mins(1);

/// A project with its remote, the sandbox it is released to, and the environment of every command.
pub(super) struct Bed {
    root: TempDir,
    pub(super) work: PathBuf,
    pub(super) remote: PathBuf,
    pub(super) sandbox: Sandbox,
    variables: BTreeMap<String, String>,
}

impl Bed {
    /// The demo project, known to the forge of a sandbox of its own.
    pub(super) fn demo() -> Self {
        Self::demo_with_checks(quick_checks())
    }

    /// The same, with checks of its own on the forge.
    pub(super) fn demo_with_checks(checks: Checks) -> Self {
        let root = tempfile::tempdir().unwrap();
        let demo = Demo::create(root.path(), &search_path()).unwrap();
        let bed = Self::of(root, demo.work.clone(), demo.remote.clone(), checks);
        demo.seed(&bed.sandbox).unwrap();
        bed
    }

    /// A project of one's own making: an empty directory and an empty bare remote, with no forge.
    pub(super) fn plain() -> Self {
        let root = tempfile::tempdir().unwrap();
        let (work, remote) = (root.path().join("work"), root.path().join("remote.git"));
        fs::create_dir(&work).unwrap();
        let mut bed = Self::of(root, work, remote, quick_checks());
        for name in ["GITHUB_API_URL", "GH_TOKEN", "RELEASE_WEBHOOK"] {
            bed.variables.remove(name);
        }
        bed.git_in(bed.root(), &["init", "--quiet", "--bare", "--initial-branch=main", "remote.git"]);
        bed.git(&["init", "--quiet", "--initial-branch=main"]);
        bed.git(&["remote", "add", "origin", &bed.remote.to_string_lossy()]);
        bed
    }

    fn of(root: TempDir, work: PathBuf, remote: PathBuf, checks: Checks) -> Self {
        let sandbox =
            Sandbox::start(Options { token: TOKEN.to_owned(), checks, ..Options::default() }).unwrap();
        let home = root.path().join("home");
        fs::create_dir(&home).unwrap();
        let variables = [
            ("PATH", search_path()),
            ("HOME", home.to_string_lossy().into_owned()),
            ("LC_ALL", "C".to_owned()),
            ("GIT_CONFIG_GLOBAL", "/dev/null".to_owned()),
            ("GIT_CONFIG_NOSYSTEM", "1".to_owned()),
            ("GIT_AUTHOR_NAME", "Mary Maintainer".to_owned()),
            ("GIT_AUTHOR_EMAIL", "mary@example.org".to_owned()),
            ("GIT_COMMITTER_NAME", "Mary Maintainer".to_owned()),
            ("GIT_COMMITTER_EMAIL", "mary@example.org".to_owned()),
            ("USER", "mary".to_owned()),
            ("TMINUS_POLL_MILLIS", "20".to_owned()),
            ("TMINUS_PYPI_UPLOAD_URL", sandbox.upload_url().to_string()),
            ("TMINUS_PYPI_INDEX_URL", sandbox.index_url().to_string()),
            ("TMINUS_PYPI_TOKEN", TOKEN.to_owned()),
            ("GITHUB_API_URL", sandbox.forge_url().to_string()),
            ("GH_TOKEN", TOKEN.to_owned()),
            ("RELEASE_WEBHOOK", sandbox.webhook_url("team").to_string()),
        ];
        let variables = variables.map(|(name, value)| (name.to_owned(), value)).into_iter().collect();
        Self { root, work, remote, sandbox, variables }
    }

    /// The temporary directory that everything lies in.
    pub(super) fn root(&self) -> &Path {
        self.root.path()
    }

    /// Sets a variable of the environment of every later command.
    pub(super) fn set(&mut self, name: &str, value: &str) {
        self.variables.insert(name.to_owned(), value.to_owned());
    }

    /// A variable of the environment of every command.
    pub(super) fn variable(&self, name: &str) -> &str {
        &self.variables[name]
    }

    /// Takes a variable away.
    pub(super) fn unset(&mut self, name: &str) {
        self.variables.remove(name);
    }

    /// Runs tminus to its end, without a terminal.
    #[track_caller]
    pub(super) fn run(&self, args: &[&str]) -> Answer {
        self.start(args).end()
    }

    /// Runs tminus as if it were another day.
    #[track_caller]
    pub(super) fn run_on(&self, day: &str, args: &[&str]) -> Answer {
        self.start_on(day, args).end()
    }

    /// Runs tminus until it kills itself at a place of its own: `push:performed`.
    #[track_caller]
    pub(super) fn killed_at(&mut self, place: &str, args: &[&str]) {
        self.set("TMINUS_FUSE", place);
        let run = self.start(args);
        self.unset("TMINUS_FUSE");
        run.dies();
    }

    /// Starts tminus in the work tree, on the day of these tests.
    #[track_caller]
    pub(super) fn start(&self, args: &[&str]) -> Run {
        self.start_on(TODAY, args)
    }

    #[track_caller]
    fn start_on(&self, day: &str, args: &[&str]) -> Run {
        let room = tempfile::tempdir_in(self.root()).unwrap();
        let mut command = self.command(&binary(), &self.work);
        command.args(args).args(["--now", day]);
        command.stdout(File::create(room.path().join("out")).unwrap());
        command.stderr(File::create(room.path().join("err")).unwrap());
        Run { child: command.spawn().unwrap(), room, args: args.join(" ") }
    }

    /// Runs git in the work tree and returns what it prints, without the last newline.
    #[track_caller]
    pub(super) fn git(&self, args: &[&str]) -> String {
        self.git_in(&self.work, args)
    }

    /// Runs git in the remote.
    #[track_caller]
    pub(super) fn git_remote(&self, args: &[&str]) -> String {
        self.git_in(&self.remote, args)
    }

    /// Runs git in any directory.
    #[track_caller]
    pub(super) fn git_in(&self, dir: &Path, args: &[&str]) -> String {
        let output = self.command(Path::new("git"), dir).args(args).output().unwrap();
        assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim_end_matches('\n').to_owned()
    }

    /// A second clone of the remote: somebody else, who works on the project too.
    #[track_caller]
    pub(super) fn colleague(&self) -> PathBuf {
        let dir = self.root().join("colleague");
        self.git_in(self.root(), &["clone", "--quiet", &self.remote.to_string_lossy(), "colleague"]);
        dir
    }

    /// tminus, not yet started.
    pub(super) fn tminus(&self, args: &[&str]) -> Command {
        let mut command = self.command(&binary(), &self.work);
        command.args(args);
        command
    }

    fn command(&self, program: &Path, dir: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear().envs(&self.variables).current_dir(dir).stdin(Stdio::null());
        command
    }

    /// Writes a file of the work tree.
    #[track_caller]
    pub(super) fn write(&self, path: &str, text: &str) {
        let path = self.work.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// A file of the work tree.
    #[track_caller]
    pub(super) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.work.join(path)).unwrap()
    }

    /// Replaces the one place where `old` stands in a file of the work tree.
    #[track_caller]
    pub(super) fn replace(&self, path: &str, old: &str, new: &str) {
        let text = self.read(path);
        assert_eq!(text.matches(old).count(), 1, "`{old}` in {path}:\n{text}");
        self.write(path, &text.replace(old, new));
    }

    /// Commits everything and pushes it, so that the project is again as a release wants it.
    #[track_caller]
    pub(super) fn commit_and_push(&self, message: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", message]);
        self.git(&["push", "--quiet", "--set-upstream", "origin", "main"]);
    }

    /// A file as it stands on the remote's main branch.
    #[track_caller]
    pub(super) fn on_remote(&self, revision: &str, path: &str) -> String {
        // The trailing newline belongs to the file: `git` above would cut it.
        let output = self
            .command(Path::new("git"), &self.remote)
            .args(["cat-file", "blob", &format!("{revision}:{path}")])
            .output()
            .unwrap();
        assert!(output.status.success(), "{revision}:{path} is not on the remote");
        String::from_utf8(output.stdout).unwrap()
    }

    /// The directory in which tminus keeps its own notes.
    pub(super) fn notes(&self) -> PathBuf {
        self.work.join(".git/tminus")
    }

    /// Everything that a run must leave alone when it stops before anything is written.
    #[track_caller]
    pub(super) fn picture(&self) -> Picture {
        let refs = ["for-each-ref", "--format=%(refname) %(objectname)"];
        let remote = if self.remote.is_dir() { self.git_remote(&refs) } else { "gone".to_owned() };
        Picture {
            head: self.git(&["rev-parse", "--symbolic-full-name", "HEAD", "HEAD"]),
            tree: self.git(&["status", "--porcelain=v1", "--ignored", "--untracked-files=all"]),
            staged: self.git(&["ls-files", "--stage"]),
            local_refs: self.git(&refs),
            remote_refs: remote,
            sandbox: self.sandbox.snapshot(),
        }
    }

    /// The part of the picture that there is before the first commit.
    #[track_caller]
    pub(super) fn picture_of_remote_and_sandbox(&self) -> (String, Value) {
        (self.git_remote(&["for-each-ref"]), self.sandbox.snapshot())
    }

    /// What the index holds of the demo, as (file name, hash).
    pub(super) fn on_index(&self) -> Vec<(String, String)> {
        let mut files: Vec<_> =
            self.sandbox.files(PACKAGE).into_iter().map(|file| (file.filename, file.sha256)).collect();
        files.sort();
        files
    }

    /// The demo's milestones, as (title, open or closed, due date).
    pub(super) fn milestones(&self) -> Vec<(String, bool, Option<String>)> {
        let milestones = self.sandbox.milestones(REPOSITORY).into_iter();
        milestones
            .map(|milestone| {
                let open = milestone.state == tminus_sandbox::IssueState::Open;
                (milestone.title, open, milestone.due_on)
            })
            .collect()
    }

    /// Asserts that nobody was told to change anything: a POST is a question in GraphQL, or was refused.
    #[track_caller]
    pub(super) fn only_questions(&self) {
        let told: Vec<_> = self
            .sandbox
            .events()
            .into_iter()
            .filter(|event| !matches!(event.method.as_str(), "GET" | "HEAD"))
            .filter(|event| !event.path.ends_with("/graphql") && event.status < 400)
            .collect();
        assert!(told.is_empty(), "{told:#?}");
    }

    /// Asserts that the token stands nowhere in what was printed and nowhere in what tminus keeps.
    #[track_caller]
    pub(super) fn no_token_anywhere(&self, answer: &Answer, token: &str) {
        assert!(!answer.out.contains(token), "the token is on standard output:\n{}", answer.out);
        assert!(!answer.err.contains(token), "the token is on standard error:\n{}", answer.err);
        for file in files_below(&self.notes()) {
            let bytes = fs::read(&file).unwrap();
            let found = bytes.windows(token.len()).any(|window| window == token.as_bytes());
            assert!(!found, "the token is in {}", file.display());
        }
    }
}

/// A project, its remote and the sandbox at one moment.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Picture {
    head: String,
    tree: String,
    staged: String,
    local_refs: String,
    remote_refs: String,
    sandbox: Value,
}

impl Picture {
    /// What the sandbox held.
    pub(super) fn sandbox(&self) -> Value {
        self.sandbox.clone()
    }
}

/// tminus at work.
pub(super) struct Run {
    child: Child,
    room: TempDir,
    args: String,
}

impl Run {
    /// Its process.
    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Whether it has not ended yet.
    #[track_caller]
    pub(super) fn is_going_on(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// SIGKILL: nothing can be tidied up.
    #[track_caller]
    pub(super) fn kill(mut self) {
        self.child.kill().unwrap();
        let status = self.child.wait().unwrap();
        assert_eq!(status.code(), None, "`tminus {}` ended by itself before it could be killed", self.args);
    }

    /// Waits for its end.
    #[track_caller]
    pub(super) fn end(mut self) -> Answer {
        let code = self.wait().code().expect("no signal ended it");
        Answer { code, out: self.read("out"), err: self.read("err"), args: self.args.clone() }
    }

    /// Waits until SIGKILL has ended it.
    #[track_caller]
    fn dies(mut self) {
        let status = self.wait();
        let said = format!("{}{}", self.read("out"), self.read("err"));
        assert_eq!(status.signal(), Some(9), "`tminus {}` was to be killed: {status}\n{said}", self.args);
    }

    #[track_caller]
    fn wait(&mut self) -> ExitStatus {
        let mut status = None;
        wait_until(&format!("the end of `tminus {}`", self.args), || {
            status = self.child.try_wait().unwrap();
            status.is_some()
        });
        status.unwrap()
    }

    #[track_caller]
    fn read(&self, name: &str) -> String {
        let text = fs::read(self.room.path().join(name)).unwrap();
        String::from_utf8(text).expect("tminus prints UTF-8")
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        // Ended already, or of no use any more.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// What a run of tminus said.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) code: i32,
    pub(super) out: String,
    pub(super) err: String,
    args: String,
}

impl Answer {
    /// Asserts the exit code.
    #[track_caller]
    pub(super) fn exits(&self, code: i32) -> &Self {
        assert_eq!(self.code, code, "exit code of {self}");
        self
    }

    /// Asserts that each of these stands somewhere in what was printed, whatever the case of its letters.
    #[track_caller]
    pub(super) fn says(&self, essentials: &[&str]) -> &Self {
        let all = format!("{}\n{}", self.out, self.err).to_lowercase();
        for essential in essentials {
            assert!(all.contains(&essential.to_lowercase()), "`{essential}` is not said in {self}");
        }
        self
    }

    /// Asserts that one of these stands somewhere in what was printed.
    #[track_caller]
    pub(super) fn says_one_of(&self, choices: &[&str]) -> &Self {
        let all = format!("{}\n{}", self.out, self.err).to_lowercase();
        let found = choices.iter().any(|choice| all.contains(&choice.to_lowercase()));
        assert!(found, "none of {choices:?} is said in {self}");
        self
    }

    /// Standard output as one JSON document.
    #[track_caller]
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error} in {self}"))
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { code, out, err, args } = self;
        write!(f, "`tminus {args}` (exit {code})\n--- standard output\n{out}\n--- standard error\n{err}")
    }
}

/// Waits for something that another process brings about.
#[track_caller]
pub(super) fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < PATIENCE, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// All files below a directory that may not be there.
pub(super) fn files_below(dir: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(dir) else { return Vec::new() };
    let mut files = Vec::new();
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// Checks that are green at the second look.
fn quick_checks() -> Checks {
    Checks::Auto { names: ["tests", "docs"].map(str::to_owned).to_vec(), pending_polls: 1 }
}

fn search_path() -> String {
    std::env::var("PATH").expect("PATH leads to git and python3")
}

/// The binary beside this test: `target/debug/deps/it-…` -> `target/debug/tminus`.
fn binary() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let binary = test
        .parent()
        .and_then(Path::parent)
        .unwrap()
        .join("tminus")
        .with_extension(std::env::consts::EXE_EXTENSION);
    assert!(binary.is_file(), "{} is missing: run cargo build -p tminus first", binary.display());
    binary
}
