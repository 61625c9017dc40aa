//! A history over a generated tree of LlamaIndex: a release, and pull requests since, each squashed to one commit.
//!
//! What a forge would say of the pull requests is written beside it. Titles are as people write them, and not always
//! those of the commits; packages come and go; some files belong to no package; tags of other lines are in the way.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde_json::{Value, json};

use super::plan::{Package, When, World};
use super::version::Triple;
use super::{Options, files};
use crate::conformance::Random;
use crate::histories::import;

/// The forge's page of the repository, where nobody says otherwise.
pub(crate) const PAGE: &str = "https://forge.example/run/llama";

/// A merged pull request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pull {
    pub(crate) number: u64,
    /// As the forge has it; the commit may have an older one.
    pub(crate) title: String,
    pub(crate) author: String,
    pub(crate) merged_at: String,
    /// The paths it changes, in order.
    pub(crate) files: Vec<String>,
    subject: String,
    seconds: u64,
}

impl Pull {
    /// What `gh pr view --json number,title,url,files` says, and a little more.
    pub(crate) fn json(&self, page: &str) -> Value {
        let files: Vec<Value> = self.files.iter().map(|path| json!({ "path": path })).collect();
        json!({
            "number": self.number,
            "title": self.title,
            "url": format!("{page}/pull/{}", self.number),
            "author": { "login": self.author },
            "mergedAt": self.merged_at,
            "files": files,
        })
    }
}

/// Writes repository and pull requests; `DIR.pulls.json` is the list.
///
/// # Errors
/// The directory is there already, or cannot be written; git fails.
pub(crate) fn write(dir: &Path, options: Options, count: usize) -> anyhow::Result<Vec<Pull>> {
    let mut drawing = Drawing::new(options);
    let mut pulls = Vec::new();
    import(dir, |out| {
        drawing.before(out)?;
        pulls = drawing.pulls(count, out)?;
        out.write_all(b"done\n")?;
        out.flush()
    })?;
    let all: Vec<Value> = pulls.iter().map(|pull| pull.json(PAGE)).collect();
    let path = beside(dir);
    fs::write(&path, serde_json::to_string_pretty(&all)? + "\n")
        .with_context(|| path.display().to_string())?;
    Ok(pulls)
}

/// `DIR.pulls.json`.
pub(crate) fn beside(dir: &Path) -> PathBuf {
    let mut name = dir.as_os_str().to_owned();
    name.push(".pulls.json");
    PathBuf::from(name)
}

/// 2026-05-04.
const START: u64 = 1_777_852_800;

const AUTHORS: [&str; 9] =
    ["ada-l", "grace", "dependabot[bot]", "hedy", "joan", "katherine", "margaret", "radia", "sister-mary"];

const THINGS: [&str; 12] = [
    "`add_nodes()`",
    "async streaming",
    "metadata filters",
    "the retry loop",
    "[BUG] empty answers",
    "tool calls",
    "\"quoted\" names",
    "Unicode: naïve 検索 ✨",
    "C:\\paths",
    "50% of **bold** text",
    "<details> in docs",
    "env vars | flags",
];

const VERBS: [&str; 8] = ["Fix", "fix:", "feat(core):", "Add", "chore:", "Support", "[docs]", "Bump"];

/// The tree as it is at some commit, and what is drawn next.
struct Drawing {
    random: Random,
    world: World,
    versions: Vec<Triple>,
    gone: BTreeSet<usize>,
    /// The text of every file.
    tree: BTreeMap<String, String>,
    mark: usize,
    seconds: u64,
    number: u64,
    more: usize,
}

/// What a commit does: `None` removes.
type Changes = BTreeMap<String, Option<String>>;

impl Drawing {
    fn new(options: Options) -> Self {
        let world = World::new(options);
        let mut tree: BTreeMap<String, String> =
            files(&world, When::Before).into_iter().map(|(path, file)| (path, file.text)).collect();
        let placeholder = "# ChangeLog\n\n<!--- generated changelog --->\n\n## [2026-04-01]\n\n### llama-index-core [0.12.2]\n\
                           - Begin ([#1](https://forge.example/run/llama/pull/1))\n";
        tree.insert("CHANGELOG.md".to_owned(), placeholder.to_owned());
        tree.insert("docs/index.md".to_owned(), "# Documentation\n".to_owned());
        let versions = world.packages.iter().map(|package| package.version(When::Before)).collect();
        let random = Random::new(options.seed ^ 0x11a3a);
        let (gone, more) = (BTreeSet::new(), 0);
        Self { random, world, versions, gone, tree, mark: 0, seconds: START, number: 17_000, more }
    }

    /// Everything up to the release.
    fn before(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let all: Changes = self.tree.iter().map(|(path, text)| (path.clone(), Some(text.clone()))).collect();
        self.commit(out, "Begin", "ada-l", &all)?;
        for at in 0..6 {
            let changes = self.one(at % 3);
            self.number += 1;
            let subject = format!("Before the release (#{})", self.number);
            self.commit(out, &subject, "grace", &changes)?;
        }
        let umbrella = self.versions.last().copied().unwrap_or(Triple::new(0, 12, 3));
        self.tag(
            out,
            &format!("v{}.{}.{}", umbrella.major, umbrella.minor, umbrella.patch.saturating_sub(1)),
            true,
        )?;
        let changes = self.one(0);
        self.commit(out, "Release", "ada-l", &changes)?;
        self.tag(out, &format!("v{umbrella}"), true)
    }

    fn pulls(&mut self, count: usize, out: &mut dyn Write) -> io::Result<Vec<Pull>> {
        let mut pulls = Vec::with_capacity(count);
        // Of two tags of one name git takes none.
        let mut drawn = 0;
        while pulls.len() < count {
            drawn += 1;
            match self.random.below(40) {
                // A commit that came without a pull request, and tags that are not of this line.
                0 | 1 => {
                    let changes = self.one(1);
                    self.commit(out, "Push without a review", "hedy", &changes)?;
                }
                2 => {
                    let name = format!("llama-index-core-{}", self.mark);
                    self.tag(out, &name, false)?;
                }
                3 => self.tag(out, &format!("vector-{drawn}"), true)?,
                _ => pulls.push(self.pull(out)?),
            }
        }
        Ok(pulls)
    }

    fn pull(&mut self, out: &mut dyn Write) -> io::Result<Pull> {
        let changes = self.change();
        self.number += 1 + self.random.below(9);
        let author = self.random.pick(&AUTHORS).to_owned();
        let title = format!("{} {}", self.random.pick(&VERBS), self.random.pick(&THINGS));
        // A title that was mended after the merge.
        let old = if self.random.chance(1, 10) { "wip".to_owned() } else { title.clone() };
        let subject = format!("{old} (#{})", self.number);
        self.commit(out, &subject, &author, &changes)?;
        let seconds = self.seconds;
        let merged_at =
            i64::try_from(seconds).ok().and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
        Ok(Pull {
            number: self.number,
            title,
            author,
            merged_at: merged_at.map(|time| time.to_string()).unwrap_or_default(),
            files: changes.keys().cloned().collect(),
            subject,
            seconds,
        })
    }

    /// What a pull request changes.
    fn change(&mut self) -> Changes {
        match self.random.below(24) {
            0..=11 => self.one(2),
            12..=14 => {
                let packages = 2 + self.random.below(3);
                (0..packages).flat_map(|_| self.one(2)).collect()
            }
            15 | 16 => self.outside(),
            17 => self.of_package(0, 2),
            18 => self.of_package(self.world.packages.len().saturating_sub(1), 2),
            19 => [self.outside(), self.one(1)].into_iter().flatten().collect(),
            20 => self.new_package(),
            21 if self.random.chance(1, 3) => self.removed(),
            22 if self.random.chance(1, 3) => (0..20).flat_map(|_| self.one(2)).collect(),
            _ => self.one(1),
        }
    }

    /// Files that belong to no package.
    fn outside(&mut self) -> Changes {
        let path = self.random.pick(&[
            "docs/index.md",
            "docs/examples/a.md",
            ".github/workflows/ci.yml",
            "README.md",
        ]);
        [(path.to_owned(), Some(format!("changed {}\n", self.mark)))].into()
    }

    /// A package that is there; neither the core nor the umbrella.
    fn one(&mut self, kind: u64) -> Changes {
        let last = self.world.packages.len().saturating_sub(1) as u64;
        for _ in 0..100 {
            let at = usize::try_from(1 + self.random.below(last.max(2) - 1)).unwrap_or(1);
            if !self.gone.contains(&at) {
                return self.of_package(at, kind);
            }
        }
        self.outside()
    }

    /// Kind 0 changes a text, 1 a source file, 2 now and then the version as well.
    fn of_package(&mut self, at: usize, kind: u64) -> Changes {
        let Some(package) = self.world.packages.get(at) else { return Changes::new() };
        let (source, readme) = (package.file("src/module.py"), package.file("README.md"));
        let mut changes = Changes::new();
        let path = if kind == 0 { readme } else { source };
        changes.insert(path, Some(format!("# {}\n", self.mark)));
        if kind == 2 && self.random.chance(1, 2) {
            changes.extend(self.bumped(at));
        }
        changes
    }

    /// The manifest with the next patch release, its other bytes as they were.
    fn bumped(&mut self, at: usize) -> Option<(String, Option<String>)> {
        let (package, old) = (self.world.packages.get(at)?, self.versions.get(at).copied()?);
        let path = package.file("pyproject.toml");
        let text = self.tree.get(&path)?;
        let new = Triple::new(old.major, old.minor, old.patch + 1);
        let (start, end) = version_site(text, old)?;
        let changed = format!("{}{new}{}", text.get(..start)?, text.get(end..)?);
        *self.versions.get_mut(at)? = new;
        Some((path, Some(changed)))
    }

    fn new_package(&mut self) -> Changes {
        self.more += 1;
        let name = format!("llama-index-tools-new{}", self.more);
        let dir = format!("llama-index-integrations/tools/{name}");
        let manifest = format!("[project]\nname = \"{name}\"\nversion = \"0.{}.0\"\n", self.more);
        [
            (format!("{dir}/pyproject.toml"), Some(manifest)),
            (format!("{dir}/README.md"), Some(format!("# {name}\n"))),
        ]
        .into()
    }

    /// A package that others do not need goes away.
    fn removed(&mut self) -> Changes {
        let needed: BTreeSet<usize> =
            self.world.packages.iter().flat_map(|package| package.needs.iter().map(|need| need.on)).collect();
        let free = |at: &usize| !needed.contains(at) && !self.gone.contains(at);
        let last = self.world.packages.len().saturating_sub(1);
        let Some(at) = (1..last).rev().find(free) else { return self.outside() };
        self.gone.insert(at);
        let dir = self
            .world
            .packages
            .get(at)
            .map(|package: &Package| format!("{}/", package.dir))
            .unwrap_or_default();
        self.tree.keys().filter(|path| path.starts_with(&dir)).map(|path| (path.clone(), None)).collect()
    }

    fn commit(
        &mut self,
        out: &mut dyn Write,
        subject: &str,
        author: &str,
        changes: &Changes,
    ) -> io::Result<()> {
        self.mark += 1;
        self.seconds += 600 + self.random.below(9000);
        let (mark, seconds) = (self.mark, self.seconds);
        let who = format!("{author} <{}@forge.example> {seconds} +0000", author.replace("[bot]", ""));
        write!(out, "commit refs/heads/main\nmark :{mark}\nauthor {who}\ncommitter {who}\n")?;
        let message = format!("{subject}\n\nCo-authored-by: Some Body <body@forge.example>\n");
        write!(out, "data {}\n{message}\n", message.len())?;
        for (path, text) in changes {
            match text {
                Some(text) => {
                    write!(out, "M 100644 inline {path}\ndata {}\n{text}\n", text.len())?;
                    self.tree.insert(path.clone(), text.clone());
                }
                None => {
                    writeln!(out, "D {path}")?;
                    self.tree.remove(path);
                }
            }
        }
        writeln!(out)
    }

    fn tag(&mut self, out: &mut dyn Write, name: &str, annotated: bool) -> io::Result<()> {
        let (mark, seconds) = (self.mark, self.seconds);
        if !annotated {
            return write!(out, "reset refs/tags/{name}\nfrom :{mark}\n\n");
        }
        let message = format!("{name}\n");
        write!(
            out,
            "tag {name}\nfrom :{mark}\ntagger ada-l <ada-l@forge.example> {seconds} +0000\ndata {}\n{message}\n",
            message.len()
        )
    }
}

/// Where a manifest of ours has its own version: the line that begins with that key.
fn version_site(text: &str, version: Triple) -> Option<(usize, usize)> {
    let written = version.to_string();
    let line = text.split_inclusive('\n').scan(0, |start, line| {
        let at = *start;
        *start += line.len();
        Some((at, line))
    });
    let (at, line) = line.into_iter().find(|(_, line)| line.starts_with("version"))?;
    let start = at + line.find(&written)?;
    Some((start, start + written.len()))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::super::{Kind, Options, Style};
    use super::{PAGE, beside, write};

    const OPTIONS: Options =
        Options { kind: Kind::LlamaIndex, style: Style::Lockstep, packages: 60, seed: 7, plain: false };

    fn git(dir: &std::path::Path, arguments: &[&str]) -> String {
        let output = Command::new("git").arg("-C").arg(dir).args(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
    }

    /// What the forge would say of the files is what git says of the commits.
    #[test]
    fn every_pull_request_is_one_commit_with_its_files() {
        let dir = tempfile::tempdir().unwrap();
        let repo = dir.path().join("repo");
        let pulls = write(&repo, OPTIONS, 120).unwrap();
        let range = "v0.12.3..main";
        assert_eq!(git(&repo, &["describe", "--tags", "--match", "v[0-9]*", "--abbrev=0"]), "v0.12.3");
        let subjects = git(&repo, &["log", "--reverse", "--format=%s", range]);
        let merged: Vec<&str> = subjects.lines().filter(|line| line.contains("(#")).collect();
        assert_eq!(merged, pulls.iter().map(|pull| pull.subject.as_str()).collect::<Vec<_>>());
        for pull in &pulls {
            let commit =
                git(&repo, &["log", "--format=%H", "--fixed-strings", &format!("--grep=(#{})", pull.number)]);
            let names = git(
                &repo,
                &["-c", "core.quotePath=off", "diff-tree", "-r", "--name-only", "--no-commit-id", &commit],
            );
            let mut files: Vec<&str> = names.lines().collect();
            files.sort_unstable();
            assert_eq!(files, pull.files, "{}", pull.number);
        }
        let list: serde_json::Value = serde_json::from_slice(&std::fs::read(beside(&repo)).unwrap()).unwrap();
        assert_eq!(list[0]["url"], format!("{PAGE}/pull/{}", pulls[0].number));
        assert_eq!(list.as_array().unwrap().len(), 120);
    }

    #[test]
    fn the_same_seed_gives_the_same_history() {
        let dir = tempfile::tempdir().unwrap();
        let (one, other) = (dir.path().join("one"), dir.path().join("other"));
        assert_eq!(write(&one, OPTIONS, 30).unwrap(), write(&other, OPTIONS, 30).unwrap());
        assert_eq!(git(&one, &["rev-parse", "HEAD"]), git(&other, &["rev-parse", "HEAD"]));
    }
}
