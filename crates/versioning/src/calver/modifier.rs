use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use super::error::{Fault, ParseVersionError, What};
use crate::MAX_VERSION_BYTES;
use crate::semver::grammar::char_at;

/// What marks a version that is not final, or comes after it: `rc.1`, `dev`, `post.2`.
///
/// `Display` writes the label and the number with a dot between them, which SemVer sorts by number and PEP 440
/// normalises. A modifier without a number has the number 0, as in PEP 440: `dev` is `dev.0`.
///
/// ```
/// use tminus_versioning::calver::{Label, Modifier};
///
/// let modifier: Modifier = "RC1".parse()?;
/// assert_eq!((modifier.label(), modifier.number()), (Label::Rc, 1));
/// assert_eq!(modifier.to_string(), "rc.1");
/// # Ok::<(), tminus_versioning::calver::ParseVersionError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Modifier {
    label: Label,
    number: u64,
}

/// The text of a modifier, in the order of the versions that carry it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Label {
    /// `dev`
    Dev,
    /// `alpha`, also written `a`.
    Alpha,
    /// `beta`, also written `b`.
    Beta,
    /// `rc`, also written `c`, `pre` and `preview`.
    Rc,
    /// `post`: the only one that comes after the version without a modifier.
    Post,
}

impl Label {
    /// The label as it is written in canonical form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Alpha => "alpha",
            Self::Beta => "beta",
            Self::Rc => "rc",
            Self::Post => "post",
        }
    }

    fn read(text: &str) -> Option<Self> {
        Some(match text.to_ascii_lowercase().as_str() {
            "dev" => Self::Dev,
            "a" | "alpha" => Self::Alpha,
            "b" | "beta" => Self::Beta,
            "rc" | "c" | "pre" | "preview" => Self::Rc,
            "post" => Self::Post,
            _ => return None,
        })
    }
}

impl Modifier {
    /// A modifier of a label and a number.
    pub fn new(label: Label, number: u64) -> Self {
        Self { label, number }
    }

    /// The label.
    pub fn label(self) -> Label {
        self.label
    }

    /// The number: the `1` of `rc.1`, 0 where none is written.
    pub fn number(self) -> u64 {
        self.number
    }

    /// Whether the version comes before the one without a modifier.
    pub fn is_prerelease(self) -> bool {
        self.label != Label::Post
    }

    /// Reads a modifier that starts at a place and goes to the end of the text.
    pub(super) fn read(text: &str, start: usize) -> Result<Self, Fault> {
        let rest = text.get(start..).unwrap_or_default();
        let digits = rest.trim_start_matches(|character: char| character.is_ascii_alphabetic());
        let label = rest.strip_suffix(digits).unwrap_or_default();
        if label.is_empty() {
            return Err(Fault { what: What::NoModifier { found: char_at(text, start) }, offset: start });
        }
        let Some(label) = Label::read(label) else {
            return Err(Fault { what: What::UnknownLabel { label: label.to_owned() }, offset: start });
        };
        let mut at = text.len() - digits.len();
        if at == text.len() {
            return Ok(Self { label, number: 0 });
        }
        let separated = digits.starts_with(['.', '-', '_']);
        at += usize::from(separated);
        let number = super::format::scan_number(text, at, "number of the modifier")?;
        if !number.is_plain() {
            return Err(Fault { what: What::LeadingZero { name: "number of the modifier" }, offset: at });
        }
        match char_at(text, number.end) {
            None => Ok(Self { label, number: number.value }),
            Some(found) => Err(Fault { what: What::Unexpected { found }, offset: number.end }),
        }
    }
}

/// Compares as versions that are equal up to here: pre-releases, none, `post`.
pub(super) fn compare(left: Option<Modifier>, right: Option<Modifier>) -> Ordering {
    let rank = |modifier: Option<Modifier>| match modifier {
        Some(modifier) if modifier.is_prerelease() => 0,
        None => 1,
        Some(_) => 2,
    };
    rank(left).cmp(&rank(right)).then_with(|| left.cmp(&right))
}

impl FromStr for Modifier {
    type Err = ParseVersionError;

    /// Reads a label, perhaps a `.`, `-` or `_`, and perhaps a number; the case of the label does not matter.
    ///
    /// # Errors
    ///
    /// Any other label than those of [`Label`], a separator without a number, a number with a leading zero.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() > MAX_VERSION_BYTES {
            return Err(ParseVersionError::too_long(text.len()));
        }
        Self::read(text, 0).map_err(|fault| ParseVersionError::modifier(text, &fault))
    }
}

impl fmt::Display for Modifier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.label.as_str(), self.number)
    }
}
