//! `tminus changelog`, `notes`, `explain` and `version derive` by their specification: what is told of a history, since
//! when, and that nothing is written when something is wrong.

mod bad;
mod changelog;
mod derive;
mod explain;
mod notes;
mod packages;
mod ranges;
mod sources;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use super::bed::{Answer, Bed};

/// A repository that grows commit by commit, one hour apart.
struct Past {
    bed: Bed,
    hours: u32,
}

impl Past {
    /// An empty repository.
    fn empty() -> Self {
        let mut past = Self { bed: Bed::plain(), hours: 0 };
        past.tick();
        past
    }

    /// One Python package, released as 1.0.0.
    fn new() -> Self {
        let mut past = Self::empty();
        past.bed.write("pyproject.toml", &python("demo", "1.0.0"));
        past.commit("Start");
        past.tag("v1.0.0");
        past
    }

    /// The same, with this `[changelog]` table, or more, in tminus.toml.
    fn configured(toml: &str) -> Self {
        let mut past = Self::empty();
        past.bed.write("pyproject.toml", &python("demo", "1.0.0"));
        past.bed.write("tminus.toml", toml);
        past.commit("Start");
        past.tag("v1.0.0");
        past
    }

    /// An hour goes by. The clock begins long before the day of these tests.
    fn tick(&mut self) {
        self.hours += 1;
        let at = format!("{} +0000", 1_760_000_000 + self.hours * 3600);
        self.bed.set("GIT_AUTHOR_DATE", &at);
        self.bed.set("GIT_COMMITTER_DATE", &at);
    }

    /// Commits everything there is, and a file of its own.
    #[track_caller]
    fn commit(&mut self, message: &str) -> String {
        let name = format!("src/file{}.py", self.hours);
        self.commit_in(&name, message)
    }

    /// Commits everything there is, and this file with new content.
    #[track_caller]
    fn commit_in(&mut self, path: &str, message: &str) -> String {
        self.tick();
        self.bed.write(path, &format!("{}\n", self.hours));
        self.commit_all(message)
    }

    /// Commits everything there is, or nothing.
    #[track_caller]
    fn commit_all(&mut self, message: &str) -> String {
        self.tick();
        self.bed.git(&["add", "--all"]);
        self.bed.git(&["commit", "--quiet", "--allow-empty", "--cleanup=verbatim", "--message", message]);
        self.head()
    }

    #[track_caller]
    fn head(&self) -> String {
        self.bed.git(&["rev-parse", "HEAD"])
    }

    #[track_caller]
    fn tag(&self, name: &str) {
        self.bed.git(&["tag", "--annotate", "--message", name, name]);
    }

    #[track_caller]
    fn switch(&self, branch: &str) {
        self.bed.git(&["switch", "--quiet", branch]);
    }

    #[track_caller]
    fn branch(&self, branch: &str, start: &str) {
        self.bed.git(&["switch", "--quiet", "--create", branch, start]);
    }

    #[track_caller]
    fn run(&self, args: &[&str]) -> Answer {
        self.bed.run(args)
    }

    /// What a command that succeeds tells, as `Section: text`.
    #[track_caller]
    fn told(&self, args: &[&str]) -> Vec<String> {
        let answer = self.run(args);
        answer.exits(0);
        told(&answer.out)
    }

    /// Asserts an exit code, an error that says this, and that no file and no reference is another one.
    #[track_caller]
    fn refuses(&self, args: &[&str], code: i32, essentials: &[&str]) -> Answer {
        let before = self.picture();
        let answer = self.run(args);
        answer.exits(code);
        assert!(answer.err.contains("error: "), "no error in {answer}");
        answer.says(essentials);
        assert_eq!(self.picture(), before, "something is written by {answer}");
        answer
    }

    /// Asserts that a command succeeds and writes nothing.
    #[track_caller]
    fn only_reads(&self, args: &[&str]) -> Answer {
        let before = self.picture();
        let answer = self.run(args);
        answer.exits(0);
        assert_eq!(self.picture(), before, "something is written by {answer}");
        answer
    }

    /// The files of the work tree and the references.
    #[track_caller]
    fn picture(&self) -> (BTreeMap<String, Vec<u8>>, String) {
        let mut files = BTreeMap::new();
        take(&self.bed.work, "", &mut files);
        (files, self.bed.git(&["for-each-ref", "--format=%(refname) %(objectname)"]))
    }

    /// Runs tminus with this on standard input; returns exit code, standard output and standard error.
    #[track_caller]
    fn feed(&self, args: &[&str], input: &str) -> (i32, String, String) {
        let mut command = self.bed.tminus(args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let text = |bytes| String::from_utf8(bytes).expect("tminus prints UTF-8");
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }
}

fn take(dir: &Path, prefix: &str, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(dir).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type().unwrap().is_dir() {
            if path != ".git" {
                take(&entry.path(), &format!("{path}/"), files);
            }
        } else {
            files.insert(path, fs::read(entry.path()).unwrap_or_default());
        }
    }
}

/// A pyproject.toml.
fn python(name: &str, version: &str) -> String {
    format!("[project]\nname = \"{name}\"\nversion = \"{version}\"\n")
}

/// The bullets of a text, each with the heading above it, without the escapes of Markdown, sorted.
fn told(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut section = "";
    for line in text.lines() {
        if let Some(heading) = line.strip_prefix("### ") {
            section = heading;
        } else if let Some(bullet) = line.strip_prefix("- ").or_else(|| line.strip_prefix("* ")) {
            all.push(format!("{section}: {}", bullet.replace('\\', "")));
        }
    }
    all.sort();
    all
}

/// The headings of releases in a changelog, in their order.
fn releases(text: &str) -> Vec<&str> {
    text.lines().filter_map(|line| line.strip_prefix("## ")).collect()
}
