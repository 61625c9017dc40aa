use std::fmt;
use std::str::FromStr;

use crate::serde_text::serde_as_text;

/// The longest tag name in bytes: what file systems allow for one path component, where git keeps loose tags.
const MAX_BYTES: usize = 250;

/// The name of a tag that git accepts, without `refs/tags/`.
///
/// The rules are those of [git check-ref-format](https://git-scm.com/docs/git-check-ref-format).
///
/// # Deviations
///
/// Four names that the rules allow are refused because commands read them as something else: `@`, `HEAD`, names that
/// start with `-`, and names that start with `refs/`. Names beyond 250 bytes are refused because many file systems cannot hold them.
///
/// ```
/// use tminus_versioning::TagName;
///
/// let tag: TagName = "@scope/package@1.2.0".parse()?;
/// assert_eq!(tag.reference(), "refs/tags/@scope/package@1.2.0");
/// assert!("v1..2".parse::<TagName>().is_err());
/// # Ok::<(), tminus_versioning::tag::TagNameError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TagName {
    name: String,
}

impl TagName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// The full name of the reference: `refs/tags/` and the name.
    pub fn reference(&self) -> String {
        format!("refs/tags/{}", self.name)
    }
}

impl FromStr for TagName {
    type Err = TagNameError;

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
            Some(reason) => Err(TagNameError { name: name.chars().take(MAX_BYTES).collect(), reason }),
        }
    }
}

/// The first rule that a name breaks; the rules are the same for tags and branches.
pub(crate) fn objection(name: &str) -> Option<&'static str> {
    let forbidden = |byte: u8| byte <= b' ' || byte == 0x7f || b"~^:?*[\\".contains(&byte);
    if name.is_empty() {
        Some("it is empty")
    } else if name.len() > MAX_BYTES {
        Some("it is longer than 250 bytes")
    } else if name.bytes().any(forbidden) {
        Some("it must not hold white space, control characters or any of ~^:?*[\\")
    } else if name == "@" || name == "HEAD" || name.starts_with("refs/") {
        Some("git reads it as something else than a name")
    } else if name.starts_with('-') {
        Some("it must not start with `-`")
    } else if name.contains("..") {
        Some("it must not hold `..`")
    } else if name.contains("@{") {
        Some("it must not hold `@{`")
    } else if name.ends_with('.') {
        Some("it must not end with `.`")
    } else if name.split('/').any(str::is_empty) {
        Some("it must not start or end with `/` or hold `//`")
    } else if name.split('/').any(|part| part.starts_with('.')) {
        Some("no part of it may start with `.`")
    } else if name.split('/').any(has_lock_suffix) {
        Some("no part of it may end with `.lock`")
    } else {
        None
    }
}

#[expect(
    clippy::case_sensitive_file_extension_comparisons,
    reason = "git compares the suffix exactly as it is written here"
)]
fn has_lock_suffix(part: &str) -> bool {
    part.ends_with(".lock")
}

impl fmt::Display for TagName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.name)
    }
}

impl AsRef<str> for TagName {
    fn as_ref(&self) -> &str {
        &self.name
    }
}

serde_as_text!(TagName, "a tag name, such as `v0.4.0`", |tag| tag.name.clone());

/// The text cannot be the name of a tag.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name:?} cannot be a tag: {reason}")]
pub struct TagNameError {
    name: String,
    reason: &'static str,
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    /// Compares our answer with the one of `git check-ref-format`.
    #[track_caller]
    fn check(name: &str) {
        let git = Command::new("git")
            .args(["check-ref-format", &format!("refs/tags/{name}")])
            .status()
            .expect("git runs")
            .success();
        assert_eq!(name.parse::<TagName>().is_ok(), git, "{name:?}");
    }

    #[test]
    fn git_agrees() {
        let names = "v1.0 1.0 a b/c a/b/c v1.0-dev 1!2.0 v1.0+local @scope/name@1.0 é/1 v1.0.lock v1.lock/x a.locked \
                     .a a/.b a. a./b a/ /a a//b a..b a@{b a@b @a a~b a^b a:b a?b a*b a[b a]b a\\b a{b} ... .. . / \
                     x.lock/y.lock lock .lock a/.lock refs heads/x a%b a#b a'b a\"b a$b a`b a|b a;b a&b a<b";
        for name in names.split(' ').filter(|name| !name.is_empty()) {
            check(name);
        }
        for name in ["a b", "a\tb", "a\nb", "a\u{7f}b", "a\u{1}", " a", "a ", "a\u{a0}b", "a\u{200b}"] {
            check(name);
        }
    }

    #[test]
    fn names_that_commands_misread_are_refused() {
        for name in ["", "@", "HEAD", "-d", "--force", "refs/tags/v1"] {
            assert!(name.parse::<TagName>().is_err(), "{name:?}");
        }
        assert!("v".repeat(250).parse::<TagName>().is_ok());
        assert!("v".repeat(251).parse::<TagName>().is_err());
    }

    #[test]
    fn the_error_names_the_tag_and_the_rule() {
        let error = "v1..2".parse::<TagName>().unwrap_err();
        assert_eq!(error.to_string(), "\"v1..2\" cannot be a tag: it must not hold `..`");
    }
}
