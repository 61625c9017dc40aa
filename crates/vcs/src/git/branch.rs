//! Branches: made, moved and removed only as believed.

use super::call::Call;
use super::{Expected, Git, GitError};
use crate::names::{BranchName, CommitId, ObjectId, RefName};

impl Git {
    /// Makes a branch; its name must be free.
    ///
    /// Nothing is checked out, and the branch follows no other, whatever `branch.autoSetupMerge` says.
    ///
    /// # Errors
    ///
    /// [`GitError::RefMoved`] if there is such a branch already, also at the same commit; a name that another branch's is the
    /// beginning of (`a` and `a/b`); a commit that is not in this repository.
    pub fn create_branch(&self, name: &BranchName, at: &CommitId) -> Result<(), GitError> {
        self.update_ref(&RefName::from(name), &at.into(), Some(&Expected::Absent))
    }

    /// Moves a branch that is checked out nowhere from one commit to another, forward or not.
    ///
    /// # Errors
    ///
    /// [`GitError::RefMoved`] if it is elsewhere; [`GitError::CheckedOut`], where [`Git::fast_forward`] may help.
    pub fn move_branch(&self, name: &BranchName, from: &CommitId, to: &CommitId) -> Result<(), GitError> {
        self.refuse_checked_out(name)?;
        self.update_ref(&RefName::from(name), &to.into(), Some(&Expected::At(from.into())))
    }

    /// Removes a branch that is checked out nowhere, if it is at the commit that the caller believes; `false` if it did not
    /// exist. What it alone led to is kept only as long as git keeps what nothing leads to.
    ///
    /// # Errors
    ///
    /// As for [`Git::move_branch`].
    pub fn delete_branch(&self, name: &BranchName, expected: &CommitId) -> Result<bool, GitError> {
        let full = RefName::from(name);
        if self.ref_value(&full)?.is_none() {
            return Ok(false);
        }
        self.refuse_checked_out(name)?;
        let expected = ObjectId::from(expected);
        let call = Call::new(["update-ref", "-d", "--end-of-options"]).arg(&full).arg(&expected);
        self.change_ref(&call, &full, Some(&Expected::At(expected)))?;
        Ok(true)
    }

    fn refuse_checked_out(&self, name: &BranchName) -> Result<(), GitError> {
        let trees = self.worktrees()?;
        match trees.into_iter().find(|tree| tree.branch.as_ref() == Some(name)) {
            Some(tree) => Err(GitError::CheckedOut { branch: name.clone(), dir: tree.dir }),
            None => Ok(()),
        }
    }
}
