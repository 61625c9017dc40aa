//! The walk from a commit to its tags.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::names::Names;
use crate::history::nodes::Nodes;
use crate::repository::RepositoryError;

/// A commit that was met.
const SEEN: u32 = 1;

/// A tag that could be the answer.
struct Candidate {
    name: u32,
    depth: u64,
    /// The mark of the commits that the tag has.
    within: u32,
}

/// Everything one walk needs.
pub(super) struct Walk<'a> {
    pub(super) repository: &'a gix::Repository,
    pub(super) nodes: &'a mut Nodes,
    pub(super) names: &'a Names,
    pub(super) light: bool,
    pub(super) first_parent: bool,
    pub(super) candidates: usize,
}

/// The commits whose turn has not come: the newest goes first, of equally new ones the one that came first.
#[derive(Default)]
struct Queue {
    heap: BinaryHeap<(u64, Reverse<u64>, u32)>,
    order: u64,
}

impl Queue {
    fn push(&mut self, time: u64, node: u32) {
        self.heap.push((time, Reverse(self.order), node));
        self.order += 1;
    }

    fn pop(&mut self) -> Option<u32> {
        self.heap.pop().map(|(_, _, node)| node)
    }
}

impl Walk<'_> {
    /// The number of the best tag and its distance. The marks of the walk are taken off again, also where it fails.
    pub(super) fn run(mut self, start: u32) -> Result<Option<(u32, u64)>, RepositoryError> {
        let mut touched = vec![start];
        let found = self.search(start, &mut touched);
        for node in touched {
            self.nodes.clear(node);
        }
        found
    }

    fn search(&mut self, start: u32, touched: &mut Vec<u32>) -> Result<Option<(u32, u64)>, RepositoryError> {
        let mut queue = Queue::default();
        let mut found: Vec<Candidate> = Vec::with_capacity(self.candidates);
        let (mut visited, mut annotated) = (0_u64, false);
        self.nodes.mark(start, SEEN);
        queue.push(self.nodes.time(start), start);
        while let Some(node) = queue.pop() {
            visited += 1;
            let tag = self.nodes.id(node).and_then(|id| self.names.number_of(id));
            let tag = tag.filter(|(_, annotated)| self.light || *annotated);
            if let Some((name, is_annotated)) = tag {
                if found.len() == self.candidates {
                    queue.push(self.nodes.time(node), node);
                    break;
                }
                let within = 1 << (found.len() + 1);
                found.push(Candidate { name, depth: visited - 1, within });
                self.nodes.mark(node, within);
                annotated |= is_annotated;
            }
            let marks = self.nodes.marks(node);
            for candidate in &mut found {
                if marks & candidate.within == 0 {
                    candidate.depth += 1;
                }
            }
            if annotated && queue.heap.is_empty() && is_covered(&found, marks) {
                break;
            }
            for at in 0..self.nodes.load_parents(self.repository, node)? {
                let parent = self.nodes.parent(self.repository, node, at)?;
                if self.nodes.marks(parent) & SEEN == 0 {
                    queue.push(self.nodes.time(parent), parent);
                    touched.push(parent);
                }
                self.nodes.mark(parent, marks);
                if self.first_parent {
                    break;
                }
            }
        }
        // Of equally near ones the first that was found: `min_by_key` gives the first.
        let Some(mut best) = found.into_iter().min_by_key(|candidate| candidate.depth) else {
            return Ok(None);
        };
        self.finish(&mut best, queue, touched)?;
        Ok(Some((best.name, best.depth)))
    }

    /// Counts on until all that is left is in the tag.
    fn finish(
        &mut self,
        best: &mut Candidate,
        mut queue: Queue,
        touched: &mut Vec<u32>,
    ) -> Result<(), RepositoryError> {
        for (_, _, node) in &queue.heap {
            self.nodes.set_queued(*node, true);
        }
        let mut outside =
            queue.heap.iter().filter(|(_, _, node)| self.nodes.marks(*node) & best.within == 0).count();
        while let Some(node) = queue.pop() {
            self.nodes.set_queued(node, false);
            let marks = self.nodes.marks(node);
            if marks & best.within == 0 {
                outside -= 1;
                best.depth += 1;
            } else if outside == 0 {
                break;
            }
            for at in 0..self.nodes.load_parents(self.repository, node)? {
                let parent = self.nodes.parent(self.repository, node, at)?;
                let before = self.nodes.marks(parent);
                if before & SEEN == 0 {
                    queue.push(self.nodes.time(parent), parent);
                    touched.push(parent);
                    self.nodes.set_queued(parent, true);
                    outside += usize::from(marks & best.within == 0);
                } else if self.nodes.is_queued(parent)
                    && before & best.within == 0
                    && marks & best.within != 0
                {
                    outside -= 1;
                }
                self.nodes.mark(parent, marks);
            }
        }
        Ok(())
    }
}

/// Whether the last commit that is left is in all of the nearest tags: nothing can change any more.
fn is_covered(found: &[Candidate], marks: u32) -> bool {
    let nearest = found.iter().map(|candidate| candidate.depth).min();
    let within = found
        .iter()
        .filter(|candidate| Some(candidate.depth) == nearest)
        .fold(0, |within, candidate| within | candidate.within);
    marks & within == within
}
