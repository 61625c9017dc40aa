use super::{MAX_NUMBER, MAX_RANGE_BYTES};
use crate::MAX_VERSION_BYTES;

/// The text is not a version as node-semver reads it.
///
/// ```
/// use tminus_versioning::npm::Version;
///
/// let error = "1.2.x".parse::<Version>().unwrap_err();
/// assert_eq!(error.to_string(), "\"1.2.x\" is not an npm version: unexpected 'x' at character 5");
/// assert_eq!(error.offset(), Some(4));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
pub struct ParseVersionError {
    kind: VersionKind,
    offset: Option<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum VersionKind {
    #[error("a version is at most {MAX_VERSION_BYTES} characters long")]
    TooLong,
    #[error("a version must not be empty")]
    Empty,
    #[error("{text:?} is not an npm version: a number in it exceeds {MAX_NUMBER}")]
    NumberTooLarge { text: String },
    #[error("{text:?} is not an npm version: it ends too early")]
    Incomplete { text: String },
    #[error("{text:?} is not an npm version: unexpected {found:?} at character {column}")]
    Unexpected { text: String, found: char, column: usize },
}

impl ParseVersionError {
    /// The place in the given text where the version stops to make sense, as a byte offset from 0.
    pub fn offset(&self) -> Option<usize> {
        self.offset
    }

    pub(super) fn too_long() -> Self {
        Self { kind: VersionKind::TooLong, offset: None }
    }

    pub(super) fn empty() -> Self {
        Self { kind: VersionKind::Empty, offset: None }
    }

    pub(super) fn number_too_large(text: &str, offset: usize) -> Self {
        Self { kind: VersionKind::NumberTooLarge { text: text.to_owned() }, offset: Some(offset) }
    }

    /// The scanner stops between characters, as everything that it accepts is ASCII.
    pub(super) fn unexpected(text: &str, offset: usize) -> Self {
        let (before, after) = text.split_at_checked(offset).unwrap_or((text, ""));
        let text = text.to_owned();
        let kind = match after.chars().next() {
            Some(found) => VersionKind::Unexpected { text, found, column: before.chars().count() + 1 },
            None => VersionKind::Incomplete { text },
        };
        Self { kind, offset: Some(offset) }
    }
}

/// The text is not a range as node-semver reads it.
///
/// ```
/// use tminus_versioning::npm::Range;
///
/// let error = "^1.2.3 || >=1.y".parse::<Range>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "\"^1.2.3 || >=1.y\" is not an npm range: it cannot be read from character 11 on"
/// );
/// assert_eq!(error.offset(), Some(10));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
pub struct ParseRangeError {
    kind: RangeKind,
    offset: Option<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum RangeKind {
    #[error("a range is at most {MAX_RANGE_BYTES} bytes long, this text has {bytes}")]
    TooLong { bytes: usize },
    #[error("{text:?} is not an npm range: it cannot be read from character {column} on")]
    Unreadable { text: String, column: usize },
    #[error("{text:?} is not an npm range: a version or number from character {column} on is too large")]
    TooLarge { text: String, column: usize },
}

impl ParseRangeError {
    /// The place in the given text of the comparator that makes no sense, as a byte offset from 0.
    pub fn offset(&self) -> Option<usize> {
        self.offset
    }

    pub(super) fn too_long(bytes: usize) -> Self {
        Self { kind: RangeKind::TooLong { bytes }, offset: None }
    }

    pub(super) fn at(text: &str, offset: usize, problem: Problem) -> Self {
        let column = text.get(..offset).unwrap_or_default().chars().count() + 1;
        let text = text.to_owned();
        let kind = match problem {
            Problem::Unreadable => RangeKind::Unreadable { text, column },
            Problem::TooLarge => RangeKind::TooLarge { text, column },
        };
        Self { kind, offset: Some(offset) }
    }
}

/// Why a comparator cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Problem {
    /// It has no form that is known; loose mode leaves it out.
    Unreadable,
    /// It has the form, but a number or its length exceeds the limit.
    TooLarge,
}
