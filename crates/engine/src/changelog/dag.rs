//! The commits of a range as a graph, and which release each of them came out with.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use tminus_vcs::CommitId;

/// A graph of commits, in the order in which they were given.
///
/// Parents that are not part of it are left out.
#[derive(Debug, Default)]
pub(crate) struct Dag<'a> {
    /// The parents of all commits, one behind the other.
    parents: Vec<u32>,
    /// Where the parents of each commit end.
    ends: Vec<u32>,
    index: HashMap<&'a CommitId, u32>,
    ranks: OnceCell<Vec<u32>>,
}

impl<'a> Dag<'a> {
    /// A graph of commits with their parents.
    pub(crate) fn new(commits: impl Iterator<Item = (&'a CommitId, &'a [CommitId])> + Clone) -> Self {
        let index: HashMap<&CommitId, u32> =
            commits.clone().enumerate().map(|(position, (id, _))| (id, number(position))).collect();
        let (mut parents, mut ends) = (Vec::with_capacity(index.len()), Vec::with_capacity(index.len()));
        for (_, of_one) in commits {
            parents.extend(of_one.iter().filter_map(|id| index.get(id).copied()));
            ends.push(number(parents.len()));
        }
        Self { parents, ends, index, ranks: OnceCell::new() }
    }

    /// The place of a commit.
    pub(crate) fn find(&self, id: &CommitId) -> Option<u32> {
        self.index.get(id).copied()
    }

    /// How many commits there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    fn parents(&self, commit: u32) -> &[u32] {
        let end = |commit: usize| self.ends.get(commit).map(|end| *end as usize);
        let start = (commit as usize).checked_sub(1).map_or(Some(0), end);
        start
            .zip(end(commit as usize))
            .and_then(|(start, end)| self.parents.get(start..end))
            .unwrap_or_default()
    }

    /// All commits, each behind its parents.
    pub(crate) fn oldest_first(&self) -> Vec<u32> {
        let mut order = Vec::with_capacity(self.len());
        let mut seen = vec![false; self.len()];
        // Each commit is looked at twice: on the way down, and when all of its parents are in the list.
        let mut stack: Vec<(u32, bool)> = Vec::new();
        for start in (0..self.len()).rev() {
            stack.push((u32::try_from(start).unwrap_or(u32::MAX), false));
            while let Some((commit, ready)) = stack.pop() {
                if ready {
                    order.push(commit);
                    continue;
                }
                let Some(seen) = seen.get_mut(commit as usize).filter(|seen| !**seen) else { continue };
                *seen = true;
                stack.push((commit, true));
                stack.extend(self.parents(commit).iter().rev().map(|parent| (*parent, false)));
            }
        }
        order
    }

    /// The place of each commit among all, each behind its parents.
    fn ranks(&self) -> &[u32] {
        self.ranks.get_or_init(|| {
            let mut ranks = vec![u32::MAX; self.len()];
            for (position, commit) in self.oldest_first().into_iter().enumerate() {
                if let Some(rank) = ranks.get_mut(commit as usize) {
                    *rank = number(position);
                }
            }
            ranks
        })
    }

    /// For each commit the release that it came out with first: the index of one of the `ends`, or `None` for what came
    /// out with none of them.
    ///
    /// An end that is an ancestor of another takes what leads to it; of two that are not, the one that is given first
    /// takes what both have.
    pub(crate) fn first_release(&self, ends: &[u32]) -> Vec<Option<u32>> {
        let mut release_at: HashMap<u32, u32> = HashMap::new();
        for (release, commit) in ends.iter().enumerate() {
            release_at.entry(*commit).or_insert(number(release));
        }
        let rank = self.ranks();
        let mut release_of = vec![None; self.len()];
        for end in ends {
            // What leads to this end and came out with none yet; the ends among it, which may be given later, go first.
            let mut seen = HashSet::new();
            let mut before: Vec<u32> = Vec::new();
            self.visit(*end, |commit| {
                let free = release_of.get(commit as usize).is_some_and(Option::is_none);
                let new = free && seen.insert(commit);
                if new && release_at.contains_key(&commit) {
                    before.push(commit);
                }
                new
            });
            before.sort_by_key(|commit| rank.get(*commit as usize).copied());
            for end in before {
                let release = release_at.get(&end).copied();
                self.visit(end, |commit| match release_of.get_mut(commit as usize) {
                    Some(slot @ None) => {
                        *slot = release;
                        true
                    }
                    _ => false,
                });
            }
        }
        release_of
    }

    /// Walks from a commit to its ancestors, past those that `enter` wants.
    fn visit(&self, from: u32, mut enter: impl FnMut(u32) -> bool) {
        let mut stack = vec![from];
        while let Some(commit) = stack.pop() {
            if enter(commit) {
                stack.extend_from_slice(self.parents(commit));
            }
        }
    }

    /// Which commits descend from one of these, themselves included; `of` has a place for each commit.
    pub(crate) fn descendants(&self, mut of: Vec<bool>) -> Vec<bool> {
        for commit in self.oldest_first() {
            let holds = |parent: &u32| of.get(*parent as usize).copied().unwrap_or_default();
            if self.parents(commit).iter().any(holds)
                && let Some(slot) = of.get_mut(commit as usize)
            {
                *slot = true;
            }
        }
        of
    }

    /// Which commits lead to one of these, themselves included.
    pub(crate) fn ancestors(&self, of: impl IntoIterator<Item = u32>) -> Vec<bool> {
        let mut reached = vec![false; self.len()];
        for from in of {
            self.visit(from, |commit| match reached.get_mut(commit as usize) {
                Some(slot @ false) => {
                    *slot = true;
                    true
                }
                _ => false,
            });
        }
        reached
    }
}

fn number(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use tminus_vcs::CommitId;

    use super::Dag;

    /// Each commit's parents have smaller numbers in `parents`; the list is given newest first.
    struct Commits(Vec<(CommitId, Vec<CommitId>)>);

    impl Commits {
        fn new(parents: &[Vec<usize>]) -> Self {
            let id = |number: usize| format!("{:040x}", number + 1).parse::<CommitId>().unwrap();
            let one = |(number, parents): (usize, &Vec<usize>)| {
                (id(number), parents.iter().map(|parent| id(*parent)).collect())
            };
            Self(parents.iter().enumerate().rev().map(one).collect())
        }

        fn dag(&self) -> (Dag<'_>, Vec<u32>) {
            let dag = Dag::new(self.0.iter().map(|(id, parents)| (id, parents.as_slice())));
            let places = self.0.iter().rev().map(|(id, _)| dag.find(id).unwrap()).collect();
            (dag, places)
        }
    }

    #[test]
    fn of_two_branches_the_release_that_is_given_first_takes_what_both_have() {
        // 0 leads to both 1 and 2.
        let commits = Commits::new(&[vec![], vec![0], vec![0]]);
        let (dag, at) = commits.dag();
        for (ends, of_both) in [([at[1], at[2]], 0), ([at[2], at[1]], 0)] {
            assert_eq!(dag.first_release(&ends)[at[0] as usize], Some(of_both));
        }
    }

    #[test]
    fn a_patch_release_keeps_what_it_had_first() {
        // 0 - 1 - 2 - 4 main, 3 on a branch from 1.
        let commits = Commits::new(&[vec![], vec![0], vec![1], vec![1], vec![2, 3]]);
        let (dag, at) = commits.dag();
        let releases = dag.first_release(&[at[4], at[3], at[0]]);
        let of = |commit: usize| releases[at[commit] as usize];
        assert_eq!([of(0), of(1), of(2), of(3), of(4)], [Some(2), Some(1), Some(0), Some(1), Some(0)]);
    }

    proptest! {
        #[test]
        fn every_commit_comes_out_with_the_first_release_that_holds_it(
            shape in prop::collection::vec(prop::collection::vec(0_usize..1000, 0..3), 1..40),
            ends in prop::collection::vec(0_usize..1000, 0..6),
        ) {
            let parents: Vec<Vec<usize>> = shape.iter().enumerate()
                .map(|(number, raw)| if number == 0 { vec![] } else { raw.iter().map(|r| r % number).collect() })
                .collect();
            let commits = Commits::new(&parents);
            let (dag, at) = commits.dag();
            let ends: Vec<u32> = ends.iter().map(|end| at[end % parents.len()]).collect();
            let releases = dag.first_release(&ends);
            let order = dag.oldest_first();
            if let Some(end) = ends.first() {
                let flags = (0..parents.len()).map(|place| place == *end as usize).collect();
                let below = dag.descendants(flags);
                for (place, below) in below.iter().enumerate() {
                    let leads = dag.ancestors([u32::try_from(place).unwrap()])[*end as usize];
                    prop_assert_eq!(*below, leads);
                }
            }
            prop_assert_eq!(order.len(), parents.len());
            for (place, release) in releases.iter().enumerate() {
                let place = u32::try_from(place).unwrap();
                let holders: Vec<u32> = ends.iter().copied()
                    .filter(|end| dag.ancestors([*end])[place as usize]).collect();
                match release {
                    None => prop_assert!(holders.is_empty()),
                    Some(release) => {
                        let end = ends[*release as usize];
                        prop_assert!(holders.contains(&end));
                        // No other release that holds it leads to the one it is counted to.
                        let before = dag.ancestors([end]);
                        prop_assert!(!holders.iter().any(|other| *other != end && before[*other as usize]));
                    }
                }
            }
        }
    }
}
