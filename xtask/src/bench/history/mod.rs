//! Questions about histories of every size: the version of what is checked out, the changes since the last tag, the
//! whole history, the whole history by package. Beside git, the library under ours, and tools for the same job.
//!
//! Histories are generated once, and kept below the target directory. Times are those of whole processes; the memory of
//! each is the peak of one more run.

mod contender;
mod peers;
mod target;
#[cfg(test)]
mod tests;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;

use self::contender::Contender;
use self::peers::Peers;
use self::target::{Target, verdicts};
use super::{LEAST_RUNS, SLOW_RUNS, measure, sample};
use crate::command::{answers, cargo, show_and_do, show_and_run};
use crate::histories::{Shape, repository};
use crate::workspace::Workspace;

/// The histories, by their names.
const HISTORIES: [(&str, Shape); 4] = [
    ("small", Shape { commits: 400, packages: 4, tag_every: 40, ..SHAPE }),
    ("middle", Shape { commits: 20_000, packages: 24, tag_every: 90, ..SHAPE }),
    ("large", Shape { commits: 200_000, packages: 24, tag_every: 40, ..SHAPE }),
    (PACKAGES, Shape { commits: 20_000, packages: 700, tag_every: 100, ..SHAPE }),
];
const SHAPE: Shape =
    Shape { commits: 0, packages: 0, tag_every: 0, merge_every: 30, bad_clocks: false, seed: 1 };

/// The history that is told by package.
const PACKAGES: &str = "700 packages";

/// Our own commands: what this group knows of them.
const DERIVE: &[&str] = &["version", "derive"];
const SINCE: &[&str] = &["changelog", "--no-forge"];
const WHOLE: &[&str] = &["changelog", "--all", "--no-forge"];

/// What the project says to us. Written beside its files, and committed with none of them.
const CONFIGURATION: &str = "[project]\nname = \"whole\"\n";

const GIX_DESCRIBE: &str = "gix describe, in a library";
const GIT_DESCRIBE: &str = "git describe --tags --long";
const SCM: &str = "python -m setuptools_scm";
const GIX_SINCE: &str = "gix describe, gix log, in a library";
const CLIFF: &str = "git-cliff --offline";
const GIT_LOG: &str = "git log --format=%B";
const GIT_NAMES: &str = "git log --name-only --no-renames";

/// Everything that is measured, one table after the other.
pub(super) fn tables(workspace: &Workspace, tminus: &Path, runs: usize) -> anyhow::Result<Vec<String>> {
    let dir = workspace.target.join("bench/history");
    fs::create_dir_all(&dir).with_context(|| dir.display().to_string())?;
    let floor = floor(workspace, &dir)?;
    let peers = Peers::install(&dir);
    let mut tables = Vec::new();
    for (name, shape) in HISTORIES {
        let repo = made(&dir, name, shape)?;
        let bench = Bench { name, repo: &repo, tminus, floor: &floor, peers: &peers, runs };
        if name == PACKAGES {
            tables.push(bench.by_package()?);
        } else {
            tables.extend([bench.derive()?, bench.since()?, bench.whole()?]);
        }
    }
    Ok(tables)
}

/// The repository of a shape, made where it is not there yet.
fn made(dir: &Path, name: &str, shape: Shape) -> anyhow::Result<PathBuf> {
    let (repo, mark) = (dir.join(name.replace(' ', "-")), dir.join(format!("{name}.shape")));
    let text = format!("{shape:?}\n");
    if fs::read_to_string(&mark).is_ok_and(|known| known == text) && repo.join(".git").is_dir() {
        return Ok(repo);
    }
    if repo.exists() {
        fs::remove_dir_all(&repo).with_context(|| repo.display().to_string())?;
    }
    show_and_do(&format!("a history of {} commits", shape.commits), || repository(shape, &repo))?;
    // As a clone is: packed, with the commit-graph that a fetch or a maintenance writes in the background left out.
    show_and_run(Command::new("git").arg("-C").arg(&repo).args([
        "-c",
        "gc.writeCommitGraph=false",
        "gc",
        "--quiet",
    ]))?;
    fs::write(repo.join("tminus.toml"), CONFIGURATION)?;
    fs::write(&mark, text).with_context(|| mark.display().to_string())?;
    Ok(repo)
}

/// Compiles the library's own answer. It is no member of the workspace, which keeps the library inside one crate; the
/// versions are those of the workspace's lock file.
fn floor(workspace: &Workspace, dir: &Path) -> anyhow::Result<PathBuf> {
    let crate_dir = dir.join("floor");
    fs::create_dir_all(crate_dir.join("src")).with_context(|| crate_dir.display().to_string())?;
    fs::write(crate_dir.join("src/main.rs"), include_str!("floor/main.rs"))?;
    fs::write(crate_dir.join("Cargo.toml"), FLOOR)?;
    fs::copy(workspace.root.join("Cargo.lock"), crate_dir.join("Cargo.lock"))?;
    show_and_run(cargo(&crate_dir).args(["build", "--quiet", "--release", "--target-dir", "target"]))?;
    Ok(crate_dir.join("target/release/floor"))
}

const FLOOR: &str = r#"[package]
name = "floor"
version = "0.0.0"
edition = "2024"

[workspace]

[dependencies]
gix = { version = "=0.90", default-features = false, features = ["sha1", "revision", "parallel", "max-performance"] }

[profile.release]
lto = "thin"
codegen-units = 1
panic = "abort"
"#;

/// One history and what is asked about it.
struct Bench<'a> {
    name: &'a str,
    repo: &'a Path,
    tminus: &'a Path,
    floor: &'a Path,
    peers: &'a Peers,
    runs: usize,
}

impl Bench<'_> {
    fn derive(&self) -> anyhow::Result<String> {
        let mut all = vec![
            self.library(GIX_DESCRIBE, "describe"),
            self.git(GIT_DESCRIBE, &["describe", "--tags", "--long"]),
            self.ours(DERIVE),
        ];
        all.extend(self.peers.python(SCM, &["-m", "setuptools_scm"]));
        all.extend(self.peers.program("dunamai from git", "dunamai", &["from", "git"]));
        let ours = named(DERIVE);
        let mut targets = vec![Target::new(&ours, GIX_DESCRIBE, 1.5)];
        match self.name {
            "small" => targets.push(Target::new(&ours, SCM, 1.0 / 20.0)),
            "large" => targets.push(Target::new(&ours, GIT_DESCRIBE, 0.9)),
            _ => {}
        }
        self.table("version of HEAD", all, &targets)
    }

    fn since(&self) -> anyhow::Result<String> {
        let git = "git describe; git log last..HEAD";
        let script = "git log --format=%B \"$(git describe --tags --abbrev=0)..HEAD\"";
        let mut all = vec![
            self.library(GIX_SINCE, "since"),
            Contender::new(git, Path::new("sh"), &["-c", script]),
            self.ours(SINCE),
        ];
        let cliff = format!("{CLIFF} --unreleased");
        all.extend(self.peers.program(&cliff, "git-cliff", &["--offline", "--unreleased"]));
        let ours = named(SINCE);
        let targets = [Target::new(&ours, GIX_SINCE, 1.5), Target::new(&ours, &cliff, 1.0)];
        self.table("changelog since the last tag", all, &targets)
    }

    fn whole(&self) -> anyhow::Result<String> {
        let mut all = vec![self.git(GIT_LOG, &["log", "--format=%B"]), self.ours(WHOLE)];
        all.push(self.library("gix log, in a library", "log"));
        all.extend(self.peers.program(CLIFF, "git-cliff", &["--offline"]));
        let ours = named(WHOLE);
        let targets = [Target::new(&ours, GIT_LOG, 1.5), Target::new(&ours, CLIFF, 1.0)];
        self.table("changelog of the whole history", all, &targets)
    }

    fn by_package(&self) -> anyhow::Result<String> {
        let mut all = vec![
            self.git(GIT_NAMES, &["log", "--name-only", "--no-renames", "--format=%H"]),
            self.ours(WHOLE),
            self.git(GIT_LOG, &["log", "--format=%B"]),
        ];
        let path = "packages/core/part-000/**";
        let one = "git-cliff --offline, one package of them";
        all.extend(self.peers.program(one, "git-cliff", &["--offline", "--include-path", path]));
        let targets = [Target::new(&named(WHOLE), GIT_NAMES, 1.5)];
        self.table("changelog of the whole history, by package", all, &targets)
    }

    fn git(&self, name: &str, arguments: &[&str]) -> Contender {
        Contender::new(name, Path::new("git"), arguments)
    }

    fn library(&self, name: &str, mode: &str) -> Contender {
        Contender::new(name, self.floor, &[mode, "."])
    }

    fn ours(&self, arguments: &[&str]) -> Contender {
        Contender::new(&named(arguments), self.tminus, arguments)
    }

    /// Who can do it takes part; of the others, and of who takes too long, there is a note.
    fn table(&self, what: &str, all: Vec<Contender>, targets: &[Target]) -> anyhow::Result<String> {
        let (mut cases, mut running, mut notes) = (Vec::new(), Vec::new(), Vec::new());
        for contender in all {
            match contender.tried(self.repo)? {
                Ok(took) => {
                    let runs = if took.as_secs_f64() > 1.0 { SLOW_RUNS } else { self.runs.max(LEAST_RUNS) };
                    cases.push(contender.case(self.repo).runs(0, runs));
                    running.push(contender);
                }
                Err(note) => notes.push(format!("{}: {note}", contender.name)),
            }
        }
        let mut samples = measure(cases)?;
        for (sample, contender) in samples.iter_mut().zip(&running) {
            sample.peak(contender.peak(self.repo)?);
        }
        let mut text = format!("{}: {what}\n\n{}", self.name, sample::table(&samples));
        notes.extend(verdicts(&samples, targets));
        for note in notes {
            text.push_str(&format!("\n{note}\n"));
        }
        // The whole group takes long: what is known already is shown at once.
        println!("\n{text}");
        Ok(text)
    }
}

fn named(arguments: &[&str]) -> String {
    format!("tminus {}", arguments.join(" "))
}

/// Whether peak memory can be told: by GNU's `time`.
fn has_time() -> bool {
    answers(Command::new(contender::TIME).args(["-f", "%M", "true"]))
}
