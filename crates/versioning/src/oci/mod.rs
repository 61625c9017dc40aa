//! Tags of container images, as the
//! [OCI distribution specification](https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests) defines them.

use std::fmt;
use std::str::FromStr;

use crate::semver::grammar::column;
use crate::serde_text::serde_as_text;

#[cfg(test)]
mod tests;

/// The longest tag in bytes.
pub(crate) const MAX_BYTES: usize = 128;

/// The tag of an image or another artifact in a registry: `[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}`.
///
/// The order is that of the text, to sort a list or to key a map. It says nothing of versions: a tag is a name, of which
/// `latest` and `alpine` are as good as `1.4.0`, and as text `1.10` comes before `1.9`. To compare versions, parse the
/// tags by the scheme of the project.
///
/// ```
/// use tminus_versioning::oci::Tag;
///
/// let tag: Tag = "1.4.0-rc.2".parse()?;
/// assert_eq!(tag.as_str(), "1.4.0-rc.2");
/// let error = "1.4.0+linux".parse::<Tag>().unwrap_err();
/// assert_eq!(error.offset(), Some(5));
/// # Ok::<(), tminus_versioning::oci::ParseTagError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag {
    text: Box<str>,
}

impl Tag {
    /// The tag as text.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl FromStr for Tag {
    type Err = ParseTagError;

    /// Checks a tag.
    ///
    /// # Errors
    ///
    /// - an empty text, or one beyond 128 bytes
    /// - a first character that is no ASCII letter, no digit and no `_`: `.1`, `-rc`
    /// - any character that is none of these and no `.` and `-`: `1.0+linux`, `a/b`, `a b`
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty() {
            return Err(ParseTagError { kind: Kind::Empty, offset: None });
        }
        if text.len() > MAX_BYTES {
            return Err(ParseTagError { kind: Kind::TooLong { bytes: text.len() }, offset: None });
        }
        let wrong = text.char_indices().find(|&(offset, found)| {
            let anywhere = found.is_ascii_alphanumeric() || found == '_';
            !(anywhere || offset > 0 && matches!(found, '.' | '-'))
        });
        let Some((offset, found)) = wrong else {
            return Ok(Self { text: text.into() });
        };
        let column = column(text, offset);
        let text = text.to_owned();
        let kind = match found {
            '.' | '-' => Kind::Start { text, found },
            '+' => Kind::Plus { text, column },
            _ => Kind::Unexpected { text, found, column },
        };
        Err(ParseTagError { kind, offset: Some(offset) })
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.text)
    }
}

impl AsRef<str> for Tag {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

serde_as_text!(Tag, "a tag of an image, such as `0.4.0`", |tag| tag.text.to_string());

/// The text cannot be the tag of an image.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
pub struct ParseTagError {
    kind: Kind,
    offset: Option<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum Kind {
    #[error("a tag of an image must not be empty")]
    Empty,
    #[error("a tag of an image is at most {MAX_BYTES} bytes long, this text has {bytes}")]
    TooLong { bytes: usize },
    #[error("{text:?} cannot be a tag of an image: it must not start with {found:?}")]
    Start { text: String, found: char },
    #[error(
        "{text:?} cannot be a tag of an image: unexpected '+' at character {column}; write `_` or `-` instead of it, or leave the build metadata out"
    )]
    Plus { text: String, column: usize },
    #[error("{text:?} cannot be a tag of an image: unexpected {found:?} at character {column}")]
    Unexpected { text: String, found: char, column: usize },
}

impl ParseTagError {
    /// The first character that cannot be there, as a byte offset from 0 into the given text.
    pub fn offset(&self) -> Option<usize> {
        self.offset
    }
}
