//! Words that say that nobody is told.

use super::fold;

/// Marks in the text of a message or a title.
const MARKS: [&str; 5] =
    ["[skip changelog]", "[changelog skip]", "[no changelog]", "[skip-changelog]", "[no-changelog]"];

/// Whether a text holds a mark such as `[skip changelog]`, in any case.
pub(super) fn marked(text: &str) -> bool {
    let lower = text.to_lowercase();
    MARKS.iter().any(|mark| lower.contains(mark))
}

/// The text without the marks.
pub(super) fn unmarked(text: &str) -> String {
    let mut text = text.to_owned();
    for mark in MARKS {
        while let Some(at) = text.to_ascii_lowercase().find(mark) {
            text.replace_range(at..at + mark.len(), "");
        }
    }
    text
}

/// Whether the value of a trailer or a release note means that there is nothing to tell: empty, `none`, `N/A`, `no`, …
pub(super) fn means_nothing(text: &str) -> bool {
    let word = fold::line(text).to_lowercase();
    let word = word.trim_matches(['.', '"', '\'', '`', '*', '_', '(', ')', '[', ']', ' ', '-', '!']);
    matches!(
        word,
        "" | "none" | "n/a" | "na" | "no" | "nope" | "nil" | "null" | "nothing" | "skip" | "ignore"
    )
}
