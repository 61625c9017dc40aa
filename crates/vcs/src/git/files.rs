//! Commits without a work tree: a branch's next commit, computed.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::call::Call;
use super::error::stderr;
use super::{Git, GitError};
use crate::names::{CommitId, ObjectId};
use crate::repository::{FileKind, Identity};

/// A commit to make from another one and some changed files.
#[derive(Clone, Debug)]
pub struct NewCommit<'a> {
    /// Its parents; the files of the first are those of the new commit, except where `changes` says otherwise.
    pub parents: &'a [CommitId],
    /// What differs from the first parent.
    pub changes: &'a [FileChange<'a>],
    /// The message, taken as it is.
    pub message: &'a str,
    /// Who wrote the change and when, in seconds since 1970, as a backport keeps it; `None` for the user, now.
    pub author: Option<(&'a Identity, i64)>,
}

/// What happens to one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileChange<'a> {
    /// The file has this content, whatever was there before, a directory included.
    Write {
        /// The path from the top, `/`-separated.
        path: &'a str,
        /// What it is.
        kind: FileKind,
        /// Its content; for a link the path it leads to.
        content: &'a [u8],
    },
    /// The file is gone; fine if it never was there.
    Remove {
        /// The path from the top, `/`-separated.
        path: &'a str,
    },
}

impl Git {
    /// Makes a commit on top of others without touching any work tree, index or reference.
    ///
    /// The user's identity applies, and their signing if `commit.gpgSign` is on. No hook runs, as with `git commit-tree`:
    /// there are no files on disk that one could look at. Content is taken as it is, without filters and line-end conversion.
    ///
    /// # Errors
    ///
    /// [`GitError::InvalidPath`] (`/etc/x`, `../x`, `a//b`, `.git/config`, a control character);
    /// [`GitError::NothingToCommit`] if there is one parent and all its files stay as they are, or if there is no parent;
    /// [`GitError::Signing`]; a parent that is not in this repository; no identity set up.
    pub fn commit_files(&self, new: &NewCommit<'_>) -> Result<CommitId, GitError> {
        let Some(base) = new.parents.first() else {
            return Err(GitError::NothingToCommit { dir: self.dir().to_owned() });
        };
        let tree = self.tree_with(base, new.changes)?;
        let unchanged = Call::new(["rev-parse", "--verify"]).arg(format!("{base}^{{tree}}")).question();
        if new.parents.len() == 1 && self.line(&unchanged)? == tree {
            return Err(GitError::NothingToCommit { dir: self.dir().to_owned() });
        }
        let sign = self.config_is_on("commit.gpgSign")?;
        let mut call = Call::new(["commit-tree"]).args(sign.then_some("-S"));
        for parent in new.parents {
            call = call.arg("-p").arg(parent);
        }
        if let Some((identity, seconds)) = new.author {
            call = call
                .env("GIT_AUTHOR_NAME", &identity.name)
                .env("GIT_AUTHOR_EMAIL", &identity.email)
                .env("GIT_AUTHOR_DATE", format!("@{seconds} +0000"));
        }
        let call = call.args(["-F", "-"]).arg(&tree).stdin(new.message);
        let output = self.output(&call)?;
        if !output.success() {
            return Err(self.commit_failed(&call, &output));
        }
        let id = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        id.parse().map_err(|_| GitError::malformed(&call, format!("`{id}`")))
    }

    /// Writes the tree of a commit with some files changed.
    fn tree_with(&self, base: &CommitId, changes: &[FileChange<'_>]) -> Result<String, GitError> {
        let mut entries = Vec::new();
        for change in changes {
            let (mode, object, path) = match *change {
                FileChange::Write { path, kind, content } => {
                    (mode(kind), self.write_blob(path, content)?, path)
                }
                FileChange::Remove { path } => ("0", "0".repeat(base.as_str().len()), path),
            };
            check_path(path)?;
            entries.extend_from_slice(format!("{mode} {object}\t{path}\0").as_bytes());
        }
        let index =
            Index::new(Path::new(&self.line(&Call::new(["rev-parse", "--absolute-git-dir"]).question())?));
        self.run(&index.call(&["read-tree"]).arg(base))?;
        let call = index.call(&["update-index", "-z", "--index-info"]).stdin(entries);
        let output = self.run(&call)?;
        // git leaves out what it will not have in a tree, and calls that success.
        if stderr(&output).contains("Ignoring path") {
            return Err(GitError::failed(&call, &output));
        }
        self.line(&index.call(&["write-tree"]))
    }

    fn write_blob(&self, path: &str, content: &[u8]) -> Result<String, GitError> {
        check_path(path)?;
        let call = Call::new(["hash-object", "-w", "--no-filters", "--stdin"]).stdin(content);
        let id = self.line(&call)?;
        let id: ObjectId = id.parse().map_err(|_| GitError::malformed(&call, format!("`{id}`")))?;
        Ok(id.into())
    }
}

/// An index of our own beside the user's; the file goes when the value does.
struct Index(PathBuf);

impl Index {
    fn new(git_dir: &Path) -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        Self(git_dir.join(format!("tminus-index-{}-{number}", std::process::id())))
    }

    fn call(&self, args: &[&str]) -> Call {
        // What the user's configuration makes of their own index would leave files behind for this one.
        let plain =
            ["-c", "core.splitIndex=false", "-c", "core.fsmonitor=false", "-c", "core.untrackedCache=false"];
        Call::new(plain).args(args).env("GIT_INDEX_FILE", &self.0)
    }
}

impl Drop for Index {
    fn drop(&mut self) {
        // Nothing depends on it: a name like this is used once.
        let _ = std::fs::remove_file(&self.0);
    }
}

fn mode(kind: FileKind) -> &'static str {
    match kind {
        FileKind::Plain => "100644",
        FileKind::Executable => "100755",
        FileKind::Link => "120000",
    }
}

fn check_path(path: &str) -> Result<(), GitError> {
    let refused = |why| Err(GitError::InvalidPath { path: path.escape_debug().to_string(), why });
    if path.chars().any(char::is_control) {
        return refused("it contains a control character");
    }
    for part in path.split('/') {
        match part {
            "" => return refused("it has an empty part between slashes"),
            "." | ".." => return refused("it has a part `.` or `..`"),
            _ if part.eq_ignore_ascii_case(".git") => return refused("it has a part `.git`"),
            _ => {}
        }
    }
    Ok(())
}
