use crate::constraint::MAX_CONSTRAINT_BYTES;
use crate::constraint::error::column;

/// The text is not a requirement by PEP 508.
///
/// ```
/// use tminus_versioning::constraint::pep508::Requirement;
///
/// let error = "demo ^1.0".parse::<Requirement>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "\"demo ^1.0\" is not a requirement: expected an operator such as `>=`, `@` or `;` at character 6",
/// );
/// assert_eq!(error.offset(), Some(5));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
pub struct ParseRequirementError {
    kind: Kind,
    offset: Option<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum Kind {
    #[error("a requirement is at most {MAX_CONSTRAINT_BYTES} bytes long, this text has {bytes}")]
    TooLong { bytes: usize },
    #[error("{text:?} is not a requirement: {problem} at character {column}")]
    At { text: String, problem: &'static str, column: usize },
    #[error("requirement {name:?} has an address: it takes no version specifiers")]
    HasUrl { name: String },
    #[error("{text:?} is not a set of version specifiers")]
    NotSpecifiers { text: String },
}

impl ParseRequirementError {
    /// The place in the given text where the requirement stops to make sense, as a byte offset from 0.
    pub fn offset(&self) -> Option<usize> {
        self.offset
    }

    /// The same place as a character of the text, from 1.
    pub fn column(&self) -> Option<usize> {
        match self.kind {
            Kind::At { column, .. } => Some(column),
            Kind::TooLong { .. } | Kind::HasUrl { .. } | Kind::NotSpecifiers { .. } => None,
        }
    }

    pub(super) fn too_long(bytes: usize) -> Self {
        Self { kind: Kind::TooLong { bytes }, offset: None }
    }

    /// The address itself may hold credentials, so that only the name is told.
    pub(super) fn has_url(name: &str) -> Self {
        Self { kind: Kind::HasUrl { name: name.to_owned() }, offset: None }
    }

    pub(super) fn not_specifiers(text: &str) -> Self {
        Self { kind: Kind::NotSpecifiers { text: text.to_owned() }, offset: None }
    }

    pub(super) fn at(text: &str, offset: usize, problem: &'static str) -> Self {
        // What stands behind `@` may be an address with credentials.
        let shown = match text.split_once('@') {
            Some((before, _)) => format!("{before}@…"),
            None => text.to_owned(),
        };
        Self { kind: Kind::At { text: shown, problem, column: column(text, offset) }, offset: Some(offset) }
    }
}
