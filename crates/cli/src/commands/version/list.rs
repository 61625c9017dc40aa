use tminus_engine::Exit;
use tminus_engine::tags::patterns;
use tminus_engine::versions::{Versions, versions};
use tminus_versioning::{ReleaseLine, Scheme, TagEntry, TagIndex, TagKind, TagPattern, TagVariables};

use super::lines;
use crate::CommandError;
use crate::args::{Global, VersionList};
use crate::output::Output;
use crate::world::World;

/// What tags look like where nobody says it.
const USUAL: [&str; 2] = ["v{version}", "{version}"];

pub(super) fn run(output: &Output, global: &Global, options: &VersionList) -> Result<Exit, CommandError> {
    let usage = |why: String| CommandError::new(Exit::Usage, why);
    let line: Option<ReleaseLine> = match &options.line {
        Some(text) => Some(text.parse().map_err(|error| usage(format!("--line: {error}")))?),
        None => None,
    };
    let given = TagVariables { package: options.package.as_deref(), path: options.path.as_deref() };
    let project = if options.scheme.is_none() { Some(of_project(global, &given)?) } else { None };
    let scheme = options.scheme.or(project.as_ref().map(|project| project.scheme)).unwrap_or(Scheme::Pep440);
    let own: Vec<TagPattern> = match (&project, options.tag.is_empty()) {
        (_, false) => options.tag.clone(),
        (Some(project), true) => vec![project.pattern.clone()],
        (None, true) => USUAL.iter().filter_map(|pattern| pattern.parse().ok()).collect(),
    };
    let package = project.as_ref().and_then(|project| project.package.as_deref());
    let variables = TagVariables { package: given.package.or(package), ..given };
    let patterns = patterns(&own, scheme, &variables)
        .map_err(|error| usage(error.to_string()).with_remedy("give it a value with --package or --path"))?;
    let tags = match project {
        _ if options.stdin => lines::read_all()?.lines().map(str::to_owned).collect(),
        Some(project) => project.tags,
        None => of_repository(global)?,
    };
    let index = TagIndex::new(&patterns, tags);
    let wanted = |entry: &&TagEntry<'_>| {
        entry.rule.kind() == TagKind::Version
            && line.as_ref().is_none_or(|line| line.contains(&entry.version))
            && (!options.finals || !entry.version.is_prerelease())
    };
    let mut entries: Vec<&TagEntry<'_>> = index.entries().iter().filter(wanted).collect();
    if options.latest {
        entries = entries.split_off(entries.len().saturating_sub(1));
    }
    if options.rejected {
        for unread in index.unread() {
            output.note(&format!("note: {unread}"));
        }
    }
    for twice in index.duplicates() {
        let tags: Vec<&str> = twice.iter().map(|entry| entry.tag.as_str()).collect();
        output.note(&format!("note: several tags state one version: {}", tags.join(", ")));
    }
    if output.json() {
        let entries: Vec<_> = entries.into_iter().map(|entry| json(entry, scheme)).collect();
        output.line(&serde_json::json!(entries).to_string());
    } else {
        let line = |entry: &TagEntry<'_>| format!("{}\t{}\n", spelt(entry, scheme), entry.tag);
        let text: String = entries.into_iter().map(line).collect();
        lines::write_all(text.as_bytes())?;
    }
    Ok(Exit::Done)
}

/// The version as the scheme writes it; where it cannot, as the tag has it.
fn spelt(entry: &TagEntry<'_>, scheme: Scheme) -> String {
    let own = || entry.version.render(entry.rule.scheme());
    entry.version.render(scheme).or_else(|_| own()).unwrap_or_else(|_| entry.version.to_string())
}

fn json(entry: &TagEntry<'_>, scheme: Scheme) -> serde_json::Value {
    serde_json::json!({
        "version": spelt(entry, scheme),
        "tag": entry.tag,
        "prerelease": entry.version.is_prerelease(),
    })
}

/// What tminus.toml says of the tags, and the tags.
fn of_project(global: &Global, variables: &TagVariables<'_>) -> Result<Versions, CommandError> {
    let world = World::of_this_process(global)?;
    let root = world.root()?;
    let config = tminus_engine::read_config(&root, world.config.as_deref()).map_err(|error| {
        CommandError::from(error).with_remedy("without a tminus.toml, name the scheme with --scheme")
    })?;
    Ok(versions(&root, &config, global.train.as_deref(), variables)?)
}

fn of_repository(global: &Global) -> Result<Vec<String>, CommandError> {
    let world = World::of_this_process(global)?;
    let failed = |error: tminus_vcs::RepositoryError| CommandError::new(Exit::NoGo, error.to_string());
    let repository = tminus_vcs::Repository::discover(&world.dir).map_err(|error| {
        failed(error).with_remedy("run this in a repository, or give the tags with --stdin")
    })?;
    let tags = repository.tags().map_err(failed)?;
    Ok(tags.into_iter().map(|tag| tag.name.to_string()).collect())
}
