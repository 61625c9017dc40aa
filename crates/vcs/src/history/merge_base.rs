//! Where histories meet: the answers of `git merge-base`.
//!
//! The walk is our own. gix 0.90 stops at the first common commits by date, and where committers' clocks ran backwards those
//! can be ancestors of better ones. Here, as in git, both histories are painted until only commits below a found base are
//! left, whatever their dates are, and bases that are reachable from another base are then removed.

use super::History;
use super::paint::Commits;
use crate::names::CommitId;
use crate::repository::RepositoryError;

impl History {
    /// All best common ancestors of `one` and the (hypothetical) merge of `others`, in git's order: what
    /// `git merge-base --all ONE OTHERS…` lists. Empty for histories that have nothing in common.
    ///
    /// ```
    /// # use tminus_vcs::{CommitId, History, RepositoryError};
    /// # fn demo(history: &History, main: &CommitId, topic: &CommitId) -> Result<(), RepositoryError> {
    /// let bases = history.merge_bases(main, std::slice::from_ref(topic))?;
    /// assert_eq!(bases.first(), history.merge_base(main, topic)?.as_ref());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`RepositoryError::MissingObject`]: a commit has not been fetched.
    /// - [`RepositoryError::MissingHistory`]: a shallow clone ends before the answer is sure.
    ///
    /// # Deviations
    ///
    /// Bases that were committed in the same second are ordered as git orders them without a commit-graph.
    pub fn merge_bases(&self, one: &CommitId, others: &[CommitId]) -> Result<Vec<CommitId>, RepositoryError> {
        let mut commits = Commits::open(self)?;
        let (one, others) = commits.present(one, others)?;
        let found = commits.bases(one, &others)?;
        Ok(commits.names(&found))
    }

    /// The best common ancestor of two commits, the first that `git merge-base` names; `None` for unrelated histories.
    ///
    /// # Errors
    ///
    /// As for [`History::merge_bases`].
    pub fn merge_base(&self, one: &CommitId, other: &CommitId) -> Result<Option<CommitId>, RepositoryError> {
        Ok(self.merge_bases(one, std::slice::from_ref(other))?.into_iter().next())
    }

    /// The best common ancestors of all commits together: what `git merge-base --all --octopus COMMITS…` lists.
    ///
    /// # Errors
    ///
    /// As for [`History::merge_bases`].
    pub fn merge_base_octopus(&self, ids: &[CommitId]) -> Result<Vec<CommitId>, RepositoryError> {
        let Some((first, rest)) = ids.split_first() else { return Ok(Vec::new()) };
        let mut commits = Commits::open(self)?;
        let (first, rest) = commits.present(first, rest)?;
        let mut found = vec![first];
        for next in rest {
            let mut bases = Vec::new();
            for one in &found {
                bases.extend(commits.bases(*one, &[next])?);
            }
            found = bases;
        }
        let found = commits.independent(&found)?;
        Ok(commits.names(&found))
    }

    /// Those of the commits that no other of them descends from, in the order given and each once: what
    /// `git merge-base --independent COMMITS…` lists.
    ///
    /// # Errors
    ///
    /// As for [`History::merge_bases`].
    pub fn independent(&self, ids: &[CommitId]) -> Result<Vec<CommitId>, RepositoryError> {
        let Some((first, rest)) = ids.split_first() else { return Ok(Vec::new()) };
        let mut commits = Commits::open(self)?;
        let (first, mut all) = commits.present(first, rest)?;
        all.insert(0, first);
        let found = commits.independent(&all)?;
        Ok(commits.names(&found))
    }
}
