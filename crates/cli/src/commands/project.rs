//! What the commands about packages have in common: the project they are about, and how a change is shown and written.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::{Value, json};
use tminus_engine::config::Config;
use tminus_engine::workspace::{Branch, Planned, Project, ToolReport, ToolRun, WorkspaceError};
use tminus_engine::{Exit, ReleaseError};
use tminus_manifests::bump::{LockFate, PinEdit, PinFate};
use tminus_manifests::workspace::Note;
use tminus_manifests::{EditSet, PackageId, Recovered, RelPath};
use tminus_vcs::{Repository, SystemRunner};

use crate::CommandError;
use crate::args::Editing;
use crate::output::{Output, clean};
use crate::world::World;

/// The project that the directory is in, and its configuration where it has one.
///
/// A directory that is in no repository is a project too.
pub(super) fn open(world: &World) -> Result<(Project, Option<Config>), CommandError> {
    let root = root(world);
    let config = match tminus_engine::read_config(&root, world.config.as_deref()) {
        Ok(config) => Some(config),
        Err(ReleaseError::NoConfig { .. }) => None,
        Err(error) => return Err(error.into()),
    };
    let project = Project::discover(&root, config.as_ref())?;
    Ok((project, config))
}

/// Ends what a killed run had begun to write, before anything is read.
pub(super) fn recover(world: &World, output: &Output) -> Result<(), CommandError> {
    let recovered =
        EditSet::recover(&root(world)).map_err(|error| CommandError::new(Exit::NoGo, error.to_string()))?;
    let (what, files) = match recovered {
        Recovered::Finished(files) => ("finished", files),
        Recovered::Undone(files) => ("undone", files),
        _ => return Ok(()),
    };
    if !files.is_empty() {
        output.note(&format!(
            "note: an earlier run was cut short while it wrote {} files: {what}",
            files.len()
        ));
    }
    Ok(())
}

fn root(world: &World) -> PathBuf {
    world.root().unwrap_or_else(|_| world.dir.clone())
}

/// The branch that is checked out, and the main one: as tminus.toml says, else `main` or `master`, whichever there is.
pub(super) fn branch(project: &Project, config: Option<&Config>) -> Branch {
    let repository = Repository::discover(&project.root).ok();
    let head = repository.as_ref().and_then(|repository| repository.head().ok());
    let name = head.and_then(|head| head.branch).map(|branch| branch.to_string()).unwrap_or_default();
    let configured = config.and_then(|config| {
        config.trains.values().find_map(|train| train.branches.main.as_ref().map(ToString::to_string))
    });
    let main = configured.or_else(|| {
        let branches = repository.as_ref()?.branches().ok()?;
        let known = |name: &str| branches.iter().any(|(branch, _)| branch.to_string() == name);
        ["main", "master"].into_iter().find(|name| known(name)).map(str::to_owned)
    });
    Branch { name, main: main.unwrap_or_else(|| "main".to_owned()) }
}

impl From<WorkspaceError> for CommandError {
    fn from(error: WorkspaceError) -> Self {
        let mut converted = Self::new(error.exit, error.what);
        for remedy in error.remedies {
            converted = converted.with_remedy(remedy);
        }
        converted
    }
}

/// Shows a change and writes it.
pub(super) fn carry_out(
    world: &World,
    output: &Output,
    project: &Project,
    planned: &Planned,
    options: &Editing,
) -> Result<Exit, CommandError> {
    let outcome = &planned.outcome;
    let written = !options.dry_run && !outcome.edits.is_empty();
    // Shown first, so that what was meant is known also where writing fails.
    if !output.json() {
        output.text(&clean(&summary(planned)));
        if options.dry_run || options.diff {
            output.diff(&outcome.edits.diff(), &outcome.edits.patch());
        }
    }
    // Links are no news, and `tminus packages` tells of them.
    let is_news = |note: &&Note| !matches!(note, Note::Link { .. } | Note::LinkOutside { .. });
    for note in project.workspace.notes().iter().filter(is_news) {
        output.note(&clean(&format!("note: {note}")));
    }
    for (id, why) in &planned.skipped {
        output.note(&clean(&format!("note: {id} is passed over: {why}")));
    }
    let runner = SystemRunner::default();
    let tools = ToolRun {
        runner: &runner,
        environment: &world.environment,
        check: !options.no_check,
        run: !options.no_tool,
    };
    let reports = if written { project.write(planned, &tools)? } else { BTreeMap::new() };
    if output.json() {
        let mut document = document(planned, &reports);
        if let Value::Object(fields) = &mut document {
            fields.insert("written".to_owned(), json!(written));
            if options.dry_run || options.diff {
                let patch = outcome.edits.patch();
                fields.insert("diff".to_owned(), json!(String::from_utf8_lossy(&patch)));
            }
        }
        output.line(&serde_json::to_string_pretty(&document).unwrap_or_default());
        return Ok(Exit::Done);
    }
    for (path, report) in &reports {
        match report {
            ToolReport::InStep(command) => output.note(&format!("{path}: in step, says `{command}`")),
            ToolReport::NotAsked(why) => {
                output.note(&clean(&format!("note: {path}: not checked by its tool: {why}")));
            }
            _ => {}
        }
    }
    let files = outcome.edits.files().count();
    let plural = if files == 1 { "" } else { "s" };
    output.note(&match (files, written) {
        (0, _) => "nothing to change".to_owned(),
        (_, true) => format!("{files} file{plural} written"),
        (_, false) => format!("{files} file{plural} would be written"),
    });
    Ok(Exit::Done)
}

fn summary(planned: &Planned) -> String {
    let outcome = &planned.outcome;
    let mut text = String::new();
    for edit in outcome.versions.iter().filter(|edit| edit.old != edit.new) {
        let because = planned.because.get(&edit.id).map(|why| format!("  ({why})")).unwrap_or_default();
        text.push_str(&format!(
            "{} {} -> {}  {}:{}{because}\n",
            edit.id, edit.old, edit.new, edit.path, edit.line
        ));
    }
    for pin in &outcome.pins {
        text.push_str(&pin_line(pin));
    }
    for lock in &outcome.locks {
        match &lock.fate {
            LockFate::Edited => text.push_str(&format!("{}: kept in step\n", lock.path)),
            LockFate::Tool { why, command } => {
                text.push_str(&format!("{}: `{}` ({why})\n", lock.path, command.join(" ")));
            }
            _ => {}
        }
    }
    text
}

fn pin_line(pin: &PinEdit) -> String {
    let who = pin.from.as_ref().map_or_else(|| "the workspace".to_owned(), ToString::to_string);
    let place = format!("{}:{}", pin.path, pin.line);
    match pin.fate {
        PinFate::Rewritten => format!("  {who}: {} -> {}  {place}\n", pin.old, pin.new),
        PinFate::Staged => format!(
            "  {who}: {} -> {} once {} {} can be installed: `tminus pin --staged`  {place}\n",
            pin.old, pin.new, pin.to, pin.version
        ),
        _ => String::new(),
    }
}

fn document(planned: &Planned, reports: &BTreeMap<RelPath, ToolReport>) -> Value {
    let outcome = &planned.outcome;
    let because = |id: &PackageId| planned.because.get(id);
    let versions = outcome.versions.iter().map(|edit| {
        json!({
            "package": edit.id.to_string(), "from": edit.old, "to": edit.new,
            "file": edit.path.as_str(), "line": edit.line, "because": because(&edit.id),
        })
    });
    let pins = outcome.pins.iter().map(|pin| {
        json!({
            "package": pin.from.as_ref().map(ToString::to_string), "on": pin.to.to_string(),
            "version": pin.version, "from": pin.old, "to": pin.new,
            "file": pin.path.as_str(), "line": pin.line, "outcome": fate(pin.fate),
        })
    });
    let locks = outcome.locks.iter().map(|lock| {
        let (how, command) = match &lock.fate {
            LockFate::Edited => ("edited", None),
            LockFate::Tool { command, .. } => ("tool", Some(command)),
            _ => ("in-step", None),
        };
        let checked = match reports.get(&lock.path) {
            Some(ToolReport::InStep(command)) => json!({ "by": command }),
            Some(ToolReport::NotAsked(why)) => json!({ "not": why }),
            _ => Value::Null,
        };
        json!({ "file": lock.path.as_str(), "outcome": how, "command": command, "checked": checked })
    });
    json!({
        "versions": versions.collect::<Vec<_>>(),
        "pins": pins.collect::<Vec<_>>(),
        "locks": locks.collect::<Vec<_>>(),
        "skipped": planned.skipped.iter().map(|(id, why)| (id.to_string(), why)).collect::<BTreeMap<_, _>>(),
        "files": outcome.edits.files().map(|file| file.path.as_str().to_owned()).collect::<Vec<_>>(),
    })
}

fn fate(fate: PinFate) -> &'static str {
    match fate {
        PinFate::Rewritten => "rewritten",
        PinFate::Left => "left",
        PinFate::Staged => "staged",
        _ => "unchanged",
    }
}
