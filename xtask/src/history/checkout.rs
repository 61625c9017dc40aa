//! A work tree in which picks are done as people do them. It holds no files but those in conflict.

use std::path::Path;

use anyhow::{Context as _, bail};

use super::git::{Git, git};
use super::side::{Pick, Picked};

/// A clone that shares the objects of its original.
pub(super) struct Checkout {
    git: Git,
}

impl Checkout {
    /// Clones `original` into `dir`, which is not there yet, with every file left out.
    ///
    /// # Errors
    /// Git fails.
    pub(super) fn new(original: &Git, dir: &Path) -> anyhow::Result<Self> {
        let mut command = git();
        command.args(["clone", "--quiet", "--shared", "--no-checkout", "--no-tags"]);
        let output = command.arg(&original.dir).arg(dir).output().context("git cannot be started")?;
        if !output.status.success() {
            bail!("git clone --shared: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        let git = Git::new(dir);
        git.ask(&["sparse-checkout", "set", "--no-cone", "/nothing-is-called-so"])?;
        Ok(Self { git })
    }

    /// `git cherry-pick --no-commit`: the tree of its index, or the files that are not merged.
    ///
    /// # Errors
    /// Git fails otherwise than by a conflict.
    pub(super) fn pick(&self, pick: &Pick) -> anyhow::Result<Picked> {
        self.git.ask(&["reset", "--quiet", "--hard"])?;
        self.git.ask(&["checkout", "--quiet", "--force", "--detach", &pick.onto])?;
        self.git.ask(&["clean", "--quiet", "-fdx"])?;
        let mut arguments = vec!["cherry-pick".to_owned(), "--no-commit".to_owned()];
        arguments.extend(pick.mainline.map(|number| format!("--mainline={number}")));
        arguments.push(pick.commit.clone());
        let output = self.git.command(&arguments).output()?;
        if output.status.success() {
            let tree = self.git.text(&["write-tree"])?;
            return Ok(if tree == pick.tree { Picked::Empty } else { Picked::Clean(tree) });
        }
        let unmerged = self.git.ask(&["diff", "--name-only", "--diff-filter=U", "-z"])?;
        let mut files: Vec<String> = unmerged
            .split(|byte| *byte == 0)
            .filter(|path| !path.is_empty())
            .map(|path| path.escape_ascii().to_string())
            .collect();
        if files.is_empty() || lacks(&String::from_utf8_lossy(&output.stderr)) {
            let words = String::from_utf8_lossy(&output.stderr).trim().to_owned();
            if lacks(&words) {
                return Ok(Picked::Lacking);
            }
            bail!("{}: {words}", self.git.again(&["cherry-pick", "--no-commit", &pick.commit]));
        }
        files.dedup();
        Ok(Picked::Conflict(files))
    }
}

/// Whether git misses a file. Its words in the C locale are all it says.
pub(super) fn lacks(words: &str) -> bool {
    ["invalid object", "unable to read", "cannot read object", "could not read"]
        .iter()
        .any(|text| words.contains(text))
}
