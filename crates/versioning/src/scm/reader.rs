/// Finds the version in a tag, as `tag.regex` does.
///
/// A custom expression is one of Python, and this crate has no engine for it. Whoever reads the project's settings
/// brings a reader that runs the expression. A function of the right type is one, too:
///
/// ```
/// use tminus_versioning::DateTime;
/// use tminus_versioning::scm::{Describe, Facts, Settings, TagMatch, derive};
///
/// // tag.regex = "^release/(?P<version>.+)$"
/// fn release(tag: &str) -> Option<TagMatch<'_>> {
///     Some(TagMatch { version: tag.strip_prefix("release/")?, suffix: "" })
/// }
///
/// let settings = Settings { tag_reader: &release, ..Settings::default() };
/// let facts = Facts::described(Describe::parse("release/1.0-0-g4060507")?);
/// let now = DateTime::from_unix_seconds(0).unwrap();
/// assert_eq!(derive(&facts, &settings, now)?.as_str(), "1.0");
/// # Ok::<(), tminus_versioning::scm::ScmError>(())
/// ```
///
/// The expression is applied with `re.match`: it is anchored at the beginning of the tag, at the end only where it
/// says so. It has either a single group, which is the version, or one that is named `version`.
pub trait TagReader {
    /// What the expression finds in a tag, or nothing when it does not match.
    fn read<'t>(&self, tag: &'t str) -> Option<TagMatch<'t>>;
}

/// What a tag expression matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TagMatch<'t> {
    /// The text of the version group; empty where the group took no part in the match.
    pub version: &'t str,
    /// What the whole match has after the version group.
    pub suffix: &'t str,
}

impl<F> TagReader for F
where
    F: for<'t> Fn(&'t str) -> Option<TagMatch<'t>>,
{
    fn read<'t>(&self, tag: &'t str) -> Option<TagMatch<'t>> {
        self(tag)
    }
}

/// The default expression: `^(?:[\w-]+-)?(?P<version>[vV]?\d+(?:\.\d+){0,2}[^\+]*)(?:\+.*)?$`.
///
/// The version is what follows the last dash that a digit follows, perhaps after a `v`, with nothing but words and
/// dashes before; a `+` ends it.
///
/// ```
/// use tminus_versioning::scm::{DefaultTagReader, TagReader};
///
/// let found = DefaultTagReader.read("my-package-v1.0rc1+local").unwrap();
/// assert_eq!((found.version, found.suffix), ("v1.0rc1", "+local"));
/// assert_eq!(DefaultTagReader.read("my.package-1.0"), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DefaultTagReader;

impl TagReader for DefaultTagReader {
    fn read<'t>(&self, tag: &'t str) -> Option<TagMatch<'t>> {
        let end_of_words = tag.find(|next: char| !is_word(next) && next != '-').unwrap_or(tag.len());
        let words = tag.get(..end_of_words)?;
        // The expression is greedy: the longest prefix that lets the rest match. A prefix has at least one character
        // before its dash.
        let after_dashes = words.char_indices().rev().filter(|&(index, next)| next == '-' && index > 0);
        let rest = after_dashes
            .filter_map(|(index, dash)| tag.get(index + dash.len_utf8()..))
            .chain([tag])
            .find(|rest| starts_a_version(rest))?;
        let Some(plus) = rest.find('+') else {
            return Some(TagMatch { version: rest, suffix: "" });
        };
        let (version, suffix) = rest.split_at_checked(plus)?;
        // The dot of the expression stops at a line break, and its dollar accepts one at the very end.
        let suffix = suffix.strip_suffix('\n').unwrap_or(suffix);
        (!suffix.contains('\n')).then_some(TagMatch { version, suffix })
    }
}

fn starts_a_version(text: &str) -> bool {
    let digits = text.strip_prefix(['v', 'V']).unwrap_or(text);
    digits.starts_with(|first: char| first.is_ascii_digit())
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(tag: &str, expected: Option<(&str, &str)>) {
        let found = DefaultTagReader.read(tag);
        assert_eq!(found.map(|found| (found.version, found.suffix)), expected, "{tag:?}");
    }

    #[test]
    fn the_default_expression_reads_as_in_python() {
        check("1.0", Some(("1.0", "")));
        check("v1.0-dev", Some(("v1.0-dev", "")));
        check("V1.2.3.4", Some(("V1.2.3.4", "")));
        check("a-b_c-v1.0", Some(("v1.0", "")));
        check("1-2-3", Some(("3", "")));
        check("v1-2", Some(("2", "")));
        check("1.0-2", Some(("1.0-2", "")));
        check("-1.0", None);
        check("--1.0", Some(("1.0", "")));
        check("vv1.0", None);
        check("v", None);
        check("", None);
        check("pkg/v1.0", None);
        check("pkg@1.0", None);
        check("1!2.0", Some(("1!2.0", "")));
        check("1.0+local", Some(("1.0", "+local")));
        check("1.0+a+b", Some(("1.0", "+a+b")));
        check("1.0+", Some(("1.0", "+")));
        check("x-1+y-2", Some(("1", "+y-2")));
        check("1.0\n", Some(("1.0\n", "")));
        check("1.0+a\n", Some(("1.0", "+a")));
        check("1.0+a\nb", None);
        check("версия-1.0", Some(("1.0", "")));
    }
}
