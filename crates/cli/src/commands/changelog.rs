use std::path::{Path, PathBuf};

use serde_json::json;
use tminus_engine::Exit;
use tminus_engine::changelog::carry::{CarryOptions, carry_back};
use tminus_engine::changelog::write::Builtin;
use tminus_engine::changelog::{Form, Gathered, Span, Telling, Told};
use tminus_manifests::changelog::{Outcome, PartKind, outline};
use tminus_manifests::{EditSet, RelPath};

use super::changes::{Changes, warn};
use crate::CommandError;
use crate::args::{Changelog, FormatWord, Global};
use crate::output::{Output, clean};
use crate::world::World;

/// Where changelogs are, the usual name first.
const NAMES: [&str; 5] = ["CHANGELOG.md", "CHANGES.md", "HISTORY.md", "NEWS.md", "docs/CHANGELOG.md"];
/// The largest changelog that is read.
const LIMIT: u64 = 64 * 1024 * 1024;

pub(crate) async fn run(
    world: &World,
    output: &Output,
    global: &Global,
    options: &Changelog,
) -> Result<Exit, CommandError> {
    if let Some(word) = options.shape.print_template {
        output.text(builtin(word).source());
        return Ok(Exit::Done);
    }
    let changes = Changes::open(world, global, !options.reading.no_forge && options.carry_from.is_none())?;
    if let Some(revision) = &options.carry_from {
        return carry(output, &changes, revision, options);
    }
    let span = match (&options.since, options.all, &options.release) {
        (Some(revision), ..) => Span::Since(revision.clone()),
        (None, true, _) => Span::All,
        // A version that is tagged already is told as it came out; `notes` is for that.
        (None, false, Some(version)) => Span::Version(version.clone()),
        (None, false, None) => Span::Unreleased,
    };
    let gathered = changes.gather(world, &span, &options.to, &options.reading.packages)?;
    let (mut facts, warnings) = changes.facts(output, &gathered).await?;
    warn(output, &warnings);
    let form = changes.form(world, &gathered, &options.shape)?;
    changes.newcomers(&mut facts, &gathered, &form).await?;
    let told = changes.tell(&gathered, &facts, form.telling(), &options.reading.packages)?;
    for told in &told {
        warn(output, &told.warnings);
    }
    if output.json() {
        return Ok(json(output, &told));
    }
    let told: Vec<&Told> = told.iter().filter(|told| !told.document.changes.is_empty()).collect();
    if told.is_empty() {
        return Err(nothing(&gathered));
    }
    if !options.write {
        let texts = told.iter().map(|told| form.text(&told.document)).collect::<Result<Vec<_>, _>>()?;
        output.text(&clean(&texts.join("\n")));
        return Ok(Exit::Done);
    }
    let done = write(output, &changes, &form, &told, options)?;
    if options.release.is_some() && form.telling() == Telling::Changes {
        used_up(output, &facts.files.consumed);
    }
    Ok(done)
}

/// Names the change files that a release uses up. They are left to the user: edits of files cannot delete any.
fn used_up(output: &Output, files: &[String]) {
    if files.is_empty() {
        return;
    }
    let list: String = files.iter().map(|file| format!("\n  {file}")).collect();
    output.note(&clean(&format!(
        "note: these change files are told now; delete them in the same commit:{list}"
    )));
}

pub(super) fn builtin(word: FormatWord) -> Builtin {
    match word {
        FormatWord::KeepAChangelog => Builtin::KeepAChangelog,
        FormatWord::ByPackage => Builtin::ByPackage,
        FormatWord::Github => Builtin::GitHub,
    }
}

/// Nothing to tell is a finding: a script must not go on as if there were something.
pub(super) fn nothing(gathered: &Gathered) -> CommandError {
    let section = gathered.sections.first();
    let base = section.and_then(|section| section.base.tag.as_ref());
    let since = base.map_or("so far".to_owned(), |tag| format!("since {}", tag.name));
    let commits = match section.map_or(0, |section| section.commits.len()) {
        0 => "there are no commits".to_owned(),
        1 => "there is one commit, and nothing in it for this form and its readers".to_owned(),
        many => format!("there are {many} commits, and nothing in them for this form and its readers"),
    };
    CommandError::new(Exit::NoGo, format!("nothing to tell {since}: {commits}"))
        .with_remedy("`tminus explain PACKAGE` says how each was read; --since TAG begins earlier")
}

fn json(output: &Output, told: &[Told]) -> Exit {
    let releases: Vec<_> =
        told.iter().map(|told| json!({ "document": told.document, "warnings": told.warnings })).collect();
    output.line(&serde_json::to_string_pretty(&json!({ "releases": releases })).unwrap_or_default());
    Exit::Done
}

/// The changelog of the project, and its text if it is there.
fn file(changes: &Changes) -> Result<(RelPath, Option<String>), CommandError> {
    let root = &changes.project.root;
    let configured = changes.scope.config.file.clone();
    let name = configured.unwrap_or_else(|| {
        let known = NAMES.into_iter().find(|name| root.join(name).is_file());
        known.unwrap_or("CHANGELOG.md").to_owned()
    });
    let path: RelPath = name
        .parse()
        .map_err(|error| CommandError::new(Exit::Usage, format!("[changelog] file = {name:?}: {error}")))?;
    let place = root.join(path.as_str());
    Ok((path, read(&place)?))
}

fn read(place: &Path) -> Result<Option<String>, CommandError> {
    // Neither a pipe that nobody writes to, nor a device without an end.
    match std::fs::metadata(place) {
        Ok(found) if !found.is_file() || found.len() > LIMIT => {
            let what = format!("{} is no file, or larger than {LIMIT} bytes", place.display());
            return Err(CommandError::new(Exit::NoGo, what));
        }
        _ => {}
    }
    match std::fs::read(place) {
        Ok(bytes) => String::from_utf8(bytes)
            .map(Some)
            .map_err(|_| CommandError::new(Exit::Usage, format!("{} is not UTF-8", place.display()))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(CommandError::new(Exit::NoGo, format!("{}: {error}", place.display()))),
    }
}

fn write(
    output: &Output,
    changes: &Changes,
    form: &Form,
    told: &[&Told],
    options: &Changelog,
) -> Result<Exit, CommandError> {
    let (path, existing) = file(changes)?;
    let placeholder = changes.scope.config.placeholder.as_deref();
    let mut text = existing.clone();
    for told in told {
        if let Outcome::Changed(new) =
            form.update(path.as_str(), text.as_deref(), placeholder, &told.document)?
        {
            text = Some(new);
        }
    }
    put(output, changes, &path, existing, text, options.dry_run)
}

/// Writes a changelog, or shows what would change.
fn put(
    output: &Output,
    changes: &Changes,
    path: &RelPath,
    old: Option<String>,
    new: Option<String>,
    dry_run: bool,
) -> Result<Exit, CommandError> {
    let Some(new) = new.filter(|new| Some(new) != old.as_ref()) else {
        output.note(&format!("{path}: everything is there already"));
        return Ok(Exit::Done);
    };
    let mut edits = EditSet::default();
    let failed = |error: &dyn std::fmt::Display| CommandError::new(Exit::NoGo, error.to_string());
    match old {
        Some(old) => edits.edit(path.clone(), old.into_bytes(), new.into_bytes()),
        None => edits.create(path.clone(), new.into_bytes()),
    }
    .map_err(|error| failed(&error))?;
    if dry_run {
        output.diff(&edits.diff(), &edits.patch());
        return Ok(Exit::Done);
    }
    edits.write(&changes.project.root).map_err(|error| failed(&error))?;
    output.note(&format!("{path}: written"));
    Ok(Exit::Done)
}

/// Puts sections that another branch has into the changelog of this one.
fn carry(
    output: &Output,
    changes: &Changes,
    revision: &str,
    options: &Changelog,
) -> Result<Exit, CommandError> {
    let repository = &changes.scope.repository;
    let Some(commit) = repository.resolve(revision).map_err(tminus_engine::ReleaseError::from)? else {
        return Err(CommandError::new(Exit::Usage, format!("`{revision}` is no commit, tag or branch here"))
            .with_remedy("`git branch --all` lists the branches"));
    };
    let (path, existing) = file(changes)?;
    let Some(old) = existing else {
        return Err(CommandError::new(Exit::NoGo, format!("{path} is not there")));
    };
    let there = if changes.scope.prefix.is_empty() {
        path.as_str().to_owned()
    } else {
        format!("{}/{path}", changes.scope.prefix)
    };
    let bytes = repository.read_file(&commit, &there, LIMIT).map_err(tminus_engine::ReleaseError::from)?;
    let Some(bytes) = bytes else {
        return Err(CommandError::new(Exit::NoGo, format!("{there} is not in {revision}")));
    };
    let branch = String::from_utf8_lossy(&bytes).into_owned();
    let mut new = old.clone();
    let mut carried = Vec::new();
    // The oldest first, so that each finds its place among those that are there.
    for part in outline(&branch).parts.iter().rev().filter(|part| part.kind != PartKind::Unreleased) {
        let outcome = carry_back(&new, &branch, &part.name, CarryOptions::default())
            .map_err(|error| CommandError::new(Exit::NoGo, format!("{path}: {error}")))?;
        if let Outcome::Changed(text) = outcome {
            new = text;
            carried.push(part.name.clone());
        }
    }
    if carried.is_empty() {
        output.note(&format!("{path}: everything of {revision} is there already"));
        return Ok(Exit::Done);
    }
    if !options.write {
        let edits = PathBuf::from(path.as_str());
        output.note(&clean(&format!(
            "{}: would get {}; --write writes it",
            edits.display(),
            carried.join(", ")
        )));
        return put(output, changes, &path, Some(old), Some(new), true);
    }
    output.note(&clean(&format!("{path}: {}", carried.join(", "))));
    put(output, changes, &path, Some(old), Some(new), options.dry_run)
}
