use serde_json::json;
use tminus_engine::Exit;
use tminus_manifests::RelPath;
use tminus_manifests::workspace::{Package, PackageVersion};

use super::project;
use crate::CommandError;
use crate::args::Packages;
use crate::output::{Output, clean};
use crate::world::World;

pub(crate) fn run(world: &World, output: &Output, options: &Packages) -> Result<Exit, CommandError> {
    let (project, _) = project::open(world)?;
    let workspace = &project.workspace;
    if output.json() {
        let packages: Vec<_> = workspace.packages().iter().map(|package| {
            json!({
                "package": package.id.to_string(),
                "name": package.name,
                "directory": directory(package),
                "version": project.version(package),
                "version_from": elsewhere(package),
                "private": package.private,
                "manifests": package.manifests.iter().map(RelPath::as_str).collect::<Vec<_>>(),
                "workspace": package.workspace.as_ref().map(RelPath::as_str),
                "group": project.groups.of(&package.id).map(|group| group.name.as_str()),
                "locks": workspace.locks_of(&package.id).map(|lock| lock.path.as_str()).collect::<Vec<_>>(),
            })
        }).collect();
        let excluded: Vec<_> = workspace.excluded().iter().map(ToString::to_string).collect();
        let notes: Vec<_> = workspace.notes().iter().map(ToString::to_string).collect();
        let mut document = json!({ "packages": packages, "notes": notes });
        if let (true, Some(fields)) = (options.excluded, document.as_object_mut()) {
            fields.insert("excluded".to_owned(), json!(excluded));
        }
        output.line(&serde_json::to_string_pretty(&document).unwrap_or_default());
        return Ok(Exit::Done);
    }
    let ids = workspace.packages().iter().map(|package| package.id.to_string().chars().count());
    let width = ids.max().unwrap_or_default();
    let mut text = String::new();
    for package in workspace.packages() {
        let version = match (project.version(package), elsewhere(package)) {
            (Some(version), _) => version,
            (None, Some(_)) => "(elsewhere)".to_owned(),
            (None, None) => "-".to_owned(),
        };
        let private = if package.private { "  private" } else { "" };
        let id = package.id.to_string();
        text.push_str(&format!("{id:<width$}  {version:<12}  {}{private}\n", directory(package)));
    }
    if options.excluded {
        for excluded in workspace.excluded() {
            text.push_str(&format!("left out: {excluded}\n"));
        }
    }
    output.text(&clean(&text));
    for note in workspace.notes() {
        output.note(&clean(&format!("note: {note}")));
    }
    if workspace.packages().is_empty() {
        output.note("there is no package here; --excluded lists what is left out");
    }
    Ok(Exit::Done)
}

fn directory(package: &Package) -> &str {
    if package.directory.is_empty() { "." } else { &package.directory }
}

fn elsewhere(package: &Package) -> Option<String> {
    match &package.version {
        PackageVersion::Elsewhere { source, .. } => Some(source.to_string()),
        _ => None,
    }
}
