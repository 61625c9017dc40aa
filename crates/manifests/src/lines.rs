//! The lines of files, so that many places are told at the price of one.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::RelPath;
use crate::workspace::Workspace;

/// Where the lines of a file start, from the second one on.
pub(crate) struct Lines(Vec<usize>);

impl Lines {
    /// LF, CRLF and a lone CR end a line.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let ends = bytes
            .iter()
            .enumerate()
            .filter(|&(at, &byte)| byte == b'\n' || (byte == b'\r' && bytes.get(at + 1) != Some(&b'\n')));
        Self(ends.map(|(at, _)| at + 1).collect())
    }

    /// The line of a byte, from 1.
    pub(crate) fn line(&self, offset: usize) -> u32 {
        let before = self.0.partition_point(|&start| start <= offset);
        u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1)
    }
}

/// The lines of the files of a workspace; those of a file are looked for once, when they are first asked for.
pub(crate) struct FileLines<'w> {
    workspace: &'w Workspace,
    known: RefCell<BTreeMap<&'w RelPath, Lines>>,
}

impl<'w> FileLines<'w> {
    pub(crate) fn new(workspace: &'w Workspace) -> Self {
        Self { workspace, known: RefCell::default() }
    }

    /// The line of a byte of a file, from 1.
    pub(crate) fn line(&self, path: &'w RelPath, offset: usize) -> u32 {
        let mut known = self.known.borrow_mut();
        let lines = || Lines::of(self.workspace.source(path).unwrap_or_default());
        known.entry(path).or_insert_with(lines).line(offset)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::locate::line_at;

    proptest! {
        #[test]
        fn the_line_is_the_one_that_counting_finds(text in "[a\r\n]{0,24}") {
            let lines = Lines::of(text.as_bytes());
            for offset in 0..=text.len() {
                // Between CR and LF nothing starts.
                if text.get(..offset).is_none_or(|head| !head.ends_with('\r')) {
                    prop_assert_eq!(lines.line(offset), line_at(text.as_bytes(), offset));
                }
            }
        }
    }
}
