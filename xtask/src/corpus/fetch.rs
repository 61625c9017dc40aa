//! Brings the corpus of the committed list: packages by the clients of their ecosystems, repositories by git.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};
use toml_edit::{DocumentMut, Item};

use super::made;
use crate::command::{answer, answers, cargo, show_and_run};

const LIST: &str = include_str!("list.toml");

/// Crates that are resolved in one go; one that cannot be had spoils no others but these.
const TOGETHER: usize = 20;

/// The names of one kind: `repositories`, `pypi`, `npm`, `crates`.
pub(super) fn names(kind: &str) -> anyhow::Result<Vec<String>> {
    let list: DocumentMut = LIST.parse().context("list.toml")?;
    let names = list.get(kind).and_then(Item::as_array);
    let names = names.with_context(|| format!("list.toml has no {kind}"))?;
    let name = |value: &toml_edit::Value| value.as_str().map(str::to_owned);
    names
        .iter()
        .map(name)
        .collect::<Option<_>>()
        .with_context(|| format!("list.toml: {kind} has more than names"))
}

/// Brings what it can, and says what it cannot.
pub(super) fn run(dir: &Path) -> anyhow::Result<()> {
    made(dir)?;
    let dir = &dir.canonicalize().with_context(|| dir.display().to_string())?;
    for (what, brought) in [
        ("pypi", pypi(&dir.join("pypi"))),
        ("npm", npm(&dir.join("npm"))),
        ("crates", crates(&dir.join("crates"))),
        ("repositories", repositories(&dir.join("repositories"))),
    ] {
        if let Err(error) = brought {
            println!("note: {what}: {error:#}");
        }
        let count = fs::read_dir(dir.join(what)).map_or(0, Iterator::count);
        println!("{what}: {count} of {} are there", names(what)?.len());
    }
    Ok(())
}

/// `pip download` would build every package to read its metadata, so pip's own finder is asked for the address of the
/// newest source distribution, and nothing of it is run.
const SDISTS: &str = r"
import os, sys
from pip._internal.commands.download import DownloadCommand
command = DownloadCommand('download', '')
arguments = ['--quiet', '--no-deps', '--no-binary', ':all:', 'placeholder']
options, _ = command.parse_args(arguments)
with command.main_context():
    session = command.get_default_session(options)
    finder = command._build_package_finder(options, session)
    for name in sys.argv[2:]:
        try:
            best = finder.find_best_candidate(name).best_candidate
            if best is None:
                print('note: no source distribution of', name, flush=True)
                continue
            path = os.path.join(sys.argv[1], best.link.filename)
            if not os.path.exists(path):
                response = session.get(best.link.url)
                response.raise_for_status()
                with open(path + '.part', 'wb') as file:
                    file.write(response.content)
                os.rename(path + '.part', path)
        except Exception as error:
            print('note:', name, error, flush=True)
";

fn pypi(dir: &Path) -> anyhow::Result<()> {
    made(dir)?;
    let names = names("pypi")?;
    println!("\nsource distributions of {} packages, found by pip", names.len());
    let mut command = Command::new("python3");
    let status = command.args(["-c", SDISTS]).arg(dir).args(names).stdin(Stdio::null()).status();
    let status = status.context("python3 cannot be started")?;
    if !status.success() {
        bail!("pip cannot find packages: {status}");
    }
    Ok(())
}

fn npm(dir: &Path) -> anyhow::Result<()> {
    made(dir)?;
    let there = files(dir)?;
    for name in names("npm")? {
        // npm calls the tarball of @scope/name scope-name-VERSION.tgz.
        let stem = format!("{}-", name.trim_start_matches('@').replace('/', "-"));
        let is_version = |file: &String| {
            file.strip_prefix(&stem).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        };
        if there.iter().any(is_version) {
            continue;
        }
        let mut command = Command::new("npm");
        command.args(["pack", "--silent", "--ignore-scripts", "--pack-destination"]).arg(dir).arg(&name);
        if answer(&mut command).is_none() {
            println!("note: npm cannot bring {name}");
        }
    }
    Ok(())
}

/// A project that asks for them is resolved; the packages that cargo has then are copied, theirs and what they need.
fn crates(dir: &Path) -> anyhow::Result<()> {
    made(dir)?;
    let caches = caches()?;
    let work = tempfile::tempdir().context("no temporary directory")?;
    for group in names("crates")?.chunks(TOGETHER) {
        if fetched(work.path(), group, &caches, dir)? {
            continue;
        }
        for name in group {
            if !fetched(work.path(), std::slice::from_ref(name), &caches, dir)? {
                println!("note: cargo cannot bring {name}");
            }
        }
    }
    Ok(())
}

fn fetched(work: &Path, names: &[String], caches: &[PathBuf], dir: &Path) -> anyhow::Result<bool> {
    let wanted: String = names.iter().map(|name| format!("{name} = \"*\"\n")).collect();
    let manifest = format!(
        "[package]\nname = \"corpus\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n{wanted}"
    );
    fs::create_dir_all(work.join("src"))?;
    fs::write(work.join("src/lib.rs"), "")?;
    fs::write(work.join("Cargo.toml"), manifest)?;
    if work.join("Cargo.lock").exists() {
        fs::remove_file(work.join("Cargo.lock"))?;
    }
    if !answers(cargo(work).args(["fetch", "--quiet"])) {
        return Ok(false);
    }
    let lock: DocumentMut = fs::read_to_string(work.join("Cargo.lock"))?.parse()?;
    let packages = lock.get("package").and_then(Item::as_array_of_tables);
    for package in packages.into_iter().flatten() {
        let text = |key: &str| package.get(key).and_then(Item::as_str).unwrap_or_default();
        let file = format!("{}-{}.crate", text("name"), text("version"));
        if let Some(path) = caches.iter().map(|cache| cache.join(&file)).find(|path| path.is_file()) {
            fs::copy(&path, dir.join(&file)).with_context(|| path.display().to_string())?;
        }
    }
    Ok(true)
}

/// Where cargo keeps the packages that it has: a directory for each registry.
fn caches() -> anyhow::Result<Vec<PathBuf>> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")));
    let cache = home.context("neither CARGO_HOME nor HOME is set")?.join("registry/cache");
    let registries = fs::read_dir(&cache).with_context(|| cache.display().to_string())?;
    Ok(registries.collect::<Result<Vec<_>, _>>()?.iter().map(fs::DirEntry::path).collect())
}

fn repositories(dir: &Path) -> anyhow::Result<()> {
    made(dir)?;
    for name in names("repositories")? {
        mirror(dir, &name);
    }
    Ok(())
}

/// A mirror of one public repository in a directory of its own, unless it is there; a note where it cannot be had.
pub(crate) fn mirror(dir: &Path, name: &str) {
    let to = dir.join(format!("{}.git", name.replace('/', "+")));
    if to.exists() {
        return;
    }
    let from = format!("https://github.com/{name}.git");
    let mut command = Command::new("git");
    // No question for a password: a repository that is not public any more is left out.
    command.env("GIT_TERMINAL_PROMPT", "0").stdin(Stdio::null());
    command.args(["clone", "--quiet", "--mirror", &from]).arg(&to);
    if let Err(error) = show_and_run(&mut command) {
        println!("note: {name}: {error:#}");
    }
}

fn files(dir: &Path) -> anyhow::Result<Vec<String>> {
    let entries = fs::read_dir(dir).with_context(|| dir.display().to_string())?;
    let entries = entries.collect::<Result<Vec<_>, _>>()?;
    Ok(entries.iter().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect())
}
