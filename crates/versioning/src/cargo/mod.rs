//! Versions of Cargo packages, [SemVer 2.0.0](https://semver.org/spec/v2.0.0.html) as Cargo reads it, and what Cargo
//! [requires](https://doc.rust-lang.org/cargo/reference/specifying-dependencies.html) of one.
//!
//! # Deviations
//!
//! Numbers stop at 2⁶⁴ − 1, as in Cargo itself, and text at [`MAX_VERSION_BYTES`]; that of a requirement at 4096 bytes.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use crate::MAX_VERSION_BYTES;
use crate::serde_text::serde_as_text;

mod error;
mod requirement;
mod requirement_error;
#[cfg(test)]
mod tests;

pub use error::ParseVersionError;
pub use requirement::{Comparator, Operator, VersionReq};
pub use requirement_error::ParseVersionReqError;

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
    parsed: ::semver::Version,
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
            return Err(ParseVersionError::too_long(text.len()));
        }
        match ::semver::Version::parse(text) {
            Ok(parsed) => Ok(Self { parsed }),
            Err(_) => Err(ParseVersionError::locate(text)),
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parsed.fmt(formatter)
    }
}

serde_as_text!(Version, "a SemVer version, such as `0.4.0-rc.1`", ToString::to_string);
