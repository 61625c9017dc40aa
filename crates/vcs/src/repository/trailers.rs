//! Trailers: the `Key: value` lines at the end of a commit message.

/// The trailers of a commit message, in order, as `git log --format='%(trailers:only,unfold)'` shows them.
///
/// The last paragraph counts as a block of trailers if all its lines are trailers, or if one of them is a line git itself
/// writes (`Signed-off-by: `, `(cherry picked from commit …)`) and at least a quarter are trailers. A line that begins
/// with a space continues the one before. The first paragraph of a message is its subject and never such a block.
///
/// ```
/// let message = "Fix the parser\n\nIt read too far.\n\nFixes: #12\nReviewed-by: Ann <ann@example.org>\n";
/// let found = tminus_vcs::trailers(message);
/// assert_eq!(found[0], ("Fixes".to_owned(), "#12".to_owned()));
/// assert_eq!(found.len(), 2);
/// assert!(tminus_vcs::trailers("Fixes: #12\n").is_empty());
/// ```
///
/// # Deviations
///
/// The settings `trailer.*` and `core.commentChar` are not read: lines that begin with `#` are comments, and the only
/// separator is `:`.
pub fn trailers(message: &str) -> Vec<(String, String)> {
    block(message).unwrap_or_default()
}

/// Whether a message ends with a block of trailers, be it only of lines that git itself writes.
pub(crate) fn has_trailers(message: &str) -> bool {
    block(message).is_some()
}

fn block(message: &str) -> Option<Vec<(String, String)>> {
    let block = last_paragraph(message)?;
    let mut found: Vec<(String, String)> = Vec::new();
    let mut counts = Counts::default();
    // Whether the line before was a trailer, which a continuation belongs to.
    let mut in_trailer = false;
    for line in block {
        if line.starts_with('#') {
            continue;
        }
        if line.starts_with([' ', '\t']) {
            if let (true, Some((_, value))) = (in_trailer, found.last_mut()) {
                value.push(' ');
                value.push_str(line.trim());
            } else {
                counts.others += 1;
            }
            continue;
        }
        in_trailer = false;
        if line.starts_with("(cherry picked from commit ") {
            counts.by_git = true;
            counts.trailers += 1;
        } else if let Some((key, value)) = trailer(line) {
            counts.by_git |= line.starts_with("Signed-off-by: ");
            counts.trailers += 1;
            in_trailer = true;
            found.push((key.to_owned(), value.to_owned()));
        } else {
            counts.others += 1;
        }
    }
    let accepted = (counts.others == 0 && counts.trailers > 0)
        || (counts.by_git && counts.trailers * 3 >= counts.others);
    accepted.then(|| found.into_iter().map(|(key, value)| (key, value.trim().to_owned())).collect())
}

#[derive(Default)]
struct Counts {
    trailers: usize,
    others: usize,
    by_git: bool,
}

/// The lines after the last blank one, unless they are also the first of the message.
fn last_paragraph(message: &str) -> Option<Vec<&str>> {
    let lines: Vec<_> = message.trim().lines().collect();
    let blank = lines.iter().rposition(|line| line.trim().is_empty())?;
    let block = lines.get(blank + 1..)?;
    Some(block.to_vec())
}

fn trailer(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once(':')?;
    // git allows space between the key and the separator, not within the key.
    let key = key.trim_end_matches([' ', '\t']);
    let valid = !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    valid.then_some((key, value.trim()))
}
