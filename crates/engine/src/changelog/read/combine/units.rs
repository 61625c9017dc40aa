//! Which sources are about the same change.

use std::collections::BTreeMap;

use super::super::super::{Origin, Reading};
use super::super::issues;
use super::{Policy, Source};

/// Sets of readings, joined one by one.
pub(in super::super) struct Sets(Vec<usize>);

impl Sets {
    pub(super) fn new(count: usize) -> Self {
        Self((0..count).collect())
    }

    /// The first member of the set of a reading.
    pub(in super::super) fn of(&self, mut at: usize) -> usize {
        while let Some(&parent) = self.0.get(at) {
            if parent == at {
                break;
            }
            at = parent;
        }
        at
    }

    fn join(&mut self, a: usize, b: usize) {
        let (from, to) = (self.of(a), self.of(b));
        let low = from.min(to);
        // Every reading on the way points to the first one, so that ways stay short.
        for start in [a, b] {
            let mut at = start;
            while at != low {
                let Some(parent) = self.0.get_mut(at) else { break };
                let next = *parent;
                *parent = low;
                if next == at {
                    break;
                }
                at = next;
            }
        }
    }

    /// The sets in the order of their first members, each with its members in order.
    pub(super) fn all(&self) -> Vec<Vec<usize>> {
        let mut sets: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for at in 0..self.0.len() {
            sets.entry(self.of(at)).or_default().push(at);
        }
        sets.into_values().collect()
    }
}

/// Whose reading it is. A reading without changes and without a word is one of its commit or pull request.
pub(super) fn source(reading: &Reading) -> Source {
    let origin = reading.changes.first().map(|change| &change.origin).or(reading.silent.as_ref());
    match origin {
        Some(Origin::Override(_)) => Source::Override,
        Some(Origin::File(_)) => Source::File,
        Some(Origin::ReleaseNote(_)) => Source::ReleaseNote,
        Some(Origin::PullRequest(_)) => Source::PullRequest,
        Some(Origin::Commit(_)) | None => Source::Commit,
    }
}

/// What the sources themselves say to be one: a squash or merge commit and its pull request.
pub(in super::super) fn units(readings: &[Reading]) -> Sets {
    let mut sets = Sets::new(readings.len());
    let mut requests: BTreeMap<u64, usize> = BTreeMap::new();
    let mut commits: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, reading) in readings.iter().enumerate().filter(|(_, reading)| source(reading) != Source::File) {
        if let Some(number) = reading.about.pull_request {
            sets.join(at, *requests.entry(number).or_insert(at));
        }
        for commit in &reading.about.commits {
            sets.join(at, *commits.entry(commit).or_insert(at));
        }
    }
    sets
}

/// What is one by everything that is known: also the commits of a pull request, and the change files of both.
pub(super) fn groups(readings: &[Reading], policy: &Policy) -> Sets {
    let mut sets = units(readings);
    let mut commits: BTreeMap<&str, usize> = BTreeMap::new();
    let mut requests: BTreeMap<u64, usize> = BTreeMap::new();
    let mut closers: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (at, reading) in readings.iter().enumerate().filter(|(_, reading)| source(reading) != Source::File) {
        reading.about.pull_request.map(|number| requests.entry(number).or_insert(at));
        for commit in &reading.about.commits {
            commits.entry(commit).or_insert(at);
        }
        for issue in reading.changes.iter().flat_map(|change| &change.issues).filter(|issue| issue.closes) {
            if let Some(number) = issues::own_number(&issue.reference) {
                closers.entry(number).or_default().push(at);
            }
        }
    }
    for (number, members) in &policy.members {
        let Some(&request) = requests.get(number) else { continue };
        for member in members.iter().filter_map(|id| commits.get(id.as_str())) {
            sets.join(request, *member);
        }
    }
    for (at, reading) in readings.iter().enumerate().filter(|(_, reading)| source(reading) == Source::File) {
        for other in beside(reading, policy, &commits, &requests, &closers) {
            sets.join(at, other);
        }
    }
    sets
}

/// The readings that a change file belongs to: by the pull request or the commit that it names, else by its issues.
fn beside(
    reading: &Reading,
    policy: &Policy,
    commits: &BTreeMap<&str, usize>,
    requests: &BTreeMap<u64, usize>,
    closers: &BTreeMap<u64, Vec<usize>>,
) -> Vec<usize> {
    let changes = || reading.changes.iter();
    let numbers =
        reading.about.pull_request.into_iter().chain(changes().filter_map(|change| change.pull_request));
    let mut found: Vec<usize> = numbers.filter_map(|number| requests.get(&number).copied()).collect();
    for id in reading.about.commits.iter().chain(changes().flat_map(|change| &change.commits)) {
        // The author of a file may have written the beginning of an id.
        let mut near = commits.range(id.as_str()..).take_while(|(commit, _)| commit.starts_with(id.as_str()));
        if let (Some((_, at)), None) = (near.next(), near.next()) {
            found.push(*at);
        }
    }
    if found.is_empty() && policy.by_issue {
        let issues = changes().flat_map(|change| &change.issues);
        for number in issues.filter_map(|issue| issues::own_number(&issue.reference)) {
            match requests.get(&number) {
                Some(at) => found.push(*at),
                None => found.extend(closers.get(&number).into_iter().flatten()),
            }
        }
    }
    found
}
