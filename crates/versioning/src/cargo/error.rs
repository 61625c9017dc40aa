use crate::MAX_VERSION_BYTES;
use crate::semver::grammar::{self, Fault, Part, Shorthand, What, column};

/// The text is not a SemVer version, or not one that Cargo can hold.
///
/// ```
/// use tminus_versioning::cargo::Version;
///
/// let error = "1.2".parse::<Version>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "\"1.2\" is not a SemVer version: the text ends after the minor number, at character 4"
/// );
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
    #[error("{text:?} is not a SemVer version: {what}, at character {column}")]
    Invalid { text: String, what: What, column: usize },
    #[error("{text:?} is not a version that Cargo reads")]
    Unknown { text: String },
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

    /// Says where a text fails that the `semver` crate refuses.
    ///
    /// That crate gives no position, but what it refuses beyond the specification is a number that is too large.
    pub(super) fn locate(text: &str) -> Self {
        if text.is_empty() {
            return Self { kind: Kind::Empty, offset: None };
        }
        let fault = match grammar::scan(text, Shorthand::Refused) {
            Err(fault) => Some(fault),
            Ok(layout) => [Part::Major, Part::Minor, Part::Patch]
                .into_iter()
                .scan(0, |offset, part| {
                    let start = *offset;
                    *offset += layout.part(text, part).len() + 1;
                    Some((part, start))
                })
                .find(|&(part, _)| layout.number(text, part).is_none())
                .map(|(part, offset)| Fault { what: What::TooLarge { part }, offset }),
        };
        let text_owned = text.to_owned();
        match fault {
            Some(Fault { what, offset }) => {
                let column = column(text, offset);
                Self { kind: Kind::Invalid { text: text_owned, what, column }, offset: Some(offset) }
            }
            None => Self { kind: Kind::Unknown { text: text_owned }, offset: None },
        }
    }
}
