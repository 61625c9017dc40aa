//! Versions of Cargo packages: [SemVer 2.0.0](https://semver.org/spec/v2.0.0.html) as Cargo reads it.
//!
//! # Deviations
//!
//! Numbers stop at 2⁶⁴ − 1, as in Cargo itself, and text at [`MAX_VERSION_BYTES`].

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use crate::MAX_VERSION_BYTES;
use crate::serde_text::serde_as_text;

/// A SemVer version.
///
/// The order is total and agrees with equality, so that it also looks at build metadata, which SemVer section 10
/// excludes. [`cmp_precedence`](Self::cmp_precedence) compares as SemVer section 11 says: use it to ask which of two
/// versions is newer.
///
/// `1.0.0-alpha < 1.0.0-alpha.1 < 1.0.0-beta.2 < 1.0.0-beta.11 < 1.0.0-rc.1 < 1.0.0 < 1.0.0+build`
///
/// ```
/// use std::cmp::Ordering;
/// use tminus_versioning::cargo::Version;
///
/// let plain: Version = "0.4.0".parse()?;
/// let built: Version = "0.4.0+7".parse()?;
/// assert_eq!(plain.cmp_precedence(&built), Ordering::Equal);
/// assert!(plain < built);
/// # Ok::<(), tminus_versioning::cargo::ParseVersionError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    parsed: semver::Version,
}

impl Version {
    /// The first number.
    pub fn major(&self) -> u64 {
        self.parsed.major
    }

    /// The second number.
    pub fn minor(&self) -> u64 {
        self.parsed.minor
    }

    /// The third number.
    pub fn patch(&self) -> u64 {
        self.parsed.patch
    }

    /// The pre-release part without its `-`, empty when there is none.
    pub fn pre(&self) -> &str {
        self.parsed.pre.as_str()
    }

    /// The build metadata without its `+`, empty when there is none.
    pub fn build(&self) -> &str {
        self.parsed.build.as_str()
    }

    /// Whether the version has a pre-release part.
    pub fn is_prerelease(&self) -> bool {
        !self.parsed.pre.is_empty()
    }

    /// Compares by SemVer section 11, without build metadata.
    pub fn cmp_precedence(&self, other: &Self) -> Ordering {
        self.parsed.cmp_precedence(&other.parsed)
    }
}

impl FromStr for Version {
    type Err = ParseVersionError;

    /// Reads a complete SemVer version.
    ///
    /// # Errors
    ///
    /// - fewer or more than three numbers: `1.0`, `1.0.0.0`
    /// - a leading zero: `01.0.0`, `1.0.0-rc.01`
    /// - anything in front: `v1.0.0`, `=1.0.0`, white space
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() > MAX_VERSION_BYTES {
            return Err(ParseVersionError::TooLong { bytes: text.len() });
        }
        match semver::Version::parse(text) {
            Ok(parsed) => Ok(Self { parsed }),
            Err(source) => {
                Err(ParseVersionError::Invalid { text: text.to_owned(), source: Box::new(source) })
            }
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parsed.fmt(formatter)
    }
}

serde_as_text!(Version, "a SemVer version, such as `0.4.0-rc.1`", ToString::to_string);

/// The text is not a SemVer version.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ParseVersionError {
    /// The text is longer than any version.
    #[error("a version is at most {MAX_VERSION_BYTES} bytes long, this text has {bytes}")]
    TooLong {
        /// The length of the text.
        bytes: usize,
    },
    /// The text does not follow the grammar; the source says where.
    #[error("{text:?} is not a SemVer version")]
    Invalid {
        /// The text as given.
        text: String,
        /// What the parser found.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_order(texts: &[&str]) {
        let versions: Vec<Version> = texts.iter().map(|text| text.parse().unwrap()).collect();
        for pair in versions.windows(2) {
            assert_eq!(pair[0].cmp_precedence(&pair[1]), Ordering::Less, "{} {}", pair[0], pair[1]);
            assert!(pair[0] < pair[1]);
        }
    }

    #[track_caller]
    fn check_refused(text: &str) {
        assert!(text.parse::<Version>().is_err(), "{text:?} was accepted");
    }

    #[test]
    fn order_is_the_one_of_the_specification() {
        check_order(&[
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-alpha.beta",
            "1.0.0-beta",
            "1.0.0-beta.2",
            "1.0.0-beta.11",
            "1.0.0-rc.1",
            "1.0.0",
            "1.0.1",
            "1.1.0",
            "2.0.0",
        ]);
    }

    #[test]
    fn what_cargo_refuses_is_refused() {
        for text in
            ["", "1", "1.0", "v1.0.0", "=1.0.0", " 1.0.0", "1.0.0.0", "01.0.0", "1.0.0-rc.01", "1.0.0-"]
        {
            check_refused(text);
        }
        check_refused(&format!("1.0.0-{}", "a".repeat(300)));
    }

    #[test]
    fn parts_are_readable_and_the_text_survives_json() {
        let version: Version = "1.2.3-rc.1+build.5".parse().unwrap();
        assert_eq!((version.major(), version.minor(), version.patch()), (1, 2, 3));
        assert_eq!((version.pre(), version.build()), ("rc.1", "build.5"));
        assert!(version.is_prerelease());
        let json = serde_json::to_string(&version).unwrap();
        assert_eq!(json, "\"1.2.3-rc.1+build.5\"");
        assert_eq!(serde_json::from_str::<Version>(&json).unwrap(), version);
    }
}
