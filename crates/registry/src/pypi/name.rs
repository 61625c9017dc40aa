use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The name of a project on an index: PEP 508 grammar, compared as PEP 503 says.
///
/// ```
/// use tminus_registry::pypi::ProjectName;
///
/// let name: ProjectName = "Fast_LLM".parse()?;
/// assert_eq!(name.as_str(), "Fast_LLM");
/// assert_eq!(name.normalized(), "fast-llm");
/// assert_eq!(name, "fast-llm".parse()?);
/// assert!("-fast".parse::<ProjectName>().is_err());
/// # Ok::<(), tminus_registry::pypi::ParseNameError>(())
/// ```
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ProjectName {
    text: String,
    normalized: String,
}

/// A text that is no project name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is not a project name: ASCII letters, digits, `-`, `_`, `.`, with a letter or digit at both ends"
)]
pub struct ParseNameError(String);

impl ProjectName {
    /// The name as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Lower case, with every run of `-`, `_`, `.` as one `-` (PEP 503): the name in URLs and in comparisons.
    pub fn normalized(&self) -> &str {
        &self.normalized
    }

    /// The normalized name with `_` for `-`, as file names are to spell it (PEP 625, PEP 427).
    pub fn file_stem(&self) -> String {
        self.normalized.replace('-', "_")
    }
}

/// PEP 503, for any text.
pub(crate) fn normalize(text: &str) -> String {
    let mut normalized = String::with_capacity(text.len());
    let mut in_run = false;
    for c in text.chars() {
        if matches!(c, '-' | '_' | '.') {
            in_run = true;
            continue;
        }
        if std::mem::take(&mut in_run) {
            normalized.push('-');
        }
        normalized.push(c.to_ascii_lowercase());
    }
    if in_run {
        normalized.push('-');
    }
    normalized
}

impl FromStr for ProjectName {
    type Err = ParseNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        let end = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
        let bytes = text.as_bytes();
        if end(bytes.first().copied()) && end(bytes.last().copied()) && bytes.iter().copied().all(inner) {
            Ok(Self { text: text.to_owned(), normalized: normalize(text) })
        } else {
            Err(ParseNameError(text.chars().take(100).collect()))
        }
    }
}

impl fmt::Display for ProjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl PartialEq for ProjectName {
    fn eq(&self, other: &Self) -> bool {
        self.normalized == other.normalized
    }
}

impl Eq for ProjectName {}

impl Hash for ProjectName {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.normalized.hash(state);
    }
}

impl PartialOrd for ProjectName {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ProjectName {
    fn cmp(&self, other: &Self) -> Ordering {
        self.normalized.cmp(&other.normalized)
    }
}

impl TryFrom<String> for ProjectName {
    type Error = ParseNameError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<ProjectName> for String {
    fn from(name: ProjectName) -> Self {
        name.text
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, normalized: Option<&str>) {
        let parsed = text.parse::<ProjectName>().ok();
        assert_eq!(parsed.as_ref().map(ProjectName::normalized), normalized, "{text:?}");
    }

    #[test]
    fn names() {
        check("demo", Some("demo"));
        check("A", Some("a"));
        check("Fast-LLM", Some("fast-llm"));
        check("zope.interface", Some("zope-interface"));
        check("a._-b__c", Some("a-b-c"));
        check("0x10c-asm", Some("0x10c-asm"));
        check("", None);
        check(".", None);
        check("-a", None);
        check("a-", None);
        check("a b", None);
        check("a/b", None);
        check("a\n", None);
        check("naïve", None);
        check("K\u{212a}", None);
    }

    #[test]
    fn serde_reads_and_writes_a_string() {
        let name: ProjectName = serde_json::from_str("\"Fast_LLM\"").unwrap();
        assert_eq!(serde_json::to_string(&name).unwrap(), "\"Fast_LLM\"");
        assert!(serde_json::from_str::<ProjectName>("\"a b\"").is_err());
    }

    proptest! {
        #[test]
        fn normalizing_twice_is_normalizing_once(text in "[A-Za-z0-9]([A-Za-z0-9._-]{0,12}[A-Za-z0-9])?") {
            let name: ProjectName = text.parse().unwrap();
            let again: ProjectName = name.normalized().parse().unwrap();
            prop_assert_eq!(again.normalized(), name.normalized());
            prop_assert_eq!(&again, &name);
        }
    }
}
