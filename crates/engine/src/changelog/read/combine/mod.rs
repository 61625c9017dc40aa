//! Several sources put together, so that one change is told once.

use std::collections::BTreeMap;

use serde::Serialize;

use super::super::{Change, Kind, Level, Origin, Reading, Warning};
use super::{authors, fold, issues};
use reverts::Out;
pub(super) use units::units;

mod reverts;
#[cfg(test)]
mod tests;
mod units;

/// A sort of source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// An override; it wins over all.
    Override,
    /// A change file.
    File,
    /// A release note of a pull request.
    ReleaseNote,
    /// The title and the labels of a pull request.
    PullRequest,
    /// The message of a commit.
    Commit,
}

/// How sources are put together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// The sources that tell, the one that wins first. Others only add commits and people. Overrides always count.
    pub sources: Vec<Source>,
    /// The commits of pull requests, full ids, where more is known than messages say.
    pub members: BTreeMap<u64, Vec<String>>,
    /// Whether a change file that names neither belongs to the pull request or the commits of its issue.
    pub by_issue: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            sources: vec![Source::File, Source::ReleaseNote, Source::PullRequest, Source::Commit],
            members: BTreeMap::new(),
            by_issue: true,
        }
    }
}

/// Why something is told or not, for `tminus explain`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explained {
    /// What it is about.
    pub origin: Origin,
    /// Why, in one line.
    pub text: String,
}

/// What all sources together say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Combined {
    /// The changes, in the order in which the first source of each came.
    pub changes: Vec<Change>,
    /// Everything that readers stumbled over.
    pub warnings: Vec<Warning>,
    /// A line for each source.
    pub how: Vec<Explained>,
}

/// Puts readings together.
///
/// Sources of one change are known by commit, by the number of the pull request, and by what `policy` adds. The first
/// of its sources tells; the level is the highest that any of them asks, and people, commits and issues are united. A
/// pull request that is plain words does not win over commits that say their kind. The further commits of a squash list stay
/// changes of their own beside a title. What was taken back again is not told.
///
/// ```
/// use tminus_engine::changelog::read::{self, Policy, Rules, combine};
/// use tminus_engine::changelog::{Author, PullRequestFacts};
///
/// let rules = Rules::default();
/// let author = Author { name: "Ada".into(), email: None, login: None };
/// let commit = read::commit("fix: typo in parser (#12)", "1f0c", &author, &rules);
/// let body = "```release-note\nEmpty files are read.\n```".into();
/// let facts = PullRequestFacts { number: 12, title: "fix: typo".into(), body, ..PullRequestFacts::default() };
/// let all = combine(vec![commit, read::pull_request(&facts, &rules)], &Policy::default());
/// assert_eq!(all.changes.len(), 1);
/// assert_eq!((all.changes[0].text.as_str(), all.changes[0].commits.len()), ("Empty files are read.", 1));
/// ```
pub fn combine(readings: Vec<Reading>, policy: &Policy) -> Combined {
    let out = reverts::cancel(&readings, policy);
    let mut all = Combined::default();
    let mut standing = Vec::new();
    let names: Vec<String> = readings.iter().map(name).collect();
    for (at, mut reading) in readings.into_iter().enumerate() {
        all.warnings.append(&mut reading.warnings);
        match out.get(&at) {
            Some(why) => all.how.push(Explained { text: why_out(*why, &names), origin: origin(&reading) }),
            None => standing.push(reading),
        }
    }
    let units = units(&standing);
    for group in units::groups(&standing, policy).all() {
        let mut seen: Vec<usize> = group.iter().map(|at| units.of(*at)).collect();
        seen.sort_unstable();
        seen.dedup();
        let members: Vec<&Reading> = group.iter().filter_map(|at| standing.get(*at)).collect();
        // Change files are units of their own.
        let files = members.iter().filter(|reading| units::source(reading) == Source::File).count();
        tell(&members, policy, seen.len() - files.min(seen.len()) <= 1, &mut all);
    }
    all
}

fn why_out(why: Out, names: &[String]) -> String {
    let name = |at: usize| names.get(at).cloned().unwrap_or_default();
    match why {
        Out::Reverted(by) => format!("not told: {} took it back before a release had it", name(by)),
        Out::Reverts(what) => format!("not told: it takes back {}, which no release had", name(what)),
    }
}

/// The place of a reading among the sources, the one that wins first.
pub(super) fn rank(reading: &Reading) -> Source {
    units::source(reading)
}

/// What a reading is about, in the words of a person.
fn name(reading: &Reading) -> String {
    match (reading.about.pull_request, reading.about.commits.first()) {
        (Some(number), _) => format!("#{number}"),
        (None, Some(id)) => id.chars().take(12).collect(),
        (None, None) => fold::quote(&reading.about.subject),
    }
}

fn origin(reading: &Reading) -> Origin {
    let own = reading.changes.first().map(|change| change.origin.clone()).or_else(|| reading.silent.clone());
    let about = &reading.about;
    own.or_else(|| about.commits.first().cloned().map(Origin::Commit))
        .or_else(|| about.pull_request.map(Origin::PullRequest))
        .unwrap_or_else(|| Origin::Commit(String::new()))
}

/// Tells one group of readings.
fn tell(group: &[&Reading], policy: &Policy, one_unit: bool, all: &mut Combined) {
    let silence = silence(group);
    let mut tellers: Vec<Change> = Vec::new();
    let mut absorbed: Vec<&Change> = Vec::new();
    let mut silenced: Vec<&Change> = Vec::new();
    let winner = winner(group, policy, silence, one_unit);
    let telling = group
        .iter()
        .any(|reading| units::source(reading) == winner_or(winner) && !reading.changes.is_empty());
    for reading in group {
        let source = units::source(reading);
        let mut told = false;
        for (at, change) in reading.changes.iter().enumerate() {
            let speaks = source == Source::Override
                || (!is_silenced(source, silence) && speaks(group, reading, at, source, winner, policy));
            let again = speaks && tellers.iter().any(|known| same(known, change));
            if speaks && !again {
                tellers.push(change.clone());
                told = true;
            } else if is_silenced(source, silence) {
                silenced.push(change);
            } else {
                absorbed.push(change);
            }
        }
        let text = match (told, silence) {
            (true, _) => reading.how.clone(),
            (false, _) if reading.changes.is_empty() => format!("nothing to tell: {}", reading.how),
            (false, Some(source)) if is_silenced(units::source(reading), Some(source)) => {
                format!("not told: another source of the same says that nobody is told ({})", reading.how)
            }
            (false, _) if telling => format!("told by another source of the same ({})", reading.how),
            (false, _) => {
                format!("not told: this sort of source is not one of those that tell ({})", reading.how)
            }
        };
        all.how.push(Explained { origin: origin(reading), text });
    }
    absorb(&mut tellers, &absorbed, policy);
    // What nobody is to be told of asks nothing of the version either.
    for change in silenced {
        for teller in &mut tellers {
            unite(teller, change);
        }
    }
    all.changes.append(&mut tellers);
}

fn winner_or(winner: Option<Source>) -> Source {
    winner.unwrap_or(Source::Override)
}

/// The source that says that nobody is told, the highest of several.
fn silence(group: &[&Reading]) -> Option<Source> {
    let alone = |reading: &&&Reading| {
        // One commit of a pull request speaks for itself only; the one that is the pull request speaks for all.
        reading.silent.is_some()
            && (units::source(reading) != Source::Commit
                || reading.about.pull_request.is_some()
                || group.len() == 1)
    };
    group.iter().filter(alone).map(|reading| units::source(reading)).min()
}

/// Silence covers everything but what was written for it: notes and files, unless it stands above them.
fn is_silenced(source: Source, silence: Option<Source>) -> bool {
    match silence {
        None => false,
        Some(Source::Commit) => source >= Source::PullRequest,
        Some(silence) => source >= silence,
    }
}

/// The source that tells.
fn winner(group: &[&Reading], policy: &Policy, silence: Option<Source>, one_unit: bool) -> Option<Source> {
    let has = |source: Source| {
        group.iter().any(|reading| units::source(reading) == source && !reading.changes.is_empty())
            && !is_silenced(source, silence)
    };
    if one_unit && has(Source::Override) {
        return Some(Source::Override);
    }
    let first = policy.sources.iter().copied().find(|source| has(*source))?;
    let plain = first == Source::PullRequest
        && policy.sources.contains(&Source::Commit)
        && has(Source::Commit)
        && of(group, first).all(|change| change.kind == Kind::Unknown && change.breaking.is_none())
        && of(group, Source::Commit).any(says_more);
    Some(if plain { Source::Commit } else { first })
}

fn of<'a>(group: &'a [&Reading], source: Source) -> impl Iterator<Item = &'a Change> {
    group.iter().filter(move |reading| units::source(reading) == source).flat_map(|reading| &reading.changes)
}

fn says_more(change: &Change) -> bool {
    change.kind != Kind::Unknown && change.level > Level::None
}

/// Whether a change is told by itself.
fn speaks(
    group: &[&Reading],
    reading: &Reading,
    at: usize,
    source: Source,
    winner: Option<Source>,
    policy: &Policy,
) -> bool {
    if Some(source) == winner {
        // The plain words of a merge or squash commit are another name for the commits in it.
        let whole = source == Source::Commit && at == 0 && reading.about.pull_request.is_some();
        let plain = reading.changes.first().is_some_and(|change| change.kind == Kind::Unknown);
        let others = || of(group, Source::Commit).any(says_more);
        return !(whole && plain && others());
    }
    let listed = source == Source::Commit && at > 0 && policy.sources.contains(&Source::Commit);
    listed && winner == Some(Source::PullRequest)
}

fn same(a: &Change, b: &Change) -> bool {
    // Several files and notes say what they say, and one of several packages stays with its package.
    let written = |change: &Change| matches!(change.origin, Origin::File(_));
    !written(a) && fold::same(&a.text) == fold::same(&b.text) && (a.kind == b.kind || a.kind == Kind::Unknown)
}

/// Gives the changes that tell what the others know.
pub(super) fn absorb(tellers: &mut [Change], absorbed: &[&Change], policy: &Policy) {
    for change in absorbed {
        for teller in tellers.iter_mut() {
            unite(teller, change);
        }
        let counts =
            policy.sources.contains(&source_of(change)) || matches!(change.origin, Origin::Override(_));
        let fixed = tellers.iter().any(|teller| matches!(teller.origin, Origin::Override(_)));
        if counts && !fixed {
            raise(tellers, change);
        }
    }
}

fn source_of(change: &Change) -> Source {
    match change.origin {
        Origin::Override(_) => Source::Override,
        Origin::File(_) => Source::File,
        Origin::ReleaseNote(_) => Source::ReleaseNote,
        Origin::PullRequest(_) => Source::PullRequest,
        Origin::Commit(_) => Source::Commit,
    }
}

fn unite(teller: &mut Change, change: &Change) {
    if teller.text.is_empty() {
        teller.text.clone_from(&change.text);
    }
    if teller.kind == Kind::Unknown {
        teller.kind = change.kind.clone();
    }
    if !matches!(teller.origin, Origin::File(_)) {
        teller.scope = teller.scope.take().or_else(|| change.scope.clone());
    }
    if teller.packages.is_empty() {
        teller.packages.clone_from(&change.packages);
    }
    let one = teller.pull_request.is_some() && teller.pull_request == change.pull_request;
    teller.pull_request = teller.pull_request.or(change.pull_request);
    if one {
        authors::unite_first(&mut teller.authors, &change.authors);
    }
    // A commit that tells by itself does not become the others of its pull request.
    if !matches!(teller.origin, Origin::Commit(_)) {
        for commit in &change.commits {
            let known = |own: &String| {
                own == commit || (own.len() < commit.len() && commit.starts_with(own.as_str()))
            };
            match teller.commits.iter_mut().find(|own| known(own)) {
                Some(own) => own.clone_from(commit),
                None => teller.commits.push(commit.clone()),
            }
        }
    }
    // Who opened a pull request is not thereby an author of each commit in it.
    if one || !matches!(teller.origin, Origin::Commit(_)) {
        authors::unite(&mut teller.authors, change.authors.iter().cloned());
    }
    issues::unite(&mut teller.issues, change.issues.iter().cloned());
}

/// Raises the highest of the changes to the level of one that it stands for.
fn raise(tellers: &mut [Change], change: &Change) {
    let Some(highest) = tellers.iter_mut().rev().max_by_key(|teller| teller.level) else { return };
    if highest.level < change.level {
        highest.level = change.level;
    }
    if change.breaking.is_some()
        && highest.breaking.is_none()
        && tellers.iter().all(|teller| teller.breaking.is_none())
        && let Some(highest) = tellers.iter_mut().rev().max_by_key(|teller| teller.level)
    {
        highest.breaking.clone_from(&change.breaking);
    }
}
