use std::fmt;
use std::str::FromStr;

use crate::serde_text::serde_as_text;

/// The local part of a version: the `cu118` of `2.1.0+cu118`.
///
/// It marks one of several builds of the same version, and is kept in the normal form of PEP 440: lower case, dots
/// between its segments, no leading zeros. The order is the one of PEP 440: segment by segment, numbers by value and
/// above words, a longer one above its own beginning.
///
/// `cpu < cu118 < cu118.1 < 7 < 11`
///
/// ```
/// use tminus_versioning::LocalPart;
///
/// let local: LocalPart = "CU-118_007".parse()?;
/// assert_eq!(local.to_string(), "cu.118.7");
/// assert!(local < "7".parse()?);
/// # Ok::<(), tminus_versioning::ParseLocalError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalPart {
    /// Never empty.
    segments: Vec<Segment>,
}

impl LocalPart {
    /// The longest local part, in bytes.
    ///
    /// It leaves room for every other part of a [`ReleaseVersion`](crate::ReleaseVersion), so that the text of
    /// a version can always be read back.
    pub const MAX_BYTES: usize = 96;
}

/// The order of the variants is the one of PEP 440.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Segment {
    Word(Box<str>),
    Number(u64),
}

impl FromStr for LocalPart {
    type Err = ParseLocalError;

    /// Reads a local part, without its `+`, in any spelling that PEP 440 normalises.
    ///
    /// # Errors
    ///
    /// - an empty text, or an empty segment: `a..b`, `.a`
    /// - anything but ASCII letters and digits between the dots, hyphens and underscores
    /// - a number beyond 2⁶⁴ − 1, or a text beyond [96 bytes](Self::MAX_BYTES)
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() > Self::MAX_BYTES {
            return Err(ParseLocalError { kind: LocalKind::TooLong { bytes: text.len() } });
        }
        let refused = || ParseLocalError { kind: LocalKind::Invalid { text: text.to_owned() } };
        let segments = text.split(['.', '-', '_']).map(segment).collect::<Option<_>>().ok_or_else(refused)?;
        Ok(Self { segments })
    }
}

fn segment(text: &str) -> Option<Segment> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        None
    } else if text.bytes().all(|byte| byte.is_ascii_digit()) {
        text.parse().ok().map(Segment::Number)
    } else {
        Some(Segment::Word(text.to_ascii_lowercase().into()))
    }
}

impl fmt::Display for LocalPart {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, segment) in self.segments.iter().enumerate() {
            if index > 0 {
                formatter.write_str(".")?;
            }
            match segment {
                Segment::Word(word) => formatter.write_str(word)?,
                Segment::Number(number) => number.fmt(formatter)?,
            }
        }
        Ok(())
    }
}

serde_as_text!(LocalPart, "the local part of a version, such as `cu118`", ToString::to_string);

/// The text cannot be the local part of a version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
pub struct ParseLocalError {
    kind: LocalKind,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum LocalKind {
    #[error("a local part is at most {} bytes long, this text has {bytes}", LocalPart::MAX_BYTES)]
    TooLong { bytes: usize },
    #[error("{text:?} is no local part of a version: write letters and digits with dots between them")]
    Invalid { text: String },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, normal: &str) {
        assert_eq!(text.parse::<LocalPart>().unwrap().to_string(), normal);
    }

    #[test]
    fn the_normal_form_is_the_one_of_pep440() {
        check("cu118", "cu118");
        check("CU118", "cu118");
        check("ubuntu-1_02.x", "ubuntu.1.2.x");
        check("007", "7");
        check("00a", "00a");
        check("18446744073709551615", "18446744073709551615");
    }

    #[test]
    fn malformed_ones_are_refused() {
        for text in ["", ".", "a.", ".a", "a..b", "a b", "é", "a+b", "18446744073709551616", &"a".repeat(97)]
        {
            assert!(text.parse::<LocalPart>().is_err(), "{text:?}");
        }
        assert_eq!(
            "a..b".parse::<LocalPart>().unwrap_err().to_string(),
            "\"a..b\" is no local part of a version: write letters and digits with dots between them"
        );
        assert_eq!(
            "a".repeat(5000).parse::<LocalPart>().unwrap_err().to_string(),
            "a local part is at most 96 bytes long, this text has 5000"
        );
        let longest = "a".repeat(96);
        assert_eq!(longest.parse::<LocalPart>().unwrap().to_string(), longest);
    }
}
