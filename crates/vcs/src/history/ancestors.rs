//! Who descends from whom.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, HashSet};

use super::History;
use super::paint::{Commits, ONE, OTHERS};
use crate::names::{CommitId, ObjectId};
use crate::repository::{RepositoryError, gix_id, has};

impl History {
    /// Whether `descendant` is `ancestor` or comes after it, as `git merge-base --is-ancestor` tells.
    ///
    /// # Errors
    ///
    /// As for [`History::merge_bases`]; a shallow clone is no obstacle where the ancestor is found before it ends.
    pub fn is_ancestor(&self, ancestor: &CommitId, descendant: &CommitId) -> Result<bool, RepositoryError> {
        let mut commits = Commits::open(self)?;
        let (ancestor, others) = commits.present(ancestor, std::slice::from_ref(descendant))?;
        if others.contains(&ancestor) {
            return Ok(true);
        }
        commits.paint_until(ancestor, &others)?;
        if commits.flags(ancestor) & OTHERS != 0 {
            return Ok(true);
        }
        commits.complete(|flags| flags & (ONE | OTHERS) == OTHERS)?;
        Ok(false)
    }

    /// Those of the candidates that `descendant` is or comes after, each looked up: [`History::is_ancestor`] for many at the
    /// price of one. Candidates that have not been fetched are left out.
    ///
    /// # Errors
    ///
    /// As for [`History::is_ancestor`].
    pub(crate) fn among(
        &self,
        candidates: &[CommitId],
        descendant: &CommitId,
    ) -> Result<BTreeSet<CommitId>, RepositoryError> {
        let mut commits = Commits::open(self)?;
        let (tip, _) = commits.present(descendant, &[])?;
        let ids = candidates.iter().map(|id| gix_id(&id.into()));
        let mut wanted: HashSet<_> = ids.filter(|id| has(&commits.repository, *id)).collect();
        // Commits below this level lead to none of them.
        let floor = wanted.iter().map(|id| commits.nodes.floor_of(id)).min().unwrap_or_default();
        let mut found = BTreeSet::new();
        let mut ends_early = false;
        let mut queue = BinaryHeap::from([(commits.nodes.time(tip), Reverse(0), tip)]);
        let mut order = 0_u64;
        while !wanted.is_empty()
            && let Some((_, _, node)) = queue.pop()
        {
            if let Some(id) = commits.nodes.id(node).and_then(|id| wanted.take(id)) {
                found.insert(CommitId::from_gix(&id));
            }
            ends_early |= commits.nodes.is_cut(node);
            for at in 0..commits.nodes.load_parents(&commits.repository, node)? {
                let parent = commits.nodes.parent(&commits.repository, node, at)?;
                if !commits.nodes.is_queued(parent) && commits.nodes.level(parent) >= floor {
                    commits.nodes.set_queued(parent, true);
                    order += 1;
                    queue.push((commits.nodes.time(parent), Reverse(order), parent));
                }
            }
        }
        match wanted.iter().next() {
            Some(id) if ends_early => Err(commits.missing_history(ObjectId::from_gix(id))),
            _ => Ok(found),
        }
    }
}
