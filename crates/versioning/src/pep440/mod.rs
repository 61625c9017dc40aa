//! Versions of Python packages, as [PEP 440](https://packaging.python.org/en/latest/specifications/version-specifiers/) defines them.
//!
//! # Deviations
//!
//! - Numbers stop at 2⁶⁴ − 1. The specification has no limit; a larger number is refused, never rounded.
//! - Text beyond [`MAX_VERSION_BYTES`] is refused.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use crate::MAX_VERSION_BYTES;
use crate::serde_text::serde_as_text;

mod error;
#[cfg(test)]
mod tests;

pub use error::ParseVersionError;

/// A version by PEP 440, with the spelling in which it was written.
///
/// `Display` gives the canonical form, [`as_written`](Self::as_written) the text as it was given. Equality, order and
/// hash look at the meaning alone:
///
/// `1.0.dev1 < 1.0a1.dev1 < 1.0a1 < 1.0b1 < 1.0rc1 < 1.0 = 1.0.0 < 1.0+local < 1.0.post1 < 1.1 < 1!0.1`
///
/// ```
/// use tminus_versioning::pep440::Version;
///
/// let version: Version = "v1.2-dev".parse()?;
/// assert_eq!(version.to_string(), "1.2.dev0");
/// assert_eq!(version.as_written(), "v1.2-dev");
/// assert!(version < "1.2a1".parse()?);
/// assert_eq!("1.0".parse::<Version>()?, "1.0.0".parse()?);
/// # Ok::<(), tminus_versioning::pep440::ParseVersionError>(())
/// ```
#[derive(Clone)]
pub struct Version {
    parsed: pep440_rs::Version,
    written: Box<str>,
}

/// The kind of a pre-release, in the order of PEP 440.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PreKind {
    /// `a`, also written `alpha`.
    Alpha,
    /// `b`, also written `beta`.
    Beta,
    /// `rc`, also written `c`, `pre` and `preview`.
    Rc,
}

impl Version {
    /// The text as it was given, without the white space around it.
    pub fn as_written(&self) -> &str {
        &self.written
    }

    /// The epoch: the `1` of `1!2.0`, else 0.
    pub fn epoch(&self) -> u64 {
        self.parsed.epoch()
    }

    /// The numbers of the release part, as many as were written and at least one.
    pub fn release(&self) -> &[u64] {
        self.parsed.release()
    }

    /// The pre-release part: the `rc1` of `1.0rc1`.
    pub fn pre(&self) -> Option<(PreKind, u64)> {
        self.parsed.pre().map(|pre| {
            let kind = match pre.kind {
                pep440_rs::PrereleaseKind::Alpha => PreKind::Alpha,
                pep440_rs::PrereleaseKind::Beta => PreKind::Beta,
                pep440_rs::PrereleaseKind::Rc => PreKind::Rc,
            };
            (kind, pre.number)
        })
    }

    /// The post-release number: the `1` of `1.0.post1`.
    pub fn post(&self) -> Option<u64> {
        self.parsed.post()
    }

    /// The development number: the `1` of `1.0.dev1`.
    pub fn dev(&self) -> Option<u64> {
        self.parsed.dev()
    }

    /// The local part in canonical form, without its `+`.
    pub fn local(&self) -> Option<String> {
        let segments = self.parsed.local();
        if segments.is_empty() {
            return None;
        }
        Some(segments.iter().map(ToString::to_string).collect::<Vec<_>>().join("."))
    }

    /// Whether installers skip this version unless they are asked: it has a pre-release or a development part.
    pub fn is_prerelease(&self) -> bool {
        self.parsed.any_prerelease()
    }

    /// Whether this is a final release: release numbers and perhaps an epoch, nothing else.
    pub fn is_final(&self) -> bool {
        !self.is_prerelease() && self.post().is_none() && self.parsed.local().is_empty()
    }
}

impl FromStr for Version {
    type Err = ParseVersionError;

    /// Reads a version in any spelling that PEP 440 normalises.
    ///
    /// # Errors
    ///
    /// - an empty text, or one that starts with no number: ``, `x1`
    /// - anything after the version: `1.0 beta candidate`, `1.0.x`, `1.*`
    /// - a local part without text: `1.0+`
    /// - a number beyond 2⁶⁴ − 1, or a text beyond 256 bytes
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let written = text.trim_matches(is_python_space);
        if written.len() > MAX_VERSION_BYTES {
            return Err(ParseVersionError::too_long(written.len()));
        }
        let Ok(parsed) = pep440_rs::Version::from_str(written) else {
            return Err(ParseVersionError::locate(text));
        };
        // pep440_rs keeps an all-digit local segment beyond u64 as text, which would then sort wrongly.
        let overflows = parsed.local().iter().any(|segment| match segment {
            pep440_rs::LocalSegment::String(text) => text.bytes().all(|byte| byte.is_ascii_digit()),
            pep440_rs::LocalSegment::Number(_) => false,
        });
        if overflows {
            return Err(ParseVersionError::local_number_too_large(text));
        }
        Ok(Self { parsed, written: written.into() })
    }
}

/// Whether Python's `str.isspace` holds for a character; PEP 440 strips exactly those around a version.
///
/// Python adds the four separators of ASCII to Unicode's own property.
fn is_python_space(character: char) -> bool {
    character.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&character)
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parsed.fmt(formatter)
    }
}

impl fmt::Debug for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Version({:?})", self.written)
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.parsed == other.parsed
    }
}

impl Eq for Version {}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        self.parsed.cmp(&other.parsed)
    }
}

impl Hash for Version {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.parsed.hash(state);
    }
}

serde_as_text!(Version, "a version by PEP 440, such as `0.4.0rc1`", |version| version
    .as_written()
    .to_owned());
