use std::fmt;
use std::str::FromStr;

use super::{TagName, TagNameError};
use crate::MAX_VERSION_BYTES;
use crate::placeholder::{self, PlaceholderError, Segment};
use crate::serde_text::serde_as_text;

/// How the tags of a project are named: `v{version}`, `{package}@{version}`, `{path}/v{version}`.
///
/// The pattern holds `{version}` exactly once. Reading is anchored at both ends: a tag either is the pattern with a
/// version in it or it is not a tag of this pattern, a version inside a longer text is never found. What stands for
/// the version starts with a digit and holds only what versions hold; whether it is one is for its scheme to say.
///
/// One pattern alone reads `v0.8.1-dev` with `v{version}` as the version `0.8.1-dev`. A project that has tags of
/// several shapes reads them with [`TagPatterns`](super::TagPatterns), which tells `v{version}-dev` from `v{version}`.
///
/// ```
/// use tminus_versioning::{TagPattern, TagVariables};
///
/// let pattern: TagPattern = "{package}@{version}".parse()?;
/// let variables = TagVariables { package: Some("demo"), ..TagVariables::default() };
/// let tag = pattern.format("0.4.0-rc.1", &variables)?;
/// assert_eq!(tag.as_str(), "demo@0.4.0-rc.1");
/// assert_eq!(pattern.parse(tag.as_str(), &variables), Some("0.4.0-rc.1"));
/// assert_eq!(pattern.parse("other-demo@0.4.0", &variables), None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TagPattern {
    text: String,
    before: Vec<Segment<Variable>>,
    after: Vec<Segment<Variable>>,
}

/// What the placeholders of a [`TagPattern`] other than `{version}` stand for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TagVariables<'a> {
    /// The name of the package, for `{package}`.
    pub package: Option<&'a str>,
    /// The directory of the package from the root of the repository, for `{path}`.
    pub path: Option<&'a str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Variable {
    Version,
    Package,
    Path,
}

impl Variable {
    const KNOWN: [(&'static str, Self); 3] =
        [("version", Self::Version), ("package", Self::Package), ("path", Self::Path)];

    fn value<'a>(self, variables: &TagVariables<'a>) -> Result<&'a str, FormatTagError> {
        let (name, value) = match self {
            Self::Version => ("version", None),
            Self::Package => ("package", variables.package),
            Self::Path => ("path", variables.path),
        };
        value.ok_or(FormatTagError::Missing { name })
    }
}

impl TagPattern {
    /// The pattern as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether tags of this pattern name their package, so that several packages can share a repository.
    pub fn names_package(&self) -> bool {
        self.before.iter().chain(&self.after).any(|segment| matches!(segment, Segment::Placeholder(_)))
    }

    /// The tag of a version.
    ///
    /// # Errors
    ///
    /// - text that [`parse`](Self::parse) would not read back: `v1.0`, an empty text
    /// - a variable of the pattern without a value
    /// - a name that git does not accept, because of the value of a variable: a path `.`
    pub fn format(&self, version: &str, variables: &TagVariables<'_>) -> Result<TagName, FormatTagError> {
        if !could_be_version(version) {
            return Err(FormatTagError::NotAVersion {
                text: version.chars().take(MAX_VERSION_BYTES).collect(),
            });
        }
        let (before, after) = self.around(variables)?;
        Ok(format!("{before}{version}{after}").parse()?)
    }

    /// The text of the version in a tag, if the whole tag follows the pattern.
    ///
    /// Also nothing when the pattern has a variable without a value.
    pub fn parse<'t>(&self, tag: &'t str, variables: &TagVariables<'_>) -> Option<&'t str> {
        let (before, after) = self.around(variables).ok()?;
        between(tag, &before, &after)
    }

    /// The text before and after the version.
    pub(super) fn around(&self, variables: &TagVariables<'_>) -> Result<(String, String), FormatTagError> {
        Ok((fill(&self.before, variables)?, fill(&self.after, variables)?))
    }
}

/// What stands for the version between two texts, if nothing else is there.
pub(super) fn between<'t>(tag: &'t str, before: &str, after: &str) -> Option<&'t str> {
    let version = tag.strip_prefix(before)?.strip_suffix(after)?;
    could_be_version(version).then_some(version)
}

/// Whether a text has the characters of a version: a digit first, then what PEP 440 and SemVer use.
///
/// PEP 440 also reads `v1.0`; accepting that here would find a version in the tag `vv1.0` of the pattern `v{version}`.
pub(crate) fn could_be_version(text: &str) -> bool {
    text.len() <= MAX_VERSION_BYTES
        && text.starts_with(|first: char| first.is_ascii_digit())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_+!".contains(&byte))
}

fn fill(segments: &[Segment<Variable>], variables: &TagVariables<'_>) -> Result<String, FormatTagError> {
    let mut text = String::new();
    for segment in segments {
        match segment {
            Segment::Literal(literal) => text.push_str(literal),
            Segment::Placeholder(variable) => text.push_str(variable.value(variables)?),
        }
    }
    Ok(text)
}

impl FromStr for TagPattern {
    type Err = TagPatternError;

    /// Reads a pattern.
    ///
    /// # Errors
    ///
    /// - no `{version}`, or more than one
    /// - an unknown placeholder or a brace without its counterpart
    /// - text around the version that git does not accept in a tag: `release {version}`
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let segments = placeholder::parse(text, &Variable::KNOWN)?;
        let is_version = |segment: &Segment<Variable>| *segment == Segment::Placeholder(Variable::Version);
        let count = segments.iter().filter(|segment| is_version(segment)).count();
        let mut parts = segments.split(is_version).map(<[_]>::to_vec);
        let (Some(before), Some(after), 1) = (parts.next(), parts.next(), count) else {
            return Err(TagPatternError::VersionCount { text: text.to_owned(), count });
        };
        let pattern = Self { text: text.to_owned(), before, after };
        // The values here are harmless, so that only the text of the pattern itself can be refused.
        let harmless = TagVariables { package: Some("package"), path: Some("path") };
        match pattern.format("0.1.0", &harmless) {
            Ok(_) => Ok(pattern),
            Err(FormatTagError::Name(source)) => Err(TagPatternError::Name { text: text.to_owned(), source }),
            Err(FormatTagError::Missing { .. } | FormatTagError::NotAVersion { .. }) => {
                Err(TagPatternError::VersionCount { text: text.to_owned(), count })
            }
        }
    }
}

impl fmt::Display for TagPattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

serde_as_text!(TagPattern, "a tag pattern, such as `v{version}`", |pattern| pattern.text.clone());

/// The text is not a tag pattern.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TagPatternError {
    /// The placeholders are malformed.
    #[error(transparent)]
    Placeholder(#[from] PlaceholderError),
    /// The version does not stand in it exactly once.
    #[error("tag pattern `{text}` must hold `{{version}}` exactly once, not {count} times")]
    VersionCount {
        /// The pattern as given.
        text: String,
        /// How often it was found.
        count: usize,
    },
    /// No tag of this pattern is acceptable to git.
    #[error("tag pattern `{text}` gives names that git refuses")]
    Name {
        /// The pattern as given.
        text: String,
        /// The rule that is broken.
        source: TagNameError,
    },
}

/// The tag of a version cannot be formed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FormatTagError {
    /// A placeholder of the pattern has no value.
    #[error("the tag pattern needs a value for `{{{name}}}`")]
    Missing {
        /// The name of the placeholder.
        name: &'static str,
    },
    /// The text for `{version}` would not be read back as a version.
    #[error("{text:?} is not the text of a version")]
    NotAVersion {
        /// The text as given.
        text: String,
    },
    /// The resulting name is not acceptable to git.
    #[error(transparent)]
    Name(#[from] TagNameError),
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DEMO: TagVariables<'_> = TagVariables { package: Some("demo"), path: Some("pkg/demo") };

    #[track_caller]
    fn check(pattern: &str, tag: &str, expected: Option<&str>) {
        let pattern: TagPattern = pattern.parse().unwrap();
        assert_eq!(pattern.parse(tag, &DEMO), expected, "{tag}");
        if let Some(version) = expected {
            assert_eq!(pattern.format(version, &DEMO).unwrap().as_str(), tag);
        }
    }

    #[track_caller]
    fn check_refused(pattern: &str, expected: &str) {
        assert_eq!(pattern.parse::<TagPattern>().unwrap_err().to_string(), expected);
    }

    #[test]
    fn a_tag_is_read_whole_or_not_at_all() {
        check("v{version}", "v0.4.0", Some("0.4.0"));
        check("v{version}", "v0.8.1-dev", Some("0.8.1-dev"));
        check("v{version}", "v1!2.0+local", Some("1!2.0+local"));
        check("v{version}", "0.4.0", None);
        check("v{version}", "vv0.4.0", None);
        check("v{version}", "rev0.4.0", None);
        check("v{version}", "v", None);
        check("v{version}", "version-0.4.0", None);
        check("v{version}", "pkg/v0.4.0", None);
        check("v{version}", "v0.4.0/extra", None);
        check("v{version}", "v0.4.0 extra", None);
        check("{version}", "0.0.1", Some("0.0.1"));
        check("{version}", "v0.0.1", None);
        check("{version}", "gaie-1.5-sync", None);
        check("release-{version}-final", "release-1.0-final", Some("1.0"));
        check("release-{version}-final", "release-1.0", None);
    }

    #[test]
    fn variables_take_part() {
        check("{package}@{version}", "demo@1.0.0", Some("1.0.0"));
        check("{package}@{version}", "demo-extra@1.0.0", None);
        check("{package}-{version}", "demo-extra-1.0.0", None);
        check("{path}/v{version}", "pkg/demo/v1.0.0", Some("1.0.0"));
        check("{path}/v{version}", "pkg/demo2/v1.0.0", None);
        let pattern: TagPattern = "{package}@{version}".parse().unwrap();
        assert!(pattern.names_package());
        assert_eq!(pattern.parse("demo@1.0.0", &TagVariables::default()), None);
        let error = pattern.format("1.0.0", &TagVariables::default()).unwrap_err();
        assert_eq!(error, FormatTagError::Missing { name: "package" });
    }

    #[test]
    fn values_that_git_refuses_are_refused() {
        let pattern: TagPattern = "{path}/v{version}".parse().unwrap();
        for path in ["", ".", "a b", "a//b", "-x"] {
            let variables = TagVariables { path: Some(path), ..DEMO };
            assert!(matches!(pattern.format("1.0", &variables), Err(FormatTagError::Name(_))), "{path:?}");
        }
        for version in ["", "v1.0", "1.0 ", "1.0/2", "1..0", "1.0.", "é"] {
            assert!(pattern.format(version, &DEMO).is_err(), "{version:?}");
        }
    }

    #[test]
    fn malformed_patterns_are_refused() {
        check_refused("v1", "tag pattern `v1` must hold `{version}` exactly once, not 0 times");
        check_refused(
            "{version}-{version}",
            "tag pattern `{version}-{version}` must hold `{version}` exactly once, not 2 times",
        );
        check_refused("release {version}", "tag pattern `release {version}` gives names that git refuses");
        check_refused("v{version}.lock", "tag pattern `v{version}.lock` gives names that git refuses");
        check_refused(
            "v{verison}",
            "unknown placeholder `{verison}` at character 2: did you mean `{version}`?",
        );
        check_refused("-{version}", "tag pattern `-{version}` gives names that git refuses");
    }

    #[test]
    fn patterns_survive_json() {
        let pattern: TagPattern = serde_json::from_str("\"v{version}\"").unwrap();
        assert_eq!(serde_json::to_string(&pattern).unwrap(), "\"v{version}\"");
        assert!(!pattern.names_package());
        assert!(serde_json::from_str::<TagPattern>("\"v\"").is_err());
    }

    proptest! {
        #[test]
        fn what_is_formatted_reads_back(
            before in "[a-z/]{0,8}", after in "(-[a-z]{1,5})?", version in "[0-9][0-9a-z.+-]{0,12}",
        ) {
            if let Ok(pattern) = format!("{before}{{version}}{after}").parse::<TagPattern>()
                && let Ok(tag) = pattern.format(&version, &DEMO)
            {
                prop_assert_eq!(pattern.parse(tag.as_str(), &DEMO), Some(version.as_str()));
            }
        }

        #[test]
        fn what_is_read_formats_back(tag in "v?[0-9a-z./@-]{0,14}") {
            let pattern: TagPattern = "v{version}".parse().unwrap();
            if let Some(version) = pattern.parse(&tag, &DEMO)
                && let Ok(formatted) = pattern.format(version, &DEMO)
            {
                prop_assert_eq!(formatted.as_str(), tag);
            }
        }
    }
}
