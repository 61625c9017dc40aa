//! Where files come from: histories of repositories, archives, directories.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, BufWriter, Read, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, bail};
use flate2::read::MultiGzDecoder;

use super::form::Form;

/// A larger member of an archive is nobody's manifest; the readers refuse it anyway.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// A file that was found.
pub(super) struct Item {
    pub(super) form: Form,
    /// Its path in its repository or archive.
    pub(super) path: String,
    /// Where that is, for people.
    pub(super) place: String,
    pub(super) bytes: Vec<u8>,
}

/// What to do with each.
pub(super) type Visit<'a> = &'a mut dyn FnMut(Item) -> anyhow::Result<()>;

/// What is skipped of histories: everything but each `every`th version.
pub(super) struct Walk {
    pub(super) every: usize,
    seen: HashSet<(Form, String)>,
}

impl Walk {
    pub(super) fn new(every: usize) -> Self {
        Self { every: every.max(1), seen: HashSet::new() }
    }

    /// Goes through everything below a directory.
    ///
    /// # Errors
    /// A directory or a repository cannot be read; an archive that cannot is named, and left out.
    pub(super) fn directory(&mut self, dir: &Path, visit: Visit<'_>) -> anyhow::Result<()> {
        if dir.join("HEAD").is_file() && dir.join("objects").is_dir() {
            return self.repository(dir, visit);
        }
        let entries = fs::read_dir(dir).with_context(|| dir.display().to_string())?;
        let mut entries = entries.collect::<Result<Vec<_>, _>>()?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let path = entry.path();
            let kind = entry.file_type()?;
            if kind.is_dir() {
                self.directory(&path, visit)?;
            } else if kind.is_file() {
                one(&path, visit)?;
            }
        }
        Ok(())
    }

    /// Every version that some commit has.
    fn repository(&mut self, dir: &Path, visit: Visit<'_>) -> anyhow::Result<()> {
        let wanted = self.wanted(dir)?;
        let mut child = git(dir, &["cat-file", "--batch"])?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            bail!("git has no pipes");
        };
        let names: Vec<String> = wanted.iter().map(|(_, id, _)| id.clone()).collect();
        // Written from another thread: git answers before it has read everything.
        let writer = std::thread::spawn(move || -> std::io::Result<()> {
            let mut input = BufWriter::new(input);
            for name in names {
                writeln!(input, "{name}")?;
            }
            input.flush()
        });
        let mut output = BufReader::with_capacity(1 << 18, output);
        let shown = shown(dir);
        println!("{shown}: {} versions of files that are new here", wanted.len());
        for (form, id, path) in wanted {
            let Some(bytes) = object(&mut output).with_context(|| format!("{shown} {id}"))? else { continue };
            let place = format!("{shown} {}", id.get(..12).unwrap_or(&id));
            visit(Item { form, path, place, bytes })?;
        }
        drop(output);
        writer.join().map_err(|_| anyhow::anyhow!("git could not be asked"))??;
        ended(child, dir)
    }

    /// The objects of our forms that no other repository had, with a path of each. The changes of all commits are
    /// asked for: a list of objects has one name for each, and that may be another one.
    fn wanted(&mut self, dir: &Path) -> anyhow::Result<Vec<(Form, String, String)>> {
        let paths: Vec<String> = Form::names().map(|name| format!(":(glob)**/{name}")).collect();
        let mut arguments = vec!["-c", "core.quotePath=off", "-c", "log.showRoot=true", "log", "--all"];
        arguments.extend(["--full-history", "--raw", "-c", "--no-renames", "--no-abbrev", "--format=", "--"]);
        arguments.extend(paths.iter().map(String::as_str));
        let mut child = git(dir, &arguments)?;
        let Some(output) = child.stdout.take() else { bail!("git has no pipes") };
        let mut wanted = Vec::new();
        let mut number = 0;
        for line in BufReader::with_capacity(1 << 18, output).split(b'\n') {
            let line = line?;
            let Some((id, path)) = std::str::from_utf8(&line).ok().and_then(changed) else { continue };
            let Some(form) = Form::of(path) else { continue };
            if self.seen.insert((form, id.to_owned())) {
                number += 1;
                if number % self.every == 0 {
                    wanted.push((form, id.to_owned(), path.to_owned()));
                }
            }
        }
        ended(child, dir)?;
        Ok(wanted)
    }
}

/// The object and the path of a line of `git log --raw`: modes, objects, what was done; those of every parent in a
/// merge. Nothing where the file is gone.
fn changed(line: &str) -> Option<(&str, &str)> {
    let (head, path) = line.split_once('\t')?;
    let id = head.rsplit(' ').nth(1)?;
    (line.starts_with(':') && id.bytes().any(|digit| digit != b'0')).then_some((id, path))
}

fn git(dir: &Path, arguments: &[&str]) -> anyhow::Result<Child> {
    let mut command = Command::new("git");
    command.arg("--git-dir").arg(dir).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
    command.spawn().context("git cannot be started")
}

fn ended(mut child: Child, dir: &Path) -> anyhow::Result<()> {
    let status = child.wait().context("git cannot be waited for")?;
    if !status.success() {
        bail!("{}: git failed: {status}", dir.display());
    }
    Ok(())
}

/// One answer of `git cat-file --batch`; nothing for what is no blob or absent from a partial copy.
fn object(output: &mut impl std::io::BufRead) -> anyhow::Result<Option<Vec<u8>>> {
    let mut line = String::new();
    output.read_line(&mut line)?;
    let words: Vec<&str> = line.split_whitespace().collect();
    let &[_, kind, size] = words.as_slice() else {
        if line.trim_end().ends_with(" missing") {
            return Ok(None);
        }
        bail!("git answers {line:?}");
    };
    let mut bytes = vec![0; size.parse()?];
    output.read_exact(&mut bytes)?;
    output.read_exact(&mut [0])?;
    Ok((kind == "blob").then_some(bytes))
}

/// The last parts of the path of a repository, `owner+name/repo` or `name.git`.
fn shown(dir: &Path) -> String {
    let parts: Vec<String> =
        dir.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    let last = parts.get(parts.len().saturating_sub(2)..).unwrap_or_default();
    last.join("/")
}

/// A file: an archive, or one of ours.
fn one(path: &Path, visit: Visit<'_>) -> anyhow::Result<()> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let ends = |suffixes: &[&str]| suffixes.iter().any(|suffix| name.ends_with(suffix));
    let archive = if ends(&[".tar.gz", ".tgz", ".crate"]) {
        open(path).and_then(|file| tarball(MultiGzDecoder::new(file), &name, visit))
    } else if ends(&[".whl", ".zip"]) {
        open(path).and_then(|file| zipped(file, &name, visit))
    } else {
        if let Some(form) = Form::of(&name) {
            let bytes = fs::read(path).with_context(|| path.display().to_string())?;
            let place = path.parent().map(|parent| parent.display().to_string()).unwrap_or_default();
            visit(Item { form, path: name, place, bytes })?;
        }
        return Ok(());
    };
    if let Err(error) = archive {
        println!("note: {name} is left out: {error:#}");
    }
    Ok(())
}

fn open(path: &Path) -> anyhow::Result<BufReader<File>> {
    Ok(BufReader::new(File::open(path).with_context(|| path.display().to_string())?))
}

fn tarball(stream: impl Read, name: &str, visit: Visit<'_>) -> anyhow::Result<()> {
    for entry in tar::Archive::new(stream).entries()? {
        let mut entry = entry?;
        let path = entry.path()?.to_string_lossy().into_owned();
        if let Some(form) = Form::of(&path).filter(|_| entry.header().entry_type().is_file()) {
            let mut bytes = Vec::new();
            entry.by_ref().take(MAX_BYTES).read_to_end(&mut bytes)?;
            visit(Item { form, path, place: name.to_owned(), bytes })?;
        }
    }
    Ok(())
}

fn zipped(file: BufReader<File>, name: &str, visit: Visit<'_>) -> anyhow::Result<()> {
    let mut archive = zip::ZipArchive::new(file)?;
    for at in 0..archive.len() {
        let entry = archive.by_index(at)?;
        let path = entry.name()?.into_owned();
        if let Some(form) = Form::of(&path).filter(|_| entry.is_file()) {
            let mut bytes = Vec::new();
            entry.take(MAX_BYTES).read_to_end(&mut bytes)?;
            visit(Item { form, path, place: name.to_owned(), bytes })?;
        }
    }
    Ok(())
}
