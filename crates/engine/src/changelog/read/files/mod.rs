//! Change files: one file for each change, read from the layouts of the tools that projects use already.

pub mod changesets;
mod front_matter;
pub mod towncrier;

#[cfg(test)]
mod tests;

use super::super::Reading;
use super::fold;

/// A file of the repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangeFile<'a> {
    /// Its path from the top of the repository, with `/`.
    pub path: &'a str,
    /// What it holds.
    pub bytes: &'a [u8],
}

/// What the change files of a project say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Files {
    /// One reading for each file, in the order of the paths.
    pub readings: Vec<Reading>,
    /// The files that a release uses up: it deletes them.
    pub consumed: Vec<String>,
    /// The files that a release uses and that stay, as the prereleases of changesets do; by their name in the list of
    /// used ones.
    pub noted: Vec<String>,
}

/// The longest change file that is read, in bytes.
const MAX_BYTES: usize = 1024 * 1024;

/// The text of a file; what is no UTF-8 is replaced, as the tools do.
fn text_of(file: &ChangeFile<'_>) -> String {
    let bytes = file.bytes.get(..MAX_BYTES.min(file.bytes.len())).unwrap_or_default();
    String::from_utf8_lossy(bytes).into_owned()
}

/// The directory of a path, and the name in it.
fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// The first paragraph as one line, and what follows it. A paragraph that is more than running text stays in the body
/// but for its first line.
fn paragraph(text: &str) -> (String, String) {
    let text = text.trim();
    let (first, rest) = match text.find("\n\n") {
        Some(at) => text.split_at_checked(at).unwrap_or((text, "")),
        None => (text, ""),
    };
    let running = first.lines().skip(1).all(|line| {
        line.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '`' | '"' | '(' | ':' | '\'' | '_'))
            && !line.starts_with("```")
    });
    if running {
        return (fold::line(first), fold::body(rest));
    }
    let (line, rest) = fold::head_and_rest(text);
    (fold::line(line), fold::body(rest))
}
