//! What no lint sees: layers, file sizes, module files, hosts of registries, paths of a machine, leftovers.

mod floors;
mod hosts;
mod modules;
mod text;

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};

use crate::arguments::Arguments;
use crate::workspace::Workspace;

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    pub(crate) file: String,
    pub(crate) line: usize,
    pub(crate) what: String,
}

impl Finding {
    pub(crate) fn new(file: &str, line: usize, what: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line, what: what.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.what)
    }
}

/// Text files by their path from the root, with `/` between its parts.
pub(crate) type Files = BTreeMap<String, String>;

pub(crate) fn run(arguments: Arguments) -> anyhow::Result<()> {
    arguments.end()?;
    check(&Workspace::find()?)
}

/// Prints every finding.
///
/// # Errors
/// There is one.
pub(crate) fn check(workspace: &Workspace) -> anyhow::Result<()> {
    let files = text_files(&workspace.root)?;
    let mut findings = floors::check(&workspace.members, &files);
    findings.extend(modules::check(&files));
    let sources = files.iter().filter(|(path, _)| path.ends_with(".rs"));
    findings.extend(sources.flat_map(|(path, source)| text::source(path, source)));

    let mut notes = Vec::new();
    let hosts = hosts::of_registries(files.get(LOCK_FILE).map_or("", String::as_str), &mut notes);
    let places = places(&workspace.root, &mut notes);
    for (path, content) in &files {
        if path != LOCK_FILE {
            findings.extend(text::hosts(path, content, &hosts));
        }
        findings.extend(text::places(path, content, &places));
    }
    for note in notes {
        println!("note: {note}");
    }
    findings.sort();
    findings.dedup();
    for finding in &findings {
        println!("{finding}");
    }
    match findings.len() {
        0 => {
            println!(
                "tidy: {} text files, {} registry hosts looked for, nothing found",
                files.len(),
                hosts.len()
            );
            Ok(())
        }
        count => bail!("tidy: {count} finding{}", if count == 1 { "" } else { "s" }),
    }
}

/// cargo writes it, and it names where crates come from.
const LOCK_FILE: &str = "Cargo.lock";

/// Everything in the tree that is text: what git tracks, and what it would if it were asked.
fn text_files(root: &Path) -> anyhow::Result<Files> {
    let output = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()
        .context("git cannot be started")?;
    if !output.status.success() {
        bail!("git ls-files failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    let mut files = Files::new();
    for path in output.stdout.split(|byte| *byte == 0).filter(|path| !path.is_empty()) {
        let path = String::from_utf8(path.to_vec()).context("a file's name is not UTF-8")?;
        let file = root.join(&path);
        // A file that was deleted and not yet committed, or a link to elsewhere, is nobody's text.
        if !file.symlink_metadata().is_ok_and(|metadata| metadata.is_file()) {
            continue;
        }
        let bytes = std::fs::read(&file).with_context(|| path.clone())?;
        if bytes.contains(&0) {
            continue;
        }
        if let Ok(text) = String::from_utf8(bytes) {
            files.insert(path, text);
        }
    }
    Ok(files)
}

/// Directories of this machine that nothing may name. One that is a single step below the root is a word of any
/// program (`/src`, `/tmp`), so it is left out, and that is said.
fn places(root: &Path, notes: &mut Vec<String>) -> Vec<PathBuf> {
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let mut places = Vec::new();
    for (what, place) in [("the checkout", Some(root.to_owned())), ("the home directory", home)] {
        match place {
            Some(place) if text::is_telling(&place) => places.push(place),
            _ => notes.push(format!("the path of {what} is too short to be looked for")),
        }
    }
    places
}
