use std::fmt;
use std::ops::Range;
use std::str::FromStr;

const PLACEHOLDER: &str = "{version}";

/// The longest pattern and the longest version that a pattern finds, in bytes.
const MAX_BYTES: usize = 1024;
const MAX_VERSION_BYTES: usize = 256;

/// A text that holds `{version}` once and finds a version by what stands around it: `release = "{version}"`.
///
/// Everything but `{version}` is literal, other braces and line feeds too: a pattern over two lines tells apart places
/// that one line does not (`name = "demo"` before `version = "{version}"`). The match is anchored: where the pattern starts or ends
/// with a letter or digit, the text must not go on with one (nor with `-` or `.` before it), so that
/// `version = "{version}"` does not find `python-version = "3.11"`. A version starts with a digit, ends with a letter or digit and otherwise holds `.`, `-`,
/// `_`, `+` and `!`. [`locate`](crate::locate) insists on exactly one match in a file.
///
/// ```
/// use tminus_manifests::Pattern;
///
/// let pattern: Pattern = "release = \"{version}\"".parse()?;
/// assert_eq!(pattern.as_str(), "release = \"{version}\"");
/// assert!("release".parse::<Pattern>().is_err());
/// # Ok::<(), tminus_manifests::ParsePatternError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Pattern {
    text: String,
    before: String,
    after: String,
}

impl Pattern {
    /// The pattern as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The places of the versions that the pattern finds in a text, from first to last.
    pub(crate) fn find_all(&self, text: &str) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut from = 0;
        while let Some(start) = self.next_start(text, from) {
            if let Some(range) = self.match_at(text, start) {
                from = range.end;
                found.push(range);
            } else {
                // The version starts with a digit, so that the next candidate cannot start inside a character.
                from = start + 1;
            }
        }
        found
    }

    /// The next place from `from` on where a version could start: after the literal, at a digit.
    fn next_start(&self, text: &str, from: usize) -> Option<usize> {
        let bytes = text.as_bytes();
        let before = self.before.as_bytes();
        (from..bytes.len()).find(|&start| {
            bytes.get(start).is_some_and(u8::is_ascii_digit)
                && bytes.get(..start).is_some_and(|head| head.ends_with(before))
        })
    }

    fn match_at(&self, text: &str, start: usize) -> Option<Range<usize>> {
        let whole_start = start.checked_sub(self.before.len())?;
        let first = self.before.chars().next().unwrap_or('0');
        if is_word(first) && text.get(..whole_start)?.chars().next_back().is_some_and(continues_word) {
            return None;
        }
        let tail = text.get(start..)?;
        let run = tail.bytes().take(MAX_VERSION_BYTES + 1).take_while(|&byte| is_version_byte(byte)).count();
        if run > MAX_VERSION_BYTES {
            return None;
        }
        // What follows the version may itself look like a part of one (`{version}.tar.gz`), so that the longest
        // version is taken after which the rest of the pattern fits.
        (1..=run)
            .rev()
            .find(|&length| {
                tail.get(..length)
                    .is_some_and(|version| version.ends_with(|last: char| last.is_ascii_alphanumeric()))
                    && tail.get(length..).is_some_and(|rest| self.ends_at(rest, run - length))
            })
            .map(|length| start..start + length)
    }

    /// Whether the rest of the pattern stands at the start of `rest`, of which `skipped` bytes look like a version.
    fn ends_at(&self, rest: &str, skipped: usize) -> bool {
        let Some(beyond) = rest.strip_prefix(self.after.as_str()) else { return false };
        match self.after.chars().next_back() {
            // A full stop may end the sentence, but nothing of a version may be cut off.
            None => {
                rest.get(..skipped).is_some_and(|cut| cut.bytes().all(|byte| !byte.is_ascii_alphanumeric()))
            }
            Some(last) => !(is_word(last) && beyond.chars().next().is_some_and(is_word)),
        }
    }
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// Whether a character before a word makes it a part of a longer name: `python-version`, `tool.version`.
fn continues_word(character: char) -> bool {
    is_word(character) || matches!(character, '-' | '.')
}

fn is_version_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b".-_+!".contains(&byte)
}

impl FromStr for Pattern {
    type Err = ParsePatternError;

    /// Reads a pattern.
    ///
    /// # Errors
    ///
    /// - no `{version}`, or more than one
    /// - a control character except a tab or a line feed
    /// - more than 1024 bytes
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() > MAX_BYTES {
            return Err(ParsePatternError::TooLong { bytes: text.len() });
        }
        if text.chars().any(|character| character.is_control() && !matches!(character, '\t' | '\n')) {
            return Err(ParsePatternError::Control { text: text.to_owned() });
        }
        let count = text.matches(PLACEHOLDER).count();
        match text.split_once(PLACEHOLDER) {
            Some((before, after)) if count == 1 => {
                Ok(Self { text: text.to_owned(), before: before.to_owned(), after: after.to_owned() })
            }
            _ => Err(ParsePatternError::VersionCount { text: text.to_owned(), count }),
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// The text is not a pattern.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParsePatternError {
    /// The text is too long.
    #[error("a pattern is at most {MAX_BYTES} bytes long, this text has {bytes}")]
    TooLong {
        /// The length of the text.
        bytes: usize,
    },
    /// The text spans lines or holds something invisible.
    #[error("pattern {text:?} must have no control characters beside tabs and line feeds")]
    Control {
        /// The text as given.
        text: String,
    },
    /// The version does not stand in it exactly once.
    #[error("pattern `{text}` must hold `{{version}}` exactly once, not {count} times")]
    VersionCount {
        /// The text as given.
        text: String,
        /// How often it was found.
        count: usize,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, text: &str, expected: &[&str]) {
        let pattern: Pattern = pattern.parse().unwrap();
        let found: Vec<&str> = pattern.find_all(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, expected, "{pattern} in {text:?}");
    }

    #[test]
    fn the_text_around_the_version_decides() {
        check("release = \"{version}\"", "release = \"1.2.3\"\n", &["1.2.3"]);
        check("release = \"{version}\"", "release = '1.2.3'\n", &[]);
        check("release = \"{version}\"", "release = \"x1\" release = \"1\"", &["1"]);
        check("ARG VERSION={version}", "ARG VERSION=0.4.0rc1\r\nRUN x", &["0.4.0rc1"]);
        check("{version}", "0.4.0\n", &["0.4.0"]);
        check("{version}", "", &[]);
        check("é{version}é", "é1.0é é2é", &["1.0", "2"]);
        check("{\"v\": \"{version}\"}", "{\"v\": \"1.0\"}", &["1.0"]);
    }

    #[test]
    fn nothing_inside_a_longer_word_is_found() {
        check("version = \"{version}\"", "python_version = \"3.11\"\npython-version = \"3\"", &[]);
        check("version = \"{version}\"", "tool.version = \"3.11\"\n version = \"1\"", &["1"]);
        check("v{version}", "rev1.0 v1.0", &["1.0"]);
        check("{version}", "x1.0 a-1.0 2.0", &["2.0"]);
        check("{version}rc", "1.0rc 1.0rcx", &["1.0"]);
    }

    #[test]
    fn the_end_of_the_version_is_found() {
        check("version {version}", "version 1.2.3.", &["1.2.3"]);
        check("demo-{version}.tar.gz", "demo-1.2.3.tar.gz", &["1.2.3"]);
        check("demo-{version}.tar", "demo-1.2.3.tar.gz", &["1.2.3"]);
        check("demo-{version}-py3", "demo-1.2-dev-py3 demo-1-py3", &["1.2-dev", "1"]);
        check("v{version}/", "v1.0/v2.0/", &["1.0", "2.0"]);
        check("v{version}", &format!("v{}", "1".repeat(300)), &[]);
    }

    #[test]
    fn malformed_patterns_are_refused() {
        for text in ["", "version", "{verison}", "{version}{version}", "a\r{version}", "a\r{version}"] {
            assert!(text.parse::<Pattern>().is_err(), "{text:?}");
        }
        assert!(format!("{}{{version}}", "x".repeat(1024)).parse::<Pattern>().is_err());
        let error = "release".parse::<Pattern>().unwrap_err();
        assert_eq!(error.to_string(), "pattern `release` must hold `{version}` exactly once, not 0 times");
    }
}
