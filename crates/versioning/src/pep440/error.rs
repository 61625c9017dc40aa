use std::str::FromStr;

use super::is_python_space;
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

    pub(super) fn too_long(bytes: usize) -> Self {
        Self { kind: Kind::TooLong { bytes }, offset: None }
    }

    pub(super) fn local_number_too_large(text: &str) -> Self {
        let offset = text.find('+');
        Self { kind: Kind::NumberTooLarge { text: text.to_owned() }, offset }
    }

    /// Finds where `text` fails: after its longest beginning that is a version.
    ///
    /// The parser below gives no position. The text is short here and this is the error path, so that parsing every
    /// beginning of it is cheaper than a second grammar that has to agree with the first one.
    pub(super) fn locate(text: &str) -> Self {
        let start = text.len() - text.trim_start_matches(is_python_space).len();
        let end = text.trim_end_matches(is_python_space).len().max(start);
        let version = text.get(start..end).unwrap_or_default();
        let text = version.to_owned();
        let good = version.char_indices().rev().map(|(index, _)| index).find(|&index| {
            version.get(..index).is_some_and(|part| pep440_rs::Version::from_str(part).is_ok())
        });

        let Some(first) = version.chars().next() else {
            return Self { kind: Kind::Empty, offset: None };
        };
        let Some(good) = good else {
            // A number can also be too large from its first digits on only when a valid beginning exists, so that
            // nothing valid here means no leading number, apart from the optional `v`.
            let skip = usize::from(first.eq_ignore_ascii_case(&'v') && version.len() > 1);
            let found = version.chars().nth(skip).unwrap_or(first);
            return Self { kind: Kind::NoNumber { text, found }, offset: Some(start + skip) };
        };
        let (before, after) = version.split_at_checked(good).unwrap_or((version, ""));
        let found = after.chars().next().unwrap_or(first);
        let offset = Some(start + good);
        if found.is_ascii_digit() && before.ends_with(|last: char| last.is_ascii_digit()) {
            return Self { kind: Kind::NumberTooLarge { text }, offset };
        }
        let column = before.chars().count() + 1;
        Self { kind: Kind::Unexpected { text, found, column }, offset }
    }
}
