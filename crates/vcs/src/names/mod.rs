//! Names and ids that git accepts, checked once on every way in.

mod id;
mod rules;
#[cfg(test)]
mod tests;

use std::fmt;

pub use id::{CommitId, ObjectId};

/// Why a text is not the name or id it was taken for.
///
/// The message shows the text with control characters escaped and says which rule it breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidName {
    what: &'static str,
    text: String,
    why: &'static str,
}

impl InvalidName {
    fn new(what: &'static str, text: &str, why: &'static str) -> Self {
        // A name may be as long as whatever file it came from: an error has no use for all of it.
        const SHOWN: usize = 80;
        // Somebody who writes a URL where a remote belongs must not find its password in a log.
        let text = crate::redacted(text);
        let mut shown: String = text.chars().take(SHOWN).flat_map(char::escape_debug).collect();
        if text.chars().nth(SHOWN).is_some() {
            shown.push('…');
        }
        Self { what, text: shown, why }
    }
}

impl fmt::Display for InvalidName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a valid {}: {}", self.text, self.what, self.why)
    }
}

impl std::error::Error for InvalidName {}

/// Declares a text type that can only hold what its check lets through.
macro_rules! checked_text {
    ($(#[$doc:meta])* $name:ident, $what:literal, $check:path) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The text itself.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::names::InvalidName;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match $check(text) {
                    Ok(text) => Ok(Self(text)),
                    Err(why) => Err($crate::names::InvalidName::new($what, text, why)),
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::names::InvalidName;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl AsRef<std::ffi::OsStr> for $name {
            fn as_ref(&self) -> &std::ffi::OsStr {
                self.0.as_ref()
            }
        }
    };
}
use checked_text;

checked_text! {
    /// A branch without `refs/heads/`, by the rules of `git check-ref-format --branch`.
    ///
    /// ```
    /// use tminus_vcs::BranchName;
    ///
    /// assert_eq!("release-0.4.x".parse::<BranchName>()?.as_str(), "release-0.4.x");
    /// assert!("--upload-pack=evil".parse::<BranchName>().is_err());
    /// assert!("a..b".parse::<BranchName>().is_err());
    /// # Ok::<(), tminus_vcs::InvalidName>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Empty, longer than 255 bytes, beginning with `-`, `HEAD`, or whatever [`RefName`] refuses after `refs/heads/`.
    BranchName, "branch name", rules::branch
}

checked_text! {
    /// A tag without `refs/tags/`, by the rules of `git check-ref-format`.
    ///
    /// ```
    /// use tminus_vcs::TagName;
    ///
    /// assert_eq!("v0.4.0rc1".parse::<TagName>()?.as_str(), "v0.4.0rc1");
    /// assert_eq!("pkg@1.0".parse::<TagName>()?.to_string(), "pkg@1.0");
    /// assert!("v1 final".parse::<TagName>().is_err());
    /// # Ok::<(), tminus_vcs::InvalidName>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Empty, longer than 255 bytes, beginning with `-`, or whatever [`RefName`] refuses after `refs/tags/`.
    TagName, "tag name", rules::tag
}

checked_text! {
    /// The name of a remote that is set up in the repository's configuration, such as `origin`; never a URL.
    ///
    /// ```
    /// use tminus_vcs::RemoteName;
    ///
    /// assert_eq!("origin".parse::<RemoteName>()?.as_str(), "origin");
    /// assert!("https://forge.example/x.git".parse::<RemoteName>().is_err());
    /// # Ok::<(), tminus_vcs::InvalidName>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Empty, longer than 255 bytes, beginning with `-`, or not fit to stand in `refs/remotes/NAME/BRANCH`.
    RemoteName, "remote name", rules::remote
}

checked_text! {
    /// A full reference name such as `refs/heads/main` or `refs/tminus/record`.
    ///
    /// ```
    /// use tminus_vcs::{BranchName, RefName};
    ///
    /// let main: BranchName = "main".parse()?;
    /// assert_eq!(RefName::from(&main).as_str(), "refs/heads/main");
    /// assert_eq!(RefName::from(&main).branch(), Some(main));
    /// assert!("main".parse::<RefName>().is_err());
    /// # Ok::<(), tminus_vcs::InvalidName>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Not beginning with `refs/`; `..`, `@{`, `//`, `\`, a space or one of `~^:?*[`; a control character; a part that
    /// begins with `.` or ends with `.lock`; a final `.` or `/`; longer than 1024 bytes.
    RefName, "reference name", rules::full
}

impl RefName {
    /// The branch this names, if it lies under `refs/heads/`.
    pub fn branch(&self) -> Option<BranchName> {
        self.0.strip_prefix("refs/heads/")?.parse().ok()
    }

    /// The tag this names, if it lies under `refs/tags/`.
    pub fn tag(&self) -> Option<TagName> {
        self.0.strip_prefix("refs/tags/")?.parse().ok()
    }
}

impl RemoteName {
    /// `origin`, the remote that `git clone` makes.
    pub fn origin() -> Self {
        Self("origin".to_owned())
    }
}

impl From<&BranchName> for RefName {
    fn from(branch: &BranchName) -> Self {
        Self(format!("refs/heads/{branch}"))
    }
}

impl From<&TagName> for RefName {
    fn from(tag: &TagName) -> Self {
        Self(format!("refs/tags/{tag}"))
    }
}
