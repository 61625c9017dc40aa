//! A directory of its own with manifests in it, and the real binary in next to no environment.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::cli::bed::wait_until;

/// A directory, and the environment of every command that runs in it.
pub(super) struct Room {
    root: TempDir,
    pub(super) work: PathBuf,
    variables: BTreeMap<String, String>,
}

/// Every file of a tree but those of git, with its bytes; a link with its target.
pub(super) type Picture = BTreeMap<String, Vec<u8>>;

impl Room {
    /// A directory that is no repository and holds nothing.
    pub(super) fn empty() -> Self {
        let root = tempfile::tempdir().unwrap();
        // The canonical path, as tools print it.
        let work = root.path().canonicalize().unwrap().join("work");
        fs::create_dir(&work).unwrap();
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
        ];
        let variables = variables.map(|(name, value)| (name.to_owned(), value)).into_iter().collect();
        Self { root, work, variables }
    }

    /// Files in a directory that is no repository.
    pub(super) fn loose(files: &[(&str, &str)]) -> Self {
        let room = Self::empty();
        room.write_all(files);
        room
    }

    /// Files in a repository, committed, whose remote nobody could reach.
    pub(super) fn with(files: &[(&str, &str)]) -> Self {
        let room = Self::loose(files);
        room.git(&["init", "--quiet", "--initial-branch=main"]);
        room.git(&["remote", "add", "origin", "http://127.0.0.1:1/nobody.git"]);
        room.commit();
        room
    }

    /// Commits everything.
    #[track_caller]
    pub(super) fn commit(&self) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message", "Go on"]);
    }

    /// Runs git and returns what it prints.
    #[track_caller]
    pub(super) fn git(&self, args: &[&str]) -> String {
        self.tool(Path::new("git"), &self.work, args)
    }

    /// Runs another program in a directory, which must succeed, and returns what it prints.
    #[track_caller]
    pub(super) fn tool(&self, program: &Path, dir: &Path, args: &[&str]) -> String {
        let output = self.command(program).current_dir(dir).args(args).output().unwrap();
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{} {args:?}: {}\n{out}{err}", program.display(), output.status);
        out.into_owned()
    }

    /// Writes a file of the directory.
    #[track_caller]
    pub(super) fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.work.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    #[track_caller]
    pub(super) fn write_all(&self, files: &[(&str, &str)]) {
        for (path, text) in files {
            self.write(path, text);
        }
    }

    #[track_caller]
    pub(super) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.work.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// The bytes of a file of the directory.
    #[track_caller]
    pub(super) fn bytes(&self, path: &str) -> Vec<u8> {
        fs::read(self.work.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// A directory beside the one that tminus works in.
    pub(super) fn outside(&self) -> PathBuf {
        self.work.parent().unwrap().to_owned()
    }

    /// Sets a variable of the environment of every later command.
    pub(super) fn set(&mut self, name: &str, value: &str) {
        self.variables.insert(name.to_owned(), value.to_owned());
    }

    /// Lets programs of this directory be found before all others.
    pub(super) fn find_first(&mut self, dir: &Path) {
        let path = format!("{}:{}", dir.display(), self.variables["PATH"]);
        self.set("PATH", &path);
    }

    /// Lets no programs be found but these, which must be there.
    pub(super) fn find_only(&mut self, programs: &[&str]) {
        let bin = self.root.path().join("only");
        fs::create_dir_all(&bin).unwrap();
        for program in programs {
            let target = found(program).unwrap_or_else(|| panic!("{program} is not on PATH"));
            std::os::unix::fs::symlink(target, bin.join(program)).unwrap();
        }
        self.set("PATH", &bin.to_string_lossy());
    }

    /// Puts a shell script of this name before every program of that name.
    pub(super) fn fake(&mut self, name: &str, script: &str) {
        use std::os::unix::fs::PermissionsExt as _;
        let bin = self.root.path().join("fakes");
        fs::create_dir_all(&bin).unwrap();
        let path = bin.join(name);
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        if !self.variables["PATH"].starts_with(&*bin.to_string_lossy()) {
            self.find_first(&bin);
        }
    }

    /// The directory as it is.
    #[track_caller]
    pub(super) fn picture(&self) -> Picture {
        let mut picture = Picture::new();
        take_picture(&self.work, "", &mut picture);
        picture
    }

    /// Runs tminus to its end, without a terminal.
    #[track_caller]
    pub(super) fn run(&self, args: &[&str]) -> Said {
        let room = tempfile::tempdir_in(self.root.path()).unwrap();
        let [out, err] = ["out", "err"].map(|name| room.path().join(name));
        let mut command = self.tminus(args);
        command.stdout(File::create(&out).unwrap()).stderr(File::create(&err).unwrap());
        let code = end(&mut command.spawn().unwrap());
        let read = |path: &Path| String::from_utf8(fs::read(path).unwrap()).expect("tminus prints UTF-8");
        Said { code, out: read(&out), err: read(&err), args: args.join(" ") }
    }

    /// tminus, not yet started.
    pub(super) fn tminus(&self, args: &[&str]) -> Command {
        let mut command = self.command(&binary());
        command.args(args);
        command
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear().envs(&self.variables).current_dir(&self.work).stdin(Stdio::null());
        command
    }

    /// Asserts that a command succeeds and changes these files to these texts and nothing else, and that `--dry-run`
    /// changes nothing.
    #[track_caller]
    pub(super) fn check(&self, args: &[&str], expected: &[(&str, &str)]) -> Said {
        let before = self.picture();
        let dry = self.run(&[args, &["--dry-run"]].concat());
        dry.exits(0);
        assert_same(&before, &self.picture(), &dry);
        let said = self.run(args);
        said.exits(0);
        let mut wanted = before;
        for (path, text) in expected {
            wanted.insert((*path).to_owned(), text.as_bytes().to_vec());
        }
        assert_same(&wanted, &self.picture(), &said);
        said
    }

    /// Asserts that a command ends with one of these codes, says this, and changes nothing.
    #[track_caller]
    pub(super) fn refuses(&self, args: &[&str], codes: &[i32], essentials: &[&str]) -> Said {
        let before = self.picture();
        let said = self.run(args);
        assert!(codes.contains(&said.code), "one of {codes:?} is the exit code of {said}");
        said.explains(essentials);
        assert_same(&before, &self.picture(), &said);
        said
    }

    /// Applies a diff as git does.
    #[track_caller]
    pub(super) fn apply(&self, diff: &str) {
        let mut command = self.command(Path::new("git"));
        command.args(["apply", "--whitespace=nowarn", "-"]).stdin(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(diff.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}\n{diff}", String::from_utf8_lossy(&output.stderr));
    }
}

/// What differs between two pictures, in words that can be read.
#[track_caller]
pub(super) fn assert_same(expected: &Picture, got: &Picture, said: &Said) {
    let shown = |picture: &Picture, path: &str| match picture.get(path) {
        Some(bytes) => format!("{:?}", String::from_utf8_lossy(&bytes[..bytes.len().min(20_000)])),
        None => "no file".to_owned(),
    };
    let differing = expected.keys().chain(got.keys()).filter(|path| expected.get(*path) != got.get(*path));
    let differing: std::collections::BTreeSet<_> = differing.collect();
    let texts: Vec<_> = differing
        .iter()
        .take(5)
        .map(|path| format!("{path}\n  expected {}\n  got      {}", shown(expected, path), shown(got, path)))
        .collect();
    assert!(
        differing.is_empty(),
        "{} files are not as expected:\n{}\nafter {said}",
        differing.len(),
        texts.join("\n")
    );
}

fn take_picture(dir: &Path, prefix: &str, picture: &mut Picture) {
    for entry in fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{prefix}{name}");
        let kind = entry.file_type().unwrap();
        if kind.is_symlink() {
            let target = fs::read_link(entry.path()).unwrap();
            picture.insert(path, format!("-> {}", target.display()).into_bytes());
        } else if kind.is_dir() {
            if name != ".git" {
                take_picture(&entry.path(), &format!("{path}/"), picture);
            }
        } else {
            picture.insert(path, fs::read(entry.path()).unwrap_or_default());
        }
    }
}

/// Waits for the end of a command and returns its exit code.
#[track_caller]
fn end(child: &mut Child) -> i32 {
    let mut status = None;
    wait_until("the end of tminus", || {
        status = child.try_wait().unwrap();
        status.is_some()
    });
    status.unwrap().code().expect("no signal ended it")
}

/// What tminus said.
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

    /// Asserts that each of these stands somewhere in what was printed, whatever the case of its letters.
    #[track_caller]
    pub(super) fn says(&self, essentials: &[&str]) -> &Self {
        let all = format!("{}\n{}", self.out, self.err).to_lowercase();
        for essential in essentials {
            assert!(all.contains(&essential.to_lowercase()), "`{essential}` is not said in {self}");
        }
        self
    }

    /// Asserts that none of these stands anywhere in what was printed.
    #[track_caller]
    pub(super) fn keeps_quiet_about(&self, words: &[&str]) -> &Self {
        for word in words {
            assert!(!self.out.contains(word) && !self.err.contains(word), "`{word}` is said in {self}");
        }
        self
    }

    /// Asserts an error on standard error that has all of this in it.
    #[track_caller]
    pub(super) fn explains(&self, essentials: &[&str]) -> &Self {
        assert!(self.err.starts_with("error: "), "{self}");
        let err = self.err.to_lowercase();
        for essential in essentials {
            assert!(
                err.contains(&essential.to_lowercase()),
                "`{essential}` is not on standard error of {self}"
            );
        }
        self
    }

    /// Standard output of a command that succeeds as one JSON document.
    #[track_caller]
    pub(super) fn json(&self) -> Value {
        self.exits(0);
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error} in {self}"))
    }

    /// Its lines on standard output.
    pub(super) fn lines(&self) -> Vec<&str> {
        self.out.lines().collect()
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { code, out, err, args } = self;
        write!(f, "`tminus {args}` (exit {code})\n--- standard output\n{out}\n--- standard error\n{err}")
    }
}

/// Where a program is that PATH leads to.
pub(super) fn found(program: &str) -> Option<PathBuf> {
    let path = search_path();
    path.split(':').map(|dir| Path::new(dir).join(program)).find(|path| path.is_file())
}

/// PATH, with the cargo that runs these tests first: a proxy in front of it would look for its own home.
fn search_path() -> String {
    let path = std::env::var("PATH").expect("PATH leads to git");
    match std::env::var("CARGO").ok().as_deref().map(Path::new).and_then(Path::parent) {
        Some(dir) if dir.is_absolute() => format!("{}:{path}", dir.display()),
        _ => path,
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
