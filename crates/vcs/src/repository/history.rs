//! Who descends from whom, and what was committed.

use std::collections::BTreeSet;

use super::integrity::{indexes_are_intact, intact, lost};
use super::objects::{gix_id, has, loose_prefix};
use super::{Identity, Repository, RepositoryError, reading};
use crate::history::Range;
use crate::names::CommitId;

/// A commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// Its id.
    pub id: CommitId,
    /// Its parents, the branch that was merged into first; also those that a shallow clone left out.
    pub parents: Vec<CommitId>,
    /// The id of its tree.
    pub tree: String,
    /// The first paragraph of the message on one line.
    pub subject: String,
    /// The whole message as written; bytes that are not UTF-8 appear as `\u{fffd}`.
    pub message: String,
    /// Who wrote the change.
    pub author: Identity,
    /// When the author wrote it, in seconds since 1970.
    pub author_time_seconds: i64,
    /// When it was committed, in seconds since 1970.
    pub time_seconds: i64,
    /// The trailers (`Key: value`) at the end of the message, in order; see [`trailers`](crate::trailers).
    pub trailers: Vec<(String, String)>,
}

impl Repository {
    /// Whether `descendant` is `ancestor` or comes after it.
    ///
    /// # Errors
    ///
    /// [`RepositoryError::MissingObject`] if one of them has not been fetched, [`RepositoryError::MissingHistory`] if a
    /// shallow clone ends before the answer is sure. Both name the command that helps.
    pub fn is_ancestor(&self, ancestor: &CommitId, descendant: &CommitId) -> Result<bool, RepositoryError> {
        self.history()?.is_ancestor(ancestor, descendant).map_err(|error| match error {
            RepositoryError::MissingHistory { remote, .. } => {
                RepositoryError::MissingHistory { id: ancestor.into(), remote }
            }
            other => other,
        })
    }

    /// Those of the candidates that `descendant` is or comes after: [`Repository::is_ancestor`] for many at the price of one.
    ///
    /// # Errors
    ///
    /// As for [`Repository::is_ancestor`], except that candidates which have not been fetched are left out.
    pub fn ancestors_among(
        &self,
        candidates: &[CommitId],
        descendant: &CommitId,
    ) -> Result<BTreeSet<CommitId>, RepositoryError> {
        let repository = self.fresh()?;
        if candidates.iter().any(|id| !has(&repository, gix_id(&id.into()))) {
            indexes_are_intact(&repository)?;
        }
        self.history()?.among(candidates, descendant)
    }

    /// The commits that can be reached from `tips` and not from `hidden`, newest first, at most `limit` of them: what
    /// `git log TIPS --not HIDDEN` lists. With `first_parent`, only the first parent of each merge is followed from the tips.
    ///
    /// In a shallow clone it ends where the clone ends; [`History::commits`](crate::History::commits) says so instead.
    ///
    /// # Errors
    ///
    /// A tip or hidden commit has not been fetched, or a commit is unreadable.
    pub fn log(
        &self,
        tips: &[CommitId],
        hidden: &[CommitId],
        first_parent: bool,
        limit: usize,
    ) -> Result<Vec<Commit>, RepositoryError> {
        let (tips, hidden) = (tips.to_vec(), hidden.to_vec());
        let range = Range { tips, hidden, first_parent, limit: Some(limit) };
        self.history()?.decoded(&range, true)
    }

    /// The commit that a revision such as `HEAD~3`, `v1.0` or an abbreviated id means; `None` if it means nothing, several
    /// things, or something that is not a commit.
    ///
    /// # Errors
    ///
    /// What it leads to is damaged.
    pub fn resolve(&self, revision: &str) -> Result<Option<CommitId>, RepositoryError> {
        let repository = self.fresh()?;
        let id = match repository.rev_parse_single(revision) {
            Ok(id) => id.detach(),
            Err(error) if error.is_corrupted() => return Err(reading("resolve", revision)(error)),
            Err(_) => {
                indexes_are_intact(&repository)?;
                // What is damaged so that nobody can tell has no parents either.
                let base = revision.split(['~', '^', '@', ':']).next().unwrap_or_default();
                if let Ok(id) = repository.rev_parse_single(base) {
                    intact(&repository, id.detach())?;
                }
                return match loose_prefix(&repository, base) {
                    Some(full) => self.resolve(&revision.replacen(base, &full, 1)),
                    None => Ok(None),
                };
            }
        };
        let object = intact(&repository, id)?.ok_or_else(|| lost(&repository, id, revision.to_owned()))?;
        match object.peel_to_kind(gix::objs::Kind::Commit) {
            Ok(commit) => Ok(Some(CommitId::from_gix(&commit.id))),
            Err(error) if error.is_corrupted() => Err(reading("resolve", revision)(error)),
            Err(_) => Ok(None),
        }
    }
}

/// As `git log --format=%s`: the lines up to the first blank one, joined by spaces.
pub(crate) fn subject(message: &str) -> String {
    let lines = message.lines().skip_while(|line| line.trim().is_empty());
    let lines: Vec<_> = lines.take_while(|line| !line.trim().is_empty()).map(str::trim_end).collect();
    lines.join(" ")
}
