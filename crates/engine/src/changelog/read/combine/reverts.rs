//! Changes that were taken back before anybody got them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::super::super::{Reading, Reverts};
use super::super::{fold, suffix};
use super::units::{Sets, source, units};
use super::{Policy, Source};

/// Why a reading is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Out {
    /// It was taken back by this reading.
    Reverted(usize),
    /// It takes back this one, which is left out too.
    Reverts(usize),
}

/// The readings that cancel each other, by index.
///
/// A revert and what it takes back are left out together; what takes back the revert lets the first one stand. A revert
/// of something that is not among the readings was released before: it stays.
pub(super) fn cancel(readings: &[Reading], policy: &Policy) -> BTreeMap<usize, Out> {
    let sets = units(readings);
    let edges = edges(readings, &sets);
    let dead = dead(&edges, readings.len());
    let mut out = BTreeMap::new();
    for (at, _) in readings.iter().enumerate().filter(|(_, reading)| source(reading) != Source::File) {
        let unit = sets.of(at);
        if let Some(by) = dead.get(&unit) {
            out.insert(at, Out::Reverted(*by));
        } else if let Some((targets, true)) = edges.get(&unit)
            && let Some(target) = targets.iter().next()
        {
            out.insert(at, Out::Reverts(*target));
        }
    }
    without_members(readings, policy, &mut out);
    out
}

/// What each unit takes back, and whether all of it is among the readings.
fn edges(readings: &[Reading], sets: &Sets) -> BTreeMap<usize, (BTreeSet<usize>, bool)> {
    let find = Targets::new(readings);
    let mut edges: BTreeMap<usize, (BTreeSet<usize>, bool)> = BTreeMap::new();
    for (at, reading) in readings.iter().enumerate().filter(|(_, reading)| !reading.reverts.is_empty()) {
        let unit = sets.of(at);
        let mut targets = BTreeSet::new();
        let mut complete = true;
        for what in &reading.reverts {
            match find.of(what, at).map(|found| sets.of(found)).filter(|found| *found != unit) {
                Some(found) => {
                    targets.insert(found);
                }
                None => complete = false,
            }
        }
        // A squash commit and its pull request name the same thing twice, each in its own way: one that is found is
        // enough.
        let known = edges.entry(unit).or_default();
        known.1 |= complete && !targets.is_empty();
        known.0.extend(targets);
    }
    edges
}

/// The units that are taken back by one that stands, each with that one.
fn dead(edges: &BTreeMap<usize, (BTreeSet<usize>, bool)>, count: usize) -> BTreeMap<usize, usize> {
    let mut waiting = vec![0_usize; count];
    for target in edges.values().flat_map(|(targets, _)| targets) {
        if let Some(waiting) = waiting.get_mut(*target) {
            *waiting += 1;
        }
    }
    let free = |at: &usize| waiting.get(*at) == Some(&0);
    let mut queue: VecDeque<usize> = edges.keys().copied().filter(free).collect();
    let mut dead = BTreeMap::new();
    while let Some(unit) = queue.pop_front() {
        let Some((targets, _)) = edges.get(&unit) else { continue };
        for target in targets {
            if !dead.contains_key(&unit) {
                dead.entry(*target).or_insert(unit);
            }
            if let Some(waiting) = waiting.get_mut(*target) {
                *waiting -= 1;
                if *waiting == 0 {
                    queue.push_back(*target);
                }
            }
        }
    }
    dead
}

/// A pull request whose commits were all taken back is left out too.
fn without_members(readings: &[Reading], policy: &Policy, out: &mut BTreeMap<usize, Out>) {
    let of_commit: BTreeMap<&str, usize> = readings
        .iter()
        .enumerate()
        .filter(|(_, reading)| source(reading) == Source::Commit)
        .flat_map(|(at, reading)| reading.about.commits.iter().map(move |commit| (commit.as_str(), at)))
        .collect();
    for (number, members) in policy.members.iter().filter(|(_, members)| !members.is_empty()) {
        let gone: Option<Vec<Out>> =
            members.iter().map(|id| of_commit.get(id.as_str()).and_then(|at| out.get(at)).copied()).collect();
        let Some(why) = gone.and_then(|gone| gone.first().copied()) else { continue };
        let own = |(_, reading): &(usize, &Reading)| {
            reading.about.pull_request == Some(*number) && source(reading) != Source::File
        };
        for (at, _) in readings.iter().enumerate().filter(own) {
            out.entry(at).or_insert(why);
        }
    }
}

/// Where the targets of reverts are found.
struct Targets<'a> {
    commits: BTreeMap<&'a str, usize>,
    requests: BTreeMap<u64, usize>,
    subjects: BTreeMap<String, Vec<usize>>,
}

impl<'a> Targets<'a> {
    fn new(readings: &'a [Reading]) -> Self {
        let mut targets =
            Self { commits: BTreeMap::new(), requests: BTreeMap::new(), subjects: BTreeMap::new() };
        for (at, reading) in
            readings.iter().enumerate().filter(|(_, reading)| source(reading) != Source::File)
        {
            for commit in &reading.about.commits {
                targets.commits.entry(commit).or_insert(at);
            }
            reading.about.pull_request.map(|number| targets.requests.entry(number).or_insert(at));
            if !reading.about.subject.is_empty() {
                targets.subjects.entry(bare(&reading.about.subject)).or_default().push(at);
            }
        }
        targets
    }

    fn of(&self, what: &Reverts, from: usize) -> Option<usize> {
        match what {
            Reverts::Commit(id) => {
                let mut near =
                    self.commits.range(id.as_str()..).take_while(|(commit, _)| commit.starts_with(id));
                near.next().map(|(_, at)| *at)
            }
            Reverts::PullRequest(number) => self.requests.get(number).copied(),
            Reverts::Subject(subject) => {
                let known = self.subjects.get(&bare(subject))?;
                known.iter().copied().filter(|at| *at != from).min_by_key(|at| at.abs_diff(from))
            }
        }
    }
}

fn bare(subject: &str) -> String {
    fold::same(suffix::strip(subject).0)
}
