//! Commits and tags, made as the user would make them.

use std::path::Path;

use super::call::Call;
use super::{Git, GitError};
use crate::names::{CommitId, ObjectId, RefName, TagName};

/// What kind of tag to make.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TagKind {
    /// A name for a commit, without message.
    Light,
    /// With a message, and signed if the user's configuration says so.
    #[default]
    Annotated,
    /// With a message and a signature.
    Signed,
}

impl Git {
    /// Commits the present state of some files in a work tree: added, changed or removed. Other changes, staged ones
    /// included, stay as they are.
    ///
    /// The user's identity, hooks and signing apply; the message is taken as it is.
    ///
    /// # Errors
    ///
    /// [`GitError::NothingToCommit`]; a path that is neither there nor tracked, or that is ignored; a hook that refuses; a
    /// signature that fails; no identity set up.
    pub fn commit_in(&self, worktree: &Path, paths: &[&str], message: &str) -> Result<CommitId, GitError> {
        let git = self.in_dir(worktree);
        // Without paths both calls would take everything.
        if paths.is_empty() {
            return Err(GitError::NothingToCommit { dir: worktree.to_owned() });
        }
        for path in paths {
            if path.chars().any(char::is_control) {
                let why = "it contains a control character";
                return Err(GitError::InvalidPath { path: path.escape_debug().to_string(), why });
            }
        }
        // Names of files, not patterns. The environment could say so for all, but would say it to the user's hooks as well.
        let paths: Vec<_> = paths.iter().map(|path| format!(":(literal){path}")).collect();
        git.run(&Call::new(["add", "--all", "--"]).args(&paths))?;
        git.ensure_staged(&paths)?;
        let commit = Call::new(["commit", "--quiet", "--cleanup=verbatim", "--file=-", "--only", "--"]);
        let commit = commit.args(&paths).stdin(message);
        let output = git.output(&commit)?;
        if !output.success() {
            return Err(git.commit_failed(&commit, &output));
        }
        let call = Call::new(["rev-parse", "--verify", "HEAD^{commit}"]).question();
        let id = git.line(&call)?;
        id.parse().map_err(|_| GitError::malformed(&call, format!("`{id}`")))
    }

    /// Makes an annotated tag with the user's identity, signed if the user's configuration says so (`tag.gpgSign`,
    /// `tag.forceSignAnnotated`). The message is taken as it is.
    ///
    /// # Errors
    ///
    /// [`GitError::TagExists`]; a signature that fails; no identity set up.
    pub fn tag_annotated(
        &self,
        name: &TagName,
        target: &CommitId,
        message: &str,
    ) -> Result<ObjectId, GitError> {
        // Not `--annotate`: that would overrule tag.forceSignAnnotated. A message makes the tag annotated as well.
        let call = Call::new(["tag", "--cleanup=verbatim", "--file=-", "--end-of-options"]);
        self.make_tag(&call.arg(name).arg(target).stdin(message), name)
    }

    /// Makes a signed tag, whatever the user's configuration says about when to sign; how and with which key is theirs
    /// (`gpg.format`, `user.signingKey`, `gpg.program`).
    ///
    /// # Errors
    ///
    /// [`GitError::TagExists`]; [`GitError::Signing`] with what to set up; no identity set up.
    pub fn tag_signed(&self, name: &TagName, target: &CommitId, message: &str) -> Result<ObjectId, GitError> {
        let call = Call::new(["tag", "--sign", "--cleanup=verbatim", "--file=-", "--end-of-options"]);
        self.make_tag(&call.arg(name).arg(target).stdin(message), name)
    }

    /// Makes a tag as a project wants its tags to be.
    ///
    /// # Errors
    ///
    /// As for [`Git::tag_signed`]. A light tag has no use for the message.
    pub fn tag_as(
        &self,
        kind: TagKind,
        name: &TagName,
        target: &CommitId,
        message: &str,
    ) -> Result<ObjectId, GitError> {
        match kind {
            TagKind::Light => self.tag_light(name, target).map(|()| target.into()),
            TagKind::Annotated => self.tag_annotated(name, target, message),
            TagKind::Signed => self.tag_signed(name, target, message),
        }
    }

    /// Makes a light tag: a name for a commit, without message or signature.
    ///
    /// # Errors
    ///
    /// [`GitError::TagExists`]; a commit that is not in this repository.
    pub fn tag_light(&self, name: &TagName, target: &CommitId) -> Result<(), GitError> {
        // With tag.gpgSign a plain `git tag` would sign, and so make an annotated tag.
        let call = Call::new(["tag", "--no-sign", "--end-of-options"]).arg(name).arg(target);
        self.make_tag(&call, name).map(drop)
    }

    fn make_tag(&self, call: &Call, name: &TagName) -> Result<ObjectId, GitError> {
        let full = RefName::from(name);
        let exists = |object| GitError::TagExists { name: name.clone(), object };
        if let Some(object) = self.ref_value(&full)? {
            return Err(exists(object));
        }
        let output = self.output(call)?;
        match (output.success(), self.ref_value(&full)?) {
            (true, Some(object)) => Ok(object),
            (true, None) => Err(GitError::malformed(call, "the tag is not there")),
            // Somebody else was faster.
            (false, Some(object)) => Err(exists(object)),
            (false, None) => Err(self.commit_failed(call, &output)),
        }
    }

    /// `git commit` gives the same code for "nothing to commit" and for a hook that refuses.
    fn ensure_staged(&self, paths: &[String]) -> Result<(), GitError> {
        let call = Call::new(["diff", "--cached", "--quiet", "--no-ext-diff", "--no-textconv", "--"])
            .args(paths)
            .question();
        let output = self.output(&call)?;
        match output.status {
            Some(0) => Err(GitError::NothingToCommit { dir: self.dir().to_owned() }),
            Some(1) => Ok(()),
            _ => Err(GitError::failed(&call, &output)),
        }
    }
}
