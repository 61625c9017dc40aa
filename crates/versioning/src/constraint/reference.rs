//! What may stand in the place of a range, nearly all of it in a `package.json`.

use std::ops::Range;

use super::scan::Scanned;
use super::{Ecosystem, MAX_CONSTRAINT_BYTES, ParseConstraintError, Reference};
use crate::pep440::is_python_space;

/// What a constraint holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Content {
    /// A range of versions, in these bytes of the text.
    Range(Range<usize>),
    /// No versions.
    Reference(Reference),
}

const PREFIXES: [(&str, Reference); 19] = [
    ("catalog:", Reference::Catalog),
    ("file:", Reference::Path),
    ("link:", Reference::Path),
    ("portal:", Reference::Path),
    ("patch:", Reference::Path),
    ("exec:", Reference::Path),
    ("./", Reference::Path),
    ("../", Reference::Path),
    ("/", Reference::Path),
    ("~/", Reference::Path),
    ("git+", Reference::Repository),
    ("git:", Reference::Repository),
    ("git@", Reference::Repository),
    ("ssh:", Reference::Repository),
    ("github:", Reference::Repository),
    ("gitlab:", Reference::Repository),
    ("bitbucket:", Reference::Repository),
    ("http:", Reference::Url),
    ("https:", Reference::Url),
];

/// Finds the range in a constraint.
pub(super) fn content(ecosystem: Ecosystem, text: &str) -> Result<Content, ParseConstraintError> {
    if text.len() > MAX_CONSTRAINT_BYTES {
        return Err(ParseConstraintError::too_long(text.len()));
    }
    let is_space: fn(char) -> bool = match ecosystem {
        Ecosystem::Python | Ecosystem::Poetry => is_python_space,
        Ecosystem::Cargo => |next| next == ' ',
        Ecosystem::Npm | Ecosystem::Go => char::is_whitespace,
    };
    let start = text.len() - text.trim_start_matches(is_space).len();
    let end = text.trim_end_matches(is_space).len().max(start);
    if ecosystem != Ecosystem::Npm {
        return Ok(Content::Range(start..end));
    }
    let trimmed = text.get(start..end).unwrap_or_default();
    let found = PREFIXES.iter().find(|(prefix, _)| trimmed.starts_with(prefix));
    if let Some(&(_, reference)) = found {
        return Ok(Content::Reference(reference));
    }
    if let Some(rest) = trimmed.strip_prefix("workspace:") {
        let at = end - rest.len();
        return Ok(match rest {
            "" | "^" | "~" | "*" => Content::Reference(Reference::Workspace),
            path if path.starts_with(['.', '/']) => Content::Reference(Reference::Workspace),
            named if named.contains('@') => match behind_name(named, at) {
                Some(range) if matches!(text.get(range.clone()), Some("^" | "~" | "*")) => {
                    Content::Reference(Reference::Workspace)
                }
                Some(range) => Content::Range(range),
                None => Content::Reference(Reference::Workspace),
            },
            _ => Content::Range(at..end),
        });
    }
    if let Some(rest) = trimmed.strip_prefix("npm:").or_else(|| trimmed.strip_prefix("jsr:")) {
        let at = end - rest.len();
        return Ok(match behind_name(rest, at) {
            Some(range) if is_tag(text, range.clone()) => Content::Reference(Reference::Tag),
            Some(range) => Content::Range(range),
            None if Scanned::read(ecosystem, text, at..end).is_ok() => Content::Range(at..end),
            None => Content::Reference(Reference::Package),
        });
    }
    if is_tag(text, start..end) {
        return Ok(Content::Reference(Reference::Tag));
    }
    if trimmed.contains('/') && !trimmed.contains([' ', '|', '<', '>', '=', '^']) {
        return Ok(Content::Reference(Reference::Repository));
    }
    Ok(Content::Range(start..end))
}

/// The range of `name@range` or `@scope/name@range`, where `text` starts at byte `at`.
fn behind_name(text: &str, at: usize) -> Option<Range<usize>> {
    let sign = text.rfind('@').filter(|&sign| sign > 0)?;
    Some(at + sign + 1..at + text.len())
}

/// Whether the bytes are the name of a tag of the registry: npm takes what is no range for one.
fn is_tag(text: &str, range: Range<usize>) -> bool {
    let Some(tag) = text.get(range.clone()) else { return false };
    tag.starts_with(|first: char| first.is_ascii_alphabetic())
        && !tag.trim_start_matches(['v', 'x', 'X']).starts_with(|next: char| next.is_ascii_digit())
        && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
        && Scanned::read(Ecosystem::Npm, text, range).is_err()
}
