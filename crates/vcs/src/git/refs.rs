//! Moving references of this repository.

use std::fmt;

use super::call::Call;
use super::error::stderr;
use super::{Git, GitError};
use crate::names::{BranchName, CommitId, ObjectId, RefName, TagName};

/// What a reference must hold for a change to go through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Nothing: it must not exist.
    Absent,
    /// This object.
    At(ObjectId),
}

impl Expected {
    /// As `git push --force-with-lease` and `git update-ref` want it: empty for "must not exist", whatever the hash.
    pub(super) fn old_value(&self) -> &str {
        match self {
            Self::Absent => "",
            Self::At(object) => object.as_str(),
        }
    }

    pub(super) fn object(&self) -> Option<&ObjectId> {
        match self {
            Self::Absent => None,
            Self::At(object) => Some(object),
        }
    }
}

/// What became of [`Git::fast_forward`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FastForward {
    /// The branch was moved.
    Done,
    /// The branch contains the commit already.
    AlreadyThere,
    /// The branch is where it was.
    NotPossible(NotPossible),
}

/// Why a branch could not be moved forward.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotPossible {
    /// There is no such branch.
    NoSuchBranch,
    /// The branch has commits of its own.
    Diverged,
    /// The branch is checked out, and git would not overwrite what is in the work tree; in git's words.
    WorkTree(String),
}

impl fmt::Display for NotPossible {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchBranch => f.write_str("there is no such branch"),
            Self::Diverged => f.write_str("the branch has commits of its own"),
            Self::WorkTree(words) => write!(f, "the work tree is in the way: {words}"),
        }
    }
}

impl Git {
    /// Sets a reference; with `old`, only if it holds that now.
    ///
    /// Do not move a branch that is checked out: see [`Git::fast_forward`].
    ///
    /// # Errors
    ///
    /// [`GitError::RefMoved`] if it holds something else; an object that does not exist.
    pub fn update_ref(&self, name: &RefName, new: &ObjectId, old: Option<&Expected>) -> Result<(), GitError> {
        let call = Call::new(["update-ref", "-m", "tminus: update", "--end-of-options"])
            .arg(name)
            .arg(new)
            .args(old.map(Expected::old_value));
        self.change_ref(&call, name, old)
    }

    /// Removes a tag if it holds the object that the caller believes; `false` if it did not exist.
    ///
    /// # Errors
    ///
    /// [`GitError::RefMoved`] if it holds something else.
    pub fn delete_tag(&self, name: &TagName, expected: &ObjectId) -> Result<bool, GitError> {
        let name = RefName::from(name);
        if self.ref_value(&name)?.is_none() {
            return Ok(false);
        }
        let call = Call::new(["update-ref", "-d", "--end-of-options"]).arg(&name).arg(expected);
        self.change_ref(&call, &name, Some(&Expected::At(expected.clone())))?;
        Ok(true)
    }

    /// Moves a local branch forward to a commit of this repository.
    ///
    /// If the branch is checked out in the main or a linked work tree, that work tree moves along (`git merge --ff-only`),
    /// with the user's hooks; changes in it that do not touch the same files stay. Otherwise only the reference moves.
    ///
    /// # Errors
    ///
    /// The commit is not in this repository; [`GitError::RefMoved`] if somebody else moves the branch meanwhile.
    pub fn fast_forward(&self, branch: &BranchName, to: &CommitId) -> Result<FastForward, GitError> {
        let name = RefName::from(branch);
        let to = ObjectId::from(to);
        let Some(current) = self.ref_value(&name)? else {
            return Ok(FastForward::NotPossible(NotPossible::NoSuchBranch));
        };
        if current == to || self.descends(&to, &current)? {
            return Ok(FastForward::AlreadyThere);
        }
        if !self.descends(&current, &to)? {
            return Ok(FastForward::NotPossible(NotPossible::Diverged));
        }
        let holders = self.worktrees()?;
        let holder = holders.iter().find(|tree| tree.branch.as_ref() == Some(branch) && tree.dir.is_dir());
        let Some(holder) = holder else {
            self.update_ref(&name, &to, Some(&Expected::At(current)))?;
            return Ok(FastForward::Done);
        };
        let call =
            Call::new(["merge", "--quiet", "--ff-only", "--no-autostash", "--end-of-options"]).arg(&to);
        let output = self.in_dir(&holder.dir).output(&call)?;
        if output.success() {
            return Ok(FastForward::Done);
        }
        // The merge may have been refused because the branch is no longer what it was when we looked.
        match self.ref_value(&name)? {
            Some(found) if found == current => {
                Ok(FastForward::NotPossible(NotPossible::WorkTree(stderr(&output))))
            }
            found => Err(GitError::RefMoved { name, expected: Some(current), found }),
        }
    }

    /// Whether the user has an executable hook of this name, such as `pre-push`, wherever `core.hooksPath` puts it.
    ///
    /// # Errors
    ///
    /// Not in a repository.
    pub fn has_hook(&self, name: &str) -> Result<bool, GitError> {
        // Not `--path-format=absolute`: it fails on `core.hooksPath=/dev/null`, the usual way to switch hooks off.
        if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            return Ok(false);
        }
        let call = Call::new(["rev-parse", "--git-path"]).arg(format!("hooks/{name}")).question();
        let path = self.dir().join(self.line(&call)?);
        Ok(path.metadata().is_ok_and(|file| file.is_file() && executable(&file)))
    }

    /// What a reference holds, as git sees it.
    pub(super) fn ref_value(&self, name: &RefName) -> Result<Option<ObjectId>, GitError> {
        let call = Call::new(["rev-parse", "--verify", "--quiet", "--end-of-options"]).arg(name).question();
        let output = self.output(&call)?;
        match output.status {
            Some(0) => {
                let text = String::from_utf8_lossy(&output.stdout);
                text.trim()
                    .parse()
                    .map(Some)
                    .map_err(|_| GitError::malformed(&call, format!("`{}`", text.trim())))
            }
            // `--quiet` turns "no such reference" into a silent 1; a real failure is 128.
            Some(1) => Ok(None),
            _ => Err(GitError::failed(&call, &output)),
        }
    }

    fn descends(&self, ancestor: &ObjectId, descendant: &ObjectId) -> Result<bool, GitError> {
        let call = Call::new(["merge-base", "--is-ancestor", "--end-of-options"])
            .arg(ancestor)
            .arg(descendant)
            .question();
        let output = self.output(&call)?;
        match output.status {
            Some(0) => Ok(true),
            Some(1) => Ok(false),
            _ => Err(GitError::failed(&call, &output)),
        }
    }

    /// Runs a call that changes a reference, and tells a lost race from other failures by looking again.
    pub(super) fn change_ref(
        &self,
        call: &Call,
        name: &RefName,
        expected: Option<&Expected>,
    ) -> Result<(), GitError> {
        let output = self.output(call)?;
        if output.success() {
            return Ok(());
        }
        if let Some(expected) = expected {
            let found = self.ref_value(name)?;
            if found.as_ref() != expected.object() {
                return Err(GitError::RefMoved {
                    name: name.clone(),
                    expected: expected.object().cloned(),
                    found,
                });
            }
        }
        Err(GitError::failed(call, &output))
    }
}

#[cfg(unix)]
fn executable(file: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    file.permissions().mode() & 0o111 != 0
}

#[cfg(not(unix))]
fn executable(_file: &std::fs::Metadata) -> bool {
    true
}
