use tminus_engine::Exit;
use tminus_engine::tags;
use tminus_engine::versions::Versions;
use tminus_versioning::tag::UnreadTag;
use tminus_versioning::{ReleaseLine, Scheme, TagKind, TagPattern, TagPatterns, TagVariables};

use super::grammar::{self, Grammar};
use super::next::of_project;
use super::{lines, with_grammar};
use crate::CommandError;
use crate::args::{Global, VersionList};
use crate::output::Output;
use crate::world::World;

/// What tags look like where nobody says it.
const USUAL: [&str; 2] = ["v{version}", "{version}"];

pub(super) fn run(output: &Output, global: &Global, options: &VersionList) -> Result<Exit, CommandError> {
    let given = TagVariables { package: options.package.as_deref(), path: options.path.as_deref() };
    let project = if options.scheme.is_none() { Some(of_project(global, &given)?) } else { None };
    let scheme = options.scheme.or(project.as_ref().map(|project| project.scheme)).unwrap_or(Scheme::Pep440);
    with_grammar!(scheme, list, output, global, options, scheme, project.as_ref())
}

fn list<G: Grammar>(
    output: &Output,
    global: &Global,
    options: &VersionList,
    scheme: Scheme,
    project: Option<&Versions>,
) -> Result<Exit, CommandError> {
    let usage = |why: String| CommandError::new(Exit::Usage, why);
    let given = TagVariables { package: options.package.as_deref(), path: options.path.as_deref() };
    let line: Option<ReleaseLine> = match &options.line {
        Some(text) => Some(text.parse().map_err(|error| usage(format!("--line: {error}")))?),
        None => None,
    };
    let own: Vec<TagPattern> = match (project, options.tag.is_empty()) {
        (_, false) => options.tag.clone(),
        (Some(project), true) => vec![project.pattern.clone()],
        (None, true) => pattern_of_train(global).map_or_else(usual, |pattern| vec![pattern]),
    };
    let package = project.and_then(|project| project.package.as_deref());
    let variables = TagVariables { package: given.package.or(package), ..given };
    let patterns = match project {
        Some(project) if options.tag.is_empty() => tags::of_train(&project.pattern, scheme, &variables),
        _ => tags::exactly(&own, scheme, &variables),
    };
    let patterns = patterns
        .map_err(|error| usage(error.to_string()).with_remedy("give it a value with --package or --path"))?;
    let names = match project {
        _ if options.stdin => {
            let bytes = lines::read_all()?;
            lines::of(&bytes).map(|line| String::from_utf8_lossy(line).into_owned()).collect()
        }
        Some(project) => project.tags.clone(),
        None => of_repository(global)?,
    };
    let reader = Reader { scheme, own: &own, variables: &variables, patterns: &patterns };
    let (entries, rejected) = reader.read::<G>(&names);
    let wanted = |entry: &&Entry<'_, G>| {
        line.is_none_or(|line| G::is_of_line(&entry.version, line))
            && (!options.finals || !G::is_prerelease(&entry.version))
    };
    let mut entries: Vec<&Entry<'_, G>> = entries.iter().filter(wanted).collect();
    say_what_is_odd::<G>(output, options, &entries, &rejected);
    if options.latest {
        entries = entries.split_off(entries.len().saturating_sub(1));
    }
    if output.json() {
        let entries: Vec<_> = entries.into_iter().map(json::<G>).collect();
        lines::write_line(&serde_json::json!(entries).to_string())?;
    } else {
        let line = |entry: &Entry<'_, G>| format!("{}\t{}\n", G::canonical(&entry.version), entry.tag);
        let text: String = entries.into_iter().map(line).collect();
        lines::write_all(text.as_bytes())?;
    }
    Ok(Exit::Done)
}

/// A tag with the version that it states.
struct Entry<'t, G: Grammar> {
    version: G::Version,
    tag: &'t str,
}

/// How the tags are read.
struct Reader<'a> {
    scheme: Scheme,
    own: &'a [TagPattern],
    variables: &'a TagVariables<'a>,
    patterns: &'a TagPatterns,
}

impl Reader<'_> {
    /// The tags that state a version, in the order of the scheme, and those that state none.
    fn read<'t, G: Grammar>(&self, tags: &'t [String]) -> (Vec<Entry<'t, G>>, Vec<UnreadTag>) {
        let (mut entries, mut rejected) = (Vec::new(), Vec::new());
        for tag in tags {
            match self.version::<G>(tag) {
                Ok(Some(version)) => entries.push(Entry { version, tag: tag.as_str() }),
                Ok(None) => {}
                Err(unread) => rejected.push(unread),
            }
        }
        entries.sort_by(|left, right| {
            G::order(&left.version, &right.version).then_with(|| left.tag.cmp(right.tag))
        });
        (entries, rejected)
    }

    /// What the scheme itself reads, be it a version of a release here or not; else what older spellings mean.
    fn version<G: Grammar>(&self, tag: &str) -> Result<Option<G::Version>, UnreadTag> {
        let read = self.patterns.read(tag);
        if read.as_ref().is_ok_and(|read| read.rule.kind() == TagKind::Development) {
            return Ok(None);
        }
        let v = if self.scheme == Scheme::Go { "v" } else { "" };
        let mut texts = self.own.iter().filter_map(|pattern| pattern.parse(tag, self.variables));
        if let Some(version) = texts.find_map(|text| G::version(&format!("{v}{text}")).ok()) {
            return Ok(Some(version));
        }
        let read = read?;
        Ok(read.version.render(self.scheme).ok().and_then(|text| G::version(&text).ok()))
    }
}

fn say_what_is_odd<G: Grammar>(
    output: &Output,
    options: &VersionList,
    entries: &[&Entry<'_, G>],
    rejected: &[UnreadTag],
) {
    for unread in rejected.iter().filter(|_| options.rejected) {
        output.note(&format!("note: {unread}"));
    }
    if !rejected.is_empty() && !options.rejected {
        let what = if rejected.len() == 1 { "tag states" } else { "tags state" };
        output.note(&format!("note: {} {what} no version; --rejected says why", rejected.len()));
    }
    for twice in entries.chunk_by(|left, right| G::order(&left.version, &right.version).is_eq()) {
        if twice.len() > 1 {
            let tags: Vec<&str> = twice.iter().map(|entry| entry.tag).collect();
            output.note(&format!("note: several tags state one version: {}", tags.join(", ")));
        }
    }
}

fn json<G: Grammar>(entry: &Entry<'_, G>) -> serde_json::Value {
    serde_json::json!({
        "version": G::canonical(&entry.version),
        "tag": entry.tag,
        "prerelease": G::is_prerelease(&entry.version),
    })
}

/// What tminus.toml says of the tags, where there is one that can be read: the answer does not depend on it.
fn pattern_of_train(global: &Global) -> Option<TagPattern> {
    let world = World::of_this_process(global).ok()?;
    let config = tminus_engine::read_config(&world.root().ok()?, world.config.as_deref()).ok()?;
    let (_, train) = config.train(global.train.as_deref()).ok()?;
    Some(train.tag.name.clone())
}

fn usual() -> Vec<TagPattern> {
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
