use std::fmt;
use std::str::FromStr;

use crate::serde_text::serde_as_text;
use crate::tag::objection;

/// The name of a branch that git accepts, without `refs/heads/`.
///
/// The rules are those of [git check-ref-format](https://git-scm.com/docs/git-check-ref-format) with `--branch`.
///
/// # Deviations
///
/// Two names that git allows are refused because commands read them as something else: `@`, and names that start with
/// `refs/`. Names beyond 250 bytes are refused because many file systems cannot hold them.
///
/// ```
/// use tminus_versioning::BranchName;
///
/// let branch: BranchName = "release-0.4.x".parse()?;
/// assert_eq!(branch.reference(), "refs/heads/release-0.4.x");
/// assert!("release 0.4".parse::<BranchName>().is_err());
/// # Ok::<(), tminus_versioning::branch::BranchNameError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BranchName {
    name: String,
}

impl BranchName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// The full name of the reference: `refs/heads/` and the name.
    pub fn reference(&self) -> String {
        format!("refs/heads/{}", self.name)
    }
}

impl FromStr for BranchName {
    type Err = BranchNameError;

    /// Checks a name.
    ///
    /// # Errors
    ///
    /// - an empty name, or one beyond 250 bytes
    /// - white space, control characters, or one of `~^:?*[\`
    /// - `..`, `@{`, `//`, a `/` at either end, a `.` at the end
    /// - a component that starts with `.` or ends with `.lock`
    /// - `@`, `HEAD`, and anything that starts with `-` or `refs/`
    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match objection(name) {
            None => Ok(Self { name: name.to_owned() }),
            Some(reason) => Err(BranchNameError { name: name.chars().take(250).collect(), reason }),
        }
    }
}

impl fmt::Display for BranchName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.name)
    }
}

impl AsRef<str> for BranchName {
    fn as_ref(&self) -> &str {
        &self.name
    }
}

serde_as_text!(BranchName, "a branch name, such as `release-0.4.x`", |branch| branch.name.clone());

/// The text cannot be the name of a branch.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name:?} cannot be a branch: {reason}")]
pub struct BranchNameError {
    name: String,
    reason: &'static str,
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    /// Compares our answer with the one of `git check-ref-format --branch`.
    #[track_caller]
    fn check(name: &str) {
        let git = Command::new("git")
            .args(["check-ref-format", "--branch", name])
            .output()
            .expect("git runs")
            .status
            .success();
        assert_eq!(name.parse::<BranchName>().is_ok(), git, "{name:?}");
    }

    #[test]
    fn git_agrees() {
        let names = "main release-0.4.x release/0.4 releases/2 v0.4 1.x HEAD head a/HEAD HEAD/a -x --all a-b a/-b \
                     x.lock x.lock/y .x x/.y x. ./x x./y a..b a@{b @{u} @x x@ a@b a~b a^b a:b a?b a*b a[b a]b a\\b \
                     a{b} ... / /a a/ a//b é/ü a%b a#b a'b a\"b a$b a`b a|b a;b a&b a<b lock a.locked rc-0.2.24rc1";
        for name in names.split(' ').filter(|name| !name.is_empty()) {
            check(name);
        }
        for name in ["", "a b", "a\tb", "a\nb", "a\u{7f}b", "a\u{1}", " a", "a ", "a\u{a0}b", "a\u{200b}"] {
            check(name);
        }
    }

    #[test]
    fn names_that_commands_misread_are_refused() {
        for name in ["@", "refs/heads/main", "refs/x"] {
            assert!(name.parse::<BranchName>().is_err(), "{name:?}");
        }
        assert!("b".repeat(250).parse::<BranchName>().is_ok());
        assert!("b".repeat(251).parse::<BranchName>().is_err());
        let error = "a..b".parse::<BranchName>().unwrap_err();
        assert_eq!(error.to_string(), "\"a..b\" cannot be a branch: it must not hold `..`");
        assert_eq!(
            "HEAD".parse::<BranchName>().unwrap_err().to_string(),
            "\"HEAD\" cannot be a branch: git reads it as something else than a name"
        );
        let json = serde_json::to_string(&"main".parse::<BranchName>().unwrap()).unwrap();
        assert_eq!(serde_json::from_str::<BranchName>(&json).unwrap().as_str(), "main");
    }
}
