use std::fmt;
use std::str::FromStr;

use crate::ReleaseVersion;

/// The releases that come from one branch: all of `0.4`, or all of `2`.
///
/// ```
/// use tminus_versioning::ReleaseLine;
///
/// let line = ReleaseLine { major: 0, minor: Some(4) };
/// assert_eq!(line.to_string(), "0.4");
/// assert!(line.contains(&"0.4.5.post1".parse()?));
/// assert!(!line.contains(&"0.5.0.dev0".parse()?));
/// # Ok::<(), tminus_versioning::ParseReleaseError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReleaseLine {
    /// The first number of its versions.
    pub major: u64,
    /// The second number of its versions, where it is fixed.
    pub minor: Option<u64>,
}

impl ReleaseLine {
    /// The line of a version, by its first two numbers.
    pub fn of(version: &ReleaseVersion) -> Self {
        Self { major: version.major(), minor: Some(version.minor()) }
    }

    /// Whether a version belongs to the line. The epoch is no part of a branch name and does not count.
    pub fn contains(&self, version: &ReleaseVersion) -> bool {
        version.major() == self.major && self.minor.is_none_or(|minor| version.minor() == minor)
    }
}

impl fmt::Display for ReleaseLine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.major.fmt(formatter)?;
        match self.minor {
            Some(minor) => write!(formatter, ".{minor}"),
            None => Ok(()),
        }
    }
}

impl FromStr for ReleaseLine {
    type Err = ParseLineError;

    /// Reads a line as it is displayed: `0.4`, `2`.
    ///
    /// # Errors
    ///
    /// Anything but one or two numbers with a dot between them: `v0.4`, `0.4.x`, `0.04`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = |part: &str| {
            let plain =
                part.bytes().all(|byte| byte.is_ascii_digit()) && (part.len() == 1 || !part.starts_with('0'));
            part.parse().ok().filter(|_| plain)
        };
        let line = match text.split_once('.') {
            Some((major, minor)) => {
                number(major).zip(number(minor)).map(|(major, minor)| (major, Some(minor)))
            }
            None => number(text).map(|major| (major, None)),
        };
        let (major, minor) = line.ok_or_else(|| ParseLineError { text: text.chars().take(40).collect() })?;
        Ok(Self { major, minor })
    }
}

/// The text names no line of releases.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no line of releases: write its one or two numbers, as in `0.4`")]
pub struct ParseLineError {
    text: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_reads_back() {
        for text in ["0.4", "2", "0.0", "12.345", "18446744073709551615"] {
            assert_eq!(text.parse::<ReleaseLine>().unwrap().to_string(), text);
        }
        for text in [
            "",
            ".",
            "1.",
            ".1",
            "v0.4",
            "0.4.x",
            "0.4.5",
            "00",
            "0.04",
            "+1",
            "1.+2",
            "18446744073709551616",
        ] {
            assert!(text.parse::<ReleaseLine>().is_err(), "{text:?}");
        }
    }
}
