//! A unified diff of two texts, for reading and for `git apply`.

use super::FileEdit;

const CONTEXT: usize = 3;

const NO_NEWLINE: &str = "\\ No newline at end of file\n";

/// The largest product of line counts for which the shortest difference is computed.
///
/// Edits of versions touch a few lines; what differs more is shown as one block.
const MAX_TABLE: usize = 1 << 20;

/// A line of the diff: kept, removed or added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change<'a> {
    Keep(&'a [u8]),
    Remove(&'a [u8]),
    Add(&'a [u8]),
}

impl<'a> Change<'a> {
    fn sign(self) -> (u8, &'a [u8]) {
        match self {
            Change::Keep(line) => (b' ', line),
            Change::Remove(line) => (b'-', line),
            Change::Add(line) => (b'+', line),
        }
    }
}

/// Appends the diff of one file, for reading.
pub(super) fn readable(out: &mut String, file: FileEdit<'_>) {
    let (old, new) = (lines(file.old.unwrap_or_default()), lines(file.new));
    let hide_return = old.iter().chain(&new).all(|line| !line.ends_with(b"\n") || line.ends_with(b"\r\n"));
    let path = file.path;
    let from = if file.old.is_some() { format!("a/{path}") } else { "/dev/null".to_owned() };
    out.push_str(&format!("--- {from}\n+++ b/{path}\n"));
    for hunk in hunks(&changes(&old, &new)) {
        out.push_str(&hunk.header);
        for change in hunk.changes {
            write_readable(out, *change, hide_return);
        }
    }
}

/// Appends the patch of one file, with its exact bytes.
pub(super) fn exact(out: &mut Vec<u8>, file: FileEdit<'_>) {
    let (old, new) = (lines(file.old.unwrap_or_default()), lines(file.new));
    let [from, to] = ["a", "b"].map(|side| quoted(&format!("{side}/{}", file.path)));
    out.extend_from_slice(format!("diff --git {from} {to}\n").as_bytes());
    if file.old.is_none() {
        out.extend_from_slice(b"new file mode 100644\n");
    }
    let changes = changes(&old, &new);
    let hunks = hunks(&changes);
    // An empty file that is created has no lines to show.
    if !hunks.is_empty() {
        // The tab ends a name with spaces, as in git's own patches.
        let tab = if file.path.as_str().contains(' ') { "\t" } else { "" };
        let from = if file.old.is_some() { format!("{from}{tab}") } else { "/dev/null".to_owned() };
        out.extend_from_slice(format!("--- {from}\n+++ {to}{tab}\n").as_bytes());
    }
    for hunk in hunks {
        out.extend_from_slice(hunk.header.as_bytes());
        for change in hunk.changes {
            let (sign, line) = change.sign();
            out.push(sign);
            out.extend_from_slice(line);
            if !line.ends_with(b"\n") {
                out.push(b'\n');
                out.extend_from_slice(NO_NEWLINE.as_bytes());
            }
        }
    }
}

/// A name as git quotes it; a path holds no control characters and no backslashes.
fn quoted(name: &str) -> String {
    if name.contains('"') { format!("\"{}\"", name.replace('"', "\\\"")) } else { name.to_owned() }
}

/// Changes that are near to each other, with lines around them.
struct Hunk<'c, 'a> {
    header: String,
    changes: &'c [Change<'a>],
}

fn hunks<'c, 'a>(changes: &'c [Change<'a>]) -> Vec<Hunk<'c, 'a>> {
    let mut hunks = Vec::new();
    // Counts of lines before the hunk, which its header needs.
    let (mut old_line, mut new_line) = (0, 0);
    let mut at = 0;
    while let Some(first) = next_change(changes, at) {
        let start = first.saturating_sub(CONTEXT).max(at);
        let mut end = first + 1;
        while let Some(next) = next_change(changes, end).filter(|&next| next <= end + 2 * CONTEXT) {
            end = next + 1;
        }
        let end = (end + CONTEXT).min(changes.len());
        count(changes.get(at..start).unwrap_or_default(), &mut old_line, &mut new_line);
        let part = changes.get(start..end).unwrap_or_default();
        let (before_old, before_new) = (old_line, new_line);
        count(part, &mut old_line, &mut new_line);
        let old_range = range(before_old, old_line - before_old);
        let new_range = range(before_new, new_line - before_new);
        hunks.push(Hunk { header: format!("@@ -{old_range} +{new_range} @@\n"), changes: part });
        at = end;
    }
    hunks
}

fn next_change(changes: &[Change<'_>], from: usize) -> Option<usize> {
    let rest = changes.get(from..)?;
    rest.iter().position(|change| !matches!(change, Change::Keep(_))).map(|index| from + index)
}

fn count(changes: &[Change<'_>], old_line: &mut usize, new_line: &mut usize) {
    for change in changes {
        *old_line += usize::from(!matches!(change, Change::Add(_)));
        *new_line += usize::from(!matches!(change, Change::Remove(_)));
    }
}

/// The range of a hunk: an empty one names the line before it, and one line needs no length.
fn range(before: usize, length: usize) -> String {
    match length {
        0 => format!("{before},0"),
        1 => format!("{}", before + 1),
        _ => format!("{},{length}", before + 1),
    }
}

fn write_readable(out: &mut String, change: Change<'_>, hide_return: bool) {
    let (sign, line) = change.sign();
    out.push(char::from(sign));
    let complete = line.strip_suffix(b"\n");
    let mut shown = complete.unwrap_or(line);
    if hide_return && complete.is_some() {
        shown = shown.strip_suffix(b"\r").unwrap_or(shown);
    }
    for character in String::from_utf8_lossy(shown).chars() {
        match character {
            '\t' => out.push('\t'),
            // A control character could move the cursor and so forge what the diff says.
            '\0'..='\x1f' => out.extend(['^', char::from(character as u8 + b'@')]),
            other if other.is_control() => out.push(char::REPLACEMENT_CHARACTER),
            other => out.push(other),
        }
    }
    out.push('\n');
    if complete.is_none() {
        out.push_str(NO_NEWLINE);
    }
}

fn lines(bytes: &[u8]) -> Vec<&[u8]> {
    bytes.split_inclusive(|&byte| byte == b'\n').collect()
}

/// The lines of both texts in the order of the diff.
fn changes<'a>(old: &[&'a [u8]], new: &[&'a [u8]]) -> Vec<Change<'a>> {
    let head = old.iter().zip(new).take_while(|(left, right)| left == right).count();
    let (old_rest, new_rest) = (old.get(head..).unwrap_or_default(), new.get(head..).unwrap_or_default());
    let tail =
        old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(left, right)| left == right).count();
    let old_middle = old_rest.get(..old_rest.len() - tail).unwrap_or_default();
    let new_middle = new_rest.get(..new_rest.len() - tail).unwrap_or_default();

    let mut changes: Vec<Change<'a>> = old.iter().take(head).map(|line| Change::Keep(line)).collect();
    middle(&mut changes, old_middle, new_middle);
    changes.extend(old.iter().skip(old.len() - tail).map(|line| Change::Keep(line)));
    changes
}

/// The part between the first and the last difference, by a longest common subsequence.
fn middle<'a>(changes: &mut Vec<Change<'a>>, old: &[&'a [u8]], new: &[&'a [u8]]) {
    let width = new.len() + 1;
    if (old.len() + 1).saturating_mul(width) > MAX_TABLE {
        changes.extend(old.iter().map(|line| Change::Remove(line)));
        changes.extend(new.iter().map(|line| Change::Add(line)));
        return;
    }
    // `common[i * width + j]`: how many lines the texts from line i and line j on have in common.
    let mut common = vec![0_u32; (old.len() + 1) * width];
    let get = |common: &[u32], i: usize, j: usize| common.get(i * width + j).copied().unwrap_or(0);
    for (i, old_line) in old.iter().enumerate().rev() {
        for (j, new_line) in new.iter().enumerate().rev() {
            let best = if old_line == new_line {
                get(&common, i + 1, j + 1) + 1
            } else {
                get(&common, i + 1, j).max(get(&common, i, j + 1))
            };
            if let Some(cell) = common.get_mut(i * width + j) {
                *cell = best;
            }
        }
    }
    let (mut i, mut j) = (0, 0);
    loop {
        match (old.get(i), new.get(j)) {
            (None, None) => return,
            (Some(line), Some(same)) if line == same => {
                changes.push(Change::Keep(line));
                (i, j) = (i + 1, j + 1);
            }
            // On a tie the removed line comes first, as readers of diffs expect.
            (Some(line), other) if other.is_none() || get(&common, i + 1, j) >= get(&common, i, j + 1) => {
                changes.push(Change::Remove(line));
                i += 1;
            }
            (_, Some(line)) => {
                changes.push(Change::Add(line));
                j += 1;
            }
            (Some(line), None) => {
                changes.push(Change::Remove(line));
                i += 1;
            }
        }
    }
}
