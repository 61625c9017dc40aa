//! The issues that a text speaks of.

use super::super::Issue;
use super::suffix::{digits, leading};

/// The most issues that are taken from one text.
const MAX_ISSUES: usize = 100;

/// Words behind which a reference closes what it names.
const CLOSING: [&str; 12] = [
    "close",
    "closes",
    "closed",
    "closing",
    "fix",
    "fixes",
    "fixed",
    "fixing",
    "resolve",
    "resolves",
    "resolved",
    "implements",
];

/// Footers whose value is nothing but references.
const REFERRING: [&str; 10] = [
    "ref",
    "refs",
    "references",
    "related",
    "relates-to",
    "related-to",
    "see",
    "see-also",
    "issue",
    "issues",
];

/// Whether a footer's token announces that its value closes something.
pub(super) fn closing(token: &str) -> bool {
    CLOSING.iter().any(|word| word.eq_ignore_ascii_case(token))
}

/// Whether a footer's token announces references.
pub(super) fn referring(token: &str) -> bool {
    REFERRING.iter().any(|word| word.eq_ignore_ascii_case(token))
}

/// Adds an issue, once. What closes it wins.
pub(super) fn add(into: &mut Vec<Issue>, reference: String, closes: bool) {
    if let Some(known) = into.iter_mut().find(|issue| issue.reference == reference) {
        known.closes |= closes;
    } else if into.len() < MAX_ISSUES {
        into.push(Issue { reference, closes });
    }
}

/// Adds every issue of others.
pub(super) fn unite(into: &mut Vec<Issue>, more: impl IntoIterator<Item = Issue>) {
    for issue in more {
        add(into, issue.reference, issue.closes);
    }
}

/// The references in running text that stand behind a closing word (`fixes #1, #2 and owner/name#3`), and, where
/// `loose`, every other reference that has the form of one.
pub(super) fn in_text(text: &str, loose: bool, into: &mut Vec<Issue>) {
    let mut closes = false;
    for word in text.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty()) {
        let bare = word.trim_matches(['(', '[', '*', '_', ':']);
        if closing(bare) {
            closes = true;
        } else if let Some(reference) = reference(word) {
            if closes || loose {
                add(into, reference, closes);
            }
        } else if !matches!(
            word.to_ascii_lowercase().as_str(),
            "and" | "&" | "issue" | "issues" | "bug" | "the"
        ) {
            closes = false;
        }
    }
}

/// The references that are the value of a footer; keys such as `PROJ-7` are taken too.
pub(super) fn in_footer(value: &str, closes: bool, into: &mut Vec<Issue>) {
    for word in
        value.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';')).filter(|word| !word.is_empty())
    {
        if let Some(reference) = reference(word).or_else(|| key(word)) {
            add(into, reference, closes);
        }
    }
}

/// A word that refers to an issue, without the marks around it.
pub(super) fn reference(word: &str) -> Option<String> {
    let word = word.trim_matches(|c: char| {
        matches!(c, '.' | ',' | ';' | ':' | '(' | ')' | '[' | ']' | '*' | '"' | '\'')
    });
    if word.starts_with("http://") || word.starts_with("https://") {
        return url(word);
    }
    if let Some(number) = word.strip_prefix("GH-").or_else(|| word.strip_prefix("gh-")) {
        return digits(number).map(|_| word.to_owned());
    }
    let (place, number) = word.rsplit_once('#')?;
    digits(number)?;
    (place.is_empty() || is_repository(place)).then(|| word.to_owned())
}

fn is_repository(text: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
    };
    let parts: Vec<&str> = text.split('/').collect();
    parts.len() >= 2 && parts.into_iter().all(part)
}

fn url(word: &str) -> Option<String> {
    let path = word.split(['?', '#']).next().unwrap_or(word).trim_end_matches('/');
    let mut parts = path.rsplit('/');
    let number = parts.next()?;
    let place = parts.next()?;
    let known = matches!(place, "issues" | "pull" | "pulls" | "merge_requests" | "work_items" | "browse");
    (known && (digits(number).is_some() || key(number).is_some())).then(|| word.to_owned())
}

/// A key of a tracker, `PROJ-7`.
fn key(word: &str) -> Option<String> {
    let word = word.trim_matches(['.', '(', ')', '[', ']']);
    let (project, number) = word.rsplit_once('-')?;
    let named = project.starts_with(|c: char| c.is_ascii_uppercase())
        && project.len() >= 2
        && project.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    (named && digits(number).is_some()).then(|| word.to_owned())
}

/// The number of a reference into the project's own list: `#12`, `GH-12`, and the URL of an issue.
pub(super) fn own_number(reference: &str) -> Option<u64> {
    if let Some(number) = reference.strip_prefix('#').or_else(|| reference.strip_prefix("GH-")) {
        return digits(number);
    }
    reference
        .starts_with("http")
        .then(|| reference.rsplit('/').next().and_then(|last| leading(last).0))
        .flatten()
}
