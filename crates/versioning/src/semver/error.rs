use super::grammar::{Fault, What, column};
use crate::MAX_VERSION_BYTES;

/// The text is not a SemVer version.
///
/// ```
/// use tminus_versioning::semver::Version;
///
/// let error = "1.02.3".parse::<Version>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "\"1.02.3\" is not a SemVer version: the minor number starts with a zero, at character 3"
/// );
/// assert_eq!(error.offset(), Some(2));
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
    #[error("{text:?} is not a SemVer version: {what}, at character {column}")]
    Invalid { text: String, what: What, column: usize },
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

    pub(super) fn invalid(text: &str, fault: Fault) -> Self {
        if text.is_empty() {
            return Self { kind: Kind::Empty, offset: None };
        }
        let column = column(text, fault.offset);
        Self {
            kind: Kind::Invalid { text: text.to_owned(), what: fault.what, column },
            offset: Some(fault.offset),
        }
    }
}
