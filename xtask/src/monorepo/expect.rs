//! What a minor release of every package must leave behind, in a file beside the tree.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use serde_json::{Value, json};

use super::Files;
use super::plan::{Kind, Style, When, World};

/// The expectation of one tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Expectation {
    packages: Vec<Package>,
    /// Files that must have another content: path and exact content.
    pub(crate) changed: BTreeMap<String, String>,
    /// Files that must stay as they are: path and length and hash of the content.
    pub(super) same: BTreeMap<String, String>,
    /// Lock files that only their tool can bring into step: nothing is said about them but that they are there.
    pub(crate) by_tool: BTreeSet<String>,
}

/// A package before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Package {
    name: String,
    /// Where the version stands, and where the pins do.
    version_file: String,
    file: String,
    old: String,
    new: String,
    /// Package, constraint before, constraint after.
    pins: Vec<[String; 3]>,
}

/// What is left behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Report {
    /// How many packages have their new version, of how many.
    pub(super) versions: (usize, usize),
    pub(super) pins: (usize, usize),
    changed: (usize, usize),
    /// What is not as it should be, a line for each file.
    pub(crate) differences: Vec<String>,
}

impl Report {
    /// Exactly the right files were changed, by exactly the right bytes.
    pub(crate) fn is_exact(&self) -> bool {
        self.differences.is_empty()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = |(right, all): (usize, usize)| format!("{right} of {all}");
        write!(
            f,
            "versions {}, pins {}, files {}, other differences {}",
            of(self.versions),
            of(self.pins),
            of(self.changed),
            self.differences.len() - (self.changed.1 - self.changed.0)
        )
    }
}

impl Expectation {
    pub(super) fn new(world: &World, before: &Files, after: Files) -> Self {
        let (mut changed, mut same, mut by_tool) = (BTreeMap::new(), BTreeMap::new(), BTreeSet::new());
        for (path, file) in after {
            if file.by_tool {
                by_tool.insert(path);
            } else if before.get(&path) == Some(&file) {
                same.insert(path, fingerprint(file.text.as_bytes()));
            } else {
                changed.insert(path, file.text);
            }
        }
        let name = match world.options.kind {
            Kind::Py | Kind::LlamaIndex => "pyproject.toml",
            Kind::Npm => "package.json",
            Kind::Cargo => "Cargo.toml",
        };
        let shared = world.options.kind == Kind::Cargo && world.options.style == Style::Lockstep;
        let package = |package: &super::plan::Package| {
            let pins = world.pins(package, When::Before).into_iter().zip(world.pins(package, When::After));
            Package {
                name: package.name.clone(),
                file: package.file(name),
                version_file: if shared { name.to_owned() } else { package.file(name) },
                old: package.version(When::Before).to_string(),
                new: package.version(When::After).to_string(),
                pins: pins.map(|((target, _, old), (_, _, new))| [target.name.clone(), old, new]).collect(),
            }
        };
        Self { packages: world.packages.iter().map(package).collect(), changed, same, by_tool }
    }

    /// How many pins there are.
    pub(crate) fn pins(&self) -> usize {
        self.packages.iter().map(|package| package.pins.len()).sum()
    }

    /// The version of the core, which in lockstep is that of all.
    pub(crate) fn core(&self) -> &str {
        self.packages.first().map_or("", |core| core.old.as_str())
    }

    /// Writes it beside the tree.
    pub(super) fn write(&self, dir: &Path) -> anyhow::Result<()> {
        let packages: Vec<Value> = self.packages.iter().map(Package::to_json).collect();
        let all = json!({
            "packages": packages,
            "changed": self.changed,
            "same": self.same,
            "by_tool": self.by_tool,
        });
        let path = beside(dir);
        fs::write(&path, format!("{all:#}\n")).with_context(|| path.display().to_string())
    }

    /// Reads the one of a tree.
    ///
    /// # Errors
    /// It is not there, or not what [`Expectation::write`] wrote.
    pub(crate) fn read(dir: &Path) -> anyhow::Result<Self> {
        let path = beside(dir);
        let bytes = fs::read(&path).with_context(|| path.display().to_string())?;
        let all: Value = serde_json::from_slice(&bytes).with_context(|| path.display().to_string())?;
        Self::from_json(&all).with_context(|| format!("{}: not an expectation", path.display()))
    }

    fn from_json(all: &Value) -> Option<Self> {
        let texts = |key: &str| -> Option<BTreeMap<String, String>> {
            let entries = all.get(key)?.as_object()?.iter();
            entries.map(|(path, text)| Some((path.clone(), text.as_str()?.to_owned()))).collect()
        };
        let packages = all.get("packages")?.as_array()?;
        let by_tool = all.get("by_tool")?.as_array()?;
        Some(Self {
            packages: packages.iter().map(Package::from_json).collect::<Option<_>>()?,
            changed: texts("changed")?,
            same: texts("same")?,
            by_tool: by_tool.iter().map(|path| path.as_str().map(str::to_owned)).collect::<Option<_>>()?,
        })
    }

    /// Compares a tree with it; `beside_the_point` are files and directories of tools, which may be there and change.
    ///
    /// # Errors
    /// The tree cannot be read.
    pub(crate) fn check(&self, dir: &Path, beside_the_point: &[&str]) -> anyhow::Result<Report> {
        let mut there = BTreeSet::new();
        list(dir, "", beside_the_point, &mut there)?;
        let mut differences = Vec::new();
        let mut right = 0;
        let read = |path: &str| fs::read(dir.join(path)).ok();
        for (path, expected) in &self.changed {
            match read(path) {
                Some(bytes) if bytes == expected.as_bytes() => right += 1,
                Some(bytes) => differences.push(difference(path, expected, &bytes)),
                None => differences.push(format!("{path}: missing")),
            }
        }
        for (path, expected) in &self.same {
            match read(path) {
                Some(bytes) if fingerprint(&bytes) == *expected => {}
                Some(_) => differences.push(format!("{path}: changed, though nothing in it was to change")),
                None => differences.push(format!("{path}: missing")),
            }
        }
        let missing = self.by_tool.iter().filter(|path| !there.contains(*path));
        differences.extend(missing.map(|path| format!("{path}: missing")));
        let known = |path: &String| {
            self.changed.contains_key(path) || self.same.contains_key(path) || self.by_tool.contains(path)
        };
        differences.extend(there.iter().filter(|path| !known(path)).map(|path| format!("{path}: new")));
        let (versions, pins) = self.values(dir);
        Ok(Report {
            versions: (versions, self.packages.len()),
            pins: (pins, self.pins()),
            changed: (right, self.changed.len()),
            differences,
        })
    }

    /// How many versions and pins stand where they should, whatever else became of the files.
    fn values(&self, dir: &Path) -> (usize, usize) {
        let read = |path: &str| fs::read_to_string(dir.join(path)).unwrap_or_default();
        let (mut versions, mut pins) = (0, 0);
        for package in &self.packages {
            let versions_in = read(&package.version_file);
            let new = package.new.as_str();
            let says = |line: &str| {
                let line = line.trim_start().trim_start_matches('"');
                line.strip_prefix("version").is_some_and(|rest| {
                    let value = rest.trim_start_matches(['"', ' ', '=', ':', '\'']);
                    value.strip_prefix(new).is_some_and(|rest| rest.starts_with(['"', '\'']))
                })
            };
            versions += usize::from(versions_in.lines().any(says));
            let text = read(&package.file);
            let pinned = |[name, _, new]: &&[String; 3]| {
                text.lines().any(|line| line.contains(name.as_str()) && line.contains(&format!("{new}\"")))
                    || text.contains(&format!("{name}]\nversion = \"{new}\""))
                    || text.contains(&format!("{name}]\r\nversion = \"{new}\""))
            };
            pins += package.pins.iter().filter(pinned).count();
        }
        (versions, pins)
    }
}

impl Package {
    fn to_json(&self) -> Value {
        json!({
            "name": self.name,
            "version_file": self.version_file,
            "file": self.file,
            "old": self.old,
            "new": self.new,
            "pins": self.pins,
        })
    }

    fn from_json(value: &Value) -> Option<Self> {
        let text = |key: &str| value.get(key)?.as_str().map(str::to_owned);
        let pin = |pin: &Value| -> Option<[String; 3]> {
            let words: Option<Vec<String>> =
                pin.as_array()?.iter().map(|word| word.as_str().map(str::to_owned)).collect();
            words?.try_into().ok()
        };
        Some(Self {
            name: text("name")?,
            version_file: text("version_file")?,
            file: text("file")?,
            old: text("old")?,
            new: text("new")?,
            pins: value.get("pins")?.as_array()?.iter().map(pin).collect::<Option<_>>()?,
        })
    }
}

/// `DIR.expect.json`.
fn beside(dir: &Path) -> PathBuf {
    let mut name = dir.as_os_str().to_owned();
    name.push(".expect.json");
    PathBuf::from(name)
}

/// Every file below a directory, but what git keeps for itself.
fn list(
    dir: &Path,
    below: &str,
    beside_the_point: &[&str],
    found: &mut BTreeSet<String>,
) -> anyhow::Result<()> {
    let here = if below.is_empty() { dir.to_owned() } else { dir.join(below) };
    for entry in fs::read_dir(&here).with_context(|| here.display().to_string())? {
        let entry = entry.with_context(|| here.display().to_string())?;
        let name = entry.file_name();
        let Some(name) = name.to_str() else {
            bail!("{}: a name that is not UTF-8", entry.path().display());
        };
        if name == ".git" || beside_the_point.contains(&name) {
            continue;
        }
        let path = if below.is_empty() { name.to_owned() } else { format!("{below}/{name}") };
        if entry.file_type()?.is_dir() {
            list(dir, &path, beside_the_point, found)?;
        } else {
            found.insert(path);
        }
    }
    Ok(())
}

/// The first line that differs.
fn difference(path: &str, expected: &str, bytes: &[u8]) -> String {
    let found = String::from_utf8_lossy(bytes);
    let mut lines = expected.split('\n').zip(found.split('\n')).zip(1..);
    let differing = lines.find(|((expected, found), _)| expected != found);
    match differing {
        Some(((expected, found), line)) => format!("{path}:{line}: {found:?} instead of {expected:?}"),
        None => format!("{path}: {} bytes instead of {}", bytes.len(), expected.len()),
    }
}

/// Length and FNV-1a: a slip is found, nobody forges.
fn fingerprint(bytes: &[u8]) -> String {
    let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{}-{hash:016x}", bytes.len())
}
