//! A million versions: parsed and sorted, and matched, by us, by the crates we build on, by packaging and node-semver.
//!
//! Every case is a whole process, from its start to its answer. The first of a group is the floor: a hand-packed key
//! that reads nothing but what the fixture holds, or merely splitting the lines.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};

use super::Case;
use crate::command::{answer, cargo};
use crate::conformance::installed;
use crate::workspace::Workspace;

const COUNT: &str = "1000000";
const SEED: &str = "1";

/// Python and Node take tens of times longer: fewer runs of them are enough.
pub(super) struct Group {
    pub(super) quick: Vec<Case>,
    pub(super) slow: Vec<Case>,
}

/// The four groups of cases: sort and match, for PEP 440 and for npm.
pub(super) fn groups(workspace: &Workspace, tminus: &Path) -> anyhow::Result<Vec<Group>> {
    let program = build(workspace)?;
    let dir = workspace.target.join("bench");
    fs::create_dir_all(&dir).with_context(|| dir.display().to_string())?;
    let mut groups = Vec::new();
    for (kind, scheme, reference, sort_peers) in [
        ("pep440", "pep440", "pep440", &["pep440_rs"][..]),
        ("npm", "npm", "npm", &["tminus-semver", "semver"][..]),
    ] {
        let list = fixture(&program, &dir, kind)?;
        let pairs = fixture(&program, &dir, &format!("{kind}-pairs"))?;
        let own = format!("tminus-{kind}");
        let packed = format!("packed-{kind}");
        // node-semver's ranges have no packed floor, and Cargo's requirements are another language.
        let match_floor = if kind == "pep440" { packed.as_str() } else { "lines" };
        let match_peers: &[&str] = if kind == "pep440" { &["pep440_rs", "lines"] } else { &[] };
        let script = script(&dir, kind)?;
        let reference = installed(workspace, reference)?;
        for (job, file, floor, peers) in
            [("sort", &list, packed.as_str(), sort_peers), ("match", &pairs, match_floor, match_peers)]
        {
            let library = |name: &str| {
                let mut command = Command::new(&program);
                command.arg(name).arg(job).arg(file);
                Case::new(&format!("{name}, {job}"), command)
            };
            let mut quick = vec![library(floor), library(&own)];
            quick.push(Case::reading(&format!("tminus version {job} --scheme {scheme}"), file, {
                let mut command = Command::new(tminus);
                command.args(["version", job, "--scheme", scheme]);
                if job == "match" {
                    command.args((kind == "pep440").then_some("--prereleases"));
                }
                command
            }));
            quick.extend(peers.iter().map(|peer| library(peer)));
            let slow = reference.iter().map(|reference| {
                let mut command = reference.command(&script);
                command.arg(job).arg(file);
                Case::new(&format!("{}, {job}", reference.version()), command)
            });
            groups.push(Group { quick, slow: slow.collect() });
        }
    }
    Ok(groups)
}

/// The benchmark of the versioning crate, compiled as our releases are.
fn build(workspace: &Workspace) -> anyhow::Result<PathBuf> {
    let mut command = cargo(&workspace.root);
    command.args([
        "bench",
        "--package",
        "tminus-versioning",
        "--bench",
        "versions",
        "--profile",
        "dist",
        "--no-run",
    ]);
    let Some(messages) = answer(command.args(["--message-format", "json"])) else {
        bail!("the benchmark of crates/versioning does not compile");
    };
    let executable = messages.lines().rev().find_map(|line| {
        let message: serde_json::Value = serde_json::from_str(line).ok()?;
        let name = message.get("target")?.get("name")?;
        message.get("executable")?.as_str().filter(|_| name == "versions").map(PathBuf::from)
    });
    executable.context("cargo names no program for the benchmark")
}

fn fixture(program: &Path, dir: &Path, kind: &str) -> anyhow::Result<PathBuf> {
    let path = dir.join(format!("{kind}.txt"));
    let file = fs::File::create(&path).with_context(|| path.display().to_string())?;
    let status = Command::new(program).args(["make", kind, COUNT, SEED]).stdout(file).status()?;
    if !status.success() {
        bail!("the fixture {kind} cannot be made: {status}");
    }
    Ok(path)
}

/// The same two jobs in the language of the reference.
fn script(dir: &Path, kind: &str) -> anyhow::Result<PathBuf> {
    let (name, text) = match kind {
        "pep440" => ("versions.py", PYTHON),
        _ => ("versions.js", NODE),
    };
    let path = dir.join(name);
    fs::write(&path, text).with_context(|| path.display().to_string())?;
    Ok(path)
}

const PYTHON: &str = r#"
import os, sys
from packaging.specifiers import SpecifierSet
from packaging.version import Version
job, name = sys.argv[1:]
with open(name) as file:
    lines = file.read().splitlines()
if job == "sort":
    lines.sort(key=Version)
    print(len(lines))
else:
    yes = 0
    for line in lines:
        specifiers, version = line.split("\t")
        yes += SpecifierSet(specifiers).contains(Version(version), prereleases=True)
    print(len(lines), yes)
sys.stdout.flush()
os._exit(0)
"#;

const NODE: &str = r"
const fs = require('fs');
const { Range, SemVer } = require('semver');
const [job, name] = process.argv.slice(2);
const lines = fs.readFileSync(name, 'utf8').trimEnd().split('\n');
if (job === 'sort') {
  const versions = lines.map((line) => new SemVer(line)).sort((left, right) => left.compare(right));
  console.log(versions.length);
} else {
  let yes = 0;
  for (const line of lines) {
    const [range, version] = line.split('\t');
    if (new Range(range).test(new SemVer(version))) yes += 1;
  }
  console.log(lines.length, yes);
}
process.exit(0);
";
