use crate::MAX_VERSION_BYTES;
use crate::semver::grammar::{Fault, What, column};

/// The text is not a version of a Go module.
///
/// ```
/// use tminus_versioning::go::Version;
///
/// let error = "v1.0.0+linux".parse::<Version>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "\"v1.0.0+linux\" is not a version of a Go module: the only build metadata is `+incompatible`, at character 7"
/// );
/// assert_eq!(error.offset(), Some(6));
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
    #[error("{text:?} is not a version of a Go module: it must start with `v`")]
    NoV { text: String },
    #[error(
        "{text:?} is not a version of a Go module: the only build metadata is `+incompatible`, at character {column}"
    )]
    Metadata { text: String, column: usize },
    #[error("{text:?} is not a version of a Go module: {what}, at character {column}")]
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

    pub(super) fn no_v(text: &str) -> Self {
        if text.is_empty() {
            return Self { kind: Kind::Empty, offset: None };
        }
        Self { kind: Kind::NoV { text: text.to_owned() }, offset: Some(0) }
    }

    pub(super) fn metadata(text: &str, offset: usize) -> Self {
        let column = column(text, offset);
        Self { kind: Kind::Metadata { text: text.to_owned(), column }, offset: Some(offset) }
    }

    /// A fault found behind the `v`.
    pub(super) fn invalid(text: &str, fault: Fault) -> Self {
        let offset = fault.offset + 1;
        let column = column(text, offset);
        Self { kind: Kind::Invalid { text: text.to_owned(), what: fault.what, column }, offset: Some(offset) }
    }
}

/// The text is not a pseudo-version, or its parts do not make one.
///
/// ```
/// use tminus_versioning::go::PseudoVersion;
///
/// let error = "v0.0.0-20241301000000-abcdefabcdef".parse::<PseudoVersion>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "\"v0.0.0-20241301000000-abcdefabcdef\" is not a pseudo-version: there is no such time as 20241301000000"
/// );
/// assert_eq!(error.offset(), Some(7));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
pub struct ParsePseudoVersionError {
    kind: PseudoKind,
    offset: Option<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum PseudoKind {
    #[error(transparent)]
    Version(ParseVersionError),
    #[error(
        "{text:?} is not a pseudo-version: it must end like `-0.20240131120000-abcdefabcdef`, with a time and a revision"
    )]
    Form { text: String },
    #[error("{text:?} is not a pseudo-version: there is no such time as {digits}")]
    Time { text: String, digits: String },
    #[error("{text:?} is not a pseudo-version: no version comes before patch number 0")]
    NegativePatch { text: String },
    #[error("{text:?} is not a pseudo-version: without a version before it, it cannot be `+incompatible`")]
    IncompatibleWithoutBase { text: String },
    #[error(
        "{revision:?} is not a revision: write ASCII letters and digits, usually the first 12 of a commit's name"
    )]
    Revision { revision: String },
}

impl ParsePseudoVersionError {
    /// The place in the given text where the pseudo-version stops to make sense, as a byte offset from 0.
    pub fn offset(&self) -> Option<usize> {
        self.offset
    }

    pub(super) fn form(text: &str) -> Self {
        Self { kind: PseudoKind::Form { text: text.to_owned() }, offset: None }
    }

    pub(super) fn time(text: &str, digits: &str, offset: usize) -> Self {
        Self {
            kind: PseudoKind::Time { text: text.to_owned(), digits: digits.to_owned() },
            offset: Some(offset),
        }
    }

    pub(super) fn negative_patch(text: &str, offset: usize) -> Self {
        Self { kind: PseudoKind::NegativePatch { text: text.to_owned() }, offset: Some(offset) }
    }

    pub(super) fn incompatible_without_base(text: &str, offset: usize) -> Self {
        Self { kind: PseudoKind::IncompatibleWithoutBase { text: text.to_owned() }, offset: Some(offset) }
    }

    pub(super) fn revision(revision: &str) -> Self {
        let revision = revision.chars().take(MAX_VERSION_BYTES).collect();
        Self { kind: PseudoKind::Revision { revision }, offset: None }
    }
}

impl From<ParseVersionError> for ParsePseudoVersionError {
    fn from(error: ParseVersionError) -> Self {
        let offset = error.offset;
        Self { kind: PseudoKind::Version(error), offset }
    }
}
