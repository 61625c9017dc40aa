//! Commits painted by what they can be reached from, as in git: newest first, until only commits below a common one are left,
//! whatever their dates are.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet};

use super::History;
use super::nodes::Nodes;
use crate::names::{CommitId, ObjectId};
use crate::repository::{RepositoryError, commit_object, gix_id, likely_remote};

/// Reachable from the one commit.
pub(super) const ONE: u32 = 1;
/// Reachable from one of the others.
pub(super) const OTHERS: u32 = 2;
/// Below a common commit that was found.
const STALE: u32 = 4;
/// A common commit that was found.
const RESULT: u32 = 8;

/// Commits as they are needed, with the paint of the last walk.
pub(super) struct Commits {
    pub(super) repository: gix::Repository,
    pub(super) nodes: Nodes,
    /// Those with paint on them.
    painted: Vec<u32>,
}

/// Where a walk may end before everything is sure.
#[derive(Clone, Copy, Default)]
struct Bounds {
    /// Commits of a lower level do not matter.
    floor: u32,
    /// Nothing else matters once the one was reached from another.
    reached: bool,
}

impl Commits {
    pub(super) fn open(history: &History) -> Result<Self, RepositoryError> {
        let mut repository = history.shared.to_thread_local();
        // No commit is read twice.
        repository.objects.unset_object_cache();
        let nodes = Nodes::new(&repository)?;
        Ok(Self { repository, nodes, painted: Vec::new() })
    }

    /// Their numbers, after a look whether the commits are there and whole.
    pub(super) fn present(
        &mut self,
        one: &CommitId,
        others: &[CommitId],
    ) -> Result<(u32, Vec<u32>), RepositoryError> {
        let mut numbers = Vec::with_capacity(others.len());
        for id in others.iter().chain([one]) {
            commit_object(&self.repository, id)?;
            numbers.push(self.nodes.find(&self.repository, &gix_id(&id.into()))?);
        }
        let one = numbers.pop().unwrap_or_default();
        Ok((one, numbers))
    }

    pub(super) fn names(&self, numbers: &[u32]) -> Vec<CommitId> {
        numbers.iter().filter_map(|number| self.nodes.id(*number)).map(CommitId::from_gix).collect()
    }

    pub(super) fn flags(&self, number: u32) -> u32 {
        self.nodes.marks(number)
    }

    pub(super) fn bases(&mut self, one: u32, others: &[u32]) -> Result<Vec<u32>, RepositoryError> {
        if others.contains(&one) {
            return Ok(vec![one]);
        }
        let met = self.paint(one, others, Bounds::default())?;
        self.complete(|flags| flags & (ONE | OTHERS) != ONE | OTHERS)?;
        let found: Vec<_> = met.into_iter().filter(|number| self.flags(*number) & STALE == 0).collect();
        let found = self.newest_first(found);
        if found.len() < 2 {
            return Ok(found);
        }
        let found = self.independent(&found)?;
        Ok(self.newest_first(found))
    }

    /// Of equally old commits the one that came first stays first.
    fn newest_first(&self, mut numbers: Vec<u32>) -> Vec<u32> {
        numbers.sort_by_key(|number| Reverse(self.nodes.time(*number)));
        numbers
    }

    pub(super) fn independent(&mut self, numbers: &[u32]) -> Result<Vec<u32>, RepositoryError> {
        let mut seen = HashSet::new();
        let all: Vec<_> = numbers.iter().copied().filter(|number| seen.insert(*number)).collect();
        let floor = all.iter().map(|number| self.nodes.floor(*number)).min().unwrap_or_default();
        let mut redundant = HashSet::new();
        for one in &all {
            let others: Vec<_> =
                all.iter().copied().filter(|number| number != one && !redundant.contains(number)).collect();
            if redundant.contains(one) || others.is_empty() {
                continue;
            }
            self.paint(*one, &others, Bounds { floor, reached: false })?;
            if self.flags(*one) & OTHERS != 0 {
                redundant.insert(*one);
            } else {
                self.complete(|flags| flags & (ONE | OTHERS) != ONE | OTHERS)?;
            }
            redundant.extend(others.into_iter().filter(|number| self.flags(*number) & ONE != 0));
        }
        Ok(all.into_iter().filter(|number| !redundant.contains(number)).collect())
    }

    /// An error if a shallow clone left out the parents of a painted commit with such flags.
    pub(super) fn complete(&self, matters: impl Fn(u32) -> bool) -> Result<(), RepositoryError> {
        let cut = self.painted.iter().filter(|number| self.nodes.is_cut(**number));
        let mut cut = cut.filter(|number| matters(self.flags(**number)));
        let Some(id) = cut.next().and_then(|number| self.nodes.id(*number)) else { return Ok(()) };
        Err(self.missing_history(ObjectId::from_gix(id)))
    }

    pub(super) fn missing_history(&self, id: ObjectId) -> RepositoryError {
        RepositoryError::MissingHistory { id, remote: likely_remote(&self.repository) }
    }

    /// Paints no more than is needed to say whether the others lead to the one.
    pub(super) fn paint_until(&mut self, one: u32, others: &[u32]) -> Result<(), RepositoryError> {
        let bounds = Bounds { floor: self.nodes.floor(one), reached: true };
        self.paint(one, others, bounds).map(drop)
    }

    /// Walks from all commits at once until nothing is left that is not below a common commit. Gives the common commits in
    /// the order in which they were met.
    fn paint(&mut self, one: u32, others: &[u32], bounds: Bounds) -> Result<Vec<u32>, RepositoryError> {
        for number in self.painted.drain(..) {
            self.nodes.clear(number);
        }
        let mut queue = Queue::default();
        let mut results = Vec::new();
        self.reach(one, ONE, &mut queue);
        for other in others {
            self.reach(*other, OTHERS, &mut queue);
        }
        while queue.fresh > 0 && !(bounds.reached && self.flags(one) & OTHERS != 0) {
            let Some((_, _, number)) = queue.heap.pop() else { break };
            self.nodes.set_queued(number, false);
            let flags = self.flags(number);
            queue.fresh -= usize::from(flags & STALE == 0);
            let mut spread = flags & (ONE | OTHERS | STALE);
            if spread == ONE | OTHERS {
                if flags & RESULT == 0 {
                    self.nodes.mark(number, RESULT);
                    results.push(number);
                }
                spread |= STALE;
            }
            for at in 0..self.nodes.load_parents(&self.repository, number)? {
                let parent = self.nodes.parent(&self.repository, number, at)?;
                if self.nodes.level(parent) >= bounds.floor {
                    self.reach(parent, spread, &mut queue);
                }
            }
        }
        Ok(results)
    }

    fn reach(&mut self, number: u32, spread: u32, queue: &mut Queue) {
        let old = self.flags(number);
        if old & spread == spread {
            return;
        }
        if old == 0 {
            self.painted.push(number);
        }
        self.nodes.mark(number, spread);
        if !self.nodes.is_queued(number) {
            self.nodes.set_queued(number, true);
            queue.order += 1;
            queue.heap.push((self.nodes.time(number), Reverse(queue.order), number));
            queue.fresh += usize::from((old | spread) & STALE == 0);
        } else if old & STALE == 0 && spread & STALE != 0 {
            queue.fresh -= 1;
        }
    }
}

/// Commits whose turn has not come: the newest goes first, of equally new ones the one that came first.
#[derive(Default)]
struct Queue {
    heap: BinaryHeap<(u64, Reverse<u64>, u32)>,
    order: u64,
    /// How many of them are not stale.
    fresh: usize,
}
