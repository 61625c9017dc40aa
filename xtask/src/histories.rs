//! Histories of any size, written as a stream for `git fast-import`. The same shape gives the same bytes.
//!
//! Packages in directories, messages as people write them, side branches that are merged, tags in steady distances:
//! light and annotated ones, candidates among them.

use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};

use crate::conformance::Random;

/// What a history looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape {
    pub(crate) commits: usize,
    pub(crate) packages: usize,
    /// A tag after so many commits of the main line.
    pub(crate) tag_every: usize,
    /// One merge in so many commits of the main line; none where this is 0.
    pub(crate) merge_every: u64,
    /// Whether committers' clocks run backwards now and then.
    pub(crate) bad_clocks: bool,
    pub(crate) seed: u64,
}

const FILES: u64 = 12;
const PEOPLE: u64 = 300;

/// 2015, so that a hundred thousand commits end before today.
const START: u64 = 1_420_070_400;

const KINDS: [&str; 10] = ["feat", "fix", "fix", "feat", "chore", "docs", "refactor", "perf", "test", "ci"];
const WORDS: [&str; 24] = [
    "accept", "answer", "archive", "avoid", "bound", "cache", "close", "empty", "error", "filter", "header",
    "limit", "line", "name", "path", "quote", "reader", "retry", "server", "signal", "stream", "table",
    "writer", "zone",
];

/// Where the writing of a stream is.
struct Stream<W> {
    out: W,
    shape: Shape,
    random: Random,
    mark: usize,
    seconds: u64,
    pull: u64,
}

/// Writes the whole stream.
///
/// # Errors
/// The stream cannot be written.
pub(crate) fn write(shape: Shape, out: impl Write) -> io::Result<()> {
    let random = Random::new(shape.seed);
    let mut stream = Stream { out, shape, random, mark: 0, seconds: START, pull: 0 };
    stream.first()?;
    stream.rest()?;
    stream.out.write_all(b"done\n")?;
    stream.out.flush()
}

/// A package's directory, from the root.
pub(crate) fn package(number: usize) -> String {
    let kind = match number % 4 {
        0 => "core",
        1 => "tools",
        2 => "stores",
        _ => "readers",
    };
    format!("packages/{kind}/part-{number:03}")
}

impl<W: Write> Stream<W> {
    fn data(&mut self, text: &str) -> io::Result<()> {
        write!(self.out, "data {}\n{text}\n", text.len())
    }

    fn first(&mut self) -> io::Result<()> {
        self.mark = 1;
        write!(
            self.out,
            "commit refs/heads/main\nmark :1\ncommitter Some Body <body@history.example> {START} +0000\n"
        )?;
        self.data("Begin\n")?;
        for (path, text) in ROOT {
            writeln!(self.out, "M 100644 inline {path}")?;
            self.data(text)?;
        }
        for number in 0..self.shape.packages {
            writeln!(self.out, "M 100644 inline {}/pyproject.toml", package(number))?;
            self.data(&format!("[project]\nname = \"part-{number:03}\"\nversion = \"0.1.0\"\n"))?;
        }
        Ok(())
    }

    fn rest(&mut self) -> io::Result<()> {
        let (mut head, mut main, mut tags) = (1, 1, 0);
        while self.mark < self.shape.commits {
            let every = self.shape.merge_every;
            head = if every > 0 && self.mark + 8 < self.shape.commits && self.random.chance(1, every) {
                self.merged(head)?
            } else {
                self.commit("refs/heads/main", &[head], None)?
            };
            main += 1;
            if self.shape.tag_every > 0 && main % self.shape.tag_every == 0 {
                tags += 1;
                self.tag(tags, head)?;
            }
        }
        Ok(())
    }

    /// A side branch of a few commits, and its merge.
    fn merged(&mut self, head: usize) -> io::Result<usize> {
        write!(self.out, "reset refs/heads/side\nfrom :{head}\n\n")?;
        let mut side = head;
        for _ in 0..=self.random.below(4) {
            side = self.commit("refs/heads/side", &[side], None)?;
        }
        let main =
            if self.random.chance(1, 2) { self.commit("refs/heads/main", &[head], None)? } else { head };
        self.pull += 1;
        let message = format!("Merge pull request #{} from somebody/topic-{0}\n", self.pull);
        self.commit("refs/heads/main", &[main, side], Some(message))
    }

    fn commit(&mut self, branch: &str, parents: &[usize], message: Option<String>) -> io::Result<usize> {
        self.mark += 1;
        self.seconds += 30 + self.random.below(2400);
        let late =
            if self.shape.bad_clocks && self.random.chance(1, 9) { self.random.below(90_000) } else { 0 };
        let when = self.seconds - late;
        let person = self.random.below(PEOPLE);
        let who = format!("Person {person} <person{person}@history.example>");
        let (mark, is_merge) = (self.mark, message.is_some());
        write!(
            self.out,
            "commit {branch}\nmark :{mark}\nauthor {who} {} +0000\ncommitter {who} {when} +0000\n",
            when - 5
        )?;
        let message = message.unwrap_or_else(|| self.message());
        self.data(&message)?;
        for (at, parent) in parents.iter().enumerate() {
            writeln!(self.out, "{} :{parent}", if at == 0 { "from" } else { "merge" })?;
        }
        let files = if is_merge { 0 } else { 1 + self.random.below(3) };
        for _ in 0..files {
            self.file(branch)?;
        }
        writeln!(self.out)?;
        Ok(mark)
    }

    /// A side branch keeps to files of its own, so that its merge is clean.
    fn file(&mut self, branch: &str) -> io::Result<()> {
        let number = usize::try_from(self.random.below(self.shape.packages.max(1) as u64)).unwrap_or(0);
        let file = self.random.below(FILES);
        let dir = if self.shape.packages == 0 || self.random.chance(1, 12) {
            "docs".to_owned()
        } else {
            package(number)
        };
        let side = if branch.ends_with("side") { "side" } else { "main" };
        writeln!(self.out, "M 100644 inline {dir}/src/{side}{file:02}.py")?;
        let text = format!("# {}\nVALUE = {}\n", self.mark, self.random.next());
        self.data(&text)
    }

    fn words(&mut self, count: u64) -> String {
        (0..count).map(|_| self.random.pick(&WORDS)).collect::<Vec<_>>().join(" ")
    }

    fn message(&mut self) -> String {
        self.pull += 1;
        let subject = {
            let count = 3 + self.random.below(6);
            self.words(count)
        };
        let kind = self.random.pick(&KINDS);
        let bang = if self.random.chance(1, 150) { "!" } else { "" };
        let number = usize::try_from(self.random.below(self.shape.packages.max(1) as u64)).unwrap_or(0);
        let head = match self.random.below(10) {
            0 => format!("Make {subject} (#{})", self.pull),
            1..=3 => format!("{kind}{bang}: {subject} (#{})", self.pull),
            _ => format!("{kind}(part-{number:03}){bang}: {subject} (#{})", self.pull),
        };
        let mut parts = vec![head];
        if self.random.chance(1, 3) {
            let lines = 1 + self.random.below(6);
            parts.push((0..lines).map(|_| self.words(10)).collect::<Vec<_>>().join("\n"));
        }
        if self.random.chance(1, 3) {
            let person = self.random.below(PEOPLE);
            parts.push(format!("Signed-off-by: Person {person} <person{person}@history.example>"));
        }
        parts.join("\n\n") + "\n"
    }

    fn tag(&mut self, number: usize, head: usize) -> io::Result<()> {
        let (major, minor, patch) = (number / 400, number / 10 % 40, number % 10);
        let candidate = if number.is_multiple_of(12) { "rc1" } else { "" };
        let name = format!("v{major}.{minor}.{patch}{candidate}");
        if number.is_multiple_of(3) {
            return write!(self.out, "reset refs/tags/{name}\nfrom :{head}\n\n");
        }
        let when = self.seconds;
        write!(self.out, "tag {name}\nfrom :{head}\ntagger Some Body <body@history.example> {when} +0000\n")?;
        self.data(&format!("Release {name}\n"))
    }
}

/// Files of every history: what derives a version needs a project.
const ROOT: [(&str, &str); 3] = [
    (
        "pyproject.toml",
        "[build-system]\nrequires = [\"setuptools>=80\", \"setuptools-scm>=8\"]\nbuild-backend = \"setuptools.build_meta\"\n\n\
         [project]\nname = \"whole\"\ndynamic = [\"version\"]\n\n[tool.setuptools_scm]\n",
    ),
    ("CHANGELOG.md", "# Changes\n\n<!--- generated changelog --->\n"),
    ("README.md", "# A generated history\n"),
];

/// Makes a repository with a work tree out of it.
///
/// # Errors
/// The directory is there already; git fails.
pub(crate) fn repository(shape: Shape, dir: &Path) -> anyhow::Result<()> {
    import(dir, |out| write(shape, out))
}

/// Makes a repository out of a stream, and checks out its branch `main`.
///
/// # Errors
/// The directory is there already; git fails; the stream cannot be written.
pub(crate) fn import(
    dir: &Path,
    stream: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> anyhow::Result<()> {
    std::fs::create_dir(dir).with_context(|| dir.display().to_string())?;
    git(dir, &["init", "--quiet", "--initial-branch=main"])?;
    let mut command = command(dir, &["fast-import", "--quiet", "--done"]);
    let mut child = command.stdin(Stdio::piped()).spawn().context("git cannot be started")?;
    let written = match child.stdin.take() {
        Some(stdin) => stream(&mut io::BufWriter::with_capacity(1 << 16, stdin)),
        None => bail!("git has no pipes"),
    };
    let status = child.wait().context("git cannot be waited for")?;
    if !status.success() {
        bail!("git fast-import in {}: {status}", dir.display());
    }
    written.with_context(|| dir.display().to_string())?;
    git(dir, &["pack-refs", "--all"])?;
    git(dir, &["reset", "--quiet", "--hard", "main"])
}

fn git(dir: &Path, arguments: &[&str]) -> anyhow::Result<()> {
    let output = command(dir, arguments).output().context("git cannot be started")?;
    if !output.status.success() {
        bail!("git {}: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(())
}

fn command(dir: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(dir).args(arguments).stdin(Stdio::null());
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1").env("LC_ALL", "C");
    command
}

#[cfg(test)]
mod tests {
    use super::{Shape, command, repository, write};

    const SHAPE: Shape =
        Shape { commits: 120, packages: 5, tag_every: 7, merge_every: 6, bad_clocks: true, seed: 3 };

    fn stream(shape: Shape) -> Vec<u8> {
        let mut out = Vec::new();
        write(shape, &mut out).unwrap();
        out
    }

    #[test]
    fn the_same_shape_gives_the_same_bytes_and_another_seed_others() {
        assert_eq!(stream(SHAPE), stream(SHAPE));
        assert_ne!(stream(SHAPE), stream(Shape { seed: 4, ..SHAPE }));
    }

    #[test]
    fn git_takes_it_and_finds_what_was_asked_for() {
        let dir = tempfile::tempdir().unwrap();
        let repo = dir.path().join("repo");
        repository(SHAPE, &repo).unwrap();
        let count = |arguments: &[&str]| {
            let output = command(&repo, arguments).output().unwrap();
            assert!(output.status.success(), "{arguments:?}");
            String::from_utf8(output.stdout).unwrap().lines().count()
        };
        assert_eq!(count(&["rev-list", "main"]), 120);
        assert!(count(&["rev-list", "--merges", "main"]) > 3);
        assert!(count(&["tag"]) > 8);
        assert_eq!(count(&["status", "--porcelain"]), 0);
        assert_eq!(count(&["fsck", "--strict", "--no-dangling", "--no-progress"]), 0);
    }
}
