//! Which git this is.

use std::fmt;
use std::str::FromStr;

use super::call::Call;
use super::{Git, GitError};

/// The oldest git this crate works with, of October 2022.
pub const MINIMUM_GIT: GitVersion = GitVersion { major: 2, minor: 38, patch: 0 };

/// The version of a git executable, in its order.
///
/// What vendors append (`2.39.5 (Apple Git-154)`, `2.47.1.windows.2`) and release candidates are not kept.
///
/// ```
/// use tminus_vcs::GitVersion;
///
/// let apple: GitVersion = "git version 2.39.5 (Apple Git-154)".parse().unwrap();
/// assert_eq!(apple, GitVersion { major: 2, minor: 39, patch: 5 });
/// assert!(apple < "git version 2.47.1.windows.2".parse().unwrap());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GitVersion {
    /// The first number.
    pub major: u32,
    /// The second number.
    pub minor: u32,
    /// The third number, 0 where there is none.
    pub patch: u32,
}

impl fmt::Display for GitVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// A text that is not what `git version` prints.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a version of git")]
pub struct InvalidGitVersion;

impl FromStr for GitVersion {
    type Err = InvalidGitVersion;

    /// Reads what `git version` prints.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let version = text.trim().strip_prefix("git version ").ok_or(InvalidGitVersion)?;
        let version = version.split_whitespace().next().ok_or(InvalidGitVersion)?;
        let mut numbers = version.split('.').map(str::parse::<u32>);
        let mut required = || numbers.next().and_then(Result::ok).ok_or(InvalidGitVersion);
        let (major, minor) = (required()?, required()?);
        let patch = numbers.next().and_then(Result::ok).unwrap_or(0);
        Ok(Self { major, minor, patch })
    }
}

impl Git {
    /// Asks git for its version.
    ///
    /// # Errors
    ///
    /// There is no git, or the program is something else.
    pub fn version(&self) -> Result<GitVersion, GitError> {
        let call = Call::new(["version"]);
        let line = self.line(&call)?;
        line.parse().map_err(|InvalidGitVersion| GitError::malformed(&call, format!("`{line}`")))
    }

    /// Asks git for its version and insists on a minimum.
    ///
    /// # Errors
    ///
    /// [`GitError::TooOld`], [`GitError::NotFound`].
    pub fn require(&self, minimum: GitVersion) -> Result<GitVersion, GitError> {
        let found = self.version()?;
        if found < minimum { Err(GitError::TooOld { found, minimum }) } else { Ok(found) }
    }
}

#[cfg(test)]
mod tests {
    use super::GitVersion;

    #[track_caller]
    fn check(text: &str, expected: Option<(u32, u32, u32)>) {
        let expected = expected.map(|(major, minor, patch)| GitVersion { major, minor, patch });
        assert_eq!(text.parse().ok(), expected, "{text:?}");
    }

    #[test]
    fn what_git_prints() {
        check("git version 2.47.3\n", Some((2, 47, 3)));
        check("git version 2.39.5 (Apple Git-154)", Some((2, 39, 5)));
        check("git version 2.47.1.windows.2", Some((2, 47, 1)));
        check("git version 2.50.0.rc1.35.gabcdef", Some((2, 50, 0)));
        check("git version 2.50-rc1", None);
        check("git version 3.0", Some((3, 0, 0)));
        check("hub version 2.14", None);
        check("git version", None);
        check("git version 2", None);
        check("", None);
    }
}
