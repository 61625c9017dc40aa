use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use super::{ParseVersionReqError, Version};
use crate::serde_text::serde_as_text;

/// The longest requirement in bytes, far above any that a manifest holds.
pub(super) const MAX_BYTES: usize = 4096;

/// What a dependency of a Cargo package requires: `^1.2`, `>=1.2, <1.5`, `=1.0.0-rc.1`, `*`.
///
/// `Display` gives the canonical form, [`as_written`](Self::as_written) the text as it was given. Equality and hash look
/// at the comparators alone, in their order.
///
/// ```
/// use tminus_versioning::cargo::VersionReq;
///
/// let requirement: VersionReq = "0.4, <0.4.7".parse()?;
/// assert_eq!(requirement.to_string(), "^0.4, <0.4.7");
/// assert!(requirement.matches(&"0.4.6".parse()?));
/// assert!(!requirement.matches(&"0.5.0".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct VersionReq {
    parsed: ::semver::VersionReq,
    written: Box<str>,
}

/// One comparator of a requirement: an operator and a version, perhaps in part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Comparator<'a> {
    parsed: &'a ::semver::Comparator,
}

/// How a comparator compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Operator {
    /// `=1.2.3`, and any version that starts with `1.2` for `=1.2`.
    Exact,
    /// `>1.2.3`
    Greater,
    /// `>=1.2.3`
    GreaterEq,
    /// `<1.2.3`
    Less,
    /// `<=1.2.3`
    LessEq,
    /// `~1.2.3`: the last number written may grow, and those after it.
    Tilde,
    /// `^1.2.3`, also written `1.2.3`: everything may grow after the first number that is not 0.
    Caret,
    /// `1.2.*`
    Wildcard,
}

impl VersionReq {
    /// The text as it was given, without the spaces around it.
    pub fn as_written(&self) -> &str {
        &self.written
    }

    /// The comparators, all of which must hold; none for `*`.
    pub fn comparators(&self) -> impl ExactSizeIterator<Item = Comparator<'_>> {
        self.parsed.comparators.iter().map(|parsed| Comparator { parsed })
    }

    /// Whether a version satisfies the requirement, as Cargo decides it.
    ///
    /// A pre-release matches only when one of the comparators has a pre-release part and the same three numbers:
    /// `>=1.0.0-rc.1` takes `1.0.0-rc.2` and `1.0.1`, but neither `1.0.1-rc.1` nor `2.0.0-rc.1`, and `*` and `>=0.9`
    /// take no pre-release at all. Two consequences surprise:
    ///
    /// - An upper bound without pre-release part does not keep the pre-releases of that bound out: `>=1.0.0-alpha, <1.0.0`
    ///   takes `1.0.0-beta`, which is less than `1.0.0`. `<1.0` and `<1` do keep it out.
    /// - `=1.2` compares with an empty pre-release part, so that no pre-release satisfies it.
    ///
    /// Build metadata is ignored on both sides.
    ///
    /// ```
    /// use tminus_versioning::cargo::VersionReq;
    ///
    /// let requirement: VersionReq = ">=1.0.0-rc.1".parse()?;
    /// assert!(requirement.matches(&"1.0.0-rc.2".parse()?));
    /// assert!(!requirement.matches(&"1.0.1-rc.1".parse()?));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn matches(&self, version: &Version) -> bool {
        self.parsed.matches(&version.parsed)
    }
}

impl Comparator<'_> {
    /// How it compares; [`Operator::Caret`] when no operator is written.
    pub fn operator(&self) -> Operator {
        match self.parsed.op {
            ::semver::Op::Exact => Operator::Exact,
            ::semver::Op::Greater => Operator::Greater,
            ::semver::Op::GreaterEq => Operator::GreaterEq,
            ::semver::Op::Less => Operator::Less,
            ::semver::Op::LessEq => Operator::LessEq,
            ::semver::Op::Tilde => Operator::Tilde,
            ::semver::Op::Wildcard => Operator::Wildcard,
            // The enum is open, but an operator that does not exist yet is never parsed.
            _ => Operator::Caret,
        }
    }

    /// The first number.
    pub fn major(&self) -> u64 {
        self.parsed.major
    }

    /// The second number, `None` when it is not written or a wildcard.
    pub fn minor(&self) -> Option<u64> {
        self.parsed.minor
    }

    /// The third number, `None` when it is not written or a wildcard.
    pub fn patch(&self) -> Option<u64> {
        self.parsed.patch
    }

    /// The pre-release part without its `-`, empty when there is none.
    pub fn pre(&self) -> &str {
        self.parsed.pre.as_str()
    }
}

impl FromStr for VersionReq {
    type Err = ParseVersionReqError;

    /// Reads a requirement as it is written in a `Cargo.toml`.
    ///
    /// # Errors
    ///
    /// - an empty text; `*` is the requirement that any version satisfies
    /// - comparators without a comma between them: `>=1.0 <2.0`, `1.0 || 2.0`, `1.0 - 2.0`
    /// - a wildcard beside other comparators, or before a number: `*, 1.0`, `1.*.2`
    /// - what no version can hold: `01.0`, `1.0.0-`, `v1.0`
    /// - more than 32 comparators, or more than 4096 bytes
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() > MAX_BYTES {
            return Err(ParseVersionReqError::too_long(text.len()));
        }
        match ::semver::VersionReq::parse(text) {
            Ok(parsed) => Ok(Self { parsed, written: text.trim_matches(' ').into() }),
            Err(_) => Err(ParseVersionReqError::locate(text)),
        }
    }
}

impl fmt::Display for VersionReq {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parsed.fmt(formatter)
    }
}

impl fmt::Display for Comparator<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parsed.fmt(formatter)
    }
}

impl fmt::Debug for VersionReq {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "VersionReq({:?})", self.written)
    }
}

impl PartialEq for VersionReq {
    fn eq(&self, other: &Self) -> bool {
        self.parsed == other.parsed
    }
}

impl Eq for VersionReq {}

impl Hash for VersionReq {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.parsed.hash(state);
    }
}

serde_as_text!(VersionReq, "a requirement of Cargo, such as `^0.4`", |requirement| requirement
    .written
    .to_string());
