//! What lies between two versions, and the next one.

use std::cmp::Ordering;
use std::fmt;

use super::scan;
use super::{MAX_NUMBER, Mode, Version};
use crate::MAX_VERSION_BYTES;
use crate::semver::grammar::compare_identifier;

/// The kinds of increment, by the names that `npm version` gives them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Increment {
    /// `1.2.3` to `2.0.0`, `2.0.0-1` to `2.0.0`.
    Major,
    /// `1.2.3` to `1.3.0`, `1.3.0-1` to `1.3.0`.
    Minor,
    /// `1.2.3` to `1.2.4`, `1.2.4-1` to `1.2.4`.
    Patch,
    /// `1.2.3` to `2.0.0-0`.
    Premajor,
    /// `1.2.3` to `1.3.0-0`.
    Preminor,
    /// `1.2.3` to `1.2.4-0`.
    Prepatch,
    /// `1.2.3` to `1.2.4-0`, `1.2.4-0` to `1.2.4-1`.
    Prerelease,
    /// `1.2.3-0` to `1.2.3-1`, and `1.2.3` back to `1.2.3-0`.
    Pre,
    /// `1.2.3-1` to `1.2.3`.
    Release,
}

impl Increment {
    fn is_pre(self) -> bool {
        matches!(self, Self::Premajor | Self::Preminor | Self::Prepatch | Self::Prerelease | Self::Pre)
    }
}

/// The number with which a new pre-release begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum IdentifierBase {
    /// `1.2.4-beta.0`.
    #[default]
    Zero,
    /// `1.2.4-beta.1`.
    One,
    /// No number: `1.2.4-beta`.
    None,
}

/// The most significant part in which two versions differ.
///
/// `Display` gives the name that node-semver has for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Difference {
    /// The first number.
    Major,
    /// The first number, towards a pre-release.
    Premajor,
    /// The second number.
    Minor,
    /// The second number, towards a pre-release.
    Preminor,
    /// The third number.
    Patch,
    /// The third number, towards a pre-release.
    Prepatch,
    /// Only the pre-release part.
    Prerelease,
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Major => "major",
            Self::Premajor => "premajor",
            Self::Minor => "minor",
            Self::Preminor => "preminor",
            Self::Patch => "patch",
            Self::Prepatch => "prepatch",
            Self::Prerelease => "prerelease",
        })
    }
}

/// There is no next version of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IncrementError {
    /// A pre-release without a number needs an identifier.
    #[error("a pre-release without a number needs an identifier")]
    IdentifierEmpty,
    /// The identifier is no pre-release part.
    #[error(
        "{identifier:?} is no identifier of a pre-release: use letters, digits and hyphens, separated by dots"
    )]
    InvalidIdentifier {
        /// The identifier as given.
        identifier: String,
    },
    /// The version has exactly this identifier already and no number is wanted.
    #[error("{version} already has the identifier {identifier:?}")]
    IdentifierExists {
        /// The version as written.
        version: String,
        /// The identifier as given.
        identifier: String,
    },
    /// A release has nothing that a release would take off.
    #[error("{version} is not a pre-release")]
    NotPrerelease {
        /// The version as written.
        version: String,
    },
    /// A number or the text of the next version would be beyond what a version may have.
    #[error("the version after {version} would be no npm version: a number or its length is too large")]
    TooLarge {
        /// The version as written.
        version: String,
    },
}

impl Version {
    /// The most significant part in which two versions differ in order, as node-semver's `diff`.
    ///
    /// ```
    /// use tminus_versioning::npm::{Difference, Version};
    ///
    /// let old: Version = "1.2.3".parse()?;
    /// assert_eq!(old.difference(&"1.3.0-rc.1".parse()?), Some(Difference::Preminor));
    /// assert_eq!(old.difference(&"1.2.3+build".parse()?), None);
    /// # Ok::<(), tminus_versioning::npm::ParseVersionError>(())
    /// ```
    pub fn difference(&self, other: &Self) -> Option<Difference> {
        let (high, low) = match self.cmp_precedence(other) {
            Ordering::Equal => return None,
            Ordering::Greater => (self, other),
            Ordering::Less => (other, self),
        };
        let [major, minor, patch] = low.numbers();
        if low.is_prerelease() && !high.is_prerelease() {
            if minor == 0 && patch == 0 {
                return Some(Difference::Major);
            }
            if low.has_same_numbers(high) {
                return Some(if minor > 0 && patch == 0 { Difference::Minor } else { Difference::Patch });
            }
        }
        let difference = |plain, pre| Some(if high.is_prerelease() { pre } else { plain });
        if major != high.major() {
            difference(Difference::Major, Difference::Premajor)
        } else if minor != high.minor() {
            difference(Difference::Minor, Difference::Preminor)
        } else if patch != high.patch() {
            difference(Difference::Patch, Difference::Prepatch)
        } else {
            Some(Difference::Prerelease)
        }
    }

    /// The next version, as node-semver's `inc`; the build metadata stays.
    ///
    /// The identifier matters to the kinds whose name starts with `pre`.
    ///
    /// ```
    /// use tminus_versioning::npm::{IdentifierBase, Increment, Version};
    ///
    /// let version: Version = "1.2.3".parse()?;
    /// let beta = version.increment(Increment::Preminor, Some("beta"), IdentifierBase::One)?;
    /// assert_eq!(beta.to_string(), "1.3.0-beta.1");
    /// let next = beta.increment(Increment::Prerelease, None, IdentifierBase::default())?;
    /// assert_eq!(next.to_string(), "1.3.0-beta.2");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// - a pre-release with neither an identifier nor a number: `1.2.3` and [`IdentifierBase::None`]
    /// - no number wanted where the identifier is there already: `1.2.3-beta` and `beta`
    /// - an identifier that is no strict pre-release part: `a/b`, `01`
    /// - [`Increment::Release`] of a release
    /// - a number beyond 2⁵³ − 1, or more than 256 characters
    pub fn increment(
        &self,
        kind: Increment,
        identifier: Option<&str>,
        base: IdentifierBase,
    ) -> Result<Self, IncrementError> {
        let identifier = identifier.filter(|identifier| !identifier.is_empty());
        if kind.is_pre() {
            match identifier {
                None if base == IdentifierBase::None => return Err(IncrementError::IdentifierEmpty),
                Some(identifier) if !is_identifier(identifier) => {
                    return Err(IncrementError::InvalidIdentifier { identifier: identifier.to_owned() });
                }
                _ => {}
            }
        }
        let [mut major, mut minor, mut patch] = self.numbers();
        let mut pre = self.pre().to_owned();
        match kind {
            Increment::Premajor => {
                (major, minor, patch) = (major + 1, 0, 0);
                pre.clear();
            }
            Increment::Preminor => {
                (minor, patch) = (minor + 1, 0);
                pre.clear();
            }
            Increment::Prepatch => {
                patch += 1;
                pre.clear();
            }
            Increment::Prerelease if pre.is_empty() => patch += 1,
            Increment::Prerelease | Increment::Pre => {}
            Increment::Release if pre.is_empty() => {
                return Err(IncrementError::NotPrerelease { version: self.as_written().to_owned() });
            }
            Increment::Release => pre.clear(),
            Increment::Major => {
                if minor != 0 || patch != 0 || pre.is_empty() {
                    major += 1;
                }
                (minor, patch) = (0, 0);
                pre.clear();
            }
            Increment::Minor => {
                if patch != 0 || pre.is_empty() {
                    minor += 1;
                }
                patch = 0;
                pre.clear();
            }
            Increment::Patch => {
                if pre.is_empty() {
                    patch += 1;
                }
                pre.clear();
            }
        }
        if kind.is_pre() {
            pre = self.next_pre(&pre, identifier, base)?;
        }
        let build = self.build();
        let next = Self::compose([major, minor, patch], &pre, build);
        if major > MAX_NUMBER
            || minor > MAX_NUMBER
            || patch > MAX_NUMBER
            || next.as_written().len() > MAX_VERSION_BYTES
        {
            return Err(IncrementError::TooLarge { version: self.as_written().to_owned() });
        }
        Ok(next)
    }

    /// The version with everything below `part` set to nothing, as node-semver's `truncate`.
    ///
    /// The kinds whose name starts with `pre` take off the build metadata alone. There is no such part for
    /// [`Increment::Pre`] and [`Increment::Release`].
    ///
    /// ```
    /// use tminus_versioning::npm::{Increment, Version};
    ///
    /// let version: Version = "4.5.6-rc.2+build".parse()?;
    /// assert_eq!(version.truncate(Increment::Minor).unwrap().to_string(), "4.5.0");
    /// # Ok::<(), tminus_versioning::npm::ParseVersionError>(())
    /// ```
    pub fn truncate(&self, part: Increment) -> Option<Self> {
        let [major, minor, patch] = self.numbers();
        match part {
            Increment::Pre | Increment::Release => None,
            Increment::Major => Some(Self::compose([major, 0, 0], "", "")),
            Increment::Minor => Some(Self::compose([major, minor, 0], "", "")),
            Increment::Patch => Some(Self::compose([major, minor, patch], "", "")),
            Increment::Premajor | Increment::Preminor | Increment::Prepatch | Increment::Prerelease => {
                Some(Self::compose([major, minor, patch], self.pre(), ""))
            }
        }
    }

    fn next_pre(
        &self,
        pre: &str,
        identifier: Option<&str>,
        base: IdentifierBase,
    ) -> Result<String, IncrementError> {
        let number = if base == IdentifierBase::One { "1" } else { "0" };
        let mut parts: Vec<String> =
            pre.split('.').filter(|part| !part.is_empty()).map(String::from).collect();
        let had_parts = !parts.is_empty();
        let counted =
            parts.iter_mut().rev().find_map(|part| scan::small_number(part).map(|value| (part, value)));
        match counted {
            Some((part, value)) => *part = (value + 1).to_string(),
            None if had_parts && base == IdentifierBase::None && identifier == Some(pre) => {
                return Err(IncrementError::IdentifierExists {
                    version: self.as_written().to_owned(),
                    identifier: pre.to_owned(),
                });
            }
            None => parts.push(number.to_owned()),
        }
        if let Some(identifier) = identifier {
            let wanted: Vec<&str> = identifier.split('.').collect();
            let starts_with_it = wanted.len() <= parts.len()
                && wanted.iter().zip(&parts).all(|(wanted, part)| {
                    compare_identifier(wanted.as_bytes(), part.as_bytes()) == Ordering::Equal
                });
            let goes_on =
                starts_with_it && parts.get(wanted.len()).is_some_and(|part| is_javascript_number(part));
            if !goes_on {
                return Ok(match base {
                    IdentifierBase::None => identifier.to_owned(),
                    IdentifierBase::Zero | IdentifierBase::One => format!("{identifier}.{number}"),
                });
            }
        }
        Ok(parts.join("."))
    }
}

fn is_identifier(text: &str) -> bool {
    scan::identifiers(text.as_bytes(), 0, Mode::Strict) == Ok(text.len())
}

/// Whether JavaScript's `isNaN` denies an identifier: node-semver then takes it for the number that it looks for.
fn is_javascript_number(identifier: &str) -> bool {
    let all =
        |text: &str, is_digit: fn(&u8) -> bool| !text.is_empty() && text.as_bytes().iter().all(is_digit);
    if let Some((b'0', [kind, ..])) = identifier.as_bytes().split_first() {
        let digits = identifier.get(2..).unwrap_or_default();
        match kind {
            b'x' | b'X' => return all(digits, u8::is_ascii_hexdigit),
            b'o' | b'O' => return all(digits, |byte| (b'0'..=b'7').contains(byte)),
            b'b' | b'B' => return all(digits, |byte| matches!(byte, b'0' | b'1')),
            _ => {}
        }
    }
    let number = identifier.strip_prefix('-').unwrap_or(identifier);
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let exponent = exponent.strip_prefix('-').unwrap_or(exponent);
    number == "Infinity" || (all(mantissa, u8::is_ascii_digit) && all(exponent, u8::is_ascii_digit))
}
