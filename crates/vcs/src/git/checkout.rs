//! Clean checkouts to build from.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::call::Call;
use super::{Git, GitError};
use crate::names::CommitId;

/// The file in `.git` that says a clone was made here and may be removed again.
const MARK: &str = "tminus-checkout";

impl Git {
    /// Makes a standalone clone of this repository in `dir` with `commit` checked out, to build from: nothing untracked,
    /// all tags present (builds derive versions from them), no hooks, `origin` leading to where the original's does.
    ///
    /// The clone borrows the objects of this repository, so it is cheap and must not outlive it. A clone that an earlier
    /// call left in `dir` is replaced. The clone is built beside its place, under the name with `.incomplete` appended, and
    /// moved there when it is ready: what is in `dir` is complete even if this process was killed.
    ///
    /// # Errors
    ///
    /// [`GitError::InTheWay`] if `dir` is neither empty nor such a clone; the commit is not in this repository.
    pub fn clone_local(&self, dir: &Path, commit: &CommitId) -> Result<(), GitError> {
        let dir = self.dir().join(dir);
        let incomplete = beside(&dir);
        // The name is ours, so whatever is there is what an interrupted call left.
        remove(&incomplete)?;
        clear(&dir)?;
        let source = self.common_dir()?;
        let clone = Call::new([
            "clone",
            "--quiet",
            "--shared",
            "--no-checkout",
            "--no-single-branch",
            "--no-reject-shallow",
            "--no-recurse-submodules",
            "--origin=origin",
            // Neither the template's hooks nor the user's global ones: they are for work, not for builds.
            "--template=",
            "--config=core.hooksPath=/dev/null",
            "--end-of-options",
        ]);
        self.run(&clone.arg(&source).arg(&incomplete))?;
        let built = self.in_dir(&incomplete);
        built.obtain(&source, commit)?;
        match self.config("remote.origin.url")? {
            Some(url) => {
                // A login in the URL must reach neither a process list nor what a build can read.
                let url = crate::redact::without_login(&url);
                built.run(&Call::new(["remote", "set-url", "--end-of-options", "origin", &url]))?
            }
            None => built.run(&Call::new(["remote", "remove", "origin"]))?,
        };
        built.run(&Call::new(["checkout", "--quiet", "--detach"]).arg(commit))?;
        let mark = incomplete.join(".git").join(MARK);
        fs::write(&mark, "").map_err(GitError::file("write", &mark))?;
        fs::rename(&incomplete, &dir).map_err(GitError::file("rename to", &dir))
    }

    /// Fetches the commit if the clone lacks it. Borrowing gives everything, but a shallow repository cannot be borrowed
    /// from: git then copies what references lead to.
    fn obtain(&self, source: &Path, commit: &CommitId) -> Result<(), GitError> {
        let present = Call::new(["cat-file", "-e"]).arg(format!("{commit}^{{commit}}")).question();
        if self.output(&present)?.success() {
            return Ok(());
        }
        let fetch = Call::new([
            "-c",
            "protocol.file.allow=always",
            "fetch",
            "--quiet",
            "--no-tags",
            "--end-of-options",
        ]);
        self.run(&fetch.arg(source).arg(commit)).map(drop)
    }

    fn common_dir(&self) -> Result<PathBuf, GitError> {
        let call = Call::new(["rev-parse", "--path-format=absolute", "--git-common-dir"]).question();
        Ok(PathBuf::from(self.line(&call)?))
    }
}

fn beside(dir: &Path) -> PathBuf {
    let mut name = dir.file_name().map(OsString::from).unwrap_or_default();
    name.push(".incomplete");
    dir.with_file_name(name)
}

/// Makes way for a new clone, if what is there is an old one or an empty directory.
fn clear(dir: &Path) -> Result<(), GitError> {
    if dir.join(".git").join(MARK).is_file() {
        return remove(dir);
    }
    match fs::remove_dir(dir) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(_) => Err(GitError::InTheWay { dir: dir.to_owned() }),
    }
}

fn remove(dir: &Path) -> Result<(), GitError> {
    match fs::remove_dir_all(dir) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(GitError::file("remove", dir)(error)),
        _ => Ok(()),
    }
}
