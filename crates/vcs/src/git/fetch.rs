//! Fetching: what was asked for, and nothing along with it.

use super::call::Call;
use super::{Git, GitError};
use crate::names::RemoteName;

/// What a fetch may do beside the references it is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FetchMode {
    /// Which tags come along.
    pub tags: FetchTags,
    /// Remove what the remote no longer has from the references that are fetched into. The user's `fetch.prune` does not
    /// count: only this does.
    pub prune: bool,
    /// Fetch the history that a shallow clone left out; nothing happens in a clone that is complete.
    pub unshallow: bool,
}

/// Which tags a fetch takes along.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FetchTags {
    /// What the user's configuration says (`remote.NAME.tagOpt`); else those that lead to what is fetched.
    #[default]
    AsConfigured,
    /// None but those in the refspecs.
    None,
    /// All tags of the remote. A tag that exists here with another content is an error, never overwritten.
    All,
}

impl Git {
    /// Fetches from a remote; refspecs are as on git's command line, and without any the remote's configured ones count.
    ///
    /// `FETCH_HEAD` stays as the user left it, submodules are left alone, and nothing is pruned.
    ///
    /// # Errors
    ///
    /// As for [`Git::ls_remote`]; also a refspec that cannot be satisfied, and [`GitError::InvalidRefspec`].
    pub fn fetch(&self, remote: &RemoteName, refspecs: &[&str]) -> Result<(), GitError> {
        self.fetch_with(remote, refspecs, FetchMode::default())
    }

    /// Like [`Git::fetch`], with a choice of what may come along or go.
    ///
    /// # Errors
    ///
    /// As for [`Git::fetch`].
    pub fn fetch_with(
        &self,
        remote: &RemoteName,
        refspecs: &[&str],
        mode: FetchMode,
    ) -> Result<(), GitError> {
        for refspec in refspecs {
            check_refspec(refspec)?;
        }
        let shallow = mode.unshallow && self.is_shallow()?;
        let call = Call::new(["fetch", "--quiet", "--no-write-fetch-head", "--no-auto-maintenance"])
            .args(["--no-recurse-submodules", "--no-prune-tags"])
            .arg(if mode.prune { "--prune" } else { "--no-prune" })
            .args(match mode.tags {
                FetchTags::AsConfigured => None,
                FetchTags::None => Some("--no-tags"),
                FetchTags::All => Some("--tags"),
            })
            .args(shallow.then_some("--unshallow"))
            .arg("--end-of-options")
            .arg(remote)
            .args(refspecs)
            .network();
        let output = self.output(&call)?;
        if output.success() { Ok(()) } else { Err(GitError::remote_failed(&call, &output)) }
    }

    fn is_shallow(&self) -> Result<bool, GitError> {
        Ok(self.line(&Call::new(["rev-parse", "--is-shallow-repository"]).question())? == "true")
    }
}

/// The two sides of a refspec hold to the rules for names, except for one `*` in each, an id or `HEAD` on the left, and
/// nothing on the right.
fn check_refspec(refspec: &str) -> Result<(), GitError> {
    let refused = |why| Err(GitError::InvalidRefspec { refspec: refspec.escape_debug().to_string(), why });
    let sides = refspec.strip_prefix(['+', '^']).unwrap_or(refspec);
    let mut count = 0;
    for side in sides.split(':') {
        count += 1;
        if side.starts_with('-') {
            return refused("it begins with `-`");
        }
        if side.chars().any(|c| c.is_control() || " ~^?[\\".contains(c)) || side.contains("..") {
            return refused("it contains what no reference name may");
        }
    }
    match count {
        1 | 2 if !sides.is_empty() => Ok(()),
        _ => refused("it is not `SOURCE` or `SOURCE:DESTINATION`"),
    }
}

#[cfg(test)]
mod tests {
    use super::check_refspec;

    #[track_caller]
    fn check(refspec: &str, expected: bool) {
        assert_eq!(check_refspec(refspec).is_ok(), expected, "{refspec:?}");
    }

    #[test]
    fn refspecs() {
        check("main", true);
        check("+refs/heads/*:refs/remotes/origin/*", true);
        check("^refs/heads/wip/*", true);
        check("refs/heads/main:", true);
        check(&"a".repeat(40), true);
        check("", false);
        check("+", false);
        check("--upload-pack=touch x", false);
        check("+--upload-pack=x", false);
        check("main:-x", false);
        check("a:b:c", false);
        check("a\nb", false);
        check("a b", false);
        check("a..b", false);
    }
}
