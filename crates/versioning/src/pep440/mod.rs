//! Versions of Python packages and what may be asked of them, as
//! [PEP 440](https://packaging.python.org/en/latest/specifications/version-specifiers/) defines both and the Python
//! library `packaging` reads them.
//!
//! # Deviations
//!
//! - Numbers stop at 2⁶⁴ − 1. The specification has no limit; a larger number is refused, never rounded.
//! - A version beyond [`MAX_VERSION_BYTES`](crate::MAX_VERSION_BYTES) is refused, and so is a set of specifiers beyond
//!   [`MAX_SPECIFIERS_BYTES`].
//! - `packaging` accepts the letters `ſ`, `ı` and `İ` in the words of a `~=` clause (`~=1.0.poſt1`) and then fails when
//!   the clause is used. Here such a clause is refused.

use std::ops::Range;

mod error;
mod key;
mod parts;
mod reader;
mod specifier;
#[cfg(test)]
mod tests;
mod version;

pub use error::ParseVersionError;
pub use parts::Release;
pub use specifier::{
    MAX_SPECIFIERS_BYTES, Operator, ParseSpecifierError, Prereleases, Specifier, SpecifierSet,
};
pub use version::{PreKind, Version};

/// Whether Python's `str.isspace` holds for a character; PEP 440 strips exactly those around a version.
///
/// Python adds the four separators of ASCII to Unicode's own property.
pub(crate) fn is_python_space(character: char) -> bool {
    character.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&character)
}

/// Takes the white space off both ends of a text.
#[inline]
fn trim(text: &str) -> &str {
    text.get(trimmed(text, 0..text.len())).unwrap_or_default()
}

/// What is left of a range of a text without the white space at both ends.
#[inline]
fn trimmed(text: &str, mut range: Range<usize>) -> Range<usize> {
    let bytes = text.as_bytes();
    while range.start < range.end && bytes.get(range.start) == Some(&b' ') {
        range.start += 1;
    }
    // Nearly every text ends here: what two bytes show needs no search.
    let is_graphic = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_graphic);
    if range.is_empty() || is_graphic(range.start) && is_graphic(range.end - 1) {
        return range;
    }
    trimmed_by_character(text, range)
}

#[cold]
#[inline(never)]
fn trimmed_by_character(text: &str, range: Range<usize>) -> Range<usize> {
    let part = text.get(range.clone()).unwrap_or_default();
    let start = range.start + part.len() - part.trim_start_matches(is_python_space).len();
    let end = range.start + part.trim_end_matches(is_python_space).len();
    start..end.max(start)
}
