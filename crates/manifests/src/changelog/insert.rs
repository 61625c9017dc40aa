use super::scan::{Kind, Line, lines};
use super::{ChangelogError, Outcome};
use crate::MAX_FILE_BYTES;

/// Puts an entry below a line that stays, with a blank line before and after it.
///
/// The line must be there exactly once, outside of code fences and comments; it may be a comment itself. An entry that
/// stands there already is not put in again.
///
/// ```
/// use tminus_manifests::changelog::{Outcome, insert_after};
///
/// let old = "# News\n\n<!-- here -->\n\n## 1.0.0\n";
/// let new = "# News\n\n<!-- here -->\n\n## 1.1.0\n\n- New\n\n## 1.0.0\n";
/// assert_eq!(insert_after(old, "<!-- here -->", "## 1.1.0\n\n- New")?, Outcome::Changed(new.to_owned()));
/// assert_eq!(insert_after(new, "<!-- here -->", "## 1.1.0\n\n- New")?, Outcome::AlreadyThere);
/// # Ok::<(), tminus_manifests::changelog::ChangelogError>(())
/// ```
///
/// # Errors
///
/// - no such line, two of them, or one within code or a comment of several lines
/// - a placeholder that is empty or has several lines
/// - an entry that is empty, holds the placeholder, or does not close a code fence or a comment
/// - a document beyond [`MAX_FILE_BYTES`]
pub fn insert_after(source: &str, placeholder: &str, entry: &str) -> Result<Outcome, ChangelogError> {
    check_size(source)?;
    if placeholder.trim().is_empty() || placeholder.contains(['\n', '\r']) {
        return Err(ChangelogError::BadPlaceholder { placeholder: placeholder.to_owned() });
    }
    let entry = content(entry).ok_or(ChangelogError::EmptyEntry)?;
    if let Some(line) = entry.iter().position(|line| *line == placeholder) {
        return Err(ChangelogError::EntryHoldsPlaceholder { line: line + 1 });
    }
    let lines = lines(source);
    let at = find(&lines, placeholder)?;
    let rest = lines.get(at + 1..).unwrap_or_default();
    if stands_first(rest, &entry) {
        return Ok(Outcome::AlreadyThere);
    }
    let (end, after) =
        lines.get(at).map_or(("\n", source.len()), |line| (end_of(line, &lines), line.after()));
    let mut text = String::new();
    // The last line of the document keeps that it has no end.
    let open = lines.get(at).is_some_and(|line| line.end.is_empty());
    text.push_str(if open { end } else { "" });
    text.push_str(end);
    text.push_str(&entry.join(end));
    text.push_str(if open { "" } else { end });
    if rest.first().is_some_and(|next| !next.is_blank()) {
        text.push_str(end);
    }
    spliced(source, &lines, &[(after, text)])
}

pub(super) fn check_size(source: &str) -> Result<(), ChangelogError> {
    if source.len() > MAX_FILE_BYTES { Err(ChangelogError::TooLarge) } else { Ok(()) }
}

/// The lines of a text without blank ones around it; nothing if there are no others.
pub(super) fn content(text: &str) -> Option<Vec<&str>> {
    let lines: Vec<&str> = text.lines().collect();
    let is_content = |line: &&str| !line.trim().is_empty();
    let (first, last) = (lines.iter().position(is_content)?, lines.iter().rposition(is_content)?);
    lines.get(first..=last).map(<[&str]>::to_vec)
}

/// How lines near this one end.
pub(super) fn end_of<'a>(line: &Line<'a>, lines: &[Line<'a>]) -> &'a str {
    let first = lines.first().map_or("", |line| line.end);
    [line.end, first].into_iter().find(|end| !end.is_empty()).unwrap_or("\n")
}

fn find(lines: &[Line<'_>], placeholder: &str) -> Result<usize, ChangelogError> {
    let placeholder = || placeholder.to_owned();
    let found = |kind: fn(Kind) -> bool| {
        let is_it = move |(_, line): &(usize, &Line<'_>)| line.text == placeholder() && kind(line.kind);
        lines.iter().enumerate().filter(is_it).map(|(index, _)| index)
    };
    let mut open = found(|kind| kind == Kind::Text);
    match (open.next(), open.next()) {
        (Some(first), Some(second)) => Err(ChangelogError::PlaceholderTwice {
            placeholder: placeholder(),
            first: first + 1,
            second: second + 1,
        }),
        (Some(first), None) => Ok(first),
        (None, _) => Err(match found(|kind| kind != Kind::Text).next() {
            Some(line) => ChangelogError::Hidden { placeholder: placeholder(), line: line + 1 },
            None => ChangelogError::NoPlaceholder { placeholder: placeholder() },
        }),
    }
}

/// Whether a text comes first in the lines and is followed by a blank one.
fn stands_first(lines: &[Line<'_>], text: &[&str]) -> bool {
    let start = lines.iter().position(|line| !line.is_blank()).unwrap_or(lines.len());
    let found = lines.get(start..).unwrap_or_default();
    found.len() >= text.len()
        && found.iter().zip(text).all(|(line, text)| line.text == *text)
        && found.get(text.len()).is_none_or(Line::is_blank)
}

/// Puts texts in, each at its place, in the order of the places; no line of the document may be read differently then.
pub(super) fn spliced(
    source: &str,
    before: &[Line<'_>],
    texts: &[(usize, String)],
) -> Result<Outcome, ChangelogError> {
    let is_place = |line: &Line<'_>| texts.iter().any(|(place, _)| *place == line.after());
    if let Some(line) = before.iter().position(|line| line.open && is_place(line)) {
        return Err(ChangelogError::Unclosed { line: line + 1 });
    }
    let mut new =
        String::with_capacity(source.len() + texts.iter().map(|(_, text)| text.len()).sum::<usize>());
    let mut at = 0;
    for (place, text) in texts {
        new.push_str(source.get(at..*place).unwrap_or_default());
        new.push_str(text);
        at = *place;
    }
    new.push_str(source.get(at..).unwrap_or_default());

    let after = lines(&new);
    let mut after = after.iter();
    for (number, line) in before.iter().enumerate() {
        let moved: usize =
            texts.iter().filter(|(place, _)| *place <= line.start).map(|(_, text)| text.len()).sum();
        let same = after.find(|other| other.start >= line.start + moved);
        if same.is_none_or(|same| same.start != line.start + moved || same.kind != line.kind) {
            return Err(ChangelogError::Swallows { line: number + 1 });
        }
    }
    Ok(Outcome::Changed(new))
}
