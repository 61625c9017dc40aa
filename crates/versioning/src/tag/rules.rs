use super::pattern::between;
use super::{FormatTagError, TagName, TagPattern, TagVariables};
use crate::{CannotExpress, MAX_VERSION_BYTES, ParseReleaseError, Phase, ReleaseVersion, Scheme};

/// What the tags of a pattern mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TagKind {
    /// A version, of any phase: `v0.4.0`, `v0.4.0rc1`, `v0.3.1-dev.20251022`.
    Version,
    /// The place where the development of a release starts: `v0.8.1-dev` with the pattern `v{version}-dev`.
    Development,
}

/// A pattern, the scheme of the versions in it, and what its tags mark.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TagRule {
    pattern: TagPattern,
    scheme: Scheme,
    kind: TagKind,
}

impl TagRule {
    /// Tags of versions.
    ///
    /// In the scheme `go` the `v` of the version is the one that stands in the pattern.
    pub fn version(pattern: TagPattern, scheme: Scheme) -> Self {
        Self { pattern, scheme, kind: TagKind::Version }
    }

    /// Tags of the place where the development of a release starts.
    ///
    /// What stands for the version is the release, `0.8.1`; the version that such a tag gives is `0.8.1.dev0`.
    pub fn development(pattern: TagPattern, scheme: Scheme) -> Self {
        Self { pattern, scheme, kind: TagKind::Development }
    }

    /// The pattern.
    pub fn pattern(&self) -> &TagPattern {
        &self.pattern
    }

    /// The scheme of the versions.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// What the tags mark.
    pub fn kind(&self) -> TagKind {
        self.kind
    }

    /// The tag of a version.
    ///
    /// # Errors
    ///
    /// - a version that the scheme cannot say
    /// - in a rule for development, anything but the first development version of a release: `0.8.1.dev0`
    /// - what [`TagPattern::format`] refuses
    pub fn format(
        &self,
        version: &ReleaseVersion,
        variables: &TagVariables<'_>,
    ) -> Result<TagName, TagOfVersionError> {
        let named = match self.kind {
            TagKind::Version => version.clone(),
            TagKind::Development if version.phase() == Phase::Dev(0) && version.local().is_none() => {
                version.clone().with_phase(Phase::Final)
            }
            TagKind::Development => {
                return Err(TagOfVersionError::NotAStart {
                    pattern: self.pattern.to_string(),
                    version: version.to_string(),
                });
            }
        };
        let text = named.render(self.scheme)?;
        Ok(self.pattern.format(plain(self.scheme, &text), variables)?)
    }

    /// The version that stands for `{version}`.
    fn read(&self, text: &str) -> Result<ReleaseVersion, UnreadReason> {
        let not_a_version = |source| UnreadReason::NotAVersion { pattern: self.pattern.to_string(), source };
        let version = match self.scheme {
            Scheme::Go => ReleaseVersion::parse(Scheme::Go, &format!("v{text}")),
            scheme => ReleaseVersion::parse(scheme, text),
        };
        let version = version.map_err(not_a_version)?;
        match self.kind {
            TagKind::Version => Ok(version),
            TagKind::Development if version.is_final() => Ok(version.with_phase(Phase::Dev(0))),
            TagKind::Development => Err(UnreadReason::NotAStart {
                pattern: self.pattern.to_string(),
                version: version.to_string(),
            }),
        }
    }
}

/// The text of a version without the `v` that is part of it in Go and of the pattern in tags.
pub(crate) fn plain(scheme: Scheme, text: &str) -> &str {
    match scheme {
        Scheme::Go => text.strip_prefix('v').unwrap_or(text),
        _ => text,
    }
}

/// All the patterns of the tags of a project, today's and older ones.
///
/// A tag is read by the most specific rule that fits it: the one with the most text around `{version}`, and of two
/// equals the one that was given first. When its text is no version for that rule the next one is tried. So
/// `v{version}-dev` for development and `v{version}` for versions tell `v0.8.1-dev` from `v0.8.1`, in whatever order
/// they are given, and a second rule with another scheme reads the older spellings of a pattern.
///
/// ```
/// use tminus_versioning::{Scheme, TagKind, TagPatterns, TagRule, TagVariables};
///
/// let patterns = TagPatterns::new(
///     [
///         TagRule::version("v{version}".parse()?, Scheme::Semver),
///         TagRule::development("v{version}-dev".parse()?, Scheme::Semver),
///         // Before 0.2 the candidates were spelled `v0.1.0-RC1`, and the first tags had no `v`.
///         TagRule::version("v{version}".parse()?, Scheme::Pep440),
///         TagRule::version("{version}".parse()?, Scheme::Pep440),
///     ],
///     &TagVariables::default(),
/// )?;
/// let start = patterns.read("v0.8.1-dev").unwrap();
/// assert_eq!((start.rule.kind(), start.version.to_string()), (TagKind::Development, "0.8.1.dev0".to_owned()));
/// let nightly = patterns.read("v0.3.1-dev.20251022").unwrap();
/// assert_eq!((nightly.rule.kind(), nightly.text), (TagKind::Version, "0.3.1-dev.20251022"));
/// assert_eq!(patterns.read("v0.1.0-RC1").unwrap().version.to_string(), "0.1.0rc1");
/// assert_eq!(patterns.read("0.0.1").unwrap().version.to_string(), "0.0.1");
/// assert!(patterns.read("gaie-1.5-sync").is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagPatterns {
    /// The most specific one first.
    rules: Vec<FilledRule>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct FilledRule {
    rule: TagRule,
    before: String,
    after: String,
}

impl TagPatterns {
    /// Fills the patterns and puts the most specific one first.
    ///
    /// # Errors
    ///
    /// A pattern has a variable without a value.
    pub fn new(
        rules: impl IntoIterator<Item = TagRule>,
        variables: &TagVariables<'_>,
    ) -> Result<Self, FormatTagError> {
        let fill = |rule: TagRule| {
            let (before, after) = rule.pattern.around(variables)?;
            Ok(FilledRule { rule, before, after })
        };
        let mut rules: Vec<FilledRule> =
            rules.into_iter().map(fill).collect::<Result<_, FormatTagError>>()?;
        rules.sort_by_key(|filled| std::cmp::Reverse(filled.before.len() + filled.after.len()));
        Ok(Self { rules })
    }

    /// The rules in the order in which they are tried.
    pub fn rules(&self) -> impl Iterator<Item = &TagRule> {
        self.rules.iter().map(|filled| &filled.rule)
    }

    /// Reads one tag.
    ///
    /// # Errors
    ///
    /// - a tag that no pattern fits: `gaie-1.5-sync`
    /// - a tag whose text is no version for any rule that fits: `v0.3.2-with-sidecar-fix`; the reason is the one of the
    ///   most specific rule
    pub fn read<'t>(&self, tag: &'t str) -> Result<ReadTag<'_, 't>, UnreadTag> {
        let mut reason = None;
        for FilledRule { rule, before, after } in &self.rules {
            let Some(text) = between(tag, before, after) else { continue };
            match rule.read(text) {
                Ok(version) => return Ok(ReadTag { rule, version, text }),
                Err(found) => reason = reason.or(Some(found)),
            }
        }
        let tag = tag.chars().take(MAX_VERSION_BYTES).collect();
        Err(UnreadTag { tag, reason: reason.unwrap_or_else(|| self.no_pattern()) })
    }

    fn no_pattern(&self) -> UnreadReason {
        let mut patterns: Vec<String> = Vec::new();
        for rule in self.rules() {
            let pattern = format!("`{}`", rule.pattern);
            if !patterns.contains(&pattern) {
                patterns.push(pattern);
            }
        }
        UnreadReason::NoPattern { patterns: patterns.join(", ") }
    }
}

/// A tag that states a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadTag<'p, 't> {
    /// The rule that it follows.
    pub rule: &'p TagRule,
    /// The version that it states.
    pub version: ReleaseVersion,
    /// What stands for `{version}` in it.
    pub text: &'t str,
}

/// A tag states no version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the tag {tag:?} states no version: {reason}")]
pub struct UnreadTag {
    /// The tag, cut to the length that a version may have.
    pub tag: String,
    /// Why it states none.
    #[source]
    pub reason: UnreadReason,
}

/// Why a tag states no version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnreadReason {
    /// No pattern fits it.
    #[error("it follows none of {patterns}")]
    NoPattern {
        /// The patterns, in the order in which they were tried.
        patterns: String,
    },
    /// A pattern fits it, but what stands for the version is none.
    #[error("it follows `{pattern}`, but {source}")]
    NotAVersion {
        /// The pattern.
        pattern: String,
        /// What is wrong with the version.
        source: ParseReleaseError,
    },
    /// It marks the start of the development of what is no finished release: `v0.4.0rc1-dev`.
    #[error(
        "it follows `{pattern}`, but development starts towards a finished release, not towards {version}"
    )]
    NotAStart {
        /// The pattern.
        pattern: String,
        /// What stands for the version in it.
        version: String,
    },
}

/// The tag of a version cannot be formed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TagOfVersionError {
    /// The scheme of the tags cannot say the version.
    #[error(transparent)]
    CannotExpress(#[from] CannotExpress),
    /// The pattern cannot give a tag.
    #[error(transparent)]
    Format(#[from] FormatTagError),
    /// The version is not the first development version of a release.
    #[error("`{pattern}` marks where development starts: {version} is not the first development version")]
    NotAStart {
        /// The pattern.
        pattern: String,
        /// The version.
        version: String,
    },
}
