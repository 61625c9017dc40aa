use super::reader::Stop;
use super::{is_python_space, trim};
use crate::MAX_VERSION_BYTES;

/// The text is not a version by PEP 440.
///
/// ```
/// use tminus_versioning::pep440::Version;
///
/// let error = "1.2.x".parse::<Version>().unwrap_err();
/// assert_eq!(error.to_string(), "\"1.2.x\" is not a PEP 440 version: unexpected '.' at character 4");
/// assert_eq!(error.offset(), Some(3));
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
    #[error("{text:?} is not a PEP 440 version: it must start with a number, not with {found:?}")]
    NoNumber { text: String, found: char },
    #[error("{text:?} is not a PEP 440 version: a number in it exceeds {limit}", limit = u64::MAX)]
    NumberTooLarge { text: String },
    #[error("{text:?} is not a PEP 440 version: unexpected {found:?} at character {column}")]
    Unexpected { text: String, found: char, column: usize },
}

impl ParseVersionError {
    /// The place in the given text where the version stops to make sense, as a byte offset from 0.
    pub fn offset(&self) -> Option<usize> {
        self.offset
    }

    /// Whether the text may well be a version, only beyond what is read here: a deviation of the module.
    pub(super) fn is_beyond_limits(&self) -> bool {
        matches!(self.kind, Kind::TooLong { .. } | Kind::NumberTooLarge { .. })
    }

    pub(super) fn too_long(bytes: usize) -> Self {
        Self { kind: Kind::TooLong { bytes }, offset: None }
    }

    /// Tells why the version in `text` could not be read; `stop` counts from behind the white space in front of it.
    #[cold]
    #[inline(never)]
    pub(super) fn at(text: &str, stop: Stop) -> Self {
        let start = text.len() - text.trim_start_matches(is_python_space).len();
        let version = trim(text);
        let Some(first) = version.chars().next() else {
            return Self { kind: Kind::Empty, offset: None };
        };
        let text = version.to_owned();
        let found_at =
            |at| version.get(at..).and_then(|rest: &str| rest.chars().next()).map(|found| (at, found));
        match stop {
            Stop::NoNumber(at) => {
                // Behind a lone `v` there is nothing to point at.
                let (at, found) = found_at(at).unwrap_or((0, first));
                Self { kind: Kind::NoNumber { text, found }, offset: Some(start + at) }
            }
            Stop::NumberTooLarge(at) => {
                Self { kind: Kind::NumberTooLarge { text }, offset: Some(start + at) }
            }
            Stop::Unexpected(at) => {
                let (at, found) = found_at(at).unwrap_or((0, first));
                let column = column(version, at);
                Self { kind: Kind::Unexpected { text, found, column }, offset: Some(start + at) }
            }
        }
    }
}

/// The number of the character at a byte offset, from 1.
pub(super) fn column(text: &str, offset: usize) -> usize {
    text.get(..offset).unwrap_or_default().chars().count() + 1
}
