//! The commits of a range.

use std::sync::Arc;

use super::objects::Objects;
use super::rules::Rules;
use super::walk::{Step, Walk, Wanted};
use super::{History, Range, decode, pool};
use crate::names::CommitId;
use crate::repository::{Commit, RepositoryError};

/// So many commits are decoded in one go.
const BATCH: usize = 256;

impl History {
    /// The commits of a range in the order of `git log`: newest first, and where dates are equal the one found first.
    ///
    /// Replacements (`git replace`, those of when this was opened) are followed as git does. Where committers' clocks ran
    /// backwards, git itself sometimes lists commits that are hidden; this never does.
    ///
    /// ```no_run
    /// # use tminus_vcs::{Range, Repository};
    /// let repository = Repository::discover(std::path::Path::new("."))?;
    /// let (Some(tip), Some(base)) = (repository.resolve("HEAD")?, repository.resolve("v1.0")?) else { return Ok(()) };
    /// for commit in repository.history()?.commits(&Range::since(base, tip))? {
    ///     assert!(!commit.tree.is_empty());
    /// }
    /// # Ok::<(), tminus_vcs::RepositoryError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// - [`RepositoryError::MissingObject`]: a tip or hidden commit has not been fetched.
    /// - [`RepositoryError::CutHistory`]: a shallow clone ends within the range, or so that nobody can say what is hidden.
    ///   With a limit, only if it ends before.
    /// - [`RepositoryError::Read`]: a commit is damaged.
    pub fn commits(&self, range: &Range) -> Result<Vec<Commit>, RepositoryError> {
        self.decoded(range, false)
    }

    /// The ids of the commits that [`History::commits`] gives, without reading what they say.
    ///
    /// # Errors
    ///
    /// As for [`History::commits`].
    pub fn ids(&self, range: &Range) -> Result<Vec<CommitId>, RepositoryError> {
        let rules = self.rules()?;
        let wanted = Wanted { trees: false, contents: false, as_far_as_it_goes: false };
        let mut ids = Vec::new();
        Walk::new(Objects::new(self, rules), wanted).run(range, &mut |step| {
            ids.push(CommitId::from_gix(&step.id));
            Ok(())
        })?;
        Ok(ids)
    }

    /// As [`History::commits`]; on demand a walk ends silently where a shallow clone ends.
    pub(crate) fn decoded(
        &self,
        range: &Range,
        as_far_as_it_goes: bool,
    ) -> Result<Vec<Commit>, RepositoryError> {
        let rules = self.rules()?;
        let wanted = Wanted { trees: false, contents: true, as_far_as_it_goes };
        let walk = Walk::new(Objects::new(self, Arc::clone(&rules)), wanted);
        pool::spread(BATCH, |give| walk.run(range, give), &|| {
            let objects = Objects::new(self, Arc::clone(&rules));
            let mut buffer = Vec::new();
            Box::new(move |steps: Vec<Step>| {
                steps.into_iter().map(|step| decode(&objects, &step, &mut buffer)).collect()
            })
        })
    }

    pub(super) fn rules(&self) -> Result<Arc<Rules>, RepositoryError> {
        Ok(Arc::new(Rules::read(&self.shared.to_thread_local())?))
    }
}

pub(super) fn decode(
    objects: &Objects,
    step: &Step,
    buffer: &mut Vec<u8>,
) -> Result<Commit, RepositoryError> {
    let content = if step.content.is_empty() { objects.commit(step.id, buffer)? } else { &step.content };
    decode::commit(step.id, content)
}
