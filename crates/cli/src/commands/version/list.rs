use tminus_engine::Exit;
use tminus_versioning::{
    ReleaseLine, Scheme, TagEntry, TagIndex, TagKind, TagPatterns, TagRule, TagVariables,
};

use super::lines;
use crate::CommandError;
use crate::args::{Global, VersionList};
use crate::output::Output;
use crate::world::World;

/// What tags look like where nobody says it.
const USUAL: [&str; 2] = ["v{version}", "{version}"];

pub(super) fn run(output: &Output, global: &Global, options: &VersionList) -> Result<Exit, CommandError> {
    let usage = |why: String| CommandError::new(Exit::Usage, why);
    let rules = rules(global, options)?;
    let variables = TagVariables { package: options.package.as_deref(), path: options.path.as_deref() };
    let patterns = TagPatterns::new(rules, &variables)
        .map_err(|error| usage(error.to_string()).with_remedy("give it a value with --package or --path"))?;
    let line: Option<ReleaseLine> = match &options.line {
        Some(text) => {
            Some(text.parse().map_err(|error: tminus_versioning::ParseLineError| usage(error.to_string()))?)
        }
        None => None,
    };
    let tags = if options.stdin {
        lines::read_all()?.lines().map(str::to_owned).collect()
    } else {
        of_repository(global)?
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
        let entries: Vec<_> = entries.into_iter().map(json).collect();
        output.line(&serde_json::json!(entries).to_string());
    } else {
        let text: String =
            entries.into_iter().map(|entry| format!("{}\t{}\n", spelt(entry), entry.tag)).collect();
        lines::write_all(text.as_bytes())?;
    }
    Ok(Exit::Done)
}

/// The version as its scheme writes it.
fn spelt(entry: &TagEntry<'_>) -> String {
    entry.version.render(entry.rule.scheme()).unwrap_or_else(|_| entry.version.to_string())
}

fn json(entry: &TagEntry<'_>) -> serde_json::Value {
    serde_json::json!({
        "version": spelt(entry),
        "tag": entry.tag,
        "prerelease": entry.version.is_prerelease(),
    })
}

/// How to read the tags: as the options say, else as tminus.toml says, else as tags usually look.
fn rules(global: &Global, options: &VersionList) -> Result<Vec<TagRule>, CommandError> {
    if let Some(scheme) = options.scheme {
        let patterns = if options.tag.is_empty() { usual() } else { options.tag.clone() };
        return Ok(patterns.into_iter().map(|pattern| TagRule::version(pattern, scheme)).collect());
    }
    let world = World::of_this_process(global)?;
    let root = world.root()?;
    let config = tminus_engine::read_config(&root, world.config.as_deref()).map_err(|error| {
        CommandError::from(error).with_remedy("without a tminus.toml, name the scheme with --scheme")
    })?;
    let (_, train) = config.train(global.train.as_deref()).map_err(tminus_engine::ReleaseError::from)?;
    let mut rules: Vec<TagRule> = if options.tag.is_empty() {
        vec![TagRule::version(train.tag.name.clone(), train.scheme)]
    } else {
        options.tag.iter().map(|pattern| TagRule::version(pattern.clone(), train.scheme)).collect()
    };
    // Older tags of a project that changed its scheme; PEP 440 reads nearly everything that ever was a version.
    if train.scheme != Scheme::Pep440 {
        let older: Vec<TagRule> =
            rules.iter().map(|rule| TagRule::version(rule.pattern().clone(), Scheme::Pep440)).collect();
        rules.extend(older);
    }
    Ok(rules)
}

fn usual() -> Vec<tminus_versioning::TagPattern> {
    USUAL.iter().filter_map(|pattern| pattern.parse().ok()).collect()
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
