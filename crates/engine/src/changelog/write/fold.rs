//! Documents of candidates made into that of the final release.

use std::collections::{BTreeMap, BTreeSet};

use tminus_manifests::PackageId;

use super::inert::one_line;
use crate::changelog::{Author, Change, Document, Kind, Origin, PackageChanges, PullRequestFacts, Release};

/// The document of a final release from those of its candidates, oldest first.
///
/// - The sources of a change are pull requests, commits, files and overrides. Where several documents tell of one
///   source, the newest counts, whole: a title that was mended is mended.
/// - Two changes with a commit in common, or with the same kind, scope, text and packages where at most one of them has a
///   pull request, are one.
/// - A change that is taken back by a later one goes, together with that one; a change that is taken back twice stays.
/// - Pull requests of which no change is left go too. Newcomers stay, each once.
///
/// ```
/// use tminus_engine::changelog::write::{examples, fold};
///
/// let candidate = examples::document();
/// let fold = fold(&[candidate.clone(), candidate.clone()], candidate.release.clone());
/// assert_eq!(fold, candidate);
/// ```
pub fn fold(documents: &[Document], release: Release) -> Document {
    let mut newest: BTreeMap<Source, usize> = BTreeMap::new();
    for (at, document) in documents.iter().enumerate() {
        newest.extend(document.changes.iter().map(|change| (Source::of(change), at)));
    }
    let mut changes: Vec<Change> = Vec::new();
    for (at, document) in documents.iter().enumerate() {
        // A source keeps the place where it was first told of; its words are the newest.
        let fresh: BTreeSet<Source> = document.changes.iter().map(Source::of).collect();
        let first = |source: &Source| {
            !documents.iter().take(at).flat_map(|d| &d.changes).any(|c| Source::of(c) == *source)
        };
        let mut placed: BTreeSet<Source> = BTreeSet::new();
        for change in &document.changes {
            let source = Source::of(change);
            if fresh.contains(&source) && first(&source) && placed.insert(source.clone()) {
                let words = newest.get(&source).and_then(|at| documents.get(*at));
                let told = words
                    .into_iter()
                    .flat_map(|document| &document.changes)
                    .filter(|c| Source::of(c) == source);
                changes.extend(told.cloned());
            }
        }
    }
    let changes = without_reverted(without_twins(changes));
    gathered(documents, changes, release)
}

/// What `document` has that the documents of earlier candidates do not have.
///
/// ```
/// use tminus_engine::changelog::write::{examples, since};
///
/// let document = examples::document();
/// let mut earlier = document.clone();
/// earlier.changes.truncate(1);
/// let new = since(&document, &[earlier]);
/// assert_eq!(new.changes, document.changes[1..]);
/// assert_eq!(new.pull_requests, document.pull_requests[1..]);
/// ```
pub fn since(document: &Document, earlier: &[Document]) -> Document {
    let old: Vec<&Change> = earlier.iter().flat_map(|document| &document.changes).collect();
    let sources: BTreeSet<Source> = old.iter().map(|change| Source::of(change)).collect();
    let is_old = |change: &Change| {
        sources.contains(&Source::of(change)) || old.iter().any(|other| is_twin(other, change))
    };
    let changes = document.changes.iter().filter(|change| !is_old(change)).cloned().collect();
    let mut new = gathered(std::slice::from_ref(document), changes, document.release.clone());
    let known: BTreeSet<u64> =
        earlier.iter().flat_map(|document| &document.pull_requests).map(|facts| facts.number).collect();
    let shown: BTreeSet<u64> = new.changes.iter().filter_map(|change| change.pull_request).collect();
    new.pull_requests.retain(|facts| shown.contains(&facts.number) || !known.contains(&facts.number));
    let before: Vec<&Author> =
        earlier.iter().flat_map(|document| &document.newcomers).map(|(author, _)| author).collect();
    new.newcomers.retain(|(author, _)| !before.iter().any(|other| is_person(other, author)));
    new
}

/// What a change was read from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Source {
    PullRequest(u64),
    Commit(String),
    File(String),
    Override(String),
}

impl Source {
    fn of(change: &Change) -> Self {
        match &change.origin {
            Origin::PullRequest(number) | Origin::ReleaseNote(number) => Self::PullRequest(*number),
            Origin::Commit(id) => Self::Commit(id.clone()),
            Origin::File(path) => Self::File(path.clone()),
            Origin::Override(name) => Self::Override(name.clone()),
        }
    }
}

fn without_twins(changes: Vec<Change>) -> Vec<Change> {
    let mut kept: Vec<Change> = Vec::new();
    for change in changes {
        match kept.iter_mut().find(|other| is_twin(other, &change)) {
            None => kept.push(change),
            Some(twin) => {
                // The one that knows its pull request says more.
                twin.pull_request = twin.pull_request.or(change.pull_request);
                twin.packages.extend(change.packages);
                let new: Vec<String> =
                    change.commits.into_iter().filter(|id| !twin.commits.contains(id)).collect();
                twin.commits.extend(new);
            }
        }
    }
    kept
}

fn is_twin(one: &Change, other: &Change) -> bool {
    let words =
        |change: &Change| (change.kind.clone(), change.scope.clone(), one_line(&change.text).to_lowercase());
    if words(one) != words(other) {
        return false;
    }
    let shared = one.commits.iter().any(|id| other.commits.contains(id));
    let same_request = match (one.pull_request, other.pull_request) {
        (Some(one), Some(other)) => one == other,
        _ => one.packages == other.packages,
    };
    shared || same_request
}

/// Without the changes that later ones take back, and without those.
fn without_reverted(changes: Vec<Change>) -> Vec<Change> {
    let mut gone: BTreeSet<usize> = BTreeSet::new();
    for (at, revert) in changes.iter().enumerate().rev() {
        if gone.contains(&at) || !is_revert(revert) {
            continue;
        }
        let earlier = changes.iter().enumerate().take(at).rev();
        let target =
            earlier.filter(|(other, _)| !gone.contains(other)).find(|(_, change)| takes_back(revert, change));
        if let Some((other, _)) = target {
            gone.extend([at, other]);
        }
    }
    changes.into_iter().enumerate().filter(|(at, _)| !gone.contains(at)).map(|(_, change)| change).collect()
}

fn is_revert(change: &Change) -> bool {
    change.kind == Kind::Reverted || quoted(&change.text).is_some()
}

/// Whether a change that takes something back means this one: it names a commit or the pull request, or has its words.
fn takes_back(revert: &Change, change: &Change) -> bool {
    let told = format!("{}\n{}", revert.text, revert.body);
    let words = told.split(|c: char| !c.is_ascii_alphanumeric());
    let ids = words.filter(|word| word.len() >= 7 && word.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let lower: Vec<String> = ids.map(str::to_ascii_lowercase).collect();
    let named = |id: &String| lower.iter().any(|word| id.to_ascii_lowercase().starts_with(word.as_str()));
    // What it names by id is what it means, whatever its words are.
    if change.commits.iter().any(named) {
        return true;
    }
    let number = change.pull_request.filter(|number| Some(*number) != revert.pull_request);
    let by_number = number.is_some_and(|number| numbers(revert).contains(&number));
    let plain = |text: &str| one_line(text).to_lowercase();
    let own = plain(&change.text);
    let quoted = quoted(&revert.text).map(|inner| plain(without_prefix(inner)));
    let same_words =
        !own.is_empty() && quoted.map_or_else(|| plain(&revert.text) == own, |inner| inner == own);
    by_number || same_words
}

/// The pull requests that it says it takes back: `Reverts owner/name#12`, `Revert "a title (#12)"`. Others that its text
/// speaks of are none of them.
fn numbers(revert: &Change) -> Vec<u64> {
    let number =
        |word: &str| word.rsplit_once('#')?.1.trim_end_matches(|c: char| !c.is_ascii_digit()).parse().ok();
    let words: Vec<&str> = revert.body.split_whitespace().collect();
    let is_verb = |word: &str| ["revert", "reverts"].iter().any(|verb| word.eq_ignore_ascii_case(verb));
    let pairs = words.iter().zip(words.iter().skip(1)).filter(|(verb, _)| is_verb(verb));
    let quoted = quoted(&revert.text).and_then(|title| title.rsplit_once(' ')).map(|(_, last)| last);
    pairs.map(|(_, word)| *word).chain(quoted).filter_map(number).collect()
}

/// What stands in `Revert "…"`.
fn quoted(text: &str) -> Option<&str> {
    let (word, rest) = text.trim().split_once(' ')?;
    let rest = rest.trim().strip_prefix('"')?;
    let end = rest.rfind('"')?;
    (word.eq_ignore_ascii_case("revert")).then(|| rest.get(..end))?
}

/// `a crash` of `fix(core): a crash (#12)`, as the text of a change has neither kind nor number.
fn without_prefix(title: &str) -> &str {
    let title = title.rfind(" (#").and_then(|at| title.get(..at)).unwrap_or(title);
    let Some((start, rest)) = title.split_once(": ") else { return title };
    let plain =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '(' | ')' | '!' | '-' | '_' | '/' | ',' | '.');
    if !start.is_empty() && start.chars().all(plain) { rest } else { title }
}

fn is_person(one: &Author, other: &Author) -> bool {
    match (&one.login, &other.login) {
        (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
        _ => match (&one.email, &other.email) {
            (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
            _ => !one.name.is_empty() && one.name == other.name,
        },
    }
}

/// A document of these changes, with what the documents know beside them.
fn gathered(documents: &[Document], changes: Vec<Change>, release: Release) -> Document {
    let mut versions: BTreeMap<&PackageId, Option<String>> = BTreeMap::new();
    let mut facts: BTreeMap<u64, &PullRequestFacts> = BTreeMap::new();
    let mut newcomers: Vec<(Author, Option<u64>)> = Vec::new();
    for document in documents {
        for package in &document.packages {
            let known = versions.entry(&package.id).or_default();
            *known = package.version.clone().or_else(|| known.take());
        }
        facts.extend(document.pull_requests.iter().map(|facts| (facts.number, facts)));
        for newcomer in &document.newcomers {
            if !newcomers.iter().any(|(author, _)| is_person(author, &newcomer.0)) {
                newcomers.push(newcomer.clone());
            }
        }
    }
    let told: BTreeSet<u64> =
        documents.iter().flat_map(|d| &d.changes).filter_map(|change| change.pull_request).collect();
    let left: BTreeSet<u64> = changes.iter().filter_map(|change| change.pull_request).collect();
    // One that no change was read from, such as a note that says there is none, is not lost either.
    let kept =
        facts.into_values().filter(|facts| left.contains(&facts.number) || !told.contains(&facts.number));
    let mut packages: BTreeMap<&PackageId, Vec<usize>> = BTreeMap::new();
    let mut elsewhere = Vec::new();
    for (at, change) in changes.iter().enumerate() {
        for id in &change.packages {
            packages.entry(id).or_default().push(at);
        }
        if change.packages.is_empty() {
            elsewhere.push(at);
        }
    }
    let packages = packages.into_iter().map(|(id, changes)| PackageChanges {
        id: id.clone(),
        version: versions.get(id).cloned().flatten(),
        changes,
    });
    let packages = packages.collect();
    let pull_requests = kept.cloned().collect();
    Document { release, changes, packages, elsewhere, pull_requests, newcomers }
}
