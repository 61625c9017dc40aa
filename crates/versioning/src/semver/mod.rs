//! Versions by [SemVer 2.0.0](https://semver.org/spec/v2.0.0.html), exactly as its text defines them.
//!
//! Numbers have no limit, as in the specification: `99999999999999999999.0.0` is a version here, while
//! [`cargo::Version`](crate::cargo::Version) and most other implementations refuse it.
//!
//! # Deviations
//!
//! Text beyond [`MAX_VERSION_BYTES`] is refused.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use crate::MAX_VERSION_BYTES;
use crate::serde_text::serde_as_text;
use crate::text::WideText;

mod error;
pub(crate) mod grammar;
pub(crate) mod key;
#[cfg(test)]
mod tests;
pub(crate) mod usual;

pub use error::ParseVersionError;
use grammar::{Layout, Part, Shorthand};

/// A SemVer version.
///
/// A version has one spelling only, so that `Display` gives the text as it was read. The order is total and agrees with
/// equality: after the precedence of section 11 it looks at the build metadata, which that section excludes.
/// [`cmp_precedence`](Self::cmp_precedence) compares as section 11 says: use it to ask which of two versions is newer.
///
/// `1.0.0-alpha < 1.0.0-alpha.1 < 1.0.0-beta.2 < 1.0.0-beta.11 < 1.0.0-rc.1 < 1.0.0 < 1.0.0+build`
///
/// ```
/// use std::cmp::Ordering;
/// use tminus_versioning::semver::Version;
///
/// let version: Version = "1.4.0-rc.2+linux".parse()?;
/// assert_eq!((version.minor(), version.minor_text()), (Some(4), "4"));
/// assert_eq!((version.pre(), version.build()), ("rc.2", "linux"));
/// assert_eq!(version.cmp_precedence(&"1.4.0-rc.2".parse()?), Ordering::Equal);
/// assert!(version < "1.4.0-rc.10".parse()?);
///
/// let large: Version = "20000000000000000000.0.0".parse()?;
/// assert_eq!(large.major(), None);
/// assert!(large > version);
/// # Ok::<(), tminus_versioning::semver::ParseVersionError>(())
/// ```
#[derive(Clone)]
pub struct Version {
    text: WideText,
    layout: Layout,
}

impl Version {
    /// The version as text.
    pub fn as_str(&self) -> &str {
        self.text.as_str()
    }

    /// The first number, `None` beyond 2⁶⁴ − 1.
    pub fn major(&self) -> Option<u64> {
        self.layout.number(self.as_str(), Part::Major)
    }

    /// The second number, `None` beyond 2⁶⁴ − 1.
    pub fn minor(&self) -> Option<u64> {
        self.layout.number(self.as_str(), Part::Minor)
    }

    /// The third number, `None` beyond 2⁶⁴ − 1.
    pub fn patch(&self) -> Option<u64> {
        self.layout.number(self.as_str(), Part::Patch)
    }

    /// The digits of the first number.
    pub fn major_text(&self) -> &str {
        self.layout.part(self.as_str(), Part::Major)
    }

    /// The digits of the second number.
    pub fn minor_text(&self) -> &str {
        self.layout.part(self.as_str(), Part::Minor)
    }

    /// The digits of the third number.
    pub fn patch_text(&self) -> &str {
        self.layout.part(self.as_str(), Part::Patch)
    }

    /// The pre-release part without its `-`, empty when there is none.
    pub fn pre(&self) -> &str {
        self.layout.part(self.as_str(), Part::Pre)
    }

    /// The build metadata without its `+`, empty when there is none.
    pub fn build(&self) -> &str {
        self.layout.part(self.as_str(), Part::Build)
    }

    /// Whether the version has a pre-release part.
    pub fn is_prerelease(&self) -> bool {
        self.layout.has_pre()
    }

    /// Compares by SemVer section 11, without build metadata.
    #[inline]
    pub fn cmp_precedence(&self, other: &Self) -> Ordering {
        grammar::compare_precedence(
            (self.text.as_bytes(), &self.layout),
            (other.text.as_bytes(), &other.layout),
        )
    }
}

impl FromStr for Version {
    type Err = ParseVersionError;

    /// Reads a complete SemVer version.
    ///
    /// # Errors
    ///
    /// - fewer or more than three numbers: `1.0`, `1.0.0.0`
    /// - a leading zero in a number: `01.0.0`, `1.0.0-rc.01`; build metadata may have one
    /// - an empty identifier: `1.0.0-`, `1.0.0-rc..1`, `1.0.0+`
    /// - anything else than ASCII letters, digits and hyphens in an identifier: `1.0.0-rc_1`
    /// - anything in front or behind: `v1.0.0`, white space
    #[inline]
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() > MAX_VERSION_BYTES {
            return Err(ParseVersionError::too_long(text.len()));
        }
        match grammar::scan(text, Shorthand::Refused) {
            Ok(layout) => Ok(Self { text: WideText::new(text), layout }),
            Err(fault) => Err(ParseVersionError::invalid(text, fault)),
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl fmt::Debug for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Version({:?})", self.text)
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Version {}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        self.cmp_precedence(other).then_with(|| {
            // Leading zeros decide between numbers that are equal.
            let tie = |one: &[u8], other: &[u8]| one.len().cmp(&other.len());
            grammar::compare_identifiers(self.build().as_bytes(), other.build().as_bytes(), tie)
        })
    }
}

impl Hash for Version {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

serde_as_text!(Version, "a SemVer version, such as `0.4.0-rc.1`", |version| version.as_str().to_owned());
