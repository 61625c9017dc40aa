//! Linked work trees: a second checkout that shares this repository.

use std::path::{Path, PathBuf};

use super::call::Call;
use super::{Git, GitError};
use crate::names::{BranchName, CommitId, RefName};

/// A work tree of this repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worktree {
    /// Its top; in a bare repository the first entry is the repository itself.
    pub dir: PathBuf,
    /// What is checked out; `None` in an empty or bare repository.
    pub commit: Option<CommitId>,
    /// On which branch; `None` when HEAD is detached.
    pub branch: Option<BranchName>,
}

impl Git {
    /// All work trees, the main one first. One whose directory has vanished is listed until it is pruned.
    ///
    /// # Errors
    ///
    /// Not in a repository.
    pub fn worktrees(&self) -> Result<Vec<Worktree>, GitError> {
        let call = Call::new(["worktree", "list", "--porcelain", "-z"]).question();
        let text = self.text(&call)?;
        let mut trees = Vec::<Worktree>::new();
        for field in text.split('\0') {
            let (key, value) = field.split_once(' ').unwrap_or((field, ""));
            if key == "worktree" {
                trees.push(Worktree { dir: PathBuf::from(value), commit: None, branch: None });
            }
            let Some(tree) = trees.last_mut() else { continue };
            match key {
                "HEAD" => tree.commit = value.parse().ok(),
                "branch" => tree.branch = value.parse::<RefName>().ok().and_then(|name| name.branch()),
                _ => {}
            }
        }
        Ok(trees)
    }

    /// Checks out a commit in a new directory, without a branch.
    ///
    /// An entry that a vanished directory left behind is taken over; the directory itself must not exist or be empty. To
    /// start anew after a crash, call [`Git::remove_worktree`] first.
    ///
    /// # Errors
    ///
    /// The directory is not empty; the commit is not in this repository; a `post-checkout` hook that fails.
    pub fn add_worktree(&self, dir: &Path, commit: &CommitId) -> Result<(), GitError> {
        // `--force` twice: also over an entry whose directory vanished while it was locked, which an interrupted
        // `git worktree add` leaves.
        let call =
            Call::new(["worktree", "add", "--quiet", "--force", "--force", "--detach", "--end-of-options"]);
        // Joined, so that a name that begins with `-` is none for git.
        self.run(&call.arg(self.dir().join(dir)).arg(commit)).map(drop)
    }

    /// Removes a linked work tree with everything in it, whatever state it is in; fine if there is none.
    ///
    /// # Errors
    ///
    /// [`GitError::InTheWay`] if the directory exists and is not a work tree of this repository, or is the main one.
    pub fn remove_worktree(&self, dir: &Path) -> Result<(), GitError> {
        let dir = self.dir().join(dir);
        let trees = self.worktrees()?;
        let listed = trees.iter().skip(1).find(|tree| same_place(&tree.dir, &dir));
        let Some(tree) = listed else {
            let exists = dir.symlink_metadata().is_ok();
            return if exists { Err(GitError::InTheWay { dir }) } else { self.prune_worktrees() };
        };
        let call = Call::new(["worktree", "remove", "--force", "--force", "--end-of-options"]).arg(&tree.dir);
        // git refuses where it cannot recognise its own work any more, as after a crash: the list has shown it is ours.
        if !self.output(&call)?.success() && tree.dir.is_dir() {
            std::fs::remove_dir_all(&tree.dir).map_err(GitError::file("remove", &tree.dir))?;
        }
        self.prune_worktrees()
    }

    fn prune_worktrees(&self) -> Result<(), GitError> {
        self.run(&Call::new(["worktree", "prune", "--expire=now"])).map(drop)
    }
}

/// git lists the directories with symbolic links resolved, also where they no longer exist.
fn same_place(listed: &Path, wanted: &Path) -> bool {
    if listed == wanted {
        return true;
    }
    let resolved = |path: &Path| match path.canonicalize() {
        Ok(path) => Some(path),
        Err(_) => Some(path.parent()?.canonicalize().ok()?.join(path.file_name()?)),
    };
    resolved(listed).is_some_and(|listed| resolved(wanted) == Some(listed))
}
