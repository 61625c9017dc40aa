//! The order of commits: a light walk that reads no more of a commit than its parents, its tree and its date.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use gix::ObjectId;
use gix::commitgraph::Graph;
use gix::hashtable::HashMap;
use gix::hashtable::hash_map::Entry;

use super::Range;
use super::hidden::Colors;
use super::objects::{Objects, head, public, unreadable};
use crate::repository::{RepositoryError, gix_id};

/// The level of a commit of which no level is known.
pub(super) const UNKNOWN_LEVEL: u32 = u32::MAX;

/// What is known of a commit.
pub(super) struct Facts {
    pub(super) tree: ObjectId,
    pub(super) parents: Box<[ObjectId]>,
    /// The date of the committer.
    pub(super) time: u64,
    /// More than the level of each of its parents, where a commit-graph file tells.
    pub(super) level: u32,
    /// Whether a shallow clone leaves out its parents.
    pub(super) cut: bool,
    /// Whether it is, or leads to, a commit that hides its history.
    pub(super) hidden: bool,
    pub(super) seen: bool,
}

/// A commit at its place in the order.
pub(super) struct Step {
    pub(super) id: ObjectId,
    pub(super) tree: ObjectId,
    /// The tree of its first parent, where that was asked for.
    pub(super) before: Option<ObjectId>,
    pub(super) merge: bool,
    /// Its content, where that was asked for and had to be read anyway; else empty.
    pub(super) content: Vec<u8>,
}

/// What a walk gives beside the order.
#[derive(Clone, Copy)]
pub(super) struct Wanted {
    /// The trees of parents.
    pub(super) trees: bool,
    /// The contents of commits.
    pub(super) contents: bool,
    /// Whether a walk ends where a shallow clone ends, and is no error.
    pub(super) as_far_as_it_goes: bool,
}

/// One walk.
pub(super) struct Walk {
    reader: Reader,
    known: HashMap<ObjectId, Facts>,
    wanted: Wanted,
    contents: HashMap<ObjectId, Vec<u8>>,
}

struct Reader {
    objects: Objects,
    graph: Option<Graph>,
    buffer: Vec<u8>,
}

impl Walk {
    pub(super) fn new(objects: Objects, wanted: Wanted) -> Self {
        let graph = objects.commit_graph();
        let reader = Reader { objects, graph, buffer: Vec::new() };
        Self { reader, known: HashMap::default(), wanted, contents: HashMap::default() }
    }

    /// What is known of a commit, read if need be.
    pub(super) fn facts(&mut self, id: ObjectId) -> Result<&mut Facts, RepositoryError> {
        match self.known.entry(id) {
            Entry::Occupied(entry) => Ok(entry.into_mut()),
            Entry::Vacant(entry) => {
                let (facts, fresh) = self.reader.facts(id)?;
                if fresh && self.wanted.contents {
                    self.contents.insert(id, self.reader.buffer.clone());
                }
                Ok(entry.insert(facts))
            }
        }
    }

    pub(super) fn known(&self) -> &HashMap<ObjectId, Facts> {
        &self.known
    }

    /// Gives the commits of a range in the order of `git log`.
    pub(super) fn run(
        mut self,
        range: &Range,
        give: &mut dyn FnMut(Step) -> Result<(), RepositoryError>,
    ) -> Result<(), RepositoryError> {
        let tips: Vec<_> = range.tips.iter().map(|id| gix_id(&id.into())).collect();
        let hidden: Vec<_> = range.hidden.iter().map(|id| gix_id(&id.into())).collect();
        let colors = Colors::paint(&mut self, &tips, &hidden, range.first_parent)?;
        // What was read to find what is hidden is read again where it is listed: that is little.
        self.contents.clear();
        let limit = range.limit.unwrap_or(usize::MAX);
        let mut queue = BinaryHeap::new();
        let mut order = 0_u64;
        let mut listed = 0;
        let mut next = tips;
        let mut oldest = u64::MAX;
        while listed < limit {
            for id in next.drain(..) {
                let facts = self.facts(id)?;
                if !facts.seen && !facts.hidden {
                    facts.seen = true;
                    // The newest goes first, of equally new ones the one found first.
                    order += 1;
                    queue.push((facts.time, Reverse(order), id));
                }
            }
            let Some((time, _, id)) = queue.pop() else { break };
            oldest = oldest.min(time);
            listed += 1;
            let goes_on = listed < limit;
            let step = self.step(id, range.first_parent, goes_on, &mut next)?;
            give(step)?;
        }
        if !self.wanted.as_far_as_it_goes && listed > 0 {
            colors.check_cuts(&self, oldest)?;
        }
        Ok(())
    }

    fn step(
        &mut self,
        id: ObjectId,
        first_parent: bool,
        goes_on: bool,
        next: &mut Vec<ObjectId>,
    ) -> Result<Step, RepositoryError> {
        let needs_parents = goes_on || self.wanted.trees;
        let wanted = self.wanted;
        let content = self.contents.remove(&id).unwrap_or_default();
        let facts = self.facts(id)?;
        let (tree, merge, cut) = (facts.tree, facts.parents.len() > 1, facts.cut);
        let first = facts.parents.first().copied();
        if goes_on {
            next.extend(facts.parents.iter().take(if first_parent { 1 } else { usize::MAX }));
        }
        if cut && needs_parents && !wanted.as_far_as_it_goes {
            return Err(self.cut_at(id));
        }
        let before = match first.filter(|_| wanted.trees) {
            Some(parent) => Some(self.facts(parent)?.tree),
            None => None,
        };
        Ok(Step { id, tree, before, merge, content })
    }

    pub(super) fn cut_at(&self, id: ObjectId) -> RepositoryError {
        RepositoryError::CutHistory { id: public(id), remote: self.reader.objects.remote() }
    }

    pub(super) fn is_shallow(&self) -> bool {
        self.reader.objects.rules().is_shallow()
    }
}

impl Reader {
    /// The facts, and whether the content of the commit is now in the buffer.
    fn facts(&mut self, id: ObjectId) -> Result<(Facts, bool), RepositoryError> {
        if let Some(facts) = self.graph.as_ref().and_then(|graph| from_graph(graph, id)) {
            return Ok((facts, false));
        }
        let content = self.objects.commit(id, &mut self.buffer)?;
        let head = head(content, id.kind())
            .ok_or_else(|| unreadable("commit", id, "its first lines are damaged".into()))?;
        let rules = self.objects.rules();
        let cut = rules.is_cut(&id) && !head.parents.is_empty();
        let parents = if cut { Box::default() } else { head.parents };
        let facts = Facts {
            tree: head.tree,
            parents,
            time: head.time,
            level: UNKNOWN_LEVEL,
            cut,
            hidden: false,
            seen: false,
        };
        Ok((facts, true))
    }
}

/// What the commit-graph file says; nothing if it is damaged there.
fn from_graph(graph: &Graph, id: ObjectId) -> Option<Facts> {
    let commit = graph.commit_by_id(id)?;
    let mut parents = Vec::with_capacity(1);
    for position in commit.iter_parents() {
        let position = position.ok()?;
        parents.push(graph.id_at(position).to_owned());
    }
    // Zero means that git did not compute it, the largest that it did not fit.
    let level = match commit.generation() {
        0 | 0x3fff_ffff.. => UNKNOWN_LEVEL,
        level => level,
    };
    Some(Facts {
        tree: commit.root_tree_id().to_owned(),
        parents: parents.into(),
        time: commit.committer_timestamp(),
        level,
        cut: false,
        hidden: false,
        seen: false,
    })
}
