//! Which of many commits lead to one, and where others left the way to it: one walk for all questions.

use std::collections::BinaryHeap;

use gix::hashtable::HashMap;
use gix::hashtable::HashSet;

use super::History;
use super::nodes::Nodes;
use crate::names::CommitId;
use crate::repository::{RepositoryError, gix_id, likely_remote, reading};

/// A commit that leads to the tip.
const REACHED: u32 = 1;

/// The commits that lead to a tip, as far as they had to be read.
pub struct Way {
    history: History,
    repository: gix::Repository,
    nodes: Nodes,
    tip: CommitId,
    /// Whether every commit that leads to the tip was read, and no shallow clone ends before the first.
    is_whole: bool,
}

impl History {
    /// For each list the place of the first of its commits that leads to `tip`, and the way there. The walk ends as soon
    /// as every list is answered.
    ///
    /// Commits that have not been fetched lead nowhere.
    ///
    /// # Errors
    ///
    /// - [`RepositoryError::MissingObject`]: the tip, or a commit that leads to it, has not been fetched
    /// - [`RepositoryError::MissingHistory`]: a shallow clone ends before an answer is sure
    ///
    /// ```
    /// # use tminus_vcs::{CommitId, History, RepositoryError};
    /// # fn demo(history: &History, tip: &CommitId, release: &CommitId) -> Result<(), RepositoryError> {
    /// let (_, found) = history.way_to(tip, &[vec![tip.clone(), release.clone()], vec![]])?;
    /// assert_eq!(found, [Some(0), None]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn way_to(
        &self,
        tip: &CommitId,
        wanted: &[Vec<CommitId>],
    ) -> Result<(Way, Vec<Option<usize>>), RepositoryError> {
        let mut repository = self.local();
        // No commit is read twice: a cache of objects would only copy them.
        repository.object_cache_size(None);
        let nodes = Nodes::new(&repository)?;
        let mut way = Way { history: self.clone(), repository, nodes, tip: tip.clone(), is_whole: false };
        let mut search = Search::new(wanted);
        let is_shallow = way.repository.is_shallow().map_err(reading("read", "the shallow file"))?;
        way.walk(&mut search)?;
        if way.is_whole && is_shallow {
            way.is_whole = false;
            if let Some(id) = search.unsure(wanted) {
                let remote = likely_remote(&way.repository);
                return Err(RepositoryError::MissingHistory { id: id.into(), remote });
            }
        }
        Ok((way, search.found))
    }
}

impl Way {
    fn walk(&mut self, search: &mut Search) -> Result<(), RepositoryError> {
        if search.open == 0 {
            return Ok(());
        }
        let start = self.nodes.find(&self.repository, &gix_id(&(&self.tip).into()))?;
        self.nodes.mark(start, REACHED);
        // The newest first: what is looked for is mostly not far.
        let mut queue = BinaryHeap::from([(self.nodes.time(start), start)]);
        while let Some((_, node)) = queue.pop() {
            if self.nodes.id(node).is_some_and(|id| search.meet(id)) {
                return Ok(());
            }
            for at in 0..self.nodes.load_parents(&self.repository, node)? {
                let parent = self.nodes.parent(&self.repository, node, at)?;
                if self.nodes.marks(parent) & REACHED == 0 {
                    self.nodes.mark(parent, REACHED);
                    queue.push((self.nodes.time(parent), parent));
                }
            }
        }
        self.is_whole = true;
        Ok(())
    }

    /// Where the history of a commit left the way: what [`History::merge_base`] says of it and the tip.
    ///
    /// # Errors
    ///
    /// As for [`History::merge_base`].
    ///
    /// ```
    /// # use tminus_vcs::{CommitId, History, RepositoryError};
    /// # fn demo(history: &History, tip: &CommitId, side: &CommitId) -> Result<(), RepositoryError> {
    /// let (mut way, _) = history.way_to(tip, &[vec![side.clone()]])?;
    /// assert_eq!(way.fork(side)?, history.merge_base(tip, side)?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn fork(&mut self, commit: &CommitId) -> Result<Option<CommitId>, RepositoryError> {
        if self.is_whole {
            let start = self.nodes.find(&self.repository, &gix_id(&commit.into()))?;
            match self.left_at(start)?.as_slice() {
                [] => return Ok(None),
                [only] => {
                    let id = self.nodes.id(*only);
                    return Ok(id.map(CommitId::from_gix));
                }
                // One of them may lead to another.
                _ => {}
            }
        }
        self.history.merge_base(&self.tip, commit)
    }

    /// The commits of the way that are met first.
    fn left_at(&mut self, start: u32) -> Result<Vec<u32>, RepositoryError> {
        let mut met = Vec::new();
        let mut seen = std::collections::HashSet::from([start]);
        let mut open = vec![start];
        while let Some(node) = open.pop() {
            if self.nodes.marks(node) & REACHED != 0 {
                met.push(node);
                continue;
            }
            for at in 0..self.nodes.load_parents(&self.repository, node)? {
                let parent = self.nodes.parent(&self.repository, node, at)?;
                if seen.insert(parent) {
                    open.push(parent);
                }
            }
        }
        Ok(met)
    }
}

impl std::fmt::Debug for Way {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Way").field("tip", &self.tip).finish_non_exhaustive()
    }
}

/// What is looked for, and what was found of it.
struct Search {
    /// The lists that a commit is in, and its places there.
    places: HashMap<gix::ObjectId, Vec<(usize, usize)>>,
    found: Vec<Option<usize>>,
    /// How many lists have no answer that is sure.
    open: usize,
}

impl Search {
    fn new(wanted: &[Vec<CommitId>]) -> Self {
        let mut places: HashMap<gix::ObjectId, Vec<(usize, usize)>> = HashMap::default();
        for (list, commits) in wanted.iter().enumerate() {
            let mut seen = HashSet::default();
            for (place, commit) in commits.iter().enumerate() {
                let id = gix_id(&commit.into());
                if seen.insert(id) {
                    places.entry(id).or_default().push((list, place));
                }
            }
        }
        let open = wanted.iter().filter(|commits| !commits.is_empty()).count();
        Self { places, found: vec![None; wanted.len()], open }
    }

    /// Notes a commit of the way; whether everything is found.
    fn meet(&mut self, id: &gix::oid) -> bool {
        for (list, place) in self.places.get(id).into_iter().flatten() {
            let Some(found) = self.found.get_mut(*list) else { continue };
            if found.is_none_or(|found| *place < found) {
                *found = Some(*place);
                self.open -= usize::from(*place == 0);
            }
        }
        self.open == 0
    }

    /// A commit that could still be the answer of its list.
    fn unsure<'w>(&self, wanted: &'w [Vec<CommitId>]) -> Option<&'w CommitId> {
        self.found
            .iter()
            .zip(wanted)
            .filter(|(found, _)| **found != Some(0))
            .find_map(|(_, commits)| commits.first())
    }
}
