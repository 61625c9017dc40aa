//! The tags of a train, read in one way by everything that asks: plan, status, `tminus version next` and `list`.

use tminus_versioning::tag::FormatTagError;
use tminus_versioning::{ReleaseVersion, Scheme, TagKind, TagPattern, TagPatterns, TagRule, TagVariables};

/// What marks the start of a release's development, behind the version: `v0.4.5-dev`.
const DEVELOPMENT: &str = "-dev";

/// Every spelling that the tags of a train have had.
///
/// A tag that ends with `-dev` marks where development starts, and no version. In a train of another scheme what PEP 440
/// reads, which is nearly everything that ever was a version, stands for the tags from before: `v1.2`, `v0.3.0-RC1`.
///
/// # Errors
/// The pattern has a variable without a value.
pub fn of_train(
    pattern: &TagPattern,
    scheme: Scheme,
    variables: &TagVariables<'_>,
) -> Result<TagPatterns, FormatTagError> {
    let mut rules = vec![TagRule::version(pattern.clone(), scheme)];
    if let Ok(development) = format!("{pattern}{DEVELOPMENT}").parse() {
        rules.push(TagRule::development(development, scheme));
    }
    if scheme != Scheme::Pep440 {
        rules.push(TagRule::version(pattern.clone(), Scheme::Pep440));
    }
    TagPatterns::new(rules, variables)
}

/// Just these patterns and this scheme. Of two that differ in a `-dev` at the end, that one marks where development
/// starts.
///
/// # Errors
/// A pattern has a variable without a value.
pub fn exactly(
    patterns: &[TagPattern],
    scheme: Scheme,
    variables: &TagVariables<'_>,
) -> Result<TagPatterns, FormatTagError> {
    let rule = |pattern: &TagPattern| {
        let release = pattern.as_str().strip_suffix(DEVELOPMENT);
        if release.is_some_and(|release| patterns.iter().any(|other| other.as_str() == release)) {
            TagRule::development(pattern.clone(), scheme)
        } else {
            TagRule::version(pattern.clone(), scheme)
        }
    };
    TagPatterns::new(patterns.iter().map(rule), variables)
}

/// The version that a tag states, if it states one.
pub(crate) fn version(patterns: &TagPatterns, tag: &str) -> Option<ReleaseVersion> {
    let read = patterns.read(tag).ok()?;
    (read.rule.kind() == TagKind::Version).then_some(read.version)
}
