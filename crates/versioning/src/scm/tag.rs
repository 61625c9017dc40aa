use super::error::{ScmError, TagProblem};
use super::{ScmWarning, Settings};
use crate::MAX_VERSION_BYTES;
use crate::pep440::{ParseVersionError, Version, is_python_space};

/// Text from outside is at most this long: tags, branches, nodes, the output of describe.
pub(super) const MAX_TEXT_BYTES: usize = 4096;

/// A version as setuptools-scm holds it: meaning and, where it is not normalised, the spelling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TagVersion {
    written: Option<String>,
    public: Version,
    local: Option<String>,
}

impl TagVersion {
    /// Reads a version; `normalize` says whether its spelling is forgotten.
    ///
    /// The local part is read here and not by [`Version`], which limits the numbers in it. A tag can hold a longer
    /// one, such as a date and a time.
    pub(super) fn read(text: &str, normalize: bool) -> Result<Self, ParseVersionError> {
        let trimmed = text.trim_matches(is_python_space);
        let written = (!normalize).then(|| text.to_owned());
        let Some((public, local)) = trimmed.split_once('+') else {
            return Ok(Self { written, public: trimmed.parse()?, local: None });
        };
        match normal_local(local) {
            Some(local) if !public.ends_with(is_python_space) => {
                Ok(Self { written, public: public.parse()?, local: Some(local) })
            }
            // The whole text fails where its parts do not fit; asking it again gives the error its position.
            _ => Ok(Self { written, public: trimmed.parse()?, local: None }),
        }
    }

    pub(super) fn text(&self) -> String {
        match (&self.written, &self.local) {
            (Some(written), _) => written.clone(),
            (None, Some(local)) => format!("{}+{local}", self.public),
            (None, None) => self.public.to_string(),
        }
    }

    /// The text before the local part.
    pub(super) fn public_text(&self) -> String {
        let text = self.text();
        text.split_once('+').map_or(text.as_str(), |(public, _)| public).to_owned()
    }

    pub(super) fn public(&self) -> &Version {
        &self.public
    }

    pub(super) fn local(&self) -> Option<&str> {
        self.local.as_deref()
    }
}

/// The canonical form of a local part, if it is one.
fn normal_local(text: &str) -> Option<String> {
    let mut segments = Vec::new();
    for segment in text.split(['.', '-', '_']) {
        if segment.is_empty() || !segment.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return None;
        }
        segments.push(if segment.bytes().all(|byte| byte.is_ascii_digit()) {
            let digits = segment.trim_start_matches('0');
            if digits.is_empty() { "0".to_owned() } else { digits.to_owned() }
        } else {
            segment.to_ascii_lowercase()
        });
    }
    Some(segments.join("."))
}

/// The version group of a tag or a part of a branch name.
pub(super) fn match_text<'t>(
    text: &'t str,
    settings: &Settings<'_>,
) -> Result<Option<super::TagMatch<'t>>, ScmError> {
    let without_prefix = text.strip_prefix(settings.tag_prefix.as_str()).unwrap_or(text);
    match settings.tag_reader.read(without_prefix) {
        Some(found) if found.version.is_empty() => Err(ScmError::EmptyVersion { text: text.to_owned() }),
        found => Ok(found),
    }
}

/// Reads the version of a tag; the inner error is one that setuptools-scm only warns of.
pub(super) fn read_tag(
    tag: &str,
    settings: &Settings<'_>,
    warnings: &mut Vec<ScmWarning>,
) -> Result<Result<TagVersion, TagProblem>, ScmError> {
    check_length("the tag", tag)?;
    let Some(found) = match_text(tag, settings)? else {
        return Ok(Err(TagProblem::NoMatch));
    };
    let Ok(version) = TagVersion::read(found.version, settings.normalize) else {
        check_limits(found.version)?;
        return Ok(Err(TagProblem::NotAVersion { version: found.version.to_owned() }));
    };
    if found.suffix.is_empty() {
        return Ok(Ok(version));
    }
    let whole = format!("{}{}", found.version, found.suffix);
    if let Ok(with_suffix) = TagVersion::read(&whole, settings.normalize) {
        return Ok(Ok(with_suffix));
    }
    check_limits(&whole)?;
    warnings.push(ScmWarning::SuffixDropped { tag: tag.to_owned(), suffix: found.suffix.to_owned() });
    Ok(Ok(version))
}

/// Refuses what may be a version for Python and is none here: to pass it over would silently give another version.
fn check_limits(text: &str) -> Result<(), ScmError> {
    let public = text.split_once('+').map_or(text, |(public, _)| public);
    let mut numbers = public.split(|next: char| !next.is_ascii_digit()).filter(|number| !number.is_empty());
    if public.len() > MAX_VERSION_BYTES || numbers.any(|number| number.parse::<u64>().is_err()) {
        let text = text.chars().take(MAX_VERSION_BYTES).collect();
        return Err(ScmError::BeyondLimits { what: "the version of the tag", text });
    }
    Ok(())
}

pub(super) fn check_length(what: &'static str, text: &str) -> Result<(), ScmError> {
    if text.len() > MAX_TEXT_BYTES {
        let text = text.chars().take(MAX_VERSION_BYTES).collect();
        return Err(ScmError::BeyondLimits { what, text });
    }
    Ok(())
}

/// Adds one to a number of any length.
pub(super) fn raise(number: &str) -> String {
    let digits = number.trim_start_matches('0');
    let kept = digits.trim_end_matches('9');
    let zeroes = "0".repeat(digits.len() - kept.len());
    let mut raised = kept.to_owned();
    let last = raised.pop().and_then(|last| last.to_digit(10)).unwrap_or(0);
    raised.push_str(&(last + 1).to_string());
    raised + &zeroes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<(&str, Option<&str>)>) {
        let version = TagVersion::read(text, true).ok();
        let parts = version.as_ref().map(|version| (version.public_text(), version.local()));
        assert_eq!(parts.as_ref().map(|(public, local)| (public.as_str(), *local)), expected, "{text:?}");
    }

    #[test]
    fn local_parts_are_normalised_at_any_length() {
        check("1.0+ABC-007_x", Some(("1.0", Some("abc.7.x"))));
        check(" v1.0-dev+0 ", Some(("1.0.dev0", Some("0"))));
        check("1.0+99999999999999999999999999", Some(("1.0", Some("99999999999999999999999999"))));
        check("1.0 +a", None);
        check("1.0+", None);
        check("1.0+a..b", None);
        check("1.0+a+b", None);
        check("+a", None);
        check("1.0+é", None);
        check("1.0+ a", None);
    }

    #[test]
    fn numbers_are_raised_at_any_length() {
        for (number, expected) in [
            ("0", "1"),
            ("9", "10"),
            ("007", "8"),
            ("1999", "2000"),
            ("18446744073709551615", "18446744073709551616"),
        ] {
            assert_eq!(raise(number), expected);
        }
    }

    proptest! {
        #[test]
        fn local_parts_agree_with_the_version_parser(text in "1(\\.dev0)?\\+[a-cA-C0-9._-]{0,12}") {
            let version = text.parse::<Version>();
            let read = TagVersion::read(&text, true);
            prop_assert_eq!(read.as_ref().map(TagVersion::text), version.as_ref().map(Version::to_string));
        }

        #[test]
        fn raising_agrees_with_adding(number in 0_u64..u64::MAX) {
            prop_assert_eq!(raise(&number.to_string()), (number + 1).to_string());
        }
    }
}
