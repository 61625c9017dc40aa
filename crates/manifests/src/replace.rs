use crate::{Found, LocateError, RelPath, locate};

/// The longest value that is written, in bytes.
const MAX_VALUE_BYTES: usize = 256;

/// Writes another version in the place of the one that was found.
///
/// Only the bytes of the version change. The result is read again: the new version must stand in the same place and
/// read as it was given, else nothing is returned.
///
/// ```
/// use tminus_manifests::{VersionFile, replace};
///
/// let file = VersionFile::auto("setup.cfg".parse()?);
/// let old = b"[metadata]\r\nversion =\t0.4.0\r\n";
/// let new = replace(old, &file.locate(old)?, "0.4.1-dev")?;
/// assert_eq!(new, b"[metadata]\r\nversion =\t0.4.1-dev\r\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// - the bytes are not those in which the version was found
/// - an empty value, one with white space or control characters, or one that the place cannot hold
pub fn replace(bytes: &[u8], found: &Found, new: &str) -> Result<Vec<u8>, EditError> {
    let path = || found.file().path.clone();
    if locate(found.file(), bytes)? != *found {
        return Err(EditError::Stale { path: path() });
    }
    if let Some(reason) = objection(new) {
        return Err(EditError::Unfit { path: path(), line: found.line(), value: shorten(new), reason });
    }
    let unfit = |reason| EditError::Unfit { path: path(), line: found.line(), value: shorten(new), reason };
    let spelled = found.quoting().spell(new).map_err(unfit)?;

    let span = found.span();
    let (Some(before), Some(after)) = (bytes.get(..span.start), bytes.get(span.end..)) else {
        return Err(EditError::Stale { path: path() });
    };
    let mut edited = Vec::with_capacity(before.len() + spelled.len() + after.len());
    edited.extend_from_slice(before);
    edited.extend_from_slice(spelled.as_bytes());
    edited.extend_from_slice(after);

    match locate(found.file(), &edited) {
        Ok(again) if again.text() == new && again.span() == (span.start..span.start + spelled.len()) => {
            Ok(edited)
        }
        _ => Err(unfit(Unfit::ReadsDifferently)),
    }
}

fn objection(value: &str) -> Option<Unfit> {
    if value.is_empty() {
        Some(Unfit::Empty)
    } else if value.len() > MAX_VALUE_BYTES {
        Some(Unfit::TooLong)
    } else if value.chars().any(|character| character.is_control() || character.is_whitespace()) {
        Some(Unfit::White)
    } else {
        None
    }
}

fn shorten(value: &str) -> String {
    value.chars().take(MAX_VALUE_BYTES).collect()
}

/// A version cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EditError {
    /// The version cannot be found in these bytes.
    #[error(transparent)]
    Locate(#[from] LocateError),
    /// The bytes are not those in which the version was found.
    #[error("{path} is not the text in which the version was found: read it again")]
    Stale {
        /// The file.
        path: RelPath,
    },
    /// The place cannot hold the value.
    #[error("{path}:{line} cannot hold {value:?}: {reason}")]
    Unfit {
        /// The file.
        path: RelPath,
        /// The line of the version.
        line: u32,
        /// The value that was to be written.
        value: String,
        /// Why not.
        reason: Unfit,
    },
}

/// Why a value cannot be written in a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unfit {
    /// There is nothing to write.
    #[error("it is empty")]
    Empty,
    /// No version is that long.
    #[error("it is longer than {MAX_VALUE_BYTES} bytes")]
    TooLong,
    /// It holds white space, a line break or another control character.
    #[error("it holds white space or a control character")]
    White,
    /// It holds the quote that ends the text there.
    #[error("it holds {quote:?}, which ends the text there")]
    Quote {
        /// The quote.
        quote: char,
    },
    /// It holds a backslash, which means something else there.
    #[error("it holds a backslash")]
    Backslash,
    /// Written there, it would not be read as the version.
    #[error("it would be read differently there")]
    ReadsDifferently,
}
