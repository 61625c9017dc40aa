use super::super::error::column;
use super::super::reader::Stop;
use super::MAX_SPECIFIERS_BYTES;
use crate::MAX_VERSION_BYTES;

/// The text is not a specifier, or not a set of them, by PEP 440.
///
/// ```
/// use tminus_versioning::pep440::SpecifierSet;
///
/// let error = ">=1.0, <2.x".parse::<SpecifierSet>().unwrap_err();
/// assert_eq!(error.to_string(), "\"<2.x\" is not a version specifier: unexpected '.' at character 3");
/// assert_eq!(error.offset(), Some(9));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
pub struct ParseSpecifierError {
    kind: Kind,
    offset: Option<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum Kind {
    #[error("version specifiers are at most {MAX_SPECIFIERS_BYTES} bytes long, this text has {bytes}")]
    TooLong { bytes: usize },
    #[error("{clause:?} is not a version specifier: {reason}")]
    Clause { clause: String, reason: Box<str> },
}

/// What is wrong with a clause.
#[derive(Debug, Clone, Copy)]
pub(super) enum Reason {
    NoOperator,
    NoVersion,
    VersionTooLong { bytes: usize },
    Stop(Stop),
    Stray,
    Local,
    Wildcard,
    WildcardAfterMore,
    OneNumber,
}

impl ParseSpecifierError {
    /// The place in the given text where the specifier stops to make sense, as a byte offset from 0.
    pub fn offset(&self) -> Option<usize> {
        self.offset
    }

    pub(super) fn too_long(bytes: usize) -> Self {
        Self { kind: Kind::TooLong { bytes }, offset: None }
    }

    /// Refuses a clause that starts at `start` of the whole text, for what stands at `at` of the clause.
    #[cold]
    #[inline(never)]
    pub(super) fn new(clause: &str, start: usize, at: usize, reason: Reason) -> Self {
        let at = match reason {
            Reason::Stop(
                Stop::NoNumber(within) | Stop::Unexpected(within) | Stop::NumberTooLarge(within),
            ) => at + within,
            _ => at,
        };
        let found = clause.get(at..).and_then(|rest| rest.chars().next());
        let column = column(clause, at);
        let here = match found {
            Some(found) => format!("unexpected {found:?} at character {column}"),
            None => "it ends too early".to_owned(),
        };
        let reason = match reason {
            Reason::NoOperator => "it must start with one of ~= == != <= >= < > ===".to_owned(),
            Reason::NoVersion => "there is no version after the operator".to_owned(),
            Reason::VersionTooLong { bytes } => {
                format!("a version is at most {MAX_VERSION_BYTES} bytes long, this one has {bytes}")
            }
            Reason::Stop(Stop::NumberTooLarge(_)) => format!("a number in it exceeds {}", u64::MAX),
            Reason::Stop(_) | Reason::Stray => here,
            Reason::Local => format!("{here}; only == and != take a local part"),
            Reason::Wildcard => format!("{here}; only == and != take `.*`"),
            Reason::WildcardAfterMore => format!("{here}; `.*` follows nothing but release numbers"),
            Reason::OneNumber => "~= needs at least two numbers, such as `~=1.0`".to_owned(),
        };
        let kind = Kind::Clause { clause: clause.to_owned(), reason: reason.into() };
        Self { kind, offset: Some(start + at) }
    }
}
