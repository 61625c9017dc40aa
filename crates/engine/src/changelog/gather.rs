//! Which commits a text is about, and what each of them says: one walk for all packages.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use tminus_manifests::PackageId;
use tminus_vcs::{Commit, CommitId, History, Merges, PathMap, Range, Touched, Way};
use tminus_versioning::{ReleaseVersion, Scheme};

use super::base::{self, Base, Wanted};
use super::dag::Dag;
use super::picked::picked;
use super::scope::Scope;
use super::tags::{ReleaseTag, ReleaseTags, TagNames};
use super::{Author, ChangesError, Reading, read};
use crate::config::SourceWord;

/// Which commits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Span {
    /// What came after the last release.
    Unreleased,
    /// What came after this revision.
    Since(String),
    /// What comes out, or came out, with this version or tag.
    Version(String),
    /// Everything, each release by itself.
    All,
    /// Everything, as if nothing had been released.
    Whole,
}

/// One commit, and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The commit.
    pub id: CommitId,
    /// The first line of its message.
    pub subject: String,
    /// Who wrote it.
    pub author: Author,
    /// When the author wrote it, in seconds since 1970.
    pub author_time_seconds: i64,
    /// When it was committed, in seconds since 1970.
    pub time_seconds: i64,
    /// Its parents.
    pub parents: Vec<CommitId>,
    /// The packages whose paths it changed, as indices into [`Scope::owners`].
    pub owners: Vec<u32>,
    /// Whether it changed paths of no package.
    pub others: bool,
    /// How its message was read.
    pub reading: Reading,
}

/// One release, or what is not released yet, and its commits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// The package, where it has tags of its own.
    pub package: Option<PackageId>,
    /// The packages it is about, as indices into [`Scope::owners`]; `None` is all of them, and what is nobody's.
    pub owners: Option<BTreeSet<u32>>,
    /// The tag, where it is released.
    pub tag: Option<ReleaseTag>,
    /// The version, where it is known.
    pub version: Option<ReleaseVersion>,
    /// What it is compared with.
    pub base: Base,
    /// Its day.
    pub date: Date,
    /// Its commits, as indices into [`Gathered::entries`], newest first.
    pub commits: Vec<usize>,
}

/// What was found in the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gathered {
    /// The commit up to which history was read.
    pub tip: CommitId,
    /// The commits, newest first.
    pub entries: Vec<Entry>,
    /// The releases, newest first. Of a span that is no list of releases: one, and one more for each package that has
    /// tags of its own.
    pub sections: Vec<Section>,
}

/// A series of releases that are compared with each other.
struct Series<'t> {
    package: Option<PackageId>,
    owners: Option<BTreeSet<u32>>,
    tags: &'t [ReleaseTag],
}

/// Reads the history of a project.
///
/// # Errors
///
/// A revision, version or pattern that means nothing; unreadable or incomplete history.
pub fn gather(
    scope: &Scope,
    span: &Span,
    to: &str,
    only: &[PackageId],
    today: Date,
) -> Result<Gathered, ChangesError> {
    let tags = scope.tags()?;
    let mut series = series(scope, &tags);
    if !only.is_empty() {
        series.retain(|one| one.is_about(scope, only));
    }
    let target = match span {
        Span::Version(text) => Some(target(scope, &series, text)?),
        _ => None,
    };
    if let Some(tag) = target.as_ref().and_then(|target| target.tag.as_ref()) {
        series.retain(|one| one.tags.iter().any(|own| own.name == tag.name));
    }
    let tip = match target.as_ref().and_then(|target| target.tag.as_ref()) {
        Some(tag) => tag.commit.clone(),
        None => resolve(scope, to)?,
    };
    let history = scope.repository.history()?;
    let bases = bases(scope, &history, &series, span, &tip, &tags, target.as_ref())?;
    let hidden = common(&history, &bases)?;
    let entries = entries(scope, &history, &tip, &hidden)?;
    let dag = Dag::new(entries.iter().map(|entry| (&entry.id, entry.parents.as_slice())));
    let by_owner = ByOwner::new(scope, &entries);
    let mut sections = Vec::new();
    let mut olds: Vec<(Vec<CommitId>, Vec<bool>)> = Vec::new();
    let (mut way, _) = history.way_to(&tip, &[])?;
    for (one, base) in series.into_iter().zip(bases) {
        let own = by_owner.of(&one);
        if *span == Span::All {
            let ends = ends(&history, &mut way, one.tags, &dag, &entries)?;
            sections.extend(releases(&one, &ends, &dag, &own, today));
            continue;
        }
        // Packages that came out together have the same history behind them.
        let place = match olds.iter().position(|(of, _)| *of == base.hidden) {
            Some(place) => place,
            None => {
                // What the walk left out already need not be looked for.
                let known = if base.hidden == hidden {
                    Vec::new()
                } else {
                    known(&history, &dag, &tip, &base.hidden)?
                };
                olds.push((base.hidden.clone(), dag.ancestors(known)));
                olds.len() - 1
            }
        };
        let is_old = |commit: &usize| {
            olds.get(place).and_then(|(_, old)| old.get(*commit)).copied().unwrap_or_default()
        };
        let out = picked(&history, &tip, &base)?;
        let is_out = |commit: &usize| {
            !out.is_empty() && entries.get(*commit).is_some_and(|entry| out.contains(entry.id.as_str()))
        };
        let commits =
            own.iter().copied().filter(|commit| !is_old(commit)).filter(|commit| !is_out(commit)).collect();
        let target = target.clone().unwrap_or_default();
        let date =
            target.tag.as_ref().and_then(|_| entries.first()).map_or(today, |entry| day(entry.time_seconds));
        sections.push(Section {
            package: one.package,
            owners: one.owners,
            tag: target.tag,
            version: target.version,
            base,
            date,
            commits,
        });
    }
    // The newest first; of one day the series in their order.
    sections
        .sort_by(|one, other| other.tag.is_none().cmp(&one.tag.is_none()).then(other.date.cmp(&one.date)));
    Ok(Gathered { tip, entries, sections })
}

/// What each series is compared with.
fn bases(
    scope: &Scope,
    history: &History,
    series: &[Series<'_>],
    span: &Span,
    tip: &CommitId,
    tags: &ReleaseTags,
    target: Option<&Target>,
) -> Result<Vec<Base>, ChangesError> {
    match span {
        Span::All | Span::Whole => {
            let whole =
                Base { tag: None, hidden: Vec::new(), side: false, why: "the whole history".to_owned() };
            Ok(vec![whole; series.len()])
        }
        Span::Since(revision) => Ok(vec![since(scope, tags, revision)?; series.len()]),
        Span::Unreleased | Span::Version(_) => {
            let version = target.and_then(|target| target.version.as_ref());
            let wanted = Wanted {
                below: version,
                candidates: version.is_some_and(|version| !version.is_final())
                    || matches!(scope.names, TagNames::Glob(_)),
                side_branches: scope.side_branches || version.is_some(),
            };
            let tags: Vec<&[ReleaseTag]> = series.iter().map(|one| one.tags).collect();
            Ok(base::bases(history, &tags, tip, &wanted)?)
        }
    }
}

/// The places of the commits of each package, so that a series needs not look at all of them.
struct ByOwner {
    owners: Vec<Vec<usize>>,
    others: Vec<usize>,
    all: usize,
}

impl ByOwner {
    fn new(scope: &Scope, entries: &[Entry]) -> Self {
        let mut found =
            Self { owners: vec![Vec::new(); scope.owners.len()], others: Vec::new(), all: entries.len() };
        for (place, entry) in entries.iter().enumerate() {
            for owner in &entry.owners {
                if let Some(places) = found.owners.get_mut(*owner as usize) {
                    places.push(place);
                }
            }
            if entry.others || entry.owners.is_empty() {
                found.others.push(place);
            }
        }
        found
    }

    /// The places of what a series holds, in order.
    fn of(&self, series: &Series<'_>) -> Vec<usize> {
        let Some(owners) = &series.owners else { return (0..self.all).collect() };
        let own = owners.iter().filter_map(|owner| self.owners.get(*owner as usize)).flatten();
        let others = if series.package.is_none() { self.others.as_slice() } else { &[] };
        let mut places: Vec<usize> = own.chain(others).copied().collect();
        places.sort_unstable();
        places.dedup();
        places
    }
}

impl Series<'_> {
    /// Whether one of the packages comes out in it.
    fn is_about(&self, scope: &Scope, packages: &[PackageId]) -> bool {
        let Some(owners) = &self.owners else { return true };
        let ids = owners.iter().filter_map(|owner| scope.owners.get(*owner as usize));
        ids.into_iter().any(|owner| packages.contains(&owner.id))
    }
}

/// The project's own series of releases, and one for each package that has tags of its own.
fn series<'t>(scope: &Scope, tags: &'t ReleaseTags) -> Vec<Series<'t>> {
    if tags.packages.is_empty() {
        return vec![Series { package: None, owners: None, tags: &tags.project }];
    }
    let number = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
    let mut own = Vec::new();
    let mut rest = BTreeSet::new();
    for (place, owner) in scope.owners.iter().enumerate() {
        match tags.packages.get(&owner.id) {
            Some(tags) => own.push(Series {
                package: Some(owner.id.clone()),
                owners: Some(BTreeSet::from([number(place)])),
                tags,
            }),
            None => {
                rest.insert(number(place));
            }
        }
    }
    let mut all = Vec::new();
    if !rest.is_empty() || !tags.project.is_empty() {
        all.push(Series { package: None, owners: Some(rest), tags: &tags.project });
    }
    all.extend(own);
    all
}

#[derive(Debug, Clone, Default)]
struct Target {
    tag: Option<ReleaseTag>,
    version: Option<ReleaseVersion>,
}

/// What a version or a tag means.
fn target(scope: &Scope, series: &[Series<'_>], text: &str) -> Result<Target, ChangesError> {
    let all = || series.iter().flat_map(|series| series.tags);
    if let Some(tag) = all().find(|tag| tag.name == text) {
        return Ok(Target { tag: Some(tag.clone()), version: tag.version.clone() });
    }
    let scheme = match &scope.names {
        TagNames::Train { scheme, .. } => *scheme,
        _ => Scheme::Pep440,
    };
    let parsed = ReleaseVersion::parse_public(scheme, text)
        .or_else(|error| ReleaseVersion::parse_public(Scheme::Semver, text).map_err(|_| error));
    let version = parsed
        .map_err(|error| ChangesError::NoVersion { text: text.to_owned(), reason: error.to_string() })?;
    let mut of_version: Vec<&ReleaseTag> =
        all().filter(|tag| tag.version.as_ref() == Some(&version)).collect();
    of_version.dedup_by(|one, other| one.commit == other.commit);
    if of_version.len() > 1 && series.len() > 1 {
        let names: Vec<&str> = of_version.iter().map(|tag| tag.name.as_str()).collect();
        let reason =
            format!("several packages have such a release, {}: name a tag, or a package", names.join(", "));
        return Err(ChangesError::NoVersion { text: text.to_owned(), reason });
    }
    Ok(Target { tag: of_version.first().copied().cloned(), version: Some(version) })
}

fn resolve(scope: &Scope, revision: &str) -> Result<CommitId, ChangesError> {
    if let Some(commit) = scope.repository.resolve(revision)? {
        return Ok(commit);
    }
    if revision == "HEAD" {
        return Err(ChangesError::Empty);
    }
    Err(ChangesError::NoRevision { revision: revision.to_owned() })
}

fn since(scope: &Scope, tags: &ReleaseTags, revision: &str) -> Result<Base, ChangesError> {
    let commit = resolve(scope, revision)?;
    let all = tags.project.iter().chain(tags.packages.values().flatten());
    let known = all.clone().find(|tag| tag.name == revision).cloned();
    let tag = known.unwrap_or_else(|| ReleaseTag {
        name: revision.to_owned(),
        commit: commit.clone(),
        version: None,
    });
    Ok(Base { tag: Some(tag), hidden: vec![commit], side: false, why: "it was asked for".to_owned() })
}

/// What no series wants.
fn common(history: &History, bases: &[Base]) -> Result<Vec<CommitId>, ChangesError> {
    let Some((first, rest)) = bases.split_first() else { return Ok(Vec::new()) };
    if rest.iter().all(|base| base.hidden == first.hidden) {
        return Ok(first.hidden.clone());
    }
    let mut commits = BTreeSet::new();
    for base in bases {
        match base.hidden.first() {
            Some(commit) => commits.insert(commit.clone()),
            // One series begins with the first commit.
            None => return Ok(Vec::new()),
        };
    }
    let commits: Vec<CommitId> = commits.into_iter().collect();
    Ok(history.merge_base_octopus(&commits)?)
}

/// The places of what was out before. What came out on a side branch is not part of the walk, but what it left from is.
fn known(
    history: &History,
    dag: &Dag<'_>,
    tip: &CommitId,
    hidden: &[CommitId],
) -> Result<Vec<u32>, ChangesError> {
    let mut places = Vec::new();
    for commit in hidden {
        match dag.find(commit) {
            Some(place) => places.push(place),
            None => {
                let forks = history.merge_bases(tip, std::slice::from_ref(commit))?;
                places.extend(forks.iter().filter_map(|fork| dag.find(fork)));
            }
        }
    }
    Ok(places)
}

/// Whose the paths of the repository are.
pub(super) fn paths(scope: &Scope) -> Result<PathMap, ChangesError> {
    let mut map = PathMap::new();
    for (place, owner) in scope.owners.iter().enumerate() {
        let number = u32::try_from(place).unwrap_or(u32::MAX);
        map.insert(&owner.directory, number).map_err(|error| ChangesError::File {
            path: owner.directory.clone(),
            line: None,
            reason: error.to_string(),
        })?;
    }
    Ok(map)
}

/// The commits of a range with their packages, and how each message is read.
fn entries(
    scope: &Scope,
    history: &History,
    tip: &CommitId,
    hidden: &[CommitId],
) -> Result<Vec<Entry>, ChangesError> {
    let map = paths(scope)?;
    let range = Range {
        tips: vec![tip.clone()],
        hidden: hidden.to_vec(),
        first_parent: scope.config.first_parent,
        limit: None,
    };
    let merges = if scope.config.first_parent { Merges::FirstParent } else { Merges::Nothing };
    let reads = scope.reads(SourceWord::Commits);
    let entry = |commit: Commit, touched: Touched| entry(scope, reads, commit, touched);
    let mut history = history.clone();
    // What came since a release is mostly little, and the cache of a large history is not: it would cost more than it saves.
    if hidden.is_empty() {
        history = history.with_cache(scope.repository.common_dir().join("tminus").join("history"));
    }
    Ok(history.read(&range, &map, merges, &entry)?)
}

fn entry(scope: &Scope, reads: bool, commit: Commit, touched: Touched) -> Entry {
    let author = Author { name: commit.author.name, email: Some(commit.author.email), login: None };
    let mut reading = read::commit(&commit.message, commit.id.as_str(), &author, &scope.rules);
    if !reads {
        // What it says of its pull request still counts.
        reading.changes.clear();
    }
    Entry {
        id: commit.id,
        subject: commit.subject,
        author,
        author_time_seconds: commit.author_time_seconds,
        time_seconds: commit.time_seconds,
        parents: commit.parents,
        owners: touched.owners,
        others: touched.others,
        reading,
    }
}

/// Every release of a series with its commits, and what is not released.
fn releases(
    series: &Series<'_>,
    ends: &[End<'_>],
    dag: &Dag<'_>,
    own: &[usize],
    today: Date,
) -> Vec<Section> {
    let places: Vec<u32> = ends.iter().map(|end| end.place).collect();
    let mut commits: BTreeMap<Option<u32>, Vec<usize>> = BTreeMap::new();
    let first = dag.first_release(&places);
    for place in own {
        commits.entry(first.get(*place).copied().flatten()).or_default().push(*place);
    }
    let section = |tag: Option<&ReleaseTag>, previous: Option<&ReleaseTag>, date, commits| Section {
        package: series.package.clone(),
        owners: series.owners.clone(),
        tag: tag.cloned(),
        version: tag.and_then(|tag| tag.version.clone()),
        base: Base {
            tag: previous.cloned(),
            hidden: previous.iter().map(|tag| tag.commit.clone()).collect(),
            side: false,
            why: "the release before it".to_owned(),
        },
        date,
        commits,
    };
    let mut sections = Vec::new();
    if let Some(commits) = commits.remove(&None) {
        sections.push(section(None, ends.last().map(|end| end.tag), today, commits));
    }
    for (number, end) in ends.iter().enumerate().rev() {
        let previous = number.checked_sub(1).and_then(|before| ends.get(before)).map(|end| end.tag);
        let of_release = commits.remove(&u32::try_from(number).ok()).unwrap_or_default();
        sections.push(section(Some(end.tag), previous, end.date, of_release));
    }
    sections
}

/// Where on the way a release ends.
struct End<'t> {
    tag: &'t ReleaseTag,
    place: u32,
    date: Date,
}

/// Where the final releases of a series end: at their commit, or where their branch left the way.
///
/// Candidates are part of the final release that follows; those that none follows are not released yet.
fn ends<'t>(
    history: &History,
    way: &mut Way,
    tags: &'t [ReleaseTag],
    dag: &Dag<'_>,
    entries: &[Entry],
) -> Result<Vec<End<'t>>, ChangesError> {
    let mut ends = Vec::new();
    for tag in tags.iter().filter(|tag| tag.is_final()) {
        if let Some(place) = dag.find(&tag.commit) {
            let date = entries.get(place as usize).map_or(Date::ZERO, |entry| day(entry.time_seconds));
            ends.push(End { tag, place, date });
            continue;
        }
        let fork = way.fork(&tag.commit)?;
        let Some(place) = fork.and_then(|fork| dag.find(&fork)) else { continue };
        let own = history.commits(&Range { limit: Some(1), ..Range::all(tag.commit.clone()) })?;
        let date = own.first().map_or(Date::ZERO, |commit| day(commit.time_seconds));
        ends.push(End { tag, place, date });
    }
    Ok(ends)
}

/// The day of a time, in UTC.
fn day(seconds: i64) -> Date {
    let time = jiff::Timestamp::from_second(seconds).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    time.to_zoned(jiff::tz::TimeZone::UTC).date()
}
