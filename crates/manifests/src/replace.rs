use std::ops::Range;

use crate::{Found, LocateError, RelPath, Splice, locate, splice};

/// The longest value that is written, in bytes.
const MAX_VALUE_BYTES: usize = 256;

/// Writes another version in the place of the one that was found.
///
/// Only the bytes of the version change, in each of its places. The result is read again: the new version must stand
/// in the same places and read as it was given, else nothing is returned. A value of YAML without quotes gets them
/// where it would be read as something else than a text.
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
    let splices =
        found.sites().map(|site| site.replaced(new)).collect::<Result<Vec<_>, _>>().map_err(unfit)?;
    let edited = std::str::from_utf8(bytes).ok().and_then(|text| splice(text, &splices));
    let edited = edited.ok_or_else(|| EditError::Stale { path: path() })?.into_bytes();

    match locate(found.file(), &edited) {
        Ok(again) if again.text() == new && again.spans().eq(expected(found, &splices, new)) => Ok(edited),
        _ => Err(unfit(Unfit::ReadsDifferently)),
    }
}

/// The bytes of the new version in each place, after those before it were replaced.
fn expected(found: &Found, splices: &[Splice], new: &str) -> impl Iterator<Item = Range<usize>> {
    let mut written = 0;
    let mut removed = 0;
    found.sites().zip(splices).map(move |(site, splice)| {
        let start = splice.span.start + written - removed;
        written += splice.new.len();
        removed += splice.span.len();
        let quote = usize::from(site.gains_quotes(&splice.new, new));
        start + quote..start + splice.new.len() - quote
    })
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
