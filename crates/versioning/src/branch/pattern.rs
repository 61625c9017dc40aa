use std::fmt;
use std::str::FromStr;

use super::{BranchName, BranchNameError, ReleaseLine};
use crate::placeholder::{self, PlaceholderError, Segment};
use crate::serde_text::serde_as_text;
use crate::tag::could_be_version;
use crate::{CannotExpress, MAX_VERSION_BYTES, ReleaseVersion, Scheme};

/// How the release branches of a project are named: `release-{major}.{minor}.x`, `releases/{major}`, `release/{version}`.
///
/// A pattern holds `{major}`, perhaps `{minor}`, or else `{version}` for a branch of one release. Reading is anchored at
/// both ends: `release-0.2.10` is no branch of `release-{major}.{minor}`. Numbers are read as they are written:
/// `release-00.4.x` is none of `release-{major}.{minor}.x`.
///
/// ```
/// use tminus_versioning::{BranchPattern, ReleaseLine, Scheme};
///
/// let pattern: BranchPattern = "release-{major}.{minor}.x".parse()?;
/// let line = ReleaseLine { major: 0, minor: Some(4) };
/// assert_eq!(pattern.format_line(line)?.as_str(), "release-0.4.x");
/// assert_eq!(pattern.format(&"0.4.5".parse()?, Scheme::Pep440)?.as_str(), "release-0.4.x");
///
/// let found = pattern.parse("release-0.4.x", Scheme::Pep440).unwrap();
/// assert_eq!((found.line, found.version), (line, None));
/// assert_eq!(pattern.parse("my-release-0.4.x", Scheme::Pep440), None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BranchPattern {
    text: String,
    segments: Vec<Segment<Variable>>,
}

/// What the name of a release branch says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BranchMatch {
    /// The releases that come from the branch.
    pub line: ReleaseLine,
    /// The release that the branch is for, when the pattern holds `{version}`.
    pub version: Option<ReleaseVersion>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Variable {
    Version,
    Major,
    Minor,
}

impl Variable {
    const KNOWN: [(&'static str, Self); 3] =
        [("version", Self::Version), ("major", Self::Major), ("minor", Self::Minor)];
}

impl BranchPattern {
    /// The pattern as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether each release has a branch of its own: the pattern holds `{version}`.
    pub fn names_version(&self) -> bool {
        self.holds(Variable::Version)
    }

    /// The branch from which a version comes.
    ///
    /// # Errors
    ///
    /// - with `{version}`, a version that the scheme cannot say, or that git refuses in a name
    pub fn format(&self, version: &ReleaseVersion, scheme: Scheme) -> Result<BranchName, FormatBranchError> {
        let rendered = if self.names_version() { version.render(scheme)? } else { String::new() };
        Ok(self.fill(crate::tag::plain(scheme, &rendered), version.major(), version.minor()).parse()?)
    }

    /// The branch of a line of releases.
    ///
    /// # Errors
    ///
    /// - a pattern with `{version}`: a line has no single version
    /// - a pattern with `{minor}` and a line without one, or the other way round
    pub fn format_line(&self, line: ReleaseLine) -> Result<BranchName, FormatBranchError> {
        let mismatch =
            || FormatBranchError::NotOfThisLine { pattern: self.text.clone(), line: line.to_string() };
        if self.names_version() || self.holds(Variable::Minor) != line.minor.is_some() {
            return Err(mismatch());
        }
        Ok(self.fill("", line.major, line.minor.unwrap_or_default()).parse()?)
    }

    /// What the name of a branch says, if all of it follows the pattern.
    ///
    /// `{version}` must be a version of the scheme: `release-0.4.x` is no branch of `release-{version}`. In the scheme
    /// `go` its `v` is the one that stands in the pattern.
    pub fn parse(&self, branch: &str, scheme: Scheme) -> Option<BranchMatch> {
        let mut rest = branch;
        let mut numbers = [None, None];
        let mut version = None;
        let mut segments = self.segments.iter().peekable();
        while let Some(segment) = segments.next() {
            match segment {
                Segment::Literal(literal) => rest = rest.strip_prefix(literal.as_str())?,
                Segment::Placeholder(Variable::Version) => {
                    // It is the only placeholder, so that at most one text stands after it.
                    let after = match segments.next() {
                        Some(Segment::Literal(after)) => after.as_str(),
                        _ => "",
                    };
                    version = Some(read_version(rest.strip_suffix(after)?, scheme)?);
                    rest = "";
                }
                Segment::Placeholder(place) => {
                    let (number, after) = read_number(rest)?;
                    rest = after;
                    let [major, minor] = &mut numbers;
                    *(if *place == Variable::Major { major } else { minor }) = Some(number);
                }
            }
        }
        let line = match (&version, numbers) {
            (Some(version), _) => ReleaseLine::of(version),
            (None, [Some(major), minor]) => ReleaseLine { major, minor },
            (None, [None, _]) => return None,
        };
        rest.is_empty().then_some(BranchMatch { line, version })
    }

    fn holds(&self, variable: Variable) -> bool {
        self.segments.contains(&Segment::Placeholder(variable))
    }

    fn fill(&self, version: &str, major: u64, minor: u64) -> String {
        let mut text = String::new();
        for segment in &self.segments {
            match segment {
                Segment::Literal(literal) => text.push_str(literal),
                Segment::Placeholder(Variable::Version) => text.push_str(version),
                Segment::Placeholder(Variable::Major) => text.push_str(&major.to_string()),
                Segment::Placeholder(Variable::Minor) => text.push_str(&minor.to_string()),
            }
        }
        text
    }
}

fn read_version(text: &str, scheme: Scheme) -> Option<ReleaseVersion> {
    if !could_be_version(text) {
        return None;
    }
    match scheme {
        Scheme::Go => ReleaseVersion::parse(Scheme::Go, &format!("v{text}")).ok(),
        scheme => ReleaseVersion::parse(scheme, text).ok(),
    }
}

/// A number without leading zeros, and what stands after it.
fn read_number(text: &str) -> Option<(u64, &str)> {
    let end = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at_checked(end)?;
    if digits.len() > 1 && digits.starts_with('0') {
        return None;
    }
    Some((digits.parse().ok()?, rest))
}

impl FromStr for BranchPattern {
    type Err = BranchPatternError;

    /// Reads a pattern.
    ///
    /// # Errors
    ///
    /// - neither `{major}` nor `{version}`, or one of them twice, or both: `main`, `{major}.{version}`
    /// - `{minor}` without `{major}`
    /// - a number that a digit or another placeholder follows, so that its end is not clear: `{major}{minor}`
    /// - an unknown placeholder or a brace without its counterpart
    /// - text that git does not accept in a branch: `release {major}`
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let segments = placeholder::parse(text, &Variable::KNOWN)?;
        let count =
            |variable| segments.iter().filter(|segment| **segment == Segment::Placeholder(variable)).count();
        match (count(Variable::Version), count(Variable::Major), count(Variable::Minor)) {
            (1, 0, 0) | (0, 1, 0 | 1) => {}
            _ => return Err(BranchPatternError::Placeholders { text: text.to_owned() }),
        }
        for pair in segments.windows(2) {
            if let [Segment::Placeholder(_), after] = pair {
                let clear = match after {
                    Segment::Placeholder(_) => false,
                    Segment::Literal(literal) => !literal.starts_with(|first: char| first.is_ascii_digit()),
                };
                if !clear {
                    return Err(BranchPatternError::Ambiguous { text: text.to_owned() });
                }
            }
        }
        let pattern = Self { text: text.to_owned(), segments };
        let sample = pattern.fill("0.1.0", 0, 1).parse::<BranchName>();
        sample.map_err(|source| BranchPatternError::Name {
            text: text.chars().take(MAX_VERSION_BYTES).collect(),
            source,
        })?;
        Ok(pattern)
    }
}

impl fmt::Display for BranchPattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

serde_as_text!(BranchPattern, "a branch pattern, such as `release-{major}.{minor}.x`", |pattern| pattern
    .text
    .clone());

/// The text is not a branch pattern.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BranchPatternError {
    /// The placeholders are malformed.
    #[error(transparent)]
    Placeholder(#[from] PlaceholderError),
    /// The placeholders do not say which releases come from a branch.
    #[error(
        "branch pattern `{text}` must hold `{{major}}` once, perhaps with one `{{minor}}`, or `{{version}}` alone"
    )]
    Placeholders {
        /// The pattern as given.
        text: String,
    },
    /// Where a number ends cannot be seen.
    #[error("branch pattern `{text}` must have other text than a digit after each placeholder")]
    Ambiguous {
        /// The pattern as given.
        text: String,
    },
    /// No branch of this pattern is acceptable to git.
    #[error("branch pattern `{text}` gives names that git refuses")]
    Name {
        /// The pattern as given.
        text: String,
        /// The rule that is broken.
        source: BranchNameError,
    },
}

/// The branch of a version or a line cannot be formed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FormatBranchError {
    /// The scheme cannot say the version.
    #[error(transparent)]
    CannotExpress(#[from] CannotExpress),
    /// The pattern asks for more than the line has, or for less.
    #[error("the branch pattern `{pattern}` does not name branches of lines such as {line}")]
    NotOfThisLine {
        /// The pattern.
        pattern: String,
        /// The line.
        line: String,
    },
    /// The resulting name is not acceptable to git.
    #[error(transparent)]
    Name(#[from] BranchNameError),
}
