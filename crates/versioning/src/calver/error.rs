use std::fmt;

use super::format::Token;
use crate::MAX_VERSION_BYTES;
use crate::semver::grammar::column;

/// The text is not a calendar version, or not one of the format.
///
/// ```
/// use tminus_versioning::calver::Version;
///
/// let error = "2024.1.final".parse::<Version>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "\"2024.1.final\" is not a calendar version: \"final\" is no modifier: write dev, alpha, beta, rc or post, at \
///      character 8"
/// );
/// assert_eq!(error.offset(), Some(7));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
pub struct ParseVersionError {
    kind: Kind,
    offset: Option<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum Kind {
    #[error("a version is at most {MAX_VERSION_BYTES} bytes long, this text has {bytes}")]
    TooLong { bytes: usize },
    #[error("a version must not be empty")]
    Empty,
    #[error("a modifier must not be empty")]
    EmptyModifier,
    #[error("{text:?} is not a calendar version: {what}, at character {column}")]
    Version { text: String, what: What, column: usize },
    #[error("{text:?} is not a version of the format {format}: {what}, at character {column}")]
    Format { text: String, format: String, what: What, column: usize },
    #[error("{text:?} is not a modifier of a calendar version: {what}, at character {column}")]
    Modifier { text: String, what: What, column: usize },
}

/// Why a text is not a version, and where.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) what: What,
    pub(super) offset: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    NoNumber { name: &'static str, found: Option<char> },
    TooLarge { name: &'static str },
    LeadingZero { name: &'static str },
    TwoDigits { name: &'static str },
    Range { name: &'static str, low: u64, high: u64 },
    Year,
    NoSeparator { expected: char, found: Option<char> },
    OnePart,
    FiveParts,
    NoModifier { found: Option<char> },
    UnknownLabel { label: String },
    Unexpected { found: char },
}

impl ParseVersionError {
    /// The place in the given text where the version stops to make sense, as a byte offset from 0.
    ///
    /// It is the length of the text where something is missing at its end.
    pub fn offset(&self) -> Option<usize> {
        self.offset
    }

    pub(super) fn too_long(bytes: usize) -> Self {
        Self { kind: Kind::TooLong { bytes }, offset: None }
    }

    pub(super) fn version(text: &str, fault: &Fault) -> Self {
        Self::new(text, fault, Kind::Empty, |text, column| Kind::Version {
            text,
            what: fault.what.clone(),
            column,
        })
    }

    pub(super) fn format(text: &str, format: &str, fault: &Fault) -> Self {
        let format = format.to_owned();
        Self::new(text, fault, Kind::Empty, |text, column| Kind::Format {
            text,
            format,
            what: fault.what.clone(),
            column,
        })
    }

    pub(super) fn modifier(text: &str, fault: &Fault) -> Self {
        Self::new(text, fault, Kind::EmptyModifier, |text, column| Kind::Modifier {
            text,
            what: fault.what.clone(),
            column,
        })
    }

    fn new(text: &str, fault: &Fault, empty: Kind, kind: impl FnOnce(String, usize) -> Kind) -> Self {
        if text.is_empty() {
            return Self { kind: empty, offset: None };
        }
        Self { kind: kind(text.to_owned(), column(text, fault.offset)), offset: Some(fault.offset) }
    }
}

impl fmt::Display for What {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoNumber { name, found: None } => write!(formatter, "the {name} is missing"),
            Self::NoNumber { name, found: Some(found) } => {
                write!(formatter, "the {name} is missing, there is {found:?}")
            }
            Self::TooLarge { name } => write!(formatter, "the {name} exceeds {}", u64::MAX),
            Self::LeadingZero { name } => write!(formatter, "the {name} must not start with a zero"),
            Self::TwoDigits { name } => {
                write!(formatter, "the {name} must have two digits, the first of which may be a zero")
            }
            Self::Range { name, low, high } => write!(formatter, "the {name} must be {low} to {high}"),
            Self::Year => {
                formatter.write_str("the year must be 1970 to 9999, or two or three digits of it: 00 to 999")
            }
            Self::NoSeparator { expected, found: None } => write!(formatter, "{expected:?} is missing"),
            Self::NoSeparator { expected, found: Some(found) } => {
                write!(formatter, "{expected:?} is missing, there is {found:?}")
            }
            Self::OnePart => formatter.write_str("there must be a second number behind the year"),
            Self::FiveParts => formatter.write_str("there must be no more than four numbers"),
            Self::NoModifier { found: None } => formatter.write_str("the modifier is missing"),
            Self::NoModifier { found: Some(found) } => {
                write!(formatter, "a modifier must start with a letter, there is {found:?}")
            }
            Self::UnknownLabel { label } => {
                write!(formatter, "{label:?} is no modifier: write dev, alpha, beta, rc or post")
            }
            Self::Unexpected { found } => write!(formatter, "unexpected {found:?}"),
        }
    }
}

/// The text is not a format of calendar versions.
///
/// ```
/// use tminus_versioning::calver::Format;
///
/// let error = "YYYY.0M.0M".parse::<Format>().unwrap_err();
/// assert_eq!(error.to_string(), "\"YYYY.0M.0M\" is not a format of calendar versions: `0M` repeats the month");
/// assert_eq!(error.offset(), Some(8));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
pub struct ParseFormatError {
    kind: FormatKind,
    offset: Option<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum FormatKind {
    #[error("a format is at most {MAX_VERSION_BYTES} bytes long, this text has {bytes}")]
    TooLong { bytes: usize },
    #[error("a format must not be empty")]
    Empty,
    #[error("{text:?} is not a format of calendar versions: {problem}")]
    Invalid { text: String, problem: FormatProblem },
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum FormatProblem {
    #[error(
        "{token:?} is no token: write YYYY, YY, 0Y, MM, 0M, WW, 0W, DD, 0D, MAJOR, MINOR, MICRO or MODIFIER, with `.`, `-` or `_` between them"
    )]
    Unknown { token: String },
    #[error("`{token}` repeats the {}", token.name())]
    Repeated { token: Token },
    #[error("`{token}` must stand before `{before}`")]
    Order { token: Token, before: Token },
    #[error("`{token}` cannot be in one format with `{other}`")]
    Mixed { token: Token, other: Token },
    #[error("`{token}` needs a month before it")]
    DayWithoutMonth { token: Token },
    #[error("it has no year")]
    NoYear,
}

impl ParseFormatError {
    /// The token that cannot be there, as a byte offset from 0 into the given text.
    pub fn offset(&self) -> Option<usize> {
        self.offset
    }

    pub(super) fn too_long(bytes: usize) -> Self {
        Self { kind: FormatKind::TooLong { bytes }, offset: None }
    }

    pub(super) fn empty() -> Self {
        Self { kind: FormatKind::Empty, offset: None }
    }

    pub(super) fn invalid(text: &str, problem: FormatProblem, offset: Option<usize>) -> Self {
        Self { kind: FormatKind::Invalid { text: text.to_owned(), problem }, offset }
    }
}
