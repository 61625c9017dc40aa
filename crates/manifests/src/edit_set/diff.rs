//! A unified diff of two texts, for reading.

use std::fmt::Write;

const CONTEXT: usize = 3;

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

/// Appends the diff of one file.
pub(super) fn unified(out: &mut String, path: &str, old: &[u8], new: &[u8]) {
    let (old, new) = (lines(old), lines(new));
    let hide_return = old.iter().chain(&new).all(|line| !line.ends_with(b"\n") || line.ends_with(b"\r\n"));
    let changes = changes(&old, &new);
    // Writing into a String cannot fail.
    let _ = writeln!(out, "--- a/{path}\n+++ b/{path}");

    // Counts of lines before the hunk, which its header needs.
    let (mut old_line, mut new_line) = (0, 0);
    let mut at = 0;
    while let Some(first) = next_change(&changes, at) {
        let start = first.saturating_sub(CONTEXT).max(at);
        let mut end = first + 1;
        while let Some(next) = next_change(&changes, end).filter(|&next| next <= end + 2 * CONTEXT) {
            end = next + 1;
        }
        let end = (end + CONTEXT).min(changes.len());
        count(changes.get(at..start).unwrap_or_default(), &mut old_line, &mut new_line);
        let hunk = changes.get(start..end).unwrap_or_default();
        let (before_old, before_new) = (old_line, new_line);
        count(hunk, &mut old_line, &mut new_line);
        let _ = writeln!(
            out,
            "@@ -{} +{} @@",
            range(before_old, old_line - before_old),
            range(before_new, new_line - before_new)
        );
        for change in hunk {
            write_change(out, *change, hide_return);
        }
        at = end;
    }
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

fn write_change(out: &mut String, change: Change<'_>, hide_return: bool) {
    let (sign, line) = match change {
        Change::Keep(line) => (' ', line),
        Change::Remove(line) => ('-', line),
        Change::Add(line) => ('+', line),
    };
    out.push(sign);
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
        out.push_str("\\ No newline at end of file\n");
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
