use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Range;

use super::{ParseVersionError, Version, trimmed};

mod clause;
mod error;
mod satisfiable;
mod set;
#[cfg(test)]
mod tests;

use clause::Clause;
pub use error::ParseSpecifierError;
pub use set::SpecifierSet;

/// The longest set of specifiers that is read, in bytes.
pub const MAX_SPECIFIERS_BYTES: usize = 4096;

/// How a clause compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operator {
    /// `~=`: this version or a later one of the same series.
    Compatible,
    /// `==`: this version, or with `.*` any one that starts so.
    Equal,
    /// `!=`: any but this version, or with `.*` any that does not start so.
    NotEqual,
    /// `<=`: this version or an older one.
    AtMost,
    /// `>=`: this version or a newer one.
    AtLeast,
    /// `<`: an older version, and no pre-release of this one.
    Less,
    /// `>`: a newer version, and no post-release of this one.
    Greater,
    /// `===`: the same text, whatever it means.
    Arbitrary,
}

impl Operator {
    /// The operator as it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Compatible => "~=",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::AtMost => "<=",
            Self::AtLeast => ">=",
            Self::Less => "<",
            Self::Greater => ">",
            Self::Arbitrary => "===",
        }
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// What happens to pre-releases when versions are matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Prereleases {
    /// As PEP 440 recommends: a pre-release is taken when a clause names one, or when there is nothing else to take.
    ///
    /// A single version has nothing beside it, so that `contains` takes it.
    #[default]
    Default,
    /// They are versions like all others.
    Allow,
    /// They never match.
    Exclude,
}

/// One clause of a [`SpecifierSet`], with its place in the text.
///
/// `Display` gives the clause without white space in it and otherwise as it was written. Two clauses are equal when
/// their operators are the same and their versions mean the same; with `~=` the versions must also have as many
/// numbers, and with `===` or `.*` the same text.
///
/// ```
/// use tminus_versioning::pep440::{Operator, Prereleases, Specifier};
///
/// let clause = Specifier::parse(" ~= 1.4.2")?;
/// assert_eq!((clause.operator(), clause.version()), (Operator::Compatible, "1.4.2"));
/// assert_eq!((clause.operator_span(), clause.version_span()), (1..3, 4..9));
/// assert_eq!(clause.to_string(), "~=1.4.2");
/// assert!(clause.contains(&"1.4.10".parse()?, Prereleases::Default));
/// assert!(!clause.contains(&"1.5".parse()?, Prereleases::Default));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct Specifier<'a> {
    /// What the spans count in.
    text: &'a str,
    clause: Clause,
}

impl<'a> Specifier<'a> {
    /// Reads a single clause. White space may stand around it and behind its operator.
    ///
    /// # Errors
    ///
    /// - no operator, or none that exists: `1.0`, `=>1.0`
    /// - no version: `==`; only `===` takes any text, also none
    /// - a local part anywhere but after `==` and `!=`: `>=1.0+cpu`
    /// - `.*` anywhere but after `==` and `!=`, or after more than the release: `>=1.*`, `==1.0a1.*`
    /// - a single number after `~=`: `~=1`
    /// - what [`Version`] refuses
    /// - a text beyond [`MAX_SPECIFIERS_BYTES`]
    pub fn parse(text: &'a str) -> Result<Self, ParseSpecifierError> {
        if text.len() > MAX_SPECIFIERS_BYTES {
            return Err(ParseSpecifierError::too_long(text.len()));
        }
        Ok(Self { text, clause: Clause::parse(text, trimmed(text, 0..text.len()))? })
    }

    fn new(text: &'a str, clause: Clause) -> Self {
        Self { text, clause }
    }

    /// The operator.
    pub fn operator(&self) -> Operator {
        self.clause.operator
    }

    /// What follows the operator, as it was written: `1.4.2`, `1.4.*`, or any text after `===`.
    pub fn version(&self) -> &'a str {
        self.clause.version(self.text)
    }

    /// Where the operator stands, as a range of bytes of the whole text: the one of the set, where there is one.
    pub fn operator_span(&self) -> Range<usize> {
        let start = usize::from(self.clause.operator_at);
        start..start + self.operator().as_str().len()
    }

    /// Where [`version`](Self::version) stands, as a range of bytes of the whole text.
    pub fn version_span(&self) -> Range<usize> {
        self.clause.version_span()
    }

    /// Whether the version ends in `.*`.
    pub fn is_wildcard(&self) -> bool {
        self.clause.is_wildcard
    }

    /// The version itself, without a final `.*`; nothing for a `===` whose text is no version.
    pub fn base(&self) -> Option<Version> {
        let version = self.version();
        let base = if self.is_wildcard() { version.strip_suffix(".*").unwrap_or(version) } else { version };
        base.parse().ok()
    }

    /// Whether the clause asks for pre-releases, because its version is one. `!=` never does.
    pub fn names_prerelease(&self) -> bool {
        self.clause.names_prerelease
    }

    /// Whether a version fulfils the clause. `===` looks at the canonical text of the version.
    pub fn contains(&self, version: &Version, prereleases: Prereleases) -> bool {
        admits(version, prereleases) && self.clause.matches(|| self.text, version)
    }

    /// Whether the version that a text holds fulfils the clause. `===` looks at the text as it is, with its white space;
    /// all others match no text that is not a version.
    ///
    /// # Errors
    ///
    /// The text may be a version, but goes beyond what is read here: see the deviations of [the module](crate::pep440).
    pub fn contains_text(&self, text: &str, prereleases: Prereleases) -> Result<bool, ParseVersionError> {
        let version = version_of(text)?;
        Ok(version.as_ref().is_none_or(|version| admits(version, prereleases))
            && self.clause.matches_text(self.text, text, version.as_ref()))
    }
}

impl fmt::Display for Specifier<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}{}", self.operator(), self.version())
    }
}

impl fmt::Debug for Specifier<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Specifier({:?})", self.to_string())
    }
}

impl PartialEq for Specifier<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.operator() == other.operator() && self.meaning() == other.meaning()
    }
}

impl Eq for Specifier<'_> {}

impl Hash for Specifier<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.operator().hash(state);
        self.meaning().hash(state);
    }
}

/// What equality looks at beside the operator.
#[derive(PartialEq, Eq, Hash)]
enum Meaning<'a> {
    Text(&'a str),
    Version(Version),
    Series(Version, usize),
}

impl Specifier<'_> {
    fn meaning(&self) -> Meaning<'_> {
        match self.base() {
            Some(version) if self.operator() == Operator::Compatible => {
                let count = version.release().len();
                Meaning::Series(version, count)
            }
            Some(version) if self.operator() != Operator::Arbitrary && !self.is_wildcard() => {
                Meaning::Version(version)
            }
            _ => Meaning::Text(self.version()),
        }
    }
}

/// Whether a version is to be looked at, or else is a pre-release that is not wanted.
fn admits(version: &Version, prereleases: Prereleases) -> bool {
    prereleases != Prereleases::Exclude || !version.is_prerelease()
}

/// The version that a text holds, or none.
fn version_of(text: &str) -> Result<Option<Version>, ParseVersionError> {
    match text.parse() {
        Ok(version) => Ok(Some(version)),
        Err(error) if ParseVersionError::is_beyond_limits(&error) => Err(error),
        Err(_) => Ok(None),
    }
}
