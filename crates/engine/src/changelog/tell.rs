//! From what was found to a document: every source read, put together, tied to packages.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::gather::{Entry, Gathered, Section};
use super::read::files::Files;
use super::read::{self, Combined, Explained, Overrides, Policy, Source, combine};
use super::scope::Scope;
use super::{
    Author, Change, Document, Kind, Level, Origin, PackageChanges, PullRequestFacts, Reading, Release,
    Warning,
};
use crate::config::SourceWord;
use tminus_manifests::PackageId;

/// What is known beside the commits.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// Pull requests, by number.
    pub pull_requests: BTreeMap<u64, PullRequestFacts>,
    /// Numbers of which the forge was asked and said nothing: issues, what is hidden or gone, what it refused.
    pub unknown: BTreeSet<u64>,
    /// What the change files say.
    pub files: Files,
    /// What the project says afterwards.
    pub overrides: Overrides,
    /// The page of the repository, without `/` at the end.
    pub repository_url: Option<String>,
    /// Whose first change each section holds; not known where it was not asked.
    pub newcomers: Vec<(Author, Option<u64>)>,
}

/// The document of a section, and how it came about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The document.
    pub document: Document,
    /// A line for each source.
    pub how: Vec<Explained>,
    /// What readers stumbled over.
    pub warnings: Vec<Warning>,
}

/// What a document lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Telling {
    /// Changes, as the sources together tell them.
    Changes,
    /// Pull requests, each as it is, whatever was taken back since: what forges and scripts list.
    PullRequests,
}

/// Tells of a section.
pub fn tell(scope: &Scope, gathered: &Gathered, section: &Section, facts: &Facts, telling: Telling) -> Told {
    // The oldest first: a change is told where it was made.
    let entries: Vec<&Entry> =
        section.commits.iter().rev().filter_map(|place| gathered.entries.get(*place)).collect();
    let mut pull_requests: BTreeMap<u64, PullRequestFacts> = BTreeMap::new();
    for entry in &entries {
        let Some(number) = entry.pull_request() else { continue };
        if telling == Telling::PullRequests && facts.unknown.contains(&number) {
            continue;
        }
        let known = facts.pull_requests.get(&number).cloned();
        let stand_in = || known.unwrap_or_else(|| entry.stand_in(number, facts.repository_url.as_deref()));
        pull_requests.entry(number).or_insert_with(stand_in);
    }
    let mut combined = match telling {
        Telling::Changes => combined(scope, section, &entries, facts),
        Telling::PullRequests => listed(&entries, &pull_requests),
    };
    let ties = Ties::new(scope, section, &entries);
    for change in &mut combined.changes {
        ties.tie(change);
    }
    let packages = packages(scope, section, &combined.changes);
    let elsewhere = combined.changes.iter().enumerate().filter(|(_, change)| change.packages.is_empty());
    let elsewhere = elsewhere.map(|(place, _)| place).collect();
    let document = Document {
        release: release(scope, section, facts),
        packages,
        elsewhere,
        changes: combined.changes,
        pull_requests: pull_requests.into_values().collect(),
        newcomers: facts.newcomers.clone(),
    };
    Told { document, how: combined.how, warnings: combined.warnings }
}

/// What all sources together say.
fn combined(scope: &Scope, section: &Section, entries: &[&Entry], facts: &Facts) -> Combined {
    let mut readings: Vec<Reading> = Vec::new();
    let mut asked = BTreeSet::new();
    for entry in entries {
        readings.push(entry.reading.clone());
        if let Some(number) = entry.pull_request().filter(|number| asked.insert(*number)) {
            readings.extend(
                facts.pull_requests.get(&number).map(|known| read::pull_request(known, &scope.rules)),
            );
        }
    }
    if section.tag.is_none() {
        readings.extend(
            facts.files.readings.iter().filter(|reading| of_section(reading, section, scope)).cloned(),
        );
    }
    let (readings, mut warnings) = facts.overrides.apply(readings);
    let mut combined = combine(readings, &Policy { sources: sources(scope), ..Policy::default() });
    warnings.append(&mut combined.warnings);
    combined.warnings = warnings;
    combined
}

/// One change for each pull request.
fn listed(entries: &[&Entry], pull_requests: &BTreeMap<u64, PullRequestFacts>) -> Combined {
    let mut all = Combined::default();
    let mut commits: BTreeMap<u64, Vec<String>> = BTreeMap::new();
    for entry in entries.iter().rev() {
        if let Some(number) = entry.pull_request() {
            commits.entry(number).or_default().push(entry.id.to_string());
        }
    }
    for (number, facts) in pull_requests {
        let commits = commits.remove(number).unwrap_or_default();
        let author = Author { name: String::new(), email: None, login: Some(facts.author.clone()) };
        all.changes.push(Change {
            kind: Kind::Unknown,
            level: Level::None,
            scope: None,
            text: facts.title.clone(),
            body: String::new(),
            breaking: None,
            packages: BTreeSet::new(),
            pull_request: Some(*number),
            commits,
            authors: vec![author],
            issues: Vec::new(),
            origin: Origin::PullRequest(*number),
        });
        all.how.push(Explained { origin: Origin::PullRequest(*number), text: "listed as it is".to_owned() });
    }
    all
}

impl Entry {
    /// The pull request that it came with, as its message says.
    pub fn pull_request(&self) -> Option<u64> {
        self.reading.about.pull_request
    }

    /// What a message says of a pull request that nobody was asked about.
    fn stand_in(&self, number: u64, repository_url: Option<&str>) -> PullRequestFacts {
        let suffix = format!("(#{number})");
        let title = self.subject.trim_end().strip_suffix(&suffix).unwrap_or(&self.subject).trim_end();
        PullRequestFacts {
            number,
            title: title.to_owned(),
            url: repository_url.map_or_else(|| format!("#{number}"), |url| format!("{url}/pull/{number}")),
            merge_commit: Some(self.id.to_string()),
            merged_at_seconds: Some(self.time_seconds),
            ..PullRequestFacts::default()
        }
    }
}

fn sources(scope: &Scope) -> Vec<Source> {
    let source = |word: &SourceWord| match word {
        SourceWord::Files => Source::File,
        SourceWord::ReleaseNotes => Source::ReleaseNote,
        SourceWord::PullRequests => Source::PullRequest,
        SourceWord::Commits => Source::Commit,
    };
    scope.sources.iter().map(source).collect()
}

fn of_section(reading: &Reading, section: &Section, scope: &Scope) -> bool {
    let Some(owners) = &section.owners else { return true };
    let named: BTreeSet<_> = reading.changes.iter().flat_map(|change| &change.packages).collect();
    if named.is_empty() {
        return section.package.is_none();
    }
    owners.iter().filter_map(|owner| scope.owners.get(*owner as usize)).any(|owner| named.contains(&owner.id))
}

/// What ties changes of a section to packages.
struct Ties<'a> {
    scope: &'a Scope,
    by_commit: HashMap<&'a str, &'a Entry>,
    by_pull_request: HashMap<u64, Vec<&'a Entry>>,
    /// The packages that the section is about, where it is not about all.
    here: Option<BTreeSet<&'a PackageId>>,
}

impl<'a> Ties<'a> {
    fn new(scope: &'a Scope, section: &Section, entries: &[&'a Entry]) -> Self {
        let mut by_pull_request: HashMap<u64, Vec<&Entry>> = HashMap::new();
        for entry in entries {
            if let Some(number) = entry.pull_request() {
                by_pull_request.entry(number).or_default().push(entry);
            }
        }
        let here = section.owners.as_ref().map(|owners| {
            let owners = owners.iter().filter_map(|owner| scope.owners.get(*owner as usize));
            owners.map(|owner| &owner.id).collect()
        });
        let by_commit = entries.iter().map(|entry| (entry.id.as_str(), *entry)).collect();
        Self { scope, by_commit, by_pull_request, here }
    }

    /// Ties a change to the packages whose paths its commits changed, unless it names packages itself.
    fn tie(&self, change: &mut Change) {
        if change.packages.is_empty() {
            let commits = change.commits.iter().filter_map(|commit| self.by_commit.get(commit.as_str()));
            let same = change.pull_request.and_then(|number| self.by_pull_request.get(&number));
            let owners = commits.chain(same.into_iter().flatten()).flat_map(|entry| &entry.owners);
            let ids = owners
                .filter_map(|owner| self.scope.owners.get(*owner as usize))
                .map(|owner| owner.id.clone());
            change.packages = ids.collect();
        }
        if let Some(here) = &self.here {
            change.packages.retain(|id| here.contains(id));
        }
    }
}

fn packages(scope: &Scope, section: &Section, changes: &[Change]) -> Vec<PackageChanges> {
    let mut by_package: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (place, change) in changes.iter().enumerate() {
        for id in &change.packages {
            by_package.entry(id.clone()).or_default().push(place);
        }
    }
    let version = |id: &PackageId| match (&section.tag, &section.version) {
        // Of an old release the files of today say nothing.
        (Some(_), version) => version.as_ref().map(ToString::to_string),
        (None, _) => {
            scope.owners.iter().find(|owner| owner.id == *id).and_then(|owner| owner.version.clone())
        }
    };
    by_package
        .into_iter()
        .map(|(id, changes)| PackageChanges { version: version(&id), id, changes })
        .collect()
}

fn release(scope: &Scope, section: &Section, facts: &Facts) -> Release {
    let tag = section.tag.as_ref().map(|tag| tag.name.clone());
    let previous_tag = section.base.tag.as_ref().map(|tag| tag.name.clone());
    // A text is written before its tag is made, and read after that.
    let ahead = section.version.as_ref().zip(section.base.tag.as_ref());
    let ahead = ahead.and_then(|(version, before)| {
        let start = before.name.strip_suffix(&scope.spelt(before.version.as_ref()?))?;
        Some(format!("{start}{}", scope.spelt(version)))
    });
    let end = tag.clone().or(ahead);
    let compare_url = match (&facts.repository_url, &end, &previous_tag) {
        (Some(url), Some(tag), Some(previous)) => Some(format!("{url}/compare/{previous}...{tag}")),
        (Some(url), None, Some(previous)) => Some(format!("{url}/compare/{previous}...HEAD")),
        (Some(url), Some(tag), None) => Some(format!("{url}/commits/{tag}")),
        _ => None,
    };
    Release {
        package: section.package.as_ref().map(|package| package.name().to_owned()),
        version: section.version.as_ref().map(|version| scope.spelt(version)),
        tag,
        previous_tag,
        date: section.date,
        compare_url,
        repository_url: facts.repository_url.clone(),
    }
}
